"""The rows of a view as a file, at its address: /api/datasets/{id}/rows.{format}.

The address names the format, so an Accept header changes nothing: a link gives what it says wherever it is opened.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

import numpy as np
from flask import Response

from dataviewer import exports, query
from dataviewer.catalog import Catalog
from dataviewer.conditional import Tags
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import NotFound
from dataviewer.exports import Format
from dataviewer.view import MAX, View

SIZE = 100  # rows that an answer has where the link does not say
NAME_MAX = 100  # characters of a dataset's id that a file's name has


@dataclass(frozen=True)
class Extent:
    """Which of a dataset's rows an answer has: those of a `view` of rows alone, one page of `total` or, of size MAX,
    all of them."""

    dataset: Dataset
    view: View
    total: int

    @property
    def pages(self) -> int:
        return 1 if self.view.size == MAX else max(-(-self.total // self.view.size), 1)

    @property
    def turns(self) -> dict[str, int | None]:
        """The pages before and after, None where there is none; before one beyond the end is the last."""
        page = self.view.page
        previous = min(page - 1, self.pages) if page > 1 else None
        return {"previous": previous, "next": page + 1 if page < self.pages else None}


def rows_response(catalog: Catalog, engine: Engine, tags: Tags, root: str, id: str, name: str, text: str) -> Response:
    """Return the rows of the view that `text` spells in the format `name`; `size=max` streams every one.

    `root` is where browsers see the viewer.
    """
    if name not in exports.FORMATS:
        raise NotFound(f"There is no format “{name[:40]}”; formats are {', '.join(exports.FORMATS)}.")
    dataset = catalog[id]
    view = _rows_alone(dataset, query.demand(dataset, View.from_query_string(text)))
    return tags.unless_known(
        dataset, view, lambda: _answer(catalog, engine, dataset, view, exports.FORMATS[name], root)
    )


def _rows_alone(dataset: Dataset, view: View) -> View:
    """Return the view without what changes no row of an answer, and with the size that it has."""
    view = View(dataset.id, view.sort, view.where, view.search, view.columns, view.page, view.size or SIZE)
    return replace(view, page=1) if view.size == MAX else view


def _answer(catalog: Catalog, engine: Engine, dataset: Dataset, view: View, format: Format, root: str) -> Response:
    table = catalog.table(dataset)
    matching = query.match(engine, dataset, table, view)
    total = dataset.rows if matching is None else len(matching)
    extent = Extent(dataset, view, total)
    links = _links(extent, f"{root}api/datasets/{quote(dataset.id)}/rows.{format.name}")
    shown = table.select(list(view.columns or table.column_names))
    if view.size == MAX:
        format.check(shown, matching)
        tables = query.stream_rows(table, view.sort, format.cells, columns=view.columns, matching=matching)
        body = format.write(tables, _about(extent))
    else:
        page = query.page_rows(engine, table, view.sort, view.page, view.size, matching=matching)
        format.check(shown, np.array(page.numbers, np.int64) - 1)
        body = b"".join(format.write([page.rows.select(shown.column_names)], _about(extent) | links))
    response = Response(body, content_type=format.media_type)
    response.headers["Content-Disposition"] = _disposition(extent, format)
    response.headers["X-Total-Count"] = str(total)
    response.headers["Accept-Ranges"] = "none"
    if any(links.values()):
        response.headers["Link"] = ", ".join(f'<{link}>; rel="{way}"' for way, link in links.items() if link)
    return response


def _about(extent: Extent) -> dict:
    """Return what JSON tells beside the rows."""
    about = {"dataset": extent.dataset.id, "total": extent.total, "of": extent.dataset.rows}
    return about if extent.view.size == MAX else about | {"page": extent.view.page, "size": extent.view.size}


def _links(extent: Extent, address: str) -> dict[str, str | None]:
    """Return the addresses of the pages before and after, None where there is none."""
    return {
        way: f"{address}?{replace(extent.view, page=page).to_query_string().partition('&')[2]}" if page else None
        for way, page in extent.turns.items()
    }


def _disposition(extent: Extent, format: Format) -> str:
    """Return the header that names the file, for those who read ASCII alone and for the others.

    What a browser can show is shown, a page; every row, or what it can not, is kept.
    """
    kept = "inline" if format.plain and extent.view.size != MAX else "attachment"
    name = _file_name(extent, r"[^A-Za-z0-9._-]+") + f".{format.name}"
    full = _file_name(extent, r"[^\w.-]+") + f".{format.name}"
    extended = f"; filename*=UTF-8''{quote(full, safe='')}" if full != name else ""
    return f'{kept}; filename="{name}"{extended}'


def _file_name(extent: Extent, unfit: str) -> str:
    """Return what the file holds, where that is not the whole dataset: how many rows and columns, which page."""
    dataset, view = extent.dataset, extent.view
    words = [re.sub(unfit, "-", dataset.id)[:NAME_MAX].strip(".-") or "dataset"]
    if extent.total < dataset.rows:
        words.append(f"{extent.total}-of-{dataset.rows}-rows")
    if 0 < len(view.columns) < len(dataset.columns):
        words.append(f"{len(view.columns)}-of-{len(dataset.columns)}-columns")
    if view.page > 1 or extent.pages > 1:
        words.append(f"page-{view.page}")
    return "-".join(words)
