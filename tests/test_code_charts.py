"""The chart of a view as code: it runs, and draws what pandas counts in the rows."""

import numpy as np
import pytest

from dataviewer import charts
from dataviewer.charts.plan import offered, resolve
from dataviewer.view import NONE, View, Where
from tests import coding

LANGUAGES = {"pandas": coding.run_python, "polars": coding.run_python, "r": coding.run_r}
# Of every sort: a panel, a series, a table of counts, names, dates, missing values, many rows.
FIRST = (
    "datasets/AirPassengers", "datasets/HairEyeColor", "datasets/Titanic", "datasets/airquality", "datasets/chickwts",
    "datasets/esoph", "datasets/faithful", "datasets/iris", "datasets/longley", "datasets/mtcars", "datasets/quakes",
    "datasets/rock", "datasets/sunspots", "datasets/swiss", "datasets/warpbreaks", "datasets/women", "Ecdat/Airq",
    "Ecdat/Computers", "Ecdat/Housing", "MASS/Cars93", "MASS/quine", "MASS/survey", "plm/Grunfeld", "plm/Cigar",
    "car/Prestige", "lme4/sleepstudy", "survival/lung", "HSAUR/Forbes2000", "ggplot2/economics", "ggplot2/msleep",
    "ggplot2/presidential", "gap/aldh2", "psych/sat.act", "boot/coal", "vcd/Arthritis", "Zelig/turnout",
)  # fmt: skip
OF_EACH_KIND = ("datasets/airquality", "MASS/survey", "plm/Grunfeld", "datasets/HairEyeColor")
CHOICES = (
    {"chart": "line", "x": "year", "y": ("inv", "value"), "color": "firm", "scale": "indexed"},
    {"chart": "line", "x": "year", "y": ("inv", "value"), "scale": "standardised", "smooth": 3},
    {"chart": "line", "x": "year", "y": ("inv",), "color": "firm", "smooth": 4},
    {"chart": "line", "x": "year", "y": ("inv",), "agg": "count"},
    {"chart": "line", "x": "year", "y": ("inv", "capital"), "agg": "sum", "scale": "second"},
    {"chart": "area", "x": "year", "y": ("inv",), "color": "firm", "stack": "grouped"},
    {"chart": "scatter", "x": "value", "y": ("inv",), "color": "firm", "trend": "linear", "log": "xy"},
    {"chart": "scatter", "x": "value", "y": ("inv", "capital"), "trend": "lowess", "facet": "firm"},
    {"chart": "scatter", "x": "inv", "y": ("inv", "capital"), "color": "value"},
    {"chart": "bar", "x": "firm", "y": ("inv", "capital"), "agg": "median", "color": "year"},
    {"chart": "bar", "x": "firm", "y": ("firm",), "agg": "sum"},
    {"chart": "bar", "x": "year", "color": "firm", "stack": "stacked", "facet": "firm"},
    {"chart": "histogram", "y": ("inv", "value"), "color": "firm", "bins": 7, "log": "x"},
    {"chart": "histogram", "y": ("inv", "value"), "facet": "firm"},
    {"chart": "box", "x": "firm", "y": ("inv", "capital"), "color": "year", "log": "y"},
    {"chart": "violin", "x": "firm", "y": ("inv", "capital"), "facet": "firm"},
    {"chart": "strip", "y": ("inv", "capital"), "scale": "panels"},
    {"chart": "density", "x": "value", "y": ("inv",), "facet": "firm", "bins": 5},
    {"chart": "ecdf", "y": ("inv", "value"), "color": "firm", "scale": "shared"},
    {"chart": "matrix", "y": ("inv", "value"), "color": "firm"},
)


COLORS = (NONE, "firm")


def run(engine, folder, language, cases):
    files = folder / "rows"
    files.mkdir()
    sources = [coding.load(engine, coding.write(language, dataset, view), dataset, files) for dataset, view in cases]
    return list(zip(sources, LANGUAGES[language](sources, folder), strict=True))


def frame_of(engine, dataset, view):
    """Return the rows of a view in the order of the file, a missing value as None or NaN."""
    return coding.asked_rows(engine, dataset, dataset.load(), View(dataset.id, where=view.where)).to_pandas()


def given(frame, *names):
    return frame.dropna(subset=[name for name in dict.fromkeys(names) if isinstance(name, str) and name])


# What is drawn, counted by pandas: how many points (bars, values) all traces have together.


def count_lines(frame, plan):
    keys = [name for name in dict.fromkeys((plan.x, plan.color, plan.facet)) if isinstance(name, str) and name]
    rows = given(frame, *keys)
    if not isinstance(plan.x, str):
        return sum(rows[y].notna().sum() for y in plan.y)
    if plan.smooth:
        groups = rows.groupby(keys[1:]) if keys[1:] else [((), rows)]
        return sum(max(group[plan.x].nunique() - plan.smooth + 1, 0) for _, group in groups for _ in plan.y)
    if plan.agg == "count":
        return len(rows.groupby(keys)) * len(plan.y)
    return sum(len(given(rows, y).groupby(keys)) for y in plan.y)


def count_bars(frame, plan):
    keys = list(dict.fromkeys(filter(None, (plan.x, plan.color, plan.facet))))
    values = plan.y if plan.agg != "count" else ("",)
    return sum(len(given(frame, *keys, y).groupby(keys)) for y in values)


def count_dots(frame, plan):
    return sum(len(given(frame, plan.x, plan.facet, y)) for y in plan.y)


def count_values(frame, plan):
    y = plan.y[:1] if plan.kind.name == "histogram" and plan.facet else plan.y
    rows = given(frame, plan.x, plan.color, plan.facet)
    return sum(rows[name].notna().sum() for name in y)


COUNTS = {
    "line": count_lines,
    "area": count_lines,
    "bar": count_bars,
    "scatter": count_dots,
    "density": count_dots,
    **dict.fromkeys(("histogram", "box", "violin", "strip", "ecdf"), count_values),
}


def check_python(engine, dataset, view, ran, source):
    plan, frame = charts.plan_of(dataset, view), frame_of(engine, dataset, view)
    if plan.kind.name == "correlation":
        wanted = frame[list(plan.y)].corr().to_numpy()
        assert np.allclose(np.array(ran.traces[0]["z"], float), wanted, equal_nan=True), source
    elif plan.kind.name == "matrix":
        drawn = [sum(len(trace["dimensions"][place]) for trace in ran.traces) for place in range(len(plan.y))]
        assert drawn == [len(frame)] * len(plan.y), source
    else:
        assert sum(map(points, ran.traces)) == COUNTS[plan.kind.name](frame, plan), source
    if plan.kind.name == "bar" and plan.agg == "count":
        assert sum(sum(trace["y"]) for trace in ran.traces) == len(given(frame, plan.x, plan.color, plan.facet))


def points(trace) -> int:
    """Return how many points of a trace have a place; a trend has none of the rows."""
    if trace["trend"]:
        return 0
    parts = [trace[part] for part in ("x", "y") if part in trace]
    return sum(all(value is not None for value in place) for place in zip(*parts, strict=True))


def check_r(engine, dataset, view, ran, source):
    plan, frame = charts.plan_of(dataset, view), frame_of(engine, dataset, view)
    if plan.kind.name == "matrix":
        assert ran.traces == [], source  # pairs() draws at once
        return
    layer = ran.traces[0]
    if plan.kind.name == "correlation":
        assert layer["points"] == len(plan.y) ** 2, source
    elif plan.kind.name in ("histogram", "density"):
        lost = "x" in plan.log and (frame[list(plan.y)] <= 0).any(axis=None)
        assert lost or layer["counted"] == COUNTS[plan.kind.name](frame, plan), source
    elif plan.kind.name in ("line", "area", "bar", "scatter", "strip"):
        drawn = COUNTS[plan.kind.name](frame, plan)
        # An area with groups has a point at each x that one of them has, and one more at either end.
        assert layer["points"] >= drawn if plan.kind.name == "area" else layer["points"] == drawn, source
    else:
        assert layer["points"] > 0, source


def check(engine, folder, language, cases):
    for (dataset, view), (source, ran) in zip(cases, run(engine, folder, language, cases), strict=True):
        assert ran.error == "", source
        (check_r if language == "r" else check_python)(engine, dataset, view, ran, source)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_chart_is_drawn_of_the_rows(catalog, engine, tmp_path, language):
    check(engine, tmp_path, language, [(catalog[id], View(catalog[id].id)) for id in FIRST])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_drawn_of_the_rows(catalog, engine, tmp_path, language):
    datasets = [catalog[id] for id in OF_EACH_KIND]
    kinds = [(dataset, kind.name) for dataset in datasets for kind in offered(dataset, charts.KINDS)]
    assert {name for _, name in kinds} == {kind.name for kind in charts.KINDS}
    check(engine, tmp_path, language, [(dataset, View(dataset.id, chart=name)) for dataset, name in kinds])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_is_drawn_of_the_rows_that_are_left(catalog, engine, tmp_path, language):
    dataset = catalog["plm/Grunfeld"]
    where = (Where("year", "gt", ("1940",)), Where("firm", "lte", ("6",)))
    views = [View(dataset.id, where=where, **choice) for choice in CHOICES]
    assert not [problem for view in views for problem in resolve(dataset, view, charts.KINDS).problems]
    check(engine, tmp_path, language, [(dataset, view) for view in views])


def test_the_bars_are_an_aggregate_in_sql(catalog, engine, tmp_path):
    dataset = catalog["MASS/survey"]
    views = [View(dataset.id, chart="bar", x="Smoke", **more) for more in ({}, {"y": ("Age",), "color": "Sex"})]
    files = tmp_path / "rows"
    files.mkdir()
    sources = [coding.load(engine, coding.write("duckdb", dataset, view), dataset, files) for view in views]
    counted, averaged = coding.run_duckdb(sources, tmp_path)
    frame = frame_of(engine, dataset, views[0])
    counts = frame["Smoke"].value_counts()
    assert sorted(counted.traces[0]["rows"]) == sorted(counts.items())
    means = frame.groupby(["Smoke", "Sex"])["Age"].mean()
    assert [(row[0], row[1]) for row in averaged.traces[0]["rows"]] == list(means.index)
    assert np.allclose([row[2] for row in averaged.traces[0]["rows"]], means)


@pytest.mark.parametrize("language", ("pandas", "polars"))
def test_lines_hold_the_values_that_the_page_draws(catalog, engine, tmp_path, language):
    """Point for point, where the page draws each: scales, averages, several rows at one x."""
    dataset = catalog["plm/Grunfeld"]
    choices = [
        {"scale": "indexed", "y": ("inv", "value")},
        {"scale": "standardised", "y": ("inv", "value")},
        {"smooth": 3, "y": ("inv",)},
        {"smooth": 4, "y": ("inv",)},
        *({"agg": agg, "y": ("inv",)} for agg in ("sum", "mean", "median", "min", "max", "count")),
    ]
    views = [View(dataset.id, chart="line", x="year", color=color, **choice) for choice in choices for color in COLORS]
    for view, (source, ran) in zip(views, run(engine, tmp_path, language, [(dataset, view) for view in views])):
        drawn = charts.draw(dataset, dataset.load(), None, view, 1200).figure["data"]
        wanted = [trace for trace in drawn if trace.get("opacity", 1) == 1]  # the values behind an average are paler
        assert len(ran.traces) == len(wanted), source
        for own, trace in zip(by_values(ran.traces), by_values(wanted), strict=True):
            assert own["x"] == list(trace["x"]), source
            assert np.allclose(np.array(own["y"], float), np.array(trace["y"], float), equal_nan=True), source


def by_values(traces):
    """Return traces in an order that does not depend on how groups and columns take turns."""
    return sorted(traces, key=lambda trace: np.round(np.nan_to_num(np.array(trace["y"], float)), 6).tolist())


def test_rscript_prints_a_chart(catalog, engine, tmp_path):
    """As a person runs it: the whole piece, down to the line that draws."""
    if missing := coding.missing_in_r():
        pytest.skip(missing)
    dataset = catalog["datasets/iris"]
    source = coding.write("r", dataset, View(dataset.id, chart="scatter"))
    files = tmp_path / "rows"
    files.mkdir()
    (tmp_path / "iris.R").write_text(coding.load(engine, source, dataset, files), encoding="utf-8")
    coding.run_file("iris.R", tmp_path)
    assert (tmp_path / "Rplots.pdf").read_bytes().startswith(b"%PDF")
