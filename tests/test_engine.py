import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pytest

from dataviewer.engine import Engine
from tests.conftest import ROOT

NUMBERS = pa.table({"n": [3, 1, 2]})


def test_columns_are_called_by_position(engine):
    table = pa.table([[1], [2], [3]], names=["P95", "p95", 'x"; DROP TABLE t; --'])
    assert engine.run(table, "SELECT c0, c1, c2 FROM t").to_pylist() == [{"c0": 1, "c1": 2, "c2": 3}]


def test_values_are_bound(engine):
    assert engine.run(NUMBERS, "SELECT c0 FROM t WHERE c0 > ? ORDER BY c0", [1]).to_pydict() == {"c0": [2, 3]}


def test_two_queries_do_not_see_each_others_table(engine):
    engine.run(NUMBERS, "SELECT c0 FROM t")
    assert engine.run(pa.table({"n": [9]}), "SELECT sum(c0) AS s FROM t").to_pydict() == {"s": [9]}


def test_eight_threads_get_their_own_answers():
    engine = Engine()

    def ask(thread: int) -> list[int]:
        return [
            engine.run(
                pa.table({"n": [thread, number]}), "SELECT sum(c0)::BIGINT * ? AS s FROM t", [thread]
            ).to_pylist()[0]["s"]
            for number in range(100)
        ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert answers == [[(thread + number) * thread for number in range(100)] for thread in range(8)]


FORK = """
import os, pyarrow as pa
from dataviewer.engine import Engine
engine = Engine()
def ask(): return engine.run(pa.table({"n": [1, 2]}), "SELECT sum(c0)::BIGINT AS s FROM t").to_pylist()
assert ask() == [{"s": 3}]
child = os.fork()
if not child:
    os._exit(0 if ask() == [{"s": 3}] else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert ask() == [{"s": 3}]
"""


def test_an_engine_in_use_works_after_a_fork_on_both_sides():
    subprocess.run([sys.executable, "-c", FORK], cwd=ROOT, check=True, timeout=60)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM read_text('{file}')",
        "COPY t TO '{file}.copy'",
        "ATTACH '{file}.db' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = true",
    ],
)
def test_a_query_reaches_nothing_outside(engine, tmp_path, sql):
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n")
    with pytest.raises(duckdb.Error):
        engine.run(NUMBERS, sql.format(file=file))
    assert list(tmp_path.iterdir()) == [file]
