"""What part each column plays in a dataset: what measures, what groups, what only names or numbers the rows."""

import re

from dataviewer.dataset import TIMES, Column, Dataset

# measure    a number worth drawing
# count      a whole number that says how often the row's categories occur
# category   few values that group the rows, numbers among them
# dummy      a category of two values
# time, unit when, and of whom, a row tells
# date       a point in time that does not order the rows
# identifier names or numbers the rows
# text       many different texts
# constant   one value; empty: none
ROLES = ("measure", "count", "category", "dummy", "time", "unit", "date", "identifier", "text", "constant", "empty")

ID_NAMES = (
    "id",
    "fid",
    "mid",
    "pid",
    "rownames",
    "subject",
    "subj",
    "case",
    "caseid",
    "hid",
    "pair",
    "patient",
    "stratum",
    "obs",
    "obsno",
    "observation",
    "nr",
)
CALENDAR = (
    "year",
    "yr",
    "month",
    "mon",
    "day",
    "week",
    "quarter",
    "qtr",
    "wave",
    "period",
    "occasion",
    "visit",
    "session",
)
LEVELS_MAX = 30  # a text with more values is no category that could be told apart
NUMBER_LEVELS = 6  # a number with more values measures
RISING_MIN = 50  # whole numbers that rise through so many rows number them
ROWS_PER_LEVEL = 4  # with fewer rows for each value, even few values are a measure's


def roles(dataset: Dataset) -> dict[str, str]:
    """Return the role of each column, one of ROLES, by column name in table order."""
    return {column.name: role(dataset, column) for column in dataset.columns}


def with_role(dataset: Dataset, *wanted: str) -> tuple[str, ...]:
    """Return the columns that play one of the roles, in table order."""
    return tuple(name for name, played in roles(dataset).items() if played in wanted)


def role(dataset: Dataset, column: Column) -> str:
    """Return what a column is for, told by its values first and by its name last."""
    if column.distinct == 0:
        return "empty"
    if dataset.time and column.name == dataset.time.column:
        return "time"
    panel = dataset.panel
    if panel and column.name in (panel.unit, panel.time):
        return "unit" if column.name == panel.unit else "time"
    if column.distinct == 1 and dataset.rows > 1:
        return "constant"
    if column.kind in TIMES:
        return "date"
    return _number_role(dataset, column) if column.is_number else _text_role(dataset, column)


def _text_role(dataset: Dataset, column: Column) -> str:
    given = dataset.rows - column.missing
    if column.kind == "logical":
        return "dummy"
    if column.distinct == given or (column.distinct * 10 >= given * 9 and given > LEVELS_MAX // 4):
        return "identifier"
    if column.distinct == 2:
        return "dummy"
    return "category" if column.distinct <= LEVELS_MAX and column.distinct * 3 <= given * 2 else "text"


def _number_role(dataset: Dataset, column: Column) -> str:
    given = dataset.rows - column.missing
    if column.minimum is None:
        return "empty"  # infinite values only
    if column.kind == "integer":
        if _numbers_rows(column, given) or _names_rows(dataset, column):
            return "identifier"
        if column.name.casefold() in CALENDAR:
            return "date"
        if numbers_groups(column):
            return "identifier"
    if dataset.counts and column.name == dataset.counts.weight:
        return "count"
    if column.distinct == 2 and given >= 2 * ROWS_PER_LEVEL:
        return "dummy"
    levels = column.distinct <= NUMBER_LEVELS and given >= ROWS_PER_LEVEL * column.distinct
    return "category" if levels else "measure"


def _numbers_rows(column: Column, given: int) -> bool:
    """Return whether whole numbers only count the rows."""
    counts = column.minimum in (0, 1) and column.maximum - column.minimum == column.distinct - 1
    return counts and column.increasing and column.distinct == given > ROWS_PER_LEVEL


def numbers_groups(column: Column) -> bool:
    """Return whether whole numbers count the rows of each of several groups; from zero on, it is a scale."""
    return column.even and column.minimum == 1 and column.maximum == column.distinct > NUMBER_LEVELS


def _names_rows(dataset: Dataset, column: Column) -> bool:
    """Return whether whole numbers are called what identifiers are called, or rise without a tie through many rows."""
    last = re.split(r"[._ ]", column.name.casefold())[-1]
    alone = dataset.time or len(dataset.numbers) == 1  # along a clock, measures rise as well
    rising = column.increasing and dataset.rows >= RISING_MIN and not alone
    return (last in ID_NAMES and column.distinct > 2) or rising
