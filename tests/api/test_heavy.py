"""Heavy work: done beside the event loop, in order, and stopped when it takes too long or nobody waits for it."""

import asyncio
import contextvars
import gc
import time
from threading import current_thread, main_thread

import pytest

from api.heavy import HeavyWork, OverloadedError, TooLongError

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # in work that was stopped
name: contextvars.ContextVar[str] = contextvars.ContextVar("name")


def test_answer_comes_from_another_thread_with_the_context_of_who_asked() -> None:
    async def work() -> tuple[bool, str]:
        await asyncio.sleep(0)
        return current_thread() is main_thread(), name.get()

    async def ask() -> tuple[bool, str]:
        name.set("asker")
        return await HeavyWork(5, 2).run(work)

    assert asyncio.run(ask()) == (False, "asker")


def test_exception_of_the_work_reaches_who_asked() -> None:
    async def work() -> None:
        raise LookupError("gone")

    async def ask() -> None:
        await HeavyWork(5, 2).run(work)

    with pytest.raises(LookupError, match="gone"):
        asyncio.run(ask())


async def endless() -> None:
    while True:
        sum(range(1_000))


async def stubborn() -> None:
    """Catches everything that it may."""
    while True:
        try:
            sum(range(1_000))
        except Exception:
            continue


async def swallowing() -> None:
    """Swallows the first stop, as a callback of an event loop can."""
    try:
        await endless()
    except BaseException:
        await endless()


async def busy_with_tasks() -> None:
    """Is at work in callbacks of an event loop and in tasks of tasks, nearly all of the time."""

    async def part(depth: int) -> None:
        sum(range(100))
        await asyncio.sleep(0)
        if depth:
            await asyncio.gather(*(part(depth - 1) for _ in range(4)), return_exceptions=True)

    while True:
        asyncio.get_running_loop().call_soon(sum, range(1_000))
        await part(6)


@pytest.mark.parametrize("work", [endless, stubborn, swallowing, busy_with_tasks])
def test_work_that_takes_too_long_is_stopped_and_the_thread_goes_on(work: object) -> None:
    async def fine() -> int:
        return 7

    async def ask() -> int:
        heavy = HeavyWork(0.1, 2)
        with pytest.raises(TooLongError):
            await heavy.run(work)  # type: ignore[arg-type]
        return await heavy.run(fine)

    assert asyncio.run(ask()) == 7
    gc.collect()  # while warnings of what was stopped are ignored


def test_stopped_work_leaves_nothing_to_the_next() -> None:
    left: list[str] = []

    async def leaving() -> None:
        for _ in range(1_000):
            asyncio.get_running_loop().call_soon(left.append, "callback")
        asyncio.create_task(stubborn())  # noqa: RUF006  # it is to be dropped
        await asyncio.sleep(0)
        await endless()

    async def next_one() -> float:
        left.clear()
        started = time.monotonic()
        await asyncio.sleep(0.05)
        return time.monotonic() - started

    async def ask() -> float:
        heavy = HeavyWork(0.1, 2)
        with pytest.raises(TooLongError):
            await heavy.run(leaving)
        return await heavy.run(next_one)

    assert asyncio.run(ask()) < 0.5
    assert left == []


def test_loop_goes_on_while_work_is_done() -> None:
    async def ask() -> int:
        heavy, ticks = HeavyWork(0.5, 2), 0
        waiting = asyncio.ensure_future(heavy.run(endless))
        while not waiting.done():
            await asyncio.sleep(0.01)
            ticks += 1
        assert isinstance(waiting.exception(), TooLongError)
        return ticks

    assert asyncio.run(ask()) > 5


def test_more_jobs_than_may_wait_are_refused_at_once() -> None:
    async def ask() -> None:
        heavy = HeavyWork(0.2, 2)
        jobs = [asyncio.ensure_future(heavy.run(endless)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await heavy.run(endless)
        assert len(heavy) == 2
        with pytest.raises(TooLongError):
            await jobs[0]
        with pytest.raises(OverloadedError):  # its turn did not come in time
            await jobs[1]
        assert len(heavy) == 0

    asyncio.run(ask())


def test_job_whose_turn_does_not_come_is_refused_and_never_begun() -> None:
    begun: list[str] = []

    async def second() -> None:
        begun.append("second")

    async def ask() -> int:
        heavy = HeavyWork(0.3, 3)
        jobs = [asyncio.ensure_future(heavy.run(work)) for work in (stubborn, second)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [TooLongError, OverloadedError]
        await asyncio.sleep(0.1)
        return len(heavy)

    assert asyncio.run(ask()) == 0
    assert begun == []


def test_work_that_nobody_waits_for_is_stopped_or_never_begun() -> None:
    begun: list[str] = []

    async def second() -> None:
        begun.append("second")

    async def third() -> int:
        return 3

    async def ask() -> int:
        heavy = HeavyWork(30, 5)
        jobs = [asyncio.ensure_future(heavy.run(work)) for work in (endless, second)]
        await asyncio.sleep(0.1)
        for job in jobs:
            job.cancel()
        started = time.monotonic()
        answer = await heavy.run(third)
        assert time.monotonic() - started < 10
        return answer

    assert asyncio.run(ask()) == 3
    assert begun == []


def test_many_short_jobs_with_a_limit_close_to_their_length_all_end() -> None:
    async def work() -> int:
        deadline = time.perf_counter() + 0.002
        while time.perf_counter() < deadline:
            pass
        return 1

    async def ask() -> int:
        heavy, done = HeavyWork(0.002, 1), 0
        for _ in range(300):
            (outcome,) = await asyncio.gather(heavy.run(work), return_exceptions=True)
            assert outcome == 1 or isinstance(outcome, TooLongError | OverloadedError)
            done += 1
        return done

    assert asyncio.run(ask()) == 300
