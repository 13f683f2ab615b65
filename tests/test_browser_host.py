"""The page inside somebody's Flask app, with its login and its CSRF protection, in a real browser."""

import threading

import flask
import pandas as pd
import pytest
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

import dataviewer
from tests.pages import viewer


@pytest.fixture(scope="module")
def host_url():
    """A host with two viewers below paths of its own; /login?user= signs in, /logout out."""
    host = flask.Flask("host")
    host.secret_key = "only for this test"
    CSRFProtect(host)
    numbers = pd.DataFrame({"n": range(100), "square": [n * n for n in range(100)]})
    words = pd.DataFrame({"word": ["a", "b", None, ""], "length": [1.0, 1.0, None, 0.0]})
    dataviewer.mount(host, "/numbers", frames={"numbers": numbers})
    dataviewer.mount(host, "/words", frames={"words": words})

    @host.before_request
    def require_login():
        if flask.request.path not in ("/login", "/logout", "/favicon.ico") and "user" not in flask.session:
            return flask.redirect("/login?next=" + flask.request.path)

    @host.get("/login")
    def login():
        if user := flask.request.args.get("user"):
            flask.session["user"] = user
            return "<title>signed in</title>"
        return "<title>who are you?</title>"

    @host.get("/favicon.ico")
    def icon():
        return ""

    @host.get("/logout")
    def logout():
        flask.session.clear()
        return "<title>signed out</title>"

    server = make_server("127.0.0.1", 0, host, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def guest(browser, host_url):
    with viewer(browser, host_url) as page:
        yield page


def test_a_mounted_viewer_works_under_csrf_protection(guest):
    guest.page.goto(f"{guest.url}/login?user=someone")
    guest.url += "/numbers"
    guest.open("?dataset=numbers").sort(1).sort(1)
    assert guest.column(1)[0] == "9801"
    assert guest.unwanted() == []


def test_two_viewers_of_one_host_do_not_meet(guest):
    guest.page.goto(f"{guest.url}/login?user=someone")
    address = guest.url
    guest.url = f"{address}/words"
    assert guest.open().column(0) == ["frames/words"]
    guest.url = f"{address}/numbers"
    assert guest.open().column(0) == ["frames/numbers"]
    assert guest.open("?dataset=words").title == "There is no dataset called “words”"


def test_an_expired_token_is_renewed_without_a_word(guest):
    guest.page.goto(f"{guest.url}/login?user=someone")
    guest.url += "/numbers"
    guest.open("?dataset=numbers")
    guest.page.evaluate("document.cookie = 'dataviewer_csrf=stale; path=/numbers/'")
    guest.sort(1).sort(1)
    assert guest.column(1)[0] == "9801"


def test_a_login_page_instead_of_an_answer_becomes_a_sentence(guest):
    guest.page.goto(f"{guest.url}/login?user=someone")
    address, guest.url = guest.url, f"{guest.url}/numbers"
    guest.open("?dataset=numbers")
    guest.page.request.get(f"{address}/logout")
    guest.page.locator("#table th[data-dash-column=c1] .column-header--sort").click()
    guest.page.wait_for_function("() => /signed out/.test(document.querySelector('#status').textContent)")
    assert guest.column(1)[0] == "0"


def test_a_guest_sees_nothing_of_the_data(guest):
    guest.page.goto(f"{guest.url}/numbers/?dataset=numbers")
    assert guest.page.title() == "who are you?"  # the host sent the guest to its login
    answer = guest.page.request.get(f"{guest.url}/numbers/api/datasets", max_redirects=0)
    assert answer.status == 302
