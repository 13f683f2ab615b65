"""The conditions that every viewer is asked for: the same columns, the same values, of six datasets small to large.

What you get: `CONDITIONS`, for each dataset a bound of a column of numbers and a value of a column of text, and
`WARM_UP`, that are set before, unmeasured. A bound is one, not two: all three viewers can set it in one act.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Condition:
    """A column is at least a value ("gte") or is one ("eq")."""

    column: str
    operator: str
    value: str

    @property
    def words(self) -> str:
        return f"{self.column} {'≥' if self.operator == 'gte' else '='} {self.value}"


CONDITIONS = {
    "datasets/iris": (Condition("Sepal.Length", "gte", "5.8"), Condition("Species", "eq", "versicolor")),
    "MASS/Cars93": (Condition("Price", "gte", "17.7"), Condition("Type", "eq", "Midsize")),
    "plm/Wages": (Condition("exp", "gte", "18"), Condition("sex", "eq", "female")),
    "plyr/baseball": (Condition("g", "gte", "59"), Condition("lg", "eq", "NL")),
    "ggplot2/diamonds": (Condition("price", "gte", "2401"), Condition("cut", "eq", "Premium")),
    "gap/mhtdata": (Condition("p", "gte", "0.04"), Condition("gene", "eq", "CSMD1")),
}
WARM_UP = {"datasets/ToothGrowth": (Condition("len", "gte", "19"), Condition("supp", "eq", "OJ"))}


def count_rows(frame: pd.DataFrame, condition: Condition) -> int:
    """Return how many rows meet the condition, as pandas counts.

    >>> count_rows(pd.DataFrame({"a": [1.0, 2.5, None], "b": ["x", "y", "x"]}), Condition("a", "gte", "2"))
    1
    """
    column = frame[condition.column]
    return int((column >= float(condition.value) if condition.operator == "gte" else column == condition.value).sum())
