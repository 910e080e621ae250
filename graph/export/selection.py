"""A part of the graph, or all of it: nodes of a snapshot, and the edges between them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

from graph.analysis import edges as graph_edges
from graph.analysis.affinity import specificity
from graph.analysis.metrics import metrics
from graph.analysis.positions import positions
from graph.analysis.stories import stories
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.export.contents import Edge, Picture, color_of, size_of
from graph.export.formats import AttributeType
from graph.model import EdgeKind, Node, Story

IN_STORY = "IN_STORY"
"""The relation of an article to its story, where stories are nodes."""

EDGE_ATTRIBUTES: Mapping[str, AttributeType] = MappingProxyType(
    {"relation": AttributeType.STRING, "position": AttributeType.INT, "weight": AttributeType.DOUBLE}
)
"""`position` is that among all of the source's edges of this relation, from 1: there are gaps where targets are not selected."""


@dataclass(frozen=True, slots=True)
class Selection:
    """An induced subgraph: nodes of a snapshot, and all edges between them; on request with the stories of its articles as further nodes."""

    snapshot: GraphSnapshot
    nodes: Mapping[str, Node]

    @property
    def is_directed(self) -> bool:
        return True

    @property
    def edge_attributes(self) -> Mapping[str, AttributeType]:
        return EDGE_ATTRIBUTES

    def edges(self) -> Iterator[Edge]:
        """All edges, by kind, source and position; from one node to another the first alone, so that none are parallel."""
        numbers = count()
        earlier: list[Adjacency] = []
        for kind in EdgeKind:
            weights = specificity(self.snapshot, kind)
            for source in self.nodes:
                connected = {target for lists in earlier for target in lists.get(source, ())}
                for position, target in targets(self, kind, source):
                    if target not in connected:
                        yield Edge(
                            f"e{next(numbers)}", source, target, (kind.value, position, weights.get(target, 1.0))
                        )
            earlier.append(self.snapshot.targets[kind])
        for source, target in self._memberships():
            yield Edge(f"e{next(numbers)}", source, target, (IN_STORY, 1, 1.0))

    def _memberships(self) -> Iterator[tuple[str, str]]:
        """Articles and their stories, where these are nodes."""
        story_of = stories(self.snapshot).by_article
        return ((node_id, story_of[node_id]) for node_id in self.nodes if story_of.get(node_id) in self.nodes)

    def picture(self, node_id: str) -> Picture:
        """As in a picture of the whole graph; a story stands amid its articles, and has the color of the first."""
        places, measured = positions(self.snapshot), metrics(self.snapshot)
        node = self.nodes[node_id]
        if isinstance(node, Story):
            points = [places[article] for article in node.articles]
            x, y = (round(sum(numbers) / len(points), 1) + 0.0 for numbers in zip(*points, strict=True))
            return Picture(x, y, size_of(node.article_count), color_of(measured[node.articles[0]].community))
        of_node = measured[node_id]
        return Picture(*places[node_id], size_of(of_node.in_degree + of_node.out_degree), color_of(of_node.community))


def select(snapshot: GraphSnapshot, ids: Collection[str] | None, *, with_stories: bool = False) -> Selection:
    """The nodes with these ids, or all for None; unknown ids and those of stories are skipped.

    With stories, those of the selected articles are nodes as well.
    """
    nodes: Mapping[str, Node] = snapshot.nodes
    if ids is not None:
        nodes = {node_id: snapshot.nodes[node_id] for node_id in sorted({*ids} & snapshot.nodes.keys())}
    if with_stories:
        known = stories(snapshot)
        found = {known.by_article[node_id] for node_id in nodes if node_id in known.by_article}
        every = {**nodes, **{story_id: known.by_id[story_id] for story_id in found}}
        nodes = {node_id: every[node_id] for node_id in sorted(every)}
    return Selection(snapshot, nodes)


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


def targets(selection: Selection, kind: EdgeKind, source: str) -> Iterator[tuple[int, str]]:
    """The positions and targets of the node's edges of this kind within the selection."""
    every = graph_edges.targets(selection.snapshot, kind, source)
    return ((position, target) for position, target in enumerate(every, 1) if target in selection.nodes)
