"""Traversals: the neighborhood of a node, the shortest paths between two nodes, and the network of providers.

The ways in are `neighborhood`, `paths` and `provider_network`; each takes a snapshot and a query, and answers ids.
"""

from graph.traversal.neighborhood import (
    Direction,
    NeighborhoodQuery,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    neighborhood,
    neighborhoods,
)
from graph.traversal.paths import NoPath, Path, PathQuery, PathResult, Step, explain, paths

__all__ = [
    "Direction",
    "NeighborhoodQuery",
    "NoPath",
    "Path",
    "PathQuery",
    "PathResult",
    "Step",
    "Subgraph",
    "SubgraphEdge",
    "SubgraphNode",
    "explain",
    "neighborhood",
    "neighborhoods",
    "paths",
]
