from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dataviewer import Catalog
from dataviewer.describe import describe
from dataviewer.errors import BadSetting, UnknownDataset


def named(*ids: str) -> Catalog:
    """A catalogue of small datasets, each titled like its id in words."""
    table = pa.table({"a": [1]})
    return Catalog([describe(id, id.replace("/", " of "), id.partition("/")[0], table, lambda: table) for id in ids])


def test_a_dataset_is_found_by_id_and_by_bare_name(catalog):
    assert catalog["Ecdat/Airq"].id == catalog["Airq"].id == "Ecdat/Airq"
    assert "Airq" in catalog and "Ecdat/Airq" in catalog


def test_of_namesakes_the_first_in_order_is_meant_and_the_others_are_named():
    catalog = named("b/x", "a/x", "a/y")
    assert catalog["x"].id == "b/x"
    assert catalog.namesakes("x") == ("a/x",)
    assert catalog["a/x"].id == "a/x"
    assert catalog.namesakes("a/x") == catalog.namesakes("y") == catalog.namesakes("z") == ()


def test_an_unknown_name_names_the_nearest(catalog):
    with pytest.raises(UnknownDataset, match="no dataset called “Irs”") as raised:
        catalog["Irs"]
    assert "datasets/iris" in raised.value.nearest
    assert "Irs" not in catalog
    assert catalog.get("Irs") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("airqq", "Ecdat/Airq"), ("AirPasengers", "datasets/AirPassengers"), ("ecdat/airq", "Ecdat/Airq")],
)
def test_the_nearest_is_the_one_misspelt(catalog, typed, meant):
    assert catalog.nearest(typed)[0] == meant


@pytest.mark.parametrize("typed", ["", "x" * 10_000, "\0", "%00/../etc/passwd", "🙂"])
def test_any_name_is_answered(catalog, typed):
    assert typed not in catalog
    assert len(catalog.nearest(typed)) <= 5


def test_datasets_come_in_their_own_order():
    assert list(named("b/x", "a/y", "a/x")) == ["b/x", "a/y", "a/x"]


def test_neighbours_follow_the_order_of_ids():
    catalog = named("b/x", "a/y", "a/x")
    assert catalog.neighbours("a/x") == (None, "a/y")
    assert catalog.neighbours("a/y") == ("a/x", "b/x")
    assert catalog.neighbours("b/x") == ("a/y", None)
    assert catalog.neighbours("catalog") == (None, "a/x")


def test_walking_by_neighbours_visits_every_dataset(catalog):
    visited, id = [], catalog.neighbours("catalog")[1]
    while id:
        visited.append(id)
        id = catalog.neighbours(id)[1]
    assert visited == sorted(catalog)


# Search --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("iris", "datasets/iris"),
        ("IRIS", "datasets/iris"),
        ("datasets/iris", "datasets/iris"),
        (" iris ", "datasets/iris"),
        ("AirPas", "datasets/AirPassengers"),
        ("california air quality", "Ecdat/Airq"),
        ("air passnger", "datasets/AirPassengers"),
        ("titanik", "datasets/Titanic"),
        ("titnaic", "datasets/Titanic"),
        ("irsi", "datasets/iris"),
        ("diamnods", "ggplot2/diamonds"),
        ("horsepower", "MASS/Cars93"),  # a column
        ("mpg gallons", "datasets/mtcars"),  # a column and what is told of it
    ],
)
def test_what_is_meant_comes_first(catalog, typed, first):
    assert first in catalog.search(typed)[:3]
    if typed.casefold().strip() in ("iris", "datasets/iris"):
        assert catalog.search(typed)[0] == first


def test_names_come_before_names_that_begin_so_before_names_that_hold_it_before_titles():
    catalog = named("p/theair", "p/airport", "p/air", "air/other")
    assert catalog.search("air") == ["p/air", "p/airport", "p/theair", "air/other"]


def test_every_word_must_be_found():
    assert named("p/air", "p/water", "q/air").search("p air") == ["p/air"]


def test_without_words_everything_is_found_in_the_order_of_ids():
    assert named("b/x", "a/y").search("  ") == ["a/y", "b/x"]


@pytest.mark.parametrize("typed", ["!!!", "zzqqxxyy", "\0", "[-", "🙂", "x" * 200])
def test_what_nothing_resembles_finds_nothing(catalog, typed):
    assert catalog.search(typed) == []


# Tables --------------------------------------------------------------------------------------------


def counted(megabytes: int, loads: list[str], *ids: str) -> Catalog:
    """A catalogue of datasets of one megabyte each that writes down what is loaded."""

    def load(id: str) -> pa.Table:
        loads.append(id)
        return pa.table({"a": np.zeros(2**17)})

    table = pa.table({"a": [0.0]})
    datasets = [describe(id, id, "p", table, lambda id=id: load(id)) for id in ids]
    return Catalog(datasets, settings={"memory_mb": megabytes})


def test_a_table_opened_lately_is_not_loaded_again():
    catalog = counted(9, loads := [], "p/a")
    assert catalog.table(catalog["a"]) is catalog.table(catalog["p/a"])
    assert loads == ["p/a"]


def test_the_least_recently_opened_goes_first_when_memory_is_full():
    catalog = counted(2, loads := [], "p/a", "p/b", "p/c")
    for name in "abacab":
        catalog.table(catalog[name])
    assert loads == ["p/a", "p/b", "p/c", "p/b"]


def test_a_table_larger_than_the_memory_is_shown_all_the_same():
    catalog = counted(1, [], "p/a")
    catalog._tables = type(catalog._tables)(10, getsizeof=lambda table: table.nbytes)
    assert catalog.table(catalog["a"]).num_rows == 2**17


def test_the_setting_bounds_the_memory(monkeypatch):
    monkeypatch.setenv("DATAVIEWER_MEMORY_MB", "1")
    catalog = counted(None, loads := [], "p/a", "p/b")
    for name in "aba":
        catalog.table(catalog[name])
    assert loads == ["p/a", "p/b", "p/a"]


def test_threads_open_tables_side_by_side(catalog):
    ids = list(catalog)[:200] * 2
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda id: catalog.table(catalog[id]), ids))
    assert [table.num_rows for table in tables] == [catalog[id].rows for id in ids]


# The overview --------------------------------------------------------------------------------------


def test_the_collection_is_a_dataset_sorted_by_id(catalog):
    overview = catalog["catalog"]
    table = catalog.table(overview)
    assert (overview.id, overview.rows, overview.title) == ("catalog", 757, "All 757 datasets")
    assert table["id"].to_pylist() == sorted(catalog)
    assert table.column_names[:6] == ["id", "title", "package", "rows", "columns", "numeric"]


def test_the_overview_counts_what_the_tables_hold(catalog):
    for line in catalog.table(catalog["catalog"]).to_pylist():
        table = catalog.table(catalog[line["id"]])
        types = [str(type) for type in table.schema.types]
        assert (line["rows"], line["columns"]) == table.shape, line
        assert line["numeric"] == types.count("int64") + types.count("double"), line
        assert line["missing"] == sum(column.null_count for column in table.columns), line
        assert line["title"] == catalog[line["id"]].title and line["id"].startswith(line["package"] + "/")


def test_the_overview_is_not_among_the_datasets(catalog):
    assert "catalog" not in list(catalog)
    assert len(catalog) == len(list(catalog)) == 757


def test_an_empty_catalogue_has_an_empty_overview():
    catalog = Catalog([])
    assert (len(catalog), catalog["catalog"].rows, catalog.search("x"), catalog.nearest("x")) == (0, 0, [], ())


def test_the_numbers_of_the_design_hold(catalog):
    datasets = list(catalog.values())
    assert {d.id for d in datasets if not d.rows} == {"Zelig/friendship", "Zelig/sna.ex"}
    assert max(datasets, key=lambda d: d.rows).id == "gap/mhtdata" and catalog["gap/mhtdata"].rows == 159_312
    assert max(datasets, key=lambda d: len(d.columns)).id == "gap/crohn" and len(catalog["gap/crohn"].columns) == 212
    assert sum(d.columns[0].name == "rownames" for d in datasets) == 129


def test_a_program_names_its_own_frames():
    catalog = Catalog.from_frames({"sales": pd.DataFrame({"a": [1]}), "catalog": pd.DataFrame({"a": [2]})})
    assert list(catalog) == ["frames/sales", "frames/catalog"]
    assert catalog.table(catalog["frames/catalog"]).to_pydict() == {"a": [2]}


def test_two_datasets_of_one_id_are_refused():
    with pytest.raises(BadSetting, match="same id"):
        Catalog.from_frames({"a": pa.table({"x": [1]}), "frames/a": pa.table({"x": [2]})})


def test_a_catalogue_and_a_dataset_say_shortly_what_they_are(catalog):
    assert repr(catalog) == "<Catalog of 757 datasets>"
    airline = "<Dataset Ecdat/Airline: Cost for U.S. Airlines, 90 rows, 6 columns>"
    assert repr(catalog["Ecdat/Airline"]) == airline
    one = Catalog.from_frames({"one": pd.DataFrame({"a": [1]})})
    assert (repr(one), repr(one["one"])) == ("<Catalog of 1 dataset>", "<Dataset frames/one: one, 1 row, 1 column>")


@pytest.mark.parametrize("name", [3, None, 1.5, b"Airq", ("Airq",)])
def test_what_is_no_name_is_in_no_catalogue(catalog, name):
    assert name not in catalog
    with pytest.raises(KeyError, match="There is no dataset called"):
        catalog[name]


def test_a_dataset_brings_its_documentation_and_its_rows(catalog):
    dataset = catalog["Airq"]
    assert dataset.documentation.columns["rain"].meaning == "amount of rain (in inches)"
    assert "a cross-section from 1972" in str(dataset.documentation)
    assert dataset.to_arrow().equals(catalog.table(dataset))
    assert str(Catalog.from_frames({"x": pd.DataFrame({"a": [1]})})["x"].documentation) == ""
