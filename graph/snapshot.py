"""`GraphSnapshot`: everything that was loaded as one immutable graph, built once and never edited."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from types import MappingProxyType
from typing import Any

import networkx as nx
import orjson

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


def build_snapshot(merged: MergeResult, loaded_at: datetime | None = None) -> GraphSnapshot:
    """The snapshot of what was merged.

    Cost: linear in nodes and edges, apart from sorting.
    """
    records: list[GraphNode] = [*merged.articles, *merged.providers, *merged.topics]
    nodes = {node.id: node for node in sorted(records, key=lambda node: node.id)}
    edges = sorted(merged.edges, key=lambda edge: (edge.source, edge.kind.value, edge.position))
    lookups = build_lookups(merged)
    problems = sorted_problems((*merged.problems, *lookups.problems))
    return GraphSnapshot(
        version=_version(nodes.values(), edges, problems),
        loaded_at=loaded_at or datetime.now(UTC),
        digraph=_digraph(nodes.values(), edges),
        nodes=MappingProxyType(nodes),
        ids=MappingProxyType(_ids_by_kind(nodes.values())),
        targets=_adjacency((edge.kind, edge.source, edge.target) for edge in edges),
        sources=_adjacency(sorted((edge.kind.value, edge.target, edge.source) for edge in edges)),
        edge_counts=MappingProxyType(Counter(edge.kind for edge in edges)),
        lookups=lookups,
        problems=problems,
    )


def _digraph(nodes: Iterable[GraphNode], edges: Iterable[Edge]) -> "nx.DiGraph[str]":
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.add_nodes_from((node.id, {"kind": kind_of(node).value, "record": node}) for node in nodes)
    digraph.add_edges_from(
        (edge.source, edge.target, {"relation": edge.kind.value, "position": edge.position}) for edge in edges
    )
    nx.freeze(digraph)
    return digraph


def _ids_by_kind(nodes: Iterable[GraphNode]) -> dict[NodeKind, tuple[str, ...]]:
    ids: dict[NodeKind, list[str]] = {kind: [] for kind in NodeKind if kind is not NodeKind.STORY}
    for node in nodes:
        ids[kind_of(node)].append(node.id)
    return {kind: tuple(found) for kind, found in ids.items()}


def _adjacency(triples: Iterable[tuple[EdgeKind | str, str, str]]) -> Mapping[EdgeKind, Adjacency]:
    lists: dict[EdgeKind, dict[str, list[str]]] = {kind: defaultdict(list) for kind in EdgeKind}
    for kind, start, end in triples:
        lists[EdgeKind(kind)][start].append(end)
    return MappingProxyType(
        {
            kind: MappingProxyType({start: tuple(ends) for start, ends in by_start.items()})
            for kind, by_start in lists.items()
        }
    )


def _version(nodes: Iterable[GraphNode], edges: Sequence[Edge], problems: Iterable[Problem]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for record in (*nodes, *edges, *problems):
        digest.update(orjson.dumps(record, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (Mapping, tuple)):
        return dict(value) if isinstance(value, Mapping) else list(value)
    raise TypeError(type(value))
