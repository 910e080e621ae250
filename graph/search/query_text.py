"""The query language: which words a text asks for, and how strictly.

- Every word must occur in a node, in any of its fields.
- Words in quotes must stand beside one another, in this order, in one field. Nothing is forgiven there.
- `word*` finds words that begin so.
- In a word of at least four letters one typo is forgiven: a letter too many, too few, wrong, or two swapped. A word
  with a digit is taken as it is.
- All else separates words: there are no operators, and no text is ill-formed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from graph.errors import SearchError
from graph.search.words import runs, terms

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
        """Whether a word with one typo will do."""
        return (
            not self.is_prefix
            and len(self.term) >= _SHORTEST_FORGIVEN
            and not any(character.isnumeric() for character in self.term)
        )


@dataclass(frozen=True, slots=True)
class PhraseClause:
    """Words, at least one, that must stand beside one another."""

    terms: tuple[str, ...]


Clause: TypeAlias = WordClause | PhraseClause


@lru_cache(maxsize=256)  # highlights ask again for each node of a page
def clauses(text: str) -> tuple[Clause, ...]:
    """What the text asks for, in its order, nothing twice.

    Raises:
        SearchError: the text has no word, or too many of them, or is too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise SearchError(f"The text to search for has {len(text)} characters; at most {MOST_CHARACTERS} are allowed.")
    found = tuple(dict.fromkeys(_clauses(text)))
    size = sum(1 if isinstance(clause, WordClause) else len(clause.terms) for clause in found)
    if not found:
        raise SearchError("The text to search for has no word in it; write at least one letter or digit.")
    if size > MOST_WORDS:
        raise SearchError(f"The text to search for has {size} words; at most {MOST_WORDS} are allowed.")
    return found


def _clauses(text: str) -> Iterator[Clause]:
    # Odd parts stood in quotes.
    for number, part in enumerate(_PHRASE.split(text)):
        if number % 2 == 0:
            yield from _unquoted(part)
        elif phrase := terms(part):
            yield PhraseClause(tuple(phrase))


def _unquoted(text: str) -> Iterator[Clause]:
    for run in runs(text):
        if len(run.terms) > 1:
            yield PhraseClause(run.terms)
        else:
            yield WordClause(run.terms[0], is_prefix=text.startswith("*", run.end))
