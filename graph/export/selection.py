"""What goes into a file: nodes of a snapshot, and the edges between them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from graph.analysis import edges as graph_edges
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.model import EdgeKind, GraphNode


@dataclass(frozen=True, slots=True)
class Selection:
    """An induced subgraph: nodes of a snapshot, and all edges between them."""

    snapshot: GraphSnapshot
    nodes: Mapping[str, GraphNode]
    """By id, in the order of ids."""


class Edge(NamedTuple):
    id: str
    """Unique in the file."""
    source: str
    target: str
    relation: str
    position: int
    """From 1, among all of the source's edges of this relation: there are gaps where targets are not selected."""


def select(snapshot: GraphSnapshot, ids: Collection[str] | None) -> Selection:
    """The nodes with these ids, or all for None; unknown ids and those of stories are skipped."""
    if ids is None:
        return Selection(snapshot, snapshot.nodes)
    return Selection(snapshot, {node_id: snapshot.nodes[node_id] for node_id in sorted({*ids} & snapshot.nodes.keys())})


def selection_of_articles(snapshot: GraphSnapshot, article_ids: Iterable[str]) -> frozenset[str]:
    """The ids of these articles, of their providers, topics and authors."""
    ids = {*article_ids}
    neighbors = (
        target
        for kind in (EdgeKind.PUBLISHED_BY, EdgeKind.ABOUT, EdgeKind.WRITTEN_BY)
        for article_id in ids
        for target in graph_edges.targets(snapshot, kind, article_id)
    )
    return frozenset([*ids, *neighbors])


def edges(selection: Selection) -> Iterator[Edge]:
    """All edges, by kind, source and position; from one node to another the first alone, so that none are parallel."""
    numbers = count()
    earlier: list[Adjacency] = []
    for kind in EdgeKind:
        for source in selection.nodes:
            connected = {target for lists in earlier for target in lists.get(source, ())}
            for position, target in targets(selection, kind, source):
                if target not in connected:
                    yield Edge(f"e{next(numbers)}", source, target, kind.value, position)
        earlier.append(selection.snapshot.targets[kind])


def targets(selection: Selection, kind: EdgeKind, source: str) -> Iterator[tuple[int, str]]:
    """The positions and targets of the node's edges of this kind within the selection."""
    every = graph_edges.targets(selection.snapshot, kind, source)
    return ((position, target) for position, target in enumerate(every, 1) if target in selection.nodes)
