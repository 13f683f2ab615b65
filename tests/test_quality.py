import math
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from dataviewer import quality, query
from dataviewer.dataset import normalise
from dataviewer.describe import describe
from dataviewer.engine import Engine
from dataviewer.view import View

ENGINE = Engine()


def dataset_of(columns):
    table = normalise(pa.table(columns))
    return describe("t", "T", "", table, lambda: table)


def find(columns, kind=None):
    dataset = dataset_of(columns)
    return [finding for finding in quality.find(dataset, dataset.load()) if kind in (None, finding.kind)]


def kept(dataset, table, wheres):
    view = View(dataset.id, where=wheres)
    assert query.demand(dataset, view) == view
    return len(query.match(ENGINE, dataset, table, view))


def told_rows(finding):
    """Return the number in the words that is of the rows which the conditions choose."""
    pattern = {
        "duplicates": r"one row occurs ([\d,]+) times\.$",
        "missing": r"^([\d,]+) rows? miss",
        "outliers": r"^([\d,]+) values? of .* lies? (?:above|below)",
        "mixed": r", in ([\d,]+) rows?, do(?:es)? not: ",
    }[finding.kind]
    return int(re.search(pattern, finding.words)[1].replace(",", ""))


def test_the_conditions_of_each_finding_keep_as_many_rows_as_its_words_say(catalog):
    checked = dict.fromkeys(["missing", "duplicates", "outliers", "mixed"], 0)
    for dataset in catalog.values():
        if dataset.rows > 10_000:
            continue
        table = catalog.table(dataset)
        for finding in quality.find(dataset, table)[:12]:
            if finding.wheres:
                assert kept(dataset, table, finding.wheres) == told_rows(finding), (dataset.id, finding)
                checked[finding.kind] += 1
    assert min(checked.values()) > 0


def test_duplicates_and_missing_patterns_are_those_that_pandas_finds(catalog):
    for dataset in catalog.values():
        table = catalog.table(dataset)
        frame = table.to_pandas()
        found = quality.find(dataset, table)
        repeated = int(frame.duplicated().sum())
        own = [finding.words for finding in found if finding.kind == "duplicates"]
        assert len(own) == (repeated > 0), dataset.id
        if repeated:
            most = frame.value_counts(dropna=False).iloc[0]
            verb = "row repeats" if repeated == 1 else "rows repeat"
            told = f"{repeated:,} {verb} an earlier row in every column; one row occurs {most:,} times."
            assert own == [told], dataset.id
        gaps = frame.isna().loc[:, frame.isna().any()]
        patterns = gaps[gaps.any(axis=1)].value_counts() if gaps.shape[1] else pd.Series(dtype=int)
        told = [f.words for f in found if f.kind == "missing"]
        rows = [int(words.split()[0].replace(",", "")) for words in told if re.match(r"[\d,]+ rows? miss", words)]
        assert rows == patterns.tolist()[:6], dataset.id


def test_outliers_are_those_that_numpy_finds(catalog):
    for dataset in list(catalog.values())[::5]:
        table = catalog.table(dataset)
        for finding in quality.find(dataset, table):
            if finding.kind == "outliers":
                numbers = table[finding.wheres[0].column].drop_null().to_numpy().astype(float)
                low, high = np.percentile(numbers[np.isfinite(numbers)], [25, 75])
                distance = np.where(numbers < low, low - numbers, numbers - high)
                side = numbers < low if finding.wheres[0].operator == "lt" else numbers > high
                far = (distance > 3 * (high - low) * (1 + 1e-12)) & side
                close = np.isclose(distance, 3 * (high - low), rtol=1e-9) & side
                assert 0 <= told_rows(finding) - far.sum() <= close.sum(), (dataset.id, finding)


# Missing values -------------------------------------------------------------------------------------------------


def test_columns_that_miss_values_together_are_told_together():
    found = find({"a": [None, None, 1, 2, None], "b": [None, None, 1, 2, 3], "c": [1, 2, 3, 4, 5]}, "missing")
    assert [finding.words for finding in found] == [
        "3 rows of 5 miss a value, in 2 columns.",
        "2 rows miss a, b.",
        "1 row misses a and nothing else.",
    ]
    spelled = [[(where.column, where.operator) for where in finding.wheres] for finding in found]
    assert spelled == [[], [("a", "null"), ("b", "null")], [("a", "null"), ("b", "notnull")]]


def test_one_column_that_misses_values_is_told_once():
    (found,) = find({"a": [None, 1, 2], "b": [1, 2, 3]}, "missing")
    assert (found.words, len(found.wheres)) == ("1 row misses a.", 1)


def test_few_patterns_are_told_and_the_others_counted():
    columns = {f"c{place}": [None if row == place else row for row in range(9)] for place in range(9)}
    found = find(columns, "missing")
    assert len(found) == 1 + 6 + 1
    assert found[-1].words == "3 further patterns of missing values."


def test_more_columns_than_a_link_has_conditions_for_have_none():
    columns = {f"c{place}": [None, 1, 2] for place in range(33)}
    _, found = find(columns, "missing")
    assert found.wheres == ()
    assert found.words.endswith("c11 and 21 more.")
    assert [len(finding.wheres) for finding in find(columns | {"c0": [None, None, 1]}, "duplicates")] == []


# Duplicates -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "repeated", "most"),
    [
        ({"a": [1, 1, 2], "b": ["x", "x", "x"]}, 1, 2),
        ({"a": [None, None, None], "b": [1.5, 1.5, None]}, 1, 2),
        ({"a": [0.0, -0.0, 1.0]}, 1, 2),
        ({"a": ["x:y", "x:y", "x%3Ay"], "b": [True, True, True]}, 1, 2),
        ({"a": [math.inf, math.inf, -math.inf]}, 1, 2),
        ({"a": pa.array([1, 1, 1, 2], pa.timestamp("us")), "b": pa.nulls(4)}, 2, 3),
        ({"a": pa.array([1, 1, 1, 2], pa.date32())}, 2, 3),
        ({"a": [2**60, 2**60, 2**60 + 1]}, 1, 2),
        ({"a": ["", "", " "]}, 1, 2),
    ],
)
def test_equal_rows_are_found_and_shown(columns, repeated, most):
    dataset = dataset_of(columns)
    (found,) = (f for f in quality.find(dataset, dataset.load()) if f.kind == "duplicates")
    assert found.words.startswith(f"{repeated} row")
    assert told_rows(found) == most == kept(dataset, dataset.load(), found.wheres)


def test_rows_that_differ_in_one_column_are_no_duplicates():
    assert find({"a": [1, 1, 1], "b": ["x", "y", None]}, "duplicates") == []


# Constant columns, identifiers ----------------------------------------------------------------------------------


def test_constant_and_empty_columns_are_named():
    found = find({"a": [1, 1], "b": ["x", "x"], "c": [None, None], "d": [1, 2], "e": [1, None]}, "constant")
    assert [finding.words for finding in found] == ["a, b have one value in all rows.", "c holds no value at all."]


def test_of_one_row_no_column_is_constant():
    assert find({"a": [1], "b": ["x"]}, "constant") == []


def test_a_column_that_names_every_row_is_an_identifier():
    found = find({"id": list(range(40, 0, -1)), "b": [1.5, 2.5] * 20}, "identifier")
    assert [finding.words for finding in found] == ["id numbers every row differently: it looks like an identifier."]


def test_what_only_may_be_an_identifier_is_said_to_look_like_one(catalog):
    dataset = catalog["MASS/crabs"]
    found = [f.words for f in quality.find(dataset, catalog.table(dataset)) if f.kind == "identifier"]
    assert found == ["index has 50 values, each in 4 rows: it seems to number groups of rows."]


def test_a_name_that_is_no_word_is_quoted():
    found = find({"190.5": [1, 1], " ": ["x", "x"], "b": [1, 2]}, "constant")
    assert [finding.words for finding in found] == ["“190.5”, “ ” have one value in all rows."]
    found = find({"19": [f"n{n}" for n in range(40)], "b": [1.5, 2.5] * 20}, "identifier")
    assert [finding.words for finding in found] == ["“19” names every row differently: it looks like an identifier."]


def test_a_score_a_month_and_what_is_counted_are_no_identifiers(catalog):
    for id in ("HSAUR/GHQ", "HSAUR/womensrole", "HistData/Prostitutes", "vcd/HorseKicks", "vcd/Saxony"):
        dataset = catalog[id]
        found = [f.words for f in quality.find(dataset, catalog.table(dataset)) if f.kind == "identifier"]
        assert found == [], id


# Outliers -------------------------------------------------------------------------------------------------------


def test_values_far_beyond_the_quartiles_are_suspected_on_either_side():
    values = [*np.linspace(0, 1, 99).tolist(), 50.0, -50.0, math.inf, None]
    below, above = find({"a": values}, "outliers")
    assert (told_rows(below), told_rows(above)) == (1, 2)
    assert below.wheres[0].operator == "lt"


def test_an_end_is_written_as_it_is_counted_and_asked_for(catalog):
    for dataset in catalog.values():
        table = catalog.table(dataset)
        for finding in (found for found in quality.find(dataset, table) if found.kind == "outliers"):
            (where,) = finding.wheres
            written = float(re.search(r"(?:above|below) (\S+), more", finding.words)[1].replace(",", ""))
            numbers = table[where.column].drop_null().to_numpy()
            beyond = numbers < written if where.operator == "lt" else numbers > written
            assert (written, int(beyond.sum())) == (float(where.values[0]), told_rows(finding)), dataset.id


def test_tiny_values_have_an_end_of_their_size():
    values = [*(np.linspace(1, 2, 99) * 1e-14).tolist(), 9e-14]
    (finding,) = find({"a": values}, "outliers")
    assert (told_rows(finding), finding.wheres[0].operator) == (1, "gt")
    assert 2e-14 < float(finding.wheres[0].values[0]) < 9e-14


def test_values_on_the_end_are_not_beyond_it(catalog):
    dataset = catalog["survival/flchain"]  # quartiles 0.9 and 1.2; 12 values are 2.1
    words = [f.words for f in quality.find(dataset, catalog.table(dataset)) if f.kind == "outliers"]
    assert any(each.startswith("66 values of creatinine lie above 2.1, ") for each in words)
    assert any("of sample.yr lie above 2000, " in each for each in words)


def test_infinite_values_are_outliers_of_the_finite_ones():
    dataset = dataset_of({"a": [*np.linspace(0, 1, 99).tolist(), 50.0, math.inf, None]})
    (found,) = (f for f in quality.find(dataset, dataset.load()) if f.kind == "outliers")
    assert kept(dataset, dataset.load(), found.wheres) == told_rows(found)


@pytest.mark.parametrize(
    "values",
    [
        [-1.7e308, 1.7e308, *range(10)],
        [-1.7e308, -1.6e308, 1.6e308, 1.7e308, 0.5, 0.25, 1.0, -1.0],
        [5.0] * 50 + [9.0, 8.0, 7.5, 7.25, 1.5, 1.25, 1.0],
        [2.5],
    ],
)
def test_huge_and_equal_values_are_no_reason_to_fail(values):
    dataset = dataset_of({"a": [float(value) for value in values]})
    for found in quality.find(dataset, dataset.load()):
        if found.kind == "outliers":
            assert kept(dataset, dataset.load(), found.wheres) == told_rows(found)


def test_outliers_among_large_integers_are_counted_as_they_are_filtered():
    centre = 2**60
    for far in range(3900, 4200, 7):
        values = [centre + step for step in range(0, 1000, 10)] + [centre + far, centre - far]
        dataset = dataset_of({"a": values, "b": [f"n{row}" for row in range(len(values))]})
        for found in quality.find(dataset, dataset.load()):
            if found.kind == "outliers":
                assert kept(dataset, dataset.load(), found.wheres) == told_rows(found)


# Mixed types ----------------------------------------------------------------------------------------------------


def test_a_text_with_a_few_words_among_numbers_is_mixed():
    values = ["1", "2.5", "-3e5", " 4 ", ".5", "n/a", "n/a", "?:%"]
    dataset = dataset_of({"a": values, "b": list(range(8))})
    (found,) = (f for f in quality.find(dataset, dataset.load()) if f.kind == "mixed")
    assert (
        found.words
        == "a is text of which most different values read as numbers, but 2 values, in 3 rows, do not: n/a, ?:%."
    )
    assert kept(dataset, dataset.load(), found.wheres) == 3


def test_a_text_of_numbers_alone_is_told():
    assert [f.words for f in find({"a": ["1", "2", "1"]}, "mixed")] == [
        "a is text, and all of its 2 values read as numbers."
    ]


@pytest.mark.parametrize(
    "values", [["a", "1"], ["a", "b", "1"], ["1_000"], ["nan"], ["1\n2"], ["٣"], ["", "1"], [None]]
)
def test_words_are_no_numbers(values):
    assert find({"a": pa.array(values, pa.string())}, "mixed") == []


def test_too_many_odd_values_for_one_condition_have_none():
    values = [str(number) for number in range(300)] + [f"word {number}" for number in range(101)]
    (found,) = find({"a": values}, "mixed")
    assert found.wheres == ()
    assert found.words.endswith("101 values, in 101 rows, do not: word 0, word 1, word 2, word 3 and 97 more.")


def test_odd_values_that_no_link_can_hold_have_no_condition():
    values = [str(number) for number in range(300)] + [f"{'w' * 90}{number}" for number in range(60)]
    (found,) = find({"a": values}, "mixed")
    assert found.wheres == ()


def test_what_cannot_be_seen_in_a_value_is_spelt():
    (found,) = find({"a": ["1", "2", "6.2\x1a"]}, "mixed")
    assert found.words.endswith(r"does not: 6.2\x1a.")


def test_long_and_blank_values_are_shortened_and_quoted():
    (found,) = find({"a": ["1", "2", "3", "4", "", "x" * 500]}, "mixed")
    assert found.words.endswith(f"do not: “”, {'x' * 39}….")


# Everything -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [{}, {"a": []}, {"a": pa.nulls(0)}, {"a": pa.array([], pa.string())}])
def test_nothing_is_odd_about_no_rows(columns):
    assert find(columns) == []


def test_findings_come_in_the_order_of_the_checks():
    kinds = [f.kind for f in find({"a": ["1", "1", None, None], "b": [2, 2, 2, 2], "c": [None] * 4})]
    assert list(dict.fromkeys(kinds)) == ["missing", "duplicates", "constant", "mixed"]
