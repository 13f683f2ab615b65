import math
import re
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest

from dataviewer import Catalog, create_app
from tests.web import ask_table, reader, text_of

BIG = 2**53 + 1
CARS = "/api/datasets/MASS/Cars93"


@pytest.fixture
def client(app):
    return reader(app.server)


@pytest.fixture(scope="module")
def cars(catalog):
    return catalog.table(catalog["MASS/Cars93"]).to_pandas()


@pytest.fixture(scope="module")
def hard():
    """A client of a viewer of one small frame with what is hard to say of a row."""
    frame = pd.DataFrame(
        {
            "whole": [BIG, -BIG, 3, 3],
            "half": [0.1, None, 1e-300, math.inf],
            "words": ["x" * 600, "", None, "<b>a:b%3A</b>"],
            "time": pd.to_datetime(["2020-02-29 12:30:00.000001", None, "1969-12-31", "1969-12-31"], format="ISO8601"),
            "yes": pd.array([True, None, False, True], "boolean"),
            "none": pd.array([None] * 4, "float64"),
            "": [1, 2, 2, 2],
            "a:b%3A": [1, 2, 3, 4],
        }
    )
    return reader(create_app(Catalog.from_frames({"box/hard": frame})).server)


def refusal(response, status):
    assert response.status_code == status, response.text
    assert response.json == {"ok": False, "error": response.json["error"], "status": status}
    return response.json["error"]


# Documentation -------------------------------------------------------------------------------------------


def test_a_dataset_tells_its_documentation_and_how_to_cite_it(client):
    told = client.get("/api/datasets/Airq").json
    assert told["description"].startswith("a cross-section from 1972")
    assert told["references"].startswith("Verbeek, Marno (2004)")
    assert set(told["documentation"]) == {
        "description",
        "details",
        "format",
        "note",
        "source",
        "references",
        "see_also",
    }
    meanings = {column["name"]: column["description"] for column in told["columns"]}
    assert meanings["rain"] == "amount of rain (in inches)"
    assert {column["documentation"] for column in told["columns"] if column["name"] == "rain"} == {meanings["rain"]}
    assert "Airq" in told["citation"]["text"]
    assert told["citation"]["bibtex"].startswith("@misc{Ecdat-Airq,")
    assert "licence" in told["licence"]


def test_a_column_has_a_phrase_and_all_that_its_page_says(client):
    told = {column["name"]: column for column in client.get("/api/datasets/car/Prestige").json["columns"]}
    assert told["type"]["description"] == "Type of occupation"
    assert told["type"]["documentation"] == (
        "Type of occupation. A factor with levels (note: out of order): bc, Blue Collar; prof, Professional, "
        "Managerial, and Technical; wc, White Collar."
    )
    assert told["rownames"]["documentation"] == ""


@pytest.fixture(scope="module")
def every_page(app, catalog):
    client = reader(app.server)
    return {id: client.get(f"/api/datasets/{quote(id)}").json for id in [*catalog][::7]}


def test_documentation_is_text_without_markup_and_links_lead_to_the_web_alone(every_page):
    assert len(every_page) > 100
    hrefs = set()
    for id, told in every_page.items():
        spans = [span for blocks in told["documentation"].values() for block in blocks for span in block["spans"]]
        assert all(set(span) <= {"text", "href"} for span in spans), id
        assert not [s for s in spans if re.search(r"</?(p|a|b|i|em|strong|td|tr|code|h\d)( [^>]*)?>", s["text"])], id
        hrefs |= {span["href"] for span in spans if "href" in span}
    assert hrefs
    assert all(re.match(r"https?://[^\s]+$", href) for href in hrefs)


def test_a_column_has_all_that_is_said_of_it_where_it_has_a_phrase(every_page):
    for id, told in every_page.items():
        for column in told["columns"]:
            assert bool(column["documentation"]) == bool(column["description"]), id
            assert not re.search(r"</?(p|a|b|i|em|dd|dt|td|tr|code)\b[^>]*>", column["documentation"]), id


def test_the_texts_are_the_blocks_of_the_documentation(every_page):
    for id, told in every_page.items():
        for name in ("description", "source", "references"):
            blocks = ["".join(span["text"] for span in block["spans"]) for block in told["documentation"][name]]
            assert told[name] == "\n\n".join(blocks), id


def test_a_frame_has_no_documentation_but_a_name_to_cite(hard):
    told = hard.get("/api/datasets/box/hard").json
    assert told["licence"] == told["description"] == ""
    assert not any(told["documentation"].values())
    assert "box/hard" in told["citation"]["text"]


# Profile -------------------------------------------------------------------------------------------------


def test_a_profile_tells_each_column_of_the_rows_that_match(client, cars):
    told = client.get(f"{CARS}/profile.json?where=Price:gt:20").json
    kept = cars[cars.Price > 20]
    assert (told["dataset"], told["rows"], told["of"]) == ("MASS/Cars93", len(kept), 93)
    assert [column["name"] for column in told["columns"]] == list(cars.columns)
    for column in told["columns"]:
        assert column["rows"] == len(kept)
        assert column["missing"] == kept[column["name"]].isna().sum()
        assert column["distinct"] == kept[column["name"]].nunique()
        others = column["others"]
        given, every = kept[column["name"]].count(), cars[column["name"]].count()
        assert sum(bar["count"] for bar in column["bars"]) + others["count"] == given, column["name"]
        assert sum(bar["all"] for bar in column["bars"]) + others["all"] == every, column["name"]
    weight = next(column for column in told["columns"] if column["name"] == "Weight")
    assert weight["statistics"]["mean"] == pytest.approx(kept.Weight.mean(), rel=1e-12)
    assert weight["statistics"]["standard deviation"] == pytest.approx(kept.Weight.std(), rel=1e-12)
    assert weight["statistics"]["median"] == np.median(kept.Weight)


def test_the_conditions_of_a_bar_keep_as_many_rows_as_it_counts(client):
    for column in client.get(f"{CARS}/profile.json").json["columns"]:
        for bar in column["bars"]:
            assert bar["where"], column["name"]
            rows = client.get(f"{CARS}/rows.json", query_string={"where": bar["where"], "size": 1}).json
            assert rows["total"] == bar["all"], (column["name"], bar)


def test_the_bars_do_not_move_when_rows_are_left_out(client):
    every = client.get(f"{CARS}/profile.json").json["columns"]
    none = client.get(f"{CARS}/profile.json?where=Price:gt:1e6").json
    assert none["rows"] == 0
    for column, empty in zip(every, none["columns"]):
        assert [bar["label"] for bar in empty["bars"]] == [bar["label"] for bar in column["bars"]]
        assert [bar["all"] for bar in empty["bars"]] == [bar["all"] for bar in column["bars"]]
        assert sum(bar["count"] for bar in empty["bars"]) == 0
        assert empty["statistics"] == {}


def test_search_narrows_a_profile_too(client):
    assert (
        client.get(f"{CARS}/profile.json?search=Audi").json["rows"]
        == client.get(f"{CARS}/rows.json?search=Audi").json["total"]
        == 2
    )


# Quality -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["MASS/Cars93", "datasets/airquality", "catalog"])
def test_a_finding_that_names_rows_finds_them(client, id):
    told = client.get(f"/api/datasets/{id}/quality.json").json
    assert told["dataset"] == id
    assert told["findings"]
    for finding in told["findings"]:
        assert set(finding) == {"kind", "words", "where"}
        if not finding["where"]:
            continue
        rows = client.get(f"/api/datasets/{id}/rows.json", query_string={"where": finding["where"]}).json
        numbers = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", finding["words"])}
        assert rows["total"] in numbers or rows["total"] == 1, finding
        assert 0 < rows["total"] < told["of"]


# One row -------------------------------------------------------------------------------------------------


def test_a_row_is_told_whole(client, cars):
    told = client.get(f"{CARS}/row.json?row=57").json
    assert (told["dataset"], told["row"], told["of"]) == ("MASS/Cars93", 57, 93)
    assert [cell["name"] for cell in told["cells"]] == list(cars.columns)
    for cell in told["cells"]:
        value = cars[cell["name"]][56]
        assert cell["value"] == (None if pd.isna(value) else value), cell["name"]
    assert next(cell for cell in told["cells"] if cell["name"] == "Horsepower")["meaning"] == "Horsepower (maximum)"


def test_the_condition_of_each_cell_keeps_its_row_and_all_rows_alike(client, cars):
    for cell in client.get(f"{CARS}/row.json?row=57").json["cells"]:
        rows = client.get(f"{CARS}/rows.json", query_string={"where": cell["where"], "size": "max"}).json["rows"]
        own = cars[cell["name"]][56]
        alike = cars[cell["name"]].isna() if pd.isna(own) else cars[cell["name"]] == own
        assert [row["Make"] for row in rows] == cars.Make[alike].tolist(), cell["name"]


def test_previous_and_next_follow_the_order_of_the_view(client, cars):
    asked = "sort=Type&sort=Price:desc&where=Origin:eq:USA&where=Price:gt:10"
    kept = cars[(cars.Origin == "USA") & (cars.Price > 10)]
    order = kept.assign(lower=-kept.Price).sort_values(["Type", "lower"], kind="stable").index + 1
    row, walked = int(order[0]), []
    while row:
        told = client.get(f"{CARS}/row.json?{asked}&row={row}").json
        assert told["previous"] == (walked[-1] if walked else None)
        walked.append(row)
        row = told["next"]
    assert walked == order.tolist()


def test_the_neighbours_of_a_row_that_the_view_leaves_out_are_those_of_the_file(client):
    told = client.get(f"{CARS}/row.json?where=Price:gt:60&sort=Price&row=2").json
    assert (told["previous"], told["next"], told["matches"]) == (1, 3, False)
    told = client.get(f"{CARS}/row.json?where=Price:gt:60&row=59").json
    assert told["matches"] is True


def test_the_ends_have_one_neighbour(client):
    first, last = (client.get(f"{CARS}/row.json?row={row}").json for row in (1, 93))
    assert (first["previous"], first["next"]) == (None, 2)
    assert (last["previous"], last["next"]) == (92, None)


def test_the_one_row_that_matches_has_no_neighbour(client):
    told = client.get(f"{CARS}/row.json?where=Model:eq:Legend&row=2").json
    assert (told["previous"], told["next"]) == (None, None)


def test_the_neighbours_in_a_search_of_the_catalogue_are_ranked(client):
    found = client.get("/api/datasets/catalog/rows.json?search=air+quality&size=max").json["rows"]
    ids = [row["id"] for row in client.get("/api/datasets/catalog/rows.json?size=max").json["rows"]]
    places = [ids.index(row["id"]) + 1 for row in found]
    told = client.get(f"/api/datasets/catalog/row.json?search=air+quality&row={places[1]}").json
    assert (told["previous"], told["next"]) == (places[0], places[2])


def test_every_kind_of_value_is_told_exactly_and_found_again(hard):
    values = {}
    for row in range(1, 5):
        for cell in hard.get(f"/api/datasets/box/hard/row.json?row={row}").json["cells"]:
            values.setdefault(cell["name"], []).append(cell["value"])
            if cell["where"] is None:
                continue
            found = hard.get("/api/datasets/box/hard/rows.json", query_string={"where": cell["where"]}).json
            assert cell["value"] in [each[cell["name"]] for each in found["rows"]], cell
            assert {str(each[cell["name"]]) for each in found["rows"]} == {str(cell["value"])}
    assert values == {
        "whole": [BIG, -BIG, 3, 3],
        "half": [0.1, None, 1e-300, "Inf"],
        "words": ["x" * 600, "", None, "<b>a:b%3A</b>"],
        "time": ["2020-02-29 12:30:00.000001", None, "1969-12-31 00:00:00", "1969-12-31 00:00:00"],
        "yes": [True, None, False, True],
        "none": [None] * 4,
        "": [1, 2, 2, 2],
        "a:b%3A": [1, 2, 3, 4],
    }


def test_a_value_too_long_for_a_link_has_no_condition(hard):
    cells = {cell["name"]: cell for cell in hard.get("/api/datasets/box/hard/row.json?row=1").json["cells"]}
    assert cells["words"]["where"] is None
    assert cells["whole"]["where"] == f"whole:eq:{BIG}"


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("row.json", 400, "Which row?"),
        ("row.json?row=", 400, "Which row?"),
        ("row.json?row=94", 404, "There is no row 94; MASS/Cars93 has 93."),
        ("row.json?row=0", 400, "no whole number from 1"),
        ("row.json?row=-1", 400, "no whole number from 1"),
        ("row.json?row=1e3", 400, "no whole number from 1"),
        ("row.json?row=99999999999999", 400, "no whole number from 1"),
        ("row.json?row=1&where=nope:eq:1", 400, "“nope”"),
        ("row.json?row=1&sort=nope", 400, "“nope”"),
        ("profile.json?where=nope:eq:1", 400, "“nope”"),
        ("profile.json?where=Price:gt:much", 400, "“much” is none"),
        ("profile.json?columns=nope", 400, "Cannot show “nope”"),
        (f"profile.json?search={'x' * 5000}", 414, "at most 4000"),
        ("profile.csv", 404, "There is no"),
        ("quality.csv", 404, "There is no"),
        ("row.csv?row=1", 404, "There is no"),
    ],
)
def test_what_cannot_be_answered_is_a_sentence(client, query, status, words):
    assert words in refusal(client.get(f"{CARS}/{query}"), status)


@pytest.mark.parametrize("end", ["", "/profile.json", "/quality.json", "/row.json?row=1"])
@pytest.mark.parametrize("id", ["nope", "a/b/c", "..%2f..%2fetc%2fpasswd", "%00", "💥", "' OR 1=1 --", "x" * 3000])
def test_a_name_that_no_dataset_has_is_not_found(client, id, end):
    assert refusal(client.get(f"/api/datasets/{id}{end}"), 404)


def test_a_file_without_rows_has_no_row_but_a_profile(client):
    empty = "/api/datasets/Zelig/friendship"
    assert "There is no row 1" in refusal(client.get(f"{empty}/row.json?row=1"), 404)
    assert client.get(f"{empty}/profile.json").json["rows"] == 0
    assert client.get(f"{empty}/quality.json").status_code == 200


# The catalogue -------------------------------------------------------------------------------------------


def ids(client, query):
    answer = client.get(f"/api/datasets/catalog/rows.json?size=max&{query}").json
    found = [row["id"] for row in answer["rows"]]
    assert answer["total"] == len(found)
    return found


def test_the_search_of_the_catalogue_is_ranked_and_forgives_a_typo(client):
    assert ids(client, "search=Grunfeld")[0].endswith("/Grunfeld")
    assert ids(client, "search=grunfeldt")[:1] == ids(client, "search=Grunfeld")[:1]
    assert ids(client, "search=xyzzyplugh") == []
    assert set(ids(client, "search=diamonds")) >= {"ggplot2/diamonds"}


def test_a_search_reads_the_meanings_of_columns_and_the_description(client, catalog):
    found = ids(client, "search=coastal")
    assert "Ecdat/Airq" in found  # only a column's meaning says so
    assert "coastal" not in catalog["Ecdat/Airq"].title.lower()


def test_conditions_and_an_order_stand_on_top_of_a_search(client):
    ranked = ids(client, "search=survival")
    rows = client.get("/api/datasets/catalog/rows.json?size=max").json["rows"]
    small = {row["id"]: row["rows"] for row in rows if row["rows"] < 100}
    assert ids(client, "search=survival&where=rows:lt:100") == [id for id in ranked if id in small]
    ordered = ids(client, "search=survival&where=rows:lt:100&sort=rows:desc")
    assert [small[id] for id in ordered] == sorted((small[id] for id in ranked if id in small), reverse=True)
    assert sorted(ordered) == sorted(id for id in ranked if id in small)


def test_the_pages_of_a_search_are_its_ranking_cut(client):
    ranked = ids(client, "search=data")
    assert len(ranked) > 40
    pages = [client.get(f"/api/datasets/catalog/rows.json?search=data&size=20&page={page}").json for page in (1, 2, 3)]
    assert [row["id"] for page in pages for row in page["rows"]] == ranked[:60]
    assert {page["total"] for page in pages} == {len(ranked)}


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1", "x" * 200, "💥", "\x00", "a:b", "()[]\\"])
def test_any_search_of_the_catalogue_is_answered(client, search):
    response = client.get("/api/datasets/catalog/rows.json", query_string={"search": search, "size": 1})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ("package:eq:Ecdat", lambda row: row["package"] == "Ecdat"),
        ("time_series:eq:true", lambda row: row["time_series"]),
        ("field:eq:health", lambda row: row["field"] == "health"),
        ("field:null", lambda row: row["field"] is None),
        ("categories:gte:10", lambda row: row["categories"] >= 10),
    ],
)
def test_the_catalogue_is_narrowed_by_what_it_tells(client, where, holds):
    rows = client.get("/api/datasets/catalog/rows.json?size=max").json["rows"]
    expected = [row["id"] for row in rows if holds(row)]
    assert 0 < len(expected) < 757
    assert ids(client, f"where={where}") == expected


# Columns -------------------------------------------------------------------------------------------------


def test_rows_have_the_columns_asked_for_in_their_order(client, cars):
    answer = client.get(f"{CARS}/rows.json?columns=Price&columns=Make&columns=Price&sort=Weight&size=5")
    expected = cars.sort_values("Weight", kind="stable").head(5)[["Price", "Make"]]
    assert [list(row.items()) for row in answer.json["rows"]] == [
        [("Price", price), ("Make", make)] for price, make in expected.values.tolist()
    ]


@pytest.mark.parametrize("size", ["size=max", "size=100"])
def test_a_csv_has_the_columns_asked_for_in_their_order(client, cars, size):
    text = client.get(f"{CARS}/rows.csv?columns=Price&columns=Make&where=Price:gt:40&{size}").text
    kept = cars[cars.Price > 40]
    assert text.splitlines() == ['"Price","Make"', *(f'{p:g},"{m}"' for p, m in zip(kept.Price, kept.Make))]


def test_a_condition_and_an_order_may_name_a_column_that_is_not_shown(client, cars):
    answer = client.get(f"{CARS}/rows.json?columns=Make&where=Type:eq:Van&sort=Price:desc&size=max").json
    vans = cars[cars.Type == "Van"].assign(lower=-cars.Price).sort_values("lower", kind="stable")
    assert answer["rows"] == [{"Make": make} for make in vans.Make]


def test_columns_of_any_name_are_shown(hard):
    rows = hard.get("/api/datasets/box/hard/rows.json", query_string={"columns": ["a%3Ab%253A", ""]}).json["rows"]
    assert rows == [{"a:b%3A": number, "": other} for number, other in zip([1, 2, 3, 4], [1, 2, 2, 2])]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("columns=nope", "Cannot show “nope”; columns are Manufacturer"),
        ("&".join(["columns=Price"] * 251), "names 251 columns; at most 250"),
    ],
)
def test_columns_that_cannot_be_shown_are_refused(client, query, words):
    assert words in refusal(client.get(f"{CARS}/rows.json?{query}"), 400)


def test_a_search_of_the_catalogue_without_a_row_says_which_condition_to_leave_out(client):
    status = text_of(ask_table(client, "?search=coastal&where=rows:gt:99999999")["status"]["children"])
    rows = client.get("/api/datasets/catalog/rows.json?search=coastal").json["total"]
    assert rows > 0
    assert f"Without “rows is above 99999999” {rows} row" in status
