"""Charts and their controls, in a real Chromium against a real gunicorn."""

import re
from collections import Counter
from itertools import cycle
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.pages import viewer


@pytest.fixture(scope="module")
def cars(catalog):
    """Cars93 as pandas has it, to compare with."""
    return catalog.table(catalog["MASS/Cars93"]).to_pandas()


def rows(seen):
    """The number of rows that match, as the status line says it."""
    numbers = [number.replace(",", "") for number in re.findall(r"[\d,]+", seen.status)]
    return int(numbers[2] if seen.status.startswith("Rows") else 1 if "The one" in seen.status else numbers[0])


# Controls ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "key", "value", "changed"),
    [
        ("chart=scatter&x=Weight&y=Price", "chart", "line", lambda s: s.drawn()[0]["type"] == "scatter"),
        ("chart=scatter&x=Weight&y=Price", "x", "Horsepower", lambda s: s.axis("xaxis")["title"].startswith("Horse")),
        ("chart=scatter&x=Weight&y=Price", "color", "Origin", lambda s: len(s.drawn()) == 2),
        ("chart=scatter&x=Weight&y=Price", "facet", "Origin", lambda s: s.axis("yaxis2")["type"] == "linear"),
        ("chart=scatter&x=Weight&y=Price", "log", "xy", lambda s: s.axis("yaxis")["type"] == "log"),
        ("chart=scatter&x=Weight&y=Price", "trend", "linear", lambda s: len(s.drawn()) == 12),
        ("chart=bar&x=Type&y=Price", "agg", "median", lambda s: s.axis("yaxis")["title"] == "median of Price"),
        ("chart=bar&x=Type&color=Origin", "stack", "stacked", lambda s: s.layout("barmode") == "stack"),
        ("chart=histogram&y=Price", "bins", "50", lambda s: len(s.drawn()[0]["x"]) > 20),
        ("chart=line&y=Price&y=Weight", "scale", "shared", lambda s: s.page.locator("#graph .legendtext").count() == 2),
        ("chart=line&y=Price", "smooth", "7", lambda s: len(s.drawn()) == 2),
    ],
)
def test_a_control_changes_the_link_and_the_chart_and_back_undoes_it(seen, query, key, value, changed):
    seen.open(f"?dataset=MASS/Cars93&{query}")
    before, query_before, choices = seen.drawn(), seen.query, seen.choices()
    seen.posts.clear()
    seen.pick(key, value)
    assert parse_qs(seen.query)[key] == [value]
    assert seen.choices()[key] == value
    assert seen.posts == ["chart"]
    assert seen.drawn() != before or key in ("stack", "scale", "log")  # the same numbers, drawn otherwise
    assert changed(seen)
    seen.page.go_back()
    seen.settle()
    assert seen.query == query_before
    assert seen.choices() == choices
    assert seen.drawn() == before


DEEP = {
    "line": "chart=line&x=Weight&y=Price&y=MPG.city&color=Origin&facet=Airbags&agg=mean&scale=panels&log=y&smooth=3",
    "scatter": "chart=scatter&x=Weight&y=Price&color=Type&facet=Origin&log=xy&trend=lowess",
    "bar": "chart=bar&x=Type&y=Price&color=Origin&agg=max&stack=stacked&log=y",
    "histogram": "chart=histogram&y=Price&color=Origin&facet=DriveTrain&bins=15&log=x",
    "box": "chart=box&x=Type&y=Price&color=Origin&facet=DriveTrain&log=y",
}


@pytest.mark.parametrize("query", DEEP.values(), ids=DEEP)
def test_a_deep_link_restores_every_control_and_stays_as_it_is(seen, query):
    query = query.replace("Airbags", "AirBags")
    seen.open(f"?dataset=MASS/Cars93&{query}")
    asked = {key: values[0] for key, values in parse_qs(query).items() if key != "y"}
    assert {key: seen.choices()[key] for key in asked} == asked
    assert seen.page.evaluate("window.dash_component_api.getLayout('columns').props.value") == parse_qs(query)["y"]
    assert seen.query == f"dataset=MASS/Cars93&{query}"
    assert sorted(seen.posts) == ["chart", "table"]
    assert seen.drawn()


def test_another_kind_keeps_the_colour_and_the_columns_and_drops_an_x_that_cannot_be(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&color=Origin")
    seen.pick("chart", "box")
    assert seen.query == "dataset=MASS/Cars93&chart=box&y=Price&color=Origin"
    assert seen.choices()["color"] == "Origin"
    assert seen.choices()["x"] not in ("Weight", "")
    assert "Cannot" not in seen.page.locator("#note").inner_text()


@pytest.mark.parametrize(
    ("before", "kind", "x"),
    [
        ("chart=line&x=Weight&y=Price", "scatter", ["Weight"]),
        ("chart=scatter&x=Weight&y=Price", "density", ["Weight"]),
        ("chart=line&x=:row&y=Price", "density", None),
        ("chart=box&x=DriveTrain&y=Price", "bar", ["DriveTrain"]),
        ("chart=bar&x=DriveTrain", "line", None),
    ],
)
def test_another_kind_keeps_an_x_that_it_can_have(seen, before, kind, x):
    seen.open(f"?dataset=MASS/Cars93&{before}").pick("chart", kind)
    assert parse_qs(seen.query).get("x") == x
    assert seen.choices()["chart"] == kind
    assert "Cannot" not in seen.page.locator("#note").inner_text()


@pytest.mark.parametrize("key", ["chart", "x", "color", "facet", "log"])
def test_a_control_back_at_its_default_leaves_no_trace(seen, key):
    seen.open("?dataset=datasets/InsectSprays")
    usual = seen.choices()[key]
    other = next(option for option in seen.options(key) if option != usual) if len(seen.options(key)) > 1 else None
    if other is None:
        assert key == "x"
        return
    assert parse_qs(seen.pick(key, other).query)[key] == [other]
    assert seen.pick(key, usual).query == "dataset=datasets/InsectSprays"
    assert seen.choices()[key] == usual


def test_a_control_keeps_the_focus_while_its_chart_is_drawn(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter")
    seen.page.locator("#choose-chart").focus()
    seen.pick("chart", "box")
    assert seen.page.evaluate("document.activeElement.id") == "choose-chart"


def test_a_choice_made_while_the_answer_to_another_is_awaited_is_not_lost(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price")
    held = []
    seen.page.route("**/_dash-update-component*", lambda route: held.append(route))
    seen.page.locator("#choose-color").select_option("Origin")
    seen.page.wait_for_url("**color=Origin**")
    seen.page.locator("#choose-log").select_option("x")
    seen.page.wait_for_url("**log=x**")
    wait_until(lambda: seen.sees_requests() and len(held) == 2, what="two requests")
    for route in reversed(held):  # the first answer comes last
        with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
            route.continue_()
    seen.page.unroute("**/_dash-update-component*")
    seen.settle()
    assert seen.query.endswith("x=Weight&y=Price&color=Origin&log=x")
    assert (seen.choices()["color"], seen.choices()["log"]) == ("Origin", "x")
    assert seen.axis("xaxis")["type"] == "log"


def test_going_back_while_a_chart_is_awaited_counts(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price").pick("color", "Origin")
    held = []
    seen.page.route("**/_dash-update-component*", lambda route: held.append(route))
    seen.page.locator("#choose-log").select_option("xy")
    seen.page.wait_for_url("**log=xy**")
    wait_until(lambda: seen.sees_requests() and len(held) == 1, what="a request")
    seen.page.go_back()
    seen.page.wait_for_url(lambda url: "log" not in url)
    expect(seen.page.locator("#choose-log")).to_have_value("")
    with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
        held[0].continue_()  # what nobody waits for any more comes last
    seen.page.unroute("**/_dash-update-component*")
    seen.settle()
    assert len(held) == 1
    assert seen.query.endswith("color=Origin")
    assert seen.choices()["log"] == ""
    assert seen.axis("xaxis")["type"] == "linear"


def test_clearing_the_columns_ticks_those_drawn_by_default(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.locator("#columns .dash-dropdown-clear").click()
    seen.settle()
    assert seen.query == "dataset=Ecdat/Airq"
    assert seen.page.evaluate("window.dash_component_api.getLayout('columns').props.value.length") == 5


def test_choosing_columns_draws_them_and_writes_the_link(seen):
    seen.open("?dataset=MASS/Cars93&chart=line&y=Price&y=MPG.city")
    assert [trace["name"] for trace in seen.drawn()] == ["Price", "MPG.city"]
    seen.page.locator("#columns").click()
    seen.page.locator(".dash-dropdown-content").get_by_text("Horsepower", exact=True).click()
    seen.page.keyboard.press("Escape")
    seen.page.wait_for_url("**y=Horsepower**")
    assert [trace["name"] for trace in seen.settle().drawn()] == ["Price", "MPG.city", "Horsepower"]


def test_a_line_switched_off_in_the_legend_leaves_the_chart_and_the_link(seen):
    seen.open("?dataset=datasets/iris&chart=line")
    for _ in range(2):  # once more after a step back: the very same click must count again
        seen.page.locator("#graph .legendtoggle").nth(1).click()
        seen.page.wait_for_url("**y=Sepal.Length**")
        seen.settle()
        assert [trace["name"] for trace in seen.drawn()] == ["Sepal.Length", "Petal.Length", "Petal.Width"]
        seen.page.go_back()
        assert len(seen.settle().drawn()) == 4


def test_a_chart_keeps_no_room_for_the_legend_of_the_one_before(seen):
    seen.open("?dataset=MASS/oats")
    assert seen.page.locator("#graph .legendtext").count() > 1
    seen.choose("MASS/bacteria")
    after = seen.layout("_size")
    assert seen.open("?dataset=MASS/bacteria").layout("_size") == after
    assert after["b"] == seen.layout("margin")["b"]  # an axis that needs more makes Plotly draw the whole chart twice


@pytest.mark.parametrize("query", ["chart=line&facet=carb&y=mpg", "chart=scatter&x=wt&facet=carb&y=mpg"])
def test_panels_side_by_side_show_all_values(seen, query):
    seen.open(f"?dataset=datasets/mtcars&{query}")
    values = [value for trace in seen.drawn() for value in trace["y"] if value is not None]
    low, high = seen.page.evaluate("document.querySelector('#graph .js-plotly-plot')._fullLayout.yaxis.range")
    assert low <= min(values) < max(values) <= high


def test_the_scale_can_be_switched_and_the_default_leaves_no_trace(seen):
    seen.open("?dataset=Ecdat/Airq&chart=line")
    assert seen.pick("scale", "shared").query == "dataset=Ecdat/Airq&chart=line&scale=shared"
    assert seen.page.locator("#graph .legendtext").count() == 5
    assert seen.pick("scale", "panels").query == "dataset=Ecdat/Airq&chart=line"


# What a click means ---------------------------------------------------------------------------------------


def test_a_bar_filters_table_and_chart_and_the_same_click_takes_it_back(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=bar&x=Type&page=3")
    bar = ".barlayer .point path"
    counts = seen.drawn()[0]["y"]
    seen.posts.clear()
    seen.click_mark(bar, 2)
    (condition,) = parse_qs(seen.query)["where"]
    kind = condition.removeprefix("Type:eq:")
    assert seen.pills() == [f"Type is {kind}"]
    assert rows(seen) == counts[2] == (cars["Type"] == kind).sum()
    assert set(seen.column(2)) == {kind}
    assert seen.drawn()[0]["y"] == [counts[2]]
    assert sorted(seen.posts) == ["chart", "table"]
    assert "page" not in seen.query
    seen.click_mark(bar)
    assert seen.query == "dataset=MASS/Cars93&chart=bar&x=Type"
    assert seen.pills() == []
    seen.page.go_back()
    seen.settle()
    assert seen.pills() == [f"Type is {kind}"]


def test_a_bar_of_two_groups_filters_by_both(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=bar&x=Type&color=Origin").click_mark(
        ".barlayer .trace:nth-child(2) .point path"
    )
    wheres = dict(where.split(":eq:") for where in parse_qs(seen.query)["where"])
    assert set(wheres) == {"Type", "Origin"}
    assert rows(seen) == ((cars["Type"] == wheres["Type"]) & (cars["Origin"] == wheres["Origin"])).sum()


def bounds(seen, column):
    """The numbers between which a column is kept, and whether the upper one belongs to it."""
    wheres = [where.split(":") for where in parse_qs(seen.query)["where"] if where.startswith(f"{column}:")]
    ends = {operator: float(value) for _, operator, value in wheres}
    assert len(ends) == len(wheres) == 2
    return ends["gte"], ends.get("lt", ends.get("lte")), "lte" in ends


def within(values, low, high, closed):
    return int(((values >= low) & ((values <= high) if closed else (values < high))).sum())


def test_a_bin_filters_and_a_second_one_replaces_it_and_back_undoes(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=histogram&y=Price")
    bar, counts = ".barlayer .point path", seen.drawn()[0]["y"]
    seen.click_mark(bar, 1)
    first, query = bounds(seen, "Price"), seen.query
    assert rows(seen) == counts[1] == within(cars["Price"], *first)
    assert len(seen.pills()) == 2
    seen.click_mark(bar, 0)
    second = bounds(seen, "Price")
    assert first[0] <= second[0] < second[1] <= first[1]
    assert rows(seen) == within(cars["Price"], *second)
    assert len(seen.pills()) == 2
    seen.page.go_back()
    assert seen.settle().query == query
    assert rows(seen) == counts[1]
    seen.page.go_back()
    assert seen.settle().query == "dataset=MASS/Cars93&chart=histogram&y=Price"
    assert seen.drawn()[0]["y"] == counts


def test_a_bin_that_is_all_that_is_left_is_taken_back_by_the_next_click(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=histogram&y=Passengers")
    start = seen.query
    seen.click_mark(".barlayer .point path", 1)
    assert rows(seen) == (cars["Passengers"] == 4).sum()
    seen.click_mark(".barlayer .point path")
    assert seen.query == start


@pytest.mark.parametrize(("kind", "box"), [("box", ".boxlayer path.box"), ("violin", ".violinlayer path.violin")])
def test_a_box_filters_its_group_and_the_same_click_takes_it_back(seen, cars, kind, box):
    seen.open(f"?dataset=MASS/Cars93&chart={kind}&x=Type&y=Price")
    start = seen.query
    seen.click_mark(box, 1)
    (condition,) = parse_qs(seen.query)["where"]
    assert rows(seen) == (cars["Type"] == condition.removeprefix("Type:eq:")).sum()
    assert len(seen.pills()) == 1
    assert seen.click_mark(box).query == start


def draw_over(seen, panel, start, end, moves=True):
    """Draw over bars of a panel, from one part of its width to another."""
    box = seen.page.locator("#graph .nsewdrag").nth(panel).bounding_box()
    mouse, y = seen.page.mouse, box["y"] + box["height"] * 0.6
    mouse.move(box["x"] + box["width"] * start, y)
    mouse.down()
    mouse.move(box["x"] + box["width"] * end, y, steps=4)
    if not moves:
        mouse.up()
        return
    with seen.moves():
        mouse.up()
    seen.settle()


def outlines(seen):
    return seen.page.locator("#graph .select-outline, #graph .selectionlayer path")


@pytest.mark.parametrize("color", ["", "&color=sex"])
def test_bars_of_a_panel_that_are_drawn_over_filter_its_column(seen, catalog, color):
    frame = catalog.table(catalog["survival/flchain"]).to_pandas()
    seen.open(f"?dataset=survival/flchain&chart=histogram&y=age&y=kappa&y=flc.grp{color}")
    draw_over(seen, 0, 0.2, 0.6)
    low, high = (where.split(":") for where in parse_qs(seen.query)["where"])
    assert (low[:2], high[:2]) == (["age", "gte"], ["age", "lt"])
    assert rows(seen) == ((frame["age"] >= float(low[2])) & (frame["age"] < float(high[2]))).sum() > 0
    assert outlines(seen).count() == 0
    draw_over(seen, 2, 0.3, 0.6)  # bars of one whole number each
    assert parse_qs(seen.query)["where"][2:] == ["flc.grp:gte:4.0", "flc.grp:lte:6.0"]
    shown = frame[(frame["age"] >= float(low[2])) & (frame["age"] < float(high[2])) & frame["flc.grp"].between(4, 6)]
    assert rows(seen) == len(shown) > 0
    seen.page.go_back()
    seen.settle()
    assert len(parse_qs(seen.query)["where"]) == 2


def swipe(seen, x, y):
    """Move a finger upwards from a place, a little to the side."""
    touch = seen.page.context.new_cdp_session(seen.page)
    for step in range(9):
        points = [{"x": x + 3 * step, "y": y - 15 * step}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("size", [(390, 844), (820, 1180)])
@pytest.mark.parametrize(
    ("query", "column"), [("chart=histogram&y=age&y=kappa", "age"), ("chart=bar&x=flc.grp", "flc.grp")]
)
def test_a_finger_over_bars_scrolls_the_page_and_a_tap_filters(browser, server_url, query, column, size):
    with viewer(browser, server_url, viewport=dict(zip(("width", "height"), size)), has_touch=True) as seen:
        seen.open(f"?dataset=survival/flchain&{query}")
        start = seen.query
        bar = seen.page.locator("#graph .barlayer .point path").first
        box = bar.bounding_box()
        swipe(seen, box["x"] + box["width"] / 2, box["y"] + box["height"] - 10)
        wait_until(lambda: seen.page.evaluate("scrollY") > 50, what="the page to scroll")
        assert (seen.query, outlines(seen).count()) == (start, 0)
        seen.open("?dataset=datasets/iris")  # the page may scroll on by itself for a while
        seen.open(f"?dataset=survival/flchain&{query}")
        box = bar.bounding_box()
        with seen.moves():
            seen.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 10)
        assert {where.split(":")[0] for where in parse_qs(seen.settle().query)["where"]} == {column}


def test_where_no_bar_is_drawn_over_nothing_happens(seen):
    seen.open("?dataset=survival/flchain&chart=histogram&y=age&y=creatinine")
    start, (low, high) = seen.query, seen.axis("xaxis2")["range"]
    ends = max(zip(seen.drawn()[1]["x"], seen.drawn()[1]["x"][1:]), key=lambda pair: pair[1] - pair[0])
    middle = (sum(ends) / 2 - low) / (high - low)
    draw_over(seen, 1, middle - 0.02, middle + 0.02, moves=False)
    expect(outlines(seen)).to_have_count(0)
    assert seen.query == start


def rings(seen):
    return [trace for trace in seen.drawn() if trace["symbol"] == "circle-open"]


def test_a_dot_points_at_its_row_and_asks_for_the_chart_alone(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&color=:none&size=100")
    seen.posts.clear()
    seen.click_mark(".scatterlayer .point", 40)
    row = int(parse_qs(seen.query)["row"][0])
    assert seen.posts == ["chart"]
    (ring,) = rings(seen)
    assert (ring["x"], ring["y"]) == ([cars["Weight"][row - 1]], [cars["Price"][row - 1]])
    marked = seen.page.locator("#table tr[data-pointed] td").all_inner_texts()
    assert marked[:2] == cars.iloc[row - 1, :2].tolist()
    seen.page.go_back()
    assert "row" not in parse_qs(seen.settle().query)
    assert rings(seen) == []
    assert seen.page.locator("#table tr[data-pointed]").count() == 0


def test_a_dot_of_a_strip_points_at_its_row(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=strip&x=Type&y=Price")
    seen.click_mark(".boxlayer path.point", 40)
    row = int(parse_qs(seen.query)["row"][0])
    (ring,) = rings(seen)
    assert ring["y"] == [cars["Price"][row - 1]]


def test_a_row_of_the_table_puts_a_ring_into_the_chart_and_a_second_click_takes_it_away(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&sort=Price:desc&page=2")
    seen.posts.clear()
    cell = seen.page.locator("#table td[data-dash-column=c1]").nth(3)
    model = cell.inner_text()
    cell.click()
    seen.settle()
    row = int(parse_qs(seen.query)["row"][0])
    assert cars["Model"][row - 1] == model
    assert seen.posts == ["chart"]
    assert rings(seen)[0]["y"] == [cars["Price"][row - 1]]
    assert seen.page.locator("#table tr[data-pointed] td[data-dash-column=c1]").all_inner_texts() == [model]
    cell.click()
    assert "row" not in seen.settle().query
    assert rings(seen) == []


def test_a_link_to_a_row_marks_it_after_a_reload_too(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&row=3")
    assert seen.page.locator("#table tr[data-pointed] td[data-dash-column=c1]").all_inner_texts() == ["90"]
    assert len(rings(seen)) == 1


def test_a_correlation_cell_opens_its_scatter(seen):
    seen.open("?dataset=datasets/iris&chart=correlation")
    names = seen.page.evaluate("window.dash_component_api.getLayout('columns').props.value")
    box = seen.page.locator("#graph .nsewdrag").first.bounding_box()
    across, down = 2, 1
    seen.click_at(box["x"] + box["width"] * (across + 0.5) / 4, box["y"] + box["height"] * (down + 0.5) / 4)
    assert seen.query == f"dataset=datasets/iris&chart=scatter&x={names[across]}&y={names[down]}"
    assert seen.axis("xaxis")["title"].startswith(names[across])
    assert seen.choices()["x"] == names[across]
    seen.page.go_back()
    assert seen.settle().choices()["chart"] == "correlation"


# Zoom ------------------------------------------------------------------------------------------------------


def test_zoom_refines_a_long_series_and_is_in_the_link(seen):
    seen.open("?dataset=gap/mhtdata&chart=line&y=p")
    coarse = seen.drawn()[0]
    seen.posts.clear()
    seen.zoom(0.5, 0.52)
    low, high = map(float, parse_qs(seen.query)["range"][0].split(":"))
    assert seen.posts == ["chart"]
    fine = seen.drawn()[0]
    inside = [x for x in coarse["x"] if low <= x <= high]
    assert len(fine["y"]) > 3 * len(inside)
    assert "zoom in for more" not in seen.page.locator("#note").inner_text() or len(fine["y"]) < high - low


def double_click(seen):
    box = seen.page.locator("#graph .nsewdrag").first.bounding_box()
    with seen.moves():
        seen.page.mouse.dblclick(box["x"] + 200, box["y"] + 100)
    seen.settle()


def test_double_click_shows_all_again(seen):
    seen.open("?dataset=datasets/AirPassengers&range=1950-01-01:1952-01-01")
    assert [end[:10] for end in seen.axis("xaxis")["range"]] == ["1950-01-01", "1952-01-01"]
    double_click(seen)
    assert seen.query == "dataset=datasets/AirPassengers"
    assert len(seen.drawn()[0]["y"]) == 144


def test_double_click_shows_all_again_after_a_step_back_too(seen):
    seen.open("?dataset=datasets/AirPassengers&range=1950-01-01:1952-01-01")
    double_click(seen)
    seen.page.go_back()
    assert "range" in seen.settle().query
    double_click(seen)
    assert seen.query == "dataset=datasets/AirPassengers"


def test_zooming_a_time_axis_writes_dates_that_a_reload_reads(seen):
    seen.open("?dataset=datasets/AirPassengers").zoom()
    assert re.fullmatch(r"dataset=datasets/AirPassengers&range=19\d\d-.+", seen.query)
    before = seen.axis("xaxis")["range"]
    seen.page.reload()
    assert [end[:13] for end in seen.settle().axis("xaxis")["range"]] == [end[:13] for end in before]


def test_zooming_one_panel_zooms_them_all(seen):
    seen.open("?dataset=Ecdat/Airq&chart=line").zoom()
    ranges = seen.page.evaluate(
        """() => Object.entries(document.querySelector("#graph .js-plotly-plot")._fullLayout)
             .filter(([name]) => /^xaxis/.test(name)).map(([, axis]) => axis.range.map((end) => end.toFixed(3)))"""
    )
    assert len(ranges) == 3
    assert ranges.count(ranges[0]) == 3
    assert "range" in parse_qs(seen.query)


def drag(seen, start, end):
    """Drag over the chart between two corners, as shares of its width and height from the upper left."""
    box = seen.page.locator("#graph .nsewdrag").first.bounding_box()
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in (start, end)]
    seen.page.mouse.move(*at[0])
    seen.page.mouse.down()
    seen.page.mouse.move((at[0][0] + at[1][0]) / 2, (at[0][1] + at[1][1]) / 2)
    seen.page.mouse.move(*at[1])
    with seen.moves():
        seen.page.mouse.up()
    seen.settle()


def test_the_map_zooms_in_both_directions_and_a_reload_keeps_it(seen):
    seen.open()
    drag(seen, (0.25, 0.2), (0.5, 0.7))
    before = seen.axis("yaxis")["range"]
    seen.page.reload()
    assert seen.settle().axis("yaxis")["range"] == pytest.approx(before, abs=1e-4)


def test_the_range_of_a_scatter_can_become_conditions(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&page=2")
    drag(seen, (0.2, 0.4), (0.6, 0.95))
    x_low, x_high, y_low, y_high = map(float, parse_qs(seen.query)["range"][0].split(":"))
    seen.posts.clear()
    seen.page.get_by_role("link", name="Keep only these rows").click()
    seen.settle()
    assert sorted(seen.posts) == ["chart", "table"]
    assert "range" not in seen.query and "page" not in seen.query
    kept = cars["Weight"].between(x_low, x_high) & cars["Price"].between(y_low, y_high)
    assert 0 < rows(seen) == kept.sum() < 93
    assert len(seen.pills()) == 4
    seen.page.go_back()
    assert "range" in seen.settle().query
    assert seen.pills() == []


def test_the_range_of_a_histogram_can_become_conditions(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=histogram&y=Price").zoom(0.1, 0.4)
    low, high = map(float, parse_qs(seen.query)["range"][0].split(":"))
    seen.page.get_by_role("link", name="Keep only these rows").click()
    seen.settle()
    assert "range" not in seen.query
    assert rows(seen) == cars["Price"].between(low, high).sum()
    assert len(seen.pills()) == 2


def test_keeping_the_rows_of_a_range_twice_leaves_one_pair_of_bounds(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=histogram&y=Price&where=Price:gte:10&where=Price:lte:40").zoom(0.2, 0.6)
    low, high = map(float, parse_qs(seen.query)["range"][0].split(":"))
    seen.page.get_by_role("link", name="Keep only these rows").click()
    seen.settle()
    assert bounds(seen, "Price") == (low, high, True)
    assert rows(seen) == cars["Price"].between(low, high).sum()


# Search and pills ------------------------------------------------------------------------------------------


def test_a_search_narrows_table_and_chart_once_typing_rests(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&color=:none")
    seen.posts.clear()
    seen.page.locator("#find").press_sequentially("ford", delay=20)
    seen.page.wait_for_url("**search=ford**")
    seen.settle()
    ford = cars.astype(str).apply(lambda column: column.str.contains("ford", case=False)).any(axis=1)
    assert rows(seen) == ford.sum() > 0
    assert sum(len(trace["x"]) for trace in seen.drawn()) == ford.sum()
    assert sorted(seen.posts) == ["chart", "table"]  # four letters, one search
    seen.page.go_back()
    seen.settle()
    assert seen.page.locator("#find").input_value() == ""
    assert rows(seen) == 93


def test_a_pill_takes_its_condition_away_and_leaves_the_others(seen, cars):
    seen.open("?dataset=MASS/Cars93&where=Origin:eq:USA&where=Price:gt:10&search=a&page=2&sort=Price")
    assert seen.pills() == ["Origin is USA", "Price is above 10"]
    seen.posts.clear()
    seen.page.get_by_role("link", name="Remove: Origin is USA").click()
    seen.settle()
    assert seen.query == "dataset=MASS/Cars93&sort=Price&where=Price:gt:10&search=a"
    assert seen.pills() == ["Price is above 10"]
    assert sorted(seen.posts) == ["chart", "table"]


def test_conditions_that_leave_no_row_say_so_and_can_be_taken_back(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&where=Price:gt:1000")
    assert seen.status.startswith("No row matches, of 93.")
    assert "no row matches" in seen.page.locator("#note").inner_text()
    assert seen.choices()["chart"] == "scatter"
    seen.page.get_by_role("link", name="Remove: Price is above 1000").click()
    assert rows(seen.settle()) == 93
    assert seen.drawn()


# Files -----------------------------------------------------------------------------------------------------


def test_the_pictures_bear_a_telling_name_the_title_and_the_source(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&where=Origin:eq:USA")
    for name in ("PNG", "SVG"):
        with seen.page.expect_download() as download:
            seen.page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename == f"dataviewer-MASS-Cars93-scatter-Price.{name.lower()}"
        content = download.value.path().read_bytes()
        if name == "PNG":
            assert content.startswith(b"\x89PNG\r\n\x1a\n")
            width = int.from_bytes(content[16:20], "big")
            assert width == 2 * round(seen.page.locator("#graph").bounding_box()["width"])
    text = re.sub(r"<[^>]+>", " ", content.decode())
    assert "Data from 93 Cars on Sale in the USA in 1993" in text
    assert re.search(r"Source: MASS/Cars93, 48 of 93 rows", text)
    assert "Weight" in text
    assert len(re.findall(rb'class="point\b', content)) == 48
    assert (
        seen.query == "dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&where=Origin:eq:USA"
    )  # no download is a view


def test_a_picture_that_the_server_refuses_is_explained(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&y=nope")
    seen.page.get_by_role("link", name="SVG", exact=True).click()
    seen.page.wait_for_function("() => document.querySelector('#status').textContent.includes('Cannot draw “nope”')")
    seen.errors.clear()  # the browser logs the 400


def test_the_chart_as_a_page_opens_from_a_disk_without_network(seen, browser, tmp_path):
    seen.open("?dataset=MASS/Cars93&chart=bar&x=Type&color=Origin")
    with seen.page.expect_download() as download:
        seen.page.get_by_role("link", name="HTML", exact=True).click()
    assert download.value.suggested_filename == "dataviewer-MASS-Cars93-bar.html"
    file = tmp_path / "chart.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True)
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.goto(Path(file).as_uri())
    page.locator("#chart .barlayer .point path").first.wait_for()
    assert page.locator("#chart .barlayer .point path").count() == seen.page.locator(".barlayer .point path").count()
    assert page.locator("#chart .gtitle").text_content() == "Data from 93 Cars on Sale in the USA in 1993"
    context.close()
    assert errors == []


def test_the_button_of_the_chart_downloads_a_picture(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.locator("#graph").hover()
    with seen.page.expect_download() as download:
        seen.page.locator("#graph .modebar-btn[data-title*='Download']").click()
    assert download.value.suggested_filename == "dataviewer-chart.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_the_chart_offers_no_way_to_a_cloud(seen):
    seen.open("?dataset=Ecdat/Airq")
    titles = seen.page.locator("#graph .modebar-btn").evaluate_all("buttons => buttons.map(b => b.dataset.title)")
    assert titles
    assert not [title for title in titles if title and re.search("share|cloud|edit", title, re.IGNORECASE)]


# Every combination -----------------------------------------------------------------------------------------

DATASETS = ("MASS/Cars93", "datasets/airquality", "Ecdat/Grunfeld", "ggplot2/economics", "datasets/iris")
MARKS = ".scatterlayer .trace, .barlayer .point, .boxlayer .trace, .violinlayer .trace, .heatmaplayer image"


def test_every_kind_of_chart_draws_with_every_sort_of_choice(seen):
    tried, kinds = Counter(), set()
    for dataset in DATASETS:
        seen.open(f"?dataset={dataset}")
        turn = cycle(range(1, 100))
        for kind in seen.options("chart") if sum(tried.values()) < 100 else []:
            seen.pick("chart", kind)
            assert_drawn(seen)
            kinds.add(kind)
            tried[kind] += 1
            others = [key for key in seen.choices() if key != "chart" and len(seen.options(key)) > 1]
            if not others:
                continue
            place = next(turn)
            key = others[place % len(others)]
            options = [option for option in seen.options(key) if option != seen.choices()[key]]
            seen.pick(key, options[place % len(options)])
            assert_drawn(seen)
            tried[kind, key] += 1
    assert sum(tried.values()) >= 100
    assert len(kinds) == 12


def assert_drawn(seen):
    where = (seen.query, seen.page.locator("#note").inner_text())
    assert seen.unwanted() == [], where
    box = seen.page.locator("#graph .main-svg").first.bounding_box()
    assert box["height"] >= 300, where
    assert seen.page.evaluate(
        """(marks) => [...document.querySelectorAll("#graph .js-plotly-plot :is(" + marks + ")")]
             .some((mark) => mark.getBoundingClientRect().width > 0)""",
        MARKS,
    ), where
    assert seen.page.locator("#words li").count() > 0, where


# Failing, narrow, accessible ---------------------------------------------------------------------------------


def fail_charts(route):
    if "graph.figure" in route.request.post_data:
        body = '{"ok": false, "error": "No chart today.", "status": 400}'
        route.fulfill(status=400, body=body, content_type="application/json")
    else:
        route.continue_()


def test_a_chart_that_fails_leaves_the_table_usable(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.route("**/_dash-update-component*", fail_charts)
    seen.page.get_by_role("link", name="Next dataset: Ecdat/Benefits").click()
    seen.page.wait_for_function("() => document.querySelector('h1').textContent.includes('Unemployement')")
    seen.sort(0)
    assert seen.query.startswith("dataset=Ecdat/Benefits&sort=")
    seen.errors.clear()  # the browser logs the 400


def test_a_chart_that_fails_leaves_its_controls_usable(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price")
    seen.page.route("**/_dash-update-component*", fail_charts)
    seen.page.locator("#choose-color").select_option("Origin")
    seen.page.wait_for_function("() => document.querySelector('#status').textContent.includes('No chart today')")
    seen.page.unroute("**/_dash-update-component*")
    seen.pick("log", "x")
    assert parse_qs(seen.query)["color"] == ["Origin"]
    assert seen.axis("xaxis")["type"] == "log"
    assert len(seen.drawn()) == 2
    seen.errors.clear()  # the browser logs the 400


def test_a_window_made_narrow_gets_panels_that_fit_it(seen):
    seen.open("?dataset=Ecdat/University")
    columns = """() => new Set(Object.entries(document.querySelector("#graph .js-plotly-plot")._fullLayout)
      .filter(([name]) => /^xaxis/.test(name)).map(([, axis]) => axis.domain[0].toFixed(3))).size"""
    assert seen.page.evaluate(columns) == 4
    with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
        seen.page.set_viewport_size({"width": 500, "height": 900})
    assert seen.settle().page.evaluate(columns) == 2
    seen.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("query", ["&range=foo", "&scale=huge", "&y=nope", "&chart=pie", "&x=nope", "&color=nope"])
def test_a_hostile_link_to_a_chart_says_what_is_wrong_beside_it(seen, query):
    seen.open(f"?dataset=Ecdat/Airq&chart=line{query}")
    assert "“" in seen.page.locator("#note").inner_text()
    assert len(seen.drawn()) == 5


def test_a_chart_of_a_column_that_is_not_there_is_refused_in_words(seen):
    seen.open("?dataset=Ecdat/Airq&chart=line&y=nope&y=coas&range=2000-01-01:2001-01-01")
    note = seen.page.locator("#note").inner_text()
    assert "Cannot draw “nope”" in note
    assert "Cannot draw “coas”" in note and "it holds text values" in note
    assert "does not fit the axis row" in note


NARROW = ["chart=scatter&x=Weight&y=Price&color=Type&trend=linear", "chart=bar&where=Price:gt:10", "chart=line"]


@pytest.mark.parametrize("query", NARROW)
def test_a_narrow_screen_folds_rare_choices_away_and_nothing_overlaps(browser, server_url, query):
    with viewer(browser, server_url, viewport={"width": 390, "height": 844}) as seen:
        seen.open(f"?dataset=MASS/Cars93&{query}")
        shown = [key for key in seen.choices() if seen.page.locator(f"#choose-{key}").is_visible()]
        assert "log" not in shown
        assert ("trend" in shown) == ("trend" in query)  # what differs from the default is seen
        button = seen.page.get_by_role("button", name="More choices")
        button.click()
        assert all(seen.page.locator(f"#choose-{key}").is_visible() for key in seen.choices())
        assert seen.page.get_by_role("button", name="Fewer choices").get_attribute("aria-expanded") == "true"
        assert overlaps(seen) == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390
        seen.page.get_by_role("button", name="Fewer choices").click()
        assert not seen.page.locator("#choose-log").is_visible()
        assert seen.unwanted() == []


def overlaps(seen):
    """The pairs of controls, links and lines of text outside the chart that lie on each other, or beyond the edge."""
    return seen.page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("main :is(select, button, a, input, label, h1, p, summary)")];
          const parts = all.filter((part) => part.checkVisibility())
            .filter((part) => !part.closest("#table, #graph, .dash-dropdown, .visually-hidden")
              && !part.matches(".dash-dropdown-focus-target, .visually-hidden"))
            .map((part) => [part, part.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
          const found = parts.filter(([, box]) => box.right > window.innerWidth + 1).map(([part]) => part.outerHTML);
          parts.forEach(([one, a], place) => parts.slice(place + 1).forEach(([two, b]) => {
            const beside = a.right <= b.left + 1 || b.right <= a.left + 1;
            const apart = beside || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
            if (!apart && !one.contains(two) && !two.contains(one)) found.push([one.outerHTML, two.outerHTML]);
          }));
          return found;
        }"""
    )


@pytest.mark.parametrize("query", [*NARROW, "chart=histogram&y=Price&color=Origin", "chart=correlation", "chart=box"])
def test_the_controls_stand_in_two_rows_at_most_and_the_first_rows_below_the_chart_on_a_laptop(seen, query):
    seen.open(f"?dataset=MASS/Cars93&{query}")
    tops = seen.page.locator("[id^=choose-]").evaluate_all(
        "all => all.map(s => Math.round(s.getBoundingClientRect().y))"
    )
    assert len(set(tops)) <= 2
    assert overlaps(seen) == []
    third = seen.page.locator("#table td[data-dash-column=c0]").nth(2).bounding_box()
    assert third["y"] + third["height"] < 900


AXE = {
    "line": "?dataset=Ecdat/Grunfeld",
    "bar": "?dataset=MASS/Cars93&chart=bar&x=Type&color=Origin&where=Price:gt:10&row=3",
    "scatter": "?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&trend=linear&range=2000:3000",
    "histogram": "?dataset=Ecdat/Airq",
    "correlation": "?dataset=datasets/iris&chart=correlation",
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_kind_of_chart(browser, server_url, scheme, width):
    with viewer(browser, server_url, color_scheme=scheme, viewport={"width": width, "height": 844}) as seen:
        for name, query in AXE.items():
            seen.open(query)
            seen.page.locator("#in-words summary").click()
            if width < 700 and seen.page.locator("#more").is_visible():
                seen.page.locator("#more").click()
            found = Axe().run(seen.page).response["violations"]
            bad = [
                (v["id"], [n["target"] for n in v["nodes"]][:3])
                for v in found
                if v["impact"] in ("serious", "critical")
            ]
            assert bad == [], name
        assert seen.unwanted() == []


# The labels of upright axes, and those of them that lie on a panel.
LABELS = "#graph .yaxislayer-above text"
COVERING = """(labels) => {
  const panels = [...document.querySelectorAll("#graph .nsewdrag")].map((panel) => panel.getBoundingClientRect());
  const [before, above] = [(a, b) => a.right <= b.left + 2, (a, b) => a.bottom <= b.top + 2];
  const apart = (a, b) => before(a, b) || before(b, a) || above(a, b) || above(b, a);
  const covers = (label) => !panels.every((panel) => apart(label.getBoundingClientRect(), panel));
  return labels.filter(covers).map((label) => label.textContent);
}"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("query", ["survival/flchain", "datasets/iris&chart=ecdf", "datasets/iris&chart=box&x="])
def test_no_label_of_an_axis_lies_on_the_panel_beside_it(browser, server_url, query, width):
    with viewer(browser, server_url, viewport={"width": width, "height": 844}) as seen:
        seen.open(f"?dataset={query}")
        labels = seen.page.locator(LABELS)
        assert labels.count() > 3
        assert labels.evaluate_all(COVERING) == []


FOCUS = """() => {
  const part = document.activeElement;
  return part.id || part.getAttribute("aria-label") || part.textContent.trim();
}"""


def test_the_keyboard_alone_reaches_every_control_in_the_order_of_the_page(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&where=Price:gt:10&range=2000:3500")
    order = []
    while not order or order[-1] != "JSON":
        assert len(order) < 63, order
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate(FOCUS))
    chart = [f"choose-{key}" for key in seen.choices()]
    wanted = [
        *chart[:2],
        "columns",
        *chart[2:],
        "Keep only these rows",
        "The chart in words",
        "PNG",
        "SVG",
        "HTML",
        "Plotly",
    ]
    wanted += ["find", "size", "CSV", "JSON"]
    assert [each for each in order if each in wanted] == wanted
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate(FOCUS) == "Remove: Price is above 10"
    seen.page.keyboard.press("Enter")
    assert "where" not in seen.settle().query


def test_the_keyboard_alone_changes_a_chart_and_opens_its_words(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter")
    seen.page.locator("#choose-chart").focus()
    seen.page.keyboard.type("Box")
    seen.page.wait_for_url("**chart=box**")
    seen.settle()
    assert seen.drawn()[0]["type"] == "box"
    seen.page.locator("#in-words summary").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.locator("#words p").is_visible()
    assert "box plot" in seen.page.locator("#words p").inner_text()


def test_the_words_say_what_the_bars_show(seen, cars):
    seen.open("?dataset=MASS/Cars93&chart=bar&x=Type")
    seen.page.locator("#in-words summary").click()
    words = seen.page.locator("#words").inner_text()
    for kind, count in Counter(cars["Type"]).items():
        assert f"{kind} {count}" in words
    assert np.isclose(sum(seen.drawn()[0]["y"]), 93)


def test_a_choice_draws_its_chart_once(seen):
    seen.open("?dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price")
    seen.page.evaluate(
        """() => {
          window.redrawn = 0;
          document.querySelector("#graph .js-plotly-plot").on("plotly_afterplot", () => window.redrawn += 1);
        }"""
    )
    seen.pick("color", "Origin")
    wait_until(lambda: seen.page.evaluate("window.redrawn"), 5, "a drawing")
    assert seen.page.evaluate("window.redrawn") == 1
