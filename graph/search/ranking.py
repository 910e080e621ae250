"""Search: the nodes whose texts hold what a text asks for, the best first.

A text becomes a query of the engine, which says how much each word found weighs.
"""

from collections.abc import Callable, Iterable, Sequence
from math import log

from tantivy import Occur, Query, Schema

from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.search.fields import Weight
from graph.search.index import SearchHit, TextIndex, text_index
from graph.search.query_text import Clause, PhraseClause, WordClause, clauses

_SIMILAR = 0.5
"""What a word that has a typo, or only begins as asked, is worth next to the word itself."""
_MOST_SCORED = 50
"""Similar words that are scored by their BM25: the most frequent ones. `a*` has thousands."""
_LEAST = 0.01
"""What any similar word is worth where there are more than those."""
_MOST_BM25 = 2.2
"""Of one word in one field, for each unit of its rarity: the engine's k1 + 1."""


def search(snapshot: GraphSnapshot, text: str, kinds: frozenset[NodeKind]) -> tuple[SearchHit, ...]:
    """Every node of the kinds that has all the text asks for, best first, ties by id.

    What a text asks for is in `graph.search.query_text`. The score sums the BM25 of each word in each field, times
    the field's weight. A word found by its beginning, or with a typo forgiven, counts by the best such word in each
    field, and always less than the word itself. Scores of different kinds compare.
    Cost: the first search of a snapshot builds its index.

    Raises:
        SearchError: the text has no word, or too many of them, or is too long.
    """
    wanted = clauses(text)
    index = text_index(snapshot)
    return tuple(index.hits(query_of_all(index, wanted), kinds))


def query_of_all(index: TextIndex, wanted: Iterable[Clause]) -> Query:
    """Matches the nodes that meet every clause; what the clauses score adds up."""
    return Query.boolean_query([(Occur.Must, _query_of(index, clause)) for clause in wanted])


def query_of_term(schema: Schema, term: str) -> Query:
    """Matches the nodes that have the word in any field; scores the sum of its BM25 there, times the field's weight."""
    return _in_any_field(lambda field: Query.term_query(schema, field, term))


def _query_of(index: TextIndex, clause: Clause) -> Query:
    match clause:
        case PhraseClause((term,)):
            return query_of_term(index.schema, term)
        case PhraseClause(terms):
            return _in_any_field(lambda field: Query.phrase_query(index.schema, field, list(terms)))
        case WordClause(term):
            word = query_of_term(index.schema, term)
            similar = index.vocabulary.similar(clause)
            if not similar:
                return word
            itself = Query.const_score_query(word, _most_of_similar(index))
            return _any_of((word, itself, _query_of_similar(index, clause, similar)))


def _query_of_similar(index: TextIndex, clause: WordClause, similar: Sequence[str]) -> Query:
    """Scores in each field the best of the similar words there; `similar` has the most frequent first."""
    scored = [_query_of_best(index, place, weight, similar[:_MOST_SCORED]) for place, weight in enumerate(Weight)]
    if len(similar) <= _MOST_SCORED:
        return _any_of(scored)
    distance = 0 if clause.is_prefix else 1
    every = _in_any_field(
        lambda field: Query.fuzzy_term_query(index.schema, field, clause.term, distance, prefix=clause.is_prefix)
    )
    return _any_of((*scored, Query.const_score_query(every, _LEAST)))


def _query_of_best(index: TextIndex, place: int, weight: Weight, similar: Sequence[str]) -> Query:
    """Scores the BM25 of the best of the words in the field, as if all were as frequent there as the most frequent one.

    Else the rare ones would come first, though what was meant is more likely a frequent one.
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
    """The inverse document frequency of BM25, of a word that so many nodes have; at most ln(nodes + 1)."""
    return log(1 + (len(index.ids) - count + 0.5) / (count + 0.5))


def _most_of_similar(index: TextIndex) -> float:
    """More than similar words can score in all fields together."""
    return _LEAST + _SIMILAR * _MOST_BM25 * log(1 + len(index.ids)) * sum(weight.value for weight in Weight)


def _in_any_field(query: Callable[[str], Query]) -> Query:
    return _any_of(Query.boost_query(query(weight.name), weight.value) for weight in Weight)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
