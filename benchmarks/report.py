"""What was measured, beside its target, as a Markdown table."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import chart_changes, downloads, filters, streamlit_baseline, viewer_page, viewer_server
from benchmarks.markdown import MILLISECONDS, Row, ms, percentile, ratio, spread

WIDEST = ("gap/mhtdata", "psych/msq")  # the datasets that were added to the drawn ones by hand
PROFILE_TARGET = 2.0  # times pandas' own, at p95


@dataclass(frozen=True)
class Results:
    """One run: the viewer's server and page, both viewers' switches in the same order and changes of charts, filters of
    three and downloads from two, and the seconds of the column summaries and of pandas' describe by dataset."""

    start: viewer_server.Start
    first_page: viewer_page.FirstPage
    opened: viewer_server.Opened
    viewer: list[viewer_page.Switch]
    unaided: list[viewer_page.Switch]  # of a browser for which nothing is asked ahead
    streamlit: list[streamlit_baseline.Switch]
    changes: list[chart_changes.Change]
    filters: list[filters.Change]
    downloads: downloads.Downloads
    profiles: dict[str, tuple[float, float]]


def text(results: Results) -> str:
    """Return the tables of a run: ratios and targets, the phases of a switch, every switch, chart change and filter."""
    head = ["| | dataviewer | Streamlit | target | met |", "|---|---|---|---|---|"]
    rows = [row.markdown() for row in _rows(results)]
    details = (_phases(results.viewer), _switches(results), _changes(results.changes), filters.table(results.filters))
    return "\n".join([*head, *rows, *(line for lines in details for line in ("", *lines))])


def _rows(results: Results) -> Iterator[Row]:
    yield from _cpu_rows(results)
    yield from _page_rows(results)
    yield from _memory_rows(results.opened)
    yield from _switch_rows(results)
    yield from _change_rows(results.changes)
    yield from filters.rows(results.filters)
    yield from downloads.rows(results.downloads)
    yield profile_row(results.profiles)
    start = results.start
    yield Row(
        "conversion of the archive", f"{start.conversion_seconds:.1f} s", "", start.conversion_seconds, 20, "20 s"
    )
    yield Row("ready, once converted", f"{start.ready_seconds:.2f} s", "", start.ready_seconds, 1, "1 s")


def _cpu_rows(results: Results) -> Iterator[Row]:
    switch = statistics.median(s.cpu_seconds for s in results.streamlit)
    for name, attribute in (("", "again_seconds"), (", first time", "first_seconds")):
        spent = [getattr(opening, attribute) for opening in results.opened.openings]
        p95 = percentile(spent, 0.95)
        shown = f"p50 {ms(percentile(spent, 0.5))}, p95 {ms(p95)}, max {ms(max(spent))}"
        beside = f"median {ms(switch)}; {ratio(p95, switch)} at p95"
        yield Row(f"server CPU to open a dataset{name}, all {len(spent)}", shown, beside, p95, switch / 8, "p95 1/8")


def _page_rows(results: Results) -> Iterator[Row]:
    cold, again = results.first_page.cold_bytes, results.first_page.reload_bytes
    yield Row("first page, cold", f"{cold / 1e6:.2f} MB", "", cold, 2e6, "2.0 MB")
    yield Row("first page, loaded again", f"{again / 1e3:.1f} KB", "", again, 1e5, "100 KB")


def _memory_rows(opened: viewer_server.Opened) -> Iterator[Row]:
    times = 1 + viewer_server.TIMES_AGAIN
    for what, held in (("once", opened.memory_first), (f"{times} times", opened.memory_again)):
        shown = f"RSS {held.rss_mb:.0f} MB, PSS {held.pss_mb:.0f} MB"
        yield Row(f"worker's memory after all {what}", shown, "", held.rss_mb, 300, "RSS 300 MB")


def _switch_rows(results: Results) -> Iterator[Row]:
    pairs = list(zip(results.viewer, results.streamlit, strict=True))
    yield _switch_row("choice to table and chart drawn", pairs)
    unaided = list(zip(results.unaided, results.streamlit, strict=True))
    yield _switch_row("the same, nothing asked ahead", unaided)
    yield _switch_row("the same, where Streamlit drew a chart", [pair for pair in pairs if not pair[1].error])
    for viewer, streamlit in pairs:
        if viewer.name in WIDEST:
            yield _switch_row(f"the same, {viewer.name}", [(viewer, streamlit)])


def _switch_row(what: str, pairs: Sequence[tuple]) -> Row:
    ours, theirs = ([switch.seconds for switch in side] for side in zip(*pairs))
    median, other = statistics.median(ours), statistics.median(theirs)
    error = " with an error" if all(streamlit.error for _, streamlit in pairs) else ""
    what = f"{what} ({len(pairs)})" if len(pairs) > 1 else what
    return Row(what, spread(ours), f"{spread(theirs)}{error}; {ratio(median, other)}", median, other / 3, "1/3")


def _change_rows(changes: Sequence[chart_changes.Change]) -> Iterator[Row]:
    kinds = [change for change in changes if change.key == "chart"]
    yield _change_row("kind of chart changed to chart drawn", kinds)
    for kind in chart_changes.KINDS:
        yield _change_row(f"the same, {kind}", [change for change in kinds if change.value == kind])
    for key in chart_changes.CONTROLS:
        yield _change_row(f"{key} changed to chart drawn", [change for change in changes if change.key == key])


def _change_row(what: str, changes: Sequence[chart_changes.Change]) -> Row:
    ours = [change.seconds for change in changes]
    theirs = [change.streamlit_seconds for change in changes]
    median, other = statistics.median(ours), statistics.median(theirs)
    beside = f"{spread(theirs)}; {ratio(median, other)}"
    return Row(f"{what} ({len(changes)})", spread(ours), beside, median, other / 2, "1/2")


def profile_row(measured: Mapping[str, tuple[float, float]]) -> Row:
    """Return the line that compares the column summaries with pandas' describe, from the seconds of both by dataset."""
    ratios = [ours / pandas for ours, pandas in measured.values()]
    p50, p95 = percentile(ratios, 0.5), percentile(ratios, 0.95)
    slowest = max(measured, key=lambda id: measured[id][0])
    ours, theirs = (f"{seconds * MILLISECONDS:.0f} ms" for seconds in measured[slowest])
    return Row(
        f"column summaries, all {len(measured)}, beside pandas' describe",
        f"p50 {p50:.2f}, p95 {p95:.2f}, max {max(ratios):.2f} times its time; {slowest} {ours}",
        f"pandas: {theirs}",
        p95,
        PROFILE_TARGET,
        f"p95 {PROFILE_TARGET:g} times",
    )


def _phases(switches: Sequence[viewer_page.Switch]) -> list[str]:
    """Return where the time of the viewer's switches goes: medians, each counted from Enter."""
    lines = ["| from Enter until (medians) | table | chart |", "|---|---|---|"]
    words = {"asked": "asked for", "answered": "answer there", "drawn": "last change", "shown": "frame painted"}
    for name, word in words.items():
        table, chart = (statistics.median(getattr(half, name) for half in side) for side in _halves(switches))
        lines.append(f"| {word} | {ms(table)} | {ms(chart)} |")
    return lines


def _halves(switches: Sequence[viewer_page.Switch]) -> tuple[list, list]:
    return [switch.table for switch in switches], [switch.chart for switch in switches]


def _switches(results: Results) -> list[str]:
    lines = ["| dataset | dataviewer | Streamlit | ratio |", "|---|---|---|---|"]
    for ours, theirs in zip(results.viewer, results.streamlit, strict=True):
        error = " (error)" if theirs.error else ""
        shown = f"{ms(ours.seconds)} | {ms(theirs.seconds)}{error} | {ratio(ours.seconds, theirs.seconds)}"
        lines.append(f"| {ours.name} | {shown} |")
    return lines


def _changes(changes: Sequence[chart_changes.Change]) -> list[str]:
    lines = ["| dataset | changed | dataviewer | Streamlit | ratio |", "|---|---|---|---|---|"]
    for change in changes:
        ours, theirs = change.seconds, change.streamlit_seconds
        shown = f"{ms(ours)} | {ms(theirs)} | {ratio(ours, theirs)}"
        lines.append(f"| {change.dataset} | {change.key}: {change.value} | {shown} |")
    return lines
