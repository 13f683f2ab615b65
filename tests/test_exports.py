import csv
import datetime
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import exports

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
