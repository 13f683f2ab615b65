from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataviewer.charts import plan
from dataviewer.charts.kinds import KINDS
from dataviewer.charts.plan import Plan, controls, offered, resolve
from dataviewer.dataset import Dataset
from dataviewer.describe import describe
from dataviewer.view import NONE, ROW, View, Word, read
from tests.test_describe import tables

MIXED = [3.5, 1.25, 2.75, 9.0, 4.5, 7.25, 6.0, 8.5, 5.25, 0.5, 1.75, 2.0]
OTHER = [value * 3 % 7 + 0.1 for value in MIXED]
GROUPS = ["a", "b", "c"] * 4
DAYS = [date(2020, 1, 1) + timedelta(place) for place in range(12)]
COLUMNS = {"a": MIXED, "b": OTHER, "group": GROUPS, "n": [1, 2, 4] * 4, "name": [f"n{row}" for row in range(12)]}


def opened(**columns) -> Dataset:
    return describe("p/d", "", "p", pa.table(columns), None)


USUAL = opened(**COLUMNS)


def planned(dataset: Dataset = USUAL, **view) -> Plan:
    return resolve(dataset, View(dataset.id, **view), KINDS)


def control(dataset: Dataset, drawn: Plan, key: str) -> dict | None:
    return next((each for each in controls(dataset, drawn, KINDS) if each["key"] == key), None)


def names(dataset: Dataset) -> list[str]:
    return [kind.name for kind in offered(dataset, KINDS)]


# Which kinds ---------------------------------------------------------------------------------------------

ALL = [kind.name for kind in KINDS]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        (COLUMNS, set()),
        ({"a": MIXED, "group": GROUPS}, {"density", "correlation", "matrix"}),
        ({"a": MIXED, "day": DAYS}, {"correlation", "matrix"}),
        ({"group": GROUPS}, set(ALL) - {"bar"}),
        ({"day": DAYS}, set(ALL) - {"bar"}),
        ({"a": [row / 3 for row in range(61)]}, {"bar", "density", "correlation", "matrix"}),
        ({"a": [float("inf")] * 3}, set(ALL) - {"bar"}),
        ({"a": pa.nulls(3)}, set(ALL)),
        ({"a": pa.array([], pa.float64())}, set(ALL)),
        ({}, set(ALL)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_kinds_are_offered_if_the_columns_allow_them(columns, missing):
    assert names(opened(**columns)) == [name for name in ALL if name not in missing]


def test_where_nothing_can_be_drawn_there_is_no_plan():
    assert planned(opened(a=pa.nulls(3))) is None
    assert planned(opened(a=pa.array([], pa.float64()))) is None
    assert planned(opened()) is None


def test_the_first_chart_comes_with_its_reason_and_only_where_nothing_was_chosen():
    first = planned()
    assert (first.kind.name, first.reason) == ("scatter", "Two measures: each dot is a row, at its a and b.")
    assert planned(page=3, size=20, row=2, search="a", range=("1", "2")).reason == first.reason
    assert planned(color="n").reason == planned(chart="scatter").reason == ""


def test_asking_for_the_first_kind_by_name_draws_the_same(catalog):
    for dataset in list(catalog.values())[::13]:
        first = planned(dataset)
        if first:
            assert replace(planned(dataset, chart=first.kind.name), reason=first.reason) == first, dataset.id


def test_a_kind_that_is_none_names_those_there_are():
    drawn = planned(chart="pie")
    assert drawn.problems == (f"There is no chart “pie”; there is {', '.join(ALL)}.",)
    assert drawn.kind.name == "scatter"


@pytest.mark.parametrize(
    ("columns", "kind", "lacks"),
    [
        ({"group": GROUPS}, "line", "a column of numbers"),
        ({"a": MIXED}, "correlation", "2 columns of numbers"),
        ({"a": MIXED}, "density", "two columns of numbers or dates"),
        ({"a": [row / 3 for row in range(61)]}, "bar", "a column with values that group the rows"),
    ],
)
def test_a_kind_that_does_not_fit_says_what_it_lacks(columns, kind, lacks):
    drawn = planned(opened(**columns), chart=kind)
    assert drawn.problems == (f"“{kind}” cannot be drawn of this dataset; it needs {lacks}.",)
    assert drawn.kind.name != kind


# Columns -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chart", "x", "found"),
    [
        ("line", "a", "a"),
        ("line", ROW, ROW),
        ("scatter", ROW, ROW),
        ("box", "name", "name"),
        ("bar", "n", "n"),
        ("histogram", "a", ""),  # has none; a link from another kind stays without a word
    ],
)
def test_x_is_what_was_asked_if_it_fits_the_axis(chart, x, found):
    drawn = planned(chart=chart, x=x)
    assert (drawn.x, drawn.problems) == (found, ())


ORDER, GROUP = "a column of numbers or dates", "a column with values that group the rows"


@pytest.mark.parametrize(
    ("chart", "x", "sentence"),
    [
        ("line", "group", f"Cannot draw “group” here: it holds text values; this needs {ORDER}. x is the row instead."),
        ("scatter", "name", f"Cannot draw “name” here: it holds text values; this needs {ORDER}. x is “a” instead."),
        ("density", ROW, f"“:row” does not fit; this needs {ORDER}. x is “a” instead."),
        ("bar", ROW, f"“:row” does not fit; this needs {GROUP}. x is “group” instead."),
    ],
)
def test_x_that_does_not_fit_is_the_default_and_the_sentence_says_both(chart, x, sentence):
    drawn = planned(chart=chart, x=x)
    assert drawn.problems == (sentence,)
    assert drawn.x == drawn.default.x


def test_a_column_that_is_none_is_answered_with_those_there_are():
    for view in ({"x": "nope", "chart": "line"}, {"y": ("nope",)}, {"color": "nope"}, {"facet": "nope"}):
        problems = planned(**view).problems
        assert len(problems) == 1 and "nope" in problems[0] and "group" in problems[0], view


def test_columns_are_drawn_in_the_order_asked():
    assert planned(chart="line", y=("n", "a")).y == ("n", "a")


def test_columns_that_cannot_be_drawn_are_named_and_the_others_drawn():
    drawn = planned(chart="line", y=("group", "b", "nope"))
    assert (drawn.y, len(drawn.problems)) == (("b",), 2)
    none = planned(chart="line", y=("group",))
    assert none.y == none.default.y


def test_more_columns_than_a_kind_takes_are_the_first_of_them():
    drawn = planned(chart="density", y=("b", "a"))
    assert (drawn.y, drawn.problems) == (("b",), ("Density map takes at most 1 of the 2 columns asked for.",))


def test_fewer_columns_than_a_kind_needs_are_filled_up():
    assert planned(chart="correlation", y=("b",)).y == ("b", "a")


def test_the_time_axis_is_no_line():
    series = opened(time=[1, 2, 3], a=[4.5, 2.5, 1.0])
    drawn = planned(series, y=("time",))
    assert drawn.problems == ("Cannot draw “time” here: it is the time axis; this needs a column of finite numbers.",)
    assert planned(series).x == "time"


def test_years_and_visits_as_text_can_be_along_an_axis():
    phones = opened(rownames=["1951", "1956", "1957"], a=[4.5, 2.5, 1.0])
    assert planned(phones).x == planned(phones, chart="scatter", x="rownames").x == "rownames"
    visits = opened(who=[who for who in "abcd" for _ in range(3)], visit=["1", "2", "3"] * 4, a=MIXED)
    assert planned(visits).x == "visit"
    assert planned(visits, x="visit").problems == ()


@pytest.mark.parametrize("part", ["color", "facet"])
def test_a_group_can_be_chosen_and_left_out(part):
    assert getattr(planned(chart="scatter", **{part: "n"}), part) == "n"
    assert getattr(planned(chart="scatter", **{part: NONE}), part) == ""
    assert getattr(planned(chart="correlation", **{part: "n"}), part) == ""


def test_dots_can_have_the_colour_of_any_number_and_boxes_cannot():
    wide = opened(a=[row / 3 for row in range(70)], b=[row * 9 % 70 / 9 for row in range(70)], c=["x", "y"] * 35)
    assert planned(wide, chart="scatter", color="a").problems == ()
    drawn = planned(wide, chart="box", color="a")
    assert drawn.problems == (f"Cannot draw “a” here: it holds numbers; this needs {GROUP}.",)
    assert planned(wide, chart="scatter", facet="a").problems != ()


def test_panels_by_ten_thousand_values_are_a_plan():
    many = opened(a=[row * 7 % 10_007 / 3 for row in range(10_000)], u=[f"u{row}" for row in range(10_000)])
    for kind in ("line", "histogram", "box", "bar"):
        drawn = planned(many, chart=kind, facet="u")
        assert (drawn.facet, drawn.problems) == ("u", ())


def test_boxes_without_a_category_stand_for_columns():
    numbers = opened(a=[row / 3 for row in range(70)], b=[row * 9 % 70 / 9 for row in range(70)])
    drawn = planned(numbers, chart="box")
    assert (drawn.x, drawn.y) == ("", ("a", "b"))
    assert planned(numbers, chart="box", x="a").problems[0].endswith("x is nothing instead.")
    few = opened(a=MIXED, b=OTHER)
    assert control(few, planned(few, chart="box"), "x") == {
        "key": "x", "label": "x", "value": "", "default": "", "options": [("", "none"), ("a", "a"), ("b", "b")],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["a:b", "%41", "x%3Ay", "", ":row", " ", "é"])
def test_columns_of_any_name_can_be_chosen(name):
    odd = opened(**{"first": MIXED, name: OTHER, "group": GROUPS})
    drawn = planned(odd, chart="line", x=name, y=(name,))
    assert (drawn.y, drawn.problems) == ((name,), ())
    if name:
        option = next(value for value, label in control(odd, drawn, "x")["options"] if label == name)
        view, wrong = read(f"dataset=p/d&chart=line&x={quote(option)}")
        assert (resolve(odd, view, KINDS).x, wrong) == (name, ())


# The rest ------------------------------------------------------------------------------------------------

ASKED = {"bins": 7, "log": "y", "trend": "linear", "smooth": 5, "stack": "stacked", "scale": "panels", "agg": "median"}


@pytest.mark.parametrize("key", ASKED)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_kind_offers_is_drawn_as_asked_and_the_rest_ignored(kind, key):
    drawn = planned(chart=kind.name, y=("a", "b"), **{key: ASKED[key]})
    default = planned(chart=kind.name, y=("a", "b"))
    offers = key in kind.offers and not (key == "log" and kind.name == "ecdf")
    meant = ASKED[key] if offers and not (key == "scale" and kind.most == 1) else getattr(default, key)
    assert (getattr(drawn, key), drawn.problems) == (meant, default.problems)


@pytest.mark.parametrize(
    ("kind", "logs"),
    [
        ("line", ("x", "y", "xy")),
        ("scatter", ("x", "y", "xy")),
        ("histogram", ("x", "y", "xy")),
        ("density", ("x", "y", "xy")),
        ("bar", ("y",)),
        ("box", ("y",)),
        ("ecdf", ("x",)),
        ("correlation", ()),
        ("area", ()),
    ],
)
def test_a_kind_has_the_logarithms_that_its_axes_have(kind, logs):
    assert {planned(chart=kind, log=log).log for log in ("x", "y", "xy")} - {""} == set(logs)
    found = control(USUAL, planned(chart=kind), "log")
    assert [value for value, _ in found["options"]] == ["", *logs] if logs else found is None


@pytest.mark.parametrize(
    ("view", "agg"),
    [
        ({}, "count"),
        ({"agg": "sum"}, "count"),  # of no column
        ({"y": ("a",)}, "mean"),
        ({"y": ("a",), "agg": "sum"}, "sum"),
        ({"y": ("a",), "agg": "count"}, "count"),
    ],
)
def test_bars_count_rows_until_a_column_is_chosen(view, agg):
    assert planned(chart="bar", **view).agg == agg


def test_bars_of_a_table_of_counts_add_up():
    table = opened(hair=["black", "red"] * 2, eye=["blue", "blue", "green", "green"], Freq=[1, 0, 3, 2])
    assert (planned(table).agg, planned(table, agg="max").agg) == ("sum", "max")


MILLIONS = "Ranges differ more than a million-fold, so each line has its own panel."


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([0.0, 1.0, 2.0], [0.0, 10.0, 20.0], ""),
        ([0.0, 1.0, 2.0], [0.0, 10.0, 20.1], "Ranges differ 10-fold, so each line has its own panel."),
        ([0.0, 1.0, 2.0], [1e300, 2e300, 3e300], MILLIONS),
        ([0.0, 1.0, 2.0], [50.0, 51.0, 52.0], "The lines lie far apart, so each has its own panel."),
        ([0.0, 1.0, 2.0], [5.0, 5.0, 5.0], ""),
        ([1.0, 1.0, 1.0], [5.0, 5.0, 5.0], ""),
        ([-1.7e308, 0.0, 1.7e308], [0.0, 1.0, 2.0], MILLIONS),
    ],
)
def test_lines_have_panels_where_one_axis_would_mislead(a, b, why):
    table = opened(a=a, b=b)
    assert plan.why_panels(table, ("a", "b")) == why
    drawn = planned(table, chart="line")
    assert drawn.scale == ("panels" if why else "shared")
    assert planned(table, chart="line", scale="shared").scale == "shared"
    assert planned(table, chart="line", y=("a",)).scale == "", "nothing to choose of one column"


def test_many_lines_of_many_rows_cover_each_other():
    waves = {f"w{place}": [row * (place + 3) % 97 + place / 9 for row in range(501)] for place in range(7)}
    assert plan.why_panels(opened(**waves), tuple(waves)).startswith("7 lines of 501 rows would cover each other")
    assert plan.why_panels(opened(**waves), tuple(waves)[:6]) == ""


def test_groups_need_the_colours_for_themselves():
    assert planned(chart="line", y=("a", "b"), color=NONE).scale == "shared"
    assert planned(chart="line", y=("a", "b"), color="group").scale == "panels"


# Controls ------------------------------------------------------------------------------------------------


def test_controls_are_those_of_the_kind_in_the_order_of_the_page():
    keys = {name: [each["key"] for each in controls(USUAL, planned(chart=name), KINDS)] for name in ALL}
    assert keys == {
        "line": ["chart", "x", "color", "facet", "agg", "scale", "log", "smooth"],
        "area": ["chart", "x", "color", "facet", "agg", "stack"],
        "scatter": ["chart", "x", "color", "facet", "log", "trend"],
        "bar": ["chart", "x", "color", "facet", "log"],
        "histogram": ["chart", "color", "facet", "log", "bins"],
        "box": ["chart", "x", "color", "facet", "log"],
        "violin": ["chart", "x", "color", "facet", "log"],
        "strip": ["chart", "x", "color", "facet", "log"],
        "density": ["chart", "x", "facet", "log", "bins"],
        "correlation": ["chart"],
        "matrix": ["chart", "color"],
        "ecdf": ["chart", "color", "facet", "scale", "log"],
    }


def test_controls_follow_what_is_chosen():
    of_column = planned(chart="bar", x="n", y=("a",), color="group")
    assert control(USUAL, of_column, "agg")["value"] == "mean"
    assert control(USUAL, of_column, "stack")["options"] == [("grouped", "side by side"), ("stacked", "stacked")]
    assert control(USUAL, planned(chart="line", y=("a",)), "scale") is None
    of_two = control(USUAL, planned(chart="box", y=("a", "b")), "scale")
    assert of_two["options"] == [("shared", "one axis"), ("panels", "panels")]


def test_a_number_that_no_option_has_becomes_one():
    assert ("7", "7") in control(USUAL, planned(chart="histogram", bins=7), "bins")["options"]
    found = control(USUAL, planned(chart="line", smooth=4), "smooth")
    assert (found["value"], found["default"]) == ("4", "")
    assert [value for value, _ in found["options"]][:4] == ["", "3", "4", "5"]


def test_without_groups_there_is_nothing_to_colour_by():
    numbers = opened(a=[row / 3 for row in range(70)], b=[row * 9 % 70 / 9 for row in range(70)])
    assert control(numbers, planned(numbers, chart="line"), "color") is None
    of_dots = control(numbers, planned(numbers, chart="scatter"), "color")
    assert [label for _, label in of_dots["options"]] == ["none", "a", "b"]


def test_what_the_page_chooses_first_is_the_default_of_the_kind():
    for dataset in (USUAL, opened(group=GROUPS), opened(a=MIXED)):
        first = planned(dataset).kind.name
        for kind in names(dataset):
            found = control(dataset, planned(dataset, chart=kind), "chart")
            assert (found["value"], found["default"]) == (kind, first)
            assert [value for value, _ in found["options"]] == names(dataset)


def check_every_option(dataset: Dataset) -> None:
    """Every control stands at an option, at first at its default; each option can be chosen, without a problem."""
    for kind in offered(dataset, KINDS):
        drawn = planned(dataset, chart=kind.name)
        assert drawn.problems == ()
        for each in controls(dataset, drawn, KINDS):
            values = [value for value, _ in each["options"]]
            assert len(set(values)) == len(values) and each["default"] in values, (kind.name, each)
            if each["key"] != "chart":
                assert each["value"] == each["default"], (kind.name, each)
                for value in values[:40]:
                    check_option(dataset, drawn, each, value)


def check_option(dataset: Dataset, drawn: Plan, each: dict, value: str) -> None:
    key = each["key"]
    spelled = f"&{key}={quote(value)}" if value else ""  # what is empty is left out
    view, wrong = read(f"dataset={quote(dataset.id)}&chart={drawn.kind.name}{spelled}")
    chosen = resolve(dataset, view, KINDS)
    assert (wrong, chosen.problems) == ((), ()), (drawn.kind.name, key, value)
    if value == each["default"]:
        assert chosen == drawn, (drawn.kind.name, key, value)
    elif value:
        assert control(dataset, chosen, key)["value"] == value, (drawn.kind.name, key, value)


def test_every_option_of_every_control_can_be_chosen(catalog):
    for dataset in list(catalog.values())[::12]:
        check_every_option(dataset)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_every_option_can_be_chosen_of_any_table(table):
    check_every_option(describe("p/d", "", "p", table, None))


@given(
    tables(), st.sampled_from(["", "a", "nope", ROW]), st.sampled_from(["", "a", "nope", NONE]), st.sampled_from(ALL)
)
def test_any_view_of_any_table_is_a_plan_that_draws_columns_there_are(table, x, group, kind):
    dataset = describe("p/d", "", "p", table, None)
    drawn = planned(dataset, chart=kind, x=x, y=("a", "count", "nope"), color=group, facet=group, agg="max", log="xy")
    assert (drawn is None) == (not offered(dataset, KINDS))
    if drawn:
        named = {name for name in (drawn.x, drawn.color, drawn.facet, *drawn.y) if name and not isinstance(name, Word)}
        assert named <= set(table.column_names)
        assert drawn.kind.least <= len(drawn.y) <= drawn.kind.most


@pytest.mark.parametrize("kind", ["bar", "box", "violin", "strip"])
def test_what_groups_along_x_is_no_colour_besides(kind):
    usual = planned(chart=kind)
    along = usual.color or "group"
    for asked in ({}, {"color": along}):
        drawn = planned(chart=kind, x=along, **asked)
        assert (drawn.x, drawn.color) == (along, "")
        colors = control(USUAL, drawn, "color")
        assert (colors["value"], along in dict(colors["options"])) == (f":{NONE.name}", False)
