"""What a chart shows in sentences, for those who do not see it: what is drawn, ranges, trends, extremes."""

import html
from collections.abc import Sequence

import numpy as np
import pandas as pd

from dataviewer.charts.source import shorter, text
from dataviewer.wording import count

SENTENCES_MAX = 14  # lines, groups or panels that are told one by one
SAMPLE = 100_000  # values that tell a trend


def list_of(parts: Sequence[str], most: int = 8) -> str:
    """Return a list in words, its end counted where it is long."""
    parts = [html.unescape(part) for part in parts]
    if len(parts) > most:
        return f"{', '.join(parts[:most])} and {len(parts) - most} more"
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def limited(sentences: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the first sentences, and how many `what` they leave out."""
    more = len(sentences) - SENTENCES_MAX
    return (*sentences[:SENTENCES_MAX], f"{more:,} further {what} are not told.") if more > 0 else tuple(sentences)


def lines_summary(source, plan, lines, titles, along: str, units: int = 0) -> tuple[str, ...]:
    """Return for each line its first and last value, its extremes and where they lie.

    `units` is how many thin lines there are beside them, one for each value of the colour.
    """
    kind = "an area" if plan.kind.name == "area" else "a line"
    what = f"{len(lines)} {'areas' if plan.kind.name == 'area' else 'lines'}" if len(lines) != 1 else kind
    frames = f" in {len(titles)} panels" if len(titles) > 1 else ""
    head = f"{what[0].upper()}{what[1:]}{frames}: {list_of(plan.y)} along {along}, {count(source.rows, 'row')}."
    thin = [f"Thin lines are the {units:,} {plan.color} one by one; told here are all of them together."]
    told = [sentence for line in lines for sentence in _course(line, titles)]
    return (head, *(thin if units else ()), *limited(told, "lines"))


def _course(line, titles) -> list[str]:
    given = np.flatnonzero(np.isfinite(line.y.astype(float)))
    name = html.unescape(line.name)
    panel = html.unescape(titles[line.panel])
    name = f"{panel}, {name}" if len(titles) > 1 and panel != name else name
    if not len(given):
        return [f"{name} has no value to draw."]
    y = line.y[given]
    least, greatest = given[np.argmin(y)], given[np.argmax(y)]
    missing = len(line.y) - len(given)
    gaps = f"; {missing:,} missing" if missing else ""
    if line.y[least] == line.y[greatest]:
        return [f"{name} is {shorter(float(y[0]))} throughout{gaps}."]
    start, end = (f"{shorter(float(line.y[place]))} ({_at(line.x[place])})" for place in (given[0], given[-1]))
    runs = f"begins at {start} and ends at {end}"
    low = f"least {shorter(float(line.y[least]))} at {_at(line.x[least])}"
    high = f"greatest {shorter(float(line.y[greatest]))} at {_at(line.x[greatest])}"
    return [f"{name} {runs}; {low}, {high}{_trend(given, y)}{gaps}."]


def _trend(places: np.ndarray, y: np.ndarray) -> str:
    """Return whether the values rise or fall on the whole, by the rank correlation with their order."""
    if len(y) < 5:
        return ""
    if len(y) > SAMPLE:
        # Drawn by lot: every so-manieth value could fall into step with a season.
        y = y[np.sort(np.random.default_rng(0).choice(len(y), SAMPLE, replace=False))]
    ranks = pd.Series(y).rank().to_numpy()
    r = float(np.corrcoef(np.arange(len(y)), ranks)[0, 1]) if ranks.min() < ranks.max() else 0.0
    strength = next((word for least, word in ((0.8, "clearly"), (0.4, "on the whole")) if abs(r) >= least), "")
    return f"; it {strength} {'rises' if r > 0 else 'falls'}" if strength else "; no steady trend"


def _at(value: object) -> str:
    """Return where a value lies; whole numbers exactly, since they number rows."""
    if isinstance(value, np.datetime64):
        return text(value)
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.0f}"
    return shorter(float(value))


def spread(values: np.ndarray) -> str:
    """Return the five numbers of a distribution in words."""
    given = values[np.isfinite(values)]
    if not len(given):
        return "no value"
    low, first, middle, third, high = (shorter(float(q)) for q in np.quantile(given, (0, 0.25, 0.5, 0.75, 1)))
    return f"{count(len(given), 'value')} from {low} to {high}, half of them from {first} to {third}, median {middle}"
