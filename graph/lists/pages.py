"""Batched reads of a snapshot: look-ups, neighbors, and pages of lists."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Sized
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache, partial
from threading import Lock
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

from cachetools import LRUCache

from graph.analysis.edges import sources, targets_of_all
from graph.analysis.nodes import find_node
from graph.analysis.related_links import first_ids
from graph.analysis.stories import find_story, story_of
from graph.building.derived import once_per_snapshot
from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked, checked_if_many, checkpoint
from graph.errors import CursorError
from graph.lists.filters import EVERYTHING, Filter, Predicate, compile_filter
from graph.lists.list_sources import (
    LISTS_OF_SOURCES,
    Link,
    ListSource,
    NamedList,
    comes_sorted,
    entries,
    ids_in_order,
    is_ranked_whole,
    link_position,
    list_kind,
    list_order,
    own_order,
    stays_short,
)
from graph.lists.marks import check_mark, marks
from graph.lists.ordering import (
    DEFAULT_ORDERS,
    OTHER_LIST,
    Order,
    OrderKey,
    Position,
    SortKey,
    position_reader,
    sort_key,
)
from graph.lists.rankings import Ranking, rank, usual_ranking
from graph.model import NODE_TYPES, Article, EdgeKind, LinkDirection, Node, NodeKind, Topic
from graph.problems import Problem, ProblemCode, Severity

T = TypeVar("T")
KeyT = TypeVar("KeyT", int, SortKey)
SizedT = TypeVar("SizedT", bound=Sized)

_RELATED: Mapping[ListSource, LinkDirection] = MappingProxyType(
    {NamedList.RELATED_ANY: LinkDirection.BOTH, NamedList.RELATED_OUT: LinkDirection.OUT}
)
"""The lists that begin with the articles that one names, by rank."""
LEAST = 1_000
"""The least that a cached list or ranking weighs, in entries: its key takes room too."""


class Neighbors(Enum):
    """Neighbors of a node that are few, and answered without pages."""

    __hash__ = object.__hash__  # a member is one object; the hash of `Enum` takes longer than most look-ups by it

    PROVIDER_OF_ARTICLE = "PROVIDER_OF_ARTICLE"
    TOPICS_OF_ARTICLE = "TOPICS_OF_ARTICLE"
    SERIES_OF_ARTICLE = "SERIES_OF_ARTICLE"
    WHOLES_OF_ARTICLE = "WHOLES_OF_ARTICLE"
    NEXT_OF_ARTICLE = "NEXT_OF_ARTICLE"
    PREVIOUS_OF_ARTICLE = "PREVIOUS_OF_ARTICLE"
    TRANSLATIONS_OF_ARTICLE = "TRANSLATIONS_OF_ARTICLE"
    LINKED_BY_ARTICLE = "LINKED_BY_ARTICLE"
    AUTHORS_OF_ARTICLE = "AUTHORS_OF_ARTICLE"
    PARENT_OF_TOPIC = "PARENT_OF_TOPIC"
    CHILDREN_OF_TOPIC = "CHILDREN_OF_TOPIC"
    STORY_OF_ARTICLE = "STORY_OF_ARTICLE"
    LEAD_OF_STORY = "LEAD_OF_STORY"
    FIRST_PROVIDER_OF_STORY = "FIRST_PROVIDER_OF_STORY"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A page: of the entries after `after` and before `before`, the `first`; of those, the `last`."""

    first: int | None = None
    last: int | None = None
    after: Position | None = None
    before: Position | None = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    """The filter, order and page of a list."""

    page: PageRequest
    filter: Filter = EVERYTHING
    order: Order = ()
    """Empty for the list's own order."""


@dataclass(frozen=True, slots=True)
class PageEdge(Generic[T]):
    """One entry of a page."""

    node: T
    link: Link
    _locate: Callable[[T], Position] = field(repr=False, compare=False)

    @property
    def position(self) -> Position:
        """What a cursor holds: the keyset position, or in an order that is not lasting the mark, at the cost of `marks`."""
        return self._locate(self.node)


class Page(Generic[T]):
    """One page of a list. Of what is around it, nothing is found out before it is asked for."""

    __slots__ = ("_list", "_place", "edge_of", "nodes")

    def __init__(
        self, nodes: tuple[T, ...], edge_of: Callable[[T], PageEdge[T]], whole: Sized, place: tuple[int, int]
    ) -> None:
        """`whole`: the filtered list; `place`: where in it the page begins, and where it has ended."""
        self.nodes = nodes
        self.edge_of = edge_of
        """Makes the entry of one of the nodes. Many queries select `nodes` alone, so it is called late, if at all, and must
        neither fail nor block then."""
        self._list = whole
        self._place = place

    @property
    def edges(self) -> tuple[PageEdge[T], ...]:
        """The nodes with their positions and link data."""
        return tuple(map(self.edge_of, self.nodes))

    @property
    def total_count(self) -> int:
        """Entries in the whole filtered list."""
        return len(self._list)

    @property
    def has_previous_page(self) -> bool:
        return self._place[0] > 0

    @property
    def has_next_page(self) -> bool:
        return self._place[1] < len(self._list)


def find_nodes(snapshot: GraphSnapshot, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
    """The node that each name identifies, or None.

    Raises:
        UrlError: a name that should be a URL is not one.
    """
    find = snapshot.lookups.find
    return [snapshot.nodes[found] if (found := find(lookup, name)) else None for name in names]


_EDGES_TO_NEIGHBORS: Mapping[Neighbors, EdgeKind] = MappingProxyType(
    {
        Neighbors.PROVIDER_OF_ARTICLE: EdgeKind.PUBLISHED_BY,
        Neighbors.TOPICS_OF_ARTICLE: EdgeKind.ABOUT,
        Neighbors.LINKED_BY_ARTICLE: EdgeKind.LINKS_TO,
        Neighbors.AUTHORS_OF_ARTICLE: EdgeKind.WRITTEN_BY,
        Neighbors.PARENT_OF_TOPIC: EdgeKind.BROADER,
    }
)
"""Those that are the targets of a node's edges of one kind."""


def neighbors(snapshot: GraphSnapshot, which: Neighbors, ids: Sequence[str]) -> list[tuple[Node, ...]]:
    """The neighbors of each node: topics, authors and linked articles in the article's order, children by name."""
    node_of = snapshot.nodes.__getitem__
    kind = _EDGES_TO_NEIGHBORS.get(which)
    if kind is not None:
        return [tuple(map(node_of, group)) for group in targets_of_all(snapshot, kind, ids)]
    match which:
        case Neighbors.SERIES_OF_ARTICLE:
            return [_wholes(snapshot, node_id, Topic) for node_id in ids]
        case Neighbors.WHOLES_OF_ARTICLE:
            return [_wholes(snapshot, node_id, Article) for node_id in ids]
        case Neighbors.TRANSLATIONS_OF_ARTICLE:
            return [_translations(snapshot, node_id) for node_id in ids]
        case Neighbors.CHILDREN_OF_TOPIC:
            position = position_reader(snapshot, NodeKind.TOPIC, DEFAULT_ORDERS[NodeKind.TOPIC])
            return [
                tuple(
                    sorted(
                        map(node_of, sources(snapshot, EdgeKind.BROADER, node_id)),
                        key=lambda child: position(child).values,
                    )
                )
                for node_id in ids
            ]
    return [() if node is None else (node,) for node in neighbor(snapshot, which, ids)]


def neighbor(snapshot: GraphSnapshot, which: Neighbors, ids: Sequence[str]) -> list[Node | None]:
    """The first of each node's neighbors, None without one."""
    nodes = snapshot.nodes
    kind = _EDGES_TO_NEIGHBORS.get(which)
    if kind is not None:
        return [nodes[found[0]] if found else None for found in targets_of_all(snapshot, kind, ids)]
    match which:
        case Neighbors.NEXT_OF_ARTICLE:
            places: Iterable[str | None] = map(snapshot.next.get, ids)
        case Neighbors.PREVIOUS_OF_ARTICLE:
            places = map(snapshot.previous.get, ids)
        case Neighbors.STORY_OF_ARTICLE:
            return [story_of(snapshot, node_id) for node_id in ids]
        case Neighbors.LEAD_OF_STORY:
            stories = (find_story(snapshot, node_id) for node_id in ids)
            places = (story.articles[0] if story else None for story in stories)
        case Neighbors.FIRST_PROVIDER_OF_STORY:
            stories = (find_story(snapshot, node_id) for node_id in ids)
            places = (story.first_provider if story else None for story in stories)
        case _:
            return [next(iter(found), None) for found in neighbors(snapshot, which, ids)]
    return [nodes[place] if place else None for place in places]


def _wholes(snapshot: GraphSnapshot, node_id: str, kind: type[Node]) -> tuple[Node, ...]:
    """What the article is part of."""
    found = (snapshot.nodes[whole] for whole in snapshot.targets[EdgeKind.PART_OF].get(node_id, ()))
    return tuple(node for node in found if isinstance(node, kind))


def _translations(snapshot: GraphSnapshot, node_id: str) -> tuple[Node, ...]:
    """The original and all its translations but the article itself, by language."""
    original = next(iter(snapshot.targets[EdgeKind.TRANSLATION_OF].get(node_id, ())), node_id)
    ids = (original, *snapshot.sources[EdgeKind.TRANSLATION_OF].get(original, ()))
    found = [node for other in ids if other != node_id and isinstance(node := snapshot.nodes[other], Article)]
    return tuple(sorted(found, key=lambda article: (article.language or "", article.id)))


class PageReader:
    """Answers pages of lists, and caches the rankings and long lists that were used last. Thread-safe."""

    _KEPT_PLACES = 1_000_000
    """Nodes in all cached rankings together, about 0.4 KB each; rankings in default orders belong to the snapshot."""
    _KEPT_ENTRIES = 200_000
    """Entries in all cached lists together, about 0.25 KB each."""
    _KEPT_PREDICATES = 2
    """Each may know something of every node for each of its conditions about other nodes."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self._snapshot = snapshot
        self._rankings: LRUCache[Hashable, Ranking] = _cache(self._KEPT_PLACES)
        self._lists: LRUCache[Hashable, _List] = _cache(self._KEPT_ENTRIES)
        self._lock = Lock()
        self.predicate: Callable[[type, Filter], Predicate] = lru_cache(self._KEPT_PREDICATES)(
            partial(compile_filter, snapshot)
        )
        """Compiled filters by record type and condition: what one found out about nodes serves all lists that it filters."""

    def pages(self, source: ListSource, ids: Sequence[str], query: ListQuery) -> list[Page[Node]]:
        """The same page of each node's list; a list that belongs to no node takes one id, which is ignored.

        Cost: linear in the page for an unfiltered list of all nodes of a kind, or of the articles of a provider or a
        topic. Other lists are sorted or filtered whole, and cached for the next page. The first use of an order sorts
        all nodes of the kind, unless it is the default order.

        Raises:
            InputError: the filter, the order or a cursor does not fit the list.
        """
        kind = list_kind(source)
        order = list_order(source, query.order)
        is_whole = query.filter == EVERYTHING
        predicate = None if is_whole else _of_kind(kind, self.predicate(NODE_TYPES[kind], query.filter))
        ranking = None if order == own_order(source) else self._ranking(kind, order)
        key_at = partial(sort_key, order)

        def list_of(node_id: str) -> _List:
            checkpoint()
            whole = self._sorted(source, node_id, order) if ranking is None else self._ranked(source, node_id, ranking)
            if predicate is None:
                return whole
            return replace(
                whole, ids=[found for found in checked(whole.ids) if predicate(find_node(self._snapshot, found))]
            )

        def kept_list_of(node_id: str) -> _List:
            return self._once(self._lists, (source, node_id, order, query.filter), partial(list_of, node_id))

        # These are cheaper to read again than to cache.
        is_at_hand = stays_short(source) or (is_ranked_whole(source) and is_whole)
        find = list_of if is_at_hand else kept_list_of
        return [self._page(find(node_id), query.page, key_at) for node_id in checked_if_many(ids)]

    def first_nodes(self, source: ListSource, ids: Sequence[str], count: int) -> Sequence[Sequence[Node]]:
        """The nodes that the first page of each node's list has, in the list's own order and unfiltered.

        Cost: linear in these nodes, for the lists that most pages are of; else that of `pages`.

        Raises:
            InputError: as `pages`.
        """
        parts = self._first_ids(source, ids, count)
        if parts is None:
            return [page.nodes for page in self.pages(source, ids, ListQuery(PageRequest(first=count)))]
        node_of = self._snapshot.nodes.__getitem__
        return [tuple(map(node_of, part)) for part in parts]

    def _first_ids(self, source: ListSource, ids: Sequence[str], count: int) -> Sequence[Sequence[str]] | None:
        """The ids of the same nodes, if they stand somewhere in this order."""
        direction = _RELATED.get(source)
        if direction is not None:
            return first_ids(self._snapshot, checked_if_many(ids), count, direction)
        kind = LISTS_OF_SOURCES.get(source)
        if kind is not None:
            sources_of = usual_ranking(self._snapshot, list_kind(source)).sources(self._snapshot, kind)
            return [sources_of.get(node_id, ())[:count] for node_id in checked_if_many(ids)]
        return None

    def _page(self, entries: "_List", page: PageRequest, key_at: Callable[[Position], SortKey]) -> Page[Node]:
        links, position, whole = entries.links, entries.position, entries.whole
        if whole is not None and (page.after or page.before):
            after = _position_now("after", page.after, whole, position)
            before = _position_now("before", page.before, whole, position)
            page = replace(page, after=after, before=before)
        part, place = self._cut(entries, page, key_at)
        nodes: tuple[Node, ...] = tuple(filter(None, map(self._snapshot.nodes.get, part)))
        if len(nodes) < len(part):  # stories are no nodes of the snapshot
            nodes = tuple([node for found in part if (node := find_node(self._snapshot, found))])
        locate: Callable[[Node], Position] = _Locator(entries, part)

        def edge_of(node: Node) -> PageEdge[Node]:
            return PageEdge(node, links[node.id] if links else None, locate)

        return Page(nodes, edge_of, entries.ids, place)

    def _cut(
        self, entries: "_List", page: PageRequest, key_at: Callable[[Position], SortKey]
    ) -> tuple[Sequence[str], tuple[int, int]]:
        ranking, position = entries.ranking, entries.position
        if ranking is not None and ranking.has(page.after) and ranking.has(page.before):
            places = ranking.places  # which are compared faster than what they follow from
            return cut(entries.ids, places.__getitem__, page, lambda mark: places[mark.node_id])
        return cut(entries.ids, lambda found: key_at(position(found)), page, key_at)

    def _ranked(self, source: ListSource, node_id: str, ranking: Ranking) -> "_List":
        """The list in the order of a ranking."""
        position = ranking.positions.__getitem__
        kind = LISTS_OF_SOURCES.get(source)
        if kind is not None:
            ids: Sequence[str] = ranking.sources(self._snapshot, kind).get(node_id, ())
            return _List(ids, position, None, None if ranking.is_lasting else ids, ranking)
        links = entries(self._snapshot, source, node_id)
        ids = ranking.ids if links is None else ranking.sorted(links)
        return _List(ids, position, links, None if ranking.is_lasting else ids, ranking)

    def _sorted(self, source: ListSource, node_id: str, order: Order) -> "_List":
        """The list in its own order."""
        links = entries(self._snapshot, source, node_id)
        assert links is not None  # a list of the whole graph has no order of its own

        def position(found: str) -> Position:
            return link_position(found, links[found])

        if comes_sorted(source):
            ids = ids_in_order(links)
        else:
            ids = sorted(links, key=lambda found: sort_key(order, position(found)))
        return _List(ids, position, links, ids, None)

    def _ranking(self, kind: NodeKind, order: Order) -> Ranking:
        if order == DEFAULT_ORDERS[kind]:
            return usual_ranking(self._snapshot, kind)
        return self._once(self._rankings, (kind, order), lambda: rank(self._snapshot, kind, order))

    def _once(self, cache: LRUCache[Hashable, SizedT], key: Hashable, compute: Callable[[], SizedT]) -> SizedT:
        """The cached value of the key. The lock is not held while computing: two threads may compute the same value."""
        with self._lock:
            if key in cache:
                return cache[key]
        value = compute()
        with self._lock:
            cache[key] = value
        return value


def _cache(budget: int) -> "LRUCache[Hashable, SizedT]":
    """A cache that holds values of this length together; a longer value takes all of it, and evicts the others."""
    return LRUCache(budget, lambda value: min(max(len(value), LEAST), budget))


@dataclass(slots=True)
class _List:
    """A list's entries in order."""

    ids: Sequence[str]
    position: Callable[[str], Position]
    links: Mapping[str, Link] | None
    whole: Sequence[str] | None
    """In an order that is not lasting, the entries before they were filtered: a mark holds whatever the filter is."""
    ranking: Ranking | None
    """That the entries are in the order of, if it is one of all nodes."""

    def __len__(self) -> int:
        return len(self.ids)


class _Locator:
    """Finds the positions of some entries of a list, as cursors hold them; marks of all at once, when the first is asked for."""

    __slots__ = ("_list", "_marks", "_part")

    def __init__(self, entries: _List, part: Sequence[str]) -> None:
        self._list = entries
        self._part = part
        self._marks: Mapping[str, Position] | None = None

    def __call__(self, node: Node) -> Position:
        if self._list.whole is None:
            return self._list.position(node.id)
        if self._marks is None:
            self._marks = marks(self._list.whole, self._part)
        return self._marks[node.id]


def _position_now(
    name: str, mark: Position | None, whole: Sequence[str], position: Callable[[str], Position]
) -> Position | None:
    if mark is None:
        return None
    check_mark(name, mark, whole)
    return position(mark.node_id)


def _of_kind(kind: NodeKind, predicate: Predicate) -> Predicate:
    """Lets nodes of other kinds pass untested: a search finds them too, and its filter is one of articles."""
    return lambda node: not isinstance(node, NODE_TYPES[kind]) or predicate(node)


def find_problems(
    snapshot: GraphSnapshot, severity: Severity | None, code: ProblemCode | None, page: PageRequest
) -> Page[Problem]:
    """A page of the problems with this severity and code (None for any), by file, line and field."""
    entries = _problem_entries(snapshot, severity, code)
    part, place = cut(entries, lambda entry: entry.key, page, _problem_key)
    return Page(tuple(entry.problem for entry in part), _problem_edge, entries, place)


PROBLEM_ORDER: Order = (OrderKey("file"), OrderKey("line"), OrderKey("path"), OrderKey("code"), OrderKey("message"))
PROBLEM_POSITION = "problem"
"""Stands for the node's id in positions of problems, which are not nodes."""


class _ProblemEntry(NamedTuple):
    key: tuple[str, int, str, str, str]
    problem: Problem


@once_per_snapshot
def _problem_entries(
    snapshot: GraphSnapshot, severity: Severity | None, code: ProblemCode | None
) -> Sequence[_ProblemEntry]:
    return [
        _ProblemEntry(problem.sort_key(), problem)
        for problem in snapshot.problems
        if severity in (None, problem.severity) and code in (None, problem.code)
    ]


def _problem_edge(problem: Problem) -> PageEdge[Problem]:
    return PageEdge(problem, None, lambda problem: Position(problem.sort_key(), PROBLEM_POSITION))


def _problem_key(position: Position) -> SortKey:
    if position.node_id != PROBLEM_POSITION or [type(value) for value in position.values] != [str, int, str, str, str]:
        raise CursorError(OTHER_LIST)
    return position.values


def cut(
    entries: Sequence[T],
    key_of: Callable[[T], KeyT],
    page: PageRequest,
    key_at: Callable[[Position], KeyT],
) -> tuple[Sequence[T], tuple[int, int]]:
    """The slice of sorted entries that the page asks for, and where it begins and has ended.

    The entry that a position was made for may be gone; the position still divides the list. Algorithm: Relay cursor
    connections specification, section 4.4, EdgesToReturn. The list is not counted for its first entries.

    Raises:
        CursorError: a position cannot be compared with the entries.
    """
    if page.first is not None and page.last is None and not page.before and not page.after:
        part = entries[: page.first]
        return part, (0, len(part))
    try:
        start = bisect_right(entries, key_at(page.after), key=key_of) if page.after else 0
        end = bisect_left(entries, key_at(page.before), key=key_of) if page.before else len(entries)
    except TypeError as cause:
        raise CursorError(OTHER_LIST) from cause
    end = max(start, end)
    if page.first is not None:
        end = min(end, start + page.first)
    if page.last is not None:
        start = max(start, end - page.last)
    return entries[start:end], (start, end)
