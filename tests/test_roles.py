from datetime import date

import pyarrow as pa
import pytest

from dataviewer import roles
from dataviewer.describe import describe


def played(**columns) -> dict[str, str]:
    return roles.roles(describe("p/d", "", "p", pa.table(columns), None))


def test_each_column_of_each_dataset_has_one_known_role(catalog):
    for dataset in catalog.values():
        found = roles.roles(dataset)
        assert list(found) == [column.name for column in dataset.columns]
        assert set(found.values()) <= set(roles.ROLES)
        for name, role in found.items():
            column = dataset.column(name)
            assert role not in ("measure", "count") or (column.is_number and column.minimum is not None), name
            assert (role == "empty") == (not column.distinct), name


@pytest.mark.parametrize(
    ("id", "expected"),
    [
        ("datasets/iris", {"Sepal.Length": "measure", "Species": "category"}),
        ("datasets/mtcars", {"rownames": "identifier", "mpg": "measure", "cyl": "category", "am": "dummy"}),
        ("datasets/HairEyeColor", {"Hair": "category", "Sex": "dummy", "Freq": "count"}),
        ("plm/Grunfeld", {"firm": "unit", "year": "time", "inv": "measure"}),
        ("ggplot2/economics", {"date": "time", "pop": "measure"}),
        ("HSAUR/Forbes2000", {"rank": "identifier", "name": "identifier", "sales": "measure"}),
        ("MASS/crabs", {"index": "identifier", "sex": "dummy"}),
        ("Ecdat/Ketchup", {"Ketchup.hid": "identifier", "Ketchup.id": "identifier", "price.heinz": "measure"}),
        ("datasets/infert", {"case": "dummy", "stratum": "identifier"}),
        ("survival/nwtco", {"seqno": "identifier", "age": "measure"}),
        ("datasets/women", {"height": "measure", "weight": "measure"}),
        ("MASS/galaxies", {"x": "measure"}),
        ("reshape2/smiths", {"time": "constant", "height": "measure"}),
        ("Ecdat/Bwages", {"sex": "empty"}),
    ],
)
def test_columns_of_the_archive_play_what_they_are(catalog, id, expected):
    found = roles.roles(catalog[id])
    assert {name: found[name] for name in expected} == expected


MIXED = [3.5, 1.25, 2.75, 9.0, 4.5, 7.25, 6.0, 8.5, 5.25, 0.5, 1.75, 2.0]


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (MIXED, "measure"),
        ([5] * 12, "constant"),
        ([None] * 12, "empty"),
        ([float("inf")] * 6 + [float("-inf")] * 6, "empty"),
        ([0, 1] * 6, "dummy"),
        ([1.5, 2.5] * 6, "dummy"),
        ([1, 2, 3] * 4, "category"),
        ([1, 2, 3, 4] * 3, "measure"),  # three rows a value
        (list(range(1, 13)), "identifier"),
        (list(range(12)), "identifier"),
        (list(range(2, 14)), "measure"),
        (list(range(12, 0, -1)), "measure"),
        ([True, False] * 6, "dummy"),
        ([True] * 12, "constant"),
        (["a", "b"] * 6, "dummy"),
        (["a", "b", "c"] * 4, "category"),
        ([f"name {place}" for place in range(12)], "identifier"),
        ([f"name {place % 9}" for place in range(12)], "text"),
        (["a", *[None] * 11], "constant"),
        ([date(2020, 1, 1 + place % 5) for place in range(12)], "date"),
    ],
    ids=str,
)
def test_values_tell_what_a_column_is_for(values, role):
    # What the other column is must not matter, but without one a lone number would never be an identifier.
    other = [value * 3 % 7 for value in MIXED]
    table = played(a=pa.array(values, pa.float64()) if values[0] is None else values, other=other)
    assert table["a"] == ("empty" if values == [None] * 12 else role)


@pytest.mark.parametrize(
    ("name", "values", "role"),
    [
        ("id", [7, 7, 3, 5, 9, 9, 8, 1, 4, 2, 6, 5], "identifier"),
        ("Household.ID", [7, 7, 3, 5, 9, 9, 8, 1, 4, 2, 6, 5], "identifier"),
        ("plaid", [7, 7, 3, 5, 9, 9, 8, 1, 4, 2, 6, 5], "measure"),
        ("id", [0, 1] * 6, "dummy"),
        ("id", MIXED, "measure"),
        ("year", [1990, 1980, 1999, 1985, 1987, 1991, 1990, 1980, 1999, 1985, 1987, 1991], "date"),
        ("count", [7, 7, 3, 5, 9, 9, 8, 1, 4, 2, 6, 5], "measure"),
    ],
)
def test_a_name_decides_only_where_the_values_allow_it(name, values, role):
    assert played(**{name: values, "other": MIXED})[name] == role


def test_whole_numbers_that_rise_through_many_rows_number_them():
    rising, other = [place * place + 7 for place in range(60)], [place * 7 % 11 / 3 for place in range(60)]
    assert played(a=rising, other=other)["a"] == "identifier"
    assert played(a=rising[:49], other=other[:49])["a"] == "measure", "few rows may be sorted"
    assert played(a=rising, other=list("abc") * 20)["a"] == "measure", "the only measure"
    assert played(Year=list(range(1900, 1960)), a=rising, other=other)["a"] == "measure", "it grew with the years"
    assert played(a=[rising[1], *rising[1:]], other=other)["a"] == "measure", "a tie"


def test_what_counts_up_in_each_group_is_no_measure():
    table = {"sex": ["f"] * 8 + ["m"] * 8, "a": list(range(2, 18))}
    assert played(index=[*range(1, 9)] * 2, **table)["index"] == "identifier"
    assert played(score=[*range(8)] * 2, **table)["score"] == "measure", "nothing is numbered from zero"
    assert played(month=[*range(1, 9)] * 2, **table)["month"] == "date"


def test_one_row_has_roles_too():
    assert played(a=[1.5], b=["x"], c=[date(2020, 1, 1)]) == {"a": "measure", "b": "identifier", "c": "date"}


def test_without_rows_every_column_is_empty():
    assert played(a=pa.array([], pa.float64()), b=pa.array([], pa.string())) == {"a": "empty", "b": "empty"}


def test_columns_of_a_role_come_in_table_order(catalog):
    assert roles.with_role(catalog["datasets/mtcars"], "category", "dummy") == ("cyl", "vs", "am", "gear", "carb")
    assert roles.with_role(catalog["datasets/rivers"], "category") == ()
