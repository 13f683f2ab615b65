"""One view, every door: table, counts, exports, profile and chart show the same rows, those that pandas finds.

500 random views of 25 datasets; what must come out is computed here, from the source's rows, with pandas alone.
"""

import csv
import io
import random
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

from tests.web import CHART, TABLE, asker, reader

DATASETS = (
    "Ecdat/Airq",
    "datasets/iris",
    "datasets/airquality",
    "MASS/Cars93",
    "MASS/survey",
    "plm/Grunfeld",
    "datasets/HairEyeColor",
    "lme4/sleepstudy",
    "ggplot2/presidential",
    "car/Prestige",
    "datasets/esoph",
    "boot/coal",
    "HSAUR/Forbes2000",
    "psych/sat.act",
    "survival/lung",
    "Ecdat/Computers",
    "vcd/Arthritis",
    "datasets/mtcars",
    "MASS/quine",
    "robustbase/epilepsy",
    "gap/aldh2",
    "cluster/flower",
    "Zelig/turnout",
    "pscl/vote92",
    "KMsurv/bmt",
)
VIEWS = 20  # of each dataset


@pytest.fixture(scope="module")
def client(app):
    return reader(app.server)


@pytest.fixture(scope="module")
def ask(client):
    return asker(client, width=960)


def spelled(name):
    return name.replace("%", "%25").replace(":", "%3A")


def random_condition(draw, frame, kinds):
    """Return a condition as the link spells it, and which rows of the frame it keeps."""
    name = draw.choice(list(frame.columns))
    values, kind = frame[name], kinds[name]
    given = values.dropna()
    if not len(given) or draw.random() < 0.1:
        return f"{spelled(name)}:{'null' if draw.random() < 0.3 else 'notnull'}", None, name
    value = draw.choice(given.tolist())
    if kind in ("integer", "number"):
        operator = draw.choice(["eq", "ne", "gt", "gte", "lt", "lte"])
        return f"{spelled(name)}:{operator}:{value!r}", (operator, value), name
    if kind == "text":
        operator = draw.choice(["eq", "ne", "contains", "starts"])
        text = value if operator in ("eq", "ne") else value[: draw.randint(1, 3)]
        return f"{spelled(name)}:{operator}:{spelled(text)}", (operator, text), name
    text = str(value).lower() if kind == "logical" else str(value)
    return f"{spelled(name)}:eq:{spelled(text)}", ("eq", value), name


KEEPS = {
    "eq": lambda values, value: values == value,
    "ne": lambda values, value: ~(values == value),
    "gt": lambda values, value: values > value,
    "gte": lambda values, value: values >= value,
    "lt": lambda values, value: values < value,
    "lte": lambda values, value: values <= value,
    "contains": lambda values, value: values.map(lambda text: isinstance(text, str) and value.lower() in text.lower()),
    "starts": lambda values, value: values.map(
        lambda text: isinstance(text, str) and text.lower().startswith(value.lower())
    ),
}


def random_view(draw, frame, kinds):
    """Return a link's conditions and order, and the positions of the rows that it should show, in that order."""
    mask = pd.Series(True, index=frame.index)
    pairs, seen = [], set()
    for _ in range(draw.randint(0, 2)):
        spelling, test, name = random_condition(draw, frame, kinds)
        if name in seen:
            continue
        seen.add(name)
        pairs.append(("where", spelling))
        if test is None:
            mask &= frame[name].isna() if spelling.endswith(":null") else frame[name].notna()
        else:
            kept = KEEPS[test[0]](frame[name], test[1])
            mask &= kept.fillna(test[0] == "ne").astype(bool)
    positions = np.flatnonzero(mask.to_numpy())
    by = draw.choice([name for name in frame.columns if kinds[name] in ("integer", "number")] or [None])
    if by is not None and draw.random() < 0.7:
        down = draw.random() < 0.5
        pairs.append(("sort", spelled(by) + (":desc" if down else "")))
        keys = frame[by].iloc[positions].astype(float)
        ranked = (-keys if down else keys).fillna(np.inf).to_numpy()
        missing = keys.isna().to_numpy()
        positions = positions[np.lexsort((positions, ranked, missing))]
    return pairs, positions


@pytest.mark.parametrize("id", DATASETS)
def test_every_door_shows_the_same_rows(client, catalog, ask, id):
    dataset = catalog[id]
    table = catalog.table(dataset)
    kinds = {column.name: column.kind for column in dataset.columns}
    frame = pd.DataFrame({name: pd.Series(table[name].to_pylist(), dtype=object) for name in table.column_names})
    draw = random.Random(f"agreement {id}")
    for _ in range(VIEWS):
        pairs, positions = random_view(draw, frame, kinds)
        check(client, ask, dataset, frame, urlencode(pairs), positions)


def check(client, ask, dataset, frame, query, positions):
    base = f"/api/datasets/{dataset.id}"
    rows = client.get(f"{base}/rows.json?{query}&size=max").json
    wanted = frame.iloc[positions]
    assert (rows["total"], rows["of"]) == (len(positions), len(frame)), query
    first = dataset.columns[0].name
    assert [as_text(row[first]) for row in rows["rows"]] == [as_text(value) for value in wanted[first]], query
    exported = list(csv.reader(io.StringIO(client.get(f"{base}/rows.csv?{query}&size=max").text)))
    assert len(exported) - 1 == len(positions), query
    answer = ask(TABLE, f"?dataset={dataset.id}&{query}")
    assert answer["table-answer"]["data"]["rows"] == [int(p) + 1 for p in positions[: len(answer["table"]["data"])]], (
        query
    )
    profile = client.get(f"{base}/profile.json?{query}").json
    assert profile["rows"] == len(positions), query
    for column in profile["columns"]:
        given = wanted[column["name"]].dropna()
        assert column["missing"] == len(positions) - len(given), (query, column["name"])
        assert column["distinct"] == given.nunique(), (query, column["name"])
        if given.map(lambda value: not isinstance(value, float) or np.isfinite(value)).all():
            counted = sum(bar["count"] for bar in column["bars"]) + column["others"]["count"]
            assert counted == len(given), (query, column["name"])
    check_chart(ask, dataset, wanted, query)


def check_chart(ask, dataset, wanted, query):
    """The bars of a category count the rows of the view that have a value of it."""
    category = next((c.name for c in dataset.columns if c.kind in ("text", "logical") and c.distinct <= 12), None)
    if category is None:
        return
    link = f"?dataset={dataset.id}&{query}&chart=bar&agg=count&x={spelled(category)}&color=:none&facet=:none"
    figure = ask(CHART, link)["graph"]["figure"]
    assert sum(sum(trace["y"]) for trace in figure["data"]) == wanted[category].notna().sum(), query


def as_text(value):
    return None if value is None or value != value else str(value)
