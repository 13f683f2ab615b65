"""The map of the collection."""

import math
from urllib.parse import quote

import numpy as np
import pyarrow as pa

from dataviewer.charts import base
from dataviewer.view import View
from dataviewer.wording import count

EMPTY_AT = 0.5  # where a log axis shows the datasets without rows, under a tick that says 0


def draw_catalog(table: pa.Table, positions: np.ndarray | None, view: View) -> base.Chart:
    """Return the map of the collection: a dot per dataset, rows by columns on log axes; a click opens it."""
    table = table if positions is None else table.take(positions)
    series = table["time_series"].to_numpy(zero_copy_only=False).astype(bool)
    traces = [_dots(table, ~series, "datasets", base.COLORS[0]), _dots(table, series, "time series", base.COLORS[1])]
    layout = base.layout(base.HEIGHT) | {"hovermode": "closest", "showlegend": True}
    layout |= base.legend(traces, 1000, base.HEIGHT)
    layout["legend"]["itemclick"] = False
    layout["xaxis"] = _log_axis("rows", [EMPTY_AT, 1, 10, 100, 1000, 10_000, 100_000, 10**6, 10**7, 10**8])
    layout["yaxis"] = _log_axis("columns", [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000])
    note = f"Each dot is one of {table.num_rows:,} datasets; click it to open it."
    if view.range:
        try:
            ranges = [_logs(base.span(ends, "linear")) for ends in (view.range[:2], view.range[2:]) if ends]
            for axis, ends in zip(("xaxis", "yaxis"), ranges):
                layout[axis]["range"] = ends
        except ValueError:
            note = f"The range {':'.join(view.range)} does not fit the map, whose axes are logarithmic. {note}"
    return base.Chart({"data": traces, "layout": layout}, note)


def _dots(table: pa.Table, chosen: np.ndarray, name: str, color: str) -> dict:
    lines = [line for line, wanted in zip(table.to_pylist(), chosen) if wanted]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [line["rows"] or EMPTY_AT for line in lines],
        "y": [max(line["columns"], EMPTY_AT) for line in lines],
        "text": [_hover(line) for line in lines],
        "customdata": [f"dataset={quote(line['id'])}" for line in lines],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 7, "opacity": 0.55, "color": color},
    }


def _hover(line: dict) -> str:
    title = base.escape(line["title"] if len(line["title"]) < 60 else line["title"][:59] + "…")
    size = f"{count(line['rows'], 'row')}, {count(line['columns'], 'column')}"
    return f"<b>{base.escape(line['id'])}</b><br>{title}<br>{size}"


def _log_axis(title: str, ticks: list[float]) -> dict:
    labels = ["0" if tick == EMPTY_AT else f"{tick}" if tick < 10_000 else f"{tick // 1000:,}k" for tick in ticks]
    grid = {"showgrid": True, "zeroline": False, "tickvals": ticks, "ticktext": labels, "tickangle": 0}
    return {"type": "log", "title": {"text": title, "standoff": 6}, **grid}


def _logs(span: tuple[float, float]) -> list[float]:
    if span[0] <= 0:
        raise ValueError("no logarithm")
    return [math.log10(end) for end in span]
