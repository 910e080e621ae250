"""Articles similar to another one: those that share its telling words, which are frequent in it and rare elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from math import log
from typing import NamedTuple

from graph.building.snapshot import GraphSnapshot
from graph.model import Article, NodeKind
from graph.search.fields import Weight, field_texts
from graph.search.index import TextIndex, text_index
from graph.search.ranking import query_of_term
from graph.words import words

_MOST_WORDS = 15
"""Telling words of an article."""
_MOST_SHARED = 8
"""Shared words that a hit names."""
_ARTICLES = frozenset({NodeKind.ARTICLE})


class SimilarHit(NamedTuple):
    """An article similar to the one asked about."""

    node_id: str
    score: float
    shared_terms: tuple[str, ...]
    """One to eight words that both have, spelled as in the article asked about, the most telling first."""


class _TellingWord(NamedTuple):
    """A word of the article asked about that few others have."""

    spelling: str
    rank: float
    """How telling it is, as in the order of the words."""
    scores: list[tuple[int, float]]
    """The place in the index and the score of each article that has it."""


def similar(snapshot: GraphSnapshot, article_id: str) -> tuple[SimilarHit, ...]:
    """Every other article that shares telling words with this one, highest score first, ties by id.

    The telling words are the 15 with the highest rank by how often and in which fields they occur here, and how rare
    they are in the snapshot (TF-IDF), among those that occur in other articles at all. Words in more than a tenth of
    all nodes, numbers and single ASCII letters are never telling. An article's score is the sum of the words' scores in
    it, times the part that they have in the ranks of all telling words: one rare word that both have, such as a name with
    another meaning, is little against several words that together say what this article is about. Empty for an id that is
    not an article's.
    Cost: linear in the article's words and in the articles that have its telling words.
    """
    # The engine's own "more like this" is not used: among equally telling words it takes those that its hash table
    # holds first, so answers differ from run to run, and it does not say which words are shared.
    article = snapshot.nodes.get(article_id)
    if not isinstance(article, Article):
        return ()
    index = text_index(snapshot)
    telling = _telling_words(index, article)
    scores: defaultdict[int, float] = defaultdict(float)
    shared: defaultdict[int, int] = defaultdict(int)  # a bit for each telling word: few combinations, each spelled once
    for number, word in enumerate(telling):
        for place, score in word.scores:
            scores[place] += score
            shared[place] |= 1 << number
    combinations = set(shared.values())
    reasons = {bits: _spellings(telling, bits) for bits in combinations}
    parts = {bits: _part(telling, bits) for bits in combinations}
    ranked = sorted((-round(score * parts[shared[place]], 6), place) for place, score in scores.items())
    return tuple(
        SimilarHit(index.ids[place], -negated, reasons[shared[place]])
        for negated, place in ranked
        if index.ids[place] != article_id
    )


def _spellings(telling: Sequence[_TellingWord], bits: int) -> tuple[str, ...]:
    return tuple(islice((word.spelling for word in _chosen(telling, bits)), _MOST_SHARED))


def _part(telling: Sequence[_TellingWord], bits: int) -> float:
    """The part of some of the telling words in the ranks of all."""
    return sum(word.rank for word in _chosen(telling, bits)) / sum(word.rank for word in telling)


def _chosen(telling: Sequence[_TellingWord], bits: int) -> Iterator[_TellingWord]:
    return (word for number, word in enumerate(telling) if bits >> number & 1)


def _telling_words(index: TextIndex, article: Article) -> list[_TellingWord]:
    """The most telling first."""
    telling: list[_TellingWord] = []
    for term, spelling, rank in _candidates(index, article):
        scores = index.scores(query_of_term(index.schema, term), _ARTICLES)
        if len(scores) > 1:
            telling.append(_TellingWord(spelling, rank, scores))
        if len(telling) == _MOST_WORDS:
            break
    return telling


def _candidates(index: TextIndex, article: Article) -> list[tuple[str, str, float]]:
    """Term, spelling and rank of the words that may be telling, the most telling first."""
    spellings: dict[str, str] = {}
    counts: defaultdict[str, Counter[Weight]] = defaultdict(Counter)
    for field, text in field_texts(article):
        for term, start, end in words(text):
            spellings.setdefault(term, text[start:end])
            counts[term][field.weight] += 1
    ranks = {term: rank for term, count in counts.items() if (rank := _rank(index, term, count)) > 0}
    return [(term, spellings[term], ranks[term]) for term in sorted(ranks, key=lambda term: (-ranks[term], term))]


def _rank(index: TextIndex, term: str, count: Counter[Weight]) -> float:
    """How telling a word is that occurs so often in the article's fields of each weight; 0 for one that never is."""
    if term.isnumeric() or (len(term) == 1 and term.isascii()):
        return 0
    frequencies = index.vocabulary.frequencies[term]
    if sum(frequencies) == len(count) or max(frequencies) > max(2, len(index.ids) // 10):
        return 0  # nobody else has it, or too many have
    return sum(weight.value * times for weight, times in count.items()) * log(1 + len(index.ids) / max(frequencies))
