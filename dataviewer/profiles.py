"""What is in each column: missing and distinct values, how they are distributed, of a view and of all rows."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer.charts import bins
from dataviewer.charts.source import shorter, where_equal, where_text
from dataviewer.dataset import TIMES, Column, Dataset
from dataviewer.describe import same_zeros
from dataviewer.view import Where

BINS = 20  # at most, of a histogram as wide as a thumb
WHOLE_STEPS = 1, 2, 5  # widths of its bins where whole numbers span little
LIKE = 512  # dates: so many get at most 16 bins of calendar steps
TOP = 12  # values of a category that are listed
EXAMPLES = 3  # texts that are shown where none repeats
LABEL_MAX = 60  # characters of a text that are shown
WHERE_MAX = 500  # characters of a text that a condition names
EXACT_MAX = 2_000_000  # rows up to which quantiles are exact; of more a million evenly spread ones are sorted
SAMPLE = 1_000_000
QUANTILES = {"least": 0.0, "first quartile": 0.25, "median": 0.5, "third quartile": 0.75, "greatest": 1.0}
SQUARED = 1e-100, 1e100  # the square of a number between them, and a sum of many squares, is a float
TIME_ENDS = np.array(["0001-01-01", "9999-12-31T23:59:59.999999"], "datetime64[us]")  # of what conditions can name


@dataclass(frozen=True)
class Bar:
    """A bin or a value: how many rows of the view, and of all, have it, and the conditions that choose them.

    `wheres` are () where conditions cannot choose exactly these rows.
    """

    label: str
    count: int
    all: int
    wheres: tuple[Where, ...]


@dataclass(frozen=True)
class Profile:
    """A column in a view of `rows` rows. `others` are what no bar shows: values and rows of the view, rows of all.

    `statistics` are numbers, or texts for dates, by their names; `estimated` says whether quantiles are of a sample.
    """

    column: Column
    rows: int
    missing: int
    distinct: int
    bars: tuple[Bar, ...] = ()
    others: tuple[int, int, int] = (0, 0, 0)
    statistics: dict[str, object] = field(default_factory=dict)
    estimated: bool = False


def profile_columns(dataset: Dataset, table: pa.Table, matching: np.ndarray | None) -> list[Profile]:
    """Return the profile of each column, in table order, for the rows at the positions `matching` (None: all)."""
    places = None if matching is None else pa.array(matching)
    return [_profile(dataset, column, table[column.name], places) for column in dataset.columns]


def _profile(dataset: Dataset, column: Column, every: pa.ChunkedArray, places: pa.Array | None) -> Profile:
    values = every if places is None else every.take(places)
    distinct = column.distinct if places is None else _count_distinct(column, values)
    known = Profile(column, len(values), values.null_count, distinct)
    if column.distinct == 0:
        return known
    if column.kind in TIMES or (column.is_number and column.minimum is not None):
        return _of_numbers(known, dataset, every, values)
    return _of_values(known, every, values)


def _count_distinct(column: Column, values: pa.ChunkedArray) -> int:
    return pc.count_distinct(same_zeros(values)).as_py() if column.kind != "empty" else 0


# Numbers and dates -----------------------------------------------------------------------------------------


def _of_numbers(known: Profile, dataset: Dataset, every: pa.ChunkedArray, values: pa.ChunkedArray) -> Profile:
    column = known.column
    whole = _finite(column, every)
    chosen = whole if values is every else _finite(column, values)
    bars = _bars(dataset, column, whole, chosen)
    statistics, estimated = _statistics(column, chosen) if len(chosen) else ({}, False)
    infinite = known.rows - known.missing - len(chosen)
    if infinite:
        statistics["infinite"] = infinite
    return replace(known, bars=bars, statistics=statistics, estimated=estimated)


def _finite(column: Column, values: pa.ChunkedArray) -> np.ndarray:
    """Return the values that are there and finite: int64, float64 or datetime64."""
    numbers = values.drop_null().to_numpy()
    return numbers[np.isfinite(numbers)] if column.kind == "number" else numbers


def _bars(dataset: Dataset, column: Column, whole: np.ndarray, chosen: np.ndarray) -> tuple[Bar, ...]:
    if column.distinct == 1:
        value = whole[0].item()
        label = shorter(value + 0) if column.is_number else str(value)  # -0.0 + 0 is 0.0
        return (Bar(label, len(chosen), len(whole), (where_equal(column.name, value),)),)
    found = _bins(column, whole)
    alls = found.counts(whole).tolist()
    counts = alls if chosen is whole else found.counts(chosen).tolist()
    wheres = [where or () for where in found.wheres(dataset, column.name)]
    return tuple(map(Bar, found.texts(), counts, alls, wheres))


def _bins(column: Column, whole: np.ndarray) -> bins.Bins:
    """Return a few bins with round edges, which depend on the ends of all values alone."""
    if column.kind in TIMES:
        found = bins.find(np.repeat([whole.min(), whole.max()], LIKE // 2), None, False, False)
        return bins.Bins(found.edges.clip(*TIME_ENDS))
    ends = np.array([column.minimum, column.maximum])
    found = bins.find(ends, None, column.decimals == 0, False)
    if not found.whole:
        return found
    step = next(step for step in WHOLE_STEPS if ends[1] // step - ends[0] // step < BINS)
    return found if step == 1 else bins.Bins(np.arange(ends[0] // step, ends[1] // step + 2) * step)


def _statistics(column: Column, numbers: np.ndarray) -> tuple[dict[str, object], bool]:
    """Return what sums the values up, and whether the quantiles are of a sample."""
    least, greatest = numbers.min().item(), numbers.max().item()
    if column.kind in TIMES:
        return {"first": str(least), "last": str(greatest)}, False
    # Scaled by a power of two, which is exact, so that no square, no sum is infinite or zero.
    most = float(max(abs(least), abs(greatest)))
    scale = 1.0 if SQUARED[0] < most < SQUARED[1] or not most else 2.0 ** -max(min(math.frexp(most)[1], 1000), -1000)
    scaled = numbers if scale == 1 and column.kind == "number" else numbers.astype(float) * scale
    estimated = len(numbers) > EXACT_MAX
    some = scaled[np.linspace(0, len(scaled) - 1, SAMPLE).astype(np.int64)] if estimated else scaled
    found = dict(zip(QUANTILES, (np.quantile(some, list(QUANTILES.values())) / scale).tolist()))
    found |= {"least": least, "greatest": greatest, "mean": float(scaled.mean()) / scale}
    if len(numbers) > 1:
        found["standard deviation"] = float(scaled.std(ddof=1)) / scale
    return {name: value + 0 for name, value in found.items() if math.isfinite(value)}, estimated  # -0.0 + 0 is 0.0


# Texts and logicals ----------------------------------------------------------------------------------------


def _of_values(known: Profile, every: pa.ChunkedArray, values: pa.ChunkedArray) -> Profile:
    column, given = known.column, known.rows - known.missing
    shown, alls, other_rows = _top(every)
    statistics = _lengths(values) if column.kind == "text" else {}
    if column.kind == "text" and alls[0] == 1 and other_rows:
        examples = [_label(text) for text in values.drop_null()[:EXAMPLES].to_pylist()]
        statistics |= {"examples": ", ".join(examples)} if examples else {}
        return replace(known, others=(known.distinct, given, len(every) - column.missing), statistics=statistics)
    counts = alls
    if values is not every:
        places = pc.index_in(values, value_set=shown).drop_null().to_numpy()
        counts = np.bincount(places, minlength=len(shown)).tolist()
    names = shown.to_pylist()
    wheres = [_equal(column, value) for value in names]
    bars = tuple(map(Bar, map(_label, names), counts, alls, wheres))
    others = known.distinct - int(np.count_nonzero(counts)), given - sum(counts), other_rows
    return replace(known, bars=bars, others=others, statistics=statistics)


def _top(values: pa.ChunkedArray) -> tuple[pa.Array, list[int], int]:
    """Return the most frequent values, ties as they first appear, their numbers of rows, and how many others have."""
    counted = pc.value_counts(values.drop_null())
    counts = counted.field("counts").to_numpy()
    order = np.argsort(-counts, kind="stable")[:TOP]
    alls = counts[order].tolist()
    return counted.field("values").take(pa.array(order)), alls, int(counts.sum()) - sum(alls)


def _label(value: object) -> str:
    text = where_text(value)
    if not text.strip():
        return f"“{text}”"
    return text if len(text) <= LABEL_MAX else f"{text[: LABEL_MAX - 1]}…"


def _equal(column: Column, value: object) -> tuple[Where, ...]:
    where = where_equal(column.name, value)
    return (where,) if len(where.values[0]) <= WHERE_MAX else ()


def _lengths(values: pa.ChunkedArray) -> dict[str, object]:
    lengths = pc.utf8_length(values.drop_null())
    if not len(lengths):
        return {}
    ends = pc.min_max(lengths).as_py()
    return {"shortest": ends["min"], "longest": ends["max"], "mean length": pc.mean(lengths).as_py()}


def as_json(profiles: Sequence[Profile], spell: Callable[[Where], str]) -> list[dict]:
    """Return the profiles as the API gives them; `spell` writes a condition."""
    return [
        {
            "name": each.column.name,
            "type": each.column.kind,
            "meaning": each.column.meaning,
            "unit": each.column.unit,
            "rows": each.rows,
            "missing": each.missing,
            "distinct": each.distinct,
            "bars": [
                {
                    "label": bar.label,
                    "count": bar.count,
                    "all": bar.all,
                    "where": [spell(where) for where in bar.wheres],
                }
                for bar in each.bars
            ],
            "others": dict(zip(("values", "count", "all"), each.others)),
            "statistics": each.statistics,
            "estimated": each.estimated,
        }
        for each in profiles
    ]
