"""Metrics: what a node's place in the whole graph says of it, by the usual measures of network analysis."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from operator import add
from types import MappingProxyType

from graph.analysis.hubs import hubs
from graph.analysis.networks import Network, communities, directed_network, undirected_network
from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot

_DAMPING = 0.85
_MOST_SOURCES = 500
"""From how many nodes the shortest paths are followed; smaller graphs have exact answers."""
_SOURCES_AT_ONCE = 20
"""While igraph computes, no other thread does."""
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
    coreness: int
    """The largest k such that the node is in a part of the graph where each node has k neighbors or more."""
    community: int
    """The number of the node's Louvain community, without the edges of hubs: 0 is the largest, ties by the smallest id
    in it. A hub is alone in its own."""


@once_per_structure
def metrics(snapshot: GraphSnapshot) -> Mapping[str, NodeMetrics]:
    """The metrics of every loaded node, by id.

    Betweenness and communities leave the edges of hubs out: a topic that every article has would stand between all of
    them, and gather in one community whatever nothing else holds together.
    Cost: up to 500 times nodes and edges.
    """
    ids = tuple(snapshot.nodes)
    directed = directed_network(ids, *snapshot.targets.values())
    undirected = undirected_network(directed)
    hubless = undirected - undirected.es.select(_incident=[ids.index(node_id) for node_id in sorted(hubs(snapshot))])
    columns = zip(
        directed.indegree(),
        directed.outdegree(),
        map(_rounded, directed.pagerank(damping=_DAMPING)),
        map(_rounded, _betweenness(hubless)),
        undirected.coreness(),
        _community_numbers(hubless),
        strict=True,
    )
    return MappingProxyType({node_id: NodeMetrics(*row) for node_id, row in zip(ids, columns, strict=True)})


def _betweenness(undirected: Network) -> list[float]:
    """The betweenness of each vertex, as a share of the pairs of other vertices.

    What the shortest paths from a sample of sources add to a vertex is scaled up to those from every other vertex
    (Brandes and Pich, 2007), so the answer is exact where all vertices are sources.
    """
    count = undirected.vcount()
    if count < 3:
        return [0.0] * count
    sources = set(random.Random(_SEED).sample(range(count), min(count, _MOST_SOURCES)))  # noqa: S311  # nothing secret
    halves = [0.0] * count
    for start in range(0, len(sources), _SOURCES_AT_ONCE):
        part = undirected.betweenness(directed=False, sources=sorted(sources)[start : start + _SOURCES_AT_ONCE])
        halves = list(map(add, halves, part))
    return [2 * half / ((len(sources) - (vertex in sources)) * (count - 2)) for vertex, half in enumerate(halves)]


def _community_numbers(undirected: Network) -> list[int]:
    numbers = {vertex: number for number, members in enumerate(communities(undirected)) for vertex in members}
    return [numbers[vertex] for vertex in range(undirected.vcount())]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
