"""Which chart a dataset opens with, and why: rules on the roles of its columns, the first that fits decides.

And what each kind of chart draws of a dataset where the view does not say.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from dataviewer import roles
from dataviewer.dataset import Column, Dataset
from dataviewer.view import ROW, Word

LINES_MAX = 12  # columns drawn before anyone chooses
PANEL_LINES = 3  # measures of a panel: each has as many lines as there are units
UNITS_MAX = 200  # units that can have a line each
COLORS_MAX = 12  # groups that colours can tell apart
BOXES_MAX = 30
NAMED_ROWS_MAX = 40  # rows that are read one by one, if they have names
NAMED_CELLS_MAX = 12, 6  # rows and columns of a small table that is read as a whole
BATTERY = 8, 100, 10  # least and most columns, and most levels, of answers on one scale
MATRIX_COLUMNS = 4
GROUPS_MAX = 60  # values that numbers or dates can have to group the rows


@dataclass(frozen=True)
class Spec:
    """What a chart draws: its kind, and the columns in their parts; "" and () for none."""

    kind: str
    x: str | Word = ""
    y: tuple[str, ...] = ()
    color: str = ""
    facet: str = ""
    agg: str = ""


@dataclass(frozen=True)
class Facts:
    """What the rules ask of a dataset."""

    dataset: Dataset
    roles: dict[str, str]

    def having(self, *wanted: str) -> tuple[str, ...]:
        return tuple(name for name, role in self.roles.items() if role in wanted)

    @property
    def measures(self) -> tuple[str, ...]:
        fixed = self.dataset.panel.fixed if self.dataset.panel else ()
        return tuple(name for name in self.having("measure") if name not in fixed)

    @property
    def drawable(self) -> tuple[str, ...]:
        """The measures, or where there is none, whatever numbers there are."""
        return self.measures or self.having("count") or self.dataset.numbers

    def levels(self, name: str) -> int:
        return self.dataset.column(name).distinct

    def groups(self, most: int = BOXES_MAX) -> tuple[str, ...]:
        """The categories with at most so many levels: texts first, flags that are 0 or 1 last."""
        return tuple(sorted((n for n in self.having("category", "dummy") if self.levels(n) <= most), key=self._flag))

    def _flag(self, name: str) -> int:
        column = self.dataset.column(name)
        return 0 if not column.is_number else 2 if (column.minimum, column.maximum) == (0, 1) else 1


def can_group(column: Column) -> bool:
    """Return whether the values of a column can be told apart as groups: any but numbers and dates of many values."""
    return bool(column.distinct) and (column.kind in ("text", "logical") or column.distinct <= GROUPS_MAX)


def facts(dataset: Dataset) -> Facts:
    return Facts(dataset, roles.roles(dataset))


def choose(dataset: Dataset) -> tuple[Spec, str]:
    """Return the first chart of a dataset and the reason for it in a sentence, "" where it goes without saying."""
    known = facts(dataset)
    return next(found for found in (rule(known) for rule in RULES) if found)


# Rules, in the order in which they are asked ----------------------------------------------------------


def _series(known: Facts) -> tuple | None:
    time = known.dataset.time
    return (default(known, "line"), "") if time and known.drawable else None


def _panel(known: Facts) -> tuple | None:
    panel = known.dataset.panel
    if not panel or not known.measures:
        return None
    spec = default(known, "line")
    units = f"{known.levels(panel.unit):,} {panel.unit}"
    if spec.agg:
        return spec, f"{units} over {panel.time} would be too many lines, so this is their mean."
    return spec, f"Each {panel.unit} was observed over {panel.time}, so each has a line."


def _table_of_counts(known: Facts) -> tuple | None:
    counts = known.dataset.counts
    if not counts or not (counts.weight or _small_whole(known)):
        return None
    if not _cell_axes(known):
        return _long_count(known) if len(counts.by) == 1 else None
    spec = default(known, "bar")
    return spec, f"Each row counts one combination of {_words(counts.by)}; the bars add the rows up."


def _long_count(known: Facts) -> tuple:
    counts = known.dataset.counts
    spec = Spec("line", counts.by[0], (counts.weight,))
    return spec, f"Each row counts one value of {spec.x}, and there are too many of them for bars."


def _small_whole(known: Facts) -> bool:
    """Return whether the measures are whole numbers that begin near nothing, as counts do."""
    columns = [known.dataset.column(name) for name in known.measures]
    return bool(columns) and all(c.kind == "integer" and 0 <= c.minimum <= max(1, c.maximum / 10) for c in columns)


def _battery(known: Facts) -> tuple | None:
    columns = battery(known)
    if not columns:
        return None
    scale = known.dataset.column(columns[0])
    shared = f"{len(columns)} columns share one scale, {scale.minimum:g} to {scale.maximum:g}"
    return Spec("correlation", y=columns), f"{shared}: this shows which go together."


def battery(known: Facts) -> tuple[str, ...]:
    """Return the columns of few levels on one scale, () unless they are many and most of the numbers."""
    least, most, levels = BATTERY
    numbers = [known.dataset.column(name) for name in known.dataset.numbers]
    few = [c for c in numbers if c.kind == "integer" and 1 < c.distinct <= levels]
    if known.measures:  # yes and no are no scale as long as something measures
        few = [c for c in few if c.distinct > 2]
    if not few:
        return ()
    scale = Counter((c.minimum, c.maximum) for c in few).most_common(1)[0][0]
    columns = tuple(c.name for c in few if (c.minimum, c.maximum) == scale)
    return columns if least <= len(columns) <= most and len(columns) * 2 >= len(numbers) else ()


def _places(known: Facts) -> tuple | None:
    """A latitude and a longitude are a map."""
    by_name = {name.casefold(): name for name in known.dataset.numbers}
    y = next((by_name[name] for name in ("lat", "latitude") if name in by_name), None)
    x = next((by_name[name] for name in ("long", "lon", "lng", "longitude") if name in by_name), None)
    return (Spec("scatter", x, (y,)), f"{x} and {y} are places, so this is a map of the rows.") if x and y else None


def _named_rows(known: Facts) -> tuple | None:
    names = [name for name in known.having("identifier") if known.dataset.column(name).kind == "text"]
    rows, few = known.dataset.rows, known.measures
    readable = few and (len(few) == 1 and rows <= NAMED_ROWS_MAX or _small_table(known))
    if not names or not readable or (len(few) == 1 and known.groups()):
        return None
    return Spec("bar", names[0], few, agg="sum"), f"Few rows, and {names[0]} names them, so each has a bar."


def _small_table(known: Facts) -> bool:
    most_rows, most_columns = NAMED_CELLS_MAX
    columns = [known.dataset.column(name) for name in known.measures]
    tops = [c.maximum for c in columns if c.maximum > 0]
    alike = len(tops) == len(columns) and min(tops) * 10 >= max(tops) and all(c.minimum >= 0 for c in columns)
    every = len(columns) + 1 == len(known.dataset.columns)
    return known.dataset.rows <= most_rows and 2 <= len(columns) <= most_columns and alike and every


def _no_measure(known: Facts) -> tuple | None:
    if known.measures:
        return None
    spec = default(known, "bar")
    return (spec, f"No column measures anything, so this counts the values of {spec.x}.") if spec.x else None


def _one_measure(known: Facts) -> tuple | None:
    if len(known.measures) != 1:
        return None
    if known.groups():
        spec = default(known, "box")
        return spec, f"One measure in groups: how {spec.y[0]} differs by {spec.x}."
    return default(known, "histogram"), f"One measure: how often {known.measures[0]} takes which values."


def _two_measures(known: Facts) -> tuple | None:
    if len(known.measures) != 2:
        return None
    x, y = known.measures
    if known.levels(x) * known.levels(y) * 2 <= known.dataset.rows:
        return default(known, "density"), f"Many rows share the same {x} and {y}, so this counts them."
    return default(known, "scatter"), f"Two measures: each dot is a row, at its {x} and {y}."


def _many_measures(known: Facts) -> tuple | None:
    return (default(known, "histogram"), "The rows have no order, so this shows how each measure is distributed.")


RULES: tuple[Callable[[Facts], tuple | None], ...] = (
    _series,
    _panel,
    _table_of_counts,
    _battery,
    _places,
    _named_rows,
    _no_measure,
    _one_measure,
    _two_measures,
    _many_measures,
)


# What each kind draws where nobody says ----------------------------------------------------------------


def default(known: Facts, kind: str) -> Spec:
    """Return what a kind of chart draws of a dataset, as far as it has what the kind needs."""
    return Spec(kind, **DEFAULTS[kind](known))


def _line(known: Facts) -> dict:
    dataset = known.dataset
    if dataset.panel and known.measures:
        panel, y = dataset.panel, known.measures[:PANEL_LINES]
        many = known.levels(panel.unit) > UNITS_MAX
        return {"x": panel.time, "y": y} | ({"agg": "mean"} if many else {"color": panel.unit})
    if dataset.time:
        return {"x": dataset.time.column, "y": known.drawable[:LINES_MAX]}
    return {"x": ROW, "y": dataset.numbers[:LINES_MAX]}


def _scatter(known: Facts) -> dict:
    numbers = known.drawable
    color = next((name for name in known.groups(COLORS_MAX)), "")
    if len(numbers) > 1:
        return {"x": numbers[0], "y": (numbers[1],), "color": color}
    x = known.dataset.time.column if known.dataset.time else known.dataset.panel.time if known.dataset.panel else ROW
    return {"x": x, "y": numbers[:1], "color": color}


def _bar(known: Facts) -> dict:
    counts = known.dataset.counts
    if counts and (counts.weight or _small_whole(known)) and _cell_axes(known):
        return _count_bars(known)
    x = next(iter(known.having("category", "dummy")), "") or _any_groups(known)
    return {"x": x, "agg": "count"}


def _any_groups(known: Facts) -> str:
    """Return what can be counted where there is no category proper: texts, dates, numbers."""
    columns = [c for c in known.dataset.columns if can_group(c)]
    by_kind = sorted(columns, key=lambda c: (c.kind not in ("text", "logical"), c.distinct > BOXES_MAX))
    return by_kind[0].name if by_kind else ""


def _count_bars(known: Facts) -> dict:
    counts = known.dataset.counts
    # What each value of has its equal share belongs to a row or a column of the table, and is not in its cells.
    of_cells = tuple(name for name in known.measures if not known.dataset.column(name).even)
    y = (counts.weight,) if counts.weight else of_cells or known.measures
    by = _cell_axes(known)
    x = next((c.name for c in by if c.kind == "integer" and c.distinct > 2), by[0].name)
    rest = [c.name for c in by if c.name != x and _can_color(c)]
    return {"x": x, "y": y, "color": (rest or [""])[0], "facet": (rest[1:] or [""])[0], "agg": "sum"}


def _cell_axes(known: Facts) -> list[Column]:
    """Return the columns that span a table of counts and are short enough for an axis of bars."""
    return [column for column in map(known.dataset.column, known.dataset.counts.by) if can_group(column)]


def _can_color(column: Column) -> bool:
    return 1 < column.distinct <= COLORS_MAX


def _distribution(known: Facts) -> dict:
    return {"y": known.drawable[:LINES_MAX]}


def _by_group(known: Facts) -> dict:
    # A scale belongs on the axis, even where there are names to group by.
    scales = [n for n in known.groups() if known.dataset.column(n).is_number and known.levels(n) > 2]
    groups = (*scales[:1], *(name for name in known.groups() if name not in scales[:1]))
    y = known.drawable[:1] if groups else known.drawable[:LINES_MAX]
    color = next((name for name in groups[1:] if known.levels(name) <= COLORS_MAX // 2), "")
    return {"x": next(iter(groups), ""), "y": y, "color": color}


def _pair(known: Facts) -> dict:
    pair = {key: part for key, part in _scatter(known).items() if key != "color"}
    if pair["x"] == ROW:
        pair["x"] = next((name for name in known.dataset.numbers if name not in pair["y"]), "")
    return pair


def _together(known: Facts) -> dict:
    return {"y": battery(known) or (known.measures if len(known.measures) > 1 else known.dataset.numbers)[:30]}


def _matrix(known: Facts) -> dict:
    columns = known.measures if len(known.measures) > 1 else known.dataset.numbers
    return {"y": columns[:MATRIX_COLUMNS], "color": next(iter(known.groups(COLORS_MAX)), "")}


DEFAULTS: dict[str, Callable[[Facts], dict]] = {
    "line": _line,
    "area": _line,
    "scatter": _scatter,
    "bar": _bar,
    "histogram": _distribution,
    "box": _by_group,
    "violin": _by_group,
    "strip": _by_group,
    "density": _pair,
    "correlation": _together,
    "matrix": _matrix,
    "ecdf": _distribution,
}


def _words(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
