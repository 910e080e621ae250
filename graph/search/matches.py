"""Where a text matches the clauses of a query, by the same rules as the index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from graph.search.query_text import WordClause
from graph.search.spellings import Phrase, Wanted
from graph.typos import has_one_typo, kept_ends
from graph.words import Word


class Match(NamedTuple):
    """A part of a text that matches a clause."""

    start: int
    end: int
    clause: int
    """Its place among the clauses."""


def matches(found: Sequence[Word], wanted: Iterable[Wanted]) -> list[Match]:
    """Every match of a clause among the words of a text, by start and end; matches may overlap.

    Cost: linear in the words, and for each clause in the different ones and its matches.
    """
    terms = [word.term for word in found]
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms):
        places.setdefault(term, []).append(place)
    return sorted(
        (
            Match(found[first].start, found[last].end, number)
            for number, clause in enumerate(wanted)
            for first, last in _ends(terms, places, clause)
        ),
        key=lambda match: (match.start, match.end),
    )


def _ends(terms: Sequence[str], places: Mapping[str, Sequence[int]], wanted: Wanted) -> Iterator[tuple[int, int]]:
    """The first and the last word of each match."""
    for phrase in wanted.phrases:
        yield from _occurrences(terms, places, phrase)
    for word in (wanted.word, *wanted.words):
        for term in _matching(places.keys(), word) if word else ():
            for place in places[term]:
                yield place, place


def _occurrences(
    terms: Sequence[str], places: Mapping[str, Sequence[int]], phrase: Phrase
) -> Iterator[tuple[int, int]]:
    wanted = list(phrase)
    for first in places.get(wanted[0], ()):
        if terms[first : first + len(wanted)] == wanted:
            yield first, first + len(wanted) - 1


def _matching(terms: Set[str], clause: WordClause) -> Set[str]:
    word = clause.term
    if clause.is_prefix:
        return {term for term in terms if term.startswith(word)}
    if not clause.is_forgiving:
        return {word} & terms
    start, end = kept_ends(word)
    near = (term for term in terms if term.startswith(start) or term.endswith(end))
    return {term for term in near if term == word or has_one_typo(term, word)}
