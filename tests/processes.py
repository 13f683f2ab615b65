"""Processes as Linux shows them in /proc: who started whom, who lives, and what they hold in memory."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROC = Path("/proc")
needs_proc = pytest.mark.skipif(not (PROC / "self" / "status").exists(), reason="reads Linux's /proc")


def children(pid: int) -> set[int]:
    """Return the processes that a process has started and that still run."""
    found = set()
    for status in PROC.glob("[0-9]*/status"):
        fields = _fields(status)
        if fields.get("PPid") == str(pid) and not fields["State"].startswith("Z"):
            found.add(int(fields["Pid"]))
    return found


def family(pid: int) -> set[int]:
    """Return a process and all that it, and those, have started."""
    return {pid}.union(*(family(child) for child in children(pid)))


def is_alive(pid: int) -> bool:
    return _fields(PROC / str(pid) / "status").get("State", "Z")[0] not in "ZX"


def command(pid: int) -> str:
    return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()


def resident_mb(pid: int) -> float:
    """Return what a process holds in memory, what it shares with others counted in full."""
    return _megabytes(PROC / str(pid) / "status", "VmRSS")


def open_files(pid: int) -> int:
    """Return how many files, sockets included, a process has open."""
    return len(list((PROC / str(pid) / "fd").iterdir()))


def forget_peak(pid: int) -> None:
    """Let `peak_mb` tell the most that a process holds from now on."""
    (PROC / str(pid) / "clear_refs").write_text("5")


def peak_mb(pid: int) -> float:
    """Return the most that a process has held in memory, what it shares counted in full."""
    return _megabytes(PROC / str(pid) / "status", "VmHWM")


def is_idle(pid: int) -> bool:
    """Return whether no thread of a process runs or waits for a disk."""
    return all(_fields(status).get("State", "S")[0] == "S" for status in (PROC / str(pid) / "task").glob("*/status"))


def proportional_mb(pid: int) -> float:
    """Return what a process holds in memory, what it shares divided by those who share it."""
    return _megabytes(PROC / str(pid) / "smaps_rollup", "Pss")


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Hold processes still, so that others must answer."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def _megabytes(path: Path, field: str) -> float:
    return int(_fields(path)[field].split()[0]) / 1024


def _fields(path: Path) -> dict[str, str]:
    try:
        return dict(re.findall(r"^(\w+):\s*(.*)$", path.read_text(), re.MULTILINE))
    except (FileNotFoundError, ProcessLookupError):
        return {}  # it has ended meanwhile
