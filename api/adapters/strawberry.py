"""Strawberry, beyond its documented interface."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar
from weakref import WeakMethod

from graphql import ASTValidationRule, FieldNode, GraphQLField, GraphQLInputObjectType, GraphQLSchema, specified_rules
from strawberry import Info, Schema
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types.arguments import convert_argument, convert_arguments
from strawberry.types.enum import StrawberryEnumDefinition
from strawberry.types.execution import ExecutionResult, PreExecutionError
from strawberry.types.field import StrawberryField

EnumT = TypeVar("EnumT", bound=Enum)

VALIDATION_RULES: tuple[type[ASTValidationRule], ...] = (
    *specified_rules,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
"""Those that `Schema.execute` applies. It keeps its two own to itself, and cannot validate without executing."""


class AcyclicExecutor(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's own, without the helpers that hold it, and with it all of an operation, until the cycle collector comes by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.async_helpers = self.async_helpers._replace(
            gather=_weakly(self.gather_async_work), track=_weakly(self.track_async_work)
        )


def _weakly(method: Callable[..., Any]) -> Callable[..., Any]:
    """Calls the method of an object that somebody else holds."""
    reference = WeakMethod(method)

    def call(*args: Any) -> Any:
        found = reference()
        assert found is not None, "its operation is being executed"
        return found(*args)

    return call


def core_schema(schema: Schema) -> GraphQLSchema:
    """The schema as graphql-core has it, to plan, judge and validate documents with. Strawberry has no public way to it."""
    return schema._schema


def is_one_of(found: GraphQLInputObjectType) -> bool:
    """Whether an input takes exactly one of its fields, which Strawberry checks itself and does not tell graphql-core."""
    definition = found.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    return found.is_one_of or bool(definition and definition.is_one_of)


def field_of(definition: GraphQLField) -> StrawberryField:
    """The field as it was declared. `Schema.get_field_for_type` finds it too, by going through all fields of the type."""
    found: StrawberryField = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
    return found


def syntax_node(info: Info[Any, Any]) -> FieldNode:
    """Where in the document the field stands. `Info` tells the response path, of which a fragment's field can have many."""
    return info._raw_info.field_nodes[0]


def resolver_arguments(schema: Schema, field: StrawberryField, given: Mapping[str, Any]) -> dict[str, Any]:
    """What graphql-core coerced, as the field's resolver takes it. Strawberry does this only when it calls one."""
    return convert_arguments(dict(given), field.arguments, schema.schema_converter.scalar_registry, schema.config)


def input_object(schema: Schema, value: Mapping[str, Any], of_type: type) -> Any:
    """What graphql-core coerced, as an object of the input type; for input that is no argument of a field."""
    return convert_argument(value, of_type, schema.schema_converter.scalar_registry, schema.config)


def describe_enum(enum: type[EnumT], meanings: Mapping[EnumT, str]) -> None:
    """Describes the values of an enum that `strawberry.enum` took; `enum_value` works only inside the enum's own class."""
    definition: StrawberryEnumDefinition = enum.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = meanings[enum[value.name]]


def is_before_execution(result: ExecutionResult) -> bool:
    """Whether the errors of the result are those of parsing or validation; nothing else tells them from coercion's."""
    return isinstance(result, PreExecutionError)
