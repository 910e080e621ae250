"""What reads parts of a new graph that are still being computed waits for them, and for neither too long nor with too many."""

import asyncio
import gc
import os
import weakref
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
from api.service.warming import Part, Warming
from api.settings import Settings
from api.telemetry import Telemetry
from graph.analysis.stories import stories
from graph.building.live_folders import LiveFolders
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checkpoint
from graph.stores.memory import MemoryReader, MemoryStore

CLIENT = Client("192.0.2.7")
LATE = '{ search(query: "a") { totalCount } }'

Ask = Callable[[str], Awaitable[Reply]]
Act = Callable[[Ask, Part], Awaitable[None]]


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))
    with telemetry.running():
        yield telemetry


@pytest.fixture
def while_warming(known: GraphSnapshot, telemetry: Telemetry) -> Callable[..., None]:
    """Acts while something is being computed, and for which two may wait so many seconds."""
    store = MemoryStore(known)

    async def run(act: Act, seconds: int) -> None:
        settings = Settings(max_concurrent_requests=2, time_limit_seconds=seconds)
        rest = Part()
        service = GraphqlService(settings, Stores(store, store), telemetry, lambda: Warming(rest=rest))
        await act(lambda query: service.answer(OperationRequest(query), CLIENT, store.reader()), rest)

    return lambda act, seconds=300: asyncio.run(run(act, seconds))


def test_who_reads_it_is_answered_when_it_is_there(while_warming: Callable[..., None]) -> None:
    async def act(ask: Ask, rest: Part) -> None:
        late = asyncio.ensure_future(ask(LATE))
        assert (await ask("{ topics { totalCount } }")).outcome == "ok"
        await asyncio.sleep(0.1)
        assert not late.done()
        rest.tell(True)
        assert set(orjson.loads((await late).answer.body)) == {"data"}

    while_warming(act)


def test_who_reads_it_waits_no_longer_than_work_may_take(while_warming: Callable[..., None]) -> None:
    async def act(ask: Ask, _: Part) -> None:
        for _turn in range(3):  # the places of those before are free again
            with pytest.raises(OverloadedError):
                await ask(LATE)

    while_warming(act, seconds=1)


def test_more_than_may_wait_are_refused_at_once_and_equal_ones_are_executed_once(
    while_warming: Callable[..., None],
) -> None:
    async def act(ask: Ask, rest: Part) -> None:
        equal = [asyncio.ensure_future(ask(LATE)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(OverloadedError):
            await asyncio.wait_for(ask(LATE), 60)
        rest.tell(True)
        assert [(await reply).executor for reply in equal] == ["planned", "repeated"]

    while_warming(act)


def test_who_reads_what_is_there_soon_does_not_wait_for_the_rest(known: GraphSnapshot, telemetry: Telemetry) -> None:
    store = MemoryStore(known)

    async def act() -> None:
        soon, rest = Part(), Part()
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
        soon.tell(True)
        assert {(await reply).outcome for reply in waiting} == {"ok"}
        assert (
            await service.answer(OperationRequest("{ stories { nodes { id } } }"), CLIENT, store.reader())
        ).outcome == "ok"

    asyncio.run(act())


def test_any_number_may_wait_for_what_is_there_soon(known: GraphSnapshot, telemetry: Telemetry) -> None:
    store = MemoryStore(known)

    async def act() -> None:
        warming = Warming(soon := Part(), Part())
        service = GraphqlService(Settings(max_concurrent_requests=2), Stores(store, store), telemetry, lambda: warming)
        requests = [OperationRequest(f"{{ stories(first: {first}) {{ totalCount }} }}") for first in range(1, 9)]
        replies = asyncio.gather(*(service.answer(request, CLIENT, store.reader()) for request in requests))
        await asyncio.sleep(0.1)
        soon.tell(True)
        assert {reply.outcome for reply in await replies} == {"ok"}

    asyncio.run(act())


def test_what_is_waited_for_is_what_is_needed_and_not_there() -> None:
    async def act() -> None:
        soon, rest, pictures = Part(), Part(), Part()
        for need, expected in (
            (Need.NOTHING, None),
            (Need.HISTORY, None),
            (Need.SOON, soon),
            (Need.SOON | Need.LATE, rest),
            (~Need.NOTHING, pictures),
        ):
            assert Warming(soon, rest, pictures).needed_for(need) is expected
            assert Warming(rest=rest).needed_for(need) is (rest if expected is rest else None)
            assert Warming().needed_for(need) is None
        soon.tell(True)
        assert Warming(soon, rest, pictures).needed_for(Need.SOON) is None
        assert not Warming(soon, rest).is_over

    asyncio.run(act())


class Endless:
    """What is computed last, of each snapshot again and again until it may end."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.may_end = Event()

    def __call__(self, snapshot: GraphSnapshot) -> None:
        self.begun.append(snapshot.version)
        while not self.may_end.is_set():
            checkpoint()
        self.ended.append(snapshot.version)

    async def is_begun(self, times: int) -> None:
        while len(self.begun) < times:
            await asyncio.sleep(0.01)


class Edited:
    """A folder of one file, that a service reads."""

    def __init__(self, folder: Path, telemetry: Telemetry) -> None:
        self._file = folder / "storm.md"
        self._file.write_text("---\ntitle: Storm\n---\n")
        live = LiveFolders([folder])
        self.store = MemoryStore(live.load().snapshots[False])
        self.reloads = Reloads(live, {False: self.store}, telemetry)
        self.service = GraphqlService(
            Settings(), Stores(self.store, self.store), telemetry, lambda: self.reloads.warming
        )

    async def edit(self, title: str) -> None:
        self._file.write_text(f"---\ntitle: {title}\n---\n")
        assert await self.reloads.ask() == {"reload": "changed"}

    def search(self, word: str) -> "asyncio.Future[Reply]":
        query = OperationRequest(f'{{ search(query: "{word}") {{ totalCount }} }}')
        return asyncio.ensure_future(self.service.answer(query, CLIENT, self.store.reader()))


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Endless:
    endless = Endless()
    monkeypatch.setattr("api.service.reloading.warm_rest", endless)
    return endless


def found(reply: Reply) -> object:
    return orjson.loads(reply.answer.body)["data"]["search"]["totalCount"]


def test_newer_change_interrupts_what_nobody_waits_for(tmp_path: Path, telemetry: Telemetry, endless: Endless) -> None:
    edited = Edited(tmp_path, telemetry)

    async def act() -> Reply:
        await edited.edit("Gale")
        await endless.is_begun(1)
        assert await edited.reloads.ask() == {"reload": "unchanged"}
        await endless.is_begun(2)  # it goes on for the same graph
        await edited.edit("Hurricane")
        await endless.is_begun(3)
        endless.may_end.set()
        return await edited.search("hurricane")

    reply = asyncio.run(asyncio.wait_for(act(), 60))
    assert endless.begun[0] == endless.begun[1] != endless.begun[2] == edited.store.reader().version
    assert endless.ended == endless.begun[2:]
    assert found(reply) == 1


def test_who_waits_is_answered_from_the_graph_that_was_asked_however_many_changes_follow(
    tmp_path: Path, telemetry: Telemetry, endless: Endless
) -> None:
    edited = Edited(tmp_path, telemetry)

    async def act() -> tuple[Reply, Reply]:
        await edited.edit("Gale")
        await endless.is_begun(1)
        of_gale = edited.search("gale")
        await asyncio.sleep(0)  # it waits
        await edited.edit("Breeze")
        of_breeze = edited.search("hurricane")
        await asyncio.sleep(0)
        await edited.edit("Hurricane")
        assert await edited.reloads.ask() == {"reload": "unchanged"}
        assert not of_gale.done()
        assert not of_breeze.done()
        endless.may_end.set()
        return await of_gale, await of_breeze

    of_gale, of_breeze = asyncio.run(asyncio.wait_for(act(), 60))
    assert (found(of_gale), of_gale.is_newer) == (1, False)
    assert (found(of_breeze), of_breeze.is_newer) == (1, True)  # of that graph nothing was computed
    assert endless.begun == endless.ended
    assert endless.ended[1:] == [edited.store.reader().version]


def test_start_does_not_wait_for_what_is_computed_last(tmp_path: Path, telemetry: Telemetry, endless: Endless) -> None:
    edited = Edited(tmp_path, telemetry)

    async def act() -> Reply:
        async with edited.reloads.running():
            await endless.is_begun(1)
            reply = edited.search("storm")
            await asyncio.sleep(0)
            assert not reply.done()
            endless.may_end.set()
            return await reply

    assert found(asyncio.run(asyncio.wait_for(act(), 60))) == 1


@pytest.mark.parametrize("fails", [False, True])
def test_reload_shows_a_graph_and_then_computes_what_is_there_soon_and_the_rest(
    tmp_path: Path, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    may_end = {"warm_soon": Event(), "warm_rest": Event(), "warm_pictures": Event()}
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
        soon, rest, pictures = reloads.warming
        assert soon is not None
        assert rest is not None
        assert pictures is not None
        assert computed == []
        may_end["warm_soon"].set()
        assert await soon.wait()
        assert not rest.is_over
        may_end["warm_rest"].set()
        assert await rest.wait()
        assert not pictures.is_over
        may_end["warm_pictures"].set()
        assert await pictures.wait()
        assert reloads.warming.is_over
        assert computed == ["warm_soon", "warm_rest", "warm_pictures"]

    asyncio.run(act())


def test_events_share_their_turns_whatever_they_wait_for(known: GraphSnapshot, telemetry: Telemetry) -> None:
    public, preview = MemoryStore(known), MemoryStore(known)
    service = GraphqlService(Settings(), Stores(public, preview), telemetry)
    for store in (public, preview):
        assert service._feeds[id(store)].turns is service._late_feeds[id(store)].turns
    assert service._feeds[id(public)].turns is not service._feeds[id(preview)].turns


def test_refused_operations_that_are_kept_hold_no_graph(known: GraphSnapshot, telemetry: Telemetry) -> None:
    async def act() -> None:
        store = MemoryStore(known)
        service = GraphqlService(Settings(), Stores(store, store), telemetry)
        reader: MemoryReader | None = MemoryReader(known)
        graph = weakref.ref(reader)
        for _ in range(3):
            assert reader is not None
            assert (await service.answer(OperationRequest("{ unknown }"), CLIENT, reader)).outcome == "refused"
        reader = None
        assert graph() is None

    gc.collect()
    gc.disable()
    try:
        asyncio.run(act())
    finally:
        gc.enable()
