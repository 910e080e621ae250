"""Projections: the network of all providers, all topics or all persons, by what two of them share."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from math import fsum
from types import MappingProxyType
from typing import NamedTuple

from graph.analysis.edges import sources, targets
from graph.analysis.hubs import hubs
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import EdgeKind, NodeKind

_EDGES = MappingProxyType(
    {
        NodeKind.PROVIDER: EdgeKind.PUBLISHED_BY,
        NodeKind.TOPIC: EdgeKind.ABOUT,
        NodeKind.PERSON: EdgeKind.WRITTEN_BY,
    }
)
PROJECTED = tuple(_EDGES)
"""The kinds of nodes that there are projections of."""
_MOST_SHARERS = 100
"""What more of them share says little of any two, and would make the network as large as the square of their number."""
_SIGNIFICANCE = 0.05
_DIGITS = 9
"""Of a weight, which is a sum."""


class Shared(NamedTuple):
    """What two nodes share, and how strongly that ties them."""

    articles: int
    stories: int
    topics: int
    weight: float


class _Sort(Enum):
    """Of what is shared; the value is its place in `Shared`."""

    ARTICLE = 0
    STORY = 1
    TOPIC = 2


class Projection:
    """The network of nodes of one kind. Two of them share an article that is of both, and a story or a topic that each has an article of.

    Each of these adds 1/(k - 1) to the weight of the edge between two of the k nodes that share it, so that what many share ties any two of
    them less (Newman, "Scientific collaboration networks. II", 2001). Hubs, and what more than 100 nodes share, are left out.
    """

    def __init__(self, snapshot: GraphSnapshot, kind: NodeKind, articles: Collection[str]) -> None:
        self._groups: list[tuple[_Sort, Sequence[str]]] = []
        self._groups_of: dict[str, list[int]] = defaultdict(list)
        for sort, members in _groups(snapshot, kind, articles):
            if 1 < len(members) <= _MOST_SHARERS:
                for node in members:
                    self._groups_of[node].append(len(self._groups))
                self._groups.append((sort, members))

    def neighbors(self, node: str) -> Mapping[str, Shared]:
        """What the node shares with each of its neighbors, by their ids, sorted.

        Cost: linear in the sharers of what it shares.
        """
        found: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
        for number in self._groups_of.get(node, ()):
            sort, members = self._groups[number]
            share = 1 / (len(members) - 1)
            for other in members:
                counts = found[other]
                counts[sort.value] += 1
                counts[-1] += share
        found.pop(node, None)
        return {other: _shared(found[other]) for other in sorted(found)}


def _shared(counts: Sequence[float]) -> Shared:
    articles, shared_stories, topics = map(int, counts[:3])
    return Shared(articles, shared_stories, topics, round(counts[-1], _DIGITS))


def _groups(
    snapshot: GraphSnapshot, kind: NodeKind, articles: Collection[str]
) -> Iterator[tuple[_Sort, Sequence[str]]]:
    """The nodes of this kind that share each article, story and topic, sorted."""
    edges = _EDGES[kind]

    def sharers(group: Iterable[str]) -> Sequence[str]:
        return sorted({node for article in group if article in articles for node in targets(snapshot, edges, article)})

    for article in checked(articles):
        yield _Sort.ARTICLE, sharers([article])
    for story in checked(stories(snapshot).by_id.values()):
        yield _Sort.STORY, sharers(story.articles)
    if kind is not NodeKind.TOPIC:
        for topic in checked(snapshot.ids[NodeKind.TOPIC]):
            if topic not in hubs(snapshot):
                yield _Sort.TOPIC, sharers(sources(snapshot, EdgeKind.ABOUT, topic))


class Backbone:
    """Which edges of a projection say more than chance would: the disparity filter of Serrano, Boguñá and Vespignani, 2009.

    If a node's weight fell on its k edges at random, a share p of it or more would fall on an edge with the probability
    (1 - p)^(k - 1). An edge is kept if that is below 5 % at either end. A node with one edge says nothing of it.
    """

    def __init__(self, projection: Projection, nodes: Collection[str]) -> None:
        self._of_node: dict[str, tuple[int, float]] = {}
        for node in checked(nodes):
            weights = [shared.weight for shared in projection.neighbors(node).values()]
            self._of_node[node] = len(weights), fsum(weights)

    def keeps(self, one: str, other: str, weight: float) -> bool:
        """Whether the edge between them is part of the backbone."""
        return any(self._chance(node, weight) < _SIGNIFICANCE for node in (one, other))

    def _chance(self, node: str, weight: float) -> float:
        degree, total = self._of_node[node]
        # Rounded, as powers may differ between machines in their last digits.
        return round((1 - weight / total) ** (degree - 1), _DIGITS) if degree > 1 else 1.0
