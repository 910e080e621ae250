"""Where in a text a clause of the query is met, by the same rules as the engine finds it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from graph.search.query_text import Clause, PhraseClause, WordClause
from graph.search.words import Word


class Match(NamedTuple):
    """A part of a text that meets a clause; sorted by where it begins."""

    start: int
    end: int
    clause: Clause


def matches(found: Sequence[Word], wanted: Iterable[Clause]) -> list[Match]:
    """Every place among the words of a text that meets one of the clauses; places may overlap.

    Cost: linear in words for each clause.
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
            met = {term for term in set(terms) if _is_met(term, clause)}
            for place, term in enumerate(terms):
                if term in met:
                    yield place, place


def _is_met(term: str, clause: WordClause) -> bool:
    if clause.is_prefix:
        return term.startswith(clause.term)
    return term == clause.term or (clause.is_forgiving and _has_one_typo(term, clause.term))


def _has_one_typo(term: str, wanted: str) -> bool:
    """Whether one letter too many, too few or wrong, or two swapped neighbours tell the words apart."""
    if abs(len(term) - len(wanted)) > 1:
        return False
    same = next((place for place, (one, other) in enumerate(zip(term, wanted, strict=False)) if one != other), None)
    if same is None:
        return len(term) != len(wanted)
    rest, other = term[same:], wanted[same:]
    swapped = other[1::-1] + other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or rest == swapped
