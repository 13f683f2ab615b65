import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import view
from dataviewer.errors import BadView
from dataviewer.view import MAX, Sort, View

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(repr) | st.dates().map(str)
VIEWS = st.builds(
    View,
    dataset=NAMES,
    sort=st.lists(st.builds(Sort, NAMES, st.booleans()), max_size=4, unique_by=lambda sort: sort.column).map(tuple),
    page=st.integers(1, view.PAGE_MAX),
    size=st.none() | st.integers(1, view.SIZE_MAX) | st.just(MAX),
    y=st.lists(NAMES, max_size=5, unique=True).map(tuple),
    scale=st.sampled_from(("", *view.SCALES)),
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
    asked = View("Ecdat/Airq", (Sort("vala", True), Sort("rain")), 2, 50, ("airq", "a:b"), "panels", ("1", "2.5"))
    assert asked.to_query_string() == (
        "dataset=Ecdat/Airq&sort=vala:desc&sort=rain&page=2&size=50&y=airq&y=a%253Ab&scale=panels&range=1:2.5"
    )


def test_the_promised_direction_asc_is_read():
    assert View.from_query_string("sort=rain:asc").sort == (Sort("rain"),)


def test_unknown_keys_are_ignored():
    assert View.from_query_string("dataset=a/b&utm_source=mail&x=1") == View("a/b")


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
        ("scale=huge", "panels and shared"),
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
    assert "const KEYS = [" + ", ".join(f'"{key.name}"' for key in view.KEYS) + "];" in script
