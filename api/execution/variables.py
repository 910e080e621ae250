"""The variables of an operation as graphql-core coerces them, in short where they are of a plain kind, as nearly always."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInputType,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

_PYTHON_TYPES: Mapping[Any, type] = {
    GraphQLBoolean: bool,
    GraphQLFloat: float,
    GraphQLID: str,
    GraphQLInt: int,
    GraphQLString: str,
}
"""Values of which GraphQL types stay as they are, if they are of exactly this type; whole numbers if they are short, too."""
_LEAST, _MOST = -(2**31), 2**31 - 1


class Variables:
    """Coerces what clients give for the variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._plain = self._plain_ones()

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """The values, None if they do not fit."""
        values = None if self._plain is None else _plainly_coerced(self._plain, given)
        if values is not None:
            return values
        found = get_variable_values(self._schema, self._definitions, dict(given))
        return None if isinstance(found, list) else found

    def _plain_ones(self) -> list[tuple[GraphQLVariableSignature, type]] | None:
        """The variables with the Python types of their values; None if one has a type that is not plain."""
        found: list[tuple[GraphQLVariableSignature, type]] = []
        for definition in self._definitions:
            signature = get_variable_signature(self._schema, definition)
            if not isinstance(signature, GraphQLVariableSignature):
                return None
            python_type = _python_type(signature.type)
            if python_type is None:
                return None
            found.append((signature, python_type))
        return found


def _python_type(of_type: GraphQLInputType) -> type | None:
    return _PYTHON_TYPES.get(of_type.of_type if isinstance(of_type, GraphQLNonNull) else of_type)


def _plainly_coerced(
    plain: list[tuple[GraphQLVariableSignature, type]], given: Mapping[str, Any]
) -> VariableValues | None:
    """The values as they were given; None if one is left out, is null, or is not what it should be."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for signature, python_type in plain:
        name = signature.name
        value = given.get(name)
        if type(value) is not python_type or (type(value) is int and not _LEAST <= value <= _MOST):
            return None
        sources[name] = VariableValueSource(signature, value)
        coerced[name] = value
    return VariableValues(sources, coerced)
