"""Hubs: nodes that touch so many articles that a way through them says nothing."""

from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind, NodeKind


@once_per_structure
def hubs(snapshot: GraphSnapshot) -> frozenset[str]:
    """Ids of the nodes, of any kind, that have an edge to or from more than a fifth of all articles that could have one.

    For a topic those are the articles that have a topic, for a provider those that have a provider, for a person those that
    have an author: of an article that others merely mention, none of them may be known. A node does not touch itself, and an article that it touches twice counts
    once. Cost: linear in edges, once.
    """
    articles = frozenset(snapshot.ids[NodeKind.ARTICLE])
    all_articles = {
        NodeKind.ARTICLE: len(articles),
        NodeKind.PROVIDER: len(snapshot.targets[EdgeKind.PUBLISHED_BY]),
        NodeKind.TOPIC: len(snapshot.targets[EdgeKind.ABOUT]),
        NodeKind.PERSON: len(snapshot.targets[EdgeKind.WRITTEN_BY]),
    }
    neighbors = [*snapshot.targets.values(), *snapshot.sources.values()]
    found: set[str] = set()
    for kind, size in all_articles.items():
        for node_id in snapshot.ids[kind]:
            lists = [ids for ids in (adjacency.get(node_id) for adjacency in neighbors) if ids]
            if 5 * sum(map(len, lists)) > size and 5 * len(articles & set().union(*lists) - {node_id}) > size:
                found.add(node_id)
    return frozenset(found)
