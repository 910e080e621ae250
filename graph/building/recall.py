"""Remembers what was computed from which objects, so that the next time only what has other inputs is computed again."""

from collections.abc import Callable, Hashable
from operator import is_
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Recall:
    """Answers of the last round, by place. Not for several threads at once.

    A place is where an answer belongs, such as a step and an article's key. Its answer serves again if each input is the
    very object that it was, or equal text or numbers, or a tuple of such: equality of more would take 1 for true. So an
    answer may depend on its place and its inputs alone, and inputs may not change.
    """

    def __init__(self) -> None:
        self._old: dict[Hashable, tuple[tuple[object, ...], Any]] = {}
        self._new: dict[Hashable, tuple[tuple[object, ...], Any]] = {}

    def __call__(self, place: Hashable, compute: Callable[..., T], *inputs: object) -> T:
        """What `compute` answers for the inputs."""
        kept = self._old.get(place)
        if kept is None or not _are_same(kept[0], inputs):
            kept = inputs, compute(*inputs)
        self._new[place] = kept
        return cast(T, kept[1])

    def end_round(self) -> None:
        """Forgets whatever was not asked for since the last time."""
        self._old, self._new = self._new, {}


class NoRecall(Recall):
    """Remembers nothing: for what is computed once, which needs neither the memory nor the time."""

    def __call__(self, place: Hashable, compute: Callable[..., T], *inputs: object) -> T:
        return compute(*inputs)


def _are_same(ones: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(ones) == len(others) and (all(map(is_, ones, others)) or all(map(_is_same, ones, others)))


def _is_same(one: object, other: object) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _are_same(one, other)
    return isinstance(one, (str, int)) and one == other
