"""What a table is: the facts of each column, and how its rows hang together in time, over units, as counts."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer.dataset import (
    DECIMALS_MAX,
    NUMBERS,
    TIMES,
    Column,
    CountTable,
    Dataset,
    Panel,
    TimeAxis,
    as_ymd,
    kind_of,
)

WHOLE = 2.0**52  # from here on every number is a whole one
UNITS = ("text", "integer")  # kinds of columns that can name who was observed
# What columns are called that number the occasions on which the same units were observed.
TIME_NAMES = (
    "age", "conc", "date", "day", "days", "hour", "hours", "minute", "minutes", "month", "months", "occasion", "period",
    "quarter", "session", "time", "times", "visit", "wave", "week", "weeks", "year", "years", "yr",
)  # fmt: skip
SPANS = ("year", "yr", "month", "week", "day")  # of them, those in each of which another may start anew
# What columns are called that count, and whether their cells may be numbered as well as named.
WEIGHT_NAMES = {"freq": True, "frequency": True, "count": True, "counts": True, "n": False, "f": False}
NAMING = ("text", "logical")  # kinds of columns whose values are names
KEYS_MAX = 6  # columns that span a table of counts


def describe(id: str, title: str, package: str, table: pa.Table, load: Callable[[], pa.Table]) -> Dataset:
    """Return the dataset that `table` is; `load` must give an equal table each time it is called."""
    columns = tuple(describe_column(name, values) for name, values in zip(table.column_names, table.columns))
    time = time_axis(columns, table)
    units = None if time else panel(columns, table)
    counts = None if time or units else count_table(columns, table)
    return Dataset(id, title, package, table.num_rows, columns, time, units, counts, load)


def describe_column(name: str, values: pa.ChunkedArray) -> Column:
    """Return the kind and the extent of a column whose type is one that `kind_of` knows."""
    kind = kind_of(values.type)
    column = Column(name, kind, values.null_count, **_repetition(values) if kind != "empty" else {})
    if kind in TIMES:
        return replace(column, increasing=_increases(values.cast(_TIME_INTEGERS[kind])))
    if kind not in NUMBERS:
        return column
    numbers = values.drop_null().to_numpy()
    numbers = numbers[np.isfinite(numbers)] if kind == "number" else numbers
    if not len(numbers):
        return column
    sizes = np.abs(numbers[numbers != 0].astype(float))
    return replace(
        column,
        minimum=float(numbers.min()),
        maximum=float(numbers.max()),
        smallest=float(sizes.min()) if len(sizes) else None,
        decimals=0 if kind == "integer" else _decimals(numbers),
        increasing=_increases(values),
    )


def same_zeros(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the values with 0.0 for -0.0, which is equal but would be counted as another."""
    return pc.add(values, 0.0) if pa.types.is_floating(values.type) else values


def _repetition(values: pa.ChunkedArray) -> dict:
    values = same_zeros(values)
    distinct = pc.count_distinct(values).as_py()
    each, rest = divmod(len(values) - values.null_count, max(distinct, 1))
    even = each > 1 and not rest
    if even:
        counts = pc.value_counts(values.drop_null()).field("counts")
        even = pc.all(pc.equal(counts, each)).as_py()
    return {"distinct": distinct, "even": even}


_TIME_INTEGERS = {"date": pa.int32(), "timestamp": pa.int64()}


def _increases(values: pa.ChunkedArray) -> bool:
    if values.null_count or len(values) < 2:
        return False
    numbers = values.to_numpy()
    return bool((numbers[1:] > numbers[:-1]).all())  # a difference could overflow


def _decimals(numbers: np.ndarray) -> int:
    numbers = numbers[np.abs(numbers) < WHOLE]
    for decimals in range(DECIMALS_MAX):
        # A few values rule out most counts of decimals before all are asked.
        if all((np.round(part, decimals) == part).all() for part in (numbers[:50], numbers)):
            return decimals
    return DECIMALS_MAX


def time_axis(columns: tuple[Column, ...], table: pa.Table) -> TimeAxis | None:
    """Return what orders the rows in time, None where nothing does. The values decide; a name only suggests.

    A regular series has a column `time` with equal steps (R writes its time series so: decimal years, or plain
    steps). Otherwise a date column or a year that increases from row to row, whole numbers called date that write
    dates, or row names that are years.
    """
    for column in columns:
        if column.name == "time" and column.increasing and column.is_number:
            step = _equal_step(table["time"].to_numpy())
            if step:
                return TimeAxis("time", _per_year(column, step))
    if table.num_rows < 3:
        return None
    for column in columns:
        if (column.kind in TIMES and column.increasing) or _is_year(column, table[column.name]):
            return TimeAxis(column.name)
    written = ((column.name, _written(column, table[column.name])) for column in columns)
    return next((TimeAxis(name, written=how) for name, how in written if how), None)


def _is_year(column: Column, values: pa.ChunkedArray) -> bool:
    """Return whether a year rises from row to row; a misprint that repeats one is no reason against."""
    if column.kind != "integer" or column.name.lower() not in ("year", "yr"):
        return False
    rare = column.distinct * 10 >= len(values) * 9
    return column.increasing or (rare and not column.missing and bool((np.diff(values.to_numpy()) >= 0).all()))


def _written(column: Column, values: pa.ChunkedArray) -> str:
    if column.kind == "integer" and column.name.lower() == "date" and column.increasing and column.minimum > 10**4:
        return "ymd" if all(map(_writes_date, values.to_pylist())) else ""
    if column.kind == "text" and column.name.lower() in ("rownames", "year") and not column.missing:
        texts = values.to_pylist()
        years = all(len(text) == 4 and text.isascii() and text.isdigit() for text in texts)
        return "year" if years and texts == sorted(set(texts)) else ""
    return ""


def _writes_date(number: int) -> bool:
    try:
        date.fromisoformat(as_ymd(number))
    except ValueError:
        return False
    return True


def _equal_step(values: np.ndarray) -> float:
    """Return the step of an arithmetic series, 0.0 if it is none; R writes 15 digits, hence the tolerance."""
    if len(values) < 3:
        return 0.0
    with np.errstate(all="ignore"):  # from one end of all numbers to the other is further than any number
        step = (values[-1] - values[0]) / (len(values) - 1)
        equal = np.isfinite(step) and np.allclose(np.diff(values), step, rtol=1e-6, atol=0)
    return float(step) if equal else 0.0


def panel(columns: tuple[Column, ...], table: pa.Table) -> Panel | None:
    """Return the unit and the time of repeated observations, None where there are none.

    The time bears one of the names that times bear, or holds dates. The unit is the column with the most values of
    those that, with the time, tell every row from every other; or a day, a month, a year in which a clock starts anew.
    """
    for when in columns:
        if not _is_when(when, table) or not _can_index(when, table):
            continue
        # Times of its own for each unit are times all the same where units have several.
        fewest = 2 if when.distinct * 2 <= table.num_rows else 3
        for unit in sorted(columns, key=lambda column: -column.distinct):
            is_unit = unit.kind in UNITS and unit.name.casefold() not in TIME_NAMES and _can_index(unit, table)
            several = unit.distinct * fewest <= table.num_rows <= unit.distinct * when.distinct
            if is_unit and several and _tell_apart(table, (unit.name, when.name)):
                return Panel(unit.name, when.name, _fixed(columns, table, unit))
    return _clock_anew(columns, table)


def _is_when(column: Column, table: pa.Table) -> bool:
    if column.kind in TIMES:
        return True
    if column.name.casefold() not in TIME_NAMES or column.kind == "logical":
        return False
    return column.kind != "text" or all(map(str.isdecimal, table[column.name].drop_null().unique().to_pylist()))


def _clock_anew(columns: tuple[Column, ...], table: pa.Table) -> Panel | None:
    """Return the panel of a clock that rises from row to row except where the day, the month, the year changes."""
    whole = [c for c in columns if c.kind == "integer" and not c.missing and c.name.casefold() in TIME_NAMES]
    for unit in (c for c in whole if c.name.casefold() in SPANS and c.distinct * 3 <= table.num_rows):
        spans = table[unit.name].to_numpy()
        changes = spans[1:] != spans[:-1]
        for when in (c for c in whole if c != unit and c.distinct > 2):
            times = table[when.name].to_numpy()
            rises = times[1:] > times[:-1]
            if changes.sum() == unit.distinct - 1 and (rises | changes).all() and not rises.all():
                return Panel(unit.name, when.name, _fixed(columns, table, unit))
    return None


def _can_index(column: Column, table: pa.Table) -> bool:
    return not column.missing and 2 < column.distinct < table.num_rows


def _fixed(columns: tuple[Column, ...], table: pa.Table, unit: Column) -> tuple[str, ...]:
    others = [c for c in columns if c != unit and c.distinct <= unit.distinct]
    return tuple(c.name for c in others if _count_cells(table, (unit.name, c.name)) == unit.distinct)


def count_table(columns: tuple[Column, ...], table: pa.Table) -> CountTable | None:
    """Return what makes the rows the cells of a table, None where nothing does.

    Either one column bears a name that counts bear and the others, texts or whole numbers, tell all rows apart; or
    two texts and more, or texts and scales, tell them apart and nearly every combination of them is there.
    """
    for name, numbered in WEIGHT_NAMES.items():
        weight = next((c for c in columns if c.name.casefold() == name and c.kind == "integer"), None)
        if weight and weight.distinct and weight.minimum >= 0:
            by = _cell_of([c for c in columns if c != weight and c.name != "rownames"], table, numbered)
            if by:
                return CountTable(weight.name, by)
    texts = [c for c in columns if c.kind in NAMING and c.distinct > 1]
    scales = [c for c in columns if texts and _is_scale(c)]
    for keys in (texts, texts + scales):
        cells = math.prod(c.distinct for c in keys)
        names = tuple(c.name for c in keys)
        if 2 <= len(keys) <= KEYS_MAX and cells * 4 <= table.num_rows * 5 and _tell_apart(table, names):
            return CountTable("", names)
    return None


def _is_scale(column: Column) -> bool:
    """Return whether each whole number from zero up to some occurs equally often; from one on, they number things."""
    whole = column.kind == "integer" and column.even and column.minimum == 0
    return whole and column.maximum == column.distinct - 1 > 1


def _cell_of(others: list[Column], table: pa.Table, numbered: bool) -> tuple[str, ...]:
    """Return the columns that say which cell a row is, the texts alone where they suffice; () where none do."""
    texts = tuple(c.name for c in others if c.kind in NAMING)
    numbers = [c for c in others if c.kind == "integer" or (c.kind == "number" and c.even)] if numbered else []
    names = tuple(c.name for c in others)
    if len(texts) + len(numbers) < len(others) or not 0 < len(names) <= KEYS_MAX:
        return ()
    return next((by for by in (texts, names) if by and _tell_apart(table, by)), ())


def _tell_apart(table: pa.Table, names: tuple[str, ...]) -> bool:
    """Return whether no two rows have the same values in all of the columns."""
    return _count_cells(table, names) == table.num_rows


def _count_cells(table: pa.Table, names: tuple[str, ...]) -> int:
    """Return how many different combinations of values the rows have in the columns."""
    cells, found = np.zeros(table.num_rows, np.int64), 0
    for name in names:
        encoded = _encode(table[name].combine_chunks())
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        # Numbered anew after each column, so that the product stays a number.
        mixed = _encode(pa.array(cells * (len(encoded.dictionary) + 1) + codes))
        cells, found = mixed.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(mixed.dictionary)
    return found


def _encode(values: pa.Array) -> pa.DictionaryArray:
    return values.dictionary_encode(null_encoding="encode")


def _per_year(column: Column, step: float) -> int:
    """Return how many decimal-year values there are a year, 0 where the axis counts something else."""
    if column.minimum < 1000 or column.maximum >= 2200:
        return 0
    whole = round(1 / step)
    return whole if whole > 1 and math.isclose(step * whole, 1, rel_tol=1e-6) else 0
