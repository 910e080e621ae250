"""What an operation costs with its variables, over the graph that it is asked of: one recursion over its fields.

A field costs its work (`weights`), what its filter and its order make (`conditions`), and the objects that it answers, for
all objects together that it is asked of. Where a list's size follows from the graph, it is the largest that lists of that
many nodes can have together (`graph.lists.sizes`); a page has no more entries than its arguments say.

What a field costs is counted whatever `@skip` and `@include` say, and as often as it is written: a bound from above.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    value_from_ast_untyped,
)

from api.errors import ErrorCode
from api.limits.bounds import LimitError, Limits
from api.limits.conditions import READ, Conditions, values_in
from api.limits.document import INTROSPECTION
from api.limits.measures import Arguments, steps, width
from api.limits.weights import INTROSPECTION as IN_INTROSPECTION
from api.limits.weights import (
    LEAF,
    LIGHT,
    OBJECT,
    OBJECT_OF_ANY_TYPE,
    PER_EDGE,
    SOME_LIST,
    SOME_PAGE,
    WEIGHTS,
    Of,
    Weight,
)
from graph.building.lookups import Lookup
from graph.lists.sizes import Sizes
from graph.traversal.neighborhood import EDGE_LIMIT, NODE_LIMIT
from graph.traversal.provider_network import EDGE_LIMIT as PROVIDER_EDGE_LIMIT
from graph.traversal.provider_network import PROVIDER_LIMIT

_KEPT = 32
"""Costs of one operation that are known."""
_MISSING = object()
_IDS = frozenset({"id", "by"})
_BY_IDS = frozenset({"neighborhood", *(where.partition(".")[2] for where, weight in WEIGHTS.items() if weight.text)})
"""Fields that cost more or less by which objects they are asked of."""
_NOT_READ = frozenset(
    {
        "after",
        "before",
        "direction",
        "domain",
        "key",
        "query",
        "since",
        "throughHubs",
        "timeZone",
        "until",
    }
)
"""Arguments that no cost depends on, of those that come with each request."""
_IN_PAGES = ("nodes", "edges", "node")
"""Fields that end no response path, since what they cost is set by the connection around them."""


class _Place(NamedTuple):
    """The objects that a selection is asked of, all together."""

    objects: float
    entries: float = 0
    """Of the pages, or nodes of the subgraphs, that they are."""
    edges: float = 0
    """Of the subgraphs that they are."""
    whole: float = 0
    """Entries of the whole lists that they are pages of."""
    listing: float = 0
    """The cost of listing and filtering these."""
    ids: Sequence[str] | None = None
    """Their ids, where the operation says them."""


@dataclass(frozen=True, slots=True)
class FieldCost:
    """What a field costs, with all in it."""

    key: str
    """Its name in the answer."""
    total: float
    fields: "Sequence[FieldCost]" = ()
    """Those of its selection set, and of the fragments there."""


class Cost(NamedTuple):
    """What a request costs."""

    total: float
    most_expensive_field: str
    """The response path of the innermost field that has more than half of all the cost, or of the costliest root field."""

    @classmethod
    def of(cls, fields: Sequence[FieldCost]) -> "Cost":
        """What these fields cost together."""
        total = sum(field.total for field in fields)
        path: list[str] = []
        while fields:
            found = max(fields, key=lambda field: field.total)
            if path and found.total * 2 <= total:
                break
            path.append(found.key)
            fields = found.fields
        while len(path) > 1 and path[-1] in _IN_PAGES:
            path.pop()
        return cls(total, ".".join(path))


class CostModel:
    """Of one operation, which must be valid, and have passed `check_document`."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, limits: Limits
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._limits = limits
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in operation.variable_definitions or ()
            if definition.default_value is not None
        }
        self._read = sorted(_variables_read(document))
        self._known: dict[Hashable, Cost] = {}
        """All are dropped when they are too many."""

    def cost(self, variables: Mapping[str, Any], sizes: Sizes) -> Cost:
        """What the operation costs with these variables, as they came from the client, for a graph of these sizes.

        Cost: linear in the operation, its fragments written out, and in the variables. What was worked out lately for the
        same graph and the same plain values, whatever the other variables are, is taken from there.
        """
        key = (sizes.version, *(variables.get(name, _MISSING) for name in self._read))
        try:
            found = self._known.get(key)
        except TypeError:  # filters and lists of orders have no hash
            return self._cost(variables, sizes)
        if found is None:
            found = self._cost(variables, sizes)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = found
        return found

    def fields(self, variables: Mapping[str, Any], sizes: Sizes) -> Sequence[FieldCost]:
        """The same for each root field."""
        root = self._schema.get_root_type(self._operation.operation)
        assert root is not None, "a valid operation"
        estimate = _Estimate(self._schema, self._fragments, {**self._defaults, **variables}, sizes, self._limits)
        return list(estimate.selection(root, self._operation.selection_set, _Place(1)))

    def _cost(self, variables: Mapping[str, Any], sizes: Sizes) -> Cost:
        return Cost.of(self.fields(variables, sizes))


def _variables_read(document: DocumentNode) -> set[str]:
    """The names of the variables that a cost depends on; ids matter only where walks begin at them, or texts are read."""
    found: set[str] = set()
    ids: set[str] = set()
    do_ids_matter = False
    pending: list[Node] = [document]
    while pending:
        node = pending.pop()
        if isinstance(node, FieldNode):
            do_ids_matter = do_ids_matter or node.name.value in _BY_IDS
        if isinstance(node, ArgumentNode) and node.name.value not in _NOT_READ:
            (ids if node.name.value in _IDS else found).update(_variables_in(node.value))
        else:
            pending += _inner_nodes(node)
    return found | ids if do_ids_matter else found


def _variables_in(value: ValueNode) -> Iterator[str]:
    pending: list[Node] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, VariableNode):
            yield node.name.value
        pending += _inner_nodes(node)


def _inner_nodes(node: Node) -> Iterator[Node]:
    for key in node.keys:
        value = getattr(node, key, None)
        for inner in value if isinstance(value, list | tuple) else (value,):
            if isinstance(inner, Node):
                yield inner


class _Estimate:
    """Of one request."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: dict[str, Any],
        sizes: Sizes,
        limits: Limits,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._sizes = sizes
        self._limits = limits
        self._conditions = Conditions(sizes)

    def selection(
        self, of_type: GraphQLNamedType, selection_set: SelectionSetNode, place: _Place
    ) -> Iterator[FieldCost]:
        """The cost of each field."""
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                yield self._field(of_type, node, place)
                continue
            inner: Any = self._fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            condition = inner.type_condition  # which an inline fragment need not have
            inner_type = self._schema.type_map[condition.name.value] if condition else of_type
            yield from self.selection(inner_type, inner.selection_set, place)

    def _field(self, of_type: GraphQLNamedType, node: FieldNode, place: _Place) -> FieldCost:
        assert isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
        name = node.name.value
        key = node.alias.value if node.alias else name
        weight = WEIGHTS.get(f"{of_type.name}.{name}")
        if weight is None and node.selection_set is None:
            return FieldCost(key, LEAF * place.objects)
        definition = self._schema.get_field(of_type, name)
        assert definition is not None, "a valid operation"
        weight = weight or _weight_of_unknown(definition)
        arguments = self._arguments(node, definition)
        values, inner = self._values(of_type.name, name, weight, arguments, place)
        listing = weight.per_listed * inner.whole + self._filtering(weight, definition, arguments, place, inner)
        work = self._work(weight, place, inner) + self._reading(weight, place)
        total = listing + work + self._ordering(definition, arguments, place, inner)
        if node.selection_set is None:
            return FieldCost(key, total + LEAF * values)
        answered = get_named_type(definition.type)
        fields: Sequence[FieldCost] = ()
        if values:
            inner = inner._replace(listing=listing)
            fields = list(self.selection(answered, node.selection_set, inner))
        one = OBJECT_OF_ANY_TYPE if is_abstract_type(answered) else OBJECT
        total += one * values + sum(field.total for field in fields)
        if name in INTROSPECTION:
            total *= IN_INTROSPECTION
        return FieldCost(key, total, fields)

    def _arguments(self, node: FieldNode, definition: GraphQLField) -> Arguments:
        found = {
            name: argument.default_value
            for name, argument in definition.args.items()
            if argument.default_value is not Undefined
        }
        for argument in node.arguments or ():
            value = value_from_ast_untyped(argument.value, self._variables)
            if value is not Undefined:
                found[argument.name.value] = value
        return found

    def _values(
        self, of_type: str, name: str, weight: Weight, arguments: Arguments, place: _Place
    ) -> tuple[float, _Place]:
        """How many values the field has, and what its selection is asked of."""
        objects = place.objects
        if weight.is_walk:
            return objects, self._walk(of_type, name, arguments, place)
        if weight.page is not None:
            whole = self._whole(weight.whole, objects) * weight.share
            return objects, _Place(objects, entries=objects * weight.page(arguments, self._limits), whole=whole)
        if weight.part is not None:
            objects = place.entries if weight.part is Of.PAGE else place.edges
        elif weight.held:
            objects = self._sizes.reached(weight.held, objects)
        elif weight.size is not None:
            objects *= weight.size(arguments, self._limits)
        ids = self._ids(of_type, name, arguments, place)
        return objects, _Place(objects, ids=ids, whole=place.whole)

    def _whole(self, name: str, holders: float) -> float:
        """How many entries lists of this name have in so many nodes together."""
        return self._sizes.entries(name, holders) if "." in name else holders * self._sizes.count(name)

    def _work(self, weight: Weight, place: _Place, inner: _Place) -> float:
        work = weight.base * place.objects + weight.per_page * inner.entries
        if weight.per_whole:
            work += weight.per_whole * place.whole + place.listing
        if weight.per_tested:
            work += weight.per_tested * self._whole(weight.tested, place.objects)
        if weight.is_walk:
            work += weight.per_node * inner.entries + PER_EDGE * inner.edges
        return work

    def _reading(self, weight: Weight, place: _Place) -> float:
        """The work for texts."""
        if not weight.text:
            return 0
        record_type, _, attribute = weight.text.partition(".")
        if place.ids is not None:
            characters: float = self._sizes.known_characters(place.ids, attribute)
        else:
            characters = self._sizes.characters(record_type, attribute, place.objects)
        return weight.per_character * characters

    # Filters and orders

    def _filtering(
        self, weight: Weight, definition: GraphQLField, arguments: Arguments, place: _Place, inner: _Place
    ) -> float:
        condition = arguments.get("filter")
        if condition is None:
            return 0
        records = inner.whole if weight.page else self._tested(weight, arguments, place, inner)
        record_type = get_named_type(definition.args["filter"].type).name.removesuffix("Filter")
        cost = self._conditions.filtering(record_type, condition, records + place.objects)
        return cost + READ * values_in(condition) * place.objects

    def _ordering(self, definition: GraphQLField, arguments: Arguments, place: _Place, inner: _Place) -> float:
        order = arguments.get("orderBy")
        if order is None:
            return 0
        record_type = get_named_type(definition.args["orderBy"].type).name.removesuffix("Order")
        cost = self._conditions.ordering(record_type, order, inner.whole)
        return cost + READ * values_in(order) * place.objects

    def _tested(self, weight: Weight, arguments: Arguments, place: _Place, inner: _Place) -> float:
        """How many records a filter is tested on that is no list's."""
        if not weight.is_walk:
            return min(self._whole(weight.tested, place.objects), weight.most_tested)
        expanded = inner.entries if steps(arguments) > 1 else inner.whole
        return min(self._sizes.count("Article"), self._sizes.entries("Node.neighbors", expanded)) if expanded else 0

    # Subgraphs

    def _walk(self, of_type: str, name: str, arguments: Arguments, place: _Place) -> _Place:
        """The subgraphs that walks from these objects find; `whole` is the number of nodes where they start.

        Every step finds fewer new nodes for each node than the one before: about the root of what is allowed. Between
        nodes that are found, there is seldom more than half of all edges that could be.
        """
        walks, far, wide = place.objects, steps(arguments), width(arguments)
        if name == "providerNeighborhood":
            nodes = walks * min(_reached(far, wide), PROVIDER_LIMIT)
            return _Place(walks, entries=nodes, edges=min(_pairs(nodes), PROVIDER_EDGE_LIMIT), whole=walks)
        ids = self._ids(of_type, name, arguments, place)
        starts, inside = walks, 0.0
        if of_type == "Story":
            starts, inside = self._stories(ids, walks)
        elif ids is not None:  # of any node
            members, inside = self._sizes.known_stories(ids)
            starts = max(walks, members)
        if far:
            found = starts * _reached(far - 1, wide) * (starts > walks) + walks * _reached(far, wide)
            found = min(found, NODE_LIMIT * walks)
        else:
            found = min(starts, NODE_LIMIT * walks)
        pairs = walks * _pairs(found / walks) if far and walks else 0
        edges = min(inside + pairs, self._sizes.entries("Node.edges", found), EDGE_LIMIT * walks)
        return _Place(walks, entries=found, edges=edges, whole=starts)

    def _stories(self, ids: Sequence[str] | None, walks: float) -> tuple[float, float]:
        """How many articles the stories have together, and how many edges among them."""
        if ids is not None:
            return self._sizes.known_stories(ids)
        return self._sizes.entries("Story.articles", walks), self._sizes.story_edges(walks)

    def _ids(self, of_type: str, name: str, arguments: Arguments, place: _Place) -> Sequence[str] | None:
        """The ids of the values, where the operation says them."""
        match f"{of_type}.{name}":
            case "Query.node" | "Query.neighborhood":
                return _texts([arguments.get("id")])
            case "Query.nodes":
                found = arguments.get("ids")
                return _texts(found if isinstance(found, list) else [found])  # GraphQL takes one for a list of one
            case "Query.article":
                return self._ids_of_article(arguments.get("by"))
            case "Article.story" if place.ids is not None:
                return _texts([self._sizes.story_of(node_id) for node_id in place.ids])
            case "Story.neighborhood":
                return place.ids
        return None

    def _ids_of_article(self, by: Any) -> Sequence[str] | None:
        """The id of the article that is asked for, if the graph holds it; None where that cannot be told."""
        found: list[str | None] = []
        for key, value in by.items() if isinstance(by, dict) else ():
            lookup = Lookup.__members__.get(f"ARTICLE_BY_{key.upper()}")
            if key == "id":
                found.append(value)
            elif lookup is None:
                return None
            elif isinstance(value, str):
                found.append(self._sizes.named(lookup, value))
        return _texts(found)


def _reached(far: float, wide: float) -> float:
    """How many nodes a walk finds from one node."""
    return 1 + wide ** ((far + 1) / 2) if far else 1


def _pairs(nodes: float) -> float:
    """How many edges there may be among so many nodes."""
    return nodes * (nodes - 1) / 2


def _texts(values: Sequence[Any]) -> Sequence[str]:
    return [value for value in values if isinstance(value, str)]


def _weight_of_unknown(definition: GraphQLField) -> Weight:
    """Of a field that the table does not have, such as one that was added to the schema."""
    if is_list_type(get_nullable_type(definition.type)):
        return SOME_LIST
    return SOME_PAGE if get_named_type(definition.type).name.endswith("Connection") else LIGHT


def filter_cost(condition: Any, sizes: Sizes) -> Cost:
    """What a filter of all articles costs that stands in no operation."""
    total = Conditions(sizes).filtering("Article", condition, sizes.count("Article")) + READ * values_in(condition)
    return Cost(total, "filter")


def check_cost(cost: Cost, limits: Limits) -> None:
    """Does nothing for an operation that a request may ask for.

    Raises:
        LimitError: it costs more than the budget.
    """
    if cost.total > limits.cost:
        message = (
            f"The query costs {cost.total:,.0f}; the budget is {limits.cost:,}. Most of it is for"
            f" `{cost.most_expensive_field}`: ask for fewer entries there, with a smaller `first`, or for fewer fields."
        )
        raise LimitError(ErrorCode.QUERY_TOO_EXPENSIVE, message)
