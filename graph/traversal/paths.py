"""How two nodes are connected: the shortest paths, also in words, and the hubs through which the way is no longer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice, pairwise
from types import MappingProxyType

from graph.analysis.edges import edges_between
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
    """Every path goes through a hub."""


@dataclass(frozen=True, slots=True)
class PathQuery:
    """Which paths are wanted."""

    first: int = 1
    """How many, 1 to 20."""
    edge_kinds: frozenset[EdgeKind] = frozenset(EDGE_KINDS)
    through_hubs: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: an edge, in the direction of the path."""

    source: str
    target: str
    kind: EdgeKind
    direction: LinkDirection
    """OUT if the edge leads from source to target, IN if from target to source, BOTH if there is one each way."""
    position: int
    """Place among the edges of this kind of the edge's own source, from 1; of two edges, that of the outgoing one."""


@dataclass(frozen=True, slots=True)
class Path:
    """A simple path: it visits no node twice."""

    nodes: tuple[str, ...]
    """At least one; includes both ends."""
    steps: tuple[Step, ...]
    """One fewer than nodes."""


@dataclass(frozen=True, slots=True)
class PathResult:
    """The paths between two nodes."""

    paths: tuple[Path, ...]
    """By length, then by the kinds of their steps in the order of `EDGE_KINDS`, then by node ids."""
    skipped_hubs: tuple[str, ...]
    """Ids of the hubs through which a walk leads that is no longer than the longest path here or, if there is no path,
    no longer than the shortest walk through a hub; sorted."""
    reason: NoPath | None
    """None if there are paths."""


def paths(snapshot: GraphSnapshot, start: str, end: str, query: PathQuery) -> PathResult:
    """The `query.first` shortest paths, along edges of the wanted kinds in either direction.

    Unless `through_hubs`, no path goes through a hub, though it may begin or end at one. From a node to itself there is
    one path, without steps.

    Cost: for the first path one bidirectional breadth-first search; for each further path at most as many as the path
    before it has steps.

    Raises:
        TraversalError: `first` is out of range.
        NotFoundError: the snapshot does not hold one of the nodes.
    """
    check_range(TraversalError, "first", query.first, 1, MAX_PATHS)
    ends = (start, end)
    for node_id in ends:
        if node_id not in snapshot.nodes:
            raise NotFoundError(f"No article, provider, topic or person has the id {quote(node_id)}.")
    closed = frozenset() if query.through_hubs else hubs(snapshot).difference(ends)
    network = _network(snapshot, query.edge_kinds, closed)
    found = tuple(
        _path(snapshot, nodes, query.edge_kinds) for nodes in islice(shortest_paths(network, *ends), query.first)
    )
    detours = _lengths_through_hubs(snapshot, closed, ends, query.edge_kinds)
    longest = len(found[-1].steps) if found else min(detours.values(), default=0)
    return PathResult(
        paths=found,
        skipped_hubs=tuple(sorted(hub for hub, length in detours.items() if length <= longest)),
        reason=None if found else NoPath.ONLY_THROUGH_HUBS if detours else NoPath.DIFFERENT_COMPONENTS,
    )


def _network(snapshot: GraphSnapshot, kinds: frozenset[EdgeKind], closed: frozenset[str] = frozenset()) -> Network:
    return Network([neighbors(snapshot, kind) for kind in EDGE_KINDS if kind in kinds], closed)


def _path(snapshot: GraphSnapshot, nodes: tuple[str, ...], kinds: frozenset[EdgeKind]) -> Path:
    return Path(nodes, tuple(_step(snapshot, source, target, kinds) for source, target in pairwise(nodes)))


def _step(snapshot: GraphSnapshot, source: str, target: str, kinds: frozenset[EdgeKind]) -> Step:
    """The step by the most telling of the edges between the two."""
    wanted = [kind for kind in EDGE_KINDS if kind in kinds]
    onwards = dict(edges_between(snapshot, source, target, wanted))
    backwards = dict(edges_between(snapshot, target, source, wanted))
    kind = next(kind for kind in wanted if kind in onwards or kind in backwards)
    position = onwards.get(kind) or backwards[kind]
    return Step(source, target, kind, _direction(kind in onwards, kind in backwards), position)


def _direction(onwards: bool, backwards: bool) -> LinkDirection:
    if onwards and backwards:
        return LinkDirection.BOTH
    return LinkDirection.OUT if onwards else LinkDirection.IN


def _lengths_through_hubs(
    snapshot: GraphSnapshot, closed: frozenset[str], ends: tuple[str, str], kinds: frozenset[EdgeKind]
) -> dict[str, int]:
    """For each closed hub that is connected to both ends, the sum of its distances from them."""
    lengths: dict[str, int] = {}
    for hub in closed:
        distances = hub_distances(snapshot, kinds)[hub]
        if all(end in distances for end in ends):
            lengths[hub] = sum(distances[end] for end in ends)
    return lengths


@once_per_structure
def hub_distances(snapshot: GraphSnapshot, kinds: frozenset[EdgeKind]) -> Mapping[str, Mapping[str, int]]:
    """For each hub its distance to every node that it is connected to, through other hubs too."""
    network = _network(snapshot, kinds)
    return MappingProxyType({hub: network.distances(hub) for hub in hubs(snapshot)})


def explain(snapshot: GraphSnapshot, step: Step) -> str:
    """One sentence that says how the two nodes are connected; articles by their quoted title, slug, URL or id."""
    ends = (step.target, step.source) if step.direction is LinkDirection.IN else (step.source, step.target)
    source, target = (_name(snapshot.nodes[node_id]) for node_id in ends)
    match step.kind:
        case EdgeKind.RELATED_TO if step.direction is LinkDirection.BOTH:
            return f"{source} and {target} name each other as related."
        case EdgeKind.RELATED_TO:
            return f"{source} names {target} as related."
        case EdgeKind.LINKS_TO if step.direction is LinkDirection.BOTH:
            return f"{source} and {target} link to each other."
        case EdgeKind.LINKS_TO:
            return f"{source} links to {target}."
        case EdgeKind.TRANSLATION_OF:
            return f"{source} is a translation of {target}."
        case EdgeKind.ABOUT:
            return f"{source} is about {target}."
        case EdgeKind.PUBLISHED_BY:
            return f"{target} published {source}."
        case EdgeKind.WRITTEN_BY:
            return f"{target} wrote {source}."
        case EdgeKind.PART_OF | EdgeKind.BROADER:
            return f"{source} is part of {target}."


def _name(node: GraphNode) -> str:
    return f"“{label(node)}”" if isinstance(node, Article) else label(node)
