"""Measure a whole table downloaded as CSV from the viewer and from Datasette: `python -m benchmarks.downloads`.

Each server is its own usual one; every download has a connection of its own and asks for no compression, as curl does.
They take turns, each at rest before. The clock starts before the connection is made; the first byte is that of the
file, not of the headers. What came is looked at after the clock has stopped. Prints rows of Markdown.
"""

import argparse
import io
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

from benchmarks import environments, neighbours, viewer_server
from benchmarks.datasets import bare_name
from benchmarks.markdown import Row, ms, ratio, spread
from benchmarks.processes import settle_cpu
from dataviewer import Catalog

DATASET = "gap/mhtdata"
ROUNDS = 7
END_OF_HEADERS = b"\r\n\r\n"
PART = 2**18  # bytes read from a connection at once, at most
TIMES_FASTER = 5
SHARE_OF_FIRST = 0.1


@dataclass(frozen=True)
class Download:
    """Seconds until the whole file was there and until its first byte was, and its bytes."""

    seconds: float
    first_seconds: float
    size: int


@dataclass(frozen=True)
class Downloads:
    """The downloads from both, in the order in which they took turns."""

    viewer: list[Download]
    datasette: list[Download]


def measure(cache: Path) -> Downloads:
    """Download the table ROUNDS times from each, and once before, unmeasured."""
    print(f"downloading {DATASET}", file=sys.stderr, flush=True)
    catalog = Catalog(settings={"cache": str(cache)})
    lines = catalog[DATASET].rows + 1
    python = environments.install(environments.DATASETTE)
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "tables.db"
        neighbours.write_database(database, catalog, [DATASET])
        with viewer_server.serve(cache) as server, neighbours.serve_datasette(python, database) as other:
            ours = f"{server.url}/api/datasets/{DATASET}/rows.csv?size=max", server.worker
            theirs = f"{other.url}{bare_name(DATASET)}.csv?_stream=on", other.pid
            turns = [[_download(*source, lines) for source in (ours, theirs)] for _ in range(1 + ROUNDS)]
    return Downloads(*map(list, zip(*turns[1:])))


def _download(url: str, pid: int, lines: int) -> Download:
    """Download a file from a process at rest; raise if it has another number of lines."""
    address = urlsplit(url)
    headers = ["Host: " + address.netloc, "Accept-Encoding: identity", "Connection: close"]
    request = f"GET {address.path}?{address.query} HTTP/1.1\r\n" + "\r\n".join(headers) + "\r\n\r\n"
    settle_cpu(pid)
    start = time.perf_counter()
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(request.encode())
        received, first = bytearray(), None
        while part := connection.recv(PART):
            received += part
            if first is None and received.partition(END_OF_HEADERS)[2]:
                first = time.perf_counter()
    end = time.perf_counter()
    body = _body(bytes(received))
    if (found := body.count(b"\n")) != lines:
        raise RuntimeError(f"{url} answered {found} lines, not {lines}")
    return Download(round(end - start, 4), round(first - start, 4), len(body))


def _body(received: bytes) -> bytes:
    """Return the file in an answer."""
    response = HTTPResponse(SimpleNamespace(makefile=lambda mode: io.BytesIO(received)))
    response.begin()
    if response.status != 200:
        raise RuntimeError(f"the server answered {response.status}")
    return response.read()


def rows(downloads: Downloads) -> Iterator[Row]:
    """Yield the lines for the whole time, beside Datasette's, and for the first byte, beside the whole time."""
    ours, theirs = ([one.seconds for one in side] for side in (downloads.viewer, downloads.datasette))
    first, other_first = ([one.first_seconds for one in side] for side in (downloads.viewer, downloads.datasette))
    median, other = statistics.median(ours), statistics.median(theirs)
    sizes = [f"{side[0].size / 1e6:.1f} MB" for side in (downloads.viewer, downloads.datasette)]
    yield Row(
        f"{DATASET} as CSV, whole ({len(ours)})",
        f"{spread(ours)}; {sizes[0]}",
        f"Datasette: {spread(theirs)}; {sizes[1]}; {ratio(median, other)}",
        median,
        other / TIMES_FASTER,
        f"1/{TIMES_FASTER}",
    )
    begun = statistics.median(first)
    yield Row(
        "its first byte",
        f"{spread(first)}; {begun / median:.2f} of the whole",
        f"Datasette: {ms(statistics.median(other_first))}",
        begun,
        median * SHARE_OF_FIRST,
        f"{SHARE_OF_FIRST:g} of the whole",
    )


def main() -> None:
    argparse.ArgumentParser("python -m benchmarks.downloads", description=__doc__.splitlines()[0]).parse_args()
    environments.install(environments.DATASETTE)
    with tempfile.TemporaryDirectory() as cache:
        print("\n".join(row.markdown() for row in rows(measure(Path(cache)))))


if __name__ == "__main__":
    main()
