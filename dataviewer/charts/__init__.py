"""What is drawn of a view: figures as plain Plotly dictionaries, and the sentence that says what they show.

Plain dictionaries, because building plotly.py's objects costs a hundred times as much as the drawing data.
"""

import pyarrow as pa

from dataviewer.charts import counts, lines, overview
from dataviewer.charts.base import HEIGHT, Chart, nothing
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.view import CATALOG, View

__all__ = ["HEIGHT", "Chart", "draw", "nothing"]


def draw(engine: Engine, dataset: Dataset, table: pa.Table, view: View, width: int) -> Chart:
    """Return the chart of a view, drawn for `width` pixels. What the dataset lacks must have been checked."""
    if dataset.id == CATALOG:
        return overview.draw_catalog(table, view)
    if not dataset.rows:
        return nothing("There is nothing to draw: the dataset has no rows.")
    if dataset.numbers:
        return lines.draw_lines(dataset, table, view, width)
    return counts.draw_counts(engine, dataset, table)
