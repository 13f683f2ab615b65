"""A view as code, ready to paste: the rows and the chart, in the languages of those who take them further.

Pure text from frozen values. Names and values come from links and files: each is quoted in the language's own way.
"""

from collections.abc import Callable
from dataclasses import dataclass

from dataviewer.charts.plan import Plan
from dataviewer.code import duckdb, pandas, polars, r
from dataviewer.dataset import Dataset
from dataviewer.view import View

__all__ = ["LANGUAGES", "write"]


@dataclass(frozen=True)
class Language:
    """A way to write a view as code: `write` takes the dataset, the view, its plan and the dataset's address."""

    name: str
    label: str
    write: Callable[[Dataset, View, Plan | None, str], str]


LANGUAGES = {
    language.name: language
    for language in (
        Language("pandas", "Python, pandas and Plotly", pandas.write),
        Language("polars", "Python, polars and Plotly", polars.write),
        Language("duckdb", "SQL, DuckDB", duckdb.write),
        Language("r", "R, dplyr and ggplot2", r.write),
    )
}


def write(language: str, dataset: Dataset, view: View, plan: Plan | None, url: str) -> str:
    """Return code that loads the rows of a checked view from this viewer, narrows and orders them, and draws the plan.

    `language` is a key of LANGUAGES. `url` is the address of the dataset, before “/rows.parquet”. The code calls the
    rows `table`, sorted and with the columns shown, and the chart `figure`, drawn of the same rows in file order.
    """
    return LANGUAGES[language].write(dataset, view, plan, url)
