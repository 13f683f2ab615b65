import datetime
import gzip
import html
import math

import numpy as np
import pytest
from plotly.io.json import to_json_plotly

from dataviewer.charts import base, marks
from dataviewer.view import ROW
from tests.charting import HOSTILE, draw, draw_table, panel_titles, strings, to_json

LINE = {"type": "scatter", "name": "a", "y": [1, 2]}


def panels_of(count: int, **trace) -> list[base.Panel]:
    return [base.Panel(f"p{place}", (LINE | trace,)) for place in range(count)]


def boxes_of(layout: dict) -> list[tuple]:
    """The corners of each frame: left, right, low, high, as parts of the figure."""
    ys = [axis for name, axis in layout.items() if name.startswith("yaxis")]
    return [(*layout[y["anchor"].replace("x", "xaxis")]["domain"], *y["domain"]) for y in ys]


# Panels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", ["", "x", "xy"])
@pytest.mark.parametrize("width", [320, 700, 1200, 2400])
@pytest.mark.parametrize("count", [2, 3, 4, 5, 7, 12, 13, 60, 100])
def test_panels_stay_within_the_figure_and_apart(count, width, shared):
    boxes = boxes_of(base.compose(panels_of(count), {}, {}, width, shared)["layout"])
    assert len(boxes) == count
    assert all(0 <= left < right < 1.001 and 0 <= down < up < 1.001 for left, right, down, up in boxes)
    for place, (left, right, down, up) in enumerate(boxes):
        for other_left, other_right, other_down, other_up in boxes[:place]:
            assert right <= other_left or other_right <= left or up <= other_down or other_up <= down


def test_a_panel_without_a_trace_has_a_place_of_its_own_and_no_numbers():
    figure = base.compose([*panels_of(1), base.Panel("empty", ())], {}, {}, 1200, "")
    [unseen] = [trace for trace in figure["data"] if trace["xaxis"] == "x2"]
    assert (unseen["x"], unseen["showlegend"], unseen["hoverinfo"]) == ([None], False, "skip")
    assert [figure["layout"][axis]["showticklabels"] for axis in ("xaxis2", "yaxis2")] == [False, False]
    assert "showticklabels" not in figure["layout"]["xaxis"]


@pytest.mark.parametrize("shared", ["", "x", "xy"])
def test_every_axis_that_a_panel_names_is_there_and_stands_at_one_that_is(shared):
    figure = base.compose(panels_of(7), {}, {}, 1200, shared)
    for trace in figure["data"]:
        for letter in "xy":
            assert trace[f"{letter}axis"].replace(letter, f"{letter}axis") in figure["layout"]
    for name, axis in figure["layout"].items():
        if name[1:].startswith("axis"):
            assert axis["anchor"].replace(axis["anchor"][0], f"{axis['anchor'][0]}axis") in figure["layout"]


@pytest.mark.parametrize(("shared", "x_axes", "free_x", "free_y"), [("", 7, 7, 7), ("x", 4, 1, 7), ("xy", 4, 1, 1)])
def test_shared_axes_zoom_together_and_others_alone(shared, x_axes, free_x, free_y):
    layout = base.compose(panels_of(7), {}, {}, 1200, shared)["layout"]
    xs, ys = ([axis for name, axis in layout.items() if name.startswith(f"{letter}axis")] for letter in "xy")
    assert len(xs) == x_axes and len(ys) == 7
    assert (sum("matches" not in axis for axis in xs), sum("matches" not in axis for axis in ys)) == (free_x, free_y)


def test_a_shared_title_is_said_once():
    settings = {"title": {"text": "T"}}
    layout = base.compose(panels_of(7), settings, settings, 1200, "xy")["layout"]
    for letter in "xy":
        told = [axis["title"] for name, axis in layout.items() if name.startswith(f"{letter}axis")]
        assert [title.get("text") for title in told if title] == ["T"]


def test_the_titles_of_panels_are_html_as_given_and_in_order():
    panels = [base.Panel(html.escape(name), (LINE,)) for name in ("a&b", "<i>", "%{y}")]
    assert panel_titles(base.compose(panels, {}, {}, 1200)) == ["a&amp;b", "&lt;i&gt;", "%{y}"]


def test_one_panel_bears_its_title_too():
    assert panel_titles(base.compose(panels_of(1), {}, {}, 1200)) == ["p0"]
    assert panel_titles(base.compose([base.Panel("", (LINE,))], {}, {}, 1200)) == []


def test_a_title_stands_on_the_top_of_its_panel():
    for place, shape in enumerate(base.compose(panels_of(5), {}, {}, 1200, "")["layout"]["shapes"], 1):
        number = "" if place == 1 else place
        assert (shape["xref"], shape["yref"]) == (f"x{number} domain", f"y{number} domain")
        assert (shape["y0"], shape["y1"], shape["label"]["yanchor"]) == (1, 1, "bottom")
        assert shape["line"]["width"] == 0


def test_a_grid_of_panels_grows_with_its_rows_and_never_below_the_usual_height():
    assert base.compose(panels_of(2), {}, {}, 1200, tall=90)["layout"]["height"] == base.HEIGHT
    assert base.compose(panels_of(40), {}, {}, 1200, tall=90)["layout"]["height"] == 10 * 90 + 48
    assert base.compose(panels_of(40), {}, {}, 399, tall=90)["layout"]["height"] == 40 * 90 + 48


@pytest.mark.parametrize(
    ("panels", "width", "columns"),
    [(1, 2000, 1), (3, 2000, 1), (4, 2000, 4), (5, 2000, 3), (9, 2000, 3), (9, 450, 2), (9, 1, 1)],
)
def test_panels_stand_in_even_rows(panels, width, columns):
    assert base.panel_columns(panels, width) == columns
    assert base.panel_width(panels, width) == max(width // columns, 1)


@pytest.mark.parametrize(("width", "ticks"), [(400, 2), (1280, 4)])
def test_narrow_panels_bear_few_and_level_dates(catalog, width, ticks):
    axis = draw(catalog, "HistData/Nightingale", width, chart="line", scale="panels").figure["layout"]["xaxis"]
    assert (axis["nticks"], axis["tickangle"]) == (ticks, 0)


# Legend --------------------------------------------------------------------------------------------


def test_a_single_name_needs_no_legend():
    assert base.legend([LINE], 1200, 320) == {}
    assert base.legend([LINE, LINE | {"showlegend": False}], 1200, 320) == {}


def test_the_legend_takes_room_for_its_lines_up_to_six():
    few, many = (base.legend([LINE | {"name": "n" * 30}] * count, 600, 320) for count in (2, 60))
    assert few["showlegend"] and few["margin"]["t"] < many["margin"]["t"] == 10 + 6 * 20


def test_the_legend_stands_above_the_titles_of_the_panels():
    for count in (2, 60):
        told = base.legend([LINE | {"name": "n" * 30}] * count, 600, 320, titled=True)
        tall = 320 - told["margin"]["t"] - told["margin"]["b"]
        assert (told["legend"]["y"] - 1) * tall == pytest.approx(18)


def test_a_group_stands_in_the_legend_once():
    named = base.named_once([LINE | {"legendgroup": group} for group in ("u", "v", "u")])
    assert [trace.get("showlegend", True) for trace in named] == [True, True, False]


def test_what_is_not_in_the_legend_keeps_none_of_its_group_out():
    hidden = {"showlegend": False, "legendgroup": "u"}
    named = base.named_once([LINE | hidden, LINE | {"legendgroup": "u"}, LINE])
    assert [trace.get("showlegend", True) for trace in named] == [False, True, True]


# Labels and ranges ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("", "“”"),
        (True, "true"),
        (2.0, "2"),
        (0.5, "0.5"),
        (1e300, "1e+300"),
        (-3.0, "-3"),
        ("a&b", "a&amp;b"),
        ("x" * 24, "x" * 24),
        ("x" * 25, "x" * 23 + "…"),
        ("&" * 24, "&amp;" * 24),
        (datetime.date(2020, 1, 2), "2020-01-02"),
    ],
)
def test_a_label_is_short_and_safe(value, label):
    assert base.label(value) == label


def test_quotes_are_shown_as_quotes():
    """Plotly decodes &lt; and &#39;, but leaves &quot; as it is."""
    assert base.label('say "ah"') == 'say "ah"'
    assert base.axis('"a" < b')["title"]["text"] == '"a" &lt; b'
    quoted = {'a "b"': ['x "y"', 'x "y"', "z"], 'n "m"': [1, 2, 3]}
    for kind in ("bar", "box", "line", "histogram", "scatter"):
        assert not [text for text in strings(draw_table({"chart": kind}, quoted).figure) if "&quot;" in text], kind


def test_a_category_has_its_own_place_however_its_label_reads():
    axis = base.category_axis("t", ["“”", "“”"])
    assert (axis["tickvals"], axis["ticktext"], axis["range"]) == ([0, 1], ["“”", "“”"], [-0.5, 1.5])


@pytest.mark.parametrize("ends", [("1e999", "1"), ("2020-01-01", "1"), ("nan", "1"), ("", "1")])
def test_what_is_no_finite_number_is_no_end_of_a_linear_axis(ends):
    with pytest.raises(ValueError):
        base.span(ends, "linear")


@pytest.mark.parametrize("ends", [("1.5", "2.5"), ("2020-02-31", "2020-03-31"), ("2020-13-01", "2021-01-01")])
def test_what_is_no_date_is_no_end_of_a_date_axis(ends):
    with pytest.raises(ValueError):
        base.span(ends, "date")


def test_ends_may_come_the_wrong_way_round():
    assert base.span(("3", "-1e3"), "linear") == (-1000.0, 3.0)
    later, earlier = "2020-01-02 03:04:05", "2020-01-01"
    assert base.span((later, earlier), "date") == (np.datetime64(earlier), np.datetime64("2020-01-02T03:04:05"))
    assert base.span((), "linear") is None


# The x axis ----------------------------------------------------------------------------------------


def axis_of(values, type: str = "linear", span=None, hoverformat: str = base.EXACT) -> marks.XAxis:
    low, high = marks.ends_of(np.array(values))
    return marks.XAxis("t", "t", type, hoverformat, low, high, span)


@pytest.mark.parametrize(
    ("span", "shown"),
    [(None, [0, 1, 2, 3, 4]), ((2, 3), [0, 1, 2, 3]), ((2.5, 2.6), [1, 2]), ((9, 12), [4]), ((-9, 0), [0])],
)
def test_a_window_holds_one_value_more_on_either_side(span, shown):
    values = np.array([1.0, 2, 3, 4, 5])
    assert list(range(5)[axis_of(values, span=span).window(values)]) == shown


def test_missing_values_are_never_within():
    assert axis_of([1.0, 2]).within(np.array([1.0, np.nan])).tolist() == [True, False]
    days = np.array(["2020-01-01", "NaT"], "datetime64[D]")
    assert axis_of(days, "date").within(days).tolist() == [True, False]


def test_an_axis_ends_where_its_values_end():
    assert axis_of([3.0, 1.0, 2.0]).layout()["range"] == [1, 3]
    assert axis_of([0.1, 1000.0], "log").layout()["range"] == pytest.approx([-1, 3])
    assert axis_of(np.array(["2020-01-03", "2020-01-01"], "datetime64[D]"), "date").layout()["range"] == [
        "2020-01-01",
        "2020-01-03",
    ]


def test_room_at_the_ends_is_a_part_of_the_axis():
    assert axis_of([0, 100]).layout(0.05)["range"] == [-5, 105]
    assert axis_of([1, 100], "log").layout(0.5)["range"] == pytest.approx([-1, 3])
    days = np.array(["2020-01-01", "2020-01-11"], "datetime64[D]")
    low, high = axis_of(days, "date").layout(0.1)["range"]
    assert (np.datetime64(low), np.datetime64(high)) == (np.datetime64("2019-12-31"), np.datetime64("2020-01-12"))


@pytest.mark.parametrize("pad", [0.0, 0.05])
@pytest.mark.parametrize(
    ("values", "type"),
    [
        ([-1.7e308, 1.7e308], "linear"),
        ([-(2**63), 2**63 - 1], "linear"),
        ([1e-300, 1e300], "log"),
        (np.array(["0001-01-01", "9999-12-31"], "datetime64[D]"), "date"),
    ],
)
def test_the_widest_axes_have_ends(values, type, pad):
    low, high = axis_of(values, type).layout(pad)["range"]
    assert type == "date" or low < high


def test_moments_within_a_second_are_told_apart():
    moments = np.array(["2020-01-01T00:00:00.001", "2020-01-01T00:00:00.009"], "datetime64[us]")
    low, high = axis_of(moments, "date").layout()["range"]
    assert (low, high) == ("2020-01-01 00:00:00.001000", "2020-01-01 00:00:00.009000")


def test_an_axis_of_one_value_or_none_has_no_range():
    assert "range" not in axis_of([5.0]).layout()
    assert "range" not in axis_of([np.nan]).layout()


@pytest.mark.parametrize(("values", "ticks"), [([1, 3], 3), ([1990, 1995], 6), ([1, 2], 2), ([1, 100], None)])
def test_whole_numbers_have_no_ticks_between_them(values, ticks):
    axis = axis_of(values, hoverformat="d").layout()
    assert axis["tickformat"] == base.EXACT  # 1990, neither 1,990 nor 2k, and 1.5 where there is room for no more
    assert axis.get("nticks") == ticks


@pytest.mark.parametrize("span", [None, (2.0, 50.0)])
def test_where_values_lie_along_an_axis(span):
    log = axis_of([1.0, 10, 100], "log", span)
    assert log.along(np.array([1.0, 10, 100])) == pytest.approx(
        [0, 1, 2] if not span else [math.log10(2), 1, math.log10(50)]
    )
    days = np.array(["1970-01-01", "1970-01-02"], "datetime64[D]")
    assert axis_of(days, "date").along(days).tolist() == [0, 86400e6]


def test_rows_are_sorted_without_the_missing_and_ties_keep_their_order():
    assert marks.sorted_by(np.array([2.0, np.nan, 1, 2, 1])).tolist() == [2, 4, 0, 3]
    assert marks.sorted_by(np.array(["NaT", "2020-01-02", "2020-01-01"], "datetime64[D]")).tolist() == [2, 1]
    assert marks.sorted_by(np.array([1, 1, 2])).tolist() == [0, 1, 2]
    assert marks.sorted_by(np.array([])).tolist() == []


# The row pointed at --------------------------------------------------------------------------------


def pointed(chart) -> list:
    return [shape["x0"] for shape in chart.figure["layout"].get("shapes", ())]


def test_the_row_pointed_at_is_a_line_in_every_panel():
    columns = {"a": [1, 2, 3], "b": [0, 1000, 2000]}
    chart = draw_table({"chart": "line", "x": ROW, "row": 2, "scale": "panels"}, columns)
    assert pointed(chart) == [2.0, 2.0]
    assert [(s["xref"], s["yref"]) for s in chart.figure["layout"]["shapes"]] == [("x", "y domain"), ("x", "y2 domain")]


def test_after_a_filter_the_row_pointed_at_is_still_the_row_of_the_file():
    columns = {"t": [5.0, 6, 7, 8], "a": [1, 2, 3, 4]}
    asked = {"chart": "line", "x": "t", "y": ("a",)}
    assert pointed(draw_table(asked | {"row": 3}, columns, rows=[0, 2])) == [7.0]
    assert pointed(draw_table(asked | {"row": 2}, columns, rows=[0, 2])) == []
    assert pointed(draw_table(asked | {"row": 4}, columns, rows=[0, 2])) == []
    assert pointed(draw_table(asked | {"row": 10**9}, columns)) == []
    assert pointed(draw_table(asked | {"x": ROW, "row": 3}, columns, rows=[0, 2])) == [3.0]


@pytest.mark.parametrize(
    ("columns", "asked", "at"),
    [
        ({"t": [datetime.date(2020, 1, 1), datetime.date(2020, 2, 3)]}, {}, ["2020-02-03"]),
        ({"t": [datetime.date(2020, 1, 1), None]}, {}, []),
        ({"t": [1.0, None]}, {}, []),
        ({"t": [1.0, math.inf]}, {}, []),
        ({"t": [1.0, -2.0]}, {"log": "x"}, []),
        ({"t": [1.0, 100.0]}, {"log": "x"}, [100.0]),
    ],
)
def test_a_row_is_pointed_at_where_it_has_a_place(columns, asked, at):
    chart = draw_table({"chart": "line", "x": "t", "y": ("a",), "row": 2} | asked, columns | {"a": [1, 2]})
    assert pointed(chart) == at
    to_json(chart)


# Notes ---------------------------------------------------------------------------------------------


def test_a_range_that_fits_no_axis_without_values_says_no_more():
    told = marks.span_of(("x", "y"), axis_of([np.nan]))[1]
    assert told == ["The range x:y does not fit the axis t."]


def test_names_are_never_markup_wherever_they_stand():
    columns = {HOSTILE: [1.0, 2, 3, 4], HOSTILE + "g": [HOSTILE, "u", HOSTILE, "u"], HOSTILE + "b": [4.0, 3, 2, 1]}
    for asked in ({}, {"color": HOSTILE + "g"}, {"facet": HOSTILE + "g"}, {"scale": "panels"}, {"scale": "second"}):
        chart = draw_table({"chart": "line", "smooth": 2} | asked, columns)
        assert not [text for text in strings(chart.figure) if "<img" in text]


def test_the_title_of_an_axis_is_never_markup():
    days = [datetime.date(2020, 1, day) for day in (1, 2, 3)]
    figure = draw_table({}, {HOSTILE: days, HOSTILE + "b": [1, 2, 3]}).figure
    assert not [text for text in strings(figure) if "<img" in text]
    assert figure["layout"]["xaxis"]["title"]["text"] == html.escape(HOSTILE)


def test_the_first_chart_of_every_dataset_is_small_json_told_in_words(catalog):
    for id, dataset in catalog.items():
        chart = draw(catalog, id)
        to_json(chart)
        assert len(gzip.compress(to_json_plotly(chart.figure).encode(), 5)) < 150_000, id
        assert chart.summary or not dataset.rows or id == "catalog", id
        assert not [sentence for sentence in (chart.note, *chart.summary) if "nan" in sentence.split()], id


def test_a_layout_is_made_anew_for_each_figure():
    assert base.layout(1) == base.layout(1) and base.layout(1)["margin"] is not base.layout(1)["margin"]


def test_a_chart_of_nothing_is_a_sentence():
    chart = base.nothing("Why.")
    assert (chart.figure["data"], chart.note, chart.plan) == ([], "Why.", None)


@pytest.mark.parametrize(
    ("columns", "end"), [(3, "1 of c."), (4, "and of 1 more column."), (5, "and of 2 more columns.")]
)
def test_columns_with_missing_values_beyond_three_are_counted(columns, end):
    chart = draw_table({"chart": "histogram"}, {name: [1.5, 2.5, None] for name in "abcde"[:columns]})
    assert end in chart.note
