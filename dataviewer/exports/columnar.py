"""Rows -> Parquet and Arrow: types, names and missing values as they are, no value through text."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet

from dataviewer.exports.sink import Sink


def write_parquet(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give a Parquet file, a row group a table."""
    return _written(tables, pa.parquet.ParquetWriter)


def write_arrow(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give an Arrow file, a record batch a table.

    The file format, which readers of data frames open (Feather), also streams; its footer says that it is whole.
    """
    return _written(tables, pa.ipc.new_file)


def _written(tables: Iterable[pa.Table], open_writer: Callable) -> Iterator[bytes]:
    sink = Sink()
    writer = None
    for table in tables:
        writer = writer or open_writer(sink, table.schema)
        writer.write_table(table.combine_chunks())
        yield sink.taken()
    writer.close()
    yield sink.taken()
