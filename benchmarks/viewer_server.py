"""Measure the viewer's server: how it starts, what opening a dataset costs it, what it holds in memory.

What you get: `measure_start` converts the archive into a fresh folder and opens the store again; `serve` is a real
gunicorn of one worker; `open_all` opens every dataset on it, over HTTP, as the page does.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import SimpleNamespace

from benchmarks.browser import VIEWPORT
from benchmarks.processes import Memory, clock_seconds, memory, worker_of
from dataviewer import View
from tests import web
from tests.conftest import ROOT, free_port, running

CACHE = "DATAVIEWER_CACHE"
TIMES_AGAIN = 3  # that every dataset is opened once each was; the median counts
HEADERS = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate, br, zstd"}  # Chromium's
TIMED_START = """
import json, time
from dataviewer import create_app
from dataviewer.sources import store
from dataviewer import settings
begin = time.perf_counter()
store.open_store(settings.read()["cache"])
opened = time.perf_counter()
create_app()
print(json.dumps([opened - begin, time.perf_counter() - opened]))
"""


@dataclass(frozen=True)
class Start:
    """Seconds to convert the archive, and to be ready to answer when that was done by an earlier process."""

    conversion_seconds: float
    ready_seconds: float


@dataclass(frozen=True)
class Opening:
    """CPU seconds of the worker for the table and the chart of a dataset: the first time, and again."""

    id: str
    first_seconds: float
    again_seconds: float


@dataclass(frozen=True)
class Opened:
    """Every dataset's opening, and the worker's memory once each was opened, and once all were opened again."""

    openings: list[Opening]
    memory_first: Memory
    memory_again: Memory


@dataclass(frozen=True)
class Server:
    """A gunicorn of one worker, and the worker's process id."""

    port: int
    worker: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def measure_start(cache: Path) -> Start:
    """Return how long the first and a later process take; `cache` is an empty folder. Imports are not counted."""
    conversion, _ = _timed_start(cache)
    _, ready = _timed_start(cache)
    return Start(round(conversion, 2), round(ready, 3))


def _timed_start(cache: Path) -> list[float]:
    command = [sys.executable, "-c", TIMED_START]
    ran = subprocess.run(command, cwd=ROOT, env=_environment(cache), capture_output=True, text=True, check=True)
    return json.loads(ran.stdout)


def _environment(cache: Path) -> dict[str, str]:
    """Return the environment without what would change the viewer's settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DATAVIEWER_")}
    return ours | {CACHE: str(cache)}


@contextmanager
def serve(cache: Path) -> Iterator[Server]:
    """Yield a viewer under gunicorn, set up as in production, of one worker."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "app:server", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    url = f"http://127.0.0.1:{port}/healthz"
    with running([*command, "--log-level", "warning"], url, cwd=ROOT, env=_environment(cache)) as master:
        yield Server(port, worker_of(master.pid))


@dataclass(frozen=True)
class Client:
    """What asks the server, over one connection that is kept open."""

    connection: HTTPConnection

    def get(self, path: str) -> SimpleNamespace:
        self.connection.request("GET", path)
        return SimpleNamespace(json=json.load(self.connection.getresponse()))

    def post(self, body: dict) -> None:
        self.connection.request("POST", "/_dash-update-component", json.dumps(body), HEADERS)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"the server answered {response.status}: {answer[:200]!r}")


def open_all(server: Server, limit: int | None = None) -> Opened:
    """Open every dataset (or the first `limit`), then all of them again, TIMES_AGAIN times."""
    client = Client(HTTPConnection("127.0.0.1", server.port))
    ids = [dataset["id"] for dataset in client.get("/api/datasets").json["datasets"]][:limit]
    wiring = client.get("/_dash-dependencies")
    page = SimpleNamespace(get=lambda path: wiring)
    bodies = [_bodies(page, id) for id in ids]
    first = [_cpu_of(client, server, pair) for pair in bodies]
    memory_first = memory(server.worker)
    again = zip(*([_cpu_of(client, server, pair) for pair in bodies] for _ in range(TIMES_AGAIN)))
    medians = map(statistics.median, again)
    openings = [Opening(id, round(once, 5), round(more, 5)) for id, once, more in zip(ids, first, medians)]
    return Opened(openings, memory_first, memory(server.worker))


def _bodies(page: SimpleNamespace, id: str) -> list[dict]:
    """Return what the page posts for a dataset: the table's callback, then the chart's."""
    query = f"?{View(id).to_query_string()}"
    asked = {"query": query, "width": VIEWPORT["width"]}
    return [web.callback_body(page, web.TABLE, query), web.callback_body(page, web.CHART, asked)]


def _cpu_of(client: Client, server: Server, bodies: Sequence[dict]) -> float:
    before = clock_seconds(server.worker)
    for body in bodies:
        client.post(body)
    return clock_seconds(server.worker) - before
