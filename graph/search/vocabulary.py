"""The terms of an index with their document frequencies, and look-ups by prefix and with a typo."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from graph.search.query_text import WordClause
from graph.typos import has_one_typo, kept_ends

Frequencies: TypeAlias = tuple[int, ...]
"""How many nodes have a term in a field of each weight, in the order of `Weight`."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Every term of an index."""

    frequencies: Mapping[str, Frequencies]
    terms: tuple[str, ...]
    """Sorted."""
    backward: tuple[str, ...]
    """Each term spelled backward, sorted: suffixes are looked up as prefixes here."""

    def similar(self, clause: WordClause) -> list[str]:
        """Terms other than the word itself that match the clause, the most frequent first, ties in alphabetical order.

        Cost: linear in the terms with the prefix; for typos, in the terms that begin or end with almost half of the
        word.
        """
        found: set[str] = set()
        if clause.is_prefix:
            found.update(_beginning(self.terms, clause.term))
            found.discard(clause.term)
        elif clause.is_forgiving:
            found.update(self._with_one_typo(clause.term))
        return sorted(found, key=lambda term: (-sum(self.frequencies[term]), term))

    def _with_one_typo(self, word: str) -> Iterator[str]:
        start, end = kept_ends(word)
        ends = (backward[::-1] for backward in _beginning(self.backward, end[::-1]))
        yield from (term for term in (*_beginning(self.terms, start), *ends) if has_one_typo(term, word))


def vocabulary_of(frequencies: Mapping[str, Frequencies]) -> Vocabulary:
    """The vocabulary of these terms. Cost: sorts them twice."""
    terms = sorted(frequencies)
    return Vocabulary(MappingProxyType(frequencies), tuple(terms), tuple(sorted(term[::-1] for term in terms)))


def _beginning(terms: Sequence[str], prefix: str) -> Sequence[str]:
    start = bisect_left(terms, prefix)
    return terms[start : bisect_right(terms, prefix, start, key=lambda term: term[: len(prefix)])]
