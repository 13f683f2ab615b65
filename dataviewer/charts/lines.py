"""One line per numeric column, over time or over the rows; a panel for each where one axis would mislead."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataviewer.charts import base
from dataviewer.dataset import TIMES, Dataset, as_dates
from dataviewer.downsample import keep_extremes
from dataviewer.view import View

LINES_MAX = 12  # lines drawn before anyone chooses
APART = 10  # scales that differ more than so many fold are unreadable on one axis
CROWDED = 6, 500  # more lines than this, of more rows than this, cover each other
PANEL_HEIGHT = 90  # pixels that a panel needs at least, its title included
TICK_WIDTH = 80  # pixels that a date below a panel needs, lest it be slanted into the title
GAP_X, GAP_Y = 0.18, 0.34  # between panels, in panels
POINTS_PER_PIXEL = 1  # runs a pixel: each keeps its minimum and its maximum


@dataclass(frozen=True)
class XAxis:
    """The x of every row: `values` increase; `title` names them; `span` is the window asked for, None for all."""

    values: np.ndarray
    title: str
    type: str  # linear or date
    hoverformat: str
    is_count: bool  # whether the values only number the rows
    span: tuple | None = None


def draw_lines(dataset: Dataset, table: pa.Table, view: View, width: int) -> base.Chart:
    """Return one line per numeric column (the first 12, or those asked for) over time, or over the rows."""
    lines = view.y or dataset.numbers[:LINES_MAX]
    reason = why_panels(dataset, lines)
    default_scale = "" if len(lines) < 2 else "panels" if reason else "shared"
    scale = (view.scale or default_scale) if default_scale else ""
    x, problems = x_axis(dataset, table, view)
    window = _window(x)
    columns = 1 if scale != "panels" else panel_columns(len(lines), width)
    lines_of = {name: _drawable(table[name]) for name in lines}
    traces = [_line(lines_of[name], name, x, window, max(width // columns, 1)) for name in lines]
    layout = _panels(lines, columns, x, width) if scale == "panels" else _one_axis(lines, x)
    note = [*problems, *_lines_note(dataset, lines, view)]
    note += [reason] if scale == "panels" and reason else []
    note += [*_infinite_note(table, lines), *_points_note(traces, x, window)]
    return base.Chart(
        {"data": _placed(traces, scale, columns), "layout": layout},
        " ".join(note),
        lines,
        dataset.numbers,
        dataset.numbers[:LINES_MAX],
        scale,
        default_scale,
    )


def why_panels(dataset: Dataset, names: Sequence[str]) -> str:
    """Return why lines cannot be read on one axis, "" where they can."""
    columns = [dataset.column(name) for name in names]
    ranges = [column.maximum - column.minimum for column in columns if column.maximum > column.minimum]
    span = max(column.maximum for column in columns) - min(column.minimum for column in columns)
    if ranges and max(ranges) > APART * min(ranges):
        fold = max(ranges) / min(ranges)
        times = f"{fold:,.0f}-fold" if fold < 1e6 else "more than a million-fold"
        return f"Ranges differ {times}, so each line has its own panel."
    if ranges and span > APART * min(ranges):
        return "The lines lie far apart, so each has its own panel."
    if len(names) > CROWDED[0] and dataset.rows > CROWDED[1]:
        return f"{len(names)} lines of {dataset.rows:,} rows would cover each other, so each has its own panel."
    return ""


def x_axis(dataset: Dataset, table: pa.Table, view: View) -> tuple[XAxis, list[str]]:
    """Return the x of the rows and, where the range asked for does not fit it, a sentence that says so."""
    time = dataset.time
    if time is None:
        values, title, type, hover = np.arange(1, dataset.rows + 1), "row", "linear", "d"
    elif time.per_year:
        values, title, type = as_dates(table[time.column].to_numpy(), time.per_year), time.column, "date"
        hover = "%b %Y" if 12 % time.per_year == 0 else "%d %b %Y"
    elif dataset.column(time.column).kind in TIMES:
        values, title, type = table[time.column].to_numpy(), time.column, "date"
        hover = "%d %b %Y" if dataset.column(time.column).kind == "date" else "%d %b %Y %H:%M:%S"
    else:
        whole = dataset.column(time.column).decimals == 0
        values, title, type = table[time.column].to_numpy(), time.column, "linear"
        hover = "d" if whole else base.EXACT
    try:
        span = base.span(view.range[:2], type)
    except ValueError:
        problem = f"The range {':'.join(view.range)} does not fit the axis {title}, which runs from {_text(values[0])}"
        return XAxis(values, title, type, hover, time is None), [f"{problem} to {_text(values[-1])}."]
    return XAxis(values, title, type, hover, time is None, span), []


def _text(value: object) -> str:
    return str(value).replace("T", " ")


def _window(x: XAxis) -> slice:
    """Return the rows that the span shows, and one on either side so that lines run to the edges."""
    if x.span is None:
        return slice(0, len(x.values))
    low = np.searchsorted(x.values, x.span[0], side="left")
    high = np.searchsorted(x.values, x.span[1], side="right")
    return slice(max(int(low) - 1, 0), min(int(high) + 1, len(x.values)))


def _drawable(values: pa.ChunkedArray) -> np.ndarray:
    """Return the numbers of a column, NaN where it has none that an axis could show."""
    numbers = values.to_numpy()
    return np.where(np.isfinite(numbers), numbers, np.nan) if numbers.dtype.kind == "f" else numbers


def _line(values: np.ndarray, name: str, x: XAxis, window: slice, width: int) -> dict:
    y = values[window]
    kept = keep_extremes(y, width * POINTS_PER_PIXEL)
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": html.escape(name),
        "y": y[kept],
        "line": {"width": 1.6 if len(kept) < 2000 else 1},
        **_lone_points(y[kept]),
    }
    if x.is_count and len(kept) == len(y):
        return line | {"x0": window.start + 1, "dx": 1}
    return line | {"x": _json_values(x.values[window][kept])}


def _lone_points(y: np.ndarray) -> dict:
    """Return the dots for values without a neighbour: a line draws nothing of them."""
    given = np.concatenate([[False], ~np.isnan(y), [False]])
    lone = given[1:-1] & ~given[:-2] & ~given[2:]
    if not lone.any():
        return {}
    return {"mode": "lines+markers", "marker": {"size": np.where(lone, 4, 0), "line": {"width": 0}}}


def _json_values(values: np.ndarray) -> np.ndarray | list[str]:
    return np.datetime_as_string(values).tolist() if values.dtype.kind == "M" else values


def _x_layout(x: XAxis) -> dict:
    axis = {"type": x.type, "hoverformat": x.hoverformat, "showgrid": False, "zeroline": False, "ticks": "outside"}
    if x.hoverformat == "d":
        axis["tickformat"] = "d"
    axis["title"] = {"text": html.escape(x.title), "standoff": 6, "font": {"size": 12}}
    # Said even where all is shown: a line with dots would get room at both ends, and the others with it.
    ends = x.span or (x.values[0], x.values[-1])
    if ends[0] < ends[1]:
        axis["range"] = [_text(end) if x.type == "date" else end for end in ends]
    return axis


def _y_layout() -> dict:
    # Zoom is horizontal; vertically the drawn part always fills the axis.
    return {"fixedrange": True, "zeroline": False, "hoverformat": base.EXACT}


def _one_axis(lines: Sequence[str], x: XAxis) -> dict:
    layout = base.layout(base.HEIGHT) | {"xaxis": _x_layout(x), "yaxis": _y_layout()}
    if len(lines) == 1:
        layout["yaxis"]["title"] = {"text": html.escape(lines[0]), "standoff": 6}
        return layout
    return layout | {
        "showlegend": True,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "itemdoubleclick": False},
    }


def panel_columns(panels: int, width: int) -> int:
    """Return how many panels stand side by side: few are stacked, so that they share the whole x axis."""
    if panels <= 3:
        return 1
    most = max(1, min(4, width // 200))  # pixels
    rows = math.ceil(panels / most)
    return math.ceil(panels / rows)


def _panels(lines: Sequence[str], columns: int, x: XAxis, pixels: int) -> dict:
    """Return a grid of panels. Those in one column share its x axis: half the axes, half the time to draw them."""
    rows = math.ceil(len(lines) / columns)
    layout = base.layout(max(base.HEIGHT, rows * PANEL_HEIGHT + 48)) | {"hovermode": "x", "annotations": []}
    # Room for the numbers between panels, and for the names above them.
    width, height = _share(columns, GAP_X), _share(rows, GAP_Y)
    for column in range(columns):
        left = column * width * (1 + GAP_X)
        below = max(place for place in range(len(lines)) if place % columns == column)
        axis = _x_layout(x) | {"domain": [left, min(left + width, 1)], "anchor": f"y{_number(below)}"}
        # All show the same: the first alone bears the title, the others follow its zoom.
        axis |= {"tickangle": 0, "nticks": max(2, pixels // columns // TICK_WIDTH)}
        layout[f"xaxis{_number(column)}"] = axis | ({"matches": "x", "title": {}} if column else {})
    for place, name in enumerate(lines):
        top = 1 - (place // columns) * height * (1 + GAP_Y)
        axis = {"domain": [max(top - height, 0), top], "anchor": f"x{_number(place % columns)}", "nticks": 4}
        layout[f"yaxis{_number(place)}"] = _y_layout() | axis
        layout["annotations"].append(_panel_title(name, _number(place % columns), _number(place)))
    return layout


def _share(parts: int, gap: float) -> float:
    """Return what one of several equal parts has of the whole, with gaps of `gap` parts between them."""
    return 1 / (parts + gap * (parts - 1))


def _number(place: int) -> str:
    """Return the number by which Plotly calls an axis: the first has none."""
    return str(place + 1) if place else ""


def _panel_title(name: str, x: str, y: str) -> dict:
    place = {"xref": f"x{x} domain", "yref": f"y{y} domain", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"}
    return place | {"text": html.escape(name), "font": {"weight": 600}, "showarrow": False}


def _placed(traces: list[dict], scale: str, columns: int) -> list[dict]:
    if scale != "panels":
        return [t | {"line": t["line"] | {"color": base.COLORS[i % len(base.COLORS)]}} for i, t in enumerate(traces)]
    return [
        trace
        | {"xaxis": f"x{_number(place % columns)}", "yaxis": f"y{_number(place)}"}
        | {"line": trace["line"] | {"color": base.COLORS[0]}, "hovertemplate": "%{y}<extra></extra>"}
        for place, trace in enumerate(traces)
    ]


def _lines_note(dataset: Dataset, lines: Sequence[str], view: View) -> list[str]:
    total = len(dataset.numbers)
    if view.y or total <= LINES_MAX:
        return []
    return [f"The first {len(lines)} of {total} numeric columns; choose others under Lines."]


def _infinite_note(table: pa.Table, lines: Sequence[str]) -> list[str]:
    columns = [table[name].to_numpy() for name in lines if pa.types.is_floating(table[name].type)]
    infinite = sum(int(np.isinf(numbers).sum()) for numbers in columns)
    return [f"{infinite:,} infinite values are not drawn."] if infinite else []


def _points_note(traces: list[dict], x: XAxis, window: slice) -> list[str]:
    total = window.stop - window.start
    if x.span and not ((x.values[window] >= x.span[0]) & (x.values[window] <= x.span[1])).any():
        return [f"No row lies in this range; {x.title} runs from {_text(x.values[0])} to {_text(x.values[-1])}."]
    shown = max(len(trace["y"]) for trace in traces)
    if shown >= total:
        return []
    return [f"{shown:,} of {total:,} points a line, all peaks kept; zoom in for more."]
