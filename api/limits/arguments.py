"""What an operation gives to a field's arguments, as far as costs depend on it: known at once, or read from variables."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLField,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    value_from_ast_untyped,
)

from api.limits.formulas import Formula, Given, Term

Defaults = Mapping[str, Any]
"""The values of variables that a request may leave out."""


def defaults_of(operation: OperationDefinitionNode) -> dict[str, Any]:
    """The default values of the operation's variables, as plain values."""
    return {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }


def counted(
    formula: Formula,
    node: FieldNode,
    definition: GraphQLField,
    names: Sequence[str],
    defaults: Defaults,
    count: Callable[[Mapping[str, Any]], float],
) -> Term:
    """What the named arguments of the field come to; those that are missing or null have the schema's defaults."""
    wanted = [argument for argument in node.arguments or () if argument.name.value in names]
    own = {
        name: argument.default_value
        for name, argument in definition.args.items()
        if name in names and argument.default_value is not Undefined
    }
    if not any(_has_variable(argument.value) for argument in wanted):
        return count(own | _known(wanted, {}))

    def read(given: Given) -> float:
        return count(own | _known(wanted, {**defaults, **given}))

    if len(wanted) == 1 and isinstance(wanted[0].value, VariableNode):  # the most frequent case, and a quick one
        name, variable = wanted[0].name.value, wanted[0].value.name.value
        default = defaults.get(variable, own.get(name))
        return formula.read(lambda given: count({**own, name: given.get(variable, default)}))
    return formula.read(read)


def _known(arguments: Sequence[ArgumentNode], variables: dict[str, Any]) -> dict[str, Any]:
    values = {argument.name.value: value_from_ast_untyped(argument.value, variables) for argument in arguments}
    return {name: value for name, value in values.items() if value is not Undefined}


def _has_variable(value: ValueNode) -> bool:
    pending = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, VariableNode):
            return True
        if isinstance(node, ListValueNode):
            pending += node.values
        elif isinstance(node, ObjectValueNode):
            pending += [field.value for field in node.fields]
    return False
