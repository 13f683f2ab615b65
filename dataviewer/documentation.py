"""What the R help page of a dataset says: its prose as blocks, and the meaning and unit of each column.

A column's meaning comes from its own item: of a list, a table or paragraphs that start with names. Where the items are
about other columns than the dataset's, as on pages of another dataset of the same name, none of them is taken.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count, islice, pairwise, zip_longest
from types import MappingProxyType

from dataviewer import markup, units
from dataviewer.markup import Block, Piece

MEANING_MAX = 240  # characters
TERM_MAX = 80  # characters
READ_MAX = 4000  # characters of an item; what follows is neither its meaning nor told
ITEMS_MAX = 2000  # items of a page; what no person wrote must not take long
SECTIONS = {
    "description": "description",
    "details": "details",
    "background": "details",
    "format": "format",
    "variables": "format",
    "note": "note",
    "warning": "note",
    "source": "source",
    "references": "references",
    "see also": "see_also",
    "usage": "usage",
}
FIELDS = tuple(name for name in dict.fromkeys(SECTIONS.values()) if name != "usage")  # in the order of a page
COLUMN_SECTIONS = ("format", "details", "description", "note")

_SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{2}[.?!])|(?<=[\d)\]'\"’”%]\.))\s+(?=[A-Z(\"“])")
_ABBREVIATION = re.compile(r"(?:\b(?:approx|ca|cf|deg|Dr|eg|e\.g|etc|i\.e|ie|incl|Mr|Mrs|No|nr|resp|St|vs)|[A-Z])\.$")

_KIND = r"(?:(?:numeric(?:al)?|integer|character|logical|double|ordered|categorical|binary|factor|num|int|chr)\b\s*)"
_TYPE = rf"(?:an?\s+)?{_KIND}+(?:(?:vector|variable|column|string|factor|value)s?\b\s*)?"
_ONLY_TYPE = re.compile(rf"(?:{_TYPE}|(?:an?\s+)?(?:vector|factor))\W*", re.I)
_LEADING_TYPE = re.compile(
    rf"\A{_TYPE}(?:[,:;–-]+|\b(?:giving|specifying|containing|representing)\b)\s*(?!if\b|whether\b)(?=\w)", re.I
)

_INTRODUCTION = re.compile(r"(?:(?!\.\s)\D){1,80}:")  # "This data frame contains the following columns:"
_HEADINGS = {"no", "no.", "name", "names", "levels", "variable", "variables", "description", "type", "meaning", ""}
_SEPARATORS = tuple(
    re.compile(rf"(.{{1,80}}?)\s*{mark}\s*(.+)", re.S) for mark in (":", "=(?!=)", r"\s-{1,3}\s", "[–—]")
)
_ITEM_SEPARATORS = (*_SEPARATORS, *(re.compile(rf"(.{{1,80}}?){mark}\s+(.+)", re.S) for mark in (r"\.", ",")))
_PLACEHOLDER = re.compile(r"(\w+?)([._]?)[zijk]")  # pricez, cost.z: one item for price1, price2, cost.bus, cost.car
_GLUED = re.compile(rf"[A-Z\d]|{_TYPE}[,;]|-\w+\d[A-Z]")
_BETWEEN_NAMES = re.compile(r"\s*(?:,|;|&|==|\band\b)\s*")
_RANGE = re.compile(r"(\D*)(\d{1,3})([^\d\s]*?)\s*(?:-{1,2}|–|—|:|\bto\b|\bthrough\b)\s*(\D*)(\d{1,3})([^\d\s]*)")


@dataclass(frozen=True)
class ColumnDoc:
    """What a page says of a column: a phrase, the unit it names ("" if none), a short title made of both.

    `text` is all that it says, in lines: the phrase with its type and what follows, such as the levels of a factor.
    """

    meaning: str
    unit: str
    title: str
    text: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether the meaning is but a type, as "a numeric vector" is."""
        return bool(_ONLY_TYPE.fullmatch(self.meaning))


@dataclass(frozen=True)
class Documentation:
    """One help page. `format` is what its section Format says beside the columns; examples are left out."""

    title: str = ""
    description: tuple[Block, ...] = ()
    details: tuple[Block, ...] = ()
    format: tuple[Block, ...] = ()
    note: tuple[Block, ...] = ()
    source: tuple[Block, ...] = ()
    references: tuple[Block, ...] = ()
    see_also: tuple[Block, ...] = ()
    columns: Mapping[str, ColumnDoc] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """The page as text: its title, its sections below their headings, the columns that it tells of."""
        texts = [self.title]
        for name in FIELDS:
            section = [block.text for block in getattr(self, name)]
            if name == "format":
                section += [f"{column}: {told.meaning}" for column, told in self.columns.items()]
            texts += [name.replace("_", " ").capitalize(), *section] if section else []
        return "\n\n".join(filter(None, texts))


# The ways to read an item, and how many of its own pieces they are made of.
_Read = tuple[list[tuple[str, str]], int]


@dataclass(frozen=True)
class _Entry:
    """An item that may tell of columns: the ways to read it as a term and a text, the likeliest first.

    `heading` is the paragraph before the list that it is of, `rest` is what stands in the item beside the readings.
    """

    readings: tuple[tuple[str, str], ...]
    group: int
    item: int
    top: int
    heading: str = ""
    rest: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class _Claim:
    """The columns that an entry tells of, and the text that it does so with; `example` is the number at its end that is
    another one for each column."""

    names: tuple[str, ...]
    meaning: str
    told: str
    entry: _Entry
    example: str = ""

    def of(self, name: str) -> tuple[str, str]:
        """Return the meaning of one of the columns, and all that is told of it."""
        if not self.example:
            return self.meaning, self.text
        number = re.search(r"\d+", name)[0]
        return tuple(re.sub(rf"\b{self.example}(?=\W*\Z)", number, text) for text in (self.meaning, self.text))

    @cached_property
    def text(self) -> str:
        """The whole item, a line for each of its paragraphs and of the items of lists in it."""
        rest = (replace(each, kind="p") if each.item == self.entry.item else each for each in self.entry.rest)
        lines = [self.told, *(block.text for block in markup.blocks(rest))]
        text = "\n".join(line.strip() for line in lines)
        return units.shorten(re.sub(r"\n(?=[,;.)])", "", text), READ_MAX)


def parse(html: str, names: Sequence[str], dataset: str = "") -> Documentation:
    """Return what the help page says, `names` being the columns of its dataset. Any text is taken for a page.

    Some pages tell of several datasets; the list below the name of `dataset` is its own.
    """
    title, headed = markup.read(html)
    sections = {}
    for heading, pieces in headed.items():
        sections.setdefault(SECTIONS.get(heading, ""), []).extend(pieces)
    found = _find_columns([sections.get(name, []) for name in COLUMN_SECTIONS], names, dataset)
    used = {claim.entry.item for claim in found.values()} - {0}
    prose = {"format": _beside(sections.get("format", []), used)}
    told = {name: found[name].of(name) for name in names if name in found}
    if not told and (only := _only_series(sections.pop("usage", []), names)):
        told = {only: (title, title)}
    columns = {
        name: ColumnDoc(meaning, *units.title_of(name, meaning), text)
        for name, (meaning, text) in told.items()
        if meaning
    }
    return Documentation(
        title=title,
        columns=MappingProxyType(columns),
        **{name: tuple(markup.blocks(pieces)) for name, pieces in (sections | prose).items() if name in FIELDS},
    )


def _beside(pieces: list[Piece], used: set[int]) -> list[Piece]:
    """Return what a section says beside the items `used`; nothing that only introduces them, heads them, ends them."""
    gone = used | _rows_with(pieces, used)
    kept = [piece for piece in pieces if not {piece.item, piece.top} & gone]
    end = next((piece for piece in reversed(kept) if piece.raw.strip()), None)
    after = next((each for piece, each in pairwise(pieces) if piece is end), None)
    introduces = after and {after.item, after.top} & gone and end.kind == "p" and _INTRODUCTION.fullmatch(end.text)
    return [piece for piece in kept if piece is not end] if introduces else kept


def _rows_with(pieces: list[Piece], used: set[int]) -> set[int]:
    """Return the rows of tables that go on from `used` ones, and the heads of tables that have no others."""
    tables, gone = {}, set()
    for piece in pieces:
        if piece.kind == "td":
            tables.setdefault(piece.group, {}).setdefault(piece.item, []).append(piece.text)
    for rows in tables.values():
        first, taken, others, heads = 0, set(), set(), set()
        for item, cells in rows.items():
            is_head = _is_head(cells)
            first = first if is_head or (first and _goes_on(cells)) else item
            (heads if is_head else taken if first in used else others).add(item)
        gone |= taken | (heads if taken and not others else set())
    return gone


def _only_series(usage: list[Piece], names: Sequence[str]) -> str:
    """Return the column that the whole page tells of, if it is a vector's or one time series', else nothing."""
    objects = re.findall(r"[\w.]+", re.sub(r"\bdata\b", "", " ".join(piece.raw for piece in usage)))
    is_series = len(names) == 1 or (len(names) == 2 and names[0] == "time")
    return names[-1] if is_series and len(objects) <= 1 else ""


def _find_columns(sections: Sequence[list[Piece]], names: Sequence[str], dataset: str) -> dict[str, _Claim]:
    """Return each name's own item: spelt exactly before spelt alike, of the list that knows most names first."""
    entries = (entry for number, pieces in enumerate(sections) for entry in _entries(pieces, -1 - number, names))
    entries = list(islice(entries, ITEMS_MAX))
    exact, alike = (_claims(entries, names, spelling) for spelling in (str, _folded))
    known = {}
    for claim in exact + alike:
        known.setdefault(claim.entry.group, set()).update(claim.names)
    sizes = Counter(entry.group for entry in entries if entry.readings)
    found = {}
    others = _of_others(exact + alike, known, dataset)
    exact, alike = ([claim for claim in claims if claim.entry.group not in others] for claims in (exact, alike))
    for claims in (exact, alike):
        for claim in sorted(claims, key=lambda claim: -len(known[claim.entry.group])):
            if _is_ours(claim.entry.group, len(known[claim.entry.group]), sizes, len(names)):
                found = dict.fromkeys(claim.names, claim) | found
    return found


def _of_others(claims: list[_Claim], known: Mapping[int, set[str]], dataset: str) -> set[int]:
    """Return the lists that know names which the one below the dataset's own name explains: they are of another."""
    headed = re.compile(rf"{re.escape(dataset)}(?![\w.])")
    own = [claim for claim in claims if dataset and headed.match(claim.entry.heading)]
    explained = {name for claim in own if not _ONLY_TYPE.fullmatch(claim.meaning) for name in claim.names}
    groups = {claim.entry.group for claim in own}
    return {group for group, theirs in known.items() if group >= 0 and group not in groups and theirs & explained}


def _claims(entries: list[_Entry], names: Sequence[str], spelling: Callable[[str], str]) -> list[_Claim]:
    known = _spellings(names, spelling)
    claims = [claim for entry in entries if (claim := _claim(entry, known, spelling))]
    # What stands inside a column's item explains its values.
    tops = {claim.entry.item for claim in claims}
    return [claim for claim in claims if claim.entry.top in {0, claim.entry.item} or claim.entry.top not in tops]


def _is_ours(group: int, known: int, sizes: Mapping[int, int], columns: int) -> bool:
    """Return whether a list tells of this dataset: it knows half of the columns, or half of it are columns.

    Some pages tell of another dataset of the same name. Two paragraphs have to start like items to be taken for such.
    """
    return known >= min(2, columns) if group < 0 else 2 * known >= min(sizes[group], columns)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def _spellings(names: Sequence[str], spelling: Callable[[str], str]) -> dict[str, str]:
    """Return the names by their spelling, but for those that are numbers and those that are spelt like another."""
    spelt = Counter(map(spelling, names))
    return {key: name for name in names if spelt[key := spelling(name)] == 1 and re.search(r"[^\W\d_]", name)}


def _claim(entry: _Entry, known: Mapping[str, str], spelling: Callable[[str], str]) -> _Claim | None:
    for term, text in entry.readings:
        names = [known[key] for each in _terms(term) if (key := spelling(each)) in known] or _placed(term, known)
        if names and (meaning := phrase(text)):
            return _Claim(tuple(names), meaning, text, entry, _example(term, text))
    return None


def _example(term: str, text: str) -> str:
    """Return the first number of a range where the text ends in it, as “r1-10” does in “users who rated it a 1”."""
    match = _RANGE.fullmatch(term.strip())
    return match[2] if match and re.search(rf"\b{match[2]}\W*\Z", text) else ""


def _placed(term: str, known: Mapping[str, str]) -> list[str]:
    """Return the names that a term with a placeholder stands for, if at least two do."""
    match = _PLACEHOLDER.fullmatch(term.strip())
    if not match:
        return []
    stem = re.compile(re.escape(match[1] + match[2]) + (r"\w+" if match[2] else r"\d+"))
    names = [name for key, name in known.items() if stem.fullmatch(key)]
    return names if len(names) > 1 else []


def _terms(term: str) -> list[str]:
    """Return the names that a term may mean: itself, or those that it lists, ranges such as V1-V10 included."""
    plain = term.strip().rstrip(":").strip(" \t`'\"‘’“”")
    if len(plain) > TERM_MAX:
        return []
    parts = [part.strip("`'\"‘’“”") for part in _BETWEEN_NAMES.split(plain)]
    if "..." in parts or "…" in parts:
        parts = [f"{parts[0]}-{parts[-1]}"]
    listed = [name for part in parts for name in _range(part) or [part]]
    if any(" " in name for name in listed):
        listed = []
    return [term.strip(), plain, re.sub(r"\s+[(\[].*", "", plain), *listed]


def _range(part: str) -> list[str]:
    match = _RANGE.fullmatch(part)
    if not match:
        return []
    before, first, after, again, last, end = match.groups()
    if again not in ("", before) or end != after:
        return []
    return [f"{before}{str(number).zfill(len(first))}{after}" for number in range(int(first), int(last) + 1)]


def _entries(pieces: list[Piece], prose: int, names: Sequence[str]) -> Iterator[_Entry]:
    """Return the items of lists and tables, and the paragraphs as if they were items of a list numbered `prose`."""
    items, inside, groups, headings = {}, {}, {}, {}
    for number, piece in enumerate(pieces):
        items.setdefault(piece.item or -number, []).append(piece)
        for item in {piece.item, piece.top}:
            inside.setdefault(item, []).append(piece)
    heading = ""
    for item, own in items.items():
        if item > 0:
            groups.setdefault((own[0].group, own[0].kind), []).append(own)
            headings.setdefault(own[0].group, heading)
        else:
            heading = own[0].text
            yield _Entry(tuple(_split(own[0].text, _SEPARATORS)), prose, 0, 0)
    for (group, kind), listed in groups.items():
        reader = _READERS.get(kind, _defined)
        for (readings, read), own in zip(reader(listed[:ITEMS_MAX], names), listed):
            item = own[0].item
            rest = _unread(inside[item], item, read)
            yield _Entry(tuple(readings), group, item, own[0].top, headings[group], rest)


def _unread(inside: list[Piece], item: int, read: int) -> tuple[Piece, ...]:
    """Return what stands in an item beside the `read` first of its own pieces."""
    own = count()
    return tuple(piece for piece in inside if piece.item != item or next(own) >= read)


def _defined(listed: list[list[Piece]], names: Sequence[str]) -> Iterator[_Read]:
    for own in listed:
        texts = {number: piece.text for number, piece in enumerate(own) if piece.kind != "dt" and piece.text}
        ends = [number for number in list(texts)[1:] if not texts[number][0].islower()]
        end = ends[0] if ends else len(own)
        term = " ".join(piece.text for piece in own if piece.kind == "dt")
        yield [(term, " ".join(text for number, text in texts.items() if number < end))], end


def _bulleted(listed: list[list[Piece]], names: Sequence[str]) -> Iterator[_Read]:
    """Read "name: meaning" and the like; where every item starts with a name, "nameMeaning" too.

    Rd makes that of \\item{name}{Meaning} in an itemize.
    """
    texts = [own[0].text for own in listed]
    longest = sorted(names, key=len, reverse=True)
    starts = [next((name for name in longest if text.startswith(name)), "") for text in texts]
    ends = [text[len(start) :] for text, start in zip(texts, starts)]
    glued = len(set(starts)) >= 3 and all(start and _GLUED.match(end) for start, end in zip(starts, ends))
    for text, start, end in zip(texts, starts, ends):
        yield _split(text, _ITEM_SEPARATORS) + [(start, end)] * (glued and end[0].isalnum()), 1


def _tabulated(listed: list[list[Piece]], names: Sequence[str]) -> Iterator[_Read]:
    rows = _filled_rows([[piece.text for piece in own] for own in listed])
    for cells, own in zip(rows, listed):
        yield [(cells[at], _cells_text(cells[at + 1 :])) for at in range(min(2, len(cells)))], len(own)


def _cells_text(cells: list[str]) -> str:
    return ": ".join([cell for cell in cells if not _ONLY_TYPE.fullmatch(cell)] or cells)


def _filled_rows(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows, what goes on in later ones moved up, and `Levels` said of cells under that heading."""
    levels = [cell.lower() == "levels" for cell in rows[0]]
    last = None
    for cells in rows:
        if _is_head(cells):
            cells[:] = []
        elif last and _goes_on(cells):
            more = " ".join(filter(None, cells))
            last[-1] += ("; " if more[:1].isdigit() and last[-1][-1:] != "," else " ") + more
            cells[:] = []
        else:
            last = cells
            cells[:] = [f"Levels: {cell}" if level else cell for cell, level in zip_longest(cells, levels) if cell]
    return rows


def _is_head(cells: list[str]) -> bool:
    return {cell.lower() for cell in cells} <= _HEADINGS


def _goes_on(cells: list[str]) -> bool:
    return len(cells) > 1 and not cells[0] and (len(cells) == 2 or not cells[1])


def _split(text: str, separators: Iterable[re.Pattern]) -> list[tuple[str, str]]:
    return [match.groups() for separator in separators if (match := separator.match(text))]


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for gap in _SENTENCE.finditer(text):
        if not _ABBREVIATION.search(text, max(start, gap.start() - 8), gap.start()):
            yield text[start : gap.start()]
            start = gap.end()
    yield text[start:]


_READERS = {"li": _bulleted, "td": _tabulated}


def phrase(text: str) -> str:
    """Return the first sentence that says more than a type, else the type; at most MEANING_MAX characters.

    >>> phrase("a numeric vector giving the age, in years. See below"), phrase("a numeric vector")
    ('the age, in years', 'a numeric vector')
    """
    told = next((sentence for sentence in _sentences(text[:READ_MAX]) if not _ONLY_TYPE.fullmatch(sentence)), text)
    return units.shorten(_LEADING_TYPE.sub("", told, count=1).strip(" .,;:"), MEANING_MAX)
