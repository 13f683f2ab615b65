"""A dataset in the vocabularies of others, read by those who wrote them."""

import datetime
import hashlib
import json
import logging
from urllib.parse import unquote

import mlcroissant
import pandas as pd
import pytest

from dataviewer import Catalog, create_app, exports
from dataviewer.about import LICENCE
from dataviewer.dataset import kind_of
from dataviewer.metadata import DATA_TYPES
from tests.web import reader, served

# The library's own: what it parses JSON-LD with is about to change.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

HARD = "box/v1.2 ü"
RECOMMENDED = {"datePublished", "license", "version"}  # of which the collection says nothing


def hard() -> pd.DataFrame:
    times = pd.to_datetime(["2020-02-29 12:00:00", None, "1969-12-31 00:00:00"]).astype("datetime64[us]")
    return pd.DataFrame(
        {
            "whole": [1, -(2**40), 3],
            "half": [0.1, None, 1e-300],
            "a b/é:%?#": ['x"y\n,', "", "</script>"],
            "a%20b": ["p", "q", "r"],
            "a b": ["s", "t", "u"],
            "": [1, 2, 3],
            "day": [datetime.date(2020, 2, 29), None, datetime.date(1, 1, 1)],
            "time": times,
            "yes": pd.array([True, None, False], "boolean"),
            "none": [None] * 3,
        }
    )


@pytest.fixture(scope="module")
def box():
    tall = pd.DataFrame({"n": range(1_048_576)})
    return create_app(Catalog.from_frames({HARD: hard(), "tall": tall, "bare": pd.DataFrame()}), prefix="/data").server


@pytest.fixture
def small(box):
    return reader(box)


def told(client, id: str, name: str, prefix: str = "/") -> dict:
    response = client.get(f"{prefix}api/datasets/{id}/{name}")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/ld+json")
    return json.loads(response.text)


def judged(described: dict) -> mlcroissant.Dataset:
    """Return the dataset as the reference implementation reads it; fail where it finds fault."""
    dataset = mlcroissant.Dataset(jsonld=described)
    issues = dataset.metadata.ctx.issues
    assert issues.errors == set()
    assert {warning.partition("org/")[2].partition('"')[0] for warning in map(str, issues.warnings)} <= RECOMMENDED
    return dataset


# Croissant -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["Ecdat/Airq", "datasets/AirPassengers", "gap/mhtdata", "catalog"])
def test_croissant_is_valid_by_its_own_library(client, id):
    judged(told(client, id, "croissant.json"))


@pytest.mark.parametrize("id", [HARD, "bare"])
def test_croissant_of_a_frame_is_valid_by_its_own_library(small, id):
    described = told(small, id, "croissant.json", "/data/")
    judged(described)
    assert "licen" not in json.dumps(described).lower()


def test_the_digest_and_the_size_are_those_of_the_file(small, client):
    for reads, id, prefix in ((small, HARD, "/data/"), (client, "Ecdat/Airq", "/")):
        (file,) = told(reads, id, "croissant.json", prefix)["distribution"]
        body = reads.get(file["contentUrl"].removeprefix("http://localhost")).data
        assert file["sha256"] == hashlib.sha256(body).hexdigest()
        assert file["contentSize"] == f"{len(body)} B"
        assert file["encodingFormat"] == "text/csv"


def test_every_kind_of_column_has_a_type(catalog):
    assert set(DATA_TYPES) == {column.kind for dataset in catalog.values() for column in dataset.columns} | set(
        map(kind_of, Catalog.from_frames({"x": hard()})["x"].load().schema.types)
    )


def test_the_columns_are_fields_with_their_types(client):
    (records,) = told(client, "Ecdat/Airq", "croissant.json")["recordSet"]
    types = {field["name"]: field["dataType"] for field in records["field"]}
    assert types == {
        "airq": "sc:Integer",
        "vala": "sc:Float",
        "rain": "sc:Float",
        "coas": "sc:Text",
        "dens": "sc:Float",
        "medi": "sc:Integer",
    }


def test_the_rows_are_read_by_the_library_as_they_are(box, tmp_path, monkeypatch):
    """By its address alone: file fetched, digest checked, values cast to their types."""
    monkeypatch.setenv("HOME", str(tmp_path))
    frame = hard().drop(columns="")
    with served(box) as (host, port):
        dataset = mlcroissant.Dataset(jsonld=f"http://{host}:{port}/data/api/datasets/{HARD}/croissant.json")
        records = list(dataset.records("rows"))
    read = {unquote(name.removeprefix("rows/")): [record[name] for record in records] for name in records[0]}
    assert set(read) == set(frame.columns) | {"a b"}
    assert read["whole"] == frame["whole"].tolist()
    assert read["half"][0] == 0.1 and read["half"][2] == 1e-300
    assert [text.decode() for text in (read["a b/é:%?#"][0], read["a b/é:%?#"][2])] == ['x"y\n,', "</script>"]
    assert [text.decode() for text in read["a%20b"] + read["a b"]] == list("pqrstu")


# schema.org ----------------------------------------------------------------------------------------


def test_schema_org_is_told_what_is_known(client):
    known = told(client, "Ecdat/Airq", "metadata.jsonld")
    assert known["@context"] == {"@vocab": "https://schema.org/"}
    assert (known["@type"], known["identifier"]) == ("Dataset", "Ecdat/Airq")
    assert known["name"] == "Air Quality for Californian Metropolitan Areas"
    assert known["url"] == "http://localhost/?dataset=Ecdat/Airq"
    assert known["keywords"] == ["Ecdat", "economics"]
    assert known["variableMeasured"][2] == {
        "@type": "PropertyValue",
        "name": "rain",
        "description": "amount of rain (in inches)",
        "unitText": "inches",
    }
    assert known["usageInfo"]["text"] == LICENCE
    assert "license" not in known


def test_every_file_that_is_named_can_be_had_in_its_type(client):
    files = told(client, "Ecdat/Airq", "metadata.jsonld")["distribution"]
    assert [file["name"] for file in files] == [f"rows.{name}" for name in exports.FORMATS]
    for file in files:
        response = client.get(file["contentUrl"].removeprefix("http://localhost"))
        assert (response.status_code, response.mimetype) == (200, file["encodingFormat"])


def test_a_file_that_cannot_hold_the_rows_is_not_named(small):
    files = [file["name"] for file in told(small, "tall", "metadata.jsonld", "/data/")["distribution"]]
    assert files == [f"rows.{name}" for name in exports.FORMATS if name != "xlsx"]


def test_addresses_are_those_that_browsers_see():
    settings = {"public_prefix": "/outside/"}
    app = create_app(Catalog.from_frames({HARD: hard()}), prefix="/inside", settings=settings)
    described = told(reader(app.server), HARD, "metadata.jsonld", "/inside/")
    addresses = [described["url"], *(file["contentUrl"] for file in described["distribution"])]
    assert all(address.startswith("http://localhost/outside/") for address in addresses)
    assert described["distribution"][0]["contentUrl"].endswith("/box/v1.2%20%C3%BC/rows.json?size=max")


def test_a_dataset_leads_to_its_metadata(client):
    link = client.get("/api/datasets/Airq").headers["Link"]
    assert link == '</api/datasets/Ecdat/Airq/metadata.jsonld>; rel="describedby"; type="application/ld+json"'
    assert client.get("/api/datasets/Ecdat/Airq/metadata.jsonld").status_code == 200


@pytest.mark.parametrize("name", ["metadata.jsonld", "croissant.json"])
def test_what_a_reader_has_is_not_told_again(client, name):
    tag = client.get(f"/api/datasets/Airq/{name}").headers["ETag"]
    again = client.get(f"/api/datasets/Airq/{name}", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level(logging.ERROR)
