"""Which rows a view keeps: its conditions and its search, as SQL in DuckDB's dialect and in words.

Neither a name nor a value ever enters the SQL: columns are called by position (c0, c1, ...), every value is bound.
"""

import datetime
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from dataviewer.dataset import NUMBERS, TIMES, Column, Dataset
from dataviewer.view import VALUES_MAX, View, Where

ORDERED = (*NUMBERS, *TIMES)
FILLED = (*ORDERED, "text", "logical")
ALL = (*FILLED, "empty")

BEYOND = Decimal(2**63 + 1)  # larger than every integer of a column, either sign
DAY_END = datetime.timedelta(days=1, microseconds=-1)  # after its midnight
SHOWN = 3  # values that the words of a condition list
SHOWN_LENGTH = 40  # characters of a value in a sentence

_NUMBER = re.compile(r"[-+]?((\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?|inf(inity)?)", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?)?", re.ASCII)


@dataclass(frozen=True)
class Operator:
    """A way to compare: its `words`, the `kinds` of column that it fits, how many values it takes at most.

    `sql` is true of the {column} of a row that is wanted, given the bound {values}, or {folded} and {folded_value}
    where letter case does not matter. `round` makes the bound of whole numbers of one that is between two of them.
    """

    name: str
    words: str
    kinds: tuple[str, ...]
    sql: str
    values: int = 1
    round: Callable[[Decimal], int] | None = None


# Nothing compares with a missing value: coalesce makes each negation the exact complement.
OPERATORS = {
    operator.name: operator
    for operator in (
        Operator("eq", "is", FILLED, "{column} IN ({values})"),
        Operator("ne", "is not", FILLED, "coalesce({column} NOT IN ({values}), true)"),
        Operator("gt", "is above", ORDERED, "{column} > {values}", round=math.floor),
        Operator("gte", "is at least", ORDERED, "{column} >= {values}", round=math.ceil),
        Operator("lt", "is below", ORDERED, "{column} < {values}", round=math.ceil),
        Operator("lte", "is at most", ORDERED, "{column} <= {values}", round=math.floor),
        Operator("in", "is one of", FILLED, "{column} IN ({values})", VALUES_MAX),
        Operator("nin", "is none of", FILLED, "coalesce({column} NOT IN ({values}), true)", VALUES_MAX),
        Operator("contains", "contains", ("text",), "contains({folded}, {folded_value})"),
        Operator("ncontains", "does not contain", ("text",), "coalesce(NOT contains({folded}, {folded_value}), true)"),
        Operator("starts", "starts with", ("text",), "starts_with({folded}, {folded_value})"),
        Operator("ends", "ends with", ("text",), "ends_with({folded}, {folded_value})"),
        Operator("null", "is missing", ALL, "{column} IS NULL", 0),
        Operator("notnull", "is not missing", ALL, "{column} IS NOT NULL", 0),
    )
}


def _read_time(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:  # a 30th of February
        return None


@dataclass(frozen=True)
class Kind:
    """What a kind of column holds, in words; `read` gives the value that a text stands for, None if it is `none`.

    `text` is a cell's text in SQL, in small letters; `letters` are the only ones that can be in it, None if all can.
    """

    holds: str
    none: str = "none"
    read: Callable[[str], object] = str
    text: str = "{column}::VARCHAR"
    letters: str | None = None


KINDS = {
    "integer": Kind(
        "numbers", read=lambda text: Decimal(text) if _NUMBER.fullmatch(text) else None, letters="-0123456789"
    ),
    "number": Kind(
        "numbers",
        read=lambda text: float(text) if _NUMBER.fullmatch(text) else None,
        # In as few digits as it has, 5 and not 5.0; from 1e16 on the cast writes 1e+16.
        text="CASE WHEN {column} = trunc({column}) AND abs({column}) < 1e16 THEN {column}::BIGINT::VARCHAR "
        "ELSE {column}::VARCHAR END",
        letters="+-.0123456789einf",
    ),
    "text": Kind("text", text="{folded}"),
    "date": Kind("dates such as 2020-02-29", read=_read_time, letters="-0123456789"),
    "timestamp": Kind(
        "times such as 2020-02-29 12:30",
        read=_read_time,
        # As Python writes it: six digits of a second, or none.
        text="CASE WHEN {column}::VARCHAR LIKE '%.%' THEN rpad({column}::VARCHAR, 26, '0') ELSE {column}::VARCHAR END",
        letters="-0123456789 :.",
    ),
    "logical": Kind(
        "true and false",
        "neither",
        read=lambda text: {"true": True, "false": False}.get(text.lower()),
        letters="truefals",
    ),
    "empty": Kind("no values"),
}


@dataclass(frozen=True)
class Condition:
    """What must hold of a row, as SQL with its bound values, and in words."""

    sql: str
    bound: tuple[object, ...]
    words: str


def problem(dataset: Dataset, where: Where) -> str:
    """Return what is wrong with a condition on this dataset, "" where nothing is."""
    column, operator = dataset.column(where.column), OPERATORS.get(where.operator)
    if column is None:
        return f"Cannot look for rows by “{where.column}”; {columns_sentence(dataset)}"
    kind = KINDS[column.kind]
    values = _values(where) if operator else where.values
    asked = f"“{' '.join([where.column, where.operator, _shorten(', '.join(values))]).rstrip()}”"
    if operator is None or column.kind not in operator.kinds:
        fitting = ", ".join(name for name, operator in OPERATORS.items() if column.kind in operator.kinds)
        return f"{asked}: {where.column} holds {kind.holds}, and the operators for that are {fitting}."
    if bool(where.values) != bool(operator.values):
        return f"{asked}: {operator.name} takes {'a value' if operator.values else 'no value'}."
    for value in values:
        if kind.read(value) is None:
            return f"{asked}: {where.column} holds {kind.holds}, “{_shorten(value)}” is {kind.none}."
    return ""


def columns_sentence(dataset: Dataset, most: int = 30) -> str:
    """Return the end of a sentence about a column that the dataset does not have."""
    names = [column.name for column in dataset.columns]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"columns are {', '.join(names[:most])}{more}."


def words(where: Where) -> str:
    """Return a condition that has no problem as a person would say it.

    >>> words(Where("rain", "gt", ("20",)))
    'rain is above 20'
    >>> words(Where("type", "in", ("a", "b", "c", "d", "e")))
    'type is one of a, b, c and 2 more'
    """
    values = [_shorten(value) if value.strip() else f"“{value}”" for value in _values(where)]
    more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
    listed = [", ".join(values[:SHOWN]) + more] if values else []
    return " ".join([where.column, OPERATORS[where.operator].words, *listed])


def conditions(dataset: Dataset, view: View) -> tuple[list[str], list[Condition]]:
    """Return the names of the columns that count, in the order in which the SQL calls them c0, c1, ..., and all
    that must hold of a row. What the dataset lacks must have been checked."""
    wheres = merged(view.where)
    searched = [column for column in dataset.columns if view.search and _can_hold(column, view.search)]
    names = list(dict.fromkeys([*(where.column for where in wheres), *(column.name for column in searched)]))
    places = {name: f"c{place}" for place, name in enumerate(names)}
    found = [_condition(where, dataset.column(where.column), places[where.column]) for where in wheres]
    if view.search:
        fold = _fold(view.search)
        cells = [(KINDS[column.kind].text, places[column.name]) for column in searched]
        texts = [text.format(column=place, folded=fold.format(place)) for text, place in cells]
        sql = " OR ".join(f"contains({text}, {fold.format('?')})" for text in texts) or "false"
        found.append(Condition(f"({sql})", (view.search,) * len(texts), f"the search for “{_shorten(view.search)}”"))
    return names, found


def _condition(where: Where, column: Column, place: str) -> Condition:
    operator, values = OPERATORS[where.operator], _values(where)
    fold = _fold("".join(values))
    sql = operator.sql.format(
        column=place, values=", ".join("?" * len(values)), folded=fold.format(place), folded_value=fold.format("?")
    )
    return Condition(sql, compared(where, column), f"“{words(where)}”")


def compared(where: Where, column: Column) -> tuple[object, ...]:
    """Return what a condition that has no problem compares the cells of its column with; None equals no cell.

    A day is over with its last moment: what is at most a day, or not above it, can lie in it.
    """
    values = tuple(KINDS[column.kind].read(value) for value in _values(where))
    if column.kind == "timestamp" and where.operator in ("lte", "gt") and _DAY.fullmatch(where.values[0]):
        return tuple(day + DAY_END for day in values)
    return tuple(_whole(n, OPERATORS[where.operator]) for n in values) if column.kind == "integer" else values


def _whole(number: Decimal, operator: Operator) -> int | None:
    """Return the whole number to compare integers with, so that none is compared as a float; None if none equals."""
    number = max(min(number, BEYOND), -BEYOND)
    if operator.round:
        return operator.round(number)
    return int(number) if number == math.floor(number) else None


def merged(wheres: tuple[Where, ...]) -> list[Where]:
    """Return the conditions that must all hold. One column cannot be two values at once: several `eq` are an `in`."""
    same: dict[object, list[Where]] = {}
    for where in dict.fromkeys(wheres):
        same.setdefault(where.column if where.operator == "eq" else where, []).append(where)
    return [
        alike[0] if len(alike) == 1 else Where(alike[0].column, "in", sum((_values(where) for where in alike), ()))
        for alike in same.values()
    ]


def _values(where: Where) -> tuple[str, ...]:
    """Return the values of a condition; where one is all that it takes, ":" is part of it, as in a time 10:30."""
    return (":".join(where.values),) if OPERATORS[where.operator].values == 1 else where.values


def _fold(text: str) -> str:
    """Return SQL that makes texts alike which differ from `text` in letter case alone."""
    # Small letters can differ where capitals do not (σ and ς), but capitals take as long again.
    return "lower({})" if text.isascii() else "lower(upper({}))"


def _can_hold(column: Column, text: str) -> bool:
    """Return whether a cell of the column could contain the text: if not, no cell need be written out."""
    letters = KINDS[column.kind].letters
    return column.kind != "empty" and (letters is None or set(text.lower()) <= set(letters))


def _shorten(text: str) -> str:
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
