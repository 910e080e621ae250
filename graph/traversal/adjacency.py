"""What stands beside a node, by kind of edge, as walks look at it."""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType

from graph.derived import once_per_snapshot, once_per_structure
from graph.model import Article, EdgeKind, GraphNode
from graph.snapshot import Adjacency, GraphSnapshot

EDGE_KINDS = (EdgeKind.RELATED_TO, EdgeKind.ABOUT, EdgeKind.PUBLISHED_BY, EdgeKind.BROADER)
"""All kinds, the more telling first: articles that name each other have more in common than a topic or a publisher."""


@once_per_snapshot
def sources_newest_first(snapshot: GraphSnapshot, kind: EdgeKind) -> Adjacency:
    """Where the edges of a kind come from, by their target: the newest articles first, ties and others by id."""
    sources: dict[str, list[str]] = defaultdict(list)
    for source in sorted(snapshot.targets[kind], key=lambda node_id: _newest_first(snapshot.nodes[node_id])):
        for target in snapshot.targets[kind][source]:
            sources[target].append(source)
    return MappingProxyType({target: tuple(found) for target, found in sources.items()})


def _newest_first(node: GraphNode) -> tuple[bool, float, str]:
    published = node.published_date_time if isinstance(node, Article) else None
    return published is None, -published.timestamp() if published else 0, node.id


@once_per_structure
def beside(snapshot: GraphSnapshot, kind: EdgeKind) -> Mapping[str, frozenset[str]]:
    """The neighbours of each node by edges of a kind, whichever way they lead; nodes without any are missing."""
    targets, sources = snapshot.targets[kind], snapshot.sources[kind]
    return MappingProxyType(
        {
            node_id: frozenset(targets.get(node_id, ())).union(sources.get(node_id, ()))
            for node_id in targets.keys() | sources.keys()
        }
    )
