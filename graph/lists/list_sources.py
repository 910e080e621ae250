"""The lists that can be queried: where their entries come from, the link data of each, and each list's own order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from graph.analysis.affinity import (
    CooccurrenceLink,
    Match,
    ProviderLink,
    TopicLink,
    articles_by_topics,
    cooccurring_topics,
    providers_around,
    related_by_topic,
)
from graph.analysis.body_links import LinkInBody, backlinks_of, links_of
from graph.analysis.edges import (
    provider_counts,
    providers_of_topics,
    sources,
    topic_counts,
    topics_of_persons,
    topics_of_providers,
)
from graph.analysis.nodes import find_node, nodes_of
from graph.analysis.related_links import RelatedLink, RelatedLinks
from graph.analysis.stories import find_story, stories
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked
from graph.errors import OrderError
from graph.lists.filters import EVERYTHING, Filter, Predicate, compile_filter
from graph.lists.ordering import DEFAULT_ORDERS, Order, OrderKey, OrderValue, Position
from graph.model import Article, EdgeKind, LinkDirection, NodeKind
from graph.search import search, similar


class NamedList(Enum):
    """A list that can be long and is answered in pages.

    `RELATED_…`, `SIMILAR`, `…LINKS` and `…_OF_…` belong to a node, the others to the whole graph.
    """

    __hash__ = object.__hash__  # a member is one object; the hash of `Enum` takes longer than most look-ups by it

    ARTICLES = "ARTICLES"
    PROVIDERS = "PROVIDERS"
    TOPICS = "TOPICS"
    PERSONS = "PERSONS"
    STORIES = "STORIES"
    RELATED_OUT = "RELATED_OUT"
    RELATED_IN = "RELATED_IN"
    RELATED_ANY = "RELATED_ANY"
    RELATED_BY_TOPIC = "RELATED_BY_TOPIC"
    SIMILAR = "SIMILAR"
    LINKS = "LINKS"
    BACKLINKS = "BACKLINKS"
    ARTICLES_OF_PROVIDER = "ARTICLES_OF_PROVIDER"
    ARTICLES_OF_TOPIC = "ARTICLES_OF_TOPIC"
    ARTICLES_OF_PERSON = "ARTICLES_OF_PERSON"
    ARTICLES_OF_STORY = "ARTICLES_OF_STORY"
    PARTS_OF_NODE = "PARTS_OF_NODE"
    TOPICS_OF_PROVIDER = "TOPICS_OF_PROVIDER"
    TOPICS_OF_TOPIC = "TOPICS_OF_TOPIC"
    TOPICS_OF_PERSON = "TOPICS_OF_PERSON"
    TOPICS_OF_STORY = "TOPICS_OF_STORY"
    PROVIDERS_OF_TOPIC = "PROVIDERS_OF_TOPIC"
    PROVIDERS_OF_PROVIDER = "PROVIDERS_OF_PROVIDER"
    PROVIDERS_OF_STORY = "PROVIDERS_OF_STORY"
    FIRSTS_OF_PROVIDER = "FIRSTS_OF_PROVIDER"


@dataclass(frozen=True, slots=True)
class ByTopics:
    """The articles about any or all of some topics."""

    topics: tuple[str, ...]
    """Ids."""
    match: Match


@dataclass(frozen=True, slots=True)
class ByText:
    """The results of a full-text search."""

    text: str
    kinds: frozenset[NodeKind]


@dataclass(frozen=True, slots=True)
class ByIds:
    """The articles with these ids."""

    articles: tuple[str, ...]
    """Ids that the graph does not hold are skipped."""


ListSource: TypeAlias = NamedList | ByTopics | ByText | ByIds
"""Where the entries of a list come from; a list that belongs to a node is looked up by the source and the node's id."""

WHOLE_GRAPH = ""
"""Stands for the node's id with a list that belongs to no node."""


@dataclass(frozen=True, slots=True)
class ArticleList:
    """A whole list of articles, which aggregates count over."""

    source: ListSource
    node_id: str = WHOLE_GRAPH
    filter: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class WeightedLink:
    """The link between two nodes that have articles in common, such as a provider and a topic."""

    article_count: int
    """How many they have in common."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A part of an article or of a series."""

    position: int
    """Its place there, from 1."""


@dataclass(frozen=True, slots=True)
class TextLink:
    """How well a node matches a search text, or an article a similar one."""

    score: float
    shared_terms: tuple[str, ...] = ()


Link: TypeAlias = (
    RelatedLink | LinkInBody | WeightedLink | TopicLink | ProviderLink | CooccurrenceLink | PartLink | TextLink | None
)

_RANK_ORDER: Order = (OrderKey("link.group"), OrderKey("link.rank"))
_POSITION_ORDER: Order = (OrderKey("link.position"),)
_WEIGHT_ORDER: Order = (OrderKey("link.articleCount", is_descending=True),)
_SCORE_ORDER: Order = (OrderKey("link.score", is_descending=True),)
_TOPIC_ORDER: Order = (OrderKey("link.score", is_descending=True), OrderKey("link.distance"))
_PROVIDER_ORDER: Order = (OrderKey("link.linkCount", is_descending=True), OrderKey("link.score", is_descending=True))
_OWN_ORDERS: Mapping[NamedList, Order] = MappingProxyType(
    {
        NamedList.RELATED_OUT: _RANK_ORDER,
        NamedList.RELATED_IN: _RANK_ORDER,
        NamedList.RELATED_ANY: _RANK_ORDER,
        NamedList.RELATED_BY_TOPIC: _TOPIC_ORDER,
        NamedList.SIMILAR: _SCORE_ORDER,
        NamedList.PARTS_OF_NODE: _POSITION_ORDER,
        NamedList.LINKS: _POSITION_ORDER,
        NamedList.TOPICS_OF_PROVIDER: _WEIGHT_ORDER,
        NamedList.TOPICS_OF_TOPIC: _WEIGHT_ORDER,
        NamedList.TOPICS_OF_PERSON: _WEIGHT_ORDER,
        NamedList.TOPICS_OF_STORY: _WEIGHT_ORDER,
        NamedList.PROVIDERS_OF_TOPIC: _WEIGHT_ORDER,
        NamedList.PROVIDERS_OF_PROVIDER: _PROVIDER_ORDER,
        NamedList.PROVIDERS_OF_STORY: _WEIGHT_ORDER,
    }
)
_OTHER_KINDS: Mapping[NamedList, NodeKind] = MappingProxyType(
    {
        NamedList.PROVIDERS: NodeKind.PROVIDER,
        NamedList.PROVIDERS_OF_TOPIC: NodeKind.PROVIDER,
        NamedList.PROVIDERS_OF_PROVIDER: NodeKind.PROVIDER,
        NamedList.PROVIDERS_OF_STORY: NodeKind.PROVIDER,
        NamedList.TOPICS: NodeKind.TOPIC,
        NamedList.TOPICS_OF_PROVIDER: NodeKind.TOPIC,
        NamedList.TOPICS_OF_TOPIC: NodeKind.TOPIC,
        NamedList.TOPICS_OF_PERSON: NodeKind.TOPIC,
        NamedList.TOPICS_OF_STORY: NodeKind.TOPIC,
        NamedList.PERSONS: NodeKind.PERSON,
        NamedList.STORIES: NodeKind.STORY,
        NamedList.FIRSTS_OF_PROVIDER: NodeKind.STORY,
    }
)


def list_kind(source: ListSource) -> NodeKind:
    """The kind of nodes that a filter or an order of the list applies to: of search results, the articles."""
    return _OTHER_KINDS.get(source, NodeKind.ARTICLE) if isinstance(source, NamedList) else NodeKind.ARTICLE


def own_order(source: ListSource) -> Order | None:
    """The order by link data: rank, weight or score. None for a list that has none, and its kind's default order."""
    match source:
        case NamedList():
            return _OWN_ORDERS.get(source)
        case ByText():
            return _SCORE_ORDER
        case ByTopics():
            return _TOPIC_ORDER
        case ByIds():
            return None


def list_order(source: ListSource, order: Order) -> Order:
    """The order to apply when this one is asked for; an empty one stands for the list's own or its kind's default.

    Raises:
        OrderError: a search for more than articles has an order other than its own.
    """
    own = own_order(source)
    if order and order != own and isinstance(source, ByText) and source.kinds != {NodeKind.ARTICLE}:
        raise OrderError("What is found among several kinds of nodes has one order, by score; leave the order out.")
    return order or own or DEFAULT_ORDERS[list_kind(source)]


def comes_sorted(source: ListSource) -> bool:
    """Whether `entries` gives the list in its own order already."""
    return isinstance(source, ByText) or source in _COME_SORTED


def ids_in_order(links: Mapping[str, Link]) -> Sequence[str]:
    """The ids of a list that comes sorted; of related links only as many are read as the caller looks at."""
    return links.ids if isinstance(links, RelatedLinks) else tuple(links)


_COME_SORTED = frozenset({NamedList.RELATED_OUT, NamedList.RELATED_IN, NamedList.RELATED_ANY, NamedList.LINKS})


def stays_short(source: ListSource) -> bool:
    """Whether the list has few entries, however large the graph is."""
    return isinstance(source, ByIds) or source in _SHORT


_SHORT = _COME_SORTED | {NamedList.ARTICLES_OF_STORY, NamedList.TOPICS_OF_STORY, NamedList.PROVIDERS_OF_STORY}
LISTS_OF_SOURCES: Mapping[ListSource, EdgeKind] = MappingProxyType(
    {
        NamedList.ARTICLES_OF_PROVIDER: EdgeKind.PUBLISHED_BY,
        NamedList.ARTICLES_OF_TOPIC: EdgeKind.ABOUT,
        NamedList.ARTICLES_OF_PERSON: EdgeKind.WRITTEN_BY,
    }
)
"""The lists of all nodes with an edge of this kind to the node: its predecessors, sources of edges of the kind."""
_WHOLE_KINDS = frozenset(
    {NamedList.ARTICLES, NamedList.PROVIDERS, NamedList.TOPICS, NamedList.PERSONS, NamedList.STORIES}
)


def is_ranked_whole(source: ListSource) -> bool:
    """Whether the list, unfiltered, can be read from a ranking of all nodes of a kind without sorting it."""
    return source in _WHOLE_KINDS or source in LISTS_OF_SOURCES


def entries(snapshot: GraphSnapshot, source: ListSource, node_id: str) -> Mapping[str, Link] | None:
    """The ids of a list's entries with their link data, None for an entry without; None for a list of a whole kind.

    Raises:
        SearchError: the text cannot be searched for.
    """
    match source:
        case NamedList():
            return _named_entries(snapshot, source, node_id)
        case ByTopics(topics, match):
            return articles_by_topics(snapshot, topics, match)
        case ByText(text, kinds):
            return {hit.node_id: TextLink(hit.score) for hit in search(snapshot, text, kinds)}
        case ByIds(articles):
            return dict.fromkeys(article for article in articles if article in snapshot.nodes)


def _named_entries(snapshot: GraphSnapshot, listing: NamedList, node_id: str) -> Mapping[str, Link] | None:  # noqa: C901  # a table
    match listing:
        case NamedList.ARTICLES | NamedList.PROVIDERS | NamedList.TOPICS | NamedList.PERSONS | NamedList.STORIES:
            return None
        case NamedList.RELATED_OUT:
            return RelatedLinks(snapshot, node_id, LinkDirection.OUT)
        case NamedList.RELATED_IN:
            return RelatedLinks(snapshot, node_id, LinkDirection.IN)
        case NamedList.RELATED_ANY:
            return RelatedLinks(snapshot, node_id)
        case NamedList.RELATED_BY_TOPIC:
            return related_by_topic(snapshot, node_id)
        case NamedList.SIMILAR:
            return {hit.node_id: TextLink(hit.score, hit.shared_terms) for hit in similar(snapshot, node_id)}
        case NamedList.LINKS:
            return links_of(snapshot, node_id)
        case NamedList.BACKLINKS:
            return backlinks_of(snapshot, node_id)
        case NamedList.ARTICLES_OF_PROVIDER:
            return dict.fromkeys(sources(snapshot, EdgeKind.PUBLISHED_BY, node_id))
        case NamedList.ARTICLES_OF_TOPIC:
            return dict.fromkeys(sources(snapshot, EdgeKind.ABOUT, node_id))
        case NamedList.ARTICLES_OF_PERSON:
            return dict.fromkeys(sources(snapshot, EdgeKind.WRITTEN_BY, node_id))
        case NamedList.ARTICLES_OF_STORY:
            return dict.fromkeys(_story_articles(snapshot, node_id))
        case NamedList.PARTS_OF_NODE:
            return {part: PartLink(place) for place, part in enumerate(snapshot.parts.get(node_id, ()), 1)}
        case NamedList.TOPICS_OF_PROVIDER:
            return _weighted(topics_of_providers(snapshot).get(node_id, {}))
        case NamedList.TOPICS_OF_PERSON:
            return _weighted(topics_of_persons(snapshot).get(node_id, {}))
        case NamedList.TOPICS_OF_STORY:
            return _weighted(topic_counts(snapshot, _story_articles(snapshot, node_id)))
        case NamedList.TOPICS_OF_TOPIC:
            return cooccurring_topics(snapshot, node_id)
        case NamedList.PROVIDERS_OF_TOPIC:
            return _weighted(providers_of_topics(snapshot).get(node_id, {}))
        case NamedList.PROVIDERS_OF_STORY:
            return _weighted(provider_counts(snapshot, _story_articles(snapshot, node_id)))
        case NamedList.PROVIDERS_OF_PROVIDER:
            return providers_around(snapshot, node_id)
        case NamedList.FIRSTS_OF_PROVIDER:
            return dict.fromkeys(stories(snapshot).firsts.get(node_id, ()))


def _story_articles(snapshot: GraphSnapshot, story_id: str) -> tuple[str, ...]:
    story = find_story(snapshot, story_id)
    return story.articles if story else ()


def _weighted(counts: Mapping[str, int]) -> dict[str, Link]:
    return {found: WeightedLink(count) for found, count in counts.items()}


def link_position(node_id: str, link: Link) -> Position:
    """Where an entry stands in its list's own order."""
    return Position(_values(link), node_id)


def _values(link: Link) -> tuple[OrderValue, ...]:
    match link:
        case RelatedLink(rank, direction):
            return int(direction is LinkDirection.IN), rank
        case LinkInBody(position):
            return (position,)
        case WeightedLink() | CooccurrenceLink():
            return (link.article_count,)
        case TopicLink():
            return link.score, link.distance
        case ProviderLink():
            return link.link_count, link.score
        case PartLink():
            return (link.position,)
        case TextLink():
            return (link.score,)
        case None:
            return ()


def articles_in(snapshot: GraphSnapshot, wanted: ArticleList, passes: Predicate | None = None) -> list[str]:
    """The ids of all articles in the list that pass its filter, in no particular order.

    `passes` is the predicate of the filter, if it is compiled already.

    Raises:
        InputError: the filter or the text cannot be evaluated.
    """
    found = entries(snapshot, wanted.source, wanted.node_id)
    nodes = (
        nodes_of(snapshot, list_kind(wanted.source)) if found is None else (find_node(snapshot, node) for node in found)
    )
    passes = passes or compile_filter(snapshot, Article, wanted.filter)
    return [node.id for node in checked(nodes) if isinstance(node, Article) and passes(node)]
