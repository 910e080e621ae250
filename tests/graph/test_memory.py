import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from weakref import ref

import pytest

import graph.memory
from graph.memory import collect_older, collection_in_steps, paused_collection, release_free_memory, set_aside


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_collection_is_paused_until_the_outermost_end() -> None:
    with paused_collection():
        with paused_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()

    assert gc.isenabled()


def test_collection_goes_on_after_an_exception() -> None:
    @paused_collection()
    def fail() -> None:
        assert not gc.isenabled()
        raise ValueError("spoilt")

    with pytest.raises(ValueError, match="spoilt"):
        fail()

    assert gc.isenabled()


def test_collection_that_was_off_stays_off() -> None:
    gc.disable()

    with paused_collection():
        pass

    assert not gc.isenabled()


def test_what_was_built_meanwhile_is_not_walked_through_when_collection_goes_on() -> None:
    with paused_collection():
        built = [[number] for number in range(100_000)]

    assert not any(found is built for found in gc.get_objects(generation=0))
    assert any(found is built for found in gc.get_objects(generation=2))


def test_what_was_frozen_before_stays_so() -> None:
    gc.freeze()
    try:
        with paused_collection():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_pauses_of_threads_may_overlap() -> None:
    barrier = Barrier(8)
    seen: list[bool] = []

    def pause() -> None:
        for _ in range(200):
            with paused_collection():
                seen.append(gc.isenabled())
            barrier.wait()

    threads = [Thread(target=pause) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not any(seen)
    assert gc.isenabled()


class Cycle:
    """Garbage, once nobody holds it, that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


class TestSteps:
    @pytest.fixture(autouse=True)
    def in_steps(self) -> Iterator[None]:
        gc.collect()
        gc.freeze()  # what other tests left is no matter of the collector
        with collection_in_steps():
            yield
        gc.unfreeze()

    def test_only_what_is_young_is_looked_at_and_soon(self) -> None:
        seen: list[int] = []
        note = lambda phase, told: seen.append(told["generation"])  # noqa: E731
        gc.callbacks.append(note)
        try:
            kept = [[number] for number in range(200_000)]
        finally:
            gc.callbacks.remove(note)

        assert len(seen) > 20
        assert set(seen) == {0}
        assert len(kept) == 200_000

    def test_pauses_change_nothing(self) -> None:
        with paused_collection():
            assert gc.isenabled()

        assert gc.isenabled()

    def test_what_is_older_is_collected_now_and_then(self) -> None:
        older = ref(Cycle())

        collect_older()

        assert older() is None

    def test_what_was_set_aside_is_not_looked_at(self) -> None:
        cycle = Cycle()
        kept = ref(cycle)
        set_aside()
        del cycle

        collect_older()

        assert kept() is not None

    def test_what_was_garbage_before_is_not_set_aside(self) -> None:
        gone = ref(Cycle())

        set_aside()

        assert gone() is None

    def test_so_much_is_not_looked_at_while_it_would_take_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cycle = Cycle()
        older = ref(cycle)
        gc.collect(1)
        del cycle
        monkeypatch.setattr(graph.memory, "_MOST_AT_ONCE", 0)

        collect_older()

        assert older() is not None

    def test_all_is_looked_at_once_much_more_was_set_aside(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cycle = Cycle()
        gone = ref(cycle)
        set_aside()
        del cycle
        monkeypatch.setattr(graph.memory, "_LEAST_GROWTH", 0)
        monkeypatch.setattr(graph.memory, "_GROWTH", -1.0)
        monkeypatch.setattr(graph.memory, "_COUNTED", 1)

        set_aside()

        assert gone() is None

    def test_thresholds_are_as_before_in_the_end(self) -> None:
        before = gc.get_threshold()

        with collection_in_steps():
            pass

        assert gc.get_threshold() == before


def resident() -> int:
    """Bytes of this process in memory."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
def test_holes_between_what_is_in_use_are_given_back() -> None:
    blocks = [bytes([1]) * 60_000 for _ in range(2_000)]
    kept = blocks[::10]
    del blocks
    before = resident()

    release_free_memory()

    assert resident() < before - 50_000_000
    assert len(kept) == 200
