"""Grids of coloured cells: how many rows lie where, and how closely columns go together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dataviewer.charts import base, marks, trends, words
from dataviewer.charts.plan import Plan
from dataviewer.charts.source import Groups, Source, clicked, json_values, shorter, text
from dataviewer.dataset import DECIMALS_MAX
from dataviewer.view import ROW, View, escape
from dataviewer.wording import count

CELLS = 60, 36  # across and up, at most
LABELS_MAX = 32  # names along an axis; of more columns every second, third, ... has one
TEXTS_MAX = 12  # columns whose correlations are written into the cells
TALLEST = 470  # pixels: the table's first rows stay on the screen
TALL = 190  # pixels of a panel
BLOCK = 65_536  # rows that are correlated at a time
SAMPLE = 10_001  # values that tell about where the middle of a column lies
EQUAL = 1e-12  # share of their squares that the spread of values has at least, if they are not equal
NUMBER = ".6~g"  # d3's format of the middle of a cell


@dataclass(frozen=True)
class Plane:
    """Two axes, and the window that a view asks for; `span` of y in its own values, None for all of it."""

    x: marks.XAxis
    y: dict
    along: np.ndarray
    log_y: bool
    span: tuple | None
    problems: tuple[str, ...]

    def placed(self, up: np.ndarray) -> np.ndarray:
        """Return which rows have a place on both axes."""
        placed = marks.is_given(self.along) & ((up > 0) if self.log_y else ~np.isnan(up))
        return placed & (self.along > 0) if self.x.type == "log" else placed

    def inside(self, up: np.ndarray) -> np.ndarray:
        """Return which rows of those with a place lie in the window."""
        inside = self.placed(up)
        if self.x.span:
            inside &= self.x.within(self.along)
        return inside & (up >= self.span[0]) & (up <= self.span[1]) if self.span else inside

    def y_layout(self, up: np.ndarray, pad: float = 0.0) -> dict:
        """Return the upright axis for values shown on it; their range is said: Plotly finds none for several panels."""
        if self.span or not len(up) or up.min() == up.max():
            return self.y
        low, high = (math.log10(end) if self.log_y else float(end) for end in (up.min(), up.max()))
        room = (high - low) * pad
        return self.y | {"range": [low - room, high + room]}

    def outside_note(self, ups: Sequence[np.ndarray]) -> list[str]:
        """Return sentences on the rows that have no place on the axes: their values are missing, or not positive."""
        given = [marks.is_given(self.along) & ~np.isnan(up) for up in ups]
        lost = max(len(self.along) - int(there.sum()) for there in given)
        low = max(int((there & ~self.placed(up)).sum()) for there, up in zip(given, ups))
        note = [marks.left_out(lost, "without a place on both axes")] if lost else []
        return note + ([marks.left_out(low, "with zero or less, which has no logarithm,")] if low else [])


def plane(source: Source, plan: Plan, view: View) -> Plane:
    """Return the axes of a plan of numbers over x."""
    x, problems = marks.x_axis(source, plan.x, view, "x" in plan.log)
    log = "y" in plan.log and any((source.numbers(name) > 0).any() for name in plan.y)
    if "y" in plan.log and not log:
        problems.append(f"{words.list_of(plan.y)} has no value above zero, so the axis is not logarithmic.")
    ends, wrong = marks.y_span(view, ", ".join(plan.y), log)
    title = source.title(plan.y[0]) if len(plan.y) == 1 else ""
    y = base.axis(title, type="log" if log else "linear", **({"range": ends} if ends else {}))
    span = base.span(view.range[2:], "linear") if ends else None
    return Plane(x, y, source.along(plan.x), log, span, (*problems, *wrong))


def template(name: str) -> str:
    """Return a name as text inside a hover template, where a percent sign would begin a placeholder."""
    return base.escape(name).replace("%", "&#37;")


def draw_density(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return how many rows lie in each cell of a grid over two columns."""
    return draw_grid(source, plan, view, plane(source, plan, view))


def draw_crowd(source: Source, plan: Plan, view: View, where: Plane, total: int) -> base.Chart:
    """Return a grid in place of dots that would cover each other, and the sentence that says so."""
    said = [f"{total:,} dots would cover each other, so this counts them in a grid; zoom in to see the dots."]
    said += [f"The grid counts {plan.y[0]} alone."] if len(plan.y) > 1 else []
    said += ["Colours are left out."] if plan.color else []
    return draw_grid(source, plan, view, where, said)


def draw_grid(source: Source, plan: Plan, view: View, where: Plane, said: Sequence[str] = ()) -> base.Chart:
    """Return the counts of rows in the cells of a grid, in front of them the trend; the note begins with `said`."""
    x, name = where.x, plan.y[0]
    up = source.numbers(name).astype(float, copy=False)
    facets = source.groups(plan.facet) if plan.facet else None
    given = where.inside(up)
    faceless = int((given & (facets.codes < 0)).sum()) if facets else 0
    given = given & (facets.codes >= 0) if faceless else given
    titles = list(facets.labels) if facets else [""]
    own = {"title": base.axis(source.title(name))["title"], "showgrid": False}
    if not given.any():
        nothing = {"data": [], "layout": base.layout(base.HEIGHT) | {"xaxis": x.layout(), "yaxis": where.y | own}}
        return base.Chart(nothing, " ".join([*where.problems, "No row lies here."]))
    along, up, parts = _chosen(given, where.along, up, facets.codes if facets else None)
    us, vs = _evenly(along, x), np.log10(up) if where.log_y else up
    units = _unit(source, plan.x, x.type, along), _unit(source, name, where.y["type"], up)
    edges = [_edges(values, plan.bins or most, unit) for values, most, unit in zip((us, vs), CELLS, units)]
    counts = _count(us, vs, edges, parts, len(titles))
    traces = [(place, _heatmap(grid, edges, where, name, int(counts.max()))) for place, grid in enumerate(counts)]
    traces[0][1]["showscale"] = True
    frames = _frame(edges[0], x), where.y_layout(10 ** edges[1] if where.log_y else edges[1]) | own
    fitted, told = _trend(plan, where, source.numbers(name), facets, titles)
    panels = [base.Panel(t, tuple(tr for at, tr in traces + fitted if at == n)) for n, t in enumerate(titles)]
    figure = base.compose(panels, *frames, source.width, "xy", TALL)
    figure = marks.point_at_row(figure, source, view, x)
    note, summary = _words(source, where, counts, along, up, name)
    note = [*where.problems, *said, *told, *note, *no_facet_note(faceless, plan), *marks.others_note(facets)]
    names = [n for n in (plan.x, name) if n != ROW]
    return base.Chart(figure, " ".join(note + marks.infinite_note(source, names)), summary)


def _frame(edges: np.ndarray, x: marks.XAxis) -> dict:
    """Return the x axis from the first to the last end of the cells, or as the view asks."""
    ends = edges[[0, -1]]
    ends = [text(end) for end in ends.astype("datetime64[us]")] if x.type == "date" else ends.tolist()
    return x.layout() if x.span else x.layout() | {"range": ends}


def _chosen(given: np.ndarray, along: np.ndarray, up: np.ndarray, codes: np.ndarray | None) -> tuple:
    """Return what is left of the columns, the places of panels among them: uncopied where all rows are chosen."""
    if given.all():
        return along, up, codes
    return along[given], up[given], codes[given] if codes is not None else None


def no_facet_note(rows: int, plan: Plan) -> list[str]:
    return [marks.left_out(rows, f"without {plan.facet}")] if rows else []


def _trend(plan: Plan, where: Plane, up: np.ndarray, facets: Groups | None, titles: Sequence[str]) -> tuple:
    """Return the trend of the rows in each panel, those outside the window too: a zoom only looks closer."""
    if not plan.trend:
        return [], []
    placed = where.placed(up)
    chosen = [placed & (facets.codes == place) for place in range(len(titles))] if facets else [placed]
    clouds = [
        trends.Dots(title or base.escape(plan.y[0]), "", np.empty(0), where.along[c], up[c], base.COLORS[1], place)
        for place, (c, title) in enumerate(zip(chosen, titles))
    ]
    return trends.draw(plan.trend, clouds, [""], where.x, where.log_y)


def _words(source: Source, where: Plane, counts: np.ndarray, along: np.ndarray, up: np.ndarray, name: str) -> tuple:
    lost = source.rows - len(along)
    of = f"of {count(source.rows, 'row')}"
    outside = count(lost, f"{of} lies outside or has", f"{of} lie outside or have")
    note = [f"{outside} no place on both axes."] if lost else []
    note += [f"{count(len(along), 'row')} in cells; the fullest has {int(counts.max()):,}."]
    head = f"A density map of {name} against {where.x.title}: {note[-1]}"
    ends = f"from {text(along.min())} to {text(along.max())}" if along.dtype.kind == "M" else ""
    across = ends or words.spread(along.astype(float, copy=False))
    return note, (head, f"{where.x.title}: {across}.", f"{name}: {words.spread(up)}.")


def _evenly(values: np.ndarray, x: marks.XAxis) -> np.ndarray:
    """Return values as equally spaced as the axis shows them: dates as microseconds, logarithms where it has them."""
    if x.type == "date":
        return values.astype("datetime64[us]").astype(float)
    return np.log10(values) if x.type == "log" else values.astype(float, copy=False)


def _unit(source: Source, name: object, type: str, values: np.ndarray) -> float:
    """Return the step in which the values of an axis come, as it is counted there; 0 where they have none."""
    if type == "date":
        return trends.DAY if values.dtype == "datetime64[D]" else 0.0
    if type == "log":
        return 0.0
    decimals = 0 if name == ROW else source.column(name).decimals
    return 10.0**-decimals if decimals < DECIMALS_MAX else 0.0


def _edges(values: np.ndarray, cells: int, unit: float) -> np.ndarray:
    """Return the ends of at most so many equally wide cells; of values in steps each holds equally many of them."""
    low, high = float(values.min()), float(values.max())
    if unit and low - unit / 4 < low and high < high + unit / 4:
        steps = round((high - low) / unit) + 1
        each = math.ceil(steps / cells)
        return low + unit * (np.arange(math.ceil(steps / each) + 1) * each - 0.5)
    room = max(abs(low) / 1000, 0.5) if low == high else 0.0
    return np.linspace(low - room, high + room, cells + 1 if low < high else 2)


def _count(
    x: np.ndarray, y: np.ndarray, edges: Sequence[np.ndarray], parts: np.ndarray | None, panels: int
) -> np.ndarray:
    """Return the number of points in each cell: panels, rows upwards, columns. O(n)."""
    wide, tall = len(edges[0]) - 1, len(edges[1]) - 1
    cells = _cell_of(y, edges[1])
    cells *= wide
    cells += _cell_of(x, edges[0])
    if parts is not None:
        cells += parts * (wide * tall)
    return np.bincount(cells, minlength=panels * tall * wide).reshape(panels, tall, wide)


def _cell_of(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return in which cell each value lies: at or above its lower end; the last holds its upper end too."""
    if len(edges) == 2:
        return np.zeros(len(values), np.int64)
    # The division may be off by a digit, so neighbours are asked.
    cells = ((values - edges[0]) / (edges[-1] - edges[0]) * (len(edges) - 1)).astype(np.int64)
    np.clip(cells, 0, len(edges) - 2, out=cells)
    cells -= values < edges[cells]
    cells += values >= np.append(edges[1:-1], math.inf)[cells]
    return cells


def _heatmap(counts: np.ndarray, edges: Sequence[np.ndarray], where: Plane, name: str, most: int) -> dict:
    x_edges, y_edges = edges
    x = where.x
    xs = x_edges.astype("datetime64[us]") if x.type == "date" else 10**x_edges if x.type == "log" else x_edges
    across, up = template(x.title), template(name)
    # Few cells hold most rows: by their logarithm the others are told apart too.
    ticks = [tick for power in range(10) for tick in (10**power, 3 * 10**power) if tick <= most]
    bar = {"title": {"text": "rows", "side": "right"}, "thickness": 12, "outlinewidth": 0}
    bar |= {"tickvals": np.log10(ticks).round(4).tolist(), "ticktext": [f"{tick:,}" for tick in ticks]}
    at = "%{x}" if x.type == "date" else f"%{{x:{NUMBER}}}"
    return {
        "type": "heatmap",
        "x": json_values(xs),
        "y": 10**y_edges if where.log_y else y_edges,
        "z": np.log10(counts, out=np.full(counts.shape, np.nan), where=counts > 0).round(3),
        "customdata": counts,
        "zmin": 0,
        "zmax": max(math.log10(most), 0.5),
        "colorscale": base.SEQUENTIAL,
        "showscale": False,
        "showlegend": False,
        "colorbar": bar,
        "hoverongaps": False,
        "name": "",
        "hovertemplate": f"{across} about {at}<br>{up} about %{{y:{NUMBER}}}<br>%{{customdata:,}} rows<extra></extra>",
    }


# Correlations --------------------------------------------------------------------------------------------


def draw_correlation(source: Source, plan: Plan, view: View) -> base.Chart:
    """Return how closely each two columns go together on a line: Pearson's r of the rows that have both."""
    r, pairs = correlations([source.numbers(name).astype(float, copy=False) for name in plan.y])
    count = len(plan.y)
    labels = [base.label(name) for name in plan.y]
    texts = [["" if np.isnan(v) else f"{round(v, 2) + 0:.2f}" for v in row] for row in r]
    cells = {
        "type": "heatmap",
        "x": list(range(count)),
        "y": list(range(count)),
        "z": r.round(4),
        "zmin": -1,
        "zmax": 1,
        "colorscale": base.DIVERGING,
        "colorbar": {"title": {"text": "r", "side": "right"}, "thickness": 12, "outlinewidth": 0},
        "hoverongaps": False,
        "hovertext": [[_hover(plan.y[j], plan.y[i], r[i, j], pairs[i, j]) for j in range(count)] for i in range(count)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": [[_click(across, up) for across in plan.y] for up in plan.y],
        "name": "",
        "xgap": int(count <= LABELS_MAX),
        "ygap": int(count <= LABELS_MAX),
        **({"text": texts, "texttemplate": "%{text}"} if count <= TEXTS_MAX else {}),
    }
    height = max(base.HEIGHT, min(20 * count + 90, TALLEST))
    layout = base.layout(height) | {"xaxis": base.category_axis("", labels), "yaxis": base.category_axis("", labels)}
    layout["yaxis"]["range"] = layout["yaxis"]["range"][::-1]
    every = 1 + count // LABELS_MAX
    some = {"tickvals": list(range(0, count, every)), "ticktext": labels[::every], "tickfont": {"size": 11}}
    for axis in ("xaxis", "yaxis"):
        layout[axis] |= some
    note = ["r of Pearson for each two columns, over the rows that have both; click a cell to see its dots."]
    note += marks.missing_note(source, plan.y) + marks.infinite_note(source, plan.y)
    return base.Chart({"data": [cells], "layout": layout}, " ".join(note), _correlation_summary(source, plan, r))


def correlations(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return Pearson's r of each two columns over the rows that have both, and how many those are.

    NaN of fewer than three rows, and where a column has equal values in them. Missing values are NaN. Summed up over
    blocks of rows, so that it needs no copy of the columns.
    """
    size, rows = len(columns), len(columns[0])
    scales = [_scale(column) for column in columns]
    pairs, sums, squares, products = (np.zeros((size, size)) for _ in range(4))
    for start in range(0, rows, BLOCK):
        block = np.stack([(c[start : start + BLOCK] - middle) / by for c, (middle, by) in zip(columns, scales)])
        given = ~np.isnan(block)
        block[~given] = 0.0
        # Where nothing is missing, each column has the same sums beside every other.
        there = np.ones((len(block.T), 1)) if given.all() else given.astype(float).T
        pairs += there.T @ there
        sums += block @ there
        squares += block**2 @ there
        products += block @ block.T
    several = np.maximum(pairs, 1)
    spread = squares - sums**2 / several
    spread[spread <= EQUAL * squares] = 0.0
    scale = np.sqrt(spread * spread.T)
    scale[(scale <= 0) | (pairs < 3)] = np.nan
    r = np.clip((products - sums * sums.T / several) / scale, -1, 1)
    np.fill_diagonal(r, np.where(np.isnan(np.diag(r)), np.nan, 1.0))
    return r, pairs.astype(int)


def _scale(values: np.ndarray) -> tuple[float, float]:
    """Return a number amid the values and their greatest distance from it: from there squares are small, and exact."""
    given = values[~np.isnan(values)]
    if not len(given):
        return 0.0, 1.0
    middle = float(np.median(given[:: len(given) // SAMPLE + 1]))
    return middle, max(float(given.max()) - middle, middle - float(given.min())) or 1.0


def _click(across: str, up: str) -> str:
    """Return what a click on a cell opens: the dots of the two columns, or how often the one has which values."""
    if across == up:
        return clicked(chart="histogram", y=escape(up))
    return clicked(chart="scatter", x=escape(across), y=escape(up))


def _hover(one: str, other: str, r: float, pairs: int) -> str:
    value = "no correlation: too few rows, or equal values" if np.isnan(r) else f"r = {r:.3f}"
    return f"{base.escape(one)} and {base.escape(other)}<br>{value}<br>{count(pairs, 'row')}"


def _correlation_summary(source: Source, plan: Plan, r: np.ndarray) -> tuple[str, ...]:
    head = f"Correlations of {words.list_of(plan.y)}, {count(source.rows, 'row')}."
    rows, columns = np.tril_indices(len(plan.y), -1)
    found = r[rows, columns]
    order = [place for place in np.argsort(-np.abs(np.nan_to_num(found)), kind="stable") if not np.isnan(found[place])]
    told = [f"{plan.y[columns[p]]} and {plan.y[rows[p]]}: r {shorter(round(float(found[p]), 2) + 0)}." for p in order]
    return (head, *words.limited(told, "pairs"))
