"""Bars: how often values occur, or what a number comes to in each group."""

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dataviewer.charts import base, marks, words
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import Groups, Source, clicked, shorter, turned
from dataviewer.view import View, Where
from dataviewer.wording import count

BARS_MAX = 12  # bars of texts; of other values, and of texts that name a few rows, BARS_MORE
BARS_MORE = 60
EXACT_MAX = 2**53  # a float, which all heights are, holds larger whole numbers only nearly
TALL = 150  # pixels of a panel


@dataclass(frozen=True)
class Bars:
    """The bars of one colour in one panel: `heights` by place on the axis, NaN where no row lies."""

    name: str
    heights: np.ndarray
    color: str
    panel: int
    wheres: tuple[Where, ...] = ()


def draw_bars(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return a bar for each group: the number of its rows, or an aggregate of its values."""
    counted = plan.agg == "count"
    names = plan.y if plan.y and not counted else ("",)
    x = _axis_groups(source, plan.x, counted and not plan.color and not plan.facet)
    colors = source.groups(plan.color) if plan.color else None
    facets = source.groups(plan.facet) if plan.facet else None
    apart = len(names) > 1 and bool(colors) and not facets
    titles = list(facets.labels) or [""] if facets else list(map(base.escape, names)) if apart else [""]
    bars = [
        bar for place, name in enumerate(names) for bar in _bars(source, plan, (name, place), x, colors, facets, apart)
    ]
    notes = _notes(source, plan, bars, x, colors, facets)
    y_title = "rows" if counted else f"{plan.agg} of {names[0]}" if len(names) == 1 else plan.agg
    traces = [(bar.panel, _trace(bar, x, plan, len(bars))) for bar in bars]
    figure = _figure(source, plan, x, titles, traces, y_title, apart)
    return base.Chart(figure, " ".join(notes), _summary(source, plan, bars, x, titles, y_title))


def _figure(source: Source, plan: Plan, x: Groups, titles: list, traces: list, y_title: str, apart: bool) -> dict:
    panels = [base.Panel(title, tuple(t for at, t in traces if at == place)) for place, title in enumerate(titles)]
    log = {"type": "log"} if "y" in plan.log else {}
    y = base.axis(y_title, fixedrange=True, **log)
    if len(titles) > 1 and not apart:
        ends = [(panel, t["x"], t["y"]) for panel, t in traces]
        y |= base.bars_range(ends, plan.stack == "stacked", "y" in plan.log)
    labels = turned(x.labels, base.panel_width(len(titles), source.width))
    along = base.category_axis(source.title(plan.x), x.labels, **labels)
    figure = base.compose(panels, along, y, source.width, "x" if apart else "xy", TALL)
    figure["layout"] |= {"barmode": "stack" if plan.stack == "stacked" else "group", "bargap": 0.25}
    return figure


def _axis_groups(source: Source, name: str, by_frequency: bool) -> Groups:
    column = source.column(name)
    ordered = column.kind != "text"
    most = BARS_MORE if ordered or column.distinct <= BARS_MORE and source.dataset.rows <= BARS_MORE else BARS_MAX
    groups = source.groups(name, most)
    if ordered or not by_frequency:
        return groups
    # Texts have no order of their own; the longest bar first, what is left over last.
    last = len(groups.labels) - bool(groups.others)
    counts = np.bincount(groups.codes[groups.codes >= 0], minlength=len(groups.labels))
    order = np.r_[np.argsort(-counts[:last], kind="stable"), np.arange(last, len(groups.labels))].astype(int)
    places = np.r_[np.argsort(order), -1]
    labels, wheres = tuple(groups.labels[i] for i in order), tuple(groups.wheres[i] for i in order)
    return Groups(name, places[groups.codes], labels, wheres, groups.others)


def _bars(
    source, plan: Plan, column: tuple[str, int], x: Groups, colors: Groups | None, facets: Groups | None, apart
) -> list:
    """Return the bars of one column, a set for each colour and panel."""
    name, place = column
    values = _addable(source.numbers(name)) if name else np.ones(source.rows)
    keys = [each.codes for each in (x, colors, facets) if each]
    frame = pd.DataFrame({"value": values} | {f"key{i}": codes for i, codes in enumerate(keys)})
    frame = frame[np.logical_and.reduce([codes >= 0 for codes in keys]) & ~np.isnan(frame["value"].to_numpy(float))]
    with np.errstate(over="ignore"):  # said in a note
        totals = frame.groupby([f"key{i}" for i in range(len(keys))])["value"].agg(plan.agg)
    shape = [len(each.labels) for each in (x, colors, facets) if each]
    heights = np.full(shape, np.nan)
    if len(totals):
        at = tuple(np.array(totals.index.get_level_values(i)) for i in range(len(keys)))
        heights[at] = totals.to_numpy(dtype=float)
    heights = heights.reshape(shape[0], shape[1] if colors else 1, shape[-1] if facets else 1)
    several = len(plan.y) > 1 and bool(name)
    found = []
    for facet in range(heights.shape[2]):
        for group in range(heights.shape[1]):
            color = colors.colors()[group] if colors else base.COLORS[place % len(base.COLORS)]
            label = colors.labels[group] if colors else base.escape(name) or "rows"
            label = f"{base.escape(name)}, {label}" if several and colors and not apart else label
            where = (colors.wheres[group] if colors else ()) + (facets.wheres[facet] if facets else ())
            panel = facet if facets else place if apart else 0
            found.append(Bars(label, heights[:, group, facet], color, panel, where))
    return found


def _addable(values: np.ndarray) -> np.ndarray:
    """Return the numbers, as floats where the sum of whole ones could be too large for 64 bits."""
    whole = values.dtype.kind == "i" and np.abs(values.astype(float)).sum() < 2.0**62
    return values if whole else values.astype(float)


def _trace(bar: Bars, x: Groups, plan: Plan, sets: int) -> dict:
    drawn = np.flatnonzero(np.isfinite(bar.heights))
    alone = sets == 1
    colors = [base.OTHER_COLOR if x.others and place == len(x.labels) - 1 else bar.color for place in drawn]
    value = "%{y:,} rows" if plan.agg == "count" else "%{y:,}"
    texts = {"text": [shorter(bar.heights[place]) for place in drawn], "textposition": "outside", "cliponaxis": False}
    return {
        "type": "bar",
        "name": bar.name,
        "legendgroup": bar.name,
        "x": drawn.tolist(),  # positions: two labels may read alike
        "y": [_whole(bar.heights[place]) for place in drawn],
        "marker": {"color": colors if alone else bar.color},
        "hovertext": [x.labels[place] for place in drawn],
        "hovertemplate": f"%{{hovertext}}: {value}<extra>{'' if alone else bar.name}</extra>",
        "customdata": [clicked(*x.wheres[place], *bar.wheres) for place in drawn],
        **(texts if alone and len(drawn) <= 15 else {}),
    }


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() and abs(number) < 2**53 else float(number)


def _notes(
    source: Source, plan: Plan, bars: Sequence[Bars], x: Groups, colors: Groups | None, facets: Groups | None
) -> list:
    notes = marks.missing_note(source, [plan.x, plan.color, plan.facet, *(() if plan.agg == "count" else plan.y)])
    notes += marks.others_note(x, colors, facets)
    if plan.agg != "count":
        notes += marks.infinite_note(source, plan.y) + _size_notes(source, plan, bars)
    if "y" in plan.log and (lost := sum(int((bar.heights <= 0).sum()) for bar in bars)):
        bars_of = count(lost, "bar of zero or less has", "bars of zero or less have")
        notes.append(f"{bars_of} no place on a logarithmic axis.")
    if plan.stack == "stacked" and plan.agg in ("mean", "median", "min", "max"):
        notes.append(f"Stacked, the bars add up what has no sum: read each {plan.agg} for itself.")
    return notes


def _size_notes(source: Source, plan: Plan, bars: Sequence[Bars]) -> list[str]:
    """Return sentences on bars that are too high to be drawn, or to be told exactly."""
    heights = np.concatenate([bar.heights for bar in bars]) if bars else np.zeros(0)
    notes = []
    if lost := int(np.isinf(heights).sum()):
        notes.append(f"{count(lost, 'bar is', 'bars are')} too high for a number of 64 bits and not drawn.")
    whole = any(source.column(name).kind == "integer" for name in plan.y) and plan.agg != "mean"
    if whole and (np.abs(heights[np.isfinite(heights)]) >= EXACT_MAX).any():
        notes.append(f"Whole numbers from {EXACT_MAX:,} on are told to 16 digits.")
    return notes


def _summary(source: Source, plan: Plan, bars: Sequence[Bars], x: Groups, titles: Sequence[str], y_title: str) -> tuple:
    by = f"{plan.x} and {plan.color}" if plan.color else plan.x
    head = f"A bar chart of {y_title} by {by}, {count(source.rows, 'row')}."
    told = []
    for bar in bars:
        drawn = [place for place in range(len(x.labels)) if np.isfinite(bar.heights[place])]
        if not drawn:
            continue
        parts = [f"{html.unescape(x.labels[place])} {shorter(bar.heights[place])}" for place in drawn]
        panel = f"{html.unescape(titles[bar.panel])}, " if titles[bar.panel] else ""
        name = "" if len(bars) == 1 else f"{panel}{html.unescape(bar.name)}: "
        told.append(f"{name}{words.list_of(parts, 15)}.")
    return (head, *words.limited(told, "groups of bars"))
