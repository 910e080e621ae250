"""The assembled schema: `schema` is the service's own, `build_schema` makes one with more in it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, get_object_definition

from api.schema.object_types import Article, Provider, Story, Topic
from api.schema.query import Query
from api.schema.scalars import SCALARS
from api.schema.subscription import Subscription


class KnownDocument(SchemaExtension):
    """Takes the document that a context brings as it is: parsed, and found valid."""

    def on_operation(self) -> Iterator[None]:
        execution = self.execution_context
        document = getattr(execution.context, "document", None)
        if document is not None:
            execution.graphql_document, execution.validation_rules = document, ()
        yield


class FrontgraphSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Does nothing: clients' errors are not for the log, and `api.errors` logs the service's own."""


def build_schema(
    query: type = Query, types: Sequence[type] = (), more: Mapping[type, type] | None = None
) -> strawberry.Schema:
    """The schema that the service answers, with more in it.

    `query` is the root type, a subclass of `Query` for more root fields. `types` are object types that no field names, but
    an interface stands for. `more` holds, for each object type that shall have more fields, a Strawberry type with them.
    """
    with ExitStack() as stack:
        for of_type, added in (more or {}).items():
            stack.enter_context(_with_fields(of_type, added))
        return FrontgraphSchema(
            query=query,
            subscription=Subscription,
            types=[Article, Provider, Topic, Story, *types],
            config=StrawberryConfig(scalar_map=SCALARS),
            extensions=[KnownDocument],
        )


@contextmanager
def _with_fields(of_type: type, added: type) -> Iterator[None]:
    """While this lasts, schemas that are built see the fields of both types in the first one."""
    definition = get_object_definition(of_type, strict=True)
    own = definition.fields
    definition.fields = [*own, *get_object_definition(added, strict=True).fields]
    try:
        yield
    finally:
        definition.fields = own


schema = build_schema()


def print_schema(of_schema: strawberry.Schema = schema) -> str:
    """The schema in GraphQL's schema definition language, with a newline at its end."""
    return of_schema.as_str().rstrip() + "\n"
