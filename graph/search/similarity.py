"""Articles like another one: those that share the words which tell it from most others."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice
from math import log
from typing import NamedTuple

from graph.building.snapshot import GraphSnapshot
from graph.model import Article, NodeKind
from graph.search.fields import Weight, field_texts
from graph.search.index import TextIndex, text_index
from graph.search.ranking import query_of_term
from graph.search.words import words

_MOST_WORDS = 15
_MOST_SHARED = 8
_ARTICLES = frozenset({NodeKind.ARTICLE})


class SimilarHit(NamedTuple):
    """An article like the one asked about."""

    node_id: str
    score: float
    shared_terms: tuple[str, ...]
    """Words that both have, at most eight and at least one, spelled as in the article asked about; the most telling
    first."""


class _TellingWord(NamedTuple):
    """A word of the article asked about that few others have."""

    spelling: str
    scores: list[tuple[int, float]]
    """Of the articles that have it, by their place in the index."""


def similar(snapshot: GraphSnapshot, article_id: str) -> tuple[SimilarHit, ...]:
    """Every other article that shares telling words with this one, best first, ties by id.

    Telling are the 15 words of which others have any that rank highest by how often and where they stand in this
    article, and how rare they are elsewhere; words in more than a tenth of all nodes, numbers and single letters never
    are. The score of an article sums the scores of each of these words in it. Empty for an id that is no article's.
    Cost: linear in the article's words and in the articles that have the telling ones.
    """
    # The engine's own "more like this" takes whichever of equally telling words its hash table holds first, and does
    # not say which words were shared.
    article = snapshot.nodes.get(article_id)
    if not isinstance(article, Article):
        return ()
    index = text_index(snapshot)
    telling = _telling_words(index, article)
    scores: defaultdict[int, float] = defaultdict(float)
    shared: defaultdict[int, int] = defaultdict(int)  # a bit for each telling word: most articles share the same few
    for number, word in enumerate(telling):
        for place, score in word.scores:
            scores[place] += score
            shared[place] |= 1 << number
    reasons = {bits: _spellings(telling, bits) for bits in set(shared.values())}
    ranked = sorted((-round(score, 6), place) for place, score in scores.items())
    return tuple(
        SimilarHit(index.ids[place], -negated, reasons[shared[place]])
        for negated, place in ranked
        if index.ids[place] != article_id
    )


def _spellings(telling: Sequence[_TellingWord], bits: int) -> tuple[str, ...]:
    spellings = (word.spelling for number, word in enumerate(telling) if bits >> number & 1)
    return tuple(islice(spellings, _MOST_SHARED))


def _telling_words(index: TextIndex, article: Article) -> list[_TellingWord]:
    """The most telling first."""
    telling: list[_TellingWord] = []
    for term, spelling in _candidates(index, article):
        scores = index.scores(query_of_term(index.schema, term), _ARTICLES)
        if len(scores) > 1:
            telling.append(_TellingWord(spelling, scores))
        if len(telling) == _MOST_WORDS:
            break
    return telling


def _candidates(index: TextIndex, article: Article) -> list[tuple[str, str]]:
    """Words that may be telling, each as term and spelling, the most telling first."""
    spellings: dict[str, str] = {}
    counts: defaultdict[str, Counter[Weight]] = defaultdict(Counter)
    for field, text in field_texts(article):
        for term, start, end in words(text):
            spellings.setdefault(term, text[start:end])
            counts[term][field.weight] += 1
    ranks = {term: rank for term, count in counts.items() if (rank := _rank(index, term, count)) > 0}
    return [(term, spellings[term]) for term in sorted(ranks, key=lambda term: (-ranks[term], term))]


def _rank(index: TextIndex, term: str, count: Counter[Weight]) -> float:
    """How telling a word is that stands so often in the article's fields of each weight; 0 if it is not."""
    if term.isnumeric() or (len(term) == 1 and term.isascii()):
        return 0
    frequencies = index.vocabulary.frequencies[term]
    if sum(frequencies) == len(count) or max(frequencies) > max(2, len(index.ids) // 10):
        return 0  # nobody else has it, or too many have
    return sum(weight.value * times for weight, times in count.items()) * log(1 + len(index.ids) / max(frequencies))
