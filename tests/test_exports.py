import csv
import datetime
import io
import json
import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import exports
from dataviewer.dataset import kind_of
from dataviewer.errors import BadView

ROWS_MAX = 20_000  # of the tables that are compared whole; the longer ones hold nothing of another kind
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def to_csv(*tables: pa.Table) -> str:
    return b"".join(exports.FORMATS["csv"].write(tables, {})).decode()


def to_json(*tables: pa.Table, **about) -> dict:
    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(b"".join(exports.FORMATS["json"].write(tables, about)), parse_constant=refuse)


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def equals(cell: str, value: object) -> bool:
    """Whether a CSV cell says what the source holds."""
    if value is None:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    return float(cell) == value if isinstance(value, float) else cell == str(value)


def test_every_csv_read_back_by_another_reader_equals_its_source(catalog):
    csv.field_size_limit(2**24)
    for dataset in catalog.values():
        table = catalog.table(dataset)
        if table.num_rows <= ROWS_MAX:
            header, *rows = read_csv(to_csv(table))
            assert header == table.column_names, dataset.id
            assert len(rows) == table.num_rows, dataset.id
            for name, cells, values in zip(header, zip(*rows), table.columns):
                wrong = [pair for pair in zip(cells, values.to_pylist(), strict=True) if not equals(*pair)]
                assert not wrong, f"{dataset.id}, {name}"


def test_every_json_equals_its_source(catalog):
    for dataset in catalog.values():
        table = catalog.table(dataset)
        if table.num_rows <= ROWS_MAX:
            rows = to_json(table, dataset=dataset.id)["rows"]
            assert all(list(row) == table.column_names for row in rows[:1])
            for name, values in zip(table.column_names, table.columns):
                kept = [value if not hasattr(value, "year") else str(value) for value in values.to_pylist()]
                assert [row[name] for row in rows] == kept, f"{dataset.id}, {name}"


@given(st.lists(st.tuples(st.none() | TEXT, st.none() | st.floats(allow_nan=False)), max_size=5), TEXT)
def test_any_text_and_any_number_survive_csv_and_json(rows, name):
    names = [name, name + "2"]
    columns = [pa.array([row[0] for row in rows], pa.string()), pa.array([row[1] for row in rows], pa.float64())]
    table = pa.table(columns, names=names)
    header, *cells = read_csv(to_csv(table))
    assert header == names
    assert [[cell[0], cell[1] and float(cell[1])] for cell in cells] == [
        [text or "", "" if number is None else number] for text, number in rows
    ]
    infinite = {float("inf"): "Inf", float("-inf"): "-Inf"}
    assert [tuple(row.values()) for row in to_json(table)["rows"]] == [
        (text, infinite.get(number, number)) for text, number in rows
    ]


def test_missing_and_empty_text_are_told_apart():
    table = pa.table({"a": ["", None, "NA"]})
    assert to_csv(table) == '"a"\n""\n\n"NA"\n'
    assert to_json(table)["rows"] == [{"a": ""}, {"a": None}, {"a": "NA"}]


def test_integers_beyond_two_to_the_53_are_exact():
    table = pa.table({"a": [2**53 + 1, -(2**63), 2**63 - 1]})
    assert to_csv(table) == f'"a"\n{2**53 + 1}\n{-(2**63)}\n{2**63 - 1}\n'
    assert [row["a"] for row in to_json(table)["rows"]] == table["a"].to_pylist()


def test_infinite_numbers_are_said():
    table = pa.table({"a": [float("inf"), float("-inf"), None]})
    assert [cell and float(cell) for cell in to_csv(table).split("\n")[1:4]] == [float("inf"), float("-inf"), ""]
    assert to_json(table)["rows"] == [{"a": "Inf"}, {"a": "-Inf"}, {"a": None}]


def test_dates_and_timestamps_are_spelled_as_r_spells_them():
    times = pa.array([datetime.datetime(2020, 1, 2, 3, 4, 5)], pa.timestamp("s"))
    table = pa.table({"d": [datetime.date(1850, 1, 2)], "t": times})
    assert to_csv(table) == '"d","t"\n1850-01-02,2020-01-02 03:04:05\n'
    assert to_json(table)["rows"] == [{"d": "1850-01-02", "t": "2020-01-02 03:04:05"}]


@pytest.mark.parametrize(
    ("id", "column", "spelled"),
    [("vcd/Lifeboats", "launch", "1912-04-15 00:45:00"), ("ggplot2/economics", "date", "1967-06-30")],
)
def test_the_archives_times_stay_as_they_were_spelled(catalog, id, column, spelled):
    table = catalog.table(catalog[id]).select([column])
    assert read_csv(to_csv(table))[1] == [spelled]
    assert to_json(table)["rows"][0] == {column: spelled}


def test_microseconds_are_kept():
    table = pa.table({"t": pa.array([1], pa.timestamp("us"))})
    assert to_csv(table) == '"t"\n1970-01-01 00:00:00.000001\n'
    assert to_json(table)["rows"] == [{"t": "1970-01-01 00:00:00.000001"}]


def test_several_tables_are_one_export():
    parts = [pa.table({"a": [1, 2]}), pa.table({"a": pa.array([], pa.int64())}), pa.table({"a": [3]})]
    assert to_csv(*parts) == '"a"\n1\n2\n3\n'
    assert to_json(*parts)["rows"] == [{"a": 1}, {"a": 2}, {"a": 3}]


def test_without_rows_the_names_are_still_there():
    table = pa.table({"a": pa.array([], pa.int64()), "b": pa.array([], pa.string())})
    assert to_csv(table) == '"a","b"\n'
    assert to_json(table, total=0) == {"total": 0, "rows": []}


def test_a_column_of_nothing_is_missing_throughout():
    table = pa.table({"a": pa.nulls(2), "b": [1, 2]})
    assert to_csv(table) == '"a","b"\n,1\n,2\n'
    assert to_json(table)["rows"] == [{"a": None, "b": 1}, {"a": None, "b": 2}]


def test_what_is_known_of_the_view_comes_first_in_json():
    written = b"".join(exports.FORMATS["json"].write([pa.table({"a": [1]})], {"dataset": "p/d", "total": 1}))
    assert written == b'{"dataset":"p/d","total":1,"rows":[{"a":1}]}'


def test_nothing_known_is_json_too():
    assert to_json(pa.table({"a": [1]})) == {"rows": [{"a": 1}]}


def test_an_export_is_written_part_by_part():
    asked = []

    def tables():
        for number in range(3):
            asked.append(number)
            yield pa.table({"a": [number]})

    written = exports.FORMATS["csv"].write(tables(), {})
    assert next(written) == b'"a"\n0\n'
    assert asked == [0]


# Every kind of value in every format, read by others -------------------------------------------------

EXACT_MAX = 2**53
SMALLEST = 2.2250738585072014e-308
NAMES = st.lists(st.text("aA,\"'\n;=é😀 _", max_size=6), min_size=1, max_size=5, unique=True)
VALUES = {
    pa.int64(): st.integers(-(2**63), 2**63 - 1)
    | st.integers(-9, 9)
    | st.sampled_from([2**53, 2**53 + 1, -(2**53) - 1]),
    pa.float64(): st.floats(allow_nan=False) | st.sampled_from([0.1 + 0.2, 5e-324, -0.0, 1e16, 2.0**60]),
    pa.string(): st.text("=+-@<r>/&\r\n\t\0,\"'_x0041\uffff é😀", max_size=12) | TEXT,
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(),
    pa.timestamp("us"): st.datetimes(),
    pa.timestamp("ms"): st.datetimes().map(lambda time: time.replace(microsecond=time.microsecond // 1000 * 1000)),
    pa.timestamp("s"): st.datetimes().map(lambda time: time.replace(microsecond=0)),
    pa.null(): st.none(),
}


@st.composite
def tables(draw) -> pa.Table:
    """A table such as the store holds: any kinds, any names, no rows too."""
    rows = draw(st.integers(0, 6))
    kinds = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=5))
    names = draw(st.lists(NAMES.map(lambda names: names[0]), min_size=len(kinds), max_size=len(kinds), unique=True))
    cells = [draw(st.lists(st.none() | VALUES[kind], min_size=rows, max_size=rows)) for kind in kinds]
    return pa.table([pa.array(values, kind) for values, kind in zip(cells, kinds)], names=names)


def written(name: str, table: pa.Table) -> bytes:
    """Return an export that was written in three parts."""
    return b"".join(exports.FORMATS[name].write([table.slice(0, 2), table.slice(2, 1), table.slice(3)], {}))


def columns(table: pa.Table) -> list[list]:
    return [values.to_pylist() for values in table.columns]


def signed(cells: list[list]) -> list[list]:
    """Return cells that differ where only the sign of a zero does."""
    return [[str(cell) if isinstance(cell, float) else cell for cell in column] for column in cells]


@given(tables())
def test_parquet_and_arrow_hold_the_very_table(table):
    for name, read in (("parquet", pa.parquet.read_table), ("arrow", lambda file: pa.ipc.open_file(file).read_all())):
        back = read(pa.BufferReader(written(name, table)))
        assert back.column_names == table.column_names
        assert [kind_of(type) for type in back.schema.types] == [kind_of(type) for type in table.schema.types]
        assert signed(columns(back)) == signed(columns(table))
    assert pa.ipc.open_file(written("arrow", table)).schema == table.schema


@given(tables())
def test_polars_reads_the_same_cells(table):
    for name, read in (("parquet", pl.read_parquet), ("arrow", pl.read_ipc)):
        back = read(io.BytesIO(written(name, table)))
        assert back.columns == table.column_names
        assert signed([values.to_list() for values in back]) == signed(columns(table))


@given(tables())
def test_pandas_reads_the_same_cells(table):
    for name, read in (("parquet", pd.read_parquet), ("arrow", pd.read_feather)):
        back = read(io.BytesIO(written(name, table)), dtype_backend="pyarrow")
        assert list(back.columns) == table.column_names
        assert signed([pa.array(back.iloc[:, place]).to_pylist() for place in range(back.shape[1])]) == signed(
            columns(table)
        )


def as_json(value: object) -> object:
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return "Inf" if value > 0 else "-Inf"
    return str(value) if isinstance(value, datetime.date) else value


@given(tables())
def test_json_and_its_lines_hold_the_same_cells(table):
    rows = [[as_json(cell) for cell in row.values()] for row in table.to_pylist()]
    whole = json.loads(written("json", table))["rows"]
    lines = [json.loads(line) for line in written("ndjson", table).decode().split("\n")[:-1]]
    assert whole == lines
    assert all(list(row) == table.column_names for row in lines)
    assert signed([list(row.values()) for row in lines]) == signed(rows)


def meant(cell: str | None, value: object) -> object:
    """Return what a cell of text means where the source holds `value`, in a form in which zeros keep their sign."""
    if cell is None:
        return None
    if isinstance(value, bool):
        return {"true": True, "false": False}[cell]
    if isinstance(value, datetime.datetime):
        return datetime.datetime.fromisoformat(cell)
    if isinstance(value, datetime.date):
        return datetime.date.fromisoformat(cell)
    return int(cell) if isinstance(value, int) else str(float(cell)) if isinstance(value, float) else cell


def meanings(cells: list[list], table: pa.Table) -> list[list]:
    return [[meant(*pair) for pair in zip(*both, strict=True)] for both in zip(cells, columns(table), strict=True)]


@given(tables())
def test_a_reader_of_csv_that_heeds_quotes_tells_empty_from_missing(table):
    back = pa.csv.read_csv(
        pa.BufferReader(written("csv", table)),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pa.csv.ConvertOptions(
            column_types={name: pa.string() for name in table.column_names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    assert back.column_names == table.column_names
    assert meanings(columns(back), table) == signed(columns(table))


@given(tables())
def test_polars_reads_the_same_cells_from_csv(table):
    content = written("csv", table)
    if b"\r" not in content:  # it takes a \r for the end of a line, quoted or not
        back = pl.read_csv(io.BytesIO(content), infer_schema=False)
        assert [
            name.replace('""', '"') for name in back.columns
        ] == table.column_names  # it leaves doubled quotes alone
        assert meanings([values.to_list() for values in back], table) == signed(columns(table))


@given(tables())
def test_csv_is_read_alike_by_pythons_own_reader_and_pandas(table):
    text = written("csv", table).decode()
    own = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    own = [row or [""] for row in own]  # of one column a missing value is an empty line
    assert own[0] == table.column_names
    assert len(own) == table.num_rows + 1
    if "\0" in text or "\r" in text:  # the parser in C ends there
        return
    frame = pd.read_csv(
        io.StringIO(text),
        dtype=str,
        keep_default_na=False,
        skip_blank_lines=False,
        header=None,
        names=range(table.num_columns),
    )
    assert frame.to_numpy().tolist() == own


def as_excel(value: object) -> object:
    """Return what a cell of Excel holds for a value: what it cannot hold exactly is its text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT_MAX else str(value)
    if isinstance(value, float):
        return value if value == 0 or SMALLEST <= abs(value) < float("inf") else str(as_json(value))
    if isinstance(value, datetime.datetime):
        return value if value.year >= 1900 and value.microsecond % 1000 == 0 else str(value)
    return datetime.datetime(value.year, value.month, value.day) if value.year >= 1900 else str(value)


def unescaped(value: object) -> object:
    """Return a text as Excel reads it; openpyxl leaves escapes alone."""
    if not isinstance(value, str):
        return value
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value)


def same_cell(got: object, value: object) -> bool:
    wanted = as_excel(value)
    if isinstance(wanted, str) != isinstance(got, str) or isinstance(wanted, bool) != isinstance(got, bool):
        return False
    if isinstance(wanted, str) and not isinstance(value, str) and "Inf" not in wanted:
        return meant(got, value) == (str(value) if isinstance(value, float) else value)
    return unescaped(got) == wanted


@given(tables())
def test_a_workbook_holds_the_same_cells(table):
    content = written("xlsx", table)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["rows"]
    header, *rows = book.active.iter_rows(values_only=True, min_row=1, max_col=table.num_columns)
    assert [unescaped(name) for name in header] == table.column_names
    rows += [(None,) * table.num_columns] * (table.num_rows - len(rows))  # of missing values alone there is no cell
    for got, wanted in zip(rows, table.to_pylist(), strict=True):
        wrong = [pair for pair in zip(got, wanted.values()) if not same_cell(*pair)]
        assert not wrong
    assert not any(cell.data_type == "f" or cell.hyperlink for row in book.active.iter_rows() for cell in row)


def test_a_workbook_is_one_archive_of_good_xml_whose_parts_are_all_told_of():
    archive = zipfile.ZipFile(io.BytesIO(written("xlsx", pa.table({"a": ["<&>", "\0"], "b": [1, None]}))))
    assert archive.testzip() is None
    parts = {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}
    told = {part.get("PartName") for part in parts["[Content_Types].xml"]} - {None}
    assert told | {"/[Content_Types].xml", "/_rels/.rels", "/xl/_rels/workbook.xml.rels"} == {
        f"/{name}" for name in parts
    }
    cells = parts["xl/worksheets/sheet1.xml"].iter("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c")
    assert [cell.get("r") for cell in cells] == ["A1", "B1", "A2", "B2", "A3"]


def test_equal_rows_are_equal_bytes():
    table = pa.table({"a": ["x", None]})
    assert all(written(name, table) == written(name, table) for name in exports.FORMATS)


def test_another_reader_of_workbooks_agrees():
    table = pa.table(
        {"t": ["=1+1", "http://x.org", "+1", "<r>x</r>", "_x0041_", " é😀 "], "x": [0.1 + 0.2, 1e300, 2, -1, 0, 7]}
    )
    frame = pd.read_excel(io.BytesIO(written("xlsx", table)), engine="calamine", dtype={"t": str})
    assert frame["x"].tolist() == table["x"].to_pylist()
    assert frame["t"].tolist()[:4] + frame["t"].tolist()[5:] == table["t"].to_pylist()[:4] + table["t"].to_pylist()[5:]


def test_dates_of_a_workbook_are_excels_own_days():
    days = ["1899-12-31", "1900-01-01", "1900-02-28", "1900-03-01", "1970-01-01", "9999-12-31"]
    table = pa.table({"d": [datetime.date.fromisoformat(day) for day in days]})
    archive = zipfile.ZipFile(io.BytesIO(written("xlsx", table)))
    numbers = re.findall(rb"<v>(\d+)</v>", archive.read("xl/worksheets/sheet1.xml"))
    assert numbers == [b"1", b"59", b"61", b"25569", b"2958465"]  # DATEVALUE of each but the first


def positions(*places: int) -> np.ndarray:
    return np.array(places, np.int64)


@pytest.mark.parametrize(
    ("table", "matching", "said"),
    [
        (pa.table({"a": range(1_048_576)}), None, ["1,048,575 rows", "these are 1,048,576"]),
        (pa.table({"a": range(2_000_000)}), np.arange(1_048_576), ["1,048,575 rows", "these are 1,048,576"]),
        (pa.table({f"c{n}": pa.nulls(0) for n in range(16_385)}), None, ["16,384 columns", "these are 16,385"]),
        (pa.table({"b": [1, 2, 3], "a": ["", None, "x" * 32_768]}), None, ["32,767", "“a” has 32,768 in row 3"]),
        (pa.table({"a": ["", "😀" * 16_384]}), positions(1), ["32,767", "“a” has 32,768 in row 2"]),
        (pa.table({"x" * 32_768: [1]}), None, ["32,767", "a column’s name"]),
        (
            pa.table([pa.array(range(10**6))] * 30, [f"c{n}" for n in range(30)]),
            None,
            ["1,000,000 rows and 30 columns"],
        ),
    ],
    ids=["rows", "matching", "columns", "text", "pairs", "name", "bytes"],
)
def test_what_a_sheet_cannot_hold_is_said_before(table, matching, said):
    with pytest.raises(BadView) as raised:
        exports.FORMATS["xlsx"].check(table, matching)
    assert [part for part in [*said, "CSV, Parquet and Arrow"] if part not in str(raised.value)] == []


@pytest.mark.parametrize(
    ("table", "matching"),
    [
        (pa.table({"a": range(1_048_575)}), None),
        (pa.table({"a": range(2_000_000)}), np.arange(1_048_575)),
        (pa.table({f"c{n}": pa.nulls(0) for n in range(16_384)}), None),
        (pa.table({"a": ["x" * 32_768, "é" * 32_767]}), positions(1)),
        (pa.table({"a": ["x" * 32_768]}), positions()),
    ],
    ids=["rows", "matching", "columns", "text", "none"],
)
def test_what_a_sheet_can_just_hold_is_let_through(table, matching):
    exports.FORMATS["xlsx"].check(table, matching)


def test_a_table_of_no_columns_is_a_file_in_every_format():
    for name in exports.FORMATS:
        content = b"".join(exports.FORMATS[name].write([pa.table({})], {}))
        if name == "xlsx":
            assert openpyxl.load_workbook(io.BytesIO(content)).active.max_row == 1
        elif name == "parquet":
            assert pa.parquet.read_table(pa.BufferReader(content)).num_columns == 0
        elif name == "arrow":
            assert pa.ipc.open_file(content).read_all().num_columns == 0
        else:
            assert content == {"json": b'{"rows":[]}'}.get(name, b"")


@pytest.mark.parametrize("name", exports.FORMATS)
def test_every_format_leaves_part_by_part(name):
    asked = []

    def tables():
        for number in range(3):
            asked.append(number)
            yield pa.table({"a": [float(n * n % 1009) for n in range(number, 50_000)]})

    parts = exports.FORMATS[name].write(tables(), {})
    while len(next(parts)) < 10_000:
        pass
    assert asked == [0]
    assert sum(map(len, parts)) > 20_000


@pytest.mark.skipif(not shutil.which("Rscript"), reason="needs R")
def test_r_reads_the_same_cells_from_csv(tmp_path):
    table = pa.table(
        {
            "n": [0.1 + 0.2, None, -1e300],
            "t": ['a"b,\n c', "NA", "é😀"],
            "m": [None, "x", "y"],
            "b": [True, None, False],
            "d": [datetime.date(2020, 2, 29), None, datetime.date(1, 1, 1)],
            "odd name": [1, 2, None],
        }
    )
    file = tmp_path / "rows.csv"
    file.write_bytes(written("csv", table))
    script = """
    f <- read.csv(commandArgs(TRUE)[1], na.strings = "", check.names = FALSE, encoding = "UTF-8")
    stopifnot(identical(names(f), c("n", "t", "m", "b", "d", "odd name")))
    stopifnot(identical(f$n, c(0.1 + 0.2, NA, -1e300)))
    stopifnot(identical(f$t, c("a\\"b,\\n c", "NA", "\\u00e9\\U0001F600")))
    stopifnot(identical(f$m, c(NA, "x", "y")), identical(as.logical(f$b), c(TRUE, NA, FALSE)))
    stopifnot(identical(f$d, c("2020-02-29", NA, "0001-01-01")), identical(f$`odd name`, c(1L, 2L, NA)))
    """
    subprocess.run(["Rscript", "-e", script, file], check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
