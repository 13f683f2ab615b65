"""Boxes, violins and strips as Plotly takes them: what of the values is computed, and which of them are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataviewer.charts.parts import Part
from dataviewer.charts.source import clicked

OUTLIERS_MAX = 100  # dots beyond the whiskers of a box
SAMPLE = 400  # values that a violin or a strip is drawn from, at even steps of rank


def draw_box(parts: Sequence[Part]) -> tuple[dict, int]:
    """Return boxes of known quartiles, and the most dots beyond the whiskers of one, if not all are drawn."""
    boxes = [box_of(part.values) for part in parts]
    drawn = [spread_out(box.outside, OUTLIERS_MAX) for box in boxes]
    trace = {
        "type": "box",
        "x": [part.place for part in parts],
        "q1": [box.first for box in boxes],
        "median": [box.median for box in boxes],
        "q3": [box.third for box in boxes],
        "lowerfence": [box.low for box in boxes],
        "upperfence": [box.high for box in boxes],
        "mean": [box.mean for box in boxes],
        # Plotly draws nothing of boxes whose first has no values at all; a median is no outlier.
        "y": [dots if len(dots) else [box.median] for box, dots in zip(boxes, drawn)],
        "boxpoints": "outliers",
        "boxmean": True,
        "marker": {"color": parts[0].color, "size": 4, "opacity": 0.7},
        "line": {"width": 1.5},
        "hoverinfo": "y",
        "customdata": [clicked(*part.wheres) if part.wheres else None for part in parts],
    }
    return trace, max([len(box.outside) for box, dots in zip(boxes, drawn) if len(dots) < len(box.outside)], default=0)


@dataclass(frozen=True)
class Box:
    """The quartiles and the mean of values, the ends of the whiskers, and in rising order what lies `outside` them."""

    first: float
    median: float
    third: float
    low: float
    high: float
    mean: float
    outside: np.ndarray


def box_of(values: np.ndarray) -> Box:
    """Return the box of values: whiskers reach to the furthest value within 1.5 times the distance of the quartiles.

    Tukey 1977; quartiles as numpy and R (type 7) interpolate them.
    """
    scale = _scale(values)
    ordered = np.sort(values) * scale
    first, median, third = (quantile(ordered, share) for share in (0.25, 0.5, 0.75))
    reach = 1.5 * (third - first)
    start, end = ordered.searchsorted(first - reach, "left"), ordered.searchsorted(third + reach, "right")
    ends = (first, median, third, float(ordered[start]), float(ordered[end - 1]), float(ordered.mean()))
    return Box(*(number / scale for number in ends), np.r_[ordered[:start], ordered[end:]] / scale)


def quantile(ordered: np.ndarray, share: float) -> float:
    """Return what `share` of rising values lie below: as numpy's, of which a call takes as long as all of a box.

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    place, part = divmod((len(ordered) - 1) * share, 1)
    low, high = float(ordered[int(place)]), float(ordered[min(int(place) + 1, len(ordered) - 1)])
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def _scale(values: np.ndarray) -> float:
    """Return a power of two that makes values small enough for their sums and squares to be floats."""
    return 2.0**-600 if np.abs(values).max() > 1e140 else 1.0


def draw_violin(parts: Sequence[Part]) -> tuple[dict, int]:
    """Return one violin, as wide as any other, and how many values it stands for, if it is drawn from fewer."""
    drawn, _, left = _sampled(parts)
    [part] = parts
    width = bandwidth(part.values) if left else 0.0
    violin = {
        "type": "violin",
        "points": False,
        "box": {"visible": True, "width": 0.15},
        "meanline": {"visible": True},
        "spanmode": "hard",
        "scalemode": "width",
        "scalegroup": f"{part.panel} {part.place} {part.name}",
        "marker": {"color": part.color},
        "line": {"width": 1.2},
        "hoverinfo": "y",
        **({"bandwidth": width} if width else {}),
        **({"customdata": [clicked(*part.wheres)]} if part.wheres else {}),
    }
    return violin | drawn, left


def bandwidth(values: np.ndarray) -> float:
    """Return how far a value is smeared in a density, by the rule of Silverman 1986; 0.0 where all are alike."""
    scale = _scale(values)
    ordered = np.sort(values) * scale
    between = quantile(ordered, 0.75) - quantile(ordered, 0.25)
    spread = min(filter(None, (float(ordered.std()), between / 1.349)), default=0.0)
    return 0.9 * spread * len(values) ** -0.2 / scale


def draw_strip(parts: Sequence[Part], numbers: np.ndarray) -> tuple[dict, int]:
    """Return the values as dots beside each other, and the most that a group has, if not all are drawn.

    A click on a dot points at its row; `numbers` are those of the rows drawn.
    """
    drawn, rows, left = _sampled(parts)
    strip = {
        "type": "box",
        "boxpoints": "all",
        "jitter": 0.5,
        "pointpos": 0,
        "fillcolor": "rgba(0,0,0,0)",
        "line": {"color": "rgba(0,0,0,0)"},
        "marker": {"color": parts[0].color, "size": 5, "opacity": 0.65},
        "hoveron": "points",
        "hoverinfo": "y",
        "customdata": [f"row={number}" for number in numbers[rows].tolist()],
    }
    return strip | drawn, left


def _sampled(parts: Sequence[Part]) -> tuple[dict, np.ndarray, int]:
    """Return where the values of the parts are drawn, evenly spread ones of many, of which rows they are, and the most
    that a part has of which not all are drawn."""
    drawn = [spread_out(np.argsort(part.values, kind="stable"), SAMPLE) for part in parts]
    left = max([len(part.values) for part, kept in zip(parts, drawn) if len(kept) < len(part.values)], default=0)
    places = [part.place for part, kept in zip(parts, drawn) for _ in kept]
    values = np.concatenate([part.values[kept] for part, kept in zip(parts, drawn)])
    return {"x": places, "y": values}, np.concatenate([part.rows[kept] for part, kept in zip(parts, drawn)]), left


def spread_out(values: np.ndarray, most: int) -> np.ndarray:
    """Return at most so many of sorted values, at even steps of rank, first and last among them.

    >>> spread_out(np.arange(9), 3).tolist()
    [0, 4, 8]
    """
    return values if len(values) <= most else values[np.linspace(0, len(values) - 1, most).round().astype(int)]
