"""A small service with nothing but streams: `/graphql` over WebSocket and server-sent events, on a real port."""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import ErrorCode, RequestError
from api.execution import OperationRequest, Operations, RefusedError, Response, execute, response_of, subscribe
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.schema.subscription import Feed
from api.server import Server, ServerLimits
from api.settings import Settings
from api.streams import (
    EventStream,
    OpenStreams,
    WebSocketEndpoint,
)
from api.streams.messages import MESSAGE_LIMIT
from api.web.negotiation import accepts_event_stream
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin
from graph.stores.memory import MemoryStore

T = TypeVar("T")
TOKEN = "open sesame"


def article(name: str, title: str | None = None) -> Article:
    url = f"https://post.example/{name}"
    return Article(f"a_{name}", url, ArticleOrigin.DOCUMENT, name, (name,), title=title or name.capitalize())


def snapshot_of(*articles: Article) -> GraphSnapshot:
    return build_snapshot(MergeResult(list(articles)), datetime(2024, 6, 1, tzinfo=UTC))


class Service:
    """The simplest `StreamService`: one store, a token that need not be given, and an operation that fails."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.feed = Feed(store)
        self._operations = Operations(schema, Limits(characters=MESSAGE_LIMIT))

    def context(self) -> Context:
        return Context(self._store.reader(), Settings())

    def authorize(self, scope: Scope, payload: Mapping[str, Any] | None) -> str:
        token = (payload or {}).get("token", TOKEN)
        if token == "broken":
            raise RuntimeError("the password is swordfish")
        if token != TOKEN:
            raise RequestError(ErrorCode.FORBIDDEN, "The token is not valid; ask for another one.")
        return TOKEN

    async def subscribe(self, operation: OperationRequest, client: str) -> AsyncGenerator[Response, None] | Response:
        assert client == TOKEN
        if operation.operation_name == "Broken":
            raise RuntimeError("the password is swordfish")
        if operation.operation_name == "Forbidden":
            raise RequestError(ErrorCode.FORBIDDEN, "This operation is not allowed.")
        found = self._operations.read(operation.query, operation.operation_name)
        if isinstance(found, RefusedError):
            return response_of({"errors": [*found.errors]})
        if not found.is_subscription:
            return response_of(await execute(operation, Context(self._store.reader(), Settings(), found.document)))
        return await subscribe(found, operation, self.feed, self.context)


@dataclass
class Running:
    """A service that runs, and what tests do to it from outside."""

    port: int
    store: MemoryStore
    streams: OpenStreams
    loop: asyncio.AbstractEventLoop
    server: Server

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def call(self, action: Callable[[], T]) -> T:
        """What the action answers on the thread of the service."""

        async def act() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(act(), self.loop).result(120)

    def swap(self, *articles: Article) -> str:
        """The version of the snapshot of these articles, which is current now."""
        snapshot = snapshot_of(*articles)
        self.call(lambda: self.store.swap(snapshot))
        return snapshot.version

    def listeners(self) -> frozenset[object]:
        """Who waits for the next swap; another one each time that a subscriber has been told."""
        return self.call(lambda: frozenset(self.store._listeners))

    def wait_for(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def wait_for_listeners(self, count: int, but: frozenset[object] = frozenset()) -> frozenset[object]:
        """The listeners, as soon as there are so many, all of them new."""
        self.wait_for(lambda: len(self.listeners()) == count and not self.listeners() & but)
        return self.listeners()

    def open_operations(self) -> int:
        return self.call(lambda: self.streams.count)


@dataclass(frozen=True)
class Options:
    """How the service is made; as an operator would have it, if nothing is said."""

    limit: int = 10_000
    allowed_origins: tuple[str, ...] = ()
    init_seconds: float = 10.0
    keep_alive_seconds: float = 12.0
    limits: ServerLimits = field(default_factory=ServerLimits)


def create_app(store: MemoryStore, streams: OpenStreams, options: Options) -> ASGIApp:
    service = Service(store)
    sockets = WebSocketEndpoint(
        service, streams, allowed_origins=options.allowed_origins, init_seconds=options.init_seconds
    )

    async def graphql(request: Request) -> ASGIApp:
        given: dict[str, Any] = orjson.loads(await request.body()) if request.method == "POST" else {}
        given = given or dict(request.query_params)
        operation = OperationRequest(given["query"], given.get("variables") or {}, given.get("operationName"))
        if not accepts_event_stream(request.headers.get("accept")):
            return JSONResponse(await execute(operation, service.context()))
        client = service.authorize(request.scope, None)
        return EventStream(service, streams, operation, client, keep_alive_seconds=options.keep_alive_seconds)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        """Without routes and middleware, whose frames would be kept for each stream."""
        if scope["type"] == "websocket":
            await sockets(scope, receive, send)
        elif scope["type"] == "lifespan":
            await Starlette()(scope, receive, send)
        else:
            await (await graphql(Request(scope, receive)))(scope, receive, send)

    return app


@contextmanager
def serving(options: Options | None = None, snapshot: GraphSnapshot | None = None) -> Iterator[Running]:
    """A service in a thread of its own, on a free port, until the block ends."""
    options = options or Options()
    store, streams = MemoryStore(snapshot or snapshot_of(article("storm"))), OpenStreams(options.limit)
    app = create_app(store, streams, options)
    loops: list[asyncio.AbstractEventLoop] = []

    async def noting_the_loop(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            loops.append(asyncio.get_running_loop())
            ready.set()
        await app(scope, receive, send)

    ready = threading.Event()
    server = Server(noting_the_loop, options.limits, on_shutdown=streams.close_all)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=(listener,))
    thread.start()
    try:
        assert ready.wait(120)
        yield Running(listener.getsockname()[1], store, streams, loops[0], server)
    finally:
        server.end()
        thread.join(120)
        assert not thread.is_alive()
