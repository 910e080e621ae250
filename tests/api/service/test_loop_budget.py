"""What the event loop may do of longer work: measured, spent, and recovered with time."""

import time

import pytest

from api.service.loop_budget import LoopBudget


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
    monkeypatch.setattr(time, "perf_counter", lambda: clock.now)
    monkeypatch.setattr(time, "thread_time", lambda: clock.worked)
    return clock


def work(budget: LoopBudget, clock: Clock, seconds: float) -> None:
    with budget.piece():
        clock.work(seconds)


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
    for _ in range(100):
        with budget.piece():
            clock.now += 0.03
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


def test_failed_work_counts(clock: Clock) -> None:
    budget = LoopBudget()

    def fail() -> None:
        with budget.piece():
            clock.work(0.06)
            raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        fail()
    assert budget.is_spent()
