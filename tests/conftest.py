"""What tests share: one converted store, a viewer of it, a real server, a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from dataviewer import Catalog, create_app
from dataviewer.engine import Engine
from tests.pages import Viewer

# A machine that does something else besides is no reason to fail, and what a run finds the next one finds again.
hypothesis.settings.register_profile("patient", deadline=None, derandomize=True)
hypothesis.settings.load_profile("patient")

ROOT = Path(__file__).parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def catalog(cache) -> Catalog:
    return Catalog()


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="session")
def app(catalog):
    return create_app(catalog)


@pytest.fixture
def client(app):
    return app.server.test_client()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(condition, seconds: float = 30.0, what: str = "the condition") -> object:
    """Return what `condition` gives as soon as it is true; fail after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)  # between two looks, not instead of one
    raise AssertionError(f"{what} did not come true within {seconds} s")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


@contextmanager
def running(command: list[str], url: str, **options) -> Iterator[subprocess.Popen]:
    """Start a server and yield it once `url` answers; end it and all that it started afterwards."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        wait_until(lambda: answers(url) or process.poll() is not None, 60, f"an answer from {url}")
        assert process.poll() is None, f"{command} ended with {process.returncode}"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()


@pytest.fixture(scope="session")
def server_url(catalog) -> Iterator[str]:
    """The address of the viewer under a real gunicorn, one worker of four threads; the store is there already."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "app:server", "--bind", f"127.0.0.1:{port}"]
    with running([*command, "--log-level", "warning"], f"http://127.0.0.1:{port}/healthz", cwd=ROOT):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium: the one installed on this machine, else Playwright's own."""
    installed = next(filter(None, map(shutil.which, ("chromium", "google-chrome", "chromium-browser"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def context(browser):
    """One visitor of many pages, whose browser keeps the files that may be kept."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def seen(context, server_url):
    """A page of the viewer, on which nothing may happen that must not."""
    page = context.new_page()
    seen = Viewer(page, server_url)
    yield seen
    unwanted = seen.unwanted()
    page.close()
    assert unwanted == []
