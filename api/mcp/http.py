"""`McpOverHttp`: the server on the path `/mcp` (streamable HTTP), without sessions: each request is answered by itself.

Who asks, from which page, how large a body is and what it costs is judged before the SDK sees a request, as for GraphQL.
"""

import asyncio
from contextvars import ContextVar

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Message, Receive, Scope, Send

from api.mcp.asking import Asker, ServiceAsker
from api.mcp.documents import tools_of
from api.mcp.server import make_server
from api.service.access import Client
from api.service.service import GraphqlService
from api.telemetry import RequestRecord
from api.telemetry.record import Outcome

_asker: ContextVar[Asker] = ContextVar("asker")
"""Of the request that is being answered."""
_record: ContextVar[RequestRecord] = ContextVar("record")
"""Of the same."""


class McpOverHttp:
    """For one event loop."""

    def __init__(self, service: GraphqlService) -> None:
        self._service = service
        documents = service.trusted_documents
        tools = None if documents is None else tools_of(documents, service.core_schema)
        server = make_server(_asker.get, tools, _note)
        self._manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True)
        self._is_ending = asyncio.Event()
        self._is_running = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self._manager.run():
            self._is_running.set()
            await self._is_ending.wait()

    async def close(self) -> None:
        """Ends what is being answered."""
        self._is_ending.set()
        await self._task

    async def answer(
        self, scope: Scope, body: bytes, client: Client, record: RequestRecord, receive: Receive, send: Send
    ) -> None:
        """Answers a request with this body, and notes what it was."""
        _asker.set(ServiceAsker(self._service, client, record))
        _record.set(record)
        await self._is_running.wait()
        pending = [body]

        async def receive_body() -> Message:
            if pending:
                return {"type": "http.request", "body": pending.pop(), "more_body": False}
            return await receive()

        await self._manager.handle_request(scope, receive_body, send)


def _note(tool: str, outcome: Outcome) -> None:
    record = _record.get()
    record.tool, record.outcome = tool, outcome
    if outcome == "ok":
        record.refusal = None  # a part of the answer may be an error, or the name was looked for elsewhere before
