import datetime
import decimal
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import dataset
from dataviewer.dataset import Column, CountTable, Dataset, Panel, TimeAxis, fingerprint
from dataviewer.describe import describe


def test_the_time_axis_and_columns_without_numbers_are_not_drawn():
    table = pa.table({"time": [1, 2, 3], "a": [5, 6, 7], "b": ["x", "y", "z"], "c": pa.nulls(3, pa.int64())})
    assert describe("p/d", "", "p", table, None).numbers == ("a",)


def test_a_dataset_knows_its_name_its_gaps_and_its_columns():
    table = pa.table({"a": [1, None, 3], "b": ["x", None, None], "": [1.5, 2.5, 3.5]})
    found = describe("lab/sub/d", "", "lab", table, None)
    assert (found.name, found.missing, found.count("integer", "number"), found.count()) == ("d", 3, 2, 0)
    assert found.column("").maximum == 3.5 and found.column("c") is None


def test_columns_of_infinite_numbers_alone_cannot_be_drawn():
    table = pa.table({"a": [float("inf"), float("-inf")], "b": [1, 2]})
    assert describe("p/d", "", "p", table, None).numbers == ("b",)


# Times ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "axis", "times"),
    [
        ([800102, 991231], TimeAxis("t", written="ymd"), ["1980-01-02", "1999-12-31"]),
        ([10101, 20101231], TimeAxis("t", written="ymd"), ["1901-01-01", "2010-12-31"]),
        (["1951", "1956"], TimeAxis("t", written="year"), [1951, 1956]),
        ([1949.0, 1949.08333], TimeAxis("t", 12), ["1949-01-01", "1949-02-01"]),
        ([3, 4], TimeAxis("t"), [3, 4]),
        ([datetime.date(2020, 2, 29)], TimeAxis("t"), ["2020-02-29"]),
    ],
)
def test_times_are_what_the_values_stand_for(values, axis, times):
    found = dataset.as_times(pa.chunked_array([values]), axis)
    assert [str(time) if found.dtype.kind == "M" else time for time in found.tolist()] == times
    none_left = dataset.as_times(pa.chunked_array([values]).slice(0, 0), axis)
    assert len(none_left) == 0, "a condition may leave no row"


def test_air_passengers_begin_in_january_1949(catalog):
    series = catalog["datasets/AirPassengers"]
    dates = dataset.as_dates(catalog.table(series)["time"].to_numpy(), series.time.per_year)
    assert dates.dtype == "datetime64[D]"
    assert list(map(str, dates[[0, 1, -1]])) == ["1949-01-01", "1949-02-01", "1960-12-01"]


def test_decimal_months_of_every_monthly_series_follow_each_other(catalog):
    for series in (each for each in catalog.values() if each.time and each.time.per_year == 12):
        dates = dataset.as_dates(catalog.table(series)[series.time.column].to_numpy(), 12)
        months = dates.astype("datetime64[M]")
        assert (np.diff(months).astype(int) == 1).all(), series.id
        assert (months.astype("datetime64[D]") == dates).all(), series.id


@pytest.mark.parametrize(
    ("year", "per_year", "day"),
    [
        (1949.08333, 12, "1949-02-01"),
        (1949.91666666667, 12, "1949-12-01"),
        (1969.75, 4, "1969-10-01"),
        (1960.5, 2, "1960-07-01"),
        (1900.0, 52, "1900-01-01"),
        (2001 + 31 / 365, 365, "2001-02-01"),
        (2001 + 364 / 365, 365, "2001-12-31"),
        (1600.0, 12, "1600-01-01"),
    ],
)
def test_decimal_years_become_dates(year, per_year, day):
    assert str(dataset.as_dates(np.array([year]), per_year)[0]) == day


@given(st.integers(1000, 2199), st.integers(0, 11))
def test_a_month_written_with_15_digits_is_that_month(year, month):
    written = float(f"{year + month / 12:.15g}")
    assert str(dataset.as_dates(np.array([written]), 12)[0]) == f"{year}-{month + 1:02}-01"


# Types ---------------------------------------------------------------------------------------------


def normal(values, type=None) -> list:
    table = dataset.normalise(pa.table({"a": pa.array(values, type) if isinstance(values, list) else values}))
    return [dataset.kind_of(table.schema.types[0]), *table["a"].to_pylist()]


@pytest.mark.parametrize(
    ("values", "type", "shown"),
    [
        ([1.5, float("nan"), None], pa.float64(), ["number", 1.5, None, None]),
        ([1.5, float("nan")], pa.float32(), ["number", 1.5, None]),
        ([np.float16(1.5)], pa.float16(), ["number", 1.5]),
        ([-1, None], pa.int8(), ["integer", -1, None]),
        ([2**32 - 1], pa.uint32(), ["integer", 2**32 - 1]),
        ([2**63 - 1, None], pa.uint64(), ["integer", 2**63 - 1, None]),
        ([2**64 - 1, 1], pa.uint64(), ["text", str(2**64 - 1), "1"]),
        (["x"], pa.large_string(), ["text", "x"]),
        (["x"], pa.string_view(), ["text", "x"]),
        ([True, None], pa.bool_(), ["logical", True, None]),
        ([None], pa.null(), ["empty", None]),
        ([datetime.date(2020, 2, 1)], pa.date64(), ["date", datetime.date(2020, 2, 1)]),
        ([1, None], pa.date64(), ["timestamp", datetime.datetime(1970, 1, 1, 0, 0, 0, 1000), None]),
        ([None], pa.date64(), ["date", None]),
        ([2**62, None], pa.duration("s"), ["text", f"{2**62} s", None]),
        ([1], pa.timestamp("s"), ["timestamp", datetime.datetime(1970, 1, 1, 0, 0, 1)]),
        ([1000, None], pa.timestamp("ns"), ["timestamp", datetime.datetime(1970, 1, 1, 0, 0, 0, 1), None]),
        ([1001, None], pa.timestamp("ns"), ["text", "1970-01-01 00:00:00.000001001", None]),
        ([0, None], pa.timestamp("us", "Europe/Berlin"), ["text", "1970-01-01 00:00:00.000000Z", None]),
        ([1], pa.timestamp("ns", "UTC"), ["text", "1970-01-01 00:00:00.000000001Z"]),
        ([569_000_000_000], pa.timestamp("s"), ["text", "20000-11-22 03:33:20"]),
        ([10_000_000], pa.date32(), ["text", "29349-01-26"]),
        ([90_000, None], pa.duration("s"), ["text", "1 day, 1:00:00", None]),
        ([1_500_000_000], pa.duration("ns"), ["text", "0 days 00:00:01.500000"]),
        ([1], pa.duration("ns"), ["text", "0 days 00:00:00.000000001"]),
        ([datetime.time(1, 2)], pa.time64("us"), ["text", "01:02:00.000000"]),
        ([decimal.Decimal("1.10"), None], pa.decimal128(5, 2), ["text", "1.10", None]),
        ([[1, 2], None], pa.list_(pa.int64()), ["text", "[1, 2]", None]),
        ([{"x": 1}, None], pa.struct([("x", pa.int64())]), ["text", "{'x': 1}", None]),
        ([b"a\xff"], pa.binary(), ["text", "b'a\\xff'"]),
        (["x", None, "x"], pa.dictionary(pa.int8(), pa.string()), ["text", "x", None, "x"]),
        (["", "NA"], pa.string(), ["text", "", "NA"]),
    ],
    ids=lambda value: str(value) if isinstance(value, pa.DataType) else "",
)
def test_every_type_has_a_kind_and_keeps_its_values(values, type, shown):
    assert normal(values, type) == shown


def test_nan_among_the_values_of_a_dictionary_is_missing():
    values = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), pa.array([1.0, float("nan")]))
    assert normal(values) == ["number", 1.0, None, None]


def test_dictionaries_that_differ_from_chunk_to_chunk_are_read_right():
    chunks = [pa.array(["x"]).dictionary_encode(), pa.array(["y"]).dictionary_encode()]
    assert normal(pa.chunked_array(chunks)) == ["text", "x", "y"]


@given(st.lists(st.sampled_from(["a", "a (2)", "a (3)", ""]), min_size=1, max_size=6))
def test_names_become_unique_and_first_ones_stay(names):
    table = dataset.normalise(pa.table([pa.array([place]) for place in range(len(names))], names=names))
    assert len(set(table.column_names)) == len(names)
    assert table.column_names[0] == names[0]
    assert [values[0].as_py() for values in table.columns] == list(range(len(names)))


def test_a_table_without_columns_stays_one():
    assert dataset.normalise(pa.table({})).num_columns == 0


def test_infinite_numbers_stay():
    assert normal([float("inf"), float("-inf")]) == ["number", float("inf"), float("-inf")]


TOLD = {
    "title": "another",
    "time": TimeAxis("n"),
    "panel": Panel("n", "m"),
    "counts": CountTable("n", ("m",)),
    "columns": (Column("n", "integer", 0, meaning="what it means"), Column("m", "integer", 0)),
}


@pytest.mark.parametrize("name", TOLD)
def test_the_fingerprint_differs_where_what_is_told_of_a_dataset_does(name):
    table = pa.table({"n": [1], "m": [2]})
    known = Dataset("a/b", "b", "a", 1, (Column("n", "integer", 0), Column("m", "integer", 0)))
    other = replace(known, **{name: TOLD[name]})
    assert fingerprint(known, table) == fingerprint(replace(known), table)
    assert fingerprint(known, table) != fingerprint(other, table)
