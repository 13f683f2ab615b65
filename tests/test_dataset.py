import datetime
import decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import dataset
from dataviewer.dataset import Column, TimeAxis


def column(values, type=None) -> Column:
    return dataset.describe_column("a", pa.chunked_array([pa.array(values, type)]))


def axis(**columns) -> TimeAxis | None:
    return dataset.describe("p/d", "", "p", pa.table(columns), None).time


# Columns -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "name", "kind"),
    [
        ("datasets/iris", "Species", "text"),
        ("datasets/iris", "Sepal.Length", "number"),
        ("datasets/mtcars", "rownames", "text"),
        ("datasets/mtcars", "cyl", "integer"),
        ("ggplot2/economics", "date", "date"),
        ("Ecdat/FriendFoe", "season", "text"),
        ("COUNT/medpar", "provnum", "text"),
    ],
)
def test_kinds_follow_the_source(catalog, id, name, kind):
    assert catalog[id].column(name).kind == kind


def test_the_kinds_of_all_columns_are_known(catalog):
    kinds = [column.kind for dataset in catalog.values() for column in dataset.columns]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "integer": 2990,
        "number": 1663,
        "text": 1047,
        "logical": 16,
        "empty": 13,
        "date": 11,
        "timestamp": 2,
    }


def test_what_is_said_of_a_column_agrees_with_its_values(catalog):
    for each in catalog.values():
        table = catalog.table(each)
        assert [c.name for c in each.columns] == table.column_names
        assert table.num_rows == each.rows
        for said, values in zip(each.columns, table.columns):
            present = values.drop_null().to_pylist()
            assert said.missing == each.rows - len(present), f"{each.id}, {said.name}"
            if said.is_number:
                finite = [value for value in present if abs(value) != float("inf")]
                assert (said.minimum, said.maximum) == (min(finite), max(finite)), f"{each.id}, {said.name}"


def test_missing_values_are_counted():
    assert column([1, None, None]).missing == 2


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1, 2], 0),
        ([1.0, 2.0], 0),
        ([0.5, 2.25], 2),
        ([1e-8], 8),
        ([1e-9], dataset.DECIMALS_MAX),
        ([1 / 3], dataset.DECIMALS_MAX),
        ([0.1 + 0.2], dataset.DECIMALS_MAX),
        ([1e308], 0),
        ([0.5, 1e308], 1),
        ([5e-324, 1e308], dataset.DECIMALS_MAX),
        ([0.5, float("inf"), None], 1),
    ],
)
def test_decimals_write_every_value_exactly(values, decimals):
    assert column(values).decimals == decimals


@given(st.lists(st.decimals(-(10**6), 10**6, places=4), min_size=1))
def test_decimals_are_as_few_as_write_the_values(values):
    places = max(-value.normalize().as_tuple().exponent for value in values)
    assert column([float(value) for value in values]).decimals == max(places, 0)


@pytest.mark.parametrize(
    ("values", "increasing"),
    [
        ([1, 2, 5], True),
        ([1, 2, 2], False),
        ([2, 1], False),
        ([1, None, 3], False),
        ([1], False),
        ([-(2**63), 2**63 - 1], True),
        ([2**63 - 1, -(2**63)], False),
        ([1.0, float("inf"), float("inf")], False),
        ([datetime.date(2020, 1, 1), datetime.date(2020, 1, 3)], True),
        ([datetime.datetime(2020, 1, 1), datetime.datetime(2019, 1, 1)], False),
    ],
)
def test_increasing_means_each_above_the_one_before(values, increasing):
    assert column(values).increasing is increasing


def test_infinite_values_are_no_extent():
    assert column([float("inf"), 2.0, 0.0, -3.0]) == Column("a", "number", 0, -3.0, 2.0, 2.0, 0)


@pytest.mark.parametrize("values", [[None, float("inf")], [None], []])
def test_without_a_finite_number_there_is_no_extent(values):
    described = column(values, pa.float64())
    assert (described.minimum, described.maximum, described.smallest) == (None, None, None)


def test_the_time_axis_and_columns_without_numbers_are_not_drawn():
    table = pa.table({"time": [1, 2, 3], "a": [5, 6, 7], "b": ["x", "y", "z"], "c": pa.nulls(3, pa.int64())})
    assert dataset.describe("p/d", "", "p", table, None).numbers == ("a",)


# Time axes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "time"),
    [
        ("datasets/AirPassengers", TimeAxis("time", 12)),
        ("datasets/UKgas", TimeAxis("time", 4)),
        ("datasets/Nile", TimeAxis("time")),
        ("datasets/lh", TimeAxis("time")),
        ("datasets/WWWusage", TimeAxis("time")),
        ("datasets/treering", TimeAxis("time")),
        ("ggplot2/economics", TimeAxis("date")),
        ("datasets/longley", TimeAxis("Year")),
        ("HSAUR/bladdercancer", None),
        ("boot/aml", None),
        ("reshape2/french_fries", None),
        ("datasets/iris", None),
    ],
)
def test_the_values_tell_a_time_axis(catalog, id, time):
    assert catalog[id].time == time


def test_a_decreasing_or_uneven_time_is_no_axis():
    assert axis(time=[3, 2, 1]) is None
    assert axis(time=[1, 2, 4]) is None
    assert axis(time=[0.0, 1e-9, 5e-9]) is None
    assert axis(time=[1, 2, None]) is None


def test_two_values_are_no_series():
    assert axis(time=[1, 2]) is None
    assert axis(Year=[1990, 1991]) is None


def test_years_may_have_gaps_but_not_repeat():
    assert axis(Year=[1990, 1995, 1996]) == TimeAxis("Year")
    assert axis(Year=[1990, 1990, 1996]) is None


def test_a_date_column_that_increases_is_an_axis():
    assert axis(a=[1, 2, 3], day=[datetime.date(2020, 1, day) for day in (1, 5, 6)]) == TimeAxis("day")


@pytest.mark.parametrize(("start", "per_year"), [(1949.0, 12), (0.0, 0), (2500.0, 0)])
def test_only_steps_between_1000_and_2200_are_decimal_years(start, per_year):
    assert axis(time=[start + month / 12 for month in range(24)]) == TimeAxis("time", per_year)


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
