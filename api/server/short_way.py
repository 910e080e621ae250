"""`ShortWay`: plain requests are answered where they arrive, by the same application, without uvicorn's protocol in between.

A request is *plain* if it is a POST to the path of operations, in HTTP/1.1, whose head and body came in one piece, with nothing before
or after them and while no other was being answered, and that asks neither to be told to continue, nor for a stream of events, nor for
the end of the connection. uvicorn gets every byte of all others.

The application is called as uvicorn calls it, with the same scope. Most often it has its answer without having waited for anything:
then no task was made for it, and its head and its body are written together. Where it has to wait, it goes on as a task from there.
"""

import asyncio
import re
from collections.abc import Coroutine, Generator
from contextvars import copy_context
from functools import partial
from http import HTTPStatus
from types import coroutine
from typing import Any, Protocol

from uvicorn import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from api.server.requests import Headers, KnownHead

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_NOT_PLAIN = re.compile(rb"\r\nexpect[ \t]*:|event-stream", re.IGNORECASE)
_NO_HEADER = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
"""What no header may hold, lest a client could have it begin another one."""
_JOINED = 65_536
"""Bytes of a body up to which it is written along with its head."""


class Connection(Protocol):
    """What the guard of a connection tells and does."""

    is_last: bool
    """Whether the connection is to be closed after the answer."""
    work: asyncio.Task[None] | None
    """What goes on for the answer, which nobody wants once the client has gone."""

    @property
    def is_open(self) -> bool:
        """Whether answers can be written."""

    def close(self) -> None:
        """Closes the connection."""


class ShortWay:
    """Of one connection."""

    def __init__(
        self,
        connection: Connection,
        transport: asyncio.Transport,
        path: str,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
    ) -> None:
        """`path`: that of operations. What follows is what uvicorn makes its own protocol with."""
        self._connection = connection
        self._transport = transport
        self._path = path
        self._config = config
        self._server = server_state
        self._app_state = app_state
        self._judged: KnownHead | None = None
        self._scope: dict[str, Any] | None = None
        """For requests with the head that was looked at last; None if they are not plain."""

    def take(self, head: KnownHead, data: bytes) -> bool:
        """Whether a whole request with this head, but for its length, is plain; then it is answered by now, or will be."""
        if self._judged is not head:
            self._judged, self._scope = head, self._scope_of(head.text)
        if self._scope is None:
            return False
        body_start = head.end_of(data, 0)
        assert body_start is not None  # it is this head
        headers = head.headers_with(head.length_in(data, 0, body_start))
        scope = {**self._scope, "headers": headers, "state": self._app_state.copy()}
        exchange = _Exchange(self._connection, self._transport, self._server, data[body_start:])
        self._run(self._config.loaded_app(scope, exchange.receive, exchange.send))
        return True

    def _scope_of(self, head: bytes) -> dict[str, Any] | None:
        prefix = self._config.root_path
        line = head[: head.find(b"\r\n")]
        for path in (self._path, prefix + self._path):  # proxies cut the prefix off, or leave it
            if line == f"POST {path} HTTP/1.1".encode() and not _NOT_PLAIN.search(head):
                return {
                    "type": "http",
                    "asgi": {"version": self._config.asgi_version, "spec_version": "2.3"},
                    "http_version": "1.1",
                    "server": get_local_addr(self._transport),
                    "client": get_remote_addr(self._transport),
                    "scheme": "https" if is_ssl(self._transport) else "http",
                    "root_path": prefix,
                    "method": "POST",
                    "path": prefix + path,
                    "raw_path": (prefix + path).encode(),
                    "query_string": b"",
                }
        return None

    def _run(self, call: Coroutine[Any, Any, None]) -> None:
        """Runs it up to where it waits for something, and from there as a task."""
        context = copy_context()
        try:
            awaited = context.run(call.send, None)
        except StopIteration:
            return
        task = asyncio.get_running_loop().create_task(_rest(call, awaited), context=context)
        self._connection.work = task
        self._server.tasks.add(task)  # for which uvicorn waits when it ends
        task.add_done_callback(self._server.tasks.discard)


@coroutine
def _rest(call: Coroutine[Any, Any, None], awaited: Any) -> Generator[Any, None, None]:
    """What is left of a call that waits for something already; to be awaited."""
    while True:
        try:
            yield awaited
            resume = partial(call.send, None)
        except BaseException as cause:  # it is cancelled, for example, which is told to the call
            resume = partial(call.throw, cause)
        try:
            awaited = resume()
        except StopIteration:
            return


class _Exchange:
    """One request and its answer, as ASGI has them."""

    __slots__ = ("_body", "_connection", "_server", "_start", "_transport")

    def __init__(
        self, connection: Connection, transport: asyncio.Transport, server_state: ServerState, body: bytes
    ) -> None:
        self._connection = connection
        self._transport = transport
        self._server = server_state
        self._body: bytes | None = body
        self._start: Any = None

    async def receive(self) -> dict[str, Any]:
        """The request, which is there."""
        body, self._body = self._body, None
        if body is None:
            raise RuntimeError("a plain request has one body")
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Any) -> None:
        """Takes the head of the answer, then its body, with which both are written."""
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, body = self._start, message.get("body", b"")
        if message.get("more_body") or (b"content-length", b"%d" % len(body)) not in start["headers"]:
            raise RuntimeError("a plain request is answered in one piece, whose length is told")
        if not self._connection.is_open:
            return
        headers = start["headers"]
        is_last = (b"connection", b"close") in headers
        if self._connection.is_last and not is_last:
            is_last, headers = True, [*headers, (b"connection", b"close")]
        head = self._head(start["status"], headers)
        if len(body) <= _JOINED:
            self._transport.write(head + body)
        else:
            self._transport.write(head)
            self._transport.write(body)
        if is_last:
            self._connection.close()

    def _head(self, status: int, headers: Headers) -> bytes:
        lines = [b"%b: %b" % header for header in (*self._server.default_headers, *headers)]
        if _NO_HEADER.search(b"\t".join(lines)):
            raise RuntimeError("a header of an answer holds what none may hold")
        return b"%b%b\r\n\r\n" % (_STATUS_LINES[status], b"\r\n".join(lines))
