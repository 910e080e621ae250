"""`Guard`: what stands between a client's connection and uvicorn, so that neither time nor memory is the client's to take.

uvicorn's protocols are used as they are. Each has a guard around it that is the real connection's protocol, and whose
`GuardedTransport` uvicorn takes for the connection. So everything passes the guard both ways, in asyncio's own terms:

    client → transport → Guard.data_received → uvicorn's protocol → the application
    client ← transport ← GuardedTransport.write, close ← uvicorn's protocol ← the application

Plain requests do without uvicorn's protocol (`short_way`). What uvicorn does not say, when an answer begins and is complete, the
application's own wrapper does (`application`).
"""

import asyncio
import logging
import math
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.server.frames import FrameCounter
from api.server.limits import ServerLimits
from api.server.origins import AllowedOrigins
from api.server.refusals import (
    CROWDED,
    OVERLOADED,
    SLOW_READER,
    SLOW_REQUEST,
    UNREAD,
    Refusal,
    RefusalCounter,
    RefusedError,
    in_the_services_words,
)
from api.server.requests import RequestReader
from api.server.short_way import ShortWay

logger = logging.getLogger(__name__)

STATE_KEY = "frontgraph.guard"
"""Of a request's guard in its `scope["state"]`."""

_NEVER = math.inf
_REFUSED_LINGER = 1.0
"""Seconds that a connection above the ceiling is kept, so that its client can read why."""
_PIECE = 16 * 1024
"""Bytes that a WebSocket is given at a time: many small frames hold neither the event loop nor memory."""
MAX_FRAMES = 1_024
"""Of one message."""
_TOO_MANY_FRAMES = (1009).to_bytes(2) + f"A message may have {MAX_FRAMES:,} frames.".encode()
"""The code and the reason of a frame that closes a WebSocket."""
_UNSENT_BYTES = 128 * 1024
"""That the kernel holds for a client besides what is on its way; with megabytes there, slow progress would not show."""


@dataclass
class Policy:
    """What all connections of a server share."""

    limits: ServerLimits
    count: RefusalCounter
    client_of: Callable[[str], str | None] = lambda address: address
    """The client that a connection from this address counts for; None if it counts for none."""
    origins: AllowedOrigins = field(default_factory=AllowedOrigins)
    """Whose pages may read refusals too."""
    operations_path: str | None = None
    """Where plain requests are answered the short way; None if nowhere."""
    connections: "set[Guard]" = field(default_factory=set)
    connections_of: Counter[str] = field(default_factory=Counter)
    """By client; no zeros."""
    behind: "set[Guard]" = field(default_factory=set)
    """Those whose clients do not take what there is for them as fast as it comes."""
    is_ending: bool = False
    _most_unread: int = 0
    """What was held for these when they were last looked at, and all that came since, whatever was taken of it."""

    def keep_in_bounds(self, guard: "Guard", size: int) -> None:
        """Ends the worst of those that are behind, until what is held for all of them together is what may be held.

        The worst is the one that has taken nothing for the longest time. `size`: the bytes that come to be held for this one.
        Cost: none, but for one in so many calls that a 64th of what may be held came meanwhile, by which it may be exceeded.
        """
        most = self.limits.max_unread_bytes
        self.behind.add(guard)
        self._most_unread += size
        if self._most_unread <= most:
            return
        held = {found: unread for found in self.behind if (unread := found.unread)}
        self.behind = set(held)
        total = sum(held.values())
        if total > most:
            for worst in sorted(held, key=Guard.seconds_stuck, reverse=True):
                total -= held[worst]
                self.behind.discard(worst)
                self.count(UNREAD)
                worst.abort()
                if total <= most:
                    break
        self._most_unread = min(total, most - most // 64)


class Guard(asyncio.Protocol):
    """A connection is idle, reads a request, waits for its answer, both at once, is a WebSocket, or is deaf.

    Deaf means that all is said: what else the client sends is forgotten, for a while, since to close a connection with
    something unread in it destroys the answer on its way.

    It is looked after by `check`, which the server calls for each connection every now and then; that is cheaper than timers
    that are set and cancelled with each request.
    """

    def __init__(self, policy: Policy, **uvicorns: Any) -> None:
        """The further arguments are those with which uvicorn makes its own protocol."""
        self._policy = policy
        self._client: str | None = None
        """For which the connection counts."""
        self._limits = policy.limits
        self._uvicorns = uvicorns
        self._inner: Any = None
        """uvicorn's protocol, as long as it takes the connection for open."""
        self._requests: RequestReader | None = RequestReader(policy.limits)
        """None for a WebSocket."""
        self._frames: FrameCounter | None = None
        self._deadline = _NEVER
        """For what the client has to do next."""
        self._is_answering = False
        """Whether uvicorn, or the short way, has a request whose answer is not complete."""
        self._short_way: ShortWay | None = None
        self._is_short = False
        """Whether the request being answered took the short way."""
        self.is_last = False
        """Whether uvicorn wanted to close the connection meanwhile."""
        self._overdue: Refusal | None = None
        """What is said to a connection above the ceiling as soon as its request tells for whose page it is."""
        self._is_deaf = False
        self._discarded = 0
        self._held = b""
        """What uvicorn is not given yet: later requests, or a WebSocket's frames."""
        self._held_at = 0
        """Where that begins."""
        self._is_feeding = False
        self._is_inner_full = False
        """Whether uvicorn wants nothing more for now."""
        self.is_client_full = False
        """Whether the client does not take what was written."""
        self._is_paused = False
        self._waiting = 0
        """Bytes that the application holds, since the client does not take what was written before."""
        self.may_write = False
        """Whether what uvicorn writes is an answer of the application, or a WebSocket that is open."""
        self.has_own_words = False
        """Whether the application itself refuses the WebSocket."""
        self.work: asyncio.Task[None] | None = None
        """What the application does for the answer, if it is not done at once; nobody wants it once the client has gone."""

    # The connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        now = self._loop.time()
        self._stalls = StallWatch(transport, self._limits.stall_timeout, now)
        self._deadline = now + self._limits.request_timeout
        connections = self._policy.connections
        connections.add(self)
        peer = transport.get_extra_info("peername")
        self._client = self._policy.client_of(peer[0]) if peer else None
        if self._client is not None:
            self._policy.connections_of[self._client] += 1
        surplus = self._surplus()
        if surplus is None:
            uvicorns, self._uvicorns = self._uvicorns, {}
            uvicorns["app_state"] = {**uvicorns["app_state"], STATE_KEY: self}
            self._inner = HttpToolsProtocol(**uvicorns)
            self._inner.connection_made(GuardedTransport(self, transport))
            if (path := self._policy.operations_path) is not None:
                state, app_state = uvicorns["server_state"], uvicorns["app_state"]
                self._short_way = ShortWay(self, transport, path, uvicorns["config"], state, app_state)
            return
        refusal, is_far_too_many = surplus
        if self._policy.origins and not is_far_too_many:
            self._overdue = refusal
        else:
            self._refuse(refusal)
        self._deadline = now + _REFUSED_LINGER
        if is_far_too_many:
            transport.abort()

    def _surplus(self) -> tuple[Refusal, bool] | None:
        """Why this connection is one too many, if it is, and whether there are so many that not all can be told."""
        limits, policy = self._limits, self._policy
        of_client = 0 if self._client is None else policy.connections_of[self._client]
        for refusal, count, most in (
            (OVERLOADED, len(policy.connections), limits.max_connections),
            (CROWDED, of_client, limits.max_connections_per_client),
        ):
            if count > most:
                return refusal, count > most + most // 10 + 10
        return None

    def connection_lost(self, _: Exception | None) -> None:
        self._policy.connections.discard(self)
        self._policy.behind.discard(self)
        if self._client is not None:
            counts = self._policy.connections_of
            counts[self._client] -= 1
            if not counts[self._client]:
                del counts[self._client]
        self._is_deaf = True
        self._held = b""
        self.end_inner()
        if self.work is not None:
            self.work.cancel()
        if self._requests is not None:
            self._requests.close()

    def check(self, now: float) -> None:
        """Ends what takes too long."""
        if self._stalls.is_stalled(now):
            self._policy.count(SLOW_READER)
            self._transport.abort()
        elif self._is_inner_full and self._is_reading and not self._is_deaf:
            self._deadline = now + self._limits.request_timeout  # the client cannot send while nothing is taken
        elif now >= self._deadline or (self._is_deaf and self._policy.is_ending):
            self._time_out()

    def _time_out(self) -> None:
        if self._overdue is not None:
            self._refuse_overdue(b"")
        elif self._is_deaf:
            if not self._transport.get_write_buffer_size():
                self._transport.abort()
        elif self._requests is None:
            self._transport.abort()  # a handshake that nobody answered
        elif self._is_reading:
            self._refuse(SLOW_REQUEST, self._requests.head)
            self._deadline = 0  # it had its time
        else:
            self._transport.close()

    def abort(self) -> None:
        """Ends the connection as it is."""
        self._transport.abort()

    def fail(self) -> None:
        """The same for an answer that cannot be completed, of which uvicorn then expects no more."""
        self._transport.abort()
        self.end_inner()

    @property
    def is_open(self) -> bool:
        """Whether uvicorn takes the connection for open."""
        return self._inner is not None

    @property
    def unread(self) -> int:
        """Bytes that are held for the client to take."""
        return self._waiting + self._transport.get_write_buffer_size()

    def seconds_stuck(self) -> float:
        """How long ago the client took something last."""
        return self._stalls.seconds(self._loop.time())

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """While the application waits until it can write so many bytes."""
        self._waiting += size
        try:
            self._policy.keep_in_bounds(self, size)
            yield
        finally:
            self._waiting -= size

    def pause_writing(self) -> None:
        self.is_client_full = True
        self._stalls.begin(self._loop.time())
        self._policy.keep_in_bounds(self, self._transport.get_write_buffer_size())
        if self._inner is not None:
            self._inner.pause_writing()
        self._choose_reading()

    def resume_writing(self) -> None:
        self.is_client_full = False
        if self._inner is not None:
            self._inner.resume_writing()
        self._go_on()
        self._choose_reading()
        self._feed_soon()

    def _choose_reading(self) -> None:
        """Reads from the client, unless there is something that has to be done with what is there first."""
        is_full = self._is_inner_full or (self._requests is None and self.is_client_full)
        is_paused = not self._is_deaf and (is_full or bool(self._held))
        if is_paused is not self._is_paused and not self._transport.is_closing():
            self._is_paused = is_paused
            if is_paused:
                self._transport.pause_reading()
            else:
                self._transport.resume_reading()

    # Requests

    def data_received(self, data: bytes) -> None:
        try:
            self._receive(data)
        except Exception:  # of ours or of uvicorn's: what clients do wrong is refused before it can raise one
            logger.exception("a connection failed")
            self._transport.abort()

    def _receive(self, data: bytes) -> None:
        if self._overdue is not None:
            self._refuse_overdue(data)
        elif self._is_deaf:
            self._discarded += len(data)
            if self._discarded > self._limits.max_linger_bytes:
                self._transport.abort()
        elif self._held:
            self._held += data
        elif self._requests is None:
            self._held = data
            self._feed()
        else:
            self._follow(self._requests, data, 0)

    @property
    def _is_reading(self) -> bool:
        return self._requests is not None and self._requests.is_reading

    def _follow(self, requests: RequestReader, data: bytes, at: int) -> None:
        """Gives uvicorn a request, or a part of one; those after it wait until it is answered, and the client has its answer."""
        while at < len(data) and not self._is_deaf:
            was_reading = requests.is_reading
            if (self._is_answering or self.is_client_full) and not was_reading:
                self._hold(data, at)
                return
            try:
                given, at = requests.take(data, at)
            except RefusedError as refused:
                self._refuse(refused.refusal, requests.head or data[at : at + self._limits.max_head_bytes])
                return
            if requests.is_upgrade:
                self._upgrade(given)
                self._hold(data, at)
                return
            if given:
                self._is_answering = True
                is_in_one_piece = given is data and not (was_reading or requests.is_reading)
                if not (is_in_one_piece and self._take_short_way(requests, given)):
                    self._inner.data_received(given)
            if not requests.is_reading:
                self._deadline = _NEVER if self._is_answering else self._deadline
            elif not was_reading:
                self._deadline = self._loop.time() + self._limits.request_timeout

    def _take_short_way(self, requests: RequestReader, data: bytes) -> bool:
        if self._short_way is None or requests.known is None or asyncio.current_task() is not None:
            return False  # in a task it is the one that gave the answer before, for which this request was held back
        self._is_short = True
        if self._short_way.take(requests.known, data):
            return True
        self._is_short = False
        return False

    def _hold(self, data: bytes, at: int) -> None:
        if at < len(data):
            self._held, self._held_at = data, at
            self._choose_reading()

    # Answers, of which the application tells

    def is_early(self) -> bool:
        """Whether an answer that begins now comes before its request is complete; it has to be the last then."""
        return self._is_reading

    def answer_begins(self) -> None:
        self.may_write = True

    def answer_ends(self) -> None:
        self.may_write = self._is_answering = self._is_short = False
        if self._is_deaf or self._transport.is_closing():
            return
        self._deadline = self._loop.time() + self._limits.idle_timeout
        self._go_on()

    def _go_on(self) -> None:
        """Gives uvicorn the next request, if there is one and the client has all answers but the end of the last."""
        if not self._held or self._requests is None or self._is_answering:
            return
        if self.is_client_full:
            self._deadline = _NEVER  # it is no longer idle
            return
        data, self._held = self._held, b""
        self._follow(self._requests, data, self._held_at)
        self._choose_reading()

    def write_unasked(self, data: bytes) -> None:
        """Writes what does not come from the application."""
        if self._inner is None:
            return
        if self._requests is None:
            self._answer_handshake(data)
        elif data.startswith(b"HTTP/1.1 100 "):  # the application wants a body that waits to be asked for
            self._transport.write(data)
        else:
            raise RuntimeError(f"uvicorn answers by itself: {data[:50]!r}")

    # WebSockets

    def _upgrade(self, head: bytes) -> None:
        """Lets uvicorn put its protocol for WebSockets in the place of the one for HTTP."""
        assert self._requests is not None
        self._requests.close()
        self._requests = None
        http, self._deadline = self._inner, self._loop.time() + self._limits.request_timeout
        self._inner.data_received(head)
        if self._inner is http:
            raise RuntimeError("uvicorn did not upgrade the connection")

    def set_inner(self, protocol: Any) -> None:
        self._inner = protocol

    def _answer_handshake(self, data: bytes) -> None:
        self.may_write = True
        if data.startswith(b"HTTP/1.1 101 "):
            self._frames = FrameCounter()
            self._deadline = _NEVER
            self._feed_soon()
        elif not self.has_own_words:
            data = in_the_services_words(data)
        self._transport.write(data)

    def _feed_soon(self) -> None:
        if self._frames is not None and self._held and not self._is_feeding:
            self._is_feeding = True
            self._loop.call_soon(self._feed)

    def _feed(self) -> None:
        """Gives a WebSocket a piece, and the next one when the event loop has seen to the others.

        Nothing before the handshake is answered, nothing while the application has not taken what came, and nothing while the
        client does not take what it gets: it could ask for ever more.
        """
        self._is_feeding = False
        is_taking = self._frames is not None and not self._is_inner_full and not self.is_client_full
        if self._held and is_taking and not self._is_deaf:
            assert self._frames is not None
            start, self._held_at = self._held_at, self._held_at + _PIECE
            piece = self._held[start : self._held_at]
            if self._held_at >= len(self._held):
                self._held, self._held_at = b"", 0
            if self._frames.take(piece) > MAX_FRAMES:
                self._transport.write(bytes((0x88, len(_TOO_MANY_FRAMES))) + _TOO_MANY_FRAMES)
                self._linger()
                return
            self._inner.data_received(piece)
        self._choose_reading()
        if not self._is_inner_full and not self.is_client_full:
            self._feed_soon()

    # What uvicorn does with its transport

    def set_inner_full(self, is_full: bool) -> None:
        self._is_inner_full = is_full
        self._choose_reading()
        if not is_full:
            self._feed_soon()

    def is_closing(self) -> bool:
        return self._is_deaf or self._transport.is_closing()

    def close_when_answered(self) -> None:
        """Closes the connection; while a request takes the short way, of which uvicorn knows nothing, after its answer."""
        if self._is_short:
            self.is_last = True
        else:
            self.close()

    def close(self) -> None:
        """Closes the connection, though not in the face of a client that is still sending."""
        if self._inner is None or self._is_deaf or self._transport.is_closing():
            return
        if self._requests is None or self._is_reading or self._is_paused:
            self._linger()
        else:
            self._transport.close()

    # Ends

    def _refuse_overdue(self, head: bytes) -> None:
        """Ends a connection above the ceiling, within the time that it has."""
        assert self._overdue is not None
        refusal, self._overdue = self._overdue, None
        deadline = self._deadline
        self._refuse(refusal, head)
        self._deadline = deadline

    def _refuse(self, refusal: Refusal, head: bytes = b"") -> None:
        """Ends the connection with this answer, unless there is half of another one; `head` is what is known of the request's."""
        self._policy.count(refusal.reason)
        if self.may_write:
            self._transport.abort()
            return
        self.end_inner()
        self._transport.write(refusal.answer(self._limits, self._policy.origins.lines_for(head)))
        self._linger()

    def _linger(self) -> None:
        """Closes the connection for writing, and reads on for a while."""
        self._is_deaf = True
        self._held = b""
        self._deadline = self._loop.time() + self._limits.linger_timeout
        self._loop.call_soon(self.end_inner)  # as asyncio does it, never while uvicorn is at work
        self._choose_reading()
        if not self._transport.is_closing() and self._transport.can_write_eof():
            self._transport.write_eof()

    def end_inner(self) -> None:
        """Tells uvicorn that the connection is lost: once."""
        inner, self._inner, self._short_way = self._inner, None, None
        self.may_write = False
        if inner is not None:
            inner.connection_lost(None)


class GuardedTransport(asyncio.Transport):
    """What uvicorn takes for its connection."""

    def __init__(self, guard: Guard, transport: asyncio.Transport) -> None:
        super().__init__()
        self._guard = guard
        self._transport = transport

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._guard.set_inner(protocol)

    def write(self, data: Any) -> None:
        if self._guard.may_write:
            self._transport.write(data)
        else:
            self._guard.write_unasked(data)

    def pause_reading(self) -> None:
        self._guard.set_inner_full(True)

    def resume_reading(self) -> None:
        self._guard.set_inner_full(False)

    def is_closing(self) -> bool:
        return self._guard.is_closing()

    def close(self) -> None:
        self._guard.close_when_answered()

    def abort(self) -> None:
        self._guard.abort()


class StallWatch:
    """Compares what waits to be sent, each time it is asked; that it shrank is progress."""

    def __init__(self, transport: asyncio.Transport, limit: float, now: float) -> None:
        connection = transport.get_extra_info("socket")
        if hasattr(socket, "TCP_NOTSENT_LOWAT") and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        self._transport = transport
        self._limit = limit
        self._unsent = 0
        self._progress_at = now

    def begin(self, now: float) -> None:
        """From now on there is something that waits; what was written before is gone."""
        self._unsent = self._transport.get_write_buffer_size()
        self._progress_at = now

    def seconds(self, now: float) -> float:
        """Since the client was seen to take something."""
        unsent = self._transport.get_write_buffer_size()
        if unsent == 0 or unsent < self._unsent:
            self._progress_at = now
        self._unsent = unsent
        return now - self._progress_at

    def is_stalled(self, now: float) -> bool:
        """Whether the client took nothing for longer than the limit, in seconds."""
        return self.seconds(now) >= self._limit
