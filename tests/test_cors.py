"""Pages of other origins: what they may read, and what they never may."""

import pandas as pd
import pytest
from flask import Flask

from dataviewer import Catalog, create_app, mount
from dataviewer.errors import BadSetting
from tests.web import TABLE, callback_body, reader

FRIEND, OTHER = "https://friend.example", "https://other.example"
ROWS = "/data/api/datasets/x/rows.json?size=1"
PAGE = ("/data/", "/data/_dash-layout", "/data/assets/dataviewer.js", "/data/healthz")


def client(origins: str | None):
    settings = None if origins is None else {"cors_origins": origins}
    app = create_app(Catalog.from_frames({"x": pd.DataFrame({"n": [1, 2]})}), prefix="/data", settings=settings)
    return reader(app.server)


def allowed(response) -> dict[str, str]:
    return {name: value for name, value in response.headers if name.startswith("Access-Control-")}


def ask(reads, path: str, origin: str = FRIEND, method: str = "GET", **headers):
    return reads.open(path, method=method, headers={"Origin": origin} | headers)


def preflight(reads, path: str, origin: str = FRIEND, method: str = "GET"):
    return ask(reads, path, origin, "OPTIONS", **{"Access-Control-Request-Method": method})


def test_nobody_may_read_where_nothing_is_set():
    reads = client(None)
    for response in (ask(reads, ROWS), preflight(reads, ROWS)):
        assert allowed(response) == {}
        assert "Origin" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_origin_of_the_list_may_read_the_api(method):
    response = ask(client(f"{FRIEND}, http://localhost:3000"), ROWS, method=method)
    assert response.status_code == 200
    assert allowed(response) == {
        "Access-Control-Allow-Origin": FRIEND,
        "Access-Control-Expose-Headers": "ETag, Link, Content-Disposition, X-Total-Count",
    }
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{FRIEND}.evil.example", f"{FRIEND}:444", "http://friend.example", ""]
)
def test_another_origin_may_not_and_caches_tell_them_apart(origin):
    response = ask(client(FRIEND), ROWS, origin)
    assert allowed(response) == {}
    assert "Origin" in response.headers["Vary"]
    assert allowed(preflight(client(FRIEND), ROWS, origin)) == {}


def test_any_origin_may_read_where_a_star_says_so():
    response = ask(client("*"), ROWS, OTHER)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Origin" not in response.headers["Vary"]


@pytest.mark.parametrize("origins", [FRIEND, "*"])
def test_credentials_are_never_allowed(origins):
    reads = client(origins)
    for response in (ask(reads, ROWS), preflight(reads, ROWS)):
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.parametrize("origins", [FRIEND, "*"])
@pytest.mark.parametrize("path", PAGE)
def test_the_page_is_nobody_elses_to_read(origins, path):
    reads = client(origins)
    assert allowed(ask(reads, path)) == allowed(preflight(reads, path)) == {}


@pytest.mark.parametrize("origins", [FRIEND, "*"])
def test_a_callback_is_nobody_elses_to_ask(origins):
    reads = client(origins)
    body = callback_body(reads, TABLE, "?dataset=x", prefix="/data/")
    response = reads.post("/data/_dash-update-component", json=body, headers={"Origin": FRIEND})
    assert response.status_code == 200
    assert allowed(response) == {}
    assert allowed(preflight(reads, "/data/_dash-update-component", method="POST")) == {}


def test_a_question_beforehand_is_answered():
    response = preflight(client(FRIEND), ROWS)
    assert response.status_code == 200
    assert allowed(response) == {
        "Access-Control-Allow-Origin": FRIEND,
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


def test_errors_and_answers_that_are_known_can_be_read_too():
    reads = client(FRIEND)
    tag = ask(reads, ROWS).headers["ETag"]
    for response, status in (
        (ask(reads, ROWS, **{"If-None-Match": tag}), 304),
        (ask(reads, "/data/api/datasets/none"), 404),
        (ask(reads, f"{ROWS}&page=0"), 400),
    ):
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (status, FRIEND)


def test_a_method_that_writes_is_not_shared():
    response = ask(client("*"), ROWS, method="POST")
    assert (response.status_code, allowed(response)) == (405, {})


def test_the_hosts_own_pages_are_its_own():
    host = Flask("host", static_folder=None)
    host.add_url_rule("/data/api-of-the-host", view_func=lambda: "host", endpoint="host")
    mount(host, "/data", frames={"x": pd.DataFrame({"n": [1]})}, settings={"cors_origins": "*"})
    assert allowed(ask(reader(host), "/data/api-of-the-host")) == {}


@pytest.mark.parametrize("origins", ["example.org", f"{FRIEND}/", f"{FRIEND}/path", "null", "https://*.example", "a b"])
def test_what_is_no_origin_is_named(origins):
    with pytest.raises(BadSetting, match="DATAVIEWER_CORS_ORIGINS"):
        client(origins)
