"""Runs a query: DuckDB inside the process, on Arrow tables."""

import os
from collections.abc import Sequence
from threading import Lock

import duckdb
import pyarrow as pa

TABLE = "t"  # the name that a query gives to its table; columns are c0, c1, ... in table order

# One thread a query: requests run side by side already, and small tables are slower with more.
# No thread of its own either: closing a connection waits for its threads, for ever in a fork, which copies none.
CONFIG = {
    "threads": 1,
    "async_threads": 0,
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
}


class Engine:
    """One DuckDB connection a process, a cursor a query; safe from any thread and after a fork."""

    def __init__(self):
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._process = 0
        self._lock = Lock()

    def run(self, table: pa.Table, sql: str, parameters: Sequence[object] = ()) -> pa.Table:
        """Return what `sql` gives on `table`, whose columns it calls c0, c1, ... whatever their names are."""
        with self._cursor() as cursor:
            # DuckDB takes P95 and p95 for one name; positions cannot clash.
            cursor.register(TABLE, table.rename_columns([f"c{i}" for i in range(table.num_columns)]))
            return cursor.sql(sql, params=list(parameters)).to_arrow_table()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._process != os.getpid():  # a connection does not survive gunicorn's fork
                self._connection, self._process = duckdb.connect(":memory:", config=CONFIG), os.getpid()
            return self._connection.cursor()
