import gzip
from urllib.parse import parse_qs

import numpy as np
import pyarrow as pa
import pytest
from plotly.io.json import to_json_plotly

from dataviewer import Catalog, charts
from dataviewer.charts import overview
from dataviewer.describe import describe
from dataviewer.view import View
from tests.charting import HOSTILE, draw, strings, to_json

TABLE = pa.table({"a": [1]})


def dots_of(chart) -> list[tuple]:
    """The dots of the map: x, y and the dataset that a click opens."""
    return [
        (x, y, parse_qs(click)["dataset"][0])
        for trace in chart.figure["data"]
        for x, y, click in zip(trace["x"], trace["y"], trace["customdata"], strict=True)
    ]


def test_the_map_has_a_dot_for_every_dataset_at_its_size(catalog):
    dots = dots_of(draw(catalog, "catalog"))
    assert sorted(id for _, _, id in dots) == sorted(catalog)
    for x, y, id in dots:
        assert (x, y) == (catalog[id].rows or overview.EMPTY_AT, len(catalog[id].columns)), id


def test_time_series_are_dots_of_their_own(catalog):
    plain, series = draw(catalog, "catalog").figure["data"]
    assert "dataset=datasets/AirPassengers" in series["customdata"]
    assert "dataset=datasets/iris" in plain["customdata"]


def test_a_filtered_map_has_the_datasets_that_are_left(catalog):
    index, positions = catalog["catalog"], np.array([0, 3, 11])
    table = catalog.table(index)
    chart = charts.draw(index, table, positions, View("catalog"), 1200)
    ids = table["id"].to_pylist()
    assert sorted(id for _, _, id in dots_of(chart)) == sorted(ids[place] for place in positions)
    assert "one of 3 datasets" in chart.note


def test_a_click_opens_the_dataset_whatever_its_id():
    id = "p/a&b=c#d %é"
    catalog = Catalog([describe(id, "", "p", TABLE, lambda: TABLE)])
    (click,) = [click for trace in draw(catalog, "catalog").figure["data"] for click in trace["customdata"]]
    assert View.from_query_string(click).dataset == id


def test_the_map_zooms_in_both_directions(catalog):
    layout = draw(catalog, "catalog", range=("10", "1000", "1", "100")).figure["layout"]
    assert (layout["xaxis"]["range"], layout["yaxis"]["range"]) == ([1, 3], [0, 2])


def test_the_map_zooms_along_rows_alone(catalog):
    layout = draw(catalog, "catalog", range=("1000", "10")).figure["layout"]
    assert layout["xaxis"]["range"] == pytest.approx([1, 3])
    assert "range" not in layout["yaxis"]


@pytest.mark.parametrize("ends", [("0", "10"), ("1", "10", "-1", "5"), ("2020-01-01", "2020-02-01"), ("1e999", "1")])
def test_a_range_without_a_logarithm_says_so(catalog, ends):
    chart = draw(catalog, "catalog", range=ends)
    assert "does not fit the map" in chart.note
    assert "range" not in chart.figure["layout"]["xaxis"]


def test_the_map_of_no_datasets_is_empty():
    assert sum(len(trace["x"]) for trace in draw(Catalog([]), "catalog").figure["data"]) == 0


def test_ids_and_titles_with_html_are_escaped_on_the_map():
    catalog = Catalog([describe(f"p/{HOSTILE}", HOSTILE * 3, "p", TABLE, lambda: TABLE)])
    chart = draw(catalog, "catalog")
    assert not [text for text in strings(chart.figure) if "<img" in text]
    (text,) = [text for trace in chart.figure["data"] for text in trace["text"]]
    assert text.startswith("<b>p/&lt;img") and text.endswith("1 row, 1 column")


def test_ticks_name_whole_numbers_and_zero_for_the_empty():
    catalog = Catalog([describe("p/d", "", "p", TABLE, lambda: TABLE)])
    axis = draw(catalog, "catalog").figure["layout"]["xaxis"]
    assert axis["ticktext"][:3] == ["0", "1", "10"] and axis["ticktext"][5:7] == ["10k", "100k"]
    assert min(axis["tickvals"]) == overview.EMPTY_AT > 0


def test_the_catalogue_is_small_json(catalog):
    chart = draw(catalog, "catalog")
    to_json(chart)
    assert len(gzip.compress(to_json_plotly(chart.figure).encode())) < 150_000


def test_a_search_reads_references_and_notes_too(catalog):
    ids = sorted(catalog)
    assert "datasets/iris" in [ids[place] for place in catalog.overview.find("becker chambers wilks").tolist()]
