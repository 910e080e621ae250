import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from graph.memory import paused_collection, release_free_memory


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
