import datetime
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import describe
from dataviewer.dataset import DECIMALS_MAX, Column, CountTable, Dataset, Panel, TimeAxis


def described(**columns) -> Dataset:
    return describe.describe("p/d", "", "p", pa.table(columns), None)


def column(values, type=None) -> Column:
    return describe.describe_column("a", pa.chunked_array([pa.array(values, type)]))


def axis(**columns) -> TimeAxis | None:
    return described(**columns).time


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
            counts = Counter(present)
            often = set(counts.values())
            even = len(often) == 1 and often != {1}
            assert (said.distinct, said.even) == (len(counts), even), f"{each.id}, {said.name}"
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
        ([1e-9], DECIMALS_MAX),
        ([1 / 3], DECIMALS_MAX),
        ([0.1 + 0.2], DECIMALS_MAX),
        ([1e308], 0),
        ([0.5, 1e308], 1),
        ([5e-324, 1e308], DECIMALS_MAX),
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
    described = column([float("inf"), 2.0, 0.0, -3.0])
    assert described == Column("a", "number", 0, distinct=4, minimum=-3.0, maximum=2.0, smallest=2.0)


@pytest.mark.parametrize("values", [[None, float("inf")], [None], []])
def test_without_a_finite_number_there_is_no_extent(values):
    described = column(values, pa.float64())
    assert (described.minimum, described.maximum, described.smallest) == (None, None, None)


@given(st.lists(st.none() | st.integers(0, 3), max_size=12))
def test_even_means_that_each_value_occurs_equally_often_and_more_than_once(values):
    counts = Counter(value for value in values if value is not None)
    one_count = len(set(counts.values())) == 1 and min(counts.values()) > 1
    assert (column(values, pa.int64()).distinct, column(values, pa.int64()).even) == (len(counts), one_count)


@pytest.mark.parametrize(
    "values",
    [
        [True, False, True, False],
        [datetime.date(2020, 1, 1), datetime.date(2020, 1, 1), datetime.date(2020, 1, 2), datetime.date(2020, 1, 2)],
        ["", "", "NA", "NA"],
        [float("inf"), float("inf"), 1.0, 1.0],
    ],
)
def test_values_of_every_kind_are_counted(values):
    assert (column(values).distinct, column(values).even) == (2, True)


def test_a_column_in_pieces_is_described_as_if_it_were_whole():
    pieces = pa.chunked_array([[1, 2], [], [2, 1, None]], pa.int64())
    assert describe.describe_column("a", pieces) == column([1, 2, 2, 1, None])


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
        ("datasets/WorldPhones", TimeAxis("rownames", written="year")),
        ("Ecdat/Garch", TimeAxis("date", written="ymd")),
        ("Zelig/grunfeld", TimeAxis("Year")),
        ("datasets/airquality", None),
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


@pytest.mark.parametrize(
    "times",
    [
        [0, 5e-324, 1e-323],
        [0, 1e-310, 2e-310],
        [-1.7e308, 0.0, 1.7e308],
        [float("-inf"), 0.0, float("inf")],
        [1.0, 2.0, float("inf")],
        [-(2**63), 0, 2**63 - 1],
    ],
)
def test_times_at_the_ends_of_what_a_number_can_be_do_no_harm(times):
    found = axis(time=times)
    assert found is None or (np.isfinite(times).all() and found == TimeAxis("time"))


YEARS = [str(year) for year in range(1950, 1956)]


@pytest.mark.parametrize(
    ("name", "years", "found"),
    [
        ("rownames", YEARS, True),
        ("Year", YEARS, True),
        ("rownames", ["1951", "1956", "1957"], True),
        ("name", YEARS, False),
        ("rownames", ["1950", "1950", "1951"], False),
        ("rownames", ["1951", "1950", "1952"], False),
        ("rownames", ["1950", "1951", None], False),
        ("rownames", ["1950", "1951", "total"], False),
        ("rownames", ["950", "1951", "1952"], False),
        ("rownames", ["１９５０", "１９５１", "１９５２"], False),
        ("rownames", ["1950", "1951"], False),
    ],
)
def test_years_as_text_are_an_axis_if_they_are_row_names_or_called_years(name, years, found):
    values = list(range(len(years)))
    assert axis(**{name: years, "a": values}) == (TimeAxis(name, written="year") if found else None)


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        ([800102, 800103, 800201], True),
        ([19800102, 19991231, 20000101], True),
        ([10101, 10102, 10103], True),  # 1901
        ([800102, 800102, 800103], False),
        ([800103, 800102, 800104], False),
        ([800102, 801302, 801401], False),  # months 13 and 14
        ([800230, 800301, 800302], False),  # no 30 February
        ([800102, None, 800104], False),
        ([1, 2, 3], False),
        ([199001011, 199001012, 199001013], False),
    ],
)
def test_whole_numbers_called_date_are_an_axis_if_all_of_them_write_dates(dates, found):
    assert axis(date=dates) == (TimeAxis("date", written="ymd") if found else None)
    assert axis(number=dates) is None


def test_one_misprint_of_a_year_is_no_reason_against_an_axis():
    years = [*range(1935, 1947), 1947, 1947, *range(1949, 1955)]
    assert axis(Year=years) == TimeAxis("Year")
    assert axis(Year=[*years, 1953]) is None, "a year that falls is no misprint"
    assert axis(Year=[*years, None]) is None
    assert axis(Year=sorted(years * 2)) is None


def test_a_table_without_a_year_has_no_axis_however_its_numbers_rise():
    assert axis(height=[58, 59, 60, 61], weight=[115, 117, 120, 123]) is None


# Panels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "panel"),
    [
        ("plm/Grunfeld", Panel("firm", "year")),
        ("lme4/sleepstudy", Panel("Subject", "Days")),
        ("MASS/epil", Panel("subject", "period", ("trt", "base", "age", "lbase", "lage"))),
        ("HSAUR/epilepsy", Panel("subject", "period", ("treatment", "base", "age"))),
        ("MASS/beav1", Panel("day", "time")),
        ("datasets/airquality", Panel("Month", "Day")),
        ("datasets/morley", None),
        ("MASS/crabs", None),
        ("datasets/AirPassengers", None),
    ],
)
def test_repeated_observations_are_found_in_the_archive(catalog, id, panel):
    assert catalog[id].panel == panel


UNITS = [unit for unit in "abcd" for _ in range(4)]
TIMES = [1990, 1991, 1992, 1993] * 4


def test_what_never_changes_within_a_unit_is_fixed():
    region = ["N"] * 8 + ["S"] * 8
    born = [1900] * 4 + [1910] * 4 + [1920] * 4 + [1930] * 4
    nothing = pa.nulls(16)
    found = described(unit=UNITS, year=TIMES, region=region, born=born, cost=list(range(16)), nothing=nothing).panel
    assert found == Panel("unit", "year", ("region", "born", "nothing"))


def test_the_order_of_rows_and_columns_is_no_matter_to_a_panel():
    order = np.random.default_rng(1).permutation(16)
    shuffled = {"cost": list(range(16)), "year": [TIMES[i] for i in order], "unit": [UNITS[i] for i in order]}
    assert described(**shuffled).panel == Panel("unit", "year")


@pytest.mark.parametrize(
    "columns",
    [
        {"unit": UNITS, "year": [1990, 1990, *TIMES[2:]]},  # twice the same
        {"unit": [None, *UNITS[1:]], "year": TIMES},
        {"unit": UNITS, "year": [None, *TIMES[1:]]},
        {"unit": UNITS, "dose": TIMES},  # not called a time
        {"unit": [float(ord(unit)) for unit in UNITS], "year": TIMES},  # a measure
        {"unit": ["a", "b"] * 8, "year": sorted(range(1990, 1998)) * 2},  # two units
        {"unit": UNITS, "month": ["Jan", "Feb", "Mar", "Apr"] * 4},  # no place along an axis
        {"unit": UNITS, "time": [True, False] * 8},
    ],
    ids=lambda columns: " ".join(columns),
)
def test_without_one_row_for_each_unit_and_time_there_is_no_panel(columns):
    assert described(**columns, cost=[value / 3 for value in range(16)]).panel is None


def test_dates_and_numerals_can_be_the_time_of_a_panel():
    days = [datetime.date(2020, 1, day) for day in (1, 2, 3, 4)] * 4
    assert described(unit=UNITS, when=days, cost=list(range(16))).panel == Panel("unit", "when")
    visits = ["1", "2", "3", "4"] * 4
    assert described(unit=UNITS, visit=visits, cost=list(range(16))).panel == Panel("unit", "visit")


def test_a_clock_that_starts_anew_every_day_belongs_to_the_day():
    days, times = [1] * 5 + [2] * 4, [840, 850, 2350, 2355, 2359, 0, 10, 20, 30]
    assert described(day=days, time=times).panel == Panel("day", "time")
    assert described(group=days, time=times).panel is None, "not a span of time"
    assert described(day=days, time=[840, 840, *times[2:]]).panel is None, "stands still within a day"
    assert described(day=[1, 2, 1, 2, 1, 2, 1, 2, 1], time=times).panel is None, "days take turns"


def test_a_series_in_time_is_no_panel():
    assert described(year=list(range(1990, 2006)), unit=UNITS, month=[1, 2, 3, 4] * 4).panel is None


# Tables of counts ----------------------------------------------------------------------------------

HAIR, EYE = ["black", "black", "red", "red"], ["blue", "green", "blue", "green"]


@pytest.mark.parametrize(
    ("columns", "counts"),
    [
        ({"hair": HAIR, "eye": EYE, "Freq": [1, 0, 3, 2]}, CountTable("Freq", ("hair", "eye"))),
        ({"n": [1, 0, 3, 2], "hair": HAIR, "eye": EYE}, CountTable("n", ("hair", "eye"))),
        ({"chest": [33, 34, 35, 36], "count": [3, 18, 81, 185]}, CountTable("count", ("chest",))),
        # Numbers beside texts that suffice are no part of the cell's name.
        (
            {"hair": HAIR, "eye": EYE, "other": [5, 6, 7, 8], "count": [1, 0, 3, 2]},
            CountTable("count", ("hair", "eye")),
        ),
        # A grid of measures: each value of one with each of the other.
        ({"a": [0.5, 0.5, 1.5, 1.5], "b": [2.5, 3.5] * 2, "freq": [1, 2, 3, 4]}, CountTable("freq", ("a", "b"))),
        ({"a": [0.5, 0.6, 1.5, 1.7], "b": [2.5, 3.5] * 2, "freq": [1, 2, 3, 4]}, None),
        ({"chest": [33, 34, 35, 36], "n": [3, 18, 81, 185]}, None),  # a size of sample beside a measure
        ({"hair": HAIR, "eye": EYE, "Freq": [1, 0, 3, -2]}, CountTable("", ("hair", "eye"))),  # no number of things
        ({"hair": HAIR, "eye": EYE, "Freq": [1.5, 0.0, 3.0, 2.0]}, CountTable("", ("hair", "eye"))),
        ({"hair": HAIR, "eye": HAIR, "Freq": [1, 0, 3, 2]}, None),
        ({"Freq": [1, 0, 3, 2]}, None),
        ({"hair": HAIR, "eye": EYE}, CountTable("", ("hair", "eye"))),
        ({"hair": HAIR[:2], "eye": EYE[:2]}, None),
        ({"name": ["a", "b", "c", "d"], "eye": EYE}, None),  # 8 combinations, 4 of them there
        ({f"k{place}": [f"{value >> place & 1}" for value in range(128)] for place in range(7)}, None),
        ({"score": [0, 1, 2] * 2, "sex": ["f"] * 3 + ["m"] * 3}, CountTable("", ("sex", "score"))),
        ({"index": [1, 2, 3] * 2, "sex": ["f"] * 3 + ["m"] * 3}, None),  # from one on, the rows of a group
        ({"score": [0, 2, 4] * 2, "sex": ["f"] * 3 + ["m"] * 3}, None),
        ({"score": [0, 0, 1, 1, 2, 2], "other": [0, 1] * 3}, None),  # nothing has a name
    ],
    ids=range(19),
)
def test_rows_are_the_cells_of_a_table_if_names_tell_them_apart(columns, counts):
    assert described(**columns).counts == counts


@pytest.mark.parametrize(
    ("id", "counts"),
    [
        ("datasets/HairEyeColor", CountTable("Freq", ("Hair", "Eye", "Sex"))),
        ("datasets/esoph", CountTable("", ("agegp", "alcgp", "tobgp"))),
        ("car/AMSsurvey", CountTable("count", ("type", "sex", "citizen"))),
        ("HistData/Macdonell", CountTable("frequency", ("height", "finger"))),
        ("HSAUR/womensrole", CountTable("", ("sex", "education"))),
        ("datasets/InsectSprays", None),
        ("MASS/crabs", None),
        ("HistData/Prostitutes", None),
        ("datasets/iris", None),
    ],
)
def test_tables_of_counts_are_found_in_the_archive(catalog, id, counts):
    assert catalog[id].counts == counts


# Any table -----------------------------------------------------------------------------------------

NAMES = ("time", "Year", "date", "rownames", "day", "month", "id", "count", "n", "", "a:b", "x%")
VALUES = (
    st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2),
    st.floats(allow_nan=False),
    st.sampled_from(["", "NA", "1", "1950", "<b>"]),
    st.dates(),
    st.booleans(),
)
TYPES = (pa.int64(), pa.float64(), pa.string(), pa.date32(), pa.bool_())


@st.composite
def tables(draw) -> pa.Table:
    """Tables of every kind of column, whose names suggest what their values may not be."""
    rows = draw(st.integers(0, 8))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    kinds = [draw(st.integers(0, len(TYPES) - 1)) for _ in names]
    lists = [draw(st.lists(st.none() | VALUES[kind], min_size=rows, max_size=rows)) for kind in kinds]
    return pa.table([pa.array(values, TYPES[kind]) for values, kind in zip(lists, kinds)], names=names)


@given(tables())
def test_what_is_said_of_any_table_is_so(table):
    found = describe.describe("p/d", "", "p", table, None)
    rows = table.to_pylist()
    if found.time:
        times = [row[found.time.column] for row in rows]
        assert len(times) >= 3 and times == sorted(times)
    if found.panel:
        pairs = [(row[found.panel.unit], row[found.panel.time]) for row in rows]
        assert len(set(pairs)) == len(pairs) and found.time is None
        for name in found.panel.fixed:
            assert len({(row[found.panel.unit], row[name]) for row in rows}) == len({unit for unit, _ in pairs})
    if found.counts:
        cells = [tuple(row[name] for name in found.counts.by) for row in rows]
        assert len(set(cells)) == len(cells) and found.panel is None and found.time is None
