"""The Procfile as a platform starts it: two workers that answer, are killed, are stopped, and stay small."""

import http.client
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event

import pytest

from tests import processes
from tests.conftest import ROOT, free_port, running, wait_until

pytestmark = processes.needs_proc

DEPLOYED = ("app.py", "gunicorn.conf.py", "Procfile", "assets", "dataviewer")
CLIENTS = 8
OUTAGE_MAX = 5  # seconds
MEMORY_MAX = 300  # MB a worker


@dataclass(frozen=True)
class Platform:
    """honcho with the Procfile's process, answering at `port`, with `home` for its home folder."""

    pid: int
    port: int
    home: Path

    @property
    def workers(self) -> set[int]:
        gunicorns = {pid for pid in processes.family(self.pid) if "app:server" in processes.command(pid)}
        return {pid for pid in gunicorns if not gunicorns & processes.children(pid)}

    @cached_property
    def callbacks(self) -> list[dict]:
        return json.loads(get(self.port, "/_dash-dependencies"))


def copy_repository(folder: Path) -> Path:
    for name in DEPLOYED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


@contextmanager
def deployed(folder: Path, cache: Path) -> Iterator[Platform]:
    """Start the Procfile in a copy of the repository at `folder`, with WEB_CONCURRENCY=2."""
    home, port = folder / "home", free_port()
    home.mkdir()
    bin = Path(sys.executable).parent
    environment = os.environ | {
        "PATH": f"{bin}{os.pathsep}{os.environ['PATH']}",
        "PORT": str(port),
        "WEB_CONCURRENCY": "2",
        "HOME": str(home),
        "DATAVIEWER_CACHE": str(cache),
    }
    honcho = [str(bin / "honcho"), "start", "-f", "Procfile"]
    url = f"http://127.0.0.1:{port}/healthz"
    with running(honcho, url, cwd=copy_repository(folder), env=environment) as process:
        platform = Platform(process.pid, port, home)
        wait_until(lambda: len(platform.workers) == 2, what="the second worker")
        yield platform


@pytest.fixture(scope="module")
def platform(tmp_path_factory, catalog, cache) -> Iterator[Platform]:
    with deployed(tmp_path_factory.mktemp("deployed"), cache) as platform:
        yield platform


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def get(port: int, path: str) -> bytes:
    with closing(connect(port)) as connection:
        connection.request("GET", path)
        response = connection.getresponse()
        assert response.status == 200, f"{path} answered {response.status}"
        return response.read()


def asked(platform: Platform, input: str, value: object) -> bytes:
    """Return the request that the page sends when the property `input` changes to `value`."""
    (callback,) = (
        c
        for c in platform.callbacks
        if [f"{i['id']}.{i['property']}" for i in c["inputs"]] == [input] and not c["clientside_function"]
    )
    places = [place.rpartition(".") for place in callback["output"].strip(".").split("...")]
    body = {
        "output": callback["output"],
        "outputs": [{"id": id, "property": property} for id, _, property in places],
        "inputs": [place | {"value": value} for place in callback["inputs"]],
        "state": [],
        "changedPropIds": [input],
    }
    return json.dumps(body).encode()


def ask_table(platform: Platform, dataset: str) -> bytes:
    return asked(platform, "table-view.data", f"dataset={dataset}")


def ask_chart(platform: Platform, dataset: str) -> bytes:
    return asked(platform, "chart-view.data", {"query": f"dataset={dataset}", "width": 900})


def post(connection: http.client.HTTPConnection, body: bytes, **headers: str) -> bytes:
    headers = {"Content-Type": "application/json", **headers}
    connection.request("POST", "/_dash-update-component", body, headers)
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 200, f"{body!r} answered {response.status}"
    return answer


def post_alone(platform: Platform, body: bytes) -> bytes:
    with closing(connect(platform.port)) as connection:
        return post(connection, body, Connection="close")


def assert_everything_answers(platform: Platform) -> None:
    assert b"<title>dataviewer" in get(platform.port, "/?dataset=Ecdat/Airq")
    assert b"Air Quality for Californian" in post_alone(platform, ask_table(platform, "Ecdat/Airq"))
    assert json.loads(get(platform.port, "/api/datasets/Ecdat/Airq/rows.json"))["total"] == 30


def test_the_procfile_has_one_process_named_web():
    (line,) = (ROOT / "Procfile").read_text().splitlines()
    assert line.startswith("web: gunicorn ")
    assert line.endswith(" app:server")


def test_each_worker_answers_the_page_its_callbacks_and_the_api_while_the_other_stands_still(platform):
    for worker in platform.workers:
        with processes.stopped(worker):
            assert_everything_answers(platform)


def test_nothing_is_written_into_the_home_folder(platform):
    assert_everything_answers(platform)
    assert list(platform.home.iterdir()) == []


@dataclass(frozen=True)
class Try:
    """One request of a client: when it began and ended, and whether it was answered."""

    start: float
    end: float
    answered: bool


def hammer(platform: Platform, body: bytes, tries: list[Try], stop: Event) -> None:
    """Ask without pause until `stop`, each time on a new connection, as a proxy does that keeps none."""
    while not stop.is_set():
        start = time.monotonic()
        try:
            answered = b"Air Quality" in post_alone(platform, body)
        except (OSError, http.client.HTTPException):
            answered = False
        tries.append(Try(start, time.monotonic(), answered))


def longest_outage(tries: list[Try]) -> float:
    """Return the longest time from the start of a request that failed to the end of the next that did not."""
    longest, since = 0.0, None
    for one in tries:
        if one.answered and since is not None:
            longest, since = max(longest, one.end - since), None
        elif not one.answered and since is None:
            since = one.start
    return longest if since is None else float("inf")


def wait_for_answers(clients: list[list[Try]]) -> None:
    """Return when each client has been answered once more than now."""
    now = [len(tries) for tries in clients]
    wait_until(
        lambda: all(any(one.answered for one in tries[n:]) for tries, n in zip(clients, now, strict=True)),
        what="an answer to each client",
    )


def test_a_killed_worker_costs_each_client_one_request_at_most_and_is_replaced(platform):
    body = ask_table(platform, "Ecdat/Airq")
    clients, stop = [[] for _ in range(CLIENTS)], Event()
    first = platform.workers
    with ThreadPoolExecutor(CLIENTS) as pool:
        running = [pool.submit(hammer, platform, body, tries, stop) for tries in clients]
        try:
            for killed in first:
                wait_for_answers(clients)
                os.kill(killed, signal.SIGKILL)
                wait_until(lambda gone=killed: len(platform.workers - {gone}) == 2, what="a worker in place of it")
                wait_for_answers(clients)
        finally:
            stop.set()
    assert [client.exception() for client in running] == [None] * CLIENTS
    assert not platform.workers & first
    outages = [longest_outage(tries) for tries in clients]
    lost = [sum(not one.answered for one in tries) for tries in clients]
    print(f"{sum(map(len, clients))} requests, {sum(lost)} lost, longest outage {max(outages):.3f} s")
    assert max(outages) < OUTAGE_MAX
    assert max(lost) <= len(first)
    test_each_worker_answers_the_page_its_callbacks_and_the_api_while_the_other_stands_still(platform)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_no_process_is_left_when_the_platform_stops(tmp_path, catalog, cache, sign):
    with deployed(tmp_path, cache) as platform:
        started = processes.family(platform.pid)
        assert len(started) >= 4  # honcho, gunicorn's master, two workers
        os.kill(platform.pid, sign)
        wait_until(lambda: not any(map(processes.is_alive, started)), what="the end of every process")
    with pytest.raises(ConnectionRefusedError):
        get(platform.port, "/healthz")


def connect_to(platform: Platform, worker: int) -> http.client.HTTPConnection:
    """Return a connection that one worker has taken and keeps."""
    with processes.stopped(*platform.workers - {worker}):
        connection = connect(platform.port)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
    return connection


def open_all(platform: Platform, connection: http.client.HTTPConnection, ids: list[str]) -> None:
    for id in ids:
        post(connection, ask_table(platform, id))
        post(connection, ask_chart(platform, id))


@pytest.mark.parametrize("store", ["is there already", "is made at the start"])
def test_a_worker_that_has_shown_every_dataset_stays_small(tmp_path, catalog, cache, store):
    with (
        deployed(tmp_path, cache if store == "is there already" else tmp_path / "cache") as platform,
        ExitStack() as open,
    ):
        workers = sorted(platform.workers)
        connections = [open.enter_context(closing(connect_to(platform, worker))) for worker in workers]
        with ThreadPoolExecutor(len(workers)) as pool:
            for done in [pool.submit(open_all, platform, one, list(catalog)) for one in connections]:
                done.result()
        assert sorted(platform.workers) == workers
        for worker in workers:
            resident, share = processes.resident_mb(worker), processes.proportional_mb(worker)
            print(f"store {store}: {resident:.0f} MB resident, {share:.0f} MB its share")
            assert resident < MEMORY_MAX
