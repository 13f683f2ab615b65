import logging
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import termios
import time
from dataclasses import fields, replace
from pathlib import Path

import pyarrow as pa
import pytest

from dataviewer import documentation
from dataviewer.dataset import Column, CountTable, Dataset, Panel, TimeAxis, normalise
from dataviewer.describe import describe
from dataviewer.sources import archive, store
from tests.conftest import ROOT

OPEN = "import sys; from dataviewer.sources import store; print(len(store.open_store(sys.argv[1])))"


def start(folder: Path, **options) -> subprocess.Popen:
    """A process of its own that opens the store in `folder` and prints how many datasets it got."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True, **options
    )


def stored(folder: Path) -> list[Path]:
    return list(folder.glob("*.arrow"))


@pytest.fixture(scope="session")
def converted(catalog, cache) -> Path:
    """The store of the session, as it must not be changed."""
    return stored(cache)[0]


@pytest.fixture
def folder(converted, tmp_path) -> Path:
    """A folder with a store of its own."""
    shutil.copy(converted, tmp_path)
    return tmp_path


MOMENTS = {
    "while converting": lambda folder: any(folder.glob("*.lock")),
    "while writing": lambda folder: any(folder.glob("*.part")),
}


def test_a_killed_start_leaves_no_half_store_and_the_next_one_works(tmp_path):
    for moment, has_come in MOMENTS.items():
        process = start(tmp_path)
        while not has_come(tmp_path) and process.poll() is None:
            pass  # writing lasts milliseconds: whoever waits between two looks comes too late
        process.kill()
        process.communicate()
        assert all(pa.ipc.open_file(str(path)).read_all().num_rows == 757 for path in stored(tmp_path)), moment
    assert len(store.open_store(str(tmp_path))) == 757
    assert len(stored(tmp_path)) == 1


def die_after_writing(size: int) -> None:
    """Let the system end this process, without a word to Python, once it has written `size` bytes of a file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_start_that_dies_halfway_through_writing_leaves_a_part_that_the_next_one_clears(tmp_path):
    # Python ignores this signal unless told; by default it kills.
    script = f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); {OPEN}"
    died = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, preexec_fn=lambda: die_after_writing(10_000_000)
    )
    assert died.returncode == -signal.SIGXFSZ
    assert stored(tmp_path) == []
    assert [part.stat().st_size for part in tmp_path.glob("*.part")] == [10_000_000]
    assert len(store.open_store(str(tmp_path))) == 757
    assert {path.suffix for path in tmp_path.iterdir()} == {".arrow", ".lock"}


def test_a_full_disk_leaves_no_part_and_the_datasets_come_from_memory(tmp_path):
    process = start(tmp_path, preexec_fn=lambda: die_after_writing(10_000_000), stderr=subprocess.PIPE)
    said, warned = process.communicate()
    assert (process.returncode, said) == (0, "757\n")
    assert "converting in memory" in warned
    assert "Preparing" not in warned, "a bar, though no terminal"
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


def read_terminal(terminal: int) -> str:
    """All that was written to a pseudo-terminal whose other end is closed."""
    text = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            chunk = b""
        if not chunk:
            os.close(terminal)
            return text.decode()
        text += chunk


def start_on_terminal(folder: Path) -> tuple[subprocess.Popen, int]:
    terminal, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = start(folder, stderr=theirs)
    os.close(theirs)
    return process, terminal


def test_of_four_that_start_at_once_one_converts_and_all_get_everything(tmp_path):
    """On a terminal who converts shows a bar, and nobody else writes anything."""
    started = [start_on_terminal(tmp_path) for _ in range(4)]
    written = [read_terminal(terminal) for _, terminal in started]
    assert [process.communicate()[0] for process, _ in started] == ["757\n"] * 4
    assert sorted("Preparing datasets" in text and "757/757" in text for text in written) == [False] * 3 + [True]
    assert sorted(map(bool, written)) == [False] * 3 + [True]


def test_a_folder_that_cannot_be_is_replaced_by_memory_with_a_warning(caplog):
    datasets = store.open_store(str(Path(__file__) / "below-a-file"))
    assert len(datasets) == 757
    assert datasets[0].load().num_rows == datasets[0].rows
    assert [(r.levelno, "converting in memory" in r.message) for r in caplog.records] == [(logging.WARNING, True)]


DAMAGES = {
    "empty": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "zeros at the start": lambda content: bytes(100_000) + content[100_000:],
    "zeros at the end": lambda content: content[:-5000] + bytes(4990) + content[-10:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_store_is_made_anew(folder, damage, converted, caplog):
    path = stored(folder)[0]
    path.write_bytes(damage(path.read_bytes()))
    assert len(store.open_store(str(folder))) == 757
    assert "is damaged" in caplog.text
    assert path.read_bytes() == converted.read_bytes()


def test_another_format_makes_a_new_store_and_removes_the_old(folder, monkeypatch):
    old = stored(folder)[0]
    monkeypatch.setattr(store, "FORMAT", store.FORMAT + 1)
    assert len(store.open_store(str(folder))) == 757
    assert len(stored(folder)) == 1
    assert not old.exists()


def test_the_second_opening_is_quick_and_converts_nothing(folder):
    path = stored(folder)[0]
    before = path.stat()
    began = time.perf_counter()
    assert len(store.open_store(str(folder))) == 757
    assert time.perf_counter() - began < 1  # seconds
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [path.suffix for path in folder.iterdir()] == [".arrow"]


def test_a_store_can_be_read_by_whoever_the_umask_lets(converted):
    umask = os.umask(0)
    os.umask(umask)
    assert converted.stat().st_mode & 0o777 == 0o666 & ~umask


ONE_OF_EACH = (
    "datasets/AirPassengers",  # decimal years
    "datasets/WorldPhones",  # years as row names
    "Ecdat/Garch",  # dates as whole numbers
    "MASS/epil",  # a panel, with columns that are fixed
    "datasets/airquality",  # a clock that starts anew
    "datasets/HairEyeColor",  # counts in a column
    "datasets/esoph",  # counts without one
    "HistData/Macdonell",  # counts over numbers
    "Zelig/sna.ex",  # no rows
    "datasets/mtcars",  # units in the help page
)


@pytest.fixture(scope="module")
def entries() -> dict[str, archive.Entry]:
    return {entry.id: entry for entry in archive.entries(archive.archive_path()) if entry.id in ONE_OF_EACH}


@pytest.mark.parametrize("id", ONE_OF_EACH)
def test_what_is_known_of_a_dataset_survives_the_store(catalog, entries, id):
    kept, entry = catalog[id], entries[id]
    table = normalise(archive.read_csv(entry.csv))
    bare = [replace(column, meaning="", unit="", title="") for column in kept.columns]
    described = describe(entry.id, entry.title, entry.package, table, load=None)
    assert replace(kept, columns=tuple(bare)) == described
    assert kept.load().equals(table)


@pytest.mark.parametrize("id", ONE_OF_EACH)
def test_what_the_help_page_says_of_a_column_survives_the_store(catalog, entries, id):
    names = [column.name for column in catalog[id].columns if column.name != "rownames"]
    told = documentation.parse(entries[id].doc.decode(errors="replace"), names).columns
    for column in catalog[id].columns:
        said = (column.meaning, column.unit, column.title)
        page = told.get(column.name)
        assert said == ((page.meaning, page.unit, page.title) if page else ("", "", "")), column.name


def test_the_help_page_gives_columns_their_meaning_and_unit(catalog):
    weight = catalog["datasets/mtcars"].column("wt")
    assert (weight.meaning, weight.unit, weight.title) == ("Weight (lb/1000)", "lb/1000", "Weight (lb/1000)")
    names = catalog["datasets/mtcars"].column("rownames")
    assert (names.meaning, names.unit, names.title) == ("", "", "")


def test_parts_that_a_dataset_lacks_are_none(catalog):
    assert (catalog["datasets/iris"].time, catalog["datasets/iris"].panel, catalog["datasets/iris"].counts) == (
        None,
    ) * 3
    assert isinstance(catalog["MASS/epil"].panel.fixed, tuple) and isinstance(
        catalog["datasets/esoph"].counts.by, tuple
    )
    assert hash(catalog["MASS/epil"].panel) == hash(Panel(**vars(catalog["MASS/epil"].panel)))


def test_the_schema_has_a_place_for_every_fact():
    columns = store.SCHEMA.field("columns").type.value_type
    assert [field.name for field in columns] == [field.name for field in fields(Column)]
    for name, kind in {"time": TimeAxis, "panel": Panel, "counts": CountTable}.items():
        assert [field.name for field in store.SCHEMA.field(name).type] == [field.name for field in fields(kind)]
    known = {field.name for field in fields(Dataset)} - {"load", "help", "find"}
    assert set(store.SCHEMA.names) == known | {"doc", "data"}


def test_each_loading_gives_the_same_rows(catalog):
    dataset = catalog["datasets/iris"]
    assert dataset.load().equals(dataset.load())
