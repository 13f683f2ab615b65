"""Dataset and Column: what is known of a table without opening it."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NUMBERS = ("integer", "number")  # kinds that a line can be drawn of
TIMES = ("date", "timestamp")
WHOLE = 2.0**52  # from here on every number is a whole one
DECIMALS_MAX = 9  # more decimals than this are never shown, only kept


@dataclass(frozen=True)
class Column:
    """A column and what its values are like; `minimum` to `smallest` are None where it has no finite number.

    `decimals` is how many decimals write every value exactly (DECIMALS_MAX: or more), `smallest` the least
    distance from zero of a value that is not zero, `increasing` whether each value is above the one before.
    """

    name: str
    kind: str  # integer, number, text, date, timestamp, logical, empty
    missing: int
    minimum: float | None = None
    maximum: float | None = None
    smallest: float | None = None
    decimals: int = 0
    increasing: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class TimeAxis:
    """The column that orders a dataset in time; `per_year` values a year when it holds decimal years, else 0."""

    column: str
    per_year: int = 0


@dataclass(frozen=True)
class Dataset:
    """A named table. `load` gives its rows: an Arrow table with exactly `columns`, in file order."""

    id: str
    title: str
    package: str
    rows: int
    columns: tuple[Column, ...]
    time: TimeAxis | None = None
    load: Callable[[], pa.Table] = field(repr=False, compare=False, default=None)

    @property
    def name(self) -> str:
        """The id without its package."""
        return self.id.rpartition("/")[2]

    @property
    def missing(self) -> int:
        return sum(column.missing for column in self.columns)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold at least one number, the time axis left out."""
        time = self.time.column if self.time else None
        return tuple(c.name for c in self.columns if c.is_number and c.minimum is not None and c.name != time)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def count(self, *kinds: str) -> int:
        return sum(column.kind in kinds for column in self.columns)


def describe(id: str, title: str, package: str, table: pa.Table, load: Callable[[], pa.Table]) -> Dataset:
    """Return the dataset that `table` is; `load` must give an equal table each time it is called."""
    columns = tuple(describe_column(name, values) for name, values in zip(table.column_names, table.columns))
    return Dataset(id, title, package, table.num_rows, columns, time_axis(columns, table), load)


def describe_column(name: str, values: pa.ChunkedArray) -> Column:
    """Return the kind and the extent of a column whose type is one that `kind_of` knows."""
    kind = kind_of(values.type)
    if kind in TIMES:
        return Column(name, kind, values.null_count, increasing=_increases(values.cast(_TIME_INTEGERS[kind])))
    if kind not in NUMBERS:
        return Column(name, kind, values.null_count)
    numbers = values.drop_null().to_numpy()
    numbers = numbers[np.isfinite(numbers)] if kind == "number" else numbers
    if not len(numbers):
        return Column(name, kind, values.null_count)
    sizes = np.abs(numbers[numbers != 0].astype(float))
    return Column(
        name,
        kind,
        values.null_count,
        minimum=float(numbers.min()),
        maximum=float(numbers.max()),
        smallest=float(sizes.min()) if len(sizes) else None,
        decimals=0 if kind == "integer" else _decimals(numbers),
        increasing=_increases(values),
    )


def kind_of(type: pa.DataType) -> str:
    """Return our word for an Arrow type; every table that a source gives has only these types."""
    return _KINDS[type.id]


_KINDS = {
    pa.int64().id: "integer",
    pa.float64().id: "number",
    pa.string().id: "text",
    pa.date32().id: "date",
    pa.timestamp("us").id: "timestamp",
    pa.bool_().id: "logical",
    pa.null().id: "empty",
}
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
    steps). Otherwise a date column or a year that increases from row to row.
    """
    for column in columns:
        if column.name == "time" and column.increasing and column.is_number:
            step = _equal_step(table["time"].to_numpy())
            if step:
                return TimeAxis("time", _per_year(column, step))
    for column in columns:
        dated = column.kind in TIMES or (column.kind == "integer" and column.name.lower() in ("year", "yr"))
        if dated and column.increasing and table.num_rows > 2:
            return TimeAxis(column.name)
    return None


def _equal_step(values: np.ndarray) -> float:
    """Return the step of an arithmetic series, 0.0 if it is none; R writes 15 digits, hence the tolerance."""
    if len(values) < 3:
        return 0.0
    step = (values[-1] - values[0]) / (len(values) - 1)
    return float(step) if np.allclose(np.diff(values), step, rtol=1e-6, atol=0) else 0.0


def _per_year(column: Column, step: float) -> int:
    """Return how many decimal-year values there are a year, 0 where the axis counts something else."""
    whole = round(1 / step)
    calendar = column.minimum >= 1000 and column.maximum < 2200
    return whole if calendar and whole > 1 and math.isclose(step * whole, 1, rel_tol=1e-6) else 0


def as_dates(years: np.ndarray, per_year: int) -> np.ndarray:
    """Return the dates that decimal years stand for, as datetime64[D].

    Months and quarters give their first day: 1949.08333 with 12 a year is 1949-02-01. Finer steps give the day.
    """
    if 12 % per_year == 0:
        months = np.rint((years - 1970) * 12).astype("datetime64[M]")
        return months.astype("datetime64[D]")
    whole = np.floor(years)
    starts = (whole - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    ends = (whole - 1969).astype("datetime64[Y]").astype("datetime64[D]")
    days = (ends - starts).astype(float)
    return starts + np.rint((years - whole) * days).astype("timedelta64[D]")


def normalise(table: pa.Table) -> pa.Table:
    """Return the table in the types that we show, values unchanged; NaN is missing, names are unique text.

    Types without a place of their own (durations, decimals, nested values, ...) become their text.
    """
    names = _unique_names(table.column_names)
    arrays = [_normal_array(column.combine_chunks()) for column in table.columns]
    return pa.table(arrays, names=names) if arrays else table


def _normal_array(values: pa.Array) -> pa.Array:
    kind = values.type
    if pa.types.is_dictionary(kind):
        return _normal_array(values.dictionary_decode())
    if pa.types.is_floating(kind):
        doubles = values.cast(pa.float64())
        return pc.if_else(pc.is_nan(doubles), pa.scalar(None, pa.float64()), doubles)
    if pa.types.is_integer(kind):
        return _cast_or_text(values, pa.int64())
    if pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None):
        return _normal_times(values)
    if pa.types.is_timestamp(kind):  # with a zone: as text in UTC, which sorts as the instants do
        return _as_text(values.cast(pa.timestamp(kind.unit, "UTC")))
    return values if kind.id in _KINDS else _as_text(values)


def _normal_times(values: pa.Array) -> pa.Array:
    years = pc.min_max(pc.year(values)).as_py()
    if years["min"] is not None and not 1 <= years["min"] <= years["max"] <= 9999:
        return _as_text(values)  # Python's dates end there
    if pa.types.is_date(values.type):
        return values.cast(pa.date32())
    return _cast_or_text(values, pa.timestamp("us")) if values.type.unit == "ns" else values


def _cast_or_text(values: pa.Array, kind: pa.DataType) -> pa.Array:
    try:
        return values.cast(kind)
    except pa.ArrowInvalid:  # too large, or finer than `kind` can hold: the text loses nothing
        return _as_text(values)


def _as_text(values: pa.Array) -> pa.Array:
    try:
        if not pa.types.is_duration(values.type):  # whose text would be a number without its unit
            return values.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        pass
    return pa.array([None if value is None else str(value) for value in values.to_pylist()], pa.string())


def _unique_names(names: list) -> list[str]:
    unique: list[str] = []
    for name in map(str, names):
        candidate, number = name, 2
        while candidate in unique:
            candidate, number = f"{name} ({number})", number + 1
        unique.append(candidate)
    return unique
