import gzip
import json
import re

import brotli
import pytest
from flask import Flask

from dataviewer import create_app
from tests.web import CHART, TABLE, addresses, callback_body, post, reader

CALLBACK = "_dash-update-component"
SCRIPT_HASH = re.compile(r"'sha256-[A-Za-z0-9+/]{43}='")
KINDS = [
    ("GET", "/", 200),
    ("HEAD", "/", 200),
    ("GET", "/_dash-layout", 200),
    ("GET", "/_dash-dependencies", 200),
    ("GET", "/_favicon.ico", 200),
    ("GET", "/assets/dataviewer.js", 200),
    ("GET", "/assets/dataviewer.css", 200),
    ("GET", "/api/datasets", 200),
    ("GET", "/api/datasets/Airq/rows.csv?size=max", 200),
    ("GET", "/healthz", 200),
    ("GET", "/show", 302),
    ("GET", "/nothing", 404),
    ("GET", "/assets/nothing.js", 404),
    ("GET", "/api/nothing", 404),
    ("GET", "/_dash-component-suites/x/y.js", 404),
    ("GET", "/api/datasets/Airq/rows.json?page=x", 400),
    ("POST", "/_dash-update-component", 400),
    ("POST", "/", 405),
    ("GET", "/?" + "x" * 5000, 414),
]


@pytest.fixture
def client(app):
    return reader(app.server)


def kinds(client):
    """Give a response of every kind that a viewer sends."""
    for method, path, status in KINDS:
        response = client.open(path, method=method)
        assert response.status_code == status, (method, path)
        yield f"{method} {path[:40]}", response
    yield "callback", table_answer(client)
    yield "plotly", client.get(plotly(client))


def table_answer(client, **options):
    return post(client, callback_body(client, TABLE, "?dataset=Airq"), **options)


def page(client):
    return client.get("/").text


def plotly(client):
    return re.search(r'data-plotly="([^"]+)"', page(client))[1]


def policy(response):
    rules = [rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; ")]
    assert len(dict(rules)) == len(rules)
    return dict(rules)


def test_scripts_are_ours_or_hashed_and_nothing_is_evaluated(client):
    rules = policy(client.get("/"))
    script, *hashes = rules.pop("script-src").split()
    assert script == "'self'"
    assert all(SCRIPT_HASH.fullmatch(each) for each in hashes)
    assert rules == {
        "default-src": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }


def test_every_script_of_the_page_is_a_file_data_or_hashed(client):
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page(client), re.S)
    inline = [text for attributes, text in scripts if "src=" not in attributes and "application/json" not in attributes]
    assert inline == ["var renderer = new DashRenderer();"]
    assert len(policy(client.get("/"))["script-src"].split()) == 1 + len(inline)
    assert not re.search(r"\son\w+=", page(client))


def test_every_kind_of_response_is_secured(client):
    rules = policy(client.get("/"))
    for name, response in kinds(client):
        assert policy(response) == rules, name
        for header, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
        ):
            assert response.headers.getlist(header) == [value], (name, header)


def test_only_files_under_a_changing_name_are_kept_for_a_year(client):
    named = [address for address in addresses(page(client)) if not address.startswith(("api/", "/_favicon"))]
    assert len(named) > 20
    for address in named:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
    for address in ("/assets/dataviewer.js", "/_dash-component-suites/plotly/package_data/plotly.min.js"):
        assert client.get(address).headers["Cache-Control"] == "no-cache", address


def test_answers_are_not_kept(client):
    assert table_answer(client).headers["Cache-Control"] == "private, no-store"
    assert client.get("/").headers["Cache-Control"] == "private, no-store"


def test_nothing_that_failed_is_kept_for_long(client):
    for name, response in kinds(client):
        if response.status_code >= 400:
            assert "max-age" not in response.headers.get("Cache-Control", ""), name
    assert "Cache-Control" not in client.get("/_dash-component-suites/dash/nothing.v1_0m1.js").headers


@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-dependencies", "/assets/dataviewer.js"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_what_did_not_change_is_not_sent_again(client, path, encoding):
    accepted = {"Accept-Encoding": encoding}
    first = client.get(path, headers=accepted)
    again = client.get(path, headers=accepted | {"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(path, headers=accepted | {"If-None-Match": '"other"'}).data == first.data


@pytest.mark.parametrize("path", ["/_dash-layout", "/_dash-dependencies"])
def test_the_layout_is_asked_for_each_time(client, path):
    assert client.get(path).headers["Cache-Control"] == "private, no-cache"


def test_a_body_that_is_compressed_has_no_strong_etag(client):
    # A strong one says that the bytes are the same, and a range of them would fit.
    for path in ("/_dash-layout", "/assets/dataviewer.js"):
        assert client.get(path, headers={"Accept-Encoding": "br"}).get_etag()[1] is True
        assert client.get(path).get_etag()[1] is False


DECODE = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/assets/dataviewer.js", "/assets/bootstrap.min.css", "plotly"])
def test_every_encoding_decodes_to_the_same_body(client, path):
    path = plotly(client) if path == "plotly" else path
    plain = client.get(path)
    assert "Content-Encoding" not in plain.headers
    for encoding in ("gzip", "br"):
        for _ in range(2):  # compressed, then as kept
            response = client.get(path, headers={"Accept-Encoding": encoding})
            assert response.headers.getlist("Content-Encoding") == [encoding]
            assert int(response.headers["Content-Length"]) == len(response.data) < len(plain.data)
            assert without_secrets(DECODE[encoding](response.data)) == without_secrets(plain.data)
            assert "Accept-Encoding" in response.headers["Vary"]


def without_secrets(body):
    # The page's configuration holds a token that Dash draws anew.
    return re.sub(rb'"end_id":"[^"]*"', b"", body)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("br;q=0", None),
        ("br;q=0, gzip;q=0", None),
        ("br;q=0.1, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("zstd", None),
        ("nonsense;q=x", None),
    ],
)
@pytest.mark.parametrize("path", ["/_dash-layout", "/assets/bootstrap.min.css", CALLBACK])
def test_the_reader_chooses_the_encoding(client, path, accepted, encoding):
    headers = {} if accepted is None else {"Accept-Encoding": accepted}
    response = table_answer(client, headers=headers) if path == CALLBACK else client.get(path, headers=headers)
    assert response.status_code == 200
    assert response.headers.get("Content-Encoding") == encoding
    assert len(DECODE[encoding](response.data)) > 500


def test_a_callback_is_compressed_to_the_same_answer(client):
    packed = table_answer(client, headers={"Accept-Encoding": "br"})
    assert json.loads(brotli.decompress(packed.data)) == table_answer(client).json


def test_what_the_host_compressed_is_not_compressed_again(catalog):
    host = Flask("host")
    create_app(catalog, server=host, prefix="/data")

    @host.after_request  # runs before ours: Flask runs the latest first
    def compress(response):
        response.direct_passthrough = False
        response.set_data(gzip.compress(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        return response

    client = reader(host)
    response = client.get("/data/assets/dataviewer.js", headers={"Accept-Encoding": "gzip, br"})
    assert response.headers.getlist("Content-Encoding") == ["gzip"]
    assert b"navigate" in gzip.decompress(response.data)


def test_pictures_and_short_answers_are_not_compressed(client):
    for path in ("/_favicon.ico", "/healthz"):
        assert "Content-Encoding" not in client.get(path, headers={"Accept-Encoding": "br"}).headers


@pytest.mark.parametrize(
    "path", ["/", "/_dash-layout", "/assets/dataviewer.js", "/api/datasets", "/healthz", "/nothing"]
)
@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_head_says_what_get_would(client, path, encoding):
    accepted = {"Accept-Encoding": encoding}
    head, get = client.head(path, headers=accepted), client.get(path, headers=accepted)
    assert head.data == b""
    assert head.status_code == get.status_code
    for header in ("Content-Type", "Content-Encoding", "Cache-Control", "ETag"):
        assert head.headers.get(header) == get.headers.get(header), header


@pytest.mark.parametrize("path", ["/api/datasets/Airq/rows.json", "/api/datasets/gap/mhtdata/rows.csv?size=max"])
def test_head_of_rows_reads_none(client, path):
    response = client.head(path)
    assert (response.status_code, response.data) == (200, b"")


def first_load(client):
    """Give address and response of all that a first look at the page loads."""
    accepted = {"Accept-Encoding": "gzip, deflate, br"}
    page = client.get("/", headers=accepted)
    yield "/", page
    html = brotli.decompress(page.data).decode()
    for address in addresses(html):
        if not address.startswith("api/"):  # the link for those without scripts
            yield address, client.get(address, headers=accepted)
    for address in ("/_dash-layout", "/_dash-dependencies"):
        yield address, client.get(address, headers=accepted)
    for asked, value in ((TABLE, ""), (CHART, {"query": "", "width": 1280})):
        yield asked, post(client, callback_body(client, asked, value), headers=accepted)


def test_a_first_load_is_below_two_megabytes_and_the_next_below_a_tenth_of_one(client):
    cold, warm = 0, 0
    for address, response in first_load(client):
        assert response.status_code == 200, address
        cold += len(response.data)
        if "immutable" in response.headers.get("Cache-Control", ""):
            continue
        again = {"Accept-Encoding": "gzip, deflate, br", "If-None-Match": response.headers.get("ETag", "")}
        kept = address.startswith("/_dash") and client.get(address, headers=again).status_code == 304
        warm += 0 if kept else len(response.data)
    assert 1_000_000 < cold < 2_000_000
    assert 1_000 < warm < 100_000


def test_the_page_tells_no_versions_of_what_serves_it(client):
    html = page(client)
    config = json.loads(re.search(r'id="_dash-config" type="application/json">(.*?)</script>', html)[1])
    private = {"python_version", "dash_version_url", "ddk_version", "plotly_cloud_installed"}
    assert not private & set(config)
    assert "python" not in html.casefold().replace("ipython", "")
    for name, response in kinds(client):
        assert not {"Server", "X-Powered-By", "Server-Timing"} & set(response.headers.keys()), name


def test_nothing_is_asked_of_another_host(client):
    for path in ("/", "/_dash-layout", "/_dash-dependencies"):
        found = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", client.get(path).text)
        assert found == [], path
    for address in addresses(page(client)):
        assert not re.match(r"\w+:|//", address)
        if ".css" in address:
            for url in re.findall(r"url\(\s*[\"']?(.{0,40})", client.get(address).text):
                assert url.startswith("data:"), url
            assert "@import" not in client.get(address).text
