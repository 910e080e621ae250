"""Executes operations by the reference: `Schema.execute`, and for the events of a subscription graphql-core.

Strawberry's own `subscribe` would execute all events with one context, and keep every extension alive meanwhile.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Mapping
from inspect import isawaitable
from typing import Any, NamedTuple, TypeAlias, cast

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
)
from strawberry import Schema
from strawberry.types import ExecutionResult as StrawberryResult

from api.adapters.strawberry import AcyclicExecutor, core_schema, is_before_execution
from api.errors import ErrorCode, RequestError, present_error, present_field_errors, present_request_errors
from api.execution.answers import Response, response_of
from api.execution.hints import hints_of
from api.execution.operations import Operation, OperationRequest, read_document
from api.limits import Limits, add_hints
from api.schema.answer_size import counted
from api.schema.assembly import schema as own_schema
from api.schema.context import Context
from api.schema.subscription import Changes, Feed, MakeContext, Subscriber


class Told(NamedTuple):
    """What a subscriber is told of the changes up to a version."""

    version: str
    response: Response | None
    """None if nothing of it is for this subscriber."""


HaveDone: TypeAlias = Callable[[Callable[[], Coroutine[Any, Any, Told]]], Awaitable[Told]]
"""Has the work done that makes a response, wherever that may be."""


async def _here(work: Callable[[], Coroutine[Any, Any, Told]]) -> Told:
    return await work()


_RETRY_SECONDS = 1.0
STREAM_REQUIRED = (
    "A subscription has many answers; ask for it with the header “Accept: text/event-stream”, "
    "or over a WebSocket with the subprotocol graphql-transport-ws."
)


async def execute(request: OperationRequest, context: Context, schema: Schema = own_schema) -> dict[str, Any]:
    """The response, ready for `to_json`: `data` and `errors`; without `data` if nothing was executed, or it is too large.

    The document that the context brings is not parsed and validated again. A subscription is refused: it has more than
    one response. So is a document of several operations if none is named; Strawberry would execute the first.
    """
    if context.document is None:
        try:
            _, operation = read_document(request.query, request.operation_name, Limits.of(context.settings))
            if operation.operation is OperationType.SUBSCRIPTION:
                raise RequestError(ErrorCode.STREAM_REQUIRED, STREAM_REQUIRED)
        except RequestError as cause:
            return {"errors": [present_error(cause.code, str(cause))]}
        except GraphQLError as cause:
            return {"errors": present_request_errors([cause])}
    try:
        result = await schema.execute(
            request.query,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
        )
    finally:
        context.close()
    try:
        if context.settings.shows_schema:
            add_hints(core_schema(schema), result.errors or ())
        if is_before_execution(result):
            return {"errors": present_request_errors(result.errors or [])}
        response = _too_large(context) if context.answer_size.is_exceeded else _response(result)
        if context.missed and "data" in response and (hints := await hints_of(context)):
            response["extensions"] = {"hints": hints}
        return response
    finally:
        _forget_frames(result.errors or ())


def bounded(answer: Mapping[str, Any], context: Context) -> Response:
    """The response that holds this, which was executed in the context, or tells that it has too many bytes."""
    if not context.answer_size.is_exceeded:
        response = response_of(answer)
        if len(response.body) <= context.answer_size.limit:
            return response
    return response_of(_too_large(context))


def _too_large(context: Context) -> dict[str, Any]:
    refusal = context.answer_size.refusal()
    return {"errors": [present_error(refusal.code, str(refusal))]}


def _response(result: StrawberryResult | ExecutionResult) -> dict[str, Any]:
    errors = result.errors or []
    if result.data is None and any(error.path is None for error in errors):
        return {"errors": present_field_errors(errors)}  # variables that cannot be coerced: nothing was executed
    response: dict[str, Any] = {"data": result.data}
    if errors:
        response["errors"] = present_field_errors(errors)
    return response


def _forget_frames(errors: Iterable[GraphQLError]) -> None:
    """Takes away where the errors were raised: those frames hold the errors in turn, and with them all of the operation."""
    pending: list[BaseException | None] = [*errors]
    while pending:
        error = pending.pop()
        if error is not None and error.__traceback__ is not None:
            error.__traceback__ = None
            pending += (error.__cause__, error.__context__, getattr(error, "original_error", None))


async def subscribe(
    operation: Operation,
    request: OperationRequest,
    feed: Feed,
    make_context: MakeContext,
    schema: Schema = own_schema,
    have_done: HaveDone = _here,
    *,
    hide_suggestions: bool = False,
) -> AsyncGenerator[Response, None] | Response:
    """The responses of a subscription, for as long as they are asked for; `have_done` has each of them made.

    A single one if nothing was executed; with `hide_suggestions`, its errors tell no names but those that were given. To stop, close the generator or cancel who waits for it.
    """
    subscribed = _Subscribed(schema, operation, request, have_done, hide_suggestions)
    executor = subscribed.executor(None, Subscriber(feed, make_context))
    if isinstance(executor, list):
        if not hide_suggestions:
            add_hints(core_schema(schema), executor)
        return response_of({"errors": present_field_errors(executor)})
    events = create_source_event_stream(executor)
    if isawaitable(events):
        events = await events
    if isinstance(events, ExecutionResult):
        return response_of({"errors": present_field_errors(events.errors or [])})
    return subscribed.responses(cast(Changes, events), feed.turns)


class _Subscribed:
    """A subscription with its variables."""

    def __init__(
        self,
        schema: Schema,
        operation: Operation,
        request: OperationRequest,
        have_done: HaveDone,
        hide_suggestions: bool,
    ) -> None:
        self._schema = core_schema(schema)
        self._operation = operation
        self._request = request
        self._have_done = have_done
        self._hide_suggestions = hide_suggestions

    def executor(self, root: object, context: object) -> Executor[Any] | list[GraphQLError]:
        return AcyclicExecutor.build(
            self._schema,
            self._operation.document,
            root_value=root,
            context_value=context,
            raw_variable_values=self._request.variables,
            operation_name=self._request.operation_name,
            middleware=[counted],
            hide_suggestions=self._hide_suggestions,
        )

    async def responses(self, changes: Changes, turns: asyncio.Semaphore) -> AsyncGenerator[Response, None]:
        async for _ in changes:
            told: Told | None = None
            while told is None:
                await changes.until_ready()
                async with turns:
                    if changes.is_ready:  # while it waited for its turn there may have been a reload
                        told = await self._told(changes)
            changes.tell(told.version)
            if told.response is not None:
                yield told.response
            del told  # else it would be kept until the next event

    async def _told(self, changes: Changes) -> Told | None:
        """None if there is no time for it now."""
        version = changes.version
        try:
            return await self._have_done(lambda: self._event(changes))
        except RequestError as cause:
            if cause.code is ErrorCode.OVERLOADED:
                await asyncio.sleep(_RETRY_SECONDS)
                return None
            return Told(version, _untold([present_error(cause.code, str(cause))]))

    async def _event(self, changes: Changes) -> Told:
        """May be begun anew: nothing counts as told yet."""
        event = await changes.event()
        if event.value is None:
            return Told(event.version, None)
        executor = self.executor(event.value, event.context)
        assert isinstance(executor, Executor)  # the variables were checked before
        try:
            result = execute_subscription_event(executor)
            told = await result if isawaitable(result) else result
            answer = _response(told)
            _forget_frames(told.errors or ())
        finally:
            event.context.close()
        response = bounded(answer, event.context)
        return Told(event.version, response if response.is_executed else _untold(json.loads(response.body)["errors"]))


def _untold(errors: list[dict[str, Any]]) -> Response:
    """An event that could not be told."""
    message = f"{errors[0]['message']} What changed is not told; fetch again what you hold."
    return response_of({"data": None, "errors": [{**errors[0], "message": message}]})
