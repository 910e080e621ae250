"""Whole answers, kept for requests that repeat: as they are, and in the encodings that clients take them in."""

from collections import OrderedDict
from collections.abc import Callable

from api.execution.fragments import SelectionKey

_OVERHEAD = 500
"""Bytes that a kept answer costs besides its texts, about."""


class Answer:
    """A response body, and its compressed forms as far as they were made."""

    __slots__ = ("_forms", "_grow", "body", "cost")

    def __init__(self, body: bytes, cost: int = 0, grow: Callable[[int], None] = lambda _: None) -> None:
        self.body = body
        self.cost = cost
        """What the operation costs at the most."""
        self._forms: dict[str, bytes] = {}
        self._grow = grow

    def form(self, encoding: str) -> bytes | None:
        """The body in this encoding, if it was made."""
        return self._forms.get(encoding)

    def keep_form(self, encoding: str, body: bytes) -> None:
        """Keeps the body in this encoding along with the answer."""
        if encoding not in self._forms:
            self._forms[encoding] = body
            self._grow(len(body))


class AnswerCache:
    """Answers by what was asked, the latest used, within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._kept: OrderedDict[SelectionKey, tuple[Answer, int]] = OrderedDict()
        self.size = 0
        """Bytes of all kept answers and their forms."""

    def get(self, key: SelectionKey) -> Answer | None:
        """The answer, if it is kept."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: SelectionKey, body: bytes, cost: int) -> Answer:
        """The answer, kept unless it is larger than an eighth of the budget; one that is kept already stays."""
        known = self.get(key)
        if known is not None:
            return known
        size = len(body) + sum(map(len, key)) + _OVERHEAD
        if size > self._budget // 8:
            return Answer(body, cost)
        answer = Answer(body, cost, lambda added: self._count(key, answer, added))
        self._kept[key] = (answer, 0)
        self._count(key, answer, size)
        return answer

    def _count(self, key: SelectionKey, answer: Answer, added: int) -> None:
        kept, size = self._kept.get(key, (None, 0))
        if kept is answer:
            self._kept[key] = (answer, size + added)
            self.size += added
        while self.size > self._budget:
            self.size -= self._kept.popitem(last=False)[1][1]
