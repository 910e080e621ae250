"""`create_app`: the routes of the service and what surrounds them."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from urllib.parse import quote

import orjson
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry import Schema

from api.errors import ErrorCode, RequestError, current_request_id, present_failure
from api.schema.assembly import print_schema
from api.schema.assembly import schema as own_schema
from api.schema.federation import federated_schema
from api.server.origins import TOLD_HEADERS
from api.server.security_headers import POLICY, SECURITY, SECURITY_HEADERS
from api.service.access import Client, counted_address
from api.service.collecting import collecting
from api.service.reloading import Reloads
from api.service.service import GraphqlService, Stores
from api.service.warming import Warming
from api.settings import Settings
from api.streams import OpenStreams, WebSocketEndpoint
from api.telemetry import Figure, RequestRecord, Telemetry
from api.web.agents import Agents
from api.web.asgi import CLIENT_GONE, error_body, status_of
from api.web.compression import SMALLEST
from api.web.docs_pages import FIRST, rendered
from api.web.error_pages import not_found_page
from api.web.exports import Exports
from api.web.graphql_over_http import GraphqlEndpoint
from api.web.llms import LlmsText
from api.web.negotiation import JSON, accepts_html
from api.web.not_ready import answer_not_ready
from api.web.operator_routes import operator_routes
from api.web.schema_file import SchemaFile
from api.web.socket_service import SocketService
from graph.stores.protocol import GraphStore

logger = logging.getLogger(__name__)

OPERATIONS_PATH = "/graphql"
"""Of all operations; below the prefix, if there is one."""
STATIC = Path(__file__).parents[1] / "pages" / "static"
EXPLORER = STATIC / "bundle" / "explorer.html"
SMALL_START_PAGE = STATIC / "index.html"
PLAYGROUND = STATIC / "bundle" / "playground.html"
SMALL_PAGE = STATIC / "query.html"

_PLAYGROUND_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)
"""GraphiQL's editor sets styles in the page; nothing else is loosened, and for its page alone."""

_METHODS = ("GET", "HEAD", "POST")
"""That pages of other origins may use."""
_PREFLIGHT_SECONDS = 3_600
_MOST_NAMES = 4_096
"""Characters in the names of headers that a page asks to send, which are said back to it."""


def create_app(
    settings: Settings,
    store: GraphStore,
    preview: GraphStore | None = None,
    telemetry: Telemetry | None = None,
    reloads: Reloads | None = None,
    streams: OpenStreams | None = None,
    schema: Schema | None = None,
) -> ASGIApp:
    """The service: GraphQL, playground, schema, exports and operation, answered from the store.

    `preview` is what clients with the preview token read, the same store if there is none. `schema` is one that `build_schema` made; by default
    the service's own, with what a gateway asks for if the settings say so. Whoever runs the service calls
    `streams.close_all` before it waits for connections to end.
    """
    if schema is None:
        schema = federated_schema() if settings.federation else own_schema
    if not PLAYGROUND.exists():
        logger.warning("The browser pages were not built; small ones stand in for them. Run: python hatch_build.py")
    service = Service(
        settings,
        Stores(store, preview or store),
        telemetry or Telemetry(),
        reloads,
        streams or OpenStreams(settings.max_subscriptions),
        schema,
    )
    return _allowing(settings, service)


def create_waiting_app(settings: Settings) -> ASGIApp:
    """What answers while there is no store yet."""
    return _allowing(settings, answer_not_ready)


def _allowing(settings: Settings, app: ASGIApp) -> ASGIApp:
    """The application, whose answers pages of the allowed origins may read."""
    if not settings.allowed_origins:
        return app
    return _Cors(
        app,
        allow_origins=settings.allowed_origins,
        allow_methods=_METHODS,
        allow_headers=["*"],  # none of them makes a request do more
        allow_private_network=True,
        expose_headers=TOLD_HEADERS,
        max_age=_PREFLIGHT_SECONDS,
    )


class _Cors(CORSMiddleware):
    """Lets pages of other origins read answers; what it answers itself looks like every other answer."""

    def preflight_response(self, request_headers: Headers) -> Response:
        response = super().preflight_response(request_headers)
        method = request_headers["access-control-request-method"]
        if not self.is_allowed_origin(request_headers["origin"]):
            response = _origin_refused(request_headers["origin"])
        elif method not in _METHODS:
            message = f"Pages of other origins may not use {quote(method)[:20]}; use {', '.join(_METHODS)}."
            response = _error(ErrorCode.METHOD_NOT_ALLOWED, message, _cors_headers(response))
        elif len(request_headers.get("access-control-request-headers", "")) > _MOST_NAMES:
            message = (
                f"The names of headers that the page would send have more than {_MOST_NAMES:,} characters; send fewer."
            )
            response = _error(
                ErrorCode.HEAD_TOO_LARGE, message, _cors_headers(response, "Access-Control-Allow-Headers")
            )
        response.headers.update(SECURITY)
        return response


def _cors_headers(response: Response, *but: str) -> dict[str, str]:
    """The headers that let the page know, but for some."""
    left_out = {"content-length", "content-type", *map(str.lower, but)}
    return {name: value for name, value in response.headers.items() if name not in left_out}


def _origin_refused(origin: str) -> Response:
    message = (
        f"Pages of {origin[:200]} may not read answers; the operator can add the origin to FRONTGRAPH_ALLOWED_ORIGINS."
    )
    return _error(ErrorCode.FORBIDDEN, message, {"Vary": "Origin"})


class Service:
    """Leads each request to what answers it; those for operations take the shortest way."""

    def __init__(
        self,
        settings: Settings,
        stores: Stores,
        telemetry: Telemetry,
        reloads: Reloads | None,
        streams: OpenStreams,
        schema: Schema,
    ) -> None:
        self._schema = schema
        self._settings = settings
        self._stores = stores
        self._telemetry = telemetry
        self._reloads = reloads
        self._in_flight = 0
        warming = (lambda: reloads.warming) if reloads else Warming
        self._service = GraphqlService(settings, stores, telemetry, warming, schema)
        self._exports = Exports(self._service)
        self._streams = streams
        self._graphql = GraphqlEndpoint(settings, self._service, self._streams, telemetry, SECURITY_HEADERS)
        self._socket = WebSocketEndpoint(
            SocketService(self._service, telemetry), self._streams, allowed_origins=settings.allowed_origins
        )
        self._mcp = Agents(settings, self._service)
        self._llms = LlmsText(settings, self._service)
        self._others = self._routes()
        telemetry.metrics.follow(Figure.REQUESTS_IN_FLIGHT, lambda: self._in_flight)
        telemetry.metrics.follow(Figure.SUBSCRIPTIONS_OPEN, lambda: self._streams.count)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._others(scope, receive, send)
            return
        path = self._own_path(scope)
        if scope["type"] == "websocket":
            await self._on_socket(path, scope, receive, send)
            return
        self._in_flight += 1
        try:
            if path == OPERATIONS_PATH and _is_operation(scope):
                await self._graphql(scope, receive, send)
            else:
                await self._other(path, scope, receive, send)
        finally:
            self._in_flight -= 1

    def _own_path(self, scope: Scope) -> str:
        """The path below the prefix, which proxies cut off or leave."""
        prefix: str = scope.get("root_path", "")
        path: str = scope["path"]
        while prefix and path.startswith(prefix + "/"):
            path = path[len(prefix) :]
        scope["path"] = prefix + path
        return path

    async def _on_socket(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if path == OPERATIONS_PATH:
            await self._socket(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    async def _other(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is no operation; told of like one."""
        started = time.perf_counter()
        host, _ = scope.get("client") or ("", 0)
        given = dict(scope["headers"]).get(b"x-request-id")
        request_id = self._telemetry.request_ids.next(given.decode("latin-1") if given else None)
        record = RequestRecord(request_id, scope["method"], scope["path"], counted_address(host))
        token = current_request_id.set(request_id)
        scope["state"] = {**scope.get("state", {}), "record": record}
        answer = _Watched(send, record)
        if not path.startswith("/export/"):  # all else is sent whole
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"range"]
        try:
            await self._others(scope, receive, answer)
        except ConnectionAbortedError:
            raise  # who ends an answer says why
        except asyncio.CancelledError:
            record.status = CLIENT_GONE
            raise
        except Exception:
            logger.exception("%s %s failed", record.method, record.path)
            if not answer.is_complete:
                raise ConnectionAbortedError from None  # it is too late to say so
        finally:
            current_request_id.reset(token)
            record.seconds = time.perf_counter() - started
            if record.outcome == "ok":  # nobody has said otherwise
                is_refused = record.refusal is not None or 400 <= record.status < 500
                record.outcome = "refused" if is_refused else "ok" if record.status < 400 else "error"
            self._telemetry.record(record)

    def _routes(self) -> Starlette:
        async def export(request: Request) -> Response:
            return await self._exports.answer(request, self._client(request))

        file = SchemaFile(lambda: print_schema(self._schema))

        async def schema(request: Request) -> Response:
            self._client(request)
            if not self._settings.shows_schema:
                raise RequestError(ErrorCode.FORBIDDEN, "This service does not show its schema.")
            return file.answer(request, is_private=self._service.access.has_tokens)

        routes = Starlette(
            routes=[
                Route("/", _landing_page),
                Route(OPERATIONS_PATH, _playground, methods=["GET", "POST"]),  # POST is answered before, but allowed
                Route("/schema.graphql", schema),
                Route("/export/{name}", export),
                Route("/mcp", self._mcp.answer, methods=["POST"]),
                Route("/llms.txt", self._llms_text),
                Route("/llms-full.txt", self._llms_text),
                Route("/docs", _to_documentation),
                Route("/docs/{name}", _documentation),
                Mount("/static", GZipMiddleware(StaticFiles(directory=STATIC), minimum_size=SMALLEST)),
                *operator_routes(
                    self._settings, self._stores.public, self._service.access, self._telemetry, self._reloads
                ),
                *([Route(prefix, _to_start_page)] if (prefix := self._settings.root_path) else []),
                Route("/{path:path}/", _without_slash, methods=["GET", "POST"]),
            ],
            lifespan=self._lifespan,
            exception_handlers={
                HTTPException: _http_error,
                RequestError: _request_error,
                Exception: _failure,
            },
        )
        routes.router.redirect_slashes = False  # it leads to whatever host the request names
        return routes

    async def _llms_text(self, request: Request) -> Response:
        client, prefix = self._client(request), _prefix(request)
        is_full = request.url.path.endswith("/llms-full.txt")
        text = await (self._llms.full(client, prefix) if is_full else self._llms.short(client, prefix))
        has_tokens = self._service.access.has_tokens
        headers = (
            {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
            if has_tokens
            else {"Cache-Control": "no-cache"}
        )
        return Response(text, headers=headers, media_type="text/plain")

    def _client(self, request: Request) -> Client:
        host = request.client.host if request.client else ""
        return self._service.access.client(request.headers.get("authorization"), counted_address(host))

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        try:
            async with collecting(), self._reloads.running() if self._reloads else nullcontext():
                yield
        finally:
            await self._mcp.close()
            self._streams.close_all()


class _Watched:
    """Adds to an answer what tells browsers to be strict, where it says nothing itself, and notes what was answered."""

    def __init__(self, send: Send, record: RequestRecord) -> None:
        self._send = send
        self._record = record
        self.is_complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._record.status = message["status"]
            own = {name.lower() for name, _ in message["headers"]}
            added = [(name, value) for name, value in SECURITY_HEADERS if name not in own]
            message["headers"] = [*message["headers"], *added, (b"x-request-id", self._record.request_id.encode())]
        elif message["type"] == "http.response.body":
            self._record.size += len(message.get("body", b""))
            self.is_complete = not message.get("more_body")
        await self._send(message)


def _is_operation(scope: Scope) -> bool:
    """Whether a request to the endpoint is for an operation, and not by a browser for a page."""
    if scope["method"] == "POST":
        return True
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return scope["method"] in ("GET", "HEAD") and not accepts_html(accept.decode("latin-1"))


async def _playground(_: Request) -> Response:
    page, policy = (PLAYGROUND, _PLAYGROUND_POLICY) if PLAYGROUND.exists() else (SMALL_PAGE, POLICY)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Vary": "Accept"}
    return FileResponse(page, media_type="text/html", headers=headers)


async def _landing_page(_: Request) -> Response:
    page = EXPLORER if EXPLORER.exists() else SMALL_START_PAGE
    return FileResponse(page, media_type="text/html", headers={"Cache-Control": "no-cache"})


async def _to_documentation(request: Request) -> Response:
    return _led_to(request, f"{_prefix(request)}/docs/{FIRST}")


async def _documentation(request: Request) -> Response:
    page = await asyncio.to_thread(rendered, request.path_params["name"], _prefix(request))
    if page is None:
        raise RequestError(
            ErrorCode.NOT_FOUND, f"There is no such page; the first one is {_prefix(request)}/docs/{FIRST}."
        )
    return Response(page, headers={"Cache-Control": "no-cache"}, media_type="text/html")


async def _to_start_page(request: Request) -> Response:
    """Leads from the prefix to the path below it, which the links of the page need."""
    return _led_to(request, f"{request.scope['root_path']}/")


async def _without_slash(request: Request) -> Response:
    """Leads to the path without its last slash, on the host that the client knows, which the request need not tell."""
    return _led_to(request, f"{request.scope.get('root_path', '')}/{quote(request.path_params['path'].strip('/'))}")


def _led_to(request: Request, path: str) -> Response:
    """A redirect to the path, with the parameters of the request."""
    query = request.scope["query_string"].decode("latin-1")
    return Response(status_code=307, headers={"Location": f"{path}?{query}" if query else path})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        if request.method == "OPTIONS" and {"origin", "access-control-request-method"} <= set(request.headers):
            return _origin_refused(request.headers["origin"])
        allowed = ", ".join(sorted((error.headers or {})["Allow"].split(", ")))
        message = f"{request.method} is not allowed here; use {allowed}."
        return _error(ErrorCode.METHOD_NOT_ALLOWED, message, {"Allow": allowed})
    message = f"Nothing stands at this URL; the start page is {_prefix(request)}/."
    return _not_found(request, message)


def _prefix(request: Request) -> str:
    """The path below which the service is seen; `root_path` has that of a part of it in addition."""
    return str(request.scope.get("app_root_path", request.scope.get("root_path", "")))


def _not_found(request: Request, message: str) -> Response:
    headers = {"Vary": "Accept"}
    if accepts_html(request.headers.get("accept")):
        page = not_found_page(message, _prefix(request))
        return Response(page, 404, headers, "text/html")
    return _error(ErrorCode.NOT_FOUND, message, headers)


async def _request_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)
    record: RequestRecord = request.state.record
    record.refusal = error.code
    if error.code is ErrorCode.NOT_FOUND:
        return _not_found(request, str(error))
    return _error(error.code, str(error), error.headers)


async def _failure(_: Request, __: Exception) -> Response:
    return Response(orjson.dumps({"errors": [present_failure()]}), 500, media_type=f"{JSON}; charset=utf-8")


def _error(code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(error_body(code, message), status_of(code), headers, f"{JSON}; charset=utf-8")
