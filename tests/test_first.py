from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from dataviewer.charts import KINDS, first
from dataviewer.describe import describe
from dataviewer.view import ROW, Word
from tests.first_charts import EXPECTED


def opened(frame: pd.DataFrame | dict):
    return describe("p/d", "", "p", pa.table(frame), None)


def chosen(**columns) -> first.Spec:
    return first.choose(opened(columns))[0]


# Against judgment ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected.id)
def test_the_first_chart_is_the_one_that_a_reader_would_want(catalog, expected):
    dataset = catalog[expected.id]
    if not expected.kind:
        assert not dataset.rows
        return
    spec, _ = first.choose(dataset)
    parts = ("kind", "x", "y", "color", "facet", "agg")
    meant = {part: getattr(expected, part) for part in parts if getattr(expected, part) is not None}
    assert {part: getattr(spec, part) for part in meant} == meant, expected.why


def test_a_first_chart_draws_columns_that_there_are_and_says_why(catalog):
    kinds = {kind.name for kind in KINDS}
    for dataset in catalog.values():
        spec, reason = first.choose(dataset)
        named = {name for name in (spec.x, spec.color, spec.facet, *spec.y) if name and not isinstance(name, Word)}
        assert named <= {column.name for column in dataset.columns}, dataset.id
        assert spec.kind in kinds
        assert set(spec.y) <= set(dataset.numbers), dataset.id
        assert reason.endswith(".") or (spec.kind == "line" and dataset.time and not reason), dataset.id
        groups = [dataset.column(name) for name in (spec.color, spec.facet) if name]
        assert all(c.distinct <= first.COLORS_MAX or c.name == dataset.panel.unit for c in groups), dataset.id


def test_every_kind_has_a_default_for_every_dataset(catalog):
    assert set(first.DEFAULTS) == {kind.name for kind in KINDS}
    for dataset in catalog.values():
        known = first.facts(dataset)
        for kind in KINDS:
            spec = first.default(known, kind.name)
            assert spec.kind == kind.name and set(spec.y) <= set(dataset.numbers), dataset.id


# Rules ---------------------------------------------------------------------------------------------------

MIXED = [3.5, 1.25, 2.75, 9.0, 4.5, 7.25, 6.0, 8.5, 5.25, 0.5, 1.75, 2.0]
OTHER = [value * 3 % 7 + 0.1 for value in MIXED]
GROUPS = ["a", "b", "c"] * 4
DAYS = [date(2020, 1, 1) + timedelta(place) for place in range(12)]


def test_a_clock_comes_before_everything():
    assert chosen(day=DAYS, a=MIXED, group=GROUPS) == first.Spec("line", "day", ("a",))
    reasons = first.choose(opened({"day": DAYS, "a": MIXED}))[1]
    assert reasons == "", "a line over time goes without saying"


def test_of_many_measures_over_time_twelve_are_drawn():
    measures = {f"m{place}": [value + place for value in MIXED] for place in range(14)}
    assert chosen(day=DAYS, **measures).y == tuple(f"m{place}" for place in range(12))


def test_a_clock_with_nothing_measured_is_no_reason_for_lines():
    assert chosen(day=DAYS, group=GROUPS) == first.Spec("bar", "group", agg="count")


def test_flags_over_time_are_drawn_if_nothing_else_is_there():
    assert chosen(day=DAYS, war=[0, 1] * 6) == first.Spec("line", "day", ("war",))


def panel_of(units: int) -> dict:
    return {
        "firm": [f"f{unit}" for unit in range(units) for _ in range(4)],
        "year": [1990, 1991, 1992, 1993] * units,
        "cost": [unit * 7 % 11 + year / 3 for unit in range(units) for year in range(4)],
        "founded": [unit % 5 + 1900.5 for unit in range(units) for _ in range(4)],
    }


@pytest.mark.parametrize(("units", "color", "agg"), [(5, "firm", ""), (200, "firm", ""), (201, "", "mean")])
def test_units_have_a_line_each_as_long_as_they_are_few(units, color, agg):
    spec, reason = first.choose(opened(panel_of(units)))
    assert spec == first.Spec("line", "year", ("cost",), color, agg=agg)
    assert reason == (
        "201 firm over year would be too many lines, so this is their mean."
        if agg
        else "Each firm was observed over year, so each has a line."
    )


def test_counts_stand_over_their_categories():
    hair, eye = ["black", "red"] * 2, ["blue", "blue", "green", "green"]
    spec, reason = first.choose(opened({"hair": hair, "eye": eye, "Freq": [1, 0, 3, 2]}))
    assert spec == first.Spec("bar", "hair", ("Freq",), "eye", agg="sum")
    assert reason == "Each row counts one combination of hair and eye; the bars add the rows up."


def test_what_belongs_to_a_row_of_the_table_is_not_added_up():
    source, target = [name for name in "abc" for _ in range(3)], list("abc") * 3
    people = [500, 500, 500, 900, 900, 900, 40, 40, 40]
    moved = [1, 20, 9, 3, 0, 8, 17, 44, 2]
    assert chosen(source=source, target=target, moved=moved, people=people).y == ("moved",)


@pytest.mark.parametrize(("values", "kind"), [(60, "bar"), (61, "line")])
def test_counts_of_more_values_than_bars_can_show_are_a_line(values, kind):
    values = [place * 3 for place in range(values)]
    spec = chosen(value=values, freq=[place * 7 % 23 for place in values])
    assert (spec.kind, spec.x, spec.y) == (kind, "value", ("freq",))


def test_answers_on_one_scale_are_a_battery_and_yes_and_no_only_where_nothing_measures():
    answers = {f"q{place}": [(row * 7 + place * 3 + row // 5) % 5 for row in range(40)] for place in range(8)}
    flags = {f"q{place}": [(row * 7 + place * 3 + row // 5) % 2 for row in range(40)] for place in range(8)}
    measure = [row * 7 % 37 / 3 for row in range(40)]
    assert chosen(**answers) == first.Spec("correlation", y=tuple(answers))
    assert chosen(**answers, measure=measure).kind == "correlation"
    assert chosen(**flags).kind == "correlation"
    assert chosen(**flags, measure=measure).kind == "box"
    assert chosen(**dict(list(answers.items())[:7])).kind != "correlation"


def test_places_are_a_map():
    assert chosen(Latitude=MIXED, depth=OTHER, LON=MIXED[::-1]) == first.Spec("scatter", "LON", ("Latitude",))
    assert chosen(lat=MIXED, depth=OTHER).x == "lat", "a latitude alone is a measure"


def test_few_rows_with_names_have_a_bar_each():
    names = [f"town {place}" for place in range(12)]
    assert chosen(town=names, people=MIXED) == first.Spec("bar", "town", ("people",), agg="sum")
    assert chosen(town=names, people=MIXED, group=GROUPS).kind == "box"
    many = {"town": [f"town {place}" for place in range(41)], "people": [place * 7 % 41 / 3 for place in range(41)]}
    assert chosen(**many).kind == "histogram"


def test_a_small_table_of_one_unit_is_read_as_a_whole():
    names = ["a", "b", "c", "d", "e"]
    assert chosen(name=names, p=MIXED[:5], q=OTHER[:5]).y == ("p", "q")
    assert chosen(name=names, p=MIXED[:5], q=[value * 100 for value in OTHER[:5]]).kind == "scatter"
    assert chosen(name=names, p=MIXED[:5], q=[-value for value in OTHER[:5]]).kind == "scatter"


def test_one_two_and_three_measures():
    assert chosen(a=MIXED) == first.Spec("histogram", y=("a",))
    assert chosen(a=MIXED, group=GROUPS) == first.Spec("box", "group", ("a",))
    assert chosen(a=MIXED, dose=[1, 2, 4] * 4, group=["x", "y"] * 6) == first.Spec("box", "dose", ("a",), "group")
    assert chosen(a=MIXED, b=OTHER, group=GROUPS) == first.Spec("scatter", "a", ("b",), "group")
    assert chosen(a=MIXED, b=OTHER, c=MIXED[::-1]) == first.Spec("histogram", y=("a", "b", "c"))


def test_rows_that_share_places_are_counted():
    places = {"a": [row % 7 + 0.5 for row in range(200)], "b": [row * 3 % 8 + 0.5 for row in range(200)]}
    assert chosen(**places) == first.Spec("density", "a", ("b",))


@pytest.mark.parametrize(
    ("columns", "x"),
    [
        ({"name": [f"n{place}" for place in range(12)], "group": GROUPS}, "group"),
        ({"name": [f"n{place}" for place in range(12)]}, "name"),
        ({"flag": [True, False] * 6}, "flag"),
        ({"id": list(range(100)), "day": [DAYS[place % 7] for place in range(100)]}, "day"),
    ],
)
def test_without_a_measure_values_are_counted(columns, x):
    assert chosen(**columns) == first.Spec("bar", x, agg="count")


def test_colours_tell_at_most_twelve_groups_apart():
    columns = {"a": [row * 7 % 97 / 3 for row in range(130)], "b": [row * 5 % 101 / 3 for row in range(130)]}
    assert chosen(**columns, group=[f"g{row % 12}" for row in range(130)]).color == "group"
    assert chosen(**columns, group=[f"g{row % 13}" for row in range(130)]).color == ""


# Defaults of the kinds ------------------------------------------------------------------------------------


def spec_of(kind: str, **columns) -> first.Spec:
    return first.default(first.facts(opened(columns)), kind)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("line", first.Spec("line", ROW, ("a", "b", "n"))),
        ("area", first.Spec("area", ROW, ("a", "b", "n"))),
        ("scatter", first.Spec("scatter", "a", ("b",), "group")),
        ("bar", first.Spec("bar", "group", agg="count")),
        ("histogram", first.Spec("histogram", y=("a", "b"))),
        ("box", first.Spec("box", "n", ("a",), "group")),
        ("violin", first.Spec("violin", "n", ("a",), "group")),
        ("strip", first.Spec("strip", "n", ("a",), "group")),
        ("density", first.Spec("density", "a", ("b",))),
        ("correlation", first.Spec("correlation", y=("a", "b"))),
        ("matrix", first.Spec("matrix", y=("a", "b"), color="group")),
        ("ecdf", first.Spec("ecdf", y=("a", "b"))),
    ],
)
def test_each_kind_draws_what_suits_it(kind, spec):
    assert spec_of(kind, group=GROUPS, a=MIXED, b=OTHER, n=[1, 2, 4] * 4) == spec


def test_without_categories_boxes_are_of_the_columns():
    assert spec_of("box", a=MIXED, b=OTHER) == first.Spec("box", "", ("a", "b"))


def test_a_density_needs_two_axes_and_finds_the_second_among_what_measures_nothing():
    assert spec_of("density", a=MIXED, n=[1, 2, 4] * 4) == first.Spec("density", "n", ("a",))
    assert spec_of("density", day=DAYS, a=MIXED) == first.Spec("density", "day", ("a",))


def test_over_time_dots_and_areas_have_the_time_below_them():
    assert spec_of("scatter", day=DAYS, a=MIXED) == first.Spec("scatter", "day", ("a",))
    assert spec_of("area", day=DAYS, a=MIXED) == first.Spec("area", "day", ("a",))


def test_a_lone_measure_is_scattered_over_the_rows():
    assert spec_of("scatter", a=MIXED) == first.Spec("scatter", ROW, ("a",))


@pytest.mark.parametrize(
    ("column", "groups"),
    [
        (pa.array(range(60)), True),
        (pa.array(range(61)), False),
        (pa.array([f"{place}" for place in range(500)]), True),
        (pa.array([DAYS[place % 12] for place in range(100)]), True),
        (pa.array([True, None]), True),
        (pa.nulls(3), False),
        (pa.nulls(3, pa.string()), False),
    ],
)
def test_texts_group_rows_and_so_do_few_numbers_or_dates(column, groups):
    assert first.can_group(opened({"a": column}).columns[0]) is groups
