"""A view in polars."""

from collections.abc import Sequence

from dataviewer.charts.plan import Plan
from dataviewer.code import python, text
from dataviewer.code.asked import Test
from dataviewer.code.express import Frames
from dataviewer.dataset import Dataset
from dataviewer.view import View

# A comparison with a missing value is missing, and no row is kept for it; the negations say so.
OPERATORS = {
    "eq": "{column} == {value}",
    "ne": "{column}.ne_missing({value})",
    "gt": "{column} > {value}",
    "gte": "{column} >= {value}",
    "lt": "{column} < {value}",
    "lte": "{column} <= {value}",
    "in": "{column}.is_in([{values}])",
    "nin": "{column}.is_in([{values}]).not_().fill_null(True)",
    "contains": "{small}.str.contains({value}, literal=True)",
    "ncontains": "{small}.str.contains({value}, literal=True).not_().fill_null(True)",
    "starts": "{small}.str.starts_with({value})",
    "ends": "{small}.str.ends_with({value})",
    "null": "{column}.is_null()",
    "notnull": "{column}.is_not_null()",
}


def _keep(name: str, tests: Sequence[Test], sources: Sequence[str]) -> str:
    return text.call(f"{name} = {name}.filter(", sources)


def _small(test: Test, column: str) -> str:
    """Return a column in small letters. Of İ polars makes two, i and a dot, where the page sees an i."""
    seen = test.values[0] if test.operator == "ends" else test.values[0][:-1]
    dotted = '.str.replace_all("İ", "i")' if "i" in seen else ""
    return f"{column}{dotted}.str.to_lowercase()"


LIBRARY = python.Library(
    standard=("from urllib.request import urlopen",),
    imported="import polars as pl",
    # By itself polars would ask for pieces of the file, which is written as it is sent.
    load="pl.read_parquet(urlopen({address}).read())",
    number="{name} = {name}.with_row_index({row}, offset=1)",
    column="pl.col({column})",
    small=_small,
    operators=OPERATORS,
    member=python.literal,
    keep=_keep,
    order=".sort({names}, descending={ways}, nulls_last=True, maintain_order=True)",
    ascends=False,
    can_order=lambda column: True,
    choose=(".select(", ")"),
    drop=".drop({row})",
    frames=Frames(
        copy="",
        twin=".with_columns(pl.col({name}).alias({twin}))",
        drop=".drop_nulls({names})",
        order=".sort({name}, maintain_order=True)",
        text=".with_columns(pl.col({name}).cast(pl.String))",
        fill=".with_columns(pl.col({name}).fill_null({label}))",
        long=".unpivot({names}, index={keys}, variable_name={variable}, value_name={value})",
        count=".group_by({keys}, maintain_order=True).len({rows})",
        aggregate=(".group_by({keys}, maintain_order=True)", ".agg({values})"),
        aggregates={
            "sum with gaps": "pl.when(pl.col({names}).count() > 0).then(pl.col({names}).sum())",
            **{name: f"pl.col({{names}}).{name}()" for name in ("count", "sum", "mean", "median", "min", "max")},
        },
        most_first=".sort({rows}, descending=True, maintain_order=True)",
        shape="y = pl.col({names})\nlines = lines.with_columns({shape})",
        grouped_shape="y = pl.col({names})\nlines = lines.with_columns(({shape}).over({by}))",
        shapes={
            "indexed": "y / y.drop_nulls().first() * 100",
            "standardised": "(y - y.mean()) / y.std(ddof=0)",
            "smooth": "y.rolling_mean({count}, center=True)",
        },
        # pl.corr leaves out the rows where one of the two is missing.
        correlation="r = [[{rows}.select(pl.corr(a, b)).item() for a in columns] for b in columns]",
    ),
)


def write(dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return the view as code that polars and Plotly run."""
    return python.write(LIBRARY, dataset, view, plan, url)
