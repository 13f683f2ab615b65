"""A chart to take away: with its title and its source, and as a page that needs nothing else."""

import html
import math

from plotly.io.json import to_json_plotly

from dataviewer.assets import plotly_script
from dataviewer.charts import base
from dataviewer.charts.source import LETTER

FIGURES = {"json": "application/json", "html": "text/html; charset=utf-8"}  # what a chart can be, in which media type
TITLE_ROOM, SOURCE_ROOM = 34, 24  # pixels above and below the chart


def captioned(chart: base.Chart, title: str, source: str) -> dict:
    """Return the figure with `title` above and `source` below, in room of their own."""
    layout = chart.figure["layout"]
    margin = layout["margin"] | {"b": layout["margin"]["b"] + _label_room(layout)}
    height = layout["height"] + margin["b"] - layout["margin"]["b"]
    caption = {
        "title": {"text": base.escape(title), "x": 0, "xref": "paper", "y": 1, "yref": "container", "yanchor": "top"},
        "margin": margin | {"t": margin["t"] + TITLE_ROOM, "b": margin["b"] + SOURCE_ROOM},
        "height": height + TITLE_ROOM + SOURCE_ROOM,
        "plot_bgcolor": "#ffffff",
    }
    caption["title"] |= {"pad": {"t": 10}, "font": {"size": 16}}
    note = {"text": base.escape(source), "xref": "paper", "yref": "paper", "x": 0, "y": 0, "showarrow": False}
    note |= {"xanchor": "left", "yanchor": "top", "yshift": -margin["b"], "font": {"size": 10, "color": "#6a737d"}}
    caption["annotations"] = [*layout.get("annotations", ()), note]
    return {"data": chart.figure["data"], "layout": layout | caption}


def _label_room(layout: dict) -> int:
    """Return the pixels that turned labels take below a chart, besides its margin: the source stands below them."""
    axes = [axis for name, axis in layout.items() if name.startswith("xaxis") and axis.get("tickangle")]
    rooms = [
        LETTER
        * max((len(html.unescape(label)) for label in axis.get("ticktext", ())), default=0)
        * math.sin(math.radians(abs(axis["tickangle"])))
        for axis in axes
    ]
    return math.ceil(max(rooms, default=0))


def as_json(figure: dict) -> str:
    """Return the figure as Plotly reads it."""
    return to_json_plotly(figure)


def as_script(figure: dict) -> str:
    """Return the figure as Plotly reads it, fit to stand in a script of a page."""
    # "</" ends a script wherever it stands, and these two end a line of one.
    return as_json(figure).replace("</", "<\\/").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def as_page(figure: dict, title: str, summary: tuple[str, ...]) -> str:
    """Return a page with the figure, its words and Plotly itself: it opens from a disk, without network."""
    name, told = html.escape(title), "".join(f"<li>{html.escape(sentence)}</li>" for sentence in summary)
    return PAGE.format(title=name, plotly=plotly_script(), json=as_script(figure), told=told)


PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 1rem auto; max-width: 1200px; font: 14px/1.5 system-ui, sans-serif; color: #343a40 }}</style>
<script>{plotly}</script>
</head>
<body>
<main>
<div id="chart" role="img" aria-label="{title}"></div>
<details><summary>The chart in words</summary><ul>{told}</ul></details>
</main>
<script>
const figure = {json};
delete figure.layout.width;
Plotly.newPlot("chart", figure.data, figure.layout, {{responsive: true, displaylogo: false, showSendToCloud: false}});
</script>
</body>
</html>
"""
