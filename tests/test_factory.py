"""Viewers in real hosts: alone, below a path, two of them, behind a proxy, behind a login, behind a CSRF guard."""

import http.client
import json
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import dash
import pandas as pd
import plotly.io
import pytest
from flask import Flask, abort, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dataviewer import Catalog, create_app, mount
from dataviewer.errors import BadSetting
from tests.web import TABLE, addresses, ask_chart, ask_options, ask_table, callback_body, post, reader, served, text_of

FRAME = pd.DataFrame({"x": [1, 2, 3], "y": [2.5, None, -1]})
PATHS = ("", "_dash-layout", "_dash-dependencies", "api/datasets", "api/datasets/box/rows.csv", "assets/dataviewer.js")


def frames(*names):
    return dict.fromkeys(names, FRAME)


def plain_host():
    """A Flask app with pages, errors, headers and files of its own."""
    host = Flask("tests", static_folder=None)
    host.secret_key = "secret"

    @host.get("/")
    def home():
        return "<script>host()</script>home"

    @host.get("/about")
    def about():
        return "about " * 1000

    @host.get("/broken")
    def broken():
        raise ZeroDivisionError

    @host.get("/refused")
    def refused():
        abort(400)

    @host.post("/upload")
    def upload():
        return str(len(request.get_data()))

    @host.get("/static/<path:name>")
    def static(name):
        return f"file {name}"

    @host.errorhandler(404)
    def lost(error):
        return "host 404", 404

    @host.errorhandler(400)
    def bad(error):
        return "host 400", 400

    @host.errorhandler(405)
    def method(error):
        return "host 405", 405

    @host.errorhandler(500)
    def failed(error):
        return "host 500", 500

    @host.errorhandler(Exception)
    def anything(error):
        return "host 500", 500

    @host.after_request
    def sign(response):
        response.headers["X-Host"] = "yes"
        return response

    return host


def whole(client, prefix):
    """Check that a viewer works in all its parts."""
    page = client.get(prefix)
    assert page.status_code == 200
    for address in addresses(page.text):
        if not address.startswith("api/"):
            assert client.get(address).status_code == 200, address
    assert client.get(f"{prefix}_dash-layout").status_code == 200
    first = client.get(f"{prefix}api/datasets").json["datasets"][0]["id"]
    answer = ask_table(client, f"?dataset={first}", prefix)
    assert answer["table-answer"]["data"]["dataset"] == first
    assert answer["table"]["data"]
    assert ask_chart(client, f"?dataset={first}", prefix=prefix)["graph"]["figure"]["data"]
    assert first in ask_options(client, first, prefix=prefix)
    for link in answer["table-answer"]["data"]["downloads"]:
        assert client.get(link["props"]["href"]).status_code == 200


# Alone ---------------------------------------------------------------------------------------------


def test_a_viewer_of_its_own_is_whole(app):
    whole(reader(app.server), "/")


@pytest.mark.parametrize("prefix", ["/data", "data/", "/a/b/", "/v1.0/", "/~me/", "/a-b_c/"])
def test_a_viewer_is_whole_at_any_plain_path(prefix):
    app = create_app(Catalog.from_frames(frames("box")), prefix=prefix)
    whole(reader(app.server), f"/{prefix.strip('/')}/")


# Below a path of a host ----------------------------------------------------------------------------

HOST_PAGES = [
    ("GET", "/", 200, "<script>host()</script>home"),
    ("GET", "/about", 200, "about " * 1000),
    ("GET", "/broken", 500, "host 500"),
    ("GET", "/refused", 400, "host 400"),
    ("POST", "/upload", 200, "0"),
    ("GET", "/static/a.js", 200, "file a.js"),
    ("GET", "/nothing", 404, "host 404"),
    ("GET", "/database", 404, "host 404"),
    ("GET", "/assets/dataviewer.js", 404, "host 404"),
    ("GET", "/api/datasets", 404, "host 404"),
    ("GET", "/healthz", 404, "host 404"),
    ("POST", "/about", 405, "host 405"),
    ("GET", "/about?" + "x" * 5000, 200, "about " * 1000),
]


@pytest.mark.parametrize(("method", "path", "status", "text"), HOST_PAGES)
def test_the_hosts_own_responses_are_untouched(method, path, status, text):
    bare, host = plain_host(), plain_host()
    mount(host, "/data", frames=frames("box"))
    headers = {"Accept-Encoding": "gzip, br"}
    with_us = reader(host).open(path, method=method, headers=headers)
    without = reader(bare).open(path, method=method, headers=headers)
    assert (with_us.status_code, with_us.text) == (status, text)
    assert dict(with_us.headers) == dict(without.headers)
    assert "X-Host" in with_us.headers


def test_the_host_still_takes_large_bodies():
    host = plain_host()
    mount(host, "/data", frames=frames("box"))
    assert reader(host).post("/upload", data=b"x" * 10**6).text == str(10**6)


def test_a_viewer_in_a_host_is_whole_and_has_the_hosts_headers():
    host = plain_host()
    mount(host, "/data", frames=frames("box", "chest"))
    client = reader(host)
    whole(client, "/data/")
    for path in PATHS:
        assert client.get(f"/data/{path}").headers["X-Host"] == "yes"
    assert client.get("/data").headers["Location"].endswith("/data/")


def test_errors_below_the_path_are_ours():
    host = plain_host()
    mount(host, "/data", frames=frames("box"))
    client = reader(host)
    body = callback_body(client, TABLE, 3, prefix="/data/")
    for response, status in (
        (client.get("/data/nothing"), 404),
        (client.get("/data/assets/nothing"), 404),
        (client.get("/data/api/datasets/nothing"), 404),
        (client.post("/data/"), 405),
        (client.post("/data/_dash-update-component"), 400),
        (post(client, body, "/data/"), 400),
    ):
        assert (response.status_code, response.json["status"]) == (status, status)


def test_a_bug_below_the_path_is_the_hosts_to_answer():
    class Lost(Catalog):
        def table(self, dataset):
            raise ZeroDivisionError

    host = plain_host()
    mount(host, "/data", catalog=Lost(list(Catalog.from_frames(frames("box")).values())))
    client = reader(host)
    response = post(client, callback_body(client, TABLE, "?dataset=box", prefix="/data/"), "/data/")
    assert (response.status_code, response.text) == (500, "host 500")


def test_a_viewer_at_the_root_of_a_host_leaves_the_hosts_pages_alone():
    host = Flask("tests", static_folder=None)

    @host.get("/about")
    def about():
        return "about"

    @host.post("/upload")
    def upload():
        return str(len(request.get_data()))

    mount(host, "/", frames=frames("box"))
    client = reader(host)
    whole(client, "/")
    assert "Content-Security-Policy" not in client.get("/about").headers
    assert client.get("/about?" + "x" * 5000).status_code == 200
    assert client.post("/upload", data=b"x" * 10**6).text == str(10**6)


def test_a_host_works_over_a_socket():
    host = plain_host()
    mount(host, "/data", frames=frames("box"))
    with served(host) as address:
        assert fetch(address, "GET", "/")[::2] == (200, b"<script>host()</script>home")
        assert fetch(address, "GET", "/nothing")[::2] == (404, b"host 404")
        status, headers, body = fetch(address, "GET", "/data/")
        assert (status, headers["X-Host"]) == (200, "yes")
        for place in addresses(body.decode()):
            if not place.startswith("api/"):
                assert fetch(address, "GET", place)[0] == 200
        asked = callback_body(reader(host), TABLE, "?dataset=box", prefix="/data/")
        status, headers, body = fetch(address, "POST", "/data/_dash-update-component", asked)
        assert (status, headers["Cache-Control"]) == (200, "private, no-store")
        assert json.loads(body)["response"]["table"]["data"][1] == {"c0": 2, "c1": None}


def fetch(address, method, path, body=None, headers=()):
    """Return status, headers and body of one request over a socket; a body is sent as JSON."""
    connection = http.client.HTTPConnection(*address, timeout=20)
    try:
        sent = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, path, None if body is None else json.dumps(body), sent | dict(headers))
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


# Two in one process --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two():
    host = plain_host()
    mount(host, "/a/", frames={"first": FRAME, "shared": pd.DataFrame({"ofa": [1]})})
    mount(host, "/b/", frames={"second": FRAME, "shared": pd.DataFrame({"ofb": [2]})})
    return host


def check_side(client, side, own, other):
    prefix = f"/{side}/"
    listed = [line["id"] for line in client.get(f"{prefix}api/datasets").json["datasets"]]
    assert listed == [f"frames/{own}", "frames/shared"]
    assert other not in client.get(f"{prefix}_dash-layout").text
    shared = ask_table(client, "?dataset=shared", prefix)
    assert [column["name"] for column in shared["table"]["columns"]] == [f"of{side}\ninteger"]
    assert all(link["props"]["href"].startswith(prefix) for link in shared["table-answer"]["data"]["downloads"])
    drawn = ask_chart(client, "?dataset=shared", prefix=prefix)["chart-answer"]["data"]
    assert drawn["columns"]["value"] == [f"of{side}"]
    assert ask_options(client, "frames", prefix=prefix) == sorted(listed)
    assert f"no dataset called “{other}”" in text_of(
        ask_table(client, f"?dataset={other}", prefix)["table-answer"]["data"]["heading"]
    )
    assert client.get(f"{prefix}api/datasets/{other}").status_code == 404
    assert not [place for place in addresses(client.get(prefix).text) if not place.startswith((prefix, "api/"))]


SIDES = [("a", "first", "second"), ("b", "second", "first")]


def test_two_viewers_are_whole(two):
    whole(reader(two), "/a/")
    whole(reader(two), "/b/")


def test_two_viewers_do_not_meet(two):
    for side in SIDES * 3:
        check_side(reader(two), *side)


def test_two_viewers_do_not_meet_in_threads(two):
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(check_side, reader(two), *side) for side in SIDES * 12]:
            done.result()


def test_two_viewers_do_not_meet_over_a_socket(two):
    with served(two) as address, ThreadPoolExecutor(8) as pool:
        jobs = {side: [pool.submit(fetch, address, "GET", f"/{side}/api/datasets") for _ in range(10)] for side in "ab"}
        for side, own, other in SIDES:
            for job in jobs[side]:
                status, _, body = job.result()
                assert status == 200
                assert own.encode() in body
                assert other.encode() not in body


def test_a_viewer_below_a_viewer_is_a_viewer():
    host = plain_host()
    mount(host, "/a/", frames=frames("outer"))
    mount(host, "/a/b/", frames=frames("inner"))
    client = reader(host)
    whole(client, "/a/")
    whole(client, "/a/b/")
    for path in ("/a/", "/a/b/"):
        assert client.get(path).headers.getlist("X-Content-Type-Options") == ["nosniff"]


def test_another_dash_app_of_the_host_is_left_alone():
    host = plain_host()
    other = dash.Dash("other", server=host, url_base_pathname="/other/", add_log_handler=False)
    other.layout = dash.html.Div(id="theirs")
    mount(host, "/data/", frames=frames("box"))

    @other.callback(dash.Output("theirs", "children"), dash.Input("theirs", "id"))
    def update(id):
        return "answer"

    client = reader(host)
    whole(client, "/data/")
    place = {"id": "theirs", "property": "children"}
    asked = {"output": "theirs.children", "outputs": place, "changedPropIds": []}
    asked["inputs"] = [{"id": "theirs", "property": "id", "value": "theirs"}]
    assert post(client, asked, "/other/").json["response"] == {"theirs": {"children": "answer"}}
    assert post(client, asked, "/data/").status_code == 400
    assert client.get("/other/anything").status_code == 200
    assert "Content-Security-Policy" not in client.get("/other/").headers


# Behind a proxy ------------------------------------------------------------------------------------

PUBLIC = "/tools/data/"


def strip(application, public, inner=""):
    """Return a proxy that answers only below `public`, and hands on what follows, below `inner`."""

    def proxy(environ, start_response):
        if not environ["PATH_INFO"].startswith(public):
            start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
            return [b"not of this application: " + environ["PATH_INFO"].encode()]
        environ["PATH_INFO"] = inner + "/" + environ["PATH_INFO"].removeprefix(public)
        return application(environ, start_response)

    return proxy


def check_public(client, outside):
    """Check through the outside that a viewer works there and names no address of another place."""
    page = client.get(outside)
    places = [place for place in addresses(page.text) if not place.startswith("api/")]
    assert len(places) > 20
    assert [place for place in places if not place.startswith(outside)] == []
    config = json.loads(re.search(r'id="_dash-config" type="application/json">(.*?)</script>', page.text)[1])
    assert config["requests_pathname_prefix"] == outside
    layout = client.get(f"{outside}_dash-layout").text
    assert [
        place for place in re.findall(r'"(?:href|src)": ?"(/[^"]*)"', layout) if not place.startswith(outside)
    ] == []
    for path in ("show", "plot?dataset=box"):
        assert client.get(outside + path).headers["Location"].startswith(f"{outside}?dataset=")
    whole(client, outside)


@pytest.mark.parametrize("inner", ["", "/data"])
def test_behind_a_proxy_every_address_is_the_public_one(inner):
    catalog = Catalog.from_frames(frames("box"))
    app = create_app(catalog, prefix=inner or "/", settings={"public_prefix": PUBLIC})
    host = Flask("outside", static_folder=None)
    host.wsgi_app = strip(app.server, PUBLIC, inner)
    check_public(reader(host), PUBLIC)


def test_behind_a_dispatcher_every_address_is_the_public_one():
    app = create_app(Catalog.from_frames(frames("box")), settings={"public_prefix": PUBLIC})
    outside = Flask("outside", static_folder=None)
    outside.wsgi_app = DispatcherMiddleware(outside.wsgi_app, {PUBLIC.rstrip("/"): app.server})
    check_public(reader(outside), PUBLIC)


def test_the_hosts_application_root_is_part_of_every_address():
    host = Flask("inside", static_folder=None)
    host.config["APPLICATION_ROOT"] = "/tools"
    mount(host, "/data", frames=frames("box"))
    outside = Flask("outside", static_folder=None)
    outside.wsgi_app = DispatcherMiddleware(outside.wsgi_app, {"/tools": host})
    check_public(reader(outside), PUBLIC)


def test_a_proxy_over_a_socket_is_followed_by_every_address():
    app = create_app(Catalog.from_frames(frames("box")), settings={"public_prefix": PUBLIC})
    with served(strip(app.server, PUBLIC)) as address:
        status, _, body = fetch(address, "GET", PUBLIC)
        assert status == 200
        for place in addresses(body.decode()):
            if not place.startswith("api/"):
                assert fetch(address, "GET", place)[0] == 200, place
        status, headers, _ = fetch(address, "GET", f"{PUBLIC}show")
        assert (status, headers["Location"]) == (302, f"{PUBLIC}?dataset=Aids2")


# Behind a login ------------------------------------------------------------------------------------


def guarded_host(order, refuse):
    host = plain_host()

    def login():
        if request.path.startswith("/data") and not session.get("user"):
            return refuse()
        return None

    @host.post("/login")
    def sign_in():
        session["user"] = "ada"
        return "welcome"

    if order == "before":
        host.before_request(login)
    mount(host, "/data", frames=frames("box"))
    if order == "after":
        host.before_request(login)
    return host


@pytest.mark.parametrize("order", ["before", "after"])
@pytest.mark.parametrize(
    ("refuse", "status"),
    [(lambda: ("sign in", 401), 401), (lambda: ("", 302, {"Location": "/login"}), 302)],
    ids=["401", "302"],
)
def test_the_hosts_login_guards_everything(order, refuse, status):
    host = guarded_host(order, refuse)
    client = reader(host)
    body = callback_body(signed_in(host), TABLE, "?dataset=box", prefix="/data/")
    for path in (*PATHS, "show", "healthz", "_favicon.ico", "_dash-component-suites/dash/dcc/async-graph.js"):
        response = client.get(f"/data/{path}")
        assert response.status_code == status, path
        assert "box" not in response.text
    assert post(client, body, "/data/").status_code == status
    whole(signed_in(host), "/data/")
    assert client.get("/about").status_code == 200


def signed_in(host):
    client = reader(host)
    assert client.post("/login").text == "welcome"
    return client


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_hosts_login_page_keeps_its_own_scripts(order):
    host = guarded_host(order, lambda: ("<script>login()</script>", 401))
    response = reader(host).get("/data/")
    assert response.text == "<script>login()</script>"
    assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_hosts_login_guards_everything_over_a_socket(order):
    host = guarded_host(order, lambda: ("sign in", 401))
    body = callback_body(signed_in(host), TABLE, "?dataset=box", prefix="/data/")
    with served(host) as address:
        for path in PATHS:
            assert fetch(address, "GET", f"/data/{path}")[0] == 401, path
        assert fetch(address, "POST", "/data/_dash-update-component", body)[0] == 401
        cookie = cookies(fetch(address, "POST", "/login")[1])
        for path in PATHS:
            assert fetch(address, "GET", f"/data/{path}", headers=cookie)[0] == 200, path
        assert fetch(address, "POST", "/data/_dash-update-component", body, cookie)[0] == 200


def cookies(headers):
    """Return the request header that sends back the cookies that response headers set."""
    jar = SimpleCookie()
    for line in headers.get_all("Set-Cookie", []):
        jar.load(line)
    return {"Cookie": "; ".join(f"{name}={each.value}" for name, each in jar.items())}


# Behind a CSRF guard -------------------------------------------------------------------------------


def csrf_host(order):
    host = plain_host()
    guard = CSRFProtect()
    if order == "before":
        guard.init_app(host)
    mount(host, "/data", frames=frames("box"))
    if order == "after":
        guard.init_app(host)

    @host.get("/form")
    def form():
        session["user"] = "ada"
        return generate_csrf()

    return host, guard


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_callback_passes_the_hosts_csrf_guard_with_the_pages_cookie(order):
    host, guard = csrf_host(order)
    client = reader(host)
    body = callback_body(client, TABLE, "?dataset=box", prefix="/data/")
    assert (post(client, body, "/data/").status_code, post(client, body, "/data/").text) == (400, "host 400")
    client.get("/data/")
    token = client.get_cookie("dataviewer_csrf", path="/data/")
    assert (token.path, token.same_site, token.secure, token.http_only) == ("/data/", "Lax", False, False)
    answered = post(client, body, "/data/", headers={"X-CSRFToken": token.value})
    assert answered.status_code == 200
    assert answered.json["response"]["table"]["data"]
    assert post(client, body, "/data/").status_code == 400
    assert post(client, body, "/data/", headers={"X-CSRFToken": token.value + "x"}).status_code == 400
    assert post(client, body, "/data/", headers={"X-CSRFToken": "é"}).status_code == 400
    assert (guard._exempt_views, guard._exempt_blueprints) == (set(), set())


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_hosts_session_and_tokens_live_on(order):
    host, _ = csrf_host(order)
    client = reader(host)
    theirs = client.get("/form").text
    client.get("/data/")
    ours = client.get_cookie("dataviewer_csrf", path="/data/").value
    body = callback_body(client, TABLE, "?dataset=box", prefix="/data/")
    assert post(client, body, "/data/", headers={"X-CSRFToken": ours}).status_code == 200
    assert client.post("/upload", data=b"xy", headers={"X-CSRFToken": theirs}).text == "2"
    assert client.post("/upload", data=b"xy").text == "host 400"
    with client.session_transaction() as kept:
        assert kept["user"] == "ada"


def test_a_page_without_a_csrf_guard_sets_no_cookie():
    host = plain_host()
    mount(host, "/data", frames=frames("box"))
    client = reader(host)
    assert "Set-Cookie" not in client.get("/data/").headers
    body = callback_body(client, TABLE, "?dataset=box", prefix="/data/")
    assert "Set-Cookie" not in post(client, body, "/data/").headers


def test_the_cookie_is_secure_where_the_page_is():
    host, _ = csrf_host("before")
    client = reader(host)
    client.get("/data/", base_url="https://localhost")
    assert client.get_cookie("dataviewer_csrf", path="/data/").secure is True


def test_the_page_sends_the_token_in_the_header_that_the_host_reads():
    host = plain_host()
    host.config["WTF_CSRF_HEADERS"] = ["X-Our-Token"]
    CSRFProtect(host)
    mount(host, "/data", frames=frames("box"))
    config = re.search(r'id="_dash-config" type="application/json">(.*?)</script>', reader(host).get("/data/").text)[1]
    assert json.loads(config)["csrf_header_name"] == "X-Our-Token"
    assert json.loads(config)["csrf_token_name"] == "dataviewer_csrf"


@pytest.mark.parametrize("order", ["before", "after"])
def test_the_csrf_guard_is_passed_over_a_socket(order):
    host, _ = csrf_host(order)
    body = callback_body(reader(host), TABLE, "?dataset=box", prefix="/data/")
    with served(host) as address:
        assert fetch(address, "POST", "/data/_dash-update-component", body)[0] == 400
        _, headers, _ = fetch(address, "GET", "/data/")
        cookie = cookies(headers)
        token = {"X-CSRFToken": SimpleCookie(cookie["Cookie"])["dataviewer_csrf"].value}
        assert fetch(address, "POST", "/data/_dash-update-component", body, cookie)[0] == 400
        assert fetch(address, "POST", "/data/_dash-update-component", body, cookie | token)[0] == 200


# The process around it -----------------------------------------------------------------------------

DASH_VARIABLES = {
    "DASH_URL_BASE_PATHNAME": "/elsewhere/",
    "DASH_ROUTES_PATHNAME_PREFIX": "/elsewhere/",
    "DASH_REQUESTS_PATHNAME_PREFIX": "/elsewhere/",
    "DASH_APP_NAME": "elsewhere",
    "DASH_INCLUDE_ASSETS_FILES": "false",
    "DASH_ASSETS_EXTERNAL_PATH": "https://elsewhere.example/",
    "DASH_SUPPRESS_CALLBACK_EXCEPTIONS": "false",
    "DASH_COMPRESS": "true",
    "DASH_MCP_ENABLED": "true",
    "DASH_DEBUG": "true",
    "DASH_UI": "true",
    "DASH_PROPS_CHECK": "true",
    "DASH_HOT_RELOAD": "true",
    "DASH_PRUNE_ERRORS": "true",
    "dash_url_base_pathname": "/elsewhere/",
}


@pytest.mark.parametrize("names", [[name] for name in DASH_VARIABLES] + [list(DASH_VARIABLES)], ids=lambda n: n[0])
def test_variables_meant_for_other_dash_apps_change_nothing(monkeypatch, names):
    bare = reader(create_app(Catalog.from_frames(frames("box")), prefix="/data/").server).get("/data/").text
    for name in names:
        monkeypatch.setenv(name, DASH_VARIABLES[name])
    client = reader(create_app(Catalog.from_frames(frames("box")), prefix="/data/").server)
    whole(client, "/data/")
    assert without_token(client.get("/data/").text) == without_token(bare)
    assert client.get("/data/_mcp").status_code == 404


def without_token(page):
    return re.sub(r'"end_id":"[^"]*"', "", page)


def test_variables_of_the_process_are_as_before(monkeypatch):
    monkeypatch.setenv("DASH_URL_BASE_PATHNAME", "/elsewhere/")
    create_app(Catalog.from_frames(frames("box")))
    with pytest.raises(BadSetting):
        create_app(Catalog.from_frames(frames("box")), prefix="?")
    assert dash.Dash("another", add_log_handler=False).config.url_base_pathname == "/elsewhere/"


def test_the_process_keeps_its_templates_and_its_logging():
    def state():
        names = [None, "dash", "dash.dash", "werkzeug", "dataviewer", "tests"]
        loggers = [logging.getLogger(name) for name in names]
        return plotly.io.templates.default, [(each.handlers[:], each.level, each.propagate) for each in loggers]

    dash.Dash("first", add_log_handler=False)  # Dash itself sets the level of its own logger
    host = plain_host()
    before = state()
    mount(host, "/data", frames=frames("box"))
    whole(reader(host), "/data/")
    assert state() == before
    assert host.logger.handlers == plain_host().logger.handlers
    assert plotly.io.templates.default == "plotly"


# What cannot be done -------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["/a b/", "/a//b/", "/<x>/", "/a?b/", "/ü#/", "/a%20b/", "/a/\n", "{x}"])
def test_a_path_that_is_none_is_refused_by_its_name(prefix):
    with pytest.raises(BadSetting, match="prefix"):
        mount(plain_host(), prefix, frames=frames("box"))
    with pytest.raises(BadSetting, match="prefix"):
        mount(plain_host(), "/data", frames=frames("box"), settings={"public_prefix": prefix})


@pytest.mark.parametrize("prefix", ["/data/", "data", "/da_ta/"])
def test_two_viewers_at_one_path_are_refused(prefix):
    host = plain_host()
    mount(host, "/da/ta/" if "_" in prefix else "/data/", frames=frames("box"))
    with pytest.raises(BadSetting, match=f"/{prefix.strip('/')}/"):
        mount(host, prefix, frames=frames("box"))


def test_a_mount_after_the_first_request_says_so():
    host = plain_host()
    reader(host).get("/")
    with pytest.raises((AssertionError, BadSetting), match="first request"):
        mount(host, "/data", frames=frames("box"))


def test_frames_and_a_catalogue_are_one_too_many(catalog):
    with pytest.raises(BadSetting, match="frames or a catalog"):
        mount(plain_host(), "/data", frames=frames("box"), catalog=catalog)


def test_an_unknown_setting_is_named_with_those_there_are():
    with pytest.raises(BadSetting, match=r"'colour'.*public_prefix"):
        mount(plain_host(), "/data", frames=frames("box"), settings={"colour": "red"})


def test_no_frames_are_an_empty_catalogue():
    host = plain_host()
    mount(host, "/data", frames={})
    client = reader(host)
    assert client.get("/data/api/datasets").json == {"datasets": []}
    assert ask_table(client, "", "/data/")["table"]["data"] == []
    assert ask_chart(client, "", prefix="/data/")["graph"]["figure"]
