"""GraphQL over server-sent events: one operation on one connection.

Follows the distinct connections mode of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.
"""

import asyncio
from contextlib import aclosing, suppress
from typing import Generic

from starlette.types import Receive, Scope, Send

from api.execution import OperationRequest, Response, response_of
from api.streams.open_streams import OpenStreams
from api.streams.service import ClientGoneError, ClientT, StreamService, presented

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
"""How often a comment is sent, so that no proxy on the way takes the connection for dead."""
_COMPLETE_SECONDS = 5.0
"""How long to wait for a client that reads nothing, to tell it how the stream ends."""

_HEADERS = [
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx and similar proxies would buffer events otherwise
]
_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"  # browsers drop events without `data`


class EventStream(Generic[ClientT]):
    """The stream of one operation: an ASGI application, to be returned as the response.

    The request body must have been read. Errors of the operation are sent in the stream, as the protocol requires.
    """

    def __init__(
        self,
        service: StreamService[ClientT],
        streams: OpenStreams,
        operation: OperationRequest,
        client: ClientT,
        *,
        keep_alive_seconds: float = KEEP_ALIVE_SECONDS,
    ) -> None:
        self._service = service
        self._streams = streams
        self._operation = operation
        self._client = client
        self._keep_alive_seconds = keep_alive_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(OSError):  # the client has gone or reads nothing: TimeoutError is an OSError too
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _write(send, _COMMENT)
            end = await self._stream(receive, send)
            if end is not None:
                async with asyncio.timeout(_COMPLETE_SECONDS):
                    await send({"type": "http.response.body", "body": end})

    async def _stream(self, receive: Receive, send: Send) -> bytes | None:
        """Sends the responses; answers how the stream ends, None if the client has gone.

        At shutdown it ends in the middle, so that clients come again for what is not complete.
        """
        # Two things at once: this task watches for the client to go, the other one executes the operation. When the
        # latter is done it ends the connection's time, so the TimeoutError below is the normal end.
        answering = asyncio.create_task(self._answer(send))
        try:
            async with self._streams.connection() as time:
                answering.add_done_callback(lambda _: time.end())
                await self._keep_alive(receive, send)
                return None
        except TimeoutError:
            return _COMPLETE if answering.done() else b""
        finally:
            answering.cancel()
            await asyncio.wait([answering])

    async def _keep_alive(self, receive: Receive, send: Send) -> None:
        """Sends comments until the client has gone."""
        while True:
            try:
                async with asyncio.timeout(self._keep_alive_seconds):
                    while (await receive())["type"] != "http.disconnect":
                        pass
                return
            except TimeoutError:
                await _write(send, _COMMENT)

    async def _answer(self, send: Send) -> None:
        try:
            self._streams.take()
            try:
                await self._execute(send)
            finally:
                self._streams.give_back()
        except ClientGoneError:
            pass
        except Exception as error:
            with suppress(ClientGoneError):
                await _next(send, response_of({"errors": [presented(error)]}))

    async def _execute(self, send: Send) -> None:
        answer = await self._service.subscribe(self._operation, self._client)
        if isinstance(answer, Response):
            await _next(send, answer)
            return
        async with aclosing(answer) as responses:
            async for response in responses:
                await _next(send, response)
                del response  # or it would stay in memory until the next one


def only_event(body: bytes) -> bytes:
    """The whole stream of an operation with this one response."""
    return _event(body) + _COMPLETE


def _event(body: bytes) -> bytes:
    return b"event: next\ndata: %b\n\n" % body


async def _next(send: Send, response: Response) -> None:
    await _write(send, _event(response.body))


async def _write(send: Send, data: bytes) -> None:
    try:
        await send({"type": "http.response.body", "body": data, "more_body": True})
    except OSError as cause:
        raise ClientGoneError from cause
