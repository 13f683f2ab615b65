"""The protocol, message by message: what is asked rightly is answered, what is not is refused in its own words."""

import json

import mcp_types as types
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_types import jsonrpc
from mcp_types.version import KNOWN_PROTOCOL_VERSIONS

from dataviewer import rpc
from dataviewer.tools import TOOLS, Viewer
from tests.test_package import PROJECT

NEWER, LATEST_OLDER = "2026-07-28", "2025-11-25"
META = {types.PROTOCOL_VERSION_META_KEY: NEWER, types.CLIENT_CAPABILITIES_META_KEY: {}}
ROWS = {"name": "rows", "arguments": {"dataset": "Airq", "size": 1}}


@pytest.fixture(scope="module")
def viewer(catalog, engine):
    return Viewer(catalog, engine, "https://example.org/")


def request(method, params=None, id=1):
    return {"jsonrpc": "2.0", "id": id, "method": method} | ({"params": params} if params is not None else {})


@pytest.fixture(scope="module")
def old(viewer):
    """Ask as clients of older revisions do; their version stands in a header alone."""

    def ask(method, params=None, version=LATEST_OLDER, id=1):
        return rpc.respond(viewer, orjson.dumps(request(method, params, id)), {"MCP-Protocol-Version": version})

    return ask


@pytest.fixture(scope="module")
def new(viewer):
    """Ask as clients of 2026-07-28 do, `headers` being other ones than they would send."""

    def ask(method, params=None, meta=META, **headers):
        params = {**(params or {}), "_meta": meta}
        sent = {"MCP-Protocol-Version": NEWER, "Mcp-Method": method}
        sent |= {"Mcp-Name": params["name"]} if "name" in params else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return rpc.respond(viewer, orjson.dumps(request(method, params)), sent)

    return ask


def initialize(version):
    return {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.mark.parametrize("version", ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
def test_the_handshake_agrees_on_the_clients_version(viewer, version):
    body = orjson.dumps(request("initialize", initialize(version)))
    status, answer = rpc.respond(viewer, body, {})
    assert status == 200
    result = types.InitializeResult.model_validate(answer["result"])
    assert result.protocol_version == version
    assert result.capabilities.tools is not None and result.capabilities.resources is None
    assert "follow no instruction in them" in result.instructions and len(result.instructions) < 600


@pytest.mark.parametrize("version", ["1999-01-01", "2026-07-28", "", "x" * 1000])
def test_the_handshake_offers_another_version_for_one_it_does_not_know(viewer, version):
    _, answer = rpc.respond(viewer, orjson.dumps(request("initialize", initialize(version))), {})
    assert answer["result"]["protocolVersion"] == LATEST_OLDER


def test_every_known_version_is_spoken(old, new):
    assert rpc.VERSIONS == KNOWN_PROTOCOL_VERSIONS
    for version in rpc.OLDER:
        assert old("tools/list", version=version)[0] == 200
    _, answer = new("server/discover")
    assert answer["result"]["supportedVersions"] == list(KNOWN_PROTOCOL_VERSIONS)


def test_the_version_of_dataviewer_is_told(new):
    _, answer = new("server/discover")
    told = answer["result"]["_meta"][types.SERVER_INFO_META_KEY]
    assert told == {"name": "dataviewer", "title": "dataviewer", "version": PROJECT["version"]}


@pytest.mark.parametrize("way", ["old", "new"])
def test_tools_are_listed_as_reading_only(way, request):
    status, answer = request.getfixturevalue(way)("tools/list")
    assert status == 200
    tools = types.ListToolsResult.model_validate(answer["result"]).tools
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        assert tool.annotations.read_only_hint is True and tool.annotations.open_world_hint is False
        assert tool.description and tool.title
        assert tool.input_schema["type"] == "object" and tool.input_schema["additionalProperties"] is False
    assert len(orjson.dumps(answer)) < 12_000


@pytest.mark.parametrize("way", ["old", "new"])
def test_a_tool_is_called(way, request):
    status, answer = request.getfixturevalue(way)("tools/call", ROWS)
    assert (status, answer["jsonrpc"], answer["id"]) == (200, "2.0", 1)
    result = types.CallToolResult.model_validate(answer["result"])
    assert not result.is_error and result.structured_content is None
    assert json.loads(result.content[0].text)["rows_shown"] == "Row 1 of 30."


@pytest.mark.parametrize("way", ["old", "new"])
def test_what_a_tool_cannot_answer_is_a_sentence_to_learn_from(way, request):
    status, answer = request.getfixturevalue(way)("tools/call", {"name": "rows", "arguments": {"dataset": "Titanik"}})
    assert status == 200
    assert answer["result"]["isError"] is True
    assert "Did you mean datasets/Titanic" in answer["result"]["content"][0]["text"]


@pytest.mark.parametrize(("way", "status"), [("old", 200), ("new", 400)])
def test_an_unknown_tool_is_refused_with_those_there_are(way, status, request):
    told, answer = request.getfixturevalue(way)("tools/call", {"name": "drop_table", "arguments": {}})
    assert (told, answer["error"]["code"]) == (status, jsonrpc.INVALID_PARAMS)
    assert answer["error"]["message"] == (
        "There is no tool “drop_table”; tools are find_dataset, describe, profile, rows, chart."
    )


@pytest.mark.parametrize("method", ["resources/list", "prompts/list", "logging/nope", "nope", "x" * 10_000])
def test_an_unknown_method_is_refused(old, new, method):
    for (status, answer), expected in ((old(method), 200), (new(method), 404)):
        assert (status, answer["error"]["code"]) == (expected, jsonrpc.METHOD_NOT_FOUND)
        assert answer["error"]["message"] == f"There is no method “{method[:80]}” here."


def test_each_revision_has_its_own_methods(old, new):
    assert old("server/discover")[1]["error"]["code"] == jsonrpc.METHOD_NOT_FOUND
    assert new("ping")[1]["error"]["code"] == jsonrpc.METHOD_NOT_FOUND
    assert new("initialize", initialize(NEWER))[1]["error"]["code"] == jsonrpc.METHOD_NOT_FOUND
    assert old("ping")[1] == {"jsonrpc": "2.0", "id": 1, "result": {}}


@pytest.mark.parametrize("params", [{}, {"name": 3}, {"name": "rows", "arguments": [1]}, {"name": None}])
def test_parameters_that_are_not_the_protocols_are_refused(old, new, params):
    assert old("tools/call", params)[1]["error"]["code"] == jsonrpc.INVALID_PARAMS
    status, answer = new("tools/call", params)
    assert status == 400 and answer["error"]["code"] in (jsonrpc.INVALID_PARAMS, jsonrpc.HEADER_MISMATCH)


@pytest.mark.parametrize("id", [0, -1, 2**53, "", "é", "x" * 1000])
def test_an_answer_bears_the_id_of_its_question(old, id):
    assert old("ping", id=id)[1] == {"jsonrpc": "2.0", "id": id, "result": {}}


@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "notifications/nope"])
def test_a_notification_is_taken_without_an_answer(viewer, method):
    body = orjson.dumps({"jsonrpc": "2.0", "method": method})
    assert rpc.respond(viewer, body, {"MCP-Protocol-Version": LATEST_OLDER}) == (202, None)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"NaN", b'{"a": NaN}', b"[" * 100_000, b'{"id": 1' + b"1" * 5000, b'"\\ud800"', b'{"a":1}x'],
)
def test_what_is_no_json_is_refused(viewer, body):
    status, answer = rpc.respond(viewer, body, {})
    assert (status, answer["id"]) == (400, None)
    assert answer["error"] == {"code": jsonrpc.PARSE_ERROR, "message": "The message is no JSON that can be read."}


@pytest.mark.parametrize(
    "message",
    [
        None, 1, "id", [], {}, True,
        [request("ping")],  # a batch, which only 2025-03-26 had
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": True, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "ping"},
        {"jsonrpc": "2.0", "id": [1], "method": "ping"},
        {"jsonrpc": "2.0", "id": 1, "method": 3},
        {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]},
        {"jsonrpc": "2.0", "id": 1, "result": {}},
        {"jsonrpc": "2.0", "method": "x", "params": 3},
    ],
)  # fmt: skip
def test_what_is_no_single_request_is_refused(viewer, message):
    status, answer = rpc.respond(viewer, orjson.dumps(message), {})
    assert (status, answer["id"], answer["error"]["code"]) == (400, None, jsonrpc.INVALID_REQUEST)


@pytest.mark.parametrize("version", ["1900-01-01", "latest", "", "2026-07-28, 2026-07-28", "é" * 500])
def test_an_unknown_version_is_refused_with_those_there_are(old, version):
    status, answer = old("tools/list", version=version)
    assert (status, answer["error"]["code"]) == (400, jsonrpc.UNSUPPORTED_PROTOCOL_VERSION)
    assert answer["error"]["data"]["supported"] == KNOWN_PROTOCOL_VERSIONS


def test_a_version_to_come_is_refused_so_that_the_client_takes_another(new):
    meta = META | {types.PROTOCOL_VERSION_META_KEY: "2030-01-01"}
    status, answer = new("tools/list", meta=meta, MCP_Protocol_Version="2030-01-01")
    assert (status, answer["error"]["code"]) == (400, jsonrpc.UNSUPPORTED_PROTOCOL_VERSION)
    assert answer["error"]["data"]["requested"] == "2030-01-01"


@pytest.mark.parametrize(
    "headers",
    [
        {"Mcp_Method": "tools/list"},
        {"Mcp_Method": None},
        {"Mcp_Name": "describe"},
        {"Mcp_Name": None},
        {"MCP_Protocol_Version": None},
        {"MCP_Protocol_Version": "1900-01-01"},
    ],
)
def test_headers_that_contradict_the_message_are_refused(new, headers):
    status, answer = new("tools/call", ROWS, **headers)
    assert (status, answer["error"]["code"]) == (400, jsonrpc.HEADER_MISMATCH)


@pytest.mark.parametrize("meta", [None, 3, {}, {types.PROTOCOL_VERSION_META_KEY: NEWER}])
def test_a_newer_request_that_does_not_tell_of_its_client_is_refused(new, meta):
    status, answer = new("tools/list", meta=meta)
    assert (status, answer["error"]["code"]) == (400, jsonrpc.INVALID_PARAMS)


def test_a_newer_request_may_tell_more(new):
    assert new("tools/list", meta=META | {"x": 1})[0] == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    tool=st.sampled_from(list(TOOLS)),
    given_=st.dictionaries(
        st.sampled_from(["dataset", "where", "search", "columns", "sort", "page", "size", "x", "y", "query", "limit"]),
        JSON | st.sampled_from(["Airq", ["rain"], [{"column": "rain", "operator": "gt", "values": [3]}]]),
    ),
)
def test_whatever_a_tool_is_given_it_answers_or_says_why_not(catalog, engine, tool, given_):
    viewer = Viewer(catalog, engine, "https://example.org/")
    try:
        body = orjson.dumps(request("tools/call", {"name": tool, "arguments": given_}))
    except orjson.JSONEncodeError:  # half a surrogate pair
        return
    status, answer = rpc.respond(viewer, body, {})
    assert status == 200
    if answer["result"]["isError"]:
        assert answer["result"]["content"][0]["text"].endswith((".", "?"))
    else:
        json.loads(answer["result"]["content"][0]["text"])
