"""`HttpProtocol`: uvicorn's connection, bounded in time and memory, with a short way for requests that repeat."""

import asyncio
import math
import urllib.parse
from collections.abc import Iterable
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.server.cycle import Cycle
from api.server.policy import Policy
from api.server.refusals import (
    HEAD_TOO_LARGE,
    LINE_TOO_LONG,
    MALFORMED,
    OVERLOADED,
    PIPELINED,
    SLOW_READER,
    SLOW_REQUEST,
    UPGRADE,
    WEBSOCKET_LINE,
    Refusal,
)
from api.server.repeats import REPEAT_EXTENSION, KeptAnswer, Offer
from api.server.stalls import StallWatch

_NEVER = math.inf
_REFUSED_LINGER = 1.0
"""Seconds that a connection above the ceiling is kept, so that its client can read why."""
_FRAMING_FACTOR = 8
"""Bytes of chunk sizes and the like that a byte of a body may cost: six, in chunks of one byte."""


class _RefusedError(Exception):
    """Ends the parsing of a request."""

    def __init__(self, refusal: Refusal | None = None) -> None:
        self.refusal = refusal


class HttpProtocol(HttpToolsProtocol):
    """A connection is idle (between requests), reads a request, waits for answers, or is deaf: what comes is forgotten.

    It is looked after by `check`, which the server calls for each connection every now and then; that is cheaper than
    timers that are set and cancelled with each request.
    """

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._policy = policy
        self._limits = policy.limits
        self._repeats = policy.repeats
        self._is_idle = False
        self._is_reading = False
        self._is_reading_head = False
        self._is_deaf = False
        self._is_draining = False
        self._is_proxied = False
        self._deadline = _NEVER
        self._begun = 0
        """Requests that began in the data that was received last."""
        self._chunk = 0
        """Its size."""
        self._received = 0
        """Bytes of the request that is read, at most those of one chunk less."""
        self._body_size = 0
        self._discarded = 0
        self._active: Cycle | None = None
        """The cycle whose response is due; `cycle` is that of the request that came last."""

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        now = self.loop.time()
        self._stalls = StallWatch(transport, self._limits.stall_timeout, now)
        self._is_proxied = self._policy.is_proxy(self.client)
        self.app = self._policy.proxied if self._is_proxied else self._policy.app
        self._is_idle = True
        self._deadline = now + self._limits.request_timeout
        surplus = len(self.connections) - self._limits.max_connections
        if surplus > 0:
            self._refuse(OVERLOADED)
            self._deadline = now + _REFUSED_LINGER
        if surplus > self._limits.max_connections // 10 + 10:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._active is not None:
            self._active.disconnect()
        self.pipeline.clear()
        self._is_idle = False
        super().connection_lost(exc)

    def check(self, now: float) -> None:
        """Ends what takes too long."""
        if self._stalls.is_stalled(now):
            self._policy.count(SLOW_READER)
            self.transport.abort()
        elif self.flow.read_paused:
            if self._is_reading and not self._is_deaf:  # the client cannot send while nothing is taken
                self._deadline = now + self._limits.request_timeout
        elif now >= self._deadline:
            self._time_out()

    def _time_out(self) -> None:
        if self._is_deaf:
            if not self.transport.get_write_buffer_size():
                self.transport.abort()
        elif self._is_reading:
            self._refuse(SLOW_REQUEST)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """Ends the connection, or lets what is in flight be its last."""
        self._is_draining = True
        active = self._active
        if active is None or active.response_complete:
            self.transport.close()
            return
        if self.cycle is not active:
            self._withdraw()
        if active.is_event_stream:
            self.pipeline.clear()
            active.end_stream()
        else:
            self._last_cycle(active).keep_alive = False

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._is_idle:
            self.flow.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._is_idle:
            self.flow.resume_reading()

    # Requests that repeat

    def data_received(self, data: bytes) -> None:
        if self._is_idle:
            kept = self._repeats.get(data)
            if kept is not None and self._answer_again(data, kept):
                return
        if self._is_deaf:
            self._discard(data)
        else:
            self._parse(data)

    def _answer_again(self, request: bytes, kept: KeptAnswer) -> bool:
        """Answers without parsing: the parser is between two requests, and is so again after a whole one."""
        if kept.is_proxied is not self._is_proxied or self.flow.write_paused:
            return False
        fresh = kept.repeat.begin(kept.client if kept.is_proxied else self.client)
        if fresh is None:
            self._repeats.drop(request)
            return False
        self.transport.write(b"".join((kept.head, self._date(), b"\r\n", fresh, kept.rest)))
        self.server_state.total_requests += 1
        self._deadline = self.loop.time() + self._limits.idle_timeout
        return True

    def _offer(self, request: bytes) -> None:
        """Lets the application say that this request's answer can be kept."""
        cycle = self.cycle
        is_plain = cycle.keep_alive and not cycle.waiting_for_100_continue and self.scope["method"] in ("GET", "POST")
        if is_plain and self._repeats.admits(request):
            assert isinstance(cycle, Cycle)
            cycle.offer = Offer(request)
            self.scope["extensions"] = {REPEAT_EXTENSION: cycle.offer}  # type: ignore[dict-item]  # uvicorn has it narrower

    def _date(self) -> bytes:
        return self.server_state.default_headers[0][1]

    # Parsing

    def _parse(self, data: bytes) -> None:
        was_idle = self._is_idle
        self._begun, self._chunk = 0, len(data) if was_idle else 0
        self._received += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._upgrade()
        except httptools.HttpParserError as error:
            cause = error.__context__
            self._refuse(cause.refusal if isinstance(cause, _RefusedError) else MALFORMED)
        else:
            if self._is_reading:
                self._check_size()
            elif was_idle and self._begun == 1:
                self._offer(data)

    def _check_size(self) -> None:
        """Refuses what comes in so small or so large parts that the parser has not spoken of it yet."""
        if self._received - self._body_size * _FRAMING_FACTOR > self._limits.max_head_bytes * (
            1 if self._is_reading_head else 2
        ):
            self._refuse(HEAD_TOO_LARGE if self._is_reading_head else MALFORMED)

    def on_message_begin(self) -> None:
        if self._is_draining or len(self.pipeline) >= self._limits.max_pipelined:
            raise _RefusedError
        super().on_message_begin()
        self._is_reading = self._is_reading_head = True
        self._is_idle = False
        self._received = 0 if self._begun else self._chunk
        self._body_size = 0
        self._begun += 1
        self._deadline = self.loop.time() + self._limits.request_timeout

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_reading_head:
            return  # a trailer is no header
        if len(self.headers) >= self._limits.max_headers:
            raise _RefusedError(HEAD_TOO_LARGE)
        name = name.lower()
        if name == b"expect":
            self.expect_100_continue = value.lower() == b"100-continue"
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._is_reading_head = False
        self._check_head()
        version = self.parser.get_http_version()
        self.scope["method"] = self.parser.get_method().decode("ascii")
        self.scope["http_version"] = version
        if self.parser.should_upgrade():
            self._check_upgrade()
            return
        url = httptools.parse_url(self.url)
        path = url.path.decode("ascii")
        self.scope["path"] = self.root_path + (urllib.parse.unquote(path) if "%" in path else path)
        self.scope["raw_path"] = self.root_path.encode("ascii") + url.path
        self.scope["query_string"] = url.query or b""
        previous, self.cycle = self._active, self._new_cycle(version)
        if previous is None or previous.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))

    def _new_cycle(self, version: str) -> Cycle:
        return Cycle(
            scope=self.scope,
            transport=self,  # type: ignore[arg-type]  # what a cycle uses of a transport is below
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=self.server_state.default_headers,
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version == "1.1" and self.parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )

    def _check_head(self) -> None:
        version = self.parser.get_http_version()
        if version not in ("1.1", "1.0"):
            raise _RefusedError(MALFORMED)
        limit = self._limits.max_head_bytes
        if self._received > limit and sum(len(name) + len(value) + 4 for name, value in self.headers) > limit - len(
            self.url
        ):
            raise _RefusedError(HEAD_TOO_LARGE)
        names = [name for name, _ in self.headers]
        if names.count(b"host") != 1 and (version == "1.1" or b"host" in names):
            raise _RefusedError(MALFORMED)
        if b"transfer-encoding" in names:
            codings = [value.lower() for name, value in self.headers if name == b"transfer-encoding"]
            if codings != [b"chunked"] or version == "1.0":
                raise _RefusedError(MALFORMED)

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._is_reading = False
        self._deadline = _NEVER
        super().on_message_complete()

    # Upgrades

    def _check_upgrade(self) -> None:
        is_busy = self._active is not None and not self._active.response_complete
        is_plain = (self.scope["method"], self.scope["http_version"]) == ("GET", "1.1") and not self._has_body()
        if is_busy or not is_plain or not self._should_upgrade():
            raise _RefusedError(UPGRADE)
        longest = max(len(name) + len(value) for name, value in [(b"GET  HTTP/1.1", self.url), *self.headers])
        if longest > WEBSOCKET_LINE:
            raise _RefusedError(LINE_TOO_LONG)

    def _has_body(self) -> bool:
        lengths = [value for name, value in self.headers if name == b"content-length"]
        return lengths not in ([], [b"0"]) or any(name == b"transfer-encoding" for name, _ in self.headers)

    def _upgrade(self) -> None:
        """Gives the connection to the WebSocket protocol."""
        self._is_idle = False
        self.handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # it holds this protocol, and the memory of both

    # Answers

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        self._keep()
        if self._is_deaf and not self.pipeline:
            return
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._is_reading:
            self._is_idle = True
            self._deadline = self.loop.time() + self._limits.idle_timeout
        if self.flow.write_paused and self._is_idle:
            self.flow.pause_reading()
        elif not self.pipeline:
            self.flow.resume_reading()

    def _keep(self) -> None:
        active = self._active
        if active is not None and active.offer is not None:
            kept = active.kept_answer(self._is_proxied)
            if kept is not None:
                self._repeats.put(active.offer.request, kept)

    # What a cycle uses of its transport

    def write(self, data: bytes) -> None:
        self.transport.write(data)

    def writelines(self, parts: Iterable[bytes]) -> None:
        self.transport.writelines(parts)

    def is_closing(self) -> bool:
        return self.transport.is_closing()

    def close(self) -> None:
        """Closes the connection, though not in the face of a client that is still sending."""
        if self._is_reading or self.flow.read_paused or self._is_deaf:
            self._linger()
        else:
            self.transport.close()

    # Refusals

    def _refuse(self, refusal: Refusal | None) -> None:
        """Ends the connection: with this answer, or after those that are due to earlier requests."""
        self._policy.count(refusal.reason if refusal else PIPELINED)
        self._is_deaf, self._is_idle = True, False
        self._deadline = _NEVER
        is_begun = self._withdraw()
        active = self._active
        if active is not None and not active.response_complete and not active.disconnected:
            self._last_cycle(active).keep_alive = False
        elif is_begun or refusal is None:
            self.transport.abort()
        else:
            self.transport.write(refusal.answer(self._date(), self._limits))
            self._linger()
            if refusal is SLOW_REQUEST:
                self._deadline = self.loop.time()  # it had its time

    def _withdraw(self) -> bool:
        """Takes back the cycle of the request that is being read; whether it was being answered already."""
        cycle = self.cycle
        if not self._is_reading or self._is_reading_head or cycle is None or not cycle.more_body:
            return False
        assert isinstance(cycle, Cycle)
        if self.pipeline and self.pipeline[0][0] is cycle:
            self.pipeline.popleft()
            return False
        cycle.disconnect()
        return cycle.response_started

    def _last_cycle(self, active: Cycle) -> Any:
        return self.pipeline[0][0] if self.pipeline else active

    def _linger(self) -> None:
        """Closes the connection for writing, and reads on for a while: to close it at once would destroy the answer."""
        self._is_deaf, self._is_idle = True, False
        self._deadline = self.loop.time() + self._limits.linger_timeout
        self.pipeline.clear()
        self.flow.resume_reading()
        if not self.transport.is_closing() and self.transport.can_write_eof():
            self.transport.write_eof()

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > self._limits.max_linger_bytes:
            self.transport.abort()
