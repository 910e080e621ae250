"""Metrics: what a node's place in the whole graph says of it, by the usual measures of network analysis."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graph.analysis.backend import answer
from graph.analysis.communities import communities
from graph.analysis.hubs import hubs
from graph.analysis.networks import Network, directed_network
from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot

_MOST_SOURCES = 500
"""From how many nodes shortest paths are followed; up to so many nodes, betweenness is exact."""
_FEWEST_SOURCES = 16
_MOST_STEPS = 35_000_000
"""How often, all in all, they may come to a node or along an edge: of a larger graph there are fewer sources."""
_SEED = 20240503
_DIGITS = 10
"""Significant ones; the order of a sum, which differs between machines, can show in the digits after them."""


@dataclass(frozen=True, slots=True)
class NodeMetrics:
    """A node's metrics, over all kinds of nodes and edges."""

    in_degree: int
    out_degree: int
    page_rank: float
    """Along the edges, with damping 0.85; all nodes together have 1."""
    betweenness: float
    """The share of the pairs of other nodes whose shortest paths lead through the node, from 0 to 1; of several
    shortest paths each counts in part. Edges count in either direction, and those of hubs do not. Exact up to 500
    nodes, an estimate beyond."""
    core_number: int
    """The largest k such that the node is in a part of the graph where each node has k neighbors or more."""
    community: int
    """The number of the node's community, without the edges of hubs: 0 is the largest, ties by the smallest id
    in it. A hub is alone in its own."""

    @property
    def coreness(self) -> int:
        """What the API called the core number at first, and still does besides."""
        return self.core_number


@once_per_structure
def metrics(snapshot: GraphSnapshot) -> Mapping[str, NodeMetrics]:
    """The metrics of every loaded node, by id.

    Betweenness and communities leave the edges of hubs out: a topic that every article has would stand between all of
    them, and gather in one community whatever nothing else holds together.
    Cost: up to 500 times nodes and edges; of large graphs 16 times.
    """
    ids = tuple(snapshot.nodes)
    directed = directed_network(ids, *snapshot.targets.values())
    undirected = directed.to_undirected()
    hubless = undirected.without_edges_of(hubs(snapshot))
    page_ranks = answer("pagerank", directed)
    betweenness = answer("betweenness_centrality", hubless, _source_count(hubless), seed=_SEED)
    core_numbers = answer("core_number", undirected)
    community_numbers = {node: number for number, members in enumerate(communities(hubless)) for node in members}
    rows = zip(
        map(len, directed.predecessors()),
        map(len, directed.neighbors),
        (_rounded(page_ranks[node_id]) for node_id in ids),
        (_rounded(betweenness[node_id]) for node_id in ids),
        (core_numbers[node_id] for node_id in ids),
        (community_numbers[node_id] for node_id in ids),
        strict=True,
    )
    return MappingProxyType({node_id: NodeMetrics(*row) for node_id, row in zip(ids, rows, strict=True)})


def _source_count(network: Network) -> int:
    """From how many nodes to follow the shortest paths: all of few; of many as many as their edges allow."""
    if len(network) <= _MOST_SOURCES:
        return len(network)
    affordable = _MOST_STEPS // (len(network) + sum(map(len, network.neighbors)))
    return min(_MOST_SOURCES, max(_FEWEST_SOURCES, affordable))


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
