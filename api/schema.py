"""Assembles the schema, and executes operations against it with graphql-core."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import strawberry
from graphql import GraphQLError, OperationDefinitionNode
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types.execution import ExecutionContext, PreExecutionError

from api.context import Context
from api.errors import ErrorCode, RequestError, present_error, present_field_errors, present_request_errors
from api.object_types import Article, Provider, Story, Topic
from api.query import Query
from api.scalars import SCALARS

KEPT_DOCUMENTS = 256
"""Queries whose parsed and validated form is kept for the next time."""
_KEPT_LENGTH = 16_384
"""Characters; a longer query is parsed anew each time, so that the kept ones have a bound in bytes."""


class QueryTokens(SchemaExtension):
    """Stops parsing a query that is too long; the setting bounds the time that one request can take before any check."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        context.parse_options["max_tokens"] = context.context.settings.max_query_tokens
        yield


class ShortParserCache(ParserCache):
    def on_parse(self) -> Iterator[None]:
        if _is_short(self.execution_context):
            yield from super().on_parse()
        else:
            yield


class ShortValidationCache(ValidationCache):
    def on_validate(self) -> Iterator[None]:
        if _is_short(self.execution_context):
            yield from super().on_validate()
        else:
            yield


def _is_short(context: ExecutionContext) -> bool:
    return len(context.query or "") <= _KEPT_LENGTH


class OneOperation(SchemaExtension):
    """Refuses a document of several operations when none is named; Strawberry would execute the first."""

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        document = context.graphql_document
        if not context.pre_execution_errors and document and context._provided_operation_name is None:
            count = sum(isinstance(definition, OperationDefinitionNode) for definition in document.definitions)
            if count > 1:
                message = f"The document holds {count} operations; name one of them in `operationName`."
                error = RequestError(ErrorCode.OPERATION_RESOLUTION_FAILURE, message)
                context.pre_execution_errors = [GraphQLError(message, original_error=error)]
        yield


class FrontgraphSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Does nothing: clients' errors are not for the log, and `api.errors` logs the service's own."""


schema = FrontgraphSchema(
    query=Query,
    types=[Article, Provider, Topic, Story],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[
        QueryTokens,
        lambda: ShortParserCache(maxsize=KEPT_DOCUMENTS),
        lambda: ShortValidationCache(maxsize=KEPT_DOCUMENTS),
        OneOperation,
    ],
)


@dataclass(frozen=True, slots=True)
class OperationRequest:
    """What a client wants executed."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None


async def execute(request: OperationRequest, context: Context) -> dict[str, Any]:
    """The response, ready for JSON: `data` and `errors`; without `data` if nothing was executed."""
    try:
        result = await schema.execute(
            request.query,
            variable_values=request.variables,
            operation_name=request.operation_name,
            context_value=context,
        )
    except CannotGetOperationTypeError:
        wanted = "" if request.operation_name is None else f" named “{request.operation_name}”"
        return {
            "errors": [
                present_error(ErrorCode.OPERATION_RESOLUTION_FAILURE, f"The document holds no operation{wanted}.")
            ]
        }
    except MissingQueryError:
        return {"errors": [present_error(ErrorCode.GRAPHQL_PARSE_FAILED, "The query is empty.")]}
    errors = result.errors or []
    if isinstance(result, PreExecutionError):
        return {"errors": present_request_errors(errors)}
    if result.data is None and any(error.path is None for error in errors):
        return {"errors": present_field_errors(errors)}  # variables that cannot be coerced: nothing was executed
    response: dict[str, Any] = {"data": result.data}
    if errors:
        response["errors"] = present_field_errors(errors)
    return response


def print_schema() -> str:
    """The schema in GraphQL's schema definition language, with a newline at its end."""
    return schema.as_str().rstrip() + "\n"
