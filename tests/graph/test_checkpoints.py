"""Work looks whether it is still wanted at checkpoints, and nowhere else."""

import time
from collections.abc import Iterator
from threading import Lock, Timer

import pytest

from graph.checkpoints import Stop, StoppedError, acquire, checked, checked_if_many, checkpoint, current_stop


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
    for name in ("monotonic", "perf_counter"):
        monkeypatch.setattr(time, name, lambda: clock.now)
    monkeypatch.setattr(time, "thread_time", lambda: clock.worked)
    return clock


@pytest.fixture
def stop() -> Iterator[Stop]:
    stop = Stop()
    token = current_stop.set(stop)
    yield stop
    current_stop.reset(token)


def test_work_that_nobody_can_stop_goes_on() -> None:
    checkpoint()
    assert list(checked(range(2_500))) == list(range(2_500))


def test_work_goes_on_until_it_is_stopped_and_never_again(stop: Stop) -> None:
    checkpoint()
    stop.set()
    for _ in range(2):
        with pytest.raises(StoppedError):
            checkpoint()


def test_loop_of_short_steps_ends_within_a_thousand(stop: Stop) -> None:
    steps: list[int] = []

    def work() -> None:
        for step in checked(range(10_000)):
            steps.append(step)
            if step == 1_500:
                stop.set()

    with pytest.raises(StoppedError):
        work()
    assert 1_500 < len(steps) <= 2_501


def test_loop_of_long_steps_ends_soon(stop: Stop, clock: Clock) -> None:
    steps: list[int] = []

    def work() -> None:
        for step in checked(range(10_000)):
            steps.append(step)
            clock.work(0.01)
            if step == 50:
                stop.set()

    with pytest.raises(StoppedError):
        work()
    assert len(steps) == 51


def test_work_ends_when_it_has_had_its_time_of_the_processor(stop: Stop, clock: Clock) -> None:
    stop.allow(0.005)
    clock.now += 1  # others were at work
    checkpoint()
    clock.work(0.004)
    checkpoint()
    clock.work(0.002)
    with pytest.raises(StoppedError):
        checkpoint()
    assert stop.is_used_up


def test_short_loops_have_no_checkpoints_of_their_own(stop: Stop) -> None:
    stop.set()
    assert list(checked_if_many(range(32))) == list(range(32))
    with pytest.raises(StoppedError):
        list(checked_if_many(range(33)))


def test_work_that_is_allowed_some_time_does_not_wait_for_a_lock(stop: Stop) -> None:
    lock = Lock()
    lock.acquire()
    stop.allow(3_600)
    with pytest.raises(StoppedError):
        acquire(lock)
    assert stop.is_used_up


def test_other_work_waits_until_it_gets_the_lock_or_is_stopped(stop: Stop) -> None:
    lock = Lock()
    lock.acquire()
    Timer(0.05, lock.release).start()
    acquire(lock)
    Timer(0.05, stop.set).start()
    with pytest.raises(StoppedError):
        acquire(lock)
    assert not stop.is_used_up


def test_empty_loop_is_no_checkpoint(stop: Stop) -> None:
    stop.set()
    assert list(checked([])) == []
