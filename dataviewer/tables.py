"""Everything that knows DataTable's dialect, both ways. DataTable is deprecated: only this module depends on it."""

import math

import pyarrow as pa

from dataviewer import exports
from dataviewer.dataset import DECIMALS_MAX, Column, Dataset
from dataviewer.view import CATALOG, MAX, SIZE_MAX, Sort, View

SIZES = (10, 25, 50, 100, 250)  # rows a page that the page offers
AUTO = "auto"  # the choice of rows a page that leaves no trace in the link
CELLS = 750  # cells that a page has by default at most, when more than 10 rows: 0.1 ms each in the browser
CELLS_MAX = 12_000  # cells of the largest page that a link can ask for
EXACT_MAX = 2**53  # integers beyond it lose digits in the browser, so they travel as text
DIGITS = 6  # significant digits shown; the rest is there on hover and on copying

# Empty text and missing values both leave a cell empty; the style sheet writes NA into it, these write quotes.
EMPTY_TEXT_STYLE = {"quotes": "'\"\"' ''"}


def default_size(dataset: Dataset) -> int:
    """Return the rows a page that suit the width of the table.

    >>> default_size(Dataset("a/b", "", "a", 9, (Column("x", "text", 0),) * 5))
    25
    """
    return 25 if 25 * len(dataset.columns) <= CELLS else 10


def page_size(dataset: Dataset, view: View) -> tuple[int, list[str]]:
    """Return the rows a page to show, and a sentence where that is fewer than the view asks for."""
    most = min(max(SIZES[0], CELLS_MAX // max(len(dataset.columns), 1)), SIZE_MAX)
    if view.size is None:
        return default_size(dataset), []
    if view.size == MAX or view.size > most:
        if dataset.rows <= most:
            return most, []
        return most, [f"A page shows at most {most:,} rows of this table; a download has them all."]
    return view.size, []


def size_options(dataset: Dataset, size: int) -> list[dict]:
    """Return the choices of rows a page, `size` among them; AUTO is the one that suits the table."""
    fitting = {rows for rows in SIZES if rows <= SIZES[0] or rows * len(dataset.columns) <= CELLS_MAX} | {size}
    return [{"label": str(rows), "value": size_choice(dataset, rows)} for rows in sorted(fitting)]


def size_choice(dataset: Dataset, size: int) -> str:
    """Return the value that stands for a number of rows among the choices."""
    return AUTO if size == default_size(dataset) else str(size)


def column_props(dataset: Dataset, shown: tuple[str, ...] = ()) -> list[dict]:
    """Return DataTable's columns, those `shown` in their order, or all (): ids c0, c1, ... by place in the dataset,
    since a name can hold what its filter language reads as syntax."""
    props = {c.name: _column_props(f"c{place}", c, dataset.id) for place, c in enumerate(dataset.columns)}
    return [props[name] for name in shown or props]


def _column_props(id: str, column: Column, dataset_id: str) -> dict:
    props = {"id": id, "name": f"{column.name}\n{column.kind}", "type": "text"}
    if column.is_number:
        props |= {"type": "numeric", "format": {"specifier": number_format(column)}}
    elif id == "c0" and dataset_id == CATALOG:
        props |= {"presentation": "markdown"}
    return props


def number_format(column: Column) -> str:
    """Return the d3 format that shows a column's numbers aligned, with DIGITS significant digits of the largest.

    More where the smallest would read as zero; thousands are grouped unless the column counts up (ids, years).

    >>> number_format(Column("x", "number", 0, minimum=1, maximum=20000, smallest=1, decimals=3))
    ',.1f'
    """
    if column.maximum is None:
        return ""
    largest = max(abs(column.maximum), abs(column.minimum))
    group = "," if largest >= 10_000 and not column.increasing else ""
    if column.kind == "integer":
        return f"{group}d"
    whole = math.floor(math.log10(largest)) + 1 if largest else 1
    decimals = max(DIGITS - max(whole, 0), 0)
    if column.smallest is not None:
        decimals = max(decimals, 1 - math.floor(math.log10(column.smallest)))
    decimals = min(decimals, column.decimals)
    # Beyond this a fixed point gives columns of zeros.
    return f"{group}.{decimals}f" if decimals < DECIMALS_MAX and whole <= 15 else f".{DIGITS}g"


def data_props(dataset: Dataset, rows: pa.Table, shown: tuple[str, ...] = ()) -> list[dict]:
    """Return DataTable's rows: exact values that JSON can carry, missing ones as None; of columns `shown`, or all."""
    columns = {
        f"c{place}": _cells(column, rows[column.name])
        for place, column in enumerate(dataset.columns)
        if not shown or column.name in shown
    }
    if dataset.id == CATALOG and "c0" in columns:
        columns["c0"] = [_link(id) for id in columns["c0"]]
    return [dict(zip(columns, cells)) for cells in zip(*columns.values())]


def _cells(column: Column, values: pa.ChunkedArray) -> list:
    cells = exports.json_values(values)
    if column.kind == "integer":
        return [str(cell) if cell is not None and abs(cell) > EXACT_MAX else cell for cell in cells]
    return cells


def _link(id: str) -> str:
    """Return a dataset's id as a Markdown link to its view; the page's script opens it without a reload."""
    text = "".join(f"\\{character}" if character in "\\`*_{}[]()#+-.!<>|~" else character for character in id)
    return f"[{text}](?{View(id).to_query_string().replace('(', '%28').replace(')', '%29')})"


def style_props(dataset: Dataset, rows: pa.Table) -> list[dict]:
    """Return the style of cells that hold empty text, which would otherwise look like missing ones."""
    places = [place for place, column in enumerate(dataset.columns) if column.kind == "text"]
    blank = [place for place in places if "" in rows.column(place).to_pylist()]
    return [{"if": {"column_id": f"c{p}", "filter_query": f'{{c{p}}} = ""'}, **EMPTY_TEXT_STYLE} for p in blank]


def sort_props(dataset: Dataset, sort: tuple[Sort, ...]) -> list[dict]:
    """Return the view's sort as DataTable's `sort_by`."""
    places = {column.name: place for place, column in enumerate(dataset.columns)}
    return [{"column_id": f"c{places[s.column]}", "direction": "desc" if s.descending else "asc"} for s in sort]
