"""`GraphSnapshot`: everything that was loaded as one immutable graph, built once and never edited."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from operator import attrgetter
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import orjson

from graph.building.inventory import Inventory
from graph.building.lookups import Lookups, article_names, build_lookups
from graph.building.merged_graph import MergeResult
from graph.checkpoints import acquire
from graph.dates import format_date_time
from graph.memory import paused_collection
from graph.model import (
    ARTICLE_FIELDS,
    Article,
    EdgeKind,
    GraphNode,
    NodeKind,
    Person,
    Provider,
    Topic,
    kind_of,
    label,
    origin_of,
)
from graph.problems import Problem, sorted_problems

if TYPE_CHECKING:
    import networkx as nx

Adjacency = Mapping[str, tuple[str, ...]]

T = TypeVar("T")
_DIGEST_BYTES = 16


class Derived:
    """What was found out about something that never changes, once for all threads."""

    __slots__ = ("_locks", "_values")

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, RLock] = {}

    def once(self, key: Hashable, derive: Callable[[], T]) -> T:
        """What `derive` answered. Threads that ask for it meanwhile wait; those that ask for anything else do not."""
        if key not in self._values:
            lock = self._locks.setdefault(key, RLock())
            acquire(lock)
            try:
                if key not in self._values:
                    self._values[key] = derive()
            finally:
                lock.release()
        return cast(T, self._values[key])


@dataclass(frozen=True, slots=True, eq=False)
class GraphSnapshot:
    """One state of the graph. Equal content has an equal `version`, on every machine."""

    version: str
    loaded_at: datetime
    nodes: Mapping[str, GraphNode]
    """By id, sorted."""
    ids: Mapping[NodeKind, tuple[str, ...]]
    """The ids of each kind that is loaded, sorted; stories are derived."""
    targets: Mapping[EdgeKind, Adjacency]
    """Where the edges of a kind lead, by their source, in their order there."""
    sources: Mapping[EdgeKind, Adjacency]
    """Where they come from, by their target, sorted."""
    parts: Mapping[str, tuple[str, ...]]
    """The parts of an article or a topic in their order, by its id."""
    next: Mapping[str, str]
    """The article that follows another one in what both are parts of."""
    previous: Mapping[str, str]
    """The article that goes before another one."""
    edge_counts: Mapping[EdgeKind, int]
    lookups: Lookups
    problems: tuple[Problem, ...]
    """Sorted by file, line and field; none twice."""
    digests: Mapping[str, bytes]
    """Of each node, with the edges that lead from it: equal for equal content."""
    inventory: Inventory
    """What the folders are; as it was when the graph last changed, since no `version` tells of what is not in it."""
    edge_structures: Mapping[EdgeKind, Derived] = field(repr=False)
    """What `graph.building.derived` found out from the edges of a kind alone; shared with other snapshots that have the same."""
    structure: Derived = field(repr=False)
    """What it found out from the ids of the nodes, from the origins of articles and from all edges; shared as well."""
    derived: Derived = field(init=False, repr=False, default_factory=Derived)
    """What `graph.building.derived` found out about this snapshot."""

    @property
    def digraph(self) -> "nx.DiGraph[str]":
        """The graph as networkx has it: a read-only view of this snapshot. `nodes` has the records beside it.

        Attributes are texts and numbers, named as in exports. Nodes have `label`, `kind` and, where known, `url`, `slug`,
        `domain` and the fields of articles; edges have `relation` and `position` (from 1).
        Cost: none.
        """
        return self.derived.once("digraph", lambda: _digraph(self))

    def problems_of(self, article: Article) -> tuple[Problem, ...]:
        """The problems of the article's own files, the winner's first."""
        found = self.lookups.problems_by_file.get(article.file or "", ())
        if article.duplicate_files:
            return sum([self.lookups.problems_by_file.get(file, ()) for file in article.duplicate_files], found)
        return found


@paused_collection()
def build_snapshot(
    merged: MergeResult, loaded_at: datetime | None = None, before: GraphSnapshot | None = None
) -> GraphSnapshot:
    """The snapshot of what was merged.

    Edges of a kind that are still those of the snapshot `before` are the same objects, with all that was found out from them,
    and so are articles that still say the same.
    Cost: linear in nodes and edges, apart from sorting.
    """
    articles = [_as_before(article, before) for article in merged.articles] if before else merged.articles
    records: list[GraphNode] = [*articles, *merged.providers, *merged.topics, *merged.persons]
    nodes = {node.id: node for node in sorted(records, key=lambda node: node.id)}
    edges = {kind: _edges(kind, merged.targets[kind], before) for kind in EdgeKind}
    counts = {kind: found.edge_count for kind, found in edges.items()}
    digests = _digests(records, merged, before)
    lookups = build_lookups(
        merged, before.lookups if before and _is_called_the_same(articles, merged, before) else None
    )
    problems = sorted_problems((*merged.problems, *lookups.problems))
    is_same_structure = (
        before is not None
        and nodes.keys() == before.nodes.keys()
        and all(origin_of(node) is origin_of(before.nodes[node_id]) for node_id, node in nodes.items())
        and all(edges[kind].targets is before.targets[kind] for kind in EdgeKind)
    )
    return GraphSnapshot(
        version=_version(map(digests.__getitem__, nodes), problems),
        loaded_at=loaded_at or datetime.now(UTC),
        nodes=MappingProxyType(nodes),
        ids=MappingProxyType(_ids_by_kind(nodes.values())),
        targets=MappingProxyType({kind: found.targets for kind, found in edges.items()}),
        sources=MappingProxyType({kind: found.sources for kind, found in edges.items()}),
        parts=MappingProxyType(merged.parts),
        next=MappingProxyType(merged.next),
        previous=MappingProxyType(merged.previous),
        edge_counts=MappingProxyType(Counter({kind: count for kind, count in counts.items() if count})),
        lookups=lookups,
        problems=problems,
        digests=MappingProxyType(digests),
        inventory=merged.inventory,
        edge_structures=MappingProxyType({kind: found.structure for kind, found in edges.items()}),
        structure=before.structure if before and is_same_structure else Derived(),
    )


class _Edges(NamedTuple):
    """The edges of one kind, from both ends, and what was found out from them alone."""

    targets: Adjacency
    sources: Adjacency
    edge_count: int
    structure: Derived


def _edges(kind: EdgeKind, lists: Adjacency, before: GraphSnapshot | None) -> _Edges:
    if before is not None and before.targets[kind] == lists:
        return _Edges(
            before.targets[kind], before.sources[kind], before.edge_counts[kind], before.edge_structures[kind]
        )
    targets = MappingProxyType({source: lists[source] for source in sorted(lists)})
    return _Edges(targets, _sources(targets), sum(map(len, targets.values())), Derived())


def _sources(targets: Adjacency) -> Adjacency:
    """The same edges from the other end; the lists are sorted as the sources are."""
    lists: dict[str, list[str]] = defaultdict(list)
    for source, found in targets.items():
        for target in found:
            lists[target].append(source)
    return MappingProxyType({target: tuple(lists[target]) for target in sorted(lists)})


def _ids_by_kind(nodes: Iterable[GraphNode]) -> dict[NodeKind, tuple[str, ...]]:
    ids: dict[NodeKind, list[str]] = {kind: [] for kind in NodeKind if kind is not NodeKind.STORY}
    for node in nodes:
        ids[kind_of(node)].append(node.id)
    return {kind: tuple(found) for kind, found in ids.items()}


def _as_before(article: Article, before: GraphSnapshot) -> Article:
    """The article of the snapshot before, if it says the same.

    JSON tells 1 from 1.0 and true, and Python does not, so what may hold any JSON has to be the same object, or absent.
    """
    old = before.nodes.get(article.id)
    if old is article:
        return article
    is_same = (
        isinstance(old, Article)
        and article.front_matter is old.front_matter
        and not (article.conflicts or old.conflicts)
        and _plain_values(article) == _plain_values(old)
    )
    return cast(Article, old) if is_same else article


def _is_called_the_same(articles: Sequence[Article], merged: MergeResult, before: GraphSnapshot) -> bool:
    """Whether these are the articles of the snapshot before, and all are called what they were."""
    kind = EdgeKind.TRANSLATION_OF
    return (
        len(articles) == len(before.ids[NodeKind.ARTICLE])
        and merged.paths is before.lookups.paths
        and merged.targets[kind] == before.targets[kind]
        and all(
            (old := before.nodes.get(article.id)) is article
            or (isinstance(old, Article) and article_names(article) == article_names(old))
            for article in articles
        )
    )


_plain_values = attrgetter(
    *(field.name for field in fields(Article) if field.name not in ("front_matter", "conflicts"))
)


def _digests(nodes: Sequence[GraphNode], merged: MergeResult, before: GraphSnapshot | None) -> dict[str, bytes]:
    """In the order of the nodes: it takes a quarter less time if that is the order in which they were made."""
    known: Mapping[str, bytes] = {}
    if before is not None:
        moved = _moved(merged, before)
        known = {
            node.id: before.digests[node.id]
            for node in nodes
            if before.nodes.get(node.id) is node and node.id not in moved
        }
    found = _new_digests([node for node in nodes if node.id not in known], merged)
    return {node.id: known.get(node.id) or found[node.id] for node in nodes} if known else found


def _moved(merged: MergeResult, before: GraphSnapshot) -> set[str]:
    """The nodes from which other edges lead than before."""
    pairs: list[tuple[Mapping[str, object], Mapping[str, object]]] = [
        *((merged.targets[kind], before.targets[kind]) for kind in EdgeKind),
        (merged.parts, before.parts),
        (merged.next, before.next),
        (merged.previous, before.previous),
    ]
    return {node_id for new, old in pairs if new != old for node_id, _ in new.items() ^ old.items()}


def _new_digests(nodes: Iterable[GraphNode], merged: MergeResult) -> dict[str, bytes]:
    targets = merged.targets
    first = [targets[kind] for kind in _FIRST_KINDS]
    later: dict[str, Mapping[str, object]] = {
        kind.value: targets[kind] for kind in EdgeKind if kind not in _FIRST_KINDS and targets[kind]
    }
    later |= {name: found for name in ("parts", "next", "previous") if (found := getattr(merged, name))}
    return {
        node.id: _digest(
            node,
            [
                *(lists.get(node.id, ()) for lists in first),
                *((kind, lists[node.id]) for kind, lists in later.items() if node.id in lists),
            ],
        )
        for node in nodes
    }


_FIRST_KINDS = (EdgeKind.ABOUT, EdgeKind.BROADER, EdgeKind.PUBLISHED_BY, EdgeKind.RELATED_TO)
"""The edges of these kinds count in this order, whether there are any or not; those of kinds that came later with their kind."""


def _digest(node: GraphNode, targets: Sequence[object]) -> bytes:
    return hashlib.blake2b(_json([node, targets]), digest_size=_DIGEST_BYTES).digest()


def _version(digests: Iterable[bytes], problems: Iterable[Problem]) -> str:
    """A hash of two hashes: of the digests of the nodes, in the order of their ids, and of the problems."""
    version = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in (digests, map(_json, problems)):
        version.update(hashlib.blake2b(b"".join(part), digest_size=_DIGEST_BYTES).digest())
    return version.hexdigest()


def _json(value: object) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _plain(value: Any) -> Any:
    if isinstance(value, (Mapping, tuple)):
        return dict(value) if isinstance(value, Mapping) else list(value)
    raise TypeError(type(value))


def _digraph(snapshot: GraphSnapshot) -> "nx.DiGraph[str]":
    from graph.building.digraph import digraph_view  # it imports networkx

    return digraph_view(
        snapshot.nodes,
        lambda node_id: _attributes(snapshot.nodes[node_id]),
        {kind.value: lists for kind, lists in snapshot.targets.items()},
        {kind.value: lists for kind, lists in snapshot.sources.items()},
    )


def _attributes(node: GraphNode) -> dict[str, str | int]:
    """Those that are known: writers of graph formats take no None."""
    found: dict[str, Any] = {"label": label(node), "kind": kind_of(node).value}
    match node:
        case Article():
            found |= {"url": node.url, "slug": node.slug}
            found |= {field.export: getattr(node, field.attribute) for field in ARTICLE_FIELDS if field.export}
        case Provider():
            found["domain"] = node.domain
        case Topic():
            found["slug"] = node.slug
        case Person():
            found |= {"url": node.url, "slug": node.slug}
    return {
        name: format_date_time(value) if isinstance(value, datetime) else value
        for name, value in found.items()
        if value not in (None, "")
    }
