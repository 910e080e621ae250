"""Where a text matches the clauses of a query, by the same rules as the index."""

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from graph.search.query_text import Clause, PhraseClause, WordClause
from graph.search.words import Word
from graph.typos import has_one_typo, kept_ends


class Match(NamedTuple):
    """A part of a text that matches a clause."""

    start: int
    end: int
    clause: Clause


def matches(found: Sequence[Word], wanted: Iterable[Clause]) -> list[Match]:
    """Every match of a clause among the words of a text, by start and end; matches may overlap.

    Cost: linear in words, for each clause.
    """
    terms = [word.term for word in found]
    places = [
        Match(found[first].start, found[last].end, clause)
        for clause in wanted
        for first, last in _places(terms, clause)
    ]
    return sorted(places, key=lambda match: (match.start, match.end))


def _places(terms: Sequence[str], clause: Clause) -> Iterator[tuple[int, int]]:
    match clause:
        case PhraseClause(phrase):
            wanted = list(phrase)
            for first, term in enumerate(terms):
                if term == wanted[0] and terms[first : first + len(wanted)] == wanted:
                    yield first, first + len(wanted) - 1
        case WordClause():
            matching = _matching(set(terms), clause)
            for place, term in enumerate(terms):
                if term in matching:
                    yield place, place


def _matching(terms: Set[str], clause: WordClause) -> Set[str]:
    word = clause.term
    if clause.is_prefix:
        return {term for term in terms if term.startswith(word)}
    if not clause.is_forgiving:
        return {word} & terms
    start, end = kept_ends(word)
    near = (term for term in terms if term.startswith(start) or term.endswith(end))
    return {term for term in near if term == word or has_one_typo(term, word)}
