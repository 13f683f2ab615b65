"""A view as one file that needs nothing else, to hand out: chart, rows, columns, documentation, citation."""

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined

from dataviewer import exports, filters, query
from dataviewer.about import about
from dataviewer.assets import plotly_script
from dataviewer.charts import paper
from dataviewer.dataset import Column
from dataviewer.drawing import Drawn
from dataviewer.engine import Engine
from dataviewer.view import View
from dataviewer.wording import count

ROWS_MAX = 1000
CELLS_MAX = 20_000  # of all rows together: wide tables show fewer rows
TEXT_MAX = 500  # characters of one cell
HEADINGS = {
    "description": "Description",
    "details": "Details",
    "note": "Note",
    "source": "Source",
    "references": "References",
}
_templates = Environment(
    loader=PackageLoader("dataviewer"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def write(engine: Engine, drawn: Drawn, link: str) -> str:
    """Return the page of a view: its chart, its first rows (ROWS_MAX and CELLS_MAX at most, and it says so), and what
    is known of the dataset. `link` leads back to the view.
    """
    dataset, view, chart = drawn.dataset, drawn.view, drawn.chart
    shown = list(view.columns or drawn.table.column_names)
    size = max(1, min(ROWS_MAX, CELLS_MAX // max(len(shown), 1)))
    page = query.page_rows(engine, drawn.table, view.sort, 1, size, matching=drawn.matching)
    known = about(dataset)
    has_chart = bool(chart.figure["data"])
    search = [f"any cell contains “{view.search}”"] if view.search else []
    return _templates.get_template("handout.html").render(
        title=dataset.title,
        facts=f"{dataset.id} · {count(dataset.rows, 'row')} · {count(len(dataset.columns), 'column')}",
        conditions=[*map(filters.words, view.where), *search],
        figure=paper.as_script(chart.figure) if has_chart else "",
        plotly=plotly_script() if has_chart else "",
        note=chart.note,
        told=chart.summary,
        basis=_basis(page, view),
        columns=[_head(dataset.column(name)) for name in shown],
        rows=list(zip(page.numbers, _lines(page.rows.select(shown)))),
        described=dataset.columns,
        documentation=[(heading, known["documentation"][name]) for name, heading in HEADINGS.items()],
        citation=known["citation"],
        licence=known["licence"],
        link=link,
    )


def _head(column: Column) -> dict:
    return {"name": column.name, "is_number": column.kind in ("integer", "number")}


def _basis(page: query.Page, view: View) -> str:
    """Return which rows the file has, in which order."""
    shown = page.rows.num_rows
    rows = f"All {count(shown, 'row')}" if shown == page.total else f"The first {shown:,} of {count(page.total, 'row')}"
    narrowed = f" that match, of {page.of:,}" if page.total < page.of else ""
    order = ", ".join(f"{sort.column}{' (descending)' if sort.descending else ''}" for sort in view.sort)
    return f"{rows}{narrowed}{f', sorted by {order}' if order else ''}."


def _lines(rows: pa.Table) -> list[tuple]:
    """Return the cells of each row as text, None where missing."""
    columns = [[_text(cell) for cell in exports.json_values(values)] for values in rows.columns]
    return list(zip(*columns)) if columns else [()] * rows.num_rows


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    text = str(cell).lower() if isinstance(cell, bool) else str(cell)
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}… ({len(text):,} characters)"
