"""Rows -> CSV, JSON and JSON by lines."""

import math
from collections.abc import Iterable, Iterator

import orjson
import pyarrow as pa
import pyarrow.csv

from dataviewer.dataset import kind_of
from dataviewer.exports.sink import Sink


def write_csv(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give RFC 4180 text: a header, text in quotes, missing values empty, numbers in as many digits as they need."""
    sink = Sink()
    writer = None
    for table in tables:
        if table.num_columns:  # of no column there is no line either
            writer = writer or pa.csv.CSVWriter(sink, table.schema)
            writer.write_table(table)
        yield sink.taken()


def write_json(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give one object: `about`, then "rows", an object a row with the columns in table order, missing as null."""
    yield orjson.dumps({**about, "rows": []}).removesuffix(b"]}")
    between = b""
    for table in tables:
        if table.num_rows:
            yield between + orjson.dumps(_rows(table))[1:-1]
            between = b","
    yield b"]}"


def write_ndjson(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give an object a line for each row, as in the "rows" of JSON."""
    for table in tables:
        lines = bytearray()  # not a list to join: each line takes a kilobyte until it is copied
        for row in _rows(table):
            lines += orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        yield bytes(lines)


def _rows(table: pa.Table) -> list[dict]:
    columns = [json_values(values) for values in table.columns]
    return [dict(zip(table.column_names, cells)) for cells in zip(*columns)]


def json_values(values: pa.ChunkedArray) -> list:
    """Return values that JSON can hold; dates as ISO text, infinite numbers as "Inf" and "-Inf"."""
    kind, cells = kind_of(values.type), values.to_pylist()
    if kind == "number":
        return [("Inf" if cell > 0 else "-Inf") if cell is not None and math.isinf(cell) else cell for cell in cells]
    return [None if cell is None else str(cell) for cell in cells] if kind in ("date", "timestamp") else cells
