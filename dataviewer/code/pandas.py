"""A view in pandas, with the types of Arrow: those of numpy would turn whole numbers with gaps into floats."""

from collections.abc import Sequence

from dataviewer.charts.plan import Plan
from dataviewer.code import python, text
from dataviewer.code.asked import Test
from dataviewer.code.express import Frames
from dataviewer.dataset import Column, Dataset
from dataviewer.view import View

# A comparison with a missing value is missing, and no row is kept for it; isin says False of it.
OPERATORS = {
    "eq": "{column} == {value}",
    "ne": "~{column}.isin([{values}])",
    "gt": "{column} > {value}",
    "gte": "{column} >= {value}",
    "lt": "{column} < {value}",
    "lte": "{column} <= {value}",
    "in": "{column}.isin([{values}])",
    "nin": "~{column}.isin([{values}])",
    "contains": "{small}.str.contains({value}, regex=False)",
    "ncontains": "~{small}.str.contains({value}, regex=False, na=False)",
    "starts": "{small}.str.startswith({value})",
    "ends": "{small}.str.endswith({value})",
    "null": "{column}.isna()",
    "notnull": "{column}.notna()",
}
COMPARISONS = ("eq", "gt", "gte", "lt", "lte")  # "&" binds closer than these


def _keep(name: str, tests: Sequence[Test], sources: Sequence[str]) -> str:
    if len(sources) == 1:
        return f"{name} = {name}[{sources[0]}]"
    parts = [f"({source})" if test.operator in COMPARISONS else source for test, source in zip(tests, sources)]
    line = f"{name} = {name}[{' & '.join(parts)}]"
    if len(line) <= text.WIDTH:
        return line
    conditions = text.indented("\n& ".join(parts))
    return f"{name} = {name}[\n{conditions}\n]"


def _member(value: object) -> str:
    """Return a value in a list for isin, which tells the two zeros of floats apart."""
    return "0.0, -0.0" if isinstance(value, float) and value == 0 else python.literal(value)


def _can_order(column: Column) -> bool:
    """Return whether a column can be one of several keys: pandas stumbles over 0.0 beside -0.0 there."""
    return column.kind != "number" or not (column.minimum or 0) <= 0 <= (column.maximum or 0)


LIBRARY = python.Library(
    standard=(),
    imported="import pandas as pd",
    load='pd.read_parquet(\n    {address},\n    dtype_backend="pyarrow",\n)',
    number="{name}[{row}] = range(1, len({name}) + 1)",
    column="{name}[{column}]",
    small=lambda test, column: f"{column}.str.lower()",
    operators=OPERATORS,
    member=_member,
    keep=_keep,
    order='.sort_values({names}, ascending={ways}, kind="stable")',
    ascends=True,
    can_order=_can_order,
    choose=("[[", "]]"),
    drop=".drop(columns={row})",
    frames=Frames(
        copy=".copy()",
        twin=".assign(**{{{twin}: lambda frame: frame[{name}]}})",
        drop=".dropna(subset={names})",
        order='.sort_values({name}, kind="stable")',
        text='.astype({{{name}: "string"}})',
        fill=".fillna({{{name}: {label}}})",
        long=".melt({keys}, {names}, {variable}, {value})",
        count=".groupby({keys}, sort=False).size().reset_index(name={rows})",
        aggregate=(".groupby({keys}, sort=False, as_index=False){values}",),
        aggregates={
            "sum with gaps": "[{names}].sum(min_count=1)",
            **{name: f"[{{names}}].{name}()" for name in ("count", "sum", "mean", "median", "min", "max")},
        },
        most_first='.sort_values({rows}, ascending=False, kind="stable")',
        shape="lines[{names}] = lines[{names}].transform(lambda y: {shape})",
        grouped_shape="lines[{names}] = lines.groupby({by})[{names}].transform(lambda y: {shape})",
        shapes={
            "indexed": "y / y.bfill().iloc[0] * 100",
            "standardised": "(y - y.mean()) / y.std(ddof=0)",
            "smooth": "y.rolling({count}, center=True).mean()",
        },
        correlation="r = {rows}[columns].corr()",
    ),
)


def write(dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return the view as code that pandas and Plotly run."""
    return python.write(LIBRARY, dataset, view, plan, url)
