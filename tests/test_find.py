import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataviewer.find import Index

DOCUMENTS = [
    [(10, "datasets/airquality"), (5, "New York Air Quality Measurements"), (1, "daily ozone and wind")],
    [(10, "Ecdat/Airq"), (5, "Air Quality for Californian Metropolitan Areas"), (1, "rain and value added")],
    [(10, "plm/Grunfeld"), (5, "Grunfeld's Investment Data"), (1, "gross investment of firms")],
    [(10, "datasets/wind"), (5, "Ωmega Ωνομα"), (1, "air")],
]


@pytest.fixture(scope="module")
def index():
    return Index(DOCUMENTS)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("grunfeld", [2]),
        ("AIR quality", [0, 1]),  # in each title; of equal weight, in their order
        ("wind", [3, 0]),  # in the id before the description
        ("invest", [2]),  # a beginning
        ("grunfelt", [2]),  # misspelt
        ("ozne", [0]),
        ("air rain", [1]),  # every word is wanted
        ("air nonsense", []),
        ("ωμεγα", []),
        ("ωνομα", [3]),
        ("!!! ...", [0, 1, 2, 3]),
        ("", [0, 1, 2, 3]),
    ],
)
def test_a_text_finds_the_documents_with_all_its_words_best_first(index, text, places):
    assert index.find(text) == places


def test_of_equals_the_shorter_name_comes_first():
    documents = [[(10, "HistData/Snow.deaths")], [(10, "MASS/deaths")], []]
    assert Index(documents).find("deaths") == [1, 0]


def test_a_plural_finds_the_singular():
    assert Index([[(1, "a firm")], [(1, "all firms")], [(1, "bus")]]).find("firms") == [1, 0]


def test_a_rare_word_counts_more_than_a_common_one():
    index = Index([[(1, "common rare")], [(1, "common other")], [(1, "common")]])
    assert index.find("rare")[0] == 0
    assert index.find("common") == [2, 0, 1]


def test_a_complete_word_comes_before_a_beginning():
    assert Index([[(1, "windy")], [(1, "wind")]]).find("wind") == [1, 0]


def test_a_common_word_comes_before_rare_beginnings():
    documents = [
        [(10, "cars"), (1, "one")],
        [(10, "carrots"), (1, "one")],
        [(10, "car"), (1, "car")],
        [(10, "bus"), (1, "car")],
    ]
    assert Index(documents).find("car")[0] == 2


@pytest.mark.parametrize(("text", "place"), [("gurnfeld", 2), ("ozoen", 0), ("qualiyt", 0)])
def test_letters_that_changed_places_are_forgiven(index, text, place):
    assert index.find(text)[0] == place


@pytest.mark.parametrize("text", ["x" * 5000, "a b " * 5000, "\x00", "💥", "%_'\";--"])
def test_any_text_is_answered(index, text):
    assert isinstance(index.find(text), list)


def test_an_index_of_nothing_finds_nothing():
    assert Index([]).find("a") == []


def test_what_is_found_does_not_depend_on_case_order_or_repetition(index):
    assert index.find("QUALITY air") == index.find("air, air; Quality!") == [0, 1]


def test_of_many_words_the_first_twelve_count(index):
    assert index.find(" ".join(["air"] * 50 + ["quality"])) == [0, 1]  # a word again is no other word
    many = Index([[(1, " ".join(f"w{number}" for number in range(12)))]])
    assert many.find(" ".join(f"w{number}" for number in range(12)) + " absent") == [0]
    assert many.find("absent " + " ".join(f"w{number}" for number in range(12))) == []


def test_every_word_of_every_title_finds_its_dataset(catalog):
    datasets = list(catalog.values())
    index = Index([[(10, dataset.id), (5, dataset.title)] for dataset in datasets])
    for place, dataset in list(enumerate(datasets))[::7]:
        for word in re.findall(r"[^\W_]+", f"{dataset.id} {dataset.title}"):
            assert place in index.find(word), (dataset.id, word)
            assert place in index.find(word.upper()[:3])


def test_the_name_of_a_dataset_finds_it_first(catalog):
    datasets = list(catalog.values())
    index = Index([[(10, dataset.id), (5, dataset.title)] for dataset in datasets])
    for name in ("Grunfeld", "airquality", "iris", "mtcars"):
        assert datasets[index.find(name)[0]].name == name


LETTERS = st.text("abcß É", min_size=0, max_size=8)


@given(st.lists(st.lists(st.tuples(st.integers(1, 3), LETTERS), max_size=3), max_size=6), LETTERS)
def test_complete_words_and_beginnings_are_found_as_a_plain_search_finds_them(documents, text):
    documents = [sorted(texts, reverse=True) for texts in documents]
    wanted = re.findall(r"[^\W_]+", text.casefold())
    words = [{word: weight for weight, own in reversed(texts) for word in re.findall(r"[^\W_]+", own.casefold())}
             for texts in documents]  # fmt: skip
    every = {word for own in words for word in own}
    if not all(any(own.startswith(word) for own in every) for word in wanted):
        return  # misspelt
    scores = {}
    for place, own in enumerate(words):
        found = [
            [
                weight
                * math.log(1 + len(documents) / sum(word in other for other in words))
                * (1 if word == asked else 0.6)
                for word, weight in own.items()
                if word.startswith(asked)
            ]
            for asked in dict.fromkeys(wanted)
        ]
        if all(found):
            scores[place] = sum(map(max, found))
    places = Index(documents).find(text)
    assert sorted(places) == sorted(scores)
    assert all(scores[first] >= scores[second] - 1e-9 for first, second in pairwise(places))
