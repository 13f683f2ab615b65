"""The HTTP API: the same views as the page, for programs."""

import re

from flask import Blueprint, Response, redirect, request, stream_with_context

from dataviewer import exports, query
from dataviewer.catalog import SUMMARY, Catalog
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import DataViewerError, NotFound
from dataviewer.responses import failure
from dataviewer.view import MAX, View

SIZE = 100  # rows that an answer has where the link does not say
SHOWN_FIRST = "Aids2"  # what the older addresses show without a name
LICENCE = "The collection states no licence for single datasets; see each one's source before reusing it."


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

    @api.get("/api/datasets")
    def list_datasets() -> dict:
        return {"datasets": [summary(dataset) for dataset in catalog.values()]}

    @api.get("/api/datasets/<path:id>")
    def show_dataset(id: str) -> dict:
        return details(catalog[id])

    @api.get("/api/datasets/<path:id>/rows.<name>")
    def show_rows(id: str, name: str) -> Response:
        return rows_response(catalog, engine, id, name, request.query_string.decode())

    @api.route("/api/", defaults={"rest": ""})
    @api.route("/api/<path:rest>")
    def nothing(rest: str) -> Response:
        raise NotFound(f"There is nothing at api/{rest[:100]}; begin at api/datasets.")

    api.register_error_handler(DataViewerError, failure)
    return api


def summary(dataset: Dataset) -> dict:
    """Return one line of the catalogue, by the names that its columns have on the page."""
    return {name: tell(dataset) for name, (_, tell) in SUMMARY.items()}


def details(dataset: Dataset) -> dict:
    columns = [{"name": c.name, "type": c.kind, "missing": c.missing} for c in dataset.columns]
    return summary(dataset) | {"columns": columns, "licence": LICENCE}


def rows_response(catalog: Catalog, engine: Engine, id: str, name: str, text: str) -> Response:
    """Return the rows of a view in the format `name`; `size=max` streams every one."""
    if name not in exports.FORMATS:
        raise NotFound(f"There is no format “{name[:40]}”; formats are {', '.join(exports.FORMATS)}.")
    format = exports.FORMATS[name]
    dataset = catalog[id]
    view = query.demand(dataset, View.from_query_string(text))
    table = catalog.table(dataset)
    about = {"dataset": dataset.id, "total": dataset.rows}
    if view.size == MAX:
        tables = query.stream_rows(engine, table, view.sort)
    else:
        size = view.size or SIZE
        tables = [query.page_rows(engine, table, view.sort, view.page, size).rows]
        about |= {"page": view.page, "size": size}
    response = Response(stream_with_context(format.write(tables, about)), content_type=format.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(dataset)}.{name}"'
    return response


def file_name(dataset: Dataset) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", dataset.id)
