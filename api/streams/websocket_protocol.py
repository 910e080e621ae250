"""The server's part of WebSockets, for `uvicorn.Config(ws=…)`: uvicorn's own, with less memory and bounds it leaves open."""

import asyncio
from collections import deque
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

FRAGMENT_LIMIT = 1024
"""Frames of one message; empty ones cost memory, too, and count for nothing in its size."""
_LAST_WORDS_SECONDS = 1.0


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Keeps no more of a peer than it reads, nothing of one that is dead, and little of one that says nothing."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.queue = SmallQueue()  # type: ignore[assignment]  # has all that is used of a queue

    async def send(self, message: Any) -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # The handshake is over: what matters of it is in the scope, and nobody else lets go of the headers.
            self.request.headers.clear()
            self.response.headers.clear()

    def data_received(self, data: bytes) -> None:
        if self.conn.parser_exc is None:
            super().data_received(data)

    def handle_parser_exception(self) -> None:
        """Says why the connection is closed, and drops what still comes, for a while.

        Were it closed with something unread, the system would reset it, and the peer might never read why.
        """
        closing = self.conn.close_sent
        assert closing is not None
        self.queue.put_nowait({"type": "websocket.disconnect", "code": closing.code, "reason": closing.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_LAST_WORDS_SECONDS, self.transport.close)

    def handle_cont(self, event: Frame) -> None:
        if self.close_sent:
            return
        if len(self.frames) >= FRAGMENT_LIMIT:
            self.frames = []
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG, f"A message may have {FRAGMENT_LIMIT:,} frames.")
            self.handle_parser_exception()
        else:
            super().handle_cont(event)

    def handle_ping(self) -> None:
        """Answers a ping, unless the peer has not read what it was sent before."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()  # makes the protocol forget its answer

    def keepalive_timeout(self) -> None:
        """Closes a connection that answered no ping; what it was sent and did not read is dropped."""
        super().keepalive_timeout()
        self.loop.call_later(_LAST_WORDS_SECONDS, self.transport.abort)


class SmallQueue:
    """A queue for one reader, a tenth of `asyncio.Queue` in size while nothing is in it."""

    __slots__ = ("_items", "_waiter")

    def __init__(self) -> None:
        self._items: deque[Any] | None = None
        self._waiter: asyncio.Future[None] | None = None

    def empty(self) -> bool:
        return not self._items

    def put_nowait(self, item: Any) -> None:
        if self._items is None:
            self._items = deque()
        self._items.append(item)
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def get(self) -> Any:
        while not self._items:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        item = self._items.popleft()
        if not self._items:
            self._items = None
        return item
