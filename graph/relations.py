"""The named ways from one record to others, as filters and lists follow them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

from graph.model import Article, EdgeKind, Image, LinkDirection, Node, Provider, Topic
from graph.snapshot import GraphSnapshot

Record: TypeAlias = Node | Image | str
"""What a filter can look at: nodes, and the values inside them."""


def targets(snapshot: GraphSnapshot, kind: EdgeKind, node_id: str) -> tuple[str, ...]:
    """Ids at the ends of the node's edges of this kind, in their order."""
    return snapshot.targets[kind].get(node_id, ())


def sources(snapshot: GraphSnapshot, kind: EdgeKind, node_id: str) -> tuple[str, ...]:
    """Ids of the nodes whose edges of this kind lead to the node, sorted."""
    return snapshot.sources[kind].get(node_id, ())


def related(snapshot: GraphSnapshot, article_id: str) -> dict[str, LinkDirection]:
    """Every article that this one names or that names it: its own list in rank order, then the others by id."""
    outgoing = targets(snapshot, EdgeKind.RELATED_TO, article_id)
    incoming = sources(snapshot, EdgeKind.RELATED_TO, article_id)
    directions = dict.fromkeys(outgoing, LinkDirection.OUT)
    for source in incoming:
        directions[source] = LinkDirection.BOTH if source in directions else LinkDirection.IN
    return directions


def topic_counts(snapshot: GraphSnapshot, provider_id: str) -> Counter[str]:
    """The topics of a provider's articles, each with the number of its articles."""
    articles = sources(snapshot, EdgeKind.PUBLISHED_BY, provider_id)
    return _count(targets(snapshot, EdgeKind.ABOUT, article) for article in articles)


def provider_counts(snapshot: GraphSnapshot, topic_id: str) -> Counter[str]:
    """The providers of the articles about a topic, each with the number of its articles."""
    articles = sources(snapshot, EdgeKind.ABOUT, topic_id)
    return _count(targets(snapshot, EdgeKind.PUBLISHED_BY, article) for article in articles)


def _count(groups: Iterable[tuple[str, ...]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update(group)
    return counts


def _nodes(ids: Callable[[GraphSnapshot, str], Iterable[str]]) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return lambda snapshot, node: [snapshot.nodes[found] for found in ids(snapshot, node.id)]


def _targets(kind: EdgeKind) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return _nodes(lambda snapshot, node_id: targets(snapshot, kind, node_id))


def _sources(kind: EdgeKind) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return _nodes(lambda snapshot, node_id: sources(snapshot, kind, node_id))


def _values(attribute: str) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return lambda _, record: getattr(record, attribute)


MEMBERS: Mapping[tuple[type, str], Callable[[GraphSnapshot, Any], Sequence[Record]]] = MappingProxyType(
    {
        (Article, "provider"): _targets(EdgeKind.PUBLISHED_BY),
        (Article, "topics"): _targets(EdgeKind.ABOUT),
        (Article, "related"): _nodes(related),
        (Article, "images"): _values("images"),
        (Provider, "articles"): _sources(EdgeKind.PUBLISHED_BY),
        (Provider, "topics"): _nodes(topic_counts),
        (Provider, "aliases"): _values("aliases"),
        (Provider, "images"): _values("images"),
        (Topic, "articles"): _sources(EdgeKind.ABOUT),
        (Topic, "providers"): _nodes(provider_counts),
        (Topic, "parent"): _targets(EdgeKind.BROADER),
        (Topic, "children"): _sources(EdgeKind.BROADER),
        (Topic, "keywords"): _values("keywords"),
        (Topic, "hashtags"): _values("hashtags"),
        (Topic, "images"): _values("images"),
    }
)
"""(type, relation) → the records on the other side, one or many."""
