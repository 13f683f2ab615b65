"""The lines of a chart as values, before anything is drawn: one value for each x, on the scale that was asked for."""

import html
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dataviewer.charts import base
from dataviewer.charts.first import UNITS_MAX
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import GROUPS_MAX, Groups, Source
from dataviewer.view import ROW

DASHES = ("", "dash", "dot", "longdash", "dashdot", "longdashdot")  # of columns, where groups have the colours
AGGREGATES = {"min": "least", "max": "greatest", "count": "number of values"}  # the others are called what they are


@dataclass(frozen=True)
class Line:
    """One line: `x` rises, NaN in `y` is a gap; `name` is HTML.

    `column` is the place of its column among those drawn, `panel` that of the frame that it is drawn in.
    """

    name: str
    x: np.ndarray
    y: np.ndarray
    color: str = ""
    column: int = 0
    panel: int = 0
    dash: str = ""


@dataclass(frozen=True)
class Frames:
    """What tells lines apart: the groups of panels and of colours, or panels of columns (`apart`)."""

    facets: Groups | None
    colors: Groups | None
    apart: bool
    titles: tuple[str, ...]


ALONE = Frames(None, None, False, ("",))


def frames_of(source: Source, plan: Plan) -> Frames:
    facets = source.groups(plan.facet) if plan.facet else None
    colors = source.groups(plan.color) if plan.color and not is_threads(source, plan) else None
    apart = plan.scale == "panels" and len(plan.y) > 1 and not facets
    titles = facets.labels if facets else tuple(map(base.escape, plan.y)) if apart else ()
    return Frames(facets, colors, apart, titles or ("",))


def lines_of(source: Source, plan: Plan, frames: Frames, along: np.ndarray, by_x: np.ndarray) -> tuple[list, bool]:
    """Return the lines of the rows `by_x`, and whether some value stands for several rows."""
    parts = _parts(frames, by_x)
    lines, merged = [], False
    for place, name in enumerate(plan.y):
        values = source.numbers(name)
        for facet, group, rows in parts:
            panel = facet if frames.facets else place if frames.apart else 0
            line = Line(_name(plan, name, frames, group), along[rows], values[rows], "", place, panel)
            line, several = one_value_each(line, plan)
            merged |= several
            lines.append(replace(line, **_look(place, group, frames)))
    return lines, merged


def _parts(frames: Frames, by_x: np.ndarray) -> list[tuple[int, int, np.ndarray]]:
    """Return the rows of each panel and colour that has any."""
    parts = [(0, 0, by_x)]
    for place, groups in enumerate((frames.facets, frames.colors)):
        if groups:
            numbers = range(len(groups.labels))
            codes = [groups.codes[rows] for _, _, rows in parts]
            split = [(part, n, part[2][own == n]) for part, own in zip(parts, codes) for n in numbers]
            parts = [(part[0], n, rows) if place else (n, 0, rows) for part, n, rows in split]
    return [part for part in parts if len(part[2])]


def _name(plan: Plan, name: str, frames: Frames, group: int) -> str:
    if frames.colors is None:
        return base.escape(name)
    label = frames.colors.labels[group]
    return label if len(plan.y) == 1 or frames.apart else f"{base.escape(name)}, {label}"


def _look(place: int, group: int, frames: Frames) -> dict:
    if frames.colors:
        dash = DASHES[0 if frames.apart else place % len(DASHES)]
        return {"color": frames.colors.colors()[group], "dash": dash}
    return {"color": base.COLORS[0 if frames.apart else place % len(base.COLORS)]}


def one_value_each(line: Line, plan: Plan) -> tuple[Line, bool]:
    """Return the line with one value for each x: their mean, or what the plan says; and whether some had several."""
    several = len(line.x) > 1 and bool((line.x[1:] == line.x[:-1]).any())
    if plan.agg == "count" and not several:
        return replace(line, y=(~np.isnan(line.y)).astype(float)), False
    if not several or plan.x == ROW:
        return line, False
    groups = pd.Series(line.y).groupby(line.x, sort=True)
    with np.errstate(over="ignore"):
        # The sum of nothing is a gap, not zero.
        values = groups.sum(min_count=1) if plan.agg == "sum" else groups.agg(plan.agg or "mean")
    x = values.index.to_numpy().astype(line.x.dtype)
    return replace(line, x=x, y=_finite(values.to_numpy().astype(float))), True


def word_of(plan: Plan) -> str:
    """Return what is drawn where several rows share an x."""
    return AGGREGATES.get(plan.agg, plan.agg) or "mean"


def merged_note(plan: Plan, merged: bool) -> list[str]:
    along = "row" if plan.x == ROW else plan.x
    if plan.agg == "count":
        return [f"Drawn is the {word_of(plan)} at each {along}."]
    told = plan.reason and plan.agg == plan.default.agg
    return [f"Several rows share the same {along}; the {word_of(plan)} is drawn."] if merged and not told else []


def scaled(lines: list[Line], plan: Plan) -> tuple[list[Line], list[str]]:
    """Return the lines on the scale of the plan; those that it cannot be given to are left out, with a sentence."""
    if plan.scale not in SCALES:
        return lines, []
    rescale, told, why = SCALES[plan.scale]
    given = [np.isfinite(line.y).any() for line in lines]
    ys = [rescale(line.y.astype(float)) if some else line.y for line, some in zip(lines, given)]
    lost = dict.fromkeys(html.unescape(line.name) for line, y in zip(lines, ys) if y is None)
    note = [f"{', '.join(lost)} cannot be {plan.scale}: {why}."] if lost else []
    return [replace(line, y=y) for line, y in zip(lines, ys) if y is not None], [told, *note]


def _indexed(values: np.ndarray) -> np.ndarray | None:
    start = values[np.isfinite(values)][0]
    with np.errstate(over="ignore"):
        return _finite(values / start * 100) if start else None


def _standardised(values: np.ndarray) -> np.ndarray | None:
    if np.nanmin(values) == np.nanmax(values):
        return None
    values = values / np.nanmax(np.abs(values))  # squares of large numbers would overflow
    centred = values - np.nanmean(values)
    spread = np.nanstd(values)
    return centred / spread if spread else None


SCALES = {
    "indexed": (_indexed, "Each line starts at 100.", "the first value is zero"),
    "standardised": (
        _standardised,
        "Each line in standard deviations from its mean.",
        "all values are equal",
    ),
}


def logarithmic(lines: list[Line], plan: Plan) -> tuple[list[Line], list[str]]:
    """Return the lines without what has no logarithm, and how many values that is."""
    if "y" not in plan.log:
        return lines, []
    lost = sum(int((line.y <= 0).sum()) for line in lines)
    note = [base.no_logarithm(lost)] if lost else []
    return [replace(line, y=np.where(line.y > 0, line.y, np.nan)) for line in lines], note


def averaged(line: Line, count: int) -> Line:
    """Return the moving average of `count` values around each; a gap where one of them is missing."""
    rolling = pd.Series(line.y.astype(float)).rolling(count, center=True, min_periods=count)
    return replace(line, y=rolling.mean().to_numpy())


def over_same_x(lines: list[Line]) -> list[Line]:
    """Return the lines with a point at each x that one of them has; what a line lacks there is a gap."""
    first = lines[0].x
    if all(len(line.x) == len(first) and (line.x == first).all() for line in lines):
        return lines
    x = np.unique(np.concatenate([line.x for line in lines]))
    together = []
    for line in lines:
        y = np.full(len(x), np.nan)
        y[np.searchsorted(x, line.x)] = line.y
        together.append(replace(line, x=x, y=y))
    return together


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


# A thread per unit ---------------------------------------------------------------------------------------


def is_threads(source: Source, plan: Plan) -> bool:
    """Return whether a colour has more groups than colours can tell apart, yet few enough to have a line each."""
    panel = source.dataset.panel
    unit = bool(panel and plan.color == panel.unit and plan.kind.name == "line")
    return unit and not plan.facet and GROUPS_MAX < source.column(plan.color).distinct <= UNITS_MAX


def threads_of(source: Source, plan: Plan, frames: Frames, along: np.ndarray, by_x: np.ndarray) -> list[Line]:
    """Return a line for each unit and column."""
    units = source.groups(plan.color, UNITS_MAX)
    rows = by_x[units.codes[by_x] >= 0]
    rows = rows[np.argsort(units.codes[rows], kind="stable")]
    parts = np.split(rows, np.searchsorted(units.codes[rows], range(1, len(units.labels))))
    lines = []
    for place, name in enumerate(plan.y):
        values = source.numbers(name).astype(float)
        for label, part in zip(units.labels, parts):
            if len(part):
                line = Line(label, along[part], values[part], "", place, place if frames.apart else 0)
                lines.append(one_value_each(line, plan)[0])
    return lines
