"""GraphQL over HTTP: a request's parts read and checked, and its answer in the media type that the client takes.

Follows the GraphQL over HTTP specification (https://graphql.github.io/graphql-over-http/draft/). Whatever is wrong with
a request is answered in GraphQL's own error shape. A plain ASGI application: most of what a framework would do for a request
takes longer than answering it.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers as StarletteHeaders
from starlette.types import Message, Receive, Scope, Send

from api.errors import ErrorCode, RequestError, current_request_id, present_failure
from api.execution import Answer, Need, Operation, OperationRequest, query_hash
from api.execution.fragments import SelectionKey
from api.schema.context import settle
from api.service.access import Client, counted_address
from api.service.rate_limit import RateLimitedError
from api.service.service import GraphqlService, Reply
from api.service.trusted_documents import document_id
from api.settings import Settings
from api.streams import EventStream, OpenStreams
from api.streams.origin import foreign_refusal, is_foreign
from api.streams.sse import EVENT_STREAM, only_event
from api.telemetry import RequestRecord, Telemetry
from api.web.asgi import CLIENT_GONE, Headers, encoded_headers, error_body, read_body, send_answer, status_of
from api.web.compression import ENCODINGS, SMALLEST
from api.web.negotiation import (
    GRAPHQL_RESPONSE,
    JSON,
    accepts_event_stream,
    preferred_encoding,
    preferred_media_type,
    prefers_event_stream,
)
from graph.stores.protocol import GraphReader

logger = logging.getLogger(__name__)

_MOST_PARAMETERS = 50
_KNOWN_REQUESTS = 1_000
_KNOWN_LENGTH = 4_096
"""Bytes of a body whose meaning is kept."""
_BESIDE_LOOP = 65_536
"""Bytes; compressing more takes longer than a request may hold up others."""


class _Asked(NamedTuple):
    """What the answer shall tell besides."""

    cost: bool
    explanation: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """What a body asks for, kept for when it comes again: its answer can then be found without reading it once more.

    It holds no answer, nothing that differs between clients or snapshots, and nothing that is large.
    """

    key: SelectionKey
    """Of the answer."""
    tells_cost: bool
    query: str
    variable_names: Sequence[str]
    operation_name: str | None
    operation_type: str | None
    query_hash: str | None

    @classmethod
    def of(cls, key: SelectionKey, tells_cost: bool, record: RequestRecord) -> "_Known":
        """What is known from the record of the request when it came first."""
        told = (
            record.query or "",
            record.variable_names,
            record.operation_name,
            record.operation_type,
            record.query_hash,
        )
        return cls(key, tells_cost, *told)


class GraphqlEndpoint:
    """Answers the requests for operations of one service."""

    def __init__(
        self,
        settings: Settings,
        service: GraphqlService,
        streams: OpenStreams,
        telemetry: Telemetry,
        security: Headers,
    ) -> None:
        self._service = service
        self._streams = streams
        self._telemetry = telemetry
        self._body_limit = settings.max_body_kb * 1024
        self._tag_base = f"{version('frontgraph')} {settings}"
        self._max_cost = settings.max_cost
        self._allowed_origins = settings.allowed_origins
        self._max_age = f"max-age={settings.cache_max_age}" if settings.cache_max_age else ""
        varies = "Accept, Accept-Encoding" + (", Authorization" if service.access.has_tokens else "")
        self._headers: Headers = ((b"vary", varies.encode()), *security)
        self._known: dict[bytes, _Known] = {}
        """By body; all are dropped when they are too many."""

    def known(self, body: bytes) -> _Known | None:
        """What a body asks for, if that was kept."""
        return self._known.get(body)

    def know(self, body: bytes, known: _Known) -> None:
        """Keeps what a body asks for."""
        if len(body) <= _KNOWN_LENGTH:
            if len(self._known) >= _KNOWN_REQUESTS:
                self._known.clear()
            self._known[body] = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request by GET, HEAD or POST, whatever is in it."""
        exchange = _Exchange(self, scope, receive, send)
        tracing = self._telemetry.tracing
        if tracing is None:
            await exchange.answer()
        else:
            with tracing.request(exchange.record, "/graphql", scope["headers"]):
                await exchange.answer()
        if exchange.stream is not None:  # with nothing of the request on the stack: there may be thousands of them
            await exchange.send_events()


class _Exchange:
    """One request and what answers it."""

    def __init__(
        self,
        endpoint: GraphqlEndpoint,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        method: str = scope["method"]
        headers: dict[bytes, bytes] = dict(scope["headers"])
        self._endpoint = endpoint
        self._scope = scope
        self._receive = receive
        self._send = send
        self._given = headers
        self._is_post = method == "POST"
        self._started = time.perf_counter()
        host, _ = scope.get("client") or ("", 0)
        request_id = endpoint._telemetry.request_ids.next(_text(headers, b"x-request-id"))
        self.record = RequestRecord(request_id, method, scope["path"], counted_address(host))
        self._headers = [*endpoint._headers, (b"x-request-id", request_id.encode())]
        self._media_type = JSON
        self._is_begun = False
        self._takes_stream = False
        self._is_stream = False
        self.stream: EventStream[Client] | None = None
        """What is left to be sent after `answer`."""

    async def answer(self) -> None:
        token = current_request_id.set(self.record.request_id)
        try:
            await self._answer()
        except RequestError as cause:
            await self._refuse(cause)
        except asyncio.CancelledError:
            self.record.outcome = "refused"
            self._tell(CLIENT_GONE, 0)
            raise
        except Exception:
            logger.exception("%s %s failed", self.record.method, self.record.path)
            if self._is_begun:
                raise  # there is nothing to say any more; the server ends the connection
            self.record.outcome, self.record.refusal = "error", ErrorCode.INTERNAL_SERVER_ERROR
            body = orjson.dumps({"errors": [present_failure()]})
            await self._finish(500, body, [(b"cache-control", b"no-store")])
        finally:
            current_request_id.reset(token)

    async def _refuse(self, cause: RequestError) -> None:
        """Apart from where it is caught: there a name for it would be a cycle, which would keep the graph that was read."""
        error, headers = self._charged(cause)
        self.record.outcome, self.record.refusal = "refused", error.code
        more = [*encoded_headers(headers), (b"cache-control", b"no-store")]
        status, body = status_of(error.code), error_body(error.code, str(error))
        if self._is_stream and status == 200:  # a client reads an answer of this status as events, whatever its type
            self._media_type, body = EVENT_STREAM, only_event(body)
        await self._finish(status, body, more)

    def _charged(self, error: RequestError) -> tuple[RequestError, Mapping[str, str]]:
        """The refusal with its headers, or that of a client who has caused too many of them."""
        if isinstance(error, RateLimitedError):
            return error, error.headers
        try:
            headers = self._endpoint._service.charge(Client(self.record.client), 1)
        except RateLimitedError as limited:
            return limited, limited.headers
        return error, {**headers, **error.headers}

    async def _answer(self) -> None:
        endpoint = self._endpoint
        client = endpoint._service.access.client(_text(self._given, b"authorization"), self.record.client)
        accept = _text(self._given, b"accept")
        self._takes_stream = accepts_event_stream(accept)
        self._is_stream = prefers_event_stream(accept)
        if not self._is_stream:
            self._media_type = _media_type(accept)
        body = await self._body() if self._is_post else b""
        if not self._is_stream and await self._answer_again(body, client):
            return
        request, asked = self._operation(_body_parameters(body) if self._is_post else self._url_parameters())
        record = self.record
        record.operation_name, record.query = request.operation_name, request.query
        record.variable_names = tuple(request.variables)
        if self._is_stream:
            self._begin_stream(request, client)
        elif asked.explanation:
            reply = await endpoint._service.answer(request, client, endpoint._service.reader(client), explains=True)
            self._note_operation(reply)
            await self._reply(reply, asked.cost)
        elif self._is_post:
            reply = await endpoint._service.answer(request, client, endpoint._service.reader(client))
            if self._is_for_stream(reply):
                self._begin_stream(request, client)
                return
            self._note_operation(reply)
            if reply.key is not None:
                endpoint.know(body, _Known.of(reply.key, asked.cost, record))
            await self._reply(reply, asked.cost)
        else:
            await self._answer_get(request, asked.cost, client)

    def _is_for_stream(self, reply: Reply) -> bool:
        """Whether it was found out to be a subscription, by a client that takes events though it prefers one answer."""
        return reply.code is ErrorCode.STREAM_REQUIRED and self._takes_stream

    def _begin_stream(self, request: OperationRequest, client: Client) -> None:
        self._refuse_foreign()
        self.record.protocol = "sse"
        self.stream = EventStream(self._endpoint._service, self._endpoint._streams, request, client)

    async def _answer_get(self, request: OperationRequest, tells_cost: bool, client: Client) -> None:
        service = self._endpoint._service
        reader = service.reader(client)
        service.check_variables(request)
        known = service.known(request)
        if known is not None and not known.is_subscription:
            tag = await self._tell_tag(known, request, client, reader, tells_cost)
            if self._known_tags() & {tag, b"*"}:
                await self._not_modified(client)
                return
        reply = await service.answer(request, client, reader)
        if self._is_for_stream(reply):
            self._begin_stream(request, client)
            return
        if known is None and reply.operation is not None:
            await self._tell_tag(reply.operation, request, client, reader, tells_cost)
        self._note_operation(reply)
        await self._reply(reply, tells_cost)

    async def _tell_tag(
        self, operation: Operation, request: OperationRequest, client: Client, reader: GraphReader, tells_cost: bool
    ) -> bytes:
        """The tag of the answer without the mark of a weak one; the client is told it."""
        base = self._endpoint._tag_base
        if Need.HISTORY in operation.needs.of(request.variables):
            base += f" {(await settle(reader.info())).loaded_at}"
        tag = _tag(base, reader, self._media_type, request, tells_cost)
        self._headers += [(b"etag", b"W/" + tag), (b"cache-control", self._cache_control(client))]
        return tag

    async def _answer_again(self, body: bytes, client: Client) -> bool:
        """Whether what is known of the body was enough to answer it."""
        service = self._endpoint._service
        known = self._endpoint.known(body)
        reply = service.again(known.key, client, service.reader(client)) if known else None
        if known is None or reply is None:
            return False
        record = self.record
        record.query, record.variable_names = known.query, known.variable_names
        record.operation_name, record.operation_type = known.operation_name, known.operation_type
        record.query_hash = known.query_hash
        await self._reply(reply, known.tells_cost)
        return True

    def _note_operation(self, reply: Reply) -> None:
        if reply.operation is not None:
            self.record.operation_name, self.record.operation_type = reply.operation.name, reply.operation.type_name
            self.record.query_hash = reply.operation.query_hash

    async def _reply(self, reply: Reply, tells_cost: bool) -> None:
        record = self.record
        record.outcome, record.refusal, record.cost = reply.outcome, reply.code, reply.cost
        record.executor, record.fallback = reply.executor, reply.fallback
        status = 200
        if reply.code is not None or reply.is_newer or reply.explanation:  # a tag would be that of the snapshot before
            self._headers = [(name, value) for name, value in self._headers if name not in (b"etag", b"cache-control")]
            self._headers.append((b"cache-control", b"no-store"))
        if reply.code is not None and not reply.is_executed and self._media_type == GRAPHQL_RESPONSE:
            status = 400
        self._headers += encoded_headers(reply.headers)
        answer = reply.answer
        told: dict[str, Any] = {}
        if tells_cost and reply.cost is not None:
            told["cost"] = {"estimated": reply.cost, "limit": self._endpoint._max_cost}
        if reply.explanation:
            told["explain"] = reply.explanation
        if told:
            answer = Answer(_with_extensions(answer.body, told))
        body = await self._encoded(answer)
        await self._finish(status, body)

    def _refuse_foreign(self) -> None:
        """A page of another origin could not read the events, but would take a place."""
        headers = StarletteHeaders(scope=self._scope)
        if is_foreign(headers, self._endpoint._allowed_origins):
            raise RequestError(ErrorCode.FORBIDDEN, foreign_refusal(headers))

    def _known_tags(self) -> set[bytes]:
        """The tags of answers that the client holds, strong or weak."""
        lines = [value for name, value in self._scope["headers"] if name == b"if-none-match"]
        return {tag.strip().removeprefix(b"W/") for line in lines for tag in line.split(b",")}

    async def _not_modified(self, client: Client) -> None:
        self._headers += encoded_headers(self._endpoint._service.charge(client, 1))
        await self._finish(304, b"")

    async def send_events(self) -> None:
        """Sends the stream, for as long as it goes on."""
        assert self.stream is not None
        self._given = {}
        try:
            await self.stream(self._scope, self._receive, self._send_with_headers)
        finally:
            self.record.query = None  # it is not slow because somebody listens for long
            self._tell(200, 0)

    async def _send_with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *self._headers]
            self._headers = []
        await self._send(message)

    async def _encoded(self, answer: Answer) -> bytes:
        encoding = preferred_encoding(_text(self._given, b"accept-encoding"))
        if encoding is None or len(answer.body) < SMALLEST:
            return answer.body
        self._headers.append((b"content-encoding", encoding.encode()))
        body = answer.form(encoding)
        if body is None:
            make = ENCODINGS[encoding]
            is_long = len(answer.body) > _BESIDE_LOOP
            body = await asyncio.to_thread(make, answer.body) if is_long else make(answer.body)
            answer.keep_form(encoding, body)
        return body

    async def _finish(self, status: int, body: bytes, more: Headers = ()) -> None:
        if status != 304:
            self._headers.append((b"content-type", f"{self._media_type}; charset=utf-8".encode()))
        self._is_begun = True
        await send_answer(self._send, status, [*self._headers, *more], body)
        self._tell(status, len(body))

    def _tell(self, status: int, size: int) -> None:
        record = self.record
        record.status, record.size = status, size
        record.seconds = time.perf_counter() - self._started
        if record.query is not None and record.query_hash is None:
            record.query_hash = query_hash(record.query)
        self._endpoint._telemetry.record(record)

    def _cache_control(self, client: Client) -> bytes:
        max_age = self._endpoint._max_age
        if client.is_known:
            return f"private, {max_age or 'no-cache'}".encode()
        return f"public, {max_age}".encode() if max_age else b"no-cache"

    def _url_parameters(self) -> dict[str, Any]:
        try:
            pairs = parse_qsl(self._scope["query_string"].decode("latin-1"), max_num_fields=_MOST_PARAMETERS)
        except ValueError as cause:
            message = f"The URL has more than {_MOST_PARAMETERS} parameters, which is the limit."
            raise RequestError(ErrorCode.BAD_REQUEST, message) from cause
        parameters: dict[str, Any] = dict(pairs)
        for name in ("variables", "extensions"):
            if name in parameters:
                parameters[name] = _json(parameters[name].encode(), f"The URL parameter `{name}`")
        return parameters

    async def _body(self) -> bytes:
        _check_body_type(self._given)
        return await read_body(self._given, self._receive, self._endpoint._body_limit)

    def _operation(self, parameters: Mapping[str, Any]) -> tuple[OperationRequest, _Asked]:
        """What is to be executed, and what the answer shall tell besides."""
        query = _parameter(parameters, "query", str, "text")
        variables = _parameter(parameters, "variables", dict, "an object")
        extensions = _parameter(parameters, "extensions", dict, "an object") or {}
        name = _parameter(parameters, "operationName", str, "text") or None  # some clients send an empty one for none
        text = self._endpoint._service.query_text(query, document_id(parameters), extensions)
        asked = _Asked(extensions.get("cost") is True, extensions.get("explain") is True)
        return OperationRequest(text, variables or {}, name), asked


def _tag(base: str, reader: GraphReader, media_type: str, request: OperationRequest, tells_cost: bool) -> bytes:
    """Of the answer, before it is made: the same snapshot answers the same operation with the same data."""
    asked = orjson.dumps(
        [base, reader.version, media_type, request.query, request.variables, request.operation_name, tells_cost]
    )
    return b'"%b"' % hashlib.blake2b(asked, digest_size=16).hexdigest().encode()


def _with_extensions(body: bytes, told: Mapping[str, Any]) -> bytes:
    """The response with these extensions beside the hints that may end it."""
    own: dict[str, Any] = {}
    place = body.rfind(b',"extensions":{"hints":')
    if place >= 0:
        with suppress(orjson.JSONDecodeError):  # a part of the data, which looks alike
            own = orjson.loads(b"{" + body[place + 1 :])["extensions"]
            body = body[:place] + b"}"
    return b'%b,"extensions":%b}' % (body[:-1], orjson.dumps({**own, **told}))


def _media_type(accept: str | None) -> str:
    media_type = preferred_media_type(accept)
    if media_type is None:
        message = f"The service answers {GRAPHQL_RESPONSE} or {JSON}; accept one of them."
        raise RequestError(ErrorCode.NOT_ACCEPTABLE, message)
    return media_type


def _json(data: bytes, what: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise RequestError(ErrorCode.BAD_REQUEST, f"{what} is not JSON: {cause}.") from cause


def _check_body_type(headers: Mapping[bytes, bytes]) -> None:
    content_type = _text(headers, b"content-type") or ""
    if content_type != JSON:
        media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
        charsets = [name.removeprefix("charset=").strip('"') for name in parameters if name.startswith("charset=")]
        if media_type != JSON or not {"utf-8", "utf8"}.issuperset(charsets):
            message = f"The body must be JSON in UTF-8; send it with the header “Content-Type: {JSON}”."
            raise RequestError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message)
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RequestError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is compressed; send it as it is.")


def _body_parameters(body: bytes) -> dict[str, Any]:
    value = _json(body, "The body")
    if isinstance(value, list):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is a list; send one operation in one request.")
    if not isinstance(value, dict):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is no JSON object; send {“query”: …}.")
    return value


def _parameter(parameters: Mapping[str, Any], name: str, wanted: type, meaning: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, wanted):
        raise RequestError(ErrorCode.BAD_REQUEST, f"`{name}` must be {meaning}.")
    return value


def _text(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")
