"""Set conditions in the viewer's list of columns and take them back with the × beside them, as a person does.

What you get: the functions that filters.py asks of each viewer. The clock is that of viewer_page.py: from the click
until the new table and the new chart are drawn and can be seen.
"""

import re

from playwright.sync_api import Locator, Page

from benchmarks.browser import Act, await_switch, press
from benchmarks.conditions import Condition
from benchmarks.viewer_page import WATCH, wait_until_settled

INIT_SCRIPT = WATCH
LIST = "#columns-list:not([data-loading]) .column"


def open_table(page: Page, url: str, id: str) -> None:
    page.goto(f"{url}/?dataset={id}")
    wait_until_settled(page)


def prepare_condition(page: Page, condition: Condition) -> None:
    """Unfold the column and fill in its form."""
    column = _column(page, condition)
    head = column.locator(".column-head")
    if head.get_attribute("aria-expanded") != "true":
        head.click()
    if condition.operator == "eq":
        column.locator("[data-does=compare]").select_option("eq")
        column.locator("[data-does=text]").fill(condition.value)
    else:
        column.locator("[data-does=from]").fill(condition.value)


def set_condition(page: Page, condition: Condition) -> Act:
    press(_column(page, condition).locator("form.condition [type=submit]"))
    return _act(page)


def prepare_removal(page: Page) -> None:
    page.wait_for_selector(LIST)


def remove_condition(page: Page) -> Act:
    press(page.locator("#pills a"))
    return _act(page)


def rows_told(page: Page) -> int:
    """Return how many rows the line above the table says there are in the view."""
    words = page.locator("#status").inner_text()
    return int(re.search(r"(?:of|All) ([\d,]+)", words)[1].replace(",", ""))


def _column(page: Page, condition: Condition) -> Locator:
    return page.locator(f'{LIST}[data-column="{condition.column}"]')


def _act(page: Page) -> Act:
    seen = await_switch(page)
    if seen["posts"] != 2:
        raise RuntimeError(f"the page posted {seen['posts']} times, not twice")
    table, chart = seen["table"], seen["chart"]
    seconds = max(table["shown"], chart["shown"])
    rest = max(seconds, table["changed"], chart["changed"])
    return Act(seconds, table["shown"], min(table["asked"], chart["asked"]), rest)
