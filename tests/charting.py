"""What tests of charts share: drawing a table made in the test, and reading the figure as a browser would."""

import json
import re

import numpy as np
import pyarrow as pa
from plotly.io.json import to_json_plotly

from dataviewer import charts
from dataviewer.assets import plotly_script
from dataviewer.charts import Chart
from dataviewer.describe import describe
from dataviewer.view import View

WIDTH = 1200  # pixels
TRACES = set(re.findall(r'moduleType:"trace",name:"(\w+)"', plotly_script()))  # what the page can draw
HOSTILE = "<img src=x onerror=alert(1)>&"


def draw(catalog, id: str, width: int = WIDTH, **asked) -> Chart:
    dataset = catalog[id]
    return charts.draw(dataset, catalog.table(dataset), None, View(dataset.id, **asked), width)


def draw_table(asked: dict, columns: dict, width: int = WIDTH, rows: list[int] | None = None) -> Chart:
    """Return the chart of a table; `rows` are the positions that conditions left."""
    table = pa.table(columns)
    dataset = describe("p/d", "", "p", table, lambda: table)
    positions = None if rows is None else np.array(rows, int)
    return charts.draw(dataset, table, positions, View("p/d", **asked), width)


def to_json(chart: Chart) -> dict:
    """What a browser gets; NaN and Infinity are no JSON and must not be in it."""

    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(to_json_plotly(chart.figure), parse_constant=refuse)


def points(trace: dict) -> list[tuple]:
    """The points of a trace as a browser gets them, gaps as None."""
    x = trace.get("x") or [trace["x0"] + step * trace["dx"] for step in range(len(trace["y"]))]
    return list(zip(x, trace["y"], strict=True))


def axes(chart: Chart, letter: str) -> dict[str, dict]:
    return {name: axis for name, axis in chart.figure["layout"].items() if name.startswith(f"{letter}axis")}


def panel_titles(figure: dict) -> list[str]:
    """The titles of panels as HTML, in their order."""
    return [shape["label"]["text"] for shape in figure["layout"]["shapes"]]


def strings(value: object) -> list[str]:
    """All texts in a figure, whichever place they have."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, (list, tuple, np.ndarray)):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []
