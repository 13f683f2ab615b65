"""All 757 datasets, through the requests that the page and a program make. Nothing here knows an exception."""

import datetime
import math

import pytest

from tests.web import CHART, TABLE, callback_body, post, reader

WIDTH = 1280
KINDS = {"integer", "number", "text", "date", "timestamp", "logical", "empty"}


@pytest.fixture(scope="module")
def client(app):
    return reader(app.server)


@pytest.fixture(scope="module")
def ask(client):
    """Return what asks a callback for a dataset and gives the props that it answers with."""
    bodies = {asked: callback_body(client, asked, None) for asked in (TABLE, CHART)}

    def ask(asked, query):
        body = bodies[asked]
        body["inputs"][0]["value"] = query if asked == TABLE else {"query": query, "width": WIDTH}
        response = post(client, body)
        assert response.status_code == 200, (asked, query, response.text[:300])
        return response.json["response"]

    return ask


def as_json(value):
    """Return a value of the source as JSON should carry it."""
    if isinstance(value, datetime.date | datetime.datetime):
        return str(value)
    if isinstance(value, float) and math.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return value


def as_cell(value):
    value = as_json(value)
    beyond = isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53
    return str(value) if beyond else value


def source_rows(catalog, dataset, count):
    table = catalog.table(dataset).slice(0, count)
    return [list(row) for row in zip(*(column.to_pylist() for column in table.columns))]


PARTS = 20  # tests a question: a failure names its dataset, and 20 tests cost less than 757
in_parts = pytest.mark.parametrize("part", range(PARTS))


def datasets_of(catalog, part):
    return list(catalog.values())[part::PARTS]


def test_the_parts_together_are_all_datasets(catalog):
    assert sum(len(datasets_of(catalog, part)) for part in range(PARTS)) == 757


@in_parts
def test_the_table_of_every_dataset_is_the_datasets(catalog, ask, part):
    for dataset in datasets_of(catalog, part):
        check_table(catalog, dataset, ask(TABLE, f"?dataset={dataset.id}"))


def check_table(catalog, dataset, answer):
    columns = answer["table"]["columns"]
    assert [column["name"] for column in columns] == [f"{c.name}\n{c.kind}" for c in dataset.columns], dataset.id
    assert {c.kind for c in dataset.columns} <= KINDS
    ids = [column["id"] for column in columns]
    assert len(set(ids)) == len(ids)
    data = answer["table"]["data"]
    size = 25 if len(data) > 10 else 10
    assert [[row[id] for id in ids] for row in data] == [
        list(map(as_cell, row)) for row in source_rows(catalog, dataset, size)
    ], dataset.id
    assert len(data) == min(dataset.rows, size)
    assert answer["table"]["page_count"] == max(1, math.ceil(dataset.rows / size))
    told = answer["table-answer"]["data"]
    assert (told["dataset"], told["title"], told["page"], told["sort"]) == (dataset.id, dataset.title, 0, [])
    assert len(told["names"]) == len(columns)


@in_parts
def test_the_chart_of_every_dataset_draws_its_values(catalog, ask, part):
    for dataset in datasets_of(catalog, part):
        check_chart(catalog, dataset, ask(CHART, f"?dataset={dataset.id}"))


def check_chart(catalog, dataset, answer):
    figure, controls = answer["graph"]["figure"], answer["chart-answer"]["data"]
    numbers = {c.name for c in dataset.columns if c.kind in ("integer", "number") and c.missing < dataset.rows}
    numbers -= {dataset.time.column} if dataset.time else set()
    if not dataset.rows or not dataset.columns:
        assert figure["data"] == []
        assert answer["note"]["children"]
    elif numbers:
        assert len(figure["data"]) == len(controls["lines"]) == min(12, len(numbers)), dataset.id
        table = catalog.table(dataset)
        for trace, name in zip(figure["data"], dataset.numbers):
            check_line(trace, table[name].to_pylist(), dataset)
    else:
        assert [trace["type"] for trace in figure["data"]] in (["bar"], []), dataset.id
        for trace in figure["data"]:
            assert len(trace["x"]) == len(trace["y"]) > 0
            assert sum(trace["y"]) <= dataset.rows
    assert not any("scattergl" in trace["type"] for trace in figure["data"])


def check_line(trace, values, dataset):
    """A line holds as many x as y; a short column whole, a long one with its extremes."""
    y = trace["y"]
    assert len(trace["x"]) == len(y) if "x" in trace else (trace["x0"], trace["dx"]) == (1, 1), dataset.id
    finite = [value for value in values if value is not None and math.isfinite(value)]
    drawn = [value for value in y if value is not None]
    assert len(y) <= max(len(values), 1)
    assert len(y) <= 4 * WIDTH
    assert (min(drawn), max(drawn)) == (min(finite), max(finite)), dataset.id
    if len(y) == len(values):
        assert y == [value if value is not None and math.isfinite(value) else None for value in values], dataset.id


@in_parts
def test_the_rows_of_every_dataset_are_its_rows(client, catalog, part):
    for dataset in datasets_of(catalog, part):
        response = client.get(f"/api/datasets/{dataset.id}/rows.json?size=5")
        assert response.status_code == 200, dataset.id
        answer = response.json
        names = [column.name for column in dataset.columns]
        assert (answer["dataset"], answer["total"]) == (dataset.id, dataset.rows)
        assert [list(row) for row in answer["rows"]] == [names] * min(5, dataset.rows), dataset.id
        exact = [list(map(as_json, row)) for row in source_rows(catalog, dataset, 5)]
        assert [list(row.values()) for row in answer["rows"]] == exact, dataset.id


def test_the_catalogue_shows_a_line_and_a_dot_a_dataset(client, catalog, ask):
    answer = ask(TABLE, "")
    assert answer["table-answer"]["data"]["dataset"] == "catalog"
    assert answer["table"]["page_count"] == math.ceil(757 / len(answer["table"]["data"]))
    ids = sorted(catalog)
    for id, row in zip(ids, answer["table"]["data"]):
        assert f"(?dataset={id})" in row["c0"]
        assert row["c1"] == catalog[id].title
    dots = [dot for trace in ask(CHART, "")["graph"]["figure"]["data"] for dot in trace["customdata"]]
    assert sorted(dots) == ids
    rows = client.get("/api/datasets/catalog/rows.json?size=5").json["rows"]
    assert [row["id"] for row in rows] == ids[:5]
