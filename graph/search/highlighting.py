"""Highlights: where a node matches a query, as fragments of its fields with the matches marked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph.model import Node
from graph.search.fields import field_texts
from graph.search.matches import Match, matches
from graph.search.query_text import clauses
from graph.search.spellings import Compounds, Wanted, spelled_out
from graph.words import Word, words

_FRAGMENT_LENGTH = 160
"""Characters."""
_WHOLE_LENGTH = 200
"""Characters up to which a text is shown whole."""
_NO_COMPOUNDS = Compounds()


class HighlightPart(NamedTuple):
    """A piece of a fragment."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """A field's text, or the best matching fragment of a long one."""

    field: str
    """As in the GraphQL schema."""
    parts: tuple[HighlightPart, ...]
    """In order, none empty; joined, they are the fragment character by character."""


class _Span(NamedTuple):
    start: int
    end: int


def highlights(node: Node, text: str, compounds: Compounds = _NO_COMPOUNDS) -> tuple[Highlight, ...]:
    """One highlight for each text of the node that matches any clause of the query `text`, in field order.

    Words are marked that equal a word of the query, begin with its prefix or are one typo away; a phrase is marked
    whole, where its words are adjacent; so are `compounds` of the graph, however they are spelled. A text of more than 200 characters is cut to a fragment of at most 160 that
    begins and ends at a word: the one with the most distinct clauses matched, then with the most matches, then the
    first.
    Cost: linear in the node's texts, for each clause.

    Raises:
        SearchError: the query has no word, has too many of them, or is too long.
    """
    wanted = tuple(spelled_out(clauses(text), compounds))
    return tuple(Highlight(field.name, parts) for field, value in field_texts(node) if (parts := _parts(value, wanted)))


def _parts(text: str, wanted: Iterable[Wanted]) -> tuple[HighlightPart, ...]:
    """Empty if nothing matches."""
    found = list(words(text))
    places = matches(found, wanted)
    if not places:
        return ()
    whole = _Span(0, len(text))
    fragment = whole if whole.end <= _WHOLE_LENGTH else _fragment(whole, found, _best_part(places))
    return tuple(_split(text, fragment, _marked(places, fragment)))


def _best_part(places: Sequence[Match]) -> _Span:
    """From the first to the last of the matches that fit into the best fragment: a sliding window over all of them."""
    best, best_rank = _Span(places[0].start, places[0].end), (0, 0)
    inside: Counter[int] = Counter()
    after = 0
    for first, match in enumerate(places):
        after = max(after, first)
        while after < len(places) and places[after].end <= match.start + _FRAGMENT_LENGTH:
            inside[places[after].clause] += 1
            after += 1
        rank = (len(inside), after - first)
        if rank > best_rank:
            best, best_rank = _Span(match.start, max(place.end for place in places[first:after])), rank
        if after > first:
            inside[match.clause] -= 1
            inside += Counter()  # drops clauses whose count is 0, which `len` would count
    return best


def _fragment(whole: _Span, found: Sequence[Word], best: _Span) -> _Span:
    """The best part with as much text on either side as fits, cut at words."""
    room = max(0, _FRAGMENT_LENGTH - (best.end - best.start))
    end = min(whole.end, max(0, best.start - room // 2) + _FRAGMENT_LENGTH)
    start = end - _FRAGMENT_LENGTH
    if start > 0:
        start = next(word.start for word in found if word.start >= start)
    if end < whole.end:
        ends = (word.end for word in reversed(found) if start < word.end <= end)
        end = next(ends, end)  # no word ends inside if a match is longer than a fragment
    return _Span(start, end)


def _marked(places: Iterable[Match], fragment: _Span) -> list[_Span]:
    """The matches inside the fragment; those that overlap or touch become one."""
    marked: list[_Span] = []
    for place in places:
        start, end = max(place.start, fragment.start), min(place.end, fragment.end)
        if marked and start <= marked[-1].end:
            marked[-1] = _Span(marked[-1].start, max(end, marked[-1].end))
        elif start < end:
            marked.append(_Span(start, end))
    return marked


def _split(text: str, fragment: _Span, marked: Iterable[_Span]) -> Iterator[HighlightPart]:
    place = fragment.start
    for span in marked:
        if place < span.start:
            yield HighlightPart(text[place : span.start], is_match=False)
        yield HighlightPart(text[span.start : span.end], is_match=True)
        place = span.end
    if place < fragment.end:
        yield HighlightPart(text[place : fragment.end], is_match=False)
