"""The API described: one table of its addresses, and the OpenAPI document that follows from it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from dataviewer import code, exports
from dataviewer.catalog import Catalog
from dataviewer.charts import paper
from dataviewer.dataset import Dataset
from dataviewer.metadata import MEDIA_TYPE as LINKED
from dataviewer.shapes import KEYS, SCHEMAS
from dataviewer.view import CATALOG, Sort, View

JSON, HTML = "application/json", "text/html; charset=utf-8"
VERSION = "1"  # of the promise: names are added to it, and none is taken away
SHOWN = "Ecdat/Airq"  # what examples show, where the catalogue has it
ROWS = ("sort", "where", "search", "columns", "page", "size")
KEPT = ("where", "search")  # keys that choose rows
DRAWN = (*KEPT, *(name for name in KEYS if name not in ("dataset", *ROWS)))

# What headers say, and whether each answer of a kind that has them does.
HEADERS = {
    "ETag": ("Stands for the content; sent back in If-None-Match it gets 304.", True),
    "Cache-Control": ("A browser may keep the answer, and has to ask each time whether it still holds.", True),
    "Content-Disposition": ("A name for the file.", True),
    "X-Total-Count": ("How many rows the view has, on all pages.", True),
    "Accept-Ranges": ("Ranges are not served.", True),
    "Link": ("Where to go on: the pages before and after as previous and next, or what describes the dataset.", False),
    "Location": ("The page.", True),
}
TAGGED = ("ETag", "Cache-Control")
FILE = (*TAGGED, "Content-Disposition")
ERRORS = {
    400: "The address asks for something that cannot be; the sentence says what there is.",
    404: "There is no such dataset or no such row; the sentence names what comes near.",
    414: "The query string is too long.",
    500: "A fault of the server.",
}
TAGS = {
    "Collection": "Which datasets there are.",
    "Dataset": "What is known of one dataset, and how others describe it.",
    "Rows": "The rows of a view as a file: filtered, searched, sorted, with its columns.",
    "View": "What else a view shows: its chart, what is in its columns, one row.",
    "Service": "This description, the health of the service, and older addresses.",
}


def _whole(dataset: Dataset) -> View:
    return View(dataset.id)


def _greatest(dataset: Dataset) -> View:
    return View(dataset.id, sort=tuple(Sort(each.name, descending=True) for each in dataset.columns[:1]), size=5)


@dataclass(frozen=True)
class Route:
    """An address: its path as OpenAPI spells it, and what it gives in a line, of which media type and schema.

    `keys` are those of the query string that count there, `required` those of them that must be said; `headers` are
    those of a good answer, `example` gives a view to show. Status 302 leads elsewhere.
    """

    path: str
    name: str
    tag: str
    summary: str
    media_type: str = JSON
    schema: dict | None = None
    keys: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    headers: tuple[str, ...] = TAGGED
    status: int = 200
    example: Callable[[Dataset], View] = _whole

    def address(self, dataset: Dataset) -> str:
        """Return an example, relative to the viewer's page."""
        spelled = self.example(dataset).to_query_string()
        query = spelled if "dataset" in self.keys else spelled.partition("&")[2]
        path = self.path.removeprefix("/").replace("{id}", quote(dataset.id))
        return f"{path}?{query}" if query else path


def _named(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


_ID = "/api/datasets/{id}"
_TEXT = {"type": "string"}
_OTHERS = {"json": _named("Rows")}  # formats whose answers a schema describes

# Every address of api.py.
ROUTES = (
    Route("/api/datasets", "list_datasets", "Collection", "Every dataset in one line.", schema=_named("Catalogue")),
    Route(
        _ID,
        "dataset",
        "Dataset",
        "One dataset: columns with types and meanings, documentation, citation, licence.",
        schema=_named("Dataset"),
        headers=(*TAGGED, "Link"),
    ),
    Route(
        f"{_ID}/quality.json",
        "quality",
        "Dataset",
        "What is odd: missing values, duplicates, outliers and the like.",
        schema=_named("Findings"),
    ),
    Route(
        f"{_ID}/metadata.jsonld",
        "metadata",
        "Dataset",
        "The dataset as schema.org describes one, for those who search.",
        LINKED,
        _named("Metadata"),
    ),
    Route(
        f"{_ID}/croissant.json",
        "croissant",
        "Dataset",
        "The dataset as Croissant 1.0 describes one, with the SHA-256 of all its rows as CSV.",
        LINKED,
        _named("Croissant"),
    ),
    *(
        Route(
            f"{_ID}/rows.{each.name}",
            f"rows_{each.name}",
            "Rows",
            f"The rows of the view as {each.name}, 100 where no size is said.",
            each.media_type,
            _OTHERS.get(each.name),
            ROWS,
            headers=(*FILE, "X-Total-Count", "Accept-Ranges", "Link"),
            example=_greatest,
        )
        for each in exports.FORMATS.values()
    ),
    *(
        Route(
            f"{_ID}/figure.{name}",
            f"figure_{name}",
            "View",
            "The chart for Plotly." if name == "json" else "The chart as a page that needs no network.",
            media_type,
            _named("Figure") if name == "json" else _TEXT,
            DRAWN,
            headers=FILE,
        )
        for name, media_type in paper.FIGURES.items()
    ),
    *(
        Route(
            f"{_ID}/code.{each.name}",
            f"code_{each.name}",
            "View",
            f"The view as code that loads, narrows and draws the same: {each.label}.",
            "text/plain; charset=utf-8",
            _TEXT,
            ("sort", "columns", *(name for name in DRAWN if name != "row")),
            headers=(),
        )
        for each in code.LANGUAGES.values()
    ),
    Route(
        f"{_ID}/handout.html",
        "handout",
        "View",
        "The view as one file to hand out: chart, rows, columns, documentation, citation.",
        HTML,
        _TEXT,
        ("sort", "columns", *DRAWN),
        headers=("Content-Disposition",),
    ),
    Route(
        f"{_ID}/profile.json",
        "profile",
        "View",
        "What is in each column, of the view and of all rows.",
        schema=_named("Profile"),
        keys=KEPT,
    ),
    Route(
        f"{_ID}/row.json",
        "row",
        "View",
        "One row with the meanings of its values, and its neighbours in the view's order.",
        schema=_named("Row"),
        keys=("row", "sort", *KEPT),
        required=("row",),
        example=lambda dataset: View(dataset.id, row=1),
    ),
    Route("/api/openapi.json", "openapi", "Service", "This description, as OpenAPI 3.1.", schema={"type": "object"}),
    Route("/api/", "reference", "Service", "This description, for people.", HTML, _TEXT),
    Route("/healthz", "health", "Service", "Whether the service runs.", schema=_named("Health"), headers=()),
    *(
        Route(
            f"/{name}",
            name,
            "Service",
            "The older address of a dataset: leads to the page.",
            HTML,
            keys=("dataset",),
            headers=("Location",),
            status=302,
        )
        for name in ("show", "plot")
    ),
)


def shown_dataset(catalog: Catalog) -> Dataset:
    """Return the dataset of the examples: SHOWN, else the first, else the empty collection itself."""
    return catalog[SHOWN if SHOWN in list(catalog) else next(iter(catalog), CATALOG)]


def describe(catalog: Catalog, public_prefix: str) -> dict:
    """Return the OpenAPI document of a viewer that browsers see at `public_prefix`."""
    dataset = shown_dataset(catalog)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dataviewer",
            "version": VERSION,
            "summary": "The views of the page, for programs.",
            "description": "The query string of a view is the same here as on the page. Unknown keys are ignored; "
            "those that a path does not list are read too, and change nothing. HEAD is answered wherever GET is.",
        },
        "servers": [{"url": public_prefix.rstrip("/") or "/"}],
        "tags": [{"name": name, "description": meaning} for name, meaning in TAGS.items()],
        "paths": {route.path: {"get": _operation(route)} for route in ROUTES},
        "components": {
            "schemas": SCHEMAS,
            "parameters": {
                "id": {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "description": "package/name, or a bare name; “/” may be written %2F.",
                    "schema": {"type": "string", "minLength": 1},
                    "example": dataset.id,
                },
                "If-None-Match": {
                    "name": "If-None-Match",
                    "in": "header",
                    "description": "The ETag of an answer that the reader has: the same again is 304.",
                    "schema": {"type": "string"},
                },
            }
            | {f"{name}": _parameter(name) for name in KEYS},
            "headers": {
                name: {"description": meaning, "required": always, "schema": _TEXT}
                for name, (meaning, always) in HEADERS.items()
            },
            "responses": {f"{status}": _failure(meaning) for status, meaning in ERRORS.items()},
        },
    }


def _parameter(name: str) -> dict:
    key = KEYS[name]
    return {"name": name, "in": "query", "description": key.meaning, "schema": key.schema}


def _operation(route: Route) -> dict:
    tagged = "ETag" in route.headers
    asked = [*(["id"] if "{id}" in route.path else ()), *route.keys, *(["If-None-Match"] if tagged else ())]
    answer = {"description": route.summary, "headers": _headers(route.headers)}
    if route.status == 200:
        answer["content"] = {route.media_type: {"schema": route.schema} if route.schema else {}}
    answers = {f"{route.status}": answer}
    if tagged:
        answers["304"] = {"description": "The reader has the answer already.", "headers": _headers(TAGGED)}
    failures = [status for status in ERRORS if status != 404 or "{id}" in route.path]
    answers |= {f"{status}": {"$ref": f"#/components/responses/{status}"} for status in failures}
    return {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "parameters": [
            _parameter(name) | {"required": True}
            if name in route.required
            else {"$ref": f"#/components/parameters/{name}"}
            for name in asked
        ],
        "responses": answers,
    }


def _headers(names: tuple[str, ...]) -> dict:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _failure(meaning: str) -> dict:
    return {"description": meaning, "content": {JSON: {"schema": _named("Error")}}}
