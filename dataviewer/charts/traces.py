"""Lines as Plotly draws them: of many points those that matter, gaps left open, areas down to zero, threads."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataviewer.charts import base, marks, series
from dataviewer.charts.plan import Plan
from dataviewer.charts.series import Frames, Line
from dataviewer.charts.source import json_values
from dataviewer.downsample import keep_extremes

RUNS_MIN = 120  # of lines that share their points, each keeps the extremes of at least so many runs
THREAD_RUNS_MIN = 8
FADED = 0.3


@dataclass(frozen=True)
class Drawn:
    """A line, its traces, and how many of its points they hold."""

    line: Line
    traces: tuple[dict, ...]
    points: int


def lines_of(lines: list[Line], plan: Plan, x: marks.XAxis, width: int, frames: Frames) -> list[Drawn]:
    """Return the lines or areas of a plan, for panels of `width` pixels."""
    if plan.kind.name != "area":
        return [_line(line, plan, x, width, frames) for line in lines]
    if not is_stacked(lines, plan):
        return [_area(line, x, width, frames) for line in lines]
    stacks = [[line for line in lines if line.panel == panel] for panel in range(len(frames.titles))]
    return [drawn for stack in stacks if stack for drawn in _stack(stack, x, width, frames)]


def _line(line: Line, plan: Plan, x: marks.XAxis, width: int, frames: Frames) -> Drawn:
    """Return a line; where it has a moving average, that one after it."""
    points = _points([line], x, width)
    plain = _trace(line, x, points, frames)
    if not plan.smooth:
        return Drawn(line, (plain,), len(points))
    average = series.averaged(line, plan.smooth)
    smooth = _trace(average, x, _points([average], x, width), frames)
    faded = plain | {"opacity": FADED, "showlegend": False, "hoverinfo": "skip"}
    faded.pop("hovertemplate", None)
    return Drawn(line, (faded, smooth | {"line": smooth["line"] | {"width": 2}}), len(points))


def _area(line: Line, x: marks.XAxis, width: int, frames: Frames) -> Drawn:
    points = _points([line], x, width)
    trace = _trace(line, x, points, frames)
    fill = {"fillcolor": f"rgba{(*bytes.fromhex(line.color[1:]), 0.18)}"}
    y = line.y[points]
    if not np.isnan(y).any():
        return Drawn(line, (trace | fill | {"fill": "tozeroy"},), len(points))
    fill |= {"fill": "toself", "mode": "none", "hoverinfo": "skip", "showlegend": False}
    # Filled down to zero, Plotly would bridge the gaps.
    around = _outline(json_values(line.x[points]), y)
    fill |= {"type": "scatter", "name": line.name, "legendgroup": line.name} | around
    return Drawn(line, (fill, trace | {"legendgroup": line.name}), len(points))


def _outline(xs: Sequence, y: np.ndarray) -> dict:
    """Return the borders of the areas between the line and zero, one for each run of values without a gap."""
    around_x, around_y = [], []
    for run in np.ma.clump_unmasked(np.ma.masked_invalid(y)):
        x = list(xs[run])
        around_x += [x[0], *x, x[-1], None]
        around_y += [0, *y[run].tolist(), 0, None]
    return {"x": around_x, "y": around_y}


def _stack(lines: list[Line], x: marks.XAxis, width: int, frames: Frames) -> list[Drawn]:
    """Return the areas of a panel with points at the same x: where one has none, Plotly takes it for zero."""
    if len(lines) == 1:
        return [_area(lines[0], x, width, frames)]
    lines = series.over_same_x(lines)
    points = _points(lines, x, width)
    stacked = {"stackgroup": str(lines[0].panel)}
    return [Drawn(line, (_trace(line, x, points, frames) | stacked,), len(points)) for line in lines]


def _points(lines: Sequence[Line], x: marks.XAxis, runs: int) -> np.ndarray:
    """Return the positions of the points that are drawn of lines over the same x, of those that the axis shows."""
    shown = x.window(lines[0].x)
    xs = lines[0].x[shown]
    if len(lines) > 1:
        runs = min(runs, max(runs // len(lines), RUNS_MIN))
    along = None if len(xs) <= 3 * runs or (x.type == "linear" and _counts(x, xs)) else x.along(xs)
    return np.unique(np.concatenate([keep_extremes(line.y[shown], runs, along) for line in lines])) + shown.start


def _counts(x: marks.XAxis, xs: np.ndarray) -> bool:
    """Return whether the values of an axis are the numbers of rows, without a gap."""
    return x.is_count and len(xs) > 0 and xs[-1] - xs[0] == len(xs) - 1


def _trace(line: Line, x: marks.XAxis, points: np.ndarray, frames: Frames) -> dict:
    xs, y = line.x[points], line.y[points]
    dash = {"dash": line.dash} if line.dash else {}
    trace = {
        "type": "scatter",
        "mode": "lines",
        "name": line.name,
        "y": y,
        "line": {"width": 1.6 if len(y) < 2000 else 1, "color": line.color} | dash,
        **_lone_points(y),
    }
    if frames.apart and not frames.colors:
        trace |= {"hovertemplate": "%{y}<extra></extra>", "showlegend": False}
    elif len(frames.titles) > 1:
        trace |= {"legendgroup": line.name}
    if _counts(x, xs):
        return trace | {"x0": int(xs[0]), "dx": 1}
    return trace | {"x": json_values(xs)}


def _lone_points(y: np.ndarray) -> dict:
    """Return the dots for values without a neighbour: a line draws nothing of them."""
    given = np.concatenate([[False], ~np.isnan(y), [False]])
    lone = given[1:-1] & ~given[:-2] & ~given[2:]
    if not lone.any():
        return {}
    return {"mode": "lines+markers", "marker": {"size": np.where(lone, 4, 0), "line": {"width": 0}}}


def is_stacked(lines: list[Line], plan: Plan) -> bool:
    """Return whether areas lie on each other, which those below zero cannot."""
    return plan.stack == "stacked" and not any((line.y < 0).any() for line in lines)


# A thread per unit ---------------------------------------------------------------------------------------


def threads_of(units: list[Line], means: list[Line], plan: Plan, x: marks.XAxis, width: int) -> list[Drawn]:
    """Return for each column its mean as a thick line over one trace that holds a thin line for each unit.

    Along the rows, where units have no place in common, there is no mean.
    """
    alone = len({mean.panel for mean in means}) == len(means)  # else each column has a colour of its own
    drawn = []
    for mean in means:
        own = [unit for unit in units if unit.column == mean.column]
        runs = max(width // max(len(own), 1), THREAD_RUNS_MIN)
        points = [_points([unit], x, runs) for unit in own]
        thin = {"name": mean.name, "line": {"width": 1, "color": base.COLORS[0] if alone else mean.color}}
        thick = {"line": {"width": 3, "color": base.COLORS[1] if alone else mean.color}, "showlegend": not alone}
        thick["hovertemplate"] = f"{series.word_of(plan)}, %{{x}}: %{{y}}<extra></extra>"
        line = series.averaged(mean, plan.smooth) if plan.smooth else mean
        kept = _points([line], x, width)
        traces = (_thread(own, points) | thin, _trace(line, x, kept, series.ALONE) | thick)
        drawn += [
            Drawn(mean, traces[: 1 if x.is_count else 2], len(kept)),
            *(Drawn(unit, (), len(at)) for unit, at in zip(own, points)),
        ]
    return drawn


def _thread(units: list[Line], points: list[np.ndarray]) -> dict:
    """Return a trace with a thin line for each unit and a gap between each two."""
    xs, ys, texts = [], [np.empty(0)], []
    for unit, kept in zip(units, points):
        xs += [*list(json_values(unit.x[kept])), None]
        ys += [unit.y[kept], [np.nan]]
        texts += [unit.name] * len(kept) + [""]
    ys = np.concatenate(ys)
    hover = {"text": texts, "hovertemplate": "%{text}, %{x}: %{y}<extra></extra>", "showlegend": False}
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "opacity": 0.45, **hover, **_lone_points(ys)}
