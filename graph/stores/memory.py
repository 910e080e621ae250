"""`MemoryStore`: a store that holds its snapshot in memory and answers directly."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial

from graph.analysis.hubs import hubs
from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.nodes import find_node
from graph.analysis.stories import stories
from graph.building.changes import Fingerprint, SnapshotChange, changes, fingerprint
from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.checkpoints import checked, checked_if_many
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery, selected_nodes, starts
from graph.export.writing import export_chunks
from graph.lists.aggregates import ArticleAggregate, ArticleGroup, GroupQuery, aggregate, group_by
from graph.lists.filters import EVERYTHING, Filter, Predicate
from graph.lists.list_sources import ArticleList, ByIds, ListSource, articles_in
from graph.lists.nearest import nearest_names
from graph.lists.pages import (
    ListQuery,
    Neighbors,
    Page,
    PageReader,
    PageRequest,
    find_nodes,
    find_problems,
    neighbor,
    neighbors,
)
from graph.lists.sizes import Sizes
from graph.lists.timeline import TimeBucket, TimelineQuery, timeline
from graph.lists.trends import Trend, TrendQuery, trending
from graph.model import Article, EdgeKind, Node, NodeKind, counted
from graph.problems import Problem, ProblemCode, Severity
from graph.search import Highlight, highlights
from graph.search.index import text_index
from graph.stores.protocol import Listener, SnapshotInfo
from graph.traversal import NeighborhoodQuery, PathQuery, PathResult, Step, Subgraph, explain, neighborhoods, paths
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork, provider_network

_KEPT_LISTS = 128
"""How many lists of articles a reader caches the ids of: the same list is often aggregated in several ways."""


class MemoryReader:
    """Reads a snapshot in this process."""

    def __init__(self, snapshot: GraphSnapshot, earlier: Sequence[Fingerprint] = ()) -> None:
        self.snapshot = snapshot
        self.earlier = earlier
        """Fingerprints of the snapshots before this one, the latest first."""
        self._pages = PageReader(snapshot)
        self._articles_in = lru_cache(_KEPT_LISTS)(partial(_articles_in, snapshot, self._pages.predicate))
        self._changes: dict[str, SnapshotChange] = {}
        """Memoized by the version since which: many subscribers ask for the same."""

    @property
    def version(self) -> str:
        return self.snapshot.version

    @property
    def sizes(self) -> Sizes:
        return Sizes(self.snapshot)

    def info(self) -> SnapshotInfo:
        codes = Counter(problem.code for problem in self.snapshot.problems)
        return SnapshotInfo(
            version=self.snapshot.version,
            loaded_at=self.snapshot.loaded_at,
            edge_counts=counted({kind: self.snapshot.edge_counts[kind] for kind in EdgeKind}),
            problem_counts=dict(sorted(codes.items(), key=lambda item: item[0].value)),
            inventory=self.snapshot.inventory,
        )

    def node_counts(self) -> Mapping[NodeKind, int]:
        loaded = {kind: len(ids) for kind, ids in self.snapshot.ids.items()}
        return counted({**loaded, NodeKind.STORY: len(stories(self.snapshot).by_id)})

    def hubs(self) -> tuple[str, ...]:
        return tuple(sorted(hubs(self.snapshot)))

    def nodes(self, ids: Sequence[str]) -> list[Node | None]:
        return [find_node(self.snapshot, node_id) for node_id in checked_if_many(ids)]

    def find(self, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
        return find_nodes(self.snapshot, lookup, names)

    def nearest(self, lookup: Lookup, names: Sequence[str]) -> list[tuple[str, ...]]:
        return nearest_names(self.snapshot, lookup, names)

    def neighbors(self, which: Neighbors, ids: Sequence[str]) -> list[tuple[Node, ...]]:
        return neighbors(self.snapshot, which, ids)

    def neighbor(self, which: Neighbors, ids: Sequence[str]) -> list[Node | None]:
        return neighbor(self.snapshot, which, ids)

    def pages(self, source: ListSource, ids: Sequence[str], query: ListQuery) -> list[Page[Node]]:
        return self._pages.pages(source, ids, query)

    def first_nodes(self, source: ListSource, ids: Sequence[str], count: int) -> Sequence[Sequence[Node]]:
        return self._pages.first_nodes(source, ids, count)

    def article_problems(self, ids: Sequence[str]) -> list[tuple[Problem, ...]]:
        articles = (self.snapshot.nodes.get(node_id) for node_id in checked_if_many(ids))
        return [self.snapshot.problems_of(article) if isinstance(article, Article) else () for article in articles]

    def problems(self, severity: Severity | None, code: ProblemCode | None, page: PageRequest) -> Page[Problem]:
        return find_problems(self.snapshot, severity, code, page)

    def aggregates(self, lists: Sequence[ArticleList]) -> list[ArticleAggregate]:
        return [aggregate(self.snapshot, self._articles_in(wanted)) for wanted in checked(lists)]

    def groups(self, lists: Sequence[ArticleList], query: GroupQuery) -> list[tuple[ArticleGroup, ...]]:
        return [group_by(self.snapshot, self._articles_in(wanted), query) for wanted in checked(lists)]

    def timelines(self, lists: Sequence[ArticleList], query: TimelineQuery) -> list[tuple[TimeBucket, ...]]:
        return [timeline(self._publications(wanted), query) for wanted in checked(lists)]

    def _publications(self, wanted: ArticleList) -> Iterator[datetime]:
        for article in map(self.snapshot.nodes.get, checked(self._articles_in(wanted))):
            if isinstance(article, Article) and article.published_date_time:
                yield article.published_date_time

    def metrics(self, ids: Sequence[str]) -> list[NodeMetrics]:
        known = metrics(self.snapshot)
        return [known[node_id] for node_id in checked_if_many(ids)]

    def highlights(self, asked: Sequence[tuple[str, str]]) -> list[tuple[Highlight, ...]]:
        nodes = [(find_node(self.snapshot, node_id), text) for node_id, text in asked]
        compounds = text_index(self.snapshot).compounds
        return [highlights(node, text, compounds) if node else () for node, text in checked(nodes)]

    def neighborhoods(self, ids: Sequence[str], query: NeighborhoodQuery) -> list[Subgraph]:
        return neighborhoods(self.snapshot, [starts(self.snapshot, node_id) for node_id in ids], query)

    def provider_networks(self, ids: Sequence[str], query: NetworkQuery) -> list[ProviderNetwork]:
        return [provider_network(self.snapshot, node_id, query) for node_id in checked(ids)]

    def paths(self, start: str, end: str, query: PathQuery) -> PathResult:
        return paths(self.snapshot, start, end, query)

    def explanations(self, steps: Sequence[Step]) -> list[str]:
        return [explain(self.snapshot, step) for step in checked_if_many(steps)]

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

    def export(self, wanted: ExportFormat, part: SelectionQuery, options: ExportOptions) -> Iterator[bytes]:
        return export_chunks(self.snapshot, wanted, selected_nodes(self.snapshot, part), options)


def _articles_in(
    snapshot: GraphSnapshot, predicate: Callable[[type, Filter], Predicate], wanted: ArticleList
) -> list[str]:
    # No method: the reader, which keeps what this answers, shall go as soon as nobody refers to it.
    return articles_in(snapshot, wanted, predicate(Article, wanted.filter))


class MemoryStore:
    """Holds the current snapshot; a reload swaps it whole."""

    _KEPT_VERSIONS = 32
    """How many fingerprints of earlier snapshots are kept; each takes 27 bytes for an article."""

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
        """Makes another snapshot current; readers handed out before keep theirs.

        To be called on the thread of the event loop. Computes the fingerprint of the old snapshot, if warming has not
        done so. Listeners are not called for a snapshot of the same version.
        """
        known = (fingerprint(self._reader.snapshot), *self._reader.earlier)
        earlier = [kept for kept in known if kept.version != snapshot.version]  # each version once
        is_other = snapshot.version != self._reader.version
        self._reader = MemoryReader(snapshot, earlier[: self._KEPT_VERSIONS])
        if is_other:
            for listener in tuple(self._listeners.values()):
                listener()
