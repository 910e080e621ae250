"""`Wording`: how much the titles and excerpts of articles have in common, by the words that tell them apart (TF-IDF, cosine)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain
from math import log, sqrt
from typing import NamedTuple

from graph.checkpoints import checked
from graph.words import terms

_SCALE = 1000
"""Weights are whole numbers of thousandths: their sums are equal in any order, and on every machine."""
_IN_TITLE = 2
"""How many times a word of the title counts one of the excerpt."""
_MOST_COMMON = 5
"""A word in more than one of so many articles tells nothing, nor does it in a handful of articles that all have it."""


class Vector(NamedTuple):
    """What an article says, if anything."""

    words: frozenset[str]
    shares: Mapping[str, int]
    """Of each word; the squares add up to about the square of `_SCALE`."""


class Wording:
    """The words of some articles."""

    def __init__(self, texts: Iterable[tuple[str | None, str | None]]) -> None:
        """Of the title and the excerpt of each article. Cost: linear in the texts."""
        self._words = [(_words(title), _words(excerpt)) for title, excerpt in checked(texts)]
        counts: Counter[str] = Counter()
        for words in self._words:
            counts.update({*chain.from_iterable(words)})
        total = len(self._words)
        most = max(total // _MOST_COMMON, _MOST_COMMON)
        self._weights = {
            word: weight
            for word, count in counts.items()
            if count <= most and (weight := round(_SCALE * log(total / count)))
        }

    def title(self, place: int) -> tuple[str, ...]:
        """The words of the title of the article at this place among the texts, each once."""
        return self._words[place][0]

    def vector(self, place: int) -> Vector:
        """Of the article at this place; without words for one that says nothing of its own."""
        title, excerpt = self._words[place]
        weights = self._weights
        found = {word: weights[word] for word in excerpt if word in weights}
        found |= {word: _IN_TITLE * weights[word] for word in title if word in weights}
        length = sqrt(sum([weight * weight for weight in found.values()]))
        return Vector(frozenset(found), {word: round(_SCALE * weight / length) for word, weight in found.items()})


def likeness(one: Vector, other: Vector) -> float:
    """From 0, of articles without a word in common, to about 1."""
    common = one.words & other.words
    ours, theirs = one.shares, other.shares
    return sum([ours[word] * theirs[word] for word in common]) / _SCALE**2 if common else 0


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms(text))) if text else ()
