"""Dots: one number against another, with a trend; counted in a grid where dots would cover each other."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from dataviewer.charts import base, grids, marks, trends, words
from dataviewer.charts.grids import Plane, template
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import GROUPS_MAX, Groups, Source, json_values, shorter
from dataviewer.charts.trends import Dots
from dataviewer.view import ROW, View
from dataviewer.wording import count

POINTS_MAX = 4000  # dots; more are counted in a grid, whose cells say how many they hold
MATRIX_POINTS = 600  # dots in a cell of the matrix
DOT = 7  # pixels
PAD, PAD_Y = 0.02, 0.06  # room beside the outermost dots, in lengths of the axis
NO_COLOR = "#adb5bd"  # of dots whose colour is missing
# Of the columns of y, where colours tell something else.
SYMBOLS = (
    "circle", "diamond", "square", "cross", "x", "triangle-up",
    "triangle-down", "star", "hexagon", "pentagon", "bowtie", "hourglass",
)  # fmt: skip


def draw_scatter(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return a dot for each row at its x and y; or the counts of rows in a grid, where they are too many to be seen."""
    where = grids.plane(source, plan, view)
    total = sum(int(where.inside(source.numbers(name)).sum()) for name in plan.y)
    if total > POINTS_MAX:
        return grids.draw_crowd(source, plan, view, where, total)
    facets = source.groups(plan.facet) if plan.facet else None
    shade = source.numbers(plan.color) if plan.color and is_scale(source, plan.color) else None
    colors = source.groups(plan.color) if plan.color and shade is None else None
    titles = list(facets.labels) if facets else [""]
    shown = _dots(source, plan, where, where.inside, colors if shade is None else _shaded(shade), facets)
    traces = [(each.panel, _trace(source, each, plan, total)) for each in shown]
    if shade is not None:
        _scale([trace for _, trace in traces], shown, shade, plan.color)
    fitted, told = [], []
    if plan.trend:
        every = _dots(source, plan, where, where.placed, colors, facets)
        fitted, told = trends.draw(plan.trend, every, titles, where.x, where.log_y)
    traces += fitted + _row_mark(source, plan, view, where, facets)
    panels = [base.Panel(t, tuple(tr for at, tr in traces if at == place)) for place, t in enumerate(titles)]
    y = where.y_layout(np.concatenate([each.y for each in shown]) if shown else np.empty(0), PAD_Y)
    figure = base.compose(panels, where.x.layout(PAD) | {"showgrid": True}, y, source.width, "xy", 150)
    note = [*where.problems, *told, *_left_out(source, plan, where, facets), *marks.others_note(colors, facets)]
    note += ["No row lies in this range."] if view.range and not total else []
    return base.Chart(figure, " ".join(note), _summary(source, plan, where, shown, titles))


def is_scale(source: Source, name: str) -> bool:
    """Return whether a column gives a scale of colours: a number of many values."""
    column = source.column(name)
    return column.is_number and column.distinct > GROUPS_MAX


def _dots(source: Source, plan: Plan, where: Plane, chosen, colors: Groups | None, facets: Groups | None) -> list[Dots]:
    """Return the dots that `chosen` (Plane.inside or .placed) lets pass, in parts of one colour and panel."""
    labels = [*colors.labels, f"no {base.escape(plan.color)}"] if colors else [""]
    shades = [*(colors.colors() if any(colors.labels) else [""]), NO_COLOR] if colors else [""]
    found = []
    for place, name in enumerate(plan.y):
        values = source.numbers(name).astype(float, copy=False)
        own = base.escape(name)
        for facet, group, rows in _parts(np.flatnonzero(chosen(values)), facets, colors):
            label = own if not labels[group] else labels[group] if len(plan.y) == 1 else f"{own}, {labels[group]}"
            color = shades[group] or base.COLORS[place % len(base.COLORS)]
            found.append(Dots(label, name, rows, where.along[rows], values[rows], color, facet))
    return found


def _shaded(shade: np.ndarray) -> Groups:
    """Return the one group of the rows that have a number for the scale of colours."""
    return Groups("", np.where(np.isnan(shade), -1, 0), ("",), ((),))


def _parts(rows: np.ndarray, facets: Groups | None, colors: Groups | None) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield the panel, the colour (-1: it is missing) and the rows of each part; rows without a panel are in none."""
    groups = len(colors.labels) + 1 if colors else 1
    keys = np.zeros(len(rows), np.int16)
    if facets:
        rows = rows[facets.codes[rows] >= 0]
        keys = (facets.codes[rows] * groups).astype(np.int16)
    if colors:
        keys += np.where(colors.codes[rows] < 0, groups - 1, colors.codes[rows]).astype(np.int16)
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    for key, part in zip(found.tolist(), np.split(rows[order], starts[1:])):
        yield key // groups, key % groups if key % groups < groups - 1 else -1, part


def _trace(source: Source, each: Dots, plan: Plan, total: int) -> dict:
    numbers = source.row_numbers
    marker = {"size": DOT if total < 400 else 5 if total < 1500 else 4, "opacity": 0.75 if total < 400 else 0.5}
    if plan.color and len(plan.y) > 1:
        marker["symbol"] = SYMBOLS[plan.y.index(each.column)]
    names = _row_names(source, each.rows)
    told = ["%{text}"] if names else []
    told += [f"{template(source.plain(plan.x))}: %{{x}}", f"{template(each.column)}: %{{y}}"]
    extra = each.name.replace("%", "&#37;") if each.name != base.escape(each.column) else ""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": each.name,
        "legendgroup": each.name,
        "x": json_values(each.x),
        "y": each.y,
        "marker": marker | {"color": each.color},
        # What has no colour of its own lies beneath.
        "zorder": -1 if plan.color and each.color in (base.OTHER_COLOR, NO_COLOR) else 0,
        "customdata": [f"row={number}" for number in numbers[each.rows].tolist()],
        "hovertemplate": "<br>".join(told) + f"<extra>{extra}</extra>",
        **({"text": names} if names else {}),
    }


def _row_names(source: Source, rows: np.ndarray) -> list[str] | None:
    """Return what rows are called in the file, None where they only have numbers."""
    if "rownames" not in source.table.column_names:
        return None
    return [base.label(name) for name in source.values("rownames").take(pa.array(rows)).to_pylist()]


def _scale(traces: Sequence[dict], dots: Sequence[Dots], values: np.ndarray, name: str) -> None:
    """Give the dots the colours of numbers, on one scale for all panels."""
    chosen = [(trace, values[each.rows]) for trace, each in zip(traces, dots) if each.color != NO_COLOR]
    seen = np.concatenate([own for _, own in chosen]) if chosen else np.zeros(1)
    bar = {"title": {"text": base.escape(name), "side": "right"}, "thickness": 12, "outlinewidth": 0}
    common = {"colorscale": base.SEQUENTIAL, "opacity": 0.9, "cmin": float(seen.min()), "cmax": float(seen.max())}
    told = f"<br>{template(name)}: %{{marker.color}}<extra>"
    for place, (trace, own) in enumerate(chosen):
        trace["marker"] |= common | {"color": own, "showscale": not place, "colorbar": bar}
        trace["hovertemplate"] = trace["hovertemplate"].replace("<extra>", told)


def _row_mark(source: Source, plan: Plan, view: View, where: Plane, facets: Groups | None) -> list[tuple[int, dict]]:
    """Return a ring around the dots of the row that the view points at."""
    place = marks.place_of_row(source, view)
    if place is None or (facets and facets.codes[place] < 0):
        return []
    ups = [source.numbers(name).astype(float, copy=False) for name in plan.y]
    heights = [float(up[place]) for up in ups if where.placed(up)[place]]
    if not heights:
        return []
    trace = _ring(json_values(where.along[[place] * len(heights)]), heights, view.row)
    return [(int(facets.codes[place]) if facets else 0, trace)]


def _ring(x: object, y: object, row: int) -> dict:
    marker = {"symbol": "circle-open", "size": DOT + 9, "color": base.COLORS[1], "line": {"width": 3}}
    trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker}
    return trace | {"name": f"row {row}", "showlegend": False, "hoverinfo": "skip"}


def _left_out(source: Source, plan: Plan, where: Plane, facets: Groups | None) -> list[str]:
    note = where.outside_note([source.numbers(name) for name in plan.y])
    note += grids.no_facet_note(int((facets.codes < 0).sum()), plan) if facets else []
    return note + marks.infinite_note(source, [name for name in (plan.x, *plan.y) if name != ROW])


def _summary(source: Source, plan: Plan, where: Plane, dots: Sequence[Dots], titles: Sequence[str]) -> tuple[str, ...]:
    title = where.x.title
    head = f"A scatter plot of {words.list_of(plan.y)} against {title}, {count(source.rows, 'row')}."
    told = []
    for each in dots:
        r = trends.correlation(each.x.astype(float), each.y) if each.x.dtype.kind != "M" else None
        how = f"; correlation with {title} {r + 0:.2f}" if r is not None else ""
        told.append(f"{trends.called(each, titles)}: {words.spread(each.y)}{how}.")
    return (head, *words.limited(told, "groups"))


# Scatter matrix ------------------------------------------------------------------------------------------


def draw_matrix(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return each column against each other in a square of panels; of many rows, evenly spread ones."""
    colors = source.groups(plan.color) if plan.color else None
    kept = np.arange(source.rows)
    if len(kept) > MATRIX_POINTS:
        kept = np.linspace(0, len(kept) - 1, MATRIX_POINTS).round().astype(int)
    columns = {name: source.numbers(name).astype(float, copy=False) for name in plan.y}
    parts = [(group, rows) for _, group, rows in _parts(kept, None, colors)]
    pointed = marks.place_of_row(source, view)
    data, diagonal = [], []
    for i, down in enumerate(plan.y):
        for j, across in enumerate(plan.y):
            place = {"xaxis": f"x{base.number(j)}", "yaxis": f"y{base.number(i)}"}
            if i == j:
                diagonal.append(_diagonal(down, place, source.width // len(plan.y)))
                continue
            x, y = columns[across], columns[down]
            data += [place | _cell(x[rows], y[rows], colors, group, plan) for group, rows in parts]
            data += [place | _ring(x[[pointed]], y[[pointed]], view.row)] if pointed is not None else []
    data = base.named_once(data)
    figure = base.layout(max(base.HEIGHT, min(150 * len(plan.y), 760))) | {"annotations": diagonal}
    figure |= _square(len(plan.y)) | base.legend(data, source.width, figure["height"])
    spread = f"{len(kept):,} of {source.rows:,} rows shown, evenly spread over the file."
    note = [spread] if len(kept) < source.rows else []
    note += marks.missing_note(source, plan.y) + marks.infinite_note(source, plan.y) + marks.others_note(colors)
    return base.Chart({"data": data, "layout": figure}, " ".join(note), _matrix_summary(source, plan))


def _square(count: int) -> dict:
    """Return the axes of a square of panels: each serves a whole row or column of them."""
    gap = 0.04
    wide = 1 / (count + gap * (count - 1))
    common = {"fixedrange": True, "nticks": 4, "showgrid": True}
    last = base.number(count - 1)
    axes = {}
    for place in range(count):
        start = place * (1 + gap) * wide
        end, number = min(start + wide, 1), base.number(place)
        axes[f"xaxis{number}"] = base.axis("", **common, domain=[start, end], tickangle=0, anchor=f"y{last}")
        axes[f"yaxis{number}"] = base.axis("", **common, domain=[1 - end, 1 - start], anchor="x")
    return axes


def _cell(x: np.ndarray, y: np.ndarray, colors: Groups | None, group: int, plan: Plan) -> dict:
    marker = {"size": 4, "opacity": 0.6, "color": base.COLORS[0]}
    trace = {"type": "scatter", "mode": "markers", "x": x, "y": y, "marker": marker, "name": ""}
    if not colors:
        return trace | {"showlegend": False, "hovertemplate": "%{x}, %{y}<extra></extra>"}
    name = [*colors.labels, f"no {base.escape(plan.color)}"][group]
    trace["marker"]["color"] = [*colors.colors(), NO_COLOR][group]
    told = f"%{{x}}, %{{y}}<extra>{name.replace('%', '&#37;')}</extra>"
    return trace | {"name": name, "legendgroup": name, "hovertemplate": told}


def _diagonal(name: str, place: dict, width: int) -> dict:
    short = name if len(name) < 18 else name[:17] + "…"
    size = max(8, min(13, round(width / (0.7 * max(len(short), 1)))))  # pixels; letters are about 0.7 as wide as high
    at = {"xref": f"{place['xaxis']} domain", "yref": f"{place['yaxis']} domain", "x": 0.5, "y": 0.5}
    return at | {"text": base.escape(short), "showarrow": False, "font": {"weight": 600, "size": size}}


def _matrix_summary(source: Source, plan: Plan) -> tuple[str, ...]:
    r, _ = grids.correlations([source.numbers(name).astype(float, copy=False) for name in plan.y])
    told = [
        f"{plan.y[j]} and {plan.y[i]}: correlation {shorter(round(float(r[i, j]), 2) + 0)}."
        for i in range(len(plan.y))
        for j in range(i)
        if not np.isnan(r[i, j])
    ]
    head = f"A scatter matrix of {words.list_of(plan.y)}, {count(source.rows, 'row')}."
    return (head, *words.limited(told, "pairs"))
