"""GraphQL over WebSockets, with the protocol graphql-transport-ws."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from contextlib import aclosing, suppress
from typing import Any, Generic

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from api.errors import ErrorCode, RequestError, present_error
from api.execution import OperationRequest, Response
from api.json_text import to_json
from api.server.security_headers import SECURITY_HEADERS
from api.streams.messages import (
    PROTOCOL,
    ClientMessage,
    CloseCode,
    Complete,
    ConnectionInit,
    Ping,
    Pong,
    Subscribe,
    ViolationError,
    read_message,
)
from api.streams.open_streams import ConnectionTime, OpenStreams
from api.streams.origin import foreign_refusal, is_foreign
from api.streams.service import ClientGoneError, ClientT, StreamService, presented

logger = logging.getLogger(__name__)

OPERATIONS_PER_SOCKET = 100
"""The most operations open on one socket at a time."""
INIT_SECONDS = 10.0
"""How long a client may take to send `connection_init`."""
_CLOSE_SECONDS = 5.0
"""How long to wait for a client that reads nothing, to tell it why the socket is closed."""
_REASON_LIMIT = 123
"""The most bytes of a close reason (RFC 6455, section 5.5)."""


class WebSocketEndpoint(Generic[ClientT]):
    """An ASGI application for `websocket` scopes."""

    def __init__(
        self,
        service: StreamService[ClientT],
        streams: OpenStreams,
        *,
        allowed_origins: Collection[str] = (),
        init_seconds: float = INIT_SECONDS,
    ) -> None:
        self._service = service
        self._streams = streams
        self._allowed_origins = allowed_origins
        self._init_seconds = init_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # `websocket.connect`
        headers = Headers(scope=scope)
        if is_foreign(headers, self._allowed_origins):
            await _deny(send, foreign_refusal(headers))
            return
        with suppress(OSError):  # the client has gone
            if PROTOCOL in scope["subprotocols"]:
                await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
                await _Socket(self._service, self._streams, scope, receive, send).serve(self._init_seconds)
            else:
                await send({"type": "websocket.accept"})
                await _close(send, CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, f"The subprotocol must be {PROTOCOL}.")


class _Socket(Generic[ClientT]):
    """One accepted socket. Messages are handled one after another; each operation runs in a task of its own."""

    __slots__ = ("_client", "_operations", "_receive", "_scope", "_send", "_service", "_streams", "_tasks")

    def __init__(
        self, service: StreamService[ClientT], streams: OpenStreams, scope: Scope, receive: Receive, send: Send
    ) -> None:
        self._service = service
        self._streams = streams
        self._scope = scope
        self._receive = receive
        self._send = send
        self._client: tuple[ClientT] | None = None
        """None before `connection_init`; a tuple, since a client may itself be None."""
        self._operations: dict[str, asyncio.Task[None]] = {}
        """The open operations by id."""
        self._tasks: set[asyncio.Task[None]] = set()
        """The tasks of the open operations, and of those that are still ending."""

    async def serve(self, init_seconds: float) -> None:
        code, reason = CloseCode.INTERNAL_ERROR, "The service failed; its log has the details."
        try:
            async with self._streams.connection(init_seconds) as time:
                await self._converse(time)
            return
        except ViolationError as violation:
            code, reason = violation.code, str(violation)
        except TimeoutError:
            if self._streams.is_closing:
                code, reason = CloseCode.SERVICE_RESTART, "The service restarts; connect again."
            else:
                code, reason = CloseCode.INIT_TIMEOUT, f"`connection_init` must be sent within {init_seconds:g} s."
        except OSError:  # the client has gone
            return
        except Exception:
            logger.exception("a socket failed")
        finally:
            await _stop(self._tasks)
        await _close(self._send, code, reason)

    async def _converse(self, time: ConnectionTime) -> None:
        while True:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                return
            message = read_message(event.get("text"))
            await self._handle(message)
            if isinstance(message, ConnectionInit):
                time.lift()
            # Messages that arrived together would otherwise be handled without a turn for any other task.
            await asyncio.sleep(0)

    async def _handle(self, message: ClientMessage) -> None:
        match message:
            case ConnectionInit(payload):
                await self._acknowledge(payload)
            case Ping():
                await self._say({"type": "pong"})
            case Pong():
                pass
            case Subscribe(operation_id, operation):
                await self._start(operation_id, operation)
            case Complete(operation_id):
                task = self._operations.pop(operation_id, None)  # None if it ended while the message was on its way
                if task:
                    await _stop({task})

    async def _acknowledge(self, payload: Mapping[str, Any] | None) -> None:
        if self._client:
            raise ViolationError(CloseCode.TOO_MANY_INITS, "Too many initialisation requests: send one.")
        try:
            self._client = (self._service.authorize(self._scope, payload),)
        except RequestError as error:
            raise ViolationError(CloseCode.FORBIDDEN, str(error)) from error
        await self._say({"type": "connection_ack"})

    async def _start(self, operation_id: str, operation: OperationRequest) -> None:
        if self._client is None:
            raise ViolationError(CloseCode.UNAUTHORIZED, "Unauthorized: send `connection_init` first.")
        if operation_id in self._operations:
            raise ViolationError(CloseCode.SUBSCRIBER_EXISTS, f"Subscriber for {operation_id} already exists.")
        if len(self._tasks) >= OPERATIONS_PER_SOCKET:
            message = f"The socket has {OPERATIONS_PER_SOCKET} open operations; complete some, or open another socket."
            await self._refuse(operation_id, [present_error(ErrorCode.TOO_MANY_SUBSCRIPTIONS, message)])
            return
        task = asyncio.create_task(self._operate(operation_id, operation, self._client[0]))
        self._operations[operation_id] = task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _operate(self, operation_id: str, operation: OperationRequest, client: ClientT) -> None:
        """Runs an operation to its end; an error ends this operation alone, not the socket."""
        try:
            self._streams.take()
            try:
                errors = await self._answer(operation_id, operation, client)
            finally:
                self._streams.give_back()
        except ClientGoneError:
            return
        except Exception as error:
            errors = [presented(error)]
        # First free the id: the client may use it again as soon as it is told of the end.
        del self._operations[operation_id]
        with suppress(ClientGoneError):
            if errors:
                await self._refuse(operation_id, errors)
            else:
                await self._say({"id": operation_id, "type": "complete"})

    async def _answer(self, operation_id: str, operation: OperationRequest, client: ClientT) -> Any:
        """Sends all responses. Returns the errors of an operation that was not executed, else None."""
        answer = await self._service.subscribe(operation, client)
        if isinstance(answer, Response):
            if not answer.is_executed:
                return orjson.loads(answer.body)["errors"]
            await self._next(operation_id, answer)
            return None
        async with aclosing(answer) as responses:
            async for response in responses:
                await self._next(operation_id, response)
                del response  # or it would stay in memory until the next one
        return None

    async def _next(self, operation_id: str, response: Response) -> None:
        await self._say({"id": operation_id, "type": "next", "payload": orjson.Fragment(response.body)})

    async def _refuse(self, operation_id: str, errors: Any) -> None:
        await self._say({"id": operation_id, "type": "error", "payload": errors})

    async def _say(self, message: Mapping[str, Any]) -> None:
        try:
            await self._send({"type": "websocket.send", "text": to_json(message).decode()})
        except OSError as cause:
            raise ClientGoneError from cause


async def _stop(tasks: Collection["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


async def _close(send: Send, code: CloseCode, reason: str) -> None:
    short = reason.encode()[:_REASON_LIMIT].decode(errors="ignore")
    with suppress(OSError):  # the client has gone or reads nothing: TimeoutError is an OSError too
        async with asyncio.timeout(_CLOSE_SECONDS):
            await send({"type": "websocket.close", "code": int(code), "reason": short})


async def _deny(send: Send, why: str) -> None:
    error = present_error(ErrorCode.FORBIDDEN, why)
    headers = [(b"content-type", b"application/json; charset=utf-8"), *SECURITY_HEADERS]
    await send({"type": "websocket.http.response.start", "status": 403, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": to_json({"errors": [error]})})
