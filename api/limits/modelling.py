"""Makes the cost model of an operation: its fields, their weights and their arguments become a formula."""

from collections.abc import Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from api.limits.arguments import counted, defaults_of
from api.limits.bounds import Limits
from api.limits.cost import CostModel, Parts, SelectedField, Selection
from api.limits.document import INTROSPECTION
from api.limits.formulas import Formula, Term
from api.limits.measures import Arguments, Measure
from api.limits.weights import INTROSPECTION as IN_INTROSPECTION
from api.limits.weights import LEAF, LIGHT, OBJECT, PER_ENTRY_CONDITION, SOME_LIST, SOME_PAGE, WEIGHTS, Weight, scan

_SCANNED = ("filter", "orderBy")
_NO_TERM: Term = 0


def cost_model(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, limits: Limits
) -> CostModel:
    """What the operation costs; it must be valid, and have passed `check_document`.

    Cost: linear in the document, since each fragment is worked out once.
    """
    root = schema.get_root_type(operation.operation)
    assert root is not None, "a valid operation"
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    modeller = _Modeller(schema, fragments, defaults_of(operation), limits)
    return CostModel(modeller.selection(root, operation.selection_set), modeller.formula)


def _weight_of_unknown(definition: GraphQLField, inner: Selection | None) -> Weight:
    """Of a field that the table does not have, such as one that was added to the schema."""
    if inner is None:
        return LIGHT
    if is_list_type(get_nullable_type(definition.type)):
        return SOME_LIST
    return LIGHT if inner.parts.entry == 0 else SOME_PAGE


class _Modeller:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        defaults: Mapping[str, Any],
        limits: Limits,
    ) -> None:
        self.formula = Formula()
        self._schema = schema
        self._fragments = fragments
        self._defaults = defaults
        self._limits = limits
        self._known: dict[str, Selection] = {}

    def selection(self, of_type: GraphQLNamedType, selection_set: SelectionSetNode) -> Selection:
        selection = Selection()
        for node in selection_set.selections:
            match node:
                case FieldNode():
                    selection.fields.append(self._field(of_type, node))
                case InlineFragmentNode():
                    condition = node.type_condition
                    inner_type = self._schema.type_map[condition.name.value] if condition else of_type
                    selection.fragments.append(self.selection(inner_type, node.selection_set))
                case FragmentSpreadNode():
                    selection.fragments.append(self._fragment(node.name.value))
        parts = [found.parts for found in selection.fields] + [found.parts for found in selection.fragments]
        total = self.formula.sum
        selection.parts = Parts(
            total([part.own for part in parts]),
            total([part.entry for part in parts]),
            total([part.whole for part in parts]),
            total([part.once for part in parts]),
        )
        return selection

    def _fragment(self, name: str) -> Selection:
        found = self._known.get(name)
        if found is None:
            fragment = self._fragments[name]
            of_type = self._schema.type_map[fragment.type_condition.name.value]
            found = self._known[name] = self.selection(of_type, fragment.selection_set)
        return found

    def _field(self, of_type: GraphQLNamedType, node: FieldNode) -> SelectedField:
        assert isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType)
        name = node.name.value
        definition = self._schema.get_field(of_type, name)
        assert definition is not None, "a valid operation"
        inner = self.selection(get_named_type(definition.type), node.selection_set) if node.selection_set else None
        weight = WEIGHTS.get(f"{of_type.name}.{name}") or _weight_of_unknown(definition, inner)
        entries = self._measured(node, definition, weight.entries)
        value = self._value(inner.parts, entries, weight.whole) if inner else LEAF
        size: Term = self._measured(node, definition, weight.size) if weight.size else 1
        parts = Parts(
            own=self.formula.sum(
                [self._work(weight, entries), self.formula.product(0 if weight.page else size, value)]
            ),
            entry=self.formula.product(weight.page, value),
            whole=weight.per_whole,
            once=inner.parts.once if inner else 0,
        )
        if any(argument.name.value in _SCANNED for argument in node.arguments or ()):
            parts = self._with_scan(parts, node, definition, weight.whole)
        if name in INTROSPECTION:
            parts = Parts(own=self.formula.product(IN_INTROSPECTION, parts.own))
        key = (node.alias or node.name).value
        return SelectedField(key, parts, inner, size, weight.page, entries, weight.whole)

    def _value(self, inner: Parts, entries: Term, whole: float) -> Term:
        """The cost of one object with this selection."""
        formula = self.formula
        return formula.sum(
            [OBJECT, inner.own, formula.product(entries, inner.entry), formula.product(whole, inner.whole)]
        )

    def _work(self, weight: Weight, entries: Term) -> Term:
        return self.formula.sum([weight.base, self.formula.product(weight.per_entry, entries)])

    def _measured(self, node: FieldNode, definition: GraphQLField, measure: Measure | None) -> Term:
        if measure is None:
            return _NO_TERM
        count = measure.counting(self._limits)
        return counted(self.formula, node, definition, measure.arguments, self._defaults, count)

    def _with_scan(self, parts: Parts, node: FieldNode, definition: GraphQLField, whole: float) -> Parts:
        """The parts, and the work for the filter and the order."""

        def once(arguments: Arguments) -> float:
            return scan(arguments.get("filter"), arguments.get("orderBy")).once

        def each(arguments: Arguments) -> float:
            return scan(arguments.get("filter"), None).conditions * whole * PER_ENTRY_CONDITION

        scanned, passed = (
            counted(self.formula, node, definition, _SCANNED, self._defaults, how) for how in (once, each)
        )
        return Parts(
            self.formula.sum([parts.own, passed]), parts.entry, parts.whole, self.formula.sum([parts.once, scanned])
        )
