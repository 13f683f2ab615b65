"""Rows -> files, streamed: memory stays flat whatever the size. Every value equals its source."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dataviewer.exports import columnar, sheet, text
from dataviewer.exports.text import json_values

__all__ = ["FORMATS", "Format", "json_values"]

TEXT_CELLS = 40_000  # cells that are written at once, as text
COLUMN_CELLS = 500_000  # cells of a row group: small ones are slow to read and pack badly


@dataclass(frozen=True)
class Format:
    """A way to write rows: `write` takes tables of equal columns, of about `cells` cells each, and what else is known
    of the view, and gives bytes. `check` takes a table and the positions that count (None: all), and raises BadView
    where the format cannot hold them. A `plain` one is text that a browser can show.
    """

    name: str
    media_type: str
    write: Callable[[Iterable[pa.Table], dict], Iterator[bytes]]
    cells: int = TEXT_CELLS
    plain: bool = False
    check: Callable[[pa.Table, np.ndarray | None], None] = lambda table, matching: None


FORMATS = {
    format.name: format
    for format in (
        Format("json", "application/json", text.write_json, plain=True),
        Format("ndjson", "application/x-ndjson", text.write_ndjson, plain=True),
        Format("csv", "text/csv; charset=utf-8", text.write_csv, plain=True),
        Format("parquet", "application/vnd.apache.parquet", columnar.write_parquet, COLUMN_CELLS),
        Format("arrow", "application/vnd.apache.arrow.file", columnar.write_arrow, COLUMN_CELLS),
        Format("xlsx", sheet.MEDIA_TYPE, sheet.write_xlsx, check=sheet.check),
    )
}
