"""The browsers that both viewers are measured in, and the wait that both share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, Playwright

from tests.conftest import CHROMIUM_FLAGS

VIEWPORT = {"width": 1280, "height": 900}
TIMEOUT_SECONDS = 180

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
    """Seconds from something that a person does until all that it changes is seen, until the table is, and until the
    page asked the server."""

    seconds: float
    table: float
    asked: float


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


def press_enter(page: Page) -> dict:
    """Press Enter, at which the page's watch begins; return what it saw once the page has settled."""
    page.keyboard.press("Enter")
    return await_switch(page)


def await_switch(page: Page) -> dict:
    """Return what the page's watch saw once the page has settled."""
    return page.evaluate(AWAIT_SWITCH, TIMEOUT_SECONDS * 1000)
