"""The rows of a view as charts take them: numbers, dates, groups; each read once, whatever the conditions left."""

import html
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer import units
from dataviewer.charts import base
from dataviewer.dataset import TIMES, Column, Dataset, as_times
from dataviewer.view import LENGTH_MAX, ROW, Where, Word, spell_where

WHOLE_MAX = 1e15  # larger numbers are told in twelve digits and a power of ten
AXIS_TITLE_MAX = 42  # characters: the height of a chart has room for as many
GROUPS_MAX = 12  # groups that colours, panels or bars tell apart; the rest are one
LETTER, LINE, MARGINS = 6.7, 16, 72  # pixels: the width of a letter, the height of a line, left and right of a chart


@dataclass(frozen=True)
class Groups:
    """The rows in groups: `codes` say which, -1 for a missing value; `labels` are HTML, `wheres` choose their rows.

    The last group holds `others` further values where there are too many to tell apart (0: it is a group like any).
    """

    column: str
    codes: np.ndarray
    labels: tuple[str, ...]
    wheres: tuple[tuple[Where, ...], ...]
    others: int = 0

    def colors(self) -> list[str]:
        colors = [base.COLORS[place % len(base.COLORS)] for place in range(len(self.labels))]
        return [*colors[:-1], base.OTHER_COLOR] if self.others else colors


@dataclass(frozen=True)
class Source:
    """What a chart is drawn from. `positions` are the rows of `table` that the view's conditions left, None for all."""

    dataset: Dataset
    table: pa.Table
    positions: np.ndarray | None
    width: int

    @property
    def rows(self) -> int:
        return self.table.num_rows if self.positions is None else len(self.positions)

    def column(self, name: str) -> Column:
        return self.dataset.column(name)

    def values(self, name: str) -> pa.ChunkedArray:
        values = self.table[name]
        return values if self.positions is None else values.take(pa.array(self.positions))

    @cached_property
    def row_numbers(self) -> np.ndarray:
        """The positions of the rows in the file, from 1."""
        return (np.arange(self.table.num_rows) if self.positions is None else self.positions) + 1

    def numbers(self, name: str) -> np.ndarray:
        """Return the numbers of a column; where it has none that an axis could show, NaN. Whole ones stay whole."""
        numbers = self.values(name).to_numpy()
        if numbers.dtype.kind == "b" or numbers.dtype == object:
            numbers = numbers.astype(float)
        return np.where(np.isfinite(numbers), numbers, np.nan) if numbers.dtype.kind == "f" else numbers

    def missing(self, name: str) -> int:
        return self.values(name).null_count

    def title(self, name: str | Word) -> str:
        """Return what an axis along a column is called: its name, and what it means where that is known, in as many
        characters as an axis has room for; the dataset's own title, which a series has for a meaning, says nothing."""
        if isinstance(name, Word) or not name:
            return self.plain(name)
        column = self.column(name)
        told = units.fit(column.title, column.unit, AXIS_TITLE_MAX - len(f"{name} – "))
        repeats = told.casefold() == name.casefold() or self.dataset.title.startswith(column.title.rstrip("…"))
        return f"{name} – {told}" if told and not repeats else name

    def plain(self, name: str | Word) -> str:
        return name.name if isinstance(name, Word) else name

    def infinite(self, names: Sequence[str]) -> int:
        """Return how many values of the columns are infinite."""
        floats = [self.values(name).to_numpy() for name in names if pa.types.is_floating(self.table[name].type)]
        return sum(int(np.isinf(numbers).sum()) for numbers in floats)

    def along(self, name: str | Word) -> np.ndarray:
        """Return the values of an axis: numbers, or dates as datetime64 (NaT where missing); row numbers for ROW."""
        if name == ROW:
            return self.row_numbers
        if self._is_time(name):
            return as_times(self.values(name), self.dataset.time)
        return self.values(name).to_numpy() if self.column(name).kind in TIMES else self.numbers(name)

    def _is_time(self, name: str | Word) -> bool:
        return bool(self.dataset.time and self.dataset.time.column == name)

    def axis_type(self, name: str | Word) -> str:
        """Return Plotly's type of the axis that a column is drawn along: linear or date."""
        if name == ROW:
            return "linear"
        time = self.dataset.time
        written = self._is_time(name) and (time.per_year or time.written == "ymd")
        return "date" if written or self.column(name).kind in TIMES else "linear"

    def hover_format(self, name: str | Word) -> str:
        """Return the d3 format in which the hover tells a value of an axis, as exactly as it stands in the data."""
        if name == ROW:
            return "d"
        if self.axis_type(name) == "date":
            per_year = self.dataset.time.per_year if self._is_time(name) else 0
            if per_year and 12 % per_year == 0:
                return "%b %Y"
            return "%d %b %Y %H:%M:%S" if self.column(name).kind == "timestamp" else "%d %b %Y"
        column = self.column(name)
        whole = column.decimals == 0 and max(-(column.minimum or 0), column.maximum or 0) < WHOLE_MAX
        return "d" if whole else base.EXACT

    def groups(self, name: str, most: int = GROUPS_MAX) -> Groups:
        """Return the rows grouped by a column: numbers, dates and logicals ascending, texts as they first appear.

        Of more than `most` values the most frequent stay, texts most frequent first, and one group holds all others.
        """
        rows = self.values(name).combine_chunks()
        # Zero has two spellings as a float, and is one value.
        encoded = (pc.add(rows, 0.0) if pa.types.is_floating(rows.type) else rows).dictionary_encode()
        values = encoded.dictionary.to_pylist()
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        counts = np.bincount(codes[codes >= 0], minlength=len(values))
        shown = np.arange(len(values))
        if len(values) > most:
            shown = np.argsort(-counts, kind="stable")[: most - 1]
        if self.column(name).kind != "text":
            shown = np.array(sorted(shown.tolist(), key=values.__getitem__), int)
        places = np.full(len(values) + 1, len(shown))  # those left out share the last group; -1 finds the last place
        places[shown] = np.arange(len(shown))
        places[-1] = -1
        others = len(values) - len(shown)
        labels = labels_of([values[place] for place in shown])
        wheres = [(where_equal(name, values[place]),) for place in shown]
        if others:
            labels.append(f"{others:,} others")
            none_of = Where(name, "nin", tuple(where_text(values[place]) for place in shown))
            wheres.append((none_of, Where(name, "notnull")))
        return Groups(name, places[codes], tuple(labels), tuple(wheres), others)

    def row_names(self) -> list[str] | None:
        """Return what each row is called in its file, None where rows only have numbers."""
        if "rownames" not in self.table.column_names:
            return None
        return [base.label(name) for name in self.values("rownames").to_pylist()]


def labels_of(values: Sequence) -> list[str]:
    """Return how values are called; texts whose beginnings are alike keep their ends."""
    labels = [base.label(value) for value in values]
    alike = {label for label, count in Counter(labels).items() if count > 1}
    half = base.LABEL_MAX // 2
    return [
        base.label(f"{value[: half - 1]}…{value[-half:]}") if label in alike and isinstance(value, str) else label
        for value, label in zip(values, labels)
    ]


def turned(labels: Sequence[str], width: int) -> dict:
    """Return how labels that share `width` pixels are turned so that none covers another."""
    longest = max((len(html.unescape(label)) for label in labels), default=0)
    room = (width - MARGINS) / max(len(labels), 1)
    angle = 0 if longest * LETTER + 8 <= room else -30 if room >= LINE * 2 else 90
    return {"tickangle": angle, "ticklabeloverflow": "allow"}


def where_text(value: object) -> str:
    """Return a value as a condition spells it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def where_equal(name: str, value: object) -> Where:
    return Where(name, "eq", (where_text(value),))


def clicked(*wheres: Where, **put: str) -> str | None:
    """Return what a click does to the view, as a query string: conditions are added, other keys are set.

    None where no link could hold it.
    """
    pairs = list(put.items()) + [("where", spell_where(where)) for where in dict.fromkeys(wheres)]
    text = "&".join(f"{key}={quote(value, safe=':')}" for key, value in pairs)  # most need no quoting, seen at once
    return text if len(text) <= LENGTH_MAX // 2 else None


def json_values(values: np.ndarray) -> np.ndarray | list:
    """Return the values of an axis as JSON can hold them."""
    if values.dtype.kind != "M":
        return values
    texts = np.datetime_as_string(values)
    return [None if text == "NaT" else text for text in texts.tolist()]


def text(value: object) -> str:
    """Return an end of an axis as a sentence says it."""
    return str(value).replace("T", " ")


def shorter(number: float) -> str:
    """Return a number in six significant digits, thousands grouped where it is large.

    >>> shorter(1234567.891), shorter(0.1234567), shorter(5.0)
    ('1,234,570', '0.123457', '5')
    """
    if not math.isfinite(number):
        return str(number)
    rounded = float(f"{number:.6g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1e4 and abs(rounded) < 1e15 else f"{rounded:.6g}"
