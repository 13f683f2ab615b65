"""Which rows a view keeps, against an evaluation in plain Python that shares nothing with the SQL."""

import datetime
import math
import time
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataviewer import filters, query
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.errors import BadView
from dataviewer.view import SEARCH_MAX, Sort, View, Where

ENGINE = Engine()
BIG = 2**53
NAMES = ["n", "N", 'a"b', "a;b", "100%", "a:b", "{column}", "'; DROP TABLE t; --", "", "c0", "t", "position", "é", "\0"]

# Cells of each kind of column: some where something is near at hand to be taken for it.
WHOLE = st.sampled_from([0, 1, -1, 3, BIG, BIG + 1, BIG + 2, -BIG - 1, 2**63 - 1, -(2**63)]) | st.integers(-4, 4)
FLOAT = st.sampled_from([0.0, -0.0, 5.0, 5.1, 1e15, 1e16, 1e-7, 0.1 + 0.2, 1e308, 5e-324, math.inf, -math.inf])
TEXT = st.text("aAbB éÉσςΣßжЖ😀%_\\\"';\0\n019.:-", max_size=4) | st.sampled_from(["true", "Na", "2020-02-29"])
DATE = st.dates(datetime.date(2020, 2, 27), datetime.date(2020, 3, 2)) | st.sampled_from(
    [datetime.date(1, 1, 1), datetime.date(9999, 12, 31)]
)
TIME = st.sampled_from(
    [
        datetime.datetime(2020, 2, 29),
        datetime.datetime(2020, 2, 29, 10, 30),
        datetime.datetime(2020, 2, 29, 10, 30, 0, 500_000),
        datetime.datetime(2020, 3, 1, 0, 0, 0, 1),
        datetime.datetime(1, 1, 1),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999_999),
    ]
)
CELLS = {
    "integer": (pa.int64(), WHOLE),
    "number": (pa.float64(), FLOAT | st.floats(allow_nan=False)),
    "text": (pa.string(), TEXT),
    "date": (pa.date32(), DATE),
    "timestamp": (pa.timestamp("us"), TIME),
    "logical": (pa.bool_(), st.booleans()),
    "empty": (pa.null(), st.none()),
}
SPELLED = {
    "integer": WHOLE.map(str)
    | st.sampled_from(["3.0", "1e0", "0.5", "-0.5", ".5", "2.", "1e30", "-1e300", "Inf", "-inf"]),
    "number": FLOAT.map(repr) | st.sampled_from(["5", "+5", "1E16", "3e-1", "9e999", "Inf", "-Inf", "infinity"]),
    "text": TEXT,
    "date": DATE.map(str) | TIME.map(str),
    "timestamp": DATE.map(str) | TIME.map(str) | st.sampled_from(["2020-02-29T10:30", "2020-02-29 10:30:00.5"]),
    "logical": st.sampled_from(["true", "false", "TRUE"]),
}


@st.composite
def tables(draw) -> pa.Table:
    rows = draw(st.integers(0, 10))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    kinds = [CELLS[draw(st.sampled_from(sorted(CELLS)))] for _ in names]
    columns = [pa.array(draw(st.lists(st.none() | cell, min_size=rows, max_size=rows)), type) for type, cell in kinds]
    return pa.table(columns, names=names)


@st.composite
def conditions(draw, dataset) -> Where:
    column = draw(st.sampled_from(dataset.columns))
    operator = draw(st.sampled_from([o for o in filters.OPERATORS.values() if column.kind in o.kinds]))
    if not operator.values:
        return Where(column.name, operator.name)
    values = draw(st.lists(SPELLED[column.kind], min_size=1, max_size=min(operator.values, 3)))
    # A time written by hand is several values where one is taken.
    return Where(column.name, operator.name, tuple(values if operator.values > 1 else values[0].split(":")))


@st.composite
def asked(draw) -> tuple[pa.Table, View]:
    table = draw(tables())
    dataset = describe("p/d", "", "p", table, lambda: table)
    wheres = draw(st.lists(conditions(dataset), max_size=4))
    search = draw(
        st.just("") | TEXT | st.sampled_from(["5", ".5", "1e", "E+1", "inf", "-", "2020-02", "30:00.500", "TRU"])
    )
    return table, View("p/d", where=tuple(wheres), search=search)


def read_plainly(kind: str, text: str, operator: str) -> object:
    if kind == "timestamp" and operator in ("gt", "lte") and len(text) == 10:  # a day is over with its last moment
        return datetime.datetime.fromisoformat(f"{text} 23:59:59.999999")
    if kind in ("date", "timestamp"):
        return datetime.datetime.fromisoformat(text)
    return {"integer": Decimal, "number": float, "text": str, "logical": lambda text: text.lower() == "true"}[kind](
        text
    )


def fold_plainly(text: str, capitals: bool) -> str:
    """Small letters, of the capitals where the text asked for is not plain ASCII; one letter stays one."""
    if capitals:
        text = "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in text)
    return "".join(letter.lower()[0] for letter in text)


COMPARED = {
    "gt": lambda cell, value: cell > value,
    "gte": lambda cell, value: cell >= value,
    "lt": lambda cell, value: cell < value,
    "lte": lambda cell, value: cell <= value,
    "contains": lambda cell, value: value in cell,
    "starts": lambda cell, value: cell.startswith(value),
    "ends": lambda cell, value: cell.endswith(value),
}
OPPOSITE = {"ne": "eq", "nin": "in", "ncontains": "contains", "notnull": "null"}


def holds_plainly(kind: str, cell: object, where: Where) -> bool:
    if where.operator in OPPOSITE:
        return not holds_plainly(kind, cell, Where(where.column, OPPOSITE[where.operator], where.values))
    if cell is None or where.operator == "null":
        return cell is None and where.operator == "null"
    texts = where.values if where.operator == "in" else [":".join(where.values)]
    if kind == "date":
        cell = datetime.datetime.combine(cell, datetime.time())
    values = [read_plainly(kind, text, where.operator) for text in texts]
    if where.operator in ("eq", "in"):
        return cell in values
    if kind == "text":
        capitals = not values[0].isascii()
        cell, values = fold_plainly(cell, capitals), [fold_plainly(values[0], capitals)]
    return COMPARED[where.operator](cell, values[0])


def text_plainly(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return repr(cell + 0.0).removesuffix(".0") if isinstance(cell, float) else str(cell)


def match_plainly(table: pa.Table, view: View) -> list[int]:
    kinds = {column.name: column.kind for column in describe("p/d", "", "p", table, None).columns}
    capitals = not view.search.isascii()
    needle = fold_plainly(view.search, capitals)

    def wanted(row: dict) -> bool:
        held = [(where, holds_plainly(kinds[where.column], row[where.column], where)) for where in view.where]
        for where, holds in held:
            alike = [other for w, other in held if (w.column, w.operator) == (where.column, "eq")]
            if not (holds or any(alike) and where.operator == "eq"):
                return False
        texts = (fold_plainly(text_plainly(cell), capitals) for cell in row.values() if cell is not None)
        return not view.search or any(needle in text for text in texts)

    return [place for place, row in enumerate(table.to_pylist()) if wanted(row)]


def matched(table: pa.Table, view: View) -> list[int]:
    """Return the positions that match gives for a view that has no problem."""
    dataset = describe("p/d", "", "p", table, lambda: table)
    assert query.check(dataset, view) == (replace_where(view), ())
    positions = query.match(ENGINE, dataset, table, view)
    assert positions is None or positions.dtype == np.int64
    return list(range(table.num_rows)) if positions is None else positions.tolist()


def replace_where(view: View) -> View:
    return View(view.dataset, view.sort, tuple(dict.fromkeys(view.where)), view.search)


def places(cells: list, *conditions: tuple, search: str = "", type: pa.DataType | None = None) -> list[int]:
    """Return which rows of one column x match conditions such as ("gt", "3")."""
    wheres = tuple(Where("x", operator, tuple(values)) for operator, *values in conditions)
    return matched(pa.table({"x": pa.array(cells, type)}), View("p/d", where=wheres, search=search))


@settings(deadline=None)  # a machine can be busy
@given(asked())
def test_the_rows_are_those_that_plain_python_finds(asked):
    table, view = asked
    assert matched(table, view) == match_plainly(table, view)


@settings(deadline=None)  # a machine can be busy
@given(asked())
def test_why_no_row_matches_is_true(asked):
    table, view = asked
    if not table.num_rows or match_plainly(table, view):
        return
    said = query.explain_none(ENGINE, describe("p/d", "", "p", table, None), table, view)
    most = 0
    for where in view.where:
        rest = tuple(w for w in view.where if w != where and (w.operator, w.column) != ("eq", where.column))
        rest = rest if where.operator == "eq" else tuple(w for w in view.where if w != where)
        most = max(most, len(match_plainly(table, View("p/d", where=rest, search=view.search))))
    if view.search:
        most = max(most, len(match_plainly(table, View("p/d", where=view.where))))
    assert (f" {most} row" in said) if most else ("alone would give no row" in said)


@settings(deadline=None)  # a machine can be busy
@given(asked(), st.integers(1, 4), st.booleans())
def test_pages_and_streams_are_of_the_rows_that_match(asked, size, descending):
    table, view = asked
    sort = (Sort(table.column_names[0], descending),)
    matching = query.match(ENGINE, describe("p/d", "", "p", table, None), table, view)
    numbered = table.append_column("number", pa.array(range(1, table.num_rows + 1), pa.int64()))
    for order in ((), sort):
        pages = [query.page_rows(ENGINE, numbered, order, page, size, matching=matching) for page in range(1, 12)]
        rows = [number for page in pages for number in page.rows["number"].to_pylist()]
        streamed = list(query.stream_rows(numbered, order, 100, matching=matching))
        assert [number for page in pages for number in page.numbers] == rows
        assert [number for part in streamed for number in part["number"].to_pylist()] == rows
        assert sorted(rows) == [place + 1 for place in match_plainly(table, view)]
        assert {(page.total, page.of) for page in pages} == {(len(rows), table.num_rows)}
        assert streamed[0].schema == numbered.schema
    everything = [row["number"] for row in query.page_rows(ENGINE, numbered, sort, 1, 99).rows.to_pylist()]
    assert rows == [number for number in everything if number in rows]


def test_a_view_without_conditions_matches_nothing_away():
    table = pa.table({"x": [1]})
    assert query.match(ENGINE, describe("p/d", "", "p", table, None), table, View("p/d", page=3)) is None


def test_whole_numbers_that_floats_cannot_tell_apart_are_told_apart():
    cells = [BIG, BIG + 1, BIG + 2]
    assert places(cells, ("eq", str(BIG + 1))) == [1]
    assert places(cells, ("gt", str(BIG))) == [1, 2]
    assert places(cells, ("lt", f"{BIG + 1}.5")) == [0, 1]
    assert places(cells, ("in", f"{BIG + 1}.0", "9.007199254740992e15")) == [0, 1]
    assert places([2**63 - 1, None, -(2**63)], ("lt", "1e400")) == [0, 2]


def test_a_fraction_lies_between_whole_numbers():
    cells = [2, 3, 4, None]
    assert places(cells, ("gt", "3.5")) == places(cells, ("gte", "3.5")) == [2]
    assert places(cells, ("lt", "3.5")) == places(cells, ("lte", "3.5")) == [0, 1]
    assert places(cells, ("eq", "3.5")) == []
    assert places(cells, ("ne", "3.5")) == [0, 1, 2, 3]
    assert places([-3, -4], ("lt", "-3.5")) == [1]


def test_infinite_numbers_can_be_asked_for():
    cells = [math.inf, 1.0, -math.inf, None]
    assert places(cells, ("eq", "Inf")) == [0]
    assert places(cells, ("gt", "-Inf")) == [0, 1]


@pytest.mark.parametrize(("operator", "opposite"), [("eq", "ne"), ("in", "nin"), ("contains", "ncontains")])
def test_what_is_not_so_is_all_the_rest_missing_ones_included(operator, opposite):
    cells = ["a", None, "b", "", "A"]
    assert sorted(places(cells, (operator, "a")) + places(cells, (opposite, "a"))) == [0, 1, 2, 3, 4]
    assert 1 in places(cells, (opposite, "a"))


def test_letter_case_matters_to_equality_alone():
    cells = ["Ab", "ab", "xAB", "É", "ΟΔΟΣ", "οδος"]
    assert places(cells, ("eq", "ab")) == [1]
    assert places(cells, ("contains", "AB")) == [0, 1, 2]
    assert places(cells, ("starts", "aB")) == [0, 1]
    assert places(cells, ("ends", "ab")) == [0, 1, 2]
    assert places(cells, ("contains", "é")) == [3]
    assert places(cells, ("contains", "οδος")) == places(cells, ("contains", "ΟΔΟΣ")) == [4, 5]
    assert places(cells, search="é") == [3]


@pytest.mark.parametrize("text", ["%", "_", "\\", "a%", "'", '"', ";", "\0", "*", "?", "[a]", "^a", "--", "{}", "$1"])
def test_a_text_stands_for_itself_alone(text):
    cells = ["abc", "", None, f"x{text}Y"]
    for operator in ("contains", "eq", "starts", "ends"):
        assert places([*cells, text], (operator, text))[-1] == 4
    assert places(cells, ("contains", text)) == places(cells, search=text) == [3]
    assert places([*cells, text], ("eq", text)) == [4]


def test_a_date_is_its_midnight_where_it_is_not_its_day():
    times = [datetime.datetime(2020, 2, 29), datetime.datetime(2020, 2, 29, 10, 30), None]
    assert places(times, ("eq", "2020-02-29")) == [0]
    assert places(times, ("gte", "2020-02-29")) == places(times, ("lte", "2020-02-29")) == [0, 1]
    assert places(times, ("gt", "2020-02-29")) == places(times, ("lt", "2020-02-29")) == []
    assert places(times, ("eq", "2020-02-29 10", "30")) == [1]  # a link written by hand: time:eq:2020-02-29 10:30
    assert places([datetime.date(2020, 2, 29)], ("lt", "2020-02-29T00:01")) == [0]


def test_several_equalities_on_one_column_are_any_of_them():
    assert places(["a", "b", "c"], ("eq", "a"), ("eq", "c")) == [0, 2]
    assert places(["a", "b", "c"], ("eq", "a"), ("eq", "c"), ("ne", "a")) == [2]
    table = pa.table({"x": ["a", "b", "a"], "y": ["a", "a", "b"]})
    both = (Where("x", "eq", ("a",)), Where("y", "eq", ("a",)))
    assert matched(table, View("p/d", where=both)) == [0]


def test_a_search_reads_cells_as_they_are_written():
    cells = [5.0, 5.1, 50.0, -0.25, 1e16, 12345678901.0, math.inf, None]
    assert places(cells, search="5.") == [1]
    assert places(cells, search="5.0") == []
    assert places(cells, search="-0.2") == [3]
    assert places(cells, search="1E+16") == [4]
    assert places(cells, search="5678901") == [5]
    assert places(cells, search="inf") == [6]
    assert places([True, False, None], search="RUE") == [0]
    assert places([datetime.datetime(2020, 1, 2, 3, 4, 5, 500_000)], search="04:05.500000") == [0]
    assert places([None, None], search="n", type=pa.null()) == []


def test_a_search_that_no_cell_could_hold_finds_nothing():
    assert places([1, 2, 3], search="x") == []
    assert places([1, 2, 3], ("gt", "0"), search="1 2") == []


EQUAL = "eq, ne, in, nin, null, notnull"
NUMBERS = "eq, ne, gt, gte, lt, lte, in, nin, null, notnull"
TABLE = pa.table(
    {
        "rain": [1.5],
        "n": [1],
        "t": ["x"],
        "day": [datetime.date(2020, 1, 1)],
        "time": [datetime.datetime(2020, 1, 1)],
        "yes": [True],
        "e": pa.nulls(1),
    }
)
DATASET = describe("p/d", "", "p", TABLE, lambda: TABLE)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("rain:gt:abc", "“rain gt abc”: rain holds numbers, “abc” is none."),
        ("n:in:1:x:3", "“n in 1, x, 3”: n holds numbers, “x” is none."),
        ("rain:foo:1", f"“rain foo 1”: rain holds numbers, and the operators for that are {NUMBERS}."),
        ("rain::1", f"“rain  1”: rain holds numbers, and the operators for that are {NUMBERS}."),
        ("rain:contains:1", f"“rain contains 1”: rain holds numbers, and the operators for that are {NUMBERS}."),
        ("yes:gt:no", f"“yes gt no”: yes holds true and false, and the operators for that are {EQUAL}."),
        ("e:eq:1", "“e eq 1”: e holds no values, and the operators for that are null, notnull."),
        ("yes:eq:yes", "“yes eq yes”: yes holds true and false, “yes” is neither."),
        ("day:lt:2020-02-30", "“day lt 2020-02-30”: day holds dates such as 2020-02-29, “2020-02-30” is none."),
        ("time:eq:10:30", "“time eq 10:30”: time holds times such as 2020-02-29 12:30, “10:30” is none."),
        ("rain:eq", "“rain eq”: eq takes a value."),
        ("t:in", "“t in”: in takes a value."),
        ("t:null:x", "“t null x”: null takes no value."),
        ("q:eq:1", "Cannot look for rows by “q”; columns are rain, n, t, day, time, yes, e."),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_met_is_named_and_left_out(condition, said):
    view = View.from_query_string(f"dataset=p/d&where={condition}&where=n:gt:0&search=x&y=q")
    kept = (Where("n", "gt", ("0",)),)
    assert query.check(DATASET, view) == (View("p/d", where=kept, search="x", y=("q",)), (said,))
    with pytest.raises(BadView) as refused:
        query.demand(DATASET, view)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "text", ["", " ", "nan", "NaN", "1_000", " 1", "1 ", "1,5", "0x1", "٣", "--1", "e5", "1e", "1e9999", "infi"]
)
@pytest.mark.parametrize("name", ["rain", "n"])
def test_what_is_no_number_is_refused(name, text):
    assert "is none." in filters.problem(DATASET, Where(name, "eq", (text,)))


@pytest.mark.parametrize(
    "text",
    ["2020", "20200101", "2020-W01-1", "2020-01-01Z", "0000-01-01", "2020-01-01 24:00", "2020-01-01T10:30+01:00"],
)
def test_what_is_no_date_is_refused(text):
    assert "is none." in filters.problem(DATASET, Where("time", "eq", (text,)))


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["x'; DROP TABLE t; --", '"', "c0", "?", "$1", "NULL", "%" * 100, "9" * 3990, "0." + "9" * 3990, "a" * 3990, "\0"]
)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Where,
            st.sampled_from([*TABLE.column_names, "'; --"]) | ANY,
            st.sampled_from(list(filters.OPERATORS)) | ANY,
            st.lists(ANY, max_size=3).map(tuple),
        ),
        max_size=3,
    ),
    ANY.map(lambda text: text[:SEARCH_MAX]),
)
def test_anything_asked_is_answered_or_refused_with_a_sentence(wheres, search):
    view, problems = query.check(DATASET, View("p/d", where=tuple(wheres), search=search))
    assert len(view.where) + len(problems) == len(set(wheres))
    assert all(len(problem) < 400 + max(len(w.column) * 3 + len(w.operator) for w in wheres) for problem in problems)
    assert all(filters.words(where) for where in view.where)
    query.match(ENGINE, DATASET, TABLE, view)
    names, conditions = filters.conditions(DATASET, view)
    assert set(names) <= set(TABLE.column_names)
    sql = " ".join(condition.sql for condition in conditions)
    patterns = [o.sql for o in filters.OPERATORS.values()] + [kind.text for kind in filters.KINDS.values()]
    known = "".join(patterns) + "0123456789 ?,.{}()'lower(upper(contains(false OR "
    assert set(sql) <= set(known)
    assert sql.count("?") == sum(len(condition.bound) for condition in conditions)


def test_a_long_value_is_cut_where_it_is_said():
    where = Where("t", "eq", ("x" * 4000,))
    assert len(filters.words(where)) < 60
    assert len(filters.problem(DATASET, Where("rain", "eq", ("x" * 4000,)))) < 200


def test_a_value_is_read_in_a_moment_however_long():
    start = time.perf_counter()
    for value in ("9" * 100_000 + "x", "9." + "9" * 100_000 + "x", "1" * 100_000 + "e", "2020-01-01 " * 9000):
        for name in ("rain", "time"):
            assert filters.problem(DATASET, Where(name, "eq", (value,)))
    assert time.perf_counter() - start < 2  # backtracking would take minutes


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (Where("coas", "eq", ("yes",)), "coas is yes"),
        (Where("rain", "gt", ("20",)), "rain is above 20"),
        (Where("rain", "lte", ("20",)), "rain is at most 20"),
        (Where("t", "in", tuple("abcdefgh")), "t is one of a, b, c and 5 more"),
        (Where("t", "nin", ("a", "b")), "t is none of a, b"),
        (Where("t", "eq", ("",)), "t is “”"),
        (Where("t", "eq", ("10", "30")), "t is 10:30"),
        (Where("t", "ncontains", ("x",)), "t does not contain x"),
        (Where("t", "null"), "t is missing"),
        (Where("t", "notnull"), "t is not missing"),
    ],
)
def test_a_condition_in_words(where, said):
    assert filters.words(where) == said


def explained(view: View) -> str:
    table = pa.table({"a": [1, 2, 3, None], "t": ["x", "x", "y", "z"]})
    return query.explain_none(ENGINE, describe("p/d", "", "p", table, None), table, view)


def test_the_condition_that_frees_most_rows_is_named():
    above = Where("a", "gt", ("9",))
    x = (Where("t", "eq", ("x",)), Where("t", "eq", ("z",)))
    assert explained(View(where=(above,))) == "Without “a is above 9” 4 rows would match."
    assert explained(View(where=(*x, above))) == "Without “a is above 9” 3 rows would match."
    three = Where("a", "eq", ("3",))
    assert explained(View(where=(three, *x))) == "Without “a is 3” 3 rows would match."
    assert explained(View(where=(three,), search="x")) == "Without “a is 3” 2 rows would match."
    assert explained(View(where=(above,), search="q")) == "Leaving out one condition alone would give no row either."
    assert explained(View(where=(Where("a", "lt", ("9",)),), search="q")) == (
        "Without the search for “q” 3 rows would match."
    )
    one = (Where("a", "gt", ("2",)), Where("t", "eq", ("x",)), Where("a", "notnull"))
    assert explained(View(where=one)) == "Without “a is above 2” 2 rows would match."


def test_every_dataset_is_searched_and_narrowed(catalog):
    for dataset in catalog.values():
        table = catalog.table(dataset)
        if 0 < table.num_rows <= 500 and table.num_columns <= 20:
            cell = next((c for c in table.column(table.num_columns - 1).to_pylist() if c is not None), None)
            text = "a" if cell is None else text_plainly(cell)[:SEARCH_MAX]
            where = (Where(table.column_names[0], "notnull"),)
            assert matched(table, View("p/d", where=where, search=text)) == match_plainly(
                table, View("p/d", where=where, search=text)
            ), dataset.id


def test_a_million_rows_are_narrowed_in_a_moment():
    rows = 1_000_000
    table = pa.table({"n": np.arange(rows) % 1000 / 10, "t": np.char.mod("value %d", np.arange(rows) % 100)})
    dataset = describe("p/d", "", "p", table, None)
    start = time.perf_counter()
    view = View("p/d", where=(Where("n", "gte", ("99",)), Where("t", "contains", ("VALUE 9",))))
    assert len(query.match(ENGINE, dataset, table, view)) == 10_000
    assert time.perf_counter() - start < 5  # 0.02 s on a machine at rest


@pytest.mark.parametrize(
    ("operator", "text", "kept"),
    [
        ("lte", "1990-12-15", [0, 1, 2]),
        ("lte", "1990-12-15 00:00", [0, 1]),
        ("gt", "1990-12-15", [3]),
        ("gt", "1990-12-15 00:00", [2, 3]),
        ("gte", "1990-12-15", [1, 2, 3]),
        ("lt", "1990-12-15", [0]),
    ],
)
def test_a_day_is_over_with_its_last_moment(engine, operator, text, kept):
    times = ["1990-12-14 23:59:59.999999", "1990-12-15", "1990-12-15 23:59:59.999999", "1990-12-16"]
    table = pa.table({"t": pa.array([datetime.datetime.fromisoformat(time) for time in times], pa.timestamp("us"))})
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", where=(Where("t", operator, tuple(text.split(":"))),))
    assert query.match(engine, dataset, table, view).tolist() == kept
