"""View, the whole state of the page, and its one spelling as a query string."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote

from dataviewer.errors import BadView

CATALOG = "catalog"
LENGTH_MAX = 4000  # characters of a query string; proxies and gunicorn refuse longer request lines
SORTS_MAX = 16
COLUMNS_MAX = 100  # columns that one chart may be asked to draw
PAGE_MAX = 10**9
SIZE_MAX = 1000  # rows of one page
MAX = "max"  # the size that means every row (API only)
SCALES = ("panels", "shared")

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?")


@dataclass(frozen=True)
class Sort:
    column: str
    descending: bool = False


@dataclass(frozen=True)
class View:
    """What a page, a chart or an API answer shows; every value of it can be a link.

    `size` None stands for the size that suits the table, `y` () for the columns drawn by default, `scale` "" for
    the one chosen by the data. `range` is (low, high) of x, or (x low, x high, y low, y high); each a number or an
    ISO date, as text, exactly as it was asked.

    >>> View("Ecdat/Airq", sort=(Sort("vala", descending=True),), page=2).to_query_string()
    'dataset=Ecdat/Airq&sort=vala:desc&page=2'
    >>> View.from_query_string("dataset=Ecdat/Airq&sort=vala:desc&page=2").sort
    (Sort(column='vala', descending=True),)
    """

    dataset: str = CATALOG
    sort: tuple[Sort, ...] = ()
    page: int = 1
    size: int | str | None = None
    y: tuple[str, ...] = ()
    scale: str = ""
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


def _whole_number(what: str, most: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 12 and 1 <= int(value) <= most):
            raise BadView(f"The {what} “{value[:40]}” is no whole number from 1 to {most}.")
        return int(value)

    return parse


_parse_page = _whole_number("page", PAGE_MAX)
_parse_rows = _whole_number("page size", SIZE_MAX)


def _parse_columns(values: list[str]) -> tuple[str, ...]:
    if len(values) > COLUMNS_MAX:
        raise BadView(f"The link draws {len(values)} columns; at most {COLUMNS_MAX} are possible.")
    return tuple(dict.fromkeys(unescape(value) for value in values))


def _parse_scale(values: list[str]) -> str:
    if values[-1] not in ("", *SCALES):
        raise BadView(f"There is no scale “{values[-1][:40]}”; scales are {' and '.join(SCALES)}.")
    return values[-1]


def _parse_range(values: list[str]) -> tuple[str, ...]:
    ends = tuple(unescape(part) for part in values[-1].split(":"))
    if len(ends) not in (2, 4) or not all(_NUMBER.fullmatch(end) or _DATE.fullmatch(end) for end in ends):
        raise BadView(f"The range “{values[-1][:60]}” is not spelled low:high, each a number or a date.")
    return ends


def _once(value: object) -> Iterable[str]:
    return (str(value),) if value else ()


KEYS = (
    Key("dataset", _parse_dataset, _once),
    Key("sort", _parse_sorts, _spell_sorts),
    Key("page", lambda values: _parse_page(values[-1]), lambda page: _once(page if page > 1 else None)),
    Key("size", lambda values: MAX if values[-1] == MAX else _parse_rows(values[-1]), _once),
    Key("y", _parse_columns, lambda columns: map(escape, columns)),
    Key("scale", _parse_scale, _once),
    Key("range", _parse_range, lambda ends: _once(":".join(map(escape, ends)))),
)
