"""The HTTP API: the same views as the page, for programs."""

import re

from flask import Blueprint, Response, redirect, request, stream_with_context

from dataviewer import answers, charts, drawing, exports, handout, query
from dataviewer.catalog import Catalog
from dataviewer.charts import paper
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import DataViewerError, NotFound
from dataviewer.responses import failure
from dataviewer.view import MAX, View

SIZE = 100  # rows that an answer has where the link does not say
FIGURES = ("json", "html")
SHOWN_FIRST = "Aids2"  # what the older addresses show without a name


def blueprint(catalog: Catalog, engine: Engine, name: str, prefix: str, public_prefix: str) -> Blueprint:
    """Return the API below `prefix`; `public_prefix` is where browsers see it."""
    api = Blueprint(name, __name__, url_prefix=prefix.rstrip("/") or None)

    @api.get("/healthz")
    def health() -> dict:
        return {"status": "ok"}

    @api.get("/show")
    @api.get("/plot")
    def show() -> Response:
        asked = request.args.get("dataset") or SHOWN_FIRST
        return redirect(f"{public_prefix}?{View(asked).to_query_string()}")

    _add_datasets(api, catalog, engine, public_prefix)

    @api.route("/api/", defaults={"rest": ""})
    @api.route("/api/<path:rest>")
    def nothing(rest: str) -> Response:
        raise NotFound(f"There is nothing at api/{rest[:100]}; begin at api/datasets.")

    api.register_error_handler(DataViewerError, failure)
    return api


def _add_datasets(api: Blueprint, catalog: Catalog, engine: Engine, public_prefix: str) -> None:
    @api.get("/api/datasets")
    def list_datasets() -> dict:
        return {"datasets": [answers.summary(dataset) for dataset in catalog.values()]}

    @api.get("/api/datasets/<path:id>")
    def show_dataset(id: str) -> dict:
        return answers.details(catalog[id])

    @api.get("/api/datasets/<path:id>/rows.<name>")
    def show_rows(id: str, name: str) -> Response:
        return rows_response(catalog, engine, id, name, request.query_string.decode())

    @api.get("/api/datasets/<path:id>/figure.<name>")
    def show_figure(id: str, name: str) -> Response:
        return figure_response(catalog, engine, id, name, request.query_string.decode())

    @api.get("/api/datasets/<path:id>/handout.html")
    def show_handout(id: str) -> Response:
        page = request.host_url.rstrip("/") + public_prefix
        return handout_response(catalog, engine, id, request.query_string.decode(), page)

    @api.get("/api/datasets/<path:id>/profile.json")
    def show_profile(id: str) -> dict:
        return answers.profile(catalog, engine, id, request.query_string.decode())

    @api.get("/api/datasets/<path:id>/quality.json")
    def show_findings(id: str) -> dict:
        return answers.findings(catalog, id)

    @api.get("/api/datasets/<path:id>/row.json")
    def show_row(id: str) -> dict:
        return answers.row(catalog, engine, id, request.query_string.decode())


def rows_response(catalog: Catalog, engine: Engine, id: str, name: str, text: str) -> Response:
    """Return the rows of a view in the format `name`; `size=max` streams every one."""
    if name not in exports.FORMATS:
        raise NotFound(f"There is no format “{name[:40]}”; formats are {', '.join(exports.FORMATS)}.")
    format = exports.FORMATS[name]
    dataset = catalog[id]
    view = query.demand(dataset, View.from_query_string(text))
    table = catalog.table(dataset)
    matching = query.match(engine, dataset, table, view)
    shown = list(view.columns or table.column_names)
    total = dataset.rows if matching is None else len(matching)
    about = {"dataset": dataset.id, "total": total, "of": dataset.rows}
    if view.size == MAX:
        tables = (rows.select(shown) for rows in query.stream_rows(engine, table, view.sort, matching=matching))
    else:
        size = view.size or SIZE
        tables = [query.page_rows(engine, table, view.sort, view.page, size, matching=matching).rows.select(shown)]
        about |= {"page": view.page, "size": size}
    response = Response(stream_with_context(format.write(tables, about)), content_type=format.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(dataset)}.{name}"'
    return response


def figure_response(catalog: Catalog, engine: Engine, id: str, name: str, text: str) -> Response:
    """Return the chart of a view, titled and with its source: as Plotly's JSON, or as a page of its own."""
    if name not in FIGURES:
        raise NotFound(
            f"There is no figure.{name[:40]}; there is {' and '.join(f'figure.{each}' for each in FIGURES)}."
        )
    drawn = drawing.draw(catalog, engine, id, text)
    chart, title = drawn.chart, drawn.dataset.title
    figure = paper.captioned(chart, title, drawn.source)
    file = f"{charts.file_name(drawn.view, chart.plan)}.{name}"
    if name == "html":
        return _kept(paper.as_page(figure, title, tuple(filter(None, [*chart.summary, chart.note]))), file)
    # Plotly leaves alone what stands in `meta`: what is not drawn and why, and the chart in words.
    figure["layout"] |= {"meta": {"note": chart.note, "summary": chart.summary}}
    response = Response(paper.as_json(figure), content_type="application/json")
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def handout_response(catalog: Catalog, engine: Engine, id: str, text: str, page: str) -> Response:
    """Return a view as one file to hand out; `page` is the address of the viewer's page."""
    drawn = drawing.draw(catalog, engine, id, text)
    link = f"{page}?{drawn.view.to_query_string()}"
    return _kept(handout.write(engine, drawn, link), f"{file_name(drawn.dataset)}.html")


def _kept(page: str, file: str) -> Response:
    """Return a page that the browser puts into a file: below our own pages its scripts would not run."""
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def file_name(dataset: Dataset) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", dataset.id)
