"""A chart as a call of plotly.express, which takes the frames of pandas and of polars alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataviewer.code import text
from dataviewer.code.drawing import LINES, SHAPES, Drawing
from dataviewer.code.text import call, listed, quoted

WRAP = 3  # panels side by side
TIGHT = 10  # rows of panels from which on their distance must shrink
FUNCTIONS = {
    "line": "line",
    "area": "area",
    "scatter": "scatter",
    "bar": "bar",
    "histogram": "histogram",
    "box": "box",
    "violin": "violin",
    "strip": "strip",
    "density": "density_heatmap",
    "matrix": "scatter_matrix",
    "ecdf": "ecdf",
}
ACROSS = ("histogram", "ecdf")  # kinds that lay their columns along x
TRENDS = {"linear": "ols", "lowess": "lowess"}


@dataclass(frozen=True)
class Frames:
    """How a library prepares rows: each a call to append, but for the shapes of lines and `correlation`, which are
    whole statements."""

    copy: str
    twin: str
    drop: str
    order: str
    text: str
    fill: str
    long: str
    count: str
    aggregate: tuple[str, ...]
    aggregates: dict[str, str]
    most_first: str
    shape: str
    grouped_shape: str
    shapes: dict[str, str]
    correlation: str


def draw(drawing: Drawing, rows: str, frames: Frames) -> str:
    """Return the statements that draw the frame called `rows`, and show the figure."""
    if drawing.kind == "correlation":
        lines = [call("columns = [", [quoted(name) for name in drawing.y], "]"), frames.correlation.format(rows=rows)]
        lines.append(CORRELATION)
    else:
        frame, lines = _prepared(drawing, rows, frames)
        lines += [call(f"figure = px.{FUNCTIONS[drawing.kind]}(", [frame, *_arguments(drawing)]), *_updates(drawing)]
    notes = [f"# {note}" for note in drawing.notes]
    notes += ["# The trend needs the package statsmodels."] if drawing.plan.trend else []
    return "\n".join([*notes, *(line for line in lines if line), "figure.show()"])


CORRELATION = call(
    "figure = px.imshow(",
    ["r", "x=columns", "y=columns", "zmin=-1", "zmax=1", 'color_continuous_scale="RdBu"', 'text_auto=".2f"'],
)


def _names(names: Sequence[str]) -> str:
    return listed([quoted(name) for name in names])


def _one_or_more(names: Sequence[str]) -> str:
    return quoted(names[0]) if len(names) == 1 else _names(names)


# What is done to the rows ------------------------------------------------------------------------------


def _prepared(drawing: Drawing, rows: str, frames: Frames) -> tuple[str, list[str]]:
    """Return what the frame to draw is called, and the statements that make it."""
    steps = _steps(drawing, frames)
    name = "bars" if drawing.kind == "bar" else "lines" if drawing.kind in LINES else "drawn"
    shapes = _shapes(drawing, frames)
    if not steps and not shapes:
        return rows, []
    return name, [text.chain(name, rows, steps or [frames.copy]), *shapes]


def _steps(drawing: Drawing, frames: Frames) -> list[str]:
    keys = _names(drawing.keys)
    steps = [frames.twin.format(name=quoted(name), twin=quoted(twin)) for name, twin in drawing.copies.items()]
    steps += [frames.drop.format(names=_names(drawing.lost))] if drawing.lost else []
    if drawing.kind == "bar":
        steps += _bar_steps(drawing, frames, keys)
    elif drawing.agg:
        steps += _aggregated(drawing, frames, keys, drawing.y)
    steps += [frames.order.format(name=quoted(drawing.x))] if drawing.in_order else []
    steps += [frames.text.format(name=quoted(name)) for name in drawing.words]
    labels = [(quoted(name), quoted(f"no {name}")) for name in drawing.unknown]
    steps += [frames.fill.format(name=name, label=label) for name, label in labels]
    return steps


def _bar_steps(drawing: Drawing, frames: Frames, keys: str) -> list[str]:
    if not drawing.y:
        counted = frames.count.format(keys=keys, rows=quoted(drawing.rows))
        alone = not (drawing.in_order or drawing.color or drawing.facet)
        return [counted, frames.most_first.format(rows=quoted(drawing.rows))] if alone else [counted]
    steps, value = [], drawing.y[0]
    if drawing.several:
        value, names = drawing.value, _names(drawing.y)
        variable = quoted(drawing.variable)
        steps.append(frames.long.format(keys=keys, names=names, variable=variable, value=quoted(value)))
        keys = _names((*drawing.keys, drawing.variable))
    steps += [frames.drop.format(names=_names([value]))] if drawing.gaps else []
    return [*steps, *_aggregated(drawing, frames, keys, (value,))]


def _aggregated(drawing: Drawing, frames: Frames, keys: str, names: Sequence[str]) -> list[str]:
    kind = "sum with gaps" if drawing.agg == "sum" and drawing.gaps and drawing.kind != "bar" else drawing.agg
    values = frames.aggregates[kind].format(names=_names(names))
    return [part.format(keys=keys, values=values) for part in frames.aggregate]


def _shapes(drawing: Drawing, frames: Frames) -> list[str]:
    """Return the statements that change the values of lines: their scale, then their moving average."""
    plan, by = drawing.plan, [name for name in drawing.keys if name != drawing.x]
    wanted = [frames.shapes[plan.scale]] if plan.scale in SHAPES else []
    wanted += [frames.shapes["smooth"].format(count=plan.smooth)] if plan.smooth else []
    template = frames.grouped_shape if by else frames.shape
    return [template.format(names=_names(drawing.y), by=_names(by), shape=shape) for shape in wanted]


# The call ------------------------------------------------------------------------------------------------


def _arguments(drawing: Drawing) -> list[str]:
    """Return the arguments after the frame."""
    plan = drawing.plan
    given = dict(_positions(drawing))
    given |= {"color": quoted(drawing.color)} if drawing.color else {}
    given |= _columns_apart(drawing)
    given |= {"facet_col": quoted(drawing.facet)} if drawing.facet else {}
    if "facet_col" in given and "facet_row" not in given:
        given |= {"facet_col_wrap": str(WRAP)} | _spacing(drawing)
    if drawing.kind not in ("density",):
        given |= {f"log_{axis}": "True" for axis in "xy" if axis in plan.log}
    given |= _options(drawing)
    return [f"{key}={value}" for key, value in given.items()]


def _positions(drawing: Drawing) -> dict[str, str]:
    if drawing.kind == "matrix":
        return {"dimensions": _names(drawing.y)}
    if drawing.kind in ACROSS:
        return {"x": _one_or_more(drawing.y)}
    y = (drawing.rows,) if not drawing.y else (drawing.value,) if _is_long(drawing) else drawing.y
    return ({"x": quoted(drawing.x)} if drawing.x else {}) | {"y": _one_or_more(y)}


def _is_long(drawing: Drawing) -> bool:
    return drawing.kind == "bar" and drawing.several


def _columns_apart(drawing: Drawing) -> dict[str, str]:
    """Return how several columns are told apart: by panels, by colours, or beside colours of groups by a pattern."""
    if not drawing.several or drawing.kind == "matrix":
        return {}
    variable = quoted(drawing.variable)
    if drawing.apart:
        return {"facet_col": variable}
    if not drawing.color:
        return {"color": variable} if drawing.x or drawing.kind in ACROSS else {}
    patterns = {"line": "line_dash", "area": "line_group", "scatter": "symbol", "bar": "pattern_shape"}
    patterns |= {"ecdf": "line_dash"}
    return {patterns[drawing.kind]: variable} if drawing.kind in patterns else {"facet_row": variable}


def _spacing(drawing: Drawing) -> dict[str, str]:
    panels = len(drawing.y) if drawing.apart else drawing.panels
    rows = -(-panels // WRAP)
    return {"facet_row_spacing": f"{0.5 / rows:.3f}"} if rows >= TIGHT else {}


def _bins(drawing: Drawing) -> dict[str, str]:
    if not drawing.plan.bins:
        return {}
    keys = ("nbinsx", "nbinsy") if drawing.kind == "density" else ("nbins",)
    return {key: str(drawing.plan.bins) for key in keys}


def _trend(drawing: Drawing) -> dict[str, str]:
    name = TRENDS.get(drawing.plan.trend)
    logs = [f"log_{axis}=True" for axis in "xy" if axis in drawing.trend_logs and name == "ols"]
    options = {"trendline_options": f"dict({', '.join(logs)})"} if logs else {}
    return {"trendline": quoted(name)} | options if name else {}


def _arrangement(drawing: Drawing) -> dict[str, str]:
    mode = "stack" if drawing.plan.stack == "stacked" else "group"
    return {"barmode": quoted(mode)} if drawing.color or drawing.several else {}


OPTIONS: dict[str, Callable[[Drawing], dict[str, str]]] = {
    "histogram": _bins,
    "density": _bins,
    "scatter": _trend,
    "bar": _arrangement,
}


def _options(drawing: Drawing) -> dict[str, str]:
    return OPTIONS[drawing.kind](drawing) if drawing.kind in OPTIONS else {}


def _updates(drawing: Drawing) -> list[str]:
    """Return the statements that change the figure."""
    lines = []
    if drawing.apart:
        axes = "x" if drawing.kind in ACROSS else "y"
        lines.append(f"figure.update_{axes}axes(matches=None, showticklabels=True)")
    if drawing.apart and drawing.kind == "histogram":
        lines.append("figure.update_traces(bingroup=None)  # each column has bins of its own")
    if drawing.kind == "area" and drawing.plan.stack == "grouped":
        lines.append('figure.update_traces(stackgroup=None, fill="tozeroy")')
    return lines
