"""The unit that a phrase names, and the short axis title that the phrase makes."""

import re

TITLE_MAX = 48  # characters
HEAD_MIN = 12  # characters of a title before its unit


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNITS = _words(
    """
    % percent percentage percents $ $s £ € dollar dollars usd cents cent pence pounds pound lb lbs euros euro francs
    marks guilders lire pesetas yen cad dm bef sek
    mm cm dm m km meter meters metre metres centimeter centimeters centimetre centimetres millimeter millimeters
    millimetre millimetres micrometers micrometres kilometer kilometers kilometre kilometres micron microns angstroms
    inch inches ft feet in foot yard yards yd mile miles fathoms
    g gm gms gram grams mg milligram milligrams kg kgs kilogram kilograms ug mcg microgram micrograms µg ng ounce ounces
    oz ton tons tonne tonnes stone
    s sec secs seconds ms msec milliseconds millisecond min mins minutes hr hrs hours days weeks months years yrs
    decades
    ml millilitres milliliters l litre litres liter liters dl cc gallon gallons bushel bushels barrels pint pints
    hectare hectares ha acre acres
    mph kph mpg knots hp horsepower kw kwh watts mw volt volts ma amps ohm ohms ohms hz hertz db decibels
    degree degrees deg celsius fahrenheit centigrade kelvin °c °f
    mmhg hg kpa pa psi hpa mb mbar millibars bar bars atm atmospheres kn n newtons
    mol mole moles mmol micromoles umol nmol mm3 cm2 cm3 m2 m3 km2 ft2 in2 sqft
    cal kcal calorie calories btu joule joules kj j u iu units
    ppm ppb parts lang langleys langley darcies milli-darcies pixels pixel radians bytes kb
    """
)
TIMES = _words("decade year yr month week day hour minute second")  # a unit only after "per"
LETTERS = _words("s m g l u j n pa ma min ms in")  # a unit only in brackets
SHOUTED = _words("MM CM KM MG ML MS MA PA M S G L J N IN")  # an abbreviation of something else
SCALES = _words("tens hundred hundreds thousand thousands million millions billion billions trillions mil")
MODIFIERS = _words("us u s uk canadian american australian current constant square cubic cu sq sqr solid metric c f")
LINKS = _words("of per the a an / * ^")
COUNTED = _words("person capita inhabitant inhabitants head child mother worker year pack gallon people")

_WORD = re.compile(r"[a-zµ°]+(?:-[a-z]+)?\d?|[%$£€]s?|\d[\d,.]*\d(?:s\b)?|\d|[/*^]", re.I)
_GAP = re.compile(r"[\s.]*(?:(?<=[/ ])\((?=US\))|(?<=US)\)\s*)?")
_BRACKETS = re.compile(
    r"\s*[(\[]\s*(?:in\s+|measured in\s+)?(?:units? of\s+|units?:\s*)?([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)[)\]]", re.I
)
_POWER = re.compile(r"10+s?|1(?:,000)+s?")
_BEFORE_NUMBERS = {"per", "/", "^", "$", "£", "€"}
_NEVER_FIRST = ("of ", "the ", "a ", "an ", "/", "*", "^")
_CUT_SHORT = re.compile(
    r"\s*(?:/|per\b|(?:times|[x×*])\s*\d|(?:\w+ )?(?:squared|cubed)\b|of (?:mercury|water)\b)", re.I
)
_IN = re.compile(r",?\s*\(?(?:\bmeasured|\bexpressed|\bgiven|\brecorded)?\s*(?<![\w-])in (?:units of )?(?=\S)", re.I)
_SHARE = re.compile(r"(?:the |a )?(?:\w+ )?(percent|percentage|%)(?=\s)", re.I)
_CODES = re.compile(
    r"\W*(?:=|\(?-?\d+\W*(?:=|if|for)\b|whether|if\b|levels?\b|dummy|indicator|\w{1,3}\s?=|numeric$|factor$|"
    r"(?:an? )?(?:\w+ )?(?:factor|vector)\b)",
    re.I,
)
_NO_UNIT = re.compile(
    r"\bdummy\b|\bdivided by\b|^\W*(?:the )?(?:natural )?(?:log\d*|logarithm|ln|\w+ root|sqrt|inverse|sine|cosine)\b",
    re.I,
)
_LEAD = re.compile(r"\A(?:(?:the|an?)\s+|[A-Z]{1,2}\d+:\s+)", re.I)
_DANGLING = re.compile(r"\s(?:in|of|to|for|by|with|at|from|the)\Z")
_ASIDE = re.compile(
    r"\s+[(\[].*|[;:]\s.*|\.\s.*|,?\s+(?:\S+ ?= ?|coded |where |with levels|an? (?:ordered )?factor).*|,\s+which .*",
    re.S,
)


def unit_of(meaning: str) -> tuple[str, str]:
    """Return the unit that `meaning` names and what is left for a title; an empty unit where it names none.

    >>> unit_of("Weight (lb/1000)"), unit_of("age of the cat in years")
    (('lb/1000', 'Weight'), ('years', 'age of the cat'))
    """
    if _CODES.match(meaning) or _NO_UNIT.search(meaning):
        return "", meaning
    for find in (_bracketed, _in_words, _whole, _share):
        if found := find(meaning):
            return found
    return "", meaning


def title_of(name: str, meaning: str) -> tuple[str, str]:
    """Return the unit and a title of at most TITLE_MAX characters; the name stands in where the meaning has no noun."""
    unit, head = unit_of(meaning)
    if head != unit:
        head = _ASIDE.sub("", head, count=1)
    head = _DANGLING.sub("", _LEAD.sub("", head.strip(" ,.:;-–")))
    if _CODES.match(head) or not re.search(r"[^\W\d_]", head):
        head = name
    elif head.split()[0].islower():
        head = head[0].upper() + head[1:]
    shown = f" ({unit})" if unit and not head.lower().startswith((unit.lower(), "percent")) else ""
    if TITLE_MAX - len(shown) < min(len(head), HEAD_MIN):
        shown = ""
    return unit, shorten(head, TITLE_MAX - len(shown)) + shown


def fit(title: str, unit: str, limit: int) -> str:
    """Return a title in at most `limit` characters, its unit kept; "" where they leave no room for words.

    >>> fit("Rate of interest of short bonds (percent)", "percent", 30)
    'Rate of interest of… (percent)'
    """
    tail = f" ({unit})" if unit and title.endswith(f" ({unit})") else ""
    head = title.removesuffix(tail)
    room = limit - len(tail)
    return shorten(head, room) + tail if room >= min(len(head), HEAD_MIN) else ""


def shorten(text: str, limit: int) -> str:
    """Return `text`, cut at a word to `limit` characters, the mark … included."""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:.-–(")[: limit - 1] + "…"


def _bracketed(meaning: str) -> tuple[str, str] | None:
    for match in _BRACKETS.finditer(meaning):
        unit = match[1].strip()
        is_whole = _run(unit, bracketed=True) == len(unit) and not _CUT_SHORT.match(meaning, match.end())
        if match[0][0].isspace() and is_whole:
            return unit, meaning[: match.start()] + _of(meaning[match.end() :])
    return None


def _in_words(meaning: str) -> tuple[str, str] | None:
    found = [(match, _run(meaning[match.end() :])) for match in _IN.finditer(meaning)]
    found = [(match, match.end() + size) for match, size in found if size]
    if len(found) != 1:
        return None
    match, end = found[0]
    if _CUT_SHORT.match(meaning[end:].removeprefix(")")):
        return None
    return meaning[match.end() : end].strip(" .,"), meaning[: match.start()] + _of(meaning[end:])


def _of(rest: str) -> str:
    return rest if re.match(r"\s+of\b", rest) else ""


def _whole(meaning: str) -> tuple[str, str] | None:
    if re.search(r"\bper\b|/", meaning) and _run(meaning) == len(meaning):
        return meaning, meaning
    return None


def _share(meaning: str) -> tuple[str, str] | None:
    match = _SHARE.match(meaning)
    return ("%" if match[1] == "%" else "percent", meaning) if match else None


def _run(text: str, *, bracketed: bool = False) -> int:
    """Return how many characters at the start of `text` are a unit, 0 if they are none."""
    position, end, before = 0, 0, ""
    known = bracketed and text.lower().startswith("per ")
    while match := _WORD.match(text, position):
        word = match[0].lower()
        if _is_unit(match[0], bracketed):
            known, end = True, match.end()
        elif word in SCALES or _POWER.fullmatch(word):
            known, end = known or not word.endswith("0"), match.end()
        elif known and _goes_on(word, before):
            end = match.end()
        elif word not in LINKS | MODIFIERS and not word[0].isdigit():
            break
        before = word
        position = _GAP.match(text, match.end()).end()
    if not known or text.startswith(_NEVER_FIRST) or _CUT_SHORT.match(text, end):
        return 0
    return position if position == len(text) else end


def _is_unit(word: str, bracketed: bool) -> bool:
    known = word.lower() in UNITS and word not in SHOUTED
    return known and (bracketed or word.lower() not in LETTERS)


def _goes_on(word: str, before: str) -> bool:
    if word in LETTERS:
        return before in MODIFIERS | LINKS
    return word in COUNTED | MODIFIERS | TIMES or (word[0].isdigit() and before in _BEFORE_NUMBERS)
