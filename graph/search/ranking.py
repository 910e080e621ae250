"""Search: the nodes that match a query, best first.

Translates the clauses of a query into a query of the engine that also yields the scores.
"""

from collections.abc import Callable, Iterable, Sequence
from math import log

from tantivy import Occur, Query, Schema

from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.search.fields import Weight
from graph.search.index import SearchHit, TextIndex, text_index
from graph.search.query_text import WordClause, clauses
from graph.search.spellings import Phrase, Wanted, spelled_out

_SIMILAR = 0.5
"""The score of a similar word (one with a typo, or that shares the prefix) in proportion to the exact word's."""
_MOST_SCORED = 50
"""How many similar words, the most frequent ones, are scored by BM25: `a*` has thousands."""
_LEAST = 0.01
"""The score of any similar word beyond those, and of any compound that begins like the word."""
_MOST_BM25 = 2.2
"""The upper bound of BM25's term frequency factor: the engine's k1 + 1."""


def search(snapshot: GraphSnapshot, text: str, kinds: frozenset[NodeKind]) -> tuple[SearchHit, ...]:
    """Every node of these kinds that matches all clauses of `text`, best first, ties by id.

    `graph.search.query_text` tells the syntax. The score is the sum of each word's BM25 in each field, times the
    field's weight; a compound counts like a word, in whatever spelling. Of the words that match a prefix, or with a typo, the
    best one in each field counts, and always less than the exact word would; so do compounds that begin like a
    prefix. Scores of nodes of different kinds are comparable.
    Cost: the first search of a snapshot builds its index.

    Raises:
        SearchError: the query has no word, has too many of them, or is too long.
    """
    wanted = clauses(text)
    index = text_index(snapshot)
    return tuple(index.hits(query_of_all(index, spelled_out(wanted, index.compounds)), kinds))


def query_of_all(index: TextIndex, wanted: Iterable[Wanted]) -> Query:
    """Matches the nodes that match every clause; the scores of the clauses add up."""
    return _all_of(_query_of(index, clause) for clause in wanted)


def query_of_term(schema: Schema, term: str) -> Query:
    """Matches the nodes with the term in any field; scores the sum over fields of BM25 times the field's weight."""
    return _in_any_field(lambda field: Query.term_query(schema, field, term))


def _query_of(index: TextIndex, wanted: Wanted) -> Query:
    phrases: list[Phrase] = [*([(wanted.word.term,)] if wanted.word else []), *wanted.phrases]
    begun: list[Phrase] = []  # compounds that only begin like the word
    if wanted.word and wanted.word.is_prefix:
        begun = [phrase for phrase in phrases if "".join(phrase) != wanted.word.term]
        phrases = [phrase for phrase in phrases if phrase not in begun]
    exact = _best_of([_query_of_phrase(index, phrase) for phrase in phrases])
    others = [_all_of(_query_of(index, Wanted(word)) for word in wanted.words)] if wanted.words else []
    if begun:
        others.append(Query.const_score_query(_any_of(_query_of_phrase(index, phrase) for phrase in begun), _LEAST))
    if wanted.word and (similar := index.vocabulary.similar(wanted.word)):
        others.append(_query_of_similar(index, wanted.word, similar))
    if not others:
        return exact
    # Lifts each node that has the word itself above all that have only similar ones.
    itself = Query.const_score_query(exact, _most_of_similar(index) * max(1, len(wanted.words)))
    return _any_of((exact, itself, *others))


def _query_of_phrase(index: TextIndex, phrase: Phrase) -> Query:
    if len(phrase) == 1:
        return query_of_term(index.schema, phrase[0])
    return _in_any_field(lambda field: Query.phrase_query(index.schema, field, list(phrase)))


def _query_of_similar(index: TextIndex, clause: WordClause, similar: Sequence[str]) -> Query:
    """Scores the best of the similar words in each field; `similar` must have the most frequent first."""
    scored = [_query_of_best(index, place, weight, similar[:_MOST_SCORED]) for place, weight in enumerate(Weight)]
    if len(similar) <= _MOST_SCORED:
        return _any_of(scored)
    distance = 0 if clause.is_prefix else 1
    every = _in_any_field(
        lambda field: Query.fuzzy_term_query(index.schema, field, clause.term, distance, prefix=clause.is_prefix)
    )
    return _any_of((*scored, Query.const_score_query(every, _LEAST)))


def _query_of_best(index: TextIndex, place: int, weight: Weight, similar: Sequence[str]) -> Query:
    """Scores the best BM25 of these words in one field, with the inverse document frequency of the most frequent one.

    With their own, rare words would win, though a frequent one is more likely to be what was meant.
    """
    counts = {term: count for term in similar if (count := index.vocabulary.frequencies[term][place])}
    if not counts:
        return Query.empty_query()
    value = _SIMILAR * weight.value * _rarity(index, max(counts.values()))
    return Query.disjunction_max_query(
        [
            Query.boost_query(Query.term_query(index.schema, weight.name, term), value / _rarity(index, count))
            for term, count in counts.items()
        ]
    )


def _rarity(index: TextIndex, count: int) -> float:
    """BM25's inverse document frequency of a word that `count` nodes have; at most ln(nodes + 1)."""
    return log(1 + (len(index.ids) - count + 0.5) / (count + 0.5))


def _most_of_similar(index: TextIndex) -> float:
    """An upper bound of what similar words can score in all fields together."""
    return 2 * _LEAST + _SIMILAR * _MOST_BM25 * log(1 + len(index.ids)) * sum(weight.value for weight in Weight)


def _in_any_field(query: Callable[[str], Query]) -> Query:
    return _any_of(Query.boost_query(query(weight.name), weight.value) for weight in Weight)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _all_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _best_of(queries: Sequence[Query]) -> Query:
    """Scores the best of the queries."""
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(list(queries))
