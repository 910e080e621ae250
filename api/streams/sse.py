"""GraphQL over server-sent events: one operation on one connection.

Follows the distinct connections mode of https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Generic

from starlette.types import Receive, Scope, Send

from api.execution import OperationRequest
from api.json_text import to_json
from api.streams.open_streams import OpenStreams
from api.streams.service import ClientGoneError, ClientT, Response, StreamService, presented

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
"""After which a comment is sent, so that nothing on the way takes the connection for dead."""
_COMPLETE_SECONDS = 5.0
"""For which a client that reads nothing is waited for, to tell it that the stream is over."""

_HEADERS = [
    (b"content-type", f"{EVENT_STREAM}; charset=utf-8".encode()),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # proxies of nginx's kind would otherwise collect events
]
_COMMENT = b":\n\n"
_COMPLETE = b"event: complete\ndata:\n\n"  # without `data`, browsers would drop the event


class EventStream(Generic[ClientT]):
    """Answers one request for an operation: an ASGI application, to be returned as a response.

    The request must have been read; whatever is wrong with the operation is told in the stream, as the protocol wants it.
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
        with suppress(OSError):  # the client has gone, or reads nothing: TimeoutError is one, too
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _write(send, _COMMENT)
            if await self._stream(receive, send):
                async with asyncio.timeout(_COMPLETE_SECONDS):
                    await send({"type": "http.response.body", "body": _COMPLETE})

    async def _stream(self, receive: Receive, send: Send) -> bool:
        """Whether the client is still there when everything is said, or the service ends."""
        answering = asyncio.create_task(self._answer(send))
        try:
            async with self._streams.connection() as time:
                answering.add_done_callback(lambda _: time.end())
                await self._keep_alive(receive, send)
                return False
        except TimeoutError:
            return True
        finally:
            answering.cancel()
            await asyncio.wait([answering])

    async def _keep_alive(self, receive: Receive, send: Send) -> None:
        """Until the client has gone."""
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
                await _next(send, {"errors": [presented(error)]})

    async def _execute(self, send: Send) -> None:
        answer = await self._service.subscribe(self._operation, self._client)
        if isinstance(answer, Mapping):
            await _next(send, answer)
            return
        async with aclosing(answer) as responses:
            async for response in responses:
                await _next(send, response)
                del response  # else it would be kept until the next one


async def _next(send: Send, response: Response) -> None:
    await _write(send, b"event: next\ndata: %b\n\n" % to_json(response))


async def _write(send: Send, data: bytes) -> None:
    try:
        await send({"type": "http.response.body", "body": data, "more_body": True})
    except OSError as cause:
        raise ClientGoneError from cause
