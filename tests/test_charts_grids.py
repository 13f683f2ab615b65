"""Grids of counts and of correlations, against numpy's histograms and pandas' correlations."""

import base64
import datetime
import gzip
import html
import json
import math
import time
from urllib.parse import parse_qs

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plotly.io.json import to_json_plotly

from dataviewer import charts, query
from dataviewer.charts import base, grids
from dataviewer.charts.points import POINTS_MAX
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.view import View, Where

ENGINE = Engine()
HOSTILE = "<img src=x onerror=alert(1)>&%{x}"


def draw(columns: dict, **asked) -> base.Chart:
    """Return the chart of a view, as strict JSON could carry it."""
    table = pa.table(columns)
    dataset = describe("p/d", "", "p", table, lambda: table)
    view = View("p/d", **{"chart": "density", **asked})
    chart = charts.draw(dataset, table, query.match(ENGINE, dataset, table, view), view, 1200)
    to_json(chart)
    return chart


def to_json(chart: base.Chart) -> dict:
    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(to_json_plotly(chart.figure), parse_constant=refuse)


def array_of(packed: object) -> np.ndarray:
    """Return the numbers of a trace, which Plotly packs."""
    if not isinstance(packed, dict):
        return np.array(packed)
    shape = [int(n) for n in packed.get("shape", "-1").split(",")]
    return np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"]).reshape(shape)


def cells_of(chart: base.Chart, place: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the ends of the cells along x and y, and the counts: a row of them for each y."""
    trace = to_json(chart)["data"][place]
    assert trace["type"] == "heatmap"
    return tuple(array_of(trace[key]) for key in ("x", "y", "customdata"))


def assert_is_histogram(chart: base.Chart, x: np.ndarray, y: np.ndarray, place: int = 0) -> None:
    """Assert that the cells count exactly the points, as numpy does between the same ends."""
    x_edges, y_edges, counts = cells_of(chart, place)
    expected = np.histogram2d(x, y, bins=(x_edges, y_edges))[0].T
    assert counts.shape == expected.shape
    assert (counts == expected).all()
    assert counts.sum() == len(x)
    z = array_of(to_json(chart)["data"][place]["z"]).astype(float)
    assert (np.isnan(z) == (counts == 0)).all()
    np.testing.assert_allclose(10 ** z[counts > 0], counts[counts > 0], rtol=2e-3)


def scattered(rows: int = 5000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(7)
    return random.normal(0, 1, rows), random.exponential(1, rows)


# Counts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["density", "scatter"])
def test_the_cells_count_all_rows_both_ends_of_the_grid_among_them(kind):
    x, y = scattered()
    chart = draw({"a": x, "b": y}, chart=kind, x="a", y=("b",))
    assert_is_histogram(chart, x, y)
    x_edges, y_edges, _ = cells_of(chart)
    assert (len(x_edges), len(y_edges)) == (61, 37)
    assert (x_edges[0], x_edges[-1], y_edges[0], y_edges[-1]) == (x.min(), x.max(), y.min(), y.max())
    assert f"5,000 rows in cells; the fullest has {cells_of(chart)[2].max():,}." in chart.note


@given(
    st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=3, max_size=60),
    st.sampled_from([None, 5, 10, 50, 200]),
)
@settings(max_examples=60, deadline=None)
def test_any_points_are_counted_where_numpy_counts_them(points, bins):
    x, y = np.array(points).T
    chart = draw({"a": x, "b": y}, x="a", y=("b",), bins=bins)
    x_edges, y_edges, counts = cells_of(chart)
    if (np.diff(x_edges) > 0).all() and (np.diff(y_edges) > 0).all():
        assert_is_histogram(chart, x, y)
    assert counts.sum() == len(x)


def test_values_closer_than_any_division_are_counted():
    x, y = np.array([0, 1e-310, 2e-310]), np.array([1.5, 2, 3])
    assert cells_of(draw({"a": x, "b": y}, x="a", y=("b",)))[2].sum() == 3
    assert cells_of(draw({"a": y, "b": x}, x="a", y=("b",)))[2].sum() == 3


def test_points_on_the_ends_of_cells_are_counted_in_the_cell_above():
    ends = np.linspace(0, 0.7, 11)
    x = np.concatenate([ends, np.random.default_rng(0).uniform(0, 0.7, 5000)])
    chart = draw({"a": x, "b": x}, x="a", y=("b",), bins=10)
    assert_is_histogram(chart, x, x)


@pytest.mark.parametrize("bins", [5, 37, 200])
def test_so_many_bins_are_drawn_as_are_asked_for(bins):
    x, y = scattered()
    chart = draw({"a": x, "b": y}, x="a", y=("b",), bins=bins)
    assert cells_of(chart)[2].shape == (bins, bins)
    assert_is_histogram(chart, x, y)


def test_few_whole_numbers_have_a_cell_each():
    random = np.random.default_rng(0)
    x, y = random.integers(3, 9, 500), random.integers(-2, 3, 500)
    chart = draw({"a": x, "b": y.astype(float)}, x="a", y=("b",))
    x_edges, y_edges, counts = cells_of(chart)
    assert x_edges.tolist() == [2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5]
    assert y_edges.tolist() == [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]
    table = pd.crosstab(y, x)
    assert (counts == table.to_numpy()).all()


def test_cells_of_many_whole_numbers_hold_equally_many_of_them():
    x = np.repeat(np.arange(0, 101), 50)  # 101 numbers in at most 60 cells
    chart = draw({"a": x, "b": np.tile(np.arange(50) / 7, 101)}, x="a", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert set(np.diff(x_edges)) == {2}
    assert set(counts.sum(axis=0)[:-1]) == {100}


def test_cells_of_decimals_hold_equally_many_of_them():
    x = np.repeat(np.round(np.arange(4.3, 8.0, 0.1), 1), 20)  # 37 tenths
    chart = draw({"a": x, "b": np.tile(np.arange(20), 37)}, x="a", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert set(counts.sum(axis=0)) == {20}
    np.testing.assert_allclose(x_edges, np.arange(4.25, 8.0, 0.1))


def test_missing_and_infinite_values_are_in_no_cell_and_said():
    frame = {"a": [1.0, None, 3, math.inf, 5], "b": [1.0, 2, None, 4, 5]}
    chart = draw(frame, x="a", y=("b",))
    assert cells_of(chart)[2].sum() == 2
    assert "3 of 5 rows lie outside or have no place on both axes." in chart.note
    assert "1 infinite value is not drawn." in chart.note


@pytest.mark.parametrize("value", [0.0, 2.5, -1e300, 1e-300, 1e17])
@pytest.mark.parametrize("rows", [1, 7])
def test_one_row_or_equal_values_are_one_cell_with_room(value, rows):
    chart = draw({"a": [value] * rows, "b": [value] * rows}, x="a", y=("b",))
    x_edges, y_edges, counts = cells_of(chart)
    assert counts.tolist() == [[rows]]
    assert x_edges[0] < value < x_edges[1] and y_edges[0] < value < y_edges[1]


def test_rows_without_a_value_in_common_are_a_sentence():
    chart = draw({"a": [1.0, None], "b": [None, 2.0]}, x="a", y=("b",))
    assert chart.figure["data"] == []
    assert chart.note == "No row lies here."


def test_only_rows_that_a_filter_leaves_are_counted():
    x, y = scattered()
    chart = draw({"a": x, "b": y}, x="a", y=("b",), where=(Where("a", "gt", ("0",)),))
    assert_is_histogram(chart, x[x > 0], y[x > 0])


# Axes ----------------------------------------------------------------------------------------------


def test_on_logarithmic_axes_cells_are_equally_wide_in_logarithms():
    random = np.random.default_rng(3)
    x = np.round(10 ** random.uniform(0, 5, 4000))  # whole numbers, of which no cell may hold one each
    y = 10 ** random.uniform(-3, 3, 4000)
    x[0], y[1] = 0, -1
    chart = draw({"a": x, "b": y}, x="a", y=("b",), log="xy", bins=20)
    x_edges, y_edges, counts = cells_of(chart)
    kept = (x > 0) & (y > 0)
    for edges, values in ((x_edges, x[kept]), (y_edges, y[kept])):
        assert len(edges) == 21
        np.testing.assert_allclose(np.diff(np.log10(edges)), np.ptp(np.log10(values)) / 20)
    expected = np.histogram2d(
        np.log10(x[kept]),
        np.log10(y[kept]),
        20,
    )[0].T
    assert (counts == expected).all()
    assert "2 of 4,000 rows lie outside or have no place on both axes." in chart.note


def test_an_axis_without_a_positive_value_stays_plain_and_says_so():
    chart = draw({"a": [-1.0, -2, 0], "b": [0.0, -3, -4]}, x="a", y=("b",), log="xy")
    assert cells_of(chart)[2].sum() == 3
    assert "a has no value above zero" in chart.note and "b has no value above zero" in chart.note


def test_dates_are_counted_in_whole_days():
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=n % 100) for n in range(5000)]
    chart = draw({"day": days, "b": np.arange(5000.0)}, x="day", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert x_edges[0] == "2019-12-31T12:00:00.000000" and x_edges[1] == "2020-01-02T12:00:00.000000"
    assert set(counts.sum(axis=0)) == {100} and counts.sum() == 5000
    assert chart.summary[1] == "day: from 2020-01-01 to 2020-04-09."


def test_one_day_is_one_cell():
    chart = draw({"day": [datetime.date(2020, 1, 1)] * 3, "b": [1.0, 2, 3]}, x="day", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert x_edges.tolist() == ["2019-12-31T12:00:00.000000", "2020-01-01T12:00:00.000000"]
    assert counts.sum() == 3


def test_points_in_time_are_counted():
    start = datetime.datetime(2020, 1, 1)
    times = [start + datetime.timedelta(seconds=n) for n in range(600)][::-1]
    chart = draw({"at": times, "b": np.arange(600.0)}, x="at", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert (x_edges[0], x_edges[-1]) == ("2020-01-01T00:00:00.000000", "2020-01-01T00:09:59.000000")
    assert counts.sum() == 600 and set(counts.sum(axis=0)) <= {9, 10, 11}


def test_decimal_years_are_counted_as_dates():
    frame = {"time": [1949 + n / 12 for n in range(144)], "b": np.arange(144.0), "c": np.arange(144.0)}
    chart = draw(frame, x="time", y=("b",))
    x_edges, _, counts = cells_of(chart)
    assert x_edges[0].startswith("1948-12-31T12") and counts.sum() == 144


def test_a_zoom_counts_anew_what_lies_in_it():
    x, y = scattered(50_000)
    chart = draw({"a": x, "b": y}, chart="scatter", x="a", y=("b",), range=("-1", "1", "0", "2"))
    inside = (x >= -1) & (x <= 1) & (y >= 0) & (y <= 2)
    assert_is_histogram(chart, x[inside], y[inside])
    assert f"{inside.sum():,} dots would cover each other" in chart.note
    layout = to_json(chart)["layout"]
    assert (layout["xaxis"]["range"], layout["yaxis"]["range"]) == ([-1, 1], [0, 2])
    assert cells_of(chart)[2].size == 60 * 36


# Panels --------------------------------------------------------------------------------------------


def test_each_panel_counts_its_rows_on_one_scale():
    x, y = scattered()
    facet = np.array(["p", "q", "q", None], object)[np.arange(5000) % 4]
    chart = draw({"a": x, "b": y, "f": facet.tolist()}, x="a", y=("b",), facet="f")
    for place, name in enumerate(("p", "q")):
        assert_is_histogram(chart, x[facet == name], y[facet == name], place)
    first, second = chart.figure["data"]
    assert first["zmax"] == second["zmax"] == pytest.approx(math.log10(cells_of(chart, 1)[2].max()))
    assert (first["showscale"], second["showscale"]) == (True, False)
    assert "1,250 rows without f are left out." in chart.note
    assert "3,750 rows in cells" in chart.note
    assert not chart.figure["layout"]["showlegend"]


def test_panels_that_no_row_reaches_are_a_sentence():
    frame = {"a": [1.0, None, 3], "b": [1.0, 2, 3], "f": [None, "p", None]}
    assert "No row lies here." in draw(frame, x="a", y=("b",), facet="f").note


# The rest of the figure ----------------------------------------------------------------------------


def test_the_row_pointed_at_has_a_line():
    x, y = scattered()
    chart = draw({"a": x, "b": y}, x="a", y=("b",), row=17)
    (line,) = chart.figure["layout"]["shapes"]
    assert (line["x0"], line["x1"]) == (x[16], x[16])


def test_names_are_text_wherever_they_stand():
    frame = {HOSTILE: np.arange(9.0), f"b{HOSTILE}": np.arange(9.0), "f": [HOSTILE] * 9}
    for asked in (
        {"x": HOSTILE, "y": (f"b{HOSTILE}",), "facet": "f"},
        {"chart": "correlation", "y": (HOSTILE, f"b{HOSTILE}")},
    ):
        chart = draw(frame, **asked)
        assert "<img" not in json.dumps(to_json(chart))
        assert "&gt;&amp;%{x}" not in chart.figure["data"][0]["hovertemplate"]
        assert not any("&lt;" in sentence for sentence in chart.summary)


def test_ten_million_rows_are_a_grid_in_a_moment():
    random = np.random.default_rng(0)
    table = pa.table({"a": random.normal(size=10_000_000), "b": random.normal(size=10_000_000)})
    dataset = describe("p/d", "", "p", table.slice(0, 1000), lambda: table)
    began = time.perf_counter()
    chart = charts.draw(dataset, table, None, View("p/d", chart="scatter", x="a", y=("b",)), 1200)
    assert time.perf_counter() - began < 10  # 1 s where nothing else runs
    assert cells_of(chart)[2].sum() == 10_000_000


# Correlations --------------------------------------------------------------------------------------


def correlated(frame: pd.DataFrame, **asked) -> base.Chart:
    columns = {name: pa.array(frame[name], from_pandas=True) for name in frame}
    return draw(columns, chart="correlation", y=tuple(frame), **asked)


def z_of(chart: base.Chart) -> np.ndarray:
    return array_of(to_json(chart)["data"][0]["z"]).astype(float)


def gappy(rows: int = 400, columns: int = 6, share: float = 0.3) -> pd.DataFrame:
    random = np.random.default_rng(9)
    values = random.normal(size=(rows, columns)) @ random.normal(size=(columns, columns))
    values[random.uniform(size=values.shape) < share] = np.nan
    return pd.DataFrame(values, columns=[f"c{n}" for n in range(columns)])


def test_correlations_are_pandas_of_the_rows_that_have_both():
    frame = gappy()
    chart = correlated(frame)
    np.testing.assert_allclose(z_of(chart), frame.corr().to_numpy(), atol=5.1e-5)
    pairs = frame.notna().astype(int).T @ frame.notna().astype(int)
    hover = chart.figure["data"][0]["hovertext"]
    for i, one in enumerate(frame):
        for j, other in enumerate(frame):
            assert f"{pairs.loc[one, other]:,} rows" in hover[i][j]
            assert f"r = {frame.corr().loc[one, other]:.3f}" in hover[i][j]


@pytest.mark.parametrize("shift", [0, 1e9, -1e12])
@pytest.mark.parametrize("rows", [5, 400, 200_000])
def test_sums_over_blocks_lose_no_digits(shift, rows):
    frame = gappy(rows, 3)
    frame["c1"] = np.round(frame["c1"] * 1000)
    expected = frame.corr(min_periods=3).to_numpy()
    frame["c1"] += shift
    r, pairs = grids.correlations([frame[name].to_numpy() for name in frame])
    np.testing.assert_allclose(r, expected, atol=1e-9)
    assert (pairs == (frame.notna().astype(int).T @ frame.notna().astype(int)).to_numpy()).all()


def test_one_value_far_out_does_not_spoil_the_rest():
    frame = gappy(1000, 3, 0.1)
    frame.loc[5] = [1e9, math.nan, 1e12]
    r, _ = grids.correlations([frame[name].to_numpy() for name in frame])
    np.testing.assert_allclose(r, frame.corr().to_numpy(), atol=1e-6)


def test_equal_values_and_few_rows_have_no_correlation():
    frame = pd.DataFrame(
        {
            "a": [1.0, 2, 3, 4, 5],
            "constant": [0.1] * 5,
            "rare": [1, 2, None, None, None],
            "equal_there": [7, None, None, 7, 7],
            "size": [1e300, -1e300, 0, 2e300, 5.0],
        }
    )
    chart = correlated(frame)
    z = z_of(chart)
    assert np.isnan(z[1]).all() and np.isnan(z[2]).all() and np.isnan(z[3]).all()
    assert z[0, 0] == 1
    assert z[0, 4] == pytest.approx(np.corrcoef(frame["a"], frame["size"] / 1e300)[0, 1], abs=1e-4)
    assert "no correlation" in chart.figure["data"][0]["hovertext"][0][1]
    assert "Missing values left out: 3 of rare, 2 of equal_there." in chart.note


@pytest.mark.parametrize("r", [1, -1])
def test_two_columns_that_are_one_line(r):
    chart = correlated(pd.DataFrame({"a": [0.1, 0.2, 0.7], "b": [r * 0.3, r * 0.6, r * 2.1]}))
    assert z_of(chart).tolist() == [[1, r], [r, 1]]
    assert chart.summary == ("Correlations of a and b, 3 rows.", f"a and b: r {r}.")


def test_no_correlation_is_written_as_minus_nothing():
    frame = pd.DataFrame({"a": [-1.0, 0, 1, 0], "b": [1.0, 0, 1, 0.001]})
    assert not any("-0.00" in text for row in correlated(frame).figure["data"][0]["text"] for text in row)


def test_a_click_on_a_cell_draws_its_columns_and_on_the_diagonal_the_one():
    frame = pd.DataFrame({"a:b": [1.0, 2, 4], "100%": [3.0, 1, 2], "x&y=é": [5.0, 4, 4]})
    clicks = correlated(frame).figure["data"][0]["customdata"]
    names = list(frame)
    for i, down in enumerate(names):
        for j, across in enumerate(names):
            view = View.from_query_string(f"dataset=p/d&{clicks[i][j]}")
            if i == j:
                assert view == View("p/d", chart="histogram", y=(down,))
            else:
                assert view == View("p/d", chart="scatter", x=across, y=(down,))
    assert parse_qs(clicks[1][0]) == {"chart": ["scatter"], "x": ["a%3Ab"], "y": ["100%25"]}


def test_a_click_opens_the_very_dots():
    frame = {"a:b": [1.0, 2, 4], "100%": [3.0, 1, 2]}
    click = correlated(pd.DataFrame(frame)).figure["data"][0]["customdata"][1][0]
    view = View.from_query_string(f"dataset=p/d&{click}")
    chart = draw(frame, chart=view.chart, x=view.x, y=view.y)
    (trace,) = to_json(chart)["data"]
    assert (array_of(trace["x"]).tolist(), array_of(trace["y"]).tolist()) == (frame["a:b"], frame["100%"])


def test_a_hundred_columns_are_a_small_answer_that_can_be_clicked():
    frame = gappy(300, 100)
    chart = correlated(frame)
    body = to_json_plotly(chart.figure).encode()
    assert len(gzip.compress(body)) < 150_000
    assert chart.figure["data"][0]["customdata"][99][0] == "chart=scatter&x=c0&y=c99"
    assert "text" not in chart.figure["data"][0]
    ticks = chart.figure["layout"]["xaxis"]
    assert len(ticks["tickvals"]) == len(ticks["ticktext"]) <= 34
    assert [ticks["ticktext"][place] for place in (0, 1)] == ["c0", f"c{ticks['tickvals'][1]}"]


def test_the_strongest_are_told_first():
    frame = gappy(500, 4, 0)
    told = correlated(frame).summary[1:]
    strengths = [abs(float(sentence.rsplit(" ", 1)[1].rstrip("."))) for sentence in told]
    assert strengths == sorted(strengths, reverse=True)
    assert len(told) == 6


def test_labels_are_safe_and_in_the_order_of_the_columns():
    frame = pd.DataFrame({HOSTILE: [1.0, 2, 3], "b": [2.0, 1, 3]})
    layout = correlated(frame).figure["layout"]
    assert layout["xaxis"]["ticktext"] == layout["yaxis"]["ticktext"] == [base.label(HOSTILE), "b"]
    assert base.label(HOSTILE).startswith(html.escape("<img"))
    assert layout["yaxis"]["range"] == [1.5, -0.5]


def test_the_limit_of_dots_is_that_of_the_grid():
    x = np.arange(POINTS_MAX + 1.0)
    assert cells_of(draw({"a": x, "b": x}, chart="scatter", x="a", y=("b",)))[2].sum() == POINTS_MAX + 1


@pytest.mark.parametrize("log", ["", "xy"])
@pytest.mark.parametrize("facet", ["", "f"])
def test_the_axes_run_from_the_first_cell_to_the_last(log, facet):
    x, y = np.arange(1, 101), np.geomspace(1, 1000, 100)
    frame = {"a": x, "b": y, "f": ["p", "q", "r", "s"] * 25}
    chart = draw(frame, x="a", y=("b",), log=log, facet=facet)
    x_edges, y_edges, _ = cells_of(chart)
    layout = to_json(chart)["layout"]
    scale = np.log10 if log else np.array
    for axis, edges in (("xaxis", x_edges), ("yaxis", y_edges)):
        np.testing.assert_allclose(layout[axis]["range"], scale(edges[[0, -1]]))


def test_the_axis_of_dates_runs_from_the_first_cell_to_the_last():
    days = [datetime.date(2020, 1, 1 + n % 9) for n in range(50)]
    layout = draw({"day": days, "b": np.arange(50.0)}, x="day", y=("b",)).figure["layout"]
    assert layout["xaxis"]["range"] == ["2019-12-31 12:00:00.000000", "2020-01-09 12:00:00.000000"]
