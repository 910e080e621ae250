"""Offloaded work: done in a thread, in order, and stopped when it takes too long or nobody waits for it."""

import asyncio
import contextvars
import gc
import weakref
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from functools import partial
from threading import Event, current_thread, get_ident, main_thread
from typing import Any, TypeVar

import pytest

from api.service.offload import (
    Offload,
    OverloadedError,
    TooLongError,
    UsedUpError,
    in_background,
    is_background_busy,
)
from api.service.turns import Line
from graph.checkpoints import StoppedError, checkpoint
from tests.cases import random_from
from tests.idle import wait_until_idle

T = TypeVar("T")

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")  # in work that was stopped
name: contextvars.ContextVar[str] = contextvars.ContextVar("name")


@pytest.fixture(autouse=True)
def nothing_stays_at_work() -> Iterator[None]:
    """What a test left behind would slow down all tests after it."""
    yield
    gc.collect()  # while warnings of what was stopped are ignored
    wait_until_idle()


async def in_the_end(offload: Offload, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What the work returns, however long its turn takes to come, and however often it is too slow."""
    async with asyncio.timeout(120):
        while True:
            try:
                return await offload.run(work)
            except (OverloadedError, TooLongError):  # a busy machine may take longer than a limit of milliseconds
                await asyncio.sleep(0)


def test_answer_comes_from_another_thread_with_the_context_of_who_asked() -> None:
    async def work() -> tuple[bool, str]:
        await asyncio.sleep(0)
        return current_thread() is main_thread(), name.get()

    async def ask() -> tuple[bool, str]:
        name.set("asker")
        return await Offload(5, 2).run(work)

    assert asyncio.run(ask()) == (False, "asker")


def test_lines_have_their_turns_one_after_the_other() -> None:
    done: list[str] = []
    may_end = Event()

    def job(label: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def work() -> None:
            assert may_end.wait(120)
            done.append(label)

        return work

    async def ask() -> None:
        offload = Offload(30, 10)
        wanted = [("first", "a"), *((f"a{number}", "a") for number in range(4)), ("b0", "b"), ("b1", "b")]
        jobs: list[Awaitable[None]] = [
            asyncio.create_task(offload.run(job(label), Line(kind=kind), 1)) for label, kind in wanted
        ]
        await asyncio.sleep(0)
        may_end.set()
        await asyncio.gather(*jobs)

    asyncio.run(ask())
    assert done == ["first", "b0", "a0", "b1", "a1", "a2", "a3"]


def test_job_that_uses_more_of_the_processor_than_it_is_allowed_ends_and_the_next_one_is_done() -> None:
    async def endless() -> None:
        while True:
            checkpoint()

    async def patient() -> str:
        await asyncio.sleep(0.3)  # is no work
        return "done"

    async def ask() -> None:
        offload = Offload(60, 2)
        with pytest.raises(UsedUpError):
            await offload.run(endless, allowed=0.05)
        assert await offload.run(patient, allowed=0.2) == "done"

    asyncio.run(ask())


def test_many_jobs_of_one_kind_refuse_none_of_another() -> None:
    async def work() -> int:
        return 1

    async def ask() -> list[object]:
        offload = Offload(30, 2)
        jobs = [offload.run(work, Line(kind=kind)) for kind in ("a", "a", "a", "b")]
        return [type(answer) for answer in await asyncio.gather(*jobs, return_exceptions=True)]

    assert asyncio.run(ask()) == [int, int, OverloadedError, int]


def test_shorter_job_and_other_client_are_done_before_the_rest_of_who_sends_most() -> None:
    done: list[str] = []
    may_end = Event()
    jobs = {
        "at work": ("many", 9),
        "long": ("many", 9),
        "longer": ("many", 10),
        "short": ("many", 0.1),
        "shorter": ("many", 0.01),  # in the place of the longest
        "one more": ("many", 9.5),
        "other": ("one", 3),  # in the place of the longest of who has more
        "other's last": ("one", 4),
    }

    def job(label: str) -> Callable[[], Coroutine[Any, Any, None]]:
        async def work() -> None:
            assert may_end.wait(120)
            done.append(label)

        return work

    async def ask() -> list[object]:
        offload = Offload(30, 4)
        asked = [
            asyncio.create_task(offload.run(job(label), Line(client), seconds))
            for label, (client, seconds) in jobs.items()
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        may_end.set()
        return [type(outcome) for outcome in await asyncio.gather(*asked, return_exceptions=True)]

    outcomes = asyncio.run(ask())
    refused = ("long", "longer", "one more", "other's last")
    assert outcomes == [OverloadedError if job in refused else type(None) for job in jobs]
    assert done == ["at work", "other", "shorter", "short"]


class Graph:
    """Stands for what work has at hand."""


async def long(graph: Graph, may_end: Event) -> None:
    while not may_end.is_set():
        checkpoint()
    checkpoint()


@pytest.mark.parametrize(("seconds", "allowed", "outcome"), [(0.05, None, TooLongError), (30, 0.01, UsedUpError)])
def test_nothing_that_stopped_work_had_at_hand_waits_for_the_cycle_collector(
    seconds: float, allowed: float | None, outcome: type
) -> None:
    """Else graphs that were replaced would stay for long."""

    async def ask(offload: Offload) -> "tuple[type, weakref.ref[Graph]]":
        graph, may_end = Graph(), Event()
        try:
            await offload.run(partial(long, graph, may_end), allowed=allowed)
        except Exception as error:
            return type(error), weakref.ref(graph)
        finally:
            may_end.set()
        raise AssertionError

    async def wait_refused(offload: Offload) -> "weakref.ref[Graph]":
        """For a job whose turn does not come."""
        may_end, graph = Event(), Graph()
        first = asyncio.ensure_future(offload.run(partial(long, Graph(), may_end)))
        await asyncio.sleep(0)
        with suppress(OverloadedError):
            await offload.run(partial(long, graph, may_end))
        may_end.set()
        await asyncio.wait([first])
        assert isinstance(first.exception(), TooLongError)
        return weakref.ref(graph)

    async def all_gone() -> None:
        found, graph = await ask(Offload(seconds, 5))
        assert found is outcome
        waited = await wait_refused(Offload(0.05, 5))
        async with asyncio.timeout(60):
            while graph() is not None or waited() is not None:  # the thread ends a moment later
                await asyncio.sleep(0.01)

    gc.collect()
    gc.disable()
    try:
        asyncio.run(all_gone())
    finally:
        gc.enable()


def test_work_gives_way_to_what_is_done_in_the_background_and_gets_on_nevertheless() -> None:
    """Both take equal steps; without giving way, each would do as many as the other."""
    steps: Counter[str] = Counter()
    may_begin = Event()

    def step(label: str) -> None:
        checkpoint()
        sum(range(10_000))
        steps[label] += 1

    async def long() -> None:
        may_begin.set()
        while True:
            step("long")

    def reload() -> tuple[int, int]:
        assert may_begin.wait(120)
        before = steps["long"]
        while steps["long"] == before or steps["background"] < 5_000:
            step("background")
        return steps["long"] - before, steps["background"]

    async def ask() -> tuple[int, int]:
        offload = Offload(300, 2, is_background_busy)
        waiting = asyncio.ensure_future(offload.run(long))
        counted = await in_background(reload)
        assert not is_background_busy()
        waiting.cancel()
        return counted

    of_long, of_background = asyncio.run(ask())
    assert 0 < of_long < of_background * 0.9


@pytest.mark.parametrize("error", [LookupError("gone"), TimeoutError("of its own")])
def test_exception_of_the_work_reaches_who_asked(error: Exception) -> None:
    async def work() -> None:
        raise error

    async def ask() -> None:
        await Offload(5, 2).run(work)

    with pytest.raises(type(error), match=str(error)):
        asyncio.run(ask())


async def endless() -> None:
    while True:
        checkpoint()
        sum(range(1_000))


async def stubborn() -> None:
    """Catches everything that it may."""
    while True:
        try:
            checkpoint()
            sum(range(1_000))
        except Exception:
            continue


async def swallowing() -> None:
    """Swallows the first stop, as a `finally` that fails can."""
    try:
        await endless()
    except BaseException:
        await endless()


async def busy_with_tasks() -> None:
    """Is at work in callbacks of an event loop and in tasks of tasks, nearly all of the time."""

    async def part(depth: int) -> None:
        checkpoint()
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
        offload = Offload(0.1, 2)
        with pytest.raises(TooLongError):
            await offload.run(work)  # type: ignore[arg-type]
        return await in_the_end(offload, fine)

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
        for _ in range(10):
            await asyncio.sleep(0)
        return left

    async def ask() -> list[str]:
        offload = Offload(0.3, 2)
        with pytest.raises(TooLongError):
            await offload.run(leaving)
        return await in_the_end(offload, next_one)

    assert asyncio.run(ask()) == []


def test_who_waits_is_answered_at_the_limit_though_the_work_passes_no_checkpoint() -> None:
    may_end = Event()
    threads: list[int] = []

    async def unstoppable() -> None:
        threads.append(get_ident())
        assert may_end.wait(120)

    async def fine() -> int:
        return get_ident()

    async def ask() -> int:
        offload = Offload(0.1, 2)
        with pytest.raises(TooLongError):
            await offload.run(unstoppable)
        with pytest.raises(OverloadedError):  # the turn of the next one does not come yet
            await offload.run(fine)
        assert len(offload) == 1
        may_end.set()
        return await in_the_end(offload, fine)

    assert [asyncio.run(ask())] == threads


def test_loop_goes_on_while_work_is_done() -> None:
    async def ask() -> int:
        offload, ticks = Offload(0.5, 2), 0
        waiting = asyncio.ensure_future(offload.run(endless))
        while not waiting.done():
            await asyncio.sleep(0.01)
            ticks += 1
        assert isinstance(waiting.exception(), TooLongError)
        return ticks

    assert asyncio.run(ask()) > 5


def test_more_jobs_than_may_wait_are_refused_at_once() -> None:
    async def ask() -> None:
        offload = Offload(0.2, 2)
        jobs = [asyncio.ensure_future(offload.run(endless)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await offload.run(endless)
        assert len(offload) == 2
        for job in jobs:
            with pytest.raises(TooLongError if job is jobs[0] else (TooLongError, OverloadedError)):
                await job
        async with asyncio.timeout(120):
            while len(offload):
                await asyncio.sleep(0)

    asyncio.run(ask())


def test_job_whose_turn_does_not_come_is_refused_and_never_begun() -> None:
    begun: list[str] = []
    may_end = Event()

    async def first() -> None:
        assert may_end.wait(120)

    async def second() -> None:
        begun.append("second")

    async def ask() -> int:
        offload = Offload(0.2, 3)
        jobs = [asyncio.ensure_future(offload.run(work)) for work in (first, second)]
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [TooLongError, OverloadedError]
        may_end.set()
        await in_the_end(offload, lambda: asyncio.sleep(0))
        return len(offload)

    assert asyncio.run(ask()) == 0
    assert begun == []


def test_work_that_nobody_waits_for_is_stopped_or_never_begun() -> None:
    begun: list[str] = []

    async def second() -> None:
        begun.append("second")

    async def third() -> int:
        return 3

    async def ask() -> int:
        offload = Offload(30, 5)
        jobs = [asyncio.ensure_future(offload.run(work)) for work in (endless, second)]
        await asyncio.sleep(0.1)
        for job in jobs:
            job.cancel()
        return await offload.run(third)  # would take 30 seconds to come

    assert asyncio.run(ask()) == 3
    assert begun == []


def test_many_short_jobs_with_a_limit_close_to_their_length_all_end_and_the_thread_lives() -> None:
    """What stalled once: stops that come as a job ends, or as the next one begins; some waiters leave by themselves."""
    chance = random_from(1)

    async def work() -> int:
        for _ in range(chance.randrange(200)):
            checkpoint()
            sum(range(100))
            if chance.random() < 0.05:
                await asyncio.sleep(0)
        return 1

    async def ask(offload: Offload) -> None:
        waiting = asyncio.ensure_future(
            offload.run(work, Line(chance.choice("ab"), chance.choice("cd")), chance.random())
        )
        if chance.random() < 0.3:
            asyncio.get_running_loop().call_later(chance.random() * 0.003, waiting.cancel)
        (outcome,) = await asyncio.gather(waiting, return_exceptions=True)
        assert outcome == 1 or isinstance(outcome, TooLongError | OverloadedError | asyncio.CancelledError), outcome

    async def client(offload: Offload) -> None:
        for _ in range(150):
            await ask(offload)

    async def all_clients() -> int:
        offload = Offload(0.002, 3)
        await asyncio.gather(*(client(offload) for _ in range(8)))
        await in_the_end(offload, lambda: asyncio.sleep(0))
        return len(offload)

    assert asyncio.run(asyncio.wait_for(all_clients(), 300)) == 0


def test_background_work_is_answered_or_fails_or_stops_when_nobody_waits() -> None:
    ended = Event()

    def fail() -> None:
        raise LookupError("gone")

    def work_on() -> None:
        try:
            while True:
                checkpoint()
        except StoppedError:
            ended.set()
            raise

    async def ask() -> None:
        assert await in_background(current_thread) is not main_thread()
        with pytest.raises(LookupError, match="gone"):
            await in_background(fail)
        waiting = asyncio.ensure_future(in_background(work_on))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(ask())
    assert ended.wait(120)
