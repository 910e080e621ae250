"""What reads parts of a new graph that are still being computed waits for them, and for neither too long nor with too many."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator

import orjson
import pytest

from api.access import Client
from api.heavy import OverloadedError
from api.schema import OperationRequest
from api.service import GraphqlService, Reply, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.snapshot import GraphSnapshot
from graph.store import MemoryStore

CLIENT = Client("192.0.2.7")
LATE = '{ search(query: "a") { totalCount } }'

Ask = Callable[[str], Awaitable[Reply]]
Act = Callable[[Ask, "asyncio.Task[None]"], Awaitable[None]]


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))
    with telemetry.running():
        yield telemetry


@pytest.fixture
def while_warming(known: GraphSnapshot, telemetry: Telemetry) -> Callable[[Act], None]:
    """Acts while something is being computed that takes an hour, and for which two may wait for a second."""
    settings = Settings(max_concurrent_requests=2, time_limit_seconds=1)
    store = MemoryStore(known)

    async def run(act: Act) -> None:
        warming: asyncio.Task[None] = asyncio.create_task(asyncio.sleep(3_600))
        service = GraphqlService(settings, Stores(store, store), telemetry, lambda: None if warming.done() else warming)
        await act(lambda query: service.answer(OperationRequest(query), CLIENT, store.reader()), warming)
        warming.cancel()

    return lambda act: asyncio.run(run(act))


def test_who_reads_it_is_answered_when_it_is_there(while_warming: Callable[[Act], None]) -> None:
    async def act(ask: Ask, warming: "asyncio.Task[None]") -> None:
        late = asyncio.ensure_future(ask(LATE))
        assert (await ask("{ topics { totalCount } }")).outcome == "ok"
        await asyncio.sleep(0.1)
        assert not late.done()
        warming.cancel()
        assert set(orjson.loads((await late).answer.body)) == {"data"}

    while_warming(act)


def test_who_reads_it_waits_no_longer_than_work_may_take(while_warming: Callable[[Act], None]) -> None:
    async def act(ask: Ask, _: "asyncio.Task[None]") -> None:
        for _turn in range(3):  # the places of those before are free again
            with pytest.raises(OverloadedError):
                await ask(LATE)

    while_warming(act)


def test_more_than_may_wait_are_refused_at_once_and_equal_ones_are_executed_once(
    while_warming: Callable[[Act], None],
) -> None:
    async def act(ask: Ask, warming: "asyncio.Task[None]") -> None:
        equal = [asyncio.ensure_future(ask(LATE)) for _ in range(2)]
        await asyncio.sleep(0.1)
        with pytest.raises(OverloadedError):
            await asyncio.wait_for(ask(LATE), 0.5)
        warming.cancel()
        assert [(await reply).executor for reply in equal] == ["planned", "repeated"]

    while_warming(act)
