import datetime
import gzip
import html
import json
import math

import numpy as np
import pyarrow as pa
import pytest
from plotly.io.json import to_json_plotly

from dataviewer import Catalog, charts
from dataviewer.charts import Chart, base, counts, overview
from dataviewer.dataset import Dataset, as_dates, describe
from dataviewer.engine import Engine
from dataviewer.view import View

ENGINE = Engine()
WIDTH = 1200  # pixels
HOSTILE = "<img src=x onerror=alert(1)>&"


def draw(catalog, id: str, width: int = WIDTH, **asked) -> Chart:
    dataset = catalog[id]
    return charts.draw(ENGINE, dataset, catalog.table(dataset), View(dataset.id, **asked), width)


def draw_table(width: int = WIDTH, asked: View | None = None, **columns) -> Chart:
    table = pa.table(columns)
    dataset = describe("p/d", "", "p", table, lambda: table)
    return charts.draw(ENGINE, dataset, table, asked or View("p/d"), width)


def panels(chart: Chart) -> int:
    return len([key for key in chart.figure["layout"] if key.startswith("yaxis")])


def to_json(chart: Chart) -> dict:
    """What a browser gets; NaN and Infinity are no JSON and must not be in it."""

    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(to_json_plotly(chart.figure), parse_constant=refuse)


# Panels --------------------------------------------------------------------------------------------


def test_scales_that_differ_much_get_panels_and_a_sentence(catalog):
    chart = draw(catalog, "Ecdat/Airq")
    assert (chart.scale, chart.default_scale, panels(chart)) == ("panels", "panels", 5)
    assert "Ranges differ 1,056-fold" in chart.note


def test_scales_that_are_alike_share_an_axis(catalog):
    chart = draw(catalog, "datasets/iris")
    assert (chart.scale, chart.default_scale, panels(chart)) == ("shared", "shared", 1)
    assert chart.note == ""


@pytest.mark.parametrize(("id", "scale", "axes"), [("Ecdat/Airq", "shared", 1), ("datasets/iris", "panels", 4)])
def test_the_scale_asked_for_is_drawn(catalog, id, scale, axes):
    chart = draw(catalog, id, scale=scale)
    assert (chart.scale, panels(chart)) == (scale, axes)


@pytest.mark.parametrize(("greatest", "scale"), [(10, "shared"), (10.01, "panels")])
def test_more_than_tenfold_is_apart(greatest, scale):
    assert draw_table(a=[0.0, 1.0], b=[0.0, greatest]).scale == scale


def test_lines_far_from_each_other_are_apart_however_alike_their_ranges():
    assert draw_table(a=[0, 1], b=[1000, 1001]).scale == "panels"


def test_constant_columns_are_no_reason_for_panels():
    assert draw_table(a=[1, 1], b=[1, 2]).scale == "shared"
    assert draw_table(a=[1, 1], b=[5, 5]).scale == "shared"


def test_one_line_offers_no_choice_of_scale():
    assert (draw_table(a=[1, 2]).scale, draw_table(a=[1, 2]).default_scale) == ("", "")


@pytest.mark.parametrize("width", [320, 700, 1200, 2400])
def test_panels_stay_within_the_figure_and_apart(catalog, width):
    layout = draw(catalog, "gap/crohn", width).figure["layout"]
    axes = [axis for key, axis in layout.items() if key.startswith("yaxis")]
    boxes = [(*layout[axis["anchor"].replace("x", "xaxis")]["domain"], *axis["domain"]) for axis in axes]
    assert all(0 <= left < right < 1.001 and 0 <= down < up < 1.001 for left, right, down, up in boxes)
    for place, (left, right, down, up) in enumerate(boxes):
        for other_left, other_right, other_down, other_up in boxes[:place]:
            assert right <= other_left or other_right <= left or up <= other_down or other_up <= down


# Lines ---------------------------------------------------------------------------------------------


def test_of_many_columns_the_first_twelve_are_drawn_and_all_can_be_chosen(catalog):
    dataset, chart = catalog["gap/crohn"], draw(catalog, "gap/crohn")
    assert chart.lines == chart.default_lines == dataset.numbers[:12]
    assert chart.choices == dataset.numbers and len(chart.choices) > 12
    assert f"The first 12 of {len(chart.choices)}" in chart.note


def test_the_columns_asked_for_are_drawn_in_their_order(catalog):
    chart = draw(catalog, "datasets/iris", y=("Petal.Width", "Sepal.Length"))
    assert chart.lines == ("Petal.Width", "Sepal.Length")
    assert [trace["name"] for trace in chart.figure["data"]] == ["Petal.Width", "Sepal.Length"]


def test_a_table_without_rows_is_a_sentence(catalog):
    for id in ("Zelig/sna.ex", "Zelig/friendship"):
        chart = draw(catalog, id)
        assert chart.figure["data"] == []
        assert "no rows" in chart.note


def test_without_numbers_the_values_of_a_category_are_counted(catalog):
    chart = draw(catalog, "COUNT/titanic")
    (bars,) = chart.figure["data"]
    column = chart.figure["layout"]["xaxis"]["title"]["text"]
    values = list(map(str, catalog.table(catalog["COUNT/titanic"])[column].to_pylist()))
    assert bars["type"] == "bar"
    assert dict(zip(bars["hovertext"], bars["y"])) == {value: values.count(value) for value in set(values)}


def test_rare_values_are_counted_together():
    chart = draw_table(a=[f"v{place}" for place in range(counts.BARS_MAX + 3)])
    (bars,) = chart.figure["data"]
    assert (bars["hovertext"][-1], bars["y"][-1], len(bars["x"])) == ("3 others", 3, counts.BARS_MAX + 1)


def test_labels_that_read_alike_stay_two_bars():
    (bars,) = draw_table(a=["", "“”", "“”"]).figure["data"]
    assert (bars["x"], bars["y"]) == ([0, 1], [2, 1])


def test_a_value_between_two_gaps_is_a_dot():
    (line,) = draw_table(a=[1.0, None, 2.0, 3.0, None]).figure["data"]
    assert (line["mode"], line["marker"]["size"].tolist()) == ("lines+markers", [4, 0, 0, 0, 0])


def test_dots_make_no_room_at_the_ends_of_the_axis():
    assert draw_table(a=[1.0, None, 2.0, 3.0]).figure["layout"]["xaxis"]["range"] == [1, 4]


def test_infinite_values_are_counted_in_words_and_hide_no_extreme():
    numbers = np.sin(np.arange(100_000.0))
    numbers[::20] = np.inf
    chart = draw_table(a=numbers)
    drawn = np.array(chart.figure["data"][0]["y"], float)
    assert np.nanmax(drawn) == numbers[np.isfinite(numbers)].max()
    assert "5,000 infinite values are not drawn" in chart.note


def test_fractional_steps_of_time_are_not_rounded():
    axis = draw_table(time=[0.0, 0.1, 0.2, 0.3], a=[1, 2, 3, 4]).figure["layout"]["xaxis"]
    assert axis["hoverformat"] == base.EXACT
    assert "tickformat" not in axis


def test_lines_that_lie_far_apart_are_said_to():
    assert "lie far apart" in draw_table(a=[0, 1], b=[100, 101]).note


def test_a_range_without_rows_says_where_they_are(catalog):
    note = draw(catalog, "datasets/AirPassengers", range=("2050-01-01", "2060-01-01")).note
    assert "No row lies in this range; time runs from 1949-01-01 to 1960-12-01." in note


def test_the_time_axis_is_no_reason_to_say_that_nothing_holds_numbers():
    note = draw_table(time=[1, 2, 3], word=["a", "b", "a"]).note
    assert note.startswith("No column besides time holds numbers")


def test_missing_values_are_left_out_of_the_counts_with_a_word():
    chart = draw_table(a=["x", None, ""])
    assert chart.figure["data"][0]["hovertext"] == ["“”", "x"]
    assert "1 missing left out" in chart.note


def test_a_table_of_nothing_but_missing_values_is_a_sentence():
    assert "no column holds" in draw_table(a=pa.nulls(2), b=pa.array([None, None], pa.string())).note


def test_a_column_without_a_single_number_is_no_line():
    assert draw_table(a=[1, 2], b=pa.array([None, None], pa.int64())).lines == ("a",)


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


def test_without_a_time_the_rows_are_counted_from_one(catalog):
    trace = draw(catalog, "datasets/iris").figure["data"][0]
    assert (trace["x0"], trace["dx"], len(trace["y"])) == (1, 1, 150)


def test_a_date_column_called_row_is_still_a_time():
    days = [datetime.date(2020, 1, 1), datetime.date(2020, 1, 9), datetime.date(2020, 3, 1)]
    assert draw_table(row=days, a=[1, 2, 3]).figure["data"][0]["x"] == ["2020-01-01", "2020-01-09", "2020-03-01"]


# Windows -------------------------------------------------------------------------------------------


def test_a_window_shows_exact_values(catalog):
    table = catalog.table(catalog["gap/mhtdata"])
    chart = draw(catalog, "gap/mhtdata", range=("1000", "1200"))
    for trace, name in zip(chart.figure["data"], chart.lines):
        assert trace["x0"] == 999
        assert trace["y"].tolist() == table[name].slice(998, 203).to_pylist()
    assert chart.figure["layout"]["xaxis"]["range"] == [1000, 1200]
    assert "points" not in chart.note


@pytest.mark.parametrize(
    "ends", [("1955-01-01", "1960-12-01"), ("1900-01-01", "2000-01-01"), ("1949-01-01", "1950-01-01")]
)
def test_a_window_that_shows_every_point_speaks_of_none_left_out(catalog, ends):
    assert draw(catalog, "datasets/AirPassengers", range=ends).note == ""


def test_a_window_may_be_spelled_from_its_end(catalog):
    backwards = draw(catalog, "gap/mhtdata", range=("1200", "1000"))
    assert to_json(backwards) == to_json(draw(catalog, "gap/mhtdata", range=("1000", "1200")))


@pytest.mark.parametrize(
    ("id", "ends"),
    [
        ("datasets/iris", ("2020-01-01", "2020-02-01")),
        ("datasets/iris", ("1e999", "1")),
        ("datasets/AirPassengers", ("1.5", "2.5")),
        ("datasets/AirPassengers", ("2020-02-31", "2020-03-31")),
    ],
)
def test_a_range_that_does_not_fit_says_so_and_all_is_drawn(catalog, id, ends):
    chart = draw(catalog, id, range=ends)
    assert f"The range {':'.join(ends)} does not fit the axis" in chart.note
    assert to_json(chart)["data"] == to_json(draw(catalog, id))["data"]


@pytest.mark.parametrize("ends", [("500", "600"), ("-9", "-1"), ("2.2", "2.4")])
def test_a_window_without_points_is_drawn(catalog, ends):
    assert to_json(draw(catalog, "datasets/iris", range=ends))["layout"]["xaxis"]["range"] == list(map(float, ends))


def test_of_many_points_the_extremes_are_drawn_and_the_rest_is_said(catalog):
    chart = draw(catalog, "gap/mhtdata")
    table = catalog.table(catalog["gap/mhtdata"])
    for trace, name in zip(chart.figure["data"], chart.lines):
        values = table[name].drop_null().to_numpy()
        assert (np.nanmin(trace["y"]), np.nanmax(trace["y"])) == (values.min(), values.max())
    assert "of 159,312 points" in chart.note


# The catalogue -------------------------------------------------------------------------------------


def test_the_map_has_a_dot_for_every_dataset(catalog):
    figure = draw(catalog, "catalog").figure
    dots = [id for trace in figure["data"] for id in trace["customdata"]]
    assert sorted(dots) == sorted(catalog)
    for trace in figure["data"]:
        for x, y, id in zip(trace["x"], trace["y"], trace["customdata"]):
            assert (x, y) == (catalog[id].rows or overview.EMPTY_AT, len(catalog[id].columns))


def test_the_map_zooms_in_both_directions(catalog):
    layout = draw(catalog, "catalog", range=("10", "1000", "1", "100")).figure["layout"]
    assert (layout["xaxis"]["range"], layout["yaxis"]["range"]) == ([1, 3], [0, 2])


@pytest.mark.parametrize("ends", [("0", "10"), ("1", "10", "-1", "5"), ("2020-01-01", "2020-02-01")])
def test_a_range_without_a_logarithm_says_so(catalog, ends):
    chart = draw(catalog, "catalog", range=ends)
    assert "does not fit the map" in chart.note
    assert "range" not in chart.figure["layout"]["xaxis"]


def test_the_map_of_no_datasets_is_empty():
    assert sum(len(trace["x"]) for trace in draw(Catalog([]), "catalog").figure["data"]) == 0


# Every dataset -------------------------------------------------------------------------------------


def strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("scale", ["panels", "shared"])
def test_names_with_html_are_escaped_on_lines(scale):
    columns = {HOSTILE: [1, 2], HOSTILE + "b": [3, 4], "Year": [1990, 1991]}
    chart = draw_table(asked=View("p/d", scale=scale), **columns)
    assert not [text for text in strings(chart.figure) if "<img" in text]
    assert [trace["name"] for trace in chart.figure["data"]][:1] == [html.escape(HOSTILE)]


def test_names_with_html_are_escaped_on_one_line_over_time():
    days = [datetime.date(2020, 1, day) for day in (1, 2, 3)]
    chart = draw_table(**{HOSTILE: days, HOSTILE + "b": [1, 2, 3]})
    assert not [text for text in strings(chart.figure) if "<img" in text]


def test_names_and_values_with_html_are_escaped_on_bars():
    chart = draw_table(**{HOSTILE: [HOSTILE, "x"]})
    assert not [text for text in strings(chart.figure) if "<img" in text]


def test_ids_and_titles_with_html_are_escaped_on_the_map():
    table = pa.table({"a": [1]})
    catalog = Catalog([describe(f"p/{HOSTILE}", HOSTILE, "p", table, lambda: table)])
    shown = [text for trace in draw(catalog, "catalog").figure["data"] for text in trace["text"]]
    assert shown and not [text for text in shown if "<img" in text]


def test_infinite_and_missing_values_travel_as_gaps():
    (trace,) = to_json(draw_table(a=[1.0, float("inf"), None, float("-inf"), 2.0]))["data"]
    assert trace["y"] == [1.0, None, None, None, 2.0]


def spelled_x(dataset: Dataset, table: pa.Table) -> list:
    """The x of each row as JSON spells it."""
    if dataset.time is None:
        return list(range(1, dataset.rows + 1))
    values = table[dataset.time.column]
    if dataset.time.per_year:
        return [str(day) for day in as_dates(values.to_numpy(), dataset.time.per_year)]
    return [value if isinstance(value, (int, float)) else str(value) for value in values.to_pylist()]


def test_every_default_chart_is_small_json_and_draws_only_values_of_the_table_at_their_place(catalog):
    for dataset in catalog.values():
        table, chart = catalog.table(dataset), draw(catalog, dataset.id)
        sent = to_json_plotly(chart.figure).encode()
        assert len(gzip.compress(sent, 5)) < 150_000, dataset.id
        if not chart.lines:
            continue
        places = {x: row for row, x in enumerate(spelled_x(dataset, table))}
        assert len(places) == dataset.rows, dataset.id
        for name, trace in zip(chart.lines, to_json(chart)["data"], strict=True):
            x = trace.get("x") or [trace["x0"] + step * trace["dx"] for step in range(len(trace["y"]))]
            rows = [places[each] for each in x]
            assert rows == sorted(rows), f"{dataset.id}, {name}"
            values = table[name].take(pa.array(rows)).to_pylist()
            finite = [None if value is not None and math.isinf(value) else value for value in values]
            assert trace["y"] == finite, f"{dataset.id}, {name}"
            assert (len(x) == dataset.rows) or (x[0], x[-1]) == (min(places), max(places)), f"{dataset.id}, {name}"


def test_the_catalogue_is_json(catalog):
    assert len(gzip.compress(to_json_plotly(draw(catalog, "catalog").figure).encode())) < 150_000


@pytest.mark.parametrize(("width", "ticks"), [(400, 2), (1280, 4)])
def test_narrow_panels_bear_few_and_level_dates(catalog, width, ticks):
    axis = draw(catalog, "HistData/Nightingale", width).figure["layout"]["xaxis"]
    assert (axis["nticks"], axis["tickangle"]) == (ticks, 0)
