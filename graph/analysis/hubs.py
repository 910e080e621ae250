"""Hubs: nodes that touch so many articles that a way through them says nothing."""

from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot
from graph.model import ArticleOrigin, EdgeKind, NodeKind, origin_of

_EDGES = {
    NodeKind.PROVIDER: EdgeKind.PUBLISHED_BY,
    NodeKind.TOPIC: EdgeKind.ABOUT,
    NodeKind.PERSON: EdgeKind.WRITTEN_BY,
}


@once_per_structure
def hubs(snapshot: GraphSnapshot) -> frozenset[str]:
    """Ids of the nodes, of any kind, that have an edge to or from more than a fifth of all articles that could have one, and not from one alone.

    For topics, providers and persons those are the articles with a file, and those that have one all the same: of an article
    that others merely mention, none of them may be known. A node does not touch itself, and an article that it touches twice
    counts once. Cost: linear in edges, once.
    """
    articles = frozenset(snapshot.ids[NodeKind.ARTICLE])
    own = {article_id for article_id in articles if origin_of(snapshot.nodes[article_id]) is ArticleOrigin.DOCUMENT}
    neighbors = [*snapshot.targets.values(), *snapshot.sources.values()]
    found: set[str] = set()
    for kind in (NodeKind.ARTICLE, *_EDGES):
        size = len(articles if kind is NodeKind.ARTICLE else own.union(snapshot.targets[_EDGES[kind]]))
        least = max(2, size // 5 + 1)
        for node_id in snapshot.ids[kind]:
            lists = [ids for ids in (adjacency.get(node_id) for adjacency in neighbors) if ids]
            if sum(map(len, lists)) >= least and len(articles & set().union(*lists) - {node_id}) >= least:
                found.add(node_id)
    return frozenset(found)
