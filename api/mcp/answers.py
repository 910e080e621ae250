"""Answers that fit a number of tokens: of lists and texts as much as has room, and what was left out."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from api.json_text import to_json
from graph.context_packs.budget import BYTES_PER_TOKEN, shortened
from graph.context_packs.markdown import visible

_SHORTEST_TEXT = 60
"""Bytes of a text that are shown in any case."""
_BYTES_A_TURN = 20
"""By which texts grow while lists grow by an entry."""
_MOST_PLACES = 12
"""Places that are named where something was left out."""


class AnswerError(Exception):
    """An answer that no part of has room, or none at all; the message says what a model can do."""


def fitting(answered: Mapping[str, Any], tokens: int) -> str:
    """The answer as JSON in so many tokens at most, its lists and texts cut evenly; `leftOut` says where and how much.

    Raises:
        AnswerError: even without any entry it has no room.
    """
    room = tokens * BYTES_PER_TOKEN
    whole = _cut(answered, room, room)
    if whole is not None and not whole.left_out:
        return whole.text
    least, most = -1, room  # the largest number of entries that fits, and the least that does not
    found = ""
    while most - least > 1:
        entries = (least + most) // 2
        cut = _cut(answered, entries, room)
        if cut is None:
            most = entries
        else:
            least, found = entries, cut.text
    if not found:
        raise AnswerError(f"The answer does not fit {tokens:,} tokens: ask for fewer fields, or give more `tokens`.")
    return found


class _Full(Exception):  # noqa: N818  # it ends a try, and is no error
    """There is no more room."""


class _Cut:
    """An answer with so many entries of each list at most."""

    def __init__(self, answered: Mapping[str, Any], entries: int, room: int) -> None:
        self._entries = entries
        self._left = room
        self.left_out: Counter[str] = Counter()
        shown = self._of(answered, "")
        assert isinstance(shown, dict)
        if self.left_out:
            places = [f"{place}: {count:,} more" for place, count in self.left_out.most_common(_MOST_PLACES)]
            more = len(self.left_out) - len(places)
            shown["leftOut"] = [*places, *([f"and at {more} more places"] if more else [])]
        self.text = to_json(shown).decode()

    def _of(self, value: Any, place: str) -> Any:
        match value:
            case dict():
                self._spend(2 + sum(len(key) + 4 for key in value))
                return {
                    visible(key): self._of(inner, f"{place}.{key}" if place else key) for key, inner in value.items()
                }
            case list():
                if len(value) > self._entries:
                    self.left_out[place] += len(value) - self._entries
                self._spend(2 + min(len(value), self._entries))
                return [self._of(inner, place) for inner in value[: self._entries]]
            case str():
                value = visible(value)
                shown = shortened(value, _SHORTEST_TEXT + _BYTES_A_TURN * self._entries)
                if shown != value:
                    self.left_out[f"characters of {place}"] += len(value) - len(shown)
                self._spend(len(shown) + 2)
                return shown
        self._spend(4)
        return value

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise _Full


def _cut(answered: Mapping[str, Any], entries: int, room: int) -> _Cut | None:
    """The answer with so many entries, if it has room."""
    try:
        cut = _Cut(answered, entries, room)
    except _Full:
        return None
    return cut if len(cut.text.encode()) <= room else None
