"""Dots and matrices of dots, each against the values they stand for."""

import datetime
import html
import json
import math
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from plotly.io.json import to_json_plotly

from dataviewer import charts, query
from dataviewer.charts import base
from dataviewer.charts.points import MATRIX_POINTS, NO_COLOR, POINTS_MAX
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.view import ROW, View, Where
from tests.charting import panel_titles

ENGINE = Engine()
HOSTILE = "<img src=x onerror=alert(1)>&%{x}"


def draw(columns: dict, width: int = 1200, **asked) -> base.Chart:
    """Return the chart of a view, as strict JSON could carry it."""
    table = pa.table(columns)
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", **{"chart": "scatter", **asked})
    chart = charts.draw(dataset, table, query.match(ENGINE, dataset, table, view), view, width)
    to_json(chart)
    return chart


def to_json(chart: base.Chart) -> dict:
    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(to_json_plotly(chart.figure), parse_constant=refuse)


def dots(chart: base.Chart) -> list[dict]:
    return [trace for trace in to_json(chart)["data"] if trace.get("mode") == "markers" and "customdata" in trace]


def lines(chart: base.Chart) -> list[dict]:
    return [trace for trace in to_json(chart)["data"] if trace.get("mode") == "lines"]


def rings(chart: base.Chart) -> list[dict]:
    return [t for t in to_json(chart)["data"] if t.get("marker", {}).get("symbol") == "circle-open"]


def values_of(trace: dict, key: str) -> list:
    """Return the numbers of a trace, which Plotly packs."""
    packed = trace[key]
    if isinstance(packed, dict):
        import base64

        return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"]).tolist()
    return packed


def places(chart: base.Chart) -> dict[str, tuple]:
    """Return x and y of each dot by what a click on it means."""
    return {
        click: (x, y)
        for trace in dots(chart)
        for click, x, y in zip(trace["customdata"], values_of(trace, "x"), values_of(trace, "y"))
    }


# Dots ----------------------------------------------------------------------------------------------


def test_each_dot_stands_at_its_row_and_points_at_it():
    chart = draw({"a": [1.5, 2.5, None, 4.0], "b": [10, 20, 30, 40]}, x="a", y=("b",))
    assert places(chart) == {"row=1": (1.5, 10), "row=2": (2.5, 20), "row=4": (4, 40)}
    assert chart.note == "1 row without a place on both axes is left out."


def test_rows_keep_their_numbers_in_the_file_after_a_filter():
    chart = draw(
        {"a": [1.0, 2, 3, 4], "b": [5.0, 6, 7, 8], "g": ["u", "v", "u", "v"]},
        x="a",
        y=("b",),
        where=(Where("g", "eq", ("v",)),),
    )
    assert places(chart) == {"row=2": (2, 6), "row=4": (4, 8)}


def test_a_filter_that_leaves_no_row_is_a_sentence():
    chart = draw({"a": [1.0, 2], "b": [5.0, 6]}, where=(Where("a", "gt", ("9",)),))
    assert chart.note == "There is nothing to draw: no row matches."


def test_one_row_is_one_dot():
    assert places(draw({"a": [1.0], "b": [2.0]}, x="a", y=("b",))) == {"row=1": (1, 2)}


@pytest.mark.parametrize("value", [0.0, 3.25, -7.0, 1e300])
def test_equal_values_are_drawn(value):
    chart = draw({"a": [value] * 3, "b": [value] * 3}, x="a", y=("b",), trend="linear")
    assert list(places(chart).values()) == [(value, value)] * 3
    assert "Too few points for a trend." in chart.note


def test_huge_and_tiny_numbers_are_drawn_with_a_trend():
    x, y = [1e300, 2e300, 3e300], [1e-300, -2e-300, 1e300]
    chart = draw({"a": x, "b": y}, x="a", y=("b",), trend="lowess")
    assert list(places(chart).values()) == list(zip(x, y))
    assert len(lines(chart)) == 1


def test_infinite_values_are_left_out_and_said():
    chart = draw({"a": [1.0, math.inf, 3, 4], "b": [1.0, 2, -math.inf, 4]}, x="a", y=("b",))
    assert list(places(chart)) == ["row=1", "row=4"]
    assert "2 rows without a place on both axes are left out. 2 infinite values are not drawn." in chart.note


def test_columns_without_a_row_in_common_say_so():
    chart = draw({"a": [1.0, None], "b": [None, 2.0]}, x="a", y=("b",), trend="linear")
    assert places(chart) == {}
    assert "2 rows without a place on both axes" in chart.note


def test_the_row_can_be_x():
    chart = draw({"a": [7.0, None, 9.0]}, x=ROW, y=("a",))
    assert places(chart) == {"row=1": (1, 7), "row=3": (3, 9)}


def test_rows_with_names_bear_them():
    frame = {"rownames": ["Ann", "<b>", "Cy"], "a": [1.0, None, 3.0], "b": [4.0, 5.0, 6.0], "c": [1.0, 1.0, 1.0]}
    (trace,) = dots(draw(frame, x="b", y=("a",), where=(Where("b", "gt", ("4",)),)))
    assert trace["text"] == ["Cy"]
    (trace,) = dots(draw(frame, x="b", y=("c",)))
    assert trace["text"] == ["Ann", "&lt;b&gt;", "Cy"]
    assert trace["hovertemplate"].startswith("%{text}<br>")


def test_several_columns_have_a_colour_each():
    chart = draw({"a": [1.0, 2], "b": [3.0, 4], "c": [5.0, None]}, x="a", y=("b", "c"))
    found = [(t["name"], t["marker"]["color"], values_of(t, "y"), t["customdata"]) for t in dots(chart)]
    first, second = base.COLORS[:2]
    assert found == [("b", first, [3, 4], ["row=1", "row=2"]), ("c", second, [5], ["row=1"])]
    assert chart.figure["layout"]["showlegend"]


def test_whole_numbers_beyond_doubles_are_no_error():
    assert len(places(draw({"a": [2**62, 2**62 + 1], "b": [-(2**63), 2**63 - 1]}, x="a", y=("b",)))) == 2


# Dates ---------------------------------------------------------------------------------------------


def test_dates_stand_along_x_missing_ones_left_out():
    days = [datetime.date(2020, 1, 31), None, datetime.date(1999, 12, 1)]
    chart = draw({"day": days, "b": [1.0, 2, 3]}, x="day", y=("b",))
    assert places(chart) == {"row=1": ("2020-01-31", 1), "row=3": ("1999-12-01", 3)}
    assert chart.figure["layout"]["xaxis"]["type"] == "date"


def test_decimal_years_are_dates():
    chart = draw({"time": [1949 + place / 12 for place in range(5)], "b": [1.0, 2, 3, 4, 5]}, x="time", y=("b",))
    assert [x for x, _ in places(chart).values()] == [f"1949-0{month}-01" for month in range(1, 6)]


def test_the_trend_over_dates_is_least_squares_of_days():
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=7 * place) for place in range(20)]
    y = np.random.default_rng(5).normal(0, 1, 20)
    chart = draw({"day": days[::-1], "b": y[::-1]}, x="day", y=("b",), trend="linear")
    slope, level = np.polyfit(7 * np.arange(20), y, 1)
    (line,) = lines(chart)
    assert [end[:10] for end in values_of(line, "x")] == [str(days[0]), str(days[-1])]
    np.testing.assert_allclose(values_of(line, "y"), [level, level + slope * 133], atol=1e-9)
    assert f"Least squares: slope {slope:.4g} a day, R² {np.corrcoef(np.arange(20), y)[0, 1] ** 2:.2f}." in chart.note


def test_a_range_of_dates_shows_the_dots_in_it():
    days = [datetime.date(2020, 1, day) for day in range(1, 11)]
    chart = draw({"day": days, "b": list(range(10))}, x="day", y=("b",), range=("2020-01-03", "2020-01-05", "3", "9"))
    assert list(places(chart)) == ["row=4", "row=5"]


# Colours -------------------------------------------------------------------------------------------


def test_groups_colour_their_dots():
    chart = draw({"a": [1.0, 2, 3, 4], "b": [5.0, 6, 7, 8], "g": ["u", "v", None, "u"]}, x="a", y=("b",), color="g")
    found = {t["name"]: (t["customdata"], t["marker"]["color"]) for t in dots(chart)}
    assert found == {
        "u": (["row=1", "row=4"], base.COLORS[0]),
        "v": (["row=2"], base.COLORS[1]),
        "no g": (["row=3"], NO_COLOR),
    }


def test_of_more_than_twelve_groups_the_rarest_share_one():
    groups = [f"g{place}" for place in range(20) for _ in range(30 - place)]
    chart = draw({"a": np.arange(len(groups)), "b": np.ones(len(groups)), "g": groups}, x="a", y=("b",), color="g")
    found = {t["name"]: len(t["customdata"]) for t in dots(chart)}
    expected = {f"g{place}": 30 - place for place in range(11)} | {"9 others": sum(30 - p for p in range(11, 20))}
    assert found == expected
    assert dots(chart)[-1]["marker"]["color"] == base.OTHER_COLOR
    assert [trace["zorder"] for trace in dots(chart)][-1] == -1, "others lie beneath"
    assert len({trace["marker"]["size"] for trace in dots(chart)}) == 1
    assert "11 of 20 values of g are told apart." in chart.note


def test_ten_thousand_categories_are_twelve_colours():
    names = [f"n{place // 2}" for place in range(3000)]
    chart = draw({"a": np.arange(3000.0), "b": np.arange(3000) % 7, "g": names}, x="a", y=("b",), color="g")
    assert len(places(chart)) == 3000
    assert len(dots(chart)) <= 12


def test_a_number_of_many_values_is_a_scale_that_all_panels_share():
    shade = [float(place) for place in range(39)] + [None]
    frame = {"a": np.arange(40.0), "b": np.arange(40.0), "c": shade, "f": ["p"] * 10 + ["q"] * 30}
    first, second, missing = dots(draw(frame, x="a", y=("b",), color="c", facet="f"))
    assert values_of(first["marker"], "color") == shade[:10]
    assert values_of(second["marker"], "color") == shade[10:-1]
    for trace in (first, second):
        assert (trace["marker"]["cmin"], trace["marker"]["cmax"]) == (0, 38)
        assert "<br>c: %{marker.color}<extra></extra>" in trace["hovertemplate"]
    assert [trace["marker"]["showscale"] for trace in (first, second)] == [True, False]
    assert (missing["name"], missing["marker"]["color"], missing["customdata"]) == ("no c", NO_COLOR, ["row=40"])


def test_a_trend_is_no_other_where_a_colour_is_missing():
    frame = {"a": np.arange(20.0), "b": np.arange(20.0) ** 2, "c": [None, None, None, *map(float, range(17))]}
    chart = draw(frame, x="a", y=("b",), color="c", trend="linear")
    slope, level = np.polyfit(frame["a"], frame["b"], 1)
    (line,) = lines(chart)
    np.testing.assert_allclose(values_of(line, "y"), [level, level + 19 * slope])


def test_the_scale_is_there_where_the_first_panel_has_no_dots():
    x = [None] * 20 + [float(place) for place in range(20)]
    frame = {"a": x, "b": np.arange(40.0), "c": np.arange(40.0), "f": ["p"] * 20 + ["q"] * 20}
    (trace,) = dots(draw(frame, x="a", y=("b",), color="c", facet="f"))
    assert trace["marker"]["showscale"]
    assert values_of(trace["marker"], "color") == list(range(20, 40))


def test_several_columns_in_colours_are_told_apart_by_symbols():
    frame = {"a": [1.0, 2, 3], "b": [1.0, 2, 3], "c": [3.0, 2, 1], "g": ["u", "v", "v"]}
    chart = draw(frame, x="a", y=("b", "c"), color="g")
    found = {t["name"]: (t["marker"]["color"], t["marker"]["symbol"]) for t in dots(chart)}
    first, second = base.COLORS[:2]
    assert found == {
        "b, u": (first, "circle"),
        "b, v": (second, "circle"),
        "c, u": (first, "diamond"),
        "c, v": (second, "diamond"),
    }


# Panels --------------------------------------------------------------------------------------------


def test_panels_hold_the_dots_of_their_value():
    frame = {"a": [1.0, 2, 3, 4], "b": [5.0, 6, 7, 8], "f": ["q", "p", None, "q"]}
    chart = draw(frame, x="a", y=("b",), facet="f")
    assert [(t["yaxis"], t["customdata"]) for t in dots(chart)] == [("y", ["row=1", "row=4"]), ("y2", ["row=2"])]
    assert panel_titles(chart.figure) == ["q", "p"]
    assert "1 row without f is left out." in chart.note


def test_panels_and_colours_and_columns_together_lose_no_dot():
    random = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "a": random.normal(size=300),
            "b": random.normal(size=300),
            "c": random.normal(size=300),
            "f": random.choice(["f0", "f1", "f2"], 300),
            "g": random.choice(["g0", "g1", "g2", "g3"], 300),
        }
    )
    chart = draw(frame.to_dict("list"), x="a", y=("b", "c"), color="g", facet="f")
    panel = {f"y{place + 1 if place else ''}": name for place, name in enumerate(dict.fromkeys(frame["f"]))}
    found = set()
    for trace in dots(chart):
        column, group = trace["name"].split(", ")
        for click, y in zip(trace["customdata"], values_of(trace, "y")):
            row = frame.iloc[int(click[4:]) - 1]
            assert (row["f"], row["g"], row[column]) == (panel[trace["yaxis"]], group, y)
            found.add((click, column))
    assert len(found) == 600
    assert len([t for t in dots(chart) if t.get("showlegend", True)]) == 8


@pytest.mark.parametrize("log", ["", "y"])
def test_the_upright_axis_holds_the_dots_of_all_panels(log):
    frame = {"a": [1.0, 2, 3, 4, 5, 6], "b": [1.0, 10, 100, 1000, 1, 7], "f": ["p", "q", "r", "s", "t", "p"]}
    layout = to_json(draw(frame, x="a", y=("b",), facet="f", log=log))["layout"]
    low, high = layout["yaxis"]["range"]
    least, greatest = (0, 3) if log else (1, 1000)
    room = 0.06 * (greatest - least)
    assert (low, high) == pytest.approx((least - room, greatest + room))


# Logarithmic axes ----------------------------------------------------------------------------------


def test_zero_and_less_are_left_out_of_logarithmic_axes_and_said():
    chart = draw({"a": [0.0, 1, 10, 100], "b": [1.0, -1, 10, 100]}, x="a", y=("b",), log="xy")
    assert places(chart) == {"row=3": (10, 10), "row=4": (100, 100)}
    assert "2 rows with zero or less, which has no logarithm, are left out." in chart.note
    layout = chart.figure["layout"]
    assert (layout["xaxis"]["type"], layout["yaxis"]["type"]) == ("log", "log")


def test_columns_without_a_positive_value_keep_their_dots_on_plain_axes():
    chart = draw({"a": [0.0, -1, -2], "b": [-5.0, 0, -1]}, x="a", y=("b",), log="xy", trend="linear")
    assert len(places(chart)) == 3
    layout = chart.figure["layout"]
    assert (layout["xaxis"]["type"], layout["yaxis"]["type"]) == ("linear", "linear")
    assert "a has no value above zero, so its axis is not logarithmic." in chart.note
    assert "b has no value above zero, so the axis is not logarithmic." in chart.note
    slope, level = np.polyfit([0, -1, -2], [-5, 0, -1], 1)
    np.testing.assert_allclose(values_of(lines(chart)[0], "y"), [level - 2 * slope, level], atol=1e-9)


def test_the_trend_on_logarithmic_axes_is_that_of_logarithms():
    random = np.random.default_rng(6)
    x = 10 ** random.uniform(0, 4, 50)
    y = 3 * x**0.7 * 10 ** random.normal(0, 0.1, 50)
    slope, level = np.polyfit(np.log10(x), np.log10(y), 1)
    chart = draw({"a": x, "b": y}, x="a", y=("b",), log="xy", trend="linear")
    (line,) = lines(chart)
    ends = np.array([x.min(), x.max()])
    np.testing.assert_allclose(values_of(line, "x"), ends)
    np.testing.assert_allclose(values_of(line, "y"), 10**level * ends**slope)
    assert f"slope {slope:.4g}, R² " in chart.note


def test_dates_have_no_logarithm_and_stay():
    days = [datetime.date(1960, 1, 1), datetime.date(1970, 1, 1), datetime.date(1980, 1, 1)]
    assert len(places(draw({"day": days, "b": [1.0, 2, 3]}, x="day", y=("b",), log="x"))) == 3


@pytest.mark.parametrize("log", ["", "y", "xy"])
def test_a_range_holds_both_of_its_ends(log):
    values = [1.0, 3.0, 7.0, 10.0]
    chart = draw({"a": values, "b": values}, x="a", y=("b",), log=log, range=("3", "7", "3", "7"))
    assert list(places(chart)) == ["row=2", "row=3"]


# Trends --------------------------------------------------------------------------------------------


def test_each_colour_and_panel_has_its_trend():
    random = np.random.default_rng(4)
    frame = pd.DataFrame({"a": random.normal(size=80), "b": random.normal(size=80), "g": ["u", "v"] * 40})
    frame["f"] = ["p"] * 40 + ["q"] * 40
    chart = draw(frame.to_dict("list"), x="a", y=("b",), color="g", facet="f", trend="linear")
    found = {(line["yaxis"], line["name"]): values_of(line, "y") for line in lines(chart)}
    for panel, f in (("y", "p"), ("y2", "q")):
        for g in ("u", "v"):
            part = frame[(frame["f"] == f) & (frame["g"] == g)]
            slope, level = np.polyfit(part["a"], part["b"], 1)
            ends = [level + slope * part["a"].min(), level + slope * part["a"].max()]
            np.testing.assert_allclose(found[panel, g], ends)
            assert f"{f}, {g} slope {slope:.4g}" in chart.note


def test_a_trend_has_the_colour_of_its_dots_or_one_that_stands_out():
    frame = {"a": np.arange(20.0), "b": np.arange(20.0) ** 2, "c": np.arange(20.0), "g": ["u", "v"] * 10}
    groups = lines(draw(frame, x="a", y=("b",), color="g", trend="linear"))
    assert [line["line"]["color"] for line in groups] == list(base.COLORS[:2])
    panels = lines(draw(frame, x="a", y=("b",), color="c", facet="g", trend="linear"))
    assert [line["line"]["color"] for line in panels] == [base.COLORS[1]] * 2


def test_the_trend_of_a_zoom_is_that_of_all_rows():
    x = np.arange(20.0)
    frame = {"a": x, "b": x**2}
    slope, level = np.polyfit(x, x**2, 1)
    chart = draw(frame, x="a", y=("b",), trend="linear", range=("0", "5", "0", "30"))
    assert len(places(chart)) == 6
    np.testing.assert_allclose(values_of(lines(chart)[0], "y"), [level, level + 19 * slope])


def test_two_points_are_too_few_for_a_trend():
    assert "Too few points for a trend." in draw({"a": [1.0, 2], "b": [1.0, 2]}, x="a", y=("b",), trend="lowess").note


# Many rows -----------------------------------------------------------------------------------------


def many(rows: int) -> dict:
    return {"a": np.arange(float(rows)), "b": np.arange(float(rows)) * 2}


def test_so_many_dots_are_drawn_and_one_more_is_a_grid():
    assert len(places(draw(many(POINTS_MAX), x="a", y=("b",)))) == POINTS_MAX
    chart = draw(many(POINTS_MAX + 1), x="a", y=("b",))
    assert [t["type"] for t in chart.figure["data"]] == ["heatmap"]
    assert f"{POINTS_MAX + 1:,} dots would cover each other" in chart.note


def test_zooming_in_brings_the_dots_back():
    chart = draw(many(10_000), x="a", y=("b",), range=("100", "200", "250", "350"))
    assert places(chart) == {f"row={place + 1}": (place, 2 * place) for place in range(125, 176)}
    layout = to_json(chart)["layout"]
    assert (layout["xaxis"]["range"], layout["yaxis"]["range"]) == ([100, 200], [250, 350])


def test_zooming_into_emptiness_says_so():
    chart = draw(many(10_000), x="a", y=("b",), range=("100", "200", "900", "950"))
    assert places(chart) == {}
    assert "No row lies in this range." in chart.note


@pytest.mark.parametrize("range", [("x", "y"), ("2020-01-01", "2021-01-01", "1", "2"), ("1", "2", "2020-01-01", "3")])
def test_a_range_that_does_not_fit_is_said_and_all_is_drawn(range):
    chart = draw(many(20), x="a", y=("b",), range=range)
    assert len(places(chart)) == 20 or "2020-01-01" not in range[:2]
    assert "does not fit the axis" in chart.note


def test_the_grid_shows_the_trend_of_each_panel():
    frame = many(10_000)
    frame["g"] = ["u", "v"] * 5000
    chart = draw(frame, x="a", y=("b",), facet="g", color="g", trend="linear")
    assert [values_of(line, "y") for line in lines(chart)] == [
        pytest.approx([0, 19_996]),
        pytest.approx([2, 19_998]),
    ]
    assert "u slope 2, R² 1.00; v slope 2, R² 1.00" in chart.note
    assert "Colours are left out." in chart.note


def test_the_grid_counts_the_first_of_several_columns_and_says_so():
    chart = draw(many(3000) | {"c": np.zeros(3000)}, x="a", y=("b", "c"))
    assert int(np.sum(chart.figure["data"][0]["customdata"])) == 3000
    assert "6,000 dots would cover each other" in chart.note
    assert "The grid counts b alone." in chart.note


# The row pointed at --------------------------------------------------------------------------------


def test_the_row_pointed_at_has_a_ring_in_its_panel():
    frame = {"a": [1.0, 2, 3], "b": [4.0, 5, 6], "c": [7.0, None, 9], "f": ["p", "q", None]}
    (ring,) = rings(draw(frame, x="a", y=("b", "c"), facet="f", row=2))
    assert (values_of(ring, "x"), values_of(ring, "y"), ring["yaxis"]) == ([2], [5], "y2")
    (ring,) = rings(draw(frame, x="a", y=("b", "c"), row=3))
    assert (values_of(ring, "x"), values_of(ring, "y")) == ([3, 3], [6, 9])
    assert rings(draw(frame, x="a", y=("b", "c"), facet="f", row=3)) == []


@pytest.mark.parametrize(("row", "log"), [(4, ""), (99, ""), (2, "y"), (3, "")])
def test_a_row_without_a_dot_has_no_ring(row, log):
    frame = {"a": [1.0, 2, None, 4], "b": [4.0, 0, 6, 7]}
    chart = draw(frame, x="a", y=("b",), row=row, log=log, where=(Where("b", "lt", ("7",)),))
    assert rings(chart) == []


# Words ---------------------------------------------------------------------------------------------


def test_the_summary_tells_spread_and_correlation_of_each_group():
    frame = {"a": [1.0, 2, 3, 4, 5, 6], "b": [2.0, 4, 6, 6, 4, 2], "g": ["u"] * 3 + ["v"] * 3}
    chart = draw(frame, x="a", y=("b",), color="g")
    assert chart.summary == (
        "A scatter plot of b against a, 6 rows.",
        "u: 3 values from 2 to 6, half of them from 3 to 5, median 4; correlation with a 1.00.",
        "v: 3 values from 2 to 6, half of them from 3 to 5, median 4; correlation with a -1.00.",
    )


def test_the_summary_names_the_panels():
    frame = {"a": [1.0, 2, 3, 4], "b": [2.0, 4, 6, 6], "f": ["p", "p", "q", "q"], "g": ["u", "v", "u", "v"]}
    told = draw(frame, x="a", y=("b",), color="g", facet="f").summary[1:]
    assert [sentence.split(":")[0] for sentence in told] == ["p, u", "p, v", "q, u", "q, v"]


def test_names_and_values_are_text_wherever_they_stand():
    frame = {HOSTILE: [1.0, 2, 3], f"y{HOSTILE}": [3.0, 2, 2], "z": [1.0, 1, 2], f"g{HOSTILE}": [HOSTILE, "v", None]}
    for asked in (
        {"y": (f"y{HOSTILE}",), "color": f"g{HOSTILE}"},
        {"y": (f"y{HOSTILE}", "z"), "color": f"g{HOSTILE}", "trend": "linear"},
        {"y": (f"y{HOSTILE}",), "facet": f"g{HOSTILE}"},
        {"chart": "matrix", "y": (HOSTILE, f"y{HOSTILE}"), "color": f"g{HOSTILE}"},
    ):
        chart = draw(frame, x=HOSTILE, row=1, **asked)
        assert "<img" not in json.dumps(to_json(chart))
        for trace in chart.figure["data"]:
            # %{x} and its like are Plotly's own: as many as a plain name would have.
            assert "onerror=alert(1)&gt;&amp;%{" not in trace.get("hovertemplate", "")
        assert not any("&lt;" in sentence for sentence in chart.summary)


def test_a_scale_is_named_safely():
    frame = {"a": np.arange(20.0), "b": np.arange(20.0), HOSTILE: np.arange(20.0)}
    (trace,) = dots(draw(frame, x="a", y=("b",), color=HOSTILE))
    assert trace["marker"]["colorbar"]["title"]["text"] == html.escape(HOSTILE)
    assert "<img" not in trace["hovertemplate"]
    assert trace["hovertemplate"].count("%{x}") == 1


@pytest.mark.parametrize("name", ["a:b", "100%", "", " ", "é", "where=x&y"])
def test_columns_of_any_name_are_drawn(name):
    chart = draw({"a": [1.0, 2, 3], name: [3.0, 2, 1]}, x="a", y=(name,), trend="linear")
    assert [y for _, y in places(chart).values()] == [3, 2, 1]


# Scatter matrix ------------------------------------------------------------------------------------


def matrix_cells(chart: base.Chart) -> dict:
    """Return the traces by the numbers of their column and row of panels."""
    return {(trace["xaxis"], trace["yaxis"]): trace for trace in to_json(chart)["data"]}


def test_each_cell_of_the_matrix_has_its_two_columns_and_the_diagonal_their_names():
    frame = {"a": [1.0, 2, 3], "b": [4.0, 5, 6], "c": [9.0, 8, 7]}
    chart = draw(frame, chart="matrix", y=("a", "b", "c"))
    cells = matrix_cells(chart)
    axes = {"a": ("x", "y"), "b": ("x2", "y2"), "c": ("x3", "y3")}
    assert len(cells) == len(chart.figure["data"]) == 6
    for across in frame:
        for down in frame:
            if across != down:
                cell = cells[axes[across][0], axes[down][1]]
                assert (values_of(cell, "x"), values_of(cell, "y")) == (frame[across], frame[down])
    named = {(note["text"], note["xref"], note["yref"]) for note in chart.figure["layout"]["annotations"]}
    assert named == {(name, f"{x} domain", f"{y} domain") for name, (x, y) in axes.items()}


def test_the_panels_of_the_matrix_stand_apart_within_the_figure_the_first_at_the_top():
    layout = draw({name: [1.0, 2, 3] for name in "abcdef"}, chart="matrix", y=tuple("abcdef")).figure["layout"]
    across = [layout[f"xaxis{n}"]["domain"] for n in ("", 2, 3, 4, 5, 6)]
    down = [layout[f"yaxis{n}"]["domain"] for n in ("", 2, 3, 4, 5, 6)][::-1]
    for domains in (across, down):
        assert domains[0][0] == pytest.approx(0) and domains[-1][1] == pytest.approx(1)
        assert all(0 <= low < high <= 1 for low, high in domains)
        assert all(one[1] < other[0] for one, other in zip(domains, domains[1:]))


def test_a_matrix_of_many_rows_shows_evenly_spread_ones_and_says_so():
    rows = 12_001
    chart = draw(
        {"a": np.arange(rows), "b": np.arange(rows), "r": np.arange(rows) % 7}, chart="matrix", y=("a", "b"), row=7
    )
    shown = values_of(chart_trace := to_json(chart)["data"][0], "x")
    assert len(shown) == MATRIX_POINTS and chart_trace["mode"] == "markers"
    assert (shown[0], shown[-1]) == (0, rows - 1)
    assert set(np.diff(shown)) <= {20, 21}
    assert f"{MATRIX_POINTS} of 12,001 rows shown, evenly spread over the file." in chart.note
    assert [(values_of(ring, "x"), values_of(ring, "y")) for ring in rings(chart)] == [([6], [6])] * 2


@pytest.mark.parametrize("levels", [2, 20])
def test_groups_colour_the_matrix_whether_texts_or_numbers(levels):
    code = np.arange(200) % levels
    chart = draw({"a": np.arange(200.0), "b": np.arange(200.0), "g": code}, chart="matrix", y=("a", "b"), color="g")
    cell = [t for t in to_json(chart)["data"] if t["xaxis"] == "x2"]
    assert len(cell) == min(levels, 12)
    for trace in cell:
        if "others" not in trace["name"]:
            assert {int(x) % levels for x in values_of(trace, "x")} == {int(trace["name"])}
    assert sum(len(values_of(trace, "x")) for trace in cell) == 200
    assert ("values of g are told apart" in chart.note) == (levels > 12)


def test_rows_without_a_group_are_in_the_matrix_too():
    chart = draw({"a": [1.0, 2], "b": [3.0, 4], "g": ["u", None]}, chart="matrix", y=("a", "b"), color="g")
    assert {t["name"]: values_of(t, "x") for t in to_json(chart)["data"] if t["xaxis"] == "x"} == {
        "u": [1],
        "no g": [2],
    }


def test_the_words_of_a_matrix_are_its_correlations():
    random = np.random.default_rng(1)
    frame = pd.DataFrame({"a": random.normal(size=50), "b": random.normal(size=50), "c": [1.0] * 50})
    frame.loc[3:9, "b"] = None
    chart = draw({name: pa.array(frame[name], from_pandas=True) for name in frame}, chart="matrix", y=("a", "b", "c"))
    assert chart.summary == (
        "A scatter matrix of a, b and c, 50 rows.",
        f"a and b: correlation {round(frame['a'].corr(frame['b']), 2)}.",
    )
    assert "Missing values left out: 7 of b." in chart.note


def test_a_click_is_a_query_string():
    (trace,) = dots(draw({"a": [1.0, 2], "b": [3.0, 4]}, x="a", y=("b",)))
    assert [parse_qs(click) for click in trace["customdata"]] == [{"row": ["1"]}, {"row": ["2"]}]
