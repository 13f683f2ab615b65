import datetime
import json
import math
import statistics
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer import profiles, query
from dataviewer.dataset import normalise
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.view import View, spell_where

ENGINE = Engine()
QUANTILES = {"least": 0, "first quartile": 0.25, "median": 0.5, "third quartile": 0.75, "greatest": 1}


def dataset_of(values, name="x"):
    table = normalise(pa.table({name: values}))
    return describe("t", "T", "", table, lambda: table)


def profile(values, chosen=None, name="x"):
    dataset = dataset_of(values, name)
    (found,) = profiles.profile_columns(dataset, dataset.load(), None if chosen is None else np.array(chosen, int))
    return found


def kept(dataset, table, wheres):
    view = View("t", where=wheres)
    assert query.demand(dataset, view) == view
    return query.match(ENGINE, dataset, table, view)


def check_sums(found):
    bars, infinite = sum(bar.count for bar in found.bars), found.statistics.get("infinite", 0)
    assert bars + found.others[1] + found.missing + infinite == found.rows


def check_bars(dataset, table, found, matching=None):
    """Each bar counts the rows that its conditions keep, of all and of those that match."""
    for bar in found.bars:
        if bar.wheres:
            rows = kept(dataset, table, bar.wheres)
            assert bar.all == len(rows), (dataset.id, found.column.name, bar)
            assert bar.count == (len(rows) if matching is None else len(np.intersect1d(rows, matching)))


# Against pandas, over the collection ----------------------------------------------------------------------------


@pytest.mark.parametrize("some", [False, True], ids=["all rows", "a tenth of them"])
def test_every_number_of_a_profile_is_what_pandas_finds(catalog, some):
    random = np.random.default_rng(7)
    for dataset in list(catalog.values())[:: 4 if some else 1]:
        table = catalog.table(dataset)
        matching = np.flatnonzero(random.random(dataset.rows) < 0.1) if some else None
        whole = table.to_pandas()
        frame = whole.iloc[matching] if some else whole
        for found in profiles.profile_columns(dataset, table, matching):
            check_against_pandas(found, whole[found.column.name], frame[found.column.name])
            check_sums(found)


def check_against_pandas(found, whole, series):
    told = series.dropna()
    where = (found.column, len(series))
    assert (found.rows, found.missing, found.distinct) == (len(series), len(series) - len(told), told.nunique()), where
    assert not found.estimated
    if found.column.is_number and len(told) and found.bars:
        finite = told[np.isfinite(told.to_numpy())]
        if len(finite):
            expected = dict(zip(QUANTILES, finite.quantile(list(QUANTILES.values())))) | {"mean": finite.mean()}
            expected |= {"standard deviation": finite.std()} if len(finite) > 1 else {}
            own = {name: value for name, value in found.statistics.items() if name != "infinite"}
            assert own.keys() == expected.keys()
            assert all(math.isclose(own[name], expected[name], rel_tol=1e-9, abs_tol=1e-9) for name in own), where
    elif found.column.kind in ("text", "logical"):
        check_values_against_pandas(found, whole, series)
    elif found.column.kind in ("date", "timestamp") and len(told):
        assert (found.statistics["first"], found.statistics["last"]) == (str(told.min()), str(told.max()))


def check_values_against_pandas(found, whole, series):
    counts, alls = series.value_counts(), whole.value_counts()
    if found.bars:
        assert [bar.all for bar in found.bars] == alls.tolist()[: len(found.bars)]
        assert len(found.bars) == min(len(alls), 12)
        values = {bar.wheres[0].values[0]: bar for bar in found.bars if bar.wheres}
        by_text = {str(value).lower() if isinstance(value, bool) else value: value for value in alls.index}
        for text, bar in values.items():
            assert (bar.all, bar.count) == (alls[by_text[text]], counts.get(by_text[text], 0))
    told = series.dropna()
    if found.column.kind == "text" and len(told):
        lengths = told.str.len()
        own = found.statistics
        assert (own["shortest"], own["longest"]) == (lengths.min(), lengths.max())
        assert own["mean length"] == pytest.approx(lengths.mean())


def test_the_conditions_of_every_bar_keep_the_rows_that_it_counts(catalog):
    random = np.random.default_rng(11)
    small = [dataset for dataset in catalog.values() if dataset.rows < 20_000]
    dated = [dataset for dataset in small if dataset.count("date", "timestamp", "logical")]
    for dataset in [*random.choice(small, 50, replace=False), *dated[:12]]:
        table = catalog.table(dataset)
        matching = np.flatnonzero(random.random(dataset.rows) < 0.3)
        for found in profiles.profile_columns(dataset, table, matching)[:12]:
            check_bars(dataset, table, found, matching)
            check_sums(found)


def test_bins_are_few_and_counted_as_numpy_counts(catalog):
    for dataset in list(catalog.values())[::3]:
        table = catalog.table(dataset)
        for found in profiles.profile_columns(dataset, table, None):
            assert len(found.bars) <= 20
            if found.column.kind == "integer" and found.bars and len(found.bars[0].wheres) == 2:
                edges = [float(bar.wheres[0].values[0]) for bar in found.bars]
                edges.append(float(found.bars[-1].wheres[1].values[0]))
                numbers = table[found.column.name].drop_null().to_numpy()
                assert [bar.all for bar in found.bars] == np.histogram(numbers, edges)[0].tolist()
                assert all(edge % 1 == 0 for edge in edges), "a bin of whole numbers holds as many as the next"
                assert len(set(np.diff(edges))) == 1


# Hostile values -------------------------------------------------------------------------------------------------

FLOATS = st.floats(-1e6, 1e6, allow_subnormal=False) | st.sampled_from([0.1, 0.2, 0.30000000000000004, 0.3, -0.0, 1e-9])
COLUMNS = st.one_of(
    st.lists(st.none() | FLOATS, max_size=40),
    st.lists(st.none() | st.integers(-50, 50).map(lambda number: number / 10), max_size=60),
    st.lists(st.none() | st.floats(allow_nan=False, allow_subnormal=False), max_size=20),
    st.lists(st.none() | st.integers(-3, 30), max_size=60),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=20),
    st.lists(st.none() | st.integers(2**53 - 20, 2**53 + 20), max_size=20),
    st.lists(st.none() | st.dates(), max_size=20),
    st.lists(st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 3, 1)), max_size=20),
    st.lists(st.none() | st.datetimes(), max_size=20),
    st.lists(st.none() | st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2020, 1, 2)), max_size=20),
    st.lists(st.none() | st.booleans(), max_size=9),
    st.lists(st.none() | st.text("aA:%é \n", max_size=3), max_size=40),
    st.lists(st.none(), max_size=3),
)


@given(COLUMNS, st.data(), st.sampled_from(["x", "a:b%", "", "where"]))
def test_any_column_has_a_profile_whose_bars_are_true(values, data, name):
    dataset = dataset_of(values, name)
    table = dataset.load()
    matching = np.flatnonzero(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))))
    for chosen in (None, matching):
        (found,) = profiles.profile_columns(dataset, table, chosen)
        check_sums(found)
        check_bars(dataset, table, found, chosen)
        assert all(math.isfinite(value) for value in found.statistics.values() if not isinstance(value, str))
        json.dumps(profiles.as_json([found], spell_where), allow_nan=False)


@given(
    st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=50), st.sampled_from([1e-310, 1e-200, 1, 1e200, 1e300])
)
def test_mean_and_deviation_hold_for_numbers_of_any_size(whole, size):
    values = [number * size for number in whole]
    found = profile(pa.array(values, pa.float64())).statistics
    mean, deviation = statistics.fmean(whole), statistics.stdev(whole)
    assert found["mean"] / size == pytest.approx(mean, rel=1e-6, abs=1e-3)
    assert found["standard deviation"] / size == pytest.approx(deviation, rel=1e-6, abs=1e-3)
    assert found["median"] / size == pytest.approx(statistics.median(whole), rel=1e-6, abs=1e-3)


def test_the_ends_of_all_numbers_have_bars_and_a_mean():
    found = profile([-1.7e308, 1.7e308, 0.0, None])
    assert [bar.all for bar in found.bars if bar.all] == [1, 1, 1]
    own = found.statistics
    assert (own["mean"], own["median"], own["least"], own["greatest"]) == (0, 0, -1.7e308, 1.7e308)
    assert own["first quartile"] == pytest.approx(-0.85e308)
    assert own["standard deviation"] == pytest.approx(1.7e308)


def test_large_integers_keep_their_last_digit():
    found = profile([2**53 + 1, 2**62 + 3, 2**63 - 1, -(2**63)])
    assert (found.statistics["least"], found.statistics["greatest"]) == (-(2**63), 2**63 - 1)
    assert isinstance(found.statistics["greatest"], int)
    assert found.statistics["median"] == pytest.approx((2**53 + 2**62) / 2)


def test_one_large_integer_is_chosen_exactly():
    dataset = dataset_of([2**60 + 1, 2**60 + 1, None])
    (found,) = profiles.profile_columns(dataset, dataset.load(), None)
    assert [(bar.all, bar.wheres[0].values) for bar in found.bars] == [(2, (str(2**60 + 1),))]
    assert kept(dataset, dataset.load(), found.bars[0].wheres).tolist() == [0, 1]


def test_one_value_is_one_bar_that_bears_it():
    for values, label in (
        ([5.5] * 3, "5.5"),
        ([0] * 3, "0"),
        ([datetime.date(2020, 2, 29)] * 3, "2020-02-29"),
        ([datetime.datetime(2020, 2, 29, 12, 30)] * 3, "2020-02-29 12:30:00"),
        (["a"] * 3, "a"),
        ([True] * 3, "true"),
        ([math.inf] * 3, "inf"),
    ):
        found = profile(values)
        assert [(bar.label, bar.count, bar.all) for bar in found.bars] == [(label, 3, 3)]


def test_one_row_has_no_deviation():
    assert profile([4.0]).statistics == dict.fromkeys(
        ["least", "first quartile", "median", "third quartile", "greatest", "mean"], 4.0
    )


def test_infinite_values_are_counted_apart():
    found = profile([1.0, 2.0, math.inf, -math.inf, math.inf, None])
    assert found.statistics["infinite"] == 3
    assert (found.missing, sum(bar.all for bar in found.bars), found.statistics["mean"]) == (1, 2, 1.5)
    check_sums(found)


@pytest.mark.parametrize(
    "values", [[], [None, None], pa.array([], pa.float64()), pa.array([None], pa.string()), pa.array([], pa.date32())]
)
def test_a_column_of_nothing_has_nothing_but_missing_values(values):
    found = profile(values)
    assert (found.rows, found.missing, found.distinct, found.bars) == (len(values), len(values), 0, ())
    assert found.statistics == {}


@pytest.mark.parametrize("values", [[1.5, 2.5], [1, 2], ["a", "b", "a"], [True, False], [datetime.date(2020, 1, 1)]])
def test_a_filter_that_keeps_no_row_leaves_the_whole_behind(values):
    found = profile(values, [])
    assert (found.rows, found.missing, found.distinct, found.statistics) == (0, 0, 0, {})
    assert sum(bar.all for bar in found.bars) == len(values)
    assert not any(bar.count for bar in found.bars)


def test_a_filter_leaves_the_bars_where_they_are():
    values = [1, 1, 2, 9, 9, 9]
    every, some = profile(values), profile(values, [2, 3])
    assert [bar.label for bar in some.bars] == [bar.label for bar in every.bars] == list("123456789")
    assert [bar.count for bar in some.bars] == [0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert [bar.all for bar in some.bars] == [2, 1, 0, 0, 0, 0, 0, 0, 3]
    assert some.statistics["mean"] == 5.5


def test_zero_and_minus_zero_are_one_value_of_a_filtered_column():
    assert profile([0.0, -0.0, 1.0], [0, 1]).distinct == 1


def test_zero_and_minus_zero_are_one_value_of_a_whole_column():
    assert profile([0.0, -0.0, 1.0]).distinct == 2


@pytest.mark.parametrize("values", [[-0.0], [-0.0, 0.0], [-0.0, -1.0]])
def test_no_zero_is_negative(values):
    found = profile(values)
    assert "-0.0" not in [str(value) for value in found.statistics.values()]
    assert "-0" not in [bar.label for bar in found.bars]


# Texts ----------------------------------------------------------------------------------------------------------


def test_the_most_frequent_values_come_first_ties_as_they_appear():
    values = ["b"] * 2 + ["c"] * 5 + ["a"] * 2 + [str(number) for number in range(20)]
    found = profile(values, range(1, 9))
    assert [bar.label for bar in found.bars] == ["c", "b", "a", *map(str, range(9))]
    assert [bar.all for bar in found.bars][:3] == [5, 2, 2]
    assert [bar.count for bar in found.bars][:3] == [5, 1, 2]
    assert found.others == (0, 0, 11), "values and rows of the view, rows of all"


def test_other_values_are_those_of_the_rows_in_view():
    values = [str(number) for number in range(30)] + ["a", "a"]
    assert profile(values).others == (19, 19, 19)
    assert profile(values, [0, 28, 29, 30]).others == (2, 2, 19)


def test_texts_that_never_repeat_show_examples_of_the_rows_in_view():
    values = [f"name {number:02d}" for number in range(30)]
    found = profile([*values, None], [3, 4, 5, 6, 30])
    assert (found.bars, found.others) == ((), (4, 4, 30))
    assert found.statistics["examples"] == "name 03, name 04, name 05"
    assert found.statistics["longest"] == 7
    check_sums(found)


def test_lengths_are_in_characters():
    assert profile(["é", "日本語", ""]).statistics == {"shortest": 0, "longest": 3, "mean length": pytest.approx(4 / 3)}


def test_long_and_blank_texts_are_shown_so_that_they_can_be_seen():
    found = profile(["x" * 5000] * 3 + [""] * 2 + [" "])
    assert [bar.label for bar in found.bars] == ["x" * 59 + "…", "“”", "“ ”"]
    assert [len(bar.wheres) for bar in found.bars] == [0, 1, 1]  # no link holds 5,000 characters
    examples = profile([f"{number} {'y' * 999}" for number in range(20)]).statistics["examples"].split(", ")
    assert [len(text) for text in examples] == [60, 60, 60]


def test_ten_thousand_categories_are_summed_up():
    values = [f"v{number % 10_000}" for number in range(20_001)]
    found = profile(values, range(10_000, 20_001))
    assert [(bar.label, bar.all) for bar in found.bars][:2] == [("v0", 3), ("v1", 2)]
    assert found.others == (9988, 9988, 19976)
    assert found.distinct == 10_000


# Dates ----------------------------------------------------------------------------------------------------------


def test_dates_tell_their_span_and_lie_in_steps_of_the_calendar():
    values = [datetime.date(2020, 1, 1) + datetime.timedelta(days) for days in range(366)]
    found = profile(values)
    assert found.statistics == {"first": "2020-01-01", "last": "2020-12-31"}
    assert found.bars[1].label == "2020-02-01 to 2020-03-01"
    assert [bar.all for bar in found.bars] == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def test_the_first_and_the_last_day_of_all_can_be_filtered_by():
    values = [datetime.date.min, datetime.date.max, datetime.date(2000, 1, 1)]
    dataset = dataset_of(values)
    (found,) = profiles.profile_columns(dataset, dataset.load(), None)
    check_bars(dataset, dataset.load(), found)
    assert sum(bar.all for bar in found.bars) == 3


# Large data -----------------------------------------------------------------------------------------------------


def test_quantiles_of_very_many_rows_are_estimated_and_said_to_be(monkeypatch):
    monkeypatch.setattr(profiles, "EXACT_MAX", 1000)
    monkeypatch.setattr(profiles, "SAMPLE", 100)
    exact, estimated = profile(list(range(1000))), profile(list(range(5000)))
    assert (exact.estimated, estimated.estimated) == (False, True)
    own = estimated.statistics
    assert (own["least"], own["greatest"], own["mean"]) == (0, 4999, 2499.5)
    assert own["median"] == pytest.approx(2499.5, abs=50)


# The API --------------------------------------------------------------------------------------------------------


def test_the_api_gives_plain_data_with_conditions_as_links_spell_them():
    dataset = dataset_of(["a:b", "a:b", "50%"], "n:1")
    column = replace(dataset.columns[0], meaning="what it is", unit="kg")
    (told,) = profiles.as_json(
        profiles.profile_columns(replace(dataset, columns=(column,)), dataset.load(), np.array([0, 2])), spell_where
    )
    assert told == {
        "name": "n:1",
        "type": "text",
        "meaning": "what it is",
        "unit": "kg",
        "rows": 2,
        "missing": 0,
        "distinct": 2,
        "bars": [
            {"label": "a:b", "count": 1, "all": 2, "where": ["n%3A1:eq:a%3Ab"]},
            {"label": "50%", "count": 1, "all": 1, "where": ["n%3A1:eq:50%25"]},
        ],
        "others": {"values": 0, "count": 0, "all": 0},
        "statistics": {"shortest": 3, "longest": 3, "mean length": 3.0},
        "estimated": False,
    }


def test_profiles_come_in_table_order_and_leave_the_table_alone():
    table = pa.table({"b": [1, 2], "a": ["x", None]})
    dataset = describe("t", "T", "", table, lambda: table)
    found = profiles.profile_columns(dataset, table, np.array([1]))
    assert [each.column.name for each in found] == ["b", "a"]
    assert table.equals(pa.table({"b": [1, 2], "a": ["x", None]}))
    assert isinstance(pd.DataFrame(profiles.as_json(found, spell_where)), pd.DataFrame)
