"""The query language of search, and its parser.

- Every word must occur in a node, in any of its fields.
- Words in quotes are a phrase: they must be adjacent, in this order, in one field, without typos.
- `word*` matches words with this prefix.
- A word of at least four letters matches with one typo too: one letter more, less or different, or two swapped. A word
  with a digit matches exactly.
- Words joined by a sign, such as `e-mail`, are meant as one word too.
- All other characters separate words: there are no operators, and no query is ill-formed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from graph.errors import SearchError
from graph.words import Run, runs

MOST_CHARACTERS = 1_000
MOST_WORDS = 32
_SHORTEST_FORGIVEN = 4

_PHRASE = re.compile(r'["“”„]([^"“”„]*)["“”„]')


@dataclass(frozen=True, slots=True)
class WordClause:
    """A word that must occur."""

    term: str
    is_prefix: bool = False

    @property
    def is_forgiving(self) -> bool:
        """Whether a word with one typo matches too."""
        return (
            not self.is_prefix
            and len(self.term) >= _SHORTEST_FORGIVEN
            and not any(character.isnumeric() for character in self.term)
        )


@dataclass(frozen=True, slots=True)
class CompoundClause:
    """Words joined by a sign: all of them must occur, or the one that they make together."""

    words: tuple[WordClause, ...]

    @property
    def joined(self) -> WordClause:
        """Written as one word."""
        return WordClause("".join(word.term for word in self.words), self.words[-1].is_prefix)


@dataclass(frozen=True, slots=True)
class PhraseClause:
    """One or more words that must be adjacent."""

    terms: tuple[str, ...]
    compounds: tuple[tuple[int, int], ...] = ()
    """Where words are joined by a sign: the places of the first one and of the one behind the last."""


Clause: TypeAlias = WordClause | CompoundClause | PhraseClause


@lru_cache(maxsize=256)  # highlights ask again for each node of a page
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of the query in order, without repetitions.

    Raises:
        SearchError: the query has no word, has too many of them, or is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise SearchError(f"The text to search for has {len(text)} characters; at most {MOST_CHARACTERS} are allowed.")
    found = tuple(dict.fromkeys(_clauses(text)))
    size = sum(map(_size, found))
    if not found:
        raise SearchError("The text to search for has no word in it; write at least one letter or digit.")
    if size > MOST_WORDS:
        raise SearchError(f"The text to search for has {size} words; at most {MOST_WORDS} are allowed.")
    return found


def _size(clause: Clause) -> int:
    match clause:
        case WordClause():
            return 1
        case CompoundClause(words):
            return len(words)
        case PhraseClause(terms):
            return len(terms)


def _clauses(text: str) -> Iterator[Clause]:
    # `split` puts what was in quotes at the odd indexes. A quote that is never closed only separates words.
    for number, part in enumerate(_PHRASE.split(text)):
        if number % 2 == 0:
            yield from _unquoted(part)
        elif found := list(runs(part)):
            yield _phrase(found)


def _phrase(found: Sequence[Run]) -> PhraseClause:
    ends = list(accumulate(len(run.terms) for run in found))
    return PhraseClause(
        tuple(term for run in found for term in run.terms),
        tuple((end - len(run.terms), end) for run, end in zip(found, ends, strict=True) if run.is_compound),
    )


def _unquoted(text: str) -> Iterator[Clause]:
    for run in runs(text):
        *before, last = run.terms
        word = WordClause(last, is_prefix=text.startswith("*", run.end))
        if run.is_compound:
            yield CompoundClause((*map(WordClause, before), word))
        elif before:  # a script without spaces
            yield PhraseClause(run.terms)
        else:
            yield word
