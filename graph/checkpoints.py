"""Cooperative cancellation: long loops pass checkpoints, which end the work when it is no longer wanted.

Python has no safe way to end a thread from outside: an exception thrown into it may strike anywhere, even while a lock
is being released or that exception is being handled. So work is asked to stop, and looks at its checkpoints: one for
each level of an operation, for each batch of a resolver, and in each loop that may be long, every few steps by the
clock. Without a `Stop` set for the work, a checkpoint does nothing.
"""

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")

_FIRST_STEPS = 8
"""Before a loop's second checkpoint; how long a step takes is not known before."""
_MOST_STEPS = 1_000
_SHORT_SECONDS = 0.000_5
"""Between two checkpoints; the checkpoint itself takes less than a thousandth of that."""
_WAITING_SECONDS = 0.005
"""For a lock, between two checkpoints."""
_TURN_SECONDS = 0.001
"""That work which gives way takes at a time."""
_PAUSES = 1
"""How many times as long as it worked it pauses then: so it gets on, however much there is that it gives way to."""
_LONGEST_PAUSE = 0.02
"""Seconds, after which it looks whether there still is."""
_SHORT_LENGTH = 32
"""Of something that is gone through in no time, if its steps have checkpoints of their own where they are long."""


class Lock(Protocol):
    """One of `threading`."""

    def acquire(self, blocking: bool = ..., timeout: float = ...) -> bool: ...


class StoppedError(SystemExit):
    """The work is no longer wanted; whoever set the `Stop` catches this.

    Not an `Exception`, so that no code in between handles it as a failure and goes on. It is a `SystemExit` because
    asyncio re-raises that (and `KeyboardInterrupt`) from the event loop at once, whichever task raised it: thousands of
    other tasks of the same work need not be cancelled one by one.
    """


class Stop:
    """Asks work to stop: when it is set, which any thread may do, or when the work has had its time. It cannot be unset.

    It also has work pause that gives way to other work.
    """

    __slots__ = ("_ends_at", "_is_urgent", "_looks_at", "_resumed", "is_set", "is_used_up")

    def __init__(self, is_urgent: Callable[[], bool] | None = None) -> None:
        """`is_urgent`: whether there is work just now that this one gives way to; only for work in a thread of its own."""
        self._is_urgent = is_urgent
        self._resumed = time.monotonic()
        self.is_set = False
        self.is_used_up = False
        """Whether the work has had the time that it was allowed."""
        self._looks_at = math.inf
        """When to look at the thread's own clock, which takes longer than looking at the one on the wall."""
        self._ends_at = math.inf

    def set(self) -> None:
        """Ends the work at its next checkpoint."""
        self.is_set = True

    def allow(self, seconds: float) -> None:
        """Ends the work when this thread, which does it, has spent so much of the processor's time from now on.

        Waiting for other threads is no work: how busy they are makes no difference.
        """
        self._looks_at = time.monotonic() + seconds
        self._ends_at = time.thread_time() + seconds

    def use_up(self) -> None:
        """Ends work that has its time counted, as if it had spent it."""
        if self._ends_at < math.inf:
            self.is_set = self.is_used_up = True

    def is_due(self) -> bool:
        """Whether the work has to end here."""
        if self.is_set:
            return True
        now = time.monotonic()
        if self._is_urgent is not None and now - self._resumed >= _TURN_SECONDS and self._is_urgent():
            time.sleep(min(_LONGEST_PAUSE, _PAUSES * (now - self._resumed)))
            now = self._resumed = time.monotonic()
        if now < self._looks_at:
            return False
        left = self._ends_at - time.thread_time()
        self._looks_at = now + left
        self.is_set = self.is_used_up = left <= 0
        return self.is_set


current_stop: ContextVar[Stop | None] = ContextVar("current_stop", default=None)
"""The flag of the work that runs in this context; set by whoever started it."""


def checkpoint() -> None:
    """Ends the work if it has been asked to stop. Cost: less than a microsecond.

    Raises:
        StoppedError: it has.
    """
    stop = current_stop.get()
    if stop is not None and stop.is_due():
        raise StoppedError


def acquire(lock: Lock) -> None:
    """Waits for the lock, unless the work has to end; what has its time counted does not wait for longer than a moment.

    Raises:
        StoppedError: the work has been asked to stop, or had better wait elsewhere.
    """
    stop = current_stop.get()
    if stop is None:
        lock.acquire()
        return
    while not lock.acquire(timeout=_WAITING_SECONDS):
        stop.use_up()
        checkpoint()


def checked(items: Iterable[T]) -> Iterator[T]:
    """The same items, with a checkpoint before the first and then about every half millisecond.

    A few are read at a time, more where a step takes no time, at most a thousand.
    """
    rest, steps = iter(items), _FIRST_STEPS
    began = time.perf_counter()
    while chunk := tuple(islice(rest, steps)):
        checkpoint()
        yield from chunk
        now = time.perf_counter()
        steps = min(_MOST_STEPS, steps * 2) if now - began < _SHORT_SECONDS else max(1, steps // 4)
        began = now


def checked_if_many(items: Collection[T]) -> Iterable[T]:
    """The same items, with checkpoints unless they are few: for loops within loops, most of them short."""
    return items if len(items) <= _SHORT_LENGTH else checked(items)
