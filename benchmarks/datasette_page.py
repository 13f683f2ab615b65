"""Set conditions in the form above Datasette's table and take them back there, as a person does.

What you get: the functions that filters.py asks of each viewer. “Apply” opens another page, so the clock runs across
both: from the time stamp of the click until the first frame after the new page's load event is painted.
"""

import re

from playwright.sync_api import Page

from benchmarks.browser import PAINTED, TIMEOUT_SECONDS, Act, press
from benchmarks.conditions import Condition
from benchmarks.datasets import bare_name

OPERATORS = {"gte": "gte", "eq": "exact"}
INIT_SCRIPT = (
    PAINTED
    + """
addEventListener("click", (event) => {
  if (event.target.matches("form.filters [type=submit]"))
    sessionStorage.setItem("clicked", performance.timeOrigin + event.timeStamp);
}, true);
addEventListener("load", () => requestAnimationFrame(() => afterPaint(() => {
  const since = (time) => (performance.timeOrigin + time - Number(sessionStorage.getItem("clicked"))) / 1000;
  window.opened = { seconds: since(performance.now()), asked: since(0) };
})));
"""
)


def open_table(page: Page, url: str, id: str) -> None:
    page.goto(url + bare_name(id))


def prepare_condition(page: Page, condition: Condition) -> None:
    page.select_option("[name=_filter_column]", condition.column)
    page.select_option("[name=_filter_op]", OPERATORS[condition.operator])
    page.fill("[name=_filter_value]", condition.value)


def set_condition(page: Page, condition: Condition) -> Act:
    return _apply(page)


def prepare_removal(page: Page) -> None:
    page.select_option("[name=_filter_column_1]", label="- remove filter -")


def remove_condition(page: Page) -> Act:
    return _apply(page)


def rows_told(page: Page) -> int:
    """Return the number of rows in the heading of the table."""
    return int(re.match(r"([\d,]+) rows?", page.locator("h3").first.inner_text())[1].replace(",", ""))


def _apply(page: Page) -> Act:
    with page.expect_navigation():
        press(page.locator("form.filters [type=submit]"))
    page.wait_for_function("window.opened", timeout=TIMEOUT_SECONDS * 1000)
    seen = page.evaluate("window.opened")
    return Act(seen["seconds"], seen["seconds"], seen["asked"], seen["seconds"])
