"""The variables of an operation as graphql-core coerces them, in short where they are of a plain kind, as nearly always."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    VariableValues,
    get_variable_values,
    type_from_ast,
)

_PYTHON_TYPES: Mapping[Any, type] = {
    GraphQLBoolean: bool,
    GraphQLID: str,
    GraphQLInt: int,
    GraphQLString: str,
}
"""Values of which GraphQL types stay as they are, if they are of exactly this type; whole numbers if they are short, too."""


class _Plain(NamedTuple):
    """A variable of a plain kind."""

    name: str
    python_type: type
    may_be_missing: bool
    """Whether there is nothing to say if it is left out or null."""


class Variables:
    """Coerces what clients give for the variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = operation.variable_definitions or ()
        self._plain = self._plain_ones()

    def taken(self, given: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The values, as they were given; None if one of them is not plain."""
        return None if self._plain is None else _taken(self._plain, given)

    def coerced(self, given: Mapping[str, Any]) -> VariableValues | None:
        """The values as graphql-core has them, None if they do not fit."""
        # One error is enough to know; each of thousands would be compared with all names that there are.
        found = get_variable_values(self._schema, self._definitions, dict(given), max_errors=0, hide_suggestions=True)
        return None if isinstance(found, list) else found

    def _plain_ones(self) -> Sequence[_Plain] | None:
        """The variables; None if one has a type that is not plain."""
        found: list[_Plain] = []
        for definition in self._definitions:
            of_type: Any = type_from_ast(self._schema, definition.type)
            is_required = isinstance(of_type, GraphQLNonNull)
            python_type = _PYTHON_TYPES.get(of_type.of_type if is_required else of_type)
            if python_type is None:
                return None
            may_be_missing = not is_required and definition.default_value is None
            found.append(_Plain(definition.variable.name.value, python_type, may_be_missing))
        return found


def _taken(plain: Sequence[_Plain], given: Mapping[str, Any]) -> Mapping[str, Any] | None:
    values: dict[str, Any] = {}
    for name, python_type, may_be_missing in plain:
        value = given.get(name)
        if value is None:
            if not may_be_missing:
                return None
            if name not in given:
                continue
        elif type(value) is not python_type or (type(value) is int and not GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT):
            return None
        values[name] = value
    return values


def texts_of(variables: Mapping[str, Any], left_out: Mapping[str, bytes]) -> dict[str, bytes]:
    """The variables as a client gave them, comparable; another mapping says what stands for one that was left out."""
    return {
        name: orjson.dumps(variables[name], option=orjson.OPT_SORT_KEYS) if name in variables else text
        for name, text in left_out.items()
    }
