"""Errors as clients see them: a message and a stable `extensions.code`, without internals of the service."""

import logging
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from enum import Enum
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from graph.errors import (
    BudgetError,
    CursorError,
    CursorExpiredError,
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

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
"""Of the request that is being answered, set by whoever answers it: it is found again in the lines of the log and in errors."""

LONGEST_MESSAGE = 500
"""Characters; longer messages are shortened."""


class ErrorCode(Enum):
    """The values of `extensions.code`. A code never changes its meaning."""

    BAD_REQUEST = "BAD_REQUEST"
    """The HTTP request is no GraphQL request."""
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No query is known by this hash, or no longer; send the query with it."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The query is not GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The query does not fit the schema."""
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    """The query holds no operation of the name, or several and no name was given."""
    STREAM_REQUIRED = "STREAM_REQUIRED"
    """A subscription was sent in a request that can have one response only."""
    TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"
    """The socket, or the service, has as many open operations as it may have."""
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    """The service answers trusted documents only, and this is not one of them."""
    RATE_LIMITED = "RATE_LIMITED"
    """The client has asked for too much in the last minute; try again later."""
    TIME_LIMIT_EXCEEDED = "TIME_LIMIT_EXCEEDED"
    """The work took too long and was stopped."""
    ANSWER_TOO_LARGE = "ANSWER_TOO_LARGE"
    """The answer would have more bytes than one may; the message names the field that weighs most."""
    QUERY_TOO_LONG = "QUERY_TOO_LONG"
    """The query has too many characters, tokens or operations."""
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    """The query, or an introspection in it, is nested too deeply."""
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
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    """The cursor was right, but its list has been computed anew; the reader has to start again."""
    BAD_PAGE = "BAD_PAGE"
    """`first` or `last` is negative or above the limit."""
    BAD_FILTER = "BAD_FILTER"
    BAD_ORDER = "BAD_ORDER"
    BAD_PART = "BAD_PART"
    """A selection for export that contradicts itself."""
    BAD_SEARCH = "BAD_SEARCH"
    """A text that cannot be searched for."""
    BAD_TIME = "BAD_TIME"
    """A time zone, an interval or a span of time that cannot be answered."""
    BAD_TRAVERSAL = "BAD_TRAVERSAL"
    BAD_BUDGET = "BAD_BUDGET"
    """A traversal that is too deep or too wide."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """The client gave no token where one is needed, or a wrong one."""
    FORBIDDEN = "FORBIDDEN"
    """The client may not ask for this here."""
    NOT_FOUND = "NOT_FOUND"
    """There is nothing at this URL, or the graph does not hold what was named."""
    NOT_INSTALLED = "NOT_INSTALLED"
    """This needs an optional dependency that is not installed."""
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    NOT_ACCEPTABLE = "NOT_ACCEPTABLE"
    BODY_TOO_LARGE = "BODY_TOO_LARGE"
    HEAD_TOO_LARGE = "HEAD_TOO_LARGE"
    """The request line and the headers are too large or too many."""
    REQUEST_TIMEOUT = "REQUEST_TIMEOUT"
    """The request came too slowly."""
    OVERLOADED = "OVERLOADED"
    """The service has as much work as it can take; the `Retry-After` header says when to try again."""
    NOT_READY = "NOT_READY"
    """The service is still loading its articles; the `Retry-After` header says when to try again."""
    UNSUPPORTED_MEDIA_TYPE = "UNSUPPORTED_MEDIA_TYPE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"
    """The service failed; its log has the details."""


_CODES: dict[type[GraphError], ErrorCode] = {
    NotFoundError: ErrorCode.NOT_FOUND,
    IdError: ErrorCode.BAD_ID,
    UrlError: ErrorCode.BAD_URL,
    CursorError: ErrorCode.BAD_CURSOR,
    CursorExpiredError: ErrorCode.CURSOR_EXPIRED,
    PageError: ErrorCode.BAD_PAGE,
    FilterError: ErrorCode.BAD_FILTER,
    OrderError: ErrorCode.BAD_ORDER,
    SelectionError: ErrorCode.BAD_PART,
    SearchError: ErrorCode.BAD_SEARCH,
    TimeError: ErrorCode.BAD_TIME,
    TraversalError: ErrorCode.BAD_TRAVERSAL,
    BudgetError: ErrorCode.BAD_BUDGET,
    ExportError: ErrorCode.NOT_INSTALLED,
}


def code_of(error: GraphError) -> ErrorCode:
    """The code of an error that the graph raised."""
    return _CODES[type(error)]


class RequestError(Exception):
    """A request that is refused before any of it is executed."""

    def __init__(self, code: ErrorCode, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.headers = headers or {}
        """HTTP response headers, such as `Retry-After`."""


def present_request_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The errors of an operation that was not executed, as the response holds them."""
    return [_present(error, _request_code(error)) for error in errors]


def present_field_errors(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The errors of fields that were executed, as the response holds them; failures of ours are masked, and logged as one."""
    failed = [error for error in errors if _is_failure(error)]
    if failed:
        others = f", as did {len(failed) - 1:,} others" if len(failed) > 1 else ""
        logger.error("a field failed at %s%s", failed[0].path, others, exc_info=failed[0].original_error)
    return [_present_field_error(error) for error in errors]


def present_error(code: ErrorCode, message: str) -> dict[str, Any]:
    """An error without a location or a response path."""
    return {"message": shortened(message), "extensions": {"code": code.value}}


def shortened(message: str) -> str:
    """The message, with the middle cut out of a long one: it may quote whatever a client sent."""
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


def _is_failure(error: GraphQLError) -> bool:
    """Whether a field failed by our fault."""
    return not (error.original_error is None or isinstance(error.original_error, GraphQLError | InputError))


def _present_field_error(error: GraphQLError) -> dict[str, Any]:
    cause = error.original_error
    if isinstance(cause, InputError):
        return _present(error, code_of(cause))
    if not _is_failure(error):
        return _present(error, ErrorCode.BAD_USER_INPUT)
    message = "The service failed to answer this field; its log has the details."
    masked = _present(GraphQLError(message, error.nodes, path=error.path), ErrorCode.INTERNAL_SERVER_ERROR)
    masked["extensions"] |= _request_id()
    return masked


def present_failure() -> dict[str, Any]:
    """The masked error of a failure of the whole request."""
    error = present_error(ErrorCode.INTERNAL_SERVER_ERROR, "The service failed to answer; its log has the details.")
    error["extensions"] |= _request_id()
    return error


def _request_id() -> dict[str, str]:
    """The request's id, by which an operator finds in the log the details that are hidden from the client."""
    request_id = current_request_id.get()
    return {} if request_id is None else {"requestId": request_id}
