"""`Refusal`: why the server ends a connection, and its answer where no application was asked."""

from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import TypeAlias

from api.errors import ErrorCode, present_error
from api.json_text import to_json
from api.server.limits import ServerLimits
from api.server.security_headers import SECURITY_HEADERS

RefusalCounter: TypeAlias = Callable[[str], None]
"""Takes the reason of a refusal."""


@dataclass(frozen=True)
class Refusal:
    reason: str
    """One word or two, for counting."""
    status: HTTPStatus
    code: ErrorCode
    message: str
    """May name limits, as `str.format` has it."""
    headers: bytes = b""

    def answer(self, limits: ServerLimits, more: bytes = b"") -> bytes:
        """The whole HTTP response, with these lines among its headers."""
        body = error_body(self.code, self.message.format(limits=limits))
        lines = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\ndate: {formatdate(usegmt=True)}\r\n".encode()
        length = b"content-length: %d\r\n" % len(body)
        return b"".join((lines, _HEADERS, self.headers, more, length, b"\r\n", body))


class RefusedError(Exception):
    """A client's request is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


_HEADERS = b"".join(
    b"%b: %b\r\n" % header
    for header in (
        (b"content-type", b"application/json; charset=utf-8"),
        *SECURITY_HEADERS,
        (b"connection", b"close"),
    )
)


WEBSOCKET_LINE = 8_000
"""Bytes of the longest line that the WebSocket library takes."""
_HANDSHAKE_REFUSED = "The WebSocket connection was refused; check its URL and headers."


def in_the_services_words(answer: bytes) -> bytes:
    """A refusal of a WebSocket by uvicorn: its status and what it asks for, with the text and the strictness of the service."""
    lines = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
    ours = (b"content-", b"connection:")
    kept = b"".join(line + b"\r\n" for line in lines if not line.lower().startswith(ours))
    body = error_body(ErrorCode.BAD_REQUEST, _HANDSHAKE_REFUSED)
    return b"%b%bcontent-length: %d\r\n\r\n%b" % (kept, _HEADERS, len(body), body)


def error_body(code: ErrorCode, message: str) -> bytes:
    """An error in GraphQL's shape."""
    return to_json({"errors": [present_error(code, message)]})


MALFORMED = Refusal(
    "malformed",
    HTTPStatus.BAD_REQUEST,
    ErrorCode.BAD_REQUEST,
    "This is no well-formed HTTP/1.1 request; send one, without TLS, to this port.",
)
UPGRADE = Refusal(
    "upgrade",
    HTTPStatus.BAD_REQUEST,
    ErrorCode.BAD_REQUEST,
    "The connection can be upgraded to “websocket” alone, by GET in HTTP/1.1 without a body, and while nothing else is being "
    "answered on it.",
)
HEAD_TOO_LARGE = Refusal(
    "head_too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ErrorCode.HEAD_TOO_LARGE,
    "The request line and the headers have more than {limits.max_head_bytes:,} bytes, or there are more than "
    "{limits.max_headers:,} headers; send a long query in the body of a POST request.",
)
LINE_TOO_LONG = Refusal(
    "head_too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ErrorCode.HEAD_TOO_LARGE,
    f"The request line or a header has more than {WEBSOCKET_LINE:,} bytes, which is the limit for a WebSocket; send less.",
)
SLOW_REQUEST = Refusal(
    "slow_request",
    HTTPStatus.REQUEST_TIMEOUT,
    ErrorCode.REQUEST_TIMEOUT,
    "The request did not arrive within {limits.request_timeout:g} seconds, which is the limit; send it faster.",
)
OVERLOADED = Refusal(
    "connections",
    HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.OVERLOADED,
    "The service has all of the {limits.max_connections:,} connections that it takes; try again in a second.",
    b"retry-after: 1\r\n",
)
CROWDED = Refusal(
    "connections_of_client",
    HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.RATE_LIMITED,
    "Your address has all of the {limits.max_connections_per_client:,} connections that one client may have; close some, or send "
    "requests one after the other on those.",
    b"retry-after: 1\r\n",
)
FAILED = Refusal(
    "failed",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.INTERNAL_SERVER_ERROR,
    "The service failed to answer; its log has the details.",
)
SLOW_READER = "slow_reader"
"""The reason for dropping a connection whose client takes nothing of what was written to it for too long."""
UNREAD = "unread"
"""The same where too much waits for all clients together, and this one has taken nothing for the longest time."""
REASONS = (
    MALFORMED.reason,
    UPGRADE.reason,
    HEAD_TOO_LARGE.reason,
    SLOW_REQUEST.reason,
    OVERLOADED.reason,
    CROWDED.reason,
    SLOW_READER,
    UNREAD,
)
"""All that connections are refused or ended for."""
