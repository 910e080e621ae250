"""`Cycle`: one request and its response, as uvicorn has it, and what the server wants to know about them."""

import asyncio
import logging
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api.server.refusals import FAILED, error_body
from api.server.repeats import KeptAnswer, Repeat

logger = logging.getLogger(__name__)

_FAILURE = error_body(FAILED.code, FAILED.message)
_FAILURE_HEADERS = (
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", b"%d" % len(_FAILURE)),
    (b"connection", b"close"),
)


class Cycle(RequestResponseCycle):
    """Its transport is the connection's protocol, which sees what is written and how it ends."""

    is_event_stream = False
    """Whether the response is one that does not end by itself."""
    request: bytes | None = None
    """The whole request, where its answer may be kept."""
    repeat: Repeat | None = None
    written: tuple[bytes, ...] = ()
    """The parts of a response that may be kept."""

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
        if message["type"] == "http.response.start":
            self.is_event_stream = any(
                name.lower() == b"content-type" and value.startswith(b"text/event-stream")
                for name, value in message.get("headers", ())
            )
            if self.more_body:  # what else the client sends is no request
                self.keep_alive = False
        await super().send(message)

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

    def offer(self, repeat: Repeat) -> None:
        """Lets the answer be given again, as the application offers."""
        if not self.response_started:
            self.repeat = repeat

    def kept_answer(self, is_proxied: bool) -> KeptAnswer | None:
        """What to keep of the answer: one that was offered, plain and complete."""
        if self.repeat is None or len(self.written) != 2 or self.chunked_encoding is not False or not self.keep_alive:
            return None
        head, body = self.written
        status_line, *lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        left_out = {b"date", *self.repeat.fresh_headers}
        kept = [status_line, *(line for line in lines if line.partition(b":")[0] not in left_out), b"date: "]
        client = self.scope["client"] if is_proxied else None
        return KeptAnswer(self.repeat, b"\r\n".join(kept), b"\r\n" + body, is_proxied, client)
