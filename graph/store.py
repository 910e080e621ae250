"""`GraphStore`: what the API reads through. Every read takes a batch and answers in its order, at once or later."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar

from graph.export import ExportFormat, export_chunks
from graph.model import Article, EdgeKind, Node, NodeKind
from graph.problems import Problem, ProblemCode, Severity
from graph.queries import (
    Listing,
    ListQuery,
    Lookup,
    Neighbours,
    Page,
    PageReader,
    PageRequest,
    find_nodes,
    find_problems,
    neighbours,
)
from graph.snapshot import GraphSnapshot

T = TypeVar("T")
Answer: TypeAlias = T | Awaitable[T]
"""A store in this process answers at once; one that must wait hands out an awaitable."""


@dataclass(frozen=True, slots=True, eq=False)
class SnapshotInfo:
    """What a snapshot says of itself."""

    version: str
    loaded_at: datetime
    node_counts: Mapping[NodeKind, int]
    edge_counts: Mapping[EdgeKind, int]
    problem_counts: Mapping[ProblemCode, int]
    """Of the codes that occur, sorted by name."""


class GraphReader(Protocol):
    """Reads one snapshot; everything one request asks is answered by the same reader.

    Callers give each id once: what stands twice in a batch is answered twice, at twice the cost.
    """

    def info(self) -> Answer[SnapshotInfo]:
        """What there is to read."""

    def nodes(self, ids: Sequence[str]) -> Answer[list[Node | None]]:
        """The node with each id, None for an id that the graph does not hold."""

    def find(self, lookup: Lookup, names: Sequence[str]) -> Answer[list[Node | None]]:
        """The node that each name finds, or None.

        Raises:
            UrlError: a name that should be a URL is none.
        """

    def neighbours(self, which: Neighbours, ids: Sequence[str]) -> Answer[list[tuple[Node, ...]]]:
        """All the nodes beside each node."""

    def pages(self, listing: Listing, ids: Sequence[str], query: ListQuery) -> Answer[list[Page[Node]]]:
        """The same page of each node's list; a list of the whole graph takes one id, `WHOLE_GRAPH`.

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

    def export(self, wanted: ExportFormat) -> Iterator[bytes] | AsyncIterator[bytes]:
        """The whole graph in a file format, in pieces; a plain iterator may block and is run in a thread."""


WHOLE_GRAPH = ""
"""The id to ask for a list of the whole graph by."""


class GraphStore(Protocol):
    """Hands out readers."""

    def reader(self) -> GraphReader:
        """A reader of the snapshot that is current now, and stays so for this reader."""


class MemoryReader:
    """Reads a snapshot in this process."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self.snapshot = snapshot
        self._pages = PageReader(snapshot)

    def info(self) -> SnapshotInfo:
        codes = Counter(problem.code for problem in self.snapshot.problems)
        return SnapshotInfo(
            version=self.snapshot.version,
            loaded_at=self.snapshot.loaded_at,
            node_counts={kind: len(ids) for kind, ids in self.snapshot.ids.items()},
            edge_counts={kind: self.snapshot.edge_counts[kind] for kind in EdgeKind},
            problem_counts=dict(sorted(codes.items(), key=lambda item: item[0].value)),
        )

    def nodes(self, ids: Sequence[str]) -> list[Node | None]:
        return [self.snapshot.nodes.get(node_id) for node_id in ids]

    def find(self, lookup: Lookup, names: Sequence[str]) -> list[Node | None]:
        return find_nodes(self.snapshot, lookup, names)

    def neighbours(self, which: Neighbours, ids: Sequence[str]) -> list[tuple[Node, ...]]:
        return neighbours(self.snapshot, which, ids)

    def pages(self, listing: Listing, ids: Sequence[str], query: ListQuery) -> list[Page[Node]]:
        return self._pages.pages(listing, ids, query)

    def article_problems(self, ids: Sequence[str]) -> list[tuple[Problem, ...]]:
        articles = (self.snapshot.nodes.get(node_id) for node_id in ids)
        return [self.snapshot.problems_of(article) if isinstance(article, Article) else () for article in articles]

    def problems(self, severity: Severity | None, code: ProblemCode | None, page: PageRequest) -> Page[Problem]:
        return find_problems(self.snapshot, severity, code, page)

    def export(self, wanted: ExportFormat) -> Iterator[bytes]:
        return export_chunks(self.snapshot, wanted)


class MemoryStore:
    """Keeps the current snapshot in memory; a reload swaps it whole."""

    def __init__(self, snapshot: GraphSnapshot) -> None:
        self._reader = MemoryReader(snapshot)

    def reader(self) -> MemoryReader:
        return self._reader

    def swap(self, snapshot: GraphSnapshot) -> None:
        """Makes another snapshot current; readers that were handed out go on with theirs."""
        self._reader = MemoryReader(snapshot)
