"""Datasets as frames of pandas and polars: every value stays what it is."""

import datetime
import math
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from dataviewer import Catalog
from dataviewer.dataset import kind_of

DAY, MOMENT = datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29, 12, 30, 1, 5)
COLUMNS = {
    "integer": pa.array([2**63 - 1, -3], pa.int64()),
    "integer missing": pa.array([2**53 + 1, None], pa.int64()),
    "number": pa.array([0.1, None], pa.float64()),
    "infinite": pa.array([math.inf, -0.0], pa.float64()),
    "logical": pa.array([True, False]),
    "logical missing": pa.array([True, None]),
    "text": pa.array(["", "NA"]),
    "text missing": pa.array(["é\n", None]),
    "date": pa.array([DAY, datetime.date(1, 1, 1)]),
    "date missing": pa.array([DAY, None]),
    "timestamp": pa.array([MOMENT, None], pa.timestamp("us")),
    "empty": pa.nulls(2),
}


@pytest.fixture(scope="module")
def dataset():
    return Catalog.from_frames({"all": pa.table(COLUMNS)})["all"]


def test_an_arrow_table_is_handed_on_as_it_is(dataset):
    assert dataset.to_arrow().equals(pa.table(COLUMNS))


def test_pandas_gets_the_dtypes_that_the_docstring_names(dataset):
    dtypes = {name: str(dtype) for name, dtype in dataset.to_pandas().dtypes.items()}
    text = str(pd.Series(["a"]).dtype)
    assert dtypes == {
        "integer": "int64",
        "integer missing": "Int64",
        "number": "float64",
        "infinite": "float64",
        "logical": "bool",
        "logical missing": "boolean",
        "text": text,
        "text missing": text,
        "date": "date32[day][pyarrow]",
        "date missing": "date32[day][pyarrow]",
        "timestamp": "datetime64[us]",
        "empty": "object",
    }


def test_pandas_gets_every_value(dataset):
    frame = dataset.to_pandas()
    found = {name: [None if pd.isna(value) else value for value in frame[name]] for name in frame}
    assert found == pa.table(COLUMNS).to_pydict()
    assert math.copysign(1, frame["infinite"][1]) == -1


def test_polars_gets_every_value_and_type(dataset):
    frame = dataset.to_polars()
    assert frame.to_dict(as_series=False) == pa.table(COLUMNS).to_pydict()
    assert frame.schema["date"] == pl.Date and frame.schema["timestamp"] == pl.Datetime("us")


@pytest.mark.parametrize("way", ["to_pandas", "to_polars"])
def test_a_frame_handed_back_is_the_same_dataset(dataset, way):
    again = Catalog.from_frames({"all": getattr(dataset, way)()})["all"]
    assert again == dataset
    assert again.to_arrow().equals(dataset.to_arrow())


def test_a_frame_may_be_changed_and_changes_nothing(dataset):
    frame = dataset.to_pandas()
    for name in frame:
        frame.loc[0, name] = frame.loc[1, name]
    assert dataset.to_arrow().equals(pa.table(COLUMNS))


def test_every_dataset_of_the_archive_comes_back_whole(catalog):
    """Of each kind of column, with and without missing values, up to five datasets that have it."""
    chosen = {}
    for dataset in catalog.values():
        for kind in {(column.kind, column.missing > 0) for column in dataset.columns}:
            chosen.setdefault(kind, []).append(dataset)
    for dataset in {d.id: d for found in chosen.values() for d in found[:5]}.values():
        for frame in (dataset.to_pandas(), dataset.to_polars()):
            again = Catalog.from_frames({dataset.id: frame})[dataset.id]
            assert again.columns == tuple(replace(c, meaning="", unit="", title="") for c in dataset.columns), (
                dataset.id
            )
            assert again.to_arrow().to_pydict() == dataset.to_arrow().to_pydict(), dataset.id


def test_a_table_without_rows_and_one_without_columns_stay_so():
    catalog = Catalog.from_frames({"rows": pa.table({"a": pa.array([], pa.int64())}), "columns": pa.table({})})
    assert catalog["rows"].to_pandas().dtypes.to_dict() == {"a": "int64"}
    assert catalog["columns"].to_pandas().shape == (0, 0)
    assert catalog["rows"].to_polars().schema == {"a": pl.Int64}


WITHOUT_POLARS = """
import sys
sys.modules["polars"] = None
import pyarrow as pa
from dataviewer import Catalog
try:
    Catalog.from_frames({"x": pa.table({"a": [1]})})["x"].to_polars()
except ImportError as error:
    print(error)
"""


def test_without_polars_a_sentence_says_so():
    ran = subprocess.run([sys.executable, "-c", WITHOUT_POLARS], capture_output=True, text=True, check=True)
    assert ran.stdout == "A polars DataFrame needs the package polars, which is not installed.\n"


def test_nothing_imports_polars_but_who_asks_for_it():
    code = "import sys, dataviewer; dataviewer.Catalog; print('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_every_kind_of_column_is_tried(dataset):
    assert {kind_of(values.type) for values in dataset.to_arrow().columns} == {
        "integer", "number", "text", "date", "timestamp", "logical", "empty",
    }  # fmt: skip
