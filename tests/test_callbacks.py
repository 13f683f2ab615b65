import json
import re
from urllib.parse import quote

import pandas as pd
import pytest

from dataviewer import Catalog, create_app
from tests.conftest import ROOT
from tests.web import (
    CHART,
    SEARCH,
    TABLE,
    ask_chart,
    ask_options,
    ask_table,
    callback_body,
    post,
    reader,
    text_of,
    wiring,
)

# Outputs <- inputs (states), after the name of the script where it is one: a change of the page's wiring is read here.
WIRING = """
table.columns table.data table.style_data_conditional table.page_count heading.children status.children \
downloads.children table-answer.data <- table-view.data
graph.figure note.children chart-answer.data <- chart-view.data
dataset.options <- search.data (dataset.value)
navigate: location.search table-view.data chart-view.data <- location.search dataset.value table.sort_by \
table.page_current size.value lines.value scale.value graph.relayoutData graph.restyleData graph.clickData room.data \
(table-view.data chart-view.data table-answer.data chart-answer.data)
showTableAnswer: <- table-answer.data
showChartAnswer: <- chart-answer.data
search: search.data <- dataset.search_value (dataset.options)
"""
PAGE_IDS = {"dataset", "table", "graph", "status"}  # promised to others


@pytest.fixture
def client(app):
    return reader(app.server)


def as_line(callback):
    names = [f"{place['id']}.{place['property']}" for place in callback["inputs"]]
    states = [f"{place['id']}.{place['property']}" for place in callback["state"]]
    outputs = "" if callback["no_output"] else callback["output"].strip(".").replace("...", " ")
    script = callback["clientside_function"]
    line = f"{script['function_name']}: " if script else ""
    line += f"{outputs} <- {' '.join(names)}".strip()
    return line + (f" ({' '.join(states)})" if states else "")


def ids_in(component):
    """Give the ids of a component's JSON, those in any of its props included."""
    if isinstance(component, list):
        for part in component:
            yield from ids_in(part)
    elif isinstance(component, dict):
        if "namespace" in component and "id" in component["props"]:
            yield component["props"]["id"]
        for part in component.values():
            yield from ids_in(part)


def test_the_page_is_wired_so(client):
    assert "\n".join(map(as_line, wiring(client))) == WIRING.strip()


def test_every_id_of_the_wiring_is_on_the_page_once(client):
    on_page = list(ids_in(client.get("/_dash-layout").json))
    assert len(set(on_page)) == len(on_page)
    assert set(on_page) >= PAGE_IDS
    wired = [place for callback in wiring(client) for place in callback["inputs"] + callback["state"]]
    outputs = [part for c in wiring(client) if not c["no_output"] for part in c["output"].strip(".").split("...")]
    assert {place["id"] for place in wired} | {part.rpartition(".")[0] for part in outputs} <= set(on_page)


def test_every_script_of_the_wiring_is_defined(client):
    script = (ROOT / "assets" / "dataviewer.js").read_text()
    exported = re.search(r"dataviewer: \{ ([\w, ]+) \}", script)[1].split(", ")
    called = [callback["clientside_function"] for callback in wiring(client) if callback["clientside_function"]]
    assert {function["namespace"] for function in called} == {"dataviewer"}
    assert {function["function_name"] for function in called} <= set(exported)


def test_nothing_is_asked_before_the_address_is_read(client):
    asked = [callback["output"] for callback in wiring(client) if not callback["prevent_initial_call"]]
    assert len(asked) == 1
    assert asked[0].startswith("..location.search")


def test_a_table_is_answered_with_all_that_shows_it(client):
    answer = ask_table(client, "?dataset=Ecdat/Airq&sort=vala:desc&page=2&size=10")
    assert set(answer) == {"table", "heading", "status", "downloads", "table-answer"}
    assert answer["table"]["page_count"] == 3
    assert [column["name"].split("\n") for column in answer["table"]["columns"]] == [
        ["airq", "integer"],
        ["vala", "number"],
        ["rain", "number"],
        ["coas", "text"],
        ["dens", "number"],
        ["medi", "integer"],
    ]
    values = [row["c1"] for row in answer["table"]["data"]]
    assert len(values) == 10
    assert values == sorted(values, reverse=True)
    every = client.get("/api/datasets/Airq/rows.json?size=max").json["rows"]
    assert values == sorted((row["vala"] for row in every), reverse=True)[10:20]
    assert "Rows 11–20 of 30" in text_of(answer["status"]["children"])
    assert "vala (descending)" in text_of(answer["status"]["children"])
    assert "Air Quality" in text_of(answer["heading"]["children"])
    told = answer["table-answer"]["data"]
    assert told["sort"] == [{"column_id": "c1", "direction": "desc"}]
    assert (told["dataset"], told["page"], told["size"]) == ("Ecdat/Airq", 1, "10")
    assert told["names"] == ["airq", "vala", "rain", "coas", "dens", "medi"]
    assert told["size"] in [option["value"] for option in told["sizes"]]


def test_a_chart_is_answered_with_all_that_shows_it(client):
    answer = ask_chart(client, "?dataset=Ecdat/Airq&y=airq&y=rain&scale=shared")
    assert set(answer) == {"graph", "note", "chart-answer"}
    assert [trace["name"] for trace in answer["graph"]["figure"]["data"]] == ["airq", "rain"]
    assert [len(trace["y"]) for trace in answer["graph"]["figure"]["data"]] == [30, 30]
    told = answer["chart-answer"]["data"]
    assert told["lines"] == ["airq", "rain"]
    assert [choice["value"] for choice in told["choices"]] == ["airq", "vala", "rain", "dens", "medi"]
    assert told["default"] == ["airq", "vala", "rain", "dens", "medi"]
    assert told["scale"] == "shared"


def test_a_search_is_answered_with_options_that_hold_its_text(client):
    body = callback_body(client, SEARCH, "airq", "Ecdat/Wages")
    options = post(client, body).json["response"]["dataset"]["options"]
    assert options[0]["value"] == "Ecdat/Airq"
    assert options[-1]["value"] == "Ecdat/Wages"  # the one now open, which the dropdown would forget
    assert all(option["search"] == "airq" for option in options[:-1])


def test_a_misspelt_search_finds_the_nearest(client):
    assert "datasets/AirPassengers" in ask_options(client, "airpasengers")


def test_a_search_without_an_end_is_cut(client):
    assert len(ask_options(client, "a")) <= 61
    assert ask_options(client, "zzzz qqqq " * 500, "catalog") == ["catalog"]


def test_the_empty_link_shows_the_collection(client):
    answer = ask_table(client, "")
    assert answer["table-answer"]["data"]["dataset"] == "catalog"
    assert "of 757" in text_of(answer["status"]["children"])
    assert ask_chart(client, "")["chart-answer"]["data"]["lines"] == []


def test_a_bare_name_of_several_names_the_others(client, catalog):
    ids = [id for id in catalog if id.endswith("/lung")]
    answer = ask_table(client, "?dataset=lung")
    assert len(ids) > 1
    assert answer["table-answer"]["data"]["dataset"] == ids[0]
    words = text_of(answer["heading"]["children"])
    assert f"{len(ids)} packages have a “lung”" in words
    assert [id for id in ids[1:] if id not in words] == []
    assert "packages have" not in text_of(ask_table(client, f"?dataset={ids[0]}")["heading"]["children"])


def test_an_unknown_name_is_answered_with_the_nearest(client):
    answer = ask_table(client, "?dataset=Airqq&sort=x&page=3")
    words = text_of(answer["heading"]["children"])
    assert "no dataset called “Airqq”" in words
    assert "Did you mean Ecdat/Airq" in words
    assert "“Airqq”" in text_of(answer["status"]["children"])
    assert (answer["table"]["columns"], answer["table"]["data"], answer["table"]["page_count"]) == ([], [], 1)
    assert answer["table-answer"]["data"]["dataset"] is None
    assert ask_chart(client, "?dataset=Airqq")["graph"]["figure"]["data"] == []


def test_a_name_near_none_says_so(client):
    words = text_of(ask_table(client, "?dataset=%00%01" + "x" * 200)["heading"]["children"])
    assert "No name comes near it" in words
    assert len(words) < 300


def test_markup_in_a_name_stays_text(client):
    answer = json.dumps(ask_table(client, "?dataset=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"))
    assert "<img src=x onerror=alert(1)>" in answer
    assert "dangerously" not in answer
    assert "Markdown" not in answer


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sort=nope", ["“nope”", "columns are airq, vala, rain"]),
        ("sort=airq:sideways", ["“airq:sideways”"]),
        ("sort='); DROP TABLE t;--", ["DROP TABLE"]),
        ("sort=c0", ["“c0”"]),
        ("sort=airq&sort=airq", ["“airq” twice"]),
        ("page=0", ["page “0”"]),
        ("page=-5", ["page “-5”"]),
        ("page=1e9", ["page “1e9”"]),
        ("page=99999999999999999999", ["no whole number"]),
        ("page=1000", ["no page 1,000", "last of 2"]),
        ("size=0", ["page size “0”"]),
        ("size=999999999", ["page size “999999999”"]),
        ("size=NaN", ["page size “NaN”"]),
        ("scale=huge", ["“huge”"]),
        ("range=a:b", ["“a:b”"]),
        ("y=nope", ["“nope”"]),
        ("sort=nope&page=x&size=y", ["“nope”", "“x”", "“y”"]),
    ],
)
def test_what_the_link_asks_in_vain_is_said_beside_the_table(client, query, said):
    answer = ask_table(client, f"?dataset=Airq&{query}")
    words = text_of(answer["status"]["children"])
    assert [part for part in said if part not in words] == []
    assert len(answer["table"]["columns"]) == 6
    assert len(answer["table"]["data"]) > 0
    assert ask_chart(client, f"?dataset=Airq&{query}")["graph"]["figure"]["data"]


def test_a_chart_asked_in_vain_says_so_and_draws_what_it_can(client):
    answer = ask_chart(client, "?dataset=Airq&y=nope&y=coas&y=rain")
    assert answer["chart-answer"]["data"]["lines"] == ["rain"]
    words = text_of(answer["note"]["children"])
    assert "Cannot draw “nope”" in words
    assert "“coas” as a line; it holds text" in words


def test_a_page_has_a_limit_whatever_the_link_asks(client):
    answer = ask_table(client, "?dataset=gap/crohn&size=1000")  # 212 columns
    assert len(answer["table"]["data"]) * len(answer["table"]["columns"]) <= 12_000
    assert "at most" in text_of(answer["status"]["children"])


def script_keys(name):
    script = (ROOT / "assets" / "dataviewer.js").read_text()
    return re.findall(r'"(\w+)"', re.search(rf"const {name} = \[(.*?)\];", script)[1])


ALL = {"sort": "airq:desc", "page": "2", "size": "10", "y": "airq&y=vala", "scale": "shared", "range": "3:9"}


def shown(answer):
    """What an answer shows, without the echo of how it was asked."""
    for name in ("table-answer", "chart-answer"):
        answer.get(name, {}).get("data", {}).pop("query", None)
    return answer


@pytest.mark.parametrize(("part", "ask"), [("OF_TABLE", ask_table), ("OF_CHART", ask_chart)])
def test_an_answer_depends_on_its_part_of_the_link_alone(client, part, ask):
    # The page's script asks again only where its part changed: paging must not change the chart.
    assert set(ALL) <= set(script_keys("KEYS"))
    own = "".join(f"&{key}={value}" for key, value in ALL.items() if key in script_keys(part))
    every = "".join(f"&{key}={value}" for key, value in ALL.items())
    assert shown(ask(client, f"?dataset=Airq{own}")) == shown(ask(client, f"?dataset=Airq{every}"))
    for key in script_keys(part)[1:]:
        without = own.replace(f"&{key}={ALL[key]}", "")
        assert shown(ask(client, f"?dataset=Airq{without}")) != shown(ask(client, f"?dataset=Airq{own}")), key


def test_the_parts_of_the_link_are_the_whole_of_it():
    table, chart = script_keys("OF_TABLE"), script_keys("OF_CHART")
    assert set(table) | set(chart) == set(script_keys("KEYS"))
    assert set(table) & set(chart) == {"dataset"}


def test_the_same_view_has_the_same_answer_however_it_is_spelled(client):
    plain = shown(ask_table(client, "?dataset=Airq&sort=airq"))
    for other in (
        "dataset=Airq&sort=airq",
        "?sort=airq:asc&dataset=Airq",
        "?dataset=Airq&sort=airq&utm_source=x&page=1",
    ):
        assert shown(ask_table(client, other)) == plain


HOSTILE = [
    "a",
    "a ",
    "A",
    "c0",
    "{x}",
    "}{",
    "a:b",
    "100%",
    "%3A",
    "é",
    "💥",
    "x\ny",
    "'\";--",
    "<b>",
    "",
    "[1](j)",
    "&y=1",
]


@pytest.fixture(scope="module")
def hostile():
    frame = pd.DataFrame([[i * 100 + j for j in range(len(HOSTILE))] for i in range(30)], columns=HOSTILE)
    named = {"odd name/?&=#%:é": frame}
    return reader(create_app(Catalog.from_frames(named)).server)


@pytest.mark.parametrize("place", range(len(HOSTILE)), ids=map(repr, HOSTILE))
def test_a_column_of_any_name_is_sorted_and_drawn_by_the_name_the_server_tells(hostile, place):
    link = hostile.get("/show", query_string={"dataset": "odd name/?&=#%:é"}).headers["Location"].removeprefix("/")
    names = ask_table(hostile, link)["table-answer"]["data"]["names"]
    assert len(set(names)) == len(HOSTILE)
    query = f"{link}&{as_query('sort', names[place] + ':desc')}"
    answer = ask_table(hostile, query)
    assert answer["table-answer"]["data"]["sort"] == [{"column_id": f"c{place}", "direction": "desc"}]
    assert answer["table"]["data"][0][f"c{place}"] == 2900 + place
    chart = ask_chart(hostile, f"{link}&{as_query('y', names[place])}")
    assert chart["chart-answer"]["data"]["lines"] == [names[place]]
    assert chart["graph"]["figure"]["data"][0]["y"][:2] == [place, 100 + place]


def as_query(key, value):
    return f"{key}={quote(value, safe='')}"


def test_a_download_keeps_the_order_of_the_table(hostile):
    link = hostile.get("/show", query_string={"dataset": "odd name/?&=#%:é"}).headers["Location"].removeprefix("/")
    answer = ask_table(hostile, f"{link}&{as_query('sort', '100%25:desc')}")
    for anchor in answer["downloads"]["children"]:
        response = hostile.get(anchor["props"]["href"])
        assert response.status_code == 200, anchor["props"]["href"]
        if "rows.json" in anchor["props"]["href"]:
            rows = response.json["rows"]
            assert [list(row.values()) for row in rows[:25]] == [list(row.values()) for row in answer["table"]["data"]]


def test_a_callback_asks_for_its_values_in_the_body_alone(client):
    body = callback_body(client, TABLE, "?dataset=Airq")
    assert post(client, body).json == post(client, body, query_string={"dataset": "x"}).json


def test_every_width_that_a_screen_has_is_drawn(client):
    for width in (200, 320, 800, 4000):
        assert ask_chart(client, "?dataset=gap/crohn", width)["graph"]["figure"]["data"]
    for width in (199, 4001):
        body = callback_body(client, CHART, {"query": "?dataset=Airq", "width": width})
        response = post(client, body)
        assert response.status_code == 400
        assert "from 200 to 4000 pixels" in response.json["error"]
