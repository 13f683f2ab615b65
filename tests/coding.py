"""Running the code that a view is written as: in interpreters of their own, many pieces in one start."""

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pytest

from dataviewer import code, exports, query
from dataviewer.charts import plan_of
from dataviewer.engine import Engine
from dataviewer.view import View

VIEWER = "http://viewer/api/datasets"
ADDRESS = re.compile(r"http://viewer/[^\"']*")
PACKAGES = ("dplyr", "purrr", "tidyr", "ggplot2", "jsonlite")
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Ran:
    """What a piece of code came to: `names` (in SQL none) and `rows` of its table, its figure's traces, `error` if any.

    In R a trace is a layer: its kind, and how many points and values it has.
    """

    names: list[str]
    rows: list[tuple]
    traces: list[dict]
    error: str = ""


def write(language: str, dataset, view: View, chart: bool = True) -> str:
    plan = plan_of(dataset, view) if chart else None
    return code.write(language, dataset, view, plan, f"{VIEWER}/{quote(dataset.id)}")


def load(engine: Engine, source: str, dataset, folder: Path) -> str:
    """Return the code with a file in place of the viewer's address, which holds what the viewer answers there."""
    address = ADDRESS.search(source).group()
    view = View.from_query_string(address.partition("?")[2])
    rows = asked_rows(engine, dataset, dataset.load(), view)
    file = folder / f"{len(list(folder.iterdir()))}.rows"
    name = re.search(r"rows\.(\w+)\?", address).group(1)
    file.write_bytes(b"".join(exports.FORMATS[name].write([rows], {})))
    return source.replace(address, file.as_uri() if "urlopen(" in source else str(file))


def asked_rows(engine, dataset, table: pa.Table, view: View) -> pa.Table:
    """Return the rows of a view in their order, with its columns."""
    view = query.demand(dataset, view)
    chosen = query.ordered(table, view.sort, query.match(engine, dataset, table, view))
    rows = table if chosen is None else table.take(pa.array(chosen))
    return rows.select(view.columns) if view.columns else rows


def cells(table: pa.Table) -> list[tuple]:
    return list(zip(*(column.to_pylist() for column in table.columns)))


# The interpreters --------------------------------------------------------------------------------------


def run_python(sources: Sequence[str], folder: Path) -> list[Ran]:
    """Run pieces for pandas or polars, each in a namespace of its own."""
    (folder / "sources.json").write_text(json.dumps(sources))
    driver = [sys.executable, "-W", "error", FOLDER / "run_code.py", folder]
    ran = subprocess.run(driver, capture_output=True, text=True, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    found = []
    for place, told in enumerate(json.loads((folder / "told.json").read_text())):
        table = pa.table({})
        if not told["error"]:
            with pa.ipc.open_file(folder / f"{place}.arrow") as file:
                table = file.read_all()
        found.append(Ran(table.column_names, cells(table), told["traces"], told["error"]))
    return found


def run_duckdb(sources: Sequence[str], folder: Path) -> list[Ran]:
    """Run pieces of SQL; the second statement gives the rows, the third the bars, as one trace."""
    return [_run_sql(source) for source in sources]


def _run_sql(source: str) -> Ran:
    answers = []
    with duckdb.connect(":memory:") as connection:
        try:
            for statement in connection.extract_statements(source):
                answers.append(connection.execute(statement).fetchall())
        except duckdb.Error as error:
            return Ran([], [], [], str(error))
    return Ran([], answers[1], [{"type": "bar", "rows": rows} for rows in answers[2:]])


def run_r(sources: Sequence[str], folder: Path) -> list[Ran]:
    """Run pieces of R; numbers come back as they are stored."""
    missing = missing_in_r()
    if missing:
        pytest.skip(missing)
    for place, source in enumerate(sources):
        (folder / f"{place}.R").write_text(source, encoding="utf-8")
    run_file(FOLDER / "run_code.R", folder, folder, str(len(sources)))
    return [_read_r(json.loads((folder / f"{place}.json").read_text())) for place in range(len(sources))]


def run_file(file: str | Path, folder: Path, *arguments: object) -> None:
    """Run a file of R in a folder, as a person would."""
    command = ["Rscript", "--vanilla", file, *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=os.environ | {"LC_ALL": "C.UTF-8"})
    assert ran.returncode == 0, ran.stderr


@cache
def missing_in_r() -> str:
    """Return a sentence on what this machine lacks to run R, "" if nothing."""
    if not shutil.which("Rscript"):
        return "There is no Rscript on this machine (Debian: r-base-core)."
    ask = f"cat(setdiff(c({', '.join(map(repr, PACKAGES))}), rownames(installed.packages())))"
    lacking = subprocess.run(["Rscript", "--vanilla", "-e", ask], capture_output=True, text=True).stdout
    return f"R has no package {lacking} on this machine (Debian: r-cran-...)." if lacking else ""


DAY = datetime.date(1970, 1, 1)
MOMENT = datetime.datetime(1970, 1, 1)
FROM_R: dict[str, Callable[[str], object]] = {
    "numeric": float.fromhex,
    "character": str,
    "logical": lambda text: text == "TRUE",
    "Date": lambda text: DAY + datetime.timedelta(days=float.fromhex(text)),
    "POSIXct": lambda text: MOMENT + datetime.timedelta(microseconds=round(float.fromhex(text) * 1e6)),
}


def _read_r(told: dict) -> Ran:
    read = [FROM_R[column["type"]] for column in told["columns"]]
    columns = [
        [None if cell is None else read(cell) for cell in column["cells"]]
        for read, column in zip(read, told["columns"])
    ]
    return Ran([column["name"] for column in told["columns"]], list(zip(*columns)), told["layers"], told["error"])
