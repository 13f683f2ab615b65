"""Set conditions in the menus of D-Tale's columns and take them back with its “Clear Filters”, as a person does.

What you get: the functions that filters.py asks of each viewer. A bound is filled into its field in one go; D-Tale
waits 0.3 s for further typing before it asks its server, which `Act.asked` tells. A text is typed before, and chosen
by Enter.
"""

from playwright.sync_api import Page

from benchmarks.browser import PAINTED, Act, await_switch, press
from benchmarks.conditions import Condition
from benchmarks.datasets import bare_name

# Runs in the page before D-Tale does.  The clock starts at the time stamp of the field's input event, of the Enter key
# in the select box, or of the click on “Clear Filters”.  It notes the last time that the grid was drawn (elements and
# texts inside it, the number of rows in its corner among them), once the next frame is painted, when it can be seen.
# The page counts as settled once the grid was drawn after the rows had come, nothing that was asked for since is
# outstanding, and 30 animation frames in a row drew nothing; these frames are not part of the time.
INIT_SCRIPT = (
    PAINTED
    + """
(() => {
  const QUIET_FRAMES = 30;
  const GRID = ".main-grid .ReactVirtualized__Grid";
  let watch = null;
  const now = () => performance.now();

  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...args) {
    const mine = watch;
    if (mine) {
      mine.asked = mine.asked || now();
      mine.outstanding += 1;
      this.addEventListener("readystatechange", () => {
        if (this.readyState !== XMLHttpRequest.DONE) return;
        mine.outstanding -= 1;
        if (this.responseURL.includes("/dtale/data/")) mine.answered = now();
      });
    }
    return send.apply(this, args);
  };

  const isGrid = ({ target }) => (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(GRID);
  const observer = new MutationObserver((changes) => {
    if (watch && changes.some(isGrid)) Object.assign(watch, { drawn: now(), quietFrames: 0 });
  });

  const poll = () => {
    noteShown(watch);
    watch.quietFrames += 1;
    const isShown = watch.answered && watch.shown > watch.answered && !watch.outstanding;
    if (watch.quietFrames <= QUIET_FRAMES || !isShown) return requestAnimationFrame(poll);
    const since = (time) => (time - watch.start) / 1000;
    const seconds = since(watch.shown);
    watch.finished({ seconds, table: seconds, asked: since(watch.asked), rest: seconds });
    watch = null;
  };

  const begin = (event) => {
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    watch = { start: event.timeStamp, asked: 0, answered: 0, outstanding: 0, drawn: 0, shown: 0, quietFrames: 0 };
    watch.done = new Promise((resolve) => { watch.finished = resolve; });
    window.switchWatch = watch;
    requestAnimationFrame(poll);
  };
  addEventListener("input", (event) => { if (event.target.matches("input.numeric-filter")) begin(event); }, true);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".Select__input")) begin(event);
  }, true);
  addEventListener("click", (event) => { if (event.target.matches("[title='Clear Filters']")) begin(event); }, true);
})();
"""
)
BOUND = ".column-filter input.numeric-filter"
FOCUSED_OPTION_IS = "(value) => document.querySelector('.Select__option--is-focused')?.textContent === value"


def open_table(page: Page, url: str, id: str) -> None:
    page.goto(url + bare_name(id))
    page.wait_for_selector(".main-grid .cell")


def prepare_condition(page: Page, condition: Condition) -> None:
    """Open the column's menu; choose ≥, whose field appears, or type the value, which is then the option for Enter."""
    page.locator(".headerCell .text-nowrap").get_by_text(condition.column, exact=True).click()
    if condition.operator == "gte":
        page.click(".column-filter [title='Greater Than or Equal']")
        page.wait_for_selector(BOUND)
        return
    page.locator(".string-filter-inputs .Select__input").focus()
    page.keyboard.type(condition.value)
    page.wait_for_function(FOCUSED_OPTION_IS, arg=condition.value, polling=100)


def set_condition(page: Page, condition: Condition) -> Act:
    if condition.operator == "gte":
        page.fill(BOUND, condition.value)
    else:
        page.keyboard.press("Enter")
    return Act(**await_switch(page))


def prepare_removal(page: Page) -> None:
    page.wait_for_selector("[title='Clear Filters']")


def remove_condition(page: Page) -> Act:
    press(page.locator("[title='Clear Filters']"))
    return Act(**await_switch(page))


def rows_told(page: Page) -> int:
    """Return the number of rows in the corner of the grid."""
    return int(page.locator(".main-grid .crossed .rows").inner_text())
