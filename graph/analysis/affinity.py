"""How strongly nodes belong together without naming each other: by the topics they share and the articles between them.

A topic weighs as much as it tells articles apart: its inverse document frequency, ln(articles / articles about it), so a
topic that every article has weighs nothing. Only articles that have a topic count: of those that other articles merely
mention, no topics are known. Weights are rounded, so that sums are equal on every machine.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import combinations
from math import log

from graph.analysis.edges import related, sources, targets, topics_of_providers
from graph.analysis.hubs import hubs
from graph.building.derived import once_per_edges, once_per_structure
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.model import Article, EdgeKind, NodeKind

_DIGITS = 9
_SHARE_DIGITS, _LEAST_SHARE = 2, 0.01
"""Programs take an edge that weighs nothing for none."""
_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TopicLink:
    """What an article shares with another one, or with the topics that were asked for."""

    score: float
    """Sum of the shared topics' weights."""
    shared_topics: tuple[str, ...]
    """Ids, the weightiest first."""
    distance: int | None
    """Microseconds between the publication of the two articles, or, where only topics were asked, from publication to
    the end of time, so that newer is nearer; None without a date."""


@dataclass(frozen=True, slots=True)
class ProviderLink:
    """What two providers have in common."""

    link_count: int
    """Pairs of related articles, one by each provider."""
    shared_topics: tuple[str, ...]
    """Ids of the topics that both write about, the weightiest first."""
    score: float
    """Sum of the shared topics' weights."""


@dataclass(frozen=True, slots=True)
class CooccurrenceLink:
    """How often two topics meet."""

    article_count: int
    """Articles about both."""
    lift: float
    """How many times more often they meet than two independent topics of their sizes would."""


class Match(Enum):
    """How many of the topics asked for an article must have."""

    ANY = "ANY"
    ALL = "ALL"


@once_per_structure
def topic_weights(snapshot: GraphSnapshot) -> Mapping[str, float]:
    """The weight of each topic that an article is about."""
    total = len(snapshot.targets[EdgeKind.ABOUT])
    return {topic: round(log(total / len(about)), _DIGITS) for topic, about in snapshot.sources[EdgeKind.ABOUT].items()}


@once_per_edges
def specificity(snapshot: GraphSnapshot, kind: EdgeKind) -> Mapping[str, float]:
    """How well each provider, person or topic tells articles apart, by id: from 1, if one article alone has it, down to 0.01.

    It is the inverse document frequency, as a share of that of one article alone. None for edges to articles and between topics.
    """
    if kind not in (EdgeKind.PUBLISHED_BY, EdgeKind.WRITTEN_BY, EdgeKind.ABOUT):
        return {}
    total = len(snapshot.targets[kind])
    shares = {
        node_id: log(total / len(articles)) / log(total) if total > 1 else 1.0
        for node_id, articles in snapshot.sources[kind].items()
    }
    return {node_id: max(round(share, _SHARE_DIGITS), _LEAST_SHARE) for node_id, share in shares.items()}


def related_by_topic(snapshot: GraphSnapshot, article_id: str) -> dict[str, TopicLink]:
    """Every other article that shares a topic which weighs something; none for an id that is no article's.

    Cost: linear in the articles about these topics.
    """
    weights = topic_weights(snapshot)
    topics = targets(snapshot, EdgeKind.ABOUT, article_id)
    telling = [topic for topic in topics if weights[topic] > 0]
    found = {article for topic in telling for article in sources(snapshot, EdgeKind.ABOUT, topic)} - {article_id}
    published = _published(snapshot, article_id)
    return {
        article: _topic_link(snapshot, article, topics, _distance(published, _published(snapshot, article)))
        for article in checked(found)
    }


def articles_by_topics(snapshot: GraphSnapshot, topic_ids: Sequence[str], match: Match) -> dict[str, TopicLink]:
    """The articles about any or all of the topics; none for no topics."""
    groups = [set(sources(snapshot, EdgeKind.ABOUT, topic)) for topic in topic_ids]
    combine = set[str].union if match is Match.ANY else set[str].intersection
    found = combine(*groups) if groups else set[str]()
    return {
        article: _topic_link(snapshot, article, topic_ids, _distance(_END_OF_TIME, _published(snapshot, article)))
        for article in checked(found)
    }


def _topic_link(snapshot: GraphSnapshot, article: str, topics: Iterable[str], distance: int | None) -> TopicLink:
    shared = _by_weight(snapshot, set(topics).intersection(targets(snapshot, EdgeKind.ABOUT, article)))
    return TopicLink(_weight(snapshot, shared), shared, distance)


def _by_weight(snapshot: GraphSnapshot, topics: Iterable[str]) -> tuple[str, ...]:
    weights = topic_weights(snapshot)
    return tuple(sorted(topics, key=lambda topic: (-weights[topic], topic)))


def _weight(snapshot: GraphSnapshot, topics: Iterable[str]) -> float:
    weights = topic_weights(snapshot)
    return round(sum(weights[topic] for topic in topics), _DIGITS)


def _published(snapshot: GraphSnapshot, article_id: str) -> datetime | None:
    article = snapshot.nodes.get(article_id)
    return article.published_date_time if isinstance(article, Article) else None


def _distance(one: datetime | None, other: datetime | None) -> int | None:
    return abs(one - other) // timedelta(microseconds=1) if one and other else None


@once_per_structure
def _link_counts(snapshot: GraphSnapshot) -> Mapping[str, Counter[str]]:
    """Provider → provider → pairs of related articles between them."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    publisher = snapshot.targets[EdgeKind.PUBLISHED_BY]
    for article in checked(publisher):
        counts[publisher[article][0]].update(
            publisher[other][0] for other in related(snapshot, article) if other in publisher
        )
    for provider, others in counts.items():
        del others[provider]
    return counts


@once_per_structure
def _provider_topics(snapshot: GraphSnapshot) -> Mapping[str, frozenset[str]]:
    return {provider: frozenset(counts) for provider, counts in topics_of_providers(snapshot).items()}


def providers_around(snapshot: GraphSnapshot, provider_id: str) -> dict[str, ProviderLink]:
    """The providers whose articles are related to this one's, or that share a topic which is no hub.

    None for an id that is no provider's.
    Cost: linear in the providers and their topics; on first use, once for all, in the related links.
    """
    links = (
        (other, provider_link(snapshot, provider_id, other))
        for other in checked(snapshot.ids[NodeKind.PROVIDER])
        if other != provider_id
    )
    return {other: link for other, link in links if is_near(snapshot, link)}


def is_near(snapshot: GraphSnapshot, link: ProviderLink) -> bool:
    """Whether two providers that have this in common are near each other: a topic that is a hub does not make them so."""
    return link.link_count > 0 or not hubs(snapshot).issuperset(link.shared_topics)


def provider_link(snapshot: GraphSnapshot, one: str, other: str) -> ProviderLink:
    """What two providers have in common, if anything."""
    counts = _link_counts(snapshot).get(one)
    topics = _provider_topics(snapshot)
    shared = _by_weight(snapshot, topics.get(one, frozenset()) & topics.get(other, frozenset()))
    return ProviderLink(counts[other] if counts else 0, shared, _weight(snapshot, shared))


@once_per_structure
def _meetings(snapshot: GraphSnapshot) -> Mapping[str, Counter[str]]:
    """Topic → topic → articles about both."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for topics in checked(snapshot.targets[EdgeKind.ABOUT].values()):
        for one, other in combinations(topics, 2):
            counts[one][other] += 1
            counts[other][one] += 1
    return counts


def cooccurring_topics(snapshot: GraphSnapshot, topic_id: str) -> dict[str, CooccurrenceLink]:
    """The topics that articles about this one are about too."""
    about = {topic: len(articles) for topic, articles in snapshot.sources[EdgeKind.ABOUT].items()}
    total = len(snapshot.targets[EdgeKind.ABOUT])
    return {
        topic: CooccurrenceLink(count, round(count * total / (about[topic_id] * about[topic]), _DIGITS))
        for topic, count in _meetings(snapshot).get(topic_id, {}).items()
    }
