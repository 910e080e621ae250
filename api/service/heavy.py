"""Work that would hold up the event loop: done in a thread beside it, one job after the other, and stopped when it takes too long.

A job is stopped by an exception that CPython raises in the thread wherever it is in Python code, so that nothing that a job
calls has to look at a clock, and by an end of its event loop, should it wait. Work inside a library that is not Python goes
on to its end first.
"""

import asyncio
import contextvars
import ctypes
import logging
from collections import Counter, deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from threading import Condition, Lock, Thread, current_thread, get_ident
from typing import Any, Generic, TypeVar

from api.errors import ErrorCode, RequestError

T = TypeVar("T")
logger = logging.getLogger(__name__)

_RETRY_SECONDS = 2
_AGAIN_SECONDS = 0.25
"""A stop that was lost, as in a callback of the garbage collector, is tried again."""
_MOST_STOPS = 40
"""Then another thread takes the place of the one that does not stop."""


class OverloadedError(RequestError):
    """There are as many jobs as may wait."""

    def __init__(self) -> None:
        message = "The service has more to do than it can; try again in a moment."
        super().__init__(ErrorCode.OVERLOADED, message, {"Retry-After": f"{_RETRY_SECONDS}"})


class TooLongError(RequestError):
    """A job was stopped because it took longer than it may."""

    def __init__(self, seconds: float) -> None:
        message = f"The work was stopped after {seconds:g} seconds, which is the limit; ask for less at a time."
        super().__init__(ErrorCode.TIME_LIMIT_EXCEEDED, message)


class _StopJob(SystemExit):
    """Raised in the middle of a job; no `Exception`, so that nothing catches it by mistake.

    Of all others, event loops keep only this kind to themselves in no task and no callback.
    """


class HeavyWork:
    """A thread of one event loop. It begins with the first job, so processes may be forked before.

    Jobs wait in queues, which have their turns one after the other: who fills one holds up nobody in another for longer than
    a job takes. They share a thread, since each that is at work takes its part of the time from the event loop's. A thread
    that had to be stopped does no other job; another takes its place, so that nothing of the stopped job is left.
    """

    def __init__(self, seconds: float, most_jobs: int) -> None:
        self._seconds = seconds
        self._most_jobs = most_jobs
        self._queues: dict[str, deque[_Job[Any]]] = {}
        """Those that hold jobs, whose turn is next first."""
        self._changed = Condition()
        self._thread: Thread | None = None
        self._counts: Counter[str] = Counter()

    def __len__(self) -> int:
        """Jobs that wait or are at work."""
        return self._counts.total()

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]], queue: str = "") -> T:
        """What the coroutine returns, which must not wait for anything of another event loop.

        Raises:
            OverloadedError: too many jobs wait in the queue already, or those before it took as long as it may take itself.
            TooLongError: it was stopped.
        """
        if self._counts[queue] >= self._most_jobs:
            raise OverloadedError
        if self._thread is None:
            self._begin()
        job = _Job(work, self._seconds, self._begin)
        self._counts[queue] += 1
        try:
            with self._changed:
                self._queues.setdefault(queue, deque()).append(job)
                self._changed.notify()
            return await job.answer
        finally:
            self._counts[queue] -= 1
            job.stop()

    def _begin(self) -> None:
        """Begins a thread in the place of the one before."""
        self._thread = Thread(target=self._serve, name="frontgraph-heavy", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        loop, is_stopped = asyncio.new_event_loop(), False
        while not is_stopped:
            job = self._next()
            try:
                job.do(loop)
            except _StopJob:  # it came as the job had ended
                job.end()
            is_stopped = job.is_stopped
        if self._thread is current_thread():  # and not given up already
            self._begin()
        loop.set_exception_handler(lambda *_: None)  # nobody is told of what is dropped
        if not loop.is_running():  # as it seems to be when it was stopped while it ended
            loop.close()

    def _next(self) -> "_Job[Any]":
        with self._changed:
            self._changed.wait_for(lambda: self._queues)
            queue = next(iter(self._queues))
            jobs = self._queues.pop(queue)
            job = jobs.popleft()
            if jobs:
                self._queues[queue] = jobs  # behind all others
            return job


class _Job(Generic[T]):
    """One piece of work: begins, and ends or is stopped, once."""

    def __init__(
        self, work: Callable[[], Coroutine[Any, Any, T]], seconds: float, give_up: Callable[[], object]
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._give_up = give_up
        """Called on the event loop of who waits when the work cannot be stopped, which then has its thread for itself."""
        self._loop = asyncio.get_running_loop()
        self._context = contextvars.copy_context()
        self._state = Lock()
        self._place: tuple[int, asyncio.AbstractEventLoop] | None = None
        """At work in this thread, on this event loop; None before and after."""
        self._is_over = False
        self.is_stopped = False
        """Whether it was told to stop while it was at work."""
        self._stops = 0
        self.answer: asyncio.Future[T] = self._loop.create_future()
        self._timer = self._loop.call_later(seconds, self._refuse)

    def do(self, own_loop: asyncio.AbstractEventLoop) -> None:
        """Works; called in the thread."""
        with self._state:
            if self._is_over:  # nobody waits for it any more
                return
            self._place = get_ident(), own_loop
        self._tell(self._watch)
        self.end(self._worked(own_loop))

    def end(self, outcome: Callable[[], object] | None = None) -> None:
        """From here on nothing stops the thread; called in it."""
        with self._state:
            self._place, self._is_over = None, True
        self._tell(outcome or self._too_long)

    def _tell(self, what: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the event loop of who waited is closed
            self._loop.call_soon_threadsafe(what)

    def _worked(self, own_loop: asyncio.AbstractEventLoop) -> Callable[[], object]:
        task = self._context.run(own_loop.create_task, self._work())
        try:
            value = own_loop.run_until_complete(task)
        except _StopJob:
            return self._too_long
        except asyncio.CancelledError:
            return self._too_long
        except Exception as cause:
            return self._too_long if self.is_stopped else partial(self._fail, cause)
        return partial(self._succeed, value)

    def _succeed(self, value: T) -> None:
        if not self.answer.done():
            self.answer.set_result(value)

    def _fail(self, cause: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(cause)

    def _too_long(self) -> None:
        self._fail(TooLongError(self._seconds))

    def _refuse(self) -> None:
        """Refuses a job whose turn does not come; called on the event loop of those who wait."""
        with self._state:
            if self._place is not None:
                return
            self._is_over = True
        self._fail(OverloadedError())

    def _watch(self) -> None:
        """Sets the clock; called on the event loop of those who wait."""
        if not self.answer.done():
            self._timer.cancel()
            self._timer = self._loop.call_later(self._seconds, self.stop)

    def stop(self) -> None:
        """Stops the work, unless it is over; called on the event loop of those who wait."""
        self._timer.cancel()
        with self._state:
            if self._place is None:
                self._is_over = True
                return
            self.is_stopped = True
            thread, loop = self._place
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(_StopJob))
            loop.call_soon_threadsafe(loop.stop)
        self._timer = self._loop.call_later(_AGAIN_SECONDS, self.stop)
        self._stops += 1
        if self._stops == _MOST_STOPS:
            logger.error("work in a thread cannot be stopped; another thread takes its place")
            self._give_up()
            self._too_long()
