"""The engine's query for what a text asks for, and with it how much each word found weighs."""

from collections.abc import Callable, Iterable

from tantivy import Occur, Query, Schema

from graph.search.fields import Weight
from graph.search.query_text import Clause, PhraseClause, WordClause

_SIMILAR_WORD = 0.2
"""What a word that has a typo, or only begins as asked, is worth in a field of weight 1; in all fields together 1.6."""
_WORD_ITSELF = 2.0
"""What the word itself is worth on top of its BM25 where a similar one would do: more than any similar one."""


def query_of_all(schema: Schema, clauses: Iterable[Clause]) -> Query:
    """Matches the nodes that meet every clause; what the clauses score adds up."""
    return Query.boolean_query([(Occur.Must, _query_of(schema, clause)) for clause in clauses])


def query_of_term(schema: Schema, term: str) -> Query:
    """Matches the nodes that have the word in any field; scores the sum of its BM25 there, times the field's weight."""
    return _in_any_field(lambda field: Query.term_query(schema, field, term))


def _query_of(schema: Schema, clause: Clause) -> Query:
    match clause:
        case PhraseClause((term,)):
            return query_of_term(schema, term)
        case PhraseClause(terms):
            return _in_any_field(lambda field: Query.phrase_query(schema, field, list(terms)))
        case WordClause(term) if not (clause.is_prefix or clause.is_forgiving):
            return query_of_term(schema, term)
        case WordClause(term):
            word = query_of_term(schema, term)
            return _any_of((word, Query.const_score_query(word, _WORD_ITSELF), _query_of_similar(schema, clause)))


def _query_of_similar(schema: Schema, clause: WordClause) -> Query:
    """The engine gives the word itself and every similar one the same score, however rare they are."""
    distance = 0 if clause.is_prefix else 1
    similar = _in_any_field(
        lambda field: Query.fuzzy_term_query(schema, field, clause.term, distance, prefix=clause.is_prefix)
    )
    return Query.boost_query(similar, _SIMILAR_WORD)


def _in_any_field(query: Callable[[str], Query]) -> Query:
    return _any_of(Query.boost_query(query(weight.name), weight.value) for weight in Weight)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])
