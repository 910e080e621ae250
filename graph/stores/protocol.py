"""`GraphStore`: what the API reads from. Every read takes a batch and answers in its order, directly or awaitably."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from graph.analysis.metrics import NodeMetrics
from graph.building.changes import SnapshotChange
from graph.building.inventory import Inventory
from graph.building.lookups import Lookup
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery
from graph.lists.aggregates import ArticleAggregate, ArticleGroup, GroupQuery
from graph.lists.filters import EVERYTHING, Filter
from graph.lists.list_sources import ArticleList, ListSource
from graph.lists.pages import (
    ListQuery,
    Neighbors,
    Page,
    PageRequest,
)
from graph.lists.sizes import Sizes
from graph.lists.timeline import TimeBucket, TimelineQuery
from graph.lists.trends import Trend, TrendQuery
from graph.model import EdgeKind, Node, NodeKind
from graph.problems import Problem, ProblemCode, Severity
from graph.search import Highlight
from graph.traversal import NeighborhoodQuery, PathQuery, PathResult, Step, Subgraph
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork

T = TypeVar("T")
Answer: TypeAlias = T | Awaitable[T]
"""A store in this process answers directly; one that has to wait returns an awaitable."""
Listener: TypeAlias = Callable[[], None]
"""Called when another snapshot has become current; must be quick and must not raise."""


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotInfo:
    """Facts about a snapshot as a whole."""

    version: str
    loaded_at: datetime
    edge_counts: Mapping[EdgeKind, int]
    problem_counts: Mapping[ProblemCode, int]
    """For the codes that occur, sorted by name."""
    inventory: Inventory


class GraphReader(Protocol):
    """Reads one snapshot; a request reads everything from the same reader.

    Callers pass each id once: duplicates in a batch are answered twice, at twice the cost.
    """

    @property
    def version(self) -> str:
        """The version of the snapshot."""

    @property
    def sizes(self) -> Sizes:
        """How large its lists and texts are."""

    def info(self) -> Answer[SnapshotInfo]:
        """Facts about the snapshot as a whole."""

    def node_counts(self) -> Answer[Mapping[NodeKind, int]]:
        """How many nodes there are of each kind."""

    def hubs(self) -> Answer[tuple[str, ...]]:
        """The ids of the hubs, sorted."""

    def nodes(self, ids: Sequence[str]) -> Answer[list[Node | None]]:
        """The node with each id, None for an id that the graph does not hold."""

    def find(self, lookup: Lookup, names: Sequence[str]) -> Answer[list[Node | None]]:
        """The node that each name identifies, or None.

        Raises:
            UrlError: a name that should be a URL is not one.
        """

    def nearest(self, lookup: Lookup, names: Sequence[str]) -> Answer[list[tuple[str, ...]]]:
        """A few names that are nearly each of these, and identify a node."""

    def neighbors(self, which: Neighbors, ids: Sequence[str]) -> Answer[list[tuple[Node, ...]]]:
        """All neighbors of each node."""

    def neighbor(self, which: Neighbors, ids: Sequence[str]) -> Answer[list[Node | None]]:
        """The first neighbor of each node, None without one; for those of which a node has one at most."""

    def pages(self, source: ListSource, ids: Sequence[str], query: ListQuery) -> Answer[list[Page[Node]]]:
        """The same page of each node's list; a list that belongs to no node takes one id, `WHOLE_GRAPH`.

        Raises:
            InputError: the filter, the order or a cursor does not fit the list.
        """

    def first_nodes(self, source: ListSource, ids: Sequence[str], count: int) -> Answer[Sequence[Sequence[Node]]]:
        """The nodes of the first page of each node's list, in the list's own order and unfiltered, and nothing else of it.

        Raises:
            InputError: the text of a search cannot be searched for.
        """

    def article_problems(self, ids: Sequence[str]) -> Answer[list[tuple[Problem, ...]]]:
        """The problems of each article's own files; none for an id that is not an article's."""

    def problems(self, severity: Severity | None, code: ProblemCode | None, page: PageRequest) -> Answer[Page[Problem]]:
        """A page of all problems with this severity and code, None for any.

        Raises:
            CursorError: a cursor does not fit the list.
        """

    def aggregates(self, lists: Sequence[ArticleList]) -> Answer[list[ArticleAggregate]]:
        """Aggregates over each whole list.

        Raises:
            InputError: a filter does not fit.
        """

    def groups(self, lists: Sequence[ArticleList], query: GroupQuery) -> Answer[list[tuple[ArticleGroup, ...]]]:
        """Groups of each whole list.

        Raises:
            InputError: a filter or the grouping does not fit.
        """

    def timelines(self, lists: Sequence[ArticleList], query: TimelineQuery) -> Answer[list[tuple[TimeBucket, ...]]]:
        """The timeline of publications of each whole list.

        Raises:
            InputError: a filter or the time does not fit.
        """

    def metrics(self, ids: Sequence[str]) -> Answer[list[NodeMetrics]]:
        """The metrics of each node, which must be one that is loaded: no story."""

    def highlights(self, asked: Sequence[tuple[str, str]]) -> Answer[list[tuple[Highlight, ...]]]:
        """For each pair of node id and search text, where the node matches it; empty for an unknown id.

        Raises:
            SearchError: a text cannot be searched for.
        """

    def neighborhoods(self, ids: Sequence[str], query: NeighborhoodQuery) -> Answer[list[Subgraph]]:
        """The neighborhood of each node; a story stands for its articles.

        Raises:
            InputError: the graph does not hold a node, or the query does not fit.
        """

    def provider_networks(self, ids: Sequence[str], query: NetworkQuery) -> Answer[list[ProviderNetwork]]:
        """The providers around each provider.

        Raises:
            InputError: the query does not fit.
        """

    def paths(self, start: str, end: str, query: PathQuery) -> Answer[PathResult]:
        """The shortest paths from one node to another.

        Raises:
            InputError: the graph does not hold a node, or the query does not fit.
        """

    def explanations(self, steps: Sequence[Step]) -> Answer[list[str]]:
        """A sentence for each step of a path."""

    def trending(self, query: TrendQuery) -> Answer[tuple[Trend, ...]]:
        """The topics that are written about, or the providers that write, more than before.

        Raises:
            InputError: the query does not fit.
        """

    def changes(self, since: str, condition: Filter = EVERYTHING) -> Answer[SnapshotChange | None]:
        """What changed since that version; None if this store no longer knows it.

        Added and updated articles only if they pass the filter; removed ones all, since they cannot be tested any more.

        Raises:
            InputError: the filter does not fit.
        """

    def export(
        self, wanted: ExportFormat, part: SelectionQuery, options: ExportOptions
    ) -> Iterator[bytes] | AsyncIterator[bytes]:
        """The graph, or a selection of it, as a file in chunks. A plain iterator may block: callers run it in a thread.

        Raises:
            InputError: there is no such selection, or the options do not fit. Raised before the first chunk.
            ExportError: what the format needs is not installed. Raised before the first chunk.
        """


class GraphStore(Protocol):
    """Hands out readers."""

    def reader(self) -> GraphReader:
        """A reader of the snapshot that is current now; it keeps reading that one."""

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls the listener whenever a snapshot of another version becomes current; returns a function that ends this.

        This method, that function and the listener are all called on the thread of the event loop.
        """
