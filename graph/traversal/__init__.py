"""Ways through the graph: what lies around a node, and how two nodes are connected."""

from graph.traversal.explanations import explain
from graph.traversal.neighbourhood import (
    Direction,
    NeighbourhoodQuery,
    Subgraph,
    SubgraphEdge,
    SubgraphNode,
    neighbourhood,
)
from graph.traversal.paths import NoPath, Path, PathQuery, PathResult, Step, paths

__all__ = [
    "Direction",
    "NeighbourhoodQuery",
    "NoPath",
    "Path",
    "PathQuery",
    "PathResult",
    "Step",
    "Subgraph",
    "SubgraphEdge",
    "SubgraphNode",
    "explain",
    "neighbourhood",
    "paths",
]
