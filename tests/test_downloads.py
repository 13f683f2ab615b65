"""Rows by their address: what the answer says of itself, what is not sent again, and what a real gunicorn holds."""

import csv
import gzip
import io
import json
import os
import re
import socket
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from urllib.parse import unquote

import brotli
import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from dataviewer import Catalog, Dataset, create_app
from dataviewer.dataset import Column
from tests import processes
from tests.conftest import ROOT, free_port, running, wait_until
from tests.web import reader

AIRQ = "/api/datasets/Ecdat/Airq"
FILTERED = "where=coas:eq:yes&sort=rain:desc"
TYPES = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.file",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PACKED = ("parquet", "xlsx")  # what no compression makes smaller


@pytest.fixture(scope="module")
def client(app):
    return reader(app.server)


def read(name: str, content: bytes) -> list[list]:
    """Return names and rows of a file, as text, missing as ""."""
    if name == "csv":
        return list(csv.reader(io.StringIO(content.decode(), newline="")))
    if name == "xlsx":
        rows = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    elif name in ("parquet", "arrow"):
        source = pa.BufferReader(content)
        table = pa.parquet.read_table(source) if name == "parquet" else pa.ipc.open_file(source).read_all()
        rows = [table.column_names, *(list(row.values()) for row in table.to_pylist())]
    else:
        objects = json.loads(content)["rows"] if name == "json" else map(json.loads, content.splitlines())
        objects = list(objects)
        rows = [list(objects[0]), *(list(row.values()) for row in objects)]
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


def as_text(rows: list[list[str]]) -> list[list[str]]:
    """Return cells as one spelling of a number: 4 and 4.0 are one."""
    return [
        [str(float(cell)) if re.fullmatch(r"-?\d+(\.\d+)?(e[-+]\d+)?", cell) else cell for cell in row] for row in rows
    ]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize(
    "query", ["size=max", "size=7&page=2", f"{FILTERED}&size=max", f"{FILTERED}&columns=rain&size=5"]
)
def test_every_format_holds_the_rows_of_the_view(client, name, query):
    plain = client.get(f"{AIRQ}/rows.csv?{query}").data
    assert as_text(read(name, client.get(f"{AIRQ}/rows.{name}?{query}").data)) == as_text(read("csv", plain))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("size", ["max", "10"])
def test_an_answer_says_what_it_is(client, name, size):
    response = client.get(f"{AIRQ}/rows.{name}?size={size}&{FILTERED}")
    assert response.headers.getlist("Content-Type") == [TYPES[name]]
    assert response.headers["X-Total-Count"] == "21"
    assert response.headers["Accept-Ranges"] == "none"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "private, no-cache"
    shown = size == "10" and name in ("json", "ndjson", "csv")
    assert response.headers["Content-Disposition"].startswith("inline;" if shown else "attachment;")
    assert ("Content-Length" in response.headers) == (size == "10")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("size=max", "Ecdat-Airq.csv"),
        ("", "Ecdat-Airq.csv"),
        ("size=max&sort=rain", "Ecdat-Airq.csv"),
        ("size=max&page=3", "Ecdat-Airq.csv"),
        ("size=max&where=coas:eq:yes", "Ecdat-Airq-21-of-30-rows.csv"),
        ("size=max&where=coas:notnull", "Ecdat-Airq.csv"),
        ("where=rain:gt:999", "Ecdat-Airq-0-of-30-rows.csv"),
        ("size=max&columns=rain&columns=airq", "Ecdat-Airq-2-of-6-columns.csv"),
        ("size=10&page=2", "Ecdat-Airq-page-2.csv"),
        ("size=10", "Ecdat-Airq-page-1.csv"),
        ("where=coas:eq:yes&columns=rain&size=10&page=2", "Ecdat-Airq-21-of-30-rows-1-of-6-columns-page-2.csv"),
    ],
)
def test_a_file_is_named_by_what_it_holds(client, query, name):
    assert disposition(client.get(f"{AIRQ}/rows.csv?{query}")) == (name, None)


def disposition(response) -> tuple[str, str | None]:
    """Return the name of a file in ASCII, and in full where that differs."""
    pattern = r"(?:inline|attachment); filename=\"([\w.-]+)\"(?:; filename\*=UTF-8''([\w.%-]+))?"
    plain, full = re.fullmatch(pattern, response.headers["Content-Disposition"], re.ASCII).groups()
    return plain, full and unquote(full)


@pytest.mark.parametrize(
    ("id", "names"),
    [
        ("box/v1 ü/x", ("box-v1-x.csv", "box-v1-ü-x.csv")),
        ("box/数据", ("box.csv", "box-数据.csv")),
        ("数/据", ("dataset.csv", "数-据.csv")),
        ('a/../.."\\\t; name=x', ("a-..-..-name-x.csv", None)),
        ("a/.hidden", ("a-.hidden.csv", None)),
        ("x/" + "n" * 300, ("x-" + "n" * 98 + ".csv", None)),
        ("a/b\u202egpj", ("a-b-gpj.csv", None)),
    ],
)
def test_any_id_makes_a_name_that_any_browser_can_keep(id, names):
    client = reader(create_app(Catalog.from_frames({id: pd.DataFrame({"a": [1]})})).server)
    (found,) = client.get("/api/datasets").json["datasets"]
    assert disposition(client.get(f"/api/datasets/{quoted(found['id'])}/rows.csv")) == names


def quoted(id: str) -> str:
    return "".join(f"%{byte:02X}" if chr(byte) != "/" else "/" for byte in id.encode())


# Paging ----------------------------------------------------------------------------------------------


def walk(client, address: str, way: str) -> Iterator[dict]:
    while address:
        response = client.get(address)
        assert response.status_code == 200, address
        links = {way: link for link, way in re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers.get("Link", ""))}
        assert links == {way: response.json[way] for way in ("previous", "next") if response.json[way]}
        yield response.json
        address = response.json[way]


@pytest.mark.parametrize("prefix", ["/", "/data/"])
def test_the_links_of_a_page_lead_through_every_row_and_back(catalog, prefix):
    client = reader(create_app(catalog, prefix=prefix).server)
    query = "size=4&sort=rain:desc&where=coas:eq:yes&columns=rain&columns=airq&search=1"
    forth = list(walk(client, f"{prefix}api/datasets/Airq/rows.json?{query}", "next"))
    whole = client.get(f"{prefix}api/datasets/Airq/rows.json?{query}&size=max").json
    assert [page["page"] for page in forth] == list(range(1, len(forth) + 1))
    assert [row for page in forth for row in page["rows"]] == whole["rows"]
    assert len(whole["rows"]) == whole["total"] > 8
    assert "next" not in whole
    back = list(walk(client, f"{prefix}api/datasets/Airq/rows.json?{query}&page={len(forth)}", "previous"))
    assert back == forth[::-1]


def test_the_links_begin_where_browsers_see_the_viewer(catalog):
    client = reader(create_app(catalog, settings={"public_prefix": "/outside/"}).server)
    answer = client.get("/api/datasets/Airq/rows.ndjson?size=10&page=2")
    assert answer.headers["Link"] == (
        '</outside/api/datasets/Ecdat/Airq/rows.ndjson?size=10>; rel="previous", '
        '</outside/api/datasets/Ecdat/Airq/rows.ndjson?page=3&size=10>; rel="next"'
    )


def test_a_page_far_beyond_the_end_leads_back_to_the_last(client):
    answer = client.get(f"{AIRQ}/rows.json?page=1000000000&size=7").json
    assert (answer["rows"], answer["total"], answer["next"]) == ([], 30, None)
    assert answer["previous"] == f"{AIRQ}/rows.json?page=5&size=7"
    assert client.get(f"{AIRQ}/rows.ndjson?page=1000000000").data == b""


def test_names_that_are_hard_to_spell_are_in_the_links():
    frame = pd.DataFrame({'a":>é, <b': [1, 2, 3]})
    client = reader(create_app(Catalog.from_frames({"box ü/x?&y": frame})).server)
    first = "/api/datasets/box%20%C3%BC/x%3F%26y/rows.json?size=1&sort=a%22%253A%3E%C3%A9,%20%3Cb:desc"
    assert [page["rows"] for page in walk(client, first, "next")] == [[{'a":>é, <b': n}] for n in (3, 2, 1)]


# What a reader has already ---------------------------------------------------------------------------

ANSWERS = [
    "/api/datasets",
    AIRQ,
    *(f"{AIRQ}/rows.{name}?{FILTERED}&size={size}" for name in TYPES for size in ("5", "max")),
    f"{AIRQ}/figure.json",
    f"{AIRQ}/figure.html",
    f"{AIRQ}/profile.json?where=coas:eq:yes",
    f"{AIRQ}/quality.json",
    f"{AIRQ}/row.json?row=3",
    "/api/datasets/catalog/rows.json?search=air",
]


@pytest.mark.parametrize("address", ANSWERS)
def test_what_a_reader_has_already_is_not_sent_again(client, address):
    first = client.get(address)
    tag, weak = first.get_etag()
    assert weak  # the same content, in another encoding other bytes
    for known in (f'W/"{tag}"', f'"{tag}"', f'"other", W/"{tag}"'):
        for method in ("GET", "HEAD"):
            again = client.open(address, method=method, headers={"If-None-Match": known, "Accept-Encoding": "br"})
            assert (again.status_code, again.data) == (304, b"")
            for header in ("ETag", "Cache-Control"):
                assert again.headers[header] == first.headers[header]
            assert "Accept-Encoding" in again.headers["Vary"]
            assert "Content-Type" not in again.headers
    other = client.get(address, headers={"If-None-Match": '"other"'})
    assert (other.status_code, other.get_etag()) == (200, first.get_etag())
    if "html" not in address:
        assert other.data == first.data


def tag(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.text
    return response.get_etag()[0]


def test_every_other_answer_has_another_tag(client):
    queries = [
        "",
        "size=max",
        "size=5",
        "page=2",
        "sort=rain",
        "sort=rain:desc",
        "where=rain:gt:9",
        "search=9",
        "columns=rain",
    ]
    addresses = [f"{AIRQ}/rows.{name}?{query}" for name in TYPES for query in queries]
    addresses += [f"{AIRQ}/row.json?row={row}" for row in (1, 2)] + [f"{AIRQ}/profile.json", f"{AIRQ}/quality.json"]
    addresses += [f"{AIRQ}/figure.json?chart={kind}" for kind in ("line", "box")] + [
        AIRQ,
        "/api/datasets/datasets/iris",
    ]
    assert len({tag(client, address) for address in addresses}) == len(addresses)


def test_links_that_mean_one_view_have_one_tag(client):
    one = tag(client, f"{AIRQ}/rows.csv?size=100&where=coas:eq:yes&sort=rain:asc&page=1")
    assert tag(client, f"{AIRQ}/rows.csv?unknown=7&sort=rain&where=coas:eq:yes&chart=box&x=rain&dataset=other") == one


def frames_client(**columns):
    return reader(create_app(Catalog.from_frames({"x": pd.DataFrame(columns)})).server)


def test_another_content_has_another_tag():
    address = "/api/datasets/x/rows.csv"
    frames = [
        {"a": [1, 2]},
        {"a": [1, 3]},
        {"a": [1.0, 2.0]},
        {"b": [1, 2]},
        {"a": ["1", "2"]},
        {"a": [1, None]},
        {"a": []},
    ]
    tags = [tag(frames_client(**frame), address) for frame in frames]
    assert len(set(tags)) == len(frames)
    assert tag(frames_client(a=[1, 2]), address) == tags[0]


def test_what_is_known_already_runs_no_query():
    asked = []

    def find(text: str) -> np.ndarray:
        asked.append(text)
        return np.array([1, 0])

    table = pa.table({"a": [1, 2, 3]})
    dataset = Dataset("p/d", "", "p", 3, (Column("a", "integer", 0, 3, 1, 3),), load=lambda: table, find=find)
    client = reader(create_app(Catalog([dataset])).server)
    for name in ("rows.csv", "profile.json"):
        address = f"/api/datasets/p/d/{name}?search=x"
        known = client.get(address).headers["ETag"]
        before = list(asked)
        assert client.get(address, headers={"If-None-Match": known}).status_code == 304
        assert asked == before
    assert asked


def test_what_was_asked_in_vain_has_no_tag(client):
    for address in (f"{AIRQ}/rows.csv?sort=nope", f"{AIRQ}/rows.txt", f"{AIRQ}/row.json?row=99", "/api/datasets/nope"):
        response = client.get(address)
        assert response.status_code in (400, 404)
        assert not {"ETag", "Cache-Control"} & set(response.headers.keys())


# On the wire -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("size", ["max", "1000"])
def test_text_is_compressed_and_what_is_packed_already_is_not(client, name, size):
    address = f"/api/datasets/gap/mhtdata/rows.{name}?size={size}&where=chr:lte:2"
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    for encoding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get(address, headers={"Accept-Encoding": encoding})
        if name in PACKED:
            assert "Content-Encoding" not in packed.headers
            assert packed.data == plain.data
        else:
            assert packed.headers["Content-Encoding"] == encoding
            assert decode(packed.data) == plain.data
            assert len(packed.data) < len(plain.data) * 0.6
        assert packed.headers["ETag"] == plain.headers["ETag"]
        assert "Accept-Encoding" in packed.headers["Vary"]


def test_a_compressed_stream_leaves_part_by_part(client):
    address = "/api/datasets/gap/mhtdata/rows.csv?size=max"
    response = client.get(address, headers={"Accept-Encoding": "br"}, buffered=False)
    first = next(response.iter_encoded())
    assert brotli.Decompressor().process(first).startswith(b'"rsn","gene"')
    assert len(first) < 100_000
    response.close()


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("size", ["max", "10"])
@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_head_tells_what_get_would(client, name, size, encoding):
    address, headers = f"{AIRQ}/rows.{name}?size={size}&{FILTERED}", {"Accept-Encoding": encoding}
    head, get = client.head(address, headers=headers), client.get(address, headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    assert sorted(head.headers) == sorted(get.headers)


def test_ranges_are_not_served(client):
    whole = client.get(f"{AIRQ}/rows.csv")
    part = client.get(f"{AIRQ}/rows.csv", headers={"Range": "bytes=0-9", "If-Range": whole.headers["ETag"]})
    assert (part.status_code, part.data) == (200, whole.data)


@pytest.mark.parametrize("accepted", ["application/xml", "application/json", "nonsense", "*/*;q=0"])
def test_the_address_names_the_format_whatever_is_accepted(client, accepted):
    response = client.get(f"{AIRQ}/rows.csv", headers={"Accept": accepted})
    assert (response.status_code, response.mimetype) == (200, "text/csv")


@pytest.mark.parametrize("name", ["txt", "CSV", "json.gz", "", "x" * 500])
def test_an_unknown_format_names_those_there_are(client, name):
    response = client.get(f"{AIRQ}/rows.{name}")
    assert response.status_code == 404
    assert "json, ndjson, csv, parquet, arrow, xlsx" in response.json["error"] or name == ""


def test_what_a_sheet_cannot_hold_is_refused_before_anything_is_sent():
    frames = {"long": pd.DataFrame({"a": ["x", "y" * 32_768]}), "deep": pd.DataFrame({"a": np.zeros(1_048_576)})}
    client = reader(create_app(Catalog.from_frames(frames)).server)
    for address, words in (
        ("long/rows.xlsx?size=max", "“a” has 32,768 in row 2"),
        ("long/rows.xlsx?size=1&page=2", "“a” has 32,768 in row 2"),
        ("deep/rows.xlsx?size=max", "these are 1,048,576"),
    ):
        response = client.get(f"/api/datasets/{address}")
        assert (response.status_code, response.mimetype) == (400, "application/json")
        assert words in response.json["error"]
    for address in ("long/rows.xlsx?size=1", "long/rows.xlsx?size=max&where=a:eq:x", "deep/rows.xlsx?size=10"):
        assert client.get(f"/api/datasets/{address}").status_code == 200
    assert client.get("/api/datasets/long/rows.csv?size=max").status_code == 200


# Under a real gunicorn -------------------------------------------------------------------------------

ABOVE_IDLE_MAX = 100  # MB that downloads may take of a worker's memory
ROWS = 2_000_000
LARGEST = "/api/datasets/gap/mhtdata"
APP = """
import numpy as np, pyarrow as pa
from dataviewer import Catalog, Dataset, create_app
from dataviewer.dataset import Column
from dataviewer.sources.frames import from_frames

rows = np.arange(2_000_000)
mixed = rows * 7_919 % 1_000_003
long = pa.table({"n": mixed, "x": mixed / 7, "t": pa.array(mixed % 5000).cast("string"), "row": rows})
# The text of row 50,001 is none: a source that fails on the way.
offsets = pa.array(np.arange(60_001), pa.int32()).buffers()[1]
letters = pa.py_buffer(b"a" * 50_000 + b"\\xff" + b"a" * 9_999)
broken = pa.table({"t": pa.Array.from_buffers(pa.string(), 60_000, [None, offsets, letters])})
fails = Dataset("box/fails", "", "box", 60_000, (Column("t", "text", 0),), load=lambda: broken)
server = create_app(Catalog([*from_frames({"box/long": long}), fails])).server
"""


class Served:
    """A gunicorn of one worker as the Procfile starts it, what it holds, and what it has logged."""

    def __init__(self, port: int, master: int, log: Path):
        self.port, self._log = port, log
        (self.worker,) = processes.children(master)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, address: str, **headers: str) -> bytes:
        with closing(self.connect()) as connection:
            connection.request("GET", address, headers=headers)
            response = connection.getresponse()
            assert response.status == 200, address
            return response.read()

    def drain(self, address: str) -> int:
        """Read an answer to its end, keep none of it, and return its length."""
        with closing(self.connect()) as connection:
            connection.request("GET", address)
            response, length = connection.getresponse(), 0
            assert response.status == 200, address
            while part := response.read(2**16):
                length += len(part)
            return length

    def log(self) -> list[str]:
        return self._log.read_text().splitlines()


def serve(folder: Path, application: str) -> Iterator[Served]:
    port, log = free_port(), folder / "log"
    command = [sys.executable, "-m", "gunicorn", application, "-c", str(ROOT / "gunicorn.conf.py")]
    with log.open("w") as file:
        options = {"cwd": folder, "env": os.environ | {"PYTHONPATH": str(ROOT)}, "stderr": file}
        url = f"http://127.0.0.1:{port}/healthz"
        with running([*command, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"], url, **options) as process:
            yield Served(port, process.pid, log)


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Iterator[Served]:
    """A server of a frame of two million rows, and of one that fails on the way."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "frames.py").write_text(APP)
    yield from serve(folder, "frames:server")


@pytest.fixture(scope="module")
def archive(tmp_path_factory, catalog) -> Iterator[Served]:
    yield from serve(tmp_path_factory.mktemp("archive"), "app:server")


@processes.needs_proc
@pytest.mark.parametrize(
    ("name", "query", "rows"),
    [
        ("csv", "sort=t:desc&sort=x", ROWS),
        ("csv", "sort=n&where=n:gte:0", ROWS),
        ("json", "columns=n&columns=t", ROWS),
        ("ndjson", "sort=x:desc&columns=x", ROWS),
        ("parquet", "sort=t", ROWS),
        ("arrow", "search=7&sort=n:desc", None),
        ("xlsx", "where=row:lt:1048575&sort=t", 1_048_575),
    ],
)
def test_a_download_of_millions_of_rows_takes_little_memory(own, name, query, rows):
    base = "/api/datasets/box/long/rows"
    total = json.loads(own.get(f"{base}.json?size=1&{query}"))["total"]
    assert rows in (None, total)
    idle = processes.resident_mb(own.worker)
    processes.forget_peak(own.worker)
    length = own.drain(f"{base}.{name}?size=max&{query}")
    above = processes.peak_mb(own.worker) - idle
    print(f"{name} of {total:,} rows, {length / 1e6:.0f} MB: {above:.0f} MB above idle")
    assert length > total
    assert above < ABOVE_IDLE_MAX


@processes.needs_proc
def test_fifty_downloads_at_once_are_right_and_take_little_memory(archive):
    queries = [
        f"rows.{name}?size=max{order}" for name in TYPES for order in ("", "&sort=p:desc", "&search=7&sort=gene")
    ]
    wanted = {query: archive.drain(f"{LARGEST}/{query}") for query in queries}
    idle = processes.resident_mb(archive.worker)
    processes.forget_peak(archive.worker)
    quick = [query for query in queries if re.match(r"rows\.(csv|parquet|arrow)", query)]
    asked = [*queries, *quick * 7][:50]
    with ThreadPoolExecutor(50) as pool:
        lengths = list(pool.map(lambda query: archive.drain(f"{LARGEST}/{query}"), asked))
    above = processes.peak_mb(archive.worker) - idle
    print(f"fifty downloads: {above:.0f} MB above {idle:.0f} MB")
    assert lengths == [wanted[query] for query in asked]
    assert above < ABOVE_IDLE_MAX
    assert archive.log() == []


@processes.needs_proc
@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("encoding", ["identity", "br"])
def test_a_reader_who_leaves_frees_the_worker(own, name, encoding):
    """More of them than the worker has threads, each in the middle of an answer that would take long."""
    said, opened = len(own.log()), processes.open_files(own.worker)
    query = "where=row:lt:1000000&sort=row:desc"
    for _ in range(6):
        with socket.create_connection(("127.0.0.1", own.port)) as leaving:
            address = f"/api/datasets/box/long/rows.{name}?size=max&{query}"
            leaving.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {encoding}\r\n\r\n".encode())
            assert leaving.recv(4096).startswith(b"HTTP/1.1 200 ")
            # Closed with a reset, as by a process that is killed.
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert own.get("/healthz")
    wait_until(lambda: processes.is_idle(own.worker), what="rest of the worker")
    wait_until(lambda: processes.open_files(own.worker) <= opened, what="closing of all that was opened")
    assert len(own.log()) - said <= 6


@pytest.mark.parametrize("name", ["json", "ndjson", "xlsx"])
@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
def test_an_answer_that_fails_on_the_way_does_not_look_whole(own, name, encoding):
    with closing(own.connect()) as connection:
        connection.request(
            "GET", f"/api/datasets/box/fails/rows.{name}?size=max", headers={"Accept-Encoding": encoding}
        )
        response = connection.getresponse()
        assert (response.status, response.headers["Transfer-Encoding"]) == (200, "chunked")
        with pytest.raises(IncompleteRead) as raised:
            response.read()
    assert raised.value.partial
    assert any("can't decode byte 0xff" in line or "UTF8" in line for line in own.log())


def test_answers_of_one_connection_follow_each_other(archive):
    """What is told to be whole is: a keep-alive connection would show a byte too many or too few."""
    with closing(archive.connect()) as connection:
        for name in TYPES:
            for method in ("GET", "HEAD"):
                for query in ("size=max", "size=5", "size=5&where=rain:gt:999"):
                    connection.request(method, f"{AIRQ}/rows.{name}?{query}")
                    response = connection.getresponse()
                    content = response.read()
                    assert response.status == 200
                    assert bool(content) == (method == "GET" and not (name == "ndjson" and "rain" in query))
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}\n'
