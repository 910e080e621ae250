"""Whole answers as bytes, kept for requests that repeat: as they are, and in the encodings that clients take them in."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from cachetools import LRUCache

from api.errors import ErrorCode
from api.execution.fragments import SelectionKey
from api.json_text import to_json

_OVERHEAD = 500
"""Bytes that a kept answer costs besides its texts, about."""


class Response(NamedTuple):
    """One response to an operation, ready to be sent."""

    body: bytes
    """`data` and `errors` as JSON."""
    code: ErrorCode | None = None
    """Of the first error."""
    is_executed: bool = True
    """Whether there is `data`."""


def response_of(answer: Mapping[str, Any]) -> Response:
    """The response that holds this."""
    errors = answer.get("errors")
    code = ErrorCode(errors[0]["extensions"]["code"]) if errors else None
    return Response(to_json(answer), code, "data" in answer)


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
