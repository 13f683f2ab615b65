import datetime
import json
import random
import re
from urllib.parse import quote

import pandas as pd
import pytest

from dataviewer import Catalog, charts, create_app, view
from dataviewer.view import View, Where
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
table.columns table.data table.style_data_conditional table.page_count status.children \
table-answer.data <- table-view.data
graph.figure note.children chart-answer.data <- chart-view.data
dataset.options <- search.data (dataset.value)
navigate: <- dataset.value table.sort_by table.page_current size.value find.value columns.value graph.relayoutData \
graph.restyleData graph.clickData graph.selectedData
showTableAnswer: <- table-answer.data
showChartAnswer: <- chart-answer.data
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
    asked = [as_line(callback) for callback in wiring(client) if not callback["prevent_initial_call"]]
    assert len(asked) == 1
    assert asked[0].startswith("navigate: <- ")


def test_a_table_is_answered_with_all_that_shows_it(client):
    answer = ask_table(client, "?dataset=Ecdat/Airq&sort=vala:desc&page=2&size=10")
    assert set(answer) == {"table", "status", "table-answer"}
    assert answer["table-answer"]["data"]["pills"] == []
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
    assert "Air Quality" in text_of(answer["table-answer"]["data"]["heading"])
    told = answer["table-answer"]["data"]
    assert told["sort"] == [{"column_id": "c1", "direction": "desc"}]
    assert (told["dataset"], told["page"], told["size"]) == ("Ecdat/Airq", 1, "10")
    assert told["names"] == ["airq", "vala", "rain", "coas", "dens", "medi"]
    assert told["size"] in [option["value"] for option in told["sizes"]]


def status_of(client, query):
    return text_of(ask_table(client, f"?dataset=Airq&{query}")["status"]["children"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Rows 1–25 of 30"),
        ("size=100", "All 30 rows"),
        ("where=coas:eq:yes", "All 21 rows that match, of 30"),
        ("search=YES&size=10&page=3", "Rows 21–21 of 21 that match, of 30"),
        ("where=airq:gt:0&size=100", "All 30 rows match"),
        ("where=airq:eq:85&sort=airq", "The one row that matches, of 30, sorted by airq · back to file order"),
        ("where=rain:gt:900&sort=airq", "No row matches, of 30. Without “rain is above 900” 30 rows would match."),
        (
            "where=rain:gt:900&where=coas:eq:yes",
            "No row matches, of 30. Without “rain is above 900” 21 rows would match.",
        ),
        (
            "where=rain:gt:900&search=zzz",
            "No row matches, of 30. Leaving out one condition alone would give no row either.",
        ),
        ("where=coas:eq:yes&page=3", "All 21 rows that match, of 30There is no page 3; this is the last of 1."),
    ],
)
def test_the_status_says_how_many_rows_match_of_how_many(client, query, said):
    assert status_of(client, query) == said


def test_a_dataset_without_rows_says_so_whatever_is_asked(client):
    for query in ("", "&search=x", "&sort=" + client.get("/api/datasets/Zelig/friendship").json["columns"][0]["name"]):
        assert text_of(ask_table(client, f"?dataset=Zelig/friendship{query}")["status"]["children"]) == "No rows."


def test_an_answer_tells_its_conditions_and_where_its_rows_stand(client):
    query = "?dataset=Airq&where=coas:eq:yes&where=rain:foo:1&where=dens:gte:100&search=1&sort=airq&size=10"
    answer = ask_table(client, query)
    told = answer["table-answer"]["data"]
    pills = answer["table-answer"]["data"]["pills"]
    assert [text_of(pill) for pill in pills] == ["coas is yes×", "rain:foo:1×", "dens is at least 100×"]
    away = [next(link_props(pill)) for pill in pills]
    assert [props["data-drop"] for props in away] == ["coas:eq:yes", "rain:foo:1", "dens:gte:100"]
    assert [View.from_query_string(props["href"]).where for props in away] == [
        (Where("dens", "gte", ("100",)),),
        (Where("coas", "eq", ("yes",)), Where("dens", "gte", ("100",))),
        (Where("coas", "eq", ("yes",)),),
    ]
    assert told["search"] == "1"
    assert "“rain foo 1”" in text_of(answer["status"]["children"])
    assert 1 < len(told["rows"]) <= 10
    every = client.get("/api/datasets/Airq/rows.json?size=max").json["rows"]
    assert [every[number - 1]["airq"] for number in told["rows"]] == [row["c0"] for row in answer["table"]["data"]]


def test_the_way_back_to_file_order_keeps_the_rows_that_match(client):
    answer = ask_table(client, "?dataset=Airq&sort=airq&where=coas:eq:yes&search=1")
    (link,) = [part["props"]["href"] for part in answer["status"]["children"] if isinstance(part, dict)]
    assert link == "?dataset=Ecdat/Airq&where=coas:eq:yes&search=1"


def link_props(component):
    """Give the props of each link in a component's JSON."""
    if isinstance(component, list):
        for part in component:
            yield from link_props(part)
    elif isinstance(component, dict):
        if component["type"] == "A":
            yield component["props"]
        yield from link_props(component["props"].get("children"))


def controls_of(answer):
    return {control["key"]: control for control in answer["chart-answer"]["data"]["controls"]}


def test_a_chart_is_answered_with_all_that_shows_it(client):
    answer = ask_chart(client, "?dataset=Ecdat/Airq&chart=line&y=airq&y=vala&scale=shared")
    assert set(answer) == {"graph", "note", "chart-answer"}
    traces = answer["graph"]["figure"]["data"]
    every = client.get("/api/datasets/Airq/rows.json?size=max").json["rows"]
    assert [trace["name"] for trace in traces] == ["airq", "vala"]
    assert [trace["y"] for trace in traces] == [[row[name] for row in every] for name in ("airq", "vala")]
    told = answer["chart-answer"]["data"]
    assert (told["drawn"], told["file"]) == (True, "dataviewer-Ecdat-Airq-line-airq-vala")
    assert told["lines"] == ["airq", "vala"]
    columns = told["columns"]
    assert [choice["value"] for choice in columns["options"]] == ["airq", "vala", "rain", "dens", "medi"]
    assert (columns["value"], columns["most"]) == (["airq", "vala"], 100)
    assert columns["default"] == ["airq", "vala", "rain", "dens", "medi"]
    assert told["axes"] == {kind.name: kind.x for kind in charts.KINDS}
    controls = controls_of(answer)
    assert (controls["scale"]["value"], controls["scale"]["default"]) == ("shared", "panels")
    assert (controls["x"]["value"], controls["chart"]["value"]) == (":row", "line")
    assert {":none", "coas"} <= {value for value, _ in controls["color"]["options"]}
    words = answer["chart-answer"]["data"]["words"]
    assert "2 lines: airq and vala along row, 30 rows" in text_of(words)


def test_each_control_stands_where_the_link_puts_it_and_at_its_default_without(client):
    plain = controls_of(ask_chart(client, "?dataset=Airq"))
    assert [key for key, control in plain.items() if control["value"] != control["default"]] == []
    asked = {"chart": "bar", "x": "coas", "agg": "median", "facet": "airq", "log": "y"}
    link = "&".join(f"{key}={value}" for key, value in asked.items())
    told = controls_of(ask_chart(client, f"?dataset=Airq&{link}&y=rain"))
    assert {key: told[key]["value"] for key in ("chart", "x", "agg", "log")} == {
        key: asked[key] for key in ("chart", "x", "agg", "log")
    }
    for control in told.values():
        values = [value for value, _ in control["options"]]
        assert len(set(values)) == len(values) > 1
        assert {control["value"], control["default"]} <= set(values), control["key"]


@pytest.mark.parametrize("kind", [kind.name for kind in charts.KINDS])
def test_every_choice_that_a_control_offers_is_drawn_as_chosen(client, kind):
    first = controls_of(ask_chart(client, f"?dataset=Airq&chart={kind}"))
    for key, control in first.items():
        for value, label in control["options"]:
            link = "" if value == control["default"] else f"&{as_query(key, value)}"
            chosen = f"&chart={kind}" if key != "chart" else ""
            answer = ask_chart(client, f"?dataset=Airq{chosen}{link}")
            assert controls_of(answer)[key]["value"] == value, (key, label)
            assert answer["graph"]["figure"]["data"], (key, label)
            assert "annot draw" not in text_of(answer["note"]["children"])


def test_the_files_of_a_chart_are_addresses_of_the_api_that_draw_it(client):
    asked = "?dataset=Airq&where=coas:eq:yes&chart=bar&x=coas&agg=count"
    answer = ask_chart(client, asked)
    links = list(link_props(answer["chart-answer"]["data"]["files"]))
    assert [link["data-picture"] for link in links[:2]] == ["png", "svg"]
    page, figure = (client.get(link["href"]) for link in links[2:])
    assert (page.mimetype, figure.mimetype) == ("text/html", "application/json")
    assert [trace["y"] for trace in figure.json["data"]] == [[21]]
    assert [trace["y"] for trace in answer["graph"]["figure"]["data"]] == [[21]]
    assert '"coas' not in links[2]["href"]
    assert ask_chart(client, "?dataset=Airq&search=zzz")["chart-answer"]["data"]["files"] == []


def test_the_lines_of_the_legend_are_those_drawn(flat):
    # Flat is left out, so the second trace is the third column: to switch it off must not take the second away.
    answer = ask_chart(flat, "?dataset=v&chart=line&scale=standardised&y=a&y=flat&y=b%26c")
    assert [trace["name"] for trace in answer["graph"]["figure"]["data"]] == ["a", "b&amp;c"]
    assert answer["chart-answer"]["data"]["lines"] == ["a", "b&c"]
    for other in ("scale=panels", "color=g", "smooth=3", "facet=g"):
        assert ask_chart(flat, f"?dataset=v&chart=line&y=a&y=flat&{other}")["chart-answer"]["data"]["lines"] == []


@pytest.fixture(scope="module")
def flat():
    frame = pd.DataFrame({"a": [1, 2, 4], "flat": [5, 5, 5], "b&c": [3, 1, 2], "g": ["x", "y", "x"]})
    return reader(create_app(Catalog.from_frames({"v": frame})).server)


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
    chart = ask_chart(client, "")
    told = chart["chart-answer"]["data"]
    assert (told["lines"], told["columns"]["options"], told["file"]) == ([], [], "dataviewer-catalog-map")
    (kinds,) = told["controls"]
    assert (kinds["key"], kinds["value"], kinds["default"], kinds["options"][0]) == ("chart", "", "", ["", "Map"])


def test_every_kind_that_the_collection_offers_is_drawn_of_it(client):
    (kinds,) = controls_of(ask_chart(client, "")).values()
    names = [value for value, _ in kinds["options"]]
    assert names[0] == ""
    assert {"bar", "scatter", "histogram", "box"} <= set(names)
    for name in names[1:]:
        answer = ask_chart(client, f"?chart={name}")
        kinds = controls_of(answer)["chart"]
        assert (kinds["value"], kinds["default"]) == (name, ""), name
        assert answer["graph"]["figure"]["data"], name


def test_the_map_shows_the_datasets_that_match(client):
    query = "where=rows:gt:10000&where=package:eq:Ecdat&search=a"
    rows = client.get(f"/api/datasets/catalog/rows.json?size=max&{query}").json["rows"]
    answer = ask_chart(client, f"?{query}")
    dots = [dot for trace in answer["graph"]["figure"]["data"] for dot in trace["customdata"]]
    assert 1 < len(rows) < 100
    assert sorted(dots) == sorted(f"dataset={row['id']}" for row in rows)
    assert f"one of {len(rows)} datasets" in text_of(answer["note"]["children"])
    bars = ask_chart(client, f"?chart=bar&x=package&{query}")["graph"]["figure"]["data"]
    assert [trace["y"] for trace in bars] == [[len(rows)]]


def test_a_map_of_no_dataset_is_empty_and_says_why(client):
    answer = ask_chart(client, "?search=zzzzzz")
    assert answer["graph"]["figure"]["data"] == []
    assert "no row matches" in text_of(answer["note"]["children"])
    assert [control["value"] for control in answer["chart-answer"]["data"]["controls"]] == [""]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?dataset=MASS/Cars93&where=Type:eq:Small", "Drawn from the 21 rows that match, of 93."),
        ("?dataset=MASS/Cars93&search=Integra", "Drawn from the one row that matches, of 93."),
    ],
)
def test_a_chart_of_some_rows_says_of_which(client, query, said):
    assert text_of(ask_chart(client, query)["note"]["children"]).endswith(said)


def test_a_chart_of_all_rows_or_of_none_does_not_say_of_which(client):
    for query in ("?dataset=MASS/Cars93", "?dataset=MASS/Cars93&where=Type:eq:Tiny"):
        assert "Drawn from" not in text_of(ask_chart(client, query)["note"]["children"])


def test_a_bare_name_of_several_names_the_others(client, catalog):
    ids = [id for id in catalog if id.endswith("/lung")]
    answer = ask_table(client, "?dataset=lung")
    assert len(ids) > 1
    assert answer["table-answer"]["data"]["dataset"] == ids[0]
    words = text_of(answer["table-answer"]["data"]["heading"])
    assert f"{len(ids)} packages have a “lung”" in words
    assert [id for id in ids[1:] if id not in words] == []
    assert "packages have" not in text_of(ask_table(client, f"?dataset={ids[0]}")["table-answer"]["data"]["heading"])


def test_an_unknown_name_is_answered_with_the_nearest(client):
    answer = ask_table(client, "?dataset=Airqq&sort=x&page=3")
    words = text_of(answer["table-answer"]["data"]["heading"])
    assert "no dataset called “Airqq”" in words
    assert "Did you mean Ecdat/Airq" in words
    assert "“Airqq”" in text_of(answer["status"]["children"])
    assert (answer["table"]["columns"], answer["table"]["data"], answer["table"]["page_count"]) == ([], [], 1)
    assert answer["table-answer"]["data"]["dataset"] is None
    assert ask_chart(client, "?dataset=Airqq")["graph"]["figure"]["data"] == []


def test_a_name_near_none_says_so(client):
    words = text_of(ask_table(client, "?dataset=%00%01" + "x" * 200)["table-answer"]["data"]["heading"])
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


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("y=nope", "Cannot draw “nope”; columns are airq, vala, rain, coas, dens, medi."),
        ("chart=line&x=nope", "Cannot draw “nope”; columns are airq"),
        ("chart=line&x=coas", "“coas” here: it holds text values; this needs a column of numbers or dates."),
        ("chart=box&color=nope", "Cannot draw “nope”"),
        ("chart=pie", "no chart “pie”; there is line, area, scatter"),
        ("agg=most", "no aggregate “most”; there is count, sum"),
        ("bins=0", "number of bins “0”"),
        ("bins=201", "from 1 to 200"),
        ("smooth=-1", "“-1”"),
        ("log=z", "no logarithmic axis “z”"),
        ("trend=cubic", "no trend “cubic”"),
        ("stack=high", "“high”"),
        ("scale=huge", "no scale “huge”"),
        ("row=0", "row “0”"),
        ("x=:all", "“:all” is no x"),
        ("chart=density&x=:row", "“:row” does not fit"),
        ("color=:row", "“:row” is no color"),
        ("range=a:b", "“a:b” is not spelled low:high"),
        ("chart=line&range=2020-01-01:2020-02-01", "The range 2020-01-01:2020-02-01 does not fit the axis row"),
        ("chart=line&range=1e999:2", "does not fit"),
        ("chart=scatter&log=x&x=rain&y=airq&range=-1:5", "does not fit"),
        ("chart=scatter&log=y&x=rain&y=airq&range=1:50:-2:5", "The range -2:5 does not fit the axis airq"),
        ("chart=histogram&y=rain&range=2020-01-01:2020-02-01", "does not fit the axis rain"),
        ("chart=line&x=nope&search=zzz", "Cannot draw “nope”"),
    ],
)
def test_what_the_link_asks_of_the_chart_in_vain_is_said_above_it(client, query, said):
    answer = ask_chart(client, f"?dataset=Airq&{query}")
    note = text_of(answer["note"]["children"])
    assert said in note
    assert note.count(said) == 1
    assert bool(answer["graph"]["figure"]["data"]) is ("zzz" not in query)
    refused = client.get(f"/api/datasets/Airq/figure.json?{query}")
    assert refused.status_code == 400
    assert refused.json["error"] in note


def test_a_chart_asked_in_vain_says_so_and_draws_what_it_can(client):
    answer = ask_chart(client, "?dataset=Airq&y=nope&y=coas&y=rain&chart=line")
    assert answer["chart-answer"]["data"]["columns"]["value"] == ["rain"]
    words = text_of(answer["note"]["children"])
    assert "Cannot draw “nope”" in words
    assert "“coas” here: it holds text values" in words


def test_a_page_has_a_limit_whatever_the_link_asks(client):
    answer = ask_table(client, "?dataset=gap/crohn&size=1000")  # 212 columns
    assert len(answer["table"]["data"]) * len(answer["table"]["columns"]) <= 12_000
    assert "at most" in text_of(answer["status"]["children"])


def script_keys(name):
    script = (ROOT / "assets" / "dataviewer.js").read_text()
    return re.findall(r'"(\w+)"', re.search(rf"const {name} = \[(.*?)\];", script, re.DOTALL)[1])


def test_the_script_spells_the_keys_in_the_order_of_the_view():
    assert script_keys("KEYS") == [key.name for key in view.KEYS]


# A value for each key, and what else must stand in the link that it makes a difference.
ALL = {
    "sort": ("airq:desc", ""),
    "where": ("coas:eq:yes", ""),
    "search": ("1", ""),
    "columns": ("rain&columns=airq", ""),
    "page": ("2", "&size=10"),
    "size": ("10", ""),
    "row": ("3", "&chart=line"),
    "chart": ("ecdf", ""),
    "x": ("vala", "&chart=line"),
    "y": ("airq&y=vala", ""),
    "color": ("coas", "&chart=scatter&x=rain&y=airq&color=:none"),
    "facet": ("coas", "&chart=histogram"),
    "agg": ("max", "&chart=bar&x=coas&y=rain"),
    "bins": ("7", "&chart=histogram"),
    "scale": ("shared", "&chart=line"),
    "log": ("y", "&chart=line"),
    "trend": ("linear", "&chart=scatter&x=rain&y=airq"),
    "smooth": ("3", "&chart=line"),
    "stack": ("stacked", "&chart=bar&x=coas&y=rain&y=airq"),
    "range": ("3:9", "&chart=line"),
}


def shown(answer):
    """What an answer shows, without the echo of how it was asked."""
    for name in ("table-answer", "chart-answer"):
        answer.get(name, {}).get("data", {}).pop("query", None)
    return answer


@pytest.mark.parametrize("key", ALL)
@pytest.mark.parametrize(("part", "ask"), [("OF_TABLE", ask_table), ("OF_CHART", ask_chart)])
def test_an_answer_depends_on_its_part_of_the_link_alone(client, key, part, ask):
    # The page's script asks again only where its part changed: paging must not change the chart.
    value, rest = ALL[key]
    without, asked = f"?dataset=Airq{rest}", f"?dataset=Airq{rest}&{key}={value}"
    if key not in script_keys(part):
        # What the page's links lead to stays the same too, as the script has them of its own address.
        answers = [ask(client, without), ask(client, asked)]
        for name in ("table", "status", "graph", "note"):
            assert answers[0].get(name) == answers[1].get(name)
        if ask is ask_table:
            headings = [answer["table-answer"]["data"]["heading"] for answer in answers]
            assert headings[0] == headings[1] != []
    else:
        assert shown(ask(client, without)) != shown(ask(client, asked))


def test_the_parts_of_the_link_are_the_whole_of_it():
    table, chart = script_keys("OF_TABLE"), script_keys("OF_CHART")
    assert set(table) | set(chart) == set(script_keys("KEYS")) == {"dataset", *ALL}
    assert set(table) & set(chart) == {"dataset", "where", "search"}  # which rows there are concerns both


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
    chart = ask_chart(hostile, f"{link}&chart=line&{as_query('y', names[place])}")
    assert chart["chart-answer"]["data"]["columns"]["value"] == [names[place]]
    assert chart["graph"]["figure"]["data"][0]["y"][:2] == [place, 100 + place]


def as_query(key, value):
    return f"{key}={quote(value, safe='')}"


def test_a_download_keeps_the_order_of_the_table(hostile):
    link = hostile.get("/show", query_string={"dataset": "odd name/?&=#%:é"}).headers["Location"].removeprefix("/")
    answer = ask_table(hostile, f"{link}&{as_query('sort', '100%25:desc')}")
    for anchor in answer["table-answer"]["data"]["downloads"]:
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


# Keep only these rows ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def zoomed():
    """A client of a viewer of 60 rows: numbers, dates, times and what no condition can say of them."""
    chance = random.Random(7)
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(days=row) for row in range(60)]
    frame = pd.DataFrame(
        {
            "n": [row - 20 for row in range(60)],
            "f": [chance.uniform(-5, 100) for _ in range(59)] + [None],
            "day": days,
            "at": pd.date_range("2020-01-01", periods=60, freq="7h").astype("datetime64[us]"),
            "a:b&c=%d": [chance.uniform(1, 1e6) for _ in range(60)],
            "g": list("xyz") * 20,
        }
    ).sample(frac=1, random_state=3)
    months = pd.DataFrame({"time": [1949 + month / 12 for month in range(48)], "v": range(48)})
    ymd = pd.DataFrame({"date": [int(f"{day:%Y%m%d}") for day in days], "v": range(60)})
    catalog = Catalog.from_frames({"z": frame, "months": months, "ymd": ymd})
    return reader(create_app(catalog).server), frame.reset_index(drop=True)


def keep_link(client, query):
    """Return the props of the link “Keep only these rows” of a view, None where there is none."""
    found = list(link_props(ask_chart(client, query)["note"]["children"]))
    assert [props["children"] for props in found] in ([], ["Keep only these rows"])
    return found[0] if found else None


@pytest.mark.parametrize(
    ("query", "x", "low", "high"),
    [
        ("chart=scatter&x=n&y=f&range=-5.5:20", "n", -5.5, 20),
        ("chart=scatter&x=n&y=f&range=20:-5.5", "n", -5.5, 20),
        ("chart=line&x=n&y=f&range=0:1e1", "n", 0, 10),
        ("chart=line&x=f&y=n&range=.5:50.", "f", 0.5, 50),
        ("chart=area&x=n&y=f&range=3:3", "n", 3, 3),
        ("chart=histogram&y=f&range=10:20.25", "f", 10, 20.25),
        ("chart=ecdf&y=n&range=-3:7", "n", -3, 7),
        ("chart=scatter&x=f&y=n&log=x&range=1.5:30", "f", 1.5, 30),
        ("chart=histogram&y=f&log=x&range=1.5:30", "f", 1.5, 30),
        ("chart=histogram&y=a%253Ab%26c%3D%2525d&range=1000:500000", "a:b&c=%d", 1000, 500_000),
        ("chart=scatter&x=n&y=f&where=g:eq:x&range=0:20", "n", 0, 20),
        ("chart=line&x=n&y=f&range=0:20:1:2", "n", 0, 20),  # lines are not zoomed upright
    ],
)
def test_the_rows_kept_are_those_in_the_range(zoomed, query, x, low, high):
    client, frame = zoomed
    check_kept(client, query, frame[(frame[x] >= low) & (frame[x] <= high)])


@pytest.mark.parametrize(
    ("query", "x", "low", "high"),
    [
        ("chart=line&x=day&y=n&range=2020-01-10:2020-01-20", "day", "2020-01-10", "2020-01-20"),
        ("chart=line&x=day&y=n&range=2020-01-10 00%253A01:2020-01-20 23%253A59", "day", "2020-01-11", "2020-01-20"),
        ("chart=line&x=day&y=n&range=2020-01-20:2020-01-10T12%253A00", "day", "2020-01-11", "2020-01-20"),
        ("x=at&y=n&range=2020-01-03T09%253A00:2020-01-07 21%253A30", "at", "2020-01-03 09", "2020-01-07 21:30"),
        ("chart=scatter&x=at&y=n&range=2020-01-07:2020-01-03", "at", "2020-01-03", "2020-01-07"),
    ],
)  # fmt: skip
def test_the_rows_kept_are_those_in_the_range_of_times(zoomed, query, x, low, high):
    client, frame = zoomed
    query = query if "chart" in query else f"chart=scatter&{query}"
    moments = pd.to_datetime(frame[x])
    check_kept(client, query, frame[(moments >= pd.Timestamp(low)) & (moments <= pd.Timestamp(high))])


@pytest.mark.parametrize("log", ["", "&log=y", "&log=xy"])
@pytest.mark.parametrize("chart", ["scatter", "density"])
def test_a_zoom_of_both_axes_keeps_the_rows_in_both_ranges(zoomed, chart, log):
    client, frame = zoomed
    inside = (frame["n"] >= 2) & (frame["n"] <= 30) & (frame["f"] >= 7.5) & (frame["f"] <= 60)
    check_kept(client, f"chart={chart}&x=n&y=f{log}&range=2:30:60:7.5", frame[inside])


def check_kept(client, query, expected):
    if "where=g:eq:x" in query:
        expected = expected[expected["g"] == "x"]
    props = keep_link(client, f"?dataset=z&{query}")
    kept = View.from_query_string(props["href"].removeprefix("?"))
    assert kept.range == ()
    assert props["data-without"] == "range page"
    # What the script adds to the address is what the link without it says.
    added = View.from_query_string(props["data-add"]).where
    assert kept.where == (*View.from_query_string(query).where, *added)
    answer = client.get(f"/api/datasets/z/rows.json{props['href']}&size=max").json
    assert 0 < len(expected) < 60
    assert [row["n"] for row in answer["rows"]] == expected["n"].tolist()
    assert answer["total"] == len(expected)


@pytest.mark.parametrize(
    "query",
    [
        "dataset=z&chart=line&x=n&y=f",  # no range
        "dataset=z&chart=line&x=:row&y=f&range=5:9",  # the rows' numbers are no column
        "dataset=z&chart=scatter&x=:row&y=f&range=5:9:10:20",  # nor does half of a zoom say all of it
        "dataset=months&chart=line&range=1949-03-01:1950-03-01",  # decimal years
        "dataset=months&chart=line&range=1949:1950",
        "dataset=months&chart=scatter&x=time&y=v&range=1949-03-01:1950-03-01:3:9",
        "dataset=ymd&chart=line&range=2020-01-03:2020-01-09",  # dates written as whole numbers
        "dataset=ymd&chart=line&range=1949:2020",
        "dataset=z&chart=histogram&y=n&y=f&range=5:9",  # several axes
        "dataset=z&chart=scatter&x=n&y=f&y=a%253Ab%26c%3D%2525d&range=5:9:1:50",  # several columns upright
        "dataset=z&chart=box&x=g&y=f&range=5:9",  # groups
        "dataset=z&chart=box&x=g&y=f&range=5:9:10:20",
        "dataset=z&chart=bar&x=g&range=5:9",
        "dataset=z&chart=correlation&range=5:9",
        "dataset=z&chart=line&x=n&y=f&range=2020-01-01:2020-02-01",  # what does not fit
        "dataset=z&chart=line&x=n&y=f&range=1e999:5",
        "dataset=z&chart=line&x=day&y=f&range=1.5:3.5",
        "dataset=z&chart=line&x=day&y=f&range=2020-02-30:2020-03-30",
        "dataset=z&chart=scatter&x=n&y=f&log=x&range=-5:20",
        "dataset=z&chart=scatter&x=n&y=f&log=y&range=1:20:-5:5",
        "range=5:9",  # the map of the collection
    ],
)
def test_no_rows_are_offered_to_be_kept_where_no_condition_can_say_which(zoomed, query):
    assert keep_link(zoomed[0], f"?{query}") is None
