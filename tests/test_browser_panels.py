"""The columns, the documentation and one row beside table and chart, in a real Chromium against a real gunicorn."""

import re
from urllib.parse import parse_qs, parse_qsl

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dataviewer import Catalog, create_app
from tests.pages import viewer
from tests.web import served

CARS = "?dataset=MASS/Cars93"
BAD = ("serious", "critical")


@pytest.fixture(scope="module")
def cars(catalog):
    return catalog.table(catalog["MASS/Cars93"]).to_pandas()


@pytest.fixture(scope="module")
def own_url():
    """The address of a viewer of a program's own frame, with names and values that are hard to spell."""
    frame = pd.DataFrame(
        {
            "a:b": ["x:y", "100%", "%3A", "x:y"],
            "50%": [1.5, 2.5, 3.5, 4.5],
            "": [1, 2, 3, 4],
            "<b>": ["long " * 200, "<i>", None, "é"],
            "big": [2**62, 2**62 + 1, 5, 7],
        }
    )
    with served(create_app(Catalog.from_frames({"own": frame})).server) as (host, port):
        yield f"http://{host}:{port}"


def item(seen, name):
    """The part of the list of columns that belongs to a column."""
    found = seen.page.locator(f'#columns-list [data-column="{name}"]')
    expect(found).to_have_count(1)
    return found


def unfold(seen, name):
    part = item(seen, name)
    part.locator(".column-head").click()
    expect(part.locator(".column-body")).to_be_visible()
    return part


def profiled(seen, words):
    """Wait until the list of columns tells of so many rows."""
    expect(seen.page.locator("#columns-list .basis").first).to_have_text(words)
    expect(seen.page.locator("#columns-list[data-loading]")).to_have_count(0)
    seen.settle()


def of_rows(some, every=93):
    return f"Of all {every} rows." if some is None else f"Of {some} rows that match; grey: all {every}."


def bar(seen, name, place):
    """The middle of a bar of a column's picture, in pixels."""
    cover = item(seen, name).locator(".hit, .still").nth(place)
    cover.scroll_into_view_if_needed()
    box = cover.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def wheres(seen):
    return parse_qs(seen.query).get("where", [])


def heights(seen, name, which):
    rects = item(seen, name).locator(f".picture .{which}")
    return rects.evaluate_all("rects => rects.map(rect => Number(rect.getAttribute('height')))")


# The columns ---------------------------------------------------------------------------------------------


def test_the_list_has_every_column_with_its_kind_picture_and_counts(seen, cars):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    names = seen.page.locator("#columns-list .column-name").all_inner_texts()
    assert names == list(cars.columns)
    facts = item(seen, "Luggage.room").locator(".facts").first.inner_text()
    column = cars["Luggage.room"]
    assert facts == f"{column.nunique()} distinct · {column.isna().sum()} missing (11.8\u00a0%)"
    counts = cars.Type.value_counts()
    assert heights(seen, "Type", "shown") == pytest.approx([40 * count / counts.max() for count in counts], rel=1e-6)


def test_a_column_unfolds_to_its_meaning_and_statistics(seen, cars):
    seen.open(CARS)
    part = unfold(seen, "Weight")
    assert part.locator(".meaning").inner_text() == "Weight (pounds)"
    names, values = (part.locator(f".statistics {tag}").all_inner_texts() for tag in ("dt", "dd"))
    weight = cars.Weight
    assert dict(zip(names, values)) == {
        "least": str(weight.min()),
        "first quartile": f"{weight.quantile(0.25):g}",
        "median": f"{weight.median():g}",
        "third quartile": f"{weight.quantile(0.75):g}",
        "greatest": str(weight.max()),
        "mean": f"{weight.mean():.6g}",
        "standard deviation": f"{weight.std():.6g}",
    }
    assert names[0] == "least"
    assert part.locator(".basis").inner_text() == "Of 93 values."
    part.locator(".column-head").click()
    expect(part.locator(".column-body")).to_be_hidden()


def test_some_missing_values_are_never_none_of_them(seen):
    seen.open("?dataset=car/Chile")
    assert "1 missing (under 0.1\u00a0%)" in item(seen, "age").inner_text()


def test_infinite_values_are_not_among_those_that_statistics_tell_of(browser):
    frame = pd.DataFrame({"n": [1.0, 2.0, float("inf"), float("-inf"), None], "t": list("abcde")})
    own = served(create_app(Catalog.from_frames({"own": frame})).server)
    with own as (host, port), viewer(browser, f"http://{host}:{port}") as seen:
        seen.open("?dataset=frames/own")
        basis = unfold(seen, "n").locator(".basis").first
        assert basis.inner_text() == "Of 2 values, 1 missing and 2 infinite left out."


def test_dash_counts_no_clicks_that_nobody_asks_for(seen):
    seen.open(CARS)
    unfold(seen, "Price")
    assert '"n_clicks":' not in seen.page.evaluate("JSON.stringify(window.dash_component_api.getLayout([]))")


def test_a_search_box_finds_columns_by_name_where_there_are_many(seen):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    seen.page.get_by_label("Find a column").fill("MPG")
    shown = seen.page.locator("#columns-list .column:visible .column-name").all_inner_texts()
    assert shown == ["MPG.city", "MPG.highway"]
    part = unfold(seen, "MPG.city")
    part.get_by_text("hide").click()  # what was searched for stays when the list is drawn anew
    expect(item(seen, "MPG.city").locator(".facts").first).to_contain_text("not in the table")
    assert seen.page.locator("#columns-list .column:visible").count() == 2
    seen.open("?dataset=Airq")
    profiled(seen, of_rows(None, 30))
    assert seen.page.get_by_label("Find a column").count() == 0


# Filters -------------------------------------------------------------------------------------------------


def test_a_click_on_a_bar_keeps_its_rows_everywhere_and_again_takes_it_back(seen, cars):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    drawn, all_before = seen.drawn(), heights(seen, "Type", "all")
    midsize = cars[cars.Type == "Midsize"]
    seen.page.mouse.click(*bar(seen, "Type", 0))
    profiled(seen, of_rows(len(midsize)))
    assert wheres(seen) == ["Type:eq:Midsize"]
    assert seen.pills() == ["Type is Midsize"]
    assert seen.column(1) == midsize.Model.tolist()
    assert seen.drawn() != drawn
    assert heights(seen, "Type", "all") == all_before  # grey stays
    assert [height > 0 for height in heights(seen, "Type", "shown")] == [True, False, False, False, False, False]
    assert item(seen, "Type").get_attribute("data-filtered") == "true"
    seen.page.mouse.click(*bar(seen, "Type", 0))
    profiled(seen, of_rows(None))
    assert (wheres(seen), seen.pills(), seen.drawn()) == ([], [], drawn)


@pytest.mark.parametrize("backwards", [False, True])
def test_dragging_over_bars_keeps_the_values_that_they_span(seen, cars, backwards):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    titles = item(seen, "Price").locator("title").evaluate_all("titles => titles.map(title => title.textContent)")
    edges = [re.match(r"([\d.]+) to ([\d.]+):", title).groups() for title in titles]
    low, high = float(edges[1][0]), float(edges[3][1])
    kept = cars[(cars.Price >= low) & (cars.Price < high)]
    start, end = (bar(seen, "Price", place) for place in ((3, 1) if backwards else (1, 3)))
    seen.page.mouse.move(*start)
    seen.page.mouse.down()
    seen.page.mouse.move(end[0], end[1] + 300)  # a hand that is not steady
    assert seen.page.locator("#columns-list .brushed").count() == 3
    seen.page.mouse.up()
    profiled(seen, of_rows(len(kept)))
    assert wheres(seen) == [f"Price:gte:{low}", f"Price:lt:{high}"]
    assert seen.page.locator("#columns-list .brushed").count() == 0


def test_dragging_over_whole_numbers_and_over_values_keeps_them(seen, cars):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    values = cars.Type.value_counts()
    few = set(values.index[1:4])
    spacious, both = cars.Passengers.between(2, 4), cars.Passengers.between(2, 4) & cars.Type.isin(few)
    for name, places, kept in (("Passengers", (0, 2), spacious), ("Type", (1, 3), both)):
        start, end = (bar(seen, name, place) for place in places)
        seen.page.mouse.move(*start)
        seen.page.mouse.down()
        seen.page.mouse.move(*end)
        seen.page.mouse.up()
        profiled(seen, of_rows(int(kept.sum())))
    assert sorted(wheres(seen)) == sorted(["Passengers:gte:2.0", "Passengers:lte:4.0", *(f"Type:eq:{t}" for t in few)])


def test_a_range_keeps_what_lies_between_its_ends_and_shows_where_it_stands(seen, cars):
    seen.open(CARS)
    part = unfold(seen, "Price")
    part.get_by_label("Price from").fill("20")
    part.get_by_label("Price to").fill("30.5")
    part.get_by_role("button", name="Filter").click()
    profiled(seen, of_rows(int(cars.Price.between(20, 30.5).sum())))
    assert wheres(seen) == ["Price:gte:20", "Price:lte:30.5"]
    assert item(seen, "Price").get_by_label("Price from").input_value() == "20"
    item(seen, "Price").get_by_label("Price from").fill("")
    item(seen, "Price").get_by_label("Price to").press("Enter")
    profiled(seen, of_rows(int((cars.Price <= 30.5).sum())))
    assert wheres(seen) == ["Price:lte:30.5"]
    item(seen, "Price").get_by_text("no condition").click()
    profiled(seen, of_rows(None))


def test_an_end_that_nobody_touched_stays_below_and_does_not_become_at_most(seen):
    seen.open(f"{CARS}&where=Price:gte:20&where=Price:lt:30")
    part = unfold(seen, "Price")
    assert part.get_by_label("Price to").input_value() == "30"
    part.get_by_label("Price from").fill("25")
    part.get_by_role("button", name="Filter").click()
    seen.page.wait_for_url("**25**")
    assert wheres(seen) == ["Price:gte:25", "Price:lt:30"]
    seen.settle()


def test_what_is_no_number_is_not_sent(seen):
    seen.open(CARS)
    part = unfold(seen, "Price")
    part.get_by_label("Price from").fill("much")
    part.get_by_role("button", name="Filter").click()
    assert part.locator("input:invalid").count() == 1
    assert wheres(seen) == []


def test_ticks_keep_any_of_the_values_and_the_same_again_takes_them_back(seen, cars):
    seen.open(CARS)
    unfold(seen, "Type").get_by_label(re.compile("^Small")).check()
    profiled(seen, of_rows(int((cars.Type == "Small").sum())))
    item(seen, "Type").get_by_label(re.compile("^Van")).check()
    profiled(seen, of_rows(int(cars.Type.isin(["Small", "Van"]).sum())))
    assert seen.pills() == ["Type is Small", "Type is Van"]
    item(seen, "Type").get_by_label(re.compile("^Small")).uncheck()
    profiled(seen, of_rows(int((cars.Type == "Van").sum())))
    item(seen, "Type").get_by_label(re.compile("^Van")).uncheck()
    profiled(seen, of_rows(None))
    assert wheres(seen) == []


def test_ticks_that_follow_each_other_at_once_all_count(seen, cars):
    seen.open(CARS)
    part = unfold(seen, "Type")
    wanted = ["Small", "Van", "Sporty", "Compact"]
    ticks = [part.locator(f'[data-does="tick {value}"]').element_handle() for value in wanted]
    seen.page.evaluate("(boxes) => boxes.forEach((box) => box.click())", ticks)
    profiled(seen, of_rows(cars["Type"].isin(wanted).sum()))
    assert sorted(wheres(seen)) == sorted(f"Type:eq:{value}" for value in wanted)


def test_what_is_typed_and_not_sent_stays_when_another_condition_comes(seen, cars):
    seen.open(CARS)
    types, prices = unfold(seen, "Type"), unfold(seen, "Price")
    prices.locator("[data-does=from]").fill("12")
    types.locator('[data-does="tick Van"]').click()
    profiled(seen, of_rows((cars["Type"] == "Van").sum()))
    expect(item(seen, "Price").locator("[data-does=from]")).to_have_value("12")
    item(seen, "Price").locator("form.condition [type=submit]").click()
    profiled(seen, of_rows(((cars["Type"] == "Van") & (cars["Price"] >= 12)).sum()))
    seen.page.locator("#pills a").last.click()
    profiled(seen, of_rows((cars["Type"] == "Van").sum()))
    expect(item(seen, "Price").locator("[data-does=from]")).to_have_value("")


@pytest.mark.parametrize("query", ["&where=Price:eq:19.9&where=Price:eq:15.9", "&where=Price:gt:10&where=Price:gt:20"])
def test_a_form_that_nobody_touched_changes_nothing(seen, query):
    seen.open(CARS + query)
    start = seen.query
    submit = unfold(seen, "Price").locator("form.condition [type=submit]")
    submit.click()
    submit.press("Enter")
    assert seen.settle().query == start


def test_a_search_box_finds_columns_by_what_they_mean(seen):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    seen.page.get_by_label("Find a column").fill("air bags")
    shown = seen.page.locator("#columns-list .column:visible .column-name").all_inner_texts()
    assert shown == ["AirBags"]


def test_where_no_column_is_called_so_it_is_said(seen):
    seen.open(CARS)
    find = seen.page.locator("#columns-list [data-does=find]")
    find.fill("xyz")
    expect(seen.page.get_by_text("No column has that in its name or its meaning.")).to_be_visible()
    find.fill("pri")
    expect(seen.page.get_by_text("No column has that in its name or its meaning.")).to_be_hidden()


def test_a_row_that_the_view_leaves_out_is_said_to_be(seen):
    seen.open(f"{CARS}&where=Price:gte:30&row=1")
    expect(seen.page.locator("#row .row-head")).to_contain_text("Not among the rows that match.")
    seen.open(f"{CARS}&where=Price:lt:30&row=1")
    expect(seen.page.locator("#row .row-head")).to_contain_text("Row 1 of 93")
    expect(seen.page.locator("#row .row-head")).not_to_contain_text("Not among")


def test_a_dataset_without_rows_is_not_called_sound(seen):
    seen.open("?dataset=Zelig/friendship")
    seen.page.locator("#quality summary").click()
    expect(seen.page.locator("#quality")).to_contain_text("The dataset has no rows.")


def test_ticks_stand_where_the_link_says_and_keep_values_that_have_no_box(seen, cars):
    seen.open(f"{CARS}&where=Manufacturer:in:Ford:Saab:Volvo")
    kept = ["Ford", "Saab", "Volvo"]
    profiled(seen, of_rows(int(cars.Manufacturer.isin(kept).sum())))
    part = unfold(seen, "Manufacturer")
    ticked = part.locator("li", has=seen.page.locator("input:checked")).locator(".value").all_inner_texts()
    assert "Ford" in ticked
    assert "Saab" not in part.locator(".value").all_inner_texts()
    part.get_by_label(re.compile("^Chevrolet")).check()
    profiled(seen, of_rows(int(cars.Manufacturer.isin([*kept, "Chevrolet"]).sum())))
    assert sorted(wheres(seen)) == [f"Manufacturer:eq:{name}" for name in ("Chevrolet", "Ford", "Saab", "Volvo")]


def test_a_text_narrows_the_rows(seen, cars):
    seen.open(CARS)
    part = unfold(seen, "Model")
    part.get_by_label("How Model is compared").select_option("starts")
    part.get_by_label("Text for Model").fill("s")
    part.get_by_label("Text for Model").press("Enter")
    kept = cars[cars.Model.str.lower().str.startswith("s")]
    profiled(seen, of_rows(len(kept)))
    assert wheres(seen) == ["Model:starts:s"]
    assert item(seen, "Model").get_by_label("Text for Model").input_value() == "s"


def test_missing_values_can_be_had_alone_and_left_out(seen, cars):
    seen.open(CARS)
    missing = int(cars["Luggage.room"].isna().sum())
    unfold(seen, "Luggage.room").get_by_text("only missing").click()
    profiled(seen, of_rows(missing))
    item(seen, "Luggage.room").get_by_text("not missing").click()
    profiled(seen, of_rows(93 - missing))
    assert wheres(seen) == ["Luggage.room:notnull"]


def test_filters_add_to_those_of_other_columns_and_leave_the_first_page(seen, cars):
    seen.open(f"{CARS}&where=Origin:eq:USA&page=2&sort=Price")
    seen.page.mouse.click(*bar(seen, "Type", 0))
    profiled(seen, of_rows(int(((cars.Origin == "USA") & (cars.Type == "Midsize")).sum())))
    assert parse_qsl(seen.query) == [
        ("dataset", "MASS/Cars93"),
        ("sort", "Price"),
        ("where", "Origin:eq:USA"),
        ("where", "Type:eq:Midsize"),
    ]


def test_names_and_values_of_any_spelling_filter_hide_and_open(browser, own_url):
    with viewer(browser, own_url) as seen:
        seen.open("?dataset=own")
        profiled(seen, of_rows(None, 4))
        unfold(seen, "a:b").get_by_label(re.compile("^x:y")).check()
        profiled(seen, of_rows(2, 4))
        item(seen, "a:b").get_by_label(re.compile("^%3A")).check()
        profiled(seen, of_rows(3, 4))
        assert seen.pills() == ["a:b is x:y", "a:b is %3A"]
        assert item(seen, "a:b").locator("input:checked").count() == 2
        part = unfold(seen, "50%")
        part.get_by_label("50% from").fill("3")
        part.get_by_role("button", name="Filter").click()
        profiled(seen, of_rows(2, 4))
        item(seen, "50%").get_by_text("hide", exact=True).click()
        expect(item(seen, "50%").get_by_text("show", exact=True)).to_be_visible()
        seen.settle()
        assert parse_qs(seen.query, keep_blank_values=True)["columns"] == ["a%3Ab", "", "<b>", "big"]
        link = seen.page.url
        seen.page.goto(link)
        profiled(seen.settle(), of_rows(2, 4))
        assert seen.column(1) == []
        assert seen.column(0) == ["%3A", "x:y"]
        assert seen.unwanted() == []


def test_a_value_that_no_link_can_hold_is_no_button(browser, own_url):
    with viewer(browser, own_url) as seen:
        seen.open("?dataset=own")
        profiled(seen, of_rows(None, 4))
        assert item(seen, "<b>").locator(".still").count() == 1
        place = (
            item(seen, "<b>")
            .locator(".hit, .still")
            .evaluate_all("covers => covers.findIndex(cover => cover.matches('.still'))")
        )
        seen.page.mouse.click(*bar(seen, "<b>", place))
        assert seen.query == "dataset=own"
        assert unfold(seen, "<b>").locator("input[type=checkbox]:disabled").count() == 1
        assert seen.page.locator("#columns-list b, #columns-list i").count() == 0
        assert seen.unwanted() == []


# Which columns the table has -----------------------------------------------------------------------------


def heads(seen):
    return [text.split("\n")[0] for text in seen.page.locator("#table th .column-header-name").all_inner_texts()]


def test_columns_are_hidden_ordered_and_pinned_in_the_table_the_downloads_and_the_link(seen):
    seen.open("?dataset=Airq")
    profiled(seen, of_rows(None, 30))
    part = unfold(seen, "rain")
    assert part.get_by_text("show", exact=True).count() == 0

    def press(name, does, expected):
        item(seen, name).get_by_text(does, exact=True).click()
        expect(seen.page.locator("#table th .column-header-name")).to_have_count(len(expected))
        expect(seen.page.locator("#table th .column-header-name").first).to_contain_text(expected[0])
        seen.settle()
        assert heads(seen) == expected

    press("rain", "hide", ["airq", "vala", "coas", "dens", "medi"])
    press("rain", "show", ["airq", "vala", "coas", "dens", "medi", "rain"])
    press("rain", "pin first", ["rain", "airq", "vala", "coas", "dens", "medi"])
    unfold(seen, "vala")
    press("vala", "right", ["rain", "airq", "coas", "vala", "dens", "medi"])
    press("rain", "right", ["airq", "rain", "coas", "vala", "dens", "medi"])
    press("vala", "left", ["airq", "rain", "vala", "coas", "dens", "medi"])
    press("rain", "hide", ["airq", "vala", "coas", "dens", "medi"])
    wanted = ["airq", "vala", "coas", "dens", "medi"]
    assert parse_qs(seen.query)["columns"] == wanted
    href = seen.page.locator("#downloads a", has_text="CSV").get_attribute("href")
    text = seen.page.request.get(f"{seen.url}{href}").text()
    assert text.splitlines()[0] == ",".join(f'"{name}"' for name in wanted)
    link = seen.page.url
    seen.page.goto(link)
    seen.settle()
    assert heads(seen) == wanted
    seen.page.get_by_text("show all columns").click()
    seen.page.wait_for_url("**/?dataset=Airq")
    seen.settle()
    assert heads(seen) == ["airq", "vala", "rain", "coas", "dens", "medi"]


def test_the_last_column_shown_cannot_be_hidden_and_ends_cannot_be_passed(seen):
    seen.open("?dataset=Airq&columns=rain&columns=coas")
    profiled(seen, of_rows(None, 30))
    part = unfold(seen, "rain")
    assert part.locator(".actions button:disabled").all_inner_texts() == ["pin first", "left"]
    part.get_by_text("hide", exact=True).click()
    expect(item(seen, "rain").get_by_text("show", exact=True)).to_be_visible()
    assert unfold(seen, "coas").locator(".actions button:disabled").count() == 4
    seen.settle()


# About and quality ---------------------------------------------------------------------------------------


def test_about_tells_what_the_help_page_says_and_asks_nobody_else(seen):
    seen.open("?dataset=Airq")
    box = seen.page.locator("#about")
    assert box.locator("h2").count() == 0  # asked for when it is opened
    box.locator("summary").click()
    expect(box.locator("h2").first).to_be_visible()
    assert {"References", "Columns", "Licence", "Cite"} <= set(box.locator("h2").all_inner_texts())
    meanings = dict(zip(box.locator("dt").all_inner_texts(), box.locator("dd").all_inner_texts()))
    assert meanings["rain"] == "amount of rain (in inches)"
    assert "@misc{Ecdat-Airq," in box.locator("pre").last.inner_text()
    for link in box.locator("a").all():
        assert link.get_attribute("href").startswith(("http://", "https://"))
        assert "noopener" in link.get_attribute("rel")
    seen.page.get_by_role("link", name="Next dataset").click()
    seen.settle()
    expect(box.locator("pre").last).not_to_contain_text("Ecdat-Airq")  # it follows the dataset


def test_about_tells_all_that_the_help_page_says_of_a_column(seen):
    seen.open("?dataset=Prestige")
    box = seen.page.locator("#about")
    box.locator("summary").click()
    expect(box.locator("dd").filter(has_text="wc, White Collar")).to_have_count(1)
    expect(box).not_to_contain_text("contains the following columns")


def test_quality_shows_the_rows_of_a_finding_and_those_alone(seen, cars):
    seen.open(f"{CARS}&where=Price:gt:60&search=e")
    seen.page.locator("#quality summary").click()
    finding = seen.page.locator("#quality li", has_text="9 rows miss Luggage.room and nothing else")
    finding.get_by_text("show the rows").click()
    profiled(seen, of_rows(int((cars["Luggage.room"].isna() & cars["Rear.seat.room"].notna()).sum())))
    assert set(parse_qs(seen.query)) == {"dataset", "where"}
    assert "Price:gt:60" not in wheres(seen)


# One row -------------------------------------------------------------------------------------------------


def row_title(seen, text):
    expect(seen.page.locator("#row h2")).to_have_text(text)
    seen.settle()


def test_a_row_opens_from_the_table_steps_in_its_order_and_closes(seen, cars):
    seen.open(f"{CARS}&sort=Price:desc")
    order = cars.assign(lower=-cars.Price).sort_values("lower", kind="stable").index + 1
    seen.page.locator('#table td[data-dash-row="1"]').nth(1).click()
    row_title(seen, f"Row {order[1]} of 93")
    cells = dict(
        zip(
            seen.page.locator("#row dt").evaluate_all("names => names.map(name => name.firstChild.textContent)"),
            seen.page.locator("#row dd > span").all_inner_texts(),
        )
    )
    expected = cars.loc[order[1] - 1]
    assert list(cells) == list(cars.columns)
    assert (cells["Make"], float(cells["Price"])) == (expected.Make, expected.Price)
    assert {name for name, text in cells.items() if text == "NA"} == set(expected.index[expected.isna()])
    assert int(seen.page.locator("#table tr[data-pointed]").count()) >= 1
    seen.page.locator("#row").get_by_text("next ›").click()
    row_title(seen, f"Row {order[2]} of 93")
    seen.page.locator("#row").get_by_text("‹ previous").click()
    row_title(seen, f"Row {order[1]} of 93")
    assert parse_qs(seen.query)["row"] == [str(order[1])]
    seen.page.locator("#row").get_by_text("close").click()
    expect(seen.page.locator("#row")).to_be_hidden()
    seen.settle()
    assert "row" not in parse_qs(seen.query)


def test_only_these_keeps_the_rows_alike(seen, cars):
    seen.open(f"{CARS}&row=57")
    row_title(seen, "Row 57 of 93")
    seen.page.get_by_label("Only these: Cylinders").click()
    profiled(seen, of_rows(int((cars.Cylinders == cars.Cylinders[56]).sum())))
    assert wheres(seen) == [f"Cylinders:eq:{cars.Cylinders[56]}"]
    assert seen.page.locator("#row h2").inner_text() == "Row 57 of 93"


def test_a_row_shows_every_digit_and_text_as_it_is(browser, own_url):
    with viewer(browser, own_url) as seen:
        seen.open("?dataset=own&row=2")
        row_title(seen, "Row 2 of 4")
        values = seen.page.locator("#row dd > span").all_inner_texts()
        assert values == ["100%", "2.5", "2", "<i>", str(2**62 + 1)]
        seen.page.locator("#row").get_by_text("‹ previous").click()
        row_title(seen, "Row 1 of 4")
        assert seen.page.locator("#row").get_by_text("only these").count() == 4  # no link could hold the long text
        assert seen.page.get_by_text("‹ previous").is_disabled()
        assert seen.unwanted() == []


# What fails ----------------------------------------------------------------------------------------------


def test_an_answer_that_fails_is_a_sentence_and_the_rest_stays_usable(browser, server_url):
    with viewer(browser, server_url) as seen:
        for end in ("quality.json", "row.json"):
            seen.page.route(f"**/{end}*", lambda route: route.abort())
        seen.page.route(
            "**/profile.json*", lambda route: route.fulfill(status=500, json={"ok": False, "error": "It broke."})
        )
        seen.open(f"{CARS}&row=3")
        seen.page.locator("#quality summary").click()
        sorry = "The server could not answer. Reload to try again."
        expect(seen.page.locator("#quality .problem")).to_have_text(sorry)
        expect(seen.page.locator("#columns-list .problem")).to_have_text("It broke.")
        expect(seen.page.locator("#row .problem")).to_have_text(sorry)
        seen.page.locator("#row").get_by_text("close").click()
        expect(seen.page.locator("#row")).to_be_hidden()
        seen.settle()
        seen.page.unroute("**/profile.json*")
        seen.sort(4)
        profiled(seen, of_rows(None))
        seen.page.locator("#about summary").click()
        expect(seen.page.locator("#about pre").last).to_be_visible()
        assert [error for error in seen.errors if "Failed to load resource" not in error] == []


@pytest.mark.parametrize("wrong", ["where=nope:eq:1", "where=Price:gt:much"])
def test_a_condition_that_cannot_hold_leaves_a_way_out(browser, server_url, wrong):
    with viewer(browser, server_url) as seen:
        seen.open(f"{CARS}&{wrong}")
        expect(seen.page.locator("#columns-list .problem")).to_be_visible()
        seen.page.get_by_text("without conditions").click()
        profiled(seen, of_rows(None))
        assert wheres(seen) == []


def test_back_to_another_dataset_asks_nothing_of_the_one_before(seen):
    """A filter of the one would be an error of the other, which the browser's log would show."""
    seen.open(f"{CARS}&where=Price:gt:20&row=5")
    row_title(seen, "Row 5 of 93")
    seen.choose("Airq")
    profiled(seen, of_rows(None, 30))
    expect(seen.page.locator("#row")).to_be_hidden()
    seen.page.go_back()
    profiled(seen, of_rows(31))
    row_title(seen, "Row 5 of 93")


def test_an_unknown_dataset_has_nothing_beside_it(seen):
    seen.open("?dataset=nothing-like-it")
    for id in ("columns-panel", "about", "quality", "row"):
        assert seen.page.locator(f"#{id}").is_hidden()


# The keyboard, and those who listen ----------------------------------------------------------------------


def test_the_keyboard_alone_unfolds_filters_and_ticks_and_keeps_its_place(seen, cars):
    seen.open(CARS)
    profiled(seen, of_rows(None))
    keyboard = seen.page.keyboard
    item(seen, "Type").locator(".column-head").focus()
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Space")
    profiled(seen, of_rows(int((cars.Type == "Midsize").sum())))
    focused = "document.activeElement.getAttribute('data-does')"
    assert seen.page.evaluate(focused) == "tick Midsize"
    keyboard.press("Tab")
    keyboard.press("Space")
    profiled(seen, of_rows(int(cars.Type.isin(["Midsize", "Small"]).sum())))
    assert seen.page.evaluate(focused) == "tick Small"
    item(seen, "Price").locator(".column-head").focus()
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.type("15")
    keyboard.press("Enter")
    kept = cars[cars.Type.isin(["Midsize", "Small"]) & (cars.Price >= 15)]
    profiled(seen, of_rows(len(kept)))
    assert seen.page.evaluate(focused) == "from"
    assert seen.page.locator("#columns-list svg [tabindex], #columns-list svg [role=button]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious_stands_in_the_way_of_anybody(browser, server_url, width, scheme):
    with viewer(browser, server_url, viewport={"width": width, "height": 844}, color_scheme=scheme) as seen:
        seen.open(f"{CARS}&where=Price:gt:20&row=5&columns=Make&columns=Price")
        if width == 390:
            seen.page.locator("#columns-panel > summary").click()
        profiled(seen, of_rows(31))
        for name in ("Type", "Price", "Luggage.room"):
            unfold(seen, name)
        for id in ("about", "quality"):
            seen.page.locator(f"#{id} summary").click()
            expect(seen.page.locator(f"#{id} > div > *").first).to_be_visible()
        row_title(seen, "Row 5 of 93")
        found = Axe().run(seen.page).response["violations"]
        bad = [
            (v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found if v["impact"] in ("serious", "critical")
        ]
        assert bad == []
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert seen.unwanted() == []


# The catalogue -------------------------------------------------------------------------------------------


def test_the_catalogue_is_searched_by_words(seen):
    seen.open()
    seen.page.locator("#find").fill("air quality californian")
    seen.page.wait_for_url("**search=air**")
    seen.settle()
    assert seen.column(0)[0] == "Ecdat/Airq"
    assert seen.status.endswith("of 757")


@pytest.mark.parametrize(
    ("name", "value", "spelled"),
    [("package", "Ecdat", "eq:Ecdat"), ("time_series", "true", "eq:true"), ("field", "health", "eq:health")],
)
def test_the_catalogue_is_narrowed_by_its_facets(seen, catalog, name, value, spelled):
    seen.open()
    rows = catalog.table(catalog["catalog"]).to_pylist()
    kept = [row for row in rows if str(row[name]).lower() == value.lower()]
    unfold(seen, name).get_by_label(re.compile(f"^{value}")).check()
    profiled(seen, of_rows(len(kept), 757))
    assert wheres(seen) == [f"{name}:{spelled}"]
    assert seen.column(0)[:5] == [row["id"] for row in kept[:5]]


@pytest.mark.parametrize(("place", "name"), [(4, "Price"), (2, "Type")])
def test_the_head_of_a_column_leads_to_its_conditions(seen, place, name):
    seen.open(CARS)
    header = seen.page.locator(f'#table th[data-dash-column="c{place}"]')
    header.hover()
    header.get_by_role("button", name=f"Filter by {name}").click()
    expect(item(seen, name).locator(".filter input").first).to_be_focused()
    assert "sort=" not in seen.query


def test_the_head_of_a_column_opens_the_folded_list(browser, server_url):
    with viewer(browser, server_url, viewport={"width": 390, "height": 844}) as seen:
        seen.open(CARS)
        seen.page.locator('#table th[data-dash-column="c2"] .head-filter').focus()
        seen.page.keyboard.press("Enter")
        expect(item(seen, "Type").locator(".filter input").first).to_be_focused()
        assert seen.unwanted() == []


def test_the_keyboard_alone_opens_a_row(seen):
    seen.open(CARS)
    box = seen.page.locator("#table .dash-spreadsheet-inner")
    box.focus()
    for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowUp", "Enter"):
        seen.page.keyboard.press(key)
    seen.settle()
    assert "row=2" in seen.query
    expect(seen.page.locator("#row")).to_be_visible()
    seen.page.keyboard.press("Escape")
    expect(box).to_be_focused()


def test_a_condition_that_cannot_hold_can_be_taken_back(browser, server_url):
    with viewer(browser, server_url) as seen:
        seen.open(f"{CARS}&where=Nothing:eq:1&where=Type:eq:Van")
        assert seen.pills() == ["Nothing:eq:1", "Type is Van"]
        assert "Nothing" in seen.status
        seen.page.get_by_role("link", name="Remove: Nothing:eq:1").click()
        seen.settle()
        assert seen.query == "dataset=MASS/Cars93&where=Type:eq:Van"
        assert seen.pills() == ["Type is Van"]
