"""`Cycle`: one request and its response, as uvicorn has it, and what the server wants to know about them."""

import asyncio
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

from api.server.refusals import FAILED, error_body
from api.server.repeats import KeptAnswer, Offer

logger = logging.getLogger(__name__)

_WITHOUT_BODY = (204, 304)
_HEEDED = frozenset((b"content-length", b"content-type", b"connection"))
_LARGE = 64 * 1024
"""Bytes of a body that is not copied."""
_FAILURE = error_body(FAILED.code, FAILED.message)
_FAILURE_HEADERS = (
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", b"%d" % len(_FAILURE)),
    (b"connection", b"close"),
)


class Cycle(RequestResponseCycle):
    """Its transport is the connection's protocol, which decides how it is closed."""

    is_event_stream = False
    """Whether the response is one that does not end by itself."""
    offer: Offer | None = None
    """For a request whose answer may be kept."""
    written: tuple[bytes, bytes] | None = None
    """The head and the body of a response that the application offered to give again, if it came at once."""
    _has_body = True
    _length: int | None = None
    """Bytes of the body that are still due, where the response says how many there are."""
    _head = b""
    """The head, until it is written."""

    async def run_asgi(self, app: Any) -> None:
        """Runs the application, and answers in its place if it fails."""
        try:
            await app(self.scope, self.receive, self.send)
        except asyncio.CancelledError:  # the server ends
            self.transport.close()
        except Exception:
            logger.exception("a request failed")
            await self._fail()
        else:
            if not self.response_complete and not self.disconnected:
                logger.error("a request was not answered")
                await self._fail()
        finally:
            self.on_response = lambda: None

    async def send(self, message: Any) -> None:
        """Writes a part of the response, once the client has taken enough of those before."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if kind == "http.response.start" and not self.response_started:
            self._start(message["status"], message.get("headers", ()))
        elif kind == "http.response.body" and self.response_started and not self.response_complete:
            self._continue(message.get("body", b""), message.get("more_body", False))
        else:
            raise RuntimeError(f"`{kind}` has no place here in a response.")

    def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.response_started = True
        self.waiting_for_100_continue = False
        if self.more_body:  # what else the client sends is no request
            self.keep_alive = False
        lines = [STATUS_LINE[status]]
        for name, value in (*self.default_headers, *headers):
            name, line = _header_line(name, value)
            if name in _HEEDED:
                self._heed(name, value)
            if name != b"connection":
                lines.append(line)
        if not self.keep_alive:
            lines.append(b"connection: close\r\n")
        has_body = self.scope["method"] != "HEAD" and status not in _WITHOUT_BODY
        if has_body and self._length is None and self.scope["http_version"] == "1.1":
            self.chunked_encoding = True
            lines.append(b"transfer-encoding: chunked\r\n")
        lines.append(b"\r\n")
        self._has_body = has_body
        self._head = b"".join(lines)
        if self._length is None:  # the first part of a stream may be long in coming
            self._write(b"")

    def _heed(self, name: bytes, value: bytes) -> None:
        if name == b"content-length":
            self._length = int(value)
        elif name == b"content-type":
            self.is_event_stream = value.startswith(b"text/event-stream")
        elif b"close" in value.lower():
            self.keep_alive = False

    def _continue(self, body: bytes, is_more: bool) -> None:
        if self.offer is not None and self.offer.repeat is not None:
            self.written = (self._head, body) if self._head and not is_more else None
        self._write(self._framed(body, is_more) if self._has_body else b"")
        if is_more:
            return
        if self._has_body and self._length:
            raise RuntimeError("The response is shorter than its content-length.")
        self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()

    def _framed(self, body: bytes, is_more: bool) -> bytes:
        if self.chunked_encoding:
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            return chunk if is_more else chunk + b"0\r\n\r\n"
        if self._length is not None:
            self._length -= len(body)
            if self._length < 0:
                raise RuntimeError("The response is longer than its content-length.")
        return body

    def _write(self, data: bytes) -> None:
        """Writes with the head, if that was not written yet: one system call for both."""
        head, self._head = self._head, b""
        if len(data) > _LARGE:
            self.transport.writelines((head, data))
        elif head or data:
            self.transport.write(head + data)

    async def _fail(self) -> None:
        if self.response_started:
            self.transport.close()
            return
        await self.send({"type": "http.response.start", "status": FAILED.status.value, "headers": _FAILURE_HEADERS})
        await self.send({"type": "http.response.body", "body": _FAILURE})

    def disconnect(self) -> None:
        """Tells the application that nobody waits for the answer any more."""
        if not self.response_complete:
            self.disconnected = True
        self.message_event.set()

    def end_stream(self) -> None:
        """Ends a response that would go on, as if it were complete."""
        if self.chunked_encoding and self.scope["method"] != "HEAD" and not self.disconnected:
            self.transport.write(b"0\r\n\r\n")
        self.disconnect()
        self.transport.close()

    def kept_answer(self, is_proxied: bool) -> KeptAnswer | None:
        """What to keep of the answer: one that was offered, plain and complete."""
        if self.offer is None or self.offer.repeat is None or self.written is None or not self.keep_alive:
            return None
        repeat = self.offer.repeat
        head, body = self.written
        status_line, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        left_out = {b"date", *repeat.fresh_headers}
        kept = [status_line, *(line for line in lines if line.partition(b":")[0] not in left_out), b"date: "]
        client = self.scope["client"] if is_proxied else None
        return KeptAnswer(repeat, b"\r\n".join(kept), b"\r\n" + body, is_proxied, client)


@lru_cache(1_024)
def _header_line(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The name in lower case, and the line; most answers have the same few."""
    if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
        raise RuntimeError("A header of the response has characters that it cannot have.")
    name = name.lower()
    return name, b"%b: %b\r\n" % (name, value)
