"""View, the whole state of the page, and its one spelling as a query string."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote

from dataviewer.errors import BadView

CATALOG = "catalog"
LENGTH_MAX = 4000  # characters of a query string; proxies and gunicorn refuse longer request lines
SORTS_MAX = 16
COLUMNS_MAX = 250  # columns of the table that a link may name
DRAWN_MAX = 100  # columns that one chart may be asked to draw
PAGE_MAX = 10**9
SIZE_MAX = 1000  # rows of one page
MAX = "max"  # the size that means every row (API only)
WHERES_MAX = 32
VALUES_MAX = 100  # values that one condition may list
SEARCH_MAX = 200  # characters
BINS_MAX = 200
SMOOTH_MAX = 9999  # values that a moving average may take together

# What the choices of a chart can be, in the order in which the page offers them; "" is the one that suits the data.
SCALES = ("shared", "panels", "indexed", "standardised", "second")
LOGS = ("x", "y", "xy")
AGGREGATES = ("count", "sum", "mean", "median", "min", "max")
TRENDS = ("linear", "lowess")
STACKS = ("grouped", "stacked")

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")


@dataclass(frozen=True)
class Sort:
    column: str
    descending: bool = False


@dataclass(frozen=True)
class Where:
    """A condition on the rows: the operators, and what they take, are a table in filters.py."""

    column: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """What may stand where a column is named and is none; spelled with a colon before it, as no column can be."""

    name: str


ROW = Word("row")  # the position of a row in the file, as x
NONE = Word("none")  # no column, where the data would suggest one
WORDS = {"x": (ROW,), "color": (NONE,), "facet": (NONE,)}


@dataclass(frozen=True)
class View:
    """What a page, a chart or an API answer shows; every value of it can be a link.

    `size` None stands for the size that suits the table, `columns` () for all in the order of the file, and every
    choice of the chart that is empty for the one that suits the data. `row` is the position of a row in the file,
    from 1, to point at. `smooth` is the number of values in a moving average. `range` is (low, high) of x, or (x low,
    x high, y low, y high); each a number or an ISO date, as text, exactly as it was asked.

    >>> View("Ecdat/Airq", sort=(Sort("vala", descending=True),), page=2).to_query_string()
    'dataset=Ecdat/Airq&sort=vala:desc&page=2'
    >>> View.from_query_string("dataset=Ecdat/Airq&sort=vala:desc&page=2").sort
    (Sort(column='vala', descending=True),)
    """

    dataset: str = CATALOG
    sort: tuple[Sort, ...] = ()
    where: tuple[Where, ...] = ()
    search: str = ""
    columns: tuple[str, ...] = ()
    page: int = 1
    size: int | str | None = None
    row: int | None = None
    chart: str = ""
    x: str | Word = ""
    y: tuple[str, ...] = ()
    color: str | Word = ""
    facet: str | Word = ""
    agg: str = ""
    bins: int | None = None
    scale: str = ""
    log: str = ""
    trend: str = ""
    smooth: int | None = None
    stack: str = ""
    range: tuple[str, ...] = ()

    def to_query_string(self) -> str:
        """Return the view as a query string, without "?", defaults left out (the dataset never is)."""
        pairs = ((key.name, text) for key in KEYS for text in key.spell(getattr(self, key.name)))
        return "&".join(f"{name}={quote(text, safe=':/,')}" for name, text in pairs)

    @classmethod
    def from_query_string(cls, text: str) -> "View":
        """Return the view that `text` spells. Raises BadView with the first thing that is wrong."""
        view, problems = read(text)
        if problems:
            raise BadView(problems[0])
        return view


@dataclass(frozen=True)
class Key:
    """One key of the query string: `parse` takes all its values, `spell` gives them back."""

    name: str
    parse: Callable[[list[str]], object]
    spell: Callable[[object], Iterable[str]]


def read(text: str) -> tuple[View, tuple[str, ...]]:
    """Return the view that `text` spells as far as it can be read, and a sentence for each part that cannot.

    Unknown keys are ignored, so old and foreign links open.
    """
    text = text.removeprefix("?")
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(text[:LENGTH_MAX], keep_blank_values=True):
        asked.setdefault(name, []).append(value)
    if len(text) > LENGTH_MAX:
        dataset = _parse_dataset(asked.get("dataset", [""]))
        return View(dataset), (f"The link has {len(text)} characters; at most {LENGTH_MAX} can be read.",)
    view, problems = View(), []
    for key in KEYS:
        if key.name in asked:
            try:
                view = replace(view, **{key.name: key.parse(asked[key.name])})
            except BadView as error:
                problems.append(str(error))
    return view, tuple(problems)


def escape(name: str) -> str:
    """Return a column name as it stands inside a value, where ":" divides.

    >>> escape("Unnamed: 0")
    'Unnamed%3A 0'
    """
    return name.replace("%", "%25").replace(":", "%3A")


def unescape(text: str) -> str:
    """Return the name that `escape` spelled.

    >>> unescape("Unnamed%3A 0")
    'Unnamed: 0'
    """
    return text.replace("%3A", ":").replace("%3a", ":").replace("%25", "%")


def _parse_dataset(values: list[str]) -> str:
    return values[-1] or CATALOG


def _parse_sorts(values: list[str]) -> tuple[Sort, ...]:
    if len(values) > SORTS_MAX:
        raise BadView(f"The link sorts by {len(values)} columns; at most {SORTS_MAX} are possible.")
    sorts = tuple(_parse_sort(value) for value in values)
    columns = [sort.column for sort in sorts]
    if len(set(columns)) < len(columns):
        twice = next(column for column in columns if columns.count(column) > 1)
        raise BadView(f"The link sorts by “{twice}” twice.")
    return sorts


def _parse_sort(value: str) -> Sort:
    column, _, direction = value.partition(":")
    if direction not in ("", "asc", "desc"):
        raise BadView(f"Cannot sort “{value}”; a sort is spelled column, column:asc or column:desc.")
    return Sort(unescape(column), direction == "desc")


def _spell_sorts(sorts: tuple[Sort, ...]) -> Iterable[str]:
    return (escape(sort.column) + (":desc" if sort.descending else "") for sort in sorts)


def _optional_number(what: str, most: int) -> Callable[[list[str]], int | None]:
    parse = _whole_number(what, most)
    return lambda values: parse(values) if values[-1] else None


def _whole_number(what: str, most: int) -> Callable[[list[str]], int]:
    def parse(values: list[str]) -> int:
        value = values[-1]
        if not (value.isascii() and value.isdigit() and len(value) < 12 and 1 <= int(value) <= most):
            raise BadView(f"The {what} “{value[:40]}” is no whole number from 1 to {most}.")
        return int(value)

    return parse


def _parse_wheres(values: list[str]) -> tuple[Where, ...]:
    if len(values) > WHERES_MAX:
        raise BadView(f"The link has {len(values)} conditions; at most {WHERES_MAX} are possible.")
    return tuple(dict.fromkeys(map(_parse_where, values)))


def _parse_where(value: str) -> Where:
    column, *rest = value.split(":")
    if not rest:
        raise BadView(f"The condition “{value[:60]}” is not spelled column:operator:value.")
    if len(rest) > VALUES_MAX + 1:
        raise BadView(
            f"The condition on “{column[:60]}” lists {len(rest) - 1} values; at most {VALUES_MAX} are possible."
        )
    return Where(unescape(column), rest[0], tuple(map(unescape, rest[1:])))


def _spell_wheres(wheres: tuple[Where, ...]) -> Iterable[str]:
    return map(spell_where, wheres)


def spell_where(where: Where) -> str:
    """Return a condition as a value of the key `where`.

    >>> spell_where(Where("coas", "eq", ("yes",)))
    'coas:eq:yes'
    """
    return ":".join([escape(where.column), where.operator, *map(escape, where.values)])


def _parse_search(values: list[str]) -> str:
    if len(values[-1]) > SEARCH_MAX:
        raise BadView(f"The search has {len(values[-1])} characters; at most {SEARCH_MAX} are possible.")
    return values[-1]


def _column_or_word(key: str) -> Callable[[list[str]], str | Word]:
    def parse(values: list[str]) -> str | Word:
        if not values[-1].startswith(":"):
            return unescape(values[-1])
        word = Word(values[-1][1:])
        if word not in WORDS[key]:
            known = " and ".join(f":{word.name}" for word in WORDS[key])
            raise BadView(f"“{values[-1][:40]}” is no {key}; besides columns there is {known}.")
        return word

    return parse


def _spell_column(column: str | Word) -> Iterable[str]:
    return (f":{column.name}",) if isinstance(column, Word) else _once(escape(column))


def _one_of(what: str, choices: tuple[str, ...]) -> Callable[[list[str]], str]:
    def parse(values: list[str]) -> str:
        if values[-1] not in ("", *choices):
            raise BadView(f"There is no {what} “{values[-1][:40]}”; there is {', '.join(choices)}.")
        return values[-1]

    return parse


def _columns(most: int) -> Callable[[list[str]], tuple[str, ...]]:
    def parse(values: list[str]) -> tuple[str, ...]:
        if len(values) > most:
            raise BadView(f"The link names {len(values)} columns; at most {most} are possible.")
        return tuple(dict.fromkeys(map(unescape, values)))

    return parse


def _parse_range(values: list[str]) -> tuple[str, ...]:
    ends = tuple(unescape(part) for part in values[-1].split(":"))
    if len(ends) not in (2, 4) or not all(_NUMBER.fullmatch(end) or _DATE.fullmatch(end) for end in ends):
        raise BadView(f"The range “{values[-1][:60]}” is not spelled low:high, each a number or a date.")
    return ends


def _once(value: object) -> Iterable[str]:
    return (str(value),) if value else ()


_parse_size = _whole_number("page size", SIZE_MAX)

KEYS = (
    Key("dataset", _parse_dataset, _once),
    Key("sort", _parse_sorts, _spell_sorts),
    Key("where", _parse_wheres, _spell_wheres),
    Key("search", _parse_search, _once),
    Key("columns", _columns(COLUMNS_MAX), lambda columns: map(escape, columns)),
    Key("page", _whole_number("page", PAGE_MAX), lambda page: _once(page if page > 1 else None)),
    Key("size", lambda values: MAX if values[-1] == MAX else _parse_size(values), _once),
    Key("row", _optional_number("row", PAGE_MAX), _once),
    Key("chart", lambda values: values[-1], _once),  # which kinds there are is a table in charts
    Key("x", _column_or_word("x"), _spell_column),
    Key("y", _columns(DRAWN_MAX), lambda columns: map(escape, columns)),
    Key("color", _column_or_word("color"), _spell_column),
    Key("facet", _column_or_word("facet"), _spell_column),
    Key("agg", _one_of("aggregate", AGGREGATES), _once),
    Key("bins", _optional_number("number of bins", BINS_MAX), _once),
    Key("scale", _one_of("scale", SCALES), _once),
    Key("log", _one_of("logarithmic axis", LOGS), _once),
    Key("trend", _one_of("trend", TRENDS), _once),
    Key("smooth", _optional_number("moving average", SMOOTH_MAX), _once),
    Key("stack", _one_of("arrangement of bars", STACKS), _once),
    Key("range", _parse_range, lambda ends: _once(":".join(map(escape, ends)))),
)
