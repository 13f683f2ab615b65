"""What several kinds of chart share: the window of a zoom, the row pointed at, notes on what is not drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataviewer.charts import base
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import Groups, Source, text
from dataviewer.view import ROW, View, Word
from dataviewer.wording import count

TICKS_MIN = 6  # shorter axes of whole numbers would have ticks between them


@dataclass(frozen=True)
class XAxis:
    """An axis of numbers or dates: its `low` and `high`, and the `span` that is asked for, None for all."""

    name: str | Word
    title: str
    type: str  # linear, log or date
    hoverformat: str
    low: object
    high: object
    span: tuple | None = None

    @property
    def is_count(self) -> bool:
        """Whether the values only number the rows."""
        return self.name == ROW

    def window(self, values: np.ndarray) -> slice:
        """Return which of rising values the span shows, and one on either side so that lines run to the edges."""
        if self.span is None:
            return slice(0, len(values))
        low = np.searchsorted(values, self.span[0], side="left")
        high = np.searchsorted(values, self.span[1], side="right")
        return slice(max(int(low) - 1, 0), min(int(high) + 1, len(values)))

    def within(self, values: np.ndarray) -> np.ndarray:
        """Return which values the span shows, missing ones never."""
        given = is_given(values)
        return given if self.span is None else given & (values >= self.span[0]) & (values <= self.span[1])

    def along(self, values: np.ndarray) -> np.ndarray:
        """Return where values lie along the axis, as numbers; those outside the span at its ends."""
        if self.span is not None:
            values = np.minimum(np.maximum(values, self.span[0]), self.span[1])
        if self.type == "date":
            return values.astype("datetime64[us]").astype(float)
        return np.log10(values) if self.type == "log" else values.astype(float)

    def layout(self, pad: float = 0.0) -> dict:
        """Return the axis for Plotly; `pad` is the room at both ends, in lengths of the axis, where all is shown."""
        axis = base.axis(self.title, type=self.type, hoverformat=self.hoverformat, showgrid=False, ticks="outside")
        # Said even where all is shown: a line with dots would get room at both ends, and the others with it.
        ends = self.span or (self.low, self.high)
        if ends[0] is not None and ends[0] < ends[1]:
            axis["range"] = [self._end(end) for end in ends] if self.span or not pad else self._padded(pad)
        return axis | self._whole_ticks(ends)

    def _whole_ticks(self, ends: tuple) -> dict:
        """Return what keeps ticks at whole numbers, and unabridged, where there are no others."""
        if self.hoverformat != "d" or self.type != "linear":
            return {}
        few = ends[0] is not None and 1 <= ends[1] - ends[0] < TICKS_MIN
        return {"tickformat": base.EXACT} | ({"nticks": int(ends[1] - ends[0]) + 1} if few else {})

    def _padded(self, pad: float) -> list:
        if self.type == "date":
            low, high = (end.astype("datetime64[us]") for end in (self.low, self.high))
            room = (high - low) * pad
            return [text(low - room), text(high + room)]
        low, high = (float(self._end(end)) for end in (self.low, self.high))
        room = high * pad - low * pad  # their difference could overflow
        return [low - room, high + room]

    def _end(self, end: object) -> object:
        if self.type == "date":
            return text(end)
        return math.log10(end) if self.type == "log" else end


def x_axis(source: Source, name: str | Word, view: View, log: bool = False) -> tuple[XAxis, list[str]]:
    """Return the axis of a column and, where the range asked for does not fit it, a sentence that says so."""
    values = source.along(name)
    type = source.axis_type(name)
    low, high = ends_of(values)
    problems = []
    if log and type == "linear":
        positive = values[values > 0]
        type = "log" if len(positive) else type
        low, high = ends_of(positive) if len(positive) else (low, high)
        if not len(positive):
            problems.append(f"{source.plain(name)} has no value above zero, so its axis is not logarithmic.")
    axis = XAxis(name, source.title(name), type, source.hover_format(name), low, high)
    span, wrong = span_of(view.range[:2], axis)
    return XAxis(name, axis.title, type, axis.hoverformat, low, high, span), problems + wrong


def span_of(ends: tuple[str, ...], axis: XAxis) -> tuple[tuple | None, list[str]]:
    """Return the window that a range asks for, and a sentence where it does not fit the axis."""
    try:
        span = base.span(ends, "date" if axis.type == "date" else "linear")
        if span and axis.type == "log" and span[0] <= 0:
            raise ValueError("no logarithm")
    except ValueError:
        runs = f", which runs from {text(axis.low)} to {text(axis.high)}" if axis.low is not None else ""
        return None, [f"The range {':'.join(ends)} does not fit the axis {axis.title}{runs}."]
    return span, []


def ends_of(values: np.ndarray) -> tuple:
    """Return the least and the greatest value, None where all are missing."""
    given = values[is_given(values)]
    return (given.min(), given.max()) if len(given) else (None, None)


def y_span(view: View, title: str, log: bool) -> tuple[list[float] | None, list[str]]:
    """Return the range of an upright axis of numbers that a view asks for, as Plotly takes it; None for all of it."""
    ends = view.range[2:]
    try:
        span = base.span(ends, "linear")
        if span and log:
            span = tuple(math.log10(end) for end in span)
    except ValueError:
        return None, [f"The range {':'.join(ends)} does not fit the axis {title}."]
    return list(span) if span else None, []


def is_given(values: np.ndarray) -> np.ndarray:
    """Return which values are there: dates or numbers."""
    return ~np.isnat(values) if values.dtype.kind == "M" else ~np.isnan(values)


def sorted_by(values: np.ndarray) -> np.ndarray:
    """Return the positions of the values that are there, in rising order, ties as they come."""
    given = np.flatnonzero(is_given(values))
    sorted_already = len(given) == len(values) and bool((values[1:] >= values[:-1]).all())
    return given if sorted_already else given[np.argsort(values[given], kind="stable")]


def place_of_row(source: Source, view: View) -> int | None:
    """Return the position of the row that the view points at among those drawn, None where it is not among them."""
    if view.row is None:
        return None
    place = int(np.searchsorted(source.row_numbers, view.row))
    return place if place < source.rows and source.row_numbers[place] == view.row else None


def point_at_row(figure: dict, source: Source, view: View, x: XAxis) -> dict:
    """Return the figure with a thin upright line at the row that the view points at."""
    place = place_of_row(source, view)
    if place is None:
        return figure
    values = source.along(x.name)[place : place + 1]
    if not is_given(values)[0] or (x.type == "log" and values[0] <= 0):
        return figure
    at = text(values[0]) if x.type == "date" else float(values[0])
    axes = [name.removeprefix("yaxis") for name in figure["layout"] if name.startswith("yaxis")]
    shapes = [_upright(at, figure["layout"][f"yaxis{number}"].get("anchor", "x"), f"y{number}") for number in axes]
    return figure | {"layout": figure["layout"] | {"shapes": shapes}}


def _upright(at: object, x: str, y: str) -> dict:
    line = {"color": base.COLORS[1], "width": 1.5, "dash": "dot"}
    return {"type": "line", "xref": x, "yref": f"{y} domain", "x0": at, "x1": at, "y0": 0, "y1": 1, "line": line}


# Notes -------------------------------------------------------------------------------------------------


def infinite_note(source: Source, names: Sequence[str]) -> list[str]:
    infinite = source.infinite(names)
    return [f"{count(infinite, 'infinite value is', 'infinite values are')} not drawn."] if infinite else []


def left_out(rows: int, which: str) -> str:
    """Return a sentence on rows that a chart leaves out: `which` tells them from the others."""
    return f"{count(rows, f'row {which} is', f'rows {which} are')} left out."


def left_out_note(source: Source, plan: Plan, drawn: int) -> list[str]:
    """Return a sentence on the rows that have no place on the x axis."""
    lost = source.rows - drawn
    return [left_out(lost, f"without {source.plain(plan.x)}")] if lost else []


def others_note(*groups: Groups | None) -> list[str]:
    """Return a sentence for each grouping that could not tell all its values apart."""
    return [
        f"{len(each.labels) - 1} of {len(each.labels) - 1 + each.others:,} values of {each.column} are told apart."
        for each in groups
        if each and each.others
    ]


def missing_note(source: Source, names: Sequence[str]) -> list[str]:
    """Return a sentence on the missing values of the columns drawn."""
    lost = {name: source.missing(name) for name in dict.fromkeys(names) if name}
    words = [f"{gaps:,} of {name}" for name, gaps in lost.items() if gaps]
    more = f" and of {count(len(words) - 3, 'more column')}" if len(words) > 3 else ""
    return [f"Missing values left out: {', '.join(words[:3])}{more}."] if words else []
