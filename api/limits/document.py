"""Judges a parsed document by its shape, before it is validated: unknown names and circles of fragments are no matter here.

One walk over the document notes the shape of each operation and fragment by itself; then the shapes are added up along
the fragment spreads, each fragment once. So the cost is linear in the document, however often fragments are spread.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from api.errors import ErrorCode
from api.limits.bounds import LimitError, Limits
from api.limits.variables import check_literal
from graph.problems import quote

INTROSPECTION = frozenset({"__schema", "__type"})
_INTROSPECTION_LISTS = frozenset({"fields", "inputFields", "interfaces", "possibleTypes"})
"""Fields of introspection that lead from one type to many."""
_NESTING = 100
"""Selection sets within one another, those of fragments included: more could be too many for Python's own stack."""
_SPREADS = "..."
"""Stands for the name of all fragment spreads."""


@dataclass(slots=True)
class Shape:
    """Of an operation or a fragment: first by itself, then with the fragments that it spreads."""

    depth: int = 0
    """Fields within one another."""
    introspection_depth: int = 0
    """Of these, lists of introspection."""
    nesting: int = 0
    """Selection sets within one another."""
    aliases: int = 0
    fields: int = 0
    spreads: "list[tuple[str, _Place]]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """How much stands above a selection set."""

    depth: int = 0
    introspection_depth: int = 0
    nesting: int = 1


def check_document(document: DocumentNode, limits: Limits) -> None:
    """Does nothing for a document that is quickly validated.

    Raises:
        LimitError: the document is beyond one of the limits.
    """
    operations, fragments = shapes(document, limits)
    if len(operations) > limits.operations:
        message = (
            f"The document has {len(operations):,} operations; the limit is {limits.operations:,}."
            " Send only the one that is to be executed."
        )
        raise LimitError(ErrorCode.QUERY_TOO_LONG, message)
    for shape in (*operations, *fragments.values()):
        _check_shape(shape, limits)


def shapes(document: DocumentNode, limits: Limits) -> tuple[list[Shape], dict[str, Shape]]:
    """The shapes of the operations and, by name, of the fragments; what a single field or literal may be is checked too."""
    walk = _Walk(limits)
    operations: list[Shape] = []
    fragments: dict[str, Shape] = {}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            operations.append(walk.shape(definition))
        elif isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = walk.shape(definition)
    walk.check_repeated_fields()
    for name in _innermost_first(fragments):
        _add_spreads(fragments[name], fragments)
    for shape in operations:
        _add_spreads(shape, fragments)
    return operations, fragments


class _Walk:
    """Over the definitions of one document."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._names: Counter[str] = Counter()
        """How often each name of the answer stands in the document."""

    def shape(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> Shape:
        shape = Shape()
        self._check_directives(definition)
        for variable in definition.variable_definitions or ():
            self._check_directives(variable)
            if variable.default_value is not None:
                check_literal(variable.default_value, self._limits)
        pending = [(definition.selection_set, _Place())]
        while pending:
            selection_set, place = pending.pop()
            shape.nesting = max(shape.nesting, place.nesting)
            pending += self._select(selection_set, place, shape)
        return shape

    def _select(
        self, selection_set: SelectionSetNode, place: _Place, shape: Shape
    ) -> Iterator[tuple[SelectionSetNode, _Place]]:
        """Notes what stands in the selection set; answers the selection sets in it."""
        for node in selection_set.selections:
            if node.directives:
                self._check_directives(node)
            if isinstance(node, FieldNode):
                inner = self._field(node, place, shape)
                if node.selection_set:
                    yield node.selection_set, inner
            elif isinstance(node, FragmentSpreadNode):
                self._names[_SPREADS] += 1
                shape.spreads.append((node.name.value, place))
            else:
                inner = _Place(place.depth, place.introspection_depth, place.nesting + 1)
                yield node.selection_set, inner  # type: ignore[attr-defined]  # what is left are inline fragments

    def _field(self, node: FieldNode, place: _Place, shape: Shape) -> _Place:
        name = node.name.value
        if name in INTROSPECTION and not self._limits.is_introspection_allowed:
            message = f"The service does not tell its schema; leave out `{name}`. `__typename` is answered."
            raise LimitError(ErrorCode.INTROSPECTION_DISABLED, message)
        shape.fields += 1
        if node.alias:
            shape.aliases += 1
        self._names[(node.alias or node.name).value] += 1
        for argument in node.arguments or ():
            check_literal(argument.value, self._limits)
        is_list = name in _INTROSPECTION_LISTS
        inner = _Place(place.depth + 1, place.introspection_depth + is_list, place.nesting + 1)
        shape.depth = max(shape.depth, inner.depth)
        shape.introspection_depth = max(shape.introspection_depth, inner.introspection_depth)
        return inner

    def _check_directives(self, node: object) -> None:
        directives = getattr(node, "directives", None) or ()
        if len(directives) > self._limits.directives:
            message = (
                f"A part of the query has {len(directives):,} directives; the limit is {self._limits.directives:,}."
                " One @skip and one @include are enough."
            )
            raise LimitError(ErrorCode.TOO_MANY_DIRECTIVES, message)
        for directive in directives:
            for argument in directive.arguments or ():
                check_literal(argument.value, self._limits)

    def check_repeated_fields(self) -> None:
        pairs = sum(count * (count - 1) // 2 for count in self._names.values())
        if pairs > self._limits.repeated_fields:
            name, count = self._names.most_common(1)[0]
            what = "fragment spreads" if name == _SPREADS else f"times {quote(name)}"
            message = (
                f"The query has {pairs:,} pairs of fields with the same name, or of fragment spreads; the limit is "
                f"{self._limits.repeated_fields:,}. Most are of {count:,} {what}; select each field once, or ask in several requests."
            )
            raise LimitError(ErrorCode.TOO_MANY_REPEATED_FIELDS, message)


def _innermost_first(fragments: Mapping[str, Shape]) -> Iterator[str]:
    """The names of the fragments, each after those that it spreads; a circle is cut somewhere."""
    done: set[str] = set()
    for name in fragments:
        pending: list[tuple[str, bool]] = [(name, False)]
        entered: set[str] = set()
        while pending:
            current, is_left = pending.pop()
            if is_left:
                done.add(current)
                yield current
            elif current in fragments and current not in done and current not in entered:
                entered.add(current)
                pending.append((current, True))
                pending += [(spread, False) for spread, _ in fragments[current].spreads]


def _add_spreads(shape: Shape, fragments: Mapping[str, Shape]) -> None:
    for name, place in shape.spreads:
        inner = fragments.get(name)
        if inner is not None:
            shape.depth = max(shape.depth, place.depth + inner.depth)
            introspection_depth = place.introspection_depth + inner.introspection_depth
            shape.introspection_depth = max(shape.introspection_depth, introspection_depth)
            shape.nesting = max(shape.nesting, place.nesting + inner.nesting)
            shape.aliases += inner.aliases
            shape.fields += inner.fields


def _check_shape(shape: Shape, limits: Limits) -> None:
    if shape.depth > limits.depth:
        message = (
            f"The query has {shape.depth:,} levels of fields; the limit is {limits.depth:,}."
            " Ask for the deeper ones by id, in another request."
        )
        raise LimitError(ErrorCode.QUERY_TOO_DEEP, message)
    if shape.nesting > _NESTING:
        message = (
            f"The query has {shape.nesting:,} selection sets and fragments within one another; the limit is {_NESTING}."
            " Spread fewer fragments in fragments."
        )
        raise LimitError(ErrorCode.QUERY_TOO_DEEP, message)
    if shape.introspection_depth > limits.introspection_depth:
        message = (
            f"The query has {shape.introspection_depth:,} lists of introspection within one another; the limit is "
            f"{limits.introspection_depth:,}. Ask for all types once; /schema.graphql has them too."
        )
        raise LimitError(ErrorCode.QUERY_TOO_DEEP, message)
    if shape.fields > limits.fields:
        message = (
            f"The query has {shape.fields:,} fields, counted for each fragment spread; the limit is {limits.fields:,}."
            " Ask for less, or in several requests."
        )
        raise LimitError(ErrorCode.QUERY_TOO_LONG, message)
    if shape.aliases > limits.aliases:
        message = (
            f"The query has {shape.aliases:,} aliases, counted for each fragment spread; the limit is {limits.aliases:,}."
            " Ask with lists such as `nodes(ids: …)`, or in several requests."
        )
        raise LimitError(ErrorCode.TOO_MANY_ALIASES, message)
