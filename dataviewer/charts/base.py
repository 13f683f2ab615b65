"""What all charts share: the answer they give, their size, their colours, their axes, their grid of panels."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from dataviewer.wording import count

HEIGHT = 320  # pixels; the style sheet keeps as much free, since a chart that grows is drawn twice
# What an axis of categories takes below, labels and title: with less, Plotly draws the whole chart once more.
MARGIN = {"l": 56, "r": 16, "t": 28, "b": 44}  # pixels
EXACT = ".12~g"  # d3's format of a number in up to twelve digits, none of them padding
GAP_X, GAP_Y = 0.18, 0.34  # between panels, in panels
LABELS_WIDE = 44  # pixels between panels side by side that the labels of an upright axis need
GAP_LABELLED = 0.46  # where the labels of an x axis and the title of the next panel stand between two
# Of axes without a trace Plotly makes no panel: its title would stand in another.
UNSEEN = {"type": "scatter", "x": [None], "y": [None], "showlegend": False, "hoverinfo": "skip"}
BARE = {"showticklabels": False, "showgrid": False}  # an axis of nothing would have numbers of its own
TICK_WIDTH = 80  # pixels that a date below a panel needs, lest it be slanted into the title
LABEL_MAX = 24  # characters of a category's label

# Told apart by the colour-blind, and at least 3:1 on white and on the dark page.
COLORS = (
    "#1f77d0", "#d55e00", "#009e73", "#c061a8", "#a67c00", "#7a6ff0",
    "#e0455e", "#0096a8", "#7f8790", "#5f9a1f", "#a0673c", "#5a7fa6",
)  # fmt: skip
OTHER_COLOR = COLORS[8]
# From few to many: readable on white and on the dark page, and in grey.
SEQUENTIAL = [[0, "#b7cbe3"], [0.25, "#7fa6d8"], [0.5, "#6f7fd0"], [0.75, "#a6499c"], [1, "#c0264d"]]
DIVERGING = [[0, "#b2400a"], [0.25, "#eba46c"], [0.5, "#f4f4f4"], [0.75, "#7db2dd"], [1, "#12508f"]]


@dataclass(frozen=True)
class Chart:
    """A figure, what it shows in one line, and the same in sentences for those who do not see it.

    `plan` is the charts.Plan that it was drawn by, None where it offers no choice.
    """

    figure: dict
    note: str
    summary: tuple[str, ...] = ()
    plan: object = None


@dataclass(frozen=True)
class Panel:
    """One frame of a figure: its title as HTML, its traces, and what its axes have of their own."""

    title: str
    traces: tuple[dict, ...]
    x: dict = field(default_factory=dict)
    y: dict = field(default_factory=dict)


def nothing(sentence: str) -> Chart:
    """Return an empty chart, and why it is empty."""
    hidden = {"visible": False}
    return Chart({"data": [], "layout": {**layout(HEIGHT), "xaxis": hidden, "yaxis": hidden}}, sentence)


def layout(height: int) -> dict:
    """Return the layout that every figure begins with."""
    return {
        "height": height,
        "margin": {**MARGIN},
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": "#343a40"},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": COLORS,
        "hovermode": "closest",
        "dragmode": "zoom",
        "showlegend": False,
        "modebar": {"orientation": "h"},
    }


def escape(text: str) -> str:
    """Return text that Plotly shows as it is; it takes <, > and & for markup, and does not know &quot;."""
    return html.escape(text, quote=False)


def no_logarithm(values: int) -> str:
    """Return a sentence on values that a logarithmic axis has no place for."""
    one, many = "value of zero or less has no logarithm and is", "values of zero or less have no logarithm and are"
    return f"{count(values, one, many)} not drawn."


# Axes ----------------------------------------------------------------------------------------------


def axis(title: str = "", **settings) -> dict:
    """Return an axis of numbers, which the reader may zoom."""
    # Plotly measures each label of an axis without "allow", or with a distance to its title: a third of its time.
    own = {"zeroline": False, "hoverformat": EXACT, "ticklabeloverflow": "allow"}
    return {"title": {"text": escape(title), "standoff": 6} if title else {}, **own, **settings}


def category_axis(title: str, labels: Sequence[str], **settings) -> dict:
    """Return an axis with a place for each label: by position, since two labels may read alike."""
    places = {"tickvals": list(range(len(labels))), "ticktext": list(labels), "range": [-0.5, len(labels) - 0.5]}
    return axis(title, automargin=True, fixedrange=True, showgrid=False, **places, **settings)


def bars_range(bars: Sequence[tuple[int, Sequence, Sequence]], stacked: bool, log: bool) -> dict:
    """Return the range of an upright axis that holds bars of several panels: each their panel, places and heights.

    Plotly 7 finds none for bars on axes that match.
    """
    ups, downs = {}, {}
    for panel, places, heights in bars:
        for place, height in zip(places, heights):
            side = ups if height >= 0 else downs
            key = (panel, place)
            side[key] = side.get(key, 0) + height if stacked else max(side.get(key, 0), height, key=abs)
    high, low = max(ups.values(), default=0), min(downs.values(), default=0)
    if log:
        least = min((height for _, _, heights in bars for height in heights if height > 0), default=1)
        return {"range": [math.log10(least) - 0.3, math.log10(max(high, least)) + 0.1]}
    return {"range": [low * 1.05, high * 1.05]} if low < high else {}


def label(value: object) -> str:
    """Return how a category is called, safe and short; text that is empty has quotes."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        text = f"{value:.0f}"
    return escape(text if len(text) <= LABEL_MAX else f"{text[: LABEL_MAX - 1]}…") or "“”"


def span(ends: Sequence[str], type: str) -> tuple | None:
    """Return the two ends of a range as values of an axis (linear or date), the lower first; None for no range.

    Raises ValueError where they are none.
    """
    if not ends:
        return None
    low, high = sorted(np.datetime64(end.replace(" ", "T")) if type == "date" else float(end) for end in ends)
    if type == "linear" and not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError("infinite")
    return low, high


# Grids of panels -----------------------------------------------------------------------------------


def compose(panels: Sequence[Panel], x: dict, y: dict, width: int, shared: str = "xy", tall: int = 90) -> dict:
    """Return the figure of one panel, or of a grid of them, for `width` pixels; `tall` is what a panel needs of height.

    `x` and `y` are what all axes have in common. Panels that share an axis ("x", "xy" or none, "") zoom together, and
    one x axis then serves a whole column of them: half the axes, half the time to draw.
    """
    if len(panels) == 1:
        data = named_once(panels[0].traces)
        axes = {"xaxis": x | panels[0].x, "yaxis": y | panels[0].y}
        titles = [_panel_title(panels[0].title, "", "")] if panels[0].title else []
        return {
            "data": data,
            "layout": layout(HEIGHT) | axes | {"shapes": titles} | legend(data, width, HEIGHT, bool(titles)),
        }
    grid = _Grid(len(panels), panel_columns(len(panels), width), shared, width - MARGIN["l"] - MARGIN["r"])
    ticks = {"tickangle": 0, "nticks": max(2, width // grid.columns // TICK_WIDTH)}
    figure = layout(max(HEIGHT, grid.rows * tall + 48)) | {"shapes": []}
    data = []
    for place, panel in enumerate(panels):
        x_number, y_number = grid.numbers(place)
        bare = {} if panel.traces or shared else BARE
        figure.setdefault(f"xaxis{x_number}", grid.x_axis(place, ticks | x | panel.x | bare))
        figure.setdefault(f"yaxis{y_number}", grid.y_axis(place, y | panel.y | bare))
        figure["shapes"].append(_panel_title(panel.title, x_number, y_number))
        axes = {"xaxis": f"x{x_number}", "yaxis": f"y{y_number}"}
        data += [trace | axes for trace in panel.traces or (UNSEEN,)]
    data = named_once(data)
    return {"data": data, "layout": figure | legend(data, width, figure["height"], titled=True)}


@dataclass(frozen=True)
class _Grid:
    """Where panels stand in `room` pixels and which axes they have; Plotly counts axes, and the first has no number."""

    panels: int
    columns: int
    shared: str
    room: int

    @property
    def rows(self) -> int:
        return math.ceil(self.panels / self.columns)

    @property
    def gap(self) -> float:
        """What lies between panels side by side, in panels: on a phone their labels need more than on a screen."""
        if "y" in self.shared:  # the first of a row alone has labels
            return GAP_X
        return max(GAP_X, LABELS_WIDE * self.columns / (self.room - LABELS_WIDE * (self.columns - 1)))

    def numbers(self, place: int) -> tuple[str, str]:
        return number(place % self.columns if "x" in self.shared else place), number(place)

    def x_axis(self, place: int, settings: dict) -> dict:
        column = place % self.columns
        # The axis stands below the last panel of its column.
        last = max(other for other in range(column, self.panels, self.columns)) if "x" in self.shared else place
        wide = _share(self.columns, self.gap)
        left = column * wide * (1 + self.gap)
        # All show the same: the first alone bears the title, the others follow its zoom.
        follows = {"matches": "x", "title": {}} if "x" in self.shared and column else {}
        return {**settings, **follows, "domain": [left, min(left + wide, 1)], "anchor": f"y{self.numbers(last)[1]}"}

    def y_axis(self, place: int, settings: dict) -> dict:
        row, column = divmod(place, self.columns)
        gap = GAP_Y if "x" in self.shared else GAP_LABELLED
        high = _share(self.rows, gap)
        top = 1 - row * high * (1 + gap)
        # An axis a panel even where all show the same: Plotly 7 finds no range for bars on one of several x axes.
        follows = {"matches": "y"} if "y" in self.shared and place else {}
        # Unasked, it finds none either for lines where the x axes match and have a range.
        found = {"autorange": True} if "y" in self.shared and "range" not in settings else {}
        inner = {"showticklabels": False} if "y" in self.shared and column else {}
        # One title for all of a kind: beside the first column, in the middle.
        titled = {} if self.shared != "x" and not column and row == self.rows // 2 else {"title": {}}
        own = {"domain": [max(top - high, 0), top], "anchor": f"x{self.numbers(place)[0]}", "nticks": 4}
        return {**found, **settings, **follows, **inner, **titled, **own}


def panel_columns(panels: int, width: int) -> int:
    """Return how many panels stand side by side: few are stacked, so that they share the whole x axis."""
    if panels <= 3:
        return 1
    most = max(1, min(4, width // 200))  # pixels
    rows = math.ceil(panels / most)
    return math.ceil(panels / rows)


def panel_width(panels: int, width: int) -> int:
    """Return the pixels that one panel of several has."""
    return max(width // panel_columns(panels, width), 1)


def _share(parts: int, gap: float) -> float:
    """Return what one of several equal parts has of the whole, with gaps of `gap` parts between them."""
    return 1 / (parts + gap * (parts - 1))


def number(place: int) -> str:
    """Return the number by which Plotly calls an axis: the first has none."""
    return str(place + 1) if place else ""


def _panel_title(title: str, x: str, y: str) -> dict:
    # The label of a line along the top that is not seen: Plotly draws annotations twice, each in twice the time.
    top = {"type": "line", "xref": f"x{x} domain", "yref": f"y{y} domain", "x0": 0, "x1": 1, "y0": 1, "y1": 1}
    text = {"text": title, "font": {"weight": 600}, "textposition": "start", "yanchor": "bottom", "padding": 0}
    return top | {"line": {"width": 0}, "label": text}


def named_once(traces: Sequence[dict]) -> list[dict]:
    """Return the traces; of those in the legend that are of one group only the first stays in it."""
    seen = set()
    named = []
    for trace in traces:
        group = trace.get("legendgroup")
        named.append(trace | {"showlegend": False} if group in seen else trace)
        if trace.get("showlegend", True):
            seen |= {group} - {None}
    return named


def legend(traces: Sequence[dict], width: int, height: int, titled: bool = False) -> dict:
    """Return the legend above the chart where two traces or more have a name; its lines take room from the panels, and
    it stands above the titles of the first."""
    shown = [trace["name"] for trace in traces if trace.get("showlegend", True)]
    if len(shown) < 2:
        return {}
    lines = math.ceil(sum(7 * min(len(name), 40) + 44 for name in shown) / max(width - 72, 1))
    below = 18 if titled else 0  # pixels
    margin = MARGIN | {"t": max(MARGIN["t"], 10 + 20 * min(lines, 6) + below)}
    # In the chart's own measure: of a legend placed in the whole figure Plotly keeps the room for the next figure too.
    y = 1 + below / (height - margin["t"] - margin["b"])
    place = {"orientation": "h", "xanchor": "left", "x": 0, "yanchor": "bottom", "y": y}
    return {"showlegend": True, "legend": place | {"itemdoubleclick": False}, "margin": margin}
