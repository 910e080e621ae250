"""Total orders of nodes, and keyset positions in them, which stay valid when nodes are added or removed.

In an order that is not lasting (`is_lasting`), those of other nodes may move, too: there, cursors hold marks (`graph.lists.marks`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import total_ordering
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from graph.building.snapshot import GraphSnapshot
from graph.errors import CursorError, OrderError
from graph.lists.relations import RELATIONS
from graph.model import NODE_TYPES, Node, NodeKind

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OrderValue: TypeAlias = str | int | float | None
"""One value of a position: JSON can hold it, and it compares with the values of the same criterion."""


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One criterion of an order."""

    field: str
    """An attribute (`title`), the size of a relation (`related.count`), or an attribute of the one node that a relation
    leads to (`provider.name`)."""
    is_descending: bool = False


Order: TypeAlias = tuple[OrderKey, ...]

DEFAULT_ORDERS: Mapping[NodeKind, Order] = MappingProxyType(
    {
        NodeKind.ARTICLE: (OrderKey("published_date_time", is_descending=True),),
        NodeKind.PROVIDER: (OrderKey("name"),),
        NodeKind.TOPIC: (OrderKey("name"),),
        NodeKind.PERSON: (OrderKey("name"),),
        NodeKind.STORY: (OrderKey("last_published", is_descending=True),),
    }
)


OTHER_LIST = "The cursor belongs to another list or order; start again without it."
_OWN_RELATIONS = frozenset(
    {(NodeKind.ARTICLE, field) for field in ("provider.domain", "topics.count", "authors.count", "images.count")}
)
"""What an article's own file says of others: a domain is what a provider is known by, unlike its name."""


def is_lasting(kind: NodeKind, order: Order) -> bool:
    """Whether nothing moves a node in the order but a change of what its own file or catalogue entry says.

    What is computed from several nodes is moved by others: scores, counts, metrics, and whatever a story has.
    """
    if kind is NodeKind.STORY:
        return False
    return all("." not in key.field or (kind, key.field) in _OWN_RELATIONS for key in order)


class Position(NamedTuple):
    """A place in an ordered list: a node's value for each criterion, and the node's id, which breaks ties."""

    values: tuple[OrderValue, ...]
    node_id: str


@total_ordering
class _Reversed:
    """A string that sorts in descending order; numbers are negated instead."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(self.value == other.value)

    def __lt__(self, other: object) -> bool:
        return bool(other.value < self.value) if isinstance(other, _Reversed) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # never a key


SortKey: TypeAlias = tuple[Any, ...]


def sort_key(order: Order, position: Position) -> SortKey:
    """The key to sort a position by: the criteria in turn, missing values last in either direction, ties by id.

    Raises:
        CursorError: the position does not belong to this order.
    """
    if len(position.values) != len(order):
        raise CursorError("The cursor belongs to another orderBy; start again without it.")
    parts: list[Any] = []
    for key, value in zip(order, position.values, strict=True):
        if value is None:
            parts.append((1, 0))
        elif not key.is_descending:
            parts.append((0, value))
        else:
            parts.append((0, _Reversed(value) if isinstance(value, str) else -value))
    return (*parts, position.node_id)


def sorted_ids(order: Order, positions: Iterable[Position]) -> list[str]:
    """The ids of the nodes at these positions, sorted as by `sort_key`; the positions must come sorted by id.

    Sorts stably once for each criterion, from the last to the first: comparing plain values is faster than building a
    key for every position and comparing those.
    """
    found = list(positions)
    for index, key in reversed(list(enumerate(order))):
        value = _value_at(index)
        present = [position for position in found if value(position) is not None]
        missing = [position for position in found if value(position) is None]
        present.sort(key=value, reverse=key.is_descending)
        found = present + missing
    return [position.node_id for position in found]


def _value_at(index: int) -> Callable[[Position], Any]:
    return lambda position: position.values[index]


def position_reader(snapshot: GraphSnapshot, kind: NodeKind, order: Order) -> Callable[[Node], Position]:
    """A function that reads a node's position in the order.

    Raises:
        OrderError: nodes of this kind have no such field.
    """
    readers = [_reader(snapshot, kind, key.field) for key in order]
    return lambda node: Position(tuple([read(node) for read in readers]), node.id)


def _reader(snapshot: GraphSnapshot, kind: NodeKind, field: str) -> Callable[[Node], OrderValue]:
    node_type = NODE_TYPES[kind]
    name, _, rest = field.partition(".")
    if not rest:
        _check_field(node_type, name)
        return lambda node: order_value(getattr(node, name))
    relation = RELATIONS.get((node_type, name))
    if relation is None:
        raise OrderError(f"{node_type.__name__} has no relation {name!r} to order by.")
    records = relation.records
    if rest == "count":
        return lambda node: len(records(snapshot, node))
    _check_field(relation.leads_to, rest)
    return lambda node: next((order_value(getattr(member, rest)) for member in records(snapshot, node)), None)


def _check_field(record_type: type, field: str) -> None:
    if field not in getattr(record_type, "__dataclass_fields__", ()):
        raise OrderError(f"{record_type.__name__} has no field {field!r} to order by.")


def order_value(value: object) -> OrderValue:
    """The value as positions hold it: datetimes in microseconds since 1970 UTC, booleans as 0 and 1, enums by value."""
    match value:
        case None | str():
            return value
        case bool() | int():
            return int(value)
        case float():
            return value
        case datetime():
            since = value - _EPOCH
            return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        case Enum():
            return str(value.value)
        case _:
            raise OrderError(f"A {type(value).__name__} has no order.")
