"""What is drawn of a view: figures as plain Plotly dictionaries, and the sentences that say what they show.

Plain dictionaries, because building plotly.py's objects costs a hundred times as much as the drawing data.
"""

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa

from dataviewer import filters
from dataviewer.charts import base, bins, marks, overview, plan
from dataviewer.charts.base import HEIGHT, Chart, nothing
from dataviewer.charts.kinds import KINDS
from dataviewer.charts.plan import Plan, resolve, y_choices
from dataviewer.charts.source import Source
from dataviewer.dataset import TIMES, Dataset
from dataviewer.view import CATALOG, View, Where, Word

__all__ = [
    "HEIGHT", "KINDS", "Chart", "Plan", "choices", "draw", "drawn_lines", "file_name", "nothing", "plan_of",
    "range_filter", "resolve", "y_choices",
]  # fmt: skip
ZOOMED_UPRIGHT = ("scatter", "density")  # kinds whose y axis can be zoomed too
MAP = ("", "Map")  # the first chart of the collection, which no kind draws


def draw(dataset: Dataset, table: pa.Table, positions: np.ndarray | None, view: View, width: int) -> Chart:
    """Return the chart of a view, drawn for `width` pixels of the rows at `positions` (None: of all).

    What cannot be drawn as asked is drawn as it can be, and the note says so.
    """
    if not dataset.rows:
        return nothing("There is nothing to draw: the dataset has no rows.")
    is_map = _is_map(dataset, view)
    chosen = plan_of(dataset, view)
    if chosen is None and not is_map:
        return nothing("There is nothing to draw: no column holds a value.")
    source = Source(dataset, table, positions, width)
    if not source.rows:
        return _with_plan(nothing("There is nothing to draw: no row matches."), chosen)
    if is_map:
        return overview.draw_catalog(table, positions, view)
    misfit = _misfit(source, chosen, view)
    if misfit:
        chosen, view = replace(chosen, problems=(*chosen.problems, *misfit)), replace(view, range=())
    return _with_plan(chosen.kind.draw(source, chosen, view), chosen)


def plan_of(dataset: Dataset, view: View) -> Plan | None:
    """Return what the chart of a view is told; None where no kind draws it: no rows, or the map of the collection."""
    return None if _is_map(dataset, view) else resolve(dataset, view, KINDS)


def _is_map(dataset: Dataset, view: View) -> bool:
    return dataset.id == CATALOG and not view.chart


def _with_plan(chart: Chart, chosen: Plan | None) -> Chart:
    said = [*chosen.problems, chosen.reason] if chosen else []
    return replace(chart, plan=chosen, note=" ".join(filter(None, [*said, chart.note])))


def choices(dataset: Dataset, chart: Chart) -> list[dict]:
    """Return the choices beside a chart, in the order of the page; the collection has its map besides the kinds."""
    found = plan.controls(dataset, chart.plan, KINDS) if chart.plan else []
    if dataset.id != CATALOG:
        return found
    options = [MAP, *((kind.name, kind.label) for kind in plan.offered(dataset, KINDS))]
    value = chart.plan.kind.name if chart.plan else MAP[0]
    kinds = {"key": "chart", "label": plan.TITLES["chart"], "value": value, "default": MAP[0], "options": options}
    return [kinds, *found[1:]]


def drawn_lines(chart: Chart) -> tuple[str, ...]:
    """Return the columns that the traces are, one by one, so that the legend can take one away; () of other charts."""
    told = chart.plan
    if told is None or told.kind.name not in ("line", "area") or len(told.y) < 2:
        return ()
    if told.color or told.facet or told.smooth or told.scale == "panels":
        return ()
    columns = {base.escape(name): name for name in told.y}
    return tuple(columns[trace["name"]] for trace in chart.figure["data"])


def file_name(view: View, told: Plan | None) -> str:
    """Return the name of a file of the chart, without its ending."""
    parts = ["dataviewer", view.dataset, told.kind.name if told else "map", *(told.y[:2] if told else ())]
    return re.sub(r"[^A-Za-z0-9._]+", "-", "-".join(parts))[:100].strip("-")


# Ranges ------------------------------------------------------------------------------------------------


def range_filter(dataset: Dataset, view: View, chart: Chart) -> tuple[Where, ...]:
    """Return the conditions that keep the rows of the range that a view zooms into, () where none can say it."""
    told = chart.plan
    if told is None or not view.range:
        return ()
    pairs = [_between(dataset, _across(told), view.range[:2], "x" in told.log)]
    if len(view.range) == 4 and told.kind.name in ZOOMED_UPRIGHT:
        upright = told.y[0] if len(told.y) == 1 else None
        pairs.append(_between(dataset, upright, view.range[2:], "y" in told.log))
    return tuple(where for pair in pairs for where in pair) if all(pairs) else ()


def _across(told: Plan) -> str | Word | None:
    """Return what lies along the axis that a range narrows, None where the chart has none such."""
    if told.kind.x:
        return told.x if told.kind.x in ("order", "number") else None
    return told.y[0] if len(told.y) == 1 else None


def _misfit(source: Source, told: Plan, view: View) -> list[str]:
    """Return a sentence for each axis that the range of a view does not fit."""
    across = _across(told)
    if not view.range or across is None:
        return []
    axis, _ = marks.x_axis(source, across, View(), "x" in told.log)
    _, problems = marks.span_of(view.range[:2], axis)
    if told.kind.name in ZOOMED_UPRIGHT:
        problems = problems + marks.y_span(view, ", ".join(told.y), "y" in told.log)[1]
    return problems


def _between(dataset: Dataset, name: str | Word | None, ends: tuple[str, ...], log: bool) -> tuple[Where, ...]:
    column, time = dataset.column(name), dataset.time
    if column is None or (time and time.column == name and (time.per_year or time.written)):
        return ()
    type = "date" if column.kind in TIMES else "linear"
    try:
        low, high = base.span(ends, type)
        low_text, high_text = sorted(ends, key=lambda end: base.span((end, end), type))
    except ValueError:
        return ()
    if log and type == "linear" and low <= 0:
        return ()
    if column.kind == "date":
        low_text, high_text = _day(low, up=True), _day(high, up=False)
    elif type == "date" and len(high_text) == bins.DAY_LENGTH:
        high_text += bins.MIDNIGHT
    wheres = (Where(name, "gte", (low_text,)), Where(name, "lte", (high_text,)))
    return wheres if not any(filters.problem(dataset, where) for where in wheres) else ()


def _day(moment: np.datetime64, up: bool) -> str:
    """Return the first day that begins not before a point in time, or the last that does not begin after it."""
    day = moment.astype("datetime64[D]")
    return str(day + (up and day < moment))
