"""Heavy work: done beside the event loop, in order, and stopped when it takes too long or nobody waits for it."""

import asyncio
import contextvars
import gc
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from threading import current_thread, get_ident, main_thread
from typing import Any, TypeVar

import pytest

from api.service import heavy as heavy_module
from api.service.heavy import HeavyWork, OverloadedError, TooLongError
from tests.idle import wait_until_idle

T = TypeVar("T")

pytestmark = [
    pytest.mark.filterwarnings("ignore:coroutine .* was never awaited"),  # in work that was stopped
    # A stop that comes in a callback of the garbage collector is lost, and tried again.
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]
name: contextvars.ContextVar[str] = contextvars.ContextVar("name")


@pytest.fixture(autouse=True)
def nothing_stays_at_work() -> Iterator[None]:
    """What a test left behind would slow down all tests after it."""
    yield
    gc.collect()  # while warnings of what was stopped are ignored
    wait_until_idle()


async def in_the_end(heavy: HeavyWork, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What the work returns, however long its turn takes to come."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return await heavy.run(work)
        except OverloadedError:
            assert time.monotonic() < deadline


def test_answer_comes_from_another_thread_with_the_context_of_who_asked() -> None:
    async def work() -> tuple[bool, str]:
        await asyncio.sleep(0)
        return current_thread() is main_thread(), name.get()

    async def ask() -> tuple[bool, str]:
        name.set("asker")
        return await HeavyWork(5, 2).run(work)

    assert asyncio.run(ask()) == (False, "asker")


def test_queues_have_their_turns_one_after_the_other() -> None:
    done: list[str] = []

    def job(label: str, seconds: float = 0) -> Callable[[], Coroutine[Any, Any, None]]:
        async def work() -> None:
            time.sleep(seconds)
            done.append(label)

        return work

    async def ask() -> None:
        heavy = HeavyWork(5, 10)
        jobs: list[Awaitable[None]] = [asyncio.create_task(heavy.run(job("first", 0.3), "a"))]
        await asyncio.sleep(0.1)
        jobs += [heavy.run(job(f"a{number}"), "a") for number in range(4)]
        jobs += [heavy.run(job(f"b{number}"), "b") for number in range(2)]
        await asyncio.gather(*jobs)

    asyncio.run(ask())
    assert done == ["first", "a0", "b0", "a1", "b1", "a2", "a3"]


def test_full_queue_refuses_no_job_of_another() -> None:
    async def work() -> int:
        time.sleep(0.1)
        return 1

    async def ask() -> list[object]:
        heavy = HeavyWork(5, 2)
        jobs = [heavy.run(work, queue) for queue in ("a", "a", "a", "b")]
        return [type(answer) for answer in await asyncio.gather(*jobs, return_exceptions=True)]

    assert asyncio.run(ask()) == [int, int, OverloadedError, int]


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


async def waiting() -> None:
    """Is never at work."""
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("work", [waiting, endless, stubborn, swallowing, busy_with_tasks])
def test_work_that_takes_too_long_is_stopped_and_the_thread_goes_on(work: object) -> None:
    async def fine() -> int:
        return 7

    async def ask() -> int:
        heavy = HeavyWork(0.1, 2)
        with pytest.raises(TooLongError):
            await heavy.run(work)  # type: ignore[arg-type]
        return await in_the_end(heavy, fine)

    assert asyncio.run(ask()) == 7


def test_stopped_work_leaves_nothing_to_the_next() -> None:
    left: list[str] = []

    async def leaving() -> None:
        for _ in range(1_000):
            asyncio.get_running_loop().call_soon(left.append, "callback")
        asyncio.create_task(stubborn())  # noqa: RUF006  # it is to be dropped
        await asyncio.sleep(0)
        await endless()

    async def next_one() -> list[str]:
        left.clear()
        await asyncio.sleep(0.02)
        return left

    async def ask() -> list[str]:
        heavy = HeavyWork(0.3, 2)
        with pytest.raises(TooLongError):
            await heavy.run(leaving)
        return await in_the_end(heavy, next_one)

    assert asyncio.run(ask()) == []


def test_thread_that_does_not_stop_is_replaced(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(heavy_module, "_AGAIN_SECONDS", 0.01)
    threads: list[str] = []

    async def unstoppable() -> None:
        threads.append(str(get_ident()))
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            with suppress(SystemExit):
                while time.monotonic() < deadline:
                    sum(range(1_000))

    async def fine() -> str:
        return str(get_ident())

    async def ask() -> str:
        heavy = HeavyWork(0.1, 2)
        with pytest.raises(TooLongError):
            await heavy.run(unstoppable)
        assert time.monotonic() - started < 2
        return await in_the_end(heavy, fine)

    started = time.monotonic()
    assert [asyncio.run(ask())] != threads
    assert [record.message for record in caplog.records] == [
        "work in a thread cannot be stopped; another thread takes its place"
    ]


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
