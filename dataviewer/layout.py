"""The page, one function per region, in the order in which they stand on it."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import quote

import dash_bootstrap_components as dbc
from dash import dash_table, dcc, html

from dataviewer import charts, filters, ids, tables
from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.errors import UnknownDataset
from dataviewer.query import Page
from dataviewer.view import CATALOG, MAX, SEARCH_MAX, Sort, View, Where, spell_where
from dataviewer.wording import count

GRAPH_CONFIG = {
    "showSendToCloud": False,  # Plotly's default button would upload the figure
    "displaylogo": False,
    "responsive": True,
    "showAxisDragHandles": False,  # nobody looks for them, and each panel has ten
    "showTips": False,  # its hint covers what stands beside the chart
    "doubleClick": "autosize",  # its default goes back to the range of the link first
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "resetScale2d"],
    "toImageButtonOptions": {"format": "png", "filename": "dataviewer-chart", "scale": 2},
}


FIND_REST = 500  # milliseconds without a further key before a search is made


def page(catalog: Catalog, frames: str) -> html.Div:
    """Return the page of a catalogue; `frames` says who may show it in a frame, as CSP spells it."""
    whole = html.Div(
        [
            *(dcc.Store(id=id) for id in STORES),
            header(catalog, frames),
            html.Main(
                [
                    html.Div(id=ids.HEADING, className="heading"),
                    html.Div([folded("About", ids.ABOUT), folded("Quality", ids.QUALITY)], className="folds"),
                    html.Div([columns(), html.Div([chart(), row(), table()])], className="with-columns"),
                ]
            ),
        ],
        className="page",
    )
    for part in whole._traverse():
        if "disable_n_clicks" in getattr(part, "available_properties", ()):
            part.disable_n_clicks = True  # Dash would count the clicks on all around what is clicked and draw each anew
    return whole


def folded(title: str, id: str) -> html.Details:
    """Return what opens under a title; the script fills it from the API when it is opened."""
    return html.Details([html.Summary(title), html.Div()], id=id, className="folded")


def columns() -> html.Details:
    """Return the list of the dataset's columns, their summaries and filters; the script fills it from the API."""
    return html.Details([html.Summary("Columns"), html.Div(id="columns-list")], id=ids.COLUMNS_PANEL)


def row() -> html.Section:
    """Return where one row is shown whole, once the link names it."""
    return html.Section(id=ids.ROW, hidden=True, **{"aria-label": "One row"})


def header(catalog: Catalog, frames: str) -> html.Header:
    return html.Header(
        [
            html.A("dataviewer", href="?", className="brand", title="All datasets"),
            html.Div(
                [
                    dbc.Label("Dataset", html_for=ids.DATASET, className="visually-hidden"),
                    dcc.Dropdown(
                        dataset_options(catalog, [CATALOG, *catalog.search("")]),
                        id=ids.DATASET,
                        clearable=False,
                        search_order="original",
                        maxHeight=420,
                        placeholder="Choose a dataset",
                        labels={"search": "Name or title"},
                    ),
                ],
                className="chooser",
            ),
            html.Div([take(id, frames) for id in (ids.SHARE, ids.DOWNLOAD, ids.CODE)], className="takes"),
            theme_switch(),
        ],
        className="top",
    )


def take(id: str, frames: str) -> html.Button:
    """Return a button of the header whose dialog the script fills; `frames` says who may show the viewer in one."""
    about = {"aria-haspopup": "dialog", "data-frames": frames}
    return html.Button(id.capitalize(), id=id, className="btn btn-link btn-sm quiet", **about)


def theme_switch() -> dbc.Button:
    """Return the button that the script in the page's head answers; the style sheet shows one of its words."""
    words = [html.Span("Dark", className="to-dark"), html.Span("Light", className="to-light")]
    return dbc.Button(words, id=ids.THEME, color="link", size="sm", className="quiet theme", title="Change the colours")


def dataset_options(catalog: Catalog, found: Sequence[str], search: str | None = None) -> list[dict]:
    """Return the dropdown's options; `search` is the text that found them, misspelt or not, or None."""
    options = [{"label": f"{id}  ·  {catalog[id].title}", "value": id} for id in found]
    # The dropdown filters once more by substring: what the server found for a text must contain that text.
    return options if search is None else [option | {"search": search} for option in options]


def chart() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    # The script fills both: what a kind of chart offers changes with every dataset and every choice.
                    html.Div(id=ids.CONTROLS, className="controls"),
                    html.Div(
                        [
                            dbc.Label("Columns", html_for=ids.COLUMNS),
                            dcc.Dropdown([], [], id=ids.COLUMNS, multi=True, debounce=True, placeholder="default"),
                        ],
                        id="columns-control",
                        className="control",
                        hidden=True,
                    ),
                    html.Div(id=ids.FURTHER, className="controls"),
                    html.Button(
                        "More choices", id=ids.MORE, className="btn btn-link btn-sm", **{"aria-expanded": "false"}
                    ),
                ],
                className="toolbar",
            ),
            html.P(id=ids.NOTE, className="note"),
            html.Div(
                [
                    dcc.Graph(id=ids.GRAPH, figure=EMPTY_FIGURE, config=GRAPH_CONFIG, className="graph"),
                    html.Div(id=ids.STAGE, className="stage", hidden=True, **{"aria-hidden": "true"}),
                ],
                className="drawing",
            ),
            html.Div(
                [
                    html.Details(
                        [html.Summary("The chart in words"), html.Div(id=ids.WORDS)],
                        id="in-words",
                        className="in-words",
                    ),
                    html.Div(id=ids.FILES, className="downloads"),
                ],
                className="below",
            ),
        ],
        className="chart",
        **{"aria-label": "Chart", "aria-describedby": f"{ids.NOTE} {ids.WORDS}"},
    )


STORES = (ids.TABLE_VIEW, ids.CHART_VIEW, ids.TABLE_ANSWER, ids.CHART_ANSWER, ids.SEARCH)
EMPTY_FIGURE = charts.nothing("").figure


def table() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.P("Loading…", id=ids.STATUS, className="status", role="status"),
                    html.Div(
                        [
                            dbc.Label("Search", html_for=ids.FIND, className="visually-hidden"),
                            dbc.Input(
                                id=ids.FIND,
                                type="search",
                                size="sm",
                                debounce=FIND_REST,
                                maxlength=SEARCH_MAX,
                                placeholder="Search rows",
                            ),
                        ],
                        className="control",
                    ),
                    html.Div(
                        [
                            dbc.Label("Rows a page", html_for=ids.SIZE),
                            dbc.Select([{"label": "25", "value": tables.AUTO}], tables.AUTO, id=ids.SIZE, size="sm"),
                        ],
                        className="control",
                    ),
                    html.Div(id=ids.DOWNLOADS, className="downloads"),
                ],
                className="toolbar",
            ),
            html.Div(id=ids.PILLS, className="pills"),
            data_table(),
        ],
        className="rows",
        **{"aria-label": "Table"},
    )


def data_table() -> dash_table.DataTable:
    with warnings.catch_warnings():
        # Deprecated since Dash 3.3 but whole in Dash 4, which requirements.txt pins.
        warnings.filterwarnings("ignore", r"[\s\S]*DataTable", DeprecationWarning)
        return dash_table.DataTable(
            id=ids.TABLE,
            page_action="custom",
            page_current=0,
            page_size=50,
            page_count=1,
            sort_action="custom",
            sort_mode="multi",
            sort_by=[],
            cell_selectable=False,
            markdown_options={"link_target": "_self", "html": False},
            style_as_list_view=True,
            style_cell={"textAlign": "left"},
            style_cell_conditional=[{"if": {"column_type": "numeric"}, "textAlign": "right"}],
        )


# What the answer of a view puts on the page --------------------------------------------------------


def heading(catalog: Catalog, dataset: Dataset, asked: str) -> list:
    """Return the dataset's title, what it is in one line, and the ways to its neighbours."""
    before, after = catalog.neighbours(dataset.id)
    return [
        html.Div(
            [
                html.H1(dataset.title),
                html.Nav(
                    [_step("prev", before), _step("next", after)], className="steps", **{"aria-label": "Neighbours"}
                ),
            ],
            className="title",
        ),
        html.P(_facts(dataset), className="facts"),
        *_namesakes(catalog, dataset, asked),
    ]


def _facts(dataset: Dataset) -> str:
    if dataset.id == CATALOG:
        return "The collection is a dataset itself: sort it, and choose a row or a dot to open what it stands for."
    missing = f"{dataset.missing:,} missing" if dataset.missing else "nothing missing"
    facts = [dataset.id, count(dataset.rows, "row"), count(len(dataset.columns), "column"), missing]
    return " · ".join([*facts, "time series"] if dataset.time else facts)


def _step(way: str, id: str | None) -> html.A | html.Span:
    text = f"‹ {id}" if way == "prev" else f"{id} ›"
    name = {"aria-label": f"{'Previous' if way == 'prev' else 'Next'} dataset: {id}"}
    return html.A(text, href=_link(View(id)), rel=way, **name) if id else html.Span()


def _namesakes(catalog: Catalog, dataset: Dataset, asked: str) -> list:
    others = catalog.namesakes(asked)
    if not others:
        return []
    return [html.P([f"{len(others) + 1} packages have a “{asked}”; also: ", *_links(others)], className="facts")]


def _links(found: Sequence[str]) -> list:
    links = [html.A(id, href=_link(View(id))) for id in found]
    return [part for link in links for part in (", ", link)][1:]


def _link(view: View) -> str:
    return f"?{view.to_query_string()}"


def unknown_heading(error: UnknownDataset) -> list:
    """Return what stands where a dataset would, for a name that none has."""
    near = ["Did you mean ", *_links(error.nearest), "?"] if error.nearest else ["No name comes near it."]
    return [
        html.H1(f"There is no dataset called “{error.name[:80]}”"),
        html.P([*near, " ", html.A("See them all", href="?"), "."], className="facts"),
    ]


def status(view: View, shown: Page, why_none: str, problems: Sequence[str]) -> list:
    """Return the line that says which rows are shown, in which order, and what could not be done as asked.

    `why_none` is a sentence for a view that no row matches.
    """
    words = _no_rows(shown, why_none) if not shown.total else [_shown_rows(view, shown), *_order(view)]
    return [*words, *(html.Span(problem, className="problem") for problem in problems)]


def _no_rows(shown: Page, why_none: str) -> list:
    return [f"No row matches, of {shown.of:,}. {why_none}"] if shown.of else ["No rows."]


def _shown_rows(view: View, shown: Page) -> str:
    narrowed = bool(view.where or view.search)
    if shown.rows.num_rows < shown.total:
        rows = f"Rows {shown.first + 1:,}–{shown.first + shown.rows.num_rows:,} of {shown.total:,}"
        return f"{rows} that match, of {shown.of:,}" if narrowed else rows
    if not narrowed:
        return f"All {count(shown.total, 'row')}"
    if shown.total == shown.of:
        return f"All {count(shown.total, 'row')} match{'es' if shown.total == 1 else ''}"
    match = "The one row that matches" if shown.total == 1 else f"All {shown.total:,} rows that match"
    return f"{match}, of {shown.of:,}"


def _order(view: View) -> list:
    if not view.sort:
        return []
    words = ", ".join(_sort_words(sort) for sort in view.sort)
    unsorted = _link(View(view.dataset, where=view.where, search=view.search))
    return [
        f", sorted by {words} · ",
        html.A("back to file order", href=unsorted, **{"data-without": "sort page"}),
    ]


def _sort_words(sort: Sort) -> str:
    return f"{sort.column} (descending)" if sort.descending else sort.column


def pills(view: View, asked: Sequence[Where]) -> list:
    """Return the conditions that were asked for in words, each with a way to take it back; those that the checked view
    does not have cannot hold, and stand as they are spelled."""
    return [_pill(view, where) for where in asked]


def _pill(view: View, where: Where) -> html.Span:
    without = replace(view, where=tuple(other for other in view.where if other != where), page=1)
    spelled, holds = spell_where(where), where in view.where
    words = filters.words(where) if holds else spelled
    away = {"data-drop": spelled, "data-without": "page", "aria-label": f"Remove: {words}", "title": "Remove"}
    return html.Span(
        [html.Span(words), html.A("×", href=_link(without), **away)], className="pill" if holds else "pill wrong"
    )


def chart_note(sentences: str, view: View, dataset: Dataset, chart: charts.Chart) -> list:
    """Return the line about a chart, with a way to keep only the rows of the range that is shown."""
    wheres = charts.range_filter(dataset, view, chart)
    if not wheres:
        return [sentences]
    added = "&".join(f"where={quote(spell_where(where))}" for where in wheres)
    kept = replace(view, where=(*view.where, *wheres), range=(), page=1)
    return [
        sentences,
        " ",
        html.A("Keep only these rows", href=_link(kept), **{"data-add": added, "data-without": "range page"}),
    ]


def chart_words(chart: charts.Chart) -> list:
    """Return what a chart shows as sentences: the first, then a list."""
    if not chart.summary:
        return []
    return [html.P(chart.summary[0]), html.Ul([html.Li(sentence) for sentence in chart.summary[1:]])]


def chart_files(url: Callable[[str], str], view: View, chart: charts.Chart) -> list:
    """Return ways to take the chart away: pictures made by the page's script, files made by the server."""
    if not chart.figure["data"]:
        return []
    query = view.to_query_string().partition("&")[2]
    pictures = [html.A(name, href=f"#{name.lower()}", **{"data-picture": name.lower()}) for name in ("PNG", "SVG")]
    files = [
        html.A(name, href=url(f"api/datasets/{quote(view.dataset)}/figure.{ending}?{query}"), title=title)
        for name, ending, title in (
            ("HTML", "html", "The chart as a page of its own, which needs no network"),
            ("Plotly", "json", "The chart as Plotly reads it"),
        )
    ]
    return pictures + files


def downloads(url: Callable[[str], str], view: View) -> list:
    """Return links to the rows of the view, all of them, as files. `url` puts our prefix before a path."""
    every = (
        View(view.dataset, view.sort, view.where, view.search, view.columns, size=MAX)
        .to_query_string()
        .partition("&")[2]
    )
    return [
        html.A(
            name,
            href=url(f"api/datasets/{quote(view.dataset)}/rows.{name.lower()}?{every}"),
            title=f"Every {'matching ' if view.where or view.search else ''}row as {name}",
        )
        for name in ("CSV", "JSON")
    ]
