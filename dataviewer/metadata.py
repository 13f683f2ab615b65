"""A dataset told in the vocabularies of others: schema.org, for those who search; Croissant, for those who train.

What is not known is left out: the collection states neither a licence nor a date for single datasets.
"""

import hashlib
from urllib.parse import quote

import pyarrow as pa

from dataviewer import exports, query
from dataviewer.about import about
from dataviewer.catalog import SUMMARY
from dataviewer.dataset import Column, Dataset
from dataviewer.errors import BadView
from dataviewer.exports import Format
from dataviewer.view import MAX, View
from dataviewer.wording import count

MEDIA_TYPE = "application/ld+json"
SCHEMA_ORG = "https://schema.org/"
CROISSANT = "http://mlcommons.org/croissant/"
# The context that Croissant 1.0 prescribes.
CONTEXT = {
    "@language": "en",
    "@vocab": SCHEMA_ORG,
    "cr": CROISSANT,
    "dct": "http://purl.org/dc/terms/",
    "rai": f"{CROISSANT}RAI/",
    "sc": SCHEMA_ORG,
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"cr:{name}"
        for name in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet"),
            *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
            *("references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
            "transform",
        )
    },
}
DATA_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "text": "sc:Text",
    "date": "sc:Date",
    "timestamp": "sc:DateTime",
    "logical": "sc:Boolean",
    "empty": "sc:Text",
}


def schema_org(dataset: Dataset, table: pa.Table, root: str) -> dict:
    """Return a dataset as schema.org's Dataset; `root` is the absolute address of the viewer's page."""
    known = about(dataset)
    told = {name: tell(dataset) for name, (_, tell) in SUMMARY.items()}
    formats = [each for each in exports.FORMATS.values() if _holds(each, table)]
    return {
        "@context": {"@vocab": SCHEMA_ORG},
        "@type": "Dataset",
        **_named(dataset, known, root),
        "identifier": dataset.id,
        **_filled(keywords=[told[name] for name in ("package", "field") if told[name]]),
        "variableMeasured": [_variable(column) for column in dataset.columns],
        "citation": known["citation"]["text"],
        **_filled(isBasedOn=_work(known["source"]), usageInfo=_work(known["licence"])),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": "dataviewer", "url": root},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"rows.{each.name}",
                "encodingFormat": _plain(each.media_type),
                "contentUrl": _rows_address(dataset, each, root),
            }
            for each in formats
        ],
    }


def croissant(dataset: Dataset, table: pa.Table, root: str) -> dict:
    """Return a dataset as Croissant 1.0 describes it: one CSV file, with the digest of its bytes, and its columns.

    The digest is taken of the very bytes that the address gives, so this reads the whole table.
    """
    known, csv = about(dataset), exports.FORMATS["csv"]
    size, digest = _measure(table, csv)
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": f"{CROISSANT}1.0",
        **_named(dataset, known, root),
        "citeAs": known["citation"]["bibtex"],
        **_filled(usageInfo=_work(known["licence"])),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "rows.csv",
                "name": "rows.csv",
                "encodingFormat": _plain(csv.media_type),
                "contentUrl": _rows_address(dataset, csv, root),
                "contentSize": f"{size} B",
                "sha256": digest,
            }
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "rows",
                "name": "rows",
                # No reader can name a column that has no name.
                "field": [_field(column) for column in dataset.columns if column.name],
            }
        ],
    }


def _named(dataset: Dataset, known: dict, root: str) -> dict:
    size = f"{count(dataset.rows, 'row')} of {count(len(dataset.columns), 'column')}"
    return {
        "name": dataset.title or dataset.id,
        "description": known["description"] or f"A table of {size}.",
        "url": f"{root}?{View(dataset.id).to_query_string()}",
    }


def _variable(column: Column) -> dict:
    told = _filled(description=column.meaning, unitText=column.unit)
    return {"@type": "PropertyValue", "name": column.name, **told}


def _field(column: Column) -> dict:
    return {
        "@type": "cr:Field",
        "@id": f"rows/{quote(column.name, safe='')}",
        "name": column.name,
        **_filled(description=column.meaning),
        "dataType": DATA_TYPES[column.kind],
        "source": {"fileObject": {"@id": "rows.csv"}, "extract": {"column": column.name}},
    }


def _rows_address(dataset: Dataset, format: Format, root: str) -> str:
    return f"{root}api/datasets/{quote(dataset.id)}/rows.{format.name}?size={MAX}"


def _holds(format: Format, table: pa.Table) -> bool:
    """Tell whether a format can hold every row; a sheet of Excel has an end."""
    try:
        format.check(table, None)
    except BadView:
        return False
    return True


def _measure(table: pa.Table, format: Format) -> tuple[int, str]:
    """Return how many bytes all rows are, and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    for part in format.write(query.stream_rows(table, (), format.cells), {}):
        size += len(part)
        digest.update(part)
    return size, digest.hexdigest()


def _work(text: str) -> dict | None:
    return {"@type": "CreativeWork", "text": text} if text else None


def _plain(media_type: str) -> str:
    return media_type.partition(";")[0]


def _filled(**properties: object) -> dict:
    return {name: value for name, value in properties.items() if value}
