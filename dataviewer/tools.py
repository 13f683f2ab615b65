"""What an assistant can ask, and small answers to it: each says which part of the whole it is.

An assistant reads every character of an answer, so rows, columns, bars and texts have limits, and each limit is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dataviewer import answers, drawing, exports, query
from dataviewer.arguments import Arguments, Describe, Draw, Find, Profile, Rows
from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.view import View
from dataviewer.wording import count

COLUMNS_MAX = {"describe": 60, "profile": 12, "rows": 30}  # columns of one answer
CELLS_MAX = 60_000  # characters of an answer's cells: each text gets an equal part
TEXT_MAX = 1500  # characters of a section of the documentation


@dataclass(frozen=True)
class Viewer:
    """What the tools answer from; `address` is where people see it, with a slash at its end."""

    catalog: Catalog
    engine: Engine
    address: str

    def page(self, asked: View) -> str:
        return f"{self.address}?{asked.to_query_string()}"

    def file(self, dataset: Dataset, name: str, asked: View) -> str:
        return f"{self.address}api/datasets/{quote(dataset.id)}/{name}?{asked.to_query_string()}"


@dataclass(frozen=True)
class Tool:
    """A question: `answer` takes the viewer and `arguments` as they were read, gives what JSON can hold, and raises a
    DataViewerError for what cannot be answered."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    answer: Callable[[Viewer, Arguments], dict]


def find_dataset(viewer: Viewer, asked: Find) -> dict:
    overview = viewer.catalog.overview
    found = overview.find(asked.query)
    names = ("id", "title", "rows", "columns")
    lines = overview.load().select(names).take(found[: asked.limit]).to_pylist()
    return {"datasets_shown": _part("dataset", 0, len(lines), len(found)), "datasets": lines}


def describe(viewer: Viewer, asked: Describe) -> dict:
    dataset = viewer.catalog[asked.dataset]
    query.demand(dataset, View(dataset.id, columns=tuple(asked.columns)))
    shown, columns = _columns(dataset, asked.columns, "describe")
    told = answers.details(dataset)
    facts = {column["name"]: _phrased(column) for column in told["columns"]}
    texts = {name: _cut(told[name], TEXT_MAX) for name in ("description", "source", "references", "licence")}
    texts["other_datasets_of_this_name"] = viewer.catalog.namesakes(asked.dataset)
    return {
        "dataset": dataset.id,
        "title": dataset.title,
        "rows": dataset.rows,
        "columns_shown": shown,
        "columns": [facts[name] for name in columns],
        **{name: text for name, text in texts.items() if text},
        "citation": told["citation"]["text"],
        "page": viewer.page(View(dataset.id)),
    }


def _phrased(column: dict) -> dict:
    """Return what is told of a column in short: its description, not all that the help page says."""
    return {name: value for name, value in column.items() if name != "documentation"}


def profile(viewer: Viewer, asked: Profile) -> dict:
    dataset = viewer.catalog[asked.dataset]
    chosen = asked.view(dataset)
    told = answers.profile(viewer.catalog, viewer.engine, dataset.id, chosen.to_query_string())
    shown, columns = _columns(dataset, asked.columns, "profile")
    facts = {column["name"]: column for column in told["columns"]}
    return {
        "dataset": dataset.id,
        "rows": told["rows"],
        "of": told["of"],
        "columns_shown": shown,
        "columns": [_profile(facts[name]) for name in columns],
        "page": viewer.page(chosen),
    }


def _profile(told: dict) -> dict:
    kept = ("name", "type", "meaning", "missing", "distinct", "statistics", "estimated")
    counts = {"counts": [[bar["label"], bar["count"]] for bar in told["bars"]]}
    others = {"other_values": told["others"]["values"], "rows_of_other_values": told["others"]["count"]}
    return {name: told[name] for name in kept} | counts | others


def rows(viewer: Viewer, asked: Rows) -> dict:
    dataset = viewer.catalog[asked.dataset]
    chosen = asked.view(dataset)
    table = viewer.catalog.table(dataset)
    matching = query.match(viewer.engine, dataset, table, chosen)
    page = query.page_rows(viewer.engine, table, chosen.sort, chosen.page, chosen.size, matching=matching)
    said = _rows_shown(page, narrowed=matching is not None)
    if page.of and not page.total:
        said += f" {query.explain_none(viewer.engine, dataset, table, chosen)}"
    shown, columns = _columns(dataset, asked.columns, "rows")
    most = CELLS_MAX // max(len(columns) * len(page.numbers), 1)
    cells = [[_cut(cell, most) for cell in exports.json_values(page.rows[name])] for name in columns]
    return {
        "dataset": dataset.id,
        "rows_shown": said,
        "columns_shown": shown,
        "columns": columns,
        "positions": page.numbers,
        "rows": [list(line) for line in zip(*cells)],
        "page": viewer.page(chosen),
    }


def _rows_shown(page: query.Page, narrowed: bool) -> str:
    if not page.total:
        return f"None of {count(page.of, 'row')} matches." if narrowed else "There is no row."
    said = _part("row", page.first, len(page.numbers), page.total)
    if narrowed:
        said += f" {page.total:,} of all {count(page.of, 'row')} match{'es' * (page.total == 1)}."
    return said if page.numbers else f"{said} The page is beyond the last row."


def chart(viewer: Viewer, asked: Draw) -> dict:
    dataset = viewer.catalog[asked.dataset]
    chosen = asked.view(dataset)
    told = drawing.draw(viewer.catalog, viewer.engine, dataset.id, chosen.to_query_string()).chart
    return {
        "dataset": dataset.id,
        "chart": told.plan.kind.name if told.plan else "",
        "summary": told.summary,
        "note": told.note,
        "page": viewer.page(chosen),
        "plotly_json": viewer.file(dataset, "figure.json", chosen),
        "html": viewer.file(dataset, "figure.html", chosen),
    }


def _columns(dataset: Dataset, named: Sequence[str], tool: str) -> tuple[str, list[str]]:
    """Return which columns an answer has, as a sentence and by name."""
    every = list(dict.fromkeys(named)) or [column.name for column in dataset.columns]
    chosen = every[: COLUMNS_MAX[tool]]
    said = _part("column", 0, len(chosen), len(every))
    return said + (" Ask for others by name." if len(chosen) < len(every) else ""), chosen


def _part(what: str, first: int, shown: int, total: int) -> str:
    """Return which part of a whole an answer has.

    >>> _part("row", 20, 20, 159_312), _part("row", 0, 1, 1), _part("row", 40, 0, 30)
    ('Rows 21 to 40 of 159,312.', 'Row 1 of 1.', 'None of 30 rows.')
    """
    if not shown:
        return f"None of {count(total, what)}."
    if shown == 1:
        return f"{what.capitalize()} {first + 1:,} of {total:,}."
    return f"{what.capitalize()}s {first + 1:,} to {first + shown:,} of {total:,}."


def _cut(value: object, most: int) -> object:
    """Return a text that is not too long, and how much is missing; what is no text as it is."""
    if not isinstance(value, str) or len(value) <= most:
        return value
    return f"{value[:most]}… ({len(value) - most:,} more characters)"


TOOLS = {
    tool.name: tool
    for tool in (
        Tool("find_dataset", "Find a dataset", "Datasets that words mean, best first.", Find, find_dataset),
        Tool(
            "describe",
            "Describe a dataset",
            "What a dataset is about, and what each column means: type, unit, missing values.",
            Describe,
            describe,
        ),
        Tool(
            "profile",
            "Profile columns",
            "How the values of each column are distributed, of the rows that conditions keep: quantiles, most frequent "
            "values, bins. Exact counts of all those rows: ask for this instead of counting rows.",
            Profile,
            profile,
        ),
        Tool(
            "rows",
            "Read rows",
            "Some rows as lists of cells, in the order of `columns`; null is a missing value. `positions` are those in "
            "the file, from 1. The fewer cells, the longer the texts in them.",
            Rows,
            rows,
        ),
        Tool(
            "chart",
            "Describe a chart",
            "What a chart of a dataset shows, in words, with a link to it for people and to its Plotly JSON.",
            Draw,
            chart,
        ),
    )
}
