"""Work looks whether it is still wanted at checkpoints, and nowhere else."""

from collections.abc import Iterator

import pytest

from graph.checkpoints import Stop, StoppedError, checked, checkpoint, current_stop


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


def test_loop_ends_at_the_next_thousandth_step(stop: Stop) -> None:
    steps: list[int] = []

    def work() -> None:
        for step in checked(range(10_000)):
            steps.append(step)
            if step == 1_500:
                stop.set()

    with pytest.raises(StoppedError):
        work()
    assert len(steps) == 2_000


def test_empty_loop_is_no_checkpoint(stop: Stop) -> None:
    stop.set()
    assert list(checked([])) == []
