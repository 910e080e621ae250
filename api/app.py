"""`create_app`: the routes of the service and what surrounds them."""

import logging
from collections.abc import Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ErrorCode, code_of
from api.http import GraphqlEndpoint, error_response
from api.negotiation import accepts_html
from api.parts import read_part
from api.schema import print_schema
from api.settings import Settings
from graph.errors import ExportError, InputError, PartError
from graph.export import ExportFormat
from graph.problems import quote
from graph.store import GraphStore

logger = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
PLAYGROUND = STATIC / "bundle" / "playground.html"
SMALL_PAGE = STATIC / "query.html"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PLAYGROUND_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)
"""GraphiQL's editor sets styles in the page; nothing else is loosened, and for its page alone."""


def create_app(settings: Settings, store: GraphStore) -> Starlette:
    """The service: GraphQL, playground, schema, exports and health, answered from the store."""
    if not PLAYGROUND.exists():
        logger.warning("The playground was not built; /graphql shows a small page instead. Run: python hatch_build.py")

    endpoint = GraphqlEndpoint(settings, store)

    async def graphql(request: Request) -> Response:
        if request.method in ("GET", "HEAD") and accepts_html(request.headers.get("accept")):
            return _playground()
        return await endpoint.answer(request)

    async def export(request: Request) -> Response:
        return _export(store, request.path_params["name"], request.query_params)

    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ready", "version": store.reader().version})

    return Starlette(
        routes=[
            Route("/", _landing_page),
            Route("/graphql", graphql, methods=["GET", "POST"]),
            Route("/schema.graphql", _schema),
            Route("/export/{name}", export),
            Route("/healthz", _health),
            Route("/readyz", ready),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HTTPException: _http_error, Exception: _internal_error},
    )


_SECURITY_HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


class SecurityHeaders:
    """Adds to every answer what tells browsers to be strict; an answer's own headers win."""

    _HEADERS = tuple((name.encode(), value.encode()) for name, value in _SECURITY_HEADERS.items())

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.lower() for name, _ in message["headers"]}
                added = [(name, value) for name, value in self._HEADERS if name not in own]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def _playground() -> Response:
    page, policy = (PLAYGROUND, _PLAYGROUND_POLICY) if PLAYGROUND.exists() else (SMALL_PAGE, _POLICY)
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache", "Vary": "Accept"}
    return FileResponse(page, media_type="text/html", headers=headers)


def _export(store: GraphStore, name: str, parameters: QueryParams) -> Response:
    formats = {wanted.file_name: wanted for wanted in ExportFormat}
    if name not in formats:
        message = f"There is no export of this name; there are {', '.join(formats)}."
        return error_response(ErrorCode.NOT_FOUND, message)
    wanted = formats[name]
    try:
        chunks = store.reader().export(wanted, read_part(_single(parameters)))
    except (InputError, ExportError) as error:
        return error_response(code_of(error), str(error))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(chunks, media_type=wanted.media_type, headers=headers)


def _single(parameters: QueryParams) -> dict[str, str]:
    """The value of each parameter."""
    for name in parameters:
        if len(parameters.getlist(name)) > 1:
            raise PartError(f"The parameter {quote(name)} is given more than once; give it once.")
    return dict(parameters)


async def _landing_page(_: Request) -> Response:
    return FileResponse(STATIC / "index.html", media_type="text/html", headers={"Cache-Control": "no-cache"})


async def _schema(_: Request) -> Response:
    return PlainTextResponse(print_schema(), media_type="application/graphql; charset=utf-8")


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        allowed = ", ".join(sorted((error.headers or {})["Allow"].split(", ")))
        message = f"{request.method} is not allowed here; use {allowed}."
        return error_response(ErrorCode.METHOD_NOT_ALLOWED, message, {"Allow": allowed})
    return error_response(ErrorCode.NOT_FOUND, "Nothing stands at this URL; the start page is /.")


async def _internal_error(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    message = "The service failed to answer; its log has the details."
    return error_response(ErrorCode.INTERNAL_SERVER_ERROR, message, _SECURITY_HEADERS)  # made outside the middleware
