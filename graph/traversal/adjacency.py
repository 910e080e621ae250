"""The neighbors of a node by kind of edge, in the form that traversals need."""

from collections.abc import Mapping

from graph.building.derived import once_per_edges
from graph.building.snapshot import Adjacency, GraphSnapshot
from graph.lists.rankings import usual_ranking
from graph.model import EdgeKind, NodeKind

EDGE_KINDS = (
    EdgeKind.TRANSLATION_OF,
    EdgeKind.PART_OF,
    EdgeKind.RELATED_TO,
    EdgeKind.LINKS_TO,
    EdgeKind.ABOUT,
    EdgeKind.WRITTEN_BY,
    EdgeKind.PUBLISHED_BY,
    EdgeKind.BROADER,
)
"""All kinds, the most telling first: a related link says more of two articles than a common topic, author or provider does."""


def sources_newest_first(snapshot: GraphSnapshot, kind: EdgeKind) -> Adjacency:
    """For each target, the sources of its edges of a kind: articles newest first, ties and topics by id."""
    if kind is EdgeKind.BROADER:  # its sources are topics
        return snapshot.sources[kind]
    return usual_ranking(snapshot, NodeKind.ARTICLE).sources(snapshot, kind)


_NOTHING: frozenset[str] = frozenset()


class _Neighbors(dict[str, frozenset[str]]):
    """Sets of neighbors, each built when it is first looked up and kept: most traversals need few of them."""

    def __init__(self, *lists: Adjacency) -> None:
        super().__init__()
        self._lists = lists

    def __missing__(self, node_id: str) -> frozenset[str]:
        found = self[node_id] = _NOTHING.union(*[lists.get(node_id, ()) for lists in self._lists]) or _NOTHING
        return found


@once_per_edges
def neighbors(snapshot: GraphSnapshot, kind: EdgeKind) -> Mapping[str, frozenset[str]]:
    """The neighbors of every node by edges of a kind in either direction; each set is built on first use."""
    return _Neighbors(snapshot.targets[kind], snapshot.sources[kind])
