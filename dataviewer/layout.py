"""The page, one function per region, in the order in which they stand on it."""

import warnings
from collections.abc import Callable, Sequence
from urllib.parse import quote

import dash_bootstrap_components as dbc
from dash import dash_table, dcc, html

from dataviewer import charts, ids, tables
from dataviewer.catalog import Catalog
from dataviewer.dataset import Dataset
from dataviewer.errors import UnknownDataset
from dataviewer.query import Page
from dataviewer.view import CATALOG, MAX, Sort, View

GRAPH_CONFIG = {
    "showSendToCloud": False,  # Plotly's default button would upload the figure
    "displaylogo": False,
    "responsive": True,
    "showTips": False,  # its hint covers what stands beside the chart
    "doubleClick": "autosize",  # its default goes back to the range of the link first
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "resetScale2d"],
    "toImageButtonOptions": {"format": "png", "filename": "dataviewer-chart", "scale": 2},
}


def page(catalog: Catalog) -> html.Div:
    return html.Div(
        [
            dcc.Location(id=ids.LOCATION, refresh=False),
            *(dcc.Store(id=id) for id in STORES),
            header(catalog),
            html.Main([html.Div(id=ids.HEADING, className="heading"), chart(), table()]),
        ],
        className="page",
    )


def header(catalog: Catalog) -> html.Header:
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
            theme_switch(),
        ],
        className="top",
    )


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
                    html.Div(
                        [
                            dbc.Label("Lines", html_for=ids.LINES),
                            dcc.Dropdown([], [], id=ids.LINES, multi=True, debounce=True, placeholder="default"),
                        ],
                        id="lines-control",
                        className="control",
                        hidden=True,
                    ),
                    html.Div(
                        [
                            dbc.Label("Scale", html_for=ids.SCALE),
                            dbc.Select(
                                [{"label": label, "value": scale} for scale, label in SCALE_LABELS.items()],
                                "shared",
                                id=ids.SCALE,
                                size="sm",
                            ),
                        ],
                        id="scale-control",
                        className="control",
                        hidden=True,
                    ),
                    html.P(id=ids.NOTE, className="note"),
                ],
                className="toolbar",
            ),
            dcc.Graph(id=ids.GRAPH, figure=EMPTY_FIGURE, config=GRAPH_CONFIG, className="graph"),
        ],
        className="chart",
        **{"aria-label": "Chart", "aria-describedby": ids.NOTE},
    )


SCALE_LABELS = {"panels": "Panels", "shared": "One axis"}
STORES = (ids.TABLE_VIEW, ids.CHART_VIEW, ids.TABLE_ANSWER, ids.CHART_ANSWER, ids.SEARCH, ids.ROOM)
EMPTY_FIGURE = charts.nothing("").figure


def table() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.P("Loading…", id=ids.STATUS, className="status", role="status"),
                    html.Div(
                        [
                            dbc.Label("Rows a page", html_for=ids.SIZE),
                            dbc.Select([{"label": "25", "value": tables.AUTO}], tables.AUTO, id=ids.SIZE, size="sm"),
                        ],
                        className="control",
                    ),
                    html.Div(id="downloads", className="downloads"),
                ],
                className="toolbar",
            ),
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
    facts = [dataset.id, _count(dataset.rows, "row"), _count(len(dataset.columns), "column"), missing]
    return " · ".join([*facts, "time series"] if dataset.time else facts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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


def status(view: View, shown: Page, problems: Sequence[str]) -> list:
    """Return the line that says which rows are shown, in which order, and what could not be done as asked."""
    last = shown.first + shown.rows.num_rows
    if not shown.total:
        rows = "No rows."
    elif shown.rows.num_rows == shown.total:
        rows = f"All {_count(shown.total, 'row')}"
    else:
        rows = f"Rows {shown.first + 1:,}–{last:,} of {shown.total:,}"
    return [rows, *_order(view), *(html.Span(problem, className="problem") for problem in problems)]


def _order(view: View) -> list:
    if not view.sort:
        return []
    words = ", ".join(_sort_words(sort) for sort in view.sort)
    return [
        f", sorted by {words} · ",
        html.A("back to file order", href=_link(View(view.dataset)), **{"data-without": "sort page"}),
    ]


def _sort_words(sort: Sort) -> str:
    return f"{sort.column} (descending)" if sort.descending else sort.column


def downloads(url: Callable[[str], str], dataset: Dataset, sort: tuple[Sort, ...]) -> list:
    """Return links to the rows of the view, all of them, as files. `url` puts our prefix before a path."""
    every = View(dataset.id, sort, size=MAX).to_query_string().partition("&")[2]
    return [
        html.A(
            name,
            href=url(f"api/datasets/{quote(dataset.id)}/rows.{name.lower()}?{every}"),
            title=f"Every row as {name}",
        )
        for name in ("CSV", "JSON")
    ]
