"""The assembled schema: `schema` is the service's own, `build_schema` makes an extended one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, get_object_definition
from strawberry.types.scalar import ScalarDefinition

from api.adapters.strawberry import AcyclicExecutor
from api.schema.answer_size import CountedAnswer
from api.schema.object_types import Article, Person, Provider, Story, Topic
from api.schema.query import Query
from api.schema.scalars import SCALARS
from api.schema.subscription import Subscription


class KnownDocument(SchemaExtension):
    """Skips parsing and validation for a document that the context brings, as both have been done by then."""

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        document = getattr(execution.context, "document", None)
        if document is not None:
            execution.graphql_document, execution.validation_rules = document, ()
        yield


class FrontgraphSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Does nothing, instead of logging each error: clients' errors are not logged, `api.errors` logs our own."""


def build_schema(
    query: type = Query,
    types: Sequence[type] = (),
    more: Mapping[type, type] | None = None,
    scalars: Mapping[object, ScalarDefinition] | None = None,
) -> strawberry.Schema:
    """The service's schema, which may be extended.

    `query` is the root type: a subclass of `Query` adds root fields. `types` are additional object types that are only
    reachable through an interface. `more` maps an object type to a Strawberry type whose fields it gets as well. `scalars`
    maps types in annotations to scalars of their own.
    """
    with ExitStack() as stack:
        for of_type, added in (more or {}).items():
            stack.enter_context(_with_fields(of_type, added))
        return FrontgraphSchema(
            query=query,
            subscription=Subscription,
            types=[Article, Provider, Topic, Person, Story, *types],
            config=StrawberryConfig(scalar_map={**SCALARS, **(scalars or {})}),
            extensions=[KnownDocument, CountedAnswer],
            execution_context_class=AcyclicExecutor,
        )


@contextmanager
def _with_fields(of_type: type, added: type) -> Iterator[None]:
    """Gives the first type the fields of both for schemas that are built in the block.

    The type is only changed for that time, so that schemas with and without the fields can be built in one process.
    """
    definition = get_object_definition(of_type, strict=True)
    own = definition.fields
    definition.fields = [*own, *get_object_definition(added, strict=True).fields]
    try:
        yield
    finally:
        definition.fields = own


schema = build_schema()


def print_schema(of_schema: strawberry.Schema = schema) -> str:
    """The schema in GraphQL's schema definition language, with a newline at the end."""
    return of_schema.as_str().rstrip() + "\n"
