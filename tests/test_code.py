"""A view as code: the rows that it comes to in each language are those of the view, whatever names and values are."""

import random
import re
import urllib.request
from urllib.parse import urlencode

import pandas as pd
import pyarrow as pa
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataviewer import code, filters, mount
from dataviewer.dataset import normalise
from dataviewer.describe import describe
from dataviewer.view import Sort, View, Where
from tests import coding
from tests.conftest import ROOT
from tests.test_agreement import DATASETS, random_view
from tests.web import reader, served

RUN = {"pandas": coding.run_python, "polars": coding.run_python, "duckdb": coding.run_duckdb, "r": coding.run_r}
BIG = 2**53  # R has no larger whole numbers
VIEWS = 2  # of each dataset

NAMES = (
    'a"b', "a'b", "a`b", "a\nb", "{}", "{column}", "\\", '\\"', "", "é", "P95", "p95", "rowid", "row", "rows", "value",
    "variable", ".data", ".rows", "TRUE", "if", "...", "..1", "%s", "-- x", "#", '"); import os #', "pd", "pl", "x",
    "_x", "2x", " ", "a\tb", "a\u2028b", "😀", "NA", "table", "figure", "c", "T", "mean", "a b", "a_b",
)  # fmt: skip
TEXTS = (
    'a"b', "a'b", "a`b", "a\nb", "{}", "\\", "\\n", '"', "'", "", "'); DROP TABLE x; --", '"""', "İs", "is", "K",
    "Straße", "030001", "É", "é", "NA", "None", "null", "Inf", "\t", "😀", "\u2028x", "#{x}", "ſ",
    '"+__import__("os").getcwd()+"',
)  # fmt: skip
CELLS = {
    "text": (pa.string(), TEXTS),
    "integer": (pa.int64(), (0, 1, -5, 7, 2**31, BIG + 1, 2**62 + 1, -(2**63))),
    "number": (pa.float64(), (0.1, -0.0, 0.0, 1e-5, 1e300, float("inf"), float("-inf"), 1 / 3, 123456.789, 5.0)),
    "logical": (pa.bool_(), (True, False)),
    "date": (pa.date32(), (-700_000, 0, 1, 18_000, 2_000_000)),
    "timestamp": (pa.timestamp("us"), (0, 1, 10**15 + 123_456, 10**15 + 123_457, -(10**15))),
    "empty": (pa.null(), ()),
}
VALUES = {
    "text": TEXTS,
    "integer": ("2.5", "inf", "-1e30", "3", "1", str(BIG + 1), str(2**62)),
    "number": ("0.1", "inf", "-inf", "1e-5", "0.30000000000000004", "0.3333333333333333", "0"),
    "date": ("1970-01-02", "1970-01-01 12:00", "2019-04-14"),
    "timestamp": ("1970-01-01", "1970-01-01 00:00:00.000001", "2001-09-09 01:46:40.123456"),
    "logical": ("true", "false"),
    "empty": ("",),
}


@pytest.fixture(scope="module")
def client(app):
    return reader(app.server)


def hostile_case(draw: random.Random):
    """Return a dataset of names and cells that mean something in some language, and a view of it."""
    columns, count = {}, draw.randint(0, 10)
    for name in draw.sample(NAMES, draw.randint(1, 6)):
        type, cells = CELLS[draw.choice(list(CELLS))]
        columns[name] = pa.array([draw.choice((None, *cells)) for _ in range(count)], type)
    table = normalise(pa.table(columns))
    name, title = draw.choice(("x", 'a"b', "it's", "2", "import", "a\nb", "table")), draw.choice(("", 't\n"""\''))
    dataset = describe(f"p/{name}", title, "p", table, lambda: table)
    wheres = tuple(dict.fromkeys(hostile_where(draw, dataset, table) for _ in range(draw.randint(0, 3))))
    wheres = tuple(where for where in wheres if not filters.problem(dataset, where))
    sorts = draw.sample(dataset.columns, draw.randint(0, min(3, len(dataset.columns))))
    shown = draw.sample(dataset.columns, draw.randint(0, len(dataset.columns)))
    return dataset, View(
        dataset.id,
        tuple(Sort(column.name, draw.random() < 0.5) for column in sorts),
        wheres,
        draw.choice(("", "", "1", "é", '"', "n")),
        tuple(column.name for column in shown),
    )


def hostile_where(draw: random.Random, dataset, table: pa.Table) -> Where:
    column = draw.choice(dataset.columns)
    fitting = [operator for operator in filters.OPERATORS.values() if column.kind in operator.kinds]
    operator = draw.choice(fitting)
    given = [spelled(cell) for cell in table[column.name].to_pylist() if cell is not None]
    values = []
    for _ in range(min(operator.values, draw.randint(1, 3))):
        value = draw.choice(given or VALUES[column.kind]) if draw.random() < 0.7 else draw.choice(VALUES[column.kind])
        values.append(value[draw.randint(0, 1) :][:2].swapcase() if operator.sql.count("folded") else value)
    return Where(column.name, operator.name, tuple(values))


def spelled(cell: object) -> str:
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def check(engine, folder, language, cases):
    """Run a view of each dataset, without its chart, and compare the rows cell for cell."""
    files = folder / "rows"
    files.mkdir()
    sources = [
        coding.load(engine, coding.write(language, dataset, view, chart=False), dataset, files)
        for dataset, view in cases
    ]
    for source, ran, (dataset, view) in zip(sources, RUN[language](sources, folder), cases, strict=True):
        wanted = coding.asked_rows(engine, dataset, dataset.load(), view)
        assert ran.error == "", source
        assert as_read(language, ran.rows) == as_read(language, coding.cells(wanted)), source
        if language in ("pandas", "polars"):
            assert ran.names == wanted.column_names


def as_read(language: str, rows: list[tuple]) -> list[list]:
    """Return cells as a language holds them: R has numbers of 64 bits, and no others."""
    return [[number(cell) if language == "r" else (type(cell), cell) for cell in row] for row in rows]


def number(cell: object) -> object:
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


@pytest.mark.parametrize("language", code.LANGUAGES)
def test_the_code_gives_the_rows_of_the_view(catalog, engine, tmp_path, language):
    cases = []
    for id in DATASETS:
        dataset = catalog[id]
        table = catalog.table(dataset)
        kinds = {column.name: column.kind for column in dataset.columns}
        frame = pd.DataFrame({name: pd.Series(table[name].to_pylist(), dtype=object) for name in table.column_names})
        draw = random.Random(f"code {id}")
        for _ in range(VIEWS):
            pairs, positions = random_view(draw, frame, kinds)
            view = View.from_query_string(urlencode([("dataset", id), *pairs]))
            assert coding.asked_rows(engine, dataset, table, view).num_rows == len(positions)
            cases.append((dataset, view))
    check(engine, tmp_path, language, cases)


@pytest.mark.parametrize("language", code.LANGUAGES)
def test_no_name_and_no_value_is_taken_for_code(engine, tmp_path, language):
    draw = random.Random("hostile")
    check(engine, tmp_path, language, [hostile_case(draw) for _ in range(120)])


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
# Words of the languages, cut and put together anew.
fragments = st.lists(
    st.sampled_from([*"\"'`\\{}()#;\n\r\t -/*%$=<", "--", "'''", "x", "\0", "\x85", "\u2028"]), max_size=6
)
anything = texts | fragments.map("".join)


@pytest.mark.parametrize("language", code.LANGUAGES)
def test_any_text_stays_that_text(engine, tmp_path_factory, language):
    """Columns of any names hold any texts; a condition on one of them keeps the rows that it should."""
    cases = []

    @settings(max_examples=80, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(anything, min_size=1, max_size=3), st.lists(anything, min_size=1, max_size=4), st.data())
    def collect(names, cells, data):
        names = [name.replace("\0", "") for name in names]  # where Arrow hands frames over, names end there
        if language == "r":  # and all texts
            cells = [cell.replace("\0", "") for cell in cells]
        table = normalise(pa.table([pa.array([*cells, None])] * len(names), names=names))
        dataset = describe("p/d", data.draw(anything), "p", table, lambda: table)
        name, value = data.draw(st.sampled_from(table.column_names)), data.draw(st.sampled_from(cells) | anything)
        operator = data.draw(st.sampled_from(["eq", "ne", "contains", "ncontains", "starts", "ends"]))
        shown = tuple(data.draw(st.lists(st.sampled_from(table.column_names), unique=True)))
        cases.append((dataset, View("p/d", (Sort(name, True),), (Where(name, operator, (value,)),), columns=shown)))

    collect()
    check(engine, tmp_path_factory.mktemp("code"), language, cases)


def test_the_viewer_searches_and_the_address_says_so(catalog):
    source = coding.write("pandas", catalog["Ecdat/Airq"], View("Ecdat/Airq", search="a b&c"))
    assert '"http://viewer/api/datasets/Ecdat/Airq/rows.parquet?search=a%20b%26c&size=max"' in source
    assert "# The viewer itself does the search in the address." in source


def test_each_piece_begins_with_the_line_that_loads_the_data(catalog):
    for language in code.LANGUAGES:
        lines = coding.write(language, catalog["datasets/airquality"], View("datasets/airquality")).splitlines()
        statements = [line for line in lines if line and not line.startswith(("import", "library", "#", "--"))]
        assert "viewer/api" in " ".join(statements[:2])


def test_the_best_matches_of_the_catalogue_come_first(catalog, engine, tmp_path):
    dataset = catalog["catalog"]
    for place, sort in enumerate([(), (Sort("package"),)]):
        folder = tmp_path / str(place)
        folder.mkdir()
        check(engine, folder, "polars", [(dataset, View("catalog", sort, search="iris"))])


def test_the_api_answers_text(client):
    answer = client.get("/api/datasets/Airq/code.polars?where=coas:eq:yes&sort=vala:desc")
    assert answer.content_type == "text/plain; charset=utf-8"
    address = "http://localhost/api/datasets/Ecdat/Airq/rows.parquet?size=max"
    assert f'airq = pl.read_parquet(urlopen("{address}").read())' in answer.text
    assert 'airq.filter(pl.col("coas") == "yes")' in answer.text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("Ecdat/Airq/code.julia", 404, "There is no code in “julia”; languages are pandas, polars, duckdb, r."),
        ("Ecdat/Airq/code.r?where=nope:eq:1", 400, "Cannot look for rows by “nope”"),
        ("Ecdat/Airq/code.r?chart=nope", 400, "There is no chart “nope”"),
        ("nope/nope/code.r", 404, "There is no dataset called “nope/nope”"),
    ],
)
def test_the_api_says_what_there_is(client, path, status, said):
    answer = client.get(f"/api/datasets/{path}")
    assert answer.status_code == status
    assert answer.json["error"].startswith(said)


def test_every_dataset_has_code_in_every_language(catalog):
    for dataset in catalog.values():
        for language in code.LANGUAGES:
            source = coding.write(language, dataset, View(dataset.id))
            assert coding.ADDRESS.search(source)
            assert not any("\t" in line or line.endswith(" ") for line in source.splitlines()), source


@pytest.mark.parametrize("language", ("pandas", "polars", "r"))
def test_the_code_loads_from_the_viewer_that_wrote_it(catalog, engine, tmp_path, language):
    """Pasted as it is, below a prefix; of DuckDB the extension that reads addresses is not on every machine."""
    host = Flask("host")
    mount(host, "/some-where", catalog=catalog)
    dataset = catalog["MASS/survey"]
    view = View(dataset.id, (Sort("Age", True),), (Where("Smoke", "ne", ("Never",)),), "right")
    with served(host) as (name, port):
        address = f"http://{name}:{port}/some-where/api/datasets/MASS/survey/code.{language}"
        with urllib.request.urlopen(f"{address}?{view.to_query_string()}") as answer:
            source = answer.read().decode()
        (ran,) = RUN[language]([source], tmp_path)
    assert ran.error == "", source
    wanted = coding.cells(coding.asked_rows(engine, dataset, dataset.load(), view))
    assert as_read(language, ran.rows) == as_read(language, wanted)


def test_the_readme_shows_what_a_link_gives(client):
    section = (ROOT / "README.md").read_text().partition("## As code")[2]
    link = re.search(r"`(code\.pandas\?[^`]+)`", section).group(1)
    answer = client.get(f"/api/datasets/Ecdat/Airq/{link}", base_url="http://127.0.0.1:8050")
    assert f"```text\n{answer.text}```" in section
