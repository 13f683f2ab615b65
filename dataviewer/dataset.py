"""Dataset and Column: what is known of a table without opening it."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer import documentation, dtypes
from dataviewer.wording import count

NUMBERS = ("integer", "number")  # kinds that a line can be drawn of
TIMES = ("date", "timestamp")
DECIMALS_MAX = 9  # more decimals than this are never shown, only kept


@dataclass(frozen=True)
class Column:
    """A column and what its values are like; `minimum` to `smallest` are None where it has no finite number.

    `distinct` counts different values, missing ones left out. `decimals` is how many decimals write every value exactly
    (DECIMALS_MAX: or more), `smallest` the least distance from zero of a value that is not zero, `increasing` whether
    each value is above the one before, `even` whether each value occurs equally often, and more than once. `meaning`,
    `unit` and `title` (a few words, for an axis) are what its documentation says, "" where it says nothing.
    """

    name: str
    kind: str  # integer, number, text, date, timestamp, logical, empty
    missing: int
    distinct: int = 0
    minimum: float | None = None
    maximum: float | None = None
    smallest: float | None = None
    decimals: int = 0
    increasing: bool = False
    even: bool = False
    meaning: str = ""
    unit: str = ""
    title: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class TimeAxis:
    """The column that orders a dataset in time; `per_year` values a year when it holds decimal years, else 0.

    `written` says how, where its values are not the times themselves: "ymd" for dates as whole numbers (19800102 or
    800102), "year" for years as text.
    """

    column: str
    per_year: int = 0
    written: str = ""


@dataclass(frozen=True)
class Panel:
    """The columns that say of whom and when each row tells: no two rows share both.

    `fixed` are the columns that never change within a unit.
    """

    unit: str
    time: str
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class CountTable:
    """Rows that are the cells of a table: no two have the same values in all of the columns `by`.

    `weight` counts what lies in a cell; "" where each row is one cell and no column is named for counting.
    """

    weight: str
    by: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Dataset:
    """A named table. `load` gives its rows: an Arrow table with exactly `columns`, in file order.

    `help` gives its documentation as HTML, None where there is none. `find` gives the positions of the rows that a
    search means, best first; None: of those with the text in any cell.

    >>> from dataviewer import Catalog
    >>> airq = Catalog()["Ecdat/Airq"]
    >>> airq
    <Dataset Ecdat/Airq: Air Quality for Californian Metropolitan Areas, 30 rows, 6 columns>
    >>> airq.column("vala").meaning
    'value added of companies (in thousands of dollars)'
    """

    id: str
    title: str
    package: str
    rows: int
    columns: tuple[Column, ...]
    time: TimeAxis | None = None
    panel: Panel | None = None
    counts: CountTable | None = None
    load: Callable[[], pa.Table] = field(repr=False, compare=False, default=None)
    help: Callable[[], str] | None = field(repr=False, compare=False, default=None)
    find: Callable[[str], np.ndarray] | None = field(repr=False, compare=False, default=None)

    def __repr__(self) -> str:
        return f"<Dataset {self.id}: {self.title}, {count(self.rows, 'row')}, {count(len(self.columns), 'column')}>"

    @property
    def documentation(self) -> documentation.Documentation:
        """What its help page says, to print or section by section; empty where there is no page.

        >>> from dataviewer import Catalog
        >>> print(Catalog()["Ecdat/Airq"].documentation)  # doctest: +ELLIPSIS
        Air Quality for Californian Metropolitan Areas
        <BLANKLINE>
        Description
        <BLANKLINE>
        a cross-section from 1972
        ...
        """
        names = [column.name for column in self.columns if column.name != "rownames"]
        return documentation.parse(self.help() if self.help else "", names, self.name)

    def to_arrow(self) -> pa.Table:
        """Return the rows as an Arrow table, in file order.

        >>> from dataviewer import Catalog
        >>> Catalog()["Ecdat/Airq"].to_arrow().num_rows
        30
        """
        return self.load()

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a pandas DataFrame of your own, no value altered.

        integer is int64, with missing values Int64; number is float64, missing as NaN; logical is bool, with missing
        values boolean; text is pandas' own (str, before pandas 3 object); date is date32[day][pyarrow]; timestamp is
        datetime64; a column without any value is object.

        >>> from dataviewer import Catalog
        >>> Catalog()["Ecdat/Airq"].to_pandas()[["airq", "vala", "coas"]].head(2)
           airq    vala coas
        0   104  2734.4  yes
        1    85  2479.2  yes
        """
        return dtypes.to_pandas(self.load())

    def to_polars(self):
        """Return the rows as a polars DataFrame; raises MissingPackage, an ImportError, where polars is not installed.

        >>> from dataviewer import Catalog
        >>> Catalog()["Ecdat/Airq"].to_polars().shape
        (30, 6)
        """
        return dtypes.to_polars(self.load())

    @property
    def name(self) -> str:
        """The id without its package."""
        return self.id.rpartition("/")[2]

    @property
    def missing(self) -> int:
        return sum(column.missing for column in self.columns)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The columns that hold at least one number, the time axis left out."""
        time = self.time.column if self.time else None
        return tuple(c.name for c in self.columns if c.is_number and c.minimum is not None and c.name != time)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def count(self, *kinds: str) -> int:
        return sum(column.kind in kinds for column in self.columns)


def fingerprint(dataset: Dataset, table: pa.Table) -> bytes:
    """Return 16 bytes that differ where a cell, a name, a type or what is told of the dataset differs; in about 1 ms a
    megabyte."""
    told = {each.name: getattr(dataset, each.name) for each in fields(dataset) if each.repr}
    digest = hashlib.blake2b(repr(told).encode(errors="backslashreplace"), digest_size=16)
    with pa.ipc.new_stream(_Hashed(digest), table.schema) as writer:
        writer.write_table(table, max_chunksize=2**16)
    return digest.digest()


class _Hashed(io.RawIOBase):
    """A file whose content only enters a digest."""

    def __init__(self, digest: hashlib.blake2b):
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return len(data)


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


def as_times(values: pa.ChunkedArray, axis: TimeAxis) -> np.ndarray:
    """Return the times that a column's values stand for: datetime64, or the numbers themselves."""
    if axis.written == "ymd":
        return np.array([f"{as_ymd(number)}" for number in values.to_pylist()], "datetime64[D]")
    if axis.written == "year":
        return np.array(values.to_pylist()).astype(np.int64)
    return as_dates(values.to_numpy(), axis.per_year) if axis.per_year else values.to_numpy()


def as_ymd(number: int) -> str:
    """Return the ISO date that a whole number writes as yyyymmdd, or as yymmdd of the twentieth century.

    >>> as_ymd(800102), as_ymd(20101231)
    ('1980-01-02', '2010-12-31')
    """
    digits = f"{number:06d}" if number >= 10**6 else f"19{number:06d}"
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


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
        # Not dictionary_decode(): Arrow cannot do that with polars' texts.
        return _normal_array(values.dictionary).take(values.indices)
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
    if pa.types.is_date64(values.type):
        values = _days_or_moments(values)
    years = pc.min_max(pc.year(values)).as_py()
    if years["min"] is not None and not 1 <= years["min"] <= years["max"] <= 9999:
        return _as_text(values)  # Python's dates end there
    if pa.types.is_date(values.type):
        return values.cast(pa.date32())
    return _cast_or_text(values, pa.timestamp("us")) if values.type.unit == "ns" else values


def _days_or_moments(values: pa.Array) -> pa.Array:
    try:
        return values.cast(pa.date32())
    except pa.ArrowInvalid:  # it counts milliseconds, and not all are midnights
        return values.view(pa.int64()).cast(pa.timestamp("ms"))


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
    try:
        texts = [None if value is None else str(value) for value in values.to_pylist()]
    except OverflowError:  # a duration longer than Python's
        counts = values.view(pa.int64()).to_pylist()
        texts = [None if count is None else f"{count} {values.type.unit}" for count in counts]
    return pa.array(texts, pa.string())


def _unique_names(names: list) -> list[str]:
    unique: list[str] = []
    for name in map(str, names):
        candidate, number = name, 2
        while candidate in unique:
            candidate, number = f"{name} ({number})", number + 1
        unique.append(candidate)
    return unique
