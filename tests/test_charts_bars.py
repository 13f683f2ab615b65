import datetime
import html
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dataviewer import charts, query
from dataviewer.describe import describe
from dataviewer.view import ROW, View
from tests.charting import HOSTILE, axes, draw_table, panel_titles, to_json

ROWS = 400


def bars(asked: dict, columns: dict, rows: list[int] | None = None) -> charts.Chart:
    return draw_table({"chart": "bar"} | asked, columns, rows=rows)


def heights(chart: charts.Chart) -> dict[tuple, float]:
    """The height of each bar by its panel, its trace's name and its label."""
    layout = chart.figure["layout"]
    titles = panel_titles(chart.figure)
    found = {}
    for trace in chart.figure["data"]:
        axis = layout[f"xaxis{trace.get('xaxis', 'x')[1:]}"]
        panel = titles[int(trace.get("yaxis", "y")[1:] or 1) - 1] if titles else ""
        for x, y in zip(trace["x"], trace["y"]):
            key = (panel, trace["name"], axis["ticktext"][axis["tickvals"].index(x)])
            assert key not in found
            found[key] = y
    return found


def labels(chart: charts.Chart) -> list[str]:
    return list(chart.figure["layout"]["xaxis"]["ticktext"])


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "x": random.choice(list("abcde"), ROWS),
            "color": random.choice(["red", "blue", None], ROWS),
            "panel": random.choice(["one", "two", "three", "four"], ROWS),
            "whole": random.integers(-50, 50, ROWS),
            "real": random.normal(0, 3, ROWS),
        }
    )
    frame.loc[::7, "real"] = np.nan
    return frame[~((frame["x"] == "a") & (frame["panel"] == "two"))].reset_index(drop=True)


def columns_of(frame: pd.DataFrame) -> dict:
    return {name: [None if pd.isna(value) else value for value in frame[name].tolist()] for name in frame}


@pytest.mark.parametrize("aggregate", ["sum", "mean", "median", "min", "max"])
@pytest.mark.parametrize("column", ["whole", "real"])
@pytest.mark.parametrize("by", [{}, {"color": "color"}, {"facet": "panel"}, {"color": "color", "facet": "panel"}])
def test_bars_are_as_high_as_pandas_says(frame, aggregate, column, by):
    chart = bars({"x": "x", "y": (column,), "agg": aggregate} | by, columns_of(frame))
    keys = [by.get("facet"), by.get("color"), "x"]
    given = frame.dropna(subset=[column])
    expected = given.groupby([key for key in keys if key])[column].agg(aggregate)
    found = heights(chart)
    assert len(found) == len(expected)
    for key, height in expected.items():
        rest = list(key) if isinstance(key, tuple) else [key]
        panel = rest.pop(0) if "facet" in by else ""
        color = rest.pop(0) if "color" in by else column
        assert found[panel, color, rest[0]] == pytest.approx(height)


@pytest.mark.parametrize("by", [{}, {"color": "color"}, {"facet": "panel"}, {"color": "color", "facet": "panel"}])
def test_counts_are_those_of_pandas(frame, by):
    found = heights(bars({"x": "x", "agg": "count"} | by, columns_of(frame)))
    keys = [key for key in (by.get("facet"), by.get("color"), "x") if key]
    assert sorted(found.values()) == sorted(frame.groupby(keys).size())
    assert sum(found.values()) == len(frame.dropna(subset=keys))


def test_several_columns_have_a_bar_each_in_each_group(frame):
    found = heights(bars({"x": "x", "y": ("whole", "real"), "agg": "mean"}, columns_of(frame)))
    expected = frame.groupby("x")[["whole", "real"]].mean()
    assert found == {("", c, x): pytest.approx(expected.loc[x, c]) for c in expected for x in expected.index}


def test_several_columns_with_colours_have_a_panel_each(frame):
    found = heights(bars({"x": "x", "y": ("whole", "real"), "agg": "max", "color": "color"}, columns_of(frame)))
    expected = frame.groupby(["color", "x"])[["whole", "real"]].max()
    assert found == {(c, *key): expected.loc[key, c] for c in expected for key in expected.index}


# Numbers that are hard --------------------------------------------------------------------------------


def test_sums_below_2_to_the_53_are_exact_and_larger_ones_are_said():
    exact = bars({"x": "g", "y": ("n",), "agg": "sum"}, {"g": ["a", "a", "b"], "n": [2**52, 2**52 - 1, 1]})
    assert list(heights(exact).values()) == [2**53 - 1, 1]
    assert "16 digits" not in exact.note
    beyond = bars({"x": "g", "y": ("n",), "agg": "sum"}, {"g": ["a", "a", "b"], "n": [2**53, 1, 1]})
    assert "Whole numbers from 9,007,199,254,740,992 on are told to 16 digits." in beyond.note


def test_sums_of_integers_do_not_overflow():
    chart = bars({"x": "g", "y": ("n",), "agg": "sum"}, {"g": ["a"] * 4 + ["b"], "n": [2**62] * 4 + [1]})
    assert heights(chart)["", "n", "a"] == float(2**64)


def test_sums_beyond_the_largest_float_are_said_and_leave_the_chart_json():
    chart = bars({"x": "g", "y": ("n",), "agg": "sum"}, {"g": ["a", "a", "b"], "n": [1e308, 1e308, 2.0]})
    assert to_json(chart)["data"][0]["y"] == [2]
    assert "1 bar is too high" in chart.note
    panels = bars({"x": "g", "y": ("n",), "facet": "g", "agg": "sum"}, {"g": ["a", "a", "b"], "n": [1e308] * 3})
    to_json(panels)


def test_infinite_and_missing_values_are_left_out_and_said():
    columns = {"g": ["a", "a", None, "b"], "n": [1.0, float("inf"), 5.0, None]}
    chart = bars({"x": "g", "y": ("n",), "agg": "sum"}, columns)
    assert heights(chart) == {("", "n", "a"): 1}
    assert "1 infinite value is not drawn." in chart.note
    assert "Missing values left out: 1 of g, 1 of n." in chart.note


def test_missing_values_of_a_column_that_only_counts_are_not_spoken_of():
    chart = bars({"x": "g", "y": ("n",), "agg": "count"}, {"g": ["a", "a", "b"], "n": [1.0, None, 2.0]})
    assert list(heights(chart).values()) == [2, 1]
    assert "Missing" not in chart.note


def test_zero_and_less_have_no_place_on_a_logarithmic_axis_and_that_is_said():
    columns = {"g": ["a", "b", "c"], "n": [10.0, 0.0, -5.0]}
    chart = bars({"x": "g", "y": ("n",), "agg": "sum", "log": "y"}, columns)
    assert "2 bars of zero or less" in chart.note
    assert axes(chart, "y")["yaxis"]["type"] == "log"


def test_stacked_negative_bars_stay_negative_within_the_range():
    columns = {"x": ["p", "p", "q", "q"], "c": ["u", "v", "u", "v"], "f": ["m", "n"] * 2, "n": [-3.0, -4.0, 5.0, 1.0]}
    asked = {"x": "x", "y": ("n",), "agg": "sum", "color": "c", "stack": "stacked"}
    chart = bars(asked, columns)
    assert chart.figure["layout"]["barmode"] == "stack"
    assert sorted(heights(chart).values()) == [-4, -3, 1, 5]
    low, high = axes(bars(asked | {"facet": "f"}, columns), "y")["yaxis"]["range"]
    assert low <= -4 and high >= 5


def test_stacked_means_say_that_they_have_no_sum():
    columns = {"x": ["p", "p"], "c": ["u", "v"], "n": [1.0, 2.5]}
    asked = {"x": "x", "y": ("n",), "color": "c", "stack": "stacked"}
    assert "no sum" in bars(asked | {"agg": "mean"}, columns).note
    assert "no sum" not in bars(asked | {"agg": "sum"}, columns).note


# Order and groups -------------------------------------------------------------------------------------


def test_counted_texts_are_longest_first_ties_as_they_appear():
    assert labels(bars({"x": "g"}, {"g": ["d", "b", "c", "c", "a", "b", "c"]})) == ["c", "b", "d", "a"]


def test_texts_of_an_aggregate_or_with_colours_stay_as_they_appear():
    columns = {"g": ["z", "m", "m", "a"], "c": ["1", "2", "1", "2"], "n": [1.5, 2, 3, 9]}
    assert labels(bars({"x": "g", "y": ("n",), "agg": "sum"}, columns)) == ["z", "m", "a"]
    assert labels(bars({"x": "g", "color": "c", "agg": "count"}, columns)) == ["z", "m", "a"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3, 1, 2, 2], ["1", "2", "3"]),
        ([2.5, -1.0, 10.0, 10.0], ["-1", "2.5", "10"]),
        ([True, False, True], ["false", "true"]),
        ([datetime.date(2020, 2, 1), datetime.date(2019, 5, 5)], ["2019-05-05", "2020-02-01"]),
        ([float("inf"), 1.0, None], ["1", "inf"]),
        ([0.0, -0.0, 1.0], ["0", "1"]),
    ],
)
def test_numbers_dates_and_logicals_rise(values, expected):
    assert labels(bars({"x": "g"}, {"g": values})) == expected


def test_texts_beyond_the_limit_are_one_bar_with_their_count_and_sum():
    sizes = {f"t{place:03}": place + 1 for place in range(50)}
    names = [name for name, size in sizes.items() for _ in range(size)]
    columns = {"g": names, "n": np.ones(len(names)) * 2.5}
    chart = bars({"x": "g", "agg": "count"}, columns)
    kept = sorted(sizes, reverse=True)[:11]
    assert labels(chart) == [*kept, "39 others"]
    assert heights(chart)["", "rows", "39 others"] == sum(size for name, size in sizes.items() if name not in kept)
    assert "11 of 50 values of g are told apart." in chart.note
    summed = heights(bars({"x": "g", "y": ("n",), "agg": "sum"}, columns))
    assert summed["", "n", "39 others"] == 2.5 * heights(chart)["", "rows", "39 others"]


def test_sixty_years_have_a_bar_each():
    years = [1900 + place % 60 for place in range(200)]
    assert labels(bars({"x": "year"}, {"year": years})) == [str(year) for year in range(1900, 1960)]


def test_ten_thousand_texts_keep_every_row():
    names = [f"name {place % 10_000}" for place in range(20_005)]
    chart = bars({"x": "g"}, {"g": names})
    assert sum(heights(chart).values()) == 20_005
    assert labels(chart)[-1] == "9,989 others"


def test_labels_that_begin_alike_keep_their_ends():
    names = [f"a rather long name of category {place}" for place in range(5)]
    found = labels(bars({"x": "g"}, {"g": names}))
    assert len(set(found)) == 5
    assert all(label.endswith(str(place)) for place, label in enumerate(found))


def test_markup_stays_text_everywhere():
    columns = {HOSTILE: [HOSTILE, "b"] * 5, "<b>": ["<i>", "&"] * 5, "<n>": [1.5] * 10}
    asked = {"x": HOSTILE, "y": ("<n>",), "agg": "sum", "color": "<b>"}
    chart = bars(asked, columns)
    for trace in chart.figure["data"]:
        assert not any("<" in text for text in [trace["name"], *trace["hovertext"]])
    assert not any("<" in label for label in labels(chart))
    titles = [axis["title"]["text"] for name, axis in chart.figure["layout"].items() if "axis" in name]
    assert not any("<" in title for title in titles)
    titles = panel_titles(bars(asked | {"facet": HOSTILE}, columns).figure)
    assert titles[0] == html.escape(HOSTILE) or titles[0].startswith("&lt;img src=x")
    assert HOSTILE[:10] in " ".join(chart.summary)


# Filters that leave little ----------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["x", "color", "facet"])
def test_groups_that_a_filter_empties_leave_an_empty_chart(part):
    columns = {"a": ["p", "q", None], "b": ["p", "q", "r"], "c": ["p", "q", "r"], "n": [1.5, 2.0, 3.0]}
    asked = {"x": "b", "color": "b", "facet": "c", "agg": "count"} | {part: "a"}
    chart = bars(asked, columns, rows=[2])
    assert heights(chart) == {}
    assert "Missing values left out: 1 of a" in chart.note


def test_bars_after_a_filter_count_the_rows_left(frame):
    rows = np.flatnonzero(frame["whole"] > 10).tolist()
    found = heights(bars({"x": "x"}, columns_of(frame), rows))
    assert found == {("", "rows", x): n for x, n in frame[frame["whole"] > 10].groupby("x").size().items()}


def test_one_row_is_one_bar():
    assert heights(bars({"x": "g"}, {"g": ["only"]})) == {("", "rows", "only"): 1}


# Clicks -----------------------------------------------------------------------------------------------


NASTY = ["", " ", "a:b", "50%", "%3A", "é", "a&b=c", "+", "NA", '"', "x,y", None, "null", "\u2028"]
KINDS = [
    lambda random, n: [NASTY[i] for i in random.integers(0, len(NASTY), n)],
    lambda random, n: [f"w{i}" for i in random.geometric(0.05, n)],
    lambda random, n: random.integers(-3, 4, n).tolist(),
    lambda random, n: [2**60 + int(i) for i in random.integers(0, 3, n)],
    lambda random, n: random.choice([0.1, 0.30000000000000004, -0.0, 0.0, 1e300, np.inf, 5e-324], n).tolist(),
    lambda random, n: [bool(i) if i < 2 else None for i in random.integers(0, 3, n)],
    lambda random, n: [datetime.date(2020, 2, 29) + datetime.timedelta(int(i)) for i in random.integers(0, 70, n)],
    lambda random, n: [datetime.datetime(2020, 1, 1, 10, 30, 0, int(i)) for i in random.integers(0, 4, n)],
]


def matching(engine, table, conditions, columns_query=()) -> int:
    dataset = describe("p/d", "", "p", table, lambda: table)
    text = "&".join(["dataset=p/d", *columns_query, conditions])
    found = query.match(engine, dataset, table, query.demand(dataset, View.from_query_string(text)))
    return table.num_rows if found is None else len(found)


@pytest.mark.parametrize("seed", range(40))
def test_a_click_on_a_bar_keeps_the_rows_that_it_counts(engine, seed):
    random = np.random.default_rng(seed)
    n = int(random.choice([1, 9, 300]))
    names = ["x:y", "%3A", "a b&c=d"]
    kinds = random.integers(0, len(KINDS), 3)
    table = pa.table({name: pa.array(KINDS[kind](random, n)) for name, kind in zip(names, kinds)})
    table = table.append_column("always", pa.array(["a"] * n))  # something to draw
    dataset = describe("p/d", "", "p", table, lambda: table)
    asked = {"x": names[0]} | ({"color": names[1]} if seed % 2 else {}) | ({"facet": names[2]} if seed % 3 else {})
    chart = charts.draw(dataset, table, None, View("p/d", chart="bar", agg="count", **asked), 1200)
    clicked = 0
    for trace in chart.figure["data"]:
        for height, click in zip(trace["y"], trace["customdata"]):
            assert set(parse_qs(click)) == {"where"}
            assert matching(engine, table, click) == height
            clicked += height
    drawn = [chart.plan.x, chart.plan.color, chart.plan.facet]
    given = np.logical_and.reduce([table[name].is_valid().to_numpy() for name in drawn if name])
    assert clicked == given.sum()


def test_a_click_that_no_link_could_hold_is_none():
    chart = bars({"x": "g"}, {"g": ["short", "l" * 5000, "short"]})
    assert chart.figure["data"][0]["customdata"][0].endswith("short")
    assert chart.figure["data"][0]["customdata"][1] is None


# Words ------------------------------------------------------------------------------------------------


def test_the_summary_tells_each_bar():
    chart = bars({"x": "g", "y": ("n",), "agg": "sum"}, {"g": ["a", "b", "a"], "n": [1.5, 20_000, 2.5]})
    assert chart.summary == ("A bar chart of sum of n by g, 3 rows.", "a 4 and b 20,000.")


def test_the_row_is_no_group():
    assert "does not fit" in bars({"x": ROW}, {"g": ["a", "b", "a"]}).note
