"""Frames that a program hands over: of pandas, of polars, tables of Arrow."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from dataviewer.dataset import Dataset, normalise
from dataviewer.describe import describe
from dataviewer.errors import BadSetting

WIDE = "whole numbers of 128 bits, which Arrow has not; cast them to Decimal or String"
OF_POLARS_ALONE = {"Object": "Python objects, which polars hands to nobody", "Int128": WIDE, "UInt128": WIDE}


def from_frames(frames: Mapping[str, object], package: str = "frames") -> tuple[Dataset, ...]:
    """Return a dataset for each frame, named by its key; a key `package/name` names the package too.

    A frame is a DataFrame of pandas, or a table of Arrow or of what speaks its C interface, as polars does. The frames
    are copied: changing one later changes nothing here. A pandas index that is not just 0..n-1 becomes the first
    columns. Raises BadSetting for what is no frame.
    """
    return tuple(_dataset(_storable(str(key)), frame, package) for key, frame in frames.items())


def _dataset(key: str, frame: object, package: str) -> Dataset:
    table = normalise(_table(key, frame))
    owner, _, name = key.rpartition("/")
    owner = owner or package
    return describe(f"{owner}/{name}", name, owner, table, lambda: table)


def _table(key: str, frame: object) -> pa.Table:
    if isinstance(frame, pd.DataFrame):
        return _arrow(frame)
    kind = f"{type(frame).__module__}.{type(frame).__qualname__}".removeprefix("builtins.")
    if not hasattr(frame, "__arrow_c_stream__"):
        raise BadSetting(f"“{key[:80]}” is of the type {kind}; frames are of pandas, of polars, or tables of Arrow.")
    _refuse_alone(key, frame)
    try:
        table = pa.table(frame)
    except (TypeError, ValueError, pa.ArrowException) as error:
        raise BadSetting(f"“{key[:80]}”, of the type {kind}, is no table that Arrow can read: {error}") from None
    for name, column in zip(table.column_names, table.columns):
        try:
            column.validate(full=True)  # else text that is no UTF-8 fails wherever it is read first
        except pa.ArrowInvalid as error:
            raise BadSetting(f"“{name[:80]}” of “{key[:80]}” holds what is no {column.type}: {error}") from None
    return table


def _refuse_alone(key: str, frame: object) -> None:
    """Raise BadSetting for a column of polars of a type that Arrow has not; of objects it would give addresses."""
    types = getattr(frame, "dtypes", None)
    for name, type in zip(getattr(frame, "columns", ()), types if isinstance(types, list) else ()):
        if str(type) in OF_POLARS_ALONE:
            raise BadSetting(f"“{name[:80]}” of “{key[:80]}” holds {OF_POLARS_ALONE[str(type)]}.")


def _arrow(frame: pd.DataFrame) -> pa.Table:
    counts = frame.index.name is None and frame.index.equals(pd.RangeIndex(len(frame)))
    frame = frame if counts else frame.reset_index(names=None, allow_duplicates=True)
    arrays = [_column(frame.iloc[:, i]) for i in range(frame.shape[1])]
    return pa.table(arrays, names=[_storable(str(name)) for name in frame.columns])


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
    return pa.array([text and _storable(text) for text in texts], pa.string())


def _storable(text: str) -> str:
    """Return a text without half surrogate pairs, which UTF-8 cannot hold: they are spelt."""
    return text.encode(errors="backslashreplace").decode()
