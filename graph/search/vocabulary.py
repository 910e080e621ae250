"""The terms of an index with their document frequencies, and look-ups by prefix and with a typo."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from graph.search.query_text import WordClause
from graph.typos import SortedWords, has_one_typo

Frequencies: TypeAlias = tuple[int, ...]
"""How many nodes have a term in a field of each weight, in the order of `Weight`."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Every term of an index."""

    frequencies: Mapping[str, Frequencies]
    terms: SortedWords

    def similar(self, clause: WordClause) -> list[str]:
        """Terms other than the word itself that match the clause, the most frequent first, ties in alphabetical order.

        Cost: linear in the terms with the prefix; for typos, in the terms that begin or end with almost half of the
        word.
        """
        found: set[str] = set()
        if clause.is_prefix:
            found.update(self.terms.beginning(clause.term))
            found.discard(clause.term)
        elif clause.is_forgiving:
            found.update(term for term in self.terms.near(clause.term) if has_one_typo(term, clause.term))
        return sorted(found, key=lambda term: (-sum(self.frequencies[term]), term))


def vocabulary_of(frequencies: Mapping[str, Frequencies]) -> Vocabulary:
    """The vocabulary of these terms. Cost: sorts them twice."""
    return Vocabulary(MappingProxyType(frequencies), SortedWords(frequencies))
