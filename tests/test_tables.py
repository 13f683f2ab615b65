import datetime
import json
import math

import pyarrow as pa
import pytest
from plotly.io.json import to_json_plotly

from dataviewer import tables
from dataviewer.dataset import Column, Dataset
from dataviewer.describe import describe
from dataviewer.view import MAX, Sort, View


def described(**columns) -> tuple[Dataset, pa.Table]:
    table = pa.table(columns)
    return describe("p/d", "", "p", table, lambda: table), table


def cells(**columns) -> list[dict]:
    """The rows as a browser gets them."""

    def refuse(constant: str):
        raise AssertionError(constant)

    return json.loads(to_json_plotly(tables.data_props(*described(**columns))), parse_constant=refuse)


def wide(columns: int, rows: int = 9) -> Dataset:
    return Dataset("p/d", "", "p", rows, (Column("x", "text", 0),) * columns)


# Cells ---------------------------------------------------------------------------------------------


def test_integers_that_a_browser_cannot_hold_travel_as_text():
    assert [row["c0"] for row in cells(a=[2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, None])] == [
        2**53,
        str(2**53 + 1),
        str(-(2**53) - 1),
        str(2**63 - 1),
        None,
    ]


def test_infinite_numbers_are_words():
    assert [row["c0"] for row in cells(a=[1.5, float("inf"), float("-inf"), None])] == [1.5, "Inf", "-Inf", None]


def test_missing_and_empty_text_are_told_apart():
    dataset, table = described(a=["", None, "NA"], b=["x", None, "y"])
    assert [row["c0"] for row in tables.data_props(dataset, table)] == ["", None, "NA"]
    assert tables.style_props(dataset, table) == [
        {"if": {"column_id": "c0", "filter_query": '{c0} = ""'}, **tables.EMPTY_TEXT_STYLE}
    ]


def test_dates_are_spelled_as_in_the_source():
    day, time = datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2, 3, 4, 5)
    assert cells(d=[day], t=[time]) == [{"c0": "2020-01-02", "c1": "2020-01-02 03:04:05"}]


def test_every_first_page_holds_the_values_of_the_table(catalog):
    for dataset in catalog.values():
        page = catalog.table(dataset).slice(0, tables.default_size(dataset))
        rows = json.loads(to_json_plotly(tables.data_props(dataset, page)))
        assert len(rows) == page.num_rows
        for place, values in enumerate(page.columns):
            sent = [row[f"c{place}"] for row in rows]
            meant = [str(value) if hasattr(value, "year") else value for value in values.to_pylist()]
            assert sent == meant, f"{dataset.id}, {values}"


# Columns -------------------------------------------------------------------------------------------


def test_columns_are_called_by_position_whatever_their_names():
    dataset, _ = described(**{"a{b}": [1], 'say "x"': ["t"], "a.b": [True]})
    props = tables.column_props(dataset)
    assert [column["id"] for column in props] == ["c0", "c1", "c2"]
    assert [column["name"] for column in props] == ["a{b}\ninteger", 'say "x"\ntext', "a.b\nlogical"]
    assert [column["type"] for column in props] == ["numeric", "text", "text"]


def shown(values: list, format: str) -> list[str]:
    """What d3 makes of plain numbers, for the formats in use: Python's mini-language has the same spelling."""
    return [f"{value:{format}}" for value in values]


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([5, -3], ["5", "-3"]),
        ([1234567, 5], ["1,234,567", "5"]),
        ([1990, 1991], ["1990", "1991"]),
        ([20000, 20001], ["20000", "20001"]),
        ([0.5, 0.25], ["0.50", "0.25"]),
        ([1.0, 2.0], ["1", "2"]),
        ([12345.678, 0.5], ["12,345.68", "0.50"]),
        ([0.0001234, 0.5], ["0.000123", "0.500000"]),
    ],
)
def test_numbers_are_shown_aligned_with_the_digits_they_need(values, texts):
    dataset, _ = described(a=values)
    assert shown(values, tables.number_format(dataset.columns[0])) == texts


@pytest.mark.parametrize("values", [[1e-12, 1.5], [1e300, 1.5], [5e-324, 1e308]])
def test_numbers_of_very_unequal_size_are_shown_in_six_digits(values):
    dataset, _ = described(a=values)
    assert tables.number_format(dataset.columns[0]) == ".6g"


def test_no_number_of_the_archive_is_shown_as_zero_or_half_wrong(catalog):
    for dataset in catalog.values():
        page = catalog.table(dataset).slice(0, 100)
        for column, values in zip(dataset.columns, page.columns):
            if column.is_number and column.maximum is not None:
                numbers = [value for value in values.drop_null().to_pylist() if math.isfinite(value)]
                for number, text in zip(numbers, shown(numbers, tables.number_format(column))):
                    assert math.isclose(float(text.replace(",", "")), number, rel_tol=0.051), f"{dataset.id}, {column}"


def test_a_column_without_numbers_needs_no_format():
    assert tables.number_format(Column("x", "number", 0)) == ""


# Pages ---------------------------------------------------------------------------------------------


FITTING = tables.CELLS // 25  # columns of the widest table whose page has 25 rows


@pytest.mark.parametrize(("columns", "size"), [(1, 25), (FITTING, 25), (FITTING + 1, 10), (212, 10)])
def test_wide_tables_have_shorter_pages(columns, size):
    assert tables.default_size(wide(columns)) == size
    assert tables.page_size(wide(columns), View("p/d")) == (size, [])


def test_a_page_that_is_too_large_is_cut_with_a_sentence():
    size, (problem,) = tables.page_size(wide(120, rows=101), View("p/d", size=1000))
    assert size == 100
    assert "at most 100 rows" in problem


@pytest.mark.parametrize("columns", [1, 12, 2000])
def test_all_rows_are_for_downloads(columns):
    size, problems = tables.page_size(wide(columns, rows=100_000), View("p/d", size=MAX))
    assert size * columns <= max(tables.CELLS_MAX, 10 * columns)
    assert size <= 1000
    assert len(problems) == 1


def test_a_table_shown_whole_is_not_said_to_be_cut():
    assert tables.page_size(wide(3, rows=4), View("p/d", size=MAX)) == (1000, [])


def test_a_table_without_columns_has_a_page_size():
    assert tables.page_size(wide(0), View("p/d"))[0] == 25


def test_the_choices_of_size_hold_the_present_one_and_one_automatic():
    options = tables.size_options(wide(3), 33)
    assert [option["label"] for option in options] == ["10", "25", "33", "50", "100", "250"]
    assert [option["value"] for option in options] == ["10", tables.AUTO, "33", "50", "100", "250"]


def test_no_choice_is_more_than_a_page_can_show():
    assert [option["label"] for option in tables.size_options(wide(200), 10)] == ["10", "25", "50"]


# Sorting and links ---------------------------------------------------------------------------------


def test_a_sort_is_spelled_by_position():
    dataset, _ = described(a=[1], b=[2])
    assert tables.sort_props(dataset, (Sort("b", True), Sort("a"))) == [
        {"column_id": "c1", "direction": "desc"},
        {"column_id": "c0", "direction": "asc"},
    ]


def test_each_line_of_the_catalogue_links_to_its_dataset(catalog):
    overview = catalog["catalog"]
    rows = tables.data_props(overview, catalog.table(overview))
    links = [row["c0"] for row in rows]
    assert links[0].endswith(f"(?dataset={sorted(catalog)[0]})")
    assert r"[datasets/iris](?dataset=datasets/iris)" in links
    assert len(links) == 757


@pytest.mark.parametrize("id", ["p/[x](http://evil)", "p/<b>", "p/a_b*c*", "p/a&b=c", "p/a\\b"])
def test_an_id_with_markdown_in_it_is_one_link_to_itself(id):
    table = pa.table({"id": [id]})
    dataset = describe("catalog", "", "", table, lambda: table)
    link = tables.data_props(dataset, table)[0]["c0"]
    text, _, address = link[1:-1].rpartition("](?")
    assert View.from_query_string(address).dataset == id
    assert "".join(part for part in text.replace("\\\\", "\0").replace("\\", "")).replace("\0", "\\") == id
    assert not set("()<>[] ") & set(address)
