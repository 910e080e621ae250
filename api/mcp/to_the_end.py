"""`answering_to_the_end`: messages in both directions whose input ends only when every request in it is answered.

The SDK cancels what is being answered as soon as its input ends, which it does at once where a file or a pipe is the input.
"""

import asyncio
from collections import Counter
from types import TracebackType
from typing import Any, Self

from anyio import EndOfStream
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse


def answering_to_the_end(reading: Any, writing: Any) -> tuple["_Reading", "_Writing"]:
    """The streams for `Server.run`, which are read and written by way of these."""
    unanswered = _Unanswered()
    return _Reading(reading, unanswered), _Writing(writing, unanswered)


class _Unanswered:
    """The requests that were read and not answered yet."""

    def __init__(self) -> None:
        self._ids: Counter[str] = Counter()  # a client may use one twice, and may cancel 7 as "7"
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def read(self, item: SessionMessage | Exception) -> None:
        match item:
            case SessionMessage(message=JSONRPCRequest(id=request_id)):
                self._ids[str(request_id)] += 1
                self._is_empty.clear()
            case SessionMessage(message=JSONRPCNotification(method="notifications/cancelled", params=dict(params))):
                self._drop(params.get("requestId"))  # it will not be answered

    def written(self, item: SessionMessage) -> None:
        if isinstance(item.message, JSONRPCResponse | JSONRPCError):
            self._drop(item.message.id)

    def _drop(self, request_id: object) -> None:
        self._ids -= Counter([str(request_id)])  # keeps what is above 0
        if not self._ids:
            self._is_empty.set()

    async def end(self) -> None:
        await self._is_empty.wait()


class _Stream:
    def __init__(self, inner: Any, unanswered: _Unanswered) -> None:
        self._inner = inner
        self._unanswered = unanswered

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, error_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


class _Reading(_Stream):
    async def receive(self) -> SessionMessage | Exception:
        try:
            item: SessionMessage | Exception = await self._inner.receive()
        except EndOfStream:
            await self._unanswered.end()
            raise
        self._unanswered.read(item)
        return item

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except EndOfStream:
            raise StopAsyncIteration from None


class _Writing(_Stream):
    async def send(self, item: SessionMessage, /) -> None:
        await self._inner.send(item)
        self._unanswered.written(item)
