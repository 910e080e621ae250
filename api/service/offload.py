"""Work that would hold up the event loop: offloaded to a thread, and stopped when it takes too long or nobody waits for it.

One Python thread computes at a time. So that shorter work does not share that time with longer work, the longer gives way: it
pauses at its checkpoints.

No thread is ever killed. A job that shall stop is asked to (`graph.checkpoints` says why), and ends at its next checkpoint, a
fraction of a second later. Whoever waits for it is answered at the limit, however far that checkpoint may be; what is held up until
then is only the turn of the next job.
"""

import asyncio
import contextvars
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from traceback import clear_frames
from typing import Any, Generic, TypeVar

from api.errors import ErrorCode, RequestError
from api.service.turns import Line, Turns
from graph.checkpoints import Stop, StoppedError, current_stop

T = TypeVar("T")

_RETRY_SECONDS = 2
_ALL = Line()


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


class UsedUpError(Exception):
    """A job was stopped since it used up what it was allowed of the processor; it may be done elsewhere from its beginning."""


async def in_task() -> None:
    """From here on the caller runs in a task, which code of others may rely on: a request may have come here without one."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)


class Offload:
    """A thread of one event loop. It begins with the first job, so processes may be forked before.

    Jobs wait in lines, which have their turns as `Turns` has it. They share one thread, since each that is at work takes its part
    of the time from the event loop's.

    All but the jobs themselves is done on the event loop, which hands the thread one job at a time: so there are no locks, and
    nothing can go wrong between them.
    """

    def __init__(self, seconds: float, most_jobs: int, is_urgent: Callable[[], bool] = lambda: False) -> None:
        """`seconds`: how long a job may wait, and then how long it may take; `most_jobs` of each kind.

        `is_urgent`: whether there is work elsewhere that these jobs give way to; asked in the thread.
        """
        self._seconds = seconds
        self._most_jobs = most_jobs
        self._is_urgent = is_urgent
        self._turns: Turns[_Job[Any]] = Turns()
        self._counts: Counter[str] = Counter()
        """Of the jobs that wait or are at work, by kind."""
        self.is_busy = False
        """Whether a job is at work."""
        self._handed: SimpleQueue[_Job[Any]] | None = None
        """What the thread takes its jobs from; None before it begins."""

    def __len__(self) -> int:
        """Jobs that wait or are at work."""
        return self._counts.total()

    async def run(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        line: Line = _ALL,
        expected: float = 0.0,
        allowed: float | None = None,
    ) -> T:
        """What the coroutine returns, which must not wait for anything of another event loop.

        `expected`: how many seconds it is likely to take; `allowed`: how many seconds of the processor it may use.

        Raises:
            UsedUpError: it used more of the processor than it is allowed.
            OverloadedError: too many jobs wait already, or those before it took as long as it may take itself.
            TooLongError: it was stopped.
        """
        await in_task()
        if self._counts[line.kind] >= self._most_jobs:
            last = self._turns.least_urgent(line, expected)
            if last is None:
                raise OverloadedError
            self._withdraw(last)
            if not last.turn.done():
                last.turn.set_exception(OverloadedError())
            del last
        job = _Job(work, self._end, line, expected, allowed, self._is_urgent)
        self._counts[line.kind] += 1
        self._turns.add(line, expected, job)
        if not self.is_busy:
            self._begin_next()
        try:
            await self._in_time(job.turn, OverloadedError())
            return await self._in_time(job.answer, TooLongError(self._seconds))
        except BaseException:
            if job.is_begun:
                job.stop()
            else:
                self._withdraw(job)
            raise
        finally:
            del job  # it holds the exception, if there is one; a cycle would keep all that the work has at hand

    async def _in_time(self, future: "asyncio.Future[T]", too_late: RequestError) -> T:
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await future
        except TimeoutError:
            if limit.expired():
                raise too_late from None
            raise  # the work's own
        finally:
            del future, too_late  # for the same reason

    def _begin_next(self) -> None:
        """Hands the thread the job whose turn it is."""
        job = self._turns.next()
        while (
            job is not None and job.turn.done()
        ):  # nobody waits for it any more, who has not had the time to withdraw it
            job = self._turns.next()
        self.is_busy = job is not None
        if job is None:
            return
        job.is_waiting, job.is_begun = False, True
        job.turn.set_result(None)
        if self._handed is None:
            self._handed = SimpleQueue()
            Thread(target=_serve, args=[self._handed], name="frontgraph-offload", daemon=True).start()
        self._handed.put(job)

    def _withdraw(self, job: "_Job[Any]") -> None:
        """Takes a job back that never began, unless it is taken back already."""
        if job.is_waiting:
            job.is_waiting = False
            self._counts[job.line.kind] -= 1
            self._turns.remove(job.line, job)

    def _end(self, job: "_Job[Any]") -> None:
        """The thread is free again."""
        self._counts[job.line.kind] -= 1
        self._turns.count_in(job.line, max(0.0, job.used - job.expected))
        self._begin_next()


def _serve(handed: "SimpleQueue[_Job[Any]]") -> None:
    """What the thread does: one job after the other, on an event loop of its own."""
    loop = asyncio.new_event_loop()
    while True:
        job = handed.get()
        if not job.do(loop):
            _drop(loop)
            loop = asyncio.new_event_loop()
        del job  # and with it all that it holds, while the thread waits for the next


def _drop(loop: asyncio.AbstractEventLoop) -> None:
    """Takes apart what was stopped in the middle of something, one by one: nobody goes on with it, and no cycle is left."""
    loop.set_exception_handler(lambda *_: None)  # nobody is told of what is dropped
    for task in asyncio.all_tasks(loop):
        with suppress(BaseException):  # what it has to say to that is no matter either
            coroutine = task.get_coro()
            if isinstance(coroutine, Coroutine):
                coroutine.close()
    loop.close()


class _Job(Generic[T]):
    """One piece of work. Its futures belong to the event loop of who waits, and are touched there only."""

    def __init__(
        self,
        work: Callable[[], Coroutine[Any, Any, T]],
        on_end: "Callable[[_Job[Any]], object]",
        line: Line,
        expected: float,
        allowed: float | None,
        is_urgent: Callable[[], bool],
    ) -> None:
        """`on_end` is called on the event loop of who waits, when the thread is done with the job."""
        self._work = work
        self._on_end = on_end
        self.line = line
        self.expected = expected
        self.used = 0.0
        """Seconds of the processor that it took in the end."""
        self._allowed = allowed
        self._loop = asyncio.get_running_loop()
        self.turn: asyncio.Future[None] = self._loop.create_future()
        """Done when the thread has the job."""
        self.is_waiting = True
        self.is_begun = False
        self.answer: asyncio.Future[T] = self._loop.create_future()
        self._stop = Stop(is_urgent)
        self._own_loop: asyncio.AbstractEventLoop | None = None
        """Where the work is being done; belongs to the thread."""
        self._context = contextvars.copy_context()
        self._context.run(current_stop.set, self._stop)

    def stop(self) -> None:
        """Ends the work at its next checkpoint, or where it waits; called on the event loop of who waited."""
        self._stop.set()
        if self._own_loop is not None:
            with suppress(RuntimeError):  # it has ended meanwhile, and its loop is closed
                self._own_loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        """Ends the event loop where the work waits, unless the work is over, and the loop is about the next job already."""
        if self._own_loop is not None:
            raise StoppedError

    def do(self, own_loop: asyncio.AbstractEventLoop) -> bool:
        """Works, in the thread; whether the event loop is as it was before."""
        self._own_loop = own_loop
        began = time.thread_time()
        try:
            outcome = self._context.run(self._outcome, own_loop)
        finally:
            self._own_loop = None
            self.used = time.thread_time() - began
        with suppress(RuntimeError):  # the event loop of who waited is closed
            self._loop.call_soon_threadsafe(self._finish, outcome)
        return not self._stop.is_set

    def _outcome(self, own_loop: asyncio.AbstractEventLoop) -> Callable[[], object]:
        """What tells who waits."""
        try:
            if self._stop.is_set:
                raise StoppedError
            if self._allowed is not None:
                self._stop.allow(self._allowed)
            return partial(self.answer.set_result, own_loop.run_until_complete(self._work()))
        except StoppedError as stopped:
            clear_frames(stopped.__traceback__)
            if self._stop.is_used_up:
                return partial(self.answer.set_exception, UsedUpError())
            return self.answer.cancel  # as it was already, by who does not wait any more
        except (Exception, asyncio.CancelledError) as cause:
            return partial(self.answer.set_exception, cause)

    def _finish(self, tell: Callable[[], object]) -> None:
        if not self.answer.done():  # somebody waits for it still
            tell()
        self._on_end(self)


class _Background:
    """Counts what is being done in the background, on the event loop of who waits for it."""

    count = 0


def is_background_busy() -> bool:
    """Whether something is being done in the background, for any service of this process."""
    return _Background.count > 0


async def in_background(work: Callable[[], T]) -> T:
    """What the function returns, done in a thread of its own that nothing waits for when the process ends.

    Whoever cancels the waiting has the work stop at its next checkpoint.
    """
    stop, loop = Stop(), asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def tell(what: Callable[[Any], object], value: object) -> None:
        if not answer.done():
            what(value)

    def do() -> None:
        current_stop.set(stop)
        try:
            outcome = partial(tell, answer.set_result, work())
        except StoppedError:  # nobody waits any more
            return
        except Exception as cause:
            outcome = partial(tell, answer.set_exception, cause)
        with suppress(RuntimeError):  # the event loop is closed
            loop.call_soon_threadsafe(outcome)

    _Background.count += 1
    try:
        Thread(target=contextvars.copy_context().run, args=[do], name="frontgraph-background", daemon=True).start()
        return await answer
    finally:
        _Background.count -= 1
        stop.set()
