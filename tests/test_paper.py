"""The chart to take away: what is written on it, and the page that must open anywhere."""

import html
import json

import pytest

from dataviewer import charts
from dataviewer.charts import paper
from tests.charting import draw_table, panel_titles
from tests.conftest import wait_until

HOSTILE = "</script><script>window.broken=1</script><!--<script>\u2028\u2029'\"`${1}{title}\\u003c&amp;</title>"


def chart(name: str = "v", **asked) -> charts.Chart:
    columns = {name: [1.5, 2.0, 3.5, 9.0], "g": ["a", HOSTILE, "a", "b"], "f": ["p", "q", "r", "s"]}
    return draw_table({"chart": "box", "x": "g", "y": (name,)} | asked, columns)


# Captions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{}, {"color": "f"}, {"facet": "f"}, {"color": "g", "facet": "f"}])
def test_a_caption_takes_room_of_its_own_and_leaves_the_chart_as_tall(asked):
    drawn = chart(**asked)
    before, after = drawn.figure["layout"], paper.captioned(drawn, "T", "S")["layout"]

    def room(layout):
        return layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]

    assert room(before) == room(after)
    assert after["margin"]["t"] - before["margin"]["t"] == paper.TITLE_ROOM
    more = after["margin"]["b"] - before["margin"]["b"]
    assert more == paper.SOURCE_ROOM if before["xaxis"]["tickangle"] == 0 else more > paper.SOURCE_ROOM


def test_the_source_stands_below_labels_that_are_turned():
    columns = {"g": [f"a rather long label, the {place}th" for place in range(40)] * 2, "v": range(80)}
    figure = paper.captioned(draw_table({"chart": "bar", "x": "v"}, {"v": [10.5 + i for i in range(50)]}), "T", "S")
    upright = paper.captioned(draw_table({"chart": "box", "x": "g", "y": ("v",)}, columns), "T", "S")["layout"]
    assert upright["xaxis"]["tickangle"] in (90, -30)
    assert -upright["annotations"][-1]["yshift"] > -figure["layout"]["annotations"][-1]["yshift"] > 40


def test_the_legend_keeps_its_distance_from_the_chart():
    drawn = chart(color="f")
    before, after = drawn.figure["layout"], paper.captioned(drawn, "T", "S")["layout"]
    tall = [each["height"] - each["margin"]["t"] - each["margin"]["b"] for each in (before, after)]
    assert tall[0] == tall[1]
    assert before["legend"]["y"] == after["legend"]["y"]


def test_title_and_source_are_text_and_the_titles_of_panels_stay():
    figure = paper.captioned(chart(facet="f"), "<b>&T", "<i>S")
    assert figure["layout"]["title"]["text"] == "&lt;b&gt;&amp;T"
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["&lt;i&gt;S"]
    assert panel_titles(figure) == ["p", "q", "r", "s"]


def test_a_caption_leaves_the_chart_itself_as_it_was():
    drawn = chart(facet="f")
    before = paper.as_json(drawn.figure)
    paper.captioned(drawn, "T", "S")
    assert paper.as_json(drawn.figure) == before


def test_an_empty_chart_can_be_captioned():
    figure = paper.captioned(charts.nothing("There is nothing to draw."), "T", "S")
    assert json.loads(paper.as_json(figure))["layout"]["title"]["text"] == "T"


# Page -------------------------------------------------------------------------------------------------


def test_nothing_in_a_figure_can_end_the_script():
    page = paper.as_page(paper.captioned(chart(HOSTILE), HOSTILE, HOSTILE), HOSTILE, (HOSTILE,))
    script = page[page.index("const figure = ") :]
    script = script[: script.index("</script>")]
    assert "Plotly.newPlot" in script  # the end is the page's own
    assert not {"\u2028", "\u2029"} & set(script)
    assert "<!--" not in script and "<script" not in script
    figure = json.loads(script[len("const figure = ") : script.index(";\ndelete")])
    assert html.unescape(figure["layout"]["title"]["text"]) == HOSTILE


def test_the_page_opens_from_a_disk_without_a_request_and_draws(browser, tmp_path):
    path = tmp_path / "chart.html"
    figure = paper.captioned(chart(HOSTILE, color="f"), HOSTILE, HOSTILE)
    path.write_text(paper.as_page(figure, HOSTILE, (HOSTILE, "Second.")), encoding="utf-8")
    context = browser.new_context(viewport={"width": 900, "height": 700})
    page = context.new_page()
    requests, wrong = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    wait_until(lambda: page.locator("#chart .boxlayer path.box").count(), what="a box")
    assert [url for url in requests if not url.startswith(("data:", "blob:"))] == [path.as_uri()]
    assert wrong == []
    assert page.evaluate("window.broken") is None
    shown = HOSTILE.replace("\u2028", "").replace("\u2029", "")
    assert page.title().replace("\u2028", "").replace("\u2029", "") == shown
    assert page.locator("#chart").get_attribute("aria-label") == HOSTILE
    assert page.locator("details li").all_text_contents() == [HOSTILE, "Second."]
    assert page.locator("#chart .gtitle").text_content().startswith("</script><script>")
    width = page.locator("#chart .main-svg").first.bounding_box()["width"]
    page.set_viewport_size({"width": 500, "height": 700})
    wait_until(lambda: page.locator("#chart .main-svg").first.bounding_box()["width"] < width, what="a narrow chart")
    context.close()
