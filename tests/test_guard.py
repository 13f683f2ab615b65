import copy
import http.client
import io
import json
import logging

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dataviewer import guard
from tests.web import CHART, SEARCH, TABLE, callback_body, post, served

PATH = "/_dash-update-component"
JSON = {"content_type": "application/json"}
ASKED = {TABLE: "?dataset=Airq", CHART: {"query": "?dataset=Airq", "width": 800}, SEARCH: "air"}


@pytest.fixture(scope="module")
def bodies(app):
    client = app.server.test_client()
    return {asked: callback_body(client, asked, value, "Ecdat/Airq") for asked, value in ASKED.items()}


@pytest.fixture
def body(bodies):
    return copy.deepcopy(bodies[TABLE])


@pytest.fixture
def refused(caplog, capfd):
    """Return a test of a response: refused in the one shape, with one line of the log and no traceback."""

    def check(response, status=range(400, 500)):
        status = [status] if isinstance(status, int) else status
        assert response.status_code in status, response.text[:300]
        assert response.mimetype == "application/json"
        assert set(response.json) == {"ok", "error", "status"}
        assert response.json["ok"] is False
        assert response.json["status"] == response.status_code
        assert response.json["error"].endswith((".", "?"))
        assert len(response.json["error"]) < 500
        assert [record.name for record in caplog.records] == ["dataviewer.guard"]
        assert caplog.records[0].exc_info is None
        assert "\n" not in caplog.records[0].getMessage()
        assert "Traceback" not in "".join(capfd.readouterr())
        return response.json["error"]

    caplog.set_level(logging.WARNING)
    return check


def test_the_bodies_that_the_tests_below_spoil_are_answered(client, bodies):
    for asked in ASKED:
        assert post(client, bodies[asked]).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"0",
        b'""',
        b"[]",
        b"{}",
        b"[[]]",
        b"[" * 100_000,
        b"[" * 30_000 + b"]" * 30_000,
        b'{"output":' * 5_000 + b"1" + b"}" * 5_000,
        b"{",
        b"not json",
        b"\xff\xfe{}",
        b'{"output": "\xff"}',
        b"\x00",
        b'{"output": NaN}',
        b"9" * 50_000,
        b'{"output": "table.data"}',
        b'{"output": ["table.data"]}',
        b'{"output": {}}',
        b'{"output": null, "inputs": null}',
        b"a=1&b=2",
    ],
    ids=lambda data: f"{data[:12]!r} {len(data)}",
)
def test_a_body_that_is_no_callbacks_is_refused(client, refused, data):
    refused(client.post(PATH, data=data, **JSON))


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None]
)
def test_a_form_of_another_site_cannot_ask(client, refused, body, content_type):
    # A browser sends these types across sites without asking first; JSON it does not.
    refused(client.post(PATH, data=json.dumps(body), content_type=content_type), 400)


OUTPUTS = [
    None,
    [],
    {},
    "",
    3,
    [None],
    [{}],
    [{"id": "table", "property": "data"}],
    {"id": "table", "property": "data"},
    [[{"id": "table", "property": "data"}]],
]


@pytest.mark.parametrize("outputs", OUTPUTS, ids=repr)
@pytest.mark.parametrize("asked", ASKED)
def test_other_outputs_than_the_wired_ones_are_refused(client, refused, bodies, asked, outputs):
    refused(post(client, bodies[asked] | {"outputs": outputs}), 400)


def test_outputs_that_only_read_the_same_are_refused(client, refused, body):
    rest = body["output"].strip(".").replace("...", ".").removeprefix("table.")
    refused(post(client, body | {"outputs": [{"id": "table", "property": rest}]}), 400)


def test_the_one_output_of_a_callback_is_not_asked_as_a_list(client, refused, bodies):
    refused(post(client, bodies[SEARCH] | {"outputs": [bodies[SEARCH]["outputs"]]}), 400)


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        {},
        "x",
        [],
        [None],
        [[]],
        [{}],
        [{"id": "table-view"}],
        [{"id": "table-view", "property": "value", "value": "?"}],
        [{"id": "graph", "property": "data", "value": "?"}],
        [{"id": {"type": "a"}, "property": "data", "value": "?"}],
        [{"id": ["table-view"], "property": "data", "value": "?"}],
        [[{"id": "table-view", "property": "data", "value": "?"}]],
        [{"id": "table-view", "property": "data", "value": "?"}] * 2,
    ],
    ids=repr,
)
def test_other_inputs_than_the_wired_ones_are_refused(client, refused, body, inputs):
    refused(post(client, body | {"inputs": inputs}), 400)


@pytest.mark.parametrize(
    "state", [None, {}, "x", [{}], [{"id": "dataset", "property": "value", "value": "x"}]], ids=repr
)
def test_a_state_where_none_is_wired_is_refused(client, refused, body, state):
    refused(post(client, body | {"state": state}), 400)


@pytest.mark.parametrize("state", [None, [], [{}], [{"id": "dataset", "property": "options", "value": []}]], ids=repr)
def test_another_state_than_the_wired_one_is_refused(client, refused, bodies, state):
    refused(post(client, bodies[SEARCH] | {"state": state}), 400)


@pytest.mark.parametrize(
    "changed", [None, "table-view.data", {}, 3, [None], [3], [["table-view.data"]], [{}]], ids=repr
)
def test_what_changed_is_a_list_of_names(client, refused, body, changed):
    refused(post(client, body | {"changedPropIds": changed}), 400)


@pytest.mark.parametrize(
    "changed", [[], ["nothing.at.all"], [""], ["table-view.data"] * 100], ids=lambda c: str(c)[:30]
)
def test_a_name_that_did_not_change_is_harmless(client, body, changed):
    assert post(client, body | {"changedPropIds": changed}).status_code == 200


def test_parts_that_dash_does_not_know_are_harmless(client, body):
    body["inputs"][0] |= {"extra": [1], "triggered": True}
    assert post(client, body | {"cacheKey": "x", "job": 1, "cancelJob": [2]}).status_code == 200


VALUES = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "123456789012345678901234567890",
    "[]",
    '["?dataset=Airq"]',
    "{}",
    '{"query": "?"}',
    '{"width": 800}',
    '{"query": null, "width": 800}',
    '{"query": ["?"], "width": 800}',
    '{"query": "?", "width": null}',
    '{"query": "?", "width": true}',
    '{"query": "?", "width": "800"}',
    '{"query": "?", "width": 800.0}',
    '{"query": "?", "width": 0}',
    '{"query": "?", "width": -800}',
    '{"query": "?", "width": 100000000}',
    '{"query": "?", "width": 1e400}',
    '{"query": "?", "width": NaN}',
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e999999",
    "9" * 5000,
    '"?dataset=\\ud800"',
    '"\\udfff"',
    '{"query": "\\ud800", "width": 800}',
    "[" * 900 + "]" * 900,
    '{"a":' * 900 + "1" + "}" * 900,
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:32])
@pytest.mark.parametrize("asked", ASKED)
def test_a_value_of_the_wrong_type_is_refused(client, refused, bodies, asked, value):
    spoilt = copy.deepcopy(bodies[asked])
    spoilt["inputs"][0]["value"] = "VALUE"
    refused(client.post(PATH, data=json.dumps(spoilt).replace('"VALUE"', value), **JSON), 400)


def test_a_missing_value_is_refused(client, refused, body):
    del body["inputs"][0]["value"]
    refused(post(client, body), 400)


@pytest.mark.parametrize(
    "value", [None, 3, [], {}, ["x"], "no such dataset", "x" * 50_000, ""], ids=lambda v: str(v)[:20]
)
def test_any_current_dataset_is_survived_by_the_search(client, bodies, value):
    spoilt = copy.deepcopy(bodies[SEARCH])
    spoilt["state"][0]["value"] = value
    assert post(client, spoilt).status_code == 200


@pytest.mark.parametrize("text", ["x" * 5000, "?" + "&" * 5000, "?sort=" + "x" * 4500], ids=lambda text: text[:8])
def test_a_view_too_long_to_be_a_link_is_answered_with_a_sentence(client, bodies, text):
    body = copy.deepcopy(bodies[TABLE])
    body["inputs"][0]["value"] = text
    response = post(client, body)
    assert response.status_code == 200
    assert "at most 4000" in response.text


@pytest.mark.parametrize("size", [guard.BODY_MAX + 1, 20 * 2**20])
def test_a_body_too_large_is_refused(client, refused, size):
    refused(client.post(PATH, data=b'{"output":"' + b"x" * size, **JSON), 413)


def test_a_body_of_unknown_length_is_not_read_without_end(client, refused):
    # What a server that understands chunks hands over: a stream that says when it ends, and no length.
    options = {"input_stream": io.BytesIO(b'"' + b"x" * 2**20), "environ_overrides": {"wsgi.input_terminated": True}}
    refused(client.post(PATH, **JSON, **options), 413)


def test_a_body_without_a_length_is_refused(client, refused):
    refused(client.post(PATH, input_stream=io.BytesIO(b"{}"), **JSON), 400)


def chunked(address, data):
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        connection.request("POST", PATH, iter(data), {"Content-Type": "application/json"}, encode_chunked=True)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_chunks_are_read_over_a_socket_and_too_many_refused(app, body):
    with served(app.server) as address:
        status, answer = chunked(address, [json.dumps(body)[:50].encode(), json.dumps(body)[50:].encode()])
        assert (status, answer["response"]["table-answer"]["data"]["dataset"]) == (200, "Ecdat/Airq")
        status, answer = chunked(address, [b'{"output":"', b"x" * (guard.BODY_MAX + 1)])
        assert status == answer["status"]
        assert status in (400, 413)  # some servers cut the stream where it becomes too long


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def walk(value, path=()):
    """Give the path of every part of a JSON value, the value itself first."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from walk(value[key], (*path, key))


def replaced(value, path, other):
    if not path:
        return other
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], other)
    return value


@FUZZ
@given(JSON_VALUES)
@example({"output": None})
def test_no_json_makes_the_server_fail(app, value):
    response = app.server.test_client().post(PATH, data=json.dumps(value), **JSON)
    assert 400 <= response.status_code < 500
    assert response.json["ok"] is False


@FUZZ
@given(st.data())
def test_no_change_of_one_part_of_a_body_makes_the_server_fail(app, bodies, data):
    body = bodies[data.draw(st.sampled_from(sorted(ASKED)))]
    spoilt = replaced(body, data.draw(st.sampled_from(list(walk(body)))), data.draw(JSON_VALUES))
    response = app.server.test_client().post(PATH, data=json.dumps(spoilt), **JSON)
    assert response.status_code < 500
    if response.status_code != 200:
        assert response.json["status"] == response.status_code


@FUZZ
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.sampled_from([TABLE, CHART, SEARCH]))
@example("dataset=Airq&sort=airq&sort=airq&page=999999999&size=1000&y=nope&scale=panels&range=1:2", CHART)
@example("dataset=Airq&range=1e308:1e308", CHART)
@example("dataset=Zelig/friendship&range=2020-01-01:2020-01-02&page=7", CHART)
@example("range=0:0:0:0", CHART)
@example("range=-1:5", CHART)
@example("dataset=Airq&chart=scatter&x=:row&y=nope&color=coas&log=xy&trend=lowess&row=999999999&range=0:0:0:0", CHART)
@example("dataset=Airq&chart=box&x=airq&facet=coas&agg=max&bins=200&smooth=9999&stack=stacked&where=:", CHART)
@example("dataset=AirPassengers&range=99999999999:-99999999999", CHART)
@example("dataset=Airq&where=rain:gt:9e999&search=%&where=coas:in:" + "%3A:" * 50, TABLE)
def test_no_text_makes_a_callback_fail(app, bodies, text, asked):
    value = {"query": text, "width": 800} if asked == CHART else text
    body = copy.deepcopy(bodies[asked])
    body["inputs"][0]["value"] = value
    assert post(app.server.test_client(), body).status_code == 200


QUERIED = ["/", "/api/datasets/Airq/rows.json", "/api/datasets/Airq/figure.json", "/show", "/_dash-layout"]


@FUZZ
@given(st.binary(max_size=60), st.sampled_from(QUERIED))
def test_no_query_makes_an_address_fail(app, query, path):
    environ = {"QUERY_STRING": query.decode("latin1")}
    response = app.server.test_client().get(path, environ_overrides=environ)
    assert response.status_code < 500


@pytest.mark.parametrize(
    "path", ["/", "/_dash-layout", "/api/datasets", "/healthz", "/nothing", "/show", "/assets/a11y.js"]
)
def test_an_endless_link_is_refused(client, refused, path):
    assert "10000 characters" in refused(client.get(f"{path}?{'x' * 10_000}"), 414)


@pytest.mark.parametrize(
    "path",
    [
        "/_dash-component-suites/x/y.js",
        "/_dash-component-suites/dash/nothing.js",
        "/_dash-component-suites/dash/dash.py",
        "/_dash-component-suites/dash/../flask/app.py",
        "/_dash-component-suites/dash/%2e%2e/flask/app.py",
        "/_dash-component-suites/dataviewer/guard.py",
        "/_dash-component-suites/os/path.py",
        "/assets/../app.py",
        "/assets/%2e%2e/app.py",
        "/assets/..%2fapp.py",
        "/assets/....//app.py",
        "/assets/..\\app.py",
        "/assets//etc/passwd",
        "/assets/%00",
        "/assets/",
        "/assets/nothing.css",
    ],
)
def test_a_file_that_is_not_the_pages_is_not_found(client, refused, path):
    refused(client.get(path), 404)


@pytest.mark.parametrize(
    "path", ["/nothing", "/a/b/c", "/assets", "/_dash-component-suites", "/_mcp", "/api/x", "/%00"]
)
def test_an_unknown_page_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.json["status"] == 404


def test_a_line_break_in_a_path_begins_no_line_of_the_log(client, refused):
    refused(client.get("/assets/x%0A2026-01-01 00:00:00 CRITICAL forged%0D%0A"), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("POST", "/_dash-layout"),
        ("POST", "/_dash-dependencies"),
        ("PUT", "/_dash-update-component"),
        ("DELETE", "/_dash-update-component"),
        ("POST", "/assets/a11y.js"),
        ("PATCH", "/nothing"),
        ("POST", "/healthz"),
    ],
)
def test_a_wrong_method_is_refused_with_those_there_are(client, refused, method, path):
    response = client.open(path, method=method)
    said = refused(response, 405)
    assert method in said
    assert all(allowed in said for allowed in response.headers["Allow"].split(", "))


def test_a_bug_in_a_callback_is_not_called_a_bad_request(app):
    with pytest.raises(ZeroDivisionError):
        guard.refuse_callback(ZeroDivisionError())
