"""Taking the view along, in a real browser: the dialogs of the header, and the page in somebody's frame."""

import re
from urllib.parse import urljoin

import flask
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dataviewer import create_app
from tests.conftest import wait_until
from tests.pages import viewer
from tests.web import served

AIRQ = "?dataset=Ecdat/Airq&where=coas:eq:yes"
BAD = ("serious", "critical")


def open_dialog(seen, name: str):
    """Press a button of the header; return its dialog."""
    seen.page.locator(f"#{name}").click()
    dialog = seen.page.locator("#take")
    expect(dialog).to_be_visible()
    return dialog


def somebodys_site() -> flask.Flask:
    """Return somebody's own site: one page, with whatever stands in `snippet`, that hears what frames tell."""
    site = flask.Flask("site")
    site.config["snippet"] = ""

    @site.get("/")
    def page():
        hear = "window.told = []; addEventListener('message', (event) => window.told.push(event.data));"
        return f"<!doctype html><title>site</title><script>{hear}</script>{site.config['snippet']}"

    @site.get("/favicon.ico")
    def icon():
        return ""

    return site


# Share ------------------------------------------------------------------------------------------------


def test_the_link_of_the_view_is_copied(seen):
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    seen.open(AIRQ)
    dialog = open_dialog(seen, "share")
    expect(dialog.locator("#share-link")).to_have_value(f"{seen.url}/{AIRQ}")
    dialog.get_by_role("button", name="Copy: Link").click()
    expect(dialog.get_by_role("status")).to_have_text("Link copied")
    assert seen.page.evaluate("navigator.clipboard.readText()") == f"{seen.url}/{AIRQ}"
    link = f"[Air Quality for Californian Metropolitan Areas]({seen.url}/{AIRQ})"
    expect(dialog.locator("#share-markdown")).to_have_value(link)
    seen.page.context.clear_permissions()


def test_escape_closes_the_dialog_and_gives_the_focus_back(seen):
    seen.open(AIRQ)
    for name in ("share", "download", "code"):
        seen.page.locator(f"#{name}").focus()
        seen.page.keyboard.press("Enter")
        expect(seen.page.locator("#take")).to_be_visible()
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator("#take")).to_be_hidden()
        expect(seen.page.locator(f"#{name}")).to_be_focused()


def test_the_snippet_frames_the_view_as_high_as_it_is(seen):
    seen.open(AIRQ)
    dialog = open_dialog(seen, "share")
    dialog.get_by_text("Embed it").click()
    frame = dialog.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text("Air Quality for Californian Metropolitan Areas")
    expect(frame.locator("#graph .main-svg").first).to_be_visible()
    expect(frame.locator(".top")).to_be_hidden()
    expect(dialog.locator("#share-frame")).to_have_value(re.compile(r'height="(?!640)\d+"'))
    snippet = dialog.locator("#share-frame").input_value()
    assert f'src="{seen.url}/{AIRQ}&amp;embed=true"'.replace("&where", "&amp;where") in snippet
    dialog.locator("#share-part").select_option("table")
    expect(frame.locator("#graph")).to_be_hidden()
    expect(frame.locator("#table td").first).to_be_visible()
    dialog.locator("#share-part").select_option("chart")
    expect(frame.locator("#graph .main-svg").first).to_be_visible()
    expect(frame.locator("#table")).to_be_hidden()
    seen.page.keyboard.press("Escape")
    expect(seen.page.locator("#take iframe")).to_have_count(0)


def test_what_happens_in_a_frame_stays_in_the_frame(browser, server_url):
    with viewer(browser, server_url) as page:
        page.open(f"{AIRQ}&embed=true").sort(1)
        assert "sort=vala" in page.query and page.query.endswith("embed=true")
        page.page.reload()
        page.settle()
        expect(page.page.locator(".top")).to_be_hidden()
        out = page.page.locator(".way-out a").get_attribute("href")
        assert out == f"{server_url}/?{page.query.removesuffix('&embed=true')}"
        page.posts.clear()
        page.open("?embed=table")
        page.page.locator("#table td").first.click()
        page.settle()
        assert page.query == "dataset=COUNT/affairs&embed=table"
        assert page.posts == ["table", "table"]
        assert page.unwanted() == []


@pytest.mark.parametrize(("settings", "shown"), [({}, False), ({"frame_ancestors": "*"}, True)])
def test_who_may_frame_the_viewer_is_a_setting(browser, catalog, settings, shown):
    app = create_app(catalog, settings=settings)
    site = somebodys_site()
    with served(app.server) as ours, served(site) as theirs:
        site.config["snippet"] = f'<iframe src="http://127.0.0.1:{ours[1]}/{AIRQ}&embed=chart" width="700"></iframe>'
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{theirs[1]}/")
        if shown:
            expect(page.frame_locator("iframe").locator("#graph .main-svg").first).to_be_visible()
            page.wait_for_function("window.told.some((each) => each.dataviewer.height > 300)")
        else:
            wait_until(lambda: page.frames[1].url.startswith("chrome-error:"), what="the frame's refusal")
        page.close()


# Download ---------------------------------------------------------------------------------------------


def test_every_file_that_is_offered_is_there(seen):
    seen.open(f"{AIRQ}&sort=rain&page=2&size=10")
    dialog = open_dialog(seen, "download")
    expect(dialog.locator(".facts").first).to_have_text("All 21 rows that match, of 30")
    links = dialog.locator("ul a:not([data-picture])").evaluate_all("links => links.map((a) => a.getAttribute('href'))")
    assert len(links) == 9
    for link in links:
        assert "page=" not in link and "where=coas:eq:yes" in link
        answer = seen.page.request.get(urljoin(f"{seen.url}/", link))
        assert answer.status == 200, link
        assert answer.headers["content-disposition"]


def test_a_row_count_is_told_in_full(seen):
    seen.open("?dataset=datasets/sunspot.month")
    dialog = open_dialog(seen, "download")
    expect(dialog.locator(".facts").first).to_have_text("All 3,177 rows")


# Code -------------------------------------------------------------------------------------------------


def test_each_language_shows_the_code_of_the_view(seen):
    seen.open(AIRQ)
    dialog = open_dialog(seen, "code")
    tabs = dialog.get_by_role("tab")
    assert tabs.count() == 4
    for place, begins in enumerate(("import", "from", "--", "library")):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        expect(dialog.locator("#code-text")).to_have_value(re.compile(f"^{begins}[\\s\\S]*Ecdat/Airq"))
    seen.page.keyboard.press("ArrowRight")
    expect(tabs.first).to_have_attribute("aria-selected", "true")
    expect(tabs.first).to_be_focused()


# Both -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["share", "download", "code"])
def test_the_dialogs_are_accessible(browser, server_url, scheme, name):
    with viewer(browser, server_url, color_scheme=scheme) as page:
        page.open(AIRQ)
        open_dialog(page, name)
        found = Axe().run(page.page).response["violations"]
        assert [each for each in found if each["impact"] in BAD] == []


def test_a_phone_has_room_for_the_header(browser, server_url):
    with viewer(browser, server_url, viewport={"width": 360, "height": 740}) as page:
        page.open(AIRQ)
        middles = page.page.locator(".top .brand, .takes button, #theme").evaluate_all(
            "all => all.map((each) => each.getBoundingClientRect()).map((box) => (box.top + box.bottom) / 2)"
        )
        assert max(middles) - min(middles) < 5
        assert page.page.evaluate("document.documentElement.scrollWidth") == 360
