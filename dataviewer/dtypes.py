"""An Arrow table as a frame of pandas or of polars, no value altered."""

import pandas as pd
import pyarrow as pa

from dataviewer.errors import MissingPackage

# What pandas would turn into other values: dates into times, and beside a missing value integers into floats and
# logicals into objects.
ALWAYS = {pa.date32(): pd.ArrowDtype(pa.date32())}
WITH_MISSING = ALWAYS | {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Return the table as a DataFrame that may be changed; see Dataset.to_pandas for its dtypes."""
    return pd.DataFrame({name: _series(values) for name, values in zip(table.column_names, table.columns)})


def _series(values: pa.ChunkedArray) -> pd.Series:
    return values.to_pandas(types_mapper=(WITH_MISSING if values.null_count else ALWAYS).get)


def to_polars(table: pa.Table):
    """Return the table as a polars DataFrame; raises MissingPackage where polars is not installed."""
    try:
        import polars  # for those who have it
    except ImportError:
        raise MissingPackage("A polars DataFrame needs the package polars, which is not installed.") from None
    return polars.from_arrow(table)
