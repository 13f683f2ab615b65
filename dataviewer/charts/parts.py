"""The values that a distribution is drawn of: a part for each column, group and panel."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dataviewer.charts import base, marks
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import Groups, Source
from dataviewer.view import Where


@dataclass(frozen=True)
class Part:
    """The values of one column, group and panel; `rows` are their positions, `wheres` the conditions on the groups."""

    column: str
    name: str
    values: np.ndarray
    rows: np.ndarray
    color: str
    panel: int
    place: int = 0
    wheres: tuple[Where, ...] = ()


def find(
    source: Source, plan: Plan, x: Groups | None = None, log: bool = False
) -> tuple[list[str], list[Part], list[str]]:
    """Return the titles of the panels, the parts that hold values, and sentences on groups taken together.

    A column without a value has one part, an empty one. With `log` only values above zero count.
    """
    facets = source.groups(plan.facet) if plan.facet else None
    colors = source.groups(plan.color) if plan.color else None
    apart = len(plan.y) > 1 and plan.scale != "shared" and not facets
    titles = list(facets.labels) or [""] if facets else list(map(base.escape, plan.y)) if apart else [""]
    palette = colors.colors() if colors else []
    parts = []
    for number, name in enumerate(plan.y):
        values = values_of(source, name)
        given = marks.is_given(values) & ((values > 0) if log and values.dtype.kind == "f" else True)
        own = list(_split(given, facets, colors, x)) or [((0, 0, 0), np.arange(0))]
        for (facet, group, box), rows in own:
            color = palette[group] if palette else base.COLORS[0 if apart else number % len(base.COLORS)]
            label = _label(name, colors, group, len(plan.y) > 1 and not apart)
            chosen = ((facets, facet), (colors, group), (x, box))
            wheres = tuple(w for groups, code in chosen if groups and len(rows) for w in groups.wheres[code])
            panel = facet if facets else number if apart else 0
            place = box if x else number if not apart else 0
            parts.append(Part(name, label, values[rows], rows, color, panel, place, wheres))
    notes = marks.others_note(facets, colors, x)
    return titles, parts, notes + marks.missing_note(source, [*plan.y, plan.x, plan.color, plan.facet])


def values_of(source: Source, name: str) -> np.ndarray:
    """Return the values of a column as floats, NaN where missing, or as dates."""
    values = source.along(name)
    return values if values.dtype.kind == "M" else values.astype(float)


def _label(name: str, colors: Groups | None, group: int, together: bool) -> str:
    if not colors or not colors.labels:
        return base.escape(name)
    return f"{base.escape(name)}, {colors.labels[group]}" if together else colors.labels[group]


def _split(given: np.ndarray, *groupings: Groups | None) -> Iterator[tuple[tuple[int, ...], np.ndarray]]:
    """Yield for each combination of groups that has rows: which it is, and the positions of its rows, rising."""
    cells = np.zeros(len(given), np.int64)
    sizes = [len(groups.labels) if groups else 1 for groups in groupings]
    for groups, size in zip(groupings, sizes):
        if groups:
            given = given & (groups.codes >= 0)
            cells = cells * size + groups.codes
    rows = np.flatnonzero(given)
    rows = rows[np.argsort(cells[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(cells[rows], prepend=-1))
    for start, own in zip(starts, np.split(rows, starts[1:])):
        yield tuple(int(place) for place in np.unravel_index(cells[rows[start]], sizes)), own
