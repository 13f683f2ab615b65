import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dataviewer.downsample import keep_extremes

FLOATS = st.floats(allow_nan=True, allow_infinity=True, width=32)
LINES = arrays(np.float64, st.integers(1, 300), elements=FLOATS | st.just(float("nan")))
BUCKETS = st.integers(1, 40)


def runs(values: np.ndarray, buckets: int) -> list[slice]:
    """The equal runs that the docstring speaks of; the last may be shorter."""
    length = -(-len(values) // buckets)
    return [slice(start, start + length) for start in range(0, len(values), length)]


def kept_values(values, kept, run) -> np.ndarray:
    return values[kept[(kept >= run.start) & (kept < run.stop)]]


@given(LINES, BUCKETS)
def test_positions_increase_and_are_within(values, buckets):
    kept = keep_extremes(values, buckets)
    assert (np.diff(kept) > 0).all()
    assert kept[0] >= 0 and kept[-1] < len(values)


@given(LINES, BUCKETS)
def test_first_and_last_stay(values, buckets):
    kept = keep_extremes(values, buckets)
    assert (kept[0], kept[-1]) == (0, len(values) - 1)


@given(LINES, BUCKETS)
def test_the_least_and_the_greatest_of_each_run_stay(values, buckets):
    kept = keep_extremes(values, buckets)
    for run in runs(values, buckets):
        present = values[run][~np.isnan(values[run])]
        if len(present):
            drawn = kept_values(values, kept, run)
            assert np.nanmin(drawn) == present.min()
            assert np.nanmax(drawn) == present.max()


@given(LINES, BUCKETS)
def test_no_missing_value_is_bridged(values, buckets):
    kept = keep_extremes(values, buckets)
    for before, after in zip(kept, kept[1:]):
        if not np.isnan(values[[before, after]]).any():
            assert not np.isnan(values[before:after]).any()


@given(LINES, BUCKETS)
def test_the_number_of_points_is_bounded(values, buckets):
    assert len(keep_extremes(values, buckets)) <= 4 * buckets + 4


@given(arrays(np.float64, st.integers(1, 300), elements=st.floats(-9, 9)), BUCKETS)
def test_without_gaps_there_are_at_most_two_points_a_run_and_the_ends(values, buckets):
    assert len(keep_extremes(values, buckets)) <= max(2 * buckets + 2, 3 * buckets)


@given(st.integers(1, 400), BUCKETS)
def test_every_part_of_the_line_is_drawn_as_finely(size, buckets):
    zigzag = np.where(np.arange(size) % 2, 1.0, -1.0)
    kept = keep_extremes(zigzag, buckets)
    assert np.diff(kept).max(initial=0) <= 2 * -(-size // buckets)


@given(arrays(np.int64, st.integers(1, 300), elements=st.integers(2**60, 2**60 + 99)), BUCKETS)
def test_integers_are_thinned_exactly(values, buckets):
    kept = keep_extremes(values, buckets)
    assert values[kept].min() == values.min()
    assert values[kept].max() == values.max()


def test_few_values_all_stay():
    assert keep_extremes(np.array([3.0, 1.0, 2.0]), 1).tolist() == [0, 1, 2]


def test_a_long_gap_stays_open():
    values = np.concatenate([np.zeros(50), np.full(50, np.nan), np.ones(50)])
    kept = keep_extremes(values, 5)
    assert np.isnan(values[kept]).any()


@pytest.mark.parametrize("odd", [np.inf, -np.inf])
def test_infinite_values_count_as_extremes(odd):
    values = np.zeros(100)
    values[[41, 42]] = odd, np.nan
    assert odd in values[keep_extremes(values, 10)]


def test_only_missing_values_are_no_error():
    kept = keep_extremes(np.full(100, np.nan), 10)
    assert (kept[0], kept[-1]) == (0, 99)


ALONG = st.lists(st.floats(-1e6, 1e6) | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=300)


@given(ALONG, BUCKETS, st.data())
def test_runs_of_equal_length_keep_their_extremes_whatever_the_distances(along, buckets, data):
    along = np.sort(along)
    values = data.draw(arrays(np.float64, len(along), elements=st.floats(-9, 9) | st.just(float("nan"))))
    kept = keep_extremes(values, buckets, along)
    assert (np.diff(kept) > 0).all() and (kept[0], kept[-1]) == (0, len(values) - 1)
    assert len(kept) <= max(4 * buckets + 4, 3 * buckets)
    for before, after in zip(kept, kept[1:]):
        if not np.isnan(values[[before, after]]).any():
            assert not np.isnan(values[before:after]).any()
    if not np.isnan(values).all():
        assert np.nanmin(values[kept]) == np.nanmin(values) and np.nanmax(values[kept]) == np.nanmax(values)


def test_where_rows_are_rare_they_stay_though_most_are_elsewhere():
    along = np.concatenate([np.linspace(0, 1, 10_000), np.arange(2.0, 100)])
    values = np.where(np.arange(len(along)) % 2, 1.0, -1.0)
    assert set(range(10_000, len(along))) <= set(keep_extremes(values, 100, along).tolist())
    assert len(keep_extremes(values, 100)) - 200 <= 2 < len(range(10_000, len(along)))


def test_ends_further_apart_than_numbers_reach_are_no_error():
    along = np.linspace(-1, 1, 1000) * 1.7e308
    kept = keep_extremes(np.sin(np.arange(1000.0)), 10, along)
    assert 12 <= len(kept) <= 22


def test_values_at_one_place_are_one_run():
    values = np.array([0.0, 3, -5, 2, 8, 1, 0])
    assert keep_extremes(values, 2, np.full(7, 4.0)).tolist() == [0, 2, 4, 6]
