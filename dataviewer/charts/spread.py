"""How values are distributed: histogram, cumulative distribution, boxes, violins, strips."""

import html
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from dataviewer.charts import base, bins, boxes, marks, parts, words
from dataviewer.charts.parts import Part
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import Groups, Source, clicked, json_values, text, turned
from dataviewer.dataset import DECIMALS_MAX
from dataviewer.view import View, Where
from dataviewer.wording import count

BAR, BINS_APART = 0.97, 40  # of a bin is drawn where bins are few, so that neighbours are told apart
GROUPS_MAX = 30  # boxes side by side
TALL = {"histogram": 110, "ecdf": 120, "box": 140}  # pixels that a panel needs
BRUSHED = {"dragmode": "select", "selectdirection": "h"}  # bars of a panel can be drawn over
TICKS = 15, 4  # along one chart, and along one of several


def _is_log(source: Source, plan: Plan, axis: str) -> bool:
    """Return whether the values are drawn along a logarithmic axis: one is asked for, and a value can be on it."""
    return axis in plan.log and any((parts.values_of(source, name) > 0).any() for name in _numbers(source, plan))


def _numbers(source: Source, plan: Plan) -> list[str]:
    return [name for name in plan.y if source.axis_type(name) == "linear"]


def _log_note(source: Source, plan: Plan, axis: str, said: Sequence[str] = ()) -> list[str]:
    if axis not in plan.log or said:
        return []
    lost = sum(int((parts.values_of(source, name) <= 0).sum()) for name in _numbers(source, plan))
    if not _is_log(source, plan, axis):
        return ["No value is above zero, so the axis is not logarithmic."] if lost else []
    return [base.no_logarithm(lost)] if lost else []


def _panels(titles: Sequence[str], traces: Sequence[tuple[int, dict]], x: dict | None = None) -> list[base.Panel]:
    own = [tuple(trace for panel, trace in traces if panel == place) for place in range(len(titles))]
    return [base.Panel(title, drawn, (x or {}).get(place, {})) for place, (title, drawn) in enumerate(zip(titles, own))]


def _columns_note(source: Source, plan: Plan) -> list[str]:
    total = len(source.dataset.numbers)
    if len(plan.y) < 12 or plan.y != plan.default.y or len(plan.y) >= total:
        return []
    return [f"The first {len(plan.y)} of {total} numeric columns; choose others under Columns."]


# Histogram -----------------------------------------------------------------------------------------------


def draw_histogram(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return how many values lie in each bin, a panel for each column; a zoom into one column is binned anew."""
    plan, notes = _one_column_by_facet(plan)
    log = _is_log(source, plan, "x")
    titles, found, more = parts.find(source, plan, log=log)
    alone = len(plan.y) == 1
    x, problems = marks.x_axis(source, plan.y[0], view if alone else View(), "x" in plan.log)
    traces, frames = [], {}
    for name in plan.y:
        own = [part for part in found if part.column == name]
        values = np.concatenate([part.values for part in own])
        values = values[x.within(values)] if alone else values
        if not len(values):
            continue
        own_bins = bins.find(values, plan.bins, _unit(source, name), log)
        frames[own[0].panel] = _frame(own_bins, log, TICKS[len(titles) > 1])
        traces += [(part.panel, _bars(part, own_bins, source, len(own) > 1)) for part in own if len(part.values)]
    settings = _histogram_axis(x, alone, log, frames)
    y = base.axis("rows", fixedrange=True, **({"type": "log"} if "y" in plan.log else {}))
    y |= base.bars_range([(panel, t["x"], t["y"]) for panel, t in traces], True, "y" in plan.log) if plan.facet else {}
    shared = "xy" if plan.facet else ""
    panels = _panels(titles, traces, {} if alone else frames)
    figure = base.compose(panels, settings, y, source.width, shared, TALL["histogram"])
    figure["layout"] |= {"barmode": "stack"} | ({} if alone else BRUSHED)
    figure = marks.point_at_row(figure, source, view, x) if alone else figure
    empty = ["No value lies in this range." if alone and x.span else "There is no value to draw."] if not traces else []
    notes = [*problems, *notes, *_columns_note(source, plan), *more, *empty, *_log_note(source, plan, "x", problems)]
    notes += marks.infinite_note(source, plan.y)
    return base.Chart(figure, " ".join(notes), _summary("A histogram", source, plan, found, titles))


def _one_column_by_facet(plan: Plan) -> tuple[Plan, list[str]]:
    """Return the plan with the first column alone where panels are for groups: columns have bins of their own."""
    if not plan.facet or len(plan.y) == 1:
        return plan, []
    said = f"Panels by {plan.facet} show one column, {plan.y[0]}; choose another under Columns."
    return replace(plan, y=plan.y[:1]), [said]


def _unit(source: Source, name: str) -> float:
    """Return what the numbers of a column are multiples of, 0.0 for nothing."""
    decimals = source.column(name).decimals
    return 10.0**-decimals if decimals < DECIMALS_MAX else 0.0


def _histogram_axis(x: marks.XAxis, alone: bool, log: bool, frames: dict[int, dict]) -> dict:
    if not alone:
        return {"fixedrange": True, "type": "log" if log else "-", "nticks": TICKS[1]} | base.axis("")
    # Bins reach further than the values in them.
    own = {} if x.span else next(iter(frames.values()), {})
    return x.layout() | own


def _frame(own: bins.Bins, log: bool, ticks: int) -> dict:
    """Return what an axis along the bins has of its own: where it ends, and a tick for each whole number."""
    ends = own.edges[[0, -1]]
    if ends.dtype.kind == "M":
        return {"type": "date", "range": json_values(ends)}
    if log:
        return {"type": "log", "range": np.log10(ends).tolist()}
    # The ticks would stand where the bars do, of which there may be few.
    whole = {"tick0": 0, "dtick": math.ceil(len(own) / ticks)} if own.whole else {}
    return {"type": "linear", "range": ends.tolist(), **whole}


def _bars(part: Part, own: bins.Bins, source: Source, several: bool) -> dict:
    counts, texts, wheres = own.counts(part.values), own.texts(), own.wheres(source, part.column)
    kept = np.flatnonzero(counts)
    dated = own.edges.dtype.kind == "M"
    widths, share = own.widths(), BAR if len(own) <= BINS_APART else 1
    starts = own.edges[:-1][kept] if not own.whole else own.middles()[kept]
    return {
        "type": "bar",
        "name": part.name,
        "legendgroup": part.name,
        "showlegend": several,
        "x": json_values(starts) if dated else starts.tolist(),
        **({} if own.whole else {"offset": 0}),
        "width": [widths[place] * share for place in kept],
        "y": counts[kept].tolist(),
        "marker": {"color": part.color, "line": {"width": 0}},
        "hovertext": [texts[place] for place in kept],
        "hovertemplate": "%{hovertext}: %{y:,} rows<extra>" + (part.name if several else "") + "</extra>",
        "customdata": [clicked(*part.wheres, *wheres[place]) if wheres[place] else None for place in kept],
    }


# Cumulative distribution -----------------------------------------------------------------------------------


def draw_ecdf(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return for each value the share of values that are not above it: exact steps, or evenly spread ones of many."""
    log = _is_log(source, plan, "x")
    titles, found, notes = parts.find(source, plan, log=log)
    alone = len(plan.y) == 1
    x, problems = marks.x_axis(source, plan.y[0], view if alone else View(), "x" in plan.log)
    width = base.panel_width(len(titles), source.width)
    traces, reduced = [], False
    for part in found:
        if not len(part.values):
            continue
        values, shares = _steps(part.values)
        window = x.window(values) if alone else slice(0, len(values))
        steps = np.arange(window.start, window.stop)
        if len(steps) > 2 * width:
            steps, reduced = steps[np.linspace(0, len(steps) - 1, 2 * width).astype(int)], True
        several = len(found) > 1 and (bool(plan.color) or len(titles) == 1)
        traces.append((part.panel, _stairs(part, values[steps], shares[steps], several)))
    settings = x.layout()
    if not alone:
        settings = base.axis("", fixedrange=True, nticks=4, type="log" if log else "-")
    y = base.axis("share of values", fixedrange=True, tickformat=".0%", range=[0, 1.02])
    shared = "xy" if plan.facet or len(titles) == 1 else ""
    figure = base.compose(_panels(titles, traces), settings, y, source.width, shared, TALL["ecdf"])
    if alone:
        figure = marks.point_at_row(figure, source, view, x)
    said = ["Of many values evenly spread ones are drawn; zoom in for more."] if reduced else []
    notes = [*problems, *_columns_note(source, plan), *notes, *said]
    notes += _log_note(source, plan, "x", problems) + marks.infinite_note(source, plan.y)
    return base.Chart(figure, " ".join(notes), _summary("A cumulative distribution", source, plan, found, titles))


def _steps(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different values, rising, and what share of all is not above each."""
    rising, counts = np.unique(values, return_counts=True)
    return rising, np.cumsum(counts) / len(values)


def _stairs(part: Part, values: np.ndarray, shares: np.ndarray, several: bool) -> dict:
    """Return a line that rises at each value to its share, the first from zero if it is the least of all."""
    start = [0] if len(values) and values[0] == part.values.min() else []
    at, total = np.append(start, np.arange(len(values))).astype(int), len(part.values)
    # With as many digits as tell one value of them from none, and all but one from all.
    digits = max(1, math.ceil(math.log10(total)) - 2)
    hover = f"%{{x}}: %{{customdata:.{digits}%}} of {count(total, 'value')} are not above"
    return {
        "type": "scatter",
        "mode": "lines",
        "name": part.name,
        "legendgroup": part.name,
        "line": {"width": 1.8, "color": part.color, "shape": "hv"},
        "x": json_values(values[at]),
        "y": np.append(start, shares),
        "customdata": shares[at],
        "showlegend": several,
        "hovertemplate": f"{hover}<extra>{part.name if several else ''}</extra>",
    }


# Boxes, violins, strips ------------------------------------------------------------------------------------


def draw_boxes(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return the quartiles of each group, with whiskers to the furthest value within 1.5 times their distance."""
    return _draw_groups(source, plan, view, boxes.draw_box, "boxmode")


def draw_violins(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return the density of the values of each group."""
    return _draw_groups(source, plan, view, boxes.draw_violin, "violinmode")


def draw_strips(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return a dot for each value of each group."""
    return _draw_groups(source, plan, view, partial(boxes.draw_strip, numbers=source.row_numbers), "boxmode")


def _draw_groups(source: Source, plan: Plan, view: View, draw: Callable, mode: str) -> base.Chart:
    x = source.groups(plan.x, GROUPS_MAX) if plan.x else None
    log = _is_log(source, plan, "y")
    titles, found, notes = parts.find(source, plan, x, log)
    given = {name: _having_values(source, name, log) for name in plan.y}
    drawn = [replace(part, wheres=part.wheres and part.wheres + given[part.column]) for part in found if len(part.rows)]
    # Boxes of several colours, or columns, stand side by side at each place; else each alone in its middle.
    beside = bool(plan.color) or (len(plan.y) > 1 and bool(x) and len(titles) == 1)
    traces, reduced = [], 0
    # Plotly takes the violins of one trace on one scale: a narrow one would leave of the others a hair.
    for own in [[part] for part in drawn] if plan.kind.name == "violin" else _sets(drawn):
        trace, left = draw(own)
        reduced = max(reduced, left)
        trace |= {"legendgroup": own[0].name, "name": own[0].name, "showlegend": beside}
        group = {"offsetgroup": own[0].name, "alignmentgroup": "a"} if beside else {}
        traces.append((own[0].panel, trace | group))
    traces += _row_dot(source, view, drawn)
    shared = "xy" if plan.facet else "x" if x else ""
    settings = _places(source, plan, x, len(titles))
    y = base.axis(source.title(plan.y[0]) if len(plan.y) == 1 else "", fixedrange=True, type="log" if log else "linear")
    y |= _whole_range(drawn, log) if plan.facet else {}
    figure = base.compose(_panels(titles, traces), settings, y, source.width, shared, TALL["box"])
    figure["layout"] |= {mode: "group" if beside else "overlay"}
    what = {"box": "dots beyond the whiskers", "violin": "values", "strip": "values"}[plan.kind.name]
    said = [f"Of up to {reduced:,} {what} a group, evenly spread ones are drawn."] if reduced else []
    notes = [*_columns_note(source, plan), *notes, *said, *_log_note(source, plan, "y")]
    notes += marks.infinite_note(source, plan.y) + ([] if drawn else ["There is no value to draw."])
    return base.Chart(figure, " ".join(notes), _summary(f"A {plan.kind.label.lower()}", source, plan, found, titles, x))


def _whole_range(drawn: Sequence[Part], log: bool) -> dict:
    """Return the range of an upright axis that several panels share: Plotly 7 takes it from the first alone."""
    if not drawn:
        return {}
    low, high = min(part.values.min() for part in drawn), max(part.values.max() for part in drawn)
    low, high = (math.log10(low), math.log10(high)) if log else (float(low), float(high))
    room = high / 20 - low / 20 or abs(low) / 10 or 0.5
    return {"range": [max(low - room, -bins.LARGEST), min(high + room, bins.LARGEST)]}


def _places(source: Source, plan: Plan, x: Groups | None, panels: int) -> dict:
    """Return the axis along which the boxes stand."""
    labels = x.labels if x else [base.escape(name) for name in plan.y] if panels == 1 or plan.facet else [""]
    title = source.title(plan.x) if x else ""
    return base.category_axis(title, labels, **turned(labels, base.panel_width(panels, source.width)))


def _having_values(source: Source, name: str, log: bool) -> tuple[Where, ...]:
    """Return the conditions that leave out the rows whose value is not drawn, as far as there are such rows."""
    wheres = [Where(name, "notnull")] if source.missing(name) else []
    wheres += [Where(name, "gt", ("-inf",)), Where(name, "lt", ("inf",))] if source.infinite([name]) else []
    wheres += [Where(name, "gt", ("0",))] if log and (source.numbers(name) <= 0).any() else []
    return tuple(wheres)


def _sets(found: Sequence[Part]) -> list[list[Part]]:
    """Return the parts of one colour in one panel together: Plotly takes them as one trace."""
    sets: dict[tuple, list[Part]] = {}
    for part in found:
        sets.setdefault((part.panel, part.name), []).append(part)
    return list(sets.values())


def _row_dot(source: Source, view: View, found: Sequence[Part]) -> list[tuple[int, dict]]:
    """Return a ring at each value of the row that the view points at."""
    place = marks.place_of_row(source, view)
    if place is None:
        return []
    ring = {"symbol": "circle-open", "size": 14, "color": base.COLORS[1], "line": {"width": 3}}
    common = {
        "type": "scatter",
        "mode": "markers",
        "marker": ring,
        "showlegend": False,
        "hoverinfo": "skip",
        "name": "row",
    }
    own = [(part, np.flatnonzero(part.rows == place)) for part in found]
    return [(p.panel, common | {"x": [p.place], "y": [float(p.values[at[0]])]}) for p, at in own if len(at)]


def _summary(
    what: str, source: Source, plan: Plan, found: Sequence[Part], titles: Sequence[str], x=None
) -> tuple[str, ...]:
    by = f" by {words.list_of([name for name in (plan.x, plan.color, plan.facet) if name])}"
    head = f"{what} of {words.list_of(plan.y)}{by if by != ' by ' else ''}, {count(source.rows, 'row')}."
    told = []
    for part in found[: words.SENTENCES_MAX]:
        names = [part.column] if len(plan.y) > 1 or not (plan.color or x or plan.facet) else []
        groups = [titles[part.panel]] if plan.facet else []
        groups += [x.labels[part.place]] if x and len(part.values) else []
        groups += [part.name] if plan.color else []
        names += [html.unescape(group) for group in groups]
        told.append(f"{', '.join(filter(None, names)) or part.column}: {_spread(part.values)}.")
    told += [""] * (len(found) - len(told))  # only counted
    return (head, *words.limited(told, "groups"))


def _spread(values: np.ndarray) -> str:
    if values.dtype.kind != "M":
        return words.spread(values)
    return f"from {text(values.min())} to {text(values.max())}" if len(values) else "no value"
