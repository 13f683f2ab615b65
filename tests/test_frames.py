import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dataviewer import Catalog
from dataviewer.dataset import CountTable, Panel, TimeAxis
from dataviewer.errors import BadSetting
from dataviewer.sources import frames


def one(frame):
    return frames.from_frames({"x": frame})[0]


def test_a_key_names_the_dataset_and_may_name_its_package():
    made = frames.from_frames({"x": pd.DataFrame(), "lab/y": pd.DataFrame(), 3: pd.DataFrame()})
    assert [d.id for d in made] == ["frames/x", "lab/y", "frames/3"]


def test_frames_are_found_by_name_in_a_catalogue():
    assert Catalog.from_frames({"x": pd.DataFrame({"a": [1]})})["x"].id == "frames/x"


@pytest.mark.parametrize("type", ["int64", "float64", "bool", "datetime64[us]"])
def test_what_happens_to_a_frame_later_changes_nothing(type):
    values = np.array([[1], [2]]).astype(type)
    dataset = one(pd.DataFrame(values, columns=["a"], copy=False))
    before = dataset.load().to_pydict()
    values[:] = values[::-1].copy()
    assert dataset.load().to_pydict() == before


def test_an_index_that_only_counts_is_no_column():
    assert one(pd.DataFrame({"a": [1, 2]})).load().column_names == ["a"]
    assert one(pd.DataFrame({"a": [1, 2]}, index=[0, 1])).load().column_names == ["a"]


def test_the_labels_of_a_part_of_a_frame_stay():
    assert one(pd.DataFrame({"a": [1, 2, 3]})[::2]).load().to_pydict() == {"index": [0, 2], "a": [1, 3]}


def test_nested_values_keep_their_own_shape():
    frame = pd.DataFrame({"a": [{"a": 1}, {"b": 2}], "b": [[1, 2.5], ["x"]]})
    assert one(frame).load().to_pydict() == {"a": ["{'a': 1}", "{'b': 2}"], "b": ["[1, 2.5]", "['x']"]}


def test_an_index_with_labels_is_the_first_column():
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["r", "s"], name="row"))
    assert one(frame).load().to_pydict() == {"row": ["r", "s"], "a": [1, 2]}


def test_every_level_of_an_index_is_a_column():
    frame = pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", 1)], names=["k", "n"]))
    assert one(frame).load().to_pydict() == {"k": ["x"], "n": [1], "a": [1]}


def test_an_index_may_be_called_like_a_column():
    frame = pd.DataFrame({"k": [1]}, index=pd.Index(["r"], name="k"))
    assert one(frame).load().to_pydict() == {"k": ["r"], "k (2)": [1]}


def test_repeated_column_names_are_told_apart():
    assert one(pd.DataFrame([[1, 2, 3]], columns=["a", "a", "a"])).load().column_names == ["a", "a (2)", "a (3)"]


def test_column_names_need_not_be_text():
    assert one(pd.DataFrame([[1, 2]], columns=[0, ("x", 1)])).load().column_names == ["0", "('x', 1)"]


@pytest.mark.parametrize(
    ("values", "kind", "meant"),
    [
        ([1.5, float("nan")], "number", [1.5, None]),
        ([True, None], "logical", [True, None]),
        (pd.array([2**60 + 1, None], "Int64"), "integer", [2**60 + 1, None]),
        (pd.array([1, 0], "boolean"), "logical", [True, False]),
        (pd.Categorical(["b", None]), "text", ["b", None]),
        (pd.Categorical([2, 1]), "integer", [2, 1]),
        (["", "NA", "None", None], "text", ["", "NA", "None", None]),
        (pd.to_datetime(["2020-01-01 10:00", None]), "timestamp", [datetime.datetime(2020, 1, 1, 10), None]),
        ([datetime.date(2020, 1, 1), None], "date", [datetime.date(2020, 1, 1), None]),
        (pd.arrays.SparseArray([0, 0, 1]), "integer", [0, 0, 1]),
        ([1, "b", None, float("nan"), pd.NaT], "text", ["1", "b", None, None, None]),
        (pd.Series([2**60 + 1, 0.5], dtype=object), "text", ["1152921504606846977", "0.5"]),
        ([2**70, 1], "text", [str(2**70), "1"]),
        ([1 + 2j], "text", ["(1+2j)"]),
        ([[1, 2], None], "text", ["[1, 2]", None]),
        ([decimal.Decimal("1.10")], "text", ["1.10"]),
        (pd.period_range("2020-01", periods=2, freq="M"), "text", ["2020-01", "2020-02"]),
        (pd.interval_range(0, 2), "text", ["(0, 1]", "(1, 2]"]),
        (pd.to_timedelta(["1 days 02:00:00", None]), "text", ["1 day, 2:00:00", None]),
        (pd.Series(["a\ud800"], dtype=object), "text", ["a\\ud800"]),
        ([None, None], "empty", [None, None]),
    ],
    ids=str,
)
def test_values_stay_what_they_are(values, kind, meant):
    dataset = one(pd.DataFrame({"a": values}))
    assert (dataset.columns[0].kind, dataset.load()["a"].to_pylist()) == (kind, meant)


def test_an_arrow_table_is_taken_as_it_is():
    table = pa.table({"a": [1, None], "b": ["x", "y"]})
    assert one(table).load().equals(table)


def test_a_frame_without_rows_or_columns_is_a_dataset():
    assert (one(pd.DataFrame()).rows, one(pd.DataFrame()).columns) == (0, ())
    assert [c.name for c in one(pd.DataFrame({"a": []})).columns] == ["a"]


def test_levels_of_an_index_tell_who_was_observed_when():
    index = pd.MultiIndex.from_product([list("abcd"), [1990, 1991, 1992]], names=["firm", "year"])
    dataset = one(pd.DataFrame({"cost": [value * 7 % 12 / 3 for value in range(12)]}, index=index))
    assert dataset.panel == Panel("firm", "year")
    assert dataset.load().column_names == ["firm", "year", "cost"]


def test_dates_as_an_index_order_the_rows_in_time():
    frame = pd.DataFrame({"a": [3.5, 1.0, 2.0]}, index=pd.date_range("2020-01-01", periods=3))
    assert one(frame).time == TimeAxis("index")
    assert one(frame[::-1]).time is None


def test_counts_of_categories_are_a_table_of_counts():
    frame = pd.crosstab(["x", "x", "y", "y"], ["u", "v", "u", "v"]).stack().rename("count").reset_index()
    assert one(frame).counts == CountTable("count", ("row_0", "col_0"))


def test_frames_have_no_help_page_to_tell_what_columns_mean():
    column = one(pd.DataFrame({"a": [1.5, 1.5, None]})).columns[0]
    assert (column.meaning, column.unit, column.title) == ("", "", "")
    assert (column.distinct, column.missing, column.even) == (1, 1, True)


def test_a_frame_of_polars_keeps_every_value():
    frame = pl.DataFrame(
        {
            "integer": [2**63 - 1, None],
            "large": pl.Series([2**64 - 1, None], dtype=pl.UInt64),
            "number": [0.1, float("nan")],
            "logical": [True, None],
            "text": ["ä", None],
            "category": pl.Series(["a", None], dtype=pl.Categorical),
            "date": [datetime.date(2020, 2, 29), None],
            "timestamp": [datetime.datetime(2020, 2, 29, 1), None],
            "list": [[1, 2], None],
        }
    )
    dataset = one(frame)
    assert [column.kind for column in dataset.columns] == [
        "integer", "text", "number", "logical", "text", "text", "date", "timestamp", "text",
    ]  # fmt: skip
    first, second = dataset.load().to_pylist()
    assert first == frame.row(0, named=True) | {"large": "18446744073709551615", "list": "[1, 2]"}
    assert set(second.values()) == {None}


def test_categories_that_are_no_text_keep_their_values():
    numbers = pd.Series([3, 1, None, 3], dtype="category")
    assert one(pd.DataFrame({"a": numbers})).load().to_pydict() == {"a": [3, 1, None, 3]}
    days = pd.Series(pd.to_datetime(["2020-01-02", None, "2019-01-01"])).astype("category")
    found = one(pd.DataFrame({"a": days})).load().to_pydict()["a"]
    assert found == [datetime.datetime(2020, 1, 2), None, datetime.datetime(2019, 1, 1)]


@pytest.mark.parametrize("wrong", [[1], {"a": [1]}, "a.csv", None, pl.LazyFrame({"a": [1]})])
def test_what_is_no_frame_is_named_with_its_type(wrong):
    with pytest.raises(BadSetting, match=f"“sales” is of the type .*{type(wrong).__name__}; frames are of pandas"):
        Catalog.from_frames({"sales": wrong})


def test_objects_that_polars_keeps_to_itself_are_refused():
    frame = pl.DataFrame({"a": [1], "b": pl.Series([object()], dtype=pl.Object)})
    with pytest.raises(BadSetting, match="“b” of “x” holds Python objects, which polars hands to nobody"):
        one(frame)


@pytest.mark.parametrize("type", [pl.Int128, pl.UInt128])
def test_numbers_that_polars_alone_has_are_refused_by_name(type):
    frame = pl.DataFrame({"a": [1], "wide": pl.Series([2**100], dtype=type)})
    with pytest.raises(BadSetting, match="“wide” of “x” holds whole numbers of 128 bits, .*cast them to Decimal"):
        one(frame)


def test_text_that_is_no_utf8_is_refused_with_its_column():
    bytes_of = pa.array([b"fine", b"\xff\xfe"]).buffers()
    table = pa.table({"a": [1, 2], "torn": pa.Array.from_buffers(pa.string(), 2, bytes_of)})
    with pytest.raises(BadSetting, match="“torn” of “x” holds what is no string: .*UTF8"):
        one(table)


def test_half_a_surrogate_pair_in_a_name_is_spelt():
    frame = pd.DataFrame([[1]], columns=pd.Index(["\ud800x"], dtype=object))
    assert [column.name for column in one(frame).columns] == ["\\ud800x"]
    assert frames.from_frames({"\ud800": frame})[0].id == "frames/\\ud800"


def test_what_arrow_cannot_read_is_said_with_its_reason():
    with pytest.raises(BadSetting, match="“x”, of the type pandas.*Series, is no table"):
        one(pd.Series([1]))
