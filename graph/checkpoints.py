"""Work that can be given up: long loops pass checkpoints, at which it ends if whoever began it does not want it any more.

Python has no safe way to end a thread from outside: an exception that is thrown into it may come in the middle of anything, the
release of a lock or the handling of the very exception. So work is asked to stop, and looks where it can be left: once for each
level of an operation, each batch of a resolver, and some thousands of steps of a loop. Where nobody set a `Stop` nothing is looked at.
"""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

_STEPS = 1_000
"""So many take a few milliseconds at the most, and the look between them less than a thousandth of that."""


class StoppedError(SystemExit):
    """The work is not wanted any more; whoever set the `Stop` catches it.

    It is no `Exception`, so that nobody in between takes it for a failure and goes on. Of all exceptions, an event loop ends at once
    for this kind only, whichever of its tasks raises it: thousands of other tasks of the same work need not be told one by one.
    """


class Stop:
    """Whether some work shall stop. Any thread may say so; there is no way back."""

    __slots__ = ("is_set",)

    def __init__(self) -> None:
        self.is_set = False

    def set(self) -> None:
        """From now on, the next checkpoint ends the work."""
        self.is_set = True


current_stop: ContextVar[Stop | None] = ContextVar("current_stop", default=None)
"""Of the work that is being done; set by whoever began it."""


def checkpoint() -> None:
    """Does nothing as long as the work is wanted. Cost: about a tenth of a microsecond.

    Raises:
        StoppedError: it is not.
    """
    stop = current_stop.get()
    if stop is not None and stop.is_set:
        raise StoppedError


def checked(items: Iterable[T]) -> Iterator[T]:
    """The items, with a checkpoint before every thousandth."""
    rest = iter(items)
    while chunk := tuple(islice(rest, _STEPS)):
        checkpoint()
        yield from chunk
