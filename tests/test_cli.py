"""The command `dataviewer`, as people and scripts start it."""

import errno
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from dataviewer import settings
from tests import processes
from tests.conftest import ROOT, free_port, running, wait_until

COMMAND = [sys.executable, "-m", "dataviewer.cli"]


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without what would say where to listen, and with `variables`."""
    names = {"HOST", "PORT", "DATAVIEWER_HOST", "DATAVIEWER_PORT", "WEB_CONCURRENCY"}
    return {name: value for name, value in os.environ.items() if name not in names} | variables


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment(**variables), timeout=60)


@contextmanager
def serving(url: str, *arguments: str, **variables: str) -> Iterator[subprocess.Popen]:
    command = [*COMMAND, "serve", *arguments]
    with running(command, f"{url}/healthz", cwd=ROOT, env=environment(**variables)) as process:
        yield process


@contextmanager
def listening() -> Iterator[int]:
    """A port that somebody else listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_list_gives_a_line_for_each_of_the_757_datasets(catalog):
    listed = run("list")
    assert listed.returncode == 0
    lines = listed.stdout.splitlines()
    assert len(lines) == 757
    assert [line.split("\t")[0] for line in lines] == list(catalog)
    assert "Ecdat/Airq\tAir Quality for Californian Metropolitan Areas" in lines


def test_list_ends_quietly_when_nobody_reads_on(catalog):
    with subprocess.Popen([*COMMAND, "list"], stdout=-1, stderr=-1, cwd=ROOT, env=environment()) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_serve_answers_at_the_port_it_was_given(catalog):
    url = f"http://127.0.0.1:{free_port()}"
    with serving(url, "--port", url.rpartition(":")[2]), urllib.request.urlopen(f"{url}/?dataset=Ecdat/Airq") as page:
        assert page.status == 200
        assert b"<title>dataviewer" in page.read()


def test_serve_says_where_it_answers(catalog):
    with subprocess.Popen([*COMMAND, "serve", "--port", "0"], stderr=-1, cwd=ROOT, env=environment()) as process:
        try:
            name, at, url = process.stderr.readline().decode().split()
            assert (name, at) == ("dataviewer", "at")
            with urllib.request.urlopen(f"{url}api/datasets/Ecdat/Airq/rows.json", timeout=60) as page:
                assert page.status == 200
        finally:
            process.terminate()
        assert process.stderr.read() == b""


@processes.needs_proc
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_serve_ends_with_status_0_and_leaves_no_process(catalog, sign):
    port = free_port()
    with serving(f"http://127.0.0.1:{port}", "--port", str(port)) as process:
        started = processes.family(process.pid)
        assert len(started) == 2
        process.send_signal(sign)
        assert process.wait(10) == 0
        wait_until(lambda: not any(map(processes.is_alive, started)), what="the end of every process")
    with closing(socket.socket()) as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("variable", ["PORT", "DATAVIEWER_PORT"])
def test_serve_listens_at_the_port_of_the_environment(catalog, variable):
    port = free_port()
    with serving(f"http://127.0.0.1:{port}", **{variable: str(port)}):
        pass  # it answers, or `serving` fails


@processes.needs_proc  # of other systems' loopback only 127.0.0.1 can be listened at
@pytest.mark.parametrize("variable", ["HOST", "DATAVIEWER_HOST"])
def test_serve_listens_at_the_host_of_the_environment_and_at_no_other(catalog, variable):
    port = free_port()
    url = f"http://127.0.0.2:{port}"
    with serving(url, "--port", str(port), **{variable: "127.0.0.2"}), closing(socket.socket()) as client:
        assert client.connect_ex(("127.0.0.1", port)) != 0


def test_what_the_command_says_counts_more_than_the_environment(catalog):
    port = free_port()
    with serving(f"http://127.0.0.1:{port}", "--port", str(port), PORT="no number", DATAVIEWER_PORT="1"):
        pass  # it answers, or `serving` fails


def test_a_server_writes_nothing_into_the_home_folder(catalog, tmp_path):
    port = free_port()
    with serving(f"http://127.0.0.1:{port}", "--port", str(port), HOME=str(tmp_path)):
        assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_named_in_one_sentence():
    with listening() as port:
        failed = run("serve", "--port", str(port))
    assert failed.returncode == 2
    assert failed.stderr == f"dataviewer: Cannot listen at 127.0.0.1, port {port}: {os.strerror(errno.EADDRINUSE)}.\n"


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        (["serve", "--port", "x"], {}, "'x'"),
        (["serve", "--port", "65536"], {}, "65536"),
        (["serve", "--port", "-1"], {}, "-1"),
        (["serve", "--host", "192.0.2.1"], {}, "192.0.2.1"),
        (["serve"], {"PORT": "eighty"}, "'eighty'"),
        (["serve"], {"DATAVIEWER_MEMORY_MB": "lots"}, "DATAVIEWER_MEMORY_MB"),
        (["serve"], {"DATAVIEWER_PUBLIC_PREFIX": "a b"}, "'a b'"),
        (["serve", "--colour", "red"], {}, "--colour"),
        (["sreve"], {}, "'sreve'"),
        ([], {}, "command"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_with_status_2(arguments, variables, named):
    failed = run(*arguments, **{"PORT": "0"} | variables)
    assert failed.returncode == 2
    (line,) = failed.stderr.splitlines()
    assert line.startswith("dataviewer: ")
    assert line.endswith(".")
    assert named in line
    assert failed.stdout == ""


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"]])
def test_help_names_every_setting_with_its_default(arguments):
    shown = run(*arguments)
    assert shown.returncode == 0
    for setting in settings.SETTINGS:
        (line,) = (line for line in shown.stdout.splitlines() if setting.variable in line.split())
        assert setting.help in line
        assert repr(setting.default) in line
