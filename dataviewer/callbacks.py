"""What the page asks of the server, and nothing more: short translations between View and component props.

The wiring is a star. The script assets/dataviewer.js is the one writer of the view: it turns a click, a control or the
address into the query string, and hands the table's part and the chart's part of it to two stores. The two callbacks
below read them, side by side: one click is one round trip deep.

    address, controls -> script -> address, table-view, chart-view
    table-view -> update_table -> table, status; heading, pills and files by the script
    chart-view -> update_graph -> graph, note; words and files by the script
"""

from collections.abc import Callable
from dataclasses import replace

from dash import ClientsideFunction, Dash, Input, Output, State

from dataviewer import charts, ids, layout, query, tables, view
from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.engine import Engine
from dataviewer.errors import BadRequest, UnknownDataset
from dataviewer.view import View

FOUND_MAX = 60  # datasets that the dropdown shows of a search
WIDTHS = (200, 4000)  # pixels that a chart can be drawn for


def register_callbacks(app: Dash, catalog: Catalog, engine: Engine) -> None:
    def update_table(text):
        return table_answer(catalog, engine, app.get_relative_path("/").__add__, text)

    def update_graph(asked):
        return chart_answer(catalog, engine, app.get_relative_path("/").__add__, asked)

    def find_datasets(text, current):
        return dataset_answer(catalog, text, current)

    app.callback(
        Output(ids.TABLE, "columns"),
        Output(ids.TABLE, "data"),
        Output(ids.TABLE, "style_data_conditional"),
        Output(ids.TABLE, "page_count"),
        Output(ids.STATUS, "children"),
        Output(ids.TABLE_ANSWER, "data"),
        Input(ids.TABLE_VIEW, "data"),
        prevent_initial_call=True,
    )(update_table)
    app.callback(
        Output(ids.GRAPH, "figure"),
        Output(ids.NOTE, "children"),
        Output(ids.CHART_ANSWER, "data"),
        Input(ids.CHART_VIEW, "data"),
        prevent_initial_call=True,
    )(update_graph)
    app.callback(
        Output(ids.DATASET, "options"),
        Input(ids.SEARCH, "data"),
        State(ids.DATASET, "value"),
        prevent_initial_call=True,
    )(find_datasets)
    register_scripts(app)


def register_scripts(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("dataviewer", "navigate"),
        Input(ids.DATASET, "value"),
        Input(ids.TABLE, "sort_by"),
        Input(ids.TABLE, "page_current"),
        Input(ids.SIZE, "value"),
        Input(ids.FIND, "value"),
        Input(ids.COLUMNS, "value"),
        Input(ids.GRAPH, "relayoutData"),
        Input(ids.GRAPH, "restyleData"),
        Input(ids.GRAPH, "clickData"),
        Input(ids.GRAPH, "selectedData"),
    )
    for name, id in (("showTableAnswer", ids.TABLE_ANSWER), ("showChartAnswer", ids.CHART_ANSWER)):
        app.clientside_callback(ClientsideFunction("dataviewer", name), Input(id, "data"), prevent_initial_call=True)


def table_answer(catalog: Catalog, engine: Engine, url: Callable[[str], str], text: object) -> tuple:
    """Return what the table and the status line show of a view, given as its query string, and what the page's script
    needs: where the controls stand, and by their ids what else is told, which it makes plain elements of."""
    asked, problems = view.read(_query_string(text))
    try:
        dataset = catalog[asked.dataset]
    except UnknownDataset as error:
        return _unknown_table(error, text)
    wanted, wrong = query.check(dataset, replace(asked, dataset=dataset.id))
    size, too_many = tables.page_size(dataset, wanted)
    table = catalog.table(dataset)
    matching = query.match(engine, dataset, table, wanted)
    pages = max(-(-(dataset.rows if matching is None else len(matching)) // size), 1)
    number = min(wanted.page, pages)
    beyond = [f"There is no page {wanted.page:,}; this is the last of {pages:,}."] if number < wanted.page else []
    shown = query.page_rows(engine, table, wanted.sort, number, size, matching=matching)
    why_none = "" if shown.total or not shown.of else query.explain_none(engine, dataset, table, wanted)
    answer = {
        "query": text,
        "dataset": dataset.id,
        "title": dataset.title,
        "names": [view.escape(column.name) for column in dataset.columns],
        "meanings": [column.meaning for column in dataset.columns],
        "sort": tables.sort_props(dataset, wanted.sort),
        "page": number - 1,
        "size": tables.size_choice(dataset, size),
        "sizes": tables.size_options(dataset, size),
        "rows": shown.numbers,
        "search": wanted.search,
        ids.HEADING: layout.heading(catalog, dataset, asked.dataset),
        ids.PILLS: layout.pills(wanted, asked.where),
        ids.DOWNLOADS: layout.downloads(url, wanted),
    }
    return (
        tables.column_props(dataset, wanted.columns),
        tables.data_props(dataset, shown.rows, wanted.columns),
        tables.style_props(dataset, shown.rows),
        pages,
        layout.status(wanted, shown, why_none, [*problems, *wrong, *too_many, *beyond]),
        answer,
    )


def _unknown_table(error: UnknownDataset, text: str) -> tuple:
    answer = {
        "query": text,
        "dataset": None,
        "title": "No such dataset",
        "names": [],
        "meanings": [],
        "sort": [],
        "page": 0,
    }
    answer |= {"size": tables.AUTO, "sizes": [], "rows": [], "search": ""}
    answer |= {ids.HEADING: layout.unknown_heading(error), ids.PILLS: [], ids.DOWNLOADS: []}
    return [], [], [], 1, str(error), answer


def chart_answer(catalog: Catalog, engine: Engine, url: Callable[[str], str], asked: object) -> tuple:
    """Return the figure of a view, its note, and for the script what is told beside it and where its controls stand."""
    if not (isinstance(asked, dict) and _is_width(asked.get("width"))):
        raise BadRequest(f"A chart is asked for by its view and a width from {WIDTHS[0]} to {WIDTHS[1]} pixels.")
    text = _query_string(asked.get("query"))
    wanted, unread = view.read(text)
    try:
        dataset = catalog[wanted.dataset]
    except UnknownDataset:
        none = {ids.WORDS: [], ids.FILES: []}
        return layout.EMPTY_FIGURE, "", {"query": text} | none | _controls(None, charts.nothing(""), wanted)
    wanted, _ = query.check(dataset, replace(wanted, dataset=dataset.id))  # the table's answer tells what is wrong
    table = catalog.table(dataset)
    matching = query.match(engine, dataset, table, wanted)
    chart = charts.draw(dataset, table, matching, wanted, asked["width"])
    basis = _basis(len(matching), dataset) if matching is not None and chart.figure["data"] else ""
    note = " ".join([*unread, *filter(None, [chart.note, basis])])
    beside = {ids.WORDS: layout.chart_words(chart), ids.FILES: layout.chart_files(url, wanted, chart)}
    return (
        chart.figure,
        layout.chart_note(note, wanted, dataset, chart),
        {"query": text} | beside | _controls(dataset, chart, wanted),
    )


def _basis(total: int, dataset: Dataset) -> str:
    match = "the one row that matches" if total == 1 else f"the {total:,} rows that match"
    return f"Drawn from {match}, of {dataset.rows:,}."


def _controls(dataset: Dataset | None, chart: charts.Chart, wanted: View) -> dict:
    """Return what the page's script needs to know of a chart: the choices beside it, and how to spell them."""
    plan = chart.plan
    columns = {"value": [], "default": [], "options": [], "most": 0}
    if plan:
        columns = {
            "value": [view.escape(name) for name in plan.y],
            "default": [view.escape(name) for name in plan.default.y],
            "options": [{"label": name, "value": view.escape(name)} for name in charts.y_choices(dataset)],
            "most": plan.kind.most,
        }
    return {
        "drawn": bool(chart.figure["data"]),
        "file": charts.file_name(wanted, plan),
        "controls": charts.choices(dataset, chart) if dataset else [],
        "axes": {kind.name: kind.x for kind in charts.KINDS},
        "columns": columns,
        "lines": [view.escape(name) for name in charts.drawn_lines(chart)],
    }


def dataset_answer(catalog: Catalog, text: object, current: object) -> list[dict]:
    """Return the dropdown's options for a text being typed, best first, the dataset now open among them."""
    if not isinstance(text, str):
        raise BadRequest("A search is a text.")
    found = catalog.search(text[:200])[:FOUND_MAX]
    options = layout.dataset_options(catalog, found, text)
    # The dropdown forgets a value that is not among its options.
    if isinstance(current, str) and current not in found and (current in catalog or current == view.CATALOG):
        options += layout.dataset_options(catalog, [current])
    return options


def _query_string(text: object) -> str:
    if not isinstance(text, str):
        raise BadRequest("A view is asked for by its query string.")
    return text


def _is_width(width: object) -> bool:
    return isinstance(width, int) and not isinstance(width, bool) and WIDTHS[0] <= width <= WIDTHS[1]
