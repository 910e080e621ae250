"""Assembles the schema, and executes operations against it: by plan where a context brings one, else with graphql-core."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any, cast

import orjson
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    OperationDefinitionNode,
    create_source_event_stream,
    execute_subscription_event,
    parse,
)
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext, PreExecutionError
from strawberry.types.execution import ExecutionResult as StrawberryResult
from strawberry.types.graphql import OperationType

from api.errors import ErrorCode, RequestError, present_error, present_field_errors, present_request_errors
from api.schema.context import Context
from api.schema.object_types import Article, Provider, Story, Topic
from api.schema.query import Query
from api.schema.scalars import SCALARS
from api.schema.subscription import Changes, Feed, MakeContext, Subscriber, Subscription


@dataclass
class _Checked(StrawberryResult):
    """A subscription that passed all checks, in the place of a result."""

    document: DocumentNode | None = None


class ExecutionByContext(SchemaExtension):
    """Executes one operation, as its context wants it.

    A document that the context brings is not parsed and validated again. One of several operations is refused when none is
    named; Strawberry would execute the first. What the context's attempt answers, graphql-core does not execute; that is JSON
    already, which orjson writes as it is. Nor is a subscription executed, which `subscribe` does for each event with a context
    of its own: Strawberry's own `subscribe` would do it with one context for all events, and keep every extension alive
    meanwhile.
    """

    def on_operation(self) -> None:  # type: ignore[override]  # a plain function is a hook too
        execution = self.execution_context
        context: Context = execution.context
        if context.document is not None:
            execution.graphql_document, execution.validation_rules = context.document, ()
        elif execution.query:
            execution.graphql_document = parse(execution.query, max_tokens=context.settings.max_query_tokens)
        if execution.graphql_document is not None and execution._provided_operation_name is None:
            _check_is_one(execution.graphql_document)

    async def on_execute(self) -> None:  # type: ignore[override]
        execution = self.execution_context
        context: Context = execution.context
        if context.attempt is not None:
            data = await context.attempt.data(execution.variables or {}, context)
            if data is not None:
                execution.result = StrawberryResult(cast(dict[str, Any], orjson.Fragment(data)), None)
        elif execution.operation_type is OperationType.SUBSCRIPTION:
            execution.result = _Checked(None, None, document=execution.graphql_document)


class OneExtensionRunner(SchemaExtensionsRunner):
    """Runs `ExecutionByContext` alone, and not for `execute_sync`.

    Strawberry's own runner opens an exit stack for each phase; together they take as long as a small answer.
    """

    def __init__(self, execution_context: ExecutionContext, extensions: list[SchemaExtension]) -> None:
        super().__init__(execution_context, extensions)
        (extension,) = extensions
        assert isinstance(extension, ExecutionByContext)
        self._extension = extension

    def operation(self) -> Any:
        return _Hook(self._extension.on_operation)

    def executing(self) -> Any:
        return _Hook(self._extension.on_execute)

    def parsing(self) -> Any:
        return _NO_HOOK

    def validation(self) -> Any:
        return _NO_HOOK


class _Hook:
    """Called as a phase begins."""

    def __init__(self, hook: Callable[[], Awaitable[None] | None]) -> None:
        self._hook = hook

    async def __aenter__(self) -> None:
        waiting = self._hook()
        if waiting is not None:
            await waiting

    async def __aexit__(self, *_: object) -> None:
        """Does nothing."""


_NO_HOOK = nullcontext()


def _check_is_one(document: DocumentNode) -> None:
    count = sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions)
    if count > 1:
        message = f"The document holds {count} operations; name one of them in `operationName`."
        error = RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, message)
        raise GraphQLError(message, original_error=error)


class FrontgraphSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Does nothing: clients' errors are not for the log, and `api.errors` logs the service's own."""

    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> OneExtensionRunner:
        return OneExtensionRunner(execution_context, extensions)


schema = FrontgraphSchema(
    query=Query,
    subscription=Subscription,
    types=[Article, Provider, Topic, Story],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[ExecutionByContext],
)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client wants executed."""

    query: str
    """Empty if the client said only the id of a document."""
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    document_id: str | None = None
    """Of a trusted document."""


async def execute(request: OperationRequest, context: Context) -> dict[str, Any]:
    """The response, ready for `to_json`: `data` and `errors`; without `data` if nothing was executed.

    What the context's attempt answered is JSON already. A subscription is refused: it has more than one response.
    """
    result = await _execute(request, context, [OperationType.QUERY, OperationType.MUTATION])
    return result if isinstance(result, dict) else _response(result)


async def subscribe(
    request: OperationRequest, feed: Feed, make_context: MakeContext
) -> AsyncGenerator[dict[str, Any], None] | dict[str, Any]:
    """The responses of a subscription, each as `execute` has it, for as long as they are asked for.

    A single one for any other operation, or if nothing was executed. To stop, close the generator or cancel who waits for it.
    """
    result = await _execute(request, make_context(), list(OperationType))
    if isinstance(result, dict):
        return result
    if not isinstance(result, _Checked):
        return _response(result)
    assert result.document is not None
    return await _responses(result.document, request, Subscriber(feed, make_context))


async def _execute(
    request: OperationRequest, context: Context, allowed: list[OperationType]
) -> StrawberryResult | dict[str, Any]:
    """What Strawberry makes of the request; a response if that is an exception."""
    try:
        return await schema.execute(
            request.query,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
            allowed_operation_types=allowed,
        )
    except CannotGetOperationTypeError:
        wanted = "" if request.operation_name is None else f" named “{request.operation_name}”"
        code, message = ErrorCode.OPERATION_RESOLUTION_FAILURE, f"The document holds no operation{wanted}."
    except MissingQueryError:
        code, message = ErrorCode.GRAPHQL_PARSE_FAILED, "The query is empty."
    except InvalidOperationTypeError:
        code, message = ErrorCode.STREAM_REQUIRED, STREAM_REQUIRED
    return {"errors": [present_error(code, message)]}


STREAM_REQUIRED = (
    "A subscription has many answers; ask for it with the header “Accept: text/event-stream”, "
    "or over a WebSocket with the subprotocol graphql-transport-ws."
)


def _response(result: StrawberryResult | ExecutionResult) -> dict[str, Any]:
    errors = result.errors or []
    if isinstance(result, PreExecutionError):
        return {"errors": present_request_errors(errors)}
    if result.data is None and any(error.path is None for error in errors):
        return {"errors": present_field_errors(errors)}  # variables that cannot be coerced: nothing was executed
    response: dict[str, Any] = {"data": result.data}
    if errors:
        response["errors"] = present_field_errors(errors)
    return response


async def _responses(
    document: DocumentNode, request: OperationRequest, subscriber: Subscriber
) -> AsyncGenerator[dict[str, Any], None] | dict[str, Any]:
    executor = _executor(document, request, None, subscriber)
    if isinstance(executor, list):
        return {"errors": present_field_errors(executor)}
    events = create_source_event_stream(executor)
    if isawaitable(events):
        events = await events
    if isinstance(events, ExecutionResult):
        return {"errors": present_field_errors(events.errors or [])}
    return _executed(document, request, cast(Changes, events), subscriber.feed.turns)


async def _executed(
    document: DocumentNode, request: OperationRequest, changes: Changes, turns: asyncio.Semaphore
) -> AsyncGenerator[dict[str, Any], None]:
    async for _ in changes:
        is_made, response = False, None
        while not is_made:
            await changes.until_ready()
            async with turns:
                is_made = changes.is_ready  # while it waited for its turn there may have been a reload
                if is_made:
                    response = await _next_response(document, request, changes)
        if response is not None:
            yield response
        del response  # else it would be kept until the next event


async def _next_response(document: DocumentNode, request: OperationRequest, changes: Changes) -> dict[str, Any] | None:
    event = await changes.event()
    if event is None:
        return None
    executor = _executor(document, request, event.value, event.context)
    assert isinstance(executor, Executor)  # the variables were checked before
    result = execute_subscription_event(executor)
    return _response(await result if isawaitable(result) else result)


def _executor(
    document: DocumentNode, request: OperationRequest, root: object, context: object
) -> Executor[Any] | list[GraphQLError]:
    return Executor.build(
        schema._schema,
        document,
        root_value=root,
        context_value=context,
        raw_variable_values=request.variables,
        operation_name=request.operation_name,
    )


def print_schema() -> str:
    """The schema in GraphQL's schema definition language, with a newline at its end."""
    return schema.as_str().rstrip() + "\n"
