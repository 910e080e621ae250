"""Words one typo apart: one letter more, less or different, or two adjacent letters swapped.

This is a Damerau-Levenshtein distance of 1.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence


def kept_ends(word: str) -> tuple[str, str]:
    """A prefix and a suffix of the word: after any one typo, at least one of them is still there."""
    kept = (len(word) - 1) // 2  # a typo changes at most two letters, and adjacent ones
    return word[:kept], word[len(word) - kept :]


def has_one_typo(word: str, wanted: str) -> bool:
    """Whether the words are exactly one typo apart; false for equal words."""
    if abs(len(word) - len(wanted)) > 1:
        return False
    same = next((place for place, (one, other) in enumerate(zip(word, wanted, strict=False)) if one != other), None)
    if same is None:
        return len(word) != len(wanted)
    rest, other = word[same:], wanted[same:]
    swapped = other[1::-1] + other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or rest == swapped


class SortedWords:
    """Words that are found by how they begin and end."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forward = sorted(words)
        self._backward = sorted(word[::-1] for word in self._forward)

    def beginning(self, prefix: str) -> Sequence[str]:
        """Those that begin so. Cost: logarithmic, besides the answer."""
        return _beginning(self._forward, prefix)

    def near(self, word: str) -> Iterator[str]:
        """Those that begin or end with almost half of the word: all that are one typo apart are among them."""
        start, end = kept_ends(word)
        yield from self.beginning(start)
        yield from (backward[::-1] for backward in _beginning(self._backward, end[::-1]))


def _beginning(words: Sequence[str], prefix: str) -> Sequence[str]:
    start = bisect_left(words, prefix)
    return words[start : bisect_right(words, prefix, start, key=lambda word: word[: len(prefix)])]
