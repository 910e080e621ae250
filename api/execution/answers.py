"""Whole answers, kept for requests that repeat: as they are, and in the encodings that clients take them in."""

from collections.abc import Callable
from operator import attrgetter

from cachetools import LRUCache

from api.execution.fragments import SelectionKey

_OVERHEAD = 500
"""Bytes that a kept answer costs besides its texts, about."""


class Answer:
    """A response body, and its compressed forms as far as they were made."""

    __slots__ = ("_forms", "_on_growth", "body", "cost", "size")

    def __init__(self, body: bytes, cost: int = 0, size: int = 0, on_growth: Callable[[], None] = lambda: None) -> None:
        self.body = body
        self.cost = cost
        """What the operation costs at the most."""
        self.size = size
        """Bytes that it takes in a cache, with its forms."""
        self._forms: dict[str, bytes] = {}
        self._on_growth = on_growth

    def form(self, encoding: str) -> bytes | None:
        """The body in this encoding, if it was made."""
        return self._forms.get(encoding)

    def keep_form(self, encoding: str, body: bytes) -> None:
        """Keeps the body in this encoding along with the answer."""
        if encoding not in self._forms:
            self._forms[encoding] = body
            self.size += len(body)
            self._on_growth()


class AnswerCache:
    """Answers by what was asked; of those, the ones that were used last, within a budget of bytes. For one thread."""

    def __init__(self, budget: int) -> None:
        self._largest = budget // 8
        self._kept: LRUCache[SelectionKey, Answer] = LRUCache(budget, attrgetter("size"))

    @property
    def size(self) -> int:
        """Bytes of all kept answers and their forms."""
        return int(self._kept.currsize)

    def get(self, key: SelectionKey) -> Answer | None:
        """The answer, if it is kept."""
        return self._kept.get(key)

    def put(self, key: SelectionKey, body: bytes, cost: int) -> Answer:
        """The answer, kept unless it is larger than an eighth of the budget; one that is kept already stays."""
        known = self.get(key)
        if known is not None:
            return known
        size = len(body) + sum(map(len, key)) + _OVERHEAD
        if size > self._largest:
            return Answer(body, cost)
        answer = Answer(body, cost, size, lambda: self._measure(key, answer))
        self._kept[key] = answer
        return answer

    def _measure(self, key: SelectionKey, answer: Answer) -> None:
        """Makes room for what an answer has grown by."""
        if self._kept.get(key) is not answer:
            return
        if answer.size <= self._kept.maxsize:
            self._kept[key] = answer
        else:
            del self._kept[key]
