import datetime

import numpy as np
import pyarrow as pa
import pytest

from dataviewer.charts.source import Source, clicked, labels_of, shorter, turned
from dataviewer.dataset import TimeAxis
from dataviewer.describe import describe
from dataviewer.view import ROW, View, Where


def source(rows: list[int] | None = None, **columns) -> Source:
    table = pa.table(columns)
    positions = None if rows is None else np.array(rows, int)
    return Source(describe("p/d", "", "p", table, lambda: table), table, positions, 1200)


# Groups -----------------------------------------------------------------------------------------------


def test_texts_are_grouped_as_they_first_appear_and_missing_ones_not_at_all():
    groups = source(g=["z", None, "a", "z", ""]).groups("g")
    assert groups.labels == ("z", "a", "“”")
    assert groups.codes.tolist() == [0, -1, 1, 0, 2]
    assert groups.wheres[2] == (Where("g", "eq", ("",)),)
    assert groups.others == 0


@pytest.mark.parametrize(
    ("values", "labels", "codes"),
    [
        ([3, 1, None, 2, 3], ("1", "2", "3"), [2, 0, -1, 1, 2]),
        ([True, False, None], ("false", "true"), [1, 0, -1]),
        ([datetime.date(2021, 1, 1), datetime.date(2020, 1, 1)], ("2020-01-01", "2021-01-01"), [1, 0]),
        ([-0.0, 0.0, -1.5], ("-1.5", "0"), [1, 1, 0]),
    ],
)
def test_other_values_rise(values, labels, codes):
    groups = source(g=values).groups("g")
    assert (groups.labels, groups.codes.tolist()) == (labels, codes)


def test_the_most_frequent_texts_stay_and_the_rest_is_one_group():
    groups = source(g=["a", "b", "b", "c", "c", "c", "d", None]).groups("g", 3)
    assert groups.labels == ("c", "b", "2 others")
    assert groups.codes.tolist() == [2, 1, 1, 0, 0, 0, 2, -1]
    assert groups.wheres[2] == (Where("g", "nin", ("c", "b")), Where("g", "notnull"))
    assert groups.others == 2
    assert groups.colors()[-1] != groups.colors()[0]


def test_the_most_frequent_numbers_stay_and_rise():
    groups = source(g=[9, 9, 9, 5, 1, 1, 7, 7]).groups("g", 3)
    assert groups.labels == ("1", "9", "2 others")
    assert groups.codes.tolist() == [1, 1, 1, 2, 0, 0, 2, 2]


def test_as_many_values_as_the_limit_have_a_group_each():
    assert source(g=["a", "b", "c"]).groups("g", 3).others == 0
    assert source(g=["a", "b", "c", "d"]).groups("g", 3).labels == ("a", "b", "2 others")


def test_groups_are_those_of_the_rows_left():
    groups = source([1, 3], g=["a", "b", "a", "c"]).groups("g")
    assert (groups.labels, groups.codes.tolist()) == (("b", "c"), [0, 1])


def test_only_missing_values_are_no_group():
    groups = source([1], g=["a", None]).groups("g")
    assert (groups.labels, groups.codes.tolist(), groups.colors()) == ((), [-1], [])


def test_labels_alike_at_the_beginning_are_told_apart_by_their_ends():
    one, other = (f"the very same long beginning, {end}" for end in ("<one>", "<other>"))
    labels = labels_of([one, other, "short", 5])
    assert len(set(labels)) == 4
    assert labels[0].endswith("&lt;one&gt;") and labels[2:] == ["short", "5"]


# Values -----------------------------------------------------------------------------------------------


def test_whole_numbers_stay_whole_and_what_is_infinite_or_missing_is_nan():
    data = source(whole=[2**60 + 1, 2, 3], real=[1.5, float("inf"), None], gap=[1, None, 3])
    assert data.numbers("whole").tolist() == [2**60 + 1, 2, 3]
    np.testing.assert_array_equal(data.numbers("real"), [1.5, np.nan, np.nan])
    np.testing.assert_array_equal(data.numbers("gap"), [1, np.nan, 3])
    assert (data.infinite(["whole", "real", "gap"]), data.missing("real")) == (1, 1)


def test_counts_of_missing_and_infinite_are_of_the_rows_left():
    data = source([0, 1], real=[1.5, -float("inf"), float("inf"), None])
    assert (data.infinite(["real"]), data.missing("real"), data.rows) == (1, 0, 2)


def test_the_row_is_its_number_in_the_file():
    data = source([1, 4], a=[0, 0, 0, 0, 0])
    assert data.along(ROW).tolist() == [2, 5]
    assert (data.axis_type(ROW), data.hover_format(ROW), data.title(ROW)) == ("linear", "d", "row")


def test_dates_lie_along_a_date_axis():
    data = source([2, 0], when=[datetime.date(2020, 1, 5), None, datetime.date(2020, 1, 7)], v=[1.0, 2.0, 3.0])
    assert data.axis_type("when") == "date"
    assert np.datetime_as_string(data.along("when"), unit="D").tolist() == ["2020-01-07", "2020-01-05"]


def test_decimal_years_are_months():
    data = source(time=[1949 + month / 12 for month in range(24)], v=list(range(24)))
    assert data.dataset.time == TimeAxis("time", 12)
    assert str(data.along("time")[1]) == "1949-02-01"
    assert (data.axis_type("time"), data.hover_format("time")) == ("date", "%b %Y")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 5], "d"),
        ([1.0, 20.0], "d"),
        ([1.5, 2.0], ".12~g"),
        ([1e300, 1.0], ".12~g"),  # else three hundred digits
        ([-1e300, 1.0], ".12~g"),
        ([datetime.date(2020, 1, 5)], "%d %b %Y"),
        ([datetime.datetime(2020, 1, 5, 3)], "%d %b %Y %H:%M:%S"),
    ],
)
def test_hover_tells_values_as_they_stand_in_the_data(values, expected):
    assert source(a=values).hover_format("a") == expected


def test_row_names_are_html():
    assert source(rownames=["<b>", "c"], v=[1, 2]).row_names() == ["&lt;b&gt;", "c"]
    assert source(v=[1, 2]).row_names() is None


# Texts ------------------------------------------------------------------------------------------------


def test_a_click_is_what_a_link_spells():
    wheres = (Where("a:b", "eq", ("50%&x=y",)), Where("a:b", "eq", ("50%&x=y",)), Where("c", "notnull"))
    text = clicked(*wheres, chart="scatter")
    assert View.from_query_string(text).where == (wheres[0], wheres[2])
    assert View.from_query_string(text).chart == "scatter"


def test_a_click_too_long_for_a_link_is_none():
    assert clicked(Where("a", "eq", ("x" * 5000,))) is None


def test_labels_are_level_where_they_fit_slanted_where_not_upright_where_many():
    assert turned(["a", "b"], 400)["tickangle"] == 0
    assert turned(["a longer label"] * 12, 900)["tickangle"] == -30
    assert turned(["a longer label"] * 40, 900)["tickangle"] == 90
    assert turned([], 400)["tickangle"] == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.1, "0.1"), (-12345.678, "-12,346"), (9999.5, "9999.5"), (1e15, "1e+15"), (np.inf, "inf"), (1e300, "1e+300")],
)
def test_numbers_are_told_in_six_digits(number, text):
    assert shorter(number) == text


# Titles -----------------------------------------------------------------------------------------------


def test_the_title_of_an_axis_fits_beside_it_and_keeps_its_unit(catalog):
    for dataset in catalog.values():
        data = Source(dataset, catalog.table(dataset), None, 1200)
        for column in dataset.columns:
            title = data.title(column.name)
            assert title.startswith(column.name)
            assert len(title) <= max(42, len(column.name)), (dataset.id, title)
            if column.unit and column.title.endswith(f"({column.unit})") and title != column.name:
                assert title.endswith(f"({column.unit})"), (dataset.id, title)


def test_a_series_is_not_called_as_its_dataset_once_more(catalog):
    dataset = catalog["datasets/JohnsonJohnson"]
    assert dataset.column("JohnsonJohnson").meaning
    assert Source(dataset, catalog.table(dataset), None, 1200).title("JohnsonJohnson") == "JohnsonJohnson"
