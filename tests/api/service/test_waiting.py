"""What reads parts of a new graph that are still being computed waits for them, and for neither too long nor with too many."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from threading import Event

import orjson
import pytest

from api.execution import Need, OperationRequest
from api.service.access import Client
from api.service.offload import OverloadedError
from api.service.reloading import Reloads
from api.service.service import GraphqlService, Reply, Stores
from api.service.warming import Warming
from api.settings import Settings
from api.telemetry import Telemetry
from graph.analysis.stories import stories
from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checkpoint
from graph.stores.memory import MemoryStore

CLIENT = Client("192.0.2.7")
LATE = '{ search(query: "a") { totalCount } }'

Ask = Callable[[str], Awaitable[Reply]]
Act = Callable[[Ask, "asyncio.Future[None]"], Awaitable[None]]


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))
    with telemetry.running():
        yield telemetry


@pytest.fixture
def while_warming(known: GraphSnapshot, telemetry: Telemetry) -> Callable[..., None]:
    """Acts while something is being computed that takes an hour, and for which two may wait so many seconds."""
    store = MemoryStore(known)

    async def run(act: Act, seconds: int) -> None:
        settings = Settings(max_concurrent_requests=2, time_limit_seconds=seconds)
        warming: asyncio.Future[None] = asyncio.create_task(asyncio.sleep(3_600))
        service = GraphqlService(
            settings, Stores(store, store), telemetry, lambda: Warming() if warming.done() else Warming(rest=warming)
        )
        await act(lambda query: service.answer(OperationRequest(query), CLIENT, store.reader()), warming)
        warming.cancel()

    return lambda act, seconds=300: asyncio.run(run(act, seconds))


def test_who_reads_it_is_answered_when_it_is_there(while_warming: Callable[..., None]) -> None:
    async def act(ask: Ask, warming: "asyncio.Future[None]") -> None:
        late = asyncio.ensure_future(ask(LATE))
        assert (await ask("{ topics { totalCount } }")).outcome == "ok"
        await asyncio.sleep(0.1)
        assert not late.done()
        warming.cancel()
        assert set(orjson.loads((await late).answer.body)) == {"data"}

    while_warming(act)


def test_who_reads_it_waits_no_longer_than_work_may_take(while_warming: Callable[..., None]) -> None:
    async def act(ask: Ask, _: "asyncio.Future[None]") -> None:
        for _turn in range(3):  # the places of those before are free again
            with pytest.raises(OverloadedError):
                await ask(LATE)

    while_warming(act, seconds=1)


def test_more_than_may_wait_are_refused_at_once_and_equal_ones_are_executed_once(
    while_warming: Callable[..., None],
) -> None:
    async def act(ask: Ask, warming: "asyncio.Future[None]") -> None:
        equal = [asyncio.ensure_future(ask(LATE)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(OverloadedError):
            await asyncio.wait_for(ask(LATE), 60)
        warming.cancel()
        assert [(await reply).executor for reply in equal] == ["planned", "repeated"]

    while_warming(act)


def test_who_reads_what_is_there_soon_does_not_wait_for_the_rest(known: GraphSnapshot, telemetry: Telemetry) -> None:
    store = MemoryStore(known)

    async def act() -> None:
        soon, rest = (asyncio.create_task(asyncio.sleep(3_600)) for _ in range(2))
        warming = Warming(soon, rest)
        service = GraphqlService(Settings(), Stores(store, store), telemetry, lambda: warming)
        requests = [
            OperationRequest("{ stories { totalCount } }"),
            OperationRequest("query ($id: ID!) { node(id: $id) { id } }", {"id": min(stories(known).by_id)}),
            OperationRequest("{ snapshot { nodeCounts { kind } } }"),
            OperationRequest('{ snapshot { changes(since: "x") { version } } }'),
        ]
        waiting = [asyncio.ensure_future(service.answer(request, CLIENT, store.reader())) for request in requests]
        version = await service.answer(OperationRequest("{ snapshot { version } }"), CLIENT, store.reader())
        assert version.outcome == "ok"
        await asyncio.sleep(0.1)
        assert not any(reply.done() for reply in waiting)
        soon.cancel()
        warming = Warming(rest=rest)
        assert {(await reply).outcome for reply in waiting} == {"ok"}
        assert (
            await service.answer(OperationRequest("{ stories { nodes { id } } }"), CLIENT, store.reader())
        ).outcome == "ok"
        rest.cancel()

    asyncio.run(act())


def test_any_number_may_wait_for_what_is_there_soon(known: GraphSnapshot, telemetry: Telemetry) -> None:
    store = MemoryStore(known)

    async def act() -> None:
        soon = asyncio.create_task(asyncio.sleep(0.2))
        warming = Warming(soon, asyncio.create_task(asyncio.sleep(3_600)))
        service = GraphqlService(Settings(max_concurrent_requests=2), Stores(store, store), telemetry, lambda: warming)
        requests = [OperationRequest(f"{{ stories(first: {first}) {{ totalCount }} }}") for first in range(1, 9)]
        replies = await asyncio.gather(*(service.answer(request, CLIENT, store.reader()) for request in requests))
        assert {reply.outcome for reply in replies} == {"ok"}
        assert warming.rest is not None
        warming.rest.cancel()

    asyncio.run(act())


def test_what_is_waited_for_is_what_is_needed_and_not_there() -> None:
    async def act() -> None:
        soon, rest = (asyncio.create_task(asyncio.sleep(0)) for _ in range(2))
        for need, expected in ((Need.NOTHING, None), (Need.HISTORY, None), (Need.SOON, soon), (~Need.NOTHING, rest)):
            assert Warming(soon, rest).needed_for(need) is expected
            assert Warming(rest=rest).needed_for(need) is (rest if expected is rest else None)
            assert Warming().needed_for(need) is None

    asyncio.run(act())


def test_newer_change_interrupts_what_is_computed_and_who_waits_is_answered_from_the_newer_graph(
    tmp_path: Path, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = Event()
    begun: list[str] = []
    ended: list[str] = []

    def endless(snapshot: GraphSnapshot) -> None:
        begun.append(snapshot.version)
        while not may_end.is_set():
            checkpoint()
        ended.append(snapshot.version)

    monkeypatch.setattr("api.service.reloading.warm_rest", endless)
    file = tmp_path / "storm.md"
    file.write_text("---\ntitle: Storm\n---\n")
    live = LiveFolders([tmp_path])
    store = MemoryStore(live.load().snapshots[False])
    reloads = Reloads(live, {False: store}, telemetry)
    service = GraphqlService(Settings(), Stores(store, store), telemetry, lambda: reloads.warming)

    async def until(count: int) -> None:
        while len(begun) < count:
            await asyncio.sleep(0.01)

    async def act() -> Reply:
        file.write_text("---\ntitle: Gale\n---\n")
        assert await reloads.ask() == {"reload": "changed"}
        query = OperationRequest('{ search(query: "hurricane") { totalCount } }')
        waiting = asyncio.ensure_future(service.answer(query, CLIENT, store.reader()))
        await until(1)
        assert await reloads.ask() == {"reload": "unchanged"}
        await until(2)  # it goes on for the same graph
        file.write_text("---\ntitle: Hurricane\n---\n")
        assert await reloads.ask() == {"reload": "changed"}
        await until(3)
        assert begun[0] == begun[1] != begun[2] == store.reader().version
        assert not waiting.done()
        may_end.set()
        return await waiting

    reply = asyncio.run(asyncio.wait_for(act(), 60))
    assert orjson.loads(reply.answer.body) == {"data": {"search": {"totalCount": 1}}}
    assert reply.is_newer
    assert ended == begun[2:]


@pytest.mark.parametrize("fails", [False, True])
def test_reload_shows_a_graph_and_then_computes_what_is_there_soon_and_the_rest(
    tmp_path: Path, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    may_end = {"warm_soon": Event(), "warm_rest": Event()}
    computed: list[str] = []

    def slow(name: str) -> Callable[[GraphSnapshot], None]:
        def compute(_: GraphSnapshot) -> None:
            assert may_end[name].wait(30)
            computed.append(name)
            if fails:
                raise ValueError(name)

        return compute

    for name in may_end:
        monkeypatch.setattr(f"api.service.reloading.{name}", slow(name))
    file = tmp_path / "storm.md"
    file.write_text("---\ntitle: Storm\n---\n")
    live = LiveFolders([tmp_path])
    store = MemoryStore(live.load().snapshots[False])
    reloads = Reloads(live, {False: store}, telemetry)

    async def act() -> None:
        before = store.reader().version
        file.write_text("---\ntitle: Hurricane\n---\n")
        assert await reloads.ask() == {"reload": "changed"}
        assert store.reader().version != before
        soon, rest = reloads.warming
        assert soon is not None
        assert rest is not None
        assert computed == []
        may_end["warm_soon"].set()
        await soon
        await asyncio.sleep(0)
        assert reloads.warming == Warming(rest=rest)
        may_end["warm_rest"].set()
        await rest
        assert reloads.warming == Warming()
        assert computed == ["warm_soon", "warm_rest"]

    asyncio.run(act())


def test_events_share_their_turns_whatever_they_wait_for(known: GraphSnapshot, telemetry: Telemetry) -> None:
    public, preview = MemoryStore(known), MemoryStore(known)
    service = GraphqlService(Settings(), Stores(public, preview), telemetry)
    for store in (public, preview):
        assert service._feeds[id(store)].turns is service._late_feeds[id(store)].turns
    assert service._feeds[id(public)].turns is not service._feeds[id(preview)].turns
