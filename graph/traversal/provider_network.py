"""The network of providers: who is near whom, by the links between their articles and the topics they share."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice

from graph.analysis.affinity import ProviderLink, is_near, provider_link, providers_around
from graph.analysis.hubs import hubs
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.errors import NotFoundError, TraversalError, check_range
from graph.model import Provider
from graph.problems import quote
from graph.traversal.breadth_first import breadth_first

DEPTH_LIMIT = 4
WIDTH_LIMIT = 100
PROVIDER_LIMIT = 200
"""The most providers in one answer."""
EDGE_LIMIT = 5_000
"""The most edges in one answer."""


@dataclass(frozen=True, slots=True)
class NetworkQuery:
    """How far around a provider to look."""

    depth: int = 1
    limit_per_node: int = 20
    through_hubs: bool = False


@dataclass(frozen=True, slots=True)
class ProviderNetwork:
    """The providers around one of them, and what each pair of them has in common."""

    distances: dict[str, int]
    """By distance; of each provider's neighbors, the nearest first."""
    edges: tuple[tuple[str, str, ProviderLink], ...]
    """One for each pair with something in common, in the order of `distances`; an edge has no direction."""
    skipped_hubs: tuple[str, ...]
    """Ids of the hubs that were reached but not expanded for being hubs, sorted."""
    is_truncated: bool
    """Whether a limit left anything out."""


def provider_network(snapshot: GraphSnapshot, start: str, query: NetworkQuery) -> ProviderNetwork:
    """A breadth-first search from a provider, the nearest neighbors first: by links, then by score, then by id.

    Raises:
        NotFoundError: the graph does not hold the provider.
        TraversalError: the depth or the limit is out of range.
    """
    check_range(TraversalError, "depth", query.depth, 0, DEPTH_LIMIT)
    check_range(TraversalError, "limitPerNode", query.limit_per_node, 1, WIDTH_LIMIT)
    if not isinstance(snapshot.nodes.get(start), Provider):
        raise NotFoundError(f"No provider has the id {quote(start)}.")
    closed = frozenset() if query.through_hubs else hubs(snapshot) - {start}
    walk = breadth_first(
        [start],
        partial(_nearest, snapshot),
        depth=query.depth,
        limit_per_node=query.limit_per_node,
        limit=PROVIDER_LIMIT,
        closed=closed,
    )
    edges = tuple(islice(_edges(snapshot, walk.distances), EDGE_LIMIT + 1))
    is_truncated = walk.is_truncated or len(edges) > EDGE_LIMIT
    return ProviderNetwork(walk.distances, edges[:EDGE_LIMIT], walk.skipped(closed, query.depth), is_truncated)


def _nearest(snapshot: GraphSnapshot, provider: str) -> list[str]:
    links = providers_around(snapshot, provider)
    return sorted(links, key=lambda other: (-links[other].link_count, -links[other].score, other))


def _edges(snapshot: GraphSnapshot, providers: dict[str, int]) -> Iterator[tuple[str, str, ProviderLink]]:
    for one, other in checked(combinations(providers, 2)):
        link = provider_link(snapshot, one, other)
        if is_near(snapshot, link):
            yield one, other, link
