"""GraphQL over HTTP: a request's parts read and checked, and its answer in the media type that the client takes.

Follows the GraphQL over HTTP specification (https://graphql.github.io/graphql-over-http/draft/). Whatever is wrong with
a request is answered in GraphQL's own error shape.
"""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.compression import ENCODINGS, SMALLEST
from api.context import Context
from api.errors import ErrorCode, RequestError, present_error
from api.execution import Answer, PlannedExecutor
from api.json_text import to_json
from api.negotiation import GRAPHQL_RESPONSE, JSON, preferred_encoding, preferred_media_type
from api.persisted import PersistedQueries
from api.schema import OperationRequest, execute, schema
from api.settings import Settings
from graph.store import GraphReader, GraphStore

MEGABYTE = 1_000_000
BODY_LIMIT = 1024 * 1024
"""Bytes of a request's body."""

_BAD_REQUEST = 400
_STATUS = {
    ErrorCode.PERSISTED_QUERY_NOT_FOUND: 200,  # as clients of persisted queries expect it
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.INTERNAL_SERVER_ERROR: 500,
    ErrorCode.NOT_INSTALLED: 501,
}


def error_response(
    code: ErrorCode, message: str, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """An error that concerns the whole request, with the HTTP status that its code stands for."""
    body = orjson.dumps({"errors": [present_error(code, message)]})
    return Response(body, _STATUS.get(code, _BAD_REQUEST), headers, f"{media_type}; charset=utf-8")


class GraphqlEndpoint:
    """Answers the requests for operations of one service."""

    def __init__(self, settings: Settings, store: GraphStore) -> None:
        self._settings = settings
        self._store = store
        self._persisted = PersistedQueries()
        self._tag_base = f"{version('frontgraph')} {settings}"
        self._cache_control = f"public, max-age={settings.cache_max_age}" if settings.cache_max_age else "no-cache"
        self.executor = PlannedExecutor(
            schema,
            settings.max_query_tokens,
            settings.fragment_cache_mb * MEGABYTE,
            settings.answer_cache_mb * MEGABYTE,
        )

    async def answer(self, request: Request) -> Response:
        """The answer to a GET, HEAD or POST request."""
        media_type, headers = JSON, {"Vary": "Accept, Accept-Encoding"}
        try:
            media_type = _media_type(request)
            is_get = request.method != "POST"
            parameters = _from_url(request) if is_get else await _from_body(request)
            operation = self._operation(parameters)
        except RequestError as error:
            return error_response(error.code, str(error), headers, media_type)
        context = Context(self._store.reader(), self._settings)
        if is_get:
            headers |= {"ETag": self._tag(context.reader, media_type, operation), "Cache-Control": self._cache_control}
            if _is_known(request.headers.get("if-none-match"), headers["ETag"]):
                return Response(status_code=304, headers=headers)
        return await self._execute(operation, context, media_type, headers, request.headers.get("accept-encoding"))

    async def _execute(
        self,
        operation: OperationRequest,
        context: Context,
        media_type: str,
        headers: dict[str, str],
        accept_encoding: str | None,
    ) -> Response:
        status = 200
        answer = await self.executor.answer(operation.query, operation.variables, operation.operation_name, context)
        if answer is None:
            response = await execute(operation, context)
            answer = Answer(to_json(response))
            if "errors" in response:
                headers = {"Vary": headers["Vary"], "Cache-Control": "no-store"}
                status = 400 if "data" not in response and media_type == GRAPHQL_RESPONSE else 200
        body, encoding = answer.body, preferred_encoding(accept_encoding)
        if encoding and len(body) >= SMALLEST:
            body = answer.form(encoding, ENCODINGS[encoding])
            headers["Content-Encoding"] = encoding
        return Response(body, status, headers, f"{media_type}; charset=utf-8")

    def _operation(self, parameters: Mapping[str, Any]) -> OperationRequest:
        query = _parameter(parameters, "query", str, "text")
        variables = _parameter(parameters, "variables", dict, "an object")
        extensions = _parameter(parameters, "extensions", dict, "an object")
        name = _parameter(parameters, "operationName", str, "text")
        if extensions:
            query = self._persisted.query(query, extensions)
        if query is None:
            raise RequestError(ErrorCode.BAD_REQUEST, "The request has no `query`.")
        return OperationRequest(query, variables or {}, name)

    def _tag(self, reader: GraphReader, media_type: str, operation: OperationRequest) -> str:
        """Of the answer, before it is made: the same snapshot answers the same operation with the same data."""
        asked = orjson.dumps(
            [self._tag_base, reader.version, media_type, operation.query, operation.variables, operation.operation_name]
        )
        return f'W/"{hashlib.blake2b(asked, digest_size=16).hexdigest()}"'


def _is_known(if_none_match: str | None, tag: str) -> bool:
    """Whether the client holds the answer with this tag."""
    return if_none_match is not None and tag in [known.strip() for known in if_none_match.split(",")]


def _media_type(request: Request) -> str:
    media_type = preferred_media_type(request.headers.get("accept"))
    if media_type is None:
        message = f"The service answers {GRAPHQL_RESPONSE} or {JSON}; accept one of them."
        raise RequestError(ErrorCode.NOT_ACCEPTABLE, message)
    return media_type


def _from_url(request: Request) -> dict[str, Any]:
    parameters = {name: value for name, value in request.query_params.items() if value}
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _json(parameters[name].encode(), f"The URL parameter `{name}`")
    return parameters


async def _from_body(request: Request) -> dict[str, Any]:
    media_type, *parameters = (part.strip() for part in request.headers.get("content-type", "").lower().split(";"))
    charsets = [name.removeprefix("charset=").strip('"') for name in parameters if name.startswith("charset=")]
    if media_type != JSON or not {"utf-8", "utf8"}.issuperset(charsets):
        message = f"The body must be JSON in UTF-8; send it with the header “Content-Type: {JSON}”."
        raise RequestError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is compressed; send it as it is.")
    value = _json(await _read_body(request), "The body")
    if isinstance(value, list):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is a list; send one operation in one request.")
    if not isinstance(value, dict):
        raise RequestError(ErrorCode.BAD_REQUEST, "The body is no JSON object; send {“query”: …}.")
    return value


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                message = f"The body is larger than {BODY_LIMIT:,} bytes; send a smaller query."
                raise RequestError(ErrorCode.BODY_TOO_LARGE, message)
    except ClientDisconnect as cause:
        raise RequestError(ErrorCode.BAD_REQUEST, "The connection was closed before the body was complete.") from cause
    return bytes(body)


def _json(data: bytes, what: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise RequestError(ErrorCode.BAD_REQUEST, f"{what} is not JSON: {cause}.") from cause


def _parameter(parameters: Mapping[str, Any], name: str, wanted: type, meaning: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, wanted):
        raise RequestError(ErrorCode.BAD_REQUEST, f"`{name}` must be {meaning}.")
    return value
