"""View + table -> rows, series, counts. What needs an order or a group is SQL in DuckDB's dialect.

Names never enter the SQL: a query names columns by position (c0, c1, ...) and binds every value.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataviewer.dataset import Column, Dataset
from dataviewer.engine import TABLE, Engine
from dataviewer.errors import BadView
from dataviewer.view import Sort, View

BATCH = 20_000  # rows that a stream holds at once


@dataclass(frozen=True)
class Page:
    """Some rows of a view: `first` is the position of the first of them, from 0, of `total`."""

    rows: pa.Table
    first: int
    total: int


def check(dataset: Dataset, view: View) -> tuple[View, tuple[str, ...]]:
    """Return the view without the columns that the dataset does not have, and a sentence for each part left out."""
    problems = []
    for sort in view.sort:
        if dataset.column(sort.column) is None:
            problems.append(f"Cannot sort by “{sort.column}”; {_columns_sentence(dataset)}")
    for name in view.y:
        column = dataset.column(name)
        if column is None:
            problems.append(f"Cannot draw “{name}”; {_columns_sentence(dataset)}")
        elif name not in dataset.numbers:
            problems.append(f"Cannot draw “{name}” as a line; {_why_no_line(dataset, column)}.")
    sorts = tuple(sort for sort in view.sort if dataset.column(sort.column))
    drawn = tuple(name for name in view.y if name in dataset.numbers)
    return View(view.dataset, sorts, view.page, view.size, drawn, view.scale, view.range), tuple(problems)


def _why_no_line(dataset: Dataset, column: Column) -> str:
    if dataset.time and dataset.time.column == column.name:
        return "it is the chart's time axis"
    return "it holds no finite number" if column.is_number else f"it holds {column.kind} values"


def _columns_sentence(dataset: Dataset, most: int = 30) -> str:
    names = [column.name for column in dataset.columns]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"columns are {', '.join(names[:most])}{more}."


def demand(dataset: Dataset, view: View) -> View:
    """Return the view; raises BadView where the dataset lacks something that it asks for."""
    view, problems = check(dataset, view)
    if problems:
        raise BadView(problems[0])
    return view


def page_rows(engine: Engine, table: pa.Table, sort: tuple[Sort, ...], page: int, size: int) -> Page:
    """Return one page of the sorted rows, `size` rows at most, none beyond the end."""
    first = (page - 1) * size
    if not sort:
        return Page(table.slice(first, size), first, table.num_rows)
    positions = _sorted_positions(engine, table, sort, "LIMIT ? OFFSET ?", (size, first))
    return Page(table.take(positions), first, table.num_rows)


def stream_rows(engine: Engine, table: pa.Table, sort: tuple[Sort, ...]) -> Iterator[pa.Table]:
    """Return every row, sorted, as tables of at most BATCH rows; at least one table, so that names are known."""
    positions = _sorted_positions(engine, table, sort) if sort else None
    for first in range(0, max(table.num_rows, 1), BATCH):
        yield table.slice(first, BATCH) if positions is None else table.take(positions[first : first + BATCH])


def _sorted_positions(engine: Engine, table: pa.Table, sort: tuple[Sort, ...], limit="", bound=()) -> pa.ChunkedArray:
    """Return row positions in sorted order: ties in file order, missing values last in either direction.

    Only the keys are sorted, then the rows fetched: deep pages of wide tables stay quick.
    """
    places = ((f"c{place}", "DESC" if key.descending else "ASC") for place, key in enumerate(sort))
    order = ", ".join(f"{column} {direction} NULLS LAST" for column, direction in places)
    keys = table.select([key.column for key in sort])
    keys = keys.append_column("position", pa.array(np.arange(table.num_rows)))
    position = f"c{len(sort)}"
    sql = f"SELECT {position} FROM {TABLE} ORDER BY {order}, {position} {limit}"
    return engine.run(keys, sql, bound).column(0)


def count_values(engine: Engine, table: pa.Table, column: str, most: int) -> tuple[list[tuple[str, int]], int, int]:
    """Return the `most` most frequent values of a column with their counts (ties in alphabetical order), then how
    many other values there are and how many rows bear one of them. Missing values are not counted."""
    sql = f"SELECT c0, count(*) AS n FROM {TABLE} WHERE c0 IS NOT NULL GROUP BY c0 ORDER BY n DESC, c0"
    counts = [tuple(row.values()) for row in engine.run(table.select([column]), sql).to_pylist()]
    return counts[:most], len(counts[most:]), sum(n for _, n in counts[most:])
