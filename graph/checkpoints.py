"""Cooperative cancellation: long loops pass checkpoints, which end the work when it is no longer wanted.

Python has no safe way to end a thread from outside: an exception thrown into it may strike anywhere, even while a lock
is being released or that exception is being handled. So work is asked to stop, and looks at its checkpoints: one for
each level of an operation, for each batch of a resolver, and for each thousand steps of a loop. Without a `Stop` set
for the work, a checkpoint does nothing.
"""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_STEPS = 1_000
"""So many steps take a few milliseconds at most, and the checkpoint between them less than a thousandth of that."""


class StoppedError(SystemExit):
    """The work is no longer wanted; whoever set the `Stop` catches this.

    Not an `Exception`, so that no code in between handles it as a failure and goes on. It is a `SystemExit` because
    asyncio re-raises that (and `KeyboardInterrupt`) from the event loop at once, whichever task raised it: thousands of
    other tasks of the same work need not be cancelled one by one.
    """


class Stop:
    """A flag that asks work to stop. Any thread may set it; it cannot be unset."""

    __slots__ = ("is_set",)

    def __init__(self) -> None:
        self.is_set = False

    def set(self) -> None:
        """Ends the work at its next checkpoint."""
        self.is_set = True


current_stop: ContextVar[Stop | None] = ContextVar("current_stop", default=None)
"""The flag of the work that runs in this context; set by whoever started it."""


def checkpoint() -> None:
    """Ends the work if it has been asked to stop. Cost: about a tenth of a microsecond.

    Raises:
        StoppedError: it has.
    """
    stop = current_stop.get()
    if stop is not None and stop.is_set:
        raise StoppedError


def checked(items: Iterable[T]) -> Iterator[T]:
    """The same items, with a checkpoint before each thousand of them; they are read a thousand at a time."""
    rest = iter(items)
    while chunk := tuple(islice(rest, _STEPS)):
        checkpoint()
        yield from chunk
