"""Measure the viewer's page in Chromium: the bytes of the first visit, and the time from a choice to its drawing.

What you get: `measure_first_page`, and `open_page` with `measure_switches`, which chooses dataset after dataset in the
dropdown, as a user does, and returns one `Switch` each, and with `measure_control`, which changes a control beside the
chart.  The Streamlit side is timed in the same way by streamlit_baseline.py.  viewer_filters.py sets conditions.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from benchmarks.browser import PAINTED, await_switch, press_enter
from benchmarks.processes import settle_cpu
from benchmarks.viewer_server import Server
from tests.pages import PICTURE, SETTLED

REST_SECONDS = 1.8  # after a choice; within 1.5 s the dropdown gets its whole list back
SEARCH = ".dash-dropdown-search"

# Runs in the page before the viewer does.  The clock starts at the time stamp of the Enter key in the dropdown.  It
# notes the last time that the table was drawn (elements and texts inside #table; attributes such as labels for screen
# readers draw nothing) and the chart (anything inside an SVG of #graph), each once the next frame is painted, when it
# can be seen.  Where #stage, with the chart that was drawn ahead, comes up over #graph, the chart is drawn then; what
# is drawn beneath is not seen, and noted as `changed` alone.  Where that is not mark by mark what was on the stage, the
# chart is drawn when the stage goes.  The page counts as settled once both were changed after their answers had come,
# and 30 animation frames in a row changed nothing; these frames are not part of the time.  What counts as asked and
# answered is what Dash hears: an answer that the viewer has asked for ahead comes at once.  Where a control beside the
# chart changes, the clock starts at that event, and only the chart is waited for.  Where a condition is set or taken
# back, it starts at the click.
WATCH = (
    PAINTED
    + """
(() => {
  const QUIET_FRAMES = 30;
  const KINDS = ["table", "chart"];
  let watch = null;

  const now = () => performance.now();
  const changed = (kind) => { watch[kind].changed = now(); watch.quietFrames = 0; };
  const drawn = (kind) => { changed(kind); watch[kind].drawn = now(); };
  const isSvg = (node) => node.namespaceURI === "http://www.w3.org/2000/svg";
  const drawsChart = (change) => (isSvg(change.target) && change.target.closest("#graph"))
    || [...change.addedNodes, ...change.removedNodes].some(isSvg);

  const picture = PICTURE;
  const pictureOf = (place) => picture(document.querySelector(place));
  const isAsStaged = () => pictureOf("#stage") === pictureOf("#graph .js-plotly-plot");
  const turnStage = ([{ target }]) => {
    const wasUp = watch.isStageUp;
    watch.isStageUp = target.classList.contains("up");
    if (watch.isStageUp || (wasUp && !isAsStaged())) drawn("chart");
  };

  // A change beneath the stage is told before that it goes: these are told in the order in which they observe.
  const observers = {
    table: new MutationObserver(() => watch && drawn("table")),
    chart: new MutationObserver((changes) => {
      if (watch && changes.some(drawsChart)) (watch.isStageUp ? changed : drawn)("chart");
    }),
    stage: new MutationObserver((changes) => watch && turnStage(changes)),
  };
  const observe = () => {
    const all = { subtree: true, childList: true, characterData: true };
    observers.table.observe(document.querySelector("#table"), all);
    observers.chart.observe(document.querySelector("#graph"), { ...all, attributes: true });
    observers.stage.observe(document.querySelector("#stage"), { attributeFilter: ["class"] });
  };

  // Dash asks whatever the viewer puts in the place of fetch; the viewer itself has the browser's.
  let inner = window.fetch;
  const asked = async function (url, options) {
    const current = watch;
    if (!current || !String(url).includes("_dash-update-component")) return inner.call(window, url, options);
    const kind = options.body.includes("graph.figure") ? "chart" : "table";
    current.posts += 1;
    current[kind].asked = now();
    const response = await inner.call(window, url, options);
    current[kind].answered = now();
    return response;
  };
  Object.defineProperty(window, "fetch", {
    get: () => (String(inner).includes("[native code]") ? inner : asked),
    set: (other) => { inner = other; },
  });
  const isDrawn = (kind) => watch[kind].answered && watch[kind].changed > watch[kind].answered;

  const poll = () => {
    for (const kind of KINDS) noteShown(watch[kind]);
    watch.quietFrames += 1;
    if (watch.quietFrames > QUIET_FRAMES && watch.awaited.every(isDrawn)) return finish();
    requestAnimationFrame(poll);
  };
  const finish = () => {
    const since = (times) => Object.fromEntries(
      Object.entries(times).map(([name, time]) => [name, (time - watch.enter) / 1000]));
    watch.finished({ table: since(watch.table), chart: since(watch.chart), posts: watch.posts });
    watch = null;
  };

  const begin = (event, awaited) => {
    const fresh = () => ({ asked: 0, answered: 0, drawn: 0, shown: 0, changed: 0 });
    observe();
    const none = { posts: 0, quietFrames: 0, isStageUp: false };
    watch = { enter: event.timeStamp, awaited, ...none, table: fresh(), chart: fresh() };
    watch.done = new Promise((resolve) => { watch.finished = resolve; });
    window.switchWatch = watch;
    requestAnimationFrame(poll);
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".dash-dropdown-content")) begin(event, KINDS);
  }, true);
  addEventListener("change", (event) => {
    if (event.target.matches("select[id^=choose-]")) begin(event, ["chart"]);
  }, true);
  addEventListener("click", (event) => {
    if (event.target.closest("#columns-list form.condition [type=submit], #pills a")) begin(event, KINDS);
  }, true);
})();
""".replace("PICTURE", PICTURE)
)

FIRST_OPTION_IS = """
(id) => document.querySelector(".dash-dropdown-content [role=option] input")?.value === id
"""


@dataclass(frozen=True)
class FirstPage:
    """Bytes on the wire, headers included: with nothing in the browser's cache, and when loaded again."""

    cold_bytes: int
    reload_bytes: int


@dataclass(frozen=True)
class Phases:
    """Seconds from Enter until one half of the page was asked for, answered, drawn, seen, and last changed unseen."""

    asked: float
    answered: float
    drawn: float
    shown: float
    changed: float


@dataclass(frozen=True)
class Switch:
    """One change of dataset: what the user waited, what the worker spent, and where the time went."""

    name: str
    seconds: float
    cpu_seconds: float
    table: Phases
    chart: Phases


def measure_first_page(page: Page, url: str) -> FirstPage:
    """Load the catalogue in a browser that has never seen it, and load it again."""
    received = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url)
    wait_until_settled(page)
    cold = sum(received)
    received.clear()
    page.reload()
    wait_until_settled(page)
    return FirstPage(round(cold), round(sum(received)))


def wait_until_settled(page: Page) -> None:
    page.wait_for_function(SETTLED, polling=100)


def open_page(page: Page, server: Server, saves_data: bool = False) -> None:
    """Load the viewer with the catalogue, watched from the start; a browser that saves data is asked nothing ahead."""
    page.add_init_script(WATCH)
    if saves_data:
        page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    page.goto(server.url)
    wait_until_settled(page)


def type_id(page: Page, id: str) -> None:
    """Open the dropdown, type the id, leave it as the first of the options found, ready for Enter."""
    page.click("#dataset")
    page.click(SEARCH)
    page.keyboard.type(id)
    page.wait_for_function(FIRST_OPTION_IS, arg=id, polling=100)


def measure_switch(page: Page, id: str, server: Server) -> Switch:
    """Choose one dataset and follow the page and the worker until both rest."""
    type_id(page, id)
    before = settle_cpu(server.worker)
    seen = press_enter(page)
    spent = settle_cpu(server.worker) - before
    time.sleep(REST_SECONDS)
    _check(page, id, seen)
    table, chart = (Phases(**_rounded(seen[kind])) for kind in ("table", "chart"))
    return Switch(id, max(table.shown, chart.shown), round(spent, 4), table, chart)


def measure_control(page: Page, key: str, value: str, server: Server) -> float:
    """Set a control beside the chart; return the seconds from its change until the new chart was drawn."""
    settle_cpu(server.worker)
    page.select_option(f"#choose-{key}", value)
    seen = await_switch(page)
    stands = page.input_value(f"#choose-{key}")
    if stands != value or seen["posts"] != 1:
        raise RuntimeError(f"chose {value!r} of {key!r}, the page shows {stands!r} after {seen['posts']} posts")
    return round(seen["chart"]["shown"], 4)


def _check(page: Page, id: str, seen: dict) -> None:
    shown = page.locator("#heading .facts").first.inner_text()
    if not shown.startswith(f"{id} ·") or seen["posts"] != 2:
        raise RuntimeError(f"chose {id!r}, the page shows {shown!r} after {seen['posts']} posts")


def _rounded(seconds: dict) -> dict:
    return {name: round(value, 4) for name, value in seconds.items()}


def measure_switches(page: Page, ids: Sequence[str], server: Server) -> list[Switch]:
    """Choose the datasets in turn."""
    return [measure_switch(page, id, server) for id in ids]
