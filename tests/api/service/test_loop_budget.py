"""What the event loop may do of longer work: measured, spent, and recovered with time."""

import asyncio
import os
import time
from collections.abc import Coroutine
from threading import current_thread, main_thread
from typing import Any

import pytest

from api.execution import OperationRequest, execute
from api.service.access import Client
from api.service.loop_budget import LoopBudget
from api.service.service import TRIVIAL_COST, GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import StoppedError, checkpoint, current_stop
from graph.stores.memory import MemoryReader, MemoryStore


class Clock:
    """Moves when it is told to; `worked` is the processor's time in the thread."""

    def __init__(self) -> None:
        self.now = 100.0
        self.worked = 0.0

    def work(self, seconds: float) -> None:
        self.now += seconds
        self.worked += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for name in ("perf_counter", "monotonic"):
        monkeypatch.setattr(time, name, lambda: clock.now)
    monkeypatch.setattr(time, "thread_time", lambda: clock.worked)
    return clock


def work(budget: LoopBudget, clock: Clock, seconds: float) -> None:
    async def piece() -> int:
        clock.work(seconds)
        return 7

    assert asyncio.run(counted(budget, piece())) == 7


async def counted(budget: LoopBudget, piece: Coroutine[Any, None, int]) -> int:
    return await budget.counted(piece)


def test_short_pieces_spend_nothing_however_many_they_are(clock: Clock) -> None:
    budget = LoopBudget()
    for _ in range(1_000):
        work(budget, clock, 0.004)
        assert not budget.is_spent()


def test_longer_pieces_spend_it_and_time_brings_it_back(clock: Clock) -> None:
    budget = LoopBudget()
    work(budget, clock, 0.03)
    assert not budget.is_spent()
    work(budget, clock, 0.03)
    assert budget.is_spent()
    clock.now += 0.02
    assert budget.is_spent()
    clock.now += 0.1
    assert not budget.is_spent()


def test_waiting_for_other_threads_spends_nothing(clock: Clock) -> None:
    budget = LoopBudget()

    async def wait() -> int:
        clock.now += 0.03
        return 7

    for _ in range(100):
        asyncio.run(counted(budget, wait()))
        assert not budget.is_spent()


def test_longer_pieces_get_a_fifth_of_the_time(clock: Clock) -> None:
    budget, taken = LoopBudget(), 0.0
    while clock.now < 110:
        if budget.is_spent():
            clock.now += 0.001
        else:
            work(budget, clock, 0.03)
            taken += 0.03
    assert 0.15 < taken / 10 < 0.25


def test_rest_saves_nothing_up(clock: Clock) -> None:
    budget = LoopBudget()
    clock.now += 3_600
    work(budget, clock, 0.06)
    assert budget.is_spent()


def test_work_of_others_counts_for_none_that_waits_meanwhile(clock: Clock) -> None:
    budget, patient = LoopBudget(), LoopBudget()

    async def waits() -> int:
        clock.work(0.004)
        await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        clock.work(0.004)
        return 7

    async def works() -> int:
        for _ in range(5):
            clock.work(0.02)
            await asyncio.sleep(0)
        return 8

    async def both() -> None:
        await asyncio.gather(counted(patient, waits()), counted(budget, works()))

    asyncio.run(both())
    assert budget._spent == pytest.approx(0.1)
    assert patient._spent == pytest.approx(0.008)


def test_work_that_is_cancelled_is_told_and_counts(clock: Clock) -> None:
    budget, told = LoopBudget(), []

    async def piece() -> int:
        clock.work(0.06)
        try:
            await asyncio.sleep(3_600)
        except asyncio.CancelledError:
            told.append("cancelled")
            raise
        return 7

    async def act() -> None:
        task = asyncio.ensure_future(counted(budget, piece()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(act())
    assert told == ["cancelled"]
    assert budget.is_spent()


def test_failed_work_counts(clock: Clock) -> None:
    budget = LoopBudget()

    async def fail() -> int:
        clock.work(0.06)
        raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        asyncio.run(counted(budget, fail()))
    assert budget.is_spent()


def test_work_that_is_not_done_after_a_slice_ends_and_counts_however_short_it_seemed(clock: Clock) -> None:
    async def piece() -> None:
        while True:
            clock.work(0.001)
            checkpoint()

    for is_counted in (True, False):
        budget = LoopBudget()
        for _ in range(20):
            with pytest.raises(StoppedError):
                asyncio.run(budget.sliced(piece(), is_counted))
        assert budget.is_spent()
        assert current_stop.get() is None


def test_work_that_graphql_core_has_to_do_is_offloaded_since_its_time_cannot_be_told(
    known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []

    async def noting(*given: Any) -> dict[str, Any]:
        threads.append(current_thread() is main_thread())
        return await execute(*given)

    monkeypatch.setattr("api.service.service.execute", noting)
    store = MemoryStore(known)
    service = GraphqlService(Settings(), Stores(store, store), Telemetry(stream=os.open(os.devnull, os.O_WRONLY)))
    query = "{{ __schema {{ queryType {{ name }} }} topics(first: {}) {{ nodes {{ name }} }} }}"
    short, longer = (query.format(first) for first in (1, 60))

    async def act() -> list[Any]:
        return [await service.answer(OperationRequest(text), Client(""), store.reader()) for text in (short, longer)]

    replies = asyncio.run(act())
    assert [reply.executor for reply in replies] == ["reference", "reference"]
    assert [reply.cost > TRIVIAL_COST for reply in replies] == [False, True]
    assert threads == [False, False]


def test_work_that_seemed_short_is_begun_anew_beside_the_event_loop(
    known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.service.loop_budget.SLICE_SECONDS", 0)
    threads: list[bool] = []
    read = MemoryReader.pages

    def noting(*given: Any) -> Any:
        threads.append(current_thread() is main_thread())
        checkpoint()
        return read(*given)

    monkeypatch.setattr(MemoryReader, "pages", noting)
    store = MemoryStore(known)
    service = GraphqlService(Settings(), Stores(store, store), Telemetry(stream=os.open(os.devnull, os.O_WRONLY)))
    query = OperationRequest("{ a: topics(first: 1) { totalCount } b: topics(first: 1) { totalCount } }")

    async def act() -> Any:
        return await service.answer(query, Client(""), store.reader())

    reply = asyncio.run(act())
    assert (reply.outcome, reply.executor) == ("ok", "planned")
    assert threads[-2:] == [False, False]
    assert threads.count(True) <= 1
