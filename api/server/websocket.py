"""`WebSocketProtocol`: uvicorn's WebSocket connection, bounded in memory and quiet about what clients do wrong."""

import logging
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Response
from websockets.server import ServerProtocol

from api.errors import ErrorCode
from api.server.policy import Policy
from api.server.refusals import SLOW_READER, error_body
from api.server.security_headers import SECURITY
from api.server.small_queue import SmallQueue
from api.server.stalls import StallWatch

logger = logging.getLogger(__name__)
logger.setLevel(logging.ERROR)  # a line for each connection is the application's affair

_PIECE = 16 * 1024
"""Bytes that are taken at a time: many small frames hold neither the event loop nor memory."""
MAX_FRAMES = 1_024
"""Of one message, empty ones apart, which are forgotten."""
_LAST_WORDS_SECONDS = 1.0


class _Handshake(ServerProtocol):
    """Refuses in the service's own words."""

    def reject(self, status: Any, text: str) -> Response:
        response = super().reject(status, "")
        body = error_body(ErrorCode.BAD_REQUEST, "The WebSocket connection was refused; check its URL and headers.")
        del response.headers["Content-Type"], response.headers["Content-Length"]
        for name, value in SECURITY.items():
            response.headers[name] = value
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response.headers["Content-Length"] = str(len(body))
        response.body = body
        return response


class WebSocketProtocol(WebSocketsSansIOProtocol):
    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        self.logger = logger
        self.queue = SmallQueue()  # type: ignore[assignment]  # has all that is used of a queue
        self.conn = _Handshake(max_size=policy.limits.max_message_bytes, logger=logger)
        self._pieces: list[bytes] = []  # never many; an empty deque is larger than what it would save
        self._is_deaf = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._stalls = StallWatch(transport, self._policy.limits.stall_timeout, self.loop.time())
        self.app = self._policy.proxied if self._policy.is_proxy(self.client) else self._policy.app

    def connection_lost(self, exc: Exception | None) -> None:
        self._pieces.clear()
        super().connection_lost(exc)

    def start_keepalive(self) -> None:
        """What the handshake needed is let go: there may be thousands of connections that only wait."""
        self.request.headers.clear()  # others hold on to them
        self.response.headers.clear()
        del self.request, self.response
        super().start_keepalive()

    def keepalive_timeout(self) -> None:
        """Closes a connection that answered no ping; what it was sent and did not read is dropped."""
        super().keepalive_timeout()
        self.loop.call_later(_LAST_WORDS_SECONDS, self.transport.abort)

    def _abort_soon(self) -> None:
        """Ends the connection once it is this protocol's: while the first data is read it is still that of HTTP."""
        self.loop.call_soon(self.transport.abort)

    def shutdown(self) -> None:
        if not self.transport.is_closing():
            super().shutdown()

    def check(self, now: float) -> None:
        """Ends the connection if its client takes nothing."""
        if self._stalls.is_stalled(now):
            self._policy.count(SLOW_READER)
            self.transport.abort()

    # Reading

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        is_feeding = bool(self._pieces)
        self._pieces.extend(data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
        if not is_feeding:
            self._feed()

    def _feed(self) -> None:
        """Takes a piece, and the next one when the event loop has seen to the others."""
        if self._pieces and self._is_taking:
            super().data_received(self._pieces.pop(0))
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._abort_soon()  # no application will hear of this connection
            return
        if self._pieces:
            self.transport.pause_reading()
            if self._is_taking:
                self.loop.call_soon(self._feed)
        elif self._is_taking:
            self.transport.resume_reading()

    @property
    def _is_taking(self) -> bool:
        """Whether more may be read: the application has what came, and the client takes what is written."""
        return self.close_sent or (not self.read_paused and self.writable.is_set())

    async def receive(self) -> Any:
        was_paused = self.read_paused
        message = await super().receive()
        if was_paused and self._is_taking:
            self._feed()
        elif not self.writable.is_set():
            self.transport.pause_reading()
        return message

    def pause_writing(self) -> None:
        super().pause_writing()
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._feed()

    # Messages

    async def send(self, message: Any) -> None:
        await super().send(message)
        if self.close_sent:
            self.handshake_complete = True  # a refusal in the application's own words completes it, too

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) >= MAX_FRAMES:
            self._fail(CloseCode.MESSAGE_TOO_BIG, f"A message may have {MAX_FRAMES:,} frames.")
        elif event.data or event.fin:
            super().handle_cont(event)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_utf8(self.frames):
            self._fail(CloseCode.INVALID_DATA, "The message is not UTF-8.")
        else:
            super().send_receive_event_to_app()

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.frames = []
        if not self.close_sent:
            self.conn.fail(code, reason)
            self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Closes with the code of what was wrong, and reads on for a while: to end at once would destroy the code."""
        sent = self.conn.close_sent
        self.close_sent = self._is_deaf = True
        self._pieces.clear()
        if sent is None:  # there is no handshake yet
            self.queue.put_nowait({"type": "websocket.disconnect", "code": CloseCode.ABNORMAL_CLOSURE})
            self._abort_soon()
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": sent.code, "reason": sent.reason})
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.write_eof()
        self.read_paused = False
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self._policy.limits.linger_timeout, self.transport.close)


def _is_utf8(frames: list[bytes]) -> bool:
    try:
        b"".join(frames).decode()
    except UnicodeDecodeError:
        return False
    return True
