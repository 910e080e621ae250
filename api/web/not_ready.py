"""The answers while the graph is loaded for the first time: the service lives, and is not ready."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from api.errors import ErrorCode
from api.server.security_headers import SECURITY
from api.web.asgi import error_body, status_of

_NOT_READY = status_of(ErrorCode.NOT_READY)
_AGAIN = {"Retry-After": "1", "Cache-Control": "no-store"}
_MESSAGE = "The articles are still being loaded; try again in a moment."


async def answer_not_ready(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI application. A browser asks again by itself, and a socket is refused as a request is."""
    if scope["type"] == "lifespan":
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})
        return

    async def send_to_socket(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    is_request = scope["type"] == "http"
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    response = _of_request(path, Request(scope)) if is_request else _refusal()
    response.headers.update(SECURITY)
    await response({**scope, "type": "http"}, receive, send if is_request else send_to_socket)


def _of_request(path: str, request: Request) -> Response:
    if path == "/healthz":
        return JSONResponse({"status": "ok"})
    if path == "/readyz":
        return JSONResponse({"status": "loading"}, _NOT_READY, _AGAIN)
    is_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if is_page:
        return PlainTextResponse(_MESSAGE, _NOT_READY, {**_AGAIN, "Refresh": "1"})
    return _refusal()


def _refusal() -> Response:
    body = error_body(ErrorCode.NOT_READY, _MESSAGE)
    return Response(body, _NOT_READY, _AGAIN, "application/json; charset=utf-8")
