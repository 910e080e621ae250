"""Random valid operations as trees, and small changes to them, for a search among all that the schema allows."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_leaf_type,
)

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType
Path: TypeAlias = "tuple[Selected, list[Selected]]"


class EnumValue(str):
    """Is written without quotes."""


@dataclass
class Selected:
    """A field, or a fragment on a type, with what is selected in it."""

    of_type: str
    """That it is a field of."""
    name: str
    """Of the field; empty for a fragment."""
    answers: str
    """The type of what is selected in it."""
    arguments: dict[str, Any] = field(default_factory=dict)
    fields: "list[Selected]" = field(default_factory=list)

    def text(self, alias: str = "") -> str:
        arguments = ", ".join(f"{name}: {literal(value)}" for name, value in self.arguments.items())
        head = f"{alias}{self.name}" if self.name else f"... on {self.answers}"
        return head + (f"({arguments})" if arguments else "") + selection_text(self.fields)


def selection_text(fields: Sequence[Selected]) -> str:
    """Each with an alias, so that no two have to be merged."""
    if not fields:
        return ""
    parts: list[str] = []
    for number, found in enumerate(fields):
        is_twice = any(other.name == found.name and other.name for other in fields[:number])
        is_argued = bool(found.arguments) and any(other.name == "" for other in fields)
        parts.append(found.text(f"{found.name}{number}: " if is_twice or is_argued else ""))
    return f" {{ {' '.join(parts)} }}"


@dataclass
class Operations:
    """Makes operations over a schema, and others that differ a little."""

    schema: GraphQLSchema
    random: Random
    texts: Mapping[str, Sequence[Any]]
    """Values by the name of the argument or the input field; those of "" for all others."""
    by: Mapping[str, Mapping[str, Sequence[str]]]
    """Of the look-ups: input type → key → values."""

    def operation(self) -> list[Selected]:
        """The fields of a random query."""
        query = self.schema.query_type
        assert query
        return [self.field(query, self.random.randint(1, 4)) for _ in range(self.random.choice([1, 1, 1, 2]))]

    def changed(self, operation: list[Selected]) -> list[Selected]:
        """The same with one to three changes."""
        found = deepcopy(operation)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self._change(found)
        return found

    def field(self, of_type: Composite, depth: int) -> Selected:
        name = self.random.choice(self._names(of_type, depth))
        definition = of_type.fields[name]
        found = Selected(of_type.name, name, get_named_type(definition.type).name)
        for argument in definition.args:
            if self._is_required(definition.args[argument]) or self.random.random() < 0.5:
                found.arguments[argument] = self._argument(definition, argument)
        found.fields = self._fields(found.answers, depth - 1)
        return found

    def _names(self, of_type: Composite, depth: int) -> list[str]:
        leaves = [name for name, found in of_type.fields.items() if is_leaf_type(get_named_type(found.type))]
        others = [name for name in of_type.fields if name not in leaves]
        if depth <= 0 and leaves:
            return leaves
        return others if others and (not leaves or self.random.random() < 0.8) else leaves

    def _fields(self, name: str, depth: int) -> list[Selected]:
        of_type = self.schema.type_map[name]
        if is_leaf_type(of_type):
            return []
        assert isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType)
        if isinstance(of_type, GraphQLInterfaceType) and depth > 0:
            inner = self.random.choice([found.name for found in self.schema.get_possible_types(of_type)])
            return [Selected(name, "", inner, fields=self._fields(inner, depth))]
        return [self.field(of_type, depth) for _ in range(self.random.choice([1, 1, 2, 3]))]

    # Changes

    def _change(self, operation: list[Selected]) -> None:
        places = list(_places(operation))
        found, siblings = self.random.choice(places)
        kinds: list[Callable[[Selected, list[Selected]], None]] = [
            *[self._change_argument] * 4,
            *[self._add_conditions] * 3,
            self._replace,
            self._add,
            self._leave_out,
            self._leave_out,
            self._repeat,
        ]
        self.random.choice(kinds)(found, siblings)

    def _definition(self, found: Selected) -> GraphQLField | None:
        of_type: Any = self.schema.type_map[found.of_type]
        return of_type.fields[found.name] if found.name else None

    def _change_argument(self, found: Selected, _: list[Selected]) -> None:
        definition = self._definition(found)
        if definition is None or not definition.args:
            return
        name = self.random.choice(list(definition.args))
        if name in found.arguments and not self._is_required(definition.args[name]) and self.random.random() < 0.3:
            del found.arguments[name]
        else:
            found.arguments[name] = self._argument(definition, name)

    def _add_conditions(self, found: Selected, _: list[Selected]) -> None:
        definition = self._definition(found)
        name = next((name for name in ("filter", "orderBy") if definition and name in definition.args), None)
        if definition is None or name is None:
            return
        value, more = found.arguments.get(name), self._argument(definition, name)
        if name == "filter" and value:
            times = self.random.choice([1, 1, 5, 20])
            found.arguments[name] = {self.random.choice(["and", "or"]): [value, *[more] * times]}
        else:
            found.arguments[name] = more

    def _replace(self, found: Selected, siblings: list[Selected]) -> None:
        of_type = self.schema.type_map[found.of_type]
        if found.name and isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType):
            siblings[siblings.index(found)] = self.field(of_type, self.random.randint(0, 2))

    def _add(self, found: Selected, _: list[Selected]) -> None:
        of_type = self.schema.type_map[found.answers]
        if isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType):
            found.fields += self._fields(found.answers, self.random.randint(0, 2))

    def _leave_out(self, found: Selected, siblings: list[Selected]) -> None:
        if len(siblings) > 1:
            siblings.remove(found)
        elif found.fields and self.random.random() < 0.5:
            found.fields = self._fields(found.answers, 0)

    def _repeat(self, found: Selected, siblings: list[Selected]) -> None:
        siblings += [deepcopy(found) for _ in range(self.random.choice([1, 4, 9]))]

    # Values

    def _is_required(self, argument: Any) -> bool:
        return isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined

    def _argument(self, definition: GraphQLField, name: str) -> Any:
        return self.value(definition.args[name].type, name, 3)

    def value(self, of_type: Any, name: str, depth: int) -> Any:
        """A value for an argument, or for a field of an input."""
        if isinstance(of_type, GraphQLNonNull):
            return self.value(of_type.of_type, name, depth)
        if isinstance(of_type, GraphQLList):
            count = self.random.choice(
                [1, 1, 2, 5, 30 if name in ("and", "or", "in", "ids", "topics", "orderBy") else 3]
            )
            return [self.value(of_type.of_type, name, depth) for _ in range(count)]
        if isinstance(of_type, GraphQLEnumType):
            return EnumValue(self.random.choice(list(of_type.values)))
        if isinstance(of_type, GraphQLInputObjectType):
            return self._input(of_type, depth)
        return self.random.choice(self.texts.get(name) or self.texts.get(of_type.name) or self.texts[""])

    def _input(self, of_type: GraphQLInputObjectType, depth: int) -> Any:
        if of_type.name in self.by:
            key, values = self.random.choice(list(self.by[of_type.name].items()))
            return {key: self.random.choice(values)}
        names = [
            name for name, found in of_type.fields.items() if depth > 0 or is_leaf_type(get_named_type(found.type))
        ]
        names = names or (list(of_type.fields) if depth > -2 else [])
        is_one = of_type.is_one_of or bool(of_type.extensions["strawberry-definition"].is_one_of)
        count = min(len(names), 1 if is_one else self.random.choice([1, 1, 2, 3]))
        return {
            name: self.value(of_type.fields[name].type, name, depth - 1) for name in self.random.sample(names, count)
        }


def _places(fields: list[Selected]) -> Iterator[tuple[Selected, list[Selected]]]:
    """Every field with those that stand beside it."""
    for found in fields:
        yield found, fields
        yield from _places(found.fields)


def literal(value: Any) -> str:
    """A value in GraphQL's own notation."""
    if isinstance(value, EnumValue):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {literal(child)}' for key, child in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)
