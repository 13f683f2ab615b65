"""The HTTP API: the same views as the page, for programs."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import orjson
import pyarrow as pa
from flask import Blueprint, Response, redirect, request
from werkzeug.exceptions import InternalServerError

from dataviewer import answers, charts, code, drawing, handout, metadata, openapi, query, reference
from dataviewer.catalog import Catalog
from dataviewer.charts import paper
from dataviewer.conditional import Tags, unless_same
from dataviewer.dataset import Dataset
from dataviewer.downloads import rows_response
from dataviewer.engine import Engine
from dataviewer.errors import BadView, Broken, DataViewerError, NotFound
from dataviewer.mcp import add_mcp
from dataviewer.responses import failure
from dataviewer.view import View

SHOWN_FIRST = "Aids2"  # what the older addresses show without a name


def blueprint(
    catalog: Catalog, engine: Engine, name: str, prefix: str, public_prefix: str, asset: Callable[[str], str]
) -> Blueprint:
    """Return the API below `prefix`; `public_prefix` is where browsers see it, `asset` gives the address of a file."""
    api = Blueprint(name, __name__, url_prefix=prefix.rstrip("/") or None)

    @api.get("/healthz")
    def health() -> dict:
        return {"status": "ok"}

    @api.get("/show")
    @api.get("/plot")
    def show() -> Response:
        asked = request.args.get("dataset") or SHOWN_FIRST
        return redirect(f"{public_prefix}?{View(asked).to_query_string()}")

    @api.get("/api/openapi.json")
    def describe() -> Response:
        return unless_same(openapi.describe(catalog, public_prefix))

    @api.get("/api/", strict_slashes=False)
    def show_reference() -> Response:
        return unless_same(reference.write(catalog, public_prefix, request.host_url, asset))

    tags = Tags(catalog)
    _add_datasets(api, catalog, tags, public_prefix)
    _add_views(api, catalog, engine, tags, public_prefix)
    add_mcp(api, catalog, engine, public_prefix)

    @api.route("/api/<path:rest>")
    def nothing(rest: str) -> Response:
        raise NotFound(f"There is nothing at api/{rest[:100]}; begin at api/datasets.")

    api.register_error_handler(DataViewerError, failure)
    # What failed is in the log by then. A host that answers every exception itself is asked first.
    api.register_error_handler(InternalServerError, lambda error: failure(Broken()))
    return api


def _add_datasets(api: Blueprint, catalog: Catalog, tags: Tags, public_prefix: str) -> None:
    @api.get("/api/datasets")
    def list_datasets() -> Response:
        return unless_same({"datasets": [answers.summary(dataset) for dataset in catalog.values()]})

    @api.get("/api/datasets/<path:id>")
    def show_dataset(id: str) -> Response:
        response = unless_same(answers.details(catalog[id]))
        address = f"{public_prefix}api/datasets/{quote(catalog[id].id)}/metadata.jsonld"
        response.headers["Link"] = f'<{address}>; rel="describedby"; type="{metadata.MEDIA_TYPE}"'
        return response

    @api.get("/api/datasets/<path:id>/metadata.jsonld")
    def show_metadata(id: str) -> Response:
        return told(id, metadata.schema_org)

    @api.get("/api/datasets/<path:id>/croissant.json")
    def show_croissant(id: str) -> Response:
        return told(id, metadata.croissant)

    @api.get("/api/datasets/<path:id>/quality.json")
    def show_findings(id: str) -> Response:
        return tags.unless_known(catalog[id], View(id), lambda: answers.findings(catalog, id))

    def told(id: str, tell: Callable[[Dataset, pa.Table, str], dict]) -> Response:
        dataset, page = catalog[id], _page(public_prefix)
        return tags.unless_known(dataset, View(dataset.id), lambda: linked(tell(dataset, catalog.table(dataset), page)))


def _add_views(api: Blueprint, catalog: Catalog, engine: Engine, tags: Tags, public_prefix: str) -> None:
    @api.get("/api/datasets/<path:id>/rows.<name>")
    def show_rows(id: str, name: str) -> Response:
        return rows_response(catalog, engine, tags, public_prefix, id, name, request.query_string.decode())

    @api.get("/api/datasets/<path:id>/figure.<name>")
    def show_figure(id: str, name: str) -> Response:
        return unless_known(id, lambda text: figure_response(catalog, engine, id, name, text))

    @api.get("/api/datasets/<path:id>/handout.html")
    def show_handout(id: str) -> Response:
        return handout_response(catalog, engine, id, request.query_string.decode(), _page(public_prefix))

    @api.get("/api/datasets/<path:id>/code.<name>")
    def show_code(id: str, name: str) -> Response:
        return code_response(catalog, id, name, request.query_string.decode(), f"{_page(public_prefix)}api/datasets")

    @api.get("/api/datasets/<path:id>/profile.json")
    def show_profile(id: str) -> Response:
        return unless_known(id, lambda text: answers.profile(catalog, engine, id, text))

    @api.get("/api/datasets/<path:id>/row.json")
    def show_row(id: str) -> Response:
        return unless_known(id, lambda text: answers.row(catalog, engine, id, text))

    def unless_known(id: str, answer: Callable[[str], Response | dict]) -> Response:
        text = request.query_string.decode()
        view = query.demand(catalog[id], View.from_query_string(text))
        return tags.unless_known(catalog[id], view, lambda: answer(text))


def _page(public_prefix: str) -> str:
    """Return the address of the viewer's page as the reader of this answer sees it."""
    return request.host_url.rstrip("/") + public_prefix


def figure_response(catalog: Catalog, engine: Engine, id: str, name: str, text: str) -> Response:
    """Return the chart of a view, titled and with its source: as Plotly's JSON, or as a page of its own."""
    if name not in paper.FIGURES:
        known = " and ".join(f"figure.{each}" for each in paper.FIGURES)
        raise NotFound(f"There is no figure.{name[:40]}; there is {known}.")
    drawn = drawing.draw(catalog, engine, id, text)
    chart, title = drawn.chart, drawn.dataset.title
    figure = paper.captioned(chart, title, drawn.source)
    file = f"{charts.file_name(drawn.view, chart.plan)}.{name}"
    if name == "html":
        return _kept(paper.as_page(figure, title, tuple(filter(None, [*chart.summary, chart.note]))), file)
    # Plotly leaves alone what stands in `meta`: what is not drawn and why, and the chart in words.
    figure["layout"] |= {"meta": {"note": chart.note, "summary": chart.summary}}
    response = Response(paper.as_json(figure), content_type=paper.FIGURES[name])
    response.headers["Content-Disposition"] = f'inline; filename="{file}"'
    return response


def handout_response(catalog: Catalog, engine: Engine, id: str, text: str, page: str) -> Response:
    """Return a view as one file to hand out; `page` is the address of the viewer's page."""
    drawn = drawing.draw(catalog, engine, id, text)
    link = f"{page}?{drawn.view.to_query_string()}"
    return _kept(handout.write(engine, drawn, link), f"{file_name(drawn.dataset)}.html")


def linked(told: dict) -> Response:
    return Response(orjson.dumps(told), content_type=metadata.MEDIA_TYPE)


def _kept(page: str, file: str) -> Response:
    """Return a page that the browser puts into a file: below our own pages its scripts would not run."""
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def code_response(catalog: Catalog, id: str, name: str, text: str, address: str) -> Response:
    """Return a view as code in the language `name`, which loads the rows from `address`, that of all datasets."""
    if name not in code.LANGUAGES:
        raise NotFound(f"There is no code in “{name[:40]}”; languages are {', '.join(code.LANGUAGES)}.")
    dataset = catalog[id]
    view = query.demand(dataset, replace(View.from_query_string(text), dataset=dataset.id))
    plan = charts.plan_of(dataset, view)
    if plan and plan.problems:
        raise BadView(plan.problems[0])
    body = code.write(name, dataset, view, plan, f"{address}/{quote(dataset.id)}")
    return Response(body, content_type="text/plain; charset=utf-8")


def file_name(dataset: Dataset) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", dataset.id)
