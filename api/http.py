"""GraphQL over HTTP: a request's parts read and checked, and its answer in the media type that the client takes.

Follows the GraphQL over HTTP specification (https://graphql.github.io/graphql-over-http/draft/). Whatever is wrong with
a request is answered in GraphQL's own error shape.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from api.context import Context
from api.errors import ErrorCode, present_error
from api.schema import OperationRequest, execute

BODY_LIMIT = 1024 * 1024
"""Bytes of a request's body."""

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

_STATUS = {
    ErrorCode.BAD_REQUEST: 400,
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.METHOD_NOT_ALLOWED: 405,
    ErrorCode.NOT_ACCEPTABLE: 406,
    ErrorCode.BODY_TOO_LARGE: 413,
    ErrorCode.UNSUPPORTED_MEDIA_TYPE: 415,
    ErrorCode.INTERNAL_SERVER_ERROR: 500,
}


class HttpError(Exception):
    """A request that is no GraphQL request."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def error_response(
    code: ErrorCode, message: str, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """An error that concerns the whole request, with the HTTP status that its code stands for."""
    body = orjson.dumps({"errors": [present_error(code, message)]})
    return Response(body, _STATUS[code], headers, f"{media_type}; charset=utf-8")


async def answer_graphql(request: Request, context: Callable[[], Context]) -> Response:
    """The answer to a GET or POST request for an operation."""
    media_type, headers = JSON, {"Vary": "Accept"}
    try:
        media_type = preferred_media_type(request.headers.get("accept"))
        operation = _from_url(request) if request.method in ("GET", "HEAD") else await _from_body(request)
    except HttpError as error:
        return error_response(error.code, str(error), headers, media_type)
    answer = await execute(operation, context())
    is_refused = "data" not in answer and media_type == GRAPHQL_RESPONSE
    return Response(to_json(answer), 400 if is_refused else 200, headers, f"{media_type}; charset=utf-8")


def to_json(value: object, indent: bool = False) -> bytes:
    """The value as JSON text."""
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_INDENT_2 if indent else None)
    except orjson.JSONEncodeError:  # orjson stops at 254 levels, which nested lists of related articles can reach
        return json.dumps(value, default=_plain, indent=2 if indent else None).encode()


def preferred_media_type(accept: str | None) -> str:
    """The media type of the answer; JSON unless the client asks for the one of GraphQL.

    Raises:
        HttpError: the client takes neither.
    """
    if not accept:
        return JSON
    qualities = _qualities(accept)
    by_preference = [*(name for name in qualities if name in (GRAPHQL_RESPONSE, JSON)), JSON, GRAPHQL_RESPONSE]
    best = max(by_preference, key=lambda name: _accepted(name, qualities))  # the first of equals
    if _accepted(best, qualities) <= 0:
        raise HttpError(
            ErrorCode.NOT_ACCEPTABLE, f"The service answers {GRAPHQL_RESPONSE} or {JSON}; accept one of them."
        )
    return best


def accepts_html(accept: str | None) -> bool:
    """Whether a browser asks, which wants a page at least as much as data."""
    qualities = _qualities(accept or "")
    html = qualities.get("text/html", 0.0)
    return html > 0 and html >= max(qualities.get(name, 0.0) for name in (GRAPHQL_RESPONSE, JSON))


def _qualities(accept: str) -> dict[str, float]:
    """Media range → how much it is wanted, from 0 to 1, in the order of the header."""
    entries = [[part.strip() for part in entry.lower().split(";")] for entry in accept.split(",")]
    return {media_range: _quality(parameters) for media_range, *parameters in entries}


def _accepted(media_type: str, qualities: Mapping[str, float]) -> float:
    ranges = (media_type, "application/*", "*/*")  # the most exact one counts
    return next((qualities[name] for name in ranges if name in qualities), 0.0)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 0.0
    return 1.0


def _from_url(request: Request) -> OperationRequest:
    parameters = {name: value for name, value in request.query_params.items() if value}
    for name in ("variables", "extensions"):
        if name in parameters:
            parameters[name] = _json(parameters[name].encode(), f"The URL parameter `{name}`")
    return _operation(parameters)


async def _from_body(request: Request) -> OperationRequest:
    media_type, *parameters = (part.strip() for part in request.headers.get("content-type", "").lower().split(";"))
    charsets = [name.removeprefix("charset=").strip('"') for name in parameters if name.startswith("charset=")]
    if media_type != JSON or not {"utf-8", "utf8"}.issuperset(charsets):
        message = f"The body must be JSON in UTF-8; send it with the header “Content-Type: {JSON}”."
        raise HttpError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, message)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpError(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body is compressed; send it as it is.")
    value = _json(await _read_body(request), "The body")
    if isinstance(value, list):
        raise HttpError(ErrorCode.BAD_REQUEST, "The body is a list; send one operation in one request.")
    if not isinstance(value, dict):
        raise HttpError(ErrorCode.BAD_REQUEST, "The body is no JSON object; send {“query”: …}.")
    return _operation(value)


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > BODY_LIMIT:
                message = f"The body is larger than {BODY_LIMIT:,} bytes; send a smaller query."
                raise HttpError(ErrorCode.BODY_TOO_LARGE, message)
    except ClientDisconnect as cause:
        raise HttpError(ErrorCode.BAD_REQUEST, "The connection was closed before the body was complete.") from cause
    return bytes(body)


def _json(data: bytes, what: str) -> Any:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as cause:
        raise HttpError(ErrorCode.BAD_REQUEST, f"{what} is not JSON: {cause}.") from cause


def _operation(parameters: Mapping[str, Any]) -> OperationRequest:
    query = _parameter(parameters, "query", str, "text")
    if query is None:
        raise HttpError(ErrorCode.BAD_REQUEST, "The request has no `query`.")
    variables = _parameter(parameters, "variables", dict, "an object")
    _parameter(parameters, "extensions", dict, "an object")
    return OperationRequest(query, variables or {}, _parameter(parameters, "operationName", str, "text"))


def _parameter(parameters: Mapping[str, Any], name: str, wanted: type, meaning: str) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, wanted):
        raise HttpError(ErrorCode.BAD_REQUEST, f"`{name}` must be {meaning}.")
    return value


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
