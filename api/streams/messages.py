"""The messages and close codes of the protocol graphql-transport-ws.

Defined in https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

import orjson

from api.execution import OperationRequest
from api.service.trusted_documents import document_id

PROTOCOL = "graphql-transport-ws"
MESSAGE_LIMIT = 1024 * 1024
"""The most bytes of a message."""
ID_LIMIT = 128
"""The most characters of an operation's id."""


class CloseCode(IntEnum):
    """Why the service closes a socket: codes of RFC 6455 and, from 4400 on, of the protocol."""

    MESSAGE_TOO_BIG = 1009
    SERVICE_RESTART = 1012
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    SUBPROTOCOL_NOT_ACCEPTABLE = 4406
    INIT_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITS = 4429
    INTERNAL_ERROR = 4500


class ViolationError(Exception):
    """The client violated the protocol; its socket must be closed with this code."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class Pong:
    pass


@dataclass(frozen=True, slots=True)
class Subscribe:
    id: str
    operation: OperationRequest


@dataclass(frozen=True, slots=True)
class Complete:
    id: str


ClientMessage: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete


def read_message(text: str | None) -> ClientMessage:
    """The message that a client sent; `text` is None for a binary one.

    Raises:
        ViolationError: it is not a message of the protocol.
    """
    if text is None:
        raise _bad("A message must be text.")
    data = text.encode()
    if len(data) > MESSAGE_LIMIT:
        raise ViolationError(CloseCode.MESSAGE_TOO_BIG, f"A message may have {MESSAGE_LIMIT:,} bytes.")
    try:
        message = orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise _bad("A message must be JSON, not nested too deeply.") from cause
    if not isinstance(message, dict):
        raise _bad("A message must be a JSON object.")
    name = message.get("type")
    read = _READERS.get(name) if isinstance(name, str) else None
    if read is None:
        raise _bad(f"The `type` of a message must be one of {', '.join(_READERS)}.")
    return read(message)


def _connection_init(message: Mapping[str, Any]) -> ConnectionInit:
    return ConnectionInit(_field(message, "payload", dict, "an object"))


def _ping(message: Mapping[str, Any]) -> Ping:
    _field(message, "payload", dict, "an object")
    return Ping()


def _pong(message: Mapping[str, Any]) -> Pong:
    _field(message, "payload", dict, "an object")
    return Pong()


def _subscribe(message: Mapping[str, Any]) -> Subscribe:
    operation_id = _id(message)
    payload = _field(message, "payload", dict, "an object") or {}
    query = _field(payload, "query", str, "text")
    extensions = _field(payload, "extensions", dict, "an object") or {}
    document = document_id(payload)
    if query is None and document is None and "persistedQuery" not in extensions:
        raise _bad("The `payload` of `subscribe` must have a `query`.")
    variables = _field(payload, "variables", dict, "an object") or {}
    name = _field(payload, "operationName", str, "text") or None  # some clients send an empty one for none
    return Subscribe(operation_id, OperationRequest(query or "", variables, name, document, extensions))


def _complete(message: Mapping[str, Any]) -> Complete:
    return Complete(_id(message))


def _id(message: Mapping[str, Any]) -> str:
    value = message.get("id")
    if not isinstance(value, str) or not 0 < len(value) <= ID_LIMIT:
        raise _bad(f"The `id` of an operation must be text of 1 to {ID_LIMIT} characters.")
    return value


_READERS: Mapping[str, Callable[[Mapping[str, Any]], ClientMessage]] = {
    "connection_init": _connection_init,
    "ping": _ping,
    "pong": _pong,
    "subscribe": _subscribe,
    "complete": _complete,
}


def _field(message: Mapping[str, Any], name: str, wanted: type, meaning: str) -> Any:
    value = message.get(name)
    if value is not None and not isinstance(value, wanted):
        raise _bad(f"`{name}` must be {meaning}.")
    return value


def _bad(reason: str) -> ViolationError:
    return ViolationError(CloseCode.BAD_REQUEST, reason)
