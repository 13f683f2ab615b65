"""What a person points at is asked for ahead: what the server is asked, and when, in a real browser."""

import json
import threading
import time
from base64 import b64encode
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import flask
import pandas as pd
import pytest
from playwright.sync_api import Request
from werkzeug.serving import make_server

import dataviewer
from tests.conftest import wait_until
from tests.pages import PICTURE, Viewer, viewer

NAMES = ("bays", "capes", "fjords", "glaciers")
SLOW_SECONDS = 0.4  # what the server takes for glaciers
BOTH = ["chart-view", "table-view"]


@dataclass
class Host:
    """A server of four small datasets, and one whose chart takes long to draw; `asked` are the stores and the queries
    that its callbacks were asked for."""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)

    def stores(self, part: str) -> list[str]:
        """What was asked of the queries that hold a text."""
        return sorted(store for store, query in self.asked if part in query)


@pytest.fixture(scope="module")
def running_host():
    host, app = Host(), flask.Flask("host")
    numbers = {"n": range(100), "square": [n * n for n in range(100)]}
    frames = {name: pd.DataFrame(numbers) for name in NAMES}
    days = pd.date_range("2001-01-01", periods=4000)
    waves = {f"n{place}": [(n * n) % (place + 97) for n in range(4000)] for place in range(12)}
    frames["tundra"] = pd.DataFrame({"day": days} | waves)
    dataviewer.mount(app, "/view", frames=frames)

    @app.before_request
    def note():
        if not flask.request.path.endswith("_dash-update-component"):
            return None
        first = json.loads(flask.request.data)["inputs"][0]
        query = first["value"]["query"] if first["id"] == "chart-view" else first["value"]
        if first["id"] == "search":
            return None
        host.asked.append((first["id"], query))
        if query in host.failing:
            host.failing.remove(query)
            return flask.abort(500)
        if "glaciers" in query:
            time.sleep(SLOW_SECONDS)
        return None

    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host.url = f"http://127.0.0.1:{server.port}/view"
    yield host
    server.shutdown()


@pytest.fixture
def host(running_host):
    running_host.asked.clear()
    running_host.failing.clear()
    return running_host


@pytest.fixture
def page(browser, host):
    with viewer(browser, host.url) as seen:
        yield seen
        assert seen.unwanted() == []


def find(page: Viewer, name: str) -> None:
    """Leave a dataset as the first option of the dropdown."""
    page.page.locator("#dataset").click()
    page.page.locator(".dash-dropdown-content input[type=search]").fill(name)
    page.page.locator(f".dash-dropdown-content [role=option]:first-child input[value='frames/{name}']").wait_for()
    page.settle()


def find_foreseen(page: Viewer, host: Host, name: str) -> None:
    """The same, and wait until both halves of it were asked for."""
    find(page, name)
    wait_until(lambda: host.stores(name) == BOTH, what="the guess")


def find_answered(page: Viewer, name: str) -> None:
    """The same, and wait until both halves of it are there."""

    def asks(store: str, request: Request) -> bool:
        return name in (request.post_data or "") and json.loads(request.post_data)["inputs"][0]["id"] == store

    with ExitStack() as stack:
        for store in BOTH:
            stack.enter_context(page.page.expect_event("requestfinished", partial(asks, store)))
        find(page, name)


def take(page: Viewer, host: Host) -> None:
    """Press Enter, and note when."""
    host.asked.append(("Enter", ""))
    page.page.keyboard.press("Enter")
    page.settle()


def test_the_first_option_is_asked_for_before_it_is_chosen_and_not_again(page, host):
    page.open()
    find_foreseen(page, host, "capes")
    take(page, host)
    assert page.title == "capes"
    assert page.status == "Rows 1–25 of 100"
    assert host.stores("capes") == BOTH
    assert host.asked[-1] == ("Enter", "")


def test_a_link_that_is_pointed_at_is_asked_for_once(page, host):
    page.open("?dataset=bays")
    page.page.get_by_role("link", name="Next dataset: frames/capes").hover()
    wait_until(lambda: host.stores("capes") == BOTH, what="the guess")
    page.page.get_by_role("link", name="Next dataset: frames/capes").click()
    page.settle()
    assert page.title == "capes"
    assert host.stores("capes") == BOTH


def test_a_link_is_asked_for_when_it_is_pressed_however_short_it_was_pointed_at(page, host):
    page.open("?dataset=bays")
    page.page.clock.install()
    page.page.clock.pause_at(page.page.evaluate("Date.now()") + 1000)  # nothing is pointed at for any time now
    page.page.get_by_role("link", name="Next dataset: frames/capes").hover()
    page.page.mouse.down()
    wait_until(lambda: host.stores("capes") == BOTH, what="the guess")
    page.page.mouse.up()
    page.page.clock.resume()
    page.settle()
    assert page.title == "capes"
    assert host.stores("capes") == BOTH


def test_a_condition_that_is_typed_is_asked_for_before_it_is_set(page, host):
    page.open("?dataset=bays")
    column = page.page.locator("#columns-list .column[data-column=n]")
    column.locator(".column-head").click()
    column.locator("[data-does=from]").fill("90")
    wait_until(lambda: host.stores("n:gte:90") == BOTH, what="the guess")
    column.locator("[data-does=filter]").click()
    page.settle()
    assert page.status == "All 10 rows that match, of 100"
    assert host.stores("n:gte:90") == BOTH


def test_a_bar_that_is_pointed_at_is_asked_for_before_it_is_clicked(page, host):
    page.open("?dataset=bays")
    page.page.locator("#columns-list .column[data-column=n] .hit").first.hover()
    wait_until(lambda: host.stores("where=n:") == BOTH, what="the guess")
    page.page.locator("#columns-list .column[data-column=n] .hit").first.click()
    page.settle()
    assert len(page.pills()) >= 1
    assert host.stores("where=n:") == BOTH


def test_a_guess_that_fails_is_asked_again_without_a_word(page, host):
    page.open()
    host.failing.add("?dataset=frames/fjords")
    find_foreseen(page, host, "fjords")
    wait_until(lambda: page.sees_requests() and page.errors, what="the failure")
    assert "500" in page.errors.pop()  # the browser tells of every answer with that status
    take(page, host)
    assert page.title == "fjords"
    assert page.status == "Rows 1–25 of 100"


def test_after_a_slow_answer_nothing_is_guessed_for_a_while(page, host):
    page.open()
    find_foreseen(page, host, "glaciers")
    take(page, host)
    assert page.title == "glaciers"
    assert host.stores("glaciers") == BOTH
    find(page, "bays")
    take(page, host)
    assert page.title == "bays"
    assert {store for store, _ in host.asked[-2:]} == set(BOTH)


def test_who_saves_data_is_not_guessed_for(page, host):
    page.save_data()
    page.open()
    find(page, "capes")
    take(page, host)
    assert page.title == "capes"
    assert {store for store, _ in host.asked[-2:]} == set(BOTH)


def test_the_chart_of_what_is_asked_ahead_is_drawn_once_where_nobody_sees_it(page, host):
    page.open("?dataset=bays")
    find_foreseen(page, host, "capes")
    page.page.locator("#stage .ytick").first.wait_for(state="attached")
    assert not page.page.locator("#stage svg").first.is_visible()
    assert page.title == "bays"
    take(page, host)
    assert page.title == "capes"
    ahead, drawn = (page.page.locator(f"{place} .ytick").all_inner_texts() for place in ("#stage", "#graph"))
    assert ahead == drawn != []


def test_nothing_is_drawn_ahead_for_who_saves_data(page, host):
    page.save_data()
    page.open("?dataset=bays")
    find(page, "capes")
    take(page, host)
    assert page.page.locator("#stage svg").count() == 0


def offer_link(page: Viewer, query: str) -> None:
    """Put a link to a view into the page."""
    page.page.evaluate(
        """(query) => document.querySelector("#heading").append(
          Object.assign(document.createElement("a"), { id: "offered", href: `?${query}`, textContent: "A view" }))""",
        query,
    )


def foresee_link(page: Viewer, query: str) -> None:
    """The same, point at it, and wait until its chart is drawn ahead."""
    offer_link(page, query)
    page.page.locator("#offered").hover()
    page.page.locator("#stage .main-svg").first.wait_for(state="attached")


# Follows the link, waits for no turn of the event loop, and tells what is shown: whether the stage is seen, the type of
# its chart, the line above it, and the type of the chart beneath.
FOLLOWED_AT_ONCE = """async () => {
  document.querySelector("#offered").click();
  for (let steps = 0; steps < 1000; steps += 1) await null;
  const stage = document.querySelector("#stage");
  const isSeen = stage.checkVisibility({ visibilityProperty: true });
  const note = document.querySelector("#note").textContent;
  return [isSeen, stage.data[0].type, note, document.querySelector("#graph .js-plotly-plot").data[0].type];
}"""


def test_a_chart_drawn_ahead_is_seen_before_the_chart_itself_is_drawn(page, host):
    page.open("?dataset=bays&chart=scatter&x=n&y=square")
    foresee_link(page, "dataset=bays")
    before = page.page.locator("#note").text_content()
    is_seen, ahead, note, beneath = page.page.evaluate(FOLLOWED_AT_ONCE)
    assert (is_seen, ahead, beneath) == (True, "bar", "scatter")
    page.settle()
    assert not page.page.locator("#stage").is_visible()
    assert page.drawn()[0]["type"] == "bar"
    assert page.page.locator("#note").text_content() == note != before


@pytest.mark.parametrize(
    "query",
    [
        "dataset=MASS/Cars93",
        "dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&color=Origin&trend=linear",
        "dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&facet=Type",
        "dataset=MASS/Cars93&chart=bar&x=Type&color=Origin",
        "dataset=MASS/Cars93&chart=box&x=Type&y=Price",
        "dataset=MASS/Cars93&chart=violin&x=Type&y=Price",
        "dataset=MASS/Cars93&chart=ecdf&y=Price",
        "dataset=MASS/Cars93&chart=correlation",
        "dataset=datasets/AirPassengers",
        "dataset=ggplot2/economics",
        "dataset=ggplot2/diamonds&chart=scatter&x=carat&y=price",
        "dataset=survival/pbc",
    ],
)
def test_what_stands_in_for_the_chart_is_the_chart_mark_by_mark(seen, query):
    seen.open("?dataset=datasets/iris")
    foresee_link(seen, query)
    seen.page.locator("#offered").click()
    seen.settle()
    ahead, drawn = (seen.page.locator(place).evaluate(PICTURE) for place in ("#stage", "#graph .js-plotly-plot"))
    assert ahead.count("\n") > 20
    assert ahead == drawn


# No frame follows for the page's scripts, until they are released.
HOLD_FRAMES = """() => {
  window.held = [];
  window.ownFrame = window.requestAnimationFrame;
  window.requestAnimationFrame = (run) => held.push(run);
}"""
RELEASE_FRAMES = """() => {
  window.requestAnimationFrame = ownFrame;
  held.forEach((run) => requestAnimationFrame(run));
}"""


# Of two pictures, how much a pixel differs at most in one of its colours, of 255.
GREATEST_DIFFERENCE = """async (pictures) => {
  const [one, other] = await Promise.all(pictures.map(async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const { width, height } = bitmap;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    return canvas.getImageData(0, 0, width, height).data;
  }));
  if (one.length !== other.length) return 255;
  return one.reduce((most, value, place) => Math.max(most, Math.abs(value - other[place])), 0);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_in_for_the_chart_looks_like_it(seen, scheme):
    seen.page.emulate_media(color_scheme=scheme)
    seen.open("?dataset=datasets/iris")
    foresee_link(seen, "dataset=MASS/Cars93&chart=scatter&x=Weight&y=Price&color=Origin&trend=linear")
    seen.page.evaluate(HOLD_FRAMES)
    seen.page.locator("#offered").click()
    seen.page.locator("#stage").wait_for(state="visible")
    ahead = seen.page.locator(".chart .drawing").screenshot()
    seen.page.evaluate(RELEASE_FRAMES)
    seen.page.locator("#stage").wait_for(state="hidden")
    seen.settle()
    after = seen.page.locator(".chart .drawing").screenshot()
    pictures = [b64encode(picture).decode() for picture in (ahead, after)]
    assert seen.page.evaluate(GREATEST_DIFFERENCE, pictures) <= 2  # of 255: the browser smooths slanted lines anew


def hold_what_stands_in(page: Viewer) -> None:
    """See a dataset's chart on the stage, which stays until frames are released."""
    page.open("?dataset=bays&chart=scatter&x=n&y=square")
    foresee_link(page, "dataset=capes")
    page.page.evaluate(HOLD_FRAMES)
    page.page.locator("#offered").click()
    page.page.locator("#stage").wait_for(state="visible")
    assert page.title == "capes"


def test_a_step_back_before_the_chart_itself_is_drawn_takes_the_stage_away(page, host):
    hold_what_stands_in(page)
    page.page.go_back()
    page.page.locator("#stage").wait_for(state="hidden")
    page.page.evaluate(RELEASE_FRAMES)
    page.settle()
    assert page.title == "bays"
    assert page.drawn()[0]["type"] == "scatter"
    assert not page.page.locator("#stage").is_visible()


def test_what_stands_in_stays_until_what_is_asked_for_next_is_there(page, host):
    hold_what_stands_in(page)
    page.page.get_by_role("link", name="Next dataset: frames/fjords").click()
    page.page.evaluate(RELEASE_FRAMES)
    page.settle()
    assert page.title == "fjords"
    assert page.drawn()[0]["type"] == "bar"
    assert not page.page.locator("#stage").is_visible()


def test_what_stands_in_gives_way_where_what_is_asked_for_next_fails(page, host):
    hold_what_stands_in(page)
    host.failing.add("?dataset=fjords&chart=histogram")
    offer_link(page, "dataset=fjords&chart=histogram")
    page.page.locator("#offered").click()
    page.page.evaluate(RELEASE_FRAMES)
    page.settle()
    assert host.failing == set()
    page.errors.clear()  # the browser and Dash tell of the 500
    assert not page.page.locator("#stage").is_visible()


def set_a_bound(page: Viewer, host: Host) -> None:
    """Open a dataset, keep its last rows, and forget what the server was asked."""
    page.open("?dataset=bays")
    column = page.page.locator("#columns-list .column[data-column=n]")
    column.locator(".column-head").click()
    column.locator("[data-does=from]").fill("90")
    column.locator("[data-does=filter]").click()
    page.settle()
    assert page.status == "All 10 rows that match, of 100"
    host.asked.clear()


def test_a_step_back_asks_nothing(page, host):
    set_a_bound(page, host)
    page.page.locator("#pills a").click()
    page.settle()
    assert page.status == "Rows 1–25 of 100"
    page.page.go_back()
    page.settle()
    assert page.status == "All 10 rows that match, of 100"
    assert host.asked == []


# Takes the condition back, waits for no turn of the event loop, and tells what is shown.
TAKEN_BACK_AT_ONCE = """async () => {
  document.querySelector("#pills a").click();
  for (let steps = 0; steps < 1000; steps += 1) await null;
  const ticks = [...document.querySelectorAll("#graph .ytick")];
  return [document.querySelector("#status").textContent, ticks.map((tick) => tick.textContent)];
}"""


def test_what_is_kept_is_shown_before_the_browser_does_anything_else(page, host):
    page.open("?dataset=bays")
    ticks = page.page.locator("#graph .ytick").all_text_contents()
    set_a_bound(page, host)
    assert page.page.locator("#graph .ytick").all_text_contents() != ticks
    assert page.page.evaluate(TAKEN_BACK_AT_ONCE) == ["Rows 1–25 of 100", ticks]


# Chooses the first option, waits for no turn of the event loop, and tells what is shown.
CHOSEN_AT_ONCE = """async () => {
  document.querySelector(".dash-dropdown-content [role=option]").click();
  for (let steps = 0; steps < 1000; steps += 1) await null;
  const graph = document.querySelector("#graph .js-plotly-plot");
  return [document.querySelectorAll("#table th.dash-header").length, graph.data[0].type];
}"""


def test_a_dataset_that_was_asked_ahead_is_shown_with_its_chart(page, host):
    page.page.add_init_script("window.requestIdleCallback = undefined")  # nothing is drawn ahead and found to take long
    page.open("?dataset=tundra")
    find_answered(page, "capes")
    assert page.page.evaluate(CHOSEN_AT_ONCE) == [2, "bar"]


def test_a_chart_that_takes_long_follows_the_table(page, host):
    page.open("?dataset=capes")
    find_answered(page, "tundra")
    assert page.page.evaluate(CHOSEN_AT_ONCE) == [13, "bar"]
    page.settle()
    assert page.drawn()[0]["type"] == "scatter"


def test_a_long_search_takes_nothing_away_from_a_step_back(page, host):
    page.open("?dataset=bays")
    page.page.locator("#dataset").click()
    page.page.locator(".dash-dropdown-content input[type=search]").fill("")
    page.page.keyboard.type("frames/glacier frames/fjords", delay=20)
    page.settle()
    page.page.keyboard.press("Escape")
    find(page, "capes")
    take(page, host)
    assert page.title == "capes"
    host.asked.clear()
    page.page.go_back()
    page.settle()
    assert page.title == "bays"
    assert host.stores("bays") == []


def test_a_refusal_takes_away_what_was_kept(page, host):
    set_a_bound(page, host)
    host.failing.add("?dataset=bays&sort=n&where=n:gte:90")
    page.sort(0)
    page.errors.clear()  # the browser and Dash tell of the 500
    host.asked.clear()
    page.page.go_back()
    page.settle()
    assert page.status == "All 10 rows that match, of 100"
    assert host.stores("") == ["table-view"]


def test_after_a_minute_what_was_shown_is_asked_for_anew(page, host):
    page.page.clock.install()
    set_a_bound(page, host)
    page.page.clock.fast_forward("01:01")
    page.page.go_back()
    page.settle()
    assert page.status == "Rows 1–25 of 100"
    assert host.stores("") == BOTH
