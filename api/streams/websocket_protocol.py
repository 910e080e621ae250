"""The server's part of WebSockets, with bounds that uvicorn's own leaves open; for `uvicorn.Config(ws=…)`."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame

FRAGMENT_LIMIT = 1024
"""Frames of one message; empty ones cost memory, too, and count for nothing in its size."""
_LAST_WORDS_SECONDS = 1.0


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Keeps no more of a peer than it reads, and nothing of one that is dead."""

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= FRAGMENT_LIMIT:
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
