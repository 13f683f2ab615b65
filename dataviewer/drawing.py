"""A view with its rows and its chart, as those ask for it who give an id and a query string."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from dataviewer import charts, query
from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import BadView
from dataviewer.view import View
from dataviewer.wording import count

WIDTH = 1200  # pixels that a chart without a page is drawn for


@dataclass(frozen=True)
class Drawn:
    """A checked view of a dataset; `matching` are the rows of `table` that it keeps, as query.match gives them."""

    dataset: Dataset
    table: pa.Table
    view: View
    matching: np.ndarray | None
    chart: charts.Chart

    @property
    def source(self) -> str:
        """The line under a chart: where its rows come from, and which of them it draws."""
        every = count(self.dataset.rows, "row")
        rows = every if self.matching is None else f"{len(self.matching):,} of {every}"
        return f"Source: {self.dataset.id}, {rows}. Drawn by dataviewer."


def draw(catalog: Catalog, engine: Engine, id: str, text: str) -> Drawn:
    """Return the view that the query string `text` spells of the dataset `id`.

    Raises UnknownDataset, and BadView where the view or its chart asks for what the dataset does not have.
    """
    dataset = catalog[id]
    view = query.demand(dataset, replace(View.from_query_string(text), dataset=dataset.id))
    table = catalog.table(dataset)
    matching = query.match(engine, dataset, table, view)
    chart = charts.draw(dataset, table, matching, view, WIDTH)
    if chart.plan and chart.plan.problems:
        raise BadView(chart.plan.problems[0])
    return Drawn(dataset, table, view, matching, chart)
