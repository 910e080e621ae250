"""The arguments of a field, as its resolver wants them.

graphql-core and Strawberry make them of the syntax and of the variables, once. From then on, arguments that are variables of
scalar types, or literal objects of such, are filled in to what was made then: `article(by: {url: $url})` takes one new
object for a request. Arguments that use variables in other ways are kept for a few sets of values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    Node,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    VariableValues,
    Visitor,
    get_argument_values,
    is_scalar_type,
    visit,
)
from strawberry import Schema
from strawberry.types import get_object_definition

from api.adapters.strawberry import field_of, resolver_arguments

KEPT_ARGUMENTS = 16
"""Of one field of a plan, for different values of variables."""
KEPT_LENGTH = 1_000
"""Bytes of these values; longer ones are read each time."""


class Given(NamedTuple):
    """What a request gives for the variables of its operation."""

    values: Mapping[str, Any]
    """Coerced."""
    texts: Mapping[str, bytes]
    """Comparable, as `texts_of` has them."""
    coerced: Callable[[], VariableValues]
    """The same as graphql-core has them."""


class _Variable(NamedTuple):
    """Stands for its value."""

    name: str
    may_be_missing: bool
    """Whether null stands for a value that is left out or null."""


_Recipe: TypeAlias = "_Variable | Mapping[str, _Recipe]"
"""A variable; or what to change, by name, in an object of which the rest stays."""


class Arguments:
    """Those of one field of a plan; for several threads."""

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self.variables = tuple(sorted(_variables_in(node.arguments or ())))
        """What the arguments refer to."""
        self._kept: dict[tuple[bytes, ...], Mapping[str, Any]] = {}
        self._model: Mapping[str, Any] | None = None
        """The arguments for some values of the variables, of which those in the recipe have to be changed."""
        self._recipe: Mapping[str, _Recipe] = {}

    def values(self, schema: Schema, given: Given) -> Mapping[str, Any]:
        """The arguments by the names of the resolver's parameters.

        Raises:
            Exception: graphql-core or Strawberry refuse a value.
        """
        if self._model is not None:
            try:
                return _changed(self._recipe, self._model, given.values)
            except _MissingError:
                pass
        key = tuple([given.texts[name] for name in self.variables])
        found = self._kept.get(key)
        if found is None:
            is_short = sum(map(len, key)) <= KEPT_LENGTH
            found = self._made(schema, given.coerced(), is_short)
            if len(self._kept) >= KEPT_ARGUMENTS:
                self._kept.clear()
            if is_short:
                self._kept[key] = found
        return found

    def _made(self, schema: Schema, variables: VariableValues, may_be_kept: bool) -> Mapping[str, Any]:
        own = field_of(self._definition)
        given = get_argument_values(self._definition, self._node, variables)
        made = resolver_arguments(schema, own, given)
        if may_be_kept and self._model is None:
            names = {schema.config.name_converter.from_argument(found): found.python_name for found in own.arguments}
            nodes = {argument.name.value: argument.value for argument in self._node.arguments or ()}
            try:
                self._recipe = dict(_recipes(schema, nodes, names, self._definition.args, made))
            except _NotPlainError:
                self._recipe = {}
            else:
                self._model = made
        return made


class _MissingError(Exception):
    """A variable is left out or null, which means something here."""


class _NotPlainError(Exception):
    """Variables are used in a way that has no recipe."""


def _recipes(
    schema: Schema,
    nodes: Mapping[str, ValueNode],
    python_names: Mapping[str, str],
    definitions: Mapping[str, GraphQLArgument] | Mapping[str, GraphQLInputField],
    made: Mapping[str, Any],
) -> Iterator[tuple[str, _Recipe]]:
    for name, node in nodes.items():
        python_name, definition = python_names[name], definitions[name]
        of_type: Any = definition.type
        is_nullable = not isinstance(of_type, GraphQLNonNull)
        if not is_nullable:
            of_type = of_type.of_type
        if isinstance(node, VariableNode) and is_scalar_type(of_type):
            yield python_name, _Variable(node.name.value, is_nullable and definition.default_value is None)
        elif _variables_in([node]):
            yield python_name, _object_recipe(schema, node, of_type, made.get(python_name))


def _object_recipe(schema: Schema, node: ValueNode, of_type: GraphQLInputType, made: Any) -> _Recipe:
    definition = get_object_definition(made)
    if (
        not isinstance(node, ObjectValueNode)
        or not isinstance(of_type, GraphQLInputObjectType)
        or definition is None
        or definition.from_input is not None
        or hasattr(made, "__post_init__")
    ):
        raise _NotPlainError
    names = {schema.config.name_converter.from_field(found): found.python_name for found in definition.fields}
    nodes = {field.name.value: field.value for field in node.fields}
    return dict(_recipes(schema, nodes, names, of_type.fields, vars(made)))


def _changed(recipe: Mapping[str, _Recipe], model: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The model with what the recipe says changed."""
    if not recipe:
        return model
    found = dict(model)
    for name, part in recipe.items():
        if isinstance(part, _Variable):
            value = values.get(part.name)
            if value is None and not part.may_be_missing:
                raise _MissingError
            found[name] = value
        else:
            whole = model[name]
            found[name] = changed = object.__new__(type(whole))
            vars(changed).update(_changed(part, vars(whole), values))
    return found


def _variables_in(nodes: Iterable[Node]) -> set[str]:
    found = _Variables()
    for node in nodes:
        visit(node, found)
    return found.names


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        self.names.add(node.name.value)
