"""Where the bins of a histogram begin and end, what lies in them, and how conditions on the rows say so."""

import math
from dataclasses import dataclass

import numpy as np

from dataviewer.charts.source import Source, shorter, where_equal, where_text
from dataviewer.dataset import NUMBERS, TIMES
from dataviewer.view import Where

BINS = 8, 60  # fewest and most that are chosen by the data
LEAST = 6  # bins that are left where their width became a round number
WHOLE_BINS = 40  # whole numbers that span no more have a bin each
EXACT_MAX = 2.0**52  # beyond it not even every half of a whole number is a float
DAY_LENGTH, MIDNIGHT = len("2020-02-29"), " 00:00:00"
LARGEST, SMALLEST = np.finfo(float).max, np.finfo(float).smallest_subnormal
# Steps of a calendar: how many of which unit of numpy, and how many seconds that are.
CALENDAR = [
    *((step, "s", step) for step in (1, 5, 15, 30)),
    *((step, "m", step * 60) for step in (1, 5, 15, 30)),
    *((step, "h", step * 3600) for step in (1, 3, 6, 12)),
    *((step, "D", step * 86400) for step in (1, 7)),
    *((step, "M", step * 2629746) for step in (1, 3, 6)),
    *((step, "Y", step * 31556952) for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
]


@dataclass(frozen=True)
class Bins:
    """Bins between neighbouring `edges`, rising, floats or datetime64[us]: each holds its lower edge, the last both.

    `whole` says that each is one whole number, in its middle.
    """

    edges: np.ndarray
    whole: bool = False

    def __len__(self) -> int:
        return len(self.edges) - 1

    def counts(self, values: np.ndarray) -> np.ndarray:
        """Return how many of the values, dates or floats without NaN, lie in each bin."""
        # As whole numbers: numpy's histogram takes no dates.
        edges, values = (_microseconds(part) if part.dtype.kind == "M" else part for part in (self.edges, values))
        return np.histogram(values, edges)[0]

    def texts(self) -> list[str]:
        """Return how each bin is called."""
        if self.whole:
            return [f"{middle:.15g}" for middle in self.middles()]
        if self.edges.dtype.kind == "M":
            days = (self.edges == self.edges.astype("datetime64[D]")).all()
            ends = [str(edge)[: 10 if days else 19].replace("T", " ") for edge in self.edges]
        else:
            ends = [shorter(edge) for edge in self.edges.tolist()]
            ends = ends if len(set(ends)) == len(ends) else [f"{edge:.15g}" for edge in self.edges]
        return [f"{low} to {high}" for low, high in zip(ends, ends[1:])]

    def widths(self) -> list[float]:
        """Return how wide each bin is, as Plotly measures bars: dates in milliseconds."""
        if self.edges.dtype.kind == "M":
            return (np.diff(_microseconds(self.edges)) / 1000).tolist()
        with np.errstate(over="ignore"):
            return np.minimum(np.diff(self.edges), LARGEST).tolist()

    def middles(self) -> np.ndarray:
        return self.edges[:-1] + 0.5

    def wheres(self, source: Source, name: str) -> list[tuple[Where, ...] | None]:
        """Return the conditions that keep the rows of each bin; None where no condition can say it."""
        if not _can_say(source, name, self.edges):
            return [None] * len(self)
        if self.whole:
            return [(where_equal(name, middle),) for middle in self.middles().tolist()]
        ends = [_spelled(edge) for edge in self.edges]
        if source.column(name).kind == "timestamp" and len(ends[-1]) == DAY_LENGTH:
            ends[-1] += MIDNIGHT  # a day would be all of it
        upper = ["lt"] * (len(self) - 1) + ["lte"]
        return [
            (Where(name, "gte", (low,)), Where(name, operator, (high,)))
            for low, operator, high in zip(ends, upper, ends[1:])
        ]


def _can_say(source: Source, name: str, edges: np.ndarray) -> bool:
    """Return whether a condition on the column compares with the edges as the bins do."""
    kind = source.column(name).kind
    if edges.dtype.kind == "M":
        return kind in TIMES
    # A large integer is drawn as the nearest float, and compared as itself.
    return kind in NUMBERS and (kind == "number" or bool((np.abs(edges) < EXACT_MAX).all()))


def _spelled(edge: np.generic) -> str:
    if not isinstance(edge, np.datetime64):
        return where_text(float(edge))
    return str(edge).removesuffix("T00:00:00.000000").replace("T", " ")


def _microseconds(values: np.ndarray) -> np.ndarray:
    return values.astype("datetime64[us]").astype(np.int64)


# Where they lie ----------------------------------------------------------------------------------------


def find(values: np.ndarray, bins: int | None = None, unit: float = 0.0, log: bool = False) -> Bins:
    """Return the bins of values: as many as asked for, or as suit the data; even ones of logarithms where `log`.

    All values are inside. `unit` is what they are multiples of, 0.0 if nothing.
    """
    if values.dtype.kind == "M":
        return Bins(_calendar(values, bins))
    if log:
        with np.errstate(over="ignore"):
            edges = np.maximum(10.0 ** _even(np.log10(values), bins, 0.0), SMALLEST)
        # 10 ** log10(x) need not be x.
        edges[0], edges[-1] = min(edges[0], values.min()), max(min(edges[-1], LARGEST), values.max())
        return Bins(_apart(edges))
    low, high = float(values.min()), float(values.max())
    whole = unit == 1 and max(-low, high) < EXACT_MAX
    if whole and bins is None and high - low < WHOLE_BINS:
        return Bins(np.arange(low - 0.5, high + 1), whole=True)
    return Bins(_apart(_even(values, bins, unit)))


def _apart(edges: np.ndarray) -> np.ndarray:
    """Return the edges that are different floats, two at least."""
    edges = np.unique(np.clip(edges, -LARGEST, LARGEST))
    return edges if len(edges) > 1 else np.array([edges[0], np.nextafter(edges[0], np.inf)])


def _even(values: np.ndarray, bins: int | None, unit: float) -> np.ndarray:
    """Return the edges of bins of one width, a round number unless `bins` are asked for."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        room = min(abs(low) / 10, LARGEST / 4) or 0.5
        return np.array([low - room, low + room])
    step = 0.0 if bins or not math.isfinite(high - low) else _width(values, low, high, unit)
    if step < 1e-300:
        return np.linspace(low / 2, high / 2, (bins or BINS[0]) + 1) * 2  # halved, lest the difference be infinite
    first, last = math.floor(low / step), math.floor(high / step) + 1
    digits = 1 - math.floor(math.log10(step))  # decimals that write every multiple of the step
    edges = [round(place * step, digits) if digits > 0 else place * step for place in range(first, last + 1)]
    lower = [edges[0] - step] if edges[0] > low else []
    upper = [edges[-1] + step] if edges[-1] <= high else []
    return np.array([*lower, *edges, *upper])


def _width(values: np.ndarray, low: float, high: float, unit: float) -> float:
    """Return a round width of bins; their number follows Freedman and Diaconis 1981."""
    first, third = np.quantile(values, (0.25, 0.75))
    width = 2 * float(third - first) / len(values) ** (1 / 3)
    # Where half of the values are nearly alike, the quotient may be infinite.
    bins = (high - low) / max(width, (high - low) / 1e6) if width > 0 else math.log2(len(values)) + 1
    step = (high - low) / min(max(math.ceil(bins), BINS[0]), BINS[1])
    if step < 1e-300:
        return 0.0
    step = round_step(step)
    if (high - low) / step < LEAST:
        step = round_step(step / 2.1)  # the round number below
    # Else bins of, say, two and of three whole numbers would take turns.
    return 5 * unit if math.isclose(step, 2.5 * unit) else max(step, unit)


def round_step(step: float) -> float:
    """Return the nearest of 1, 2, 2.5 or 5 times a power of ten that is not less.

    >>> round_step(0.13), round_step(21.0)
    (0.2, 25.0)
    """
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


def _calendar(values: np.ndarray, bins: int | None) -> np.ndarray:
    """Return edges at full hours, days, months or years; `bins` that are asked for are of one length."""
    low, high = values.min(), values.max()
    span = int(_microseconds(high) - _microseconds(low)) / 1e6
    if bins and span:
        ends = _microseconds(np.array([low, high]))
        return np.unique(np.linspace(*ends, bins + 1).round().astype(np.int64)).astype("datetime64[us]")
    day = values.dtype == np.dtype("datetime64[D]")
    steps = [row for row in CALENDAR if not day or row[2] >= 86400]
    most = min(max(2 * math.ceil(len(values) ** (1 / 3)), BINS[0]), BINS[1])
    count, unit, _ = next((row for row in steps if span <= most * row[2]), steps[-1])
    # Weeks begin on Monday: numpy counts days from a Thursday.
    shift = 4 if unit == "D" and count == 7 else 0
    first, last = (int(end.astype(f"datetime64[{unit}]").astype(np.int64)) - shift for end in (low, high))
    places = np.arange(first // count, last // count + 2) * count + shift
    return places.astype(f"datetime64[{unit}]").astype("datetime64[us]")
