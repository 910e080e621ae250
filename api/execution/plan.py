"""Plans: what an operation selects, resolved against the schema once, so that requests only follow it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    VariableValues,
    Visitor,
    get_directive_values,
    is_abstract_type,
    is_leaf_type,
    print_ast,
    visit,
)

from api.adapters.strawberry import field_of
from api.execution.arguments import Arguments
from api.execution.variables import Variables
from api.schema.batching import BatchResolver, batch_resolver, nodes_resolver

MOST_SELECTIONS = 2_000
"""In one plan. Fields that merge in ever new ways can need more, by any power of the document's length."""
DEEPEST = 200
"""Levels of objects and lists in an answer; with a value of 32 levels inside, more could be too many for `orjson`."""


class FallbackError(Exception):
    """The reference executor has to answer this operation; the text says why."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an enum value."""

    of_type: GraphQLLeafType


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value that may be null."""

    inner: "Shape"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, in order."""

    inner: "Shape"


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object, of one of some types; each has a selection of its own."""

    selections: Mapping[str, "Selection"]
    """By the name of the type."""
    types: Sequence[GraphQLObjectType]


Shape: TypeAlias = Leaf | Nullable | ListOf | ObjectOf


@dataclass(frozen=True, slots=True, eq=False)
class FieldPlan:
    """One field of a selection."""

    key: str
    """Its name in the answer."""
    attribute: str
    """Of the record that stands behind the type; unless there is a resolver."""
    resolve: BatchResolver | None
    node: FieldNode
    arguments: Arguments
    shape: Shape
    is_of_nodes_alone: bool
    """Whether it is one of pages, of which nothing but the nodes is selected, and the resolver answers these alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """The fields wanted of one type, in the answer's order."""

    type_name: str
    fields: tuple[FieldPlan, ...]
    template: bytes
    """The object in JSON, with a place for each field's value."""
    signature: str
    """Equal for selections that ask for the same, in whatever document; but for the values of variables."""
    variables: tuple[str, ...]
    """What any field in it refers to, at any depth; sorted."""
    is_node: bool
    """Whether it is of nodes, which have an id."""
    height: int
    """Levels of objects and lists in its text, itself included, the values of scalars apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """An operation that a plan can be made of, with the fragments of its document."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    switches: tuple[str, ...] = field(init=False)
    """The variables that `@skip` and `@include` refer to: each set of their values has a plan of its own."""
    variables: Variables = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", Variables(self.schema, self.operation))
        found = _Switches()
        visit(self.operation, found)
        for name in found.spread:  # which grows while fragments spread others
            visit(self.fragments[name], found)
        object.__setattr__(self, "switches", tuple(sorted(found.names)))


class _Switches(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.spread: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        if node.name.value not in self.spread:
            self.spread.append(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        if node.name.value not in ("skip", "include"):
            raise FallbackError(f"directive @{node.name.value}")
        self.names.update(
            argument.value.name.value for argument in node.arguments or () if isinstance(argument.value, VariableNode)
        )


def make_plan(document: Document, variables: VariableValues) -> Selection:
    """The selection of the operation's root, for these values of the switches.

    Cost: linear in the document; fragments that are spread often are planned once for each type they are spread on.

    Raises:
        FallbackError: the operation has something that plans do not know.
    """
    root = document.schema.get_root_type(document.operation.operation)
    if root is None or document.operation.operation.value != "query":
        raise FallbackError("no query")
    try:
        plan = _Planner(document, variables).selection(root, [document.operation.selection_set])
    except RecursionError as cause:
        raise FallbackError("a deep answer") from cause
    if plan.height > DEEPEST:
        raise FallbackError("a deep answer")
    return plan


class _Planner:
    def __init__(self, document: Document, variables: VariableValues) -> None:
        self._document = document
        self._variables = variables
        self._known: dict[tuple[str, tuple[int, ...]], Selection] = {}

    def selection(self, of_type: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Selection:
        known = (of_type.name, tuple(map(id, sets)))
        found = self._known.get(known)
        if found is None:
            if len(self._known) >= MOST_SELECTIONS:
                raise FallbackError("too many selections")
            found = self._known[known] = self._select(of_type, sets)
        return found

    def _select(self, of_type: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Selection:
        grouped: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for selection_set in sets:
            for node in self._collect(of_type, selection_set, visited):
                grouped.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        constants = {key: of_type.name for key, nodes in grouped.items() if nodes[0].name.value == "__typename"}
        fields = [self._field(of_type, key, nodes) for key, nodes in grouped.items() if key not in constants]
        entries = [f'"{key}":' + (f'"{constants[key]}"' if key in constants else "%b") for key in grouped]
        return Selection(
            of_type.name,
            tuple(fields),
            f"{{{','.join(entries)}}}".encode(),
            _digest(
                of_type.name,
                *(f"{key}:{nodes[0].name.value}" for key, nodes in grouped.items()),
                *map(_digest_of, fields),
            ),
            tuple(sorted({name for field in fields for name in _all_variables(field)})),
            any(interface.name == "Node" for interface in of_type.interfaces),
            1 + max((_height(field.shape) for field in fields), default=0),
        )

    def _collect(
        self, of_type: GraphQLObjectType, selection_set: SelectionSetNode, visited: set[str]
    ) -> Iterator[FieldNode]:
        for node in selection_set.selections:
            if not self._is_included(node):
                continue
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    if node.type_condition is None or self._applies(node.type_condition.name.value, of_type):
                        yield from self._collect(of_type, node.selection_set, visited)
                case FragmentSpreadNode():
                    name = node.name.value
                    if name not in visited:
                        visited.add(name)
                        fragment = self._document.fragments[name]
                        if self._applies(fragment.type_condition.name.value, of_type):
                            yield from self._collect(of_type, fragment.selection_set, visited)

    def _is_included(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, condition: str, of_type: GraphQLObjectType) -> bool:
        wanted = self._document.schema.type_map[condition]
        return wanted is of_type or (is_abstract_type(wanted) and self._document.schema.is_sub_type(wanted, of_type))

    def _field(self, of_type: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> FieldPlan:
        name = nodes[0].name.value
        definition = of_type.fields.get(name)
        if definition is None:
            raise FallbackError(f"field {name}")
        own = field_of(definition)
        resolve = batch_resolver(own)
        if resolve is None and own.base_resolver is not None:
            raise FallbackError(f"field {of_type.name}.{name}")
        sets = [node.selection_set for node in nodes if node.selection_set]
        shape = self._shape(definition.type, sets)
        resolve_nodes = nodes_resolver(own) if _is_of_nodes_alone(shape) else None
        return FieldPlan(
            key,
            own.python_name,
            resolve_nodes or resolve,
            nodes[0],
            Arguments(definition, nodes[0]),
            shape,
            resolve_nodes is not None,
        )

    def _shape(self, of_type: GraphQLOutputType, sets: Sequence[SelectionSetNode]) -> Shape:
        if not isinstance(of_type, GraphQLNonNull):
            return Nullable(self._present(of_type, sets))
        return self._present(of_type.of_type, sets)

    def _present(self, of_type: Any, sets: Sequence[SelectionSetNode]) -> Shape:
        if isinstance(of_type, GraphQLList):
            return ListOf(self._shape(of_type.of_type, sets))
        if is_leaf_type(of_type):
            return Leaf(of_type)
        types = self._document.schema.get_possible_types(of_type) if is_abstract_type(of_type) else [of_type]
        return ObjectOf({found.name: self.selection(found, sets) for found in types}, types)


def _is_of_nodes_alone(shape: Shape) -> bool:
    match shape:
        case ObjectOf(selections) if len(selections) == 1:
            (selection,) = selections.values()
            return [field.node.name.value for field in selection.fields] == ["nodes"]
    return False


def _selections(shape: Shape) -> Iterator[Selection]:
    match shape:
        case Nullable(inner) | ListOf(inner):
            yield from _selections(inner)
        case ObjectOf(selections):
            yield from selections.values()
        case Leaf():
            pass


def _height(shape: Shape) -> int:
    match shape:
        case Nullable(inner):
            return _height(inner)
        case ListOf(inner):
            return 1 + _height(inner)
        case ObjectOf(selections):
            return max(found.height for found in selections.values())
        case Leaf():
            return 0


def _all_variables(field: FieldPlan) -> Iterator[str]:
    yield from field.arguments.variables
    for selection in _selections(field.shape):
        yield from selection.variables


def _digest_of(field: FieldPlan) -> str:
    arguments = sorted(map(print_ast, field.node.arguments or ()))
    return _digest(
        field.key, field.node.name.value, *arguments, *(found.signature for found in _selections(field.shape))
    )


def _digest(*parts: str) -> str:
    """Of a fixed length, since fragments that spread one another can double it at each step."""
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
