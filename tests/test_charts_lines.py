import datetime
import gzip
import html
import math
import statistics

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from dataviewer.charts import base
from dataviewer.dataset import Dataset, as_dates
from dataviewer.view import NONE, ROW
from tests.charting import HOSTILE, axes, draw, draw_table, panel_titles, points, strings, to_json

LINE = {"chart": "line"}
OVER_T = {"chart": "line", "x": "t", "y": ("a",)}
DAYS = [datetime.date(2020, 1, 1), datetime.date(2020, 1, 9), datetime.date(2020, 3, 1)]


def drawn(chart) -> dict[str, list[tuple]]:
    """The points of each trace by its name; of several of one name (a line and its average) those of the last."""
    return {html.unescape(trace["name"]): points(trace) for trace in to_json(chart)["data"]}


def panel_table(units: int, times: int = 4, **more) -> dict:
    rng = np.random.default_rng(units)
    who = [f"u{unit:03}" for unit in range(units) for _ in range(times)]
    when = [1990 + time for _ in range(units) for time in range(times)]
    a, b = rng.normal(10, 1, units * times), rng.normal(20, 1, units * times)
    return {"unit": who, "year": when, "a": a, "b": b} | more


# Values --------------------------------------------------------------------------------------------


@given(st.lists(st.none() | st.floats(allow_nan=False) | st.integers(-(2**53), 2**53).map(float), min_size=1))
@settings(deadline=None, max_examples=60)
def test_every_value_is_drawn_exactly_and_missing_or_infinite_ones_are_gaps(values):
    chart = draw_table(LINE | {"x": ROW}, {"a": pa.array([*values, 0.0], pa.float64())})
    told = [None if value is None or math.isinf(value) else value for value in [*values, 0.0]]
    assert drawn(chart)["a"] == list(enumerate(told, 1))


def test_whole_numbers_are_drawn_as_such():
    (trace,) = to_json(draw_table(LINE, {"a": [2**53 - 1, 0, -5]}))["data"]
    assert repr(trace["y"]) == "[9007199254740991, 0, -5]"


def test_a_value_between_two_gaps_is_a_dot():
    (line,) = draw_table(LINE, {"a": [1.0, None, 2.0, 3.0, None]}).figure["data"]
    assert (line["mode"], line["marker"]["size"].tolist()) == ("lines+markers", [4, 0, 0, 0, 0])


def test_a_single_row_is_a_dot():
    (line,) = draw_table(LINE, {"a": [7]}).figure["data"]
    assert (line["mode"], line["marker"]["size"].tolist()) == ("lines+markers", [4])


def test_dots_make_no_room_at_the_ends_of_the_axis():
    assert draw_table(LINE, {"a": [1.0, None, 2.0, 3.0]}).figure["layout"]["xaxis"]["range"] == [1, 4]


def test_infinite_values_are_counted_in_words_and_hide_no_extreme():
    numbers = np.sin(np.arange(100_000.0))
    numbers[::20] = np.inf
    chart = draw_table(LINE, {"a": numbers})
    shown = np.array(chart.figure["data"][0]["y"], float)
    assert np.nanmax(shown) == numbers[np.isfinite(numbers)].max()
    assert "5,000 infinite values are not drawn" in chart.note


@pytest.mark.parametrize("values", [[5, 5, 5], [0.0, -0.0], [1e300, -1e300, 1e308], [5e-324, 0.0]])
@pytest.mark.parametrize("scale", ["shared", "panels", "indexed", "standardised", "second"])
def test_odd_values_are_drawn_on_every_scale(values, scale):
    chart = draw_table(LINE | {"scale": scale}, {"a": values, "b": list(range(1, len(values) + 1))})
    to_json(chart)
    assert "b" in drawn(chart)


# Every dataset -------------------------------------------------------------------------------------


def spelled_x(dataset: Dataset, table: pa.Table) -> list:
    """The x of each row as JSON spells it."""
    if dataset.time is None:
        return list(range(1, dataset.rows + 1))
    values = table[dataset.time.column]
    if dataset.time.per_year:
        return [str(day) for day in as_dates(values.to_numpy(), dataset.time.per_year)]
    if dataset.time.written == "ymd":
        return [
            pd.to_datetime(str(n if n > 10**6 else n + 19_000_000)).strftime("%Y-%m-%d") for n in values.to_pylist()
        ]
    if dataset.time.written == "year":
        return list(map(int, values.to_pylist()))
    return [value if isinstance(value, (int, float)) else str(value) for value in values.to_pylist()]


def test_every_dataset_draws_only_values_of_the_table_at_their_place(catalog):
    for dataset in catalog.values():
        if not dataset.rows or not dataset.numbers:
            continue
        table = catalog.table(dataset)
        x = dataset.time.column if dataset.time else ROW
        chart = draw(catalog, dataset.id, chart="line", x=x, color=NONE)
        xs = spelled_x(dataset, table)
        if len(set(xs)) < len(xs):
            continue  # several rows of one x: their mean is tested below
        sent = to_json_plotly(chart.figure).encode()
        assert len(gzip.compress(sent, 5)) < 150_000, dataset.id
        places = {x: row for row, x in enumerate(xs)}
        for name, trace in zip(chart.plan.y, to_json(chart)["data"], strict=True):
            assert trace["name"] == html.escape(name)
            rows = [places[x] for x, _ in points(trace)]
            values = table[name].take(pa.array(rows)).to_pylist()
            finite = [None if value is not None and math.isinf(value) else value for value in values]
            assert trace["y"] == finite, f"{dataset.id}, {name}"
            assert len(rows) == dataset.rows or {0, dataset.rows - 1} <= {*rows}, f"{dataset.id}, {name}"


# x -------------------------------------------------------------------------------------------------


def test_decimal_years_are_drawn_as_dates(catalog):
    figure = draw(catalog, "datasets/AirPassengers").figure
    assert figure["layout"]["xaxis"]["type"] == "date"
    assert [figure["data"][0]["x"][place] for place in (0, 1, -1)] == ["1949-01-01", "1949-02-01", "1960-12-01"]


def test_plain_steps_are_drawn_as_numbers(catalog):
    figure = draw(catalog, "datasets/lh").figure
    assert figure["layout"]["xaxis"]["type"] == "linear"
    assert list(figure["data"][0]["x"])[:3] == [1, 2, 3]


def test_years_before_dates_begin_are_drawn(catalog):
    assert draw(catalog, "datasets/treering").figure["data"][0]["x"][0] == -6000


def test_the_rows_are_counted_from_one(catalog):
    trace = draw(catalog, "datasets/iris", chart="line").figure["data"][0]
    assert (trace["x0"], trace["dx"], len(trace["y"])) == (1, 1, 150)


def test_a_date_column_called_row_is_still_a_time():
    chart = draw_table({}, {"row": DAYS, "a": [1, 2, 3]})
    assert drawn(chart)["a"] == [("2020-01-01", 1), ("2020-01-09", 2), ("2020-03-01", 3)]


def test_fractional_steps_of_time_are_not_rounded():
    axis = draw_table({}, {"time": [0.0, 0.1, 0.2, 0.3], "a": [1, 2, 3, 4]}).figure["layout"]["xaxis"]
    assert axis["hoverformat"] == base.EXACT
    assert "tickformat" not in axis


def test_x_is_sorted_and_rows_without_it_are_left_out_with_a_word():
    chart = draw_table(OVER_T, {"t": [3.0, None, 1, 2, math.inf], "a": [30, 0, 10, 20, 0]})
    assert drawn(chart)["a"] == [(1, 10), (2, 20), (3, 30)]
    assert "2 rows without t are left out." in chart.note


def test_after_a_filter_rows_keep_their_numbers():
    chart = draw_table(LINE | {"x": ROW}, {"a": [10, 20, 30, 40]}, rows=[1, 3])
    assert drawn(chart)["a"] == [(2, 20), (4, 40)]
    assert chart.figure["layout"]["xaxis"]["range"] == [2, 4]


def test_a_filter_may_leave_nothing_on_the_axis():
    columns = panel_table(13, z=[1.0, None] * 26)
    for asked in ({"y": ("a",)}, {"y": ("a",), "color": NONE}, {"y": ("a",), "chart": "area"}):
        chart = draw_table(LINE | {"x": "z"} | asked, columns, rows=[1, 3])
        assert "2 rows without z are left out." in chart.note
        assert "None" not in draw_table(LINE | {"x": "z", "range": ("1", "2")} | asked, columns, rows=[1, 3]).note


# Several rows of one x -----------------------------------------------------------------------------


@pytest.mark.parametrize("agg", ["", "mean", "sum", "median", "min", "max", "count"])
def test_rows_of_one_x_are_one_value_as_pandas_has_it(agg):
    rng = np.random.default_rng(1)
    t, a = rng.integers(0, 20, 300), rng.normal(size=300)
    a[rng.random(300) < 0.2] = np.nan
    a[t == 7] = np.nan
    chart = draw_table(OVER_T | {"agg": agg}, {"t": t, "a": pa.array(a, from_pandas=True)})
    groups = pd.DataFrame({"t": t, "a": a}).groupby("t")["a"]
    expected = groups.sum(min_count=1) if agg == "sum" else groups.agg(agg or "mean")
    assert [x for x, _ in drawn(chart)["a"]] == expected.index.tolist()
    shown = np.array([np.nan if y is None else y for _, y in drawn(chart)["a"]])
    np.testing.assert_allclose(shown, expected.to_numpy(), rtol=1e-12)
    word = {"": "mean", "min": "least", "max": "greatest"}.get(agg, agg)
    told = "Drawn is the number of values at each t." if agg == "count" else f"the {word} is drawn."
    assert told in chart.note


def test_the_sum_of_missing_values_is_a_gap_not_zero():
    chart = draw_table(OVER_T | {"agg": "sum"}, {"t": [1, 1, 2, 2], "a": [5.0, None, None, None]})
    assert drawn(chart)["a"] == [(1, 5), (2, None)]


def test_a_group_that_has_one_row_of_each_x_is_counted_too():
    columns = {"t": [1, 1, 2, 3, 4], "g": list("uuuvv"), "a": [5.0, 6, 7, 8, None]}
    chart = draw_table(OVER_T | {"color": "g", "agg": "count"}, columns)
    assert drawn(chart) == {"u": [(1, 2), (2, 1)], "v": [(3, 1), (4, 0)]}


def test_days_that_several_rows_share_stay_days():
    chart = draw_table(OVER_T, {"t": [DAYS[0], *DAYS], "a": [1, 3, 5, 7]})
    assert drawn(chart)["a"] == [("2020-01-01", 2), ("2020-01-09", 5), ("2020-03-01", 7)]
    assert "begins at 2 (2020-01-01)" in chart.summary[1]


def test_a_mean_beyond_all_numbers_is_a_gap():
    assert drawn(draw_table(OVER_T, {"t": [1, 1, 2], "a": [1e308, 1e308, 1.0]}))["a"] == [(1, None), (2, 1)]


# Colours and panels by a category ------------------------------------------------------------------


def test_each_colour_is_the_rows_of_one_value_and_missing_ones_are_said():
    columns = {"t": [1, 2, 1, 2, 1], "g": ["v", "u", "u", "v", None], "a": [1, 2, 3, 4, 5]}
    chart = draw_table(OVER_T | {"color": "g"}, columns)
    assert drawn(chart) == {"v": [(1, 1), (2, 4)], "u": [(1, 3), (2, 2)]}
    assert "Missing values left out: 1 of g." in chart.note
    assert len({trace["line"]["color"] for trace in chart.figure["data"]}) == 2


def test_what_colours_cannot_tell_apart_is_one_line_of_others():
    groups = [f"g{n:02}" for n in range(20) for _ in range(30 - n)]
    rows = list(range(len(groups)))
    t, a = [row % 5 for row in rows], [float(row) for row in rows]
    chart = draw_table(OVER_T | {"color": "g"}, {"t": t, "g": groups, "a": a})
    shown = drawn(chart)
    assert list(shown) == [f"g{n:02}" for n in range(11)] + ["9 others"]
    others = [row for row in rows if groups[row] >= "g11"]
    assert shown["9 others"] == [
        (x, pytest.approx(statistics.mean(a[row] for row in others if t[row] == x))) for x in range(5)
    ]
    assert chart.figure["data"][-1]["line"]["color"] == base.OTHER_COLOR
    assert "11 of 20 values of g are told apart." in chart.note


def test_columns_of_one_colour_on_one_axis_are_told_apart_by_dashes():
    columns = {"a": [1, 2, 3, 4], "b": [2, 3, 4, 5], "g": list("uvuv")}
    chart = draw_table(LINE | {"x": ROW, "color": "g", "scale": "shared"}, columns)
    looks = [(trace["name"], trace["line"]["color"], trace["line"].get("dash")) for trace in chart.figure["data"]]
    assert [name for name, _, _ in looks] == ["a, u", "a, v", "b, u", "b, v"]
    assert len({look[1:] for look in looks}) == 4


def test_panels_by_a_category_hold_its_rows_and_missing_ones_are_said():
    columns = {"a": [1, 2, 3, 4], "b": [5, 6, 7, 8], "g": ["<u>", "v&", "<u>", None]}
    chart = draw_table(LINE | {"x": ROW, "facet": "g"}, columns)
    titles = panel_titles(chart.figure)
    assert titles == ["&lt;u&gt;", "v&amp;"]
    at = [(trace["yaxis"], trace["name"], points(trace)) for trace in to_json(chart)["data"]]
    assert at == [
        ("y", "a", [(1, 1), (3, 3)]),
        ("y", "b", [(1, 5), (3, 7)]),
        ("y2", "a", [(2, 2)]),
        ("y2", "b", [(2, 6)]),
    ]
    assert [trace.get("showlegend", True) for trace in chart.figure["data"]] == [True, True, False, False]
    assert "Missing values left out: 1 of g." in chart.note


def test_panels_and_colours_and_columns_together_are_all_told_apart():
    columns = {"a": [1, 2, 3, 4], "b": [5, 6, 7, 8], "g": list("xxyy"), "h": list("uvuv")}
    chart = draw_table(LINE | {"x": ROW, "facet": "g", "color": "h"}, columns)
    for axis in ("y", "y2"):
        names = [trace["name"] for trace in chart.figure["data"] if trace["yaxis"] == axis]
        assert names == ["a, u", "a, v", "b, u", "b, v"]
    assert "own panel" not in chart.note


def test_a_moving_average_in_panels_keeps_the_legend():
    columns = {"a": list(range(8)), "g": list("xxxxyyyy"), "h": list("uvuvuvuv")}
    chart = draw_table(LINE | {"x": ROW, "y": ("a",), "facet": "g", "color": "h", "smooth": 2}, columns)
    assert [trace["name"] for trace in chart.figure["data"] if trace.get("showlegend", True)] == ["u", "v"]
    assert chart.figure["layout"]["showlegend"]


# Scales --------------------------------------------------------------------------------------------


def test_scales_that_differ_much_get_panels_and_a_sentence(catalog):
    chart = draw(catalog, "Ecdat/Airq", chart="line")
    assert (chart.plan.scale, chart.plan.default.scale, len(axes(chart, "y"))) == ("panels", "panels", 5)
    assert "Ranges differ 1,056-fold, so each line has its own panel." in chart.note


def test_scales_that_are_alike_share_an_axis(catalog):
    chart = draw(catalog, "datasets/iris", chart="line")
    assert (chart.plan.scale, len(axes(chart, "y")), chart.note) == ("shared", 1, "")


@pytest.mark.parametrize(("id", "scale", "count"), [("Ecdat/Airq", "shared", 1), ("datasets/iris", "panels", 4)])
def test_the_scale_asked_for_is_drawn(catalog, id, scale, count):
    chart = draw(catalog, id, chart="line", scale=scale)
    assert (chart.plan.scale, len(axes(chart, "y"))) == (scale, count)
    assert "Ranges differ" not in chart.note


@pytest.mark.parametrize(("greatest", "scale"), [(10, "shared"), (10.01, "panels")])
def test_more_than_tenfold_is_apart(greatest, scale):
    assert draw_table(LINE, {"a": [0.0, 1.0], "b": [0.0, greatest]}).plan.scale == scale


def test_lines_far_from_each_other_are_apart_however_alike_their_ranges():
    chart = draw_table(LINE, {"a": [0, 1], "b": [1000, 1001]})
    assert chart.plan.scale == "panels"
    assert "The lines lie far apart, so each has its own panel." in chart.note


def test_constant_columns_are_no_reason_for_panels():
    assert draw_table(LINE, {"a": [1, 1], "b": [1, 2]}).plan.scale == "shared"
    assert draw_table(LINE, {"a": [1, 1], "b": [5, 5]}).plan.scale == "shared"


def test_one_line_offers_no_choice_of_scale():
    assert draw_table(LINE | {"scale": "indexed"}, {"a": [1, 2]}).plan.scale == ""


def test_an_indexed_line_starts_at_a_hundred_at_its_first_value():
    columns = {"<a>": [None, 4.0, 6.0], "b": [-2.0, None, -3.0], "<c>": [0.0, 1, 2], "d": pa.array([math.inf, 5, 10])}
    chart = draw_table(LINE | {"x": ROW, "scale": "indexed"}, columns)
    assert drawn(chart) == {
        "<a>": [(1, None), (2, 100), (3, 150)],
        "b": [(1, 100), (2, None), (3, 150)],
        "d": [(1, None), (2, 100), (3, 200)],
    }
    assert "Each line starts at 100. <c> cannot be indexed: the first value is zero." in chart.note
    assert chart.figure["layout"]["yaxis"]["title"]["text"] == "first value = 100"


def test_a_standardised_line_is_told_in_standard_deviations():
    values = [3.0, None, 7.0, 11.0]
    columns = {"a": values, "b": [0.1] * 4, "c": [1e308, -1e308, 0.0, 1e308]}
    chart = draw_table(LINE | {"x": ROW, "scale": "standardised"}, columns)
    shown = drawn(chart)
    mean, spread = 7.0, statistics.pstdev([3, 7, 11])
    assert [y for _, y in shown["a"]] == [
        None if value is None else pytest.approx((value - mean) / spread) for value in values
    ]
    assert [y for _, y in shown["c"]] == pytest.approx(
        [(value - 0.25) / statistics.pstdev([1, -1, 0, 1]) for value in (1, -1, 0, 1)]
    )
    assert "b" not in shown and "b cannot be standardised: all values are equal." in chart.note


def test_on_two_axes_every_column_but_the_first_is_at_the_right():
    columns = {"a, b": [1, 2], "c": [30, 40], "d": [50, 60]}
    chart = draw_table(LINE | {"scale": "second"}, columns)
    assert [(trace["name"], trace.get("yaxis", "y")) for trace in chart.figure["data"]] == [
        ("a, b", "y"),
        ("c", "y2"),
        ("d", "y2"),
    ]
    layout = chart.figure["layout"]
    assert (layout["yaxis"]["title"]["text"], layout["yaxis2"]["title"]) == ("a, b", {})
    assert (layout["yaxis2"]["overlaying"], layout["yaxis2"]["side"]) == ("y", "right")


def test_panels_by_a_category_have_no_second_axis_and_say_so():
    columns = {"a": [1, 2], "b": [30, 40], "g": ["u", "v"]}
    chart = draw_table(LINE | {"scale": "second", "facet": "g"}, columns)
    assert "so there is no second one" in chart.note
    assert {axis["title"].get("text", "") for axis in axes(chart, "y").values()} == {""}


# Logarithms ----------------------------------------------------------------------------------------


def test_what_has_no_logarithm_is_a_gap_and_counted():
    chart = draw_table(LINE | {"x": ROW, "log": "y"}, {"a": [1.0, 0.0, -5.0, None, 10.0]})
    assert drawn(chart)["a"] == [(1, 1), (2, None), (3, None), (4, None), (5, 10)]
    assert chart.figure["layout"]["yaxis"]["type"] == "log"
    assert "2 values of zero or less have no logarithm and are not drawn." in chart.note


def test_rows_without_a_place_on_a_logarithmic_axis_are_counted():
    chart = draw_table(OVER_T | {"log": "x"}, {"t": [-1.0, 0, 1, 10, None], "a": [5, 6, 7, 8, 9]})
    assert drawn(chart)["a"] == [(1, 7), (10, 8)]
    assert chart.figure["layout"]["xaxis"]["range"] == [0, 1]
    assert "2 rows with t of zero or less have no place on a logarithmic axis." in chart.note
    assert "1 row without t is left out." in chart.note


def test_an_axis_without_a_value_above_zero_stays_linear_and_says_so():
    chart = draw_table(OVER_T | {"log": "x"}, {"t": [-1.0, 0, -3], "a": [5, 6, 7]})
    assert chart.figure["layout"]["xaxis"]["type"] == "linear"
    assert "t has no value above zero" in chart.note
    assert len(drawn(chart)["a"]) == 3


def test_many_rows_on_a_logarithmic_axis_are_drawn_evenly_along_it():
    chart = draw_table(LINE | {"x": ROW, "log": "x"}, {"a": np.sin(np.arange(300_000.0))})
    x = np.array([x for x, _ in drawn(chart)["a"]])
    # The first 30 rows are a quarter of the axis; one row in 250 would draw none of them.
    assert set(range(1, 31)) <= set(x.tolist())
    assert np.diff(np.log10(x)).max() < 0.31


# Moving averages -----------------------------------------------------------------------------------


def by_hand(values: list, count: int) -> list:
    """The mean of the `count` values around each, one more before than after where they are even."""
    means = []
    for place in range(len(values)):
        first = place - count // 2
        around = values[max(first, 0) : first + count]
        whole = first >= 0 and len(around) == count and None not in around
        means.append(statistics.fmean(around) if whole else None)
    return means


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 11, 12, 500])
def test_a_moving_average_is_the_mean_around_each_value_and_bridges_no_gap(count):
    values = [3.0, 1, 4, 1, 5, None, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4]
    chart = draw_table(LINE | {"x": ROW, "smooth": count}, {"a": values})
    faded, average = to_json(chart)["data"]
    assert faded["y"] == values and faded["opacity"] < 1
    assert average["y"] == [None if mean is None else pytest.approx(mean) for mean in by_hand(values, count)]
    assert f"Moving average of {count:,} values, where all are there." in chart.note


def test_a_large_value_leaves_no_trace_in_later_averages():
    values = [1.0, 1e16, 1.0, 1.0, 3.0, 1.0]
    _, average = to_json(draw_table(LINE | {"x": ROW, "smooth": 2}, {"a": values}))["data"]
    assert average["y"][3:] == [1, 2, 2]


def test_averages_go_along_x_and_each_group_has_its_own():
    columns = {"t": [3, 1, 2, 3, 1, 2], "g": list("uuuvvv"), "a": [30.0, 10, 20, 300, 100, 200]}
    chart = draw_table(OVER_T | {"color": "g", "smooth": 2}, columns)
    assert drawn(chart) == {"u": [(1, None), (2, 15), (3, 25)], "v": [(1, None), (2, 150), (3, 250)]}


# A thread per unit ---------------------------------------------------------------------------------


def threads_of(trace: dict) -> dict[str, list[tuple]]:
    """The lines in one trace, by the unit that the hover names; a gap must lie between each two."""
    units, last = {}, None
    for x, y, unit in zip(trace["x"], trace["y"], trace["text"], strict=True):
        if unit:
            assert last in (None, unit)
            units.setdefault(unit, []).append((x, y))
        else:
            assert (x, y) == (None, None)
        last = unit or None
    return units


@pytest.mark.parametrize("count", [13, 200])
@pytest.mark.parametrize("scale", ["panels", "shared"])
def test_each_unit_is_a_thin_line_under_their_mean(count, scale):
    columns = panel_table(count)
    columns["a"][5] = np.nan
    frame = pd.DataFrame(columns)
    chart = draw_table({"scale": scale}, columns | {"a": pa.array(columns["a"], from_pandas=True)})
    traces = to_json(chart)["data"]
    assert [trace["name"] for trace in traces] == ["a", "a", "b", "b"]
    assert [trace.get("yaxis", "y") for trace in traces] == (["y", "y", "y2", "y2"] if scale == "panels" else ["y"] * 4)
    for thin, thick, name in ((traces[0], traces[1], "a"), (traces[2], traces[3], "b")):
        units = threads_of(thin)
        assert set(units) == set(frame["unit"])
        for unit, rows in frame.groupby("unit"):
            values = [None if math.isnan(y) else y for y in rows[name]]
            assert units[unit] == list(zip(rows["year"], values))
        mean = frame.groupby("year")[name].mean()
        assert [x for x, _ in points(thick)] == mean.index.tolist()
        assert [y for _, y in points(thick)] == pytest.approx(mean.tolist())
        assert thin["line"]["width"] < thick["line"]["width"]
        assert "%{text}" in thin["hovertemplate"] and thick["hovertemplate"].startswith("mean")
    assert "The thick line is the mean over every unit." in chart.note
    assert f"Thin lines are the {count} unit one by one" in chart.summary[1]


@pytest.mark.parametrize(("count", "names"), [(12, 12), (201, 1)])
def test_few_units_have_colours_and_too_many_only_their_mean(count, names):
    chart = draw_table({"y": ("a",)}, panel_table(count))
    assert len(chart.figure["data"]) == names
    if count > 200:
        mean = pd.DataFrame(panel_table(count)).groupby("year")["a"].mean()
        assert [y for _, y in drawn(chart)["a"]] == pytest.approx(mean.tolist())
        assert "the mean is drawn" in chart.note
        assert (
            draw_table({}, panel_table(count)).note
            == "201 unit over year would be too many lines, so this is their mean."
        )


def test_the_units_in_colours_are_told_why():
    assert draw_table({}, panel_table(12)).note.startswith("Each unit was observed over year, so each has a line.")


def test_threads_take_the_scale_and_the_logarithm_that_were_asked_for():
    columns = panel_table(13)
    columns["a"][0] = 0.0
    frame = pd.DataFrame(columns)
    indexed = draw_table({"scale": "indexed", "y": ("a", "b")}, columns)
    thin = [trace for trace in to_json(indexed)["data"] if "text" in trace]
    assert len(thin) == 2
    starts = frame.groupby("unit")["b"].transform("first")
    for unit, line in threads_of(thin[1]).items():
        assert [y for _, y in line] == pytest.approx((frame["b"] / starts * 100)[frame["unit"] == unit].tolist())
    assert "u000" not in threads_of(thin[0]) and "u000 cannot be indexed" in indexed.note
    log = draw_table({"log": "y", "y": ("a",)}, columns)
    assert threads_of(to_json(log)["data"][0])["u000"][0] == (1990, None)
    assert "1 value of zero or less" in log.note


def test_the_thick_line_is_what_was_asked_for():
    columns = panel_table(13)
    chart = draw_table({"agg": "median", "smooth": 3, "y": ("a",)}, columns)
    medians = pd.DataFrame(columns).groupby("year")["a"].median().tolist()
    thick = to_json(chart)["data"][1]
    assert thick["y"] == [None, pytest.approx(np.mean(medians[:3])), pytest.approx(np.mean(medians[1:])), None]
    assert thick["hovertemplate"].startswith("median")
    assert "The thick line is the median over every unit." in chart.note


def test_along_the_rows_units_have_no_mean():
    chart = draw_table({"chart": "line", "x": ROW, "y": ("a",)}, panel_table(13))
    (thin,) = to_json(chart)["data"]
    assert threads_of(thin)["u001"][0][0] == 5
    assert "thick" not in chart.note


def test_a_unit_of_a_single_row_is_a_dot():
    chart = draw_table({"y": ("a",)}, panel_table(13), rows=[0, 4, 5])
    thin = chart.figure["data"][0]
    assert thin["marker"]["size"].tolist() == [4, 0, 0, 0, 0]


def test_threads_show_the_window_and_say_what_they_leave_out():
    columns = panel_table(20, 5000)
    whole, zoomed = (draw_table({"y": ("a",), "range": ends}, columns) for ends in ((), ("2000", "2020")))
    assert "of 5,000 points a line, all peaks kept" in whole.note and "points" not in zoomed.note
    assert threads_of(to_json(zoomed)["data"][0])["u003"] == [
        (year, columns["a"][15_000 + year - 1990]) for year in range(1999, 2022)
    ]
    for unit, line in threads_of(to_json(whole)["data"][0]).items():
        own = columns["a"][int(unit[1:]) * 5000 :][:5000]
        assert (min(y for _, y in line), max(y for _, y in line)) == (own.min(), own.max())


def test_areas_have_no_threads():
    chart = draw_table({"chart": "area", "y": ("a",)}, panel_table(13))
    assert [trace["name"] for trace in chart.figure["data"]][-1] == "2 others"
    assert "thick" not in chart.note and "11 of 13 values of unit are told apart." in chart.note


# Areas ---------------------------------------------------------------------------------------------


def test_stacked_areas_have_their_values_and_one_stack_a_panel():
    columns = {"a": [1, 2, 3, 4], "b": [5, 6, 7, 8], "g": list("uuvv")}
    chart = draw_table({"chart": "area", "x": ROW, "facet": "g"}, columns)
    assert [(t["name"], t["yaxis"], t["stackgroup"]) for t in chart.figure["data"]] == [
        ("a", "y", "0"),
        ("b", "y", "0"),
        ("a", "y2", "1"),
        ("b", "y2", "1"),
    ]
    assert chart.note == ""
    assert drawn(draw_table({"chart": "area"}, {"a": [1, 2], "b": [3, 4]})) == {
        "a": [(1, 1), (2, 2)],
        "b": [(1, 3), (2, 4)],
    }


@pytest.mark.parametrize("by", ["columns", "colours"])
def test_long_stacked_areas_have_points_at_the_same_x_and_keep_all_peaks(by):
    rng = np.random.default_rng(3)
    a, b, c = rng.random((3, 50_000))
    if by == "columns":
        chart = draw_table({"chart": "area", "x": ROW}, {"a": a, "b": b, "c": c})
    else:
        columns = {"t": [*range(50_000)] * 3, "y": np.concatenate([a, b, c]), "g": list("abc") * 1}
        columns["g"] = np.repeat(columns["g"], 50_000)
        chart = draw_table({"chart": "area", "x": "t", "y": ("y",), "color": "g"}, columns)
    shown = drawn(chart)
    first, second, third = ([x for x, _ in shown[name]] for name in "abc")
    assert first == second == third and len(first) < 10_000
    for name, values in zip("abc", (a, b, c)):
        assert (min(y for _, y in shown[name]), max(y for _, y in shown[name])) == (values.min(), values.max())
    assert f"{len(first):,} of 50,000 points a line" in chart.note


def test_stacked_groups_of_different_x_are_drawn_over_all_of_them():
    columns = {"t": [1, 2, 3, 2, 5], "g": list("uuuvv"), "a": [1, 2, 3, 20, 50]}
    chart = draw_table({"chart": "area", "x": "t", "y": ("a",), "color": "g"}, columns)
    assert drawn(chart) == {
        "u": [(1, 1), (2, 2), (3, 3), (5, None)],
        "v": [(1, None), (2, 20), (3, None), (5, 50)],
    }
    to_json(chart)


def test_a_gap_in_a_stack_is_said():
    chart = draw_table({"chart": "area", "x": ROW}, {"a": [1.0, None, 3], "b": [1.0, 2, 3]})
    assert "In a stack a missing value takes no room." in chart.note


@pytest.mark.parametrize("values", [[1.0, 2, None, 3, 4], [-1.0, 2, None, 3, 4]])
def test_a_single_area_bridges_no_gap(values):
    fill, line = to_json(draw_table({"chart": "area", "x": ROW}, {"a": values}))["data"]
    assert points(line) == list(enumerate(values, 1))
    assert fill["fill"] == "toself" and "stackgroup" not in line
    first, second = values[0], values[1]
    assert points(fill) == [
        (1, 0), (1, first), (2, second), (2, 0), (None, None), (4, 0), (4, 3), (5, 4), (5, 0), (None, None),
    ]  # fmt: skip


def test_negative_values_are_not_stacked():
    chart = draw_table({"chart": "area", "x": ROW}, {"a": [1, -2], "b": [3, 4]})
    assert all(trace["fill"] == "tozeroy" and "stackgroup" not in trace for trace in chart.figure["data"])
    assert "Negative values cannot be stacked" in chart.note


def test_areas_that_shall_not_be_stacked_are_not():
    chart = draw_table({"chart": "area", "x": ROW, "stack": "grouped"}, {"a": [1, 2], "b": [3, 4]})
    assert all("stackgroup" not in trace for trace in chart.figure["data"]) and chart.note == ""


# Columns -------------------------------------------------------------------------------------------


def test_of_many_columns_the_first_twelve_are_drawn(catalog):
    dataset, chart = catalog["gap/crohn"], draw(catalog, "gap/crohn", chart="line")
    assert chart.plan.y == dataset.numbers[:12]
    assert f"The first 12 of {len(dataset.numbers)} numeric columns; choose others under Columns." in chart.note


def test_of_the_many_measures_of_a_panel_three_are_drawn_and_it_says_so(catalog):
    chart = draw(catalog, "datasets/airquality")
    assert chart.plan.y == ("Ozone", "Solar.R", "Wind")
    assert "The first 3 of 4 measures; choose others under Columns." in chart.note
    assert "The first" not in draw(catalog, "datasets/airquality", y=("Ozone", "Temp")).note


def test_the_columns_asked_for_are_drawn_in_their_order(catalog):
    chart = draw(catalog, "datasets/iris", chart="line", y=("Petal.Width", "Sepal.Length"))
    assert [trace["name"] for trace in chart.figure["data"]] == ["Petal.Width", "Sepal.Length"]


def test_a_table_without_rows_is_a_sentence(catalog):
    for id in ("Zelig/sna.ex", "Zelig/friendship"):
        chart = draw(catalog, id, chart="line")
        assert chart.figure["data"] == [] and "no rows" in chart.note


def test_a_filter_that_leaves_no_row_is_a_sentence():
    chart = draw_table(LINE, {"a": [1, 2]}, rows=[])
    assert chart.figure["data"] == [] and "no row matches" in chart.note


def test_a_column_that_a_filter_leaves_empty_is_told_in_words():
    chart = draw_table(LINE | {"x": ROW}, {"a": [1.0, None], "b": [1.0, 2.0]}, rows=[1])
    assert "a has no value to draw." in chart.summary
    to_json(chart)


def test_a_table_of_nothing_but_missing_values_is_a_sentence():
    assert "no column holds" in draw_table(LINE, {"a": pa.nulls(2), "b": pa.array([None, None], pa.string())}).note


def test_a_column_without_a_single_number_is_no_line():
    assert draw_table(LINE, {"a": [1, 2], "b": pa.array([None, None], pa.int64())}).plan.y == ("a",)


@pytest.mark.parametrize("name", ["", " ", "a:b", "100%", "%{y}", "a, b", "é\u2028"])
def test_any_name_can_be_drawn(name):
    chart = draw_table(LINE | {"x": name, "scale": "second"}, {name: [2, 1, 3], "b": [1, 2, 3], "c": [5, 6, 7]})
    assert chart.plan.x == name or name == ""  # no x at all cannot be told from an x without a name
    to_json(chart)


@pytest.mark.parametrize("kind", ["line", "area"])
@pytest.mark.parametrize("asked", [{}, {"scale": "panels"}, {"scale": "shared"}, {"facet": "g"}, {"color": "g"}])
def test_names_and_values_with_html_are_escaped(kind, asked):
    columns = {HOSTILE: [1.0, None, 2], HOSTILE + "b": [3, 4, 5], "g": [HOSTILE, "x", HOSTILE]}
    chart = draw_table({"chart": kind, "x": ROW} | asked, columns)
    assert not [text for text in strings(chart.figure) if "<img" in text]
    assert "&lt;" not in chart.note and "&lt;" not in " ".join(chart.summary)
    titles = panel_titles(chart.figure)
    assert not [title for title in titles if "&amp;lt;" in title]


def test_units_with_html_are_escaped():
    columns = panel_table(13)
    columns["unit"] = [unit.replace("u", "<i>") for unit in columns["unit"]]
    chart = draw_table({}, columns)
    assert not [text for text in strings(chart.figure) if "<i>" in text]
    assert "&lt;i&gt;003" in chart.figure["data"][0]["text"]


# Windows -------------------------------------------------------------------------------------------


def test_a_window_shows_exact_values(catalog):
    table = catalog.table(catalog["gap/mhtdata"])
    chart = draw(catalog, "gap/mhtdata", chart="line", range=("1000", "1200"))
    for trace, name in zip(chart.figure["data"], chart.plan.y, strict=True):
        assert trace["x0"] == 999
        assert trace["y"].tolist() == table[name].slice(998, 203).to_pylist()
    assert chart.figure["layout"]["xaxis"]["range"] == [1000, 1200]
    assert "points" not in chart.note


@pytest.mark.parametrize(
    ("columns", "ends", "xs"),
    [
        ({"t": [1.0, 2, 4, 8, 16]}, ("3", "5"), [2, 4, 8]),
        ({"t": [0.1, 2, 4, 8, 16]}, ("16", "99"), [8, 16]),
        ({"t": [datetime.date(2020, 1, day) for day in (1, 3, 5, 7, 9)]}, ("2020-01-04", "2020-01-05 12:00:00"), None),
        ({"time": [2000 + month / 12 for month in range(5)]}, ("2000-02-02", "2000-03-31"), None),
    ],
)
def test_a_window_holds_what_lies_in_it_and_one_more_on_either_side(columns, ends, xs):
    name = next(iter(columns))
    chart = draw_table({"chart": "line", "x": name, "y": ("a",), "range": ends}, columns | {"a": [1, 2, 3, 4, 5]})
    shown = drawn(chart)["a"]
    if xs:
        assert [x for x, _ in shown] == xs
    else:
        assert [y for _, y in shown] == [2, 3, 4]
    assert chart.note == ""


def test_a_window_on_a_logarithmic_axis_is_told_in_logarithms():
    asked = OVER_T | {"log": "x", "range": ("10", "1000")}
    chart = draw_table(asked, {"t": [1.0, 10, 100, 1000, 10_000], "a": [1, 2, 3, 4, 5]})
    assert chart.figure["layout"]["xaxis"]["range"] == pytest.approx([1, 3])
    assert [y for _, y in drawn(chart)["a"]] == [1, 2, 3, 4, 5]
    without = draw_table(asked | {"range": ("0", "10")}, {"t": [1.0, 10], "a": [1, 2]})
    assert "The range 0:10 does not fit the axis t, which runs from 1.0 to 10.0." in without.note
    assert without.note.count("does not fit") == 1


def test_in_a_window_of_many_rows_the_peaks_stay_and_the_count_is_of_the_window():
    values = np.sin(np.arange(1e6)) + np.arange(1e6) / 1e6
    chart = draw_table(LINE | {"x": ROW, "range": ("200001", "400000")}, {"a": values})
    shown = drawn(chart)["a"]
    assert (shown[0][0], shown[-1][0]) == (200_000, 400_001)
    assert max(y for _, y in shown) == values[199_999:400_001].max()
    assert all(values[x - 1] == y for x, y in shown)
    assert f"{len(shown):,} of 200,000 points a line, all peaks kept; zoom in for more." in chart.note


@pytest.mark.parametrize(
    "ends", [("1955-01-01", "1960-12-01"), ("1900-01-01", "2000-01-01"), ("1949-01-01", "1950-01-01")]
)
def test_a_window_that_shows_every_point_speaks_of_none_left_out(catalog, ends):
    assert draw(catalog, "datasets/AirPassengers", range=ends).note == ""


def test_a_window_may_be_spelled_from_its_end(catalog):
    backwards = draw(catalog, "gap/mhtdata", chart="line", range=("1200", "1000"))
    assert to_json(backwards) == to_json(draw(catalog, "gap/mhtdata", chart="line", range=("1000", "1200")))


@pytest.mark.parametrize(
    ("id", "ends"),
    [
        ("datasets/iris", ("2020-01-01", "2020-02-01")),
        ("datasets/iris", ("1e999", "1")),
        ("datasets/AirPassengers", ("1.5", "2.5")),
        ("datasets/AirPassengers", ("2020-02-31", "2020-03-31")),
    ],
)
def test_a_range_that_does_not_fit_says_so_once_and_all_is_drawn(catalog, id, ends):
    chart = draw(catalog, id, chart="line", range=ends)
    assert chart.note.count(f"The range {':'.join(ends)} does not fit the axis") == 1
    assert to_json(chart)["data"] == to_json(draw(catalog, id, chart="line"))["data"]


@pytest.mark.parametrize("ends", [("500", "600"), ("-9", "-1"), ("2.2", "2.4")])
def test_a_window_without_points_is_drawn_and_says_where_they_are(catalog, ends):
    chart = draw(catalog, "datasets/iris", chart="line", range=ends)
    assert to_json(chart)["layout"]["xaxis"]["range"] == list(map(float, ends))
    assert "No row lies in this range; row runs from 1 to 150." in chart.note


def test_a_range_without_rows_says_where_they_are(catalog):
    note = draw(catalog, "datasets/AirPassengers", range=("2050-01-01", "2060-01-01")).note
    assert "No row lies in this range; time runs from 1949-01-01 to 1960-12-01." in note


# Many rows -----------------------------------------------------------------------------------------


def test_of_many_points_the_extremes_are_drawn_and_the_rest_is_said(catalog):
    chart = draw(catalog, "gap/mhtdata", chart="line")
    table = catalog.table(catalog["gap/mhtdata"])
    for trace, name in zip(chart.figure["data"], chart.plan.y, strict=True):
        values = table[name].drop_null().to_numpy()
        assert (np.nanmin(trace["y"]), np.nanmax(trace["y"])) == (values.min(), values.max())
    assert "of 159,312 points" in chart.note


def test_of_a_million_rows_each_stretch_keeps_its_extremes_and_no_gap_is_bridged():
    rng = np.random.default_rng(5)
    t, a = np.sort(rng.exponential(1e6, 1_000_000)), rng.normal(size=1_000_000).cumsum()
    a[rng.random(1_000_000) < 1e-4] = np.nan
    a[300_000:310_000] = np.nan
    shuffled = rng.permutation(1_000_000)
    chart = draw_table(OVER_T, {"t": t[shuffled], "a": pa.array(a[shuffled], from_pandas=True)})
    trace = chart.figure["data"][0]
    rows = np.searchsorted(t, trace["x"])
    assert (t[rows] == trace["x"]).all() and len(rows) < 6000
    np.testing.assert_array_equal(a[rows], trace["y"])
    for before, after in zip(rows, rows[1:]):
        assert np.isnan(a[[before, after]]).any() or not np.isnan(a[before:after]).any()
    edges = np.searchsorted(t, np.linspace(t[0], t[-1], 1201)[1:-1])
    for stretch, positions in zip(np.split(a, edges), np.split(np.arange(len(a)), edges)):
        given = stretch[~np.isnan(stretch)]
        if len(given):
            shown = a[rows[(rows >= positions[0]) & (rows <= positions[-1])]]
            assert (np.nanmin(shown), np.nanmax(shown)) == (given.min(), given.max())


def test_where_rows_are_rare_all_are_drawn_though_most_lie_elsewhere():
    t = np.concatenate([np.linspace(0, 1, 100_000), np.arange(2.0, 500)])
    chart = draw_table(OVER_T, {"t": t, "a": np.sin(np.arange(len(t)) * 2.0)})
    assert set(range(2, 500)) <= {x for x, _ in drawn(chart)["a"]}


# Words ---------------------------------------------------------------------------------------------


def test_a_line_is_told_by_its_ends_its_extremes_and_its_course():
    chart = draw_table(OVER_T, {"t": [2001, 2002, 2003, 2004, 2005], "a": [3.0, 1, None, 12345.678, 10]})
    assert chart.summary == (
        "A line: a along t, 5 rows.",
        "a begins at 3 (2001) and ends at 10 (2005); least 1 at 2002, greatest 12,346 at 2004; 1 missing.",
    )


@pytest.mark.parametrize(
    ("values", "course"),
    [
        ([1, 2, 3, 4, 5], "; it clearly rises."),
        ([9, 7, 7, 3, 1], "; it clearly falls."),
        ([1, 3, 2, 5, 2, 4], "; it on the whole rises."),
        ([1, 5, 1, 5, 1], "; no steady trend."),
        ([1, 2, 3, 4], "greatest 4 at 4."),
    ],
)
def test_the_course_of_a_line_is_told_by_its_ranks(values, course):
    assert draw_table(LINE | {"x": ROW}, {"a": values}).summary[1].endswith(course)


def test_a_constant_line_is_told_as_such():
    assert draw_table(LINE | {"x": ROW}, {"a": [5, 5, 5]}).summary[1] == "a is 5 throughout."


def test_rows_are_told_by_their_exact_numbers():
    values = np.zeros(1_234_567)
    values[-2] = 7
    summary = draw_table(LINE | {"x": ROW}, {"a": values}).summary[1]
    assert "greatest 7 at 1,234,566" in summary and "ends at 0 (1,234,567)" in summary


def test_the_course_of_a_long_season_is_no_trend():
    season = np.tile([0.0, 1, 2, 3], 100_000)
    assert draw_table(LINE | {"x": ROW}, {"a": season}).summary[1].endswith("; no steady trend.")
    assert (
        draw_table(LINE | {"x": ROW}, {"a": season + np.arange(400_000.0)}).summary[1].endswith("; it clearly rises.")
    )


def test_lines_in_panels_are_told_with_their_panel():
    columns = {"a": [1, 2, 3, 4], "g": list("xxyy"), "h": list("uvuv")}
    chart = draw_table(LINE | {"x": ROW, "facet": "g", "color": "h", "y": ("a",)}, columns)
    assert chart.summary == (
        "4 lines in 2 panels: a along row, 4 rows.",
        "x, u is 1 throughout.",
        "x, v is 2 throughout.",
        "y, u is 3 throughout.",
        "y, v is 4 throughout.",
    )


def test_of_many_lines_the_first_are_told_and_the_rest_counted():
    names = tuple(f"c{n}" for n in range(17))
    chart = draw_table(LINE | {"y": names, "scale": "shared"}, {name: [n, n + 1] for n, name in enumerate(names)})
    assert chart.summary[0] == "17 lines: c0, c1, c2, c3, c4, c5, c6, c7 and 9 more along row, 2 rows."
    assert chart.summary[-1] == "3 further lines are not told."
