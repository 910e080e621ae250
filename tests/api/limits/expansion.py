"""What a document comes to when every fragment is written out where it is spread: slow, plain, and right."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    get_named_type,
)
from graphql.utilities import value_from_ast_untyped

from api.limits import Limits
from api.limits.weights import INTROSPECTION, LEAF, OBJECT, PER_ENTRY_CONDITION, WEIGHTS, Weight, scan


def written_out(document: DocumentNode, selection_set: SelectionSetNode) -> Iterator[tuple[str | None, FieldNode]]:
    """The fields of a selection set with the type that a fragment narrows them to."""
    fragments = {found.name.value: found for found in document.definitions if isinstance(found, FragmentDefinitionNode)}
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            yield None, node
            continue
        inner = fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        assert isinstance(inner, FragmentDefinitionNode | InlineFragmentNode)
        condition = inner.type_condition
        for narrower, found in written_out(document, inner.selection_set):
            yield narrower or (condition.name.value if condition else None), found


def depth(document: DocumentNode, selection_set: SelectionSetNode | None) -> int:
    if selection_set is None:
        return 0
    return max((1 + depth(document, node.selection_set) for _, node in written_out(document, selection_set)), default=0)


def aliases(document: DocumentNode, selection_set: SelectionSetNode | None) -> int:
    if selection_set is None:
        return 0
    return sum(
        bool(node.alias) + aliases(document, node.selection_set) for _, node in written_out(document, selection_set)
    )


class Costs:
    """Adds up the cost of one operation for one set of variables."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], limits: Limits
    ) -> None:
        self._schema = schema
        self._document = document
        self._limits = limits
        (operation,) = (found for found in document.definitions if isinstance(found, OperationDefinitionNode))
        self._operation = operation
        defaults = {
            found.variable.name.value: value_from_ast_untyped(found.default_value)
            for found in operation.variable_definitions or ()
            if found.default_value
        }
        self._variables = {**defaults, **variables}

    def total(self) -> float:
        root = self._schema.get_root_type(self._operation.operation)
        assert root
        return self._selection(root.name, self._operation.selection_set, 0, 0, 1)

    def _selection(
        self, of_type: str, selected: SelectionSetNode, entries: float, whole: float, objects: float
    ) -> float:
        """Of all fields of so many objects; what is worked out once counts once for each time it is written."""
        return sum(
            self._field(narrower or of_type, node, entries, whole, objects)
            for narrower, node in written_out(self._document, selected)
        )

    def _field(self, of_type: str, node: FieldNode, entries: float, whole: float, objects: float) -> float:
        definition = self._schema.get_field(self._schema.type_map[of_type], node.name.value)  # type: ignore[arg-type]
        assert definition
        weight = WEIGHTS.get(f"{of_type}.{node.name.value}", Weight())
        given = {
            name: argument.default_value
            for name, argument in definition.args.items()
            if argument.default_value is not Undefined
        }
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value, self._variables)
            if value is not Undefined:
                given[argument.name.value] = value
        own_entries = weight.entries.counting(self._limits)(given) if weight.entries else 0
        count = (
            weight.page * entries if weight.page else weight.size.counting(self._limits)(given) if weight.size else 1
        )
        scanned = scan(given.get("filter"), given.get("orderBy"))
        work = weight.base + weight.per_entry * own_entries + weight.per_whole * whole
        work += scanned.conditions * weight.whole * PER_ENTRY_CONDITION
        cost = objects * work + scanned.once
        if node.selection_set is None:
            cost += objects * count * LEAF
        else:
            inner = get_named_type(definition.type).name
            cost += objects * count * OBJECT
            cost += self._selection(inner, node.selection_set, own_entries, weight.whole, objects * count)
        return cost * INTROSPECTION if node.name.value in ("__schema", "__type") else cost
