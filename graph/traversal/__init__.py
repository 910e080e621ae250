"""Ways through the graph: what lies around a node, and how two nodes are connected."""

from graph.traversal.explanations import explain
from graph.traversal.neighborhood import (
    Direction,
    NeighborhoodQuery,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    neighborhood,
)
from graph.traversal.paths import NoPath, Path, PathQuery, PathResult, Step, paths

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
