"""Random valid operations over the whole schema, for comparing one executor with another.

Validity by construction: a response key stands for one type, field and set of arguments in the whole document, so that
whatever meets in one selection can be merged; a fragment is spread only after it is complete, so none contains itself.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
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
Slot: TypeAlias = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True)
class Request:
    """What a client sends."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None


@dataclass(frozen=True)
class Pools:
    """Values that make sense for one snapshot."""

    ids: Sequence[str]
    by: Mapping[str, Mapping[str, Sequence[str]]]
    """Of the look-ups: input type → key → values."""
    topics: Sequence[str]
    domains: Sequence[str]
    words: Sequence[str]
    """To search for, and for texts in filters."""
    dates: Sequence[str]
    versions: Sequence[str]
    cursors: Mapping[str, Sequence[str]]
    """By type and field, such as `Query.articles`, for the list's own order."""


@dataclass(frozen=True)
class Variable:
    """Stands in the place of a value."""

    name: str


@dataclass(frozen=True)
class EnumValue:
    name: str


@dataclass
class Declared:
    """A variable of the operation."""

    name: str
    of_type: str
    draw: Callable[[], Any]
    default: str | None


@dataclass
class Fragment:
    name: str
    condition: Composite
    depth: int
    """How many levels it was allowed to go down."""
    body: str


MISSING = object()
_WRONG = 0.004
"""How often a value is one that leads to an error in a field."""


@dataclass
class Generator:
    """Makes one document; then as many sets of values for its variables as wanted."""

    schema: GraphQLSchema
    pools: Pools
    random: Random
    size: int
    """About how many fields are selected."""
    variables: dict[str, Declared] = field(default_factory=dict)
    fragments: list[Fragment] = field(default_factory=list)
    aliases: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    made: int = 0
    """Aliases made up so far."""
    given: list[tuple[str, str]] = field(default_factory=list)
    """Fields with arguments that were selected, and their text; to be selected once more."""

    def requests(self, count: int) -> list[Request]:
        """One document, asked with different variables."""
        query = self.schema.query_type
        assert query
        body = self.selection(query, self.random.randint(3, 7))
        named = self.chance(0.3)
        other = named and self.chance(0.2)
        name = "Wanted" if named else ""
        declared = ", ".join(
            f"${found.name}: {found.of_type}" + (f" = {found.default}" if found.default is not None else "")
            for found in self.variables.values()
        )
        head = f"query {name}({declared}) " if declared else f"query {name} " if named else ""
        parts = [f"{head}{body}", *(f"fragment {f.name} on {f.condition.name} {f.body}" for f in self.fragments)]
        if other:
            parts.append("query Other { __typename }")
        self.random.shuffle(parts)
        text = "\n".join(parts)
        operation_name = "Wanted" if other or (named and self.chance(0.5)) else None
        return [Request(text, dict(self.values()), operation_name) for _ in range(count if declared else 1)]

    def values(self) -> Iterator[tuple[str, Any]]:
        for declared in self.variables.values():
            value = declared.draw()
            if value is not MISSING:
                yield declared.name, value

    # Selections

    def selection(self, of_type: Composite, depth: int) -> str:
        parts = [self.part(of_type, depth) for _ in range(self.random.randint(1, max(1, min(4, self.size))))]
        return "{ " + " ".join(parts) + " }"

    def part(self, of_type: Composite, depth: int) -> str:
        if self.chance(0.07):
            return self.random.choice(["__typename", "typename: __typename"]) + self.directives()
        narrow = isinstance(of_type, GraphQLInterfaceType)
        if depth > 0 and self.chance(0.5 if narrow else 0.09):
            return self.inline_fragment(of_type, depth)
        if depth > 0 and self.chance(0.5 if narrow else 0.13):
            return self.spread(of_type, depth)
        return self.field(of_type, depth)

    def inline_fragment(self, of_type: Composite, depth: int) -> str:
        condition = self.condition(of_type)
        head = "..." if condition is of_type and self.chance(0.5) else f"... on {condition.name}"
        return f"{head}{self.directives()} {self.selection(condition, depth - 1)}"

    def spread(self, of_type: Composite, depth: int) -> str:
        wanted = self.condition(of_type)
        known = [found for found in self.fragments if found.condition is wanted and found.depth <= depth]
        if not known or self.chance(0.4):
            body = self.selection(wanted, depth - 1)
            known = [Fragment(f"part{len(self.fragments)}", wanted, depth, body)]
            self.fragments += known
        return f"...{self.random.choice(known).name}{self.directives()}"

    def condition(self, of_type: Composite) -> Composite:
        """A type that the selection of this type may be narrowed to."""
        if isinstance(of_type, GraphQLInterfaceType):
            types: list[Composite] = [of_type, *self.schema.get_possible_types(of_type)]
        else:
            types = [of_type, *of_type.interfaces] if self.chance(0.3) else [of_type]
        return self.random.choice(types)

    def field(self, of_type: Composite, depth: int) -> str:
        self.size -= 1
        name = self.field_name(of_type, depth)
        if name is None:
            return "__typename"
        found = of_type.fields[name]
        head = self.head(of_type, name, found)
        target = get_named_type(found.type)
        if is_leaf_type(target):
            return f"{head}{self.directives()}"
        assert isinstance(target, GraphQLObjectType | GraphQLInterfaceType)
        selections = [self.selection(target, depth - 1) for _ in range(2 if self.chance(0.08) else 1)]
        return " ".join(f"{head}{self.directives()} {selection}" for selection in selections)

    def field_name(self, of_type: Composite, depth: int) -> str | None:
        leaves = [name for name, found in of_type.fields.items() if is_leaf_type(get_named_type(found.type))]
        others = [name for name in of_type.fields if name not in leaves] if depth > 0 and self.size > 0 else []
        names = others if others and self.chance(0.6) else leaves
        return self.random.choice(names or others) if leaves or others else None

    def head(self, of_type: Composite, name: str, found: GraphQLField) -> str:
        """The field with its arguments and a key of its own."""
        earlier = [text for where, text in self.given if where == f"{of_type.name}.{name}"]
        if earlier and self.chance(0.3):
            return self.random.choice(earlier)
        arguments = self.arguments(f"{of_type.name}.{name}", found)
        known = self.aliases.setdefault((of_type.name, name, arguments), [])
        if not arguments and self.is_alike_everywhere(name):
            known.append(name)
        if not known or self.chance(0.1):
            self.made += 1
            known.append(f"{name}_{self.made}")
        alias = self.random.choice(known)
        text = (name if alias == name else f"{alias}: {name}") + arguments
        self.given.append((f"{of_type.name}.{name}", text))
        return text

    def is_alike_everywhere(self, name: str) -> bool:
        """Whether fields of this name can stand side by side, whatever node they are of."""
        nodes = self.schema.get_possible_types(self.schema.type_map["Node"])  # type: ignore[arg-type]
        return len({str(node.fields[name].type) for node in nodes if name in node.fields}) <= 1

    def directives(self) -> str:
        if not self.chance(0.08):
            return ""
        name = self.random.choice(["skip", "include"])
        wanted = EnumValue(self.random.choice(["true", "false"]))
        condition = self.variable("Boolean!", lambda: self.chance(0.5), nullable=False) if self.chance(0.5) else wanted
        return f" @{name}(if: {literal(condition)})"

    # Arguments

    def arguments(self, where: str, found: GraphQLField) -> str:
        given = {
            name: self.argument(where, name, argument)
            for name, argument in found.args.items()
            if is_required(argument) or self.chance(_LIKELY.get(name, 0.25))
        }
        texts = [f"{name}: {literal(value)}" for name, value in given.items()]
        return f"({', '.join(texts)})" if texts else ""

    def argument(self, where: str, name: str, argument: GraphQLArgument) -> Any:
        def draw() -> Any:
            return plain(self.value(where, name, argument.type, 2, with_variables=False))

        if self.chance(0.4):
            return self.variable_at(argument, draw)
        return self.value(where, name, argument.type, 2, with_variables=True)

    def variable_at(self, slot: Slot, draw: Callable[[], Any]) -> Variable:
        """A variable that may stand in the place of the argument or the input field."""
        of_type, nullable = str(slot.type), not isinstance(slot.type, GraphQLNonNull)
        if nullable and self.chance(0.2):
            of_type, nullable = f"{of_type}!", False
        elif not nullable and not is_required(slot):
            of_type, nullable = of_type.removesuffix("!"), True
        return self.variable(of_type, draw, nullable=nullable)

    def variable(self, of_type: str, draw: Callable[[], Any], *, nullable: bool) -> Variable:
        known = [declared for declared in self.variables.values() if declared.of_type == of_type]
        if known and of_type not in ("ID", "ID!", "String", "String!", "Int!") and self.chance(0.3):
            return Variable(self.random.choice(known).name)
        name = f"v{len(self.variables)}"
        default = self.default(of_type, draw) if self.chance(0.3) else None

        def maybe() -> Any:
            if default is not None and self.chance(0.4):
                return MISSING
            if nullable and self.chance(0.15):
                return self.random.choice([None, MISSING])
            return draw()

        self.variables[name] = Declared(name, of_type, maybe, default)
        return Variable(name)

    def default(self, of_type: str, draw: Callable[[], Any]) -> str | None:
        """A value as the document says it; an object, which could hold enums, has none."""
        value = draw()
        if value is None or isinstance(value, dict | list):
            return None
        if isinstance(self.schema.type_map.get(of_type.strip("[]!")), GraphQLEnumType):
            return str(value)
        return literal(value)

    # Values

    def value(self, where: str, name: str, of_type: GraphQLInputType, depth: int, *, with_variables: bool) -> Any:
        if isinstance(of_type, GraphQLNonNull):
            return self.value(where, name, of_type.of_type, depth, with_variables=with_variables)
        if isinstance(of_type, GraphQLList):
            count = self.random.choices([0, 1, 2, 3], [1, 6, 3, 1])[0]
            items = [
                self.value(where, name, of_type.of_type, depth, with_variables=with_variables) for _ in range(count)
            ]
            return items[0] if count == 1 and self.chance(0.1) else items
        if isinstance(of_type, GraphQLInputObjectType):
            return self.input_object(where, name, of_type, depth, with_variables=with_variables)
        if isinstance(of_type, GraphQLEnumType):
            return EnumValue(self.random.choice(list(self.allowed(name, of_type))))
        return self.scalar(where, name, of_type.name)

    def allowed(self, name: str, of_type: GraphQLEnumType) -> Iterator[str]:
        """Intervals are long ones, to keep timelines short."""
        return (found for found in of_type.values if name != "interval" or found in ("YEAR", "QUARTER", "MONTH"))

    def input_object(
        self, where: str, name: str, of_type: GraphQLInputObjectType, depth: int, *, with_variables: bool
    ) -> Any:
        if of_type.name in self.pools.by:
            key, values = self.random.choice(list(self.pools.by[of_type.name].items()))
            return {key: self.random.choice(values)}
        names = [
            key for key, found in of_type.fields.items() if depth > 0 or is_leaf_type(get_named_type(found.type))
        ] or list(of_type.fields)
        required = [key for key, found in of_type.fields.items() if is_required(found)]
        chosen = required + self.random.sample(
            names, 1 if is_one_of(of_type) else min(len(names), self.random.randint(0, 2))
        )
        return {key: self.input_field(where, key, of_type, depth - 1, with_variables) for key in chosen}

    def input_field(
        self, where: str, key: str, of_type: GraphQLInputObjectType, depth: int, with_variables: bool
    ) -> Any:
        found = of_type.fields[key]
        if of_type.name.endswith("Filter") and self.chance(_WRONG):
            return None
        if with_variables and not is_one_of(of_type) and is_leaf_type(found.type) and self.chance(0.25):
            return self.variable_at(
                found, lambda: plain(self.value(where, key, found.type, depth, with_variables=False))
            )
        return self.value(where, key, found.type, depth, with_variables=with_variables)

    def scalar(self, where: str, name: str, of_type: str) -> Any:
        match of_type:
            case "Int":
                return self.number(name)
            case "Float":
                return self.random.choice([0, 0.001, 0.5, 3])
            case "Boolean":
                return self.chance(0.5)
            case "DateTime":
                return self.random.choice(self.pools.dates)
            case "ID":
                return self.one_of(self.pools.ids)
            case "JSON":
                return self.random.choice([self.text(where, name), 3, 0.5, True])
        return self.text(where, name)

    def text(self, where: str, name: str) -> str:
        match name:
            case "after" | "before":
                return self.one_of(self.pools.cursors.get(where, ["unknown"]))
            case "topics":
                return self.one_of(self.pools.topics)
            case "domain" if where.startswith("Query."):
                return self.one_of(self.pools.domains)
            case "timeZone":
                return self.one_of(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"])
            case "path":
                return self.one_of(["slug", "tags", "seo.title"])
            case "since":
                return self.one_of(self.pools.versions)
        return self.one_of(self.pools.words)

    def one_of(self, values: Sequence[str]) -> str:
        return "unknown" if self.chance(_WRONG) else self.random.choice(values)

    def number(self, name: str) -> int:
        if self.chance(_WRONG):
            return self.random.choice([-1, 101])
        low, high = _RANGES.get(name, (0, 60))
        return self.random.randint(low, high)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability


_LIKELY = {"first": 0.7, "last": 0.05, "after": 0.08, "before": 0.05, "filter": 0.15, "orderBy": 0.15}
_RANGES = {"first": (1, 3), "last": (0, 3), "depth": (1, 2), "limitPerNode": (1, 4), "count": (0, 4)}


def is_required(slot: Slot) -> bool:
    return isinstance(slot.type, GraphQLNonNull) and slot.default_value is Undefined


def is_one_of(of_type: GraphQLInputObjectType) -> bool:
    return bool(of_type.extensions["strawberry-definition"].is_one_of)


def literal(value: Any) -> str:
    """A value in GraphQL's own notation."""
    match value:
        case Variable(name):
            return f"${name}"
        case EnumValue(name):
            return name
        case list():
            return f"[{', '.join(map(literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {literal(child)}' for key, child in value.items())}}}"
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> Any:
    """A value in JSON."""
    match value:
        case EnumValue(name):
            return name
        case list():
            return [plain(child) for child in value]
        case dict():
            return {key: plain(child) for key, child in value.items()}
    return value
