"""A view in SQL, DuckDB's dialect; of the charts the bars, whose heights are an aggregate."""

import datetime

from dataviewer.charts.plan import Plan
from dataviewer.code import asked, drawing, text
from dataviewer.code.asked import Asked, Test
from dataviewer.code.drawing import Drawing
from dataviewer.dataset import Dataset
from dataviewer.view import View

OPERATORS = {
    "eq": "{column} = {value}",
    "ne": "{column} IS DISTINCT FROM {value}",
    "gt": "{column} > {value}",
    "gte": "{column} >= {value}",
    "lt": "{column} < {value}",
    "lte": "{column} <= {value}",
    "in": "{column} IN ({values})",
    "nin": "coalesce({column} NOT IN ({values}), true)",
    "contains": "contains({small}, {small_value})",
    "ncontains": "NOT coalesce(contains({small}, {small_value}), false)",
    "starts": "starts_with({small}, {small_value})",
    "ends": "ends_with({small}, {small_value})",
    "null": "{column} IS NULL",
    "notnull": "{column} IS NOT NULL",
}
AGGREGATES = {"sum": "sum", "mean": "avg", "median": "median", "min": "min", "max": "max"}
DIGITS = 15  # that a decimal can have and still become the same number of 64 bits
LOAD = """-- DuckDB reads addresses with its extension httpfs, and fetches that the first time.
CREATE OR REPLACE TEMP TABLE {name} AS
FROM read_parquet('{address}'){columns};"""


def write(dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return the view as two statements of SQL, as three where the chart has bars."""
    told = asked.read(dataset, view, url, "parquet", (), _can_test)
    names = _names(dataset)
    own = all(name == column for column, name in names.items())
    columns = "" if own else f" AS loaded({', '.join(map(identifier, names.values()))})"
    address = told.address.replace("'", "''")
    load = LOAD.format(name=identifier(told.name), address=address, columns=columns)
    drawn = drawing.of(dataset, plan, bool(told.by_viewer)) if plan and plan.kind.name == "bar" else None
    return text.pieces(
        f"{asked.comment(told, '--')}\n{load}",
        _rows(told, names),
        _bars(told, drawn, names) if drawn else "",
    )


def identifier(name: str) -> str:
    """Return a name in SQL.

    >>> print(identifier('a"b'))
    "a\""b"
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def literal(value: object) -> str:
    """Return a str, int, float, bool, date or datetime in SQL.

    >>> literal("it's"), literal(True), literal(datetime.date(2020, 2, 29)), literal(0.1)
    ("'it''s'", 'true', "DATE '2020-02-29'", '0.1')
    """
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return f"TIMESTAMP '{value}'"
    if isinstance(value, datetime.date):
        return f"DATE '{value}'"
    if value in (float("inf"), float("-inf")):
        return f"'{value}'::DOUBLE"
    source = repr(value)
    # With an exponent it is a float; without, a decimal, whose digits are counted.
    long = isinstance(value, float) and "e" not in source and len(source.strip("-").replace(".", "")) > DIGITS
    return f"{source}e0" if long else source


def _can_test(test: Test) -> bool:
    return not any(isinstance(value, str) and "\0" in value for value in test.values)  # where SQL ends


def _names(dataset: Dataset) -> dict[str, str]:
    """Return what SQL calls each column: not by nothing, nor as another but for letter case, nor as its own rowid."""
    names, taken = {}, {"rowid"}
    for column in dataset.columns:
        name = column.name.replace("\0", "") or "column"
        while name.casefold() in taken:
            name = f"_{name}"
        names[column.name] = name
        taken.add(name.casefold())
    return names


def _conditions(told: Asked, names: dict[str, str], *more: str) -> str:
    found = [*(_condition(test, names) for test in told.tests), *more]
    return "WHERE " + "\n  AND ".join(found) if found else ""


def _condition(test: Test, names: dict[str, str]) -> str:
    column = identifier(names[test.column.name])
    values = [literal(value) for value in test.values]
    if test.operator == "in" and not values:
        return "false"
    value = values[0] if values else ""
    folded = test.operator in asked.FOLDED and not asked.is_plain(test)
    return OPERATORS[test.operator].format(
        column=column,
        value=value,
        values=", ".join(values),
        small=f"lower(upper({column}))" if folded else f"lower({column})",
        small_value=f"lower(upper({value}))" if folded else value,
    )


def _rows(told: Asked, names: dict[str, str]) -> str:
    columns = [identifier(names[name]) for name in told.columns] or ["*"]
    between = ", " if sum(map(len, columns)) + 2 * len(columns) < text.WIDTH else ",\n  "
    lines = [f"SELECT {between.join(columns)}", f"FROM {identifier(told.name)}"]
    orders = [f"{identifier(names[s.column])}{' DESC' if s.descending else ''} NULLS LAST" for s in told.sorts]
    order = f"ORDER BY {', '.join([*orders, 'rowid'])}"  # rowid: ties as in the file
    return "\n".join([*lines, *filter(None, [_conditions(told, names)]), order]) + ";"


def _bars(told: Asked, drawn: Drawing, names: dict[str, str]) -> str:
    """Return the statement that gives the height of each bar."""
    keys = [identifier(names[key]) for key in drawn.keys]
    values = [identifier(names[name]) for name in drawn.own]
    titles = [identifier(f"{drawn.agg} of {names[name]}") for name in drawn.own]
    heights = [f"{AGGREGATES[drawn.agg]}({value}) AS {title}" for value, title in zip(values, titles)]
    given = [f"{identifier(names[name])} IS NOT NULL" for name in drawn.lost]
    given += [f"{values[0]} IS NOT NULL"] if len(values) == 1 and drawn.gaps else []
    alone = not (drawn.y or drawn.in_order or len(keys) > 1)
    lines = [
        "-- The bars of the chart",
        *(f"-- {note}" for note in drawn.notes),
        f"SELECT {', '.join([*keys, *(heights or [f'count(*) AS {identifier(drawn.rows)}'])])}",
        f"FROM {identifier(told.name)}",
        _conditions(told, names, *given),
        "GROUP BY ALL",
        f"ORDER BY {'count(*) DESC' if alone else 'ALL'}",
    ]
    return "\n".join(filter(None, lines)) + ";"
