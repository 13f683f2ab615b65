"""Lines and areas: columns over time, over the rows, over another column; in panels where one axis would mislead."""

import numpy as np

from dataviewer.charts import base, marks, series, traces, words
from dataviewer.charts.first import LINES_MAX, PANEL_LINES, facts
from dataviewer.charts.plan import Plan, why_panels
from dataviewer.charts.series import Frames, Line
from dataviewer.charts.source import Source, text
from dataviewer.view import ROW, View
from dataviewer.wording import count

TALL = {"panels": 90, "facet": 130}  # pixels that a panel needs, its title included


def draw_lines(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return one line per column, and per group where the plan has a colour, over x."""
    x, problems = marks.x_axis(source, plan.x, view, "x" in plan.log)
    along = source.along(plan.x)
    by_x, left_out = _by_x(source, plan, along, x)
    frames = series.frames_of(source, plan)
    lines, merged = series.lines_of(source, plan, frames, along, by_x)
    lines, shaped = _shaped(lines, plan)
    threads = series.is_threads(source, plan)
    units, units_shaped = _shaped(series.threads_of(source, plan, frames, along, by_x) if threads else [], plan)
    width = base.panel_width(len(frames.titles), source.width)
    drawn = (
        traces.threads_of(units, lines, plan, x, width) if threads else traces.lines_of(lines, plan, x, width, frames)
    )
    figure = marks.point_at_row(_figure(drawn, source, plan, x, frames), source, view, x)
    figure["layout"]["hovermode"] = "closest" if threads else "x" if len(frames.titles) > 1 else "x unified"
    note = [*problems, *_why(source, plan, frames), *([] if threads else series.merged_note(plan, merged)), *left_out]
    note += marks.missing_note(source, [plan.color, plan.facet]) + marks.others_note(frames.colors, frames.facets)
    note += [*dict.fromkeys(shaped + units_shaped), *marks.infinite_note(source, plan.y)]
    note += [*_area_note(lines, plan), *_points_note(drawn, x)]
    told = words.lines_summary(source, plan, lines, frames.titles, x.title, len({unit.name for unit in units}))
    return base.Chart(figure, " ".join(note), told)


def _by_x(source: Source, plan: Plan, along: np.ndarray, x: marks.XAxis) -> tuple[np.ndarray, list[str]]:
    """Return the rows that have a place on the axis, in its order, and sentences on the others."""
    by_x = marks.sorted_by(along)
    note = marks.left_out_note(source, plan, len(by_x))
    if x.type != "log":
        return by_x, note
    kept = by_x[along[by_x] > 0]
    lost = len(by_x) - len(kept)
    of = f"with {source.plain(plan.x)} of zero or less"
    logs = [f"{count(lost, f'row {of} has', f'rows {of} have')} no place on a logarithmic axis."]
    return kept, note + (logs if lost else [])


def _shaped(lines: list[Line], plan: Plan) -> tuple[list[Line], list[str]]:
    lines, scale = series.scaled(lines, plan)
    lines, logs = series.logarithmic(lines, plan)
    return lines, scale + logs


def _figure(drawn: list[traces.Drawn], source: Source, plan: Plan, x: marks.XAxis, frames: Frames) -> dict:
    second = plan.scale == "second" and not _lacks_second(plan, frames)
    placed = [
        (each.line.panel, trace | {"yaxis": "y2"} if second and each.line.column else trace)
        for each in drawn
        for trace in each.traces
    ]
    panels = [base.Panel(title, tuple(t for at, t in placed if at == n)) for n, title in enumerate(frames.titles)]
    shared = "xy" if plan.facet else "x"
    tall = TALL["facet" if plan.facet else "panels"]
    figure = base.compose(panels, x.layout(), _y_axis(source, plan, second), source.width, shared, tall)
    return _second_axis(figure, source, plan) if second else figure


# Axes and notes ------------------------------------------------------------------------------------------


def _y_axis(source: Source, plan: Plan, second: bool) -> dict:
    # Zoom is horizontal; vertically the drawn part always fills the axis.
    title = source.title(plan.y[0]) if len(plan.y) == 1 or second else ""
    title = {"indexed": "first value = 100", "standardised": "standard deviations"}.get(plan.scale, title)
    log = {"type": "log"} if "y" in plan.log else {}
    return base.axis(title, fixedrange=True, **log)


def _second_axis(figure: dict, source: Source, plan: Plan) -> dict:
    """Return the figure with an axis at the right, for every column but the first."""
    right = {"overlaying": "y", "side": "right", "showgrid": False, "tickmode": "auto"}
    title = source.title(plan.y[1]) if len(plan.y) == 2 else ""
    layout = figure["layout"] | {"yaxis2": figure["layout"]["yaxis"] | right | base.axis(title)}
    layout["margin"] = layout["margin"] | {"r": 56}
    return {"data": figure["data"], "layout": layout}


def _why(source: Source, plan: Plan, frames: Frames) -> list[str]:
    why = why_panels(source.dataset, plan.y) if frames.apart and not plan.color else ""
    average = f"Moving average of {plan.smooth:,} values, where all are there." if plan.smooth else ""
    thick = series.is_threads(source, plan) and plan.x != ROW
    mean = f"The thick line is the {series.word_of(plan)} over every {plan.color}." if thick else ""
    second = "Panels share one axis, so there is no second one." if _lacks_second(plan, frames) else ""
    return [sentence for sentence in (_left_out(source, plan), why, mean, average, second) if sentence]


def _left_out(source: Source, plan: Plan) -> str:
    """Return how many columns are drawn of how many, where nobody has chosen them and there are more; "" elsewhere."""
    if plan.y != plan.default.y:
        return ""
    measures = facts(source.dataset).measures if source.dataset.panel else ()
    if plan.y == measures[:PANEL_LINES] != measures:
        return f"The first {len(plan.y)} of {len(measures)} measures; choose others under Columns."
    total = len(source.dataset.numbers)
    many = len(plan.y) == LINES_MAX < total
    return f"The first {len(plan.y)} of {total} numeric columns; choose others under Columns." if many else ""


def _lacks_second(plan: Plan, frames: Frames) -> bool:
    return plan.scale == "second" and len(frames.titles) > 1


def _area_note(lines: list[Line], plan: Plan) -> list[str]:
    if plan.kind.name != "area" or plan.stack != "stacked":
        return []
    if not traces.is_stacked(lines, plan):
        return ["Negative values cannot be stacked, so each area begins at zero."]
    several = len({line.panel for line in lines}) < len(lines)
    gaps = several and any(np.isnan(line.y).any() for line in lines)
    return ["In a stack a missing value takes no room."] if gaps else []


def _points_note(drawn: list[traces.Drawn], x: marks.XAxis) -> list[str]:
    inside = [int(x.within(each.line.x).sum()) for each in drawn]
    if x.span and not any(inside):
        runs = f"; {x.title} runs from {text(x.low)} to {text(x.high)}" if x.low is not None else ""
        return [f"No row lies in this range{runs}."]
    # What is drawn holds one point more at either end of a range.
    reduced = [(each.points, total) for each, total in zip(drawn, inside) if each.points < total]
    if not reduced:
        return []
    kept, total = max(reduced, key=lambda pair: pair[1])
    return [f"{kept:,} of {total:,} points a line, all peaks kept; zoom in for more."]
