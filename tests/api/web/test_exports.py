"""Files are written in turns with other work, whatever that is."""

import asyncio
import os
from collections.abc import Iterator
from threading import Event

import pytest
from starlette.requests import Request

from api.service.access import Client
from api.service.offload import OverloadedError
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from api.web.exports import Exports
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore


@pytest.fixture
def service(known: GraphSnapshot) -> Iterator[GraphqlService]:
    """One in which one job of a kind may wait."""
    telemetry = Telemetry(stream=os.open(os.devnull, os.O_WRONLY))
    store = MemoryStore(known)
    with telemetry.running():
        yield GraphqlService(Settings(max_concurrent_requests=1), Stores(store, store), telemetry)


def test_file_is_written_while_no_more_operations_may_wait(service: GraphqlService) -> None:
    file_name = "graph.graphml"
    request = Request(
        {"type": "http", "method": "GET", "path_params": {"name": file_name}, "query_string": b"", "headers": []}
    )
    may_end = Event()

    async def busy() -> bool:
        return may_end.wait(30)

    async def idle() -> bool:
        return True

    async def act() -> None:
        first = asyncio.ensure_future(service.offload(busy, ""))
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            await service.offload(idle, "")
        asyncio.get_running_loop().call_later(0.1, may_end.set)
        response = await Exports(service).answer(request, Client("192.0.2.7"))
        assert await first
        assert response.headers["content-disposition"] == f'attachment; filename="{file_name}"'
        assert response.status_code == 200

    asyncio.run(act())
