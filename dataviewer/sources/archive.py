"""The archive that the installed package `pydataset` ships, read as R wrote it.

Nothing of `pydataset` is called: importing it unpacks 81 MB into the home folder, and its reader hides 30 of the
757 datasets and turns text such as "None" into missing values.
"""

import csv
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath

import numpy as np
import pyarrow as pa
import pyarrow.csv

ROOT = PurePosixPath("resources/rdata")
ROWNAMES = "rownames"
QUOTE, COMMA, NEWLINE = b'",\n'


@dataclass(frozen=True)
class Entry:
    """One dataset of the archive: its line in the index, its CSV and its R help page (HTML), as bytes."""

    package: str
    item: str
    title: str
    csv: bytes
    doc: bytes

    @property
    def id(self) -> str:
        return f"{self.package}/{self.item}"


def archive_path() -> Path:
    """Return where the installed package keeps its archive, found without importing the package."""
    return Path(metadata.distribution("pydataset").locate_file("pydataset/resources.tar.gz"))


def entries(path: Path) -> Iterator[Entry]:
    """Return the archive's datasets in the order of its index. Reads the archive once, in memory."""
    with tarfile.open(path) as archive:
        # Names that start with "._" are litter of the Mac that packed it.
        members = (member for member in archive if member.isfile() and "/._" not in member.name)
        files = {PurePosixPath(member.name): archive.extractfile(member).read() for member in members}
    for line in csv.DictReader(io.StringIO(files[ROOT / "datasets.csv"].decode())):
        package, item = line["Package"], line["Item"]
        rows = files.pop(ROOT / "csv" / package / f"{item}.csv")
        doc = files.pop(ROOT / "doc" / package / f"{item}.html")
        yield Entry(package, item, line["Title"], rows, doc)


def read_csv(content: bytes) -> pa.Table:
    """Return the table that R wrote as `content`.

    What R quoted is text, whatever it looks like; bare NA is missing; dates, timestamps and logicals are typed.
    R's row names stay as the first column, `rownames`, unless they only count 1..n.
    """
    header, quoted = quoted_columns(content)
    table = pa.csv.read_csv(
        pa.BufferReader(content),
        # Names could repeat, positions cannot.
        read_options=pa.csv.ReadOptions(skip_rows=1, column_names=[str(i) for i in range(len(header))]),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            null_values=["NA"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            column_types={str(i): pa.string() for i in np.flatnonzero(quoted)},
        ),
    )
    if _is_count(table["0"]):
        return table.drop_columns("0").rename_columns(header[1:])
    return table.rename_columns([ROWNAMES, *header[1:]])


def quoted_columns(content: bytes) -> tuple[list[str], np.ndarray]:
    """Return the column names and, for each column, whether R quoted a value of it.

    A field starts after each comma or newline outside quotes; R doubles a quote inside quotes, which leaves
    "inside" as it was.
    """
    data = np.frombuffer(content, np.uint8)
    inside = np.bitwise_xor.accumulate(data == QUOTE)
    ends = np.flatnonzero(((data == COMMA) | (data == NEWLINE)) & ~inside)
    width = int(np.flatnonzero(data[ends] == NEWLINE)[0]) + 1
    starts = np.concatenate([[0], ends + 1])[: len(ends)]
    quoted = (data[starts] == QUOTE).reshape(-1, width)
    header = next(csv.reader([content[: ends[width - 1]].decode()]))
    return header, quoted[1:].any(axis=0)


def _is_count(names: pa.ChunkedArray) -> bool:
    return names.to_pylist() == [str(i) for i in range(1, len(names) + 1)]
