"""Lines through dots: least squares, and the locally weighted regression of Cleveland."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataviewer.charts import base
from dataviewer.charts.marks import XAxis
from dataviewer.charts.source import json_values

SPAN = 2 / 3  # share of the points that each local fit sees, as R's lowess does
ROUNDS = 3  # repetitions that lessen the weight of outliers
FITS_MAX = 150  # places of local fits; between them lines are straight
POINTS_MAX = 4000  # points that local fits see; of more, as many evenly spread ones
SORTED_MAX = 400_000  # points that are sorted; of more, one of each stretch of the file: equal steps could beat with it
TOLD_MAX = 4  # lines whose numbers are told
SPREAD = 1e-7  # of the mean distance from the curve: where half of the points lie closer, they lie on it
ROUNDING = 1e-12  # of the range of y
DAY = 86_400e6  # microseconds
# What the slope of a line over dates is told for: the first that goes twice into the time shown.
STEPS = (("year", 365.2425), ("day", 1), ("hour", 1 / 24), ("second", 1 / 86_400))


@dataclass(frozen=True)
class Dots:
    """The dots of one colour in one panel: their places, the positions of their rows, the column of their height."""

    name: str
    column: str
    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    color: str
    panel: int = 0


@dataclass(frozen=True)
class Fit:
    """The curve at increasing `x`, and in `words` what it is in numbers."""

    x: np.ndarray
    y: np.ndarray
    words: str = ""


def draw(name: str, dots: Sequence[Dots], titles: Sequence[str], x: XAxis, log_y: bool) -> tuple[list, list[str]]:
    """Return a line through the dots of each colour and panel, each with its panel, and a sentence on them."""
    fits = [(each, _fit_dots(name, each, x, log_y)) for each in dots]
    fits = [(each, found) for each, found in fits if found]
    if not fits:
        return [], ["Too few points for a trend."]
    several = len(dots) > 1
    colored = len({each.color for each in dots}) > 1
    traces = [(each.panel, _trace(each, found, x, colored)) for each, found in fits]
    told = [f"{called(each, titles)} {found.words}" if several else found.words for each, found in fits if found.words]
    what = f": {'; '.join(told)}" if 0 < len(told) <= TOLD_MAX else ""
    return traces, [f"{TITLES[name]}{what}."]


def called(dots: Dots, titles: Sequence[str]) -> str:
    """Return how sentences call dots: their panel, where there are several, and their name."""
    panel = [titles[dots.panel]] if len(titles) > 1 else []
    return html.unescape(", ".join([*panel, dots.name]))


def _trace(dots: Dots, found: Fit, x: XAxis, colored: bool) -> dict:
    xs = (found.x * DAY).round().astype("datetime64[us]") if x.type == "date" else found.x
    line = {"color": dots.color if colored else base.COLORS[1], "width": 2.2}
    trace = {"type": "scatter", "mode": "lines", "x": json_values(xs), "y": found.y, "line": line, "name": dots.name}
    return trace | {"hoverinfo": "skip", "showlegend": False, "legendgroup": dots.name}


def _fit_dots(name: str, dots: Dots, x: XAxis, log_y: bool) -> Fit | None:
    if x.type != "date":
        return fit(name, dots.x.astype(float), dots.y, x.type == "log", log_y)
    days = dots.x.astype("datetime64[us]").astype(float) / DAY
    return fit(name, days, dots.y, False, log_y, dates=True)


def fit(
    name: str, x: np.ndarray, y: np.ndarray, log_x: bool = False, log_y: bool = False, dates: bool = False
) -> Fit | None:
    """Return the trend of dots as it is drawn on their axes (fitted to logarithms there); None of too few points.

    Where `x` are `dates` they are days, and the slope is told for a year, a day, an hour or a second.
    """
    u, v = np.log10(x) if log_x else x, np.log10(y) if log_y else y
    if len(u) < 3 or u.min() == u.max():
        return None
    unit, length = next(step for step in (*STEPS, STEPS[-1]) if np.ptp(u) >= 2 * step[1]) if dates else ("", 1)
    found = FITS[name](u, v, f" a {unit}".replace("a h", "an h") if dates else "", length)
    of = " of the logarithms" if log_x and log_y else f" of the logarithm of {'x' if log_x else 'y'}"
    words = f"{found.words}{of}" if found.words and (log_x or log_y) else found.words
    return Fit(np.power(10.0, found.x) if log_x else found.x, np.power(10.0, found.y) if log_y else found.y, words)


def least_squares(x: np.ndarray, y: np.ndarray, per: str = "", length: float = 1) -> Fit:
    """Return the straight line with the least squares of vertical distances; `words` tell its slope per `length`."""
    (u, middle_x, size_x), (v, middle_y, size_y) = _centred(x), _centred(y)
    slope = float((u * v).sum() / (u**2).sum())
    total = float((v**2).sum())
    rest = float(((v - slope * u) ** 2).sum())
    explained = f", R² {max(1 - rest / total, 0):.2f}" if total else ""
    ends = np.array([x.min(), x.max()])
    fitted = middle_y + size_y * (slope * ((ends - middle_x) / size_x))
    return Fit(ends, fitted, f"slope {slope * (size_y / size_x) * length:.4g}{per}{explained}")


def correlation(x: np.ndarray, y: np.ndarray) -> float | None:
    """Return Pearson's r, None of fewer than three points or where one side has equal values."""
    if len(x) < 3:
        return None
    u, v = _centred(x)[0], _centred(y)[0]
    both = float((u**2).sum() * (v**2).sum())
    return float(np.clip((u * v).sum() / both**0.5, -1, 1)) if both else None


def _centred(values: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return values around their mean, the greatest of them one; the mean; the size of that one.

    Squares of values as large as 1e300 would be infinite. Zeros if all are equal.
    """
    largest = float(np.abs(values).max()) or 1.0
    middle = float((values / largest).mean()) * largest
    if values.min() == values.max():
        return np.zeros(len(values)), middle, 1.0
    around = values - middle
    size = float(np.abs(around).max())
    around = around / size
    return around - around.mean(), middle, size


def lowess(x: np.ndarray, y: np.ndarray, per: str = "", length: float = 1) -> Fit:
    """Return the robust locally weighted regression of y on x.

    Exact at each different x of up to FITS_MAX, else at evenly spaced ones and straight between; of more than
    POINTS_MAX points it sees as many, evenly spread.
    Cleveland 1979, https://doi.org/10.1080/01621459.1979.10481038
    """
    words = f"fitted to {POINTS_MAX:,} of {len(x):,} points, evenly spread" if len(x) > POINTS_MAX else ""
    if len(x) > SORTED_MAX:
        stretches = np.arange(SORTED_MAX) + np.random.default_rng(0).random(SORTED_MAX)
        rows = (stretches * (len(x) / SORTED_MAX)).astype(int)
        x, y = x[rows], y[rows]
    order = np.argsort(x, kind="stable")
    if words:
        order = order[np.linspace(0, len(order) - 1, POINTS_MAX).round().astype(int)]
    (start, wide), (low, tall) = _frame(x[order]), _frame(y[order])
    u, v = (x[order] - start) / wide, (y[order] - low) / tall
    places = np.unique(u)
    if len(places) > FITS_MAX:
        places = places[np.linspace(0, len(places) - 1, FITS_MAX).round().astype(int)]
    near = _nearness(u, places)
    robust = np.ones(len(u))
    for repetition in range(ROUNDS + 1):
        curve = _heights(u, v, places, near, robust)
        distances = np.abs(v - np.interp(u, places, curve))
        middle = np.median(distances)
        if repetition == ROUNDS or middle <= max(SPREAD * distances.mean(), ROUNDING):
            break
        robust = np.clip(1 - (distances / (6 * middle)) ** 2, 0, 1) ** 2
    return Fit(start + wide * places, low + tall * curve, words)


def _frame(values: np.ndarray) -> tuple[float, float]:
    """Return the least value and how far the greatest lies above it, 1 if it does not."""
    return values.min(), np.ptp(values) or 1.0


def _nearness(x: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return for each place (row) what each point (column) weighs there, by its distance: all from 0 to 1."""
    near = min(max(int(SPAN * len(x) + 1e-7), 2), len(x))
    distances = np.abs(x - places[:, None])
    reach = np.partition(distances, near - 1, axis=1)[:, [near - 1]]
    # Where so many points share one place, they alone count.
    relative = np.divide(distances, reach, out=np.where(distances > 0, 1.0, 0.0), where=reach > 0)
    weights = np.where(relative < 0.999, (1 - np.minimum(relative, 1) ** 3) ** 3, 0.0)
    return np.where(relative <= 0.001, 1.0, weights)


def _heights(x: np.ndarray, y: np.ndarray, places: np.ndarray, near: np.ndarray, robust: np.ndarray) -> np.ndarray:
    """Return at each place the height of the line fitted to the points, `near` times `robust` their weights."""
    sums = near @ np.stack([robust, robust * x, robust * y], axis=1)
    total = sums[:, 0]
    known = total > 0
    total = np.where(known, total, 1.0)
    centre, level = sums[:, 1] / total, sums[:, 2] / total
    away = x - centre[:, None]
    weighted = near * robust * away
    squares = (weighted * away).sum(axis=1) / total
    slope = (weighted @ y) / total / np.where(squares > 0, squares, 1.0)
    # Points too close together tell no slope; those without weight leave the height of their own.
    sloped = np.sqrt(squares) > 0.001
    curve = level + np.where(sloped, (places - centre) * slope, 0.0)
    return np.where(known, curve, np.interp(places, x, y))


FITS = {"linear": least_squares, "lowess": lowess}
TITLES = {"linear": "Least squares", "lowess": "Locally weighted regression (lowess)"}
