"""A view in R: dplyr for the rows, ggplot2 for the chart.

R reads JSON here: in a CSV it cannot tell text that reads NA from a missing value, and no package that Debian has reads
Parquet. Columns are taken from the rows one by one, so that each has the type that it has, be it empty.
"""

import datetime
import math
import re
from decimal import Decimal
from fractions import Fraction

from dataviewer.charts.plan import Plan
from dataviewer.code import asked, drawing, ggplot, text
from dataviewer.code.asked import Asked, Test
from dataviewer.code.ggplot import call, pipe
from dataviewer.code.text import quoted
from dataviewer.dataset import Column, Dataset
from dataviewer.view import View

OPERATORS = {
    "eq": "{column} == {value}",
    "ne": "!{column} %in% {value}",
    "gt": "{column} > {value}",
    "gte": "{column} >= {value}",
    "lt": "{column} < {value}",
    "lte": "{column} <= {value}",
    "in": "{column} %in% c({values})",
    "nin": "!{column} %in% c({values})",
    "contains": "grepl({value}, tolower({column}), fixed = TRUE)",
    "ncontains": "!grepl({value}, tolower({column}), fixed = TRUE)",
    "starts": "startsWith(tolower({column}), {value})",
    "ends": "endsWith(tolower({column}), {value})",
    "null": "is.na({column})",
    "notnull": "!is.na({column})",
}
READ = {
    "integer": "map_dbl({rows}, {key}, .default = NA)",
    "number": "as.numeric(map({rows}, {key}, .default = NA))",  # JSON has infinite numbers as text
    "text": "map_chr({rows}, {key}, .default = NA)",
    "logical": "map_lgl({rows}, {key}, .default = NA)",
    "date": "as.Date(map_chr({rows}, {key}, .default = NA))",
    "timestamp": 'as.POSIXct(map_chr({rows}, {key}, .default = NA), tz = "UTC", format = "%Y-%m-%d %H:%M:%OS")',
    "empty": "map_lgl({rows}, {key}, .default = NA)",
}
PLAIN = re.compile(r"([A-Za-z]|\.(?![0-9.]))[A-Za-z0-9._]*", re.ASCII)
RESERVED = {
    *("if", "else", "repeat", "while", "function", "for", "in", "next", "break", "TRUE", "FALSE", "NULL", "Inf"),
    *("NaN", "NA", "NA_integer_", "NA_real_", "NA_character_", "NA_complex_"),
}
EXACT_MAX = 2**53  # R has no larger whole numbers
POWER_MAX = 22  # the largest power of ten that is a float
LONG_BITS = 64  # of the digits of a long double, as which R reads a number first
# Arguments, which a column of the name would be taken for; and the words that dplyr gives a meaning of its own.
ARGUMENTS = {".rows", ".name_repair", ".keep", ".by", ".before", ".after", ".groups", ".preserve", ".drop"}
PRONOUNS = {".data", ".env", "..."}
TAKEN = ("c", "rows", "table", "figure", "bars", "lines", "drawn", "r", "function", "repeat", "next")


def write(dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return the view as code for R with dplyr, purrr and jsonlite, and what the chart needs: ggplot2, tidyr."""
    told = asked.read(dataset, view, url, "json", TAKEN, _can_test, _is_exact)
    drawn = drawing.of(dataset, plan, bool(told.by_viewer)) if plan else None
    names = _names(dataset)
    number = drawn.row if drawn else ""
    return text.pieces(
        "\n".join(f"library({name})" for name in ("dplyr", "purrr", *(ggplot.libraries(drawn) if drawn else ()))),
        f"{asked.comment(told, '#')}\n{_load(dataset, told, names)}",
        f"{told.name} <- {told.name} |> mutate({symbol(number)} = row_number())" if number else "",
        _kept(told, names),
        _table(told, dataset, names, number),
        ggplot.draw(drawn, told.name, lambda name: symbol(names.get(name, name)), dataset) if drawn else "",
    )


def symbol(name: str) -> str:
    r"""Return a name as R code.

    >>> print(symbol("rain"), symbol("2nd"), symbol("a`b"))
    rain `2nd` `a\`b`
    """
    if PLAIN.fullmatch(name) and name not in RESERVED:
        return name
    escaped = quoted(name)[1:-1].replace("`", "\\`")
    return f"`{escaped}`"


def literal(value: object) -> str:
    """Return a str, int, float, bool, date or datetime as R code.

    >>> literal(True), literal(2), literal(0.1), literal(datetime.date(2020, 2, 29))
    ('TRUE', '2', '0.1', 'as.Date("2020-02-29")')
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.datetime):
        return f'as.POSIXct("{value}", tz = "UTC")'
    if isinstance(value, datetime.date):
        return f'as.Date("{value}")'
    return str(value) if isinstance(value, int) else _number(value)


def _number(value: float) -> str:
    """Return a float so that R reads just this one: in decimals, or where R would round them twice, as it is stored."""
    if math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    _, digits, power = Decimal(repr(abs(value))).as_tuple()
    whole = int("".join(map(str, digits)))
    exact = whole * Fraction(10) ** power
    if whole < EXACT_MAX and abs(power) <= POWER_MAX and _through_long(exact) == abs(value):
        return repr(value)
    return value.hex()


def _through_long(exact: Fraction) -> float:
    """Return a number as a float after it was a long double."""
    if not exact:
        return 0.0
    unit = Fraction(2) ** (exact.numerator.bit_length() - exact.denominator.bit_length() - LONG_BITS)
    unit = unit if exact / unit < 2**LONG_BITS else 2 * unit
    return float(round(exact / unit) * unit)


def _is_exact(column: Column) -> bool:
    """Return whether R can hold every value of a column."""
    return column.kind != "integer" or max(-(column.minimum or 0), column.maximum or 0) <= EXACT_MAX


def _can_test(test: Test) -> bool:
    # Times are told apart by whole seconds there.
    by_second = test.column.kind == "timestamp" and test.operator in ("ne", "in", "nin")
    zero = any(isinstance(value, str) and "\0" in value for value in test.values)  # where text ends in R
    return asked.is_plain(test) and _is_exact(test.column) and not by_second and not zero


def _names(dataset: Dataset) -> dict[str, str]:
    """Return what R calls each column: it knows no empty name, and takes some for its own; no two are alike."""
    names, own = {}, {column.name for column in dataset.columns}
    for column in dataset.columns:
        name = "".join(map(_in_name, column.name)) or "column"
        while name in ARGUMENTS | PRONOUNS or re.fullmatch(r"\.\.\d+", name) or (name != column.name and name in own):
            name = f"_{name}"
        names[column.name] = name
        own.add(name)
    return names


def _in_name(char: str) -> str:
    return char if char.isprintable() or char in "\n\t\r" else "_"  # the others can be spelled in texts alone


def _load(dataset: Dataset, told: Asked, names: dict[str, str]) -> str:
    rows = "rows"
    while rows in names.values():  # tibble() sees the columns before the variables
        rows += "_"
    lost = any(not _is_exact(column) for column in dataset.columns)
    return "\n".join(
        [
            *(["# R rounds whole numbers beyond 2^53."] if lost else []),
            call(f"{rows} <- jsonlite::read_json(", [quoted(told.address)]) + "$rows",
            f"{told.name} <- tibble(",
            ",\n".join(f"  {_column(column, place, rows, names)}" for place, column in enumerate(dataset.columns, 1)),
            ")",
        ]
    )


def _column(column: Column, place: int, rows: str, names: dict[str, str]) -> str:
    key = quoted(column.name) if column.name and "\0" not in column.name else str(place)
    return f"{symbol(names[column.name])} = {READ[column.kind].format(rows=rows, key=key)}"


def _kept(told: Asked, names: dict[str, str]) -> str:
    if not told.tests:
        return ""
    return call(f"{told.name} <- {told.name} |> filter(", [_expression(test, names) for test in told.tests])


def _expression(test: Test, names: dict[str, str]) -> str:
    values = [literal(value) for value in test.values]
    return OPERATORS[test.operator].format(
        column=symbol(names[test.column.name]), value=values[0] if values else "", values=", ".join(values)
    )


def _table(told: Asked, dataset: Dataset, names: dict[str, str], number: str) -> str:
    """Return the statement that brings the rows into the order of the table, and chooses its columns."""
    by_text = any(dataset.column(sort.column).kind == "text" for sort in told.sorts)
    steps = [_radix(told, names) if by_text else _arranged(told, names)] if told.sorts else []
    if told.columns:
        steps.append(call("select(", [symbol(names[name]) for name in told.columns]))
    elif number:
        steps.append(f"select(-{symbol(number)})")
    why = "# By letters alone, as on the page: arrange() may ask the locale.\n" if by_text else ""
    return why + pipe("table", told.name, steps)


def _arranged(told: Asked, names: dict[str, str]) -> str:
    keys = [(symbol(names[sort.column]), sort.descending) for sort in told.sorts]
    return call("arrange(", [f"desc({key})" if down else key for key, down in keys])


def _radix(told: Asked, names: dict[str, str]) -> str:
    keys = [symbol(names[sort.column]) for sort in told.sorts]
    ways = [literal(sort.descending) for sort in told.sorts]
    down = ways[0] if len(ways) == 1 else f"c({', '.join(ways)})"
    return f'slice(order({", ".join(keys)}, decreasing = {down}, method = "radix"))'
