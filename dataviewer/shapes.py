"""What the API takes and what it answers, as JSON Schema: the keys of a query string, and the objects of the answers.

Limits, choices and names come from the tables that the code itself reads.
"""

import re
from dataclasses import dataclass

import pyarrow as pa

from dataviewer import view
from dataviewer.about import SECTIONS, TEXTS
from dataviewer.catalog import SUMMARY
from dataviewer.charts.kinds import KINDS
from dataviewer.filters import KINDS as COLUMN_KINDS
from dataviewer.filters import OPERATORS

TEXT, NUMBER, WHOLE, TRUTH = ({"type": name} for name in ("string", "number", "integer", "boolean"))
COUNT = {"type": "integer", "minimum": 0}
POSITION = {"type": "integer", "minimum": 1}
ARROW = {pa.string(): TEXT, pa.int64(): COUNT, pa.bool_(): TRUTH}
UNKNOWN = ("field",)  # what the catalogue does not know of every dataset


@dataclass(frozen=True)
class Key:
    """A key of the query string: what it means, what may be its value, and one."""

    meaning: str
    schema: dict
    example: str = ""


def _list(items: dict, **more: object) -> dict:
    return {"type": "array", "items": items, **more}


def _object(*optional: dict, **properties: dict) -> dict:
    """Return the schema of an object that has all of `properties`, perhaps those of `optional`, and later perhaps
    more."""
    known = properties | {name: schema for some in optional for name, schema in some.items()}
    return {"type": "object", "properties": known, "required": list(properties)}


def _or_null(schema: dict) -> dict:
    return schema | {"type": [schema["type"], "null"]}


def _named(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def _choice(names: tuple[str, ...]) -> dict:
    return {"type": "string", "enum": ["", *names]}


def _whole(most: int, *words: str) -> dict:
    number = {"type": "integer", "minimum": 1, "maximum": most}
    return {"anyOf": [number, {"type": "string", "enum": list(words)}]} if words else number


def _column(key: str) -> dict:
    words = "|".join(re.escape(f":{word.name}") for word in view.WORDS[key])
    return {"type": "string", "pattern": rf"^(?!:)|^({words})$"}


_OPERATORS = "|".join(OPERATORS)
_SORT = {"type": "string", "pattern": "^[^:]*(:(asc|desc)?)?$"}
_WHERE = {"type": "string", "pattern": f"^[^:]*:({_OPERATORS})(:[^:]*){{0,{view.VALUES_MAX}}}$"}
_ESCAPED = "In names and values “:” and “%” are written %3A and %25."

# One for each key of a view, in the order of view.KEYS.
KEYS = {
    "dataset": Key("The dataset, package/name or a bare name; the catalogue where nothing is said.", TEXT),
    "sort": Key(
        f"Columns to sort by, in order: column, column:asc or column:desc. Missing values come last. {_ESCAPED}",
        _list(_SORT, maxItems=view.SORTS_MAX),
        "rain:desc",
    ),
    "where": Key(
        "Conditions that must all hold, column:operator:value; several “eq” on one column are any-of. Operators: "
        + ", ".join(f"{each.name} ({each.words})" for each in OPERATORS.values())
        + f". {_ESCAPED}",
        _list(_WHERE, maxItems=view.WHERES_MAX),
        "coas:eq:yes",
    ),
    "search": Key(
        "Text in any cell; in the catalogue, words of names, columns and documentation.",
        {"type": "string", "maxLength": view.SEARCH_MAX},
        "yes",
    ),
    "columns": Key(f"The columns to give, in this order. {_ESCAPED}", _list(TEXT, maxItems=view.COLUMNS_MAX), "rain"),
    "page": Key("Which page, from 1; one beyond the end is empty.", _whole(view.PAGE_MAX), "2"),
    "size": Key(f"Rows of a page, or “{view.MAX}” for every row, streamed.", _whole(view.SIZE_MAX, view.MAX), "10"),
    "row": Key("A row, by its position in the file, from 1.", _whole(view.PAGE_MAX, ""), "7"),
    "chart": Key("The kind of chart.", _choice(tuple(kind.name for kind in KINDS)), "box"),
    "x": Key("The column along x, or “:row” for the position in the file.", _column("x"), "rain"),
    "y": Key("The columns that are drawn.", _list(TEXT, maxItems=view.DRAWN_MAX), "airq"),
    "color": Key("The column that colours tell apart, or “:none”.", _column("color"), "coas"),
    "facet": Key("The column that has a panel for each value, or “:none”.", _column("facet"), "coas"),
    "agg": Key("What sums up the rows of a group.", _choice(view.AGGREGATES), "mean"),
    "bins": Key("How many bins.", _whole(view.BINS_MAX, ""), "20"),
    "scale": Key("How columns of different scales share a chart.", _choice(view.SCALES), "panels"),
    "log": Key("Which axes are logarithmic.", _choice(view.LOGS), "y"),
    "trend": Key("The line through dots.", _choice(view.TRENDS), "linear"),
    "smooth": Key("How many values a moving average takes together.", _whole(view.SMOOTH_MAX, ""), "5"),
    "stack": Key("How bars and areas stand.", _choice(view.STACKS), "stacked"),
    "range": Key("The zoom: low:high of x, and after it of y; numbers or dates.", TEXT, "10:50"),
}

_SUMMARY = {name: _or_null(ARROW[kind]) if name in UNKNOWN else ARROW[kind] for name, (kind, _) in SUMMARY.items()}
_KIND = {"type": "string", "enum": list(COLUMN_KINDS)}
_DESCRIBED = {"@context": {"type": "object"}, "@type": TEXT, "name": TEXT, "description": TEXT, "url": TEXT}
_WORK = _object(**{"@type": TEXT, "text": TEXT})
_WHERES = _list(TEXT)  # each fit to be a value of the key “where”

# Every answer that is JSON, and what they share, by name.
SCHEMAS = {
    "Health": _object(status={"const": "ok"}),
    "Error": _object(ok={"const": False}, error=TEXT, status={"type": "integer", "minimum": 400, "maximum": 599}),
    "Summary": _object(**_SUMMARY),
    "Catalogue": _object(datasets=_list(_named("Summary"))),
    "Column": _object(name=TEXT, type=_KIND, missing=COUNT, description=TEXT, documentation=TEXT, unit=TEXT),
    "Block": _object(kind=TEXT, spans=_list(_object({"href": TEXT}, text=TEXT))),
    "Dataset": _object(
        **_SUMMARY
        | {"columns": _list(_named("Column"))}
        | dict.fromkeys(TEXTS, TEXT)
        | {"documentation": _object(**dict.fromkeys(SECTIONS, _list(_named("Block"))))}
        | {"licence": TEXT, "citation": _object(text=TEXT, bibtex=TEXT)}
    ),
    "Rows": _object(
        # Only a page says which one it is, and where its neighbours are.
        {"page": POSITION, "size": POSITION, "previous": _or_null(TEXT), "next": _or_null(TEXT)},
        dataset=TEXT,
        total=COUNT,
        of=COUNT,
        rows=_list({"type": "object"}),
    ),
    "Profile": _object(dataset=TEXT, rows=COUNT, of=COUNT, columns=_list(_named("ColumnProfile"))),
    "ColumnProfile": _object(
        name=TEXT,
        type=_KIND,
        meaning=TEXT,
        unit=TEXT,
        rows=COUNT,
        missing=COUNT,
        distinct=COUNT,
        bars=_list(_object(label=TEXT, count=COUNT, all=COUNT, where=_WHERES)),
        others=_object(values=COUNT, count=COUNT, all=COUNT),
        statistics={"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        estimated=TRUTH,
    ),
    "Findings": _object(dataset=TEXT, of=COUNT, findings=_list(_object(kind=TEXT, words=TEXT, where=_WHERES))),
    "Row": _object(
        dataset=TEXT,
        row=POSITION,
        of=COUNT,
        matches=TRUTH,
        previous=_or_null(POSITION),
        next=_or_null(POSITION),
        cells=_list(_object(name=TEXT, type=_KIND, meaning=TEXT, value={}, where=_or_null(TEXT))),
    ),
    "Figure": _object(data=_list({"type": "object"}), layout=_object(meta=_object(note=TEXT, summary=_list(TEXT)))),
    "Metadata": _object(
        {"keywords": _list(TEXT), "isBasedOn": _WORK, "usageInfo": _WORK},
        **_DESCRIBED,
        identifier=TEXT,
        variableMeasured=_list(_object({"description": TEXT, "unitText": TEXT}, **{"@type": TEXT, "name": TEXT})),
        citation=TEXT,
        includedInDataCatalog=_object(**{"@type": TEXT, "name": TEXT, "url": TEXT}),
        distribution=_list(_object(**{"@type": TEXT, "name": TEXT, "encodingFormat": TEXT, "contentUrl": TEXT})),
    ),
    "Croissant": _object(
        {"usageInfo": _WORK},
        **_DESCRIBED,
        conformsTo=TEXT,
        citeAs=TEXT,
        distribution=_list(
            _object(
                **{"@type": TEXT, "@id": TEXT, "name": TEXT, "encodingFormat": TEXT, "contentUrl": TEXT},
                contentSize=TEXT,
                sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
            )
        ),
        recordSet=_list(
            _object(
                **{"@type": TEXT, "@id": TEXT, "name": TEXT},
                field=_list(
                    _object(
                        {"description": TEXT},
                        **{"@type": TEXT, "@id": TEXT, "name": TEXT, "dataType": TEXT},
                        source=_object(fileObject=_object(**{"@id": TEXT}), extract=_object(column=TEXT)),
                    )
                ),
            )
        ),
    ),
}
