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
from graph.lists.ordering import DEFAULT_ORDERS, Order, Position, position_reader, sorted_ids
from graph.model import EdgeKind, NodeKind


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """All nodes of a kind in one order."""

    ids: Sequence[str]
    places: Mapping[str, int]
    positions: Mapping[str, Position]
    _sources: Derived = field(init=False, repr=False, default_factory=Derived)

    def __len__(self) -> int:
        return len(self.ids)

    def sorted(self, ids: Iterable[str]) -> list[str]:
        """Some of the nodes in the order."""
        return sorted(ids, key=self.places.__getitem__)

    def sources(self, snapshot: GraphSnapshot, kind: EdgeKind) -> Adjacency:
        """Where the edges of a kind come from, by their target, in the order.

        Cost: once for each kind of edge, linear in all its edges; no node's list is sorted by itself.
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
    return Ranking(ids, {found: place for place, found in enumerate(ids)}, positions)


@once_per_snapshot
def usual_ranking(snapshot: GraphSnapshot, kind: NodeKind) -> Ranking:
    """The ranking in the order that lists of the kind have unless another one is asked for."""
    return rank(snapshot, kind, DEFAULT_ORDERS[kind])


def _sources_in_order(targets: Adjacency, order: Iterable[str]) -> Adjacency:
    lists: dict[str, list[str]] = defaultdict(list)
    for source in checked(order):
        for target in targets.get(source, ()):
            lists[target].append(source)
    return MappingProxyType({target: tuple(found) for target, found in lists.items()})
