"""What a view asks of the rows, as plain values that every language spells; and what the viewer itself must do."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataviewer import filters
from dataviewer.code import text
from dataviewer.dataset import Column, Dataset
from dataviewer.view import MAX, Sort, View

LEAST, MOST = -(2**63), 2**63 - 1  # whole numbers that a column can hold
FOLDED = ("contains", "ncontains", "starts", "ends")
# Beyond the least or the most, every comparison is one with it.
BELOW = {"gt": "gte", "gte": "gte", "lt": "lt", "lte": "lt"}
ABOVE = {"gt": "gt", "gte": "gt", "lt": "lte", "lte": "lte"}


@dataclass(frozen=True)
class Test:
    """What must hold of the cells of a column; `values` are str, int, float, bool, date or datetime, as it holds them.

    Where letter case does not matter (FOLDED) the value is in small letters if it is ASCII, else as it was asked.
    """

    column: Column
    operator: str
    values: tuple = ()


@dataclass(frozen=True)
class Asked:
    """What code does to the rows: load them from `address`, keep those that pass all `tests`, order, choose `columns`.

    `name` is what code calls the rows, `title` a comment on them, `by_viewer` in words what the address does of it.
    """

    name: str
    title: str
    address: str
    tests: tuple[Test, ...]
    sorts: tuple[Sort, ...]
    columns: tuple[str, ...]
    by_viewer: tuple[str, ...]


def read(
    dataset: Dataset,
    view: View,
    url: str,
    format: str,
    taken: Sequence[str],
    can_test: Callable[[Test], bool],
    can_sort: Callable[[Column], bool] = lambda column: True,
) -> Asked:
    """Return what a checked view asks. The viewer does the search, whose cells are compared as its own texts, and what
    the language says that it cannot do exactly: a test, or an order by a column. `taken` are names that code uses."""
    tests = {where: _test(where, dataset.column(where.column)) for where in filters.merged(view.where)}
    remote = tuple(where for where, test in tests.items() if test and not can_test(test))
    own = tuple(test for where, test in tests.items() if test and where not in remote)
    # A column without values orders nothing.
    sorts = tuple(sort for sort in view.sort if dataset.column(sort.column).kind != "empty")
    # A search of the dataset's own has an order of its own, ties in the order of the file are beyond the code then.
    there = bool(dataset.find and view.search) or not all(can_sort(dataset.column(sort.column)) for sort in sorts)
    asked = View(dataset.id, sorts if there else (), remote, view.search, size=MAX)
    parts = {"search": view.search, "conditions": remote, "order": there and sorts}
    query = asked.to_query_string().partition("&")[2]  # the dataset stands in the path
    return Asked(
        name=text.variable(dataset.name, taken),
        title=text.one_line(f"{dataset.id}: {dataset.title}" if dataset.title else dataset.id),
        address=f"{url}/rows.{format}?{query}",
        tests=own,
        sorts=() if there else sorts,
        columns=view.columns,
        by_viewer=tuple(word for word, done in parts.items() if done),
    )


def comment(asked: Asked, mark: str) -> str:
    """Return the comment above the line that loads the rows."""
    done = [f"{mark} The viewer itself does the {' and the '.join(asked.by_viewer)} in the address."]
    return "\n".join([f"{mark} {asked.title}", *(done if asked.by_viewer else [])])


def is_plain(test: Test) -> bool:
    """Return whether letter case can be left to the language: capitals beyond ASCII are not the same everywhere."""
    return test.operator not in FOLDED or test.values[0].isascii()


def _test(where, column: Column) -> Test | None:
    """Return a condition as a test, None where every row passes it."""
    operator, values = where.operator, tuple(dict.fromkeys(filters.compared(where, column)))
    if operator in FOLDED:
        return Test(column, operator, (values[0].lower() if values[0].isascii() else values[0],))
    if operator in ABOVE:
        return Test(column, *_ordered(column, operator, values[0]))
    if operator in ("null", "notnull"):
        return Test(column, operator)
    values = tuple(value for value in (_cell(column, value) for value in values) if value is not None)
    negated = operator in ("ne", "nin")
    if negated and not values:
        return None
    alone = len(values) == 1 and column.kind != "logical"
    return Test(column, ("ne" if alone else "nin") if negated else "eq" if alone else "in", values)


def _cell(column: Column, value: object) -> object:
    """Return the cell that equals a value, None where no cell can."""
    if column.kind == "integer":
        return value if value is not None and LEAST <= value <= MOST else None
    if column.kind == "date":
        return value.date() if value.time() == datetime.time() else None
    return value


def _ordered(column: Column, operator: str, value: object) -> tuple[str, tuple]:
    """Return a comparison with what a cell can hold that lets the same cells pass."""
    if column.kind == "date":
        later = {"gte": "gt", "lt": "lte"}.get(operator, operator)
        return operator if value.time() == datetime.time() else later, (value.date(),)
    if column.kind == "integer" and value > MOST:
        return ABOVE[operator], (MOST,)
    if column.kind == "integer" and value < LEAST:
        return BELOW[operator], (LEAST,)
    return operator, (value,)
