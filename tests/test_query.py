import datetime
from functools import reduce

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import query
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.errors import BadView
from dataviewer.view import NONE, ROW, Sort, View, Where

ENGINE = Engine()
HOSTILE = [
    "P95",
    "p95",
    'a"b',
    "a;b",
    "100%",
    "a:b",
    "{c}",
    "'; DROP TABLE t; --",
    "",
    " ",
    "a\nb",
    "c0",
    "position",
    "é",
    "ß",
]

VALUES = (
    st.integers(-3, 3),
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([0.0, -0.0, 1.5, -2.25, 1e308, 5e-324, float("inf"), float("-inf")]),
    st.text("aAzéß\0 ~😀", max_size=3),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.booleans(),
    st.dates(datetime.date(1677, 1, 1), datetime.date(2262, 1, 1)),
    st.datetimes(datetime.datetime(1700, 1, 1), datetime.datetime(2200, 1, 1)),
    st.none(),
)


@st.composite
def tables(draw) -> pa.Table:
    rows = draw(st.integers(0, 12))
    names = draw(st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=4, unique=True))
    cells = [draw(st.lists(st.none() | draw(st.sampled_from(VALUES)), min_size=rows, max_size=rows)) for _ in names]
    return pa.table(dict(zip(names, cells)))


@st.composite
def sorted_tables(draw) -> tuple[pa.Table, tuple[Sort, ...]]:
    table = draw(tables())
    chosen = draw(st.lists(st.sampled_from(table.column_names), unique=True, max_size=4))
    return table, tuple(Sort(name, draw(st.booleans())) for name in chosen)


def sort_plainly(rows: list[dict], sort: tuple[Sort, ...]) -> list[dict]:
    """Python's stable sort, by the last key first; missing values go behind in either direction."""

    def by(rows: list[dict], key: Sort) -> list[dict]:
        present = [row for row in rows if row[key.column] is not None]
        missing = [row for row in rows if row[key.column] is None]
        return sorted(present, key=lambda row: row[key.column], reverse=key.descending) + missing

    return reduce(by, reversed(sort), rows)


def page(table: pa.Table, *sort: Sort, number: int = 1, size: int = 1000) -> list:
    return query.page_rows(ENGINE, table, sort, number, size).rows.to_pylist()


@given(sorted_tables(), st.integers(1, 5))
def test_pages_in_a_row_are_the_table_sorted(asked, size):
    table, sort = asked
    numbered = table.append_column("row", pa.array(range(table.num_rows), pa.int64()))
    pages = [page(numbered, *sort, number=number, size=size) for number in range(1, 14)]
    assert [row for rows in pages for row in rows] == sort_plainly(numbered.to_pylist(), sort)


@given(sorted_tables())
def test_a_stream_gives_every_row_in_the_order_of_the_pages(asked):
    table, sort = asked
    streamed = list(query.stream_rows(table, sort, 100))
    assert [row for part in streamed for row in part.to_pylist()] == page(table, *sort)
    assert streamed[0].schema == table.schema


def test_a_long_stream_comes_in_parts_and_misses_no_row():
    rows = 40_005
    table = pa.table({"a": [row % 7 for row in range(rows)], "row": range(rows)})
    parts = list(query.stream_rows(table, (Sort("a", True),), 40_000))
    assert [part.num_rows for part in parts] == [20_000, 20_000, 5]
    streamed = [row for part in parts for row in part.to_pylist()]
    assert streamed == sort_plainly(table.to_pylist(), (Sort("a", True),))


def test_ties_keep_file_order_in_either_direction():
    table = pa.table({"a": [1, 1, 0, 1], "row": [0, 1, 2, 3]})
    assert [row["row"] for row in page(table, Sort("a"))] == [2, 0, 1, 3]
    assert [row["row"] for row in page(table, Sort("a", True))] == [0, 1, 3, 2]


@pytest.mark.parametrize("descending", [True, False])
def test_missing_values_come_last_in_either_direction(descending):
    assert page(pa.table({"a": [None, 1, None]}), Sort("a", descending))[0] == {"a": 1}


def test_capitals_come_before_small_letters_and_empty_text_first():
    assert [row["a"] for row in page(pa.table({"a": ["b", "a", "B", "", "é"]}), Sort("a"))] == ["", "B", "a", "b", "é"]


def test_names_that_differ_only_in_case_are_two_columns():
    table = pa.table({"P95": [1, 2], "p95": [2, 1]})
    assert page(table, Sort("P95"))[0] == {"P95": 1, "p95": 2}
    assert page(table, Sort("p95"))[0] == {"P95": 2, "p95": 1}


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_can_be_sorted_by(name):
    assert page(pa.table({name: [1, 3, 2]}), Sort(name, True)) == [{name: 3}, {name: 2}, {name: 1}]


@pytest.mark.parametrize("sort", [(), (Sort("a"),)])
def test_beyond_the_end_there_is_nothing(sort):
    beyond = query.page_rows(ENGINE, pa.table({"a": [2, 1]}), sort, 10**9, 1000)
    assert (beyond.rows.num_rows, beyond.total) == (0, 2)
    assert beyond.rows.column_names == ["a"]


@pytest.mark.parametrize("descending", [True, False])
def test_a_deep_page_of_a_long_table_is_the_right_one(catalog, descending):
    table = catalog.table(catalog["gap/mhtdata"])
    sort = (Sort("chr", descending), Sort("p"))
    expected = sort_plainly(table.to_pylist(), sort)[150_000:150_050]
    assert page(table, *sort, number=3001, size=50) == expected


def test_every_dataset_can_be_sorted_by_its_last_and_first_column(catalog):
    for dataset in catalog.values():
        table = catalog.table(dataset)
        if table.num_rows <= 1000:
            sort = (Sort(table.column_names[-1], True), Sort(table.column_names[0]))[: table.num_columns]
            assert page(table, *sort) == sort_plainly(table.to_pylist(), sort), dataset.id


TABLE = pa.table({"n": [1, 2], "t": ["x", "y"]})
DATASET = describe("p/d", "", "p", TABLE, lambda: TABLE)


def test_what_a_dataset_lacks_is_named_and_left_out():
    asked = View("p/d", (Sort("q"), Sort("t")), (Where("z", "null"), Where("n", "gt", ("x",))), y=("z",), page=3)
    view, problems = query.check(DATASET, asked)
    assert view == View("p/d", (Sort("t"),), y=("z",), page=3)  # what is drawn is the chart's to judge
    assert problems == (
        "Cannot sort by “q”; columns are n, t.",
        "Cannot look for rows by “z”; columns are n, t.",
        "“n gt x”: n holds numbers, “x” is none.",
    )


def test_a_view_that_fits_stays_as_it_is():
    where = (Where("n", "eq", ("1",)),)
    view = View("p/d", (Sort("t", True),), where, "x", ("t",), 2, 50, 7, "line", ROW, ("n",), "t", NONE)
    assert query.check(DATASET, view) == (view, ())
    assert query.demand(DATASET, view) == view


def test_a_column_that_is_not_there_cannot_be_shown():
    view, problems = query.check(DATASET, View("p/d", columns=("t", "q")))
    assert view == View("p/d", columns=("t",))
    assert problems == ("Cannot show “q”; columns are n, t.",)


def test_a_condition_asked_twice_is_one():
    twice = View("p/d", where=(Where("n", "eq", ("1",)),) * 2)
    assert query.check(DATASET, twice) == (View("p/d", where=twice.where[:1]), ())


def test_a_demand_that_cannot_be_met_is_refused():
    with pytest.raises(BadView, match="Cannot sort by “q”; columns are n, t."):
        query.demand(DATASET, View("p/d", (Sort("q"),)))


@pytest.mark.parametrize("view", [View("p/d", (Sort("z"),)), View("p/d", where=(Where("z", "null"),))])
def test_of_many_columns_thirty_are_named(view):
    table = pa.table({f"c{place}": [1] for place in range(40)})
    _, (problem,) = query.check(describe("p/d", "", "p", table, None), view)
    assert problem.endswith("c28, c29 and 10 more.")


def test_the_rows_of_a_page_tell_where_they_stand_in_the_file():
    table = pa.table({"a": [3, 1, 2, 1]})
    assert query.page_rows(ENGINE, table, (), 2, 3).numbers == [4]
    assert query.page_rows(ENGINE, table, (Sort("a"),), 1, 3).numbers == [2, 4, 3]
    matching = np.array([0, 2, 3])
    some = query.page_rows(ENGINE, table, (Sort("a", True),), 1, 2, matching=matching)
    assert (some.numbers, some.total, some.of) == ([1, 3], 3, 4)
    assert query.page_rows(ENGINE, table, (), 2, 2, matching=matching).numbers == [4]


@pytest.mark.parametrize("sort", [(), (Sort("a"),)])
def test_where_nothing_matches_a_page_and_a_stream_keep_the_columns(sort):
    table, none = pa.table({"a": [2, 1]}), np.arange(0)
    shown = query.page_rows(ENGINE, table, sort, 1, 10, matching=none)
    assert (shown.rows.schema, shown.rows.num_rows, shown.total, shown.of) == (table.schema, 0, 0, 2)
    (streamed,) = query.stream_rows(table, sort, 100, matching=none)
    assert (streamed.schema, streamed.num_rows) == (table.schema, 0)


def test_a_long_stream_of_the_rows_that_match_comes_in_parts():
    table = pa.table({"a": range(60_000)})
    matching = np.arange(0, 60_000, 2)
    for sort in ((), (Sort("a"),)):
        parts = list(query.stream_rows(table, sort, 20_000, matching=matching))
        assert [part.num_rows for part in parts] == [20_000, 10_000]
        assert [value for part in parts for value in part["a"].to_pylist()] == matching.tolist()


def test_a_stream_is_of_the_columns_asked_for_in_any_order_of_others():
    table = pa.table({"a": [3, 1, 2], "b": ["x", "y", "z"], "c": [True, False, None]})
    (part,) = query.stream_rows(table, (Sort("a"),), 100, columns=("c", "b"))
    assert part.to_pylist() == [{"c": False, "b": "y"}, {"c": None, "b": "z"}, {"c": True, "b": "x"}]


def test_parts_of_a_stream_are_small_however_long_the_texts():
    table = pa.table({"a": ["x" * 10_000] * 5000})
    for sort in ((), (Sort("a"),)):
        parts = list(query.stream_rows(table, sort, 100_000))
        assert sum(part.num_rows for part in parts) == 5000
        assert max(part.nbytes for part in parts) <= query.BYTES


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("second", [(), (Sort("b"),)], ids=["one key", "two keys"])
@pytest.mark.parametrize("kind", ["integer", "number", "text", "logical", "empty"])
def test_ties_keep_file_order_in_long_streams_as_on_pages(kind, second, descending):
    make = {"integer": int, "number": float, "text": str, "logical": lambda n: n > 2, "empty": lambda n: None}[kind]
    values = [make(n * n % 7) if n % 5 else None for n in range(30_000)]
    table = pa.table({"a": values, "b": [1.5] * 30_000, "row": range(30_000)})
    sort = (Sort("a", descending), *second)
    expected = sort_plainly(table.to_pylist(), sort)
    assert [row for part in query.stream_rows(table, sort, 10_000) for row in part.to_pylist()] == expected
    assert page(table, *sort, number=17) == expected[16_000:17_000]
