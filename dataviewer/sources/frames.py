"""DataFrames and Arrow tables that a program hands over."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from dataviewer.dataset import Dataset, normalise
from dataviewer.describe import describe


def from_frames(frames: Mapping[str, pd.DataFrame | pa.Table], package: str = "frames") -> tuple[Dataset, ...]:
    """Return a dataset for each frame, named by its key; a key `package/name` names the package too.

    The frames are copied: changing one later changes nothing here. A pandas index that is not just 0..n-1 becomes
    the first columns.
    """
    return tuple(_dataset(str(key), frame, package) for key, frame in frames.items())


def _dataset(key: str, frame: pd.DataFrame | pa.Table, package: str) -> Dataset:
    table = normalise(frame if isinstance(frame, pa.Table) else _arrow(frame))
    owner, _, name = key.rpartition("/")
    owner = owner or package
    return describe(f"{owner}/{name}", name, owner, table, lambda: table)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    counts = frame.index.name is None and frame.index.equals(pd.RangeIndex(len(frame)))
    frame = frame if counts else frame.reset_index(names=None, allow_duplicates=True)
    arrays = [_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    return pa.table(arrays, names=[str(name) for name in frame.columns])


def _column(values: pd.Series) -> pa.Array:
    if isinstance(values.dtype, pd.SparseDtype):
        values = values.sparse.to_dense()
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        # Values of several types in one column, or beyond Arrow's: their text is the only type they share.
        return _text(values)
    if isinstance(array.type, pa.BaseExtensionType) or pa.types.is_nested(array.type):
        return _text(values)  # periods and intervals are bare numbers to Arrow; lists and dicts take one shape
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _text(values: pd.Series) -> pa.Array:
    texts = (None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value) for value in values)
    # Half a surrogate pair is no character that UTF-8 could hold.
    return pa.array([text and text.encode(errors="backslashreplace").decode() for text in texts], pa.string())
