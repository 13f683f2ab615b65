"""A plan as the languages draw it: the columns in their parts, what is done to the rows first, what is left out."""

from dataclasses import dataclass, replace

from dataviewer.charts.plan import Plan
from dataviewer.charts.source import GROUPS_MAX
from dataviewer.code import text
from dataviewer.dataset import Dataset
from dataviewer.view import ROW

PANELS_MAX = 30  # panels that one page can hold
COLORS_MAX = 200  # colours, where each makes a line of its own
SHAPES = ("indexed", "standardised")  # scales that change the values
LINES = ("line", "area")
WITH_UNKNOWN = ("scatter", "matrix")  # kinds that draw what has no colour, in one of its own


@dataclass(frozen=True)
class Drawing:
    """What is drawn: `x` to `facet` are columns, "" for none; `row`, if not "", is what the numbers of rows are called.

    `variable`, `value` and `rows` are free names: for which column it is, what it holds, how many rows there are.
    `copies` are free names of columns of y that are a key too, and stand in y for them. `agg` is what several rows of
    the same `keys` come to, "" where each row is drawn for itself. `apart` says that each column has a panel, `panels`
    is how many the facet makes. `lost` are columns where rows without a value have no place, `gaps` says that values of
    y are missing, `shaded` that the colour is a scale of numbers. `words` are columns to be made text, since they tell
    groups apart, `unknown` those where a missing value is a group too. `trend_logs` are the axes, "x" and "y", on whose
    logarithms a straight trend can be fitted.
    """

    plan: Plan
    x: str
    y: tuple[str, ...]
    color: str
    facet: str
    row: str
    variable: str
    value: str
    rows: str
    copies: dict[str, str]
    agg: str
    apart: bool
    panels: int
    lost: tuple[str, ...]
    gaps: bool
    in_order: bool
    shaded: bool
    words: tuple[str, ...]
    unknown: tuple[str, ...]
    trend_logs: str
    notes: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.plan.kind.name

    @property
    def own(self) -> tuple[str, ...]:
        """The columns of y as the dataset has them."""
        own = {twin: name for name, twin in self.copies.items()}
        return tuple(own.get(name, name) for name in self.y)

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, (self.x, self.color, self.facet))))

    @property
    def several(self) -> bool:
        return len(self.y) > 1


def of(dataset: Dataset, plan: Plan, by_viewer: bool) -> Drawing:
    """Return what a plan draws; `by_viewer` says that code does not see the rows that the conditions left out."""
    plan, notes = _parts(dataset, plan)
    names = [column.name for column in dataset.columns]
    row = text.free("row", names) if plan.x == ROW else ""
    x = row or plan.x
    y = plan.y if plan.agg != "count" or plan.kind.name in LINES else ()
    y = y[:1] if plan.kind.name == "histogram" and plan.facet else y
    agg = _aggregate(dataset, plan)
    apart = agg or (len(y) > 1 and plan.kind.name != "matrix") or plan.kind.name == "scatter"
    copies = {name: text.free(f"_{name}", names) for name in y if apart and name in (x, plan.color, plan.facet)}
    lost = [n for n in dict.fromkeys((x, plan.color, plan.facet)) if n and n != row and dataset.column(n).missing]
    if plan.kind.name in WITH_UNKNOWN:
        lost = [name for name in lost if name != plan.color]
    if plan.kind.name == "ecdf" and len(y) == 1 and dataset.column(y[0]).missing:
        lost.append(y[0])
    return Drawing(
        plan,
        x,
        tuple(copies.get(name, name) for name in y),
        plan.color,
        plan.facet,
        row,
        variable=text.free("variable", names),
        value=text.free("value", names),
        rows=text.free("rows", names),
        copies=copies,
        agg=agg,
        apart=_is_apart(plan, y),
        panels=dataset.column(plan.facet).distinct if plan.facet else 1,
        lost=tuple(lost),
        gaps=any(dataset.column(name).missing for name in y),
        in_order=_in_order(dataset, plan),
        shaded=bool(plan.color) and _is_scale(dataset, plan, plan.color),
        words=_words(dataset, plan),
        unknown=_unknown(dataset, plan),
        trend_logs=plan.log if _has_logarithms(dataset, plan) else "",
        notes=(*notes, *_notes(dataset, plan, by_viewer)),
    )


def _parts(dataset: Dataset, plan: Plan) -> tuple[Plan, list[str]]:
    """Return the plan without a colour or panels of more values than can be drawn, and a sentence on each."""
    notes = []
    for part, most in (("color", COLORS_MAX), ("facet", PANELS_MAX)):
        name = getattr(plan, part)
        if name and dataset.column(name).distinct > most:
            said = {"color": "colours", "facet": "panels"}[part]
            notes.append(f"Without {said}: there are too many values of {text.one_line(name)}.")
            plan = replace(plan, **{part: ""})
        elif name and dataset.column(name).distinct > GROUPS_MAX and not _is_scale(dataset, plan, name):
            notes.append(f"The page takes the rarer values of {text.one_line(name)} together.")
    return plan, list(dict.fromkeys(notes))


def _is_scale(dataset: Dataset, plan: Plan, name: str) -> bool:
    """Return whether a colour is a scale of numbers."""
    column = dataset.column(name)
    return plan.kind.name == "scatter" and name == plan.color and column.is_number and column.distinct > GROUPS_MAX


def _aggregate(dataset: Dataset, plan: Plan) -> str:
    if plan.kind.name == "bar":
        return plan.agg
    if plan.kind.name not in LINES or plan.x == ROW:
        return ""
    return plan.agg or ("" if _is_unique(dataset, plan) else "mean")


def _is_unique(dataset: Dataset, plan: Plan) -> bool:
    """Return whether no two rows share a place on a line."""
    column, panel = dataset.column(plan.x), dataset.panel
    alone = column.distinct == dataset.rows - column.missing
    return alone or bool(panel and plan.x == panel.time and panel.unit in (plan.color, plan.facet))


def _is_apart(plan: Plan, y: tuple[str, ...]) -> bool:
    if len(y) < 2 or plan.facet:
        return False
    bars_of_groups = plan.kind.name == "bar" and bool(plan.color)
    return plan.kind.name == "histogram" or plan.scale in ("panels", "second") or bars_of_groups


def _in_order(dataset: Dataset, plan: Plan) -> bool:
    """Return whether what is drawn must be brought into the order of x."""
    if plan.kind.name in LINES:
        return plan.x != ROW and not dataset.column(plan.x).increasing
    return plan.kind.name == "bar" and dataset.column(plan.x).kind != "text"


def _words(dataset: Dataset, plan: Plan) -> tuple[str, ...]:
    if not plan.color or plan.kind.name not in ("bar", *WITH_UNKNOWN) or _is_scale(dataset, plan, plan.color):
        return ()
    column = dataset.column(plan.color)
    unknown = bool(_unknown(dataset, plan)) and column.kind != "text"
    return (plan.color,) if column.is_number or unknown else ()


def _unknown(dataset: Dataset, plan: Plan) -> tuple[str, ...]:
    if not plan.color or plan.kind.name not in WITH_UNKNOWN or _is_scale(dataset, plan, plan.color):
        return ()
    return (plan.color,) if dataset.column(plan.color).missing else ()


def _has_logarithms(dataset: Dataset, plan: Plan) -> bool:
    """Return whether all that a logarithmic axis shows is above zero."""
    along = [plan.x] if "x" in plan.log and plan.x and plan.x != ROW else []
    names = [*(plan.y if "y" in plan.log else ()), *along]
    return all((dataset.column(name).minimum or 0) > 0 for name in names)


def _notes(dataset: Dataset, plan: Plan, by_viewer: bool) -> list[str]:
    time = dataset.time
    dated = plan.x != ROW and time and time.column == plan.x and (time.per_year or time.written == "ymd")
    log_bins = plan.kind.name in ("histogram", "density") and plan.log not in ("", "y")
    straight = plan.trend == "linear" and plan.log and not _has_logarithms(dataset, plan)
    said = [
        ("Rows are numbered as they were loaded.", plan.x == ROW and by_viewer),
        (f"The page draws {text.one_line(str(plan.x))} as dates.", dated),
        ("The page also draws the values that the average is of.", plan.smooth),
        ("The page has a second axis instead of panels.", plan.scale == "second"),
        ("The trend is fitted to the values: not all have a logarithm.", straight),
        ("The page chooses the bins on the logarithmic axis.", log_bins),
    ]
    return [sentence for sentence, holds in said if holds]
