"""`GraphSnapshot`: everything that was loaded as one immutable graph, built once and never edited."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from threading import RLock
from types import MappingProxyType
from typing import Any

import networkx as nx
import orjson

from graph.cycle_collection import paused_collection
from graph.lookups import Lookups, build_lookups
from graph.merge import Edge, MergeResult
from graph.model import Article, EdgeKind, GraphNode, NodeKind, kind_of
from graph.problems import Problem, sorted_problems

Adjacency = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class GraphSnapshot:
    """One state of the graph. Equal content has an equal `version`, on every machine."""

    version: str
    loaded_at: datetime
    digraph: "nx.DiGraph[str]"
    """Frozen. Nodes have `kind` and `record`, edges have `relation` and `position` (from 1)."""
    nodes: Mapping[str, GraphNode]
    ids: Mapping[NodeKind, tuple[str, ...]]
    """The ids of each kind that is loaded, sorted; stories are derived."""
    targets: Mapping[EdgeKind, Adjacency]
    """Where the edges of a kind lead, by their source, in their order there."""
    sources: Mapping[EdgeKind, Adjacency]
    """Where they come from, by their target, sorted."""
    edge_counts: Mapping[EdgeKind, int]
    lookups: Lookups
    problems: tuple[Problem, ...]
    """Sorted by file, line and field; none twice."""
    derived: dict[Hashable, Any] = field(init=False, repr=False, default_factory=dict)
    """What `graph.derived` found out about this snapshot."""
    derived_lock: RLock = field(init=False, repr=False, default_factory=RLock)

    def problems_of(self, article: Article) -> tuple[Problem, ...]:
        """The problems of the article's own files, the winner's first."""
        files = (article.file or "", *article.duplicate_files)
        return tuple(problem for file in files for problem in self.lookups.problems_by_file.get(file, ()))


@paused_collection()
def build_snapshot(merged: MergeResult, loaded_at: datetime | None = None) -> GraphSnapshot:
    """The snapshot of what was merged.

    Cost: linear in nodes and edges, apart from sorting.
    """
    records: list[GraphNode] = [*merged.articles, *merged.providers, *merged.topics]
    nodes = {node.id: node for node in sorted(records, key=lambda node: node.id)}
    by_kind = _edges_by_kind(merged.edges)
    edges = sorted((edge for same_kind in by_kind.values() for edge in same_kind), key=_SOURCE)
    lookups = build_lookups(merged)
    problems = sorted_problems((*merged.problems, *lookups.problems))
    return GraphSnapshot(
        version=_version(nodes.values(), edges, problems),
        loaded_at=loaded_at or datetime.now(UTC),
        digraph=_digraph(nodes.values(), by_kind),
        nodes=MappingProxyType(nodes),
        ids=MappingProxyType(_ids_by_kind(nodes.values())),
        targets=_adjacency(by_kind, lambda same_kind: ((edge.source, edge.target) for edge in same_kind)),
        sources=_adjacency(
            by_kind, lambda same_kind: ((edge.target, edge.source) for edge in sorted(same_kind, key=_TARGET))
        ),
        edge_counts=MappingProxyType(Counter({kind: len(found) for kind, found in by_kind.items() if found})),
        lookups=lookups,
        problems=problems,
    )


_SOURCE, _TARGET, _POSITION = map(attrgetter, ("source", "target", "position"))


def _edges_by_kind(edges: Sequence[Edge]) -> dict[EdgeKind, list[Edge]]:
    """The edges of each kind by source and position, the kinds by name; sorts of one key each are much faster than one of two."""
    by_kind: dict[EdgeKind, list[Edge]] = {}
    for kind in sorted(EdgeKind, key=lambda kind: kind.value):
        by_kind[kind] = [edge for edge in edges if edge.kind is kind]
        by_kind[kind].sort(key=_POSITION)
        by_kind[kind].sort(key=_SOURCE)
    return by_kind


def _digraph(nodes: Iterable[GraphNode], by_kind: Mapping[EdgeKind, Iterable[Edge]]) -> "nx.DiGraph[str]":
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.add_nodes_from((node.id, {"kind": kind_of(node).value, "record": node}) for node in nodes)
    for kind, same_kind in by_kind.items():
        relation = kind.value
        digraph.add_edges_from(
            (edge.source, edge.target, {"relation": relation, "position": edge.position}) for edge in same_kind
        )
    nx.freeze(digraph)
    return digraph


def _ids_by_kind(nodes: Iterable[GraphNode]) -> dict[NodeKind, tuple[str, ...]]:
    ids: dict[NodeKind, list[str]] = {kind: [] for kind in NodeKind if kind is not NodeKind.STORY}
    for node in nodes:
        ids[kind_of(node)].append(node.id)
    return {kind: tuple(found) for kind, found in ids.items()}


def _adjacency(
    by_kind: Mapping[EdgeKind, list[Edge]], ends: Callable[[list[Edge]], Iterable[tuple[str, str]]]
) -> Mapping[EdgeKind, Adjacency]:
    adjacency: dict[EdgeKind, Adjacency] = {}
    for kind in EdgeKind:
        lists: dict[str, list[str]] = defaultdict(list)
        for start, end in ends(by_kind[kind]):
            lists[start].append(end)
        adjacency[kind] = MappingProxyType({start: tuple(found) for start, found in lists.items()})
    return MappingProxyType(adjacency)


def _version(nodes: Iterable[GraphNode], edges: Sequence[Edge], problems: Iterable[Problem]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for record in chain(nodes, map(tuple, edges), problems):  # edges as plain tuples, which need no `_plain`
        digest.update(orjson.dumps(record, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (Mapping, tuple)):
        return dict(value) if isinstance(value, Mapping) else list(value)
    raise TypeError(type(value))
