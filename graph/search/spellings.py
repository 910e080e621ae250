"""Spellings of compounds: a word that some text of a graph joins by a sign is the same without the sign, and apart."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile
from typing import NamedTuple, TypeAlias

from graph.search.query_text import Clause, CompoundClause, PhraseClause, WordClause
from graph.words import MOST_PARTS, is_compound

Phrase: TypeAlias = tuple[str, ...]
"""Terms that are adjacent, in this order."""

_MOST_SPLITS = 4
"""Ways to take one word apart."""
_MOST_BEGINNING = 20
"""Compounds that are searched for by how they begin."""
_MOST_PHRASES = 16
"""Spellings of one phrase."""


class Wanted(NamedTuple):
    """What meets a clause: the word, any of the phrases, or all of the words wherever they stand."""

    word: WordClause | None = None
    phrases: tuple[Phrase, ...] = ()
    words: tuple[WordClause, ...] = ()


class Compounds:
    """The compounds of a graph's texts."""

    def __init__(self, seen: Iterable[Phrase] = ()) -> None:
        splits: defaultdict[str, list[Phrase]] = defaultdict(list)
        for parts in sorted(seen):
            splits["".join(parts)].append(parts)
        self._splits = {joined: tuple(found[:_MOST_SPLITS]) for joined, found in splits.items()}
        self._joined = sorted(self._splits)

    def splits(self, word: WordClause) -> tuple[Phrase, ...]:
        """The compounds that are this word, or begin with it without one of their own words doing so."""
        if not word.is_prefix:
            return self._splits.get(word.term, ())
        beginning = takewhile(
            lambda joined: joined.startswith(word.term),
            islice(self._joined, bisect_left(self._joined, word.term), None),
        )
        found = (parts for joined in beginning for parts in self._splits[joined] if len(parts[0]) < len(word.term))
        return tuple(islice(found, _MOST_BEGINNING))

    def is_known(self, parts: Phrase) -> bool:
        """Whether some text joins these words by signs."""
        return is_compound(parts) and parts in self._splits.get("".join(parts), ())

    def longest(self, terms: Sequence[str]) -> int:
        """How many of the words, from the first one, make the longest compound; 1 if they make none."""
        return next((size for size in range(len(terms), 1, -1) if self.is_known(tuple(terms[:size]))), 1)


def spelled_out(clauses: Sequence[Clause], compounds: Compounds) -> Iterator[Wanted]:
    """What meets each clause, in every spelling; adjacent words that make a compound are one clause."""
    place = 0
    while place < len(clauses):
        words = _plain_words(clauses[place : place + MOST_PARTS])
        size = compounds.longest([word.term for word in words])
        yield _wanted(clauses[place] if size == 1 else CompoundClause(tuple(words[:size])), compounds)
        place += size


def _plain_words(clauses: Iterable[Clause]) -> list[WordClause]:
    """The clauses up to the first that is not a whole word."""
    found: list[WordClause] = []
    for clause in clauses:
        if not isinstance(clause, WordClause) or clause.is_prefix:
            break
        found.append(clause)
    return found


def _wanted(clause: Clause, compounds: Compounds) -> Wanted:
    match clause:
        case WordClause():
            return Wanted(clause, compounds.splits(clause))
        case CompoundClause(words):
            itself = () if clause.joined.is_prefix else (tuple(word.term for word in words),)
            return Wanted(clause.joined, tuple(dict.fromkeys((*itself, *compounds.splits(clause.joined)))), words)
        case PhraseClause():
            return Wanted(phrases=tuple(dict.fromkeys(islice(_phrases(clause, compounds, 0), _MOST_PHRASES))))


def _phrases(clause: PhraseClause, compounds: Compounds, start: int) -> Iterator[Phrase]:
    """The words of the phrase from the place on, in every spelling; as they are written first."""
    if start == len(clause.terms):
        yield ()
        return
    for end in range(start + 1, min(start + MOST_PARTS, len(clause.terms)) + 1):
        parts = clause.terms[start:end]
        if end == start + 1 or (start, end) in clause.compounds or compounds.is_known(parts):
            joined = "".join(parts)
            others = (split for split in compounds.splits(WordClause(joined)) if split != parts)
            spellings = [(joined,), *others]
            for rest in _phrases(clause, compounds, end):
                yield from ((*spelling, *rest) for spelling in spellings)
