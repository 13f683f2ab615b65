"""Find documents by words: ranked, complete words before beginnings, misspelt ones where nothing else fits."""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

WORDS = re.compile(r"[^\W_]+")
TYPO = 0.75  # least similarity of two words that count as one, misspelt
TYPOS_MAX = 5  # words that a misspelt one may stand for
BEGINNING, MISSPELT = 0.6, 0.4  # of what the word itself counts
QUERY_MAX = 12  # words of a search that are read


class Index:
    """The words of documents. A document is texts with the weight that a word in each has, the weightiest first."""

    def __init__(self, documents: Sequence[Iterable[tuple[float, str]]]):
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._lengths = []  # words of the first text of each
        for place, texts in enumerate(map(list, documents)):
            self._lengths.append(len(WORDS.findall(texts[0][1])) if texts else 0)
            for weight, text in texts:
                for word in WORDS.findall(text.casefold()):
                    self._weights[word].setdefault(place, weight)
        self._words = sorted(self._weights)
        self._count = len(documents)

    def find(self, text: str) -> list[int]:
        """Return the places of the documents that have every word of a text, best first.

        A word counts the more, the fewer documents have it and the weightier the text that it stands in. Of equals the
        one whose first text has fewer words is first, then they keep their order.
        """
        words = list(islice(dict.fromkeys(WORDS.findall(text.casefold())), QUERY_MAX))
        if not words:
            return list(range(self._count))
        found = [self._hits(word) for word in words]
        every = set(found[0]).intersection(*found[1:])
        return sorted(every, key=lambda place: (-sum(hits[place] for hits in found), self._lengths[place], place))

    def _hits(self, word: str) -> dict[int, float]:
        """Return the documents that a word finds with what it counts there."""
        scores: dict[int, float] = {}
        alike = self._like(word)
        found = set().union(*(self._weights[own] for own, _ in alike))
        rarity = math.log(1 + self._count / max(len(found), 1))
        for own, likeness in alike:
            for place, weight in self._weights[own].items():
                scores[place] = max(scores.get(place, 0.0), weight * rarity * likeness)
        return scores

    def _like(self, word: str) -> list[tuple[str, float]]:
        """Return the words that one stands for: itself, those that begin with it, its singular; else those spelt nearly
        so."""
        exact = [(word, 1.0)] if word in self._weights else []
        begun = [(own, BEGINNING) for own in self._beginning(word) if own != word]
        single = [(word[:-1], BEGINNING)] if word.endswith("s") and word[:-1] in self._weights else []
        if exact or begun or single:
            return exact + begun + single
        near = process.extract(word, self._words, scorer=OSA.normalized_similarity, score_cutoff=TYPO, limit=TYPOS_MAX)
        return [(own, MISSPELT * likeness) for own, likeness, _ in near]

    def _beginning(self, word: str) -> list[str]:
        start = bisect_left(self._words, word)
        end = bisect_left(self._words, word + "\U0010ffff")
        return self._words[start:end]
