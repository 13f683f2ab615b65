"""What a person does, in a real Chromium against a real gunicorn."""

from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.pages import viewer


def test_the_first_page_is_the_catalogue_sorted_by_id(seen):
    seen.open()
    assert seen.title == "All 757 datasets"
    shown = seen.column(0)
    assert shown == sorted(shown)
    assert shown[0] == "COUNT/affairs"
    assert seen.query == ""


def test_opening_a_page_asks_the_server_once_for_the_table_and_once_for_the_chart(seen):
    seen.open("?dataset=Ecdat/Airq")
    assert sorted(seen.posts) == ["chart", "table"]


def test_choosing_a_dataset_shows_its_table_and_chart_and_writes_its_link(seen):
    seen.open().choose("Airq")
    assert seen.query == "dataset=Ecdat/Airq"
    assert seen.title == "Air Quality for Californian Metropolitan Areas"
    assert seen.column(0)[:3] == ["104", "85", "127"]
    assert [trace["name"] for trace in seen.drawn()] == ["airq", "vala", "rain", "dens", "medi"]
    assert seen.page.title() == "Air Quality for Californian Metropolitan Areas · dataviewer"


@pytest.mark.parametrize("typed", ["airpasengers", "Monthly Airline", "AirPassengers"])
def test_the_dropdown_finds_by_name_by_title_and_despite_a_typo(seen, typed):
    seen.open().choose(typed)
    assert seen.query == "dataset=datasets/AirPassengers"


def test_the_dropdown_lists_every_dataset_again_after_a_search(seen):
    seen.open().choose("Airq")
    seen.page.locator("#dataset").click()
    seen.page.locator(".dash-dropdown-content input[type=search]").wait_for()
    options = seen.page.evaluate("window.dash_component_api.getLayout('dataset').props.options.length")
    assert options == 758


def test_a_search_that_was_left_finds_the_same_again(seen):
    seen.open()
    first = seen.page.locator(".dash-dropdown-content [role=option]").first
    for _ in range(2):
        seen.page.locator("#dataset").click()
        assert first.inner_text().startswith("catalog")
        seen.page.locator(".dash-dropdown-search").fill("airpasengers")
        expect(first).to_contain_text("datasets/AirPassengers")
        seen.page.keyboard.press("Escape")
        seen.settle()


def test_the_list_is_whole_again_once_its_search_is_cleared(seen):
    seen.open()
    seen.page.locator("#dataset").click()
    first = seen.page.locator(".dash-dropdown-content [role=option]").first
    seen.page.locator(".dash-dropdown-search").fill("airpasengers")
    expect(first).to_contain_text("datasets/AirPassengers")
    seen.page.locator(".dash-dropdown-clear").click()
    expect(first).to_contain_text("catalog")


def test_a_row_of_the_catalogue_opens_its_dataset(seen):
    seen.open()
    seen.page.locator("#table td[data-dash-column=c3]").nth(2).click()
    seen.settle()
    assert seen.query == "dataset=COUNT/azdrg112"


def test_a_link_of_the_catalogue_opens_without_a_reload(seen):
    seen.open()
    seen.page.evaluate("window.stayed = true")
    seen.page.get_by_role("link", name="COUNT/azpro", exact=True).click()
    seen.settle()
    assert seen.query == "dataset=COUNT/azpro"
    assert seen.page.evaluate("window.stayed")


def test_a_dot_of_the_map_opens_its_dataset(seen):
    seen.open()
    place = seen.page.evaluate(
        """() => {
          const plot = document.querySelector("#graph .js-plotly-plot");
          const ids = plot._fullData[0].customdata;
          const place = Array.from(ids).indexOf("dataset=gap/crohn");
          const point = { x: Math.log10(plot._fullData[0].x[place]), y: Math.log10(plot._fullData[0].y[place]) };
          const { xaxis, yaxis } = plot._fullLayout;
          const box = plot.getBoundingClientRect();
          return [box.left + xaxis._offset + xaxis.l2p(point.x), box.top + yaxis._offset + yaxis.l2p(point.y)];
        }"""
    )
    seen.page.mouse.move(*place)
    seen.page.locator("#graph .hoverlayer .hovertext").wait_for()
    seen.page.mouse.click(*place)
    seen.page.wait_for_url("**dataset=gap/crohn")
    seen.settle()
    assert "crohn" in seen.page.locator("#heading").inner_text().lower()


def test_previous_and_next_step_through_the_collection(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.get_by_role("link", name="Next dataset: Ecdat/Benefits").click()
    assert seen.settle().query == "dataset=Ecdat/Benefits"
    seen.page.get_by_role("link", name="Previous dataset: Ecdat/Airq").click()
    assert seen.settle().query == "dataset=Ecdat/Airq"


def test_the_keyboard_stays_on_the_step_that_it_took(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.get_by_role("link", name="Next dataset: Ecdat/Benefits").focus()
    for query in ("dataset=Ecdat/Benefits", "dataset=Ecdat/Bids"):
        seen.page.keyboard.press("Enter")
        assert seen.settle().query == query


def test_sorting_by_several_columns_numbers_their_arrows_and_leaves_the_chart_alone(seen):
    seen.open("?dataset=MASS/Cars93")
    seen.posts.clear()
    seen.sort(2)
    seen.sort(4)
    seen.sort(4)
    assert parse_qs(seen.query)["sort"] == ["Type", "Price:desc"]
    assert seen.posts == ["table", "table", "table"]
    marks = seen.page.locator("#table .column-header--sort[data-order]:not([data-order=''])")
    assert marks.evaluate_all("marks => marks.map(m => [m.dataset.order, m.dataset.direction])") == [
        ["1", "ascending"],
        ["2", "descending"],
    ]
    assert seen.column(0)[0] == "Mercedes-Benz" or seen.column(2)[0] == "Compact"
    prices = [float(price) for kind, price in zip(seen.column(2), seen.column(4)) if kind == "Compact"]
    assert prices == sorted(prices, reverse=True)
    assert "sorted by Type, Price (descending)" in seen.status


def test_paging_shows_the_next_rows_and_leaves_the_chart_alone(seen):
    seen.open("?dataset=MASS/Cars93")
    seen.posts.clear()
    seen.page.locator("#table .next-page").click()
    seen.settle()
    assert parse_qs(seen.query)["page"] == ["2"]
    assert seen.posts == ["table"]
    assert "Rows 26–50 of 93" in seen.status
    seen.page.locator("#table .last-page").last.click()
    seen.settle()
    assert "Rows 76–93 of 93" in seen.status


def test_sorting_returns_to_the_first_page(seen):
    seen.open("?dataset=MASS/Cars93&page=3").sort(4)
    assert seen.query == "dataset=MASS/Cars93&sort=Price"
    assert seen.page.locator("#table input.current-page").get_attribute("placeholder") == "1"


def test_the_number_of_rows_a_page_can_be_chosen(seen):
    seen.open("?dataset=MASS/Cars93&page=2")
    seen.page.locator("#size").select_option("50")
    seen.settle()
    assert seen.query == "dataset=MASS/Cars93&size=50"
    assert len(seen.column(0)) == 50
    seen.page.locator("#size").select_option("25")
    assert seen.settle().query == "dataset=MASS/Cars93"


def test_typing_into_the_open_dropdown_searches_even_after_a_click(seen):
    seen.open("?dataset=datasets/iris")
    seen.page.locator("#dataset").click()
    seen.page.locator(".dash-dropdown-content input[type=search]").wait_for()
    with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
        seen.page.keyboard.type("airpas")
    seen.settle()
    assert seen.page.locator(".dash-dropdown-content input[type=search]").input_value() == "airpas"
    assert seen.page.locator(".dash-options-list-option").first.inner_text().startswith("datasets/AirPassengers")
    seen.page.keyboard.press("Escape")


def test_typing_while_the_opened_dropdowns_button_still_has_the_focus_loses_nothing(seen):
    seen.open("?dataset=datasets/iris")
    seen.page.locator("#dataset").click()
    seen.page.locator(".dash-options-list-option:focus-within").wait_for()
    seen.page.locator("#dataset").focus()
    with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
        seen.page.keyboard.down("a")
        seen.page.locator(".dash-options-list-option input").first.focus()
        seen.page.keyboard.up("a")
        seen.page.keyboard.type("irpas")
    seen.settle()
    assert seen.page.locator(".dash-dropdown-content input[type=search]").input_value() == "airpas"
    seen.page.keyboard.press("Escape")


def find(seen, text):
    """Open the list of datasets and type into its search, until it has found something."""
    seen.page.locator("#dataset").click()
    with seen.page.expect_response(lambda response: "_dash-update-component" in response.url):
        seen.page.keyboard.type(text)
    seen.settle()


def test_enter_chooses_when_it_is_pressed_and_the_dropdown_stays_closed(seen):
    seen.open("?dataset=datasets/iris")
    find(seen, "airpas")
    seen.page.keyboard.down("Enter")
    seen.settle()
    assert seen.query == "dataset=datasets/AirPassengers"
    seen.page.keyboard.down("Enter")  # held, it repeats
    seen.page.keyboard.up("Enter")
    seen.settle()
    assert seen.page.locator(".dash-dropdown-content").count() == 0
    seen.page.keyboard.press("Enter")  # on the dropdown's button, which has the focus
    seen.page.locator(".dash-options-list-option:focus-within").wait_for()
    option = seen.page.locator(".dash-options-list-option input[value='datasets/BJsales']")
    option.focus()
    seen.page.keyboard.press("Enter")
    seen.settle()
    assert seen.query == "dataset=datasets/BJsales"


def test_enter_that_is_let_go_elsewhere_is_forgotten(seen):
    seen.open("?dataset=datasets/iris")
    find(seen, "airpas")
    session = seen.page.context.new_cdp_session(seen.page)
    session.send(
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    )
    seen.settle()
    assert seen.query == "dataset=datasets/AirPassengers"
    seen.page.keyboard.press("Enter")
    seen.page.locator(".dash-dropdown-content").wait_for()


# Notes whether the open list was out of sight before it closed.
OUT_OF_SIGHT = """() => {
  const list = document.querySelector(".dash-dropdown-content");
  new MutationObserver(() => { window.outOfSight = list.isConnected && list.style.opacity === "0"; })
    .observe(list, { attributes: true, attributeFilter: ["style"] });
}"""


def test_the_list_of_datasets_closes_while_the_answer_is_awaited(seen):
    seen.save_data()
    seen.open("?dataset=datasets/iris")
    find(seen, "airpas")
    held = []
    seen.page.route("**/_dash-update-component*", lambda route: held.append(route))
    seen.page.evaluate(OUT_OF_SIGHT)
    seen.page.keyboard.press("Enter")
    seen.page.locator(".dash-dropdown-content").wait_for(state="detached")
    assert seen.page.evaluate("window.outOfSight") is True
    wait_until(lambda: seen.sees_requests() and len(held) == 2, what="both questions")
    expect(seen.page.locator("#dataset")).to_contain_text("datasets/AirPassengers")
    assert seen.title == "Edgar Anderson's Iris Data"
    for route in held:
        route.continue_()
    seen.settle()
    assert seen.title == "Monthly Airline Passenger Numbers 1949-1960"


def test_choosing_the_dataset_that_is_shown_closes_the_list_and_asks_nothing(seen):
    seen.save_data()
    seen.open("?dataset=datasets/iris&sort=Species")
    find(seen, "datasets/iris")
    seen.posts.clear()
    seen.page.keyboard.press("Enter")
    seen.page.locator(".dash-dropdown-content").wait_for(state="detached")
    seen.settle()
    assert seen.query == "dataset=datasets/iris&sort=Species"
    assert seen.posts == []


def test_choosing_the_dataset_that_is_awaited_keeps_its_sort(seen):
    seen.save_data()
    seen.open("?dataset=datasets/iris")
    held = []
    seen.page.route("**/_dash-update-component*", lambda route: held.append(route))
    seen.page.locator('#table th[data-dash-column="c4"] .column-header--sort').click()
    wait_until(lambda: seen.sees_requests() and len(held) == 1, what="the question")
    seen.page.locator("#dataset").click()
    seen.page.locator(".dash-options-list-option:focus-within").wait_for()
    seen.page.keyboard.press("Enter")
    seen.page.locator(".dash-dropdown-content").wait_for(state="detached")
    held[0].continue_()
    seen.settle()
    assert seen.query == "dataset=datasets/iris&sort=Species"


def click(option):
    option.click()


def press_space(option):
    option.locator("input").focus()
    option.page.keyboard.press("Space")


@pytest.mark.parametrize("take", [click, press_space])
def test_an_option_is_taken_and_the_dropdown_shows_what_was_chosen(seen, take):
    seen.open("?dataset=datasets/iris")
    find(seen, "airpas")
    take(seen.page.locator(".dash-options-list-option").first)
    seen.page.locator(".dash-dropdown-content").wait_for(state="detached")
    seen.settle()
    assert seen.query == "dataset=datasets/AirPassengers"
    expect(seen.page.locator("#dataset")).to_contain_text("datasets/AirPassengers")
    expect(seen.page.locator("#dataset")).to_be_focused()


def test_going_back_to_file_order_leaves_the_chart_as_it_is(seen):
    seen.open("?dataset=Ecdat/Airq&sort=vala&page=2&chart=line&y=airq&range=5:10")
    seen.posts.clear()
    seen.page.get_by_role("link", name="back to file order").click()
    assert seen.settle().query == "dataset=Ecdat/Airq&chart=line&y=airq&range=5:10"
    assert seen.posts == ["table"]


def test_a_step_back_while_the_answer_is_awaited_counts(seen):
    seen.open("?dataset=MASS/Cars93")
    held = []
    seen.page.route("**/_dash-update-component*", lambda route: held.append(route))
    seen.page.locator("#table .next-page").click()
    wait_until(lambda: seen.sees_requests() and held, what="a request")
    seen.page.locator("#table .previous-page").click()
    seen.page.wait_for_url(lambda url: "page=" not in url)
    seen.page.unroute("**/_dash-update-component*")
    seen.sort(4)
    assert seen.query == "dataset=MASS/Cars93&sort=Price"
    assert "Rows 1–25 of 93" in seen.status


def test_back_and_forward_restore_every_step(seen):
    seen.open("?dataset=Ecdat/Airq&chart=line").sort(1)
    seen.zoom()
    zoomed = seen.query
    seen.choose("iris")
    assert seen.query == "dataset=datasets/iris"
    seen.page.go_back()
    assert seen.settle().query == zoomed
    assert "sorted by vala" in seen.status
    seen.page.go_back()
    seen.settle()
    assert seen.query == "dataset=Ecdat/Airq&sort=vala&chart=line"
    assert seen.column(1)[0] == "992.9"
    seen.page.go_back()
    seen.settle()
    assert seen.query == "dataset=Ecdat/Airq&chart=line"
    assert seen.column(0)[0] == "104"
    assert seen.page.locator("#table th[aria-sort=ascending]").count() == 0
    seen.page.go_forward()
    seen.settle()
    assert seen.query == "dataset=Ecdat/Airq&sort=vala&chart=line"
    assert seen.page.locator("#table th[aria-sort=ascending]").count() == 1


def test_a_deep_link_shows_all_that_it_says(seen):
    seen.open(
        "?dataset=MASS/Cars93&sort=Price:desc&page=2&size=10&chart=line&y=Price&y=Weight&scale=shared&range=10:40"
    )
    assert "Rows 11–20 of 93, sorted by Price (descending)" in seen.status
    assert [trace["name"] for trace in seen.drawn()] == ["Price", "Weight"]
    assert seen.page.locator("#size").input_value() == "10"
    assert seen.choices()["scale"] == "shared"
    assert seen.page.locator("#table th[aria-sort=descending]").inner_text().startswith("Price")
    assert len(seen.posts) == 2


def test_a_wrong_name_gives_a_sentence_with_links_to_the_nearest(seen):
    seen.open("?dataset=Arq")
    assert "There is no dataset called “Arq”" in seen.title
    assert "Ecdat/Airq" in seen.status
    seen.page.get_by_role("link", name="Ecdat/Airq").click()
    assert seen.settle().title == "Air Quality for Californian Metropolitan Areas"


def test_a_bare_name_of_several_packages_opens_the_first_and_links_the_others(seen):
    seen.open("?dataset=Grunfeld")
    assert "Ecdat/Grunfeld" in seen.page.locator("#heading").inner_text()
    seen.page.get_by_role("link", name="plm/Grunfeld").click()
    assert seen.settle().query == "dataset=plm/Grunfeld"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?dataset=Ecdat/Airq&page=99", "There is no page 99; this is the last of 2."),
        ("?dataset=Ecdat/Airq&page=-1", "“-1” is no whole number"),
        ("?dataset=Ecdat/Airq&size=9999999", "is no whole number from 1 to 1000"),
        ("?dataset=Ecdat/Airq&sort=<script>alert(1)</script>", "Cannot sort by “<script>alert(1)</script>”"),
        ("?dataset=gap/crohn&size=1000", "A page shows at most 56 rows"),
    ],
)
def test_a_hostile_link_shows_the_table_and_a_sentence(seen, query, said):
    seen.open(query)
    assert said in seen.status
    assert seen.column(0)


def test_a_dataset_without_rows_says_so(seen):
    seen.open("?dataset=Zelig/sna.ex")
    assert "has no rows" in seen.page.locator("#note").inner_text()
    assert seen.status == "No rows."
    assert seen.page.locator("#graph").bounding_box()["height"] == 0


def test_missing_values_and_empty_text_are_told_apart(seen):
    seen.open("?dataset=Ecdat/USFinanceIndustry")
    content = "cell => getComputedStyle(cell.querySelector('.dash-cell-value'), '::before').content"
    quotes = "cell => getComputedStyle(cell.querySelector('.dash-cell-value')).quotes"
    empty = seen.page.locator("#table td[data-dash-column=c0]").first
    assert empty.evaluate(content) == "open-quote"
    assert empty.evaluate(quotes).startswith(r'"\"\""')
    seen.open("?dataset=datasets/airquality")
    missing = seen.page.locator("#table td[data-dash-column=c0]").nth(4)
    assert missing.evaluate(content) == "open-quote"
    assert missing.evaluate(quotes).startswith('"NA"')


def test_hovering_a_cell_tells_its_exact_value(seen):
    seen.open("?dataset=gap/mhtdata")
    cell = seen.page.locator("#table td[data-dash-column=c3]").nth(1)
    cell.hover()
    assert cell.get_attribute("title") != cell.inner_text()
    with seen.page.expect_response("**/rows.json*") as answer:
        seen.page.evaluate("fetch('api/datasets/gap/mhtdata/rows.json?size=2')")
    row = answer.value.json()["rows"][1]
    assert float(cell.get_attribute("title")) == row["p"]


def test_copying_cells_takes_exact_values(seen):
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.open("?dataset=datasets/AirPassengers")
    seen.page.evaluate(
        """() => {
          const cells = document.querySelectorAll("#table td");
          const range = document.createRange();
          range.setStart(cells[2], 0);
          range.setEnd(cells[3], cells[3].childNodes.length);
          window.getSelection().removeAllRanges();
          window.getSelection().addRange(range);
        }"""
    )
    seen.page.keyboard.press("Control+c")
    assert seen.page.evaluate("navigator.clipboard.readText()") == "1949.08333333333\t118"


def test_the_header_and_the_first_column_stay_while_the_table_scrolls(seen):
    seen.open("?dataset=gap/crohn")
    box = seen.page.locator("#table .dash-spreadsheet-inner").first
    head = seen.page.locator("#table th").nth(0)
    before = head.bounding_box()
    box.evaluate("box => box.scrollTo(500, 120)")
    assert box.evaluate("box => box.scrollLeft") == 500
    after = head.bounding_box()
    assert (after["x"], after["y"]) == (before["x"], before["y"])
    assert seen.page.locator("#table td.column-0").first.bounding_box()["x"] == before["x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_system_and_the_switch_stays(browser, server_url, scheme):
    other = {"light": "dark", "dark": "light"}[scheme]
    theme = "document.documentElement.dataset.bsTheme"
    with viewer(browser, server_url, color_scheme=scheme) as seen:
        seen.open("?dataset=Ecdat/Airq")
        assert seen.page.evaluate(theme) == scheme
        seen.page.get_by_role("button", name=other.capitalize()).click()
        assert seen.page.evaluate(theme) == other
        seen.page.reload()
        assert seen.settle().page.evaluate(theme) == other
        assert seen.unwanted() == []


# The colour of the page's number, a placeholder until one types another, and that of the number of pages beside it.
PAGE_NUMBER_COLOURS = """() => {
  const [box, pages] = ["input.current-page", "div.last-page"].map((each) => document.querySelector(`#table ${each}`));
  const { color, opacity } = getComputedStyle(box, "::placeholder");
  return [color, opacity, getComputedStyle(pages).color];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_number_of_the_page_can_be_read(browser, server_url, scheme):
    with viewer(browser, server_url, color_scheme=scheme) as seen:
        seen.open("?dataset=plm/Wages")
        number, opacity, pages = seen.page.evaluate(PAGE_NUMBER_COLOURS)
        assert (number, opacity) == (pages, "1")


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 2560])
@pytest.mark.parametrize("query", ["", "?dataset=Ecdat/University", "?dataset=Nope"])
def test_no_width_makes_the_page_scroll_sideways(browser, server_url, width, query):
    with viewer(browser, server_url, viewport={"width": width, "height": 844}) as seen:
        seen.open(query)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.unwanted() == []


@pytest.mark.parametrize("query", ["", "?dataset=Ecdat/Airq", "?dataset=psych/msq"])
def test_the_chart_and_the_first_rows_fit_a_laptop_screen(seen, query):
    seen.open(query)
    assert seen.page.locator("#graph .nsewdrag").first.bounding_box()["y"] < 300
    third = seen.page.locator("#table td[data-dash-column=c0]").nth(2).bounding_box()
    assert third["y"] + third["height"] < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "query", ["", "?dataset=Ecdat/Airq&sort=airq&page=2", "?dataset=Nope", "?dataset=COUNT/titanic"]
)
def test_axe_finds_nothing_serious(browser, server_url, scheme, query):
    with viewer(browser, server_url, color_scheme=scheme) as seen:
        seen.open(query)
        found = Axe().run(seen.page).response["violations"]
        bad = [
            (v["id"], [node["target"] for node in v["nodes"]][:3])
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert bad == []


def test_axe_finds_nothing_serious_in_the_open_dropdown(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.locator("#dataset").click()
    seen.page.locator(".dash-dropdown-content input[type=search]").wait_for()
    found = Axe().run(seen.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical") and v["id"] not in VENDOR] == []


# Options that hold a hidden check box: how Dash builds every dropdown.
VENDOR = {"nested-interactive", "aria-allowed-role"}


def test_the_page_has_one_heading_a_language_and_a_label_for_every_control(seen):
    seen.open("?dataset=Ecdat/Airq")
    assert seen.page.locator("h1").count() == 1
    assert seen.page.locator("html").get_attribute("lang") == "en"
    for name in ("Dataset", "Chart", "Columns", "Colour", "Panels by", "Log", "Bins", "Search", "Rows a page"):
        assert seen.page.get_by_label(name, exact=False).count() >= 1, name


def test_the_keyboard_alone_sorts_pages_and_leaves_the_table(seen):
    seen.open("?dataset=MASS/Cars93")
    focused = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
    order = []
    for _ in range(63):
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate(focused))
        if order[-1] == "Sort by Type":
            break
    seen.page.keyboard.press("Enter")
    seen.settle()
    assert seen.query == "dataset=MASS/Cars93&sort=Type"
    while order[-1] != "Next page" and len(order) < 120:
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate(focused))
    seen.page.keyboard.press("Enter")
    seen.settle()
    assert seen.query == "dataset=MASS/Cars93&sort=Type&page=2"
    for _ in range(4):
        seen.page.keyboard.press("Tab")
    assert not seen.page.evaluate("!!document.activeElement.closest('.dash-table-container')")


def test_the_download_has_every_row_in_the_order_shown(seen):
    seen.open("?dataset=MASS/Cars93&sort=Price:desc")
    href = seen.page.get_by_role("link", name="CSV").get_attribute("href")
    lines = seen.page.request.get(f"{seen.url}{href}").text().splitlines()
    assert len(lines) == 94
    assert [line.split(",")[1].strip('"') for line in lines[1:26]] == seen.column(1)


def test_two_quick_steps_end_where_the_last_one_led(seen):
    seen.open("?dataset=MASS/Cars93")
    seen.page.locator("#table .next-page").click()
    seen.page.locator("#table .next-page").click()
    seen.settle()
    assert parse_qs(seen.query)["page"] == ["3"]
    assert "Rows 51–75" in seen.status


def test_waiting_shows_and_ends(seen):
    seen.open("?dataset=Ecdat/Airq")
    released = []
    seen.page.route("**/_dash-update-component*", lambda route: released.append(route))
    seen.page.locator("#table th[data-dash-column=c1] .column-header--sort").click()
    seen.page.wait_for_function("() => document.documentElement.hasAttribute('data-busy')")
    wait_until(lambda: seen.sees_requests() and released, what="a request")
    released[0].continue_()
    seen.settle()
    assert not seen.page.evaluate("document.documentElement.hasAttribute('data-busy')")
    assert seen.column(1)[0] == "992.9"


def test_waiting_is_told_once_for_the_page_not_for_each_component(seen):
    """Dash's own sign would draw the whole table twice more for each answer."""
    seen.open("?dataset=Ecdat/Airq")
    released = []
    seen.page.evaluate(
        """() => {
          window.told = [];
          new MutationObserver((changes) => changes.forEach((change) => window.told.push(change.target.id)))
            .observe(document, { subtree: true, attributeFilter: ["data-dash-is-loading"] });
        }"""
    )
    seen.page.route("**/_dash-update-component*", lambda route: released.append(route))
    seen.page.get_by_role("link", name="Next dataset: Ecdat/Benefits").click()
    seen.page.wait_for_function("() => document.documentElement.hasAttribute('data-busy')")
    wait_until(lambda: seen.sees_requests() and len(released) == 2, what="both requests")
    assert seen.page.locator("[data-dash-is-loading]").count() == 0
    for route in released:
        route.continue_()
    seen.settle()
    assert seen.page.evaluate("window.told") == []
    assert seen.title.startswith("Unemployement")


def test_the_polyfills_of_dash_leave_what_the_browser_has_right(seen):
    """They put slow scripts in the place of these, a twentieth of the time that a chart takes."""
    functions = "['trim', 'trimStart', 'trimEnd'].map((name) => ''[name]).concat(parseInt, parseFloat)"
    seen.page.add_init_script(f"window.own = {functions}")
    seen.open()
    assert seen.page.evaluate(f"{functions}.map((each, place) => each === window.own[place])") == [True] * 5
    assert seen.page.evaluate("Number.parseInt === parseInt && Number.parseFloat === parseFloat")


def test_a_server_that_fails_for_a_moment_goes_unnoticed(seen):
    seen.open("?dataset=Ecdat/Airq")
    failed = []

    def fail_twice(route):
        if len(failed) < 2:
            failed.append(route.request.url)
            route.fulfill(status=503, body="restarting")
        else:
            route.continue_()

    seen.page.route("**/_dash-update-component*", fail_twice)
    seen.sort(1)
    assert len(failed) == 2
    assert seen.column(1)[0] == "992.9"
    seen.errors[:] = [error for error in seen.errors if "503" not in error]  # the browser logs each


def test_a_server_error_becomes_a_sentence(seen):
    seen.open("?dataset=Ecdat/Airq")
    body = '{"ok": false, "error": "The view cannot be shown.", "status": 400}'
    seen.page.route(
        "**/_dash-update-component*",
        lambda route: route.fulfill(status=400, body=body, content_type="application/json"),
    )
    seen.page.locator("#table th[data-dash-column=c1] .column-header--sort").click()
    seen.page.wait_for_function("() => document.querySelector('#status').textContent.includes('cannot be shown')")
    seen.errors.clear()  # the browser logs the 400


def test_being_signed_out_becomes_a_sentence(seen):
    seen.open("?dataset=Ecdat/Airq")
    seen.page.route("**/_dash-update-component*", lambda route: route.fulfill(status=401, body="{}"))
    seen.page.locator("#table th[data-dash-column=c1] .column-header--sort").click()
    seen.page.wait_for_function("() => document.querySelector('#status').textContent.includes('signed out')")
    seen.errors.clear()  # the browser logs the 401
