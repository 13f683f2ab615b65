"""A page in a real browser that remembers everything that must not happen on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request

# Dash has nothing left to do, Plotly has drawn, no request is under way; and so it stays for two looks.
SETTLED = """() => {
  const store = window.dash_stores && window.dash_stores[0];
  if (!store) return false;
  const { isLoading, callbacks } = store.getState();
  const lists = ["requested", "prioritized", "blocked", "executing", "watched", "executed", "stored"];
  const calm = !isLoading && lists.every((name) => callbacks[name].length === 0)
    && !document.querySelector(".dash-graph--pending, ._dash-loading")
    && !document.documentElement.hasAttribute("data-busy")
    && document.querySelector("#heading h1");
  window.calmLooks = calm ? (window.calmLooks || 0) + 1 : 0;
  return window.calmLooks >= 3;
}"""
# A function of an element that Plotly has drawn in: what can be seen in it, mark by mark, with places and colours.
# Classes and references hold names that Plotly makes up anew for each element; marks that do not meet have no order.
PICTURE = """(plot) => [...plot.querySelectorAll("svg :is(path, text, rect, circle, line, image, use)")]
  .filter((mark) => !mark.closest("defs, .hoverlayer"))
  .map((mark) => {
    const parts = [mark.tagName, mark.textContent];
    parts.push(...["d", "x", "y", "width", "height", "r", "cx", "cy"].map((name) => mark.getAttribute(name)));
    for (let part = mark; part.tagName !== "svg"; part = part.parentElement)
      parts.push(part.getAttribute("transform"), part.style.cssText.replace(/url\\(.*?\\)/g, ""));
    return JSON.stringify(parts);
  }).sort().join("\\n")"""
POSTS = {"graph.figure": "chart", "table.data": "table"}  # what a callback answers, by a part of its output
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


class Viewer:
    """The viewer at `url` in one browser page; `posts` are the outputs that its callbacks were asked for."""

    def __init__(self, page: Page, url: str):
        self.page, self.url = page, url
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.posts: list[str] = []
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(request.url)
        if request.url.split("?")[0].endswith("_dash-update-component"):
            output = request.post_data_json["output"]
            self.posts.append(next((what for part, what in POSTS.items() if part in output), "search"))

    def save_data(self) -> None:
        """Let the browser say that it saves data, from the next page on: nothing is asked ahead."""
        self.page.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")

    def open(self, query: str = "") -> "Viewer":
        self.page.goto(f"{self.url}/{query}")
        return self.settle()

    def settle(self) -> "Viewer":
        self.page.evaluate("window.calmLooks = 0")
        self.page.wait_for_function(SETTLED, polling=40)
        return self

    @contextmanager
    def moves(self) -> Iterator[None]:
        """Wait until what is done within has changed the address."""
        before = self.page.url
        yield
        self.page.wait_for_url(lambda url: url != before)

    def sees_requests(self) -> bool:
        """Let the routes of this page see what it has asked for, which they do only while the page is spoken to."""
        return self.page.evaluate("true")

    @property
    def query(self) -> str:
        return urlsplit(self.page.url).query

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def status(self) -> str:
        return self.page.locator("#status").text_content()

    def column(self, place: int) -> list[str]:
        """The texts of a table column, from the top of the page shown."""
        return self.page.locator(f'#table td[data-dash-column="c{place}"]').all_inner_texts()

    def sort(self, place: int) -> "Viewer":
        self.page.locator(f'#table th[data-dash-column="c{place}"] .column-header--sort').click()
        return self.settle()

    def choose(self, text: str) -> "Viewer":
        """Choose the first dataset that the dropdown finds for a text, with the keyboard."""
        self.page.locator("#dataset").focus()
        self.page.keyboard.press("Enter")
        self.page.locator(".dash-dropdown-content input[type=search]").wait_for()
        with self.page.expect_response(lambda response: "_dash-update-component" in response.url):
            self.page.keyboard.type(text)
        self.settle()
        self.page.keyboard.press("Enter")
        return self.settle()

    def zoom(self, start: float = 0.25, end: float = 0.5) -> "Viewer":
        """Drag over the chart from one part of its width to another."""
        box = self.page.locator("#graph .nsewdrag").first.bounding_box()
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * start, middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * (start + end) / 2, middle)
        self.page.mouse.move(box["x"] + box["width"] * end, middle)
        with self.moves():
            self.page.mouse.up()
        return self.settle()

    def pick(self, key: str, value: str) -> "Viewer":
        """Choose an option of a control beside the chart."""
        self.page.locator(f"#choose-{key}").select_option(value)
        return self.settle()

    def choices(self) -> dict[str, str]:
        """Where the controls beside the chart stand, in the order of the page."""
        return self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("[id^=choose-]")].map(
              (select) => [select.id.replace("choose-", ""), select.value]))"""
        )

    def options(self, key: str) -> list[str]:
        """What a control beside the chart offers."""
        return self.page.locator(f"#choose-{key} option").evaluate_all("options => options.map(o => o.value)")

    def pills(self) -> list[str]:
        """The conditions of the view in words."""
        return self.page.locator("#pills .pill > span").all_inner_texts()

    def click_mark(self, selector: str, place: int = 0) -> "Viewer":
        """Click a bar, a box, a dot: the element of the chart that `selector` finds at that place."""
        box = self.page.locator(f"#graph {selector}").nth(place).bounding_box()
        self.click_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        return self

    def click_at(self, x: float, y: float) -> "Viewer":
        """Click where Plotly tells a value under the pointer, and wait until the view has changed."""
        self.page.mouse.move(x - 1, y)
        self.page.mouse.move(x, y)
        self.page.locator("#graph .hoverlayer :is(.hovertext, .axistext)").first.wait_for()
        with self.moves():
            self.page.mouse.click(x, y)
        return self.settle()

    def drawn(self) -> list[dict]:
        """What Plotly has drawn: the traces with their data."""
        return self.page.evaluate(
            """() => document.querySelector("#graph .js-plotly-plot")._fullData.map((trace) => ({
              name: trace.name, type: trace.type, symbol: trace.marker && trace.marker.symbol,
              x: trace.x ? Array.from(trace.x) : null, y: Array.from(trace.y || [])}))"""
        )

    def layout(self, name: str) -> object:
        """A setting of the figure's layout as Plotly drew it."""
        return self.page.evaluate("(name) => document.querySelector('#graph .js-plotly-plot')._fullLayout[name]", name)

    def axis(self, name: str) -> dict:
        """The title, the type and the range of an axis as Plotly drew it."""
        return self.page.evaluate(
            """(name) => {
              const { title, type, range } = document.querySelector("#graph .js-plotly-plot")._fullLayout[name];
              return { title: title.text, type, range: Array.from(range) };
            }""",
            name,
        )

    def unwanted(self) -> list[str]:
        """Everything that must not happen on any page."""
        return [*self.errors, *self.foreign, *self.page.evaluate("window.violations")]


@contextmanager
def viewer(browser: Browser, url: str, **options) -> Iterator[Viewer]:
    options = {"viewport": {"width": 1280, "height": 900}} | options
    context = browser.new_context(**options)
    try:
        yield Viewer(context.new_page(), url)
    finally:
        context.close()
