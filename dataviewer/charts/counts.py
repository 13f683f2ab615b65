"""How often each value of a category occurs."""

import html

import pyarrow as pa

from dataviewer import query
from dataviewer.charts import base
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine

BARS_MAX = 12


def draw_counts(engine: Engine, dataset: Dataset, table: pa.Table) -> base.Chart:
    """Return how often each value of the first category occurs, where there is no number to draw."""
    besides = f" besides {dataset.time.column}" if dataset.time else ""
    named = [c for c in dataset.columns if c.kind in ("text", "logical") and c.missing < dataset.rows]
    category = next((c for c in named if c.name != "rownames"), named[0] if named else None)
    if category is None:
        return base.nothing(f"There is nothing to draw: no column{besides} holds a number or a category.")
    counts, others, rows = query.count_values(engine, table, category.name, BARS_MAX)
    labels = [_category_label(value) for value, _ in counts] + ([f"{others:,} others"] if others else [])
    heights = [count for _, count in counts] + ([rows] if others else [])
    bars = {
        "type": "bar",
        "x": list(range(len(heights))),  # positions: two labels may read alike
        "y": heights,
        "text": [f"{height:,}" for height in heights],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {"color": [base.COLORS[0]] * len(counts) + [base.COLORS[8]] * bool(others)},
        "hovertext": labels,
        "hovertemplate": "%{hovertext}: %{y:,} rows<extra></extra>",
    }
    layout = base.layout(base.HEIGHT) | {"hovermode": "closest", "bargap": 0.3}
    layout["xaxis"] = {"title": {"text": html.escape(category.name)}, "automargin": True, "fixedrange": True}
    layout["xaxis"] |= {"tickvals": bars["x"], "ticktext": labels, "zeroline": False, "showgrid": False}
    layout["yaxis"] = {"title": {"text": "rows"}, "fixedrange": True, "zeroline": False}
    missing = f" {category.missing:,} missing left out." if category.missing else ""
    note = f"No column{besides} holds numbers, so this counts the values of {category.name}"
    return base.Chart({"data": [bars], "layout": layout}, f"{note} in {dataset.rows:,} rows.{missing}")


def _category_label(value: str | bool) -> str:
    text = str(value).lower() if isinstance(value, bool) else value
    return html.escape(text if len(text) <= 24 else f"{text[:23]}…") or "“”"
