"""`GraphStore`: what the API reads through. Every read takes a batch and answers in its order, at once or later."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Protocol, TypeAlias, TypeVar

from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.nodes import find_node
from graph.analysis.stories import stories
from graph.building.changes import Fingerprint, SnapshotChange, changes, fingerprint
from graph.building.snapshot import GraphSnapshot
from graph.errors import NotFoundError
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery, selected_nodes, starts
from graph.export.writing import export_chunks
from graph.lists.aggregates import ArticleAggregate, ArticleGroup, GroupQuery, aggregate, group_by
from graph.lists.filters import EVERYTHING, Filter
from graph.lists.list_sources import WHOLE_GRAPH, ArticleList, ByIds, ListSource, articles_in
from graph.lists.pages import (
    ListQuery,
    Lookup,
    Neighbors,
    Page,
    PageReader,
    PageRequest,
    find_nodes,
    find_problems,
    neighbors,
)
from graph.lists.timeline import TimeBucket, TimelineQuery, timeline
from graph.lists.trends import Trend, TrendQuery, trending
from graph.model import Article, EdgeKind, Node, NodeKind
from graph.problems import Problem, ProblemCode, Severity, quote
from graph.search import Highlight, highlights
from graph.traversal import NeighborhoodQuery, PathQuery, PathResult, Step, Subgraph, explain, neighborhood, paths
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork, provider_network

__all__ = [
    "WHOLE_GRAPH",
    "Answer",
    "GraphReader",
    "GraphStore",
    "Listener",
    "MemoryReader",
    "MemoryStore",
    "SnapshotInfo",
]

_KEPT_LISTS = 128
"""Lists of articles of which a reader keeps the ids, since one is often counted in several ways."""

T = TypeVar("T")
Answer: TypeAlias = T | Awaitable[T]
"""A store in this process answers at once; one that must wait hands out an awaitable."""
Listener: TypeAlias = Callable[[], None]
"""Is called when another snapshot has become current; must be quick, and must not fail."""


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotInfo:
    """What a snapshot says of itself."""

    version: str
    loaded_at: datetime
    edge_counts: Mapping[EdgeKind, int]
    problem_counts: Mapping[ProblemCode, int]
    """Of the codes that occur, sorted by name."""


class GraphReader(Protocol):
    """Reads one snapshot; everything one request asks is answered by the same reader.

    Callers give each id once: what stands twice in a batch is answered twice, at twice the cost.
    """

    @property
    def version(self) -> str:
        """Of the snapshot that is read."""

    def info(self) -> Answer[SnapshotInfo]:
        """What there is to read."""

    def node_counts(self) -> Answer[Mapping[NodeKind, int]]:
        """How many nodes there are of each kind."""

    def nodes(self, ids: Sequence[str]) -> Answer[list[Node | None]]:
        """The node with each id, None for an id that the graph does not hold."""

    def find(self, lookup: Lookup, names: Sequence[str]) -> Answer[list[Node | None]]:
        """The node that each name finds, or None.

        Raises:
            UrlError: a name that should be a URL is none.
        """

    def neighbors(self, which: Neighbors, ids: Sequence[str]) -> Answer[list[tuple[Node, ...]]]:
        """All the nodes beside each node."""

    def pages(self, source: ListSource, ids: Sequence[str], query: ListQuery) -> Answer[list[Page[Node]]]:
        """The same page of each node's list; a list that belongs to no node takes one id, `WHOLE_GRAPH`.

        Raises:
            InputError: the filter, the order or a cursor does not fit the list.
        """

    def article_problems(self, ids: Sequence[str]) -> Answer[list[tuple[Problem, ...]]]:
        """The problems of each article's own files; none for an id that is no article's."""

    def problems(self, severity: Severity | None, code: ProblemCode | None, page: PageRequest) -> Answer[Page[Problem]]:
        """A page of all problems with this severity and code.

        Raises:
            CursorError: a cursor does not fit the list.
        """

    def aggregates(self, lists: Sequence[ArticleList]) -> Answer[list[ArticleAggregate]]:
        """Counts and sums over each list, whole.

        Raises:
            InputError: a filter does not fit.
        """

    def groups(self, lists: Sequence[ArticleList], query: GroupQuery) -> Answer[list[tuple[ArticleGroup, ...]]]:
        """Each list, whole, in groups.

        Raises:
            InputError: a filter or the grouping does not fit.
        """

    def timelines(self, lists: Sequence[ArticleList], query: TimelineQuery) -> Answer[list[tuple[TimeBucket, ...]]]:
        """How many articles of each list, whole, were published when.

        Raises:
            InputError: a filter or the time does not fit.
        """

    def metrics(self, ids: Sequence[str]) -> Answer[list[NodeMetrics]]:
        """The metrics of each node, which must be one that was loaded."""

    def highlights(self, asked: Sequence[tuple[str, str]]) -> Answer[list[tuple[Highlight, ...]]]:
        """For each node's id and text that was searched for, where the node has it; nothing for an unknown id.

        Raises:
            SearchError: a text cannot be searched for.
        """

    def neighborhoods(self, ids: Sequence[str], query: NeighborhoodQuery) -> Answer[list[Subgraph]]:
        """What lies around each node.

        Raises:
            InputError: the graph does not hold a node, or the query does not fit.
        """

    def provider_networks(self, ids: Sequence[str], query: NetworkQuery) -> Answer[list[ProviderNetwork]]:
        """The providers around each provider.

        Raises:
            InputError: the query does not fit.
        """

    def paths(self, start: str, end: str, query: PathQuery) -> Answer[PathResult]:
        """The shortest ways from one node to another.

        Raises:
            InputError: the graph does not hold a node, or the query does not fit.
        """

    def explanations(self, steps: Sequence[Step]) -> Answer[list[str]]:
        """What each step of a path means, in words."""

    def trending(self, query: TrendQuery) -> Answer[tuple[Trend, ...]]:
        """The topics or providers that were written about, or wrote, more than before.

        Raises:
            InputError: the query does not fit.
        """

    def changes(self, since: str, condition: Filter = EVERYTHING) -> Answer[SnapshotChange | None]:
        """What changed since the version; None if this store no longer knows it.

        Of the articles that are in this snapshot only those that pass; all that are gone, which nothing can be asked of.

        Raises:
            InputError: the filter does not fit.
        """

    def export(self, wanted: ExportFormat, part: SelectionQuery) -> Iterator[bytes] | AsyncIterator[bytes]:
        """The graph, or a part of it, in a file format, in pieces; a plain iterator may block and is run in a thread.

        Raises:
            InputError: there is no such part. Raised before the first piece.
            ExportError: the format is not installed.
        """


class GraphStore(Protocol):
    """Hands out readers."""

    def reader(self) -> GraphReader:
        """A reader of the snapshot that is current now, and stays so for this reader."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Has the listener called whenever a snapshot of another version becomes current, until what is returned is called.

        Both are called, and the listener is, on the thread of the event loop.
        """


class MemoryReader:
    """Reads a snapshot in this process."""

    def __init__(self, snapshot: GraphSnapshot, earlier: Sequence[Fingerprint] = ()) -> None:
        self.snapshot = snapshot
        self.earlier = earlier
        """What is kept of the snapshots before, the latest first."""
        self._pages = PageReader(snapshot)
        self._articles_in = lru_cache(_KEPT_LISTS)(partial(articles_in, snapshot))
        self._changes: dict[str, SnapshotChange] = {}
        """By the version since when; many subscribers ask for the same."""

    @property
    def version(self) -> str:
        return self.snapshot.version

    def info(self) -> SnapshotInfo:
        codes = Counter(problem.code for problem in self.snapshot.problems)
        return SnapshotInfo(
            version=self.snapshot.version,
            loaded_at=self.snapshot.loaded_at,
            edge_counts={kind: self.snapshot.edge_counts[kind] for kind in EdgeKind},
            problem_counts=dict(sorted(codes.items(), key=lambda item: item[0].value)),
        )

    def node_counts(self) -> Mapping[NodeKind, int]:
        loaded = {kind: len(ids) for kind, ids in self.snapshot.ids.items()}
        return {**loaded, NodeKind.STORY: len(stories(self.snapshot).by_id)}

    def nodes(self, ids: Sequence[str]) -> list[Node | None]:
        return [find_node(self.snapshot, node_id) for node_id in ids]

    def find(self, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
        return find_nodes(self.snapshot, lookup, names)

    def neighbors(self, which: Neighbors, ids: Sequence[str]) -> list[tuple[Node, ...]]:
        return neighbors(self.snapshot, which, ids)

    def pages(self, source: ListSource, ids: Sequence[str], query: ListQuery) -> list[Page[Node]]:
        return self._pages.pages(source, ids, query)

    def article_problems(self, ids: Sequence[str]) -> list[tuple[Problem, ...]]:
        articles = (self.snapshot.nodes.get(node_id) for node_id in ids)
        return [self.snapshot.problems_of(article) if isinstance(article, Article) else () for article in articles]

    def problems(self, severity: Severity | None, code: ProblemCode | None, page: PageRequest) -> Page[Problem]:
        return find_problems(self.snapshot, severity, code, page)

    def aggregates(self, lists: Sequence[ArticleList]) -> list[ArticleAggregate]:
        return [aggregate(self.snapshot, self._articles_in(wanted)) for wanted in lists]

    def groups(self, lists: Sequence[ArticleList], query: GroupQuery) -> list[tuple[ArticleGroup, ...]]:
        return [group_by(self.snapshot, self._articles_in(wanted), query) for wanted in lists]

    def timelines(self, lists: Sequence[ArticleList], query: TimelineQuery) -> list[tuple[TimeBucket, ...]]:
        return [timeline(self._publications(wanted), query) for wanted in lists]

    def _publications(self, wanted: ArticleList) -> Iterator[datetime]:
        for article in map(self.snapshot.nodes.get, self._articles_in(wanted)):
            if isinstance(article, Article) and article.published_date_time:
                yield article.published_date_time

    def metrics(self, ids: Sequence[str]) -> list[NodeMetrics]:
        known = metrics(self.snapshot)
        return [known[node_id] for node_id in ids]

    def highlights(self, asked: Sequence[tuple[str, str]]) -> list[tuple[Highlight, ...]]:
        nodes = [(find_node(self.snapshot, node_id), text) for node_id, text in asked]
        return [highlights(node, text) if node else () for node, text in nodes]

    def neighborhoods(self, ids: Sequence[str], query: NeighborhoodQuery) -> list[Subgraph]:
        return [neighborhood(self.snapshot, starts(self.snapshot, node_id), query) for node_id in ids]

    def provider_networks(self, ids: Sequence[str], query: NetworkQuery) -> list[ProviderNetwork]:
        return [provider_network(self.snapshot, node_id, query) for node_id in ids]

    def paths(self, start: str, end: str, query: PathQuery) -> PathResult:
        for node_id in (start, end):
            if node_id not in self.snapshot.nodes:
                raise NotFoundError(f"No article, provider or topic has the id {quote(node_id)}.")
        return paths(self.snapshot, start, end, query)

    def explanations(self, steps: Sequence[Step]) -> list[str]:
        return [explain(self.snapshot, step) for step in steps]

    def trending(self, query: TrendQuery) -> tuple[Trend, ...]:
        return trending(self.snapshot, query)

    def changes(self, since: str, condition: Filter = EVERYTHING) -> SnapshotChange | None:
        change = self._changes_since(since)
        if change is None or condition == EVERYTHING:
            return change
        added, updated = (self._passing(ids, condition) for ids in (change.added, change.updated))
        return replace(change, added=added, updated=updated)

    def _changes_since(self, since: str) -> SnapshotChange | None:
        if since not in self._changes:
            now = fingerprint(self.snapshot)
            old = next((known for known in (now, *self.earlier) if known.version == since), None)
            if old is None:
                return None
            self._changes[since] = changes(old, now)
        return self._changes[since]

    def _passing(self, ids: tuple[str, ...], condition: Filter) -> tuple[str, ...]:
        return tuple(sorted(self._articles_in(ArticleList(ByIds(ids), filter=condition))))

    def export(self, wanted: ExportFormat, part: SelectionQuery) -> Iterator[bytes]:
        return export_chunks(self.snapshot, wanted, selected_nodes(self.snapshot, part))


class MemoryStore:
    """Keeps the current snapshot in memory; a reload swaps it whole."""

    _KEPT_VERSIONS = 32
    """Earlier snapshots of which fingerprints are kept, 27 bytes for an article in each."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self._reader = MemoryReader(snapshot)
        self._listeners: dict[object, Listener] = {}

    def reader(self) -> MemoryReader:
        return self._reader

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        token = object()
        self._listeners[token] = listener

        def unsubscribe() -> None:
            self._listeners.pop(token, None)

        return unsubscribe

    def swap(self, snapshot: GraphSnapshot) -> None:
        """Makes another snapshot current; readers that were handed out go on with theirs.

        Belongs on the thread of the event loop, where it takes the fingerprint of the snapshot before unless that was
        taken already. Nobody is told of a snapshot of the same version.
        """
        known = (fingerprint(self._reader.snapshot), *self._reader.earlier)
        earlier = [kept for kept in known if kept.version != snapshot.version]  # each version once
        is_other = snapshot.version != self._reader.version
        self._reader = MemoryReader(snapshot, earlier[: self._KEPT_VERSIONS])
        if is_other:
            for listener in tuple(self._listeners.values()):
                listener()
