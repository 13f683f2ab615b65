"""What the API tells of a dataset beside its rows: its documentation, the profile of a view, what is odd, one row."""

import numpy as np
import pyarrow as pa

from dataviewer import exports, profiles, quality, query
from dataviewer.about import about
from dataviewer.catalog import SUMMARY, Catalog
from dataviewer.charts.source import where_equal
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import BadView, NotFound
from dataviewer.profiles import WHERE_MAX
from dataviewer.view import View, Where, spell_where


def summary(dataset: Dataset) -> dict:
    """Return one line of the catalogue, by the names that its columns have on the page."""
    return {name: tell(dataset) for name, (_, tell) in SUMMARY.items()}


def details(dataset: Dataset) -> dict:
    """Return what is known of a dataset without its rows."""
    page = dataset.documentation
    whole = {name: told.text for name, told in page.columns.items()}
    columns = [
        {
            "name": c.name,
            "type": c.kind,
            "missing": c.missing,
            "description": c.meaning,
            "documentation": whole.get(c.name, ""),
            "unit": c.unit,
        }
        for c in dataset.columns
    ]
    return summary(dataset) | {"columns": columns} | about(dataset, page)


def profile(catalog: Catalog, engine: Engine, id: str, text: str) -> dict:
    """Return the profile of each column for the rows that a view keeps; its bars also count all rows."""
    dataset, table, view = _asked(catalog, id, text)
    matching = query.match(engine, dataset, table, view)
    found = profiles.profile_columns(dataset, table, matching)
    rows = dataset.rows if matching is None else len(matching)
    return {"dataset": dataset.id, "rows": rows, "of": dataset.rows, "columns": profiles.as_json(found, spell_where)}


def findings(catalog: Catalog, id: str) -> dict:
    """Return what is odd about all rows of a dataset."""
    dataset = catalog[id]
    found = quality.find(dataset, catalog.table(dataset))
    told = [{"kind": f.kind, "words": f.words, "where": [spell_where(where) for where in f.wheres]} for f in found]
    return {"dataset": dataset.id, "of": dataset.rows, "findings": told}


def row(catalog: Catalog, engine: Engine, id: str, text: str) -> dict:
    """Return one row whole, with the meaning of each value, and the rows before and after it in the view's order."""
    dataset, table, view = _asked(catalog, id, text)
    if view.row is None:
        raise BadView("Which row? Ask for row=1 or another position in the file.")
    if view.row > dataset.rows:
        raise NotFound(f"There is no row {view.row:,}; {dataset.id} has {dataset.rows:,}.")
    line = table.slice(view.row - 1, 1)
    before, after, matches = _neighbours(engine, dataset, table, view)
    cells = [
        {"name": c.name, "type": c.kind, "meaning": c.meaning, "value": value, "where": _same(c.name, raw)}
        for c, value, raw in zip(
            dataset.columns,
            (exports.json_values(values)[0] for values in line.columns),
            (values[0].as_py() for values in line.columns),
        )
    ]
    return {
        "dataset": dataset.id,
        "row": view.row,
        "of": dataset.rows,
        "matches": matches,
        "previous": before,
        "next": after,
        "cells": cells,
    }


def _same(name: str, value: object) -> str | None:
    """Return the condition that keeps the rows with the same value; None where no link could hold it."""
    where = Where(name, "null") if value is None else where_equal(name, value)
    return spell_where(where) if sum(map(len, where.values)) <= WHERE_MAX else None


def _neighbours(engine: Engine, dataset: Dataset, table: pa.Table, view: View) -> tuple[int | None, int | None, bool]:
    """Return the positions, from 1, of the rows before and after one in the order of a view, and whether the view keeps
    it; if not, they are those in the file."""
    matching = query.match(engine, dataset, table, view)
    order = query.ordered(table, view.sort, matching)
    at = np.flatnonzero(order == view.row - 1) if order is not None else np.array([view.row - 1])
    matches = len(at) > 0
    if not matches:
        order, at = None, np.array([view.row - 1])
    place, last = int(at[0]), (len(order) if order is not None else dataset.rows) - 1
    numbers = (place - 1 if place > 0 else None, place + 1 if place < last else None)
    before, after = (None if n is None else int(order[n] if order is not None else n) + 1 for n in numbers)
    return before, after, matches


def _asked(catalog: Catalog, id: str, text: str) -> tuple[Dataset, pa.Table, View]:
    dataset = catalog[id]
    return dataset, catalog.table(dataset), query.demand(dataset, View.from_query_string(text))
