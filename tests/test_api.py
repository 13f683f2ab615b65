import csv
import datetime
import io
import itertools

import pandas as pd
import pytest

from dataviewer import Catalog, create_app
from dataviewer.dataset import Column, Dataset
from tests.web import TABLE, callback_body, post, reader

FIELDS = {"id", "title", "package", "rows", "columns", "numeric", "text", "date", "missing", "time_series"}
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
        "time_series": False,
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
    assert {key: answer[key] for key in ("dataset", "total", "page", "size")} == {
        "dataset": "Ecdat/Airq",
        "total": 30,
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
        ("Airq/rows.json?y=coas", 400, ["“coas”", "text"]),
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


@pytest.mark.parametrize("path", ["/api/", "/api/x", "/api/datasets/"])
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


def test_a_download_of_the_page_is_an_address_of_the_api(client):
    answer = post(client, callback_body(client, TABLE, "?dataset=Airq&sort=coas:desc&sort=airq")).json["response"]
    links = [link["props"]["href"] for link in answer["downloads"]["children"]]
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
