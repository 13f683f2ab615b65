"""Rows -> an Excel workbook of one sheet, written as it leaves: no file is kept, the first rows go before the last
are read.

XlsxWriter would round numbers to 16 digits, take text like <r>...</r> for markup, and send nothing before the end. What
a cell of Excel cannot hold exactly is text in it. ECMA-376, part 1, section 18.3 (sheets) and 22.9.2.19 (escapes).
"""

import re
import zipfile
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataviewer.dataset import kind_of
from dataviewer.errors import BadView
from dataviewer.exports.sink import Sink

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX = 1_048_576  # of a sheet, its head included
COLUMNS_MAX = 16_384
LENGTH_MAX = 32_767  # UTF-16 units of a cell
SHEET_MAX = 2**31 - 1  # bytes that a zip archive holds without the 64-bit fields that Excel may refuse
CELL_MAX, TEXT_MAX = 100, 7  # bytes that a cell takes at most around its text, and that a byte of the text does
EXACT_MAX = 2**53  # whole numbers are exact as far as this
SMALLEST = np.finfo(float).smallest_normal  # Excel takes lesser ones for zero

_OTHERS = "CSV, Parquet and Arrow have no such limit."
# What XML cannot hold, and what would be read as the escape of it; as Python and as Arrow spell it.
_SPECIAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL_ARROW = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
# Excel counts days: 1 is 1900-01-01, and 60 a 29 February 1900 that never was.
_DAY = 86_400_000  # milliseconds; finer ones a serial number does not hold
_SERIAL_1970 = 25_569
_FIRST_DAY, _FIRST_OF_MARCH = -25_567, -25_508  # of 1900, from 1970-01-01

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATED}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}">'
    '<sheets><sheet name="rows" sheetId="1" r:id="rId1"/></sheets></workbook>',
    # Style 1 is a head, 2 a date, 3 a time.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill>'
    '<patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/>'
    '<xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_SHEET_BEGIN = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_SHEET_END = "</sheetData></worksheet>"


def check(table: pa.Table, matching: np.ndarray | None) -> None:
    """Raise BadView where a sheet cannot hold the rows of a table, those at the positions `matching` or all (None)."""
    rows = table.num_rows if matching is None else len(matching)
    if rows >= ROWS_MAX:
        raise BadView(f"An Excel sheet holds {ROWS_MAX - 1:,} rows below its head, and these are {rows:,}; {_OTHERS}")
    if table.num_columns > COLUMNS_MAX:
        raise BadView(f"An Excel sheet holds {COLUMNS_MAX:,} columns, and these are {table.num_columns:,}; {_OTHERS}")
    bytes_of_text = 0
    for place, name in enumerate(table.column_names):
        if _units(name) > LENGTH_MAX:
            raise BadView(f"A cell of Excel holds {LENGTH_MAX:,} characters, and a column’s name has more; {_OTHERS}")
        if kind_of(table.column(place).type) == "text":
            bytes_of_text += _check_texts(name, table.column(place), matching)
    if rows * (table.num_columns + 1) * CELL_MAX + bytes_of_text * TEXT_MAX > SHEET_MAX:
        raise BadView(
            f"An Excel sheet of {rows:,} rows and {table.num_columns:,} columns can outgrow its file; {_OTHERS}"
        )


def _check_texts(name: str, values: pa.ChunkedArray, matching: np.ndarray | None) -> int:
    """Return the bytes of the texts that count; raises BadView where one is too long for a cell."""
    lengths = pc.fill_null(pc.binary_length(values), 0).to_numpy()
    counted = lengths if matching is None else lengths[matching]
    long = np.flatnonzero(counted > LENGTH_MAX)
    for place in long if matching is None else matching[long]:
        units = _units(values[int(place)].as_py())
        if units > LENGTH_MAX:
            where = f"“{name[:60]}” has {units:,} in row {place + 1:,}"
            raise BadView(f"A cell of Excel holds {LENGTH_MAX:,} characters, and {where}; {_OTHERS}")
    return int(counted.sum(dtype=np.int64))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def write_xlsx(tables: Iterable[pa.Table], about: dict) -> Iterator[bytes]:
    """Give a workbook of one sheet: names in its first row, then the rows. `check` has passed them."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for path, part in PARTS.items():
            archive.writestr(_entry(path), _HEAD + part)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as file:
            for part in _sheet(tables):
                file.write(part)
                yield sink.taken()
    yield sink.taken()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path)  # dated 1980: equal rows give equal bytes
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _sheet(tables: Iterable[pa.Table]) -> Iterator[bytes]:
    first = 0  # row of a part; 0 before the first part
    for table in tables:
        if not first:
            yield (_HEAD + _SHEET_BEGIN + _head(table.column_names)).encode()
            first = 2
        yield _rows(table, first)
        first += table.num_rows
    yield _SHEET_END.encode()


def _head(names: list[str]) -> str:
    one = pa.array(["1"])
    cells = [_text_cells(place, one, pa.array([name]), style=1)[0].as_py() for place, name in enumerate(names)]
    return f'<row r="1">{"".join(cells)}</row>'


def _rows(table: pa.Table, first: int) -> bytes:
    numbers = pa.array(np.arange(first, first + table.num_rows)).cast(pa.string())
    cells = [_cells(place, numbers, values.combine_chunks()) for place, values in enumerate(table.columns)]
    rows = pc.binary_join_element_wise('<row r="', numbers, '">', *cells, "</row>", "", null_handling="skip")
    return "".join(rows.to_pylist()).encode()


def _cells(place: int, numbers: pa.Array, values: pa.Array) -> pa.Array:
    """Return the cells of a column as XML, null where the value is missing; `numbers` are those of the rows."""
    kind = kind_of(values.type)
    if kind == "empty":
        return pa.nulls(len(values), pa.string())
    if kind == "text":
        return _text_cells(place, numbers, values)
    if kind == "logical":
        return _value_cells(place, numbers, pc.if_else(values, "1", "0"), ' t="b"')
    exact, texts, style = _EXACT[kind](values)
    return pc.coalesce(
        _value_cells(place, numbers, exact, style),
        _text_cells(place, numbers, pc.if_else(pc.is_null(exact), texts, None)),
    )


def _value_cells(place: int, numbers: pa.Array, texts: pa.Array, attributes: str) -> pa.Array:
    return _joined(f'<c r="{_letters(place)}', numbers, f'"{attributes}><v>', texts, "</v></c>")


def _text_cells(place: int, numbers: pa.Array, texts: pa.Array, style: int = 0) -> pa.Array:
    opening = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return _joined(f'<c r="{_letters(place)}', numbers, opening, _escaped(texts), "</t></is></c>")


def _joined(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")


def _letters(place: int) -> str:
    """Return what Excel calls a column.

    >>> _letters(0), _letters(25), _letters(26), _letters(16_383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    while place >= 0:
        letters, place = chr(ord("A") + place % 26) + letters, place // 26 - 1
    return letters


def _escaped(texts: pa.Array) -> pa.Array:
    if pc.any(pc.match_substring_regex(texts, _SPECIAL_ARROW)).as_py():
        named = (text and _SPECIAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text) for text in texts.to_pylist())
        texts = pa.array(named, pa.string())
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        texts = pc.replace_substring(texts, character, entity)
    return texts


def _exact_integers(values: pa.Array) -> tuple[pa.Array, pa.Array, str]:
    texts = values.cast(pa.string())
    fits = pc.and_(pc.less_equal(values, EXACT_MAX), pc.greater_equal(values, -EXACT_MAX))
    return pc.if_else(fits, texts, None), texts, ""


def _exact_numbers(values: pa.Array) -> tuple[pa.Array, pa.Array, str]:
    texts = values.cast(pa.string())
    size = pc.abs(values)
    fits = pc.or_(pc.equal(values, 0.0), pc.and_(pc.greater_equal(size, SMALLEST), pc.is_finite(values)))
    infinite = pc.if_else(pc.greater(values, 0.0), "Inf", "-Inf")
    return pc.if_else(fits, texts, None), pc.if_else(pc.is_inf(values), infinite, texts), ""


def _exact_dates(values: pa.Array) -> tuple[pa.Array, pa.Array, str]:
    days = values.cast(pa.int32())
    serials = pc.add(days, pc.if_else(pc.less(days, _FIRST_OF_MARCH), _SERIAL_1970 - 1, _SERIAL_1970))
    exact = pc.if_else(pc.greater_equal(days, _FIRST_DAY), serials.cast(pa.string()), None)
    return exact, values.cast(pa.string()), ' s="2"'


def _exact_times(values: pa.Array) -> tuple[pa.Array, pa.Array, str]:
    microseconds = values.cast(pa.timestamp("us")).cast(pa.int64())
    milliseconds = pc.divide(microseconds, 1000)
    whole = pc.equal(pc.multiply(milliseconds, 1000), microseconds)
    before_march = pc.less(milliseconds, _FIRST_OF_MARCH * _DAY)
    since = pc.add(milliseconds, pc.if_else(before_march, (_SERIAL_1970 - 1) * _DAY, _SERIAL_1970 * _DAY))
    serials = pc.divide(since.cast(pa.float64()), float(_DAY)).cast(pa.string())
    fits = pc.and_(whole, pc.greater_equal(milliseconds, _FIRST_DAY * _DAY))
    return pc.if_else(fits, serials, None), values.cast(pa.string()), ' s="3"'


# For each kind that Excel cannot always hold: the values that it can, as it writes them; the text of all; the style.
_EXACT = {"integer": _exact_integers, "number": _exact_numbers, "date": _exact_dates, "timestamp": _exact_times}
