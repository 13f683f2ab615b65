"""View + table -> rows. What needs an order or a condition is SQL in DuckDB's dialect.

Names never enter the SQL: a query names columns by position (c0, c1, ...) and binds every value.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer import filters
from dataviewer.dataset import Dataset
from dataviewer.engine import TABLE, Engine
from dataviewer.errors import BadView
from dataviewer.view import Sort, View
from dataviewer.wording import count

BYTES = 8 * 2**20  # that a part of a stream holds


@dataclass(frozen=True)
class Page:
    """Some rows of a view: `first` is the position of the first of them, from 0, among the `total` that match.

    `of` is how many rows the dataset has, `numbers` the positions of `rows` in its file, from 1.
    """

    rows: pa.Table
    first: int
    total: int
    of: int
    numbers: list[int]


def check(dataset: Dataset, view: View) -> tuple[View, tuple[str, ...]]:
    """Return the view without the orders and conditions that the dataset has no column for, or not such a column,
    and a sentence for each that was left out."""
    sorts = tuple(sort for sort in view.sort if dataset.column(sort.column))
    lost = (sort.column for sort in view.sort if sort not in sorts)
    problems = [f"Cannot sort by “{column}”; {filters.columns_sentence(dataset)}" for column in lost]
    wrong = {where: filters.problem(dataset, where) for where in view.where}
    problems += filter(None, wrong.values())
    wheres = tuple(where for where, problem in wrong.items() if not problem)
    columns = tuple(name for name in view.columns if dataset.column(name))
    problems += [
        f"Cannot show “{name}”; {filters.columns_sentence(dataset)}" for name in view.columns if name not in columns
    ]
    return replace(view, sort=sorts, where=wheres, columns=columns), tuple(problems)


def demand(dataset: Dataset, view: View) -> View:
    """Return the view; raises BadView where the dataset lacks something that it asks for."""
    view, problems = check(dataset, view)
    if problems:
        raise BadView(problems[0])
    return view


def match(engine: Engine, dataset: Dataset, table: pa.Table, view: View) -> np.ndarray | None:
    """Return the positions, from 0, of the rows that a checked view keeps; None where it keeps all because it does not
    ask for less. They increase, but for a dataset with a search of its own, whose best come first."""
    if dataset.find and view.search:
        return _match_found(engine, dataset, table, view)
    if not (view.where or view.search):
        return None
    names, conditions = filters.conditions(dataset, view)
    if not names:  # no column could hold the text
        return np.arange(0)
    numbered = f"SELECT row_number() OVER () - 1 AS position, * FROM {TABLE}"
    sql = f"SELECT position FROM ({numbered}) WHERE {' AND '.join(condition.sql for condition in conditions)}"
    bound = [value for condition in conditions for value in condition.bound]
    return engine.run(table.select(names), sql, bound).column(0).to_numpy()


def _match_found(engine: Engine, dataset: Dataset, table: pa.Table, view: View) -> np.ndarray:
    """Return the positions that the dataset's own search finds, in its order, of those that satisfy the conditions."""
    found = dataset.find(view.search)
    kept = match(engine, dataset, table, replace(view, search=""))
    return found if kept is None else found[np.isin(found, kept)]


def explain_none(engine: Engine, dataset: Dataset, table: pa.Table, view: View) -> str:
    """Return which condition of a checked view that keeps no row frees most rows when left out, as a sentence."""
    names, conditions = filters.conditions(dataset, view)
    if dataset.find and view.search:
        wheres = filters.merged(view.where)
        rests = [replace(view, where=tuple(w for w in wheres if w != where)) for where in wheres]
        freed = [len(_match_found(engine, dataset, table, rest)) for rest in rests]
        freed.append(_count(engine, dataset, table, replace(view, search="")))
    elif len(conditions) == 1:
        freed = [table.num_rows]
    else:
        holds = ", ".join(f"coalesce({condition.sql}, false) AS h{i}" for i, condition in enumerate(conditions))
        places = range(len(conditions))
        others = (" AND ".join(f"h{other}" for other in places if other != place) for place in places)
        sql = f"SELECT {', '.join(f'count_if({other})' for other in others)} FROM (SELECT {holds} FROM {TABLE})"
        bound = [value for condition in conditions for value in condition.bound]
        freed = [column[0].as_py() for column in engine.run(table.select(names), sql, bound).columns]
    most = max(freed)
    if not most:
        return "Leaving out one condition alone would give no row either."
    return f"Without {conditions[freed.index(most)].words} {count(most, 'row')} would match."


def _count(engine: Engine, dataset: Dataset, table: pa.Table, view: View) -> int:
    matching = match(engine, dataset, table, view)
    return table.num_rows if matching is None else len(matching)


def page_rows(
    engine: Engine,
    table: pa.Table,
    sort: tuple[Sort, ...],
    page: int,
    size: int,
    *,
    matching: np.ndarray | None = None,
) -> Page:
    """Return one page of the sorted rows, `size` rows at most, none beyond the end; `matching` are the positions of
    the rows that count, as `match` gives them."""
    first = (page - 1) * size
    total = table.num_rows if matching is None else len(matching)
    if sort:
        chosen = _ordered_page(engine, table, sort, matching, first, size)
    elif matching is None:
        chosen = np.arange(min(first, total), min(first + size, total))
    else:
        chosen = matching[first : first + size]
    rows = table.slice(first, size) if not sort and matching is None else table.take(pa.array(chosen))
    return Page(rows, first, total, table.num_rows, (chosen + 1).tolist())


def stream_rows(
    table: pa.Table,
    sort: tuple[Sort, ...],
    cells: int,
    *,
    columns: tuple[str, ...] = (),
    matching: np.ndarray | None = None,
) -> Iterator[pa.Table]:
    """Return every row (of `matching`, the positions that count), sorted, with `columns` (none: all), as tables of
    about `cells` cells, and BYTES at most where rows are of like size; at least one table, so that names are known."""
    chosen = ordered(table, sort, matching)
    shown = table.select(list(columns or table.column_names))
    size = max(min(cells // max(shown.num_columns, 1), BYTES * table.num_rows // max(shown.nbytes, 1)), 1)
    for first in range(0, max(table.num_rows if chosen is None else len(chosen), 1), size):
        if chosen is None:
            yield shown.slice(first, size)
        else:
            yield shown.take(pa.array(chosen[first : first + size]))


def ordered(table: pa.Table, sort: tuple[Sort, ...], matching: np.ndarray | None) -> np.ndarray | None:
    """Return row positions in sorted order: ties in file order, missing values last in either direction.

    Without a sort they are `matching` as they come, None for all rows in file order. Of all rows Arrow sorts in a
    quarter of the memory that DuckDB takes.
    """
    if not sort:
        return matching
    keys, positions = _keys(table, sort, matching)
    directions = ("descending" if key.descending else "ascending" for key in sort)
    order = pc.sort_indices(keys, sort_keys=list(zip(keys.column_names, directions))).to_numpy()
    del keys  # of millions of rows each of these is large
    return order if positions is None else positions[order]


def _ordered_page(
    engine: Engine, table: pa.Table, sort: tuple[Sort, ...], matching: np.ndarray | None, first: int, size: int
) -> np.ndarray:
    """Return `size` of the positions that `ordered` gives, from `first` on, in less time.

    Only the keys are sorted, then the rows fetched: deep pages of wide tables stay quick.
    """
    keys, positions = _keys(table, sort, matching)
    order = ", ".join(
        f"{column} {'DESC' if key.descending else 'ASC'} NULLS LAST" for column, key in zip(keys.column_names, sort)
    )
    position = f"c{len(sort)}"
    sql = f"SELECT {position} FROM {TABLE} ORDER BY {order}, {position} LIMIT ? OFFSET ?"
    numbered = keys.append_column(position, pa.array(np.arange(table.num_rows) if positions is None else positions))
    return engine.run(numbered, sql, (size, first)).column(0).to_numpy()


def _keys(table: pa.Table, sort: tuple[Sort, ...], matching: np.ndarray | None) -> tuple[pa.Table, np.ndarray | None]:
    """Return the columns to sort by as c0, c1, ..., of the rows that count in file order, and the positions of these
    (None: all)."""
    keys = table.select([key.column for key in sort]).rename_columns([f"c{place}" for place in range(len(sort))])
    if matching is None:
        return keys, None
    wanted = np.zeros(table.num_rows, bool)
    wanted[matching] = True
    # Chunk by chunk: no chunk outgrows its offsets.
    return keys.filter(pa.array(wanted)), np.flatnonzero(wanted).astype(np.uint32)
