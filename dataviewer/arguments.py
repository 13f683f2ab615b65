"""What an assistant may say in a question: types, choices and limits, from which its JSON schemas are made."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dataviewer import query, view
from dataviewer.charts import KINDS
from dataviewer.charts.source import where_text
from dataviewer.dataset import Dataset
from dataviewer.errors import BadView
from dataviewer.filters import OPERATORS
from dataviewer.view import View, Where, Word

FOUND_MAX = 50  # datasets of one search
ROWS, ROWS_MAX = 20, 50  # rows of one answer: where nobody says, and at most
NAME_MAX = 300  # characters of a name

Name = Annotated[str, Field(max_length=NAME_MAX)]
Value = Annotated[str, Field(max_length=1000)] | int | float | bool
Column = Annotated[str, Field(max_length=NAME_MAX, description="a column's name")]
Columns = Annotated[list[Column], Field(max_length=60, description="only these columns, in this order")]


class Arguments(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @classmethod
    def read(cls, given: dict) -> "Arguments":
        """Return the arguments as they came, checked. Raises BadView with the first that is wrong."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise BadView(_problem(error, cls)) from None


class Condition(Arguments):
    column: Column
    operator: Literal[*OPERATORS]
    values: list[Value] = Field(
        [], max_length=view.VALUES_MAX, description="one; several for in and nin; none for null and notnull"
    )


class Order(Arguments):
    column: Column
    descending: bool = False


class Find(Arguments):
    query: str = Field(max_length=view.SEARCH_MAX, description="words of titles, columns, documentation; empty for all")
    limit: int = Field(10, ge=1, le=FOUND_MAX)


class About(Arguments):
    dataset: Name = Field(description="an id such as Ecdat/Airq, or a bare name; catalog for the list of all datasets")


class Describe(About):
    columns: Columns = []


class Selection(About):
    where: list[Condition] = Field([], max_length=view.WHERES_MAX, description="conditions that all must hold")
    search: str = Field("", max_length=view.SEARCH_MAX, description="text in any cell")

    def view(self, dataset: Dataset) -> View:
        """Return the view asked for, checked as a link is."""
        wheres = tuple(Where(c.column, c.operator, tuple(map(where_text, c.values))) for c in self.where)
        asked = View(dataset.id, where=wheres, search=self.search, **self.more())
        return query.demand(dataset, View.from_query_string(asked.to_query_string()))

    def more(self) -> dict:
        """Return what else the view is told."""
        return {}


class Profile(Selection):
    columns: Columns = []

    def more(self) -> dict:
        return {"columns": tuple(self.columns)}


class Rows(Profile):
    sort: list[Order] = Field([], max_length=view.SORTS_MAX)
    page: int = Field(1, ge=1, le=view.PAGE_MAX)
    size: int = Field(ROWS, ge=1, le=ROWS_MAX, description="rows of a page")

    def more(self) -> dict:
        sort = tuple(view.Sort(order.column, order.descending) for order in self.sort)
        return super().more() | {"sort": sort, "page": self.page, "size": self.size}


class Draw(Selection):
    chart: Literal["", *(kind.name for kind in KINDS)] = Field("", description="the kind; empty for one that fits")
    x: Name = Field("", description="a column, or :row for the position in the file")
    y: list[Column] = Field([], max_length=view.DRAWN_MAX, description="the columns drawn")
    color: Name = Field("", description="a column of groups, or :none")
    facet: Name = Field("", description="a column, a panel for each of its groups, or :none")
    agg: Literal["", *view.AGGREGATES] = ""
    bins: int | None = Field(None, ge=1, le=view.BINS_MAX)
    scale: Literal["", *view.SCALES] = ""
    log: Literal["", *view.LOGS] = Field("", description="logarithmic axes")
    trend: Literal["", *view.TRENDS] = ""
    smooth: int | None = Field(None, ge=1, le=view.SMOOTH_MAX, description="values in a moving average")
    stack: Literal["", *view.STACKS] = ""

    def more(self) -> dict:
        names = ("chart", "agg", "bins", "scale", "log", "trend", "smooth", "stack")
        places = {name: _column_or_word(getattr(self, name)) for name in ("x", "color", "facet")}
        return {name: getattr(self, name) for name in names} | places | {"y": tuple(self.y)}


def _column_or_word(text: str) -> str | Word:
    return Word(text[1:]) if text.startswith(":") else text


def _problem(error: ValidationError, arguments: type[Arguments]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))[:100]
    if first["type"] == "extra_forbidden" and len(first["loc"]) == 1:
        return f"There is no argument “{place}”; arguments are {', '.join(arguments.model_fields)}."
    return f"The argument “{place}” cannot be read: {first['msg']}."
