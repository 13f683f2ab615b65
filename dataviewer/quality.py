"""What is odd about a dataset, each with its number and, where conditions can say it, the way to the rows."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer import roles
from dataviewer.charts.source import where_equal
from dataviewer.dataset import DECIMALS_MAX, Column, Dataset
from dataviewer.describe import same_zeros
from dataviewer.view import LENGTH_MAX, VALUES_MAX, WHERES_MAX, Where, spell_where
from dataviewer.wording import count

PATTERNS_MAX = 6  # patterns of missing values that are told one by one
FAR = 3  # times the distance of the quartiles: further out a value is a suspected outlier
NAMES_MAX = 12  # columns that a sentence names
MIXED = 0.5  # share of texts that read as numbers, above which a column is mixed
NUMBER = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?\s*$"
VALUE_MAX = 40  # characters of a value that a sentence shows
DIGITS = 6  # significant digits of an end, more where values lie between it and the exact one
WHERES_LENGTH_MAX = LENGTH_MAX // 2  # characters of conditions in a link, which says more than these


@dataclass(frozen=True)
class Finding:
    """One thing that is odd, in words with its number; `wheres` choose the rows, () where no condition can."""

    kind: str  # missing, duplicates, constant, identifier, outliers, mixed
    words: str
    wheres: tuple[Where, ...] = ()


def find(dataset: Dataset, table: pa.Table) -> list[Finding]:
    """Return what is odd about all rows of a dataset, the kinds in the order of CHECKS."""
    return [finding for check in CHECKS for finding in check(dataset, table)] if dataset.rows else []


def _missing(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    """Tell which columns miss values together: each pattern with the rows that have exactly it."""
    names = [column.name for column in dataset.columns if column.missing]
    if not names:
        return
    gaps = np.column_stack([pc.is_null(table[name]).to_numpy() for name in names])
    some = int(gaps.any(axis=1).sum())
    if len(names) > 1:
        words = f"{count(some, 'row')} of {dataset.rows:,} {_miss(some)} a value, in {len(names)} columns."
        yield Finding("missing", words)
    packed = np.packbits(gaps[gaps.any(axis=1)], axis=1)
    patterns = Counter(packed.view(f"V{packed.shape[1]}").ravel().tolist())
    for pattern, rows in patterns.most_common(PATTERNS_MAX):
        lost = np.unpackbits(np.frombuffer(pattern, np.uint8))[: len(names)].astype(bool)
        absent = [name for name, gone in zip(names, lost) if gone]
        present = [name for name, gone in zip(names, lost) if not gone]
        wheres = (*(Where(name, "null") for name in absent), *(Where(name, "notnull") for name in present))
        beside = " and nothing else" if present else ""
        yield Finding("missing", f"{count(rows, 'row')} {_miss(rows)} {_names(absent)}{beside}.", _sayable(wheres))
    if len(patterns) > PATTERNS_MAX:
        yield Finding("missing", f"{count(len(patterns) - PATTERNS_MAX, 'further pattern')} of missing values.")


def _duplicates(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    if any(column.distinct == dataset.rows for column in dataset.columns):
        return
    _, firsts, counts = np.unique(_row_codes(table), return_index=True, return_counts=True)
    repeated = int((counts - 1).sum())
    if not repeated:
        return
    most = int(np.argmax(counts))
    wheres = tuple(_where_same(column, table, int(firsts[most])) for column in dataset.columns)
    verb = "repeats" if repeated == 1 else "repeat"
    words = f"{count(repeated, 'row')} {verb} an earlier row in every column; one row occurs {counts[most]:,} times."
    yield Finding("duplicates", words, _sayable(wheres))


def _row_codes(table: pa.Table) -> np.ndarray:
    """Return a number for each row that equal rows share; missing values are equal."""
    codes = pa.array(np.zeros(table.num_rows, np.int64))
    for values in table.columns:
        own = _encode(same_zeros(values))
        # Numbered anew after each column, so that the product stays a number.
        mixed = pc.add(pc.multiply(codes, len(own.dictionary) + 1), own.indices)
        codes = _encode(mixed).indices.cast(pa.int64())
    return codes.to_numpy()


def _encode(values: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    return whole.dictionary_encode(null_encoding="encode")


def _where_same(column: Column, table: pa.Table, row: int) -> Where:
    value = table[column.name][row].as_py()
    return Where(column.name, "null") if value is None else where_equal(column.name, value)


def _sayable(wheres: tuple[Where, ...]) -> tuple[Where, ...]:
    """Return conditions that a link can hold, else none."""
    length = sum(len(quote(spell_where(where))) for where in wheres)
    return wheres if len(wheres) <= WHERES_MAX and length <= WHERES_LENGTH_MAX else ()


def _constant(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    names = [c.name for c in dataset.columns if c.distinct == 1 and not c.missing and dataset.rows > 1]
    if names:
        yield Finding("constant", f"{_names(names)} {'has' if len(names) == 1 else 'have'} one value in all rows.")
    empty = [c.name for c in dataset.columns if c.distinct == 0]
    if empty:
        yield Finding("constant", f"{_names(empty)} {'holds' if len(empty) == 1 else 'hold'} no value at all.")


def _identifiers(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    cells = dataset.counts.by if dataset.counts else ()  # what is counted, such as a number of deaths
    for column in dataset.columns:
        if roles.role(dataset, column) == "identifier" and column.distinct > 1 and column.name not in cells:
            yield Finding("identifier", f"{_shown(column.name)} {_naming(dataset, column)}.")


def _naming(dataset: Dataset, column: Column) -> str:
    if column.distinct == dataset.rows:
        how = "names" if column.kind == "text" else "numbers"
        return f"{how} every row differently: it looks like an identifier"
    if roles.numbers_groups(column):
        each = (dataset.rows - column.missing) // column.distinct
        return f"has {column.distinct:,} values, each in {count(each, 'row')}: it seems to number groups of rows"
    return f"has {column.distinct:,} values in {count(dataset.rows, 'row')}: it looks like an identifier"


def _outliers(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    for name in roles.with_role(dataset, "measure"):
        numbers = table[name].drop_null().to_numpy()
        finite = numbers[np.isfinite(numbers)].astype(float)
        with np.errstate(all="ignore"):  # between huge numbers the distance is infinite, and nothing is further
            first, third = np.quantile(finite, (0.25, 0.75)).tolist()
            reach = FAR * (third - first)
        if not reach > 0:
            continue
        column = dataset.column(name)
        for operator, side, end in (("lt", "below", first - reach), ("gt", "above", third + reach)):
            if not math.isfinite(end):
                continue
            end, far = _fence(column, numbers, operator, end)
            if far:
                words = f"{count(far, 'value')} of {_shown(name)} {'lies' if far == 1 else 'lie'} {side} {_number(end)}"
                why = f"more than {FAR} times the distance of the quartiles away from them"
                yield Finding("outliers", f"{words}, {why}.", (Where(name, operator, (repr(end),)),))


def _fence(column: Column, numbers: np.ndarray, operator: str, end: float) -> tuple[float | int, int]:
    """Return the end in as few digits as leave the same values beyond it, and how many these are.

    Quartiles are quarters of the way between values, so what an end has beyond two more decimals is noise of computing;
    where values have decimals without number, what it has beyond twelve digits is.
    """
    beyond = np.less if operator == "lt" else np.greater
    if column.kind == "integer" and abs(end) >= 2**53:  # whole numbers compare with floats of this size inexactly
        end = max(min(int(end), 2**63 - 1), -(2**63))
        return end, int(beyond(numbers, end).sum())
    end = round(end, column.decimals + 2) if column.decimals < DECIMALS_MAX else float(f"{end:.12g}")
    far = int(beyond(numbers, end).sum())
    shorter = (float(f"{end:.{digits}g}") for digits in range(DIGITS, 17))
    return next((each for each in shorter if int(beyond(numbers, each).sum()) == far), end), far


def _mixed(dataset: Dataset, table: pa.Table) -> Iterator[Finding]:
    for column in dataset.columns:
        if column.kind != "text" or not column.distinct:
            continue
        counted = pc.value_counts(table[column.name].drop_null())
        odd = pc.invert(pc.match_substring_regex(counted.field("values"), NUMBER))
        others = counted.field("values").filter(odd).to_pylist() if pc.mean(odd).as_py() < 1 - MIXED else None
        if others == []:
            values = count(column.distinct, "value reads as a number", "values read as numbers")
            yield Finding("mixed", f"{_shown(column.name)} is text, and all of its {values}.")
        elif others:
            rows = pc.sum(counted.field("counts").filter(odd)).as_py()
            wheres = _sayable((Where(column.name, "in", tuple(others)),)) if len(others) <= VALUES_MAX else ()
            found = (
                f"{count(len(others), 'value')}, in {count(rows, 'row')}, {'does' if len(others) == 1 else 'do'} not"
            )
            words = f"{_shown(column.name)} is text of which most different values read as numbers, but {found}"
            yield Finding("mixed", f"{words}: {_names(others, 4)}.", wheres)


def _number(number: float) -> str:
    """Return a number in full, whole ones of five digits or more in groups of three: shorter ones may be years."""
    if abs(number) >= 2**63 or number != int(number):
        return repr(number)
    return f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))


def _miss(rows: int) -> str:
    return "misses" if rows == 1 else "miss"


def _names(names: list[str], most: int = NAMES_MAX) -> str:
    shown = ", ".join(_shown(name) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _shown(text: str) -> str:
    if not text.strip() or re.match(NUMBER, text):
        return f"“{text}”"
    seen = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
    return seen if len(seen) <= VALUE_MAX else f"{seen[: VALUE_MAX - 1]}…"


CHECKS: tuple[Callable[[Dataset, pa.Table], Iterator[Finding]], ...] = (
    _missing,
    _duplicates,
    _constant,
    _identifiers,
    _outliers,
    _mixed,
)
