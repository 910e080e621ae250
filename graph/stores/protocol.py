"""`GraphStore`: what the API reads through. Every read takes a batch and answers in its order, at once or later."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from graph.analysis.metrics import NodeMetrics
from graph.building.changes import SnapshotChange
from graph.export.formats import ExportFormat
from graph.export.selection_query import SelectionQuery
from graph.lists.aggregates import ArticleAggregate, ArticleGroup, GroupQuery
from graph.lists.filters import EVERYTHING, Filter
from graph.lists.list_sources import ArticleList, ListSource
from graph.lists.pages import (
    ListQuery,
    Lookup,
    Neighbors,
    Page,
    PageRequest,
)
from graph.lists.timeline import TimeBucket, TimelineQuery
from graph.lists.trends import Trend, TrendQuery
from graph.model import EdgeKind, Node, NodeKind
from graph.problems import Problem, ProblemCode, Severity
from graph.search import Highlight
from graph.traversal import NeighborhoodQuery, PathQuery, PathResult, Step, Subgraph
from graph.traversal.provider_network import NetworkQuery, ProviderNetwork

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
