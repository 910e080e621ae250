"""`serve_stdio`: answers the one client at the other end of standard input and output."""

import asyncio

from mcp.server.stdio import stdio_server

from api.mcp.asking import Asker, RemoteAsker, ServiceAsker
from api.mcp.documents import tools_of
from api.mcp.server import make_server
from api.mcp.to_the_end import answering_to_the_end
from api.mcp.tools import Tool
from api.service.access import Client
from api.service.service import GraphqlService, Stores
from api.settings import Settings
from api.telemetry import Telemetry
from graph.stores.protocol import GraphStore

_CLIENT = Client("standard input", is_known=True)


def serve_stdio(settings: Settings, source: GraphStore | str) -> None:
    """Until standard input ends and what it asked is answered. `source`: a store, or the address of a service, which gets the read token of the settings."""
    asyncio.run(_serve(settings, source))


async def _serve(settings: Settings, source: GraphStore | str) -> None:
    asker: Asker
    documents: list[Tool] | None = None
    if isinstance(source, str):
        asker = RemoteAsker(source, settings.read_token)
    else:
        service = GraphqlService(settings, Stores(source, source), Telemetry())
        asker = ServiceAsker(service, _CLIENT)
        if service.trusted_documents is not None:
            documents = list(tools_of(service.trusted_documents, service.core_schema))
    server = make_server(lambda: asker, documents)
    async with stdio_server() as streams:
        reading, writing = answering_to_the_end(*streams)
        await server.run(reading, writing, server.create_initialization_options())
