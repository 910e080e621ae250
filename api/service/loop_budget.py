"""`LoopBudget`: how much longer work the event loop may do, so that short work never waits for much of it."""

import time
from collections.abc import Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Any, TypeVar

from graph.checkpoints import Stop, StoppedError, current_stop

T = TypeVar("T")

SLICE_SECONDS = 0.005
"""Of the processor, that a piece of work may use, whatever it was estimated to cost: so much holds up nobody."""
_SHARE = 0.2
"""Of the time, for longer pieces."""
_RESERVE_SECONDS = 0.05
"""That may be taken in advance."""


class LoopBudget:
    """Measures pieces of work on one event loop, since estimates of how long they take are rough.

    Where there are few requests none is sent elsewhere, which would cost more than it spares. A client that sends much work
    of middling length spends the budget, and its work is offloaded until there is some left again.
    """

    def __init__(self) -> None:
        self._spent = 0.0
        self._updated = time.perf_counter()

    async def sliced(self, work: Coroutine[Any, None, T], is_counted: bool) -> T:
        """What the coroutine returns, which must hold no tasks of its own.

        Raises:
            StoppedError: it was not done after a slice, and ended at a checkpoint. This counts however short it seemed.
        """
        stop = Stop()
        stop.allow(SLICE_SECONDS)
        token = current_stop.set(stop)
        try:
            return await (self.counted(work) if is_counted else work)
        except StoppedError:
            if not is_counted:
                self._spend(SLICE_SECONDS)
            raise
        finally:
            current_stop.reset(token)

    @coroutine
    def counted(self, work: Coroutine[Any, None, T]) -> Generator[Any, None, T]:
        """What the coroutine returns; to be awaited.

        Only the time between its resumptions and what it waits for next is counted: while it waits, others are at work. So
        is what it has tasks of its own do.
        """
        seconds, resume = 0.0, partial(work.send, None)
        try:
            while True:
                started = time.thread_time()  # waiting for other threads is no work
                try:
                    awaited = resume()
                except StopIteration as end:
                    value: T = end.value
                    return value
                finally:
                    seconds += time.thread_time() - started
                try:
                    yield awaited
                    resume = partial(work.send, None)
                except BaseException as cause:  # it is cancelled, for example, which is told to the work
                    resume = partial(work.throw, cause)
        finally:
            self._spend(seconds)

    def _spend(self, seconds: float) -> None:
        if seconds >= SLICE_SECONDS:
            self._recover()
            self._spent += seconds

    def is_spent(self) -> bool:
        """Whether longer work had better be done elsewhere for now."""
        if self._spent:
            self._recover()
        return self._spent > _RESERVE_SECONDS

    def _recover(self) -> None:
        now = time.perf_counter()
        self._spent = max(0.0, self._spent - (now - self._updated) * _SHARE)
        self._updated = now
