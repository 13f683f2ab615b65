"""All 757 datasets, through the requests that the page and a program make. Nothing here knows an exception."""

import datetime
import gzip
import json
import math
import random
from urllib.parse import quote

import pytest

from dataviewer import charts
from dataviewer.charts import plan
from dataviewer.view import Where, escape, spell_where
from tests.charting import TRACES
from tests.web import CHART, TABLE, asker, reader, text_of

WIDTH = 1200  # pixels, as a figure without a page has
KINDS = {"integer", "number", "text", "date", "timestamp", "logical", "empty"}


@pytest.fixture(scope="module")
def client(app):
    return reader(app.server)


@pytest.fixture(scope="module")
def ask(client):
    return asker(client, WIDTH)


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
def test_the_lines_of_every_dataset_draw_its_values(catalog, ask, part):
    for dataset in datasets_of(catalog, part):
        if dataset.rows and dataset.numbers:
            check_lines(catalog, dataset, ask(CHART, f"?dataset={dataset.id}&chart=line&x=:row&color=:none"))


def check_lines(catalog, dataset, answer):
    figure, told = answer["graph"]["figure"], answer["chart-answer"]["data"]
    drawn = [name.replace("%3A", ":").replace("%25", "%") for name in told["columns"]["value"]]
    assert drawn, dataset.id
    assert len(figure["data"]) == len(drawn), dataset.id
    assert {trace["type"] for trace in figure["data"]} <= TRACES, dataset.id
    table = catalog.table(dataset)
    for trace, name in zip(figure["data"], drawn):
        check_line(trace, table[name].to_pylist(), dataset)


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
def test_the_first_chart_of_every_dataset_is_whole_and_says_what_it_shows(catalog, client, ask, part):
    for dataset in datasets_of(catalog, part):
        answer = ask(CHART, f"?dataset={dataset.id}")
        told = answer["chart-answer"]["data"]
        moved = [control["key"] for control in told["controls"] if control["value"] != control["default"]]
        assert moved == [], dataset.id
        assert bool(told["controls"]) == bool(dataset.rows), dataset.id
        figure = figure_of(client, dataset.id, "")
        meta = figure["layout"]["meta"]
        assert text_of(answer["note"]["children"]).startswith(meta["note"]), dataset.id
        assert dataset.id in figure["layout"]["annotations"][-1]["text"]


ENCODED = 150_000  # bytes of a figure, compressed


def figure_of(client, id, query):
    """Return the figure of a view: answered, in plain JSON, small, with a value in every frame and its words."""
    response = client.get(f"/api/datasets/{id}/figure.json?{query}")
    assert response.status_code == 200, (id, query, response.text[:300])
    figure = json.loads(response.text, parse_constant=refuse)
    assert len(response.text) < ENCODED or len(gzip.compress(response.data, 6)) < ENCODED, (id, query)
    meta = figure["layout"]["meta"]
    assert {trace["type"] for trace in figure["data"]} <= TRACES, (id, query)
    if not figure["data"]:
        assert "nothing to draw" in meta["note"], (id, query)
        return figure
    assert meta["summary"], (id, query)
    assert all(sentence.strip() for sentence in meta["summary"])
    filled = {(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in figure["data"] if holds_a_value(trace)}
    frames = {(trace.get("xaxis", "x"), trace.get("yaxis", "y")) for trace in figure["data"]}
    assert filled == frames, (id, query)
    drawn = {name.replace("axis", "") for name in figure["layout"] if name.startswith("yaxis")}
    assert {y for _, y in filled} == drawn, (id, query)
    return figure


def refuse(constant):
    raise AssertionError(constant)


def holds_a_value(trace):
    return any(has_value(trace.get(part)) for part in ("y", "z", "median"))


def has_value(part):
    return any(map(has_value, part)) if isinstance(part, list) else part is not None


def spread_over(catalog, count):
    """Return ids from every package, and of every shape: by rows and columns, at even steps."""
    drawable = [dataset for dataset in catalog.values() if dataset.rows]
    chosen = {dataset.package: dataset.id for dataset in drawable}
    for measure in (lambda d: (d.rows, d.id), lambda d: (len(d.columns), d.id), lambda d: (d.missing / d.rows, d.id)):
        order = sorted(drawable, key=measure)
        steps = [round(place * (len(order) - 1) / 11) for place in range(12)]
        chosen |= {(measure, step): order[step].id for step in steps}
    return sorted(set(chosen.values()))[:count]


def test_the_datasets_of_which_all_kinds_are_drawn_are_many_and_unlike(catalog):
    ids = spread_over(catalog, 60)
    assert len(ids) == 60
    assert len({id.partition("/")[0] for id in ids}) > 25
    rows = [catalog[id].rows for id in ids]
    assert min(rows) < 10 < 10_000 < max(rows)


@pytest.mark.parametrize("part", range(10))
def test_every_kind_that_a_dataset_offers_is_drawn(catalog, client, part):
    for id in spread_over(catalog, 60)[part::10]:
        for kind in plan.offered(catalog[id], charts.KINDS):
            figure = figure_of(client, id, f"chart={kind.name}")
            assert figure["data"], (id, kind.name)


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
    assert sorted(dots) == sorted(f"dataset={id}" for id in ids)
    rows = client.get("/api/datasets/catalog/rows.json?size=5").json["rows"]
    assert [row["id"] for row in rows] == ids[:5]


# Figures and the table count the same rows ---------------------------------------------------------------


def conditions_of(dataset, table, chance):
    """Return a random condition, or two and a search, on values that the dataset holds, as a query string."""
    wheres = []
    for _ in range(chance.choice((1, 1, 2))):
        column = chance.choice([c for c in dataset.columns if c.distinct])
        value = chance.choice([value for value in table[column.name].to_pylist() if value is not None])
        operator = "eq" if column.kind == "logical" else chance.choice(("ne", "contains", "eq"))
        if column.kind != "text":
            operator = chance.choice(("gte", "lte", "ne")) if column.kind != "logical" else operator
        text = str(value).lower() if isinstance(value, bool) else str(value)
        text = text[:3] if operator == "contains" else text
        wheres.append(spell_where(Where(column.name, operator, (text,))))
    search = chance.choice(("", "", "1", "a", "e"))
    return "&".join([f"where={quote(where, safe='')}" for where in wheres] + ([f"search={search}"] if search else []))


SHOULD_MATCH = 40  # datasets


@pytest.mark.parametrize("part", range(4))
def test_a_chart_counts_the_rows_that_the_table_shows(catalog, client, part):
    chance = random.Random(part)
    datasets = [d for d in catalog.values() if 0 < d.rows <= 3000 and len(d.columns) <= 60 and d.numbers]
    matched = 0
    for dataset in chance.sample(datasets, SHOULD_MATCH // 4):
        query = conditions_of(dataset, catalog.table(dataset), chance)
        answer = client.get(f"/api/datasets/{dataset.id}/rows.json?size=max&{query}")
        assert answer.status_code == 200, (dataset.id, query, answer.text)
        rows, total = answer.json["rows"], answer.json["total"]
        assert len(rows) == total
        matched += total > 0
        group, number = chance.choice([c.name for c in dataset.columns if c.distinct]), chance.choice(dataset.numbers)
        if group in plan.group_choices(dataset):
            given = [row[group] for row in rows if row[group] is not None]
            bars = counted(client, dataset.id, f"chart=bar&agg=count&color=:none&facet=:none&x={named(group)}&{query}")
            assert bars == len(given), (dataset.id, query, group)
        given = [row[number] for row in rows if isinstance(row[number], int | float)]
        bars = counted(client, dataset.id, f"chart=histogram&color=:none&facet=:none&y={named(number)}&{query}")
        assert bars == len(given), (dataset.id, query, number)
    assert matched > 3


def counted(client, id, query):
    response = client.get(f"/api/datasets/{id}/figure.json?{query}")
    assert response.status_code == 200, (id, query, response.text)
    return sum(sum(trace["y"]) for trace in response.json["data"])


def named(column):
    return quote(escape(column), safe="")
