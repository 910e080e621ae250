"""Where the edges of nodes lead and come from, and how often several lead to one node."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind, LinkDirection


def targets(snapshot: GraphSnapshot, kind: EdgeKind, node_id: str) -> tuple[str, ...]:
    """Ids at the ends of the node's edges of this kind, in their order."""
    return snapshot.targets[kind].get(node_id, ())


def targets_of_all(snapshot: GraphSnapshot, kind: EdgeKind, ids: Iterable[str]) -> list[tuple[str, ...]]:
    """The `targets` of each node."""
    lists = snapshot.targets[kind]
    return [lists.get(node_id, ()) for node_id in ids]


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


def edges_between(
    snapshot: GraphSnapshot, source: str, target: str, kinds: Iterable[EdgeKind] = EdgeKind
) -> Iterator[tuple[EdgeKind, int]]:
    """The kinds of the edges from one node to the other, in their order, each with its place among the source's edges of this kind, from 1.

    Cost: linear in the source's edges.
    """
    for kind in kinds:
        found = snapshot.targets[kind].get(source, ())
        if target in found:
            yield kind, found.index(target) + 1


def topic_counts(snapshot: GraphSnapshot, articles: Iterable[str]) -> Counter[str]:
    """The topics of the articles, each with the number of articles about it."""
    return _count(targets(snapshot, EdgeKind.ABOUT, article) for article in articles)


def provider_counts(snapshot: GraphSnapshot, articles: Iterable[str]) -> Counter[str]:
    """The providers of the articles, each with the number of articles it published."""
    return _count(targets(snapshot, EdgeKind.PUBLISHED_BY, article) for article in articles)


@once_per_structure
def topics_of_providers(snapshot: GraphSnapshot) -> Mapping[str, Mapping[str, int]]:
    """The topics of each provider's articles, each with the number of articles about it.

    Cost: linear in edges, once.
    """
    published = snapshot.sources[EdgeKind.PUBLISHED_BY]
    return {provider: topic_counts(snapshot, articles) for provider, articles in published.items()}


@once_per_structure
def topics_of_persons(snapshot: GraphSnapshot) -> Mapping[str, Mapping[str, int]]:
    """The topics of each person's articles, each with the number of articles about it.

    Cost: linear in edges, once.
    """
    written = snapshot.sources[EdgeKind.WRITTEN_BY]
    return {person: topic_counts(snapshot, articles) for person, articles in written.items()}


@once_per_structure
def providers_of_topics(snapshot: GraphSnapshot) -> Mapping[str, Mapping[str, int]]:
    """The providers of the articles about each topic, each with the number of these articles that it published.

    Cost: linear in edges, once.
    """
    about = snapshot.sources[EdgeKind.ABOUT]
    return {topic: provider_counts(snapshot, articles) for topic, articles in about.items()}


def _count(groups: Iterable[tuple[str, ...]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update(group)
    return counts
