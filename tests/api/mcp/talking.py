"""Sessions of the SDK's own client with the server, in this process."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from mcp import Client

from api.mcp.asking import ServiceAsker
from api.mcp.documents import tools_of
from api.mcp.server import make_server
from api.service.access import Client as Asking
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.building.snapshot import GraphSnapshot
from graph.context_packs.budget import estimated_tokens
from graph.stores.memory import MemoryStore

T = TypeVar("T")


class Told(NamedTuple):
    """What a tool answered."""

    text: str
    is_error: bool

    @property
    def tokens(self) -> int:
        return estimated_tokens(self.text)


def talk(snapshot: GraphSnapshot, session: Callable[[Client], Awaitable[T]], settings: Settings | None = None) -> T:
    """What comes of a session."""

    async def run() -> T:
        settled = settings or Settings()
        store = MemoryStore(snapshot)
        service = GraphqlService(settled, Stores(store, store), Telemetry())
        documents = service.trusted_documents
        tools = None if documents is None else tools_of(documents, service.core_schema)
        asker = ServiceAsker(service, Asking("somebody"))
        async with Client(make_server(lambda: asker, tools)) as client:
            return await session(client)

    return asyncio.run(run())


async def called(client: Client, name: str, arguments: Mapping[str, Any]) -> Told:
    result: Any = await client.call_tool(name, dict(arguments))
    [content] = result.content
    return Told(content.text, bool(result.is_error))


def call(snapshot: GraphSnapshot, name: str, settings: Settings | None = None, **arguments: Any) -> Told:
    """What one tool answers."""
    return talk(snapshot, lambda client: called(client, name, arguments), settings)
