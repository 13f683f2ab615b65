"""Measure a condition set and taken back: the viewer, D-Tale and Datasette: `python -m benchmarks.filters`.

The three show the same rows, each on a fresh server and in a Chromium of its own, warmed up, at rest before each act;
they take turns with every act. After each, the number of rows that the page tells must be the one that pandas counts.
Prints rows of Markdown.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

from playwright.sync_api import Page, sync_playwright

from benchmarks import datasette_page, dtale_page, environments, neighbours, viewer_filters, viewer_server
from benchmarks.browser import Act, browser_page, installed_chromium
from benchmarks.conditions import CONDITIONS, WARM_UP, Condition, count_rows
from benchmarks.markdown import Row, ms, ratio, spread
from benchmarks.processes import settle_cpu
from dataviewer import Catalog


@dataclass(frozen=True)
class Change:
    """What was set, or taken back, and how long the three viewers took."""

    dataset: str
    words: str
    viewer: Act
    dtale: Act
    datasette: Act


@dataclass(frozen=True)
class Tool:
    """A viewer: the functions that work it, its page in a browser of its own, where its tables are, its process."""

    does: ModuleType
    page: Page
    url: str
    pid: int

    def act(self, prepare: Callable[[Page], None], act: Callable[[Page], Act], rows: int) -> Act:
        """Return how long the act takes, once what prepares it is done and the server rests."""
        prepare(self.page)
        settle_cpu(self.pid)
        seen = act(self.page)
        if (told := self.does.rows_told(self.page)) != rows:
            raise RuntimeError(f"{self.does.__name__} tells {told} rows, not {rows}")
        return Act(*(round(seconds, 4) for seconds in astuple(seen)))


Pages = Callable[[], AbstractContextManager[Page]]


def measure(cache: Path, pages: Pages, limit: int | None = None) -> list[Change]:
    """Return the changes of the first `limit` datasets, None for all; `pages` gives a page of a fresh browser."""
    catalog = Catalog(settings={"cache": str(cache)})
    chosen = dict(list(CONDITIONS.items())[:limit])
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "tables.db"
        neighbours.write_database(database, catalog, [*WARM_UP, *chosen])
        with _tools(cache, database, pages) as tools:
            _change_all(tools, catalog, WARM_UP)
            return _change_all(tools, catalog, chosen)


@contextmanager
def _tools(cache: Path, database: Path, pages: Pages) -> Iterator[list[Tool]]:
    """Yield the viewer, D-Tale and Datasette."""
    with ExitStack() as stack:
        server = stack.enter_context(viewer_server.serve(cache))
        dtale = stack.enter_context(neighbours.serve_dtale(environments.install(environments.DTALE), database))
        python = environments.install(environments.DATASETTE)
        datasette = stack.enter_context(neighbours.serve_datasette(python, database))
        tools = [
            Tool(viewer_filters, stack.enter_context(pages()), server.url, server.worker),
            Tool(dtale_page, stack.enter_context(pages()), dtale.url, dtale.pid),
            Tool(datasette_page, stack.enter_context(pages()), datasette.url, datasette.pid),
        ]
        for tool in tools:
            tool.page.add_init_script(tool.does.INIT_SCRIPT)
        yield tools


def _change_all(tools: list[Tool], catalog: Catalog, conditions: Mapping[str, tuple[Condition, ...]]) -> list[Change]:
    changes = []
    for id, pair in conditions.items():
        print(f"filtering {id}", file=sys.stderr, flush=True)
        frame = catalog.table(catalog[id]).to_pandas()
        for tool in tools:
            tool.does.open_table(tool.page, tool.url, id)
        for condition in pair:
            acts = [_set(tool, condition, count_rows(frame, condition)) for tool in tools]
            changes.append(Change(id, condition.words, *acts))
            acts = [tool.act(tool.does.prepare_removal, tool.does.remove_condition, len(frame)) for tool in tools]
            changes.append(Change(id, f"without {condition.words}", *acts))
    return changes


def _set(tool: Tool, condition: Condition, rows: int) -> Act:
    steps = (tool.does.prepare_condition, tool.does.set_condition)
    return tool.act(*(partial(step, condition=condition) for step in steps), rows)


def rows(changes: Sequence[Change]) -> Iterator[Row]:
    """Yield the lines that compare the viewer with D-Tale, from the act and from its request on, and Datasette."""
    ours = [change.viewer.seconds for change in changes]
    rests = [change.viewer.rest for change in changes]
    tables = [change.viewer.table for change in changes]
    wholes = [change.dtale.seconds for change in changes]
    waits = [change.dtale.seconds - change.dtale.asked for change in changes]
    pages = [change.datasette.seconds for change in changes]
    yield _row("filter to settled page", ours, "D-Tale", wholes, 1 / 2)
    yield _row("the same, D-Tale from its request on", ours, "D-Tale", waits, 1 / 2)
    yield _row("filter to table drawn, our chart left out", tables, "D-Tale", wholes, 1 / 2)
    yield _row("filter to chart drawn beneath what stands in for it", rests, "D-Tale", wholes, 1 / 2)
    yield _row("filter to settled page, beside Datasette", ours, "Datasette", pages, 1)


def _row(what: str, ours: Sequence[float], name: str, theirs: Sequence[float], share: float) -> Row:
    median, other = statistics.median(ours), statistics.median(theirs)
    beside = f"{name}: {spread(theirs)}; {ratio(median, other)}"
    return Row(f"{what} ({len(ours)})", spread(ours), beside, median, other * share, f"1/{1 / share:g}")


def table(changes: Sequence[Change]) -> list[str]:
    """Return every change as lines of Markdown; in brackets our table seen, our page at rest, and D-Tale's asking."""
    lines = ["| dataset | condition | dataviewer (table, rest) | D-Tale (asked) | Datasette |", "|---|---|---|---|---|"]
    for change in changes:
        viewer = f"{ms(change.viewer.seconds)} ({ms(change.viewer.table)}, {ms(change.viewer.rest)})"
        dtale = f"{ms(change.dtale.seconds)} ({ms(change.dtale.asked)})"
        times = f"{viewer} | {dtale} | {ms(change.datasette.seconds)}"
        lines.append(f"| {change.dataset} | {change.words} | {times} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.filters", description=__doc__.splitlines()[0])
    parser.add_argument("--chromium", default=installed_chromium(), help="default: this machine's, else Playwright's")
    parser.add_argument("--limit", type=int, help="measure only so many datasets, to try the benchmark itself")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, sync_playwright() as playwright:
        changes = measure(Path(cache), partial(browser_page, playwright, asked.chromium), asked.limit)
    print("\n".join([*(row.markdown() for row in rows(changes)), "", *table(changes)]))


if __name__ == "__main__":
    main()
