"""`Refusal`: why the server ends a connection, and its answer where no application was asked."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeAlias

from api.errors import ErrorCode, present_error
from api.json_text import to_json

RefusalCounter: TypeAlias = Callable[[str], None]
"""Takes the reason of a refusal."""


@dataclass(frozen=True)
class Refusal:
    reason: str
    """One word or two, for counting."""
    status: HTTPStatus
    code: ErrorCode
    message: str
    headers: bytes = b""

    def answer(self, date: bytes) -> bytes:
        """The whole HTTP response."""
        body = error_body(self.code, self.message)
        status_line = f"HTTP/1.1 {self.status.value} {self.status.phrase}\r\n".encode()
        length = b"content-length: %d\r\n" % len(body)
        return b"".join((status_line, b"date: ", date, b"\r\n", _HEADERS, self.headers, length, b"\r\n", body))


_HEADERS = b"content-type: application/json; charset=utf-8\r\nx-content-type-options: nosniff\r\nconnection: close\r\n"


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
    "The connection can be upgraded to “websocket” alone, and while nothing else is being answered on it.",
)
HEAD_TOO_LARGE = Refusal(
    "head_too_large",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    ErrorCode.HEAD_TOO_LARGE,
    "The request line and the headers are too large or too many; send a long query in the body of a POST request.",
)
SLOW_REQUEST = Refusal(
    "slow_request",
    HTTPStatus.REQUEST_TIMEOUT,
    ErrorCode.REQUEST_TIMEOUT,
    "The request did not arrive in time; send it faster.",
)
OVERLOADED = Refusal(
    "connections",
    HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.OVERLOADED,
    "The service has as many connections as it can take; try again in a second.",
    b"retry-after: 1\r\n",
)
FAILED = Refusal(
    "failed",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.INTERNAL_SERVER_ERROR,
    "The service failed to answer; its log has the details.",
)
PIPELINED = "pipelined"
"""The reason for closing a connection, after what was taken is answered, that holds too many requests at once."""
SLOW_READER = "slow_reader"
"""The reason for dropping a connection whose client does not take what was written to it."""
REASONS = (
    MALFORMED.reason,
    UPGRADE.reason,
    HEAD_TOO_LARGE.reason,
    SLOW_REQUEST.reason,
    OVERLOADED.reason,
    PIPELINED,
    SLOW_READER,
)
"""All that connections are refused or ended for."""
