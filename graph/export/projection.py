"""The providers, topics or persons of a selection as a network of their own."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from heapq import nlargest
from itertools import count
from types import MappingProxyType

from graph.analysis.metrics import metrics
from graph.analysis.networks import directed_network
from graph.analysis.positions import Point, placed
from graph.analysis.projections import Backbone, Projection, Shared
from graph.checkpoints import checked
from graph.export.contents import Edge, Picture, color_of, significant, size_of
from graph.export.formats import AttributeType
from graph.export.selection import Selection
from graph.model import NodeKind, kind_of

_EDGE_ATTRIBUTES: Mapping[str, AttributeType] = MappingProxyType(
    {
        "sharedArticles": AttributeType.INT,
        "sharedStories": AttributeType.INT,
        "sharedTopics": AttributeType.INT,
        "weight": AttributeType.DOUBLE,
    }
)
_STRONGEST = 6
"""Edges of a node that decide where a picture shows it."""


class ProjectedNodes:
    """An undirected network: the nodes of one kind of a selection, and what two of them share among its articles."""

    is_directed = False
    edge_attributes = _EDGE_ATTRIBUTES

    def __init__(self, selection: Selection, kind: NodeKind, *, backbone: bool) -> None:
        self.snapshot = selection.snapshot
        self.nodes = {node_id: node for node_id, node in selection.nodes.items() if kind_of(node) is kind}
        articles = {node_id: node for node_id, node in selection.nodes.items() if kind_of(node) is NodeKind.ARTICLE}
        self._projection = Projection(self.snapshot, kind, articles)
        self._backbone = Backbone(self._projection, self.nodes) if backbone else None

    def edges(self) -> Iterator[Edge]:
        """Each edge once, by its ends, from the one that comes first."""
        numbers = count()
        for one in self.nodes:
            for other, shared in self._neighbors(one).items():
                if one < other:
                    values = (shared.articles, shared.stories, shared.topics, significant(shared.weight))
                    yield Edge(f"e{next(numbers)}", one, other, values)

    def picture(self, node_id: str) -> Picture:
        """As in a picture of this network; the color is that of the node's community in the whole graph."""
        degree, place = self._pictures[node_id]
        return Picture(*place, size_of(degree), color_of(metrics(self.snapshot)[node_id].community))

    @cached_property
    def _pictures(self) -> Mapping[str, tuple[int, Point]]:
        """Of each node the number of its edges, and its place, which its strongest edges decide."""
        degrees, strongest = {}, {}
        for node_id in checked(self.nodes):
            found = self._neighbors(node_id)
            degrees[node_id] = len(found)
            strongest[node_id] = nlargest(_STRONGEST, found, key=lambda other: (found[other].weight, other))
        places = placed(directed_network(tuple(self.nodes), strongest).to_undirected(), self.nodes)
        return {node_id: (degrees[node_id], places[node_id]) for node_id in self.nodes}

    def _neighbors(self, node_id: str) -> Mapping[str, Shared]:
        found = self._projection.neighbors(node_id)
        keeps = None if self._backbone is None else self._backbone.keeps
        return {
            other: shared for other, shared in found.items() if keeps is None or keeps(node_id, other, shared.weight)
        }
