"""A folder of documents as a graph: reading, merging, querying and exporting it, without any network protocol.

    import graph

    snapshot = graph.load("seeds")
    graph.find(snapshot, "harbour")

`graph.library` defines the functions, and is imported when the first of them is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.analysis.metrics import NodeMetrics
    from graph.building.snapshot import GraphSnapshot
    from graph.library import find, load, metrics, neighborhood, paths, stories, write
    from graph.model import Node, Story
    from graph.traversal.neighborhood import Subgraph
    from graph.traversal.paths import PathResult

__all__ = [
    "GraphSnapshot",
    "Node",
    "NodeMetrics",
    "PathResult",
    "Story",
    "Subgraph",
    "find",
    "load",
    "metrics",
    "neighborhood",
    "paths",
    "stories",
    "write",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("graph.library"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
