"""What is kept belongs to one snapshot and goes with it; requests that wait for a store do not disturb one another."""

import asyncio
import gc
import weakref
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest

from api.json_text import to_json
from api.schema.assembly import schema
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.model import Article
from graph.stores.memory import MemoryReader, MemoryStore
from graph.stores.protocol import GraphReader
from tests.api.conftest import LaterReader
from tests.api.execution.answering import (
    SMALL_PAGES,
    Planner,
    planned_answer,
    planned_executor,
    pools_of,
    reference_answer,
)
from tests.api.execution.generated_operations import Generator, Request
from tests.cases import number_of_cases, random_from

QUERY = Request(
    """query ($first: Int = 3) {
      snapshot { version }
      articles(first: $first) { nodes { id title provider { name } related(first: 2) { nodes { title } } } }
    }""",
    {},
    None,
)


def other_titles(snapshot: GraphSnapshot) -> GraphSnapshot:
    """The same nodes, with other titles."""
    nodes = {
        node_id: replace(node, title=f"Not {node.title}") if isinstance(node, Article) else node
        for node_id, node in snapshot.nodes.items()
    }
    return replace(snapshot, nodes=nodes, version="1" * 32, loaded_at=datetime(2025, 1, 1, tzinfo=UTC))


def ask(executor: Planner, reader: GraphReader, request: Request = QUERY) -> bytes:
    answer = asyncio.run(planned_answer(executor, request, reader, Settings()))
    assert answer is not None, executor.outcomes
    return answer


def expected(reader: GraphReader, request: Request = QUERY) -> bytes:
    return to_json(asyncio.run(reference_answer(request, reader, Settings())))


def kept(executor: Planner) -> tuple[int, int]:
    """Readers of which fragments, and answers, are kept."""
    gc.collect()
    return len(executor.executor._fragments), len(executor.answers)


def test_nothing_of_the_old_snapshot_is_answered_after_a_swap(known: GraphSnapshot) -> None:
    store, executor = MemoryStore(known), planned_executor()
    before = ask(executor, store.reader())
    assert before == ask(executor, store.reader()) == expected(store.reader())

    store.swap(other_titles(known))

    after = ask(executor, store.reader())
    assert after == ask(executor, store.reader()) == expected(store.reader())
    assert b'"title":"Not ' in after
    assert b'"title":"Not ' not in before
    assert executor.outcomes == {"planned": 2, "repeated": 2}


def test_two_readers_in_turn_are_answered_each_their_own(known: GraphSnapshot) -> None:
    readers = [MemoryReader(known), MemoryReader(other_titles(known)), MemoryReader(known)]
    executor = planned_executor()
    answers = [[ask(executor, reader) for reader in readers] for _ in range(3)]
    assert answers == [[expected(reader) for reader in readers]] * 3
    assert answers[0][0] == answers[0][2] != answers[0][1]
    assert executor.outcomes == {"planned": 3, "repeated": 6}


def test_what_was_kept_dies_with_its_reader(known: GraphSnapshot) -> None:
    store, executor = MemoryStore(known), planned_executor()
    ask(executor, store.reader())
    old = weakref.ref(store.reader())
    fragments = weakref.ref(executor.executor._fragments[store.reader()])
    assert kept(executor) == (1, 1)

    store.swap(other_titles(known))
    gc.collect()

    assert old() is None
    assert fragments() is None
    assert kept(executor) == (0, 0)
    ask(executor, store.reader())
    assert kept(executor) == (1, 1)


def test_a_request_that_began_before_a_swap_ends_on_the_old_snapshot(known: GraphSnapshot) -> None:
    store, executor = MemoryStore(known), planned_executor()
    changed = other_titles(known)

    async def run() -> tuple[bytes | None, bytes | None]:
        old = cast(GraphReader, LaterReader(store.reader()))
        begun = asyncio.create_task(planned_answer(executor, QUERY, old, Settings()))
        await asyncio.sleep(0)
        store.swap(changed)
        return await planned_answer(executor, QUERY, store.reader(), Settings()), await begun

    new, old = asyncio.run(run())
    assert old == expected(MemoryReader(known))
    assert new == expected(store.reader())


@pytest.mark.parametrize("budget", [0, 5_000, 64_000_000])
def test_the_same_request_many_times_at_once(known: GraphSnapshot, budget: int) -> None:
    executor = planned_executor(budget, budget)
    reader = cast(GraphReader, LaterReader(MemoryReader(known)))
    requests = [Request(QUERY.query, {"first": number % 4}, None) for number in range(40)]

    async def run() -> list[bytes | None]:
        return await asyncio.gather(*(planned_answer(executor, asked, reader, Settings()) for asked in requests))

    assert asyncio.run(run()) == [expected(MemoryReader(known), asked) for asked in requests]


@pytest.mark.parametrize("budget", [2_000, 40_000, 64_000_000])
def test_generated_requests_at_once_do_not_disturb_one_another(known: GraphSnapshot, budget: int) -> None:
    executor, random, pools = planned_executor(budget, budget), random_from(budget), pools_of(known)
    reader = cast(GraphReader, LaterReader(MemoryReader(known)))
    outcomes: Counter[bool] = Counter()

    async def compare(request: Request) -> None:
        await asyncio.sleep(0)
        found = await planned_answer(executor, request, reader, SMALL_PAGES)
        answer = await reference_answer(request, MemoryReader(known), SMALL_PAGES)
        assert found == (None if "errors" in answer else to_json(answer)), request
        outcomes[found is not None] += 1

    rounds = number_of_cases(120) // 20 or 1

    async def run() -> None:
        for _ in range(rounds):
            documents = [Generator(schema._schema, pools, random, random.randint(1, 10)) for _ in range(12)]
            requests = [request for document in documents for request in document.requests(4)]
            random.shuffle(requests)
            await asyncio.gather(*map(compare, requests * 2))

    asyncio.run(run())
    assert outcomes[True] > 33 * rounds
