"""The browsers that both viewers are measured in, and the wait that both share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Playwright

from tests.conftest import CHROMIUM_FLAGS

VIEWPORT = {"width": 1280, "height": 900}
TIMEOUT_SECONDS = 180
PRESS_MILLISECONDS = 80  # that a person holds a button of the mouse down

# For the watches, which run in the page before a viewer does.  An animation frame's callbacks run before the browser
# styles, lays out and paints what the frame shows.  Called in one of them, `afterPaint(then)` calls back once that is
# done, by a message or by a timer: Chromium holds back both after a key or a click, and which of them it lets go first
# is not said; a timer that the page itself sets in that frame comes after ours.  `noteShown(times)` then notes in
# `times.shown` the time at which was seen what was drawn at `times.drawn`; what changes meanwhile is seen with a later
# frame.
PAINTED = """
window.afterPaint = (then) => {
  const { port1, port2 } = new MessageChannel();
  const timer = setTimeout(() => { port1.close(); then(); });
  port1.onmessage = () => { clearTimeout(timer); then(); };
  port2.postMessage(null);
};
window.noteShown = (times) => {
  const { drawn } = times;
  if (drawn > times.shown) afterPaint(() => { if (times.drawn === drawn) times.shown = performance.now(); });
};
"""

# `switchWatch.done` is a promise of the page's own: looking again and again from outside would take time from the
# page's one thread.
AWAIT_SWITCH = """
(milliseconds) => Promise.race([
  window.switchWatch.done,
  new Promise((_, reject) => setTimeout(() => reject(new Error("the page did not settle")), milliseconds)),
])
"""


@dataclass(frozen=True)
class Act:
    """Seconds from something that a person does until all that it changes is seen, until the table is, until the page
    asked the server, and until it draws nothing any more, seen or not."""

    seconds: float
    table: float
    asked: float
    rest: float


def installed_chromium() -> str | None:
    """Return the path of this machine's Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)


@contextmanager
def browser_page(playwright: Playwright, chromium: str | None) -> Iterator[Page]:
    """Yield a page of a fresh headless Chromium; without a path, of Playwright's own."""
    browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
    try:
        yield browser.new_page(viewport=VIEWPORT)
    finally:
        browser.close()


def press(target: Locator) -> None:
    """Click as a person does.

    With a press that lasts no time the browser would still answer the pointer's coming and the press after the release,
    with which the watches begin.
    """
    target.click(delay=PRESS_MILLISECONDS)


def press_enter(page: Page) -> dict:
    """Press Enter, at which the page's watch begins; return what it saw once the page has settled."""
    page.keyboard.press("Enter")
    return await_switch(page)


def await_switch(page: Page) -> dict:
    """Return what the page's watch saw once the page has settled."""
    return page.evaluate(AWAIT_SWITCH, TIMEOUT_SECONDS * 1000)
