"""Words one typo apart: one letter more, less or different, or two adjacent letters swapped.

This is a Damerau-Levenshtein distance of 1.
"""

from bisect import bisect_left
from collections.abc import Sequence

_AFTER_ALL = "\U0010ffff"


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


def beginning(names: Sequence[str], prefix: str) -> Sequence[str]:
    """Of sorted names those that begin so. Cost: logarithmic, besides the answer."""
    return names[bisect_left(names, prefix) : bisect_left(names, prefix + _AFTER_ALL)]
