"""`Agents`: the path `/mcp`, by which language models reach the tools of `api.mcp`; judged as GraphQL is before anything is read."""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ErrorCode, RequestError
from api.service.access import counted_address
from api.service.service import GraphqlService
from api.settings import Settings
from api.streams.origin import foreign_refusal, is_foreign
from api.telemetry import RequestRecord
from api.web.asgi import read_body

if TYPE_CHECKING:
    from api.mcp.http import McpOverHttp

_LEAST_COST = 1
"""Of a request, whatever it asks; operations that it leads to cost what they cost."""


class Agents:
    """For one event loop. The SDK is imported by the first request, since that takes a second and 30 MB."""

    def __init__(self, settings: Settings, service: GraphqlService) -> None:
        self._settings = settings
        self._service = service
        self._answering: McpOverHttp | None = None
        self._lock = asyncio.Lock()

    async def answer(self, request: Request) -> Response:
        """The answer to a request, for the route."""
        record: RequestRecord = request.state.record
        record.protocol = "mcp"
        if is_foreign(request.headers, self._settings.allowed_origins):
            raise RequestError(ErrorCode.FORBIDDEN, foreign_refusal(request.headers))
        host = request.client.host if request.client else ""
        client = self._service.access.client(request.headers.get("authorization"), counted_address(host))
        self._service.charge(client, _LEAST_COST)
        body = await read_body(dict(request.scope["headers"]), request.receive, self._settings.max_body_kb * 1024)
        answering = await self._started()

        async def send_answer(scope: Scope, receive: Receive, send: Send) -> None:
            await answering.answer(scope, body, client, record, receive, send)

        return _Handed(send_answer)

    async def close(self) -> None:
        """Ends what is being answered."""
        if self._answering is not None:
            await self._answering.close()
            self._answering = None

    async def _started(self) -> "McpOverHttp":
        async with self._lock:
            if self._answering is None:
                try:
                    module = await asyncio.to_thread(import_module, "api.mcp.http")
                except ModuleNotFoundError as cause:
                    message = (
                        "This service has no tools for language models; its operator can install `frontgraph[mcp]`."
                    )
                    raise RequestError(ErrorCode.NOT_INSTALLED, message) from cause
                self._answering = module.McpOverHttp(self._service)
            return self._answering


class _Handed(Response):
    """A response that somebody else sends."""

    def __init__(self, application: ASGIApp) -> None:
        super().__init__()
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._application(scope, receive, send)
