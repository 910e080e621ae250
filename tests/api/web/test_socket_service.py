"""Operations over WebSockets are told of when they end: one line each, with id, cost and outcome."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from api.errors import RequestError
from api.execution import OperationRequest, Response
from api.service.access import Client
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from api.web.socket_service import SocketService
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

CLIENT = Client("192.0.2.7")


def lines_of(known: GraphSnapshot, log: Path, *requests: OperationRequest) -> list[dict[str, Any]]:
    """What the log says of these requests."""

    async def ask(service: SocketService) -> None:
        for request in requests:
            try:
                found = await service.subscribe(request, CLIENT)
            except RequestError:
                continue
            if isinstance(found, AsyncGenerator):
                waiting = asyncio.ensure_future(anext(found))
                await asyncio.sleep(0.05)
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
                await found.aclose()
            else:
                assert isinstance(found, Response)

    with log.open("wb") as stream:
        telemetry = Telemetry(log_format="json", stream=os.dup(stream.fileno()))
        with telemetry.running():
            store = MemoryStore(known)
            asyncio.run(ask(SocketService(GraphqlService(Settings(), Stores(store, store), telemetry), telemetry)))
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (OperationRequest("query Who { snapshot { version } }", {}, "Who"), ("Who", "ok", None)),
        (OperationRequest("{ nothing }"), (None, "refused", "GRAPHQL_VALIDATION_FAILED")),
        (OperationRequest('{ node(id: "x") { id } }'), (None, "refused", "BAD_ID")),
        (OperationRequest("subscription S { snapshotChanged { version } }", {}, "S"), ("S", "ok", None)),
    ],
    ids=["query", "invalid", "mistaken", "subscription"],
)
def test_operation_has_a_line(
    known: GraphSnapshot, tmp_path: Path, request_: OperationRequest, told: tuple[str | None, str, str | None]
) -> None:
    (line,) = lines_of(known, tmp_path / "log", request_)
    assert (line["protocol"], line["client"]) == ("websocket", "192.0.2.7")
    assert (line["operation"], line["outcome"], line["refusal"]) == told
    assert line["request_id"]
