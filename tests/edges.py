"""Edges one by one, for graphs that tests make by hand."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from graph.building.merged_graph import MergeResult, Targets
from graph.model import EdgeKind


class Edge(NamedTuple):
    """An edge between two nodes, with its place among the source's edges of its kind, from 1."""

    source: str
    target: str
    kind: EdgeKind
    position: int


def targets_of(edges: Iterable[Edge]) -> Targets:
    """The edges as a merged graph holds them."""
    targets: dict[EdgeKind, dict[str, list[str]]] = {kind: defaultdict(list) for kind in EdgeKind}
    for edge in sorted(edges, key=lambda edge: edge.position):
        targets[edge.kind][edge.source].append(edge.target)
    return {kind: {source: tuple(found) for source, found in lists.items()} for kind, lists in targets.items()}


def edges_of(merged: MergeResult) -> list[Edge]:
    """The edges of a merged graph, kind by kind."""
    return [
        Edge(source, target, kind, position)
        for kind, lists in merged.targets.items()
        for source, found in lists.items()
        for position, target in enumerate(found, 1)
    ]
