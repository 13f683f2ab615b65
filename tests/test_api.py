import csv
import datetime
import io
import itertools
import json
import math
import re
from collections import Counter
from urllib.parse import urlencode

import pandas as pd
import pytest
from plotly import graph_objects

from dataviewer import Catalog, charts, create_app
from dataviewer.assets import plotly_script
from dataviewer.dataset import Column, Dataset
from tests.web import CHART, TABLE, callback_body, post, reader, text_of

NUMBERS = {"rows", "columns", "numeric", "text", "date", "categories", "missing"}
FIELDS = {"id", "title", "package", "time_series", "field", *NUMBERS}
BIG = 2**53 + 1


@pytest.fixture
def client(app):
    return reader(app.server)


@pytest.fixture(scope="module")
def small():
    """A client of a viewer of one small frame that has a value of every kind, and what is hard to write."""
    times = pd.to_datetime(["2020-02-29 12:00:00.000001", None, "1969-12-31 00:00:00.000000"])
    frame = pd.DataFrame(
        {
            "whole": [BIG, -(2**63), 3],
            "half": [0.1, None, 1e-300],
            "words": ['a"b,\n é', "", None],
            "day": [datetime.date(2020, 2, 29), None, datetime.date(1, 1, 1)],
            "time": times.astype("datetime64[us]"),
            "yes": pd.array([True, None, False], "boolean"),
            "a:b&c=%d": [1, 2, 3],
        }
    )
    return reader(create_app(Catalog.from_frames({"box/v1.2 ü/x": frame, "box/many": numbers(100_000)})).server)


def numbers(rows):
    return pd.DataFrame({"n": range(rows), "reverse": range(rows, 0, -1)})


SMALL = "/api/datasets/box/v1.2%20%C3%BC/x"


def refusal(response, status):
    """Return the sentence of an error, which has the one shape that errors have."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/json"
    assert response.json == {"ok": False, "error": response.json["error"], "status": status}
    return response.json["error"]


def test_every_dataset_is_listed_with_what_is_known_of_it(client, catalog):
    listed = client.get("/api/datasets").json
    assert set(listed) == {"datasets"}
    assert len(listed["datasets"]) == 757
    assert all(set(line) == FIELDS for line in listed["datasets"])
    assert [line["id"] for line in listed["datasets"]] == list(catalog)
    airq = next(line for line in listed["datasets"] if line["id"] == "Ecdat/Airq")
    assert airq == {
        "id": "Ecdat/Airq",
        "title": "Air Quality for Californian Metropolitan Areas",
        "package": "Ecdat",
        "rows": 30,
        "columns": 6,
        "numeric": 5,
        "text": 1,
        "date": 0,
        "missing": 0,
        "categories": 1,
        "time_series": False,
        "field": "economics",
    }


def test_a_dataset_tells_its_columns_in_order(client):
    told = client.get("/api/datasets/Ecdat/Airq").json
    assert [column["name"] for column in told["columns"]] == ["airq", "vala", "rain", "coas", "dens", "medi"]
    assert [column["type"] for column in told["columns"]] == [
        "integer",
        "number",
        "number",
        "text",
        "number",
        "integer",
    ]
    assert told["rows"] == 30
    assert told["licence"]


def test_a_bare_name_is_enough(client):
    assert client.get("/api/datasets/Airq").json == client.get("/api/datasets/Ecdat/Airq").json


def test_a_bare_name_of_several_is_the_first_of_the_catalogue(client, catalog):
    name, ids = next((name, ids) for name, ids in sorted(names(catalog).items()) if len(ids) > 1)
    assert client.get(f"/api/datasets/{name}").json["id"] == ids[0]


def names(catalog):
    found = {}
    for dataset in catalog.values():
        found.setdefault(dataset.name, []).append(dataset.id)
    return found


def test_every_id_that_holds_a_dot_is_found(client, catalog):
    dotted = [id for id in catalog if "." in id]
    assert len(dotted) > 30
    for id in dotted:
        assert client.get(f"/api/datasets/{id}").json["id"] == id
        assert client.get(f"/api/datasets/{id}/rows.json?size=1").json["dataset"] == id


def test_the_catalogue_is_a_dataset(client):
    told = client.get("/api/datasets/catalog").json
    assert (told["id"], told["rows"]) == ("catalog", 757)
    assert {column["name"] for column in told["columns"]} == FIELDS
    rows = client.get("/api/datasets/catalog/rows.json?size=max").json
    assert rows["total"] == len(rows["rows"]) == 757
    assert [row["id"] for row in rows["rows"]] == sorted(row["id"] for row in rows["rows"])


def test_rows_say_where_they_are_from(client):
    answer = client.get("/api/datasets/Airq/rows.json?page=2&size=10").json
    assert {key: answer[key] for key in ("dataset", "total", "of", "page", "size")} == {
        "dataset": "Ecdat/Airq",
        "total": 30,
        "of": 30,
        "page": 2,
        "size": 10,
    }
    assert len(answer["rows"]) == 10
    assert list(answer["rows"][0]) == ["airq", "vala", "rain", "coas", "dens", "medi"]


def test_pages_together_are_all_rows(client):
    every = client.get("/api/datasets/Airq/rows.json?size=max&sort=coas&sort=airq:desc").json["rows"]
    pages = [
        client.get(f"/api/datasets/Airq/rows.json?sort=coas&sort=airq:desc&size=7&page={page}").json["rows"]
        for page in range(1, 6)
    ]
    assert list(itertools.chain(*pages)) == every
    assert [(row["coas"], -row["airq"]) for row in every] == sorted((row["coas"], -row["airq"]) for row in every)


def test_a_page_beyond_the_end_has_no_rows(client):
    answer = client.get("/api/datasets/Airq/rows.json?page=9&size=10").json
    assert (answer["rows"], answer["total"]) == ([], 30)
    text = client.get("/api/datasets/Airq/rows.csv?page=9&size=10").text
    assert text == '"airq","vala","rain","coas","dens","medi"\n'


def test_a_dataset_without_rows_is_its_header(client):
    assert client.get("/api/datasets/Zelig/friendship/rows.json?size=max").json["rows"] == []
    assert client.get("/api/datasets/Zelig/friendship/rows.csv?size=max").text.startswith('"')


def test_the_rows_are_those_that_meet_the_conditions(client):
    every = client.get("/api/datasets/Airq/rows.json?size=max").json["rows"]
    answer = client.get("/api/datasets/Airq/rows.json?where=coas:eq:yes&where=rain:gt:20&sort=rain:desc&size=5").json
    expected = sorted((row for row in every if row["coas"] == "yes" and row["rain"] > 20), key=lambda row: -row["rain"])
    assert 5 < len(expected) < 30
    assert (answer["rows"], answer["total"], answer["of"]) == (expected[:5], len(expected), 30)


def test_a_search_finds_the_rows_that_hold_the_text(client):
    every = client.get("/api/datasets/Airq/rows.json?size=max").json["rows"]
    answer = client.get("/api/datasets/Airq/rows.json?search=YES").json
    assert answer["rows"] == [row for row in every if row["coas"] == "yes"]
    assert (answer["total"], answer["of"]) == (21, 30)


@pytest.mark.parametrize("size", ["max", "10"])
def test_where_no_row_matches_the_answer_is_empty_and_no_error(client, size):
    answer = client.get(f"/api/datasets/Airq/rows.json?search=zzz&size={size}").json
    assert (answer["rows"], answer["total"], answer["of"]) == ([], 0, 30)
    text = client.get(f"/api/datasets/Airq/rows.csv?where=rain:gt:900&size={size}").text
    assert text == '"airq","vala","rain","coas","dens","medi"\n'


@pytest.mark.parametrize("sort", ["", "&sort=reverse"])
def test_the_rows_that_match_are_streamed(small, sort):
    answer = small.get(f"/api/datasets/box/many/rows.json?size=max&where=n:gte:50000&search=7{sort}").json
    expected = [n for n in range(50_000, 100_000) if "7" in f"{n} {100_000 - n}"]
    assert [row["n"] for row in answer["rows"]] == (expected[::-1] if sort else expected)
    assert (answer["total"], answer["of"]) == (len(expected), 100_000)


def test_conditions_on_what_is_hard_to_write(small):
    def first(where):
        return [row["a:b&c=%d"] for row in small.get(f"{SMALL}/rows.json", query_string={"where": where}).json["rows"]]

    assert first(f"whole:eq:{BIG}") == [1]
    assert first(f"whole:eq:{BIG - 1}") == []
    assert first("a%3Ab&c=%25d:gte:2") == [2, 3]
    assert first("half:null") == [2]
    assert first("words:eq:") == [2]
    assert first("words:contains:B,\n É") == [1]
    assert first("time:gt:2020-02-29 12:00") == [1]
    assert first("day:in:0001-01-01:2020-02-29") == [1, 3]
    assert first("yes:ne:true") == [2, 3]


def test_the_catalogue_is_searched_like_any_dataset(client):
    answer = client.get("/api/datasets/catalog/rows.json?search=air quality&size=max").json
    assert "Ecdat/Airq" in [row["id"] for row in answer["rows"]]
    assert 0 < answer["total"] < answer["of"] == 757


def test_one_hundred_rows_come_where_the_link_does_not_say(client):
    answer = client.get("/api/datasets/Ecdat/Wages/rows.json").json
    assert (len(answer["rows"]), answer["size"], answer["page"]) == (100, 100, 1)


def test_json_is_exact(small):
    rows = small.get(f"{SMALL}/rows.json").json["rows"]
    assert [list(row.values()) for row in rows] == [
        [BIG, 0.1, 'a"b,\n é', "2020-02-29", "2020-02-29 12:00:00.000001", True, 1],
        [-(2**63), None, "", None, None, None, 2],
        [3, 1e-300, None, "0001-01-01", "1969-12-31 00:00:00", False, 3],
    ]
    assert str(BIG) in small.get(f"{SMALL}/rows.json").text


def test_csv_is_exact(small):
    rows = list(csv.reader(io.StringIO(small.get(f"{SMALL}/rows.csv").text, newline="")))
    assert rows == [
        ["whole", "half", "words", "day", "time", "yes", "a:b&c=%d"],
        [str(BIG), "0.1", 'a"b,\n é', "2020-02-29", "2020-02-29 12:00:00.000001", "true", "1"],
        [str(-(2**63)), "", "", "", "", "", "2"],
        ["3", "1e-300", "", "0001-01-01", "1969-12-31 00:00:00.000000", "false", "3"],
    ]


def test_empty_text_and_missing_text_differ_in_csv(small):
    lines = small.get(f"{SMALL}/rows.csv").text.splitlines()
    assert ',,"",,,,2' in lines[3]
    assert lines[4].startswith("3,1e-300,,")


def test_a_column_of_any_name_sorts(small):
    rows = small.get(f"{SMALL}/rows.json", query_string={"sort": "a%3Ab&c=%25d:desc"}).json["rows"]
    assert [row["a:b&c=%d"] for row in rows] == [3, 2, 1]


@pytest.mark.parametrize("name", ["json", "csv"])
@pytest.mark.parametrize("query", ["size=max", "size=max&sort=reverse"])
def test_every_row_is_streamed(small, name, query):
    response = small.get(f"/api/datasets/box/many/rows.{name}?{query}", buffered=False)
    try:
        assert response.is_streamed
        assert "Content-Length" not in response.headers
        first, *others = response.iter_encoded()
        assert len(others) >= 4
        assert max(map(len, others)) < 2_000_000
    finally:
        response.close()


def test_every_row_arrives_in_order(small):
    answer = small.get("/api/datasets/box/many/rows.json?size=max&sort=reverse").json
    assert answer["total"] == 100_000
    assert "page" not in answer
    assert [row["n"] for row in answer["rows"]] == list(range(99_999, -1, -1))
    lines = small.get("/api/datasets/box/many/rows.csv?size=max").text.splitlines()
    assert lines[0] == '"n","reverse"'
    assert lines[1:] == [f"{n},{100_000 - n}" for n in range(100_000)]


@pytest.mark.parametrize(
    ("name", "type"), [("json", "application/json"), ("csv", "text/csv; charset=utf-8")], ids=["json", "csv"]
)
def test_a_file_has_its_type_and_a_plain_name(client, small, name, type):
    response = client.get(f"/api/datasets/Zelig/sna.ex/rows.{name}")
    assert response.headers["Content-Type"] == type
    assert response.headers["Content-Disposition"] == f'inline; filename="Zelig-sna.ex.{name}"'
    assert f'filename="box-v1.2-x.{name}"' in small.get(f"{SMALL}/rows.{name}").headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("Airq/rows.json?sort=nope", 400, ["“nope”", "airq, vala, rain, coas, dens, medi"]),
        ("Airq/rows.json?sort=airq:up", 400, ["“airq:up”", "column:desc"]),
        ("Airq/rows.json?sort=airq&sort=airq", 400, ["“airq” twice"]),
        ("Airq/rows.json?page=0", 400, ["page “0”", "from 1"]),
        ("Airq/rows.json?page=-1", 400, ["page “-1”"]),
        ("Airq/rows.csv?page=x", 400, ["page “x”"]),
        ("Airq/rows.json?page=1.5", 400, ["page “1.5”"]),
        ("Airq/rows.json?size=0", 400, ["page size “0”", "from 1 to 1000"]),
        ("Airq/rows.json?size=1001", 400, ["page size “1001”"]),
        ("Airq/rows.json?size=all", 400, ["page size “all”"]),
        ("Airq/rows.json?where=nope:eq:1", 400, ["“nope”", "airq, vala, rain, coas, dens, medi"]),
        ("Airq/rows.json?where=rain:gt:abc", 400, ["“rain gt abc”", "numbers", "“abc” is none"]),
        ("Airq/rows.csv?where=rain:like:1", 400, ["“rain like 1”", "eq, ne, gt, gte, lt, lte, in, nin, null, notnull"]),
        ("Airq/rows.json?where=coas", 400, ["“coas”", "column:operator:value"]),
        ("Airq/rows.json?where=coas:eq", 400, ["“coas eq”", "takes a value"]),
        ("Airq/rows.json?search=" + "x" * 201, 400, ["201 characters", "at most 200"]),
        ("Airq/rows.json?range=x", 400, ["“x”", "low:high"]),
        ("Airq/rows.pdf", 404, ["“pdf”", "json, csv"]),
        ("Airq/rows.", 404, ["rows."]),
        ("Airq/rows", 404, ["Airq/rows"]),
        ("Airqq", 404, ["“Airqq”", "Ecdat/Airq"]),
        ("Ecdat/Airqq/rows.json", 404, ["“Ecdat/Airqq”", "Ecdat/Airq"]),
        ("ecdat/airq", 404, ["“ecdat/airq”", "Ecdat/Airq"]),
        ("no-such-name-anywhere", 404, ["“no-such-name-anywhere”"]),
        ("%00", 404, ["no dataset"]),
        ("../../etc/passwd", 404, []),
        ("", 404, ["api/datasets"]),
    ],
)
def test_what_cannot_be_answered_is_said(client, path, status, said):
    sentence = refusal(client.get(f"/api/datasets/{path}"), status)
    assert [part for part in said if part not in sentence] == []


@pytest.mark.parametrize("path", ["/api/x", "/api/datasets/"])
def test_an_address_without_an_answer_says_where_to_begin(client, path):
    assert "api/datasets" in refusal(client.get(path), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api/datasets", "/api/datasets/Airq", "/api/datasets/Airq/rows.json", "/healthz", "/show"]
)
def test_what_is_read_cannot_be_written(client, method, path):
    response = client.open(path, method=method)
    assert method in refusal(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def unreadable():
    raise OSError("the disk is gone")


def test_health_touches_no_data():
    lost = Dataset("a/b", "", "a", 3, (Column("x", "integer", 0),), load=unreadable)
    client = reader(create_app(Catalog([lost])).server)
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


@pytest.mark.parametrize("path", ["/show", "/plot"])
@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", "/?dataset=Aids2"),
        ("?dataset=", "/?dataset=Aids2"),
        ("?dataset=Airq", "/?dataset=Airq"),
        ("?dataset=Ecdat/Airq&page=7", "/?dataset=Ecdat/Airq"),
        ("?dataset=a%26b%3Dc%23d%20e", "/?dataset=a%26b%3Dc%23d%20e"),
        ("?dataset=//evil.com", "/?dataset=//evil.com"),
        ("?dataset=https://evil.com/", "/?dataset=https://evil.com/"),
        ("?dataset=%5C%5Cevil.com", "/?dataset=%5C%5Cevil.com"),
        ("?dataset=x%0D%0ALocation:%20//evil.com", "/?dataset=x%0D%0ALocation:%20//evil.com"),
        ("?dataset=x%0D%0A%0D%0A<script>", "/?dataset=x%0D%0A%0D%0A%3Cscript%3E"),
        ("?dataset=%FF", "/?dataset=%25FF"),
        ("?dataset=é", "/?dataset=%C3%A9"),
    ],
)
def test_the_older_addresses_lead_to_the_page_and_nowhere_else(client, path, query, place):
    response = client.get(path + query)
    assert response.status_code == 302
    assert response.headers.getlist("Location") == [place]
    assert "<script>" not in response.text


def test_a_download_of_the_page_holds_the_rows_that_match(client):
    asked = "?dataset=Airq&where=coas:eq:yes&where=rain:gt:20&search=1&sort=rain:desc&size=1000"
    answer = post(client, callback_body(client, TABLE, asked)).json["response"]
    shown = [list(row.values()) for row in answer["table"]["data"]]
    link = next(
        link["props"]["href"] for link in answer["table-answer"]["data"]["downloads"] if "json" in link["props"]["href"]
    )
    assert 0 < len(shown) < 30
    assert [list(row.values()) for row in client.get(link).json["rows"]] == shown


def test_a_download_of_the_page_is_an_address_of_the_api(client):
    answer = post(client, callback_body(client, TABLE, "?dataset=Airq&sort=coas:desc&sort=airq")).json["response"]
    links = [link["props"]["href"] for link in answer["table-answer"]["data"]["downloads"]]
    assert len(links) >= 2
    for link in links:
        response = client.get(link)
        assert response.status_code == 200, link
        assert "size=max" in link
    rows = client.get(next(link for link in links if "rows.json" in link)).json["rows"]
    assert len(rows) == 30
    assert rows[0]["coas"] == "yes"
    shown = answer["table"]["data"]
    assert [list(row.values()) for row in rows[: len(shown)]] == [list(row.values()) for row in shown]


# Charts --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hard():
    """A client of a viewer of frames that are hard to draw."""
    rows = range(40)
    frames = {
        "below": pd.DataFrame({"a": [-1.5 - row for row in rows], "b": [-row for row in rows]}),
        "missing": pd.DataFrame({"a": [None] * 40, "b": [1.0] * 40}).astype({"a": float}),
        "none": pd.DataFrame({"a": [None] * 5, "b": [float("nan")] * 5}),
        "one": pd.DataFrame({"a": [1.5], "b": [2], "g": ["x"]}),
        "equal": pd.DataFrame({"a": [3.5] * 40, "g": ["x"] * 40}),
        "infinite": pd.DataFrame({"a": [math.inf, 1.0, -math.inf, 2.0] * 10, "b": [float(row) for row in rows]}),
        "many": pd.DataFrame({"t": [f"v{row}" for row in range(10_000)], "n": range(10_000)}),
        "markup": pd.DataFrame({"<b>a</b>": [1.5, 2.5, 4.0], "g": ["</script><script>alert(1)</script>", "&amp;", ""]}),
    }
    return reader(create_app(Catalog.from_frames(frames)).server)


def figure_of(client, dataset, query=""):
    """Return the figure of a view, in which JSON holds no NaN."""

    def refuse(constant):
        raise AssertionError(constant)

    response = client.get(f"/api/datasets/{dataset}/figure.json?{query}")
    assert response.status_code == 200, response.text[:300]
    return json.loads(response.text, parse_constant=refuse)


@pytest.mark.parametrize(
    ("path", "type", "disposition"),
    [
        (
            "json?chart=line&y=airq&y=rain",
            "application/json",
            'inline; filename="dataviewer-Ecdat-Airq-line-airq-rain.',
        ),
        (
            "html?chart=line&y=airq",
            "text/html; charset=utf-8",
            'attachment; filename="dataviewer-Ecdat-Airq-line-airq.',
        ),
        ("html?chart=bar&x=coas", "text/html; charset=utf-8", 'attachment; filename="dataviewer-Ecdat-Airq-bar.'),
    ],
)
def test_a_figure_has_its_type_and_a_name_that_says_what_it_shows(client, path, type, disposition):
    response = client.get(f"/api/datasets/Airq/figure.{path}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == type
    assert response.headers["Content-Disposition"] == disposition + path.partition("?")[0] + '"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_name_of_a_figures_file_is_plain_whatever_the_dataset_and_columns_are_called(small):
    response = small.get(f"{SMALL}/figure.json", query_string={"chart": "line", "y": "a%3Ab&c=%25d"})
    assert response.headers["Content-Disposition"] == 'inline; filename="dataviewer-box-v1.2-x-line-a-b-c-d.json"'
    assert len(small.get(f"{SMALL}/figure.json?chart=matrix").headers["Content-Disposition"]) < 140


def test_a_figure_says_its_title_its_source_and_how_many_rows_it_draws(client):
    layout = figure_of(client, "Airq", "where=coas:eq:yes&chart=scatter")["layout"]
    assert layout["title"]["text"] == "Air Quality for Californian Metropolitan Areas"
    assert layout["annotations"][-1]["text"] == "Source: Ecdat/Airq, 21 of 30 rows. Drawn by dataviewer."
    assert layout["meta"]["summary"][0].startswith("A scatter plot of")
    assert figure_of(client, "Airq")["layout"]["annotations"][-1]["text"].startswith("Source: Ecdat/Airq, 30 rows.")


def test_a_page_of_a_figure_needs_no_network_and_tells_the_chart_in_words(hard):
    page = hard.get("/api/datasets/markup/figure.html?chart=bar&agg=count&x=g").text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page.replace(plotly_script(), ""))
    assert page.count("</script>") == 2  # Plotly's and ours: what the data hold ends none
    assert "<script>alert" not in page
    assert "A bar chart of rows by g" in page
    note = hard.get("/api/datasets/infinite/figure.html?chart=histogram&y=a").text
    assert "20 infinite values are not drawn." in note


def test_a_figure_is_what_the_page_shows(client):
    for query in ("", "chart=line", "chart=bar&x=coas&y=rain", "chart=box&y=airq&where=rain:gt:20"):
        body = callback_body(client, CHART, {"query": f"?dataset=Airq&{query}", "width": 1200})
        shown = post(client, body).json["response"]["graph"]["figure"]
        assert figure_of(client, "Airq", query)["data"] == shown["data"]


def test_a_figure_can_be_read_by_plotly(client):
    for kind in charts.KINDS:
        figure = graph_objects.Figure(figure_of(client, "Airq", f"chart={kind.name}"))  # which knows every attribute
        assert figure.data, kind.name


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("figure.pdf", 404, ["figure.pdf", "figure.json and figure.html"]),
        ("figure.png?chart=nope", 404, ["figure.png"]),
        ("figure.json?where=nope:eq:1", 400, ["“nope”", "columns are airq"]),
        ("figure.html?where=nope:eq:1", 400, ["“nope”", "columns are airq"]),
        ("figure.json?sort=nope", 400, ["“nope”"]),
        ("figure.json?where=rain:gt:abc", 400, ["“abc” is none"]),
        ("figure.json?" + "&".join(f"where=rain:gt:{n}" for n in range(100)), 400, ["100 conditions", "at most 32"]),
        ("figure.json?" + "&".join(f"y=c{n}" for n in range(101)), 400, ["101 columns", "at most 100"]),
        ("figure.json?chart=scatter&x=nope", 400, ["“nope”", "columns are airq"]),
        ("figure.json?chart=scatter&x=coas", 400, ["“coas”", "text values", "numbers or dates"]),
        ("figure.json?y=coas", 400, ["“coas”", "text values", "finite numbers"]),
        ("figure.json?chart=scatter&color=nope", 400, ["“nope”"]),
        ("figure.json?chart=histogram&facet=nope", 400, ["“nope”"]),
        ("figure.json?chart=" + "x" * 500, 400, ["“" + "x" * 40 + "”"]),
        ("figure.json?chart=density&x=%3Arow", 400, ["“:row” does not fit"]),
        ("figure.json?x=%3Anone", 400, ["“:none” is no x"]),
        ("figure.json?bins=1e9", 400, ["“1e9”"]),
        ("figure.json?range=1:2:3", 400, ["“1:2:3”"]),
        ("figure.json?chart=line&range=2020-01-01:2020-01-02", 400, ["does not fit the axis row", "from 1 to 30"]),
        ("figure.json?chart=scatter&x=rain&y=airq&log=xy&range=1:2:0:5", 400, ["The range 0:5 does not fit"]),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_drawn_as_asked_is_refused_with_a_sentence(client, path, status, said):
    sentence = refusal(client.get(f"/api/datasets/Airq/{path}"), status)
    assert [part for part in said if part not in sentence] == []
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("dataset", "query", "said"),
    [
        ("below", "chart=scatter&x=a&y=b&log=x", "a has no value above zero, so its axis is not logarithmic."),
        ("below", "chart=histogram&y=a&log=x", "a has no value above zero, so its axis is not logarithmic."),
        ("below", "chart=line&y=a&log=y", "40 values of zero or less have no logarithm"),
        ("below", "chart=bar&x=b&y=a&agg=sum&log=y", "have no place on a logarithmic axis"),
        ("none", "", "There is nothing to draw: no column holds a value."),
        ("infinite", "chart=line&y=a", "20 infinite values are not drawn."),
        ("infinite", "chart=scatter&x=a&y=b", "20"),
        ("infinite", "chart=box&y=a", "20 infinite values are not drawn."),
        ("many", "chart=histogram&y=n&facet=t", "11 of 10,000 values of t are told apart."),
        ("many", "chart=bar&x=t", "11 of 10,000 values of t are told apart."),
        ("many", "chart=line&y=n&color=t", "11 of 10,000 values of t are told apart."),
        ("many", "where=n:lt:0", "There is nothing to draw: no row matches."),
        ("missing", "chart=line&x=b&y=b", ""),
        ("one", "", ""),
        ("equal", "chart=histogram", ""),
    ],
)
def test_what_the_data_do_not_let_be_drawn_is_said_with_the_figure(hard, dataset, query, said):
    figure = figure_of(hard, dataset, query)
    assert said in figure["layout"]["meta"]["note"]
    body = callback_body(hard, CHART, {"query": f"?dataset={dataset}&{query}", "width": 1200})
    answer = post(hard, body).json["response"]
    assert said in text_of(answer["note"]["children"])
    assert answer["graph"]["figure"]["data"] == figure["data"]


@pytest.mark.parametrize(
    ("dataset", "query", "said"),
    [
        ("many", "chart=histogram&facet=n", "“n” here: it holds numbers; this needs a column with values that group"),
        ("missing", "y=a", "“a” here: it holds no finite number"),
        ("missing", "chart=scatter&x=a", "“a” here: it holds no finite number"),
        ("one", "chart=correlation&y=g", "“g” here: it holds text values"),
        ("many", "chart=matrix", "“matrix” cannot be drawn of this dataset; it needs 2 columns of numbers."),
        (
            "many",
            "chart=density",
            "“density” cannot be drawn of this dataset; it needs two columns of numbers or dates",
        ),
    ],
)
def test_what_the_columns_cannot_be_is_refused_in_the_api_and_said_on_the_page(hard, dataset, query, said):
    assert said in refusal(hard.get(f"/api/datasets/{dataset}/figure.json?{query}"), 400)
    body = callback_body(hard, CHART, {"query": f"?dataset={dataset}&{query}", "width": 1200})
    answer = post(hard, body).json["response"]
    assert said in text_of(answer["note"]["children"])
    assert answer["graph"]["figure"]["data"]


HOSTILE = (
    "",
    ":",
    "%",
    "%3A",
    "\0",
    "'; DROP TABLE t; --",
    "<script>",
    "9" * 400,
    "-1",
    "nan",
    "1e999",
    "é💥",
    "a:b:c:d",
)
KEYS = ("sort", "where", "search", "page", "size", "row", "chart", "x", "y", "color", "facet", "agg", "bins", "scale")
KEYS += ("log", "trend", "smooth", "stack", "range")


@pytest.mark.parametrize("key", KEYS)
def test_no_value_of_a_key_makes_a_figure_fail(client, key):
    for value in HOSTILE:
        for kind in ("line", "scatter", "bar", "box"):
            query = {"chart": kind, key: value}
            response = client.get("/api/datasets/Airq/figure.json", query_string=query)
            assert response.status_code in (200, 400), (query, response.text[:200])
            assert response.status_code == 200 or response.json["error"]
            body = callback_body(client, CHART, {"query": f"?dataset=Airq&{urlencode(query)}", "width": 800})
            answer = post(client, body)
            assert answer.status_code == 200, query
            said = text_of(answer.json["response"]["note"]["children"])
            lost = key in ("sort", "where", "page", "size") or not response.json.get("error")
            assert lost or response.json["error"] in said, query


def test_the_figure_of_the_catalogue_honours_conditions_and_kinds(client):
    rows = client.get("/api/datasets/catalog/rows.json?size=max").json["rows"]
    query = "where=package:eq:Ecdat&search=wage"
    total = client.get(f"/api/datasets/catalog/rows.json?{query}").json["total"]
    dots = figure_of(client, "catalog", query)["data"]
    assert 0 < sum(len(trace["x"]) for trace in dots) == total < 757
    assert sum(len(trace["x"]) for trace in figure_of(client, "catalog")["data"]) == 757
    (bars,) = figure_of(client, "catalog", "chart=bar&x=time_series")["data"]
    assert sorted(bars["y"]) == sorted(Counter(row["time_series"] for row in rows).values())
    response = client.get("/api/datasets/catalog/figure.html")
    assert response.headers["Content-Disposition"] == 'attachment; filename="dataviewer-catalog-map.html"'
