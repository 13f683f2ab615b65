"""The file that a view is handed out as: it holds what the view shows, and needs nothing else."""

import html
import re

import pyarrow as pa
import pytest
from playwright.sync_api import expect

from dataviewer import Catalog, create_app, handout
from tests.charting import HOSTILE


def rows_of(page: str) -> list[list[str]]:
    """Return the cells of the table of rows, as text."""
    table = page.split('<div class="rows"')[1].split("</table>")[0].split("<tbody>")[1]
    lines = re.findall(r"<tr>(.*?)</tr>", table, re.S)
    strip = re.compile(r"<[^>]+>")
    return [
        [html.unescape(strip.sub("", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line, re.S)]
        for line in lines
    ]


@pytest.fixture(scope="module")
def client(catalog):
    return create_app(catalog).server.test_client()


def fetch(client, id: str, query: str = "") -> str:
    answer = client.get(f"/api/datasets/{id}/handout.html?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return answer.get_data(as_text=True)


def test_it_holds_the_rows_of_the_view_in_its_order(client, catalog):
    page = fetch(client, "Ecdat/Airq", "where=coas:eq:yes&sort=vala:desc&columns=vala&columns=coas")
    frame = catalog.table(catalog["Ecdat/Airq"]).to_pandas()
    wanted = frame[frame.coas == "yes"].sort_values("vala", ascending=False, kind="stable")
    assert rows_of(page) == [
        [str(place + 1), str(row.vala), row.coas] for place, row in zip(wanted.index, wanted.itertuples())
    ]
    assert "All 21 rows that match, of 30, sorted by vala (descending)." in page
    assert "Only rows where coas is yes." in html.unescape(page)


def test_it_says_how_many_of_many_rows_it_holds(client):
    page = fetch(client, "ggplot2/diamonds")
    assert len(rows_of(page)) == handout.ROWS_MAX
    assert "The first 1,000 of 53,940 rows." in page


@pytest.mark.parametrize("id", ["gap/mhtdata", "gap/crohn", "psych/msq", "ggplot2/diamonds", "Zelig/sna.ex", "catalog"])
def test_it_is_no_larger_than_promised(client, id):
    assert len(fetch(client, id).encode()) < 3_000_000  # of which Plotly has half


def test_it_has_the_documentation_and_the_citation(client):
    page = fetch(client, "datasets/airquality")
    for part in ("<h2>Description</h2>", "<h2>Source</h2>", "<h2>References</h2>", "<h2>Citation</h2>", "Ozone (ppb)"):
        assert part in page
    assert "http://localhost/?dataset=datasets/airquality" in page


def test_what_stands_in_data_is_text(catalog):
    table = pa.table({HOSTILE: [HOSTILE, None, ""], "n": [1, 2, None]}).to_pandas()
    client = create_app(Catalog.from_frames({"d": table})).server.test_client()
    page = fetch(client, "d", "chart=bar")
    assert "<img" not in page.split("</main>")[0].split("</script>")[1]
    assert [row[1] for row in rows_of(page)] == [HOSTILE, "NA", ""]


def test_bad_views_are_sentences(client):
    answer = client.get("/api/datasets/Ecdat/Airq/handout.html?where=rain:gt:abc")
    assert answer.status_code == 400
    assert "abc" in answer.json["error"]
    assert client.get("/api/datasets/nothing/handout.html").status_code == 404


def test_it_opens_from_a_disk_without_network_or_errors(client, browser, tmp_path):
    saved = tmp_path / "view.html"
    saved.write_text(fetch(client, "Ecdat/Airq", "where=coas:eq:yes"), encoding="utf-8")
    page = browser.new_page(offline=True)
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: request.url.startswith(("file:", "data:", "blob:")) or problems.append(request.url),
    )
    page.goto(saved.as_uri())
    expect(page.locator("#chart .main-svg").first).to_be_visible()
    expect(page.locator("h1")).to_have_text("Air Quality for Californian Metropolitan Areas")
    assert problems == []
    page.close()
