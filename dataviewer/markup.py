"""A foreign HTML page as sections of text: foreign markup ends here.

Text and addresses that start with http:// or https:// are all that is kept. The page is read with one pattern, not
with html.parser, which raises on "<![x y>" and takes minutes over 400 KB of "<!--".
"""

import html as entities
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

LISTS = {"ul", "ol", "dl", "table"}
ITEMS = {"li", "dt", "dd", "tr", "td", "th"}
HEADINGS = {"h1", "h2", "h3"}
BREAKS = {"p", "pre", "div", "hr"}
BLOCKS = {"td": "preformatted", "pre": "preformatted", "p": "paragraph", "li": "item", "dl": "item"}

# What is never read: comments, scripts, and numbers of characters too long for int().
_DROPPED = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<[!?][^<>]*>?|&#\d{9,};?", re.S | re.I)
# Possessive, so that no input makes it look twice at one character.
_TOKEN = re.compile(r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*+)(?P<rest>[^<>]*+)>|(?:[^<]|<(?![a-zA-Z/]))++|<")
_HREF = re.compile(r"""\bhref\s*=\s*["']?\s*(https?://[^\s"'<>]+)""", re.I)
_QUOTED = re.compile(r"(?<=[‘“]) | (?=[’”])")
_ESCAPE = re.compile(r"\\([$%&_#{}^]|log\b)|\\?\blink\{([^{}]*)\}")


@dataclass(frozen=True)
class Span:
    """Text, and the address it leads to if any: http or https."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A piece of prose; in a `preformatted` one, line breaks and spaces count."""

    kind: str  # paragraph, item, preformatted
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True)
class Piece:
    """Text that no block tag interrupts, and where it stands. Groups and items are numbered from 1 through the page."""

    kind: str  # p, li, dt, dd, td, pre
    group: int  # the list or table, 0 outside
    item: int  # of that list, 0 outside
    top: int  # the item of the outermost list that it is in
    spans: tuple[Span, ...]

    @property
    def raw(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def text(self) -> str:
        return clean(self.raw)


def read(html: str) -> tuple[str, dict[str, list[Piece]]]:
    """Return the page's title and, by heading in lower case, the pieces below it. Any text is taken for a page."""
    reader = _Reader()
    for token in _TOKEN.finditer(_DROPPED.sub(" ", html)):
        if token["tag"]:
            reader.tag(token["tag"].lower(), bool(token["close"]), token["rest"])
        else:
            reader.spans.append(Span(entities.unescape(token[0]), reader.href))
    reader.flush()
    return reader.title, reader.sections


def clean(text: str) -> str:
    """Return `text` with each run of whitespace as one space; what Rd escapes, links or writes as -- in plain type."""
    return _QUOTED.sub("", " ".join(_ESCAPE.sub(r"\1\2", text).replace("--", "–").split()))


def blocks(pieces: Iterable[Piece]) -> Iterator[Block]:
    """Return the pieces as blocks: a term with its definition is one item, a table one preformatted text."""
    for (kind, _), run in groupby(enumerate(pieces), key=_block_key):
        run = [piece for _, piece in run]
        if kind == "td":
            rows = groupby(run, key=lambda piece: piece.item)
            spans = _joined((_joined(map(_tidy, row), "  ") for _, row in rows), "\n")
        else:
            spans = run[0].spans if kind == "pre" else _joined(map(_tidy, run), ": ")
        if any(span.text.strip() for span in spans):
            yield Block(BLOCKS[kind], spans)


def _block_key(numbered: tuple[int, Piece]) -> tuple[str, int]:
    number, piece = numbered
    if piece.kind == "td":
        return "td", piece.group
    return ("dl", piece.item) if piece.kind in {"dt", "dd"} else (piece.kind, -number)


def _tidy(piece: Piece) -> tuple[Span, ...]:
    """Return the piece's spans with each run of whitespace as one space, none at the ends."""
    spans, gap = [], False
    for span in piece.spans:
        words = clean(span.text)
        gap = gap or span.text[:1].isspace()
        if words:
            if gap and spans:
                spans.append(Span(" ", span.href if span.href == spans[-1].href else ""))
            spans.append(Span(words, span.href))
            gap = span.text[-1].isspace()
        else:
            gap = gap or bool(span.text)
    return tuple(spans)


def _joined(parts: Iterable[Sequence[Span]], between: str) -> tuple[Span, ...]:
    spans = [span for part in parts if part for span in (Span(between), *part)][1:]
    runs = groupby(spans, key=lambda span: span.href)
    return tuple(Span("".join(span.text for span in run), href) for href, run in runs)


class _Reader:
    """Reads a page into its title and, by name, the pieces of its sections."""

    def __init__(self) -> None:
        self.title, self.sections, self.pieces = "", {}, []
        self.spans, self.href, self.heading, self.pre = [], "", "", False
        self.groups = self.items = 0
        self.open = [(0, "p", 0)]  # group, kind, item

    def tag(self, tag: str, close: bool, rest: str) -> None:
        if tag == "a":
            address = _HREF.search(rest)
            self.href = entities.unescape(address[1]) if address and not close else ""
        elif tag == "br" or (tag == "p" and self.open[-1][1] == "td"):
            self.spans.append(Span("\n"))
        elif tag in HEADINGS | LISTS | ITEMS | BREAKS:
            self.flush(keep_empty=close and tag in {"td", "th"})
            if tag == "pre":
                self.pre = not close
            elif tag in HEADINGS:
                self.open, self.heading = [(0, "p", 0)], "" if close else tag
            elif tag in LISTS:
                self.enter_list(close)
            elif tag in ITEMS:
                self.mark(tag, close)

    def enter_list(self, close: bool) -> None:
        if not close:
            self.groups += 1
            self.open.append((self.groups, "p", self.open[-1][2]))
        elif len(self.open) > 1:
            self.open.pop()

    def mark(self, tag: str, close: bool) -> None:
        if len(self.open) == 1 and not close:
            self.enter_list(close=False)  # an item outside of any list
        group, _, item = self.open[-1]
        if tag in {"li", "dt", "tr"} and not close:
            self.items = item = self.items + 1
        kind = {"th": "td", "tr": "p"}.get(tag, tag)
        self.open[-1] = (group, "p" if close else kind, item)

    def flush(self, *, keep_empty: bool = False) -> None:
        spans, self.spans = tuple(self.spans), []
        text = "".join(span.text for span in spans)
        if self.heading:
            if self.heading == "h3":
                self.pieces = self.sections.setdefault(clean(text).lower(), [])
            else:
                self.title = self.title or clean(text)
            self.heading = ""
        elif text.strip() or keep_empty:
            group, kind, item = self.open[-1]
            self.pieces.append(Piece("pre" if self.pre else kind, group, item, self.open[:2][-1][2], spans))
