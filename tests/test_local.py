"""show(): real scripts, a real notebook kernel, real requests."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from jupyter_client.manager import start_new_kernel

import dataviewer
from dataviewer.errors import BadSetting
from tests.conftest import ROOT, wait_until

FRAME = "import pandas as pd, dataviewer\nframe = pd.DataFrame({'n': range(3)})\n"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def get(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=30) as response:
        return response.read().decode()


def rows_at(url, dataset="frames/data"):
    return json.loads(get(f"{url.partition('?')[0]}api/datasets/{dataset}/rows.json"))["rows"]


@contextmanager
def script(code, tmp_path, **environment):
    """Run a script until its first line of output; yield the process and that line."""
    file = tmp_path / "script.py"
    file.write_text(code)
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, str(file)], env=ENVIRONMENT | environment, cwd=tmp_path, **options)
    try:
        yield process, process.stderr.readline()
    finally:
        process.kill()
        process.communicate()


def test_a_script_serves_until_it_is_interrupted_and_goes_on_then(tmp_path):
    code = FRAME + "shown = dataviewer.show(frame)\nprint('after', shown.url)"
    with script(code, tmp_path) as (process, line):
        url = re.fullmatch(
            r"dataviewer at (http://127\.0\.0\.1:\d+/\?dataset=frames/data) \(Ctrl\+C ends it\)\n", line
        )[1]
        assert "<title>dataviewer</title>" in get(url)
        assert rows_at(url) == [{"n": 0}, {"n": 1}, {"n": 2}]
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=30)
    assert (process.returncode, out, rest) == (0, f"after {url}\n", "")
    with pytest.raises(urllib.error.URLError):
        get(url)


def test_a_script_ends_quietly_though_a_browser_holds_a_connection(tmp_path):
    with script(FRAME + "dataviewer.show(frame)", tmp_path) as (process, line):
        port = int(re.search(r":(\d+)/", line)[1])
        with socket.create_connection(("127.0.0.1", port)):
            assert rows_at(f"http://127.0.0.1:{port}/")  # served behind it, so it has been accepted
            process.send_signal(signal.SIGINT)
            out, rest = process.communicate(timeout=30)
    assert (process.returncode, out, rest) == (0, "", "")


def test_a_script_that_need_not_wait_goes_on_and_ends(tmp_path):
    code = FRAME + "shown = dataviewer.show(frame, block=False)\nprint(shown.url)"
    (tmp_path / "script.py").write_text(code)
    command = [sys.executable, str(tmp_path / "script.py")]
    ran = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0 and ran.stderr == ""
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?dataset=frames/data\n", ran.stdout)


def test_a_browser_is_opened_on_request_at_the_address(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/opened\n')
    browser.chmod(0o755)
    with script(FRAME + "dataviewer.show(frame, open=True)", tmp_path, BROWSER=f"{browser} %s") as (_, line):
        opened = wait_until((tmp_path / "opened").exists, what="a browser") and (tmp_path / "opened").read_text()
        assert opened in line and opened.startswith("http://127.0.0.1:")


def test_what_is_typed_at_the_prompt_goes_on_at_once():
    typed = FRAME + "shown = dataviewer.show(frame)\nimport urllib.request\n"
    typed += "print('status', urllib.request.urlopen(shown.url).status)\nshown\nshown.close()\nprint('closed')\n"
    command = [sys.executable, "-i", "-q"]
    ran = subprocess.run(command, input=typed, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    lines = ran.stdout.splitlines()
    assert lines[0] == "status 200" and lines[2] == "closed"
    assert re.fullmatch(r"<dataviewer at http://127\.0\.0\.1:\d+/\?dataset=frames/data>", lines[1])


@pytest.fixture(scope="module")
def run():
    """A notebook's kernel: run(code) returns the messages that the code made."""
    manager, client = start_new_kernel(env=ENVIRONMENT, stderr=subprocess.DEVNULL)

    def run(code):
        messages = []
        client.execute_interactive(code, output_hook=messages.append, timeout=60)
        return messages

    yield run
    client.stop_channels()
    manager.shutdown_kernel()


def test_a_notebook_shows_the_viewer_in_a_frame_and_goes_on(run):
    messages = run(FRAME + "shown = dataviewer.show(frame)\nshown")
    assert not [message["content"] for message in messages if message["msg_type"] in ("stream", "error")]
    data = next(message["content"]["data"] for message in messages if message["msg_type"] == "execute_result")
    url = re.search(r'<iframe src="([^"]+)"', data["text/html"])[1]
    assert data["text/plain"] == f"<dataviewer at {url}>"
    assert rows_at(url) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert not [message for message in run("shown.close()") if message["msg_type"] == "error"]
    with pytest.raises(urllib.error.URLError):
        get(url)


@pytest.fixture
def shown():
    shown = dataviewer.show(pd.DataFrame({"n": [1]}), block=False)
    yield shown
    shown.close()


def test_a_page_of_a_notebook_may_frame_it_and_others_not(shown):
    with urllib.request.urlopen(shown.url) as response:
        policy = dict(rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'self' http://localhost:* http://127.0.0.1:* vscode-webview:"


def test_a_notebook_shows_the_viewer_in_a_real_browser(shown, browser, tmp_path):
    (tmp_path / "notebook.html").write_text(shown._repr_html_())
    handler = (
        "import http.server as h; h.test(h.SimpleHTTPRequestHandler, h.ThreadingHTTPServer, port=0, bind='127.0.0.1')"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", handler],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as notebook:
        port = re.search(r"port (\d+)", notebook.stdout.readline())[1]
        page = browser.new_page()
        page.goto(f"http://localhost:{port}/notebook.html")
        page.frame_locator("iframe").locator("#table td[data-dash-column=c0]").first.wait_for()
        page.close()
        notebook.terminate()


def test_a_name_that_leads_here_is_no_way_in(shown):
    assert "dataviewer" in get(shown.url, Host="localhost:1")
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(shown.url, Host="elsewhere.example")
    with refused.value:
        assert refused.value.code == 400


def test_several_frames_are_shown_by_name_whoever_made_them():
    frames = {"pandas": pd.DataFrame({"n": [1]}), "polars": pl.DataFrame({"n": [2]}), "arrow": pa.table({"n": [3]})}
    shown = dataviewer.show(frames, block=False)
    try:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", shown.url)
        assert [rows_at(shown.url, f"frames/{name}") for name in frames] == [[{"n": 1}], [{"n": 2}], [{"n": 3}]]
    finally:
        shown.close()


def test_two_do_not_meet(shown):
    other = dataviewer.show({"mine": pd.DataFrame({"n": [2]})}, block=False)
    try:
        assert other.url.split("?")[0] != shown.url.split("?")[0]
        assert rows_at(other.url, "frames/mine") == [{"n": 2}]
        assert rows_at(shown.url) == [{"n": 1}]
    finally:
        other.close()
    assert rows_at(shown.url) == [{"n": 1}]


def test_closing_twice_is_closing(shown):
    shown.close()
    shown.close()
    with pytest.raises(urllib.error.URLError):
        get(shown.url)


def test_a_host_behind_a_proxy_in_the_environment_moves_nothing(monkeypatch):
    monkeypatch.setenv("DATAVIEWER_PUBLIC_PREFIX", "/elsewhere/")
    shown = dataviewer.show(pd.DataFrame({"n": [1]}), block=False)
    try:
        assert "/elsewhere/" not in get(shown.url)
    finally:
        shown.close()


@pytest.mark.parametrize("wrong", [[1, 2], "a.csv", None, pd.Series([1]), {"a": 3}, pl.LazyFrame({"a": [1]})])
def test_what_is_no_frame_is_refused_with_its_type(wrong):
    with pytest.raises(BadSetting, match="is of the type |, of the type "):
        dataviewer.show(wrong, block=False)


def test_nothing_to_show_is_said():
    with pytest.raises(BadSetting, match="no frame"):
        dataviewer.show({}, block=False)
