from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from graph.analysis.metrics import metrics
from graph.analysis.stories import stories
from graph.building.changes import fingerprint
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.search.index import text_index
from graph.stores.warming import warm, warm_rest, warm_soon


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The costly steps, as they are done."""
    done: list[str] = []

    def noting(step: str, act: Callable[..., object]) -> Callable[..., object]:
        def noted(*given: object) -> object:
            done.append(step)
            return act(*given)

        return noted

    for module, step in (("analysis.stories", "_story"), ("analysis.metrics", "_source_count"), ("search.index", "_vocabulary"), ("building.changes", "_digest")):  # fmt: skip
        loaded = import_module(f"graph.{module}")
        monkeypatch.setattr(loaded, step, noting(step, getattr(loaded, step)))
    return done


def test_what_was_warmed_is_not_computed_when_it_is_asked_for(tiny: GraphSnapshot, at_work: list[str]) -> None:
    warm(tiny)
    assert set(at_work) == set()
    warm_soon(tiny)
    assert set(at_work) == {"_story", "_digest"}
    warm_rest(tiny)
    assert set(at_work) == {"_story", "_digest", "_source_count", "_vocabulary"}

    at_work.clear()
    for answer in (stories, fingerprint, metrics, text_index):
        answer(tiny)
    assert at_work == []


def test_warming_changes_no_answer(seeds: GraphSnapshot) -> None:
    cold = load_snapshot([Path(__file__).parents[3] / "seeds"])
    warm(seeds)
    warm_soon(seeds)
    warm_rest(seeds)

    assert (repr(stories(seeds)), fingerprint(seeds), metrics(seeds)) == (repr(stories(cold)), fingerprint(cold), metrics(cold))  # fmt: skip
