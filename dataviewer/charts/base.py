"""What all charts share: the answer they give, their size, their colours, their layout."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

HEIGHT = 320  # pixels; the style sheet keeps as much free, since a chart that grows is drawn twice
EXACT = ".12~g"  # d3's format of a number in up to twelve digits, none of them padding

# Told apart by the colour-blind, and at least 3:1 on white and on the dark page.
COLORS = (
    "#1f77d0", "#d55e00", "#009e73", "#c061a8", "#a67c00", "#7a6ff0",
    "#e0455e", "#0096a8", "#7f8790", "#5f9a1f", "#a0673c", "#5a7fa6",
)  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A figure, what it shows in words, and what the controls beside it stand at.

    `lines` are the columns drawn, `choices` those that could be, `scale` "" where there is nothing to choose.
    """

    figure: dict
    note: str
    lines: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    default_lines: tuple[str, ...] = ()
    scale: str = ""
    default_scale: str = ""


def nothing(sentence: str) -> Chart:
    """Return an empty chart, and why it is empty."""
    hidden = {"visible": False}
    return Chart({"data": [], "layout": {**layout(HEIGHT), "xaxis": hidden, "yaxis": hidden}}, sentence)


def layout(height: int) -> dict:
    """Return the layout that every figure begins with."""
    return {
        "height": height,
        "margin": {"l": 56, "r": 16, "t": 28, "b": 40},
        "font": {"family": "system-ui, sans-serif", "size": 12, "color": "#343a40"},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "colorway": COLORS,
        "hovermode": "x unified",
        "dragmode": "zoom",
        "showlegend": False,
        "modebar": {"orientation": "h"},
    }


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
