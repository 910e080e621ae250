"""Rankings: all nodes of a kind in one order, sorted once for all pages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from graph.analysis.nodes import nodes_of
from graph.building.derived import once_per_snapshot
from graph.building.snapshot import Adjacency, Derived, GraphSnapshot
from graph.checkpoints import checked
from graph.lists.ordering import DEFAULT_ORDERS, Order, Position, is_lasting, position_reader, sorted_ids
from graph.model import EdgeKind, NodeKind


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All nodes of a kind in one order."""

    ids: Sequence[str]
    """In the order."""
    places: Mapping[str, int]
    """Each node's index in `ids`."""
    positions: Mapping[str, Position]
    """Each node's keyset position."""
    is_lasting: bool
    """Whether positions serve as cursors; see `graph.lists.ordering.is_lasting`."""
    _sources: Derived = field(init=False, repr=False, default_factory=Derived)

    def __len__(self) -> int:
        return len(self.ids)

    def has(self, position: Position | None) -> bool:
        """Whether a node stands at this position; None stands for either end."""
        return position is None or self.positions.get(position.node_id) == position

    def sorted(self, ids: Iterable[str]) -> list[str]:
        """These ids in the order."""
        return sorted(ids, key=self.places.__getitem__)

    def sources(self, snapshot: GraphSnapshot, kind: EdgeKind) -> Adjacency:
        """For each target, the sources of its edges of a kind, in the order.

        Cost: linear in all edges of the kind, once. One pass over `ids` fills every list already sorted.
        """
        return self._sources.once(kind, partial(_sources_in_order, snapshot.targets[kind], self.ids))


def rank(snapshot: GraphSnapshot, kind: NodeKind, order: Order) -> Ranking:
    """The ranking of all nodes of the kind.

    Raises:
        OrderError: nodes of this kind have no such field.
    """
    read = position_reader(snapshot, kind, order)
    positions = {node.id: read(node) for node in checked(nodes_of(snapshot, kind))}
    ids = sorted_ids(order, positions.values())
    places = {found: place for place, found in enumerate(ids)}
    return Ranking(ids, places, positions, is_lasting(kind, order))


@once_per_snapshot
def usual_ranking(snapshot: GraphSnapshot, kind: NodeKind) -> Ranking:
    """The ranking of all nodes of the kind in its default order."""
    return rank(snapshot, kind, DEFAULT_ORDERS[kind])


def _sources_in_order(targets: Adjacency, order: Iterable[str]) -> Adjacency:
    lists: dict[str, list[str]] = defaultdict(list)
    for source in checked(order):
        for target in targets.get(source, ()):
            lists[target].append(source)
    return MappingProxyType({target: tuple(found) for target, found in lists.items()})
