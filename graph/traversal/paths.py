"""How two nodes are connected: the shortest paths between them, in words too, and the hubs that would have been shorter."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise
from types import MappingProxyType

from graph.analysis.edges import edge_between
from graph.analysis.hubs import hubs
from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot
from graph.errors import NotFoundError, TraversalError, check_range
from graph.model import Article, EdgeKind, GraphNode, LinkDirection, label
from graph.problems import quote
from graph.traversal.adjacency import EDGE_KINDS, neighbors
from graph.traversal.shortest import Network, shortest_paths

MAX_PATHS = 20


class NoPath(Enum):
    """Why two nodes are not connected."""

    DIFFERENT_COMPONENTS = "DIFFERENT_COMPONENTS"
    """No path by these kinds of edges, not even through hubs."""
    ONLY_THROUGH_HUBS = "ONLY_THROUGH_HUBS"
    """Every path passes a hub."""


@dataclass(frozen=True, slots=True)
class PathQuery:
    """Which paths are wanted."""

    first: int = 1
    """How many, 1 to 20."""
    edge_kinds: frozenset[EdgeKind] = frozenset(EDGE_KINDS)
    through_hubs: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path, as it is walked."""

    source: str
    target: str
    kind: EdgeKind
    direction: LinkDirection
    """OUT if the edge leads from source to target, IN if it is walked against its direction, BOTH if there are two."""
    position: int
    """Place of the edge among its own source's edges of this kind, from 1; of two edges, the one that leads onwards."""


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one node to another that visits no node twice."""

    nodes: tuple[str, ...]
    """At least one; both ends included."""
    steps: tuple[Step, ...]
    """One fewer than nodes."""


@dataclass(frozen=True, slots=True)
class PathResult:
    """The paths between two nodes."""

    paths: tuple[Path, ...]
    """By length, then the more telling kinds of their steps (`EDGE_KINDS`), then node ids."""
    skipped_hubs: tuple[str, ...]
    """Ids of the hubs through which there is a way no longer than the longest of the paths (without any: no longer than
    the shortest way through hubs), sorted."""
    reason: NoPath | None
    """None if there are paths."""


def paths(snapshot: GraphSnapshot, start: str, end: str, query: PathQuery) -> PathResult:
    """The first `query.first` paths, along edges of the wanted kinds in either direction.

    No path passes a hub, though it may begin or end at one, unless `through_hubs`. From a node to itself there is one
    path, without steps.

    Cost: for the first path a bidirectional breadth-first search, for each further one at most as many as its
    predecessor has steps.

    Raises:
        TraversalError: `first` is out of range.
        NotFoundError: the snapshot does not hold one of the nodes.
    """
    check_range(TraversalError, "first", query.first, 1, MAX_PATHS)
    ends = (start, end)
    for node_id in ends:
        if node_id not in snapshot.nodes:
            raise NotFoundError(f"No article, provider or topic has the id {quote(node_id)}.")
    closed = frozenset() if query.through_hubs else hubs(snapshot).difference(ends)
    network = _network(snapshot, query.edge_kinds, closed)
    found = tuple(_path(snapshot, nodes) for nodes in islice(shortest_paths(network, *ends), query.first))
    ways = _ways_through(snapshot, closed, ends, query.edge_kinds)
    longest = len(found[-1].steps) if found else min(ways.values(), default=0)
    return PathResult(
        paths=found,
        skipped_hubs=tuple(sorted(hub for hub, length in ways.items() if length <= longest)),
        reason=None if found else NoPath.ONLY_THROUGH_HUBS if ways else NoPath.DIFFERENT_COMPONENTS,
    )


def _network(snapshot: GraphSnapshot, kinds: frozenset[EdgeKind], closed: frozenset[str] = frozenset()) -> Network:
    return Network([neighbors(snapshot, kind) for kind in EDGE_KINDS if kind in kinds], closed)


def _path(snapshot: GraphSnapshot, nodes: tuple[str, ...]) -> Path:
    return Path(nodes, tuple(_step(snapshot, source, target) for source, target in pairwise(nodes)))


def _step(snapshot: GraphSnapshot, source: str, target: str) -> Step:
    onwards, backwards = edge_between(snapshot, source, target), edge_between(snapshot, target, source)
    edge = onwards or backwards
    assert edge is not None
    kind, position = edge
    return Step(source, target, kind, _direction(onwards, backwards), position)


def _direction(onwards: object, backwards: object) -> LinkDirection:
    if onwards and backwards:
        return LinkDirection.BOTH
    return LinkDirection.OUT if onwards else LinkDirection.IN


def _ways_through(
    snapshot: GraphSnapshot, closed: frozenset[str], ends: tuple[str, str], kinds: frozenset[EdgeKind]
) -> dict[str, int]:
    """Each closed hub that is connected with both ends, and the steps from one end to it and on to the other."""
    ways: dict[str, int] = {}
    for hub in closed:
        distances = hub_distances(snapshot, kinds)[hub]
        if all(end in distances for end in ends):
            ways[hub] = sum(distances[end] for end in ends)
    return ways


@once_per_structure
def hub_distances(snapshot: GraphSnapshot, kinds: frozenset[EdgeKind]) -> Mapping[str, Mapping[str, int]]:
    """For each hub the steps to every node that it is connected with, through other hubs too."""
    network = _network(snapshot, kinds)
    return MappingProxyType({hub: network.distances(hub) for hub in hubs(snapshot)})


def explain(snapshot: GraphSnapshot, step: Step) -> str:
    """What connects the two nodes, as one sentence; articles stand in quotes, by title, else by slug, URL or id."""
    ends = (step.target, step.source) if step.direction is LinkDirection.IN else (step.source, step.target)
    source, target = (_name(snapshot.nodes[node_id]) for node_id in ends)
    match step.kind:
        case EdgeKind.RELATED_TO if step.direction is LinkDirection.BOTH:
            return f"{source} and {target} name each other as related."
        case EdgeKind.RELATED_TO:
            return f"{source} names {target} as related."
        case EdgeKind.ABOUT:
            return f"{source} is about {target}."
        case EdgeKind.PUBLISHED_BY:
            return f"{target} published {source}."
        case EdgeKind.BROADER:
            return f"{source} is part of {target}."


def _name(node: GraphNode) -> str:
    return f"“{label(node)}”" if isinstance(node, Article) else label(node)
