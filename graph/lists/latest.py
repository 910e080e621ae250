"""`Latest`: the values that were used last, within a budget."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V", bound=Sized)

LEAST = 1_000
"""What even a short value counts: its key takes room too."""


class Latest(Generic[V]):
    """For several threads: none waits while another one computes, so two may compute the same."""

    def __init__(self, budget: int) -> None:
        """The lengths of all values together stay within the budget; the latest is kept in any case."""
        self._budget = budget
        self._kept: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def once(self, key: Hashable, compute: Callable[[], V]) -> V:
        """What was computed for the key, now or earlier."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        value = compute()
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > 1 and self._length() > self._budget:
                self._kept.popitem(last=False)
        return value

    def _length(self) -> int:
        return sum(max(len(value), LEAST) for value in self._kept.values())
