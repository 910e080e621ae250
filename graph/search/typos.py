"""What one typo makes of a word: one letter too many, too few or wrong, or two neighbors swapped."""


def kept_ends(word: str) -> tuple[str, str]:
    """The start and the end of a word, of which any one typo leaves at least one as it is."""
    kept = (len(word) - 1) // 2  # a typo touches at most two letters, side by side
    return word[:kept], word[len(word) - kept :]


def has_one_typo(word: str, wanted: str) -> bool:
    """Whether one typo tells the words apart; false for a word and itself."""
    if abs(len(word) - len(wanted)) > 1:
        return False
    same = next((place for place, (one, other) in enumerate(zip(word, wanted, strict=False)) if one != other), None)
    if same is None:
        return len(word) != len(wanted)
    rest, other = word[same:], wanted[same:]
    swapped = other[1::-1] + other[2:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or rest == swapped
