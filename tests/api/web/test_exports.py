"""Files are written in turns with other work, whatever that is."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.types import Message

from api.errors import RequestError
from api.service.access import Client
from api.service.offload import OverloadedError
from api.service.service import GraphqlService, Stores
from api.service.turns import Line
from api.service.warming import Part, Warming
from api.settings import Settings
from api.telemetry import Telemetry
from api.web.app import create_app
from api.web.exports import MOST_AT_ONCE, Exports
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

CLIENT = Client("192.0.2.7")
WRONG = {"or": [{f"titl{number}": {"eq": "a"}} for number in range(500)]}


@contextmanager
def serving(snapshot: GraphSnapshot, settings: Settings) -> Iterator[GraphqlService]:
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))
    store = MemoryStore(snapshot)
    with telemetry.running():
        yield GraphqlService(settings, Stores(store, store), telemetry)


@pytest.fixture
def service(known: GraphSnapshot) -> Iterator[GraphqlService]:
    """One in which one job of a kind may wait."""
    with serving(known, Settings(max_concurrent_requests=1)) as found:
        yield found


def asking(condition: Any = None, name: str = "graph.graphml", **given: str) -> Request:
    if condition is not None:
        given["filter"] = json.dumps(condition)
    query = urlencode(given).encode()
    return Request(
        {
            "type": "http",
            "method": "GET",
            "path_params": {"name": name},
            "query_string": query,
            "headers": [],
        }
    )


def test_file_is_written_while_no_more_operations_may_wait(service: GraphqlService) -> None:
    may_end = Event()

    async def busy() -> bool:
        return may_end.wait(30)

    async def idle() -> bool:
        return True

    async def act() -> None:
        first = asyncio.ensure_future(service.offload(busy, Line()))
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await service.offload(idle, Line())
        asyncio.get_running_loop().call_later(0.1, may_end.set)
        response = await Exports(service).answer(asking(), CLIENT)
        assert await first
        assert response.headers["content-disposition"] == 'attachment; filename="graph.graphml"'
        assert response.status_code == 200

    asyncio.run(act())


def test_filter_is_read_beside_the_event_loop(service: GraphqlService) -> None:
    may_end = Event()

    async def busy() -> bool:
        return may_end.wait(30)

    async def act() -> None:
        first = asyncio.ensure_future(service.offload(busy, Line()))
        asked = asyncio.ensure_future(Exports(service).answer(asking(WRONG), CLIENT))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not asked.done()
        may_end.set()
        with pytest.raises(RequestError):
            await asked
        assert await first

    asyncio.run(act())


def test_mistakes_of_a_filter_are_told_up_to_a_number_and_cost_what_the_filter_does(known: GraphSnapshot) -> None:
    async def refusal(service: GraphqlService) -> str:
        with pytest.raises(RequestError) as refused:
            await Exports(service).answer(asking(WRONG), CLIENT)
        return str(refused.value)

    async def act() -> list[str]:
        with serving(known, Settings(rate_limit=5_000)) as service:
            return [await refusal(service) for _ in range(3)]

    wrong, *others = asyncio.run(act())
    assert wrong.count("filter.or") == 10
    assert wrong.endswith(" No more mistakes were looked for.")
    assert others[-1].startswith("This client may cause a cost of 5,000 in a minute")


def test_file_that_has_to_wait_for_others_is_told_of_as_refused(known: GraphSnapshot, tmp_path: Path) -> None:
    async def act() -> list[dict[str, Any]]:
        with (tmp_path / "log").open("wb") as log:
            telemetry = Telemetry(log_format="json", stream=log.fileno())
            app = create_app(Settings(), MemoryStore(known), telemetry=telemetry)
            statuses: list[int] = []
            may_end = asyncio.Event()

            async def send(message: Message) -> None:
                if message["type"] == "http.response.start":
                    statuses.append(message["status"])
                if statuses[-1] == 200:
                    await may_end.wait()

            async def receive() -> Message:
                await may_end.wait()
                return {"type": "http.disconnect"}

            scope = {"type": "http", "method": "GET", "path": "/export/graph.json", "query_string": b"", "headers": []}
            with telemetry.running():
                first = [asyncio.ensure_future(app(dict(scope), receive, send)) for _ in range(MOST_AT_ONCE)]
                while len(statuses) < MOST_AT_ONCE:
                    await asyncio.sleep(0.01)
                await app(dict(scope), receive, send)
                may_end.set()
                await asyncio.gather(*first)
        return [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]

    told = [line for line in asyncio.run(act()) if line.get("status") == 503]

    assert [(line["level"], line["outcome"], line["refusal"]) for line in told] == [("info", "refused", "OVERLOADED")]


def test_only_who_says_how_to_draw_the_graph_waits_for_that(
    known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.web.exports.MOST_AT_ONCE", 100)  # none of these is sent, and gives its place back
    store = MemoryStore(known)
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))

    async def act() -> None:
        pictures = Part()
        exports = Exports(
            GraphqlService(Settings(), Stores(store, store), telemetry, lambda: Warming(pictures=pictures))
        )
        drawn = [
            asyncio.ensure_future(exports.answer(asking(name=name), CLIENT))
            for name in ("graph.graphml", "graph.gexf", "graph.json", "graph.cyjs")
        ]
        others = [asking(name=name) for name in ("graph.zip", "graph.parquet.zip", "graph.dot", "graph.jsonld")]
        for request in (*others, asking(projection="providers")):
            assert (await exports.answer(request, CLIENT)).status_code == 200
        assert not any(task.done() for task in drawn)
        pictures.tell(True)
        for task in drawn:
            assert (await task).status_code == 200

    with telemetry.running():
        asyncio.run(act())


def test_who_waits_for_that_takes_no_place_of_others(known: GraphSnapshot) -> None:
    store = MemoryStore(known)
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))

    async def act() -> None:
        waiting = Warming(pictures=Part())
        exports = Exports(GraphqlService(Settings(), Stores(store, store), telemetry, lambda: waiting))
        tasks = [asyncio.ensure_future(exports.answer(asking(), CLIENT)) for _ in range(2 * MOST_AT_ONCE)]
        await asyncio.sleep(0)
        assert (await exports.answer(asking(name="graph.zip"), CLIENT)).status_code == 200
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    with telemetry.running():
        asyncio.run(act())
