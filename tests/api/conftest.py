"""The service on the seeds, in this process: asked for operations, or over HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from api.execution import OperationRequest, execute
from api.schema.context import Context
from api.settings import Settings
from api.web.app import create_app
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader, MemoryStore
from graph.stores.protocol import GraphReader

Ask = Callable[..., dict[str, Any]]


class LaterReader:
    """Answers what another reader answers, but later, as a store in another process does."""

    def __init__(self, reader: GraphReader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._reader, name)

        async def later(*arguments: Any) -> Any:
            await asyncio.sleep(0)
            return method(*arguments)

        return method if name == "export" else later


@pytest.fixture(scope="session")
def known(seeds: GraphSnapshot) -> GraphSnapshot:
    """The seeds, with a version and a date that never change."""
    return replace(seeds, version="0" * 32, loaded_at=datetime(2024, 6, 1, 12, tzinfo=UTC))


def asker(reader: GraphReader) -> Ask:
    def ask(query: str, variables: dict[str, Any] | None = None, operation: str | None = None) -> dict[str, Any]:
        return asyncio.run(execute(OperationRequest(query, variables or {}, operation), Context(reader, Settings())))

    return ask


@pytest.fixture(scope="session")
def ask(known: GraphSnapshot) -> Ask:
    """Executes an operation on the seeds: query, variables, operation name → the response."""
    return asker(MemoryReader(known))


@pytest.fixture(scope="session")
def ask_reader() -> Callable[[GraphReader], Ask]:
    """Makes an `ask` of another reader."""
    return asker


@pytest.fixture(scope="session", params=["at once", "later"])
def ask_both(request: pytest.FixtureRequest, known: GraphSnapshot) -> Ask:
    """`ask` of a store that answers at once, and of one that hands out awaitables."""
    return _asker_of_kind(request.param, known)


@pytest.fixture(scope="session", params=["at once", "later"])
def ask_both_of_blog(request: pytest.FixtureRequest, blog: GraphSnapshot) -> Ask:
    """The same for the blog."""
    return _asker_of_kind(request.param, blog)


def _asker_of_kind(kind: str, snapshot: GraphSnapshot) -> Ask:
    reader = MemoryReader(snapshot)
    return asker(reader if kind == "at once" else cast(GraphReader, LaterReader(reader)))


@pytest.fixture(scope="session")
def client(known: GraphSnapshot) -> Iterator[TestClient]:
    """Talks HTTP with the service on the seeds; a failure inside is an answer with status 500, not an exception."""
    app = create_app(Settings(), MemoryStore(known))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
