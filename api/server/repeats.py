"""Answers kept for when a request comes again byte for byte, within a budget of bytes."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, TypeAlias

REPEAT_EXTENSION = "frontgraph.repeat"
"""In `scope["extensions"]`, a function that takes a `Repeat` for the request, before the response begins."""

Address: TypeAlias = tuple[str, int] | None
"""Of a client, as `scope["client"]` has it."""

_OVERHEAD = 700
"""Bytes that a kept answer costs besides its texts, about."""


class Repeat(Protocol):
    """What the application says of an answer that may be given again."""

    @property
    def fresh_headers(self) -> Collection[bytes]:
        """Names, in lower case, of the headers that differ in each answer and that `begin` gives."""

    def begin(self, client: Address) -> bytes | None:
        """The fresh header lines, each with its line break, of one more such answer, which now counts as given.

        None if the answer no longer holds, or not for this client; the request is then answered as if it were new.
        """


class Offer:
    """What the application calls with a `Repeat`; it holds on to nothing, so that its request leaves no garbage."""

    __slots__ = ("repeat", "request")

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.repeat: Repeat | None = None

    def __call__(self, repeat: Repeat) -> None:
        self.repeat = repeat


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    repeat: Repeat
    head: bytes
    """The status line and headers, up to the value of the `date` header."""
    rest: bytes
    """The end of the head, and the body."""
    is_proxied: bool
    """Whether the request came through a trusted proxy, whose headers are believed."""
    client: Address
    """Who asked, if a trusted proxy says so."""


class RepeatCache:
    """Answers by request, in two generations.

    When the younger one fills half the budget it becomes the older one, whose answers are dropped unless they were used
    since they grew old.
    """

    def __init__(self, budget: int, max_request: int) -> None:
        self._half = budget // 2
        self._max_request = max_request
        self._young: dict[bytes, KeptAnswer] = {}
        self._old: dict[bytes, KeptAnswer] = {}
        self._size = 0

    def admits(self, request: bytes) -> bool:
        """Whether an answer to this request would be kept."""
        return len(request) <= self._max_request and self._half > 0

    def get(self, request: bytes) -> KeptAnswer | None:
        """The answer to this request, if it is kept."""
        if len(request) > self._max_request:
            return None
        found = self._young.get(request)
        if found is None and (found := self._old.pop(request, None)):
            self.put(request, found)
        return found

    def put(self, request: bytes, answer: KeptAnswer) -> None:
        """Keeps the answer, unless it is larger than the budget allows for one."""
        size = _size_of(request, answer)
        if size > self._half // 4:
            return
        self.drop(request)
        if self._size + size > self._half:
            self._old, self._young, self._size = self._young, {}, 0
        self._young[request] = answer
        self._size += size

    def drop(self, request: bytes) -> None:
        """Forgets the answer to this request."""
        if gone := self._young.pop(request, None):
            self._size -= _size_of(request, gone)
        self._old.pop(request, None)


def _size_of(request: bytes, answer: KeptAnswer) -> int:
    return len(request) + len(answer.head) + len(answer.rest) + _OVERHEAD
