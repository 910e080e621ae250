"""The few things of ASGI that every answer needs, and the one shape in which the service tells of errors."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import orjson
from starlette.types import Receive, Send

from api.errors import ErrorCode, RequestError, present_error

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

_BAD_REQUEST = 400
_STATUS = {
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: 200,  # as clients of persisted queries expect it
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.FORBIDDEN: 403,
    ErrorCode.DOCUMENT_NOT_TRUSTED: 403,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.RATE_LIMITED: 429,
    ErrorCode.HEAD_TOO_LARGE: 431,
    ErrorCode.INTERNAL_SERVER_ERROR: 500,
    ErrorCode.NOT_INSTALLED: 501,
    ErrorCode.OVERLOADED: 503,
    ErrorCode.NOT_READY: 503,
}


CLIENT_GONE = 499
"""What the log says of a request whose client went before its answer came, as nginx does; nobody is answered this."""


def status_of(code: ErrorCode) -> int:
    """The HTTP status of an error that concerns a whole request."""
    return _STATUS.get(code, _BAD_REQUEST)


def error_body(code: ErrorCode, message: str) -> bytes:
    """An error that concerns a whole request, as JSON."""
    return orjson.dumps({"errors": [present_error(code, message)]})


def encoded_headers(headers: Mapping[str, str]) -> Headers:
    """The headers as ASGI has them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


async def send_answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Sends a whole answer."""
    length = [] if status == 304 else [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})


async def read_body(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The body of a request.

    Raises:
        RequestError: it is larger than the limit, or did not come whole.
    """
    length = headers.get(b"content-length", b"")
    if length.isdigit() and len(length) > 15:
        raise _too_large(limit)
    if length.isdigit() and int(length) > limit:
        raise _too_large(limit, f"has {int(length):,} bytes")
    message = await receive()
    body: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body"):
        if len(body) > limit:
            raise _too_large(limit)
        return body
    chunks = bytearray()
    while message["type"] == "http.request":
        chunks += message.get("body", b"")
        if len(chunks) > limit:
            raise _too_large(limit)
        if not message.get("more_body"):
            return bytes(chunks)
        message = await receive()
    raise RequestError(ErrorCode.BAD_REQUEST, "The connection was closed before the body was complete.")


def _too_large(limit: int, size: str = "has more bytes than are allowed") -> RequestError:
    message = f"The body {size}; the limit is {limit:,}. Send a smaller query."
    return RequestError(ErrorCode.BODY_TOO_LARGE, message)
