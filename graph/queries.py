"""What a snapshot can answer, for a batch of nodes at a time: look-ups, neighbours, and pages of lists."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from graph.errors import CursorError, UrlError
from graph.filters import EVERYTHING, Filter, Predicate, compile_filter
from graph.links import canonical_url
from graph.model import NODE_TYPES, EdgeKind, LinkDirection, Node, NodeKind
from graph.ordering import (
    DEFAULT_ORDERS,
    Order,
    OrderKey,
    Position,
    SortKey,
    position_reader,
    sort_key,
)
from graph.problems import Problem, ProblemCode, Severity
from graph.relations import provider_counts, related, sources, targets, topic_counts
from graph.snapshot import GraphSnapshot

T = TypeVar("T")


class Lookup(Enum):
    """A kind of name that finds one node."""

    ARTICLE_BY_SLUG = "ARTICLE_BY_SLUG"
    ARTICLE_BY_URL = "ARTICLE_BY_URL"
    PROVIDER_BY_DOMAIN = "PROVIDER_BY_DOMAIN"
    TOPIC_BY_SLUG = "TOPIC_BY_SLUG"
    TOPIC_BY_NAME = "TOPIC_BY_NAME"


class Neighbours(Enum):
    """A short list of nodes beside a node, answered whole."""

    PROVIDER_OF_ARTICLE = "PROVIDER_OF_ARTICLE"
    TOPICS_OF_ARTICLE = "TOPICS_OF_ARTICLE"
    PARENT_OF_TOPIC = "PARENT_OF_TOPIC"
    CHILDREN_OF_TOPIC = "CHILDREN_OF_TOPIC"


class Listing(Enum):
    """A list that can be long, answered in pages."""

    ARTICLES = "ARTICLES"
    PROVIDERS = "PROVIDERS"
    TOPICS = "TOPICS"
    RELATED_OUT = "RELATED_OUT"
    RELATED_IN = "RELATED_IN"
    RELATED_ANY = "RELATED_ANY"
    ARTICLES_OF_PROVIDER = "ARTICLES_OF_PROVIDER"
    ARTICLES_OF_TOPIC = "ARTICLES_OF_TOPIC"
    TOPICS_OF_PROVIDER = "TOPICS_OF_PROVIDER"
    PROVIDERS_OF_TOPIC = "PROVIDERS_OF_TOPIC"


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """How two articles are related."""

    rank: int
    """Place in the list of the article that names the other, from 1; the asking article's own list if both do."""
    direction: LinkDirection


@dataclass(frozen=True, slots=True)
class WeightedLink:
    """How strongly a provider and a topic belong together."""

    article_count: int


Link: TypeAlias = RelatedLink | WeightedLink | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The part of a list that is wanted: after `after`, before `before`; of that the `first`; of that the `last`."""

    first: int | None = None
    last: int | None = None
    after: Position | None = None
    before: Position | None = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which nodes of a list, in which order, and which part of them."""

    page: PageRequest
    filter: Filter = EVERYTHING
    order: Order = ()
    """Empty for the list's own order."""


@dataclass(frozen=True, slots=True)
class PageEdge(Generic[T]):
    """One entry of a page."""

    node: T
    position: Position
    link: Link = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list."""

    edges: tuple[PageEdge[T], ...]
    total_count: int
    """Entries in the whole filtered list."""
    has_previous_page: bool
    has_next_page: bool


def find_nodes(snapshot: GraphSnapshot, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
    """The node that each name finds, or None.

    Raises:
        UrlError: a name that should be a URL is none.
    """
    return [snapshot.nodes[found] if (found := _find(snapshot, lookup, name)) else None for name in names]


def _find(snapshot: GraphSnapshot, lookup: Lookup, name: str) -> str | None:
    match lookup:
        case Lookup.ARTICLE_BY_SLUG:
            return snapshot.lookups.articles_by_slug.get(name)
        case Lookup.ARTICLE_BY_URL:
            url = canonical_url(name)
            if url is None:
                raise UrlError("The url is no http or https address; write the whole address, https:// included.")
            return snapshot.lookups.articles_by_url.get(url)
        case Lookup.PROVIDER_BY_DOMAIN:
            return snapshot.lookups.provider(name)
        case Lookup.TOPIC_BY_SLUG:
            return snapshot.lookups.topics_by_slug.get(name)
        case Lookup.TOPIC_BY_NAME:
            return snapshot.lookups.topic(name)


def neighbours(snapshot: GraphSnapshot, which: Neighbours, ids: Sequence[str]) -> list[tuple[Node, ...]]:
    """The nodes beside each node: topics in the article's order, children by name."""
    match which:
        case Neighbours.PROVIDER_OF_ARTICLE:
            found = [targets(snapshot, EdgeKind.PUBLISHED_BY, node_id) for node_id in ids]
        case Neighbours.TOPICS_OF_ARTICLE:
            found = [targets(snapshot, EdgeKind.ABOUT, node_id) for node_id in ids]
        case Neighbours.PARENT_OF_TOPIC:
            found = [targets(snapshot, EdgeKind.BROADER, node_id) for node_id in ids]
        case Neighbours.CHILDREN_OF_TOPIC:
            position = position_reader(snapshot, NodeKind.TOPIC, DEFAULT_ORDERS[NodeKind.TOPIC])
            found = [
                tuple(
                    sorted(
                        sources(snapshot, EdgeKind.BROADER, node_id),
                        key=lambda child: position(snapshot.nodes[child]).values,
                    )
                )
                for node_id in ids
            ]
    return [tuple(snapshot.nodes[node_id] for node_id in group) for group in found]


_LIST_KINDS = {
    Listing.PROVIDERS: NodeKind.PROVIDER,
    Listing.TOPICS: NodeKind.TOPIC,
    Listing.TOPICS_OF_PROVIDER: NodeKind.TOPIC,
    Listing.PROVIDERS_OF_TOPIC: NodeKind.PROVIDER,
}
_RANK_ORDER: Order = (OrderKey("link.group"), OrderKey("link.rank"))
_WEIGHT_ORDER: Order = (OrderKey("link.articleCount", is_descending=True),)
_OWN_ORDERS: dict[Listing, Order] = {
    Listing.RELATED_OUT: _RANK_ORDER,
    Listing.RELATED_IN: _RANK_ORDER,
    Listing.RELATED_ANY: _RANK_ORDER,
    Listing.TOPICS_OF_PROVIDER: _WEIGHT_ORDER,
    Listing.PROVIDERS_OF_TOPIC: _WEIGHT_ORDER,
}


def list_kind(listing: Listing) -> NodeKind:
    """The kind of the nodes in the list."""
    return _LIST_KINDS.get(listing, NodeKind.ARTICLE)


def list_order(listing: Listing, order: Order) -> Order:
    """The order that the list has if this one is asked for; an empty one stands for the list's own."""
    return order or _OWN_ORDERS.get(listing) or DEFAULT_ORDERS[list_kind(listing)]


class PageReader:
    """Answers pages of lists; keeps the sorted order of all nodes for the orders that were used last.

    For one thread: what is kept changes while it answers.
    """

    _KEPT_PLACES = 500_000
    """Places in all kept orders together, about 0.3 KB each; the order in use is kept in any case."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self._snapshot = snapshot
        self._kept: dict[tuple[NodeKind, Order], _Ranking] = {}

    def pages(self, listing: Listing, ids: Sequence[str], query: ListQuery) -> list[Page[Node]]:
        """The same page of the list of each node; lists of the whole graph take one id, which is ignored.

        Cost: for each id linear in its list, plus once for each order a sort of all nodes of the kind.

        Raises:
            InputError: the filter, the order or a cursor does not fit the list.
        """
        kind = list_kind(listing)
        predicate = compile_filter(self._snapshot, NODE_TYPES[kind], query.filter)
        order = list_order(listing, query.order)
        ranking = None if order == _OWN_ORDERS.get(listing) else self._rank(kind, order)
        return [self._page(listing, node_id, query, predicate, order, ranking) for node_id in ids]

    def _page(
        self,
        listing: Listing,
        node_id: str,
        query: ListQuery,
        predicate: Predicate,
        order: Order,
        ranking: "_Ranking | None",
    ) -> Page[Node]:
        nodes = self._snapshot.nodes
        links = _links(self._snapshot, listing, node_id)
        if links is None:
            assert ranking is not None  # a list of the whole graph has no order of its own
            entries = ranking.entries
        elif ranking is None:
            entries = sorted(_Entry(sort_key(order, at), at) for at in map(_link_position, links, links.values()))
        else:
            entries = sorted(ranking.by_id[found] for found in links)
        if query.filter != EVERYTHING:
            entries = [entry for entry in entries if predicate(nodes[entry.position.node_id])]
        part, has_previous, has_next = cut(entries, _Entry.sort_by, query.page, partial(sort_key, order))
        edges = tuple(
            PageEdge(nodes[entry.position.node_id], entry.position, links[entry.position.node_id] if links else None)
            for entry in part
        )
        return Page(edges, len(entries), has_previous, has_next)

    def _rank(self, kind: NodeKind, order: Order) -> "_Ranking":
        """All nodes of the kind in this order."""
        ranking = self._kept.pop((kind, order), None)
        if ranking is None:
            read = position_reader(self._snapshot, kind, order)
            positions = (read(self._snapshot.nodes[node_id]) for node_id in self._snapshot.ids[kind])
            entries = sorted(_Entry(sort_key(order, position), position) for position in positions)
            ranking = _Ranking(entries, {entry.position.node_id: entry for entry in entries})
        self._kept[kind, order] = ranking
        while len(self._kept) > 1 and sum(len(kept.entries) for kept in self._kept.values()) > self._KEPT_PLACES:
            del self._kept[next(iter(self._kept))]
        return ranking


class _Entry(NamedTuple):
    """A member of a list with what it is sorted by."""

    key: SortKey
    position: Position

    def sort_by(self) -> SortKey:
        return self.key


class _Ranking(NamedTuple):
    """All nodes of a kind in one order."""

    entries: list[_Entry]
    by_id: dict[str, _Entry]


def _links(snapshot: GraphSnapshot, listing: Listing, node_id: str) -> Mapping[str, Link] | None:
    """The members of a node's list, each with what links it to the node; None if the list is of the whole graph."""
    match listing:
        case Listing.ARTICLES | Listing.PROVIDERS | Listing.TOPICS:
            return None
        case Listing.RELATED_OUT | Listing.RELATED_IN | Listing.RELATED_ANY:
            return _related_links(snapshot, listing, node_id)
        case Listing.ARTICLES_OF_PROVIDER:
            return dict.fromkeys(sources(snapshot, EdgeKind.PUBLISHED_BY, node_id))
        case Listing.ARTICLES_OF_TOPIC:
            return dict.fromkeys(sources(snapshot, EdgeKind.ABOUT, node_id))
        case Listing.TOPICS_OF_PROVIDER:
            return {found: WeightedLink(count) for found, count in topic_counts(snapshot, node_id).items()}
        case Listing.PROVIDERS_OF_TOPIC:
            return {found: WeightedLink(count) for found, count in provider_counts(snapshot, node_id).items()}


def _related_links(snapshot: GraphSnapshot, listing: Listing, article_id: str) -> dict[str, Link]:
    links: dict[str, Link] = {}
    for rank, (found, direction) in enumerate(related(snapshot, article_id).items(), 1):
        if direction is LinkDirection.IN:
            if listing is not Listing.RELATED_OUT:
                rank = snapshot.digraph.edges[found, article_id]["position"]
                links[found] = RelatedLink(rank, direction)
        elif direction is LinkDirection.BOTH or listing is not Listing.RELATED_IN:
            links[found] = RelatedLink(rank, direction)
    return links


def _link_position(node_id: str, link: Link) -> Position:
    match link:
        case RelatedLink(rank, direction):
            return Position((int(direction is LinkDirection.IN), rank), node_id)
        case WeightedLink(article_count):
            return Position((article_count,), node_id)
        case None:
            return Position((), node_id)


def find_problems(
    snapshot: GraphSnapshot, severity: Severity | None, code: ProblemCode | None, page: PageRequest
) -> Page[Problem]:
    """A page of the problems with this severity and code, by file, line and field; equal ones have equal places."""
    entries = [
        _ProblemEntry(problem.sort_key(), problem)
        for problem in snapshot.problems
        if severity in (None, problem.severity) and code in (None, problem.code)
    ]
    part, has_previous, has_next = cut(entries, lambda entry: entry.key, page, _problem_key)
    edges = tuple(PageEdge(entry.problem, Position(entry.key, PROBLEM_POSITION)) for entry in part)
    return Page(edges, len(entries), has_previous, has_next)


PROBLEM_ORDER: Order = (OrderKey("file"), OrderKey("line"), OrderKey("path"), OrderKey("code"), OrderKey("message"))
PROBLEM_POSITION = "problem"
"""Stands for the id in positions among problems, which are no nodes."""


class _ProblemEntry(NamedTuple):
    key: tuple[str, int, str, str, str]
    problem: Problem


def _problem_key(position: Position) -> SortKey:
    if position.node_id != PROBLEM_POSITION or [type(value) for value in position.values] != [str, int, str, str, str]:
        raise CursorError("The cursor belongs to another list; start again without it.")
    return position.values


def cut(
    entries: Sequence[T],
    key_of: Callable[[T], SortKey],
    page: PageRequest,
    key_at: Callable[[Position], SortKey],
) -> tuple[Sequence[T], bool, bool]:
    """The part of sorted entries that the page asks for, and whether there are entries before and after it.

    A position need not be that of an entry: what it stood for may be gone. Algorithm: Relay cursor connections
    specification, section 4.4, EdgesToReturn.

    Raises:
        CursorError: a position cannot be compared with the entries.
    """
    try:
        start = bisect_right(entries, key_at(page.after), key=key_of) if page.after else 0
        end = bisect_left(entries, key_at(page.before), key=key_of) if page.before else len(entries)
    except TypeError as cause:
        raise CursorError("The cursor belongs to another list or order; start again without it.") from cause
    end = max(start, end)
    if page.first is not None:
        end = min(end, start + page.first)
    if page.last is not None:
        start = max(start, end - page.last)
    return entries[start:end], start > 0, end < len(entries)
