"""Executes operations by the reference: `Schema.execute`, and for the events of a subscription graphql-core.

Strawberry's own `subscribe` would execute all events with one context, and keep every extension alive meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator
from inspect import isawaitable
from typing import Any, cast

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

from api.adapters.strawberry import core_schema, is_before_execution
from api.errors import ErrorCode, RequestError, present_error, present_field_errors, present_request_errors
from api.execution.operations import Operation, OperationRequest, read_document
from api.limits import Limits
from api.schema.assembly import schema as own_schema
from api.schema.context import Context
from api.schema.subscription import Changes, Feed, MakeContext, Subscriber

STREAM_REQUIRED = (
    "A subscription has many answers; ask for it with the header “Accept: text/event-stream”, "
    "or over a WebSocket with the subprotocol graphql-transport-ws."
)


async def execute(request: OperationRequest, context: Context, schema: Schema = own_schema) -> dict[str, Any]:
    """The response, ready for `to_json`: `data` and `errors`; without `data` if nothing was executed.

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
    result = await schema.execute(
        request.query,
        variable_values=request.variables,
        operation_name=request.operation_name,
        context_value=context,
    )
    if is_before_execution(result):
        return {"errors": present_request_errors(result.errors or [])}
    return _response(result)


def _response(result: StrawberryResult | ExecutionResult) -> dict[str, Any]:
    errors = result.errors or []
    if result.data is None and any(error.path is None for error in errors):
        return {"errors": present_field_errors(errors)}  # variables that cannot be coerced: nothing was executed
    response: dict[str, Any] = {"data": result.data}
    if errors:
        response["errors"] = present_field_errors(errors)
    return response


async def subscribe(
    operation: Operation,
    request: OperationRequest,
    feed: Feed,
    make_context: MakeContext,
    schema: Schema = own_schema,
) -> AsyncGenerator[dict[str, Any], None] | dict[str, Any]:
    """The responses of a subscription, each as `execute` has it, for as long as they are asked for.

    A single one if nothing was executed. To stop, close the generator or cancel who waits for it.
    """
    subscribed = _Subscribed(schema, operation, request)
    executor = subscribed.executor(None, Subscriber(feed, make_context))
    if isinstance(executor, list):
        return {"errors": present_field_errors(executor)}
    events = create_source_event_stream(executor)
    if isawaitable(events):
        events = await events
    if isinstance(events, ExecutionResult):
        return {"errors": present_field_errors(events.errors or [])}
    return subscribed.responses(cast(Changes, events), feed.turns)


class _Subscribed:
    """A subscription with its variables."""

    def __init__(self, schema: Schema, operation: Operation, request: OperationRequest) -> None:
        self._schema = core_schema(schema)
        self._operation = operation
        self._request = request

    def executor(self, root: object, context: object) -> Executor[Any] | list[GraphQLError]:
        return Executor.build(
            self._schema,
            self._operation.document,
            root_value=root,
            context_value=context,
            raw_variable_values=self._request.variables,
            operation_name=self._request.operation_name,
        )

    async def responses(self, changes: Changes, turns: asyncio.Semaphore) -> AsyncGenerator[dict[str, Any], None]:
        async for _ in changes:
            is_made, response = False, None
            while not is_made:
                await changes.until_ready()
                async with turns:
                    is_made = changes.is_ready  # while it waited for its turn there may have been a reload
                    if is_made:
                        response = await self._next_response(changes)
            if response is not None:
                yield response
            del response  # else it would be kept until the next event

    async def _next_response(self, changes: Changes) -> dict[str, Any] | None:
        event = await changes.event()
        if event is None:
            return None
        executor = self.executor(event.value, event.context)
        assert isinstance(executor, Executor)  # the variables were checked before
        result = execute_subscription_event(executor)
        return _response(await result if isawaitable(result) else result)
