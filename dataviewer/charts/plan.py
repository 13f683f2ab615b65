"""View + dataset -> what exactly is drawn, what else could be, and a sentence for what was asked in vain."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dataviewer import filters
from dataviewer.charts import first
from dataviewer.dataset import TIMES, Column, Dataset
from dataviewer.view import AGGREGATES, LOGS, NONE, ROW, SCALES, STACKS, TRENDS, View, Word, escape

APART = 10  # scales that differ more than so many fold are unreadable on one axis
CROWDED = 6, 500  # more lines than this, of more rows than this, cover each other
CHOICES_MAX = 1000  # columns that a control offers
BINS = (5, 10, 15, 20, 30, 50, 100)
SMOOTHS = (3, 5, 7, 12, 24, 30, 52, 90, 365)


@dataclass(frozen=True)
class Kind:
    """A kind of chart: what its axes take, what can be chosen beside them, and what draws it.

    `x` is "order" (a number, a date, the row), "number" (a number or a date), "group" (a category) or "" for none;
    `least` and `most` count the columns of `y`, `offers` names further controls. Where the data have no category, a
    kind with columns can do without one.
    """

    name: str
    label: str
    draw: Callable
    x: str = ""
    least: int = 1
    most: int = 100
    offers: tuple[str, ...] = ()
    y_label: str = "Columns"


@dataclass(frozen=True)
class Plan:
    """Everything a chart is told; `default` is what it would be told by a view that says the kind alone."""

    kind: Kind
    x: str | Word = ""
    y: tuple[str, ...] = ()
    color: str = ""
    facet: str = ""
    agg: str = ""
    bins: int | None = None
    scale: str = ""
    log: str = ""
    trend: str = ""
    smooth: int | None = None
    stack: str = ""
    reason: str = ""
    problems: tuple[str, ...] = ()
    default: "Plan | None" = field(default=None, repr=False)


def offered(dataset: Dataset, kinds: Sequence[Kind]) -> tuple[Kind, ...]:
    """Return the kinds that the columns of a dataset allow."""
    return tuple(kind for kind in kinds if dataset.rows and not _lacks(dataset, kind))


def _lacks(dataset: Dataset, kind: Kind) -> str:
    """Return what a dataset lacks for a kind, "" if nothing."""
    along = x_choices(dataset, kind)
    if kind.least > len(y_choices(dataset)):
        return f"it needs {'a column' if kind.least == 1 else f'{kind.least} columns'} of numbers"
    if kind.x == "number" and len(along) < 2:
        return "it needs two columns of numbers or dates"
    return "" if along or not kind.x or _can_lack_x(kind) else f"it needs {X_NEEDS[kind.x]}"


def _can_lack_x(kind: Kind) -> bool:
    return kind.x == "group" and kind.least > 0


def resolve(dataset: Dataset, view: View, kinds: Sequence[Kind]) -> Plan | None:
    """Return what a view draws of a dataset with rows, None where it has nothing that could be drawn."""
    fitting = offered(dataset, kinds)
    if not fitting:
        return None
    spec, reason = first.choose(dataset)
    kind, problems = _kind(dataset, view, kinds, fitting, spec.kind)
    if kind.name != spec.kind:
        spec, reason = first.default(first.facts(dataset), kind.name), ""
    usual = _usual(dataset, kind, spec)
    plan = replace(usual, default=usual)
    for choose in (_choose_x, _choose_y, _choose_color, _choose_facet, _choose_rest):
        plan, wrong = choose(dataset, view, plan)
        problems += wrong
    scale = default_scale(dataset, plan)
    plan = replace(plan, scale=view.scale if scale and view.scale in _scales(kind) else scale)
    asked = replace(view, dataset="", sort=(), where=(), search="", columns=(), page=1, size=None, row=None, range=())
    return replace(plan, reason=reason if asked == View("") else "", problems=tuple(problems))


def _kind(dataset: Dataset, view: View, kinds: Sequence[Kind], fitting: Sequence[Kind], usual: str) -> tuple:
    known = {kind.name: kind for kind in kinds}
    best = known[usual] if known[usual] in fitting else fitting[0]
    if not view.chart:
        return best, []
    if view.chart not in known:
        return best, [f"There is no chart “{view.chart[:40]}”; there is {', '.join(known)}."]
    kind = known[view.chart]
    if kind not in fitting:
        return best, [f"“{view.chart}” cannot be drawn of this dataset; {_lacks(dataset, kind)}."]
    return kind, []


def _usual(dataset: Dataset, kind: Kind, spec: first.Spec) -> Plan:
    x = spec.x or ("" if _can_lack_x(kind) else _spell_first(x_choices(dataset, kind)))
    y = (spec.y or y_choices(dataset)[: kind.least])[: kind.most]
    plan = Plan(kind, x, y, spec.color, spec.facet, spec.agg, stack=_stack(kind))
    plan = replace(plan, agg=_aggregate(plan, ""))
    return replace(plan, scale=default_scale(dataset, plan))


def _spell_first(choices: tuple) -> str | Word:
    return choices[0] if choices else ""


def _choose_x(dataset: Dataset, view: View, plan: Plan) -> tuple[Plan, list[str]]:
    if not view.x or not plan.kind.x:
        return plan, []
    choices = x_choices(dataset, plan.kind)
    if view.x in choices:
        return replace(plan, x=view.x), []
    now = "the row" if plan.x == ROW else f"“{plan.x}”" if plan.x else "nothing"
    return plan, [f"{_vain(dataset, view.x, X_NEEDS[plan.kind.x])} x is {now} instead."]


def _choose_y(dataset: Dataset, view: View, plan: Plan) -> tuple[Plan, list[str]]:
    if not view.y:
        return plan, []
    choices = y_choices(dataset)
    problems = [_vain(dataset, name, "a column of finite numbers") for name in view.y if name not in choices]
    y = tuple(name for name in view.y if name in choices)
    if len(y) > plan.kind.most:
        problems.append(f"{plan.kind.label} takes at most {plan.kind.most} of the {len(y)} columns asked for.")
    if y and len(y) < plan.kind.least:
        y += tuple(name for name in choices if name not in y)[: plan.kind.least - len(y)]
    y = y[: plan.kind.most] or plan.y
    return replace(plan, y=y, agg=_aggregate(replace(plan, y=y), "")), problems


def _choose_color(dataset: Dataset, view: View, plan: Plan) -> tuple[Plan, list[str]]:
    plan, problems = _choose_group(dataset, view.color, plan, "color", color_choices(dataset, plan.kind))
    return replace(plan, color="") if plan.color == _grouped(plan) else plan, problems


def _grouped(plan: Plan) -> str:
    """Return the column whose groups stand along x, which as a colour too would tell nothing more."""
    return plan.x if plan.kind.x == "group" else ""


def _choose_facet(dataset: Dataset, view: View, plan: Plan) -> tuple[Plan, list[str]]:
    return _choose_group(dataset, view.facet, plan, "facet", group_choices(dataset))


def _choose_group(dataset: Dataset, asked: str | Word, plan: Plan, part: str, choices: tuple) -> tuple[Plan, list[str]]:
    if not asked or part not in plan.kind.offers:
        return plan, []
    if asked == NONE:
        return replace(plan, **{part: ""}), []
    if asked in choices:
        return replace(plan, **{part: asked}), []
    return plan, [_vain(dataset, asked, "a column with values that group the rows")]


def _choose_rest(dataset: Dataset, view: View, plan: Plan) -> tuple[Plan, list[str]]:
    offers = plan.kind.offers
    wanted = {key: getattr(view, key) for key in ("bins", "log", "trend", "smooth", "stack") if key in offers}
    wanted = {key: value for key, value in wanted.items() if value}
    if "log" in wanted and wanted["log"] not in _logs(plan.kind):
        del wanted["log"]
    return replace(plan, agg=_aggregate(plan, view.agg), **wanted), []


def _aggregate(plan: Plan, asked: str) -> str:
    if "agg" not in plan.kind.offers:
        return ""
    if plan.kind.name == "bar":
        usual = plan.agg if plan.agg not in ("", "count") else "mean"
        return (asked or usual) if plan.y else "count"
    return asked or plan.agg


def _stack(kind: Kind) -> str:
    return ("stacked" if kind.name == "area" else "grouped") if "stack" in kind.offers else ""


def _logs(kind: Kind) -> tuple[str, ...]:
    if "log" not in kind.offers:
        return ()
    if kind.x == "group":
        return ("y",)
    return LOGS if kind.x else ("x",) if kind.name == "ecdf" else LOGS


def _scales(kind: Kind) -> tuple[str, ...]:
    return () if "scale" not in kind.offers else SCALES if kind.name == "line" else ("shared", "panels")


def _vain(dataset: Dataset, name: str | Word, needed: str) -> str:
    if isinstance(name, Word):
        return f"“:{name.name}” does not fit; this needs {needed}."
    column = dataset.column(name)
    if column is None:
        return f"Cannot draw “{name}”; {filters.columns_sentence(dataset)}"
    return f"Cannot draw “{name}” here: it {_nature(dataset, column)}; this needs {needed}."


def _nature(dataset: Dataset, column: Column) -> str:
    if dataset.time and dataset.time.column == column.name:
        return "is the time axis"
    if column.is_number:
        return "holds no finite number" if column.minimum is None else "holds numbers"
    return f"holds {column.kind} values" if column.distinct else "holds no value"


X_NEEDS = {
    "order": "a column of numbers or dates",
    "number": "a column of numbers or dates",
    "group": "a column with values that group the rows",
}


# What could be chosen ---------------------------------------------------------------------------------


def x_choices(dataset: Dataset, kind: Kind) -> tuple[str | Word, ...]:
    """Return what an x axis can be, what the kind draws by default not first."""
    if not kind.x:
        return ()
    if kind.x == "group":
        return group_choices(dataset)
    times = {part and part.column for part in (dataset.time,)} | {part and part.time for part in (dataset.panel,)}
    along = tuple(c.name for c in dataset.columns if c.name in times or _is_along(c))
    return (ROW, *along) if kind.x == "order" else along


def _is_along(column: Column) -> bool:
    return column.distinct > 0 and (column.kind in TIMES or (column.is_number and column.minimum is not None))


def y_choices(dataset: Dataset) -> tuple[str, ...]:
    return dataset.numbers


def group_choices(dataset: Dataset) -> tuple[str, ...]:
    """Return the columns that can group rows: any but numbers and dates of many values."""
    return tuple(column.name for column in dataset.columns if first.can_group(column))


def color_choices(dataset: Dataset, kind: Kind) -> tuple[str, ...]:
    """Return the columns that can give colours: groups, and for dots any number."""
    groups = group_choices(dataset)
    unit = dataset.panel.unit if dataset.panel else None
    numbers = dataset.numbers if kind.name == "scatter" else ()
    return tuple(c.name for c in dataset.columns if c.name in groups or c.name == unit or c.name in numbers)


def why_panels(dataset: Dataset, names: Sequence[str]) -> str:
    """Return why lines cannot be read on one axis, "" where they can."""
    columns = [dataset.column(name) for name in names]
    ranges = [column.maximum - column.minimum for column in columns if column.maximum > column.minimum]
    span = max(column.maximum for column in columns) - min(column.minimum for column in columns)
    if ranges and max(ranges) > APART * min(ranges):
        fold = max(ranges) / min(ranges)
        times = f"{fold:,.0f}-fold" if fold < 1e6 else "more than a million-fold"
        return f"Ranges differ {times}, so each line has its own panel."
    if ranges and span > APART * min(ranges):
        return "The lines lie far apart, so each has its own panel."
    if len(names) > CROWDED[0] and dataset.rows > CROWDED[1]:
        return f"{len(names)} lines of {dataset.rows:,} rows would cover each other, so each has its own panel."
    return ""


def default_scale(dataset: Dataset, plan: Plan) -> str:
    """Return whether several columns share an axis; "" where there is nothing to choose."""
    if "scale" not in plan.kind.offers or len(plan.y) < 2:
        return ""
    # Groups need the colours for themselves.
    return "panels" if plan.color or why_panels(dataset, plan.y) else "shared"


# The controls beside a chart ---------------------------------------------------------------------------


def controls(dataset: Dataset, plan: Plan, kinds: Sequence[Kind]) -> list[dict]:
    """Return the choices that a kind offers of a dataset, in the order of the page.

    Each has the key of the link that it sets, its label, what it stands at, what it stands at by default (which the
    link leaves out), and its options.
    """
    usual, kind = plan.default, plan.kind
    fitting = [(each.name, each.label) for each in offered(dataset, kinds)]
    first_kind = first.choose(dataset)[0].kind
    rows = [("chart", kind.name, first_kind if first_kind in dict(fitting) else fitting[0][0], fitting)]
    if kind.x:
        along = _named(x_choices(dataset, kind))
        if not usual.x and _can_lack_x(kind):
            along = [("", LABELS[""]), *(option for option in along if option[0])]
        rows.append(("x", spelled(plan.x), spelled(usual.x), along))
    colors = [name for name in color_choices(dataset, kind) if name != _grouped(plan)]
    for part, choices in (("color", colors), ("facet", group_choices(dataset))):
        if part in kind.offers and choices:
            chosen, default = getattr(plan, part), getattr(usual, part)
            rows.append((part, spelled(chosen or NONE), spelled(default or NONE), _named((NONE, *choices))))
    rows += [row for row in _tables(dataset, plan) if len(row[3]) > 1]
    return [
        {"key": key, "label": TITLES[key], "value": value, "default": default, "options": options}
        for key, value, default, options in rows
    ]


def _tables(dataset: Dataset, plan: Plan) -> list[tuple]:
    """Return the choices that do not depend on the dataset, each with the options that the kind has."""
    kind, offers = plan.kind, plan.kind.offers
    scales = _scales(kind) if len(plan.y) > 1 else ()
    logs = _logs(kind)
    return [
        ("agg", plan.agg, _aggregate(replace(plan.default, y=plan.y), ""), _worded(_aggregates(plan))),
        ("stack", plan.stack, plan.default.stack, _worded(STACKS if "stack" in offers and _has_parts(plan) else ())),
        ("scale", plan.scale, default_scale(dataset, plan), _worded(scales)),
        ("log", plan.log, "", _worded(("", *logs) if logs else ())),
        ("bins", _number(plan.bins), "", _counts(BINS, plan.bins, "auto") if "bins" in offers else []),
        ("trend", plan.trend, "", _worded(("", *TRENDS) if "trend" in offers else ())),
        ("smooth", _number(plan.smooth), "", _counts(SMOOTHS, plan.smooth, "none") if "smooth" in offers else []),
    ]


def _aggregates(plan: Plan) -> tuple[str, ...]:
    if "agg" not in plan.kind.offers or not plan.y:
        return ()
    return AGGREGATES if plan.kind.name == "bar" or plan.default.agg else ("", *AGGREGATES)


def _has_parts(plan: Plan) -> bool:
    return bool(plan.color) or len(plan.y) > 1


def _number(value: int | None) -> str:
    return str(value) if value else ""


def _counts(usual: tuple[int, ...], chosen: int | None, nothing: str) -> list[tuple[str, str]]:
    values = sorted({*usual, chosen} - {None})
    return [("", nothing), *((str(value), str(value)) for value in values)]


def _worded(values: Sequence[str]) -> list[tuple[str, str]]:
    return [(value, LABELS[value]) for value in values]


def _named(choices: Sequence[str | Word]) -> list[tuple[str, str]]:
    return [(spelled(c), c.name if isinstance(c, Word) else c) for c in choices[:CHOICES_MAX]]


def spelled(name: str | Word) -> str:
    """Return a column, or a word in its place, as the query string spells it."""
    return f":{name.name}" if isinstance(name, Word) else escape(name)


TITLES = {
    "chart": "Chart",
    "x": "x",
    "color": "Colour",
    "facet": "Panels by",
    "agg": "Aggregate",
    "stack": "Parts",
    "scale": "Scale",
    "log": "Log",
    "bins": "Bins",
    "trend": "Trend",
    "smooth": "Average of",
}
LABELS = {
    "": "none",
    "count": "count",
    "sum": "sum",
    "mean": "mean",
    "median": "median",
    "min": "least",
    "max": "greatest",
    "shared": "one axis",
    "panels": "panels",
    "indexed": "start = 100",
    "standardised": "standardised",
    "second": "two axes",
    "x": "x",
    "y": "y",
    "xy": "x and y",
    "linear": "straight line",
    "lowess": "smooth (lowess)",
    "grouped": "side by side",
    "stacked": "stacked",
}
