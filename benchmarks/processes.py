"""What a server process costs: CPU seconds and memory, as Linux counts them.

`cpu_seconds` reads a process's CPU clock, which counts nanoseconds and all of its threads, those that have ended
included; /proc/PID/stat counts in hundredths of a second.
"""

import ctypes
import time
from dataclasses import dataclass

from tests import processes

IDLE_WINDOW_SECONDS = 0.5
IDLE_CPU_SECONDS = 0.01  # that a process at rest may use in one window
LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Memory:
    """Megabytes of a process: shared pages counted in full (rss), or divided by those who share them (pss)."""

    rss_mb: float
    pss_mb: float


def memory(pid: int) -> Memory:
    return Memory(round(processes.resident_mb(pid), 1), round(processes.proportional_mb(pid), 1))


def clock_seconds(pid: int) -> float:
    """Return the user and system CPU seconds of one process so far, 0 if it has ended."""
    clock = ctypes.c_int()
    if LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)):
        return 0.0
    return time.clock_gettime(clock.value)


def cpu_seconds(pid: int) -> float:
    """Return the user and system CPU seconds of a process and its children so far."""
    return sum(map(clock_seconds, processes.family(pid)))


def settle_cpu(pid: int) -> float:
    """Wait until the process is idle; return its CPU seconds at that point."""
    before = cpu_seconds(pid)
    while True:
        time.sleep(IDLE_WINDOW_SECONDS)
        after = cpu_seconds(pid)
        if after - before <= IDLE_CPU_SECONDS:
            return after
        before = after


def worker_of(master: int) -> int:
    """Return the one worker of a gunicorn."""
    (worker,) = processes.children(master)
    return worker
