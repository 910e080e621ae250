"""What an operation needs of a snapshot that may still be being computed, found by the types and arguments in its document."""

from collections.abc import Iterator, Mapping
from enum import Flag, auto
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLID,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    type_from_ast,
    value_from_ast_untyped,
)

STORY_ID = "s_"
"""What ids of stories begin with."""


class Need(Flag):
    """Parts of the answer that a new snapshot does not have at once."""

    NOTHING = 0
    SOON = auto()
    """What `graph.stores.warming.warm_soon` computes."""
    LATE = auto()
    """What `graph.stores.warming.warm_rest` computes."""
    PICTURES = auto()
    """What `graph.stores.warming.warm_pictures` computes; no operation needs that, but exports do."""
    HISTORY = auto()
    """What was before this snapshot, or when it was loaded, which its version does not say."""


_OF_TYPES = {
    "Story": Need.SOON,
    "StoryConnection": Need.SOON,
    "StoryFilter": Need.SOON,
    "StoryListFilter": Need.SOON,
    "SearchConnection": Need.LATE,
    "SimilarArticleConnection": Need.LATE,
    "PathResult": Need.LATE,
    "ContextPack": Need.SOON | Need.LATE,
    "Metrics": Need.LATE,
    "ArticleMetrics": Need.LATE,
    "ProviderMetrics": Need.LATE,
    "TopicMetrics": Need.LATE,
    "PersonMetrics": Need.LATE,
    "MetricsFilter": Need.LATE,
    "MetricsOrder": Need.LATE,
}
"""By the type of a field, whether of an object or of an input."""
_OF_FIELDS = {
    "Snapshot.loadedAt": Need.HISTORY,
    "Snapshot.nodeCounts": Need.SOON,
    "Snapshot.changes": Need.SOON | Need.HISTORY,
}
_OF_VALUES = {("TrendKind", "STORY"): Need.SOON}
"""By enum and value."""
_TELLING_ENUMS = frozenset(name for name, _ in _OF_VALUES)
_OF_INPUT_FIELDS = {("ProviderOrder", "firsts"): Need.SOON}
"""By input object and field."""


class Needs:
    """Of one operation, which must be valid."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._seen: set[str] = set()
        self._variables: dict[str, GraphQLInputType] = {}
        """Those whose values may need something."""
        root = schema.get_root_type(operation.operation)
        assert root is not None, "a valid operation"
        self._always = self._of_selection(root, operation.selection_set)
        for definition in operation.variable_definitions or ():
            of_type: Any = type_from_ast(schema, definition.type)
            named = get_named_type(of_type)
            if isinstance(named, GraphQLInputObjectType) or named is GraphQLID or named.name in _TELLING_ENUMS:
                self._variables[definition.variable.name.value] = of_type
            if definition.default_value is not None:
                self._always |= _of_value(of_type, value_from_ast_untyped(definition.default_value))

    def of(self, variables: Mapping[str, Any]) -> Need:
        """What the operation needs with these variables, as they came from the client.

        Cost: linear in the variables.
        """
        found = self._always
        for name, of_type in self._variables.items():
            found |= _of_value(of_type, variables.get(name))
        return found

    def _of_selection(self, of_type: GraphQLNamedType, selection_set: SelectionSetNode) -> Need:
        found = Need.NOTHING
        for node in selection_set.selections:
            match node:
                case FieldNode():
                    found |= self._of_field(of_type, node)
                case InlineFragmentNode(type_condition=condition):
                    inner = self._schema.type_map[condition.name.value] if condition else of_type
                    found |= self._of_selection(inner, node.selection_set)
                case FragmentSpreadNode() if node.name.value not in self._seen:
                    self._seen.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    inner = self._schema.type_map[fragment.type_condition.name.value]
                    found |= self._of_selection(inner, fragment.selection_set)
        return found

    def _of_field(self, of_type: GraphQLNamedType, node: FieldNode) -> Need:
        definition = self._schema.get_field(of_type, node.name.value)  # type: ignore[arg-type]  # it has fields
        assert definition is not None, "a valid operation"
        answered = get_named_type(definition.type)
        found = _OF_FIELDS.get(f"{of_type.name}.{node.name.value}", Need.NOTHING) | _of_type(answered)
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value)
            found |= _of_value(definition.args[argument.name.value].type, value)
        if node.selection_set:
            found |= self._of_selection(answered, node.selection_set)
        return found


def _of_type(of_type: GraphQLNamedType) -> Need:
    return _OF_TYPES.get(of_type.name, Need.NOTHING)


def _of_value(of_type: GraphQLInputType, value: Any) -> Need:
    """What a value of this type asks for; one that does not fit the type asks for nothing."""
    found = Need.NOTHING
    for inner_type, inner in _values(of_type, value):
        if inner_type is GraphQLID:
            found |= Need.SOON if isinstance(inner, str) and inner.startswith(STORY_ID) else Need.NOTHING
        else:
            found |= _of_type(inner_type)
            if isinstance(inner, str):
                found |= _OF_VALUES.get((inner_type.name, inner), Need.NOTHING)
            elif isinstance(inner, Mapping):
                for name in inner:
                    found |= _OF_INPUT_FIELDS.get((inner_type.name, name), Need.NOTHING)
    return found


def _values(of_type: GraphQLInputType, value: Any) -> Iterator[tuple[GraphQLNamedType, Any]]:
    """The value and all within it that are no lists, with their types."""
    pending: list[tuple[Any, Any]] = [(of_type, value)]
    while pending:
        of_type, value = pending.pop()
        if isinstance(of_type, GraphQLNonNull):
            of_type = of_type.of_type
        if isinstance(of_type, GraphQLList):
            pending += [(of_type.of_type, inner) for inner in (value if isinstance(value, list) else [value])]
        elif value is not None:
            yield of_type, value
            if isinstance(of_type, GraphQLInputObjectType) and isinstance(value, Mapping):
                fields = of_type.fields
                pending += [(fields[name].type, inner) for name, inner in value.items() if name in fields]
