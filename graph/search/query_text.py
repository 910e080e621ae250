"""The query language of search, and its parser.

- Every word must occur in a node, in any of its fields.
- Words in quotes are a phrase: they must be adjacent, in this order, in one field, without typos.
- `word*` matches words with this prefix.
- A word of at least four letters matches with one typo too: one letter more, less or different, or two swapped. A word
  with a digit matches exactly.
- All other characters separate words: there are no operators, and no query is ill-formed.
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
        """Whether a word with one typo matches too."""
        return (
            not self.is_prefix
            and len(self.term) >= _SHORTEST_FORGIVEN
            and not any(character.isnumeric() for character in self.term)
        )


@dataclass(frozen=True, slots=True)
class PhraseClause:
    """One or more words that must be adjacent."""

    terms: tuple[str, ...]


Clause: TypeAlias = WordClause | PhraseClause


@lru_cache(maxsize=256)  # highlights ask again for each node of a page
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of the query in order, without repetitions.

    Raises:
        SearchError: the query has no word, has too many of them, or is too long.
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
    # `split` puts what was in quotes at the odd indexes. A quote that is never closed only separates words.
    for number, part in enumerate(_PHRASE.split(text)):
        if number % 2 == 0:
            yield from _unquoted(part)
        elif phrase := terms(part):
            yield PhraseClause(tuple(phrase))


def _unquoted(text: str) -> Iterator[Clause]:
    for run in runs(text):
        if len(run.terms) > 1:  # a script without spaces
            yield PhraseClause(run.terms)
        else:
            yield WordClause(run.terms[0], is_prefix=text.startswith("*", run.end))
