"""The description of the API: valid, complete, true of every answer, and a promise."""

import copy
import datetime
import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pandas as pd
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from dataviewer import Catalog, create_app, exports, filters, view
from dataviewer.charts import KINDS, paper
from dataviewer.openapi import ROUTES
from dataviewer.shapes import KEYS
from dataviewer.view import escape
from tests.web import reader, served

PROMISE = Path(__file__).parent / "api_promise.json"
# What answers 404 where nothing is described, and what assistants speak to in a protocol of their own.
BESIDE = {"/api/<path:rest>", "/mcp"}
HARD = "box/v1.2 ü"
SECONDS = 400  # that one run of schemathesis may take


def hostile() -> pd.DataFrame:
    """Return a frame with a column of every kind, names that are hard to write, and values that are hard to hold."""
    times = pd.to_datetime(["2020-02-29 12:00:00.000001", None, "1969-12-31 00:00:00.000000", None])
    return pd.DataFrame(
        {
            "a:b&c=%d": [2**53 + 1, -(2**63), 3, 4],
            "half": [0.1, None, float("inf"), 1e-300],
            "": ['a"b,\n é', "", None, "</script>"],
            "day": [datetime.date(2020, 2, 29), None, datetime.date(1, 1, 1), datetime.date(9999, 12, 31)],
            "time": times.astype("datetime64[us]"),
            "yes": pd.array([True, None, False, True], "boolean"),
            "none": [None] * 4,
        }
    )


@pytest.fixture(scope="module")
def few():
    """A viewer of few datasets: a hostile one, a plain one, one without rows."""
    plain = pd.DataFrame({"n": range(40), "g": list("abcd") * 10})
    named = {HARD: hostile(), "plain": plain, "empty": pd.DataFrame({"n": pd.array([], "int64")})}
    return create_app(Catalog.from_frames(named)).server


@pytest.fixture(scope="module")
def document(few) -> dict:
    return reader(few).get("/api/openapi.json").json


# Valid and complete --------------------------------------------------------------------------------


def test_the_document_is_valid_openapi(document):
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def filled(path: str) -> str:
    return path.replace("{id}", "box/x")


def test_every_address_of_the_api_is_described_and_no_other(few):
    bound = few.url_map.bind("localhost")
    described = {bound.match(filled(route.path), return_rule=True)[0].rule: route.path for route in ROUTES}
    api = next(name for name in few.blueprints if name.endswith("api"))
    there = {rule.rule for rule in few.url_map.iter_rules() if rule.endpoint.startswith(f"{api}.")}
    assert set(described) == there - BESIDE
    assert not set(described) & BESIDE


def test_every_format_is_an_address_of_its_own(document):
    endings = {path.partition("{id}/")[2] for path in document["paths"]}
    assert {f"rows.{name}" for name in exports.FORMATS} | {f"figure.{name}" for name in paper.FIGURES} <= endings
    for name, format in exports.FORMATS.items():
        operation = document["paths"][f"/api/datasets/{{id}}/rows.{name}"]["get"]
        assert list(operation["responses"]["200"]["content"]) == [format.media_type]


def test_every_key_of_a_view_is_described_with_the_choices_that_it_has(document):
    assert list(KEYS) == [key.name for key in view.KEYS]
    schemas = {name: document["components"]["parameters"][name]["schema"] for name in KEYS}
    assert schemas["chart"]["enum"] == ["", *(kind.name for kind in KINDS)]
    for name, choices in {"agg": view.AGGREGATES, "scale": view.SCALES, "log": view.LOGS, "trend": view.TRENDS}.items():
        assert schemas[name]["enum"] == ["", *choices]
    pattern = re.compile(schemas["where"]["items"]["pattern"])
    assert all(pattern.search(f"a:{name}:1") for name in filters.OPERATORS)
    assert not pattern.search("a:like:1")
    used = {name for route in ROUTES for name in route.keys}
    assert used == set(KEYS)


@pytest.mark.parametrize("name", KEYS)
def test_the_example_of_a_key_is_one_that_it_takes(name):
    key = KEYS[name]
    if key.example:
        example = [key.example] if key.schema.get("type") == "array" else key.example
        whole = "anyOf" in key.schema or key.schema["type"] == "integer"
        jsonschema.validate(int(example) if whole else example, key.schema)
        assert view.read(f"{name}={quote(key.example)}")[1] == ()


@pytest.mark.parametrize(("prefix", "public"), [("/", "/"), ("/data", "/data"), ("/a/b/", "/a/b")])
def test_the_server_is_where_browsers_see_it(prefix, public):
    app = create_app(Catalog.from_frames({"x": pd.DataFrame({"n": [1]})}), prefix=prefix)
    told = reader(app.server).get(f"/{prefix.strip('/')}/api/openapi.json".replace("//", "/")).json
    assert told["servers"] == [{"url": public}]


def test_the_server_is_the_public_one_behind_a_proxy():
    settings = {"public_prefix": "/outside/"}
    app = create_app(Catalog.from_frames({}), prefix="/inside", settings=settings)
    assert reader(app.server).get("/inside/api/openapi.json").json["servers"] == [{"url": "/outside"}]


# True ----------------------------------------------------------------------------------------------


def closed(schema: object) -> object:
    """Return a schema whose objects have no names but those described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(each) for name, each in schema.items()}
    return inner | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else inner


JSON_ROUTES = [route for route in ROUTES if route.schema and "$ref" in route.schema]


@pytest.mark.parametrize("route", JSON_ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("id", ["Ecdat/Airq", "catalog", "datasets/airquality"])
def test_an_answer_has_the_names_described_and_no_others(client, catalog, route, id):
    schemas = client.get("/api/openapi.json").json["components"]["schemas"]
    name = route.schema["$ref"].rpartition("/")[2]
    # Plotly's figures have names of their own beside ours.
    known = schemas if name == "Figure" else closed(schemas)
    response = client.get(f"/{route.address(catalog[id])}")
    assert response.mimetype == route.media_type
    told = json.loads(response.text)
    jsonschema.Draft202012Validator(known[name] | {"components": {"schemas": known}}).validate(told)


def bare(body: bytes) -> bytes:
    """Return a page without its link back, which spells the whole view."""
    return re.sub(rb'<p class="facts">Made by dataviewer from .*', b"", body)


@pytest.mark.parametrize("route", [route for route in ROUTES if "{id}" in route.path], ids=lambda route: route.name)
def test_a_key_that_an_address_does_not_list_changes_nothing(client, catalog, route):
    address = f"/{route.address(catalog['Ecdat/Airq'])}"
    address += "&" if "?" in address else "?"
    beside = [name for name in KEYS if name not in route.keys and name != "dataset"]
    for chart in ("line", "scatter", "box", "bar") if "chart" in route.keys else ("",):
        plain = client.get(f"{address}chart={chart}").data
        for name in beside:
            asked = client.get(f"{address}chart={chart}&{name}={quote(KEYS[name].example)}")
            assert (name, bare(asked.data)) == (name, bare(plain))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_head_of_every_address_says_what_get_would(client, catalog, route):
    address = f"/{route.address(catalog['Ecdat/Airq'])}"
    whole, head = client.get(address), client.head(address)
    assert (head.status_code, head.data) == (route.status, b"")
    assert dict(head.headers) == dict(whole.headers)
    assert [name for name in route.headers if name not in head.headers and name != "Link"] == []


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_what_no_address_can_be_asked_is_an_error_of_one_shape(client, catalog, route):
    address = f"/{route.address(catalog['Ecdat/Airq'])}"
    joined = "&" if "?" in address else "?"
    failed = {
        405: client.post(address),
        414: client.get(f"{address}{joined}x={'y' * 5000}"),
        400: client.get(address, environ_overrides={"QUERY_STRING": "x=\xff"}),
    }
    if "{id}" in route.path:
        failed[404] = client.get(address.replace("Airq", "no-such-name"))
    for status, response in failed.items():
        assert response.json == {"ok": False, "error": response.json["error"], "status": status}
    assert set(failed[405].headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_fault_of_ours_is_told_in_the_shape_of_errors_without_what_it_was():
    class Lost(Catalog):
        def table(self, dataset):
            raise ZeroDivisionError("secret")

    app = create_app(Lost(list(Catalog.from_frames({"x": pd.DataFrame({"n": [1]})}).values())))
    response = reader(app.server).get("/api/datasets/x/rows.json")
    assert response.status_code == 500
    assert response.json == {"ok": False, "error": "The server failed; what failed is in its log.", "status": 500}


# Asked by a machine that means no good --------------------------------------------------------------


def attack(folder: Path, server, document: dict, settings: str, *options: str) -> None:
    """Let schemathesis ask a real server what a description allows and what it forbids; fail by what it finds."""
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "schemathesis.toml").write_text(settings)
    with served(server) as (host, port):
        command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", "--url", f"http://{host}:{port}"]
        command += ["--generation-deterministic", "--no-color", *options]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    if ran.returncode or "Test cases:" not in ran.stdout:
        pytest.fail(ran.stdout + ran.stderr)


REFUSED = """
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 414]
"""
# A chart needs columns that fit it, and there is no row beyond the last: no schema says which.
FITTING = (
    REFUSED
    + """
[[operations]]
include-path-regex = "figure|code|handout|row.json"
[operations.checks.positive_data_acceptance]
enabled = false
"""
)


def narrowed(document: dict) -> dict:
    """Return the description of one dataset: its id, its columns, and conditions that they can meet."""
    narrow = copy.deepcopy(document)
    names = [escape(name) for name in hostile().columns]
    schemas = {name: each["schema"] for name, each in narrow["components"]["parameters"].items()}
    conditions = ["half:gt:0", "half:lte:inf", "day:gte:2000-01-01", "time:null", ":contains:a", "a%3Ab&c=%25d:in:3:-4"]
    for name, items in {
        "columns": names,
        "y": names,
        "sort": [f"{each}{way}" for each, way in zip(names, ("", ":asc", ":desc") * 3)],
        "where": conditions,
    }.items():
        schemas[name] |= {"items": {"enum": items}, "uniqueItems": True, "maxItems": len(items)}
    for name in ("x", "color", "facet"):
        schemas[name] |= {"enum": names}
    schemas["id"] |= {"enum": [HARD]}
    schemas["range"] |= {"enum": ["0:1", "2000-01-01:2020-01-01", "0:1:-1e300:1e300"]}
    narrow["paths"] = {path: each for path, each in narrow["paths"].items() if "{id}" in path}
    return narrow


def test_nothing_that_can_be_asked_breaks_the_description(few, document, tmp_path):
    options = ("--exclude-checks", "positive_data_acceptance", "--max-examples", "10")
    attack(tmp_path, few, document, REFUSED, *options)


def test_whatever_a_dataset_has_can_be_asked(few, document, tmp_path):
    options = ("--mode", "positive", "--phases", "examples,fuzzing", "--max-examples", "30")
    attack(tmp_path, few, narrowed(document), FITTING, *options)


# A promise ------------------------------------------------------------------------------------------


def names(schema: dict, schemas: dict, path: str = "") -> dict[str, str]:
    """Return the type of each name in an answer, by its path: a "?" may be missing, "[]" is each of a list."""
    if "$ref" in schema:
        return names(schemas[schema["$ref"].rpartition("/")[2]], schemas, path)
    if "properties" in schema:
        found = {}
        for name, each in schema["properties"].items():
            sure = "" if name in schema["required"] else "?"
            found |= names(each, schemas, f"{path}.{name}{sure}" if path else f"{name}{sure}")
        return found
    if "items" in schema and ("$ref" in schema["items"] or "properties" in schema["items"]):
        return names(schema["items"], schemas, f"{path}[]")
    type = schema.get("type", json.dumps(schema["const"]) if "const" in schema else "any")
    told = " or ".join(type) if isinstance(type, list) else type
    return {path: f"array of {schema['items'].get('type', 'any')}" if told == "array" else told}


def promised(document: dict) -> dict:
    """Return what programs may rely on: of each address its keys, headers and media types, and the names of answers."""
    schemas = document["components"]["schemas"]
    found = {}
    for path, operations in document["paths"].items():
        (operation,) = operations.values()
        good = next(each for status, each in operation["responses"].items() if status in ("200", "302"))
        found[path] = {
            "keys": [each.get("name") or each["$ref"].rpartition("/")[2] for each in operation["parameters"]],
            "statuses": list(operation["responses"]),
            "headers": list(good["headers"]),
            "answer": {
                media_type: {name: type for name, type in names(content.get("schema", {}), schemas).items() if name}
                for media_type, content in good.get("content", {}).items()
            },
        }
    return found


def lost(promise: object, now: object, path: str = "") -> list[str]:
    """Return what was promised and is no more."""
    if isinstance(promise, dict) and isinstance(now, dict):
        return [
            each
            for name in promise
            for each in (lost(promise[name], now[name], f"{path} {name}") if name in now else [f"{path} {name}"])
        ]
    if isinstance(promise, list) and isinstance(now, list):
        return [f"{path} {each}" for each in promise if each not in now]
    return [] if promise == now else [f"{path}: {promise} is {now}"]


def test_no_name_disappears_and_none_changes_its_type(document):
    assert lost(json.loads(PROMISE.read_text()), promised(document)) == []


def test_every_name_is_promised(document):
    # New ones are added to the file by hand: they stay.
    assert lost(promised(document), json.loads(PROMISE.read_text())) == []


def test_a_promise_that_is_broken_is_noticed(document):
    promise = json.loads(PROMISE.read_text())
    rows = "/api/datasets/{id}/rows.json"
    broken = copy.deepcopy(promise)
    del broken["/healthz"]
    broken[rows]["keys"].remove("sort")
    broken[rows]["answer"]["application/json"]["total"] = "string"
    told = [" /healthz", f" {rows} keys sort", f" {rows} answer application/json total: integer is string"]
    assert sorted(lost(promise, broken)) == sorted(told)
