"""A view in Python: the program that both libraries share; what is their own stands in tables of theirs."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataviewer.charts.plan import Plan
from dataviewer.code import asked, drawing, express, text
from dataviewer.code.asked import Asked, Test
from dataviewer.code.text import listed, quoted
from dataviewer.dataset import Column, Dataset
from dataviewer.view import Sort, View

TAKEN = ("pd", "pl", "px", "datetime", "urlopen", "table", "figure", "bars", "lines", "drawn", "r", "columns")


@dataclass(frozen=True)
class Library:
    """A library of frames, as templates: {name} is the frame, {column} and {row} are quoted names, {names} a list.

    `standard` are the modules of Python that it takes to load, `load` gives the frame at an {address}. `operators` are
    expressions of a {column}, its {small} letters, a {value} or {values}, each of these a `member` of a list. `keep`
    takes the name of the frame, the tests and their expressions. `order` has the {ways} of its keys: whether each
    `ascends`, or else that it descends; a column that it `can_order` may be one of several keys. `choose` stands before
    and after the names of columns.
    """

    standard: tuple[str, ...]
    imported: str
    load: str
    number: str
    column: str
    small: Callable[[Test, str], str]
    operators: dict[str, str]
    member: Callable[[object], str]
    keep: Callable[[str, Sequence[Test], Sequence[str]], str]
    order: str
    ascends: bool
    can_order: Callable[[Column], bool]
    choose: tuple[str, str]
    drop: str
    frames: express.Frames


def write(library: Library, dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return the program of a checked view: imports, rows, table, figure."""
    told = asked.read(dataset, view, url, "parquet", TAKEN, asked.is_plain)
    drawn = drawing.of(dataset, plan, bool(told.by_viewer)) if plan else None
    load = f"{told.name} = {library.load.format(address=quoted(told.address))}"
    number = library.number.format(name=told.name, row=quoted(drawn.row)) if drawn and drawn.row else ""
    sources = [_expression(library, told, test) for test in told.tests]
    return text.pieces(
        _imports(library, told, bool(plan)),
        "\n".join(filter(None, [asked.comment(told, "#"), load, number])),
        library.keep(told.name, told.tests, sources) if sources else "",
        text.chain("table", told.name, _table_steps(library, dataset, told, drawn.row if drawn else "")),
        express.draw(drawn, told.name, library.frames) if drawn else "",
    )


def literal(value: object) -> str:
    """Return a str, int, float, bool, date or datetime as Python source.

    >>> literal(2.5), literal(float("inf")), literal(datetime.date(2020, 2, 29))
    ('2.5', 'float("inf")', 'datetime.date(2020, 2, 29)')
    """
    if isinstance(value, str):
        return quoted(value)
    return f'float("{value}")' if value in (float("inf"), float("-inf")) else repr(value)


def _expression(library: Library, told: Asked, test: Test) -> str:
    column = library.column.format(name=told.name, column=quoted(test.column.name))
    values = [library.member(value) for value in test.values]
    return library.operators[test.operator].format(
        column=column,
        small=library.small(test, column) if test.operator in asked.FOLDED else "",
        value=literal(test.values[0]) if test.values else "",
        values=", ".join(values),
    )


def _imports(library: Library, told: Asked, plots: bool) -> str:
    times = any(isinstance(value, datetime.date) for test in told.tests for value in test.values)
    standard = [*(["import datetime"] if times else []), *library.standard]
    lines = [library.imported, *(["import plotly.express as px"] if plots else [])]
    return "\n".join([*standard, *([""] if standard else []), *lines])


def _table_steps(library: Library, dataset: Dataset, told: Asked, row: str) -> list[str]:
    """Return the calls that bring the rows into the order of the table, and choose its columns."""
    alone = not all(library.can_order(dataset.column(sort.column)) for sort in told.sorts)
    # Last key first: each order keeps the one before it where values are equal.
    orders = [(sort,) for sort in reversed(told.sorts)] if alone else [told.sorts] if told.sorts else []
    steps = [_order(library, sorts) for sorts in orders]
    if told.columns:
        before, after = library.choose
        return [*steps, text.call(before, [quoted(name) for name in told.columns], after)]
    return [*steps, library.drop.format(row=quoted(row))] if row else steps


def _order(library: Library, sorts: Sequence[Sort]) -> str:
    names = [quoted(sort.column) for sort in sorts]
    ways = [str(sort.descending != library.ascends) for sort in sorts]
    if len(sorts) == 1:
        return library.order.format(names=names[0], ways=ways[0])
    return library.order.format(names=listed(names), ways=listed(ways))
