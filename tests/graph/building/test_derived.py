"""What is derived: once for each snapshot and set of arguments, for all threads, and gone with the snapshot."""

import gc
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event

import pytest

from graph.building.derived import once_per_edges, once_per_snapshot, once_per_structure
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import Derived, GraphSnapshot, build_snapshot
from graph.model import EdgeKind


class Answer:
    """Equal by identity, and open to weak references."""


def recording(calls: list[tuple[object, ...]]) -> Callable[..., Answer]:
    """A derivation that notes what it was called with."""

    @once_per_snapshot
    def derive(snapshot: GraphSnapshot, *args: object) -> Answer:
        calls.append((snapshot.version, *args))
        return Answer()

    return derive


def test_answer_is_computed_when_it_is_first_asked_for_and_once(tiny: GraphSnapshot) -> None:
    calls: list[tuple[object, ...]] = []
    derive = recording(calls)
    assert calls == []
    assert derive(tiny) is derive(tiny) is derive(tiny)
    assert calls == [(tiny.version,)]


def test_each_set_of_arguments_has_its_own_answer(tiny: GraphSnapshot) -> None:
    calls: list[tuple[object, ...]] = []
    derive = recording(calls)
    answers = [derive(tiny), derive(tiny, 1), derive(tiny, 1, "a"), derive(tiny, "1")]
    assert len(set(answers)) == 4
    assert [derive(tiny), derive(tiny, 1), derive(tiny, 1, "a"), derive(tiny, "1")] == answers
    assert [args for _, *args in calls] == [[], [1], [1, "a"], ["1"]]


def test_each_snapshot_and_each_function_has_its_own_answer(tiny: GraphSnapshot, seeds: GraphSnapshot) -> None:
    one, other = recording([]), recording([])
    assert len({one(tiny), one(seeds), other(tiny), other(seeds)}) == 4


def test_nothing_is_an_answer_too(tiny: GraphSnapshot) -> None:
    calls = []

    @once_per_snapshot
    def nothing(snapshot: GraphSnapshot) -> None:
        calls.append(snapshot)

    assert [nothing(tiny), nothing(tiny)] == [None, None]
    assert len(calls) == 1


def test_failure_is_not_kept(tiny: GraphSnapshot) -> None:
    attempts = iter([ValueError("not yet"), None])

    @once_per_snapshot
    def derive(snapshot: GraphSnapshot) -> str:
        if (failure := next(attempts)) is not None:
            raise failure
        return "now"

    with pytest.raises(ValueError, match="not yet"):
        derive(tiny)
    assert [derive(tiny), derive(tiny)] == ["now", "now"]


def test_threads_that_ask_at_once_get_one_answer(tiny: GraphSnapshot) -> None:
    calls, start = [], Barrier(16)

    @once_per_snapshot
    def slow(snapshot: GraphSnapshot, *args: int) -> Answer:
        calls.append(args)
        time.sleep(0.05)
        return Answer()

    def ask(number: int) -> Answer:
        start.wait()
        return slow(tiny, number % 2)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(16)))
    assert len(set(answers[::2])) == len(set(answers[1::2])) == 1
    assert sorted(calls) == [(0,), (1,)]


def test_derivations_build_on_one_another(tiny: GraphSnapshot) -> None:
    @once_per_snapshot
    def size(snapshot: GraphSnapshot) -> int:
        return len(snapshot.nodes)

    @once_per_snapshot
    def double(snapshot: GraphSnapshot) -> int:
        return 2 * size(snapshot)

    assert double(tiny) == 10


def test_answers_are_gone_with_their_snapshot() -> None:
    derive, snapshot = recording([]), build_snapshot(MergeResult())
    answer = weakref.ref(derive(snapshot))
    gc.collect()
    assert answer() is not None
    del snapshot
    gc.collect()
    assert answer() is None


def test_function_keeps_its_name_and_words() -> None:
    @once_per_snapshot
    def lonely(snapshot: GraphSnapshot) -> None:
        """The lonely ones."""

    assert (lonely.__name__, lonely.__doc__) == ("lonely", "The lonely ones.")  # type: ignore[attr-defined]  # functions have one


def test_answers_from_the_structure_serve_for_every_snapshot_of_the_same_structure(tiny: GraphSnapshot) -> None:
    calls: list[GraphSnapshot] = []

    @once_per_structure
    def derive(snapshot: GraphSnapshot, *args: int) -> Answer:
        calls.append(snapshot)
        return Answer()

    later = replace(tiny, version="later")
    other = replace(tiny, structure=Derived())

    assert derive(tiny) is derive(later)
    assert derive(tiny) is not derive(other)
    assert derive(tiny) is not derive(tiny, 1)
    assert calls == [tiny, other, tiny]


def test_answers_from_edges_serve_for_every_snapshot_with_the_same_edges_of_the_kind(tiny: GraphSnapshot) -> None:
    calls: list[EdgeKind] = []

    @once_per_edges
    def derive(snapshot: GraphSnapshot, kind: EdgeKind, *args: int) -> Answer:
        calls.append(kind)
        return Answer()

    others = {**tiny.edge_structures, EdgeKind.ABOUT: Derived()}
    later = replace(tiny, version="later", structure=Derived(), edge_structures=others)

    assert derive(tiny, EdgeKind.RELATED_TO) is derive(later, EdgeKind.RELATED_TO)
    assert derive(tiny, EdgeKind.ABOUT) is not derive(later, EdgeKind.ABOUT)
    assert derive(tiny, EdgeKind.ABOUT) is not derive(tiny, EdgeKind.ABOUT, 1)
    assert calls == [EdgeKind.RELATED_TO, *[EdgeKind.ABOUT] * 3]


def test_thread_that_asks_for_one_answer_does_not_wait_for_another(tiny: GraphSnapshot) -> None:
    begun, may_end = Event(), Event()

    @once_per_snapshot
    def slow(snapshot: GraphSnapshot) -> str:
        begun.set()
        assert may_end.wait(10)
        return "slow"

    quick = recording([])
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow, tiny)
        assert begun.wait(10)
        assert quick(tiny) is quick(tiny)
        may_end.set()
        assert waiting.result() == "slow"
