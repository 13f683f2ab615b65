"""Rows -> CSV and JSON, streamed: memory stays flat whatever the size. Every value equals its source."""

import io
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import orjson
import pyarrow as pa
import pyarrow.csv

from dataviewer.dataset import kind_of


@dataclass(frozen=True)
class Format:
    """A way to write rows: `write` takes tables of equal columns and what else is known of the view, gives bytes."""

    name: str
    media_type: str
    write: Callable[[Iterable[pa.Table], dict], Iterator[bytes]]


def write_csv(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give RFC 4180 text: a header, text in quotes, missing values empty, numbers in as many digits as they need."""
    sink = io.BytesIO()
    writer = None
    for table in tables:
        writer = writer or pa.csv.CSVWriter(sink, table.schema)
        writer.write_table(table)
        yield sink.getvalue()
        sink.seek(0)
        sink.truncate()


def write_json(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give one object: `about`, then "rows", an object a row with the columns in table order, missing as null."""
    yield orjson.dumps({**about, "rows": []}).removesuffix(b"]}")
    between = b""
    for table in tables:
        columns = [json_values(values) for values in table.columns]
        rows = orjson.dumps([dict(zip(table.column_names, cells)) for cells in zip(*columns)])
        if table.num_rows:
            yield between + rows[1:-1]
            between = b","
    yield b"]}"


def json_values(values: pa.ChunkedArray) -> list:
    """Return values that JSON can hold; dates as ISO text, infinite numbers as "Inf" and "-Inf"."""
    kind, cells = kind_of(values.type), values.to_pylist()
    if kind == "number":
        return [("Inf" if cell > 0 else "-Inf") if cell is not None and math.isinf(cell) else cell for cell in cells]
    return [None if cell is None else str(cell) for cell in cells] if kind in ("date", "timestamp") else cells


FORMATS = {
    format.name: format
    for format in (
        Format("json", "application/json", write_json),
        Format("csv", "text/csv; charset=utf-8", write_csv),
    )
}
