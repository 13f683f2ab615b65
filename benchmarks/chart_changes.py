"""Measure both viewers when the kind of chart changes, and this one when a control beside the chart does.

What you get: `measure_dataset` goes through `KINDS` with one dataset in both viewers and returns one `Change` each. In
Streamlit every change runs the script again; beside a control of ours stands the rerun that draws the kind it belongs
to. The time ends with the last drawing of the chart, and for Streamlit with the end of the run if that is later.
"""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import streamlit_baseline, viewer_page
from benchmarks.datasets import bare_name
from benchmarks.viewer_server import Server

SCRIPT = Path(__file__).with_name("streamlit_charts.py")
KIND_BOX = ".st-key-kind input"
FIRST = "line"
KINDS = ("area", "scatter", "bar", FIRST)  # each a change from the one before, the first of them from FIRST
CONTROLS = ("color", "scale")  # beside the chart of the last of KINDS

# Small, with gaps, a panel, wide, of many rows; of all of them we offer the four kinds, and Streamlit draws them.
DATASETS = (
    "datasets/iris",
    "datasets/airquality",
    "datasets/mtcars",
    "Ecdat/Grunfeld",
    "Ecdat/University",
    "COUNT/rwm",
)
WARM_UP = "MASS/crabs"


@dataclass(frozen=True)
class Change:
    """A control set to a value, and the seconds until both viewers' charts had settled."""

    dataset: str
    key: str
    value: str
    seconds: float
    streamlit_seconds: float


def measure_dataset(page: Page, server: Server, other: Page, pid: int, id: str) -> list[Change]:
    """Choose a dataset in both viewers and change its charts; pid is the Streamlit server's."""
    viewer_page.measure_switch(page, id, server)
    if page.input_value("#choose-chart") != FIRST:
        viewer_page.measure_control(page, "chart", FIRST, server)
    streamlit_baseline.measure_switch(other, bare_name(id), pid)
    changes = [_change_kind(page, server, other, pid, id, kind) for kind in KINDS]
    rerun = changes[-1].streamlit_seconds
    for key in CONTROLS:
        for value in _other_values(page, key):
            seconds = viewer_page.measure_control(page, key, value, server)
            changes.append(Change(id, key, value, seconds, rerun))
    return changes


def _change_kind(page: Page, server: Server, other: Page, pid: int, id: str, kind: str) -> Change:
    seconds = viewer_page.measure_control(page, "chart", kind, server)
    switch = streamlit_baseline.measure_switch(other, kind, pid, KIND_BOX)
    if switch.error:
        raise RuntimeError(f"Streamlit drew no {kind} chart of {id!r}")
    return Change(id, "chart", kind, seconds, switch.seconds)


def _other_values(page: Page, key: str) -> list[str]:
    """Return the last option of a control and where it stands now, to go there and back; none if it offers nothing."""
    options = page.locator(f"#choose-{key} option").evaluate_all("options => options.map((option) => option.value)")
    if len(options) < 2:
        return []
    now = page.input_value(f"#choose-{key}")
    return [next(value for value in reversed(options) if value != now), now]
