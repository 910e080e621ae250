"""Ways through the graph: what lies around a node, and how two nodes are connected.

The ways in are `neighborhood`, `paths` and `provider_network`; each takes a snapshot and a query, and answers ids.
"""

from graph.traversal.neighborhood import (
    Direction,
    NeighborhoodQuery,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    neighborhood,
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
    "paths",
]
