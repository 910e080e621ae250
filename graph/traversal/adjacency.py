"""The neighbors of a node, by kind of edge, as walks look at it."""

from collections.abc import Mapping

from graph.building.derived import once_per_edges
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.lists.rankings import usual_ranking
from graph.model import EdgeKind, NodeKind

EDGE_KINDS = (EdgeKind.RELATED_TO, EdgeKind.ABOUT, EdgeKind.PUBLISHED_BY, EdgeKind.BROADER)
"""All kinds, the more telling first: articles that name each other have more in common than a topic or a publisher."""


def sources_newest_first(snapshot: GraphSnapshot, kind: EdgeKind) -> Adjacency:
    """Where the edges of a kind come from, by their target: the newest articles first, ties and others by id."""
    if kind is EdgeKind.BROADER:  # from topics alone
        return snapshot.sources[kind]
    return usual_ranking(snapshot, NodeKind.ARTICLE).sources(snapshot, kind)


_NOTHING: frozenset[str] = frozenset()


class _Neighbors(dict[str, frozenset[str]]):
    """Neighbors of the nodes that were asked for, each found once."""

    def __init__(self, *lists: Adjacency) -> None:
        super().__init__()
        self._lists = lists

    def __missing__(self, node_id: str) -> frozenset[str]:
        found = self[node_id] = _NOTHING.union(*[lists.get(node_id, ()) for lists in self._lists]) or _NOTHING
        return found


@once_per_edges
def neighbors(snapshot: GraphSnapshot, kind: EdgeKind) -> Mapping[str, frozenset[str]]:
    """The neighbors of every node by edges of a kind, whichever way they lead; found when they are first asked for."""
    return _Neighbors(snapshot.targets[kind], snapshot.sources[kind])
