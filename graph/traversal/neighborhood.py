"""The neighborhood of a node (its ego graph): the nodes within a few steps of it, and all edges between them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

from graph.analysis.edges import edges_between
from graph.analysis.hubs import hubs
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.checkpoints import checked, checked_if_many
from graph.errors import TraversalError, check_range
from graph.lists.filters import EVERYTHING, Filter, compile_filter
from graph.model import Article, EdgeKind
from graph.traversal.adjacency import EDGE_KINDS, sources_newest_first
from graph.traversal.breadth_first import Walk, breadth_first

MAX_DEPTH = 4
MAX_LIMIT_PER_NODE = 100
NODE_LIMIT = 1_000
"""The most nodes in one answer."""
EDGE_LIMIT = 10_000
"""The most edges in one answer."""


class Direction(Enum):
    """Which edges of a node are followed: outgoing, incoming, or both."""

    OUT = "OUT"
    IN = "IN"
    ANY = "ANY"


@dataclass(frozen=True, slots=True)
class NeighborhoodQuery:
    """How far to go, and along which edges."""

    depth: int = 1
    """The largest distance from the start, 0 to 4."""
    edge_kinds: frozenset[EdgeKind] = frozenset(EDGE_KINDS)
    direction: Direction = Direction.ANY
    limit_per_node: int | None = 20
    """How many neighbors of each node to follow, 1 to 100. None for all of them, and for no `NODE_LIMIT` either."""
    through_hubs: bool = False
    filter: Filter = EVERYTHING
    """A filter of articles: those that fail it are left out and lead nowhere, except in the start."""


class SubgraphNode(NamedTuple):
    """A node of the neighborhood."""

    id: str
    distance: int
    """Steps from the nearest node of the start."""


class SubgraphEdge(NamedTuple):
    """An edge between two nodes of the neighborhood."""

    source: str
    target: str
    kind: EdgeKind
    position: int
    """Place among the source's edges of this kind, from 1."""


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A subgraph."""

    nodes: tuple[SubgraphNode, ...]
    """By distance, ties in the order in which they were found."""
    edges: tuple[SubgraphEdge, ...]
    """All edges of the wanted kinds between the nodes: first those of the search tree, in either direction, in the
    order of the nodes; then the others by source in that order, kind and position."""
    skipped_hubs: tuple[str, ...]
    """Ids of the hubs that were reached but not expanded for being hubs, sorted."""
    is_truncated: bool
    """Whether a limit left anything out."""


def neighborhoods(snapshot: GraphSnapshot, starts: Sequence[Sequence[str]], query: NeighborhoodQuery) -> list[Subgraph]:
    """The `neighborhood` of each start; the filter tests each article once for all of them."""
    passes = _node_predicate(snapshot, query.filter)
    return [_neighborhood(snapshot, start, query, passes) for start in starts]


def neighborhood(snapshot: GraphSnapshot, start: Sequence[str], query: NeighborhoodQuery) -> Subgraph:
    """The nodes within `query.depth` steps of any of the nodes in `start`, which are at distance 0.

    Each node is expanded by the first `limit_per_node` of its neighbors: by kind of edge in the order of `EDGE_KINDS`; within a kind, targets in the node's own order, then sources, the newest articles first.
    Hubs are reached but not expanded, except in the start.

    Cost: linear in the edges of the nodes that are expanded.

    Raises:
        TraversalError: the depth or the limit is out of range.
        FilterError: articles have no such field.
        KeyError: the snapshot does not hold a node of `start`.
    """
    return _neighborhood(snapshot, start, query, _node_predicate(snapshot, query.filter))


def _neighborhood(
    snapshot: GraphSnapshot, start: Sequence[str], query: NeighborhoodQuery, passes: Callable[[str], bool]
) -> Subgraph:
    check_range(TraversalError, "depth", query.depth, 0, MAX_DEPTH)
    if query.limit_per_node is not None:
        check_range(TraversalError, "limitPerNode", query.limit_per_node, 1, MAX_LIMIT_PER_NODE)
    closed = frozenset() if query.through_hubs else hubs(snapshot).difference(start)
    everything = len(snapshot.nodes)
    walk = breadth_first(
        [snapshot.nodes[node_id].id for node_id in start],
        _neighbors(snapshot, query, passes),
        depth=query.depth,
        limit_per_node=everything if query.limit_per_node is None else query.limit_per_node,
        limit=everything if query.limit_per_node is None else NODE_LIMIT,
        closed=closed,
    )
    edges = tuple(islice(_edges(snapshot, walk, query.edge_kinds), EDGE_LIMIT + 1))
    return Subgraph(
        nodes=tuple(map(SubgraphNode._make, walk.distances.items())),
        edges=edges[:EDGE_LIMIT],
        skipped_hubs=walk.skipped(closed, query.depth),
        is_truncated=walk.is_truncated or len(edges) > EDGE_LIMIT,
    )


def _neighbors(
    snapshot: GraphSnapshot, query: NeighborhoodQuery, passes: Callable[[str], bool]
) -> Callable[[str], Iterator[str]]:
    """A function from a node to those of its neighbors that pass the filter: each once, the most telling first."""
    adjacencies: list[Adjacency] = []
    for kind in EDGE_KINDS:
        if kind in query.edge_kinds and query.direction is not Direction.IN:
            adjacencies.append(snapshot.targets[kind])
        if kind in query.edge_kinds and query.direction is not Direction.OUT:
            adjacencies.append(sources_newest_first(snapshot, kind))

    def neighbors(node_id: str) -> Iterator[str]:
        found = chain.from_iterable(adjacency.get(node_id, ()) for adjacency in adjacencies)
        return filter(passes, checked_if_many(dict.fromkeys(found)))

    return neighbors


def _node_predicate(snapshot: GraphSnapshot, condition: Filter) -> Callable[[str], bool]:
    """Tests a node by its id; nodes other than articles pass."""
    predicate = compile_filter(snapshot, Article, condition)

    @cache
    def passes(node_id: str) -> bool:
        node = snapshot.nodes[node_id]
        return not isinstance(node, Article) or predicate(node)

    return passes


def _edges(snapshot: GraphSnapshot, walk: Walk, kinds: frozenset[EdgeKind]) -> Iterator[SubgraphEdge]:
    """The edges between the nodes. Those of the search tree come first, so that a limit leaves every node connected."""
    yield from _edges_found_along(snapshot, walk.found_from, kinds)
    for source in checked(walk.distances):
        found_from = walk.found_from.get(source)
        for kind in EDGE_KINDS:
            if kind in kinds:
                for position, target in enumerate(snapshot.targets[kind].get(source, ()), 1):
                    if target in walk.distances and target != found_from and walk.found_from.get(target) != source:
                        yield SubgraphEdge(source, target, kind, position)


def _edges_found_along(
    snapshot: GraphSnapshot, found_from: dict[str, str], kinds: frozenset[EdgeKind]
) -> Iterator[SubgraphEdge]:
    wanted = [kind for kind in EDGE_KINDS if kind in kinds]
    for found, origin in checked(found_from.items()):
        for source, target in ((origin, found), (found, origin)):
            for edge in edges_between(snapshot, source, target, wanted):
                yield SubgraphEdge(source, target, *edge)
