"""Errors as clients see them: a message, a stable `extensions.code`, and nothing of the service's inside."""

import logging
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from api.request_id import current_request_id
from graph.errors import (
    CursorError,
    ExportError,
    FilterError,
    GraphError,
    IdError,
    InputError,
    NotFoundError,
    OrderError,
    PageError,
    SearchError,
    SelectionError,
    TimeError,
    TraversalError,
    UrlError,
)

logger = logging.getLogger(__name__)

LONGEST_MESSAGE = 500
"""Characters."""


class ErrorCode(Enum):
    """What `extensions.code` can be. A code never changes its meaning."""

    BAD_REQUEST = "BAD_REQUEST"
    """The HTTP request is no GraphQL request."""
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No query was sent with this hash, or not lately; send the query with it."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The query is not GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The query does not fit the schema."""
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    """The query holds no operation of the name, or several and no name was given."""
    STREAM_REQUIRED = "STREAM_REQUIRED"
    """A subscription was sent as a request that can have one answer only."""
    TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"
    """The socket, or the service, has as many open operations as it may have."""
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    """The service answers some operations only, and this is none of them."""
    RATE_LIMITED = "RATE_LIMITED"
    """The client has asked for too much in the last minute; try again later."""
    TIME_LIMIT_EXCEEDED = "TIME_LIMIT_EXCEEDED"
    """The work took too long and was stopped."""
    QUERY_TOO_LONG = "QUERY_TOO_LONG"
    """The query has too many characters, words and signs, or operations."""
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    """The query, or introspection in it, is nested too deeply."""
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    TOO_MANY_REPEATED_FIELDS = "TOO_MANY_REPEATED_FIELDS"
    """Too many fields of the query have the same name."""
    TOO_MANY_DIRECTIVES = "TOO_MANY_DIRECTIVES"
    QUERY_TOO_EXPENSIVE = "QUERY_TOO_EXPENSIVE"
    """The query asks for more nodes, or for more work, than one request may."""
    INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"
    """The service does not tell its schema."""
    NUMBER_TOO_LARGE = "NUMBER_TOO_LARGE"
    """A number in the query or in the variables is out of any range."""
    VARIABLES_TOO_DEEP = "VARIABLES_TOO_DEEP"
    VARIABLES_TOO_LARGE = "VARIABLES_TOO_LARGE"
    """The variables hold too many values or too much text."""
    BAD_USER_INPUT = "BAD_USER_INPUT"
    """A variable or argument has a value that it cannot have."""
    BAD_ID = "BAD_ID"
    BAD_URL = "BAD_URL"
    BAD_CURSOR = "BAD_CURSOR"
    BAD_PAGE = "BAD_PAGE"
    """`first` or `last` is negative or above the limit."""
    BAD_FILTER = "BAD_FILTER"
    BAD_ORDER = "BAD_ORDER"
    BAD_PART = "BAD_PART"
    """What is to be exported is described in a way that makes no sense."""
    BAD_SEARCH = "BAD_SEARCH"
    """A text that cannot be searched for."""
    BAD_TIME = "BAD_TIME"
    """A time zone, an interval or a span of time that cannot be answered."""
    BAD_TRAVERSAL = "BAD_TRAVERSAL"
    """A way through the graph that is too deep or too wide."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """The client gave no token where one is needed, or a wrong one."""
    FORBIDDEN = "FORBIDDEN"
    """The client may not ask for this here."""
    NOT_FOUND = "NOT_FOUND"
    """Nothing stands at this URL, or the graph does not hold what was named."""
    NOT_INSTALLED = "NOT_INSTALLED"
    """The service lacks an optional part that this needs."""
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    HEAD_TOO_LARGE = "HEAD_TOO_LARGE"
    """The request line and the headers are too large or too many."""
    REQUEST_TIMEOUT = "REQUEST_TIMEOUT"
    """The request came too slowly."""
    OVERLOADED = "OVERLOADED"
    """The service has as much to do as it can take; the header `Retry-After` says when to come again."""
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    """The service failed; its log has the details."""


_CODES: dict[type[GraphError], ErrorCode] = {
    NotFoundError: ErrorCode.NOT_FOUND,
    IdError: ErrorCode.BAD_ID,
    UrlError: ErrorCode.BAD_URL,
    CursorError: ErrorCode.BAD_CURSOR,
    PageError: ErrorCode.BAD_PAGE,
    FilterError: ErrorCode.BAD_FILTER,
    OrderError: ErrorCode.BAD_ORDER,
    SelectionError: ErrorCode.BAD_PART,
    SearchError: ErrorCode.BAD_SEARCH,
    TimeError: ErrorCode.BAD_TIME,
    TraversalError: ErrorCode.BAD_TRAVERSAL,
    ExportError: ErrorCode.NOT_INSTALLED,
}


def code_of(error: GraphError) -> ErrorCode:
    """The code of what the graph refuses to answer."""
    return _CODES[type(error)]


class RequestError(Exception):
    """A request that is refused before any of it is executed."""

    def __init__(self, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        """What tells clients and proxies of HTTP what to do."""


def present_request_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Errors of an operation that was not executed, as the response holds them."""
    return [_present(error, _request_code(error)) for error in errors]


def present_field_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Errors of fields that were executed, as the response holds them; those of our own making are masked and logged."""
    return [_present_field_error(error) for error in errors]


def present_error(code: ErrorCode, message: str) -> dict[str, Any]:
    """An error that has no place in a query."""
    return {"message": shortened(message), "extensions": {"code": code.value}}


def shortened(message: str) -> str:
    """The message without its middle if it is long: it may quote whatever a client sent."""
    if len(message) <= LONGEST_MESSAGE:
        return message
    kept = LONGEST_MESSAGE // 2 - 1
    return f"{message[:kept]}…{message[-kept:]}"


def _present(error: GraphQLError, code: ErrorCode) -> dict[str, Any]:
    formatted: dict[str, Any] = {**error.formatted, "message": shortened(error.message)}
    formatted["extensions"] = {**(error.extensions or {}), "code": code.value}
    return formatted


def _request_code(error: GraphQLError) -> ErrorCode:
    if isinstance(error, GraphQLSyntaxError):
        return ErrorCode.GRAPHQL_PARSE_FAILED
    if isinstance(error.original_error, RequestError):
        return error.original_error.code
    return ErrorCode.GRAPHQL_VALIDATION_FAILED


def _present_field_error(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if cause is None or isinstance(cause, GraphQLError):
        return _present(error, ErrorCode.BAD_USER_INPUT)
    if isinstance(cause, InputError):
        return _present(error, code_of(cause))
    logger.error("a field failed at %s", error.path, exc_info=cause)
    message = "The service failed to answer this field; its log has the details."
    masked = _present(GraphQLError(message, error.nodes, path=error.path), ErrorCode.INTERNAL_SERVER_ERROR)
    masked["extensions"] |= _request_id()
    return masked


def present_failure() -> dict[str, Any]:
    """What is told of a failure that concerns the whole request."""
    error = present_error(ErrorCode.INTERNAL_SERVER_ERROR, "The service failed to answer; its log has the details.")
    error["extensions"] |= _request_id()
    return error


def _request_id() -> dict[str, str]:
    """By which an operator finds in the log what a client must not see."""
    request_id = current_request_id.get()
    return {} if request_id is None else {"requestId": request_id}
