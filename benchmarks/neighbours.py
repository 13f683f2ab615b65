"""The same tables in D-Tale and in Datasette, each served as its documentation starts it.

What you get: `write_database` writes datasets into a SQLite file, a table each under its bare name; `serve_dtale` and
`serve_datasette` serve this file.
"""

import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.datasets import bare_name
from dataviewer import Catalog
from tests.conftest import free_port, running


@dataclass(frozen=True)
class Server:
    """Where a server shows the tables, their names to be appended, and its process id."""

    url: str
    pid: int


def write_database(path: Path, catalog: Catalog, ids: Sequence[str]) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for id in ids:
            frame = catalog.table(catalog[id]).to_pandas()
            frame.to_sql(bare_name(id), connection, index=False)


@contextmanager
def serve_dtale(python: str, database: Path) -> Iterator[Server]:
    """Yield D-Tale, which has read every table into a DataFrame."""
    port = free_port()
    command = [python, str(Path(__file__).with_name("dtale_script.py")), str(database), str(port)]
    with _quietly(command, f"http://127.0.0.1:{port}/dtale/main/", "1") as server:
        yield server


@contextmanager
def serve_datasette(python: str, database: Path) -> Iterator[Server]:
    """Yield `datasette serve` with all its settings at their defaults."""
    port = free_port()
    command = [python, "-m", "datasette", "serve", str(database), "--port", str(port)]
    with _quietly(command, f"http://127.0.0.1:{port}/{database.stem}/", "") as server:
        yield server


@contextmanager
def _quietly(command: list[str], url: str, first: str) -> Iterator[Server]:
    with running(command, url + first, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield Server(url, process.pid)
