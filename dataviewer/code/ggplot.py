"""A chart with ggplot2, its rows made ready with dplyr and tidyr."""

from collections.abc import Callable, Sequence

from dataviewer.code import text
from dataviewer.code.drawing import LINES, SHAPES, Drawing
from dataviewer.code.text import quoted
from dataviewer.dataset import Dataset

Symbol = Callable[[str], str]  # a column's name as R code

AGGREGATES = {"sum": "sum", "mean": "mean", "median": "median", "min": "min", "max": "max"}
GEOMS = {
    "line": "geom_line()",
    "area": 'geom_area(position = "{area}", alpha = 0.5)',
    "scatter": "geom_point()",
    "bar": 'geom_col(position = "{bar}")',
    "histogram": "geom_histogram(bins = {bins})",
    "box": "geom_boxplot()",
    "violin": "geom_violin()",
    "strip": "geom_jitter(width = 0.2, height = 0)",
    "density": "geom_bin_2d(bins = {bins})",
    "ecdf": "stat_ecdf()",
}
FILLED = ("area", "bar", "histogram", "box", "violin")  # kinds that colours fill
ACROSS = ("histogram", "ecdf")  # kinds that lay their columns along x
BY_GROUP = ("bar", "box", "violin", "strip")
BINS = 30
TRENDS = {
    "linear": 'geom_smooth(method = "lm", formula = y ~ x, se = FALSE)',
    "lowess": 'geom_smooth(method = "loess", formula = y ~ x, se = FALSE, span = 2 / 3,\n'
    '    method.args = list(degree = 1, family = "symmetric"))',
}
SHAPED = {
    "indexed": "{y} / first(na.omit({y})) * 100",
    "standardised": "({y} - mean({y}, na.rm = TRUE)) / sqrt(mean(({y} - mean({y}, na.rm = TRUE))^2, na.rm = TRUE))",
    "smooth": "if (n() < {count}) NA else {average}",
}
AVERAGE = "as.numeric(stats::filter({y}, rep(1 / {count}, {count})))"  # of an even count, one place late
CORRELATION = """r <- cor({columns}, use = "pairwise.complete.obs")
figure <- ggplot(as.data.frame(as.table(r)), aes(Var1, Var2, fill = Freq)) +
  geom_tile() +
  scale_fill_gradient2(limits = c(-1, 1))"""


def libraries(drawing: Drawing) -> tuple[str, ...]:
    """Return the packages that a chart needs besides dplyr and purrr."""
    if drawing.kind == "matrix":
        return ()
    return ("tidyr", "ggplot2") if _is_long(drawing) else ("ggplot2",)


def draw(drawing: Drawing, rows: str, symbol: Symbol, dataset: Dataset) -> str:
    """Return the statements that draw the tibble called `rows`, and show the figure."""
    notes = [f"# {note}" for note in drawing.notes]
    columns = call(f"select({rows}, ", [symbol(name) for name in drawing.y])
    if drawing.kind == "matrix":
        color = f", col = as.integer(factor({rows}${symbol(drawing.color)}))" if drawing.color else ""
        return "\n".join([*notes, f"pairs({columns}{color})"])
    if drawing.kind == "correlation":
        return "\n".join([*notes, CORRELATION.format(columns=columns), "figure"])
    steps = _steps(drawing, symbol)
    name = "bars" if drawing.kind == "bar" else "lines" if drawing.kind in LINES else "drawn"
    prepared = [pipe(name, rows, steps)] if steps else []
    layers = [_head(drawing, name if steps else rows, symbol, dataset), *_layers(drawing, symbol)]
    return "\n".join([*notes, *prepared, "figure <- " + " +\n  ".join(layers), "figure"])


def call(head: str, parts: Sequence[str]) -> str:
    """Return a call on one line if it fits there, else with a part a line: R takes no comma after the last."""
    line = f"{head}{', '.join(parts)})"
    if len(line) <= text.WIDTH and "\n" not in line:
        return line
    return head.rstrip() + "\n" + ",\n".join(text.indented(part, "  ") for part in parts) + "\n)"


def pipe(name: str, start: str, steps: Sequence[str]) -> str:
    """Return what gives `name` to the last of several steps."""
    line = " |> ".join([f"{name} <- {start}", *steps])
    if len(line) <= text.WIDTH and len(steps) < 3 and "\n" not in line:
        return line
    return f"{name} <- {start} |>\n" + " |>\n".join(text.indented(step, "  ") for step in steps)


def _is_long(drawing: Drawing) -> bool:
    return drawing.several and drawing.kind not in ("matrix", "correlation")


# What is done to the rows ------------------------------------------------------------------------------


def _steps(drawing: Drawing, symbol: Symbol) -> list[str]:
    given = [f"!is.na({symbol(name)})" for name in drawing.lost]
    steps = [f"mutate({symbol(twin)} = {symbol(name)})" for name, twin in drawing.copies.items()]
    steps += [call("filter(", given)] if given else []
    if _is_long(drawing):
        columns = call("c(", [symbol(name) for name in drawing.y])
        names = f"names_to = {quoted(drawing.variable)}, values_to = {quoted(drawing.value)}"
        steps.append(f"pivot_longer({columns}, {names})")
    steps += [f"filter(!is.na({_y(drawing, symbol)}))"] if drawing.kind == "bar" and drawing.gaps else []
    keys = [symbol(key) for key in _keys(drawing)]
    if drawing.kind == "bar" and not drawing.y:
        steps.append(call("count(", [*keys, f"name = {quoted(drawing.rows)}"]))
    elif drawing.agg:
        steps += [call("group_by(", keys), f'summarise({_aggregated(drawing, symbol)}, .groups = "drop")']
    return steps + _shapes(drawing, symbol)


def _keys(drawing: Drawing) -> tuple[str, ...]:
    return (*drawing.keys, drawing.variable) if _is_long(drawing) else drawing.keys


def _y(drawing: Drawing, symbol: Symbol) -> str:
    """Return the column that is drawn."""
    return symbol(drawing.value if _is_long(drawing) else drawing.y[0] if drawing.y else drawing.rows)


def _aggregated(drawing: Drawing, symbol: Symbol) -> str:
    y = _y(drawing, symbol)
    if drawing.agg == "count":
        return f"{y} = sum(!is.na({y}))"
    total = f"{AGGREGATES[drawing.agg]}({y}, na.rm = TRUE)"
    bare = drawing.kind == "bar" or not drawing.gaps or drawing.agg in ("mean", "median")
    return f"{y} = {total}" if bare else f"{y} = if (all(is.na({y}))) NA else {total}"


def _shapes(drawing: Drawing, symbol: Symbol) -> list[str]:
    """Return the steps that change the values of lines: their scale, then their moving average."""
    plan, y = drawing.plan, _y(drawing, symbol)
    wanted = [SHAPED[plan.scale].format(y=y)] if plan.scale in SHAPES else []
    if plan.smooth:
        average = AVERAGE.format(y=y, count=plan.smooth)
        average = average if plan.smooth % 2 else f"lag({average})"
        wanted.append(SHAPED["smooth"].format(count=plan.smooth, average=average))
    if not wanted:
        return []
    by = [symbol(key) for key in _keys(drawing) if key != drawing.x]
    order = [f"arrange({symbol(drawing.x)})"] if drawing.in_order else []
    grouped = [call("group_by(", by)] if by else []
    mutated = [f"mutate({y} = {shape})" for shape in wanted]
    return [*order, *grouped, *mutated, *(["ungroup()"] if by else [])]


# The figure ----------------------------------------------------------------------------------------------


def _head(drawing: Drawing, frame: str, symbol: Symbol, dataset: Dataset) -> str:
    y = _y(drawing, symbol)
    parts = [f"x = {y}"] if drawing.kind in ACROSS else [f"x = {_x(drawing, symbol, dataset)}", f"y = {y}"]
    color = symbol(drawing.color) if drawing.color else ""
    is_group = drawing.color and dataset.column(drawing.color).is_number and not drawing.shaded
    color = f"factor({color})" if color and is_group else color
    colored = drawing.several and not drawing.apart and not drawing.color and (drawing.x or drawing.kind in ACROSS)
    color = symbol(drawing.variable) if colored else color
    parts += [f"{'fill' if drawing.kind in FILLED else 'colour'} = {color}"] if color else []
    other = {"line": "linetype", "scatter": "shape"}.get(drawing.kind)
    both = drawing.several and drawing.color and not drawing.apart
    parts += [f"{other} = {symbol(drawing.variable)}"] if other and both else []
    return f"ggplot({frame}, {call('aes(', parts)})"


def _x(drawing: Drawing, symbol: Symbol, dataset: Dataset) -> str:
    """Return what lies along x: where it tells groups apart, as a factor, lest numbers be a scale."""
    if not drawing.x:
        return symbol(drawing.variable) if drawing.several and not drawing.apart else '""'
    is_text = drawing.row or dataset.column(drawing.x).kind == "text"
    return symbol(drawing.x) if drawing.kind not in BY_GROUP or is_text else f"factor({symbol(drawing.x)})"


def _layers(drawing: Drawing, symbol: Symbol) -> list[str]:
    plan = drawing.plan
    stacked = plan.stack == "stacked"
    geom = GEOMS[drawing.kind].format(
        area="stack" if stacked else "identity", bar="stack" if stacked else "dodge", bins=plan.bins or BINS
    )
    trend = [TRENDS[plan.trend]] if plan.trend else []
    logs = [f"scale_{axis}_log10()" for axis in "xy" if axis in plan.log]
    return [geom, *trend, *_panels(drawing, symbol), *logs]


def _panels(drawing: Drawing, symbol: Symbol) -> list[str]:
    facet, variable = (symbol(name) if name else "" for name in (drawing.facet, drawing.variable))
    if drawing.apart:
        return [f'facet_wrap(vars({variable}), scales = "free")']
    both = drawing.several and drawing.color and drawing.kind not in ("line", "scatter")
    if both and facet:
        return [f"facet_grid(rows = vars({variable}), cols = vars({facet}))"]
    return [f"facet_wrap(vars({variable if both else facet}))"] if both or facet else []
