import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import view
from dataviewer.errors import BadView
from dataviewer.view import MAX, Sort, View, Where

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.dates().map(str)
WHERES = st.builds(
    Where,
    NAMES | st.just(""),
    st.sampled_from(("eq", "in", "nin", "gt", "contains", "null", "", "a b")),
    st.lists(NAMES | st.sampled_from(("", "10:30", "50%", "%3A", ":")), max_size=3).map(tuple),
)
WHOLE = st.none() | st.integers(1, 100)


def one_of(*choices):
    return st.sampled_from(("", *choices))


VIEWS = st.builds(
    View,
    dataset=NAMES,
    sort=st.lists(st.builds(Sort, NAMES, st.booleans()), max_size=4, unique_by=lambda sort: sort.column).map(tuple),
    where=st.lists(WHERES, max_size=4, unique=True).map(tuple),
    search=NAMES | st.just(""),
    columns=st.lists(NAMES, max_size=4, unique=True).map(tuple),
    page=st.integers(1, view.PAGE_MAX),
    size=st.none() | st.integers(1, view.SIZE_MAX) | st.just(MAX),
    row=WHOLE,
    chart=one_of("line", "bar"),
    x=one_of(view.ROW) | NAMES,
    y=st.lists(NAMES, max_size=5, unique=True).map(tuple),
    color=one_of(view.NONE) | NAMES,
    facet=one_of(view.NONE) | NAMES,
    agg=one_of(*view.AGGREGATES),
    bins=WHOLE,
    scale=one_of(*view.SCALES),
    log=one_of(*view.LOGS),
    trend=one_of(*view.TRENDS),
    smooth=WHOLE,
    stack=one_of(*view.STACKS),
    range=st.just(()) | st.tuples(NUMBERS, NUMBERS) | st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS),
)


@given(VIEWS)
def test_every_view_survives_the_address_bar(asked):
    assert View.from_query_string(asked.to_query_string()) == asked


@given(VIEWS)
def test_a_question_mark_before_the_query_changes_nothing(asked):
    assert View.from_query_string("?" + asked.to_query_string()) == asked


def test_defaults_are_left_out():
    assert View("Ecdat/Airq").to_query_string() == "dataset=Ecdat/Airq"


def test_the_spelling_is_the_promised_one():
    asked = View(
        "Ecdat/Airq",
        (Sort("vala", True), Sort("rain")),
        (Where("coas", "eq", ("yes",)), Where("a:b", "in", ("10:30", "5%")), Where("rain", "null")),
        "a&b",
        ("rain", "a:b"),
        2,
        50,
        7,
        x=view.ROW,
        y=("airq", "a:b"),
        color=view.NONE,
        scale="panels",
        range=("1", "2.5"),
    )
    assert asked.to_query_string() == (
        "dataset=Ecdat/Airq&sort=vala:desc&sort=rain"
        "&where=coas:eq:yes&where=a%253Ab:in:10%253A30:5%2525&where=rain:null&search=a%26b"
        "&columns=rain&columns=a%253Ab&page=2&size=50&row=7&x=:row&y=airq&y=a%253Ab&color=:none&scale=panels&range=1:2.5"
    )


def test_a_time_written_by_hand_is_read_as_parts():
    assert View.from_query_string("where=at:eq:10:30").where == (Where("at", "eq", ("10", "30")),)


def test_a_condition_that_is_repeated_is_read_once():
    assert View.from_query_string("where=a:null&where=b:null&where=a:null").where == (
        Where("a", "null"),
        Where("b", "null"),
    )


def test_a_column_that_is_called_like_a_word_is_a_column():
    assert View.from_query_string("x=row&color=none") == View(x="row", color="none")
    assert View(x=":row").to_query_string().endswith("x=%253Arow")


def test_the_promised_direction_asc_is_read():
    assert View.from_query_string("sort=rain:asc").sort == (Sort("rain"),)


def test_unknown_keys_are_ignored():
    assert View.from_query_string("dataset=a/b&utm_source=mail&where[]=1") == View("a/b")


def test_an_empty_query_is_the_catalogue():
    assert View.from_query_string("") == View("catalog")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("page=0", "page “0”"),
        ("page=-1", "page “-1”"),
        ("page=1e3", "page “1e3”"),
        ("page=²", "page “²”"),
        ("page=99999999999999", "page “99999999999999”"),
        ("page=", "page “”"),
        ("size=abc", "page size “abc”"),
        ("size=100000", "from 1 to 1000"),
        ("sort=a:up", "sort “a:up”"),
        ("sort=a&sort=a:desc", "“a” twice"),
        ("&".join(f"sort=c{i}" for i in range(17)), "at most 16"),
        ("scale=huge", "shared, panels"),
        ("where=a", "column:operator:value"),
        ("where=", "column:operator:value"),
        ("&".join(f"where=c{i}:null" for i in range(33)), "at most 32"),
        ("where=a:in" + ":1" * 101, "at most 100"),
        ("search=" + "x" * 201, "at most 200"),
        ("row=0", "row “0”"),
        ("x=:none", ":row"),
        ("color=:row", ":none"),
        ("facet=:x", ":none"),
        ("agg=mode", "aggregate “mode”"),
        ("bins=201", "from 1 to 200"),
        ("log=z", "x, y, xy"),
        ("trend=cubic", "linear, lowess"),
        ("smooth=0", "moving average “0”"),
        ("stack=up", "grouped, stacked"),
        ("range=1", "low:high"),
        ("range=nan:inf", "low:high"),
        ("range=1:2:3", "low:high"),
        ("range=__import__('os'):2", "low:high"),
        ("&".join(f"y=c{i}" for i in range(101)), "at most 100"),
        ("dataset=" + "x" * 5000, "at most 4000"),
    ],
)
def test_a_bad_value_is_named(text, said):
    with pytest.raises(BadView, match=said):
        View.from_query_string(text)


def test_what_can_be_read_of_a_bad_link_is_read():
    asked, problems = view.read("dataset=a/b&page=x&sort=c:desc")
    assert asked == View("a/b", (Sort("c", True),))
    assert len(problems) == 1


def test_the_pages_script_knows_the_same_keys_in_the_same_order():
    from tests.conftest import ROOT

    script = (ROOT / "assets" / "dataviewer.js").read_text()
    told = re.search(r"const KEYS = \[(.*?)\];", script, re.DOTALL)[1]
    assert re.findall(r'"(\w+)"', told) == [key.name for key in view.KEYS]
