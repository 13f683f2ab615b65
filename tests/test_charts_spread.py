import datetime
import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from dataviewer import charts, query
from dataviewer.charts import bins, boxes, spread
from dataviewer.charts.kinds import KINDS
from dataviewer.charts.plan import resolve
from dataviewer.charts.source import Source
from dataviewer.describe import describe
from dataviewer.view import NONE, View
from tests.charting import HOSTILE, axes, draw_table, panel_titles, points, to_json

INF = float("inf")


def histogram(columns: dict, rows: list[int] | None = None, **asked) -> charts.Chart:
    return draw_table({"chart": "histogram"} | asked, columns, rows=rows)


def edges(trace: dict, place: int) -> tuple[float, float]:
    """Where a bin begins and ends: its bar is drawn a little narrower where bins are few."""
    click = View.from_query_string(trace["customdata"][place])
    bounds = [where for where in click.where if where.operator in ("gte", "lt", "lte")]
    return float(bounds[0].values[0]), float(bounds[1].values[0])


def counted(chart: charts.Chart) -> int:
    return sum(sum(trace["y"]) for trace in chart.figure["data"])


def matching(engine, table, *texts: str) -> int:
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View.from_query_string("&".join(["dataset=p/d", *texts]))
    found = query.match(engine, dataset, table, query.demand(dataset, view))
    return table.num_rows if found is None else len(found)


# Bins -------------------------------------------------------------------------------------------------


def floats(random: np.random.Generator, shape: int, n: int) -> np.ndarray:
    return (
        lambda: random.integers(-5, 40, n) * 0.1,
        lambda: np.round(random.normal(0, 3, n), 2),
        lambda: random.lognormal(0, 4, n),
        lambda: 1e9 + random.random(n),
        lambda: random.normal(0, 1e-12, n),
        lambda: random.normal(0, 1e300, n),
        lambda: random.integers(0, 3, n) * 5e-324,
        lambda: np.repeat(random.normal(), n),
        lambda: 1e16 + random.integers(0, 9, n) * 2.0,
        lambda: random.integers(-30, 3000, n) * 1.0,
        lambda: np.r_[np.zeros(n - 1), 1e6],
        lambda: random.choice([-1.7e308, 1.7e308, 0], n),
    )[shape]()


@pytest.mark.parametrize("shape", range(12))
@pytest.mark.parametrize("asked", [None, 1, 7, 200])
def test_bins_hold_every_value_once_as_numpy_counts_them(shape, asked):
    for n in (1, 2, 30, 999):
        values = floats(np.random.default_rng(n), shape, n)
        found = bins.find(values, asked)
        assert found.edges[0] <= values.min() and values.max() <= found.edges[-1]
        assert np.isfinite(found.edges).all() and (found.edges[1:] > found.edges[:-1]).all()
        np.testing.assert_array_equal(found.counts(values), np.histogram(values, found.edges)[0])
        assert found.counts(values).sum() == n
        assert len(found) <= max(asked or 0, 62)


@pytest.mark.parametrize("asked", [None, 3, 50])
def test_bins_of_logarithms_hold_every_value_once(asked):
    for values in ([1e-5, 1.0, 1e5], [1.0, 10.0, 1000.0], [5e-324, 1.7e308], [3.0], np.logspace(-3, 2, 501)):
        values = np.array(values)
        found = bins.find(values, asked, log=True)
        assert found.counts(values).sum() == len(values)
        assert np.isfinite(found.edges).all() and (found.edges[1:] > found.edges[:-1]).all()


def test_edges_are_round_numbers_written_as_such():
    found = bins.find(np.arange(0, 31) * 0.1, unit=0.1).edges.tolist()
    assert found == [float(f"{edge:.1f}") for edge in found]
    assert 0.3 in bins.find(np.array([0.1, 0.2, 0.3, 0.9]), unit=0.1).edges.tolist()


def test_a_value_on_an_edge_begins_a_bin():
    chart = histogram({"a": [0.1, 0.2, 0.3, 0.3, 0.6, 0.7, 0.9, 1.2]})
    trace = chart.figure["data"][0]
    by_start = {edges(trace, place)[0]: y for place, y in enumerate(trace["y"])}
    assert by_start[0.3] == 2


def test_the_number_of_bins_asked_for_is_drawn():
    values = np.random.default_rng(0).normal(size=500)
    chart = histogram({"a": values}, bins=20)
    expected, ends = np.histogram(values, np.linspace(values.min(), values.max(), 21))
    trace = chart.figure["data"][0]
    assert trace["y"] == expected[expected > 0].tolist()
    np.testing.assert_allclose(trace["x"], ends[:-1][expected > 0])


def test_whole_numbers_of_little_span_have_a_bin_each_in_its_middle():
    chart = histogram({"a": [1, 2, 2, 5, 5, 5]})
    trace = chart.figure["data"][0]
    assert points(trace) == [(1, 1), (2, 2), (5, 3)]
    assert trace["hovertext"] == ["1", "2", "5"]
    axis = axes(chart, "x")["xaxis"]
    assert (axis["range"], axis["tick0"], axis["dtick"]) == ([0.5, 5.5], 0, 1)


def test_bins_of_whole_numbers_hold_equally_many_of_them():
    for span in (41, 90, 150, 230, 1000, 12345):
        widths = np.diff(bins.find(np.arange(span) * 1.0, unit=1.0).edges)
        assert (widths == widths[0]).all() and widths[0] == int(widths[0])


def test_bins_of_decimals_hold_equally_many_of_them():
    widths = np.diff(bins.find(np.arange(43, 80) / 10, unit=0.1).edges) * 10
    np.testing.assert_allclose(widths, widths[0].round())


def test_equal_values_are_one_bin_about_them():
    for value in (0.0, 5.0, 0.001, -3e-9, 1e300, -1.7976931348623157e308, 2.0**60):
        chart = histogram({"a": [value] * 9})
        trace = to_json(chart)["data"][0]
        assert trace["y"] == [9]
        assert trace["width"][0] > 0


def test_the_first_and_the_last_bin_are_within_the_axis(catalog):
    chart = charts.draw(
        catalog["datasets/iris"],
        catalog.table(catalog["datasets/iris"]),
        None,
        View("datasets/iris", chart="histogram", y=("Sepal.Length",)),
        1200,
    )
    trace, (low, high) = chart.figure["data"][0], axes(chart, "x")["xaxis"]["range"]
    assert low <= trace["x"][0] and high >= trace["x"][-1] + trace["width"][-1]


# Histograms -------------------------------------------------------------------------------------------


def test_colours_and_panels_divide_the_counts_by_the_same_bins():
    random = np.random.default_rng(3)
    values, c, f = random.normal(size=300), random.choice(list("ab"), 300), random.choice(list("xyz"), 300)
    chart = histogram({"v": values, "c": c.tolist(), "f": f.tolist()}, color="c", facet="f")
    assert counted(chart) == 300
    assert len(chart.figure["data"]) == 6
    ends = np.unique([end for t in chart.figure["data"] for place in range(len(t["y"])) for end in edges(t, place)])
    for trace in chart.figure["data"]:
        panel = int(trace.get("yaxis", "y")[1:] or 1) - 1
        title = panel_titles(chart.figure)[panel]
        own = values[(c == trace["name"]) & (f == title)]
        expected = np.histogram(own, ends)[0]
        assert trace["y"] == expected[expected > 0].tolist()


def test_a_zoom_is_binned_anew_and_its_bins_count_all_that_is_in_them():
    values = np.random.default_rng(4).normal(size=2000)
    whole, part = histogram({"v": values}), histogram({"v": values}, range=("0", "1"))
    trace = part.figure["data"][0]
    assert trace["width"][0] < whole.figure["data"][0]["width"][0]
    for place, count in enumerate(trace["y"]):
        low, high = edges(trace, place)
        assert count == ((values >= low) & (values < high)).sum()
    assert axes(part, "x")["xaxis"]["range"] == [0, 1]
    assert counted(part) >= ((values >= 0) & (values <= 1)).sum()


def test_a_range_without_values_says_so():
    assert "No value lies in this range." in histogram({"v": [1.0, 2.0]}, range=("5", "6")).note


def test_a_logarithmic_axis_leaves_out_and_says_what_has_no_logarithm():
    values = [-1.0, 0.0, 0.5, 5.0, 500.0, None, INF]
    chart = histogram({"v": values}, log="x")
    assert counted(chart) == 3
    assert "2 values of zero or less have no logarithm" in chart.note
    assert "1 infinite value " in chart.note and "Missing values left out: 1 of v." in chart.note
    assert axes(chart, "x")["xaxis"]["type"] == "log"


def test_a_logarithmic_count_keeps_negative_values():
    chart = histogram({"v": [-1.0, 0.0, 0.5, 5.0]}, log="y")
    assert counted(chart) == 4
    assert "logarithm" not in chart.note
    assert axes(chart, "y")["yaxis"]["type"] == "log"


def test_without_a_value_above_zero_no_axis_is_logarithmic():
    chart = histogram({"v": [-1.5, -2.0, -2.5]}, log="x")
    assert counted(chart) == 3
    assert axes(chart, "x")["xaxis"]["type"] == "linear"
    assert chart.note.count("not logarithmic") == 1
    both = histogram({"v": [-1.5, -2.0], "w": [0.0, -2.5]}, log="x", y=("v", "w"))
    assert counted(both) == 4 and "not logarithmic" in both.note


def test_columns_have_bins_of_their_own_and_a_panel_each():
    chart = histogram({"a": [1, 2, 3], "b": [1e6, 2e6, 5e6], "c": [None, None, 1.5]}, y=("a", "b", "c"))
    assert [sum(trace["y"]) for trace in chart.figure["data"]] == [3, 3, 1]
    assert len(axes(chart, "x")) == 3


def test_panels_of_groups_show_one_column_and_say_so():
    columns = {"a": [1, 2, 3], "b": [1e6, 2e6, 5e6], "g": ["x", "y", "x"]}
    chart = histogram(columns, y=("a", "b"), facet="g")
    assert counted(chart) == 3
    assert "Panels by g show one column, a;" in chart.note


def test_missing_groups_are_left_out_and_said():
    chart = histogram({"a": [1, 2, 3], "g": ["x", None, "x"]}, y=("a",), color="g")
    assert counted(chart) == 2
    assert "1 of g" in chart.note
    assert "1 of g" in histogram({"a": [1, 2, 3], "g": ["x", None, "x"]}, y=("a",), facet="g").note


@pytest.mark.parametrize("kind", ["histogram", "ecdf", "box", "violin", "strip"])
@pytest.mark.parametrize("part", ["color", "facet", "x"])
def test_a_filter_that_leaves_no_value_or_no_group_is_said(kind, part):
    columns = {"v": [1.5, 2.5, None, 3.5], "g": ["a", "b", "a", None]}
    for rows in ([2], [3]):
        chart = draw_table({"chart": kind, "y": ("v",), part: "g"}, columns, rows=rows)
        to_json(chart)
        assert "Missing values left out" in chart.note or part == "x"


def test_markup_stays_text():
    columns = {HOSTILE: [1.5, 2.5, 3.5] * 4, "<g>": ["<i>", "<b>", "&"] * 4}
    for kind in ("histogram", "ecdf", "box", "violin", "strip"):
        chart = draw_table({"chart": kind, "y": (HOSTILE,), "color": "<g>"}, columns)
        assert {trace["name"] for trace in chart.figure["data"]} == {"&lt;i&gt;", "&lt;b&gt;", "&amp;"}
        titles = [axis["title"]["text"] for letter in "xy" for axis in axes(chart, letter).values()]
        assert not any("<" in title for title in titles)


# Dates ------------------------------------------------------------------------------------------------


def of_dates(values: list, **asked) -> tuple[charts.Chart, pa.Table]:
    table = pa.table({"when": values, "v": np.arange(len(values)) * 1.5})
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", chart="histogram", y=("v",), **asked)
    plan = replace(resolve(dataset, view, KINDS), y=("when",))
    return spread.draw_histogram(Source(dataset, table, None, 1200), plan, view), table


@pytest.mark.parametrize("asked", [{}, {"bins": 7}])
@pytest.mark.parametrize(
    ("step", "count"), [(86_400, 1), (86_400, 500), (86_400 * 200, 90), (7, 600), (3601.5, 80), (0.25, 50)]
)
def test_bins_of_dates_hold_every_date_and_a_click_keeps_them(engine, asked, step, count):
    start = datetime.datetime(2019, 12, 30, 23, 59, 58)
    random = np.random.default_rng(count)
    when = [start + datetime.timedelta(seconds=step * int(i)) for i in random.integers(0, count, 300)]
    for values in (when, [None, *(moment.date() for moment in when)]):
        chart, table = of_dates(values, **asked)
        trace = to_json(chart)["data"][0]
        assert sum(trace["y"]) == 300
        assert all(width > 0 for width in trace["width"])
        for height, click in zip(trace["y"], trace["customdata"]):
            assert matching(engine, table, click) == height


def test_bins_of_dates_begin_with_months():
    days = np.datetime64("2015-03-10") + np.arange(0, 2000, 9)
    ends = bins.find(days).edges
    assert (ends == ends.astype("datetime64[M]")).all()
    assert str(ends[0])[:10] == "2015-01-01"


def test_bins_of_decimal_years_cannot_be_clicked():
    table = pa.table({"time": [1949 + month / 12 for month in range(48)], "v": np.arange(48) * 1.5})
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", chart="histogram", y=("v",))
    plan = replace(resolve(dataset, view, KINDS), y=("time",))
    trace = spread.draw_histogram(Source(dataset, table, None, 1200), plan, view).figure["data"][0]
    assert sum(trace["y"]) == 48
    assert set(trace["customdata"]) == {None}


# Clicks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_a_click_on_a_bin_keeps_the_rows_that_it_counts(engine, seed):
    random = np.random.default_rng(seed)
    n = int(random.choice([1, 25, 400]))
    values = floats(random, seed % 12, n)
    values = [None if gap else value for value, gap in zip(values.tolist(), random.random(n) < 0.1)]
    numbers = [int(i) for i in random.integers(-100, 100, n) ** int(random.choice([1, 2, 3]))]
    columns = {
        "v:%": [*values, 1.5],
        "w": [*numbers, 2**61],
        "g": [["a", "", "b:c", None][i] for i in (*random.integers(0, 4, n), 0)],
    }
    table = pa.table({"v:%": columns["v:%"], "w": columns["w"] if seed % 2 else [*numbers, 3], "g": columns["g"]})
    dataset = describe("p/d", "", "p", table, lambda: table)
    log = ["", "x", "xy"][seed // 3 % 3]
    view = View("p/d", chart="histogram", y=("v:%", "w"), bins=[None, 5, 13][seed % 3], log=log)
    view = replace(view, color="g") if seed % 2 else view
    chart = charts.draw(dataset, table, None, view, 1200)
    clicked = 0
    for trace in to_json(chart)["data"]:
        for height, click in zip(trace["y"], trace["customdata"]):
            if click:
                assert matching(engine, table, click) == height
            clicked += bool(click)
    assert clicked


def test_bins_of_integers_that_no_float_holds_cannot_be_clicked():
    chart = histogram({"a": [2**61, 2**61 + 1, 2**61 + 5000]})
    assert counted(chart) == 3
    assert set(chart.figure["data"][0]["customdata"]) == {None}


@pytest.mark.parametrize("seed", range(40))
def test_a_click_on_a_box_keeps_the_rows_that_it_is_drawn_of(engine, seed):
    random = np.random.default_rng(seed)
    n = int(random.choice([3, 30, 500]))
    values = random.choice([-1.0, 0.0, 0.5, 2.0, 30.0, INF, -INF], n).tolist()
    values = [None if gap else value for value, gap in zip(values, random.random(n) < 0.2)] + [1.0]
    groups = [[f"{letter}{i}" for i in random.integers(0, most, n)] + [None] for letter, most in (("a", 40), ("b", 3))]
    table = pa.table({"v": values, "g": groups[0], "c": groups[1]})
    dataset = describe("p/d", "", "p", table, lambda: table)
    log = "y" if seed % 2 else ""
    view = View("p/d", chart="box", y=("v",), x="g", color="c" if seed % 3 else "", log=log)
    source = Source(dataset, table, None, 1200)
    chart = charts.draw(dataset, table, None, view, 1200)
    x, drawn = source.groups("g", spread.GROUPS_MAX), 0
    for trace in chart.figure["data"]:
        for place, click, mean in zip(trace["x"], trace["customdata"], trace["mean"]):
            numbers = source.numbers("v")
            wanted = (x.codes == place) & ~np.isnan(numbers) & ((numbers > 0) | (log == ""))
            if chart.plan.color:
                wanted &= np.array([value == trace["name"] for value in table["c"].to_pylist()])
            assert matching(engine, table, click) == wanted.sum()
            assert mean == pytest.approx(numbers[wanted].mean())
            drawn += wanted.sum()
    given = np.isfinite(source.numbers("v")) & (x.codes >= 0)
    assert drawn == (given & ((source.numbers("v") > 0) | (log == ""))).sum()


def test_a_click_on_a_violin_keeps_the_rows_of_its_group(engine):
    values, groups = [1.5, 2.5, None, 4.0, 4.5, 9.0], ["a", "a", "a", "b", "b", None]
    chart = draw_table({"chart": "violin", "y": ("v",), "x": "g"}, {"v": values, "g": groups})
    table = pa.table({"v": values, "g": groups})
    assert [matching(engine, table, trace["customdata"][0]) for trace in chart.figure["data"]] == [2, 2]


@pytest.mark.parametrize("rows", [None, [5, 2, 0, 1]])
def test_a_click_on_a_dot_of_a_strip_points_at_its_row(rows):
    values = [3.5, 1.5, None, 1.5, 0.5, 2.5]
    columns = {"v": values, "g": ["a", "b", "a", "b", "a", "b"]}
    chart = draw_table({"chart": "strip", "y": ("v",), "x": "g"}, columns, rows=rows and sorted(rows))
    [trace] = chart.figure["data"]
    pointed = [int(click.removeprefix("row=")) - 1 for click in trace["customdata"]]
    assert [values[row] for row in pointed] == list(trace["y"])
    assert [columns["g"][row] for row in pointed] == ["ab"[place] for place in trace["x"]]
    assert sorted(pointed) == [row for row in (rows and sorted(rows) or range(6)) if values[row] is not None]


# Boxes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_boxes_are_those_of_numpy(seed):
    random = np.random.default_rng(seed)
    values = random.standard_t(2, int(random.choice([1, 2, 5, 100, 3000])))
    box = boxes.box_of(values)
    first, median, third = np.quantile(values, [0.25, 0.5, 0.75])
    assert (box.first, box.median, box.third) == (first, median, third)
    fences = first - 1.5 * (third - first), third + 1.5 * (third - first)
    inside = values[(values >= fences[0]) & (values <= fences[1])]
    assert (box.low, box.high) == (inside.min(), inside.max())
    assert box.outside.tolist() == sorted(values[(values < fences[0]) | (values > fences[1])])
    assert box.mean == pytest.approx(values.mean())


def test_a_box_of_huge_values_is_finite():
    box = boxes.box_of(np.array([-1.7e308, 1.7e308, 1.7e308, 1e308]))
    assert box.mean == pytest.approx(0.675e308)
    chart = draw_table({"chart": "box", "y": ("v",)}, {"v": [1.7e308, 1.7e308, 1.5e308]})
    assert to_json(chart)["data"][0]["mean"][0] == pytest.approx(4.9e307 / 3 * 10)


def test_at_most_a_hundred_outliers_are_drawn_the_furthest_among_them_and_that_is_said():
    values = [0.0] * 9000 + [float(i) for i in range(1, 301)]
    chart = draw_table({"chart": "box", "y": ("v",)}, {"v": values})
    dots = chart.figure["data"][0]["y"][0]
    assert (len(dots), min(dots), max(dots)) == (100, 1, 300)
    assert "Of up to 300 dots beyond the whiskers a group, evenly spread ones are drawn." in chart.note


def test_few_outliers_are_all_drawn_and_nothing_is_said():
    chart = draw_table({"chart": "box", "y": ("v",)}, {"v": [*range(20), -99.0, 55.0, 77.0]})
    assert chart.figure["data"][0]["y"][0].tolist() == [-99, 55, 77]
    assert chart.note == ""


def test_empty_groups_have_no_box():
    columns = {"v": [1.0, 2.0, None, 4.0], "x": ["a", "a", "b", "c"]}
    chart = draw_table({"chart": "box", "y": ("v",), "x": "x"}, columns)
    assert chart.figure["data"][0]["x"] == [0, 2]
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["a", "b", "c"]


def test_thirty_groups_twelve_colours_and_twelve_panels_are_found_quickly():
    random = np.random.default_rng(0)
    n = 150_000
    columns = {"v": random.normal(size=n), "w": random.normal(size=n)}
    columns |= {name: [f"{name}{i}" for i in random.integers(0, most, n)] for name, most in zip("xcf", (30, 12, 12))}
    table = pa.table(columns)
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", chart="box", y=("v",), x="x", color="c", facet="f")
    plan, source = resolve(dataset, view, KINDS), Source(dataset, table, None, 1200)
    begin = time.process_time()
    _, found, _ = spread.parts.find(source, plan, source.groups("x", 30))
    assert time.process_time() - begin < 1  # 40 ms where nothing else runs; a mask a group took seconds
    assert len(found) == 30 * 12 * 12
    assert sum(len(part.rows) for part in found) == n
    part = found[777]
    conditions = {where.column: where.values[0] for where in part.wheres}
    own = [i for i in range(n) if all(columns[name][i] == value for name, value in conditions.items())]
    assert part.rows.tolist() == own
    np.testing.assert_array_equal(part.values, columns["v"][own])


@pytest.mark.parametrize("kind", ["box", "violin", "strip"])
@pytest.mark.parametrize("log", ["", "y"])
def test_panels_share_a_range_that_holds_every_value(kind, log):
    columns = {"v": [1.0, 2.0, 3.0, 900.0, 0.5, 7.0], "g": list("aabbcc")}
    chart = draw_table({"chart": kind, "y": ("v",), "x": "g", "facet": "g", "log": log}, columns)
    low, high = axes(chart, "y")["yaxis"]["range"]
    ends = np.log10([0.5, 900]) if log else (0.5, 900)
    assert low < ends[0] and high > ends[1]
    assert high - low < 1.2 * (ends[1] - ends[0])


# Violins and strips -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["violin", "strip"])
def test_many_values_are_drawn_at_even_steps_of_rank_with_both_extremes(kind):
    values = np.random.default_rng(2).lognormal(0, 2, 10_001)
    chart = draw_table({"chart": kind, "y": ("v",)}, {"v": values})
    drawn = np.asarray(chart.figure["data"][0]["y"])
    ranked = np.sort(values)
    assert len(drawn) == boxes.SAMPLE
    assert (drawn[0], drawn[-1]) == (ranked[0], ranked[-1])
    ranks = np.searchsorted(ranked, drawn)
    assert ranked[ranks].tolist() == drawn.tolist()
    assert set(np.diff(ranks)) <= {25, 26}
    assert "Of up to 10,001 values a group, evenly spread ones are drawn." in chart.note


@pytest.mark.parametrize("kind", ["violin", "strip"])
def test_few_values_are_all_drawn(kind):
    chart = draw_table({"chart": kind, "y": ("v",), "x": "g"}, {"v": [3.5, 1.0, 2.0], "g": ["b", "a", "b"]})
    assert [point for trace in chart.figure["data"] for point in points(trace)] == [(0, 2.0), (0, 3.5), (1, 1.0)]
    assert chart.note == ""


def test_every_violin_is_as_wide_as_the_others():
    """Plotly scales the violins of one scale group by the densest: of the others a hair would be left."""
    columns = {"v": [1.0, 1.1, 1.2, 0.0, 500.0, 900.0], "g": list("aaabbb"), "c": list("xyxyxy")}
    for asked, violins in (({"color": NONE}, 2), ({"color": "c"}, 4), ({"color": NONE, "facet": "c"}, 4)):
        chart = draw_table({"chart": "violin", "y": ("v",), "x": "g", **asked}, columns)
        groups = [trace["scalegroup"] for trace in chart.figure["data"]]
        assert len(groups) == len(set(groups)) == violins
        assert {trace["scalemode"] for trace in chart.figure["data"]} == {"width"}


@pytest.mark.parametrize("kind", ["box", "violin", "strip"])
def test_one_row_one_value_and_huge_values_are_drawn(kind):
    for values in ([1.5], [2.5] * 600, [1e308, -1e308] * 300, [5e-324] * 3):
        chart = draw_table({"chart": kind, "y": ("v",)}, {"v": values})
        assert to_json(chart)["data"]


@pytest.mark.parametrize("kind", ["box", "violin", "strip"])
def test_the_row_pointed_at_has_a_ring_at_its_value(kind):
    columns = {"v": [1.5, 2.5, 9.0], "x": ["a", "b", "b"]}
    chart = draw_table({"chart": kind, "y": ("v",), "x": "x", "row": 3}, columns)
    ring = chart.figure["data"][-1]
    assert (ring["x"], ring["y"]) == ([1], [9])
    without = draw_table({"chart": kind, "y": ("v",), "x": "x", "row": 3}, columns, rows=[0, 1])
    traces = {"violin": 2}.get(kind, 1)  # a violin for each group, all boxes in one
    assert len(without.figure["data"]) == traces


@pytest.mark.parametrize(("columns", "mode"), [(2, "select"), (1, "zoom")])
def test_bars_can_be_drawn_over_in_several_panels(columns, mode):
    table = pa.table({name: [1.5, 2.5, 9.0] for name in "ab"[:columns]})
    dataset = describe("p/d", "", "p", table, lambda: table)
    chart = charts.draw(dataset, table, None, View("p/d", chart="histogram"), 1200)
    assert chart.figure["layout"]["dragmode"] == mode


# Cumulative -------------------------------------------------------------------------------------------


def test_shares_are_exact():
    chart = draw_table({"chart": "ecdf"}, {"v": [3.0, 1.0, 1.0, None, 4.0]})
    trace = to_json(chart)["data"][0]
    assert points(trace) == [(1, 0), (1, 0.5), (3, 0.75), (4, 1)]
    assert trace["customdata"] == [0.5, 0.5, 0.75, 1], "equal values have one share, wherever one points"
    assert trace["line"]["shape"] == "hv"


@pytest.mark.parametrize(("rows", "format"), [(4, ".1%"), (150, ".1%"), (999, ".1%"), (1001, ".2%"), (53_940, ".3%")])
def test_all_but_one_never_read_as_all(rows, format):
    trace = draw_table({"chart": "ecdf"}, {"v": np.arange(rows) / 2}).figure["data"][0]
    assert f"%{{customdata:{format}}} of {rows:,} values are not above" in trace["hovertemplate"]
    digits = int(format[1])
    assert float(f"{(rows - 1) / rows:.{digits}%}"[:-1]) < 100 and float(f"{1 / rows:.{digits}%}"[:-1]) > 0


def test_many_values_are_reduced_and_said_with_exact_shares():
    values = np.random.default_rng(5).normal(size=20_000)
    chart = draw_table({"chart": "ecdf"}, {"v": values})
    trace, ranked = chart.figure["data"][0], np.sort(values)
    assert len(trace["y"]) <= 2 * 1200 + 1
    np.testing.assert_allclose(np.searchsorted(ranked, trace["x"], side="right") / 20_000, trace["customdata"])
    np.testing.assert_array_equal(trace["y"][1:], trace["customdata"][1:])
    assert (trace["x"][0], trace["x"][-1]) == (ranked[0], ranked[-1])
    assert "evenly spread ones are drawn" in chart.note


def test_a_zoom_shows_every_step_of_it():
    values = np.random.default_rng(6).normal(size=20_000)
    trace = draw_table({"chart": "ecdf", "range": ("0", "0.01")}, {"v": values}).figure["data"][0]
    inside = values[(values >= 0) & (values <= 0.01)]
    assert set(inside) <= set(np.asarray(trace["x"]))


def test_groups_have_shares_of_their_own():
    chart = draw_table({"chart": "ecdf", "y": ("v",), "color": "g"}, {"v": [1.5, 2, 3], "g": ["a", "b", "a"]})
    assert [points(trace) for trace in to_json(chart)["data"]] == [[(1.5, 0), (1.5, 0.5), (3, 1)], [(2, 0), (2, 1)]]


def test_infinite_values_are_said():
    assert "1 infinite value " in draw_table({"chart": "ecdf"}, {"v": [1.5, INF]}).note
