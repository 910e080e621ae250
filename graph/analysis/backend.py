"""The networkx backend `frontgraph`: what metrics and stories need of networkx that is too slow there.

networkx finds this module by its entry point, asks `can_run` and `should_run`, converts its graph to a `Network` and calls the
function of that name. Answers are those that networkx gives. All of it is plain Python, which lets other threads run in
between, save Leiden's method, which runs beside them.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import nan
from typing import Any

import graspologic_native

from graph.analysis.networks import BACKEND, Network
from graph.checkpoints import checkpoint

_PRECISION = 1e-13
"""Relative change of a PageRank in one round at which it counts as found; it is then right to about 12 digits."""
_SEEDS = 2**32
"""How many there are for Leiden's method."""


def answer(function: str, network: Network, *args: Any, **kwargs: Any) -> Any:
    """What networkx's function of this name says of a network: by this backend, whichever others there are."""
    import networkx as nx  # a start that computes nothing does without

    if BACKEND in nx.config.backends:
        of_networkx = getattr(nx if hasattr(nx, function) else nx.community, function)
        return of_networkx(network, *args, **kwargs, backend=BACKEND)
    # networkx knows installed packages alone, and this one is run from its sources.
    own: Callable[..., Any] = globals()[function]
    return own(network, *args, **kwargs)


# What networkx asks.


def can_run(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool | str:
    """Whether the function answers these arguments; else why not."""
    graph, *others = args or [kwargs["G"]]
    positional = zip(_PARAMETERS[name], others, strict=False)
    given = {**dict(positional), **kwargs}
    if graph.is_multigraph():
        return "parallel edges are not supported"
    if graph.is_directed() and name in _UNDIRECTED:
        return "directed graphs are not supported"
    if name == "leiden_communities" and given.get("metric") != "modularity":
        return "metric='modularity' has to be given"
    if not 0 <= given.get("alpha", 0) < 1:
        return "alpha has to be from 0 to below 1"
    unsupported = [key for key in _UNSUPPORTED if given.get(key) not in (None, False)]
    return f"{unsupported[0]} is not supported" if unsupported else True


_PARAMETERS = {
    "pagerank": ("alpha", "personalization", "max_iter", "tol", "nstart", "weight", "dangling"),
    "connected_components": (),
    "core_number": (),
    "betweenness_centrality": ("k", "normalized", "weight", "endpoints", "seed"),
    "leiden_communities": ("weight", "resolution", "max_level", "seed"),
}
"""After the graph, in networkx's order."""
_UNDIRECTED = ("connected_components", "core_number", "leiden_communities")
_UNSUPPORTED = ("personalization", "nstart", "dangling", "endpoints", "max_level")


def should_run(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Whether to convert the graph unasked: only a snapshot's."""
    # networkx loads this module while it is being imported.
    from graph.building.digraph import SnapshotDiGraph

    return isinstance(args[0] if args else kwargs["G"], SnapshotDiGraph)


def convert_from_nx(graph: Any, *, edge_attrs: Mapping[str, Any] | None = None, **_: object) -> Network:
    """The network of a networkx graph.

    Raises:
        NotImplementedError: edges have weights, or an undirected graph has self-loops.
    """
    for attribute, default in (edge_attrs or {}).items():
        if any(weight != default for _, _, weight in graph.edges(data=attribute, default=default)):
            raise NotImplementedError("edges with weights")
    nodes = list(graph)
    number = {node: number for number, node in enumerate(nodes)}
    neighbors = [[number[other] for other in graph.adj[node]] for node in nodes]
    if not graph.is_directed() and any(place in found for place, found in enumerate(neighbors)):
        raise NotImplementedError("self-loops")
    return Network(nodes, neighbors, graph.is_directed())


def convert_to_nx(result: Any, **_: object) -> Any:
    """The networkx graph of a network; anything else as it is."""
    if not isinstance(result, Network):
        return result
    import networkx as nx

    graph: Any = nx.DiGraph() if result.is_directed() else nx.Graph()
    graph.add_nodes_from(result.nodes)
    graph.add_edges_from(result.edges())
    return graph


# What networkx calls, by its names.


def pagerank(
    G: Network,  # noqa: N803  # networkx's name
    alpha: float = 0.85,
    personalization: None = None,
    max_iter: int = 100,
    tol: float = 1e-6,
    nstart: None = None,
    weight: str | None = None,
    dangling: None = None,
) -> dict[str, float]:
    """The PageRank of each node.

    A node without successors passes its rank on to all others alike, which changes the sum of the ranks and not their
    proportions (Langville and Meyer, 2004). So what each node has beyond an equal start is found by the method of Gauss
    and Seidel, for the nodes that pass something on, and scaled in the end.
    Cost: edges, for each of about 90 rounds.
    """
    predecessors = G.predecessors() if G.is_directed() else G.neighbors
    share = [0.0] * len(G)
    """What a node passes on to each successor."""
    passing = [
        (place, alpha / len(successors), predecessors[place])
        for place, successors in enumerate(G.neighbors)
        if successors
    ]
    change = 1.0
    while change > _PRECISION:
        checkpoint()
        change = 0.0
        for place, factor, found in passing:
            before = share[place]
            after = share[place] = factor * (1 + sum(map(share.__getitem__, found)))
            if after - before > change * after:
                change = (after - before) / after
    ranks = [1 + sum(map(share.__getitem__, found)) for found in predecessors]
    total = sum(ranks)
    return {node: rank / total for node, rank in zip(G.nodes, ranks, strict=True)}


def connected_components(G: Network) -> Iterator[set[str]]:  # noqa: N803
    """The nodes of each component, in the order of their first nodes. Cost: nodes and edges."""
    known = [False] * len(G)
    for start in range(len(G)):
        if known[start]:
            continue
        known[start] = True
        found = [start]
        for place in found:  # it grows meanwhile
            new = [other for other in G.neighbors[place] if not known[other]]
            for other in new:
                known[other] = True
            found += new
        yield {G.nodes[place] for place in found}


def core_number(G: Network) -> dict[str, int]:  # noqa: N803
    """The largest k of each node such that it is in the k-core (Batagelj and Zaversnik, 2003). Cost: edges."""
    degrees = [len(found) for found in G.neighbors]
    waiting: list[list[int]] = [[] for _ in range(max(degrees, default=0) + 1)]
    for place, degree in enumerate(degrees):
        waiting[degree].append(place)
    done = [False] * len(G)
    for core, nodes in enumerate(waiting):
        for place in nodes:  # it grows meanwhile
            if done[place] or degrees[place] != core:
                continue
            done[place] = True
            for other in G.neighbors[place]:
                if degrees[other] > core:
                    degrees[other] -= 1
                    waiting[degrees[other]].append(other)
    return dict(zip(G.nodes, degrees, strict=True))


def betweenness_centrality(
    G: Network,  # noqa: N803
    k: int | None = None,
    normalized: bool = True,
    weight: str | None = None,
    endpoints: bool = False,
    seed: Any = None,
) -> dict[str, float]:
    """The betweenness of each node (Brandes, 2001), or its estimate from `k` sources (Brandes and Pich, 2007).

    Cost: nodes and edges, for each source; fewer where many nodes have all their neighbors in common, as in a clique.
    """
    count = len(G)
    sources = range(count) if k is None or k == count else _generator(seed).sample(range(count), k)
    sums = [0.0] * count if count < 3 else _dependencies(G, sources)
    if count > 2:
        drawn = frozenset(sources) if k is not None and k < count else frozenset()
        scale = 1 / (count - 2) if normalized else (count - 1) / (1 if G.is_directed() else 2)
        outer, inner = (scale / among if among else nan for among in _counts(count, drawn))
        sums = [value * (inner if place in drawn else outer) for place, value in enumerate(sums)]
    return dict(zip(G.nodes, sums, strict=True))


def _generator(seed: Any) -> random.Random:
    """As networkx makes one of a number; it is asked before this is called, unless there is none to ask."""
    generator: random.Random = seed if hasattr(seed, "sample") else random.Random(seed)  # noqa: S311  # nothing secret
    return generator


def _counts(count: int, drawn: Collection[int]) -> tuple[int, int]:
    """From how many sources a node's share comes: one that was not drawn, and one that was, which is not its own source."""
    return (len(drawn), len(drawn) - 1) if drawn else (count - 1, count - 1)


def _dependencies(network: Network, sources: Iterable[int]) -> list[float]:
    """What all shortest paths from the sources add to each node: the share of those to each target that lead through it."""
    twins = _twins(network)
    group_of = {place: group for group, places in enumerate(twins) for place in places}
    size = list(map(len, twins))
    neighbors = [
        sorted({group_of[other] for other in network.neighbors[places[0]]} - {group})
        for group, places in enumerate(twins)
    ]
    sums = [0.0] * len(twins)
    search = _Search(neighbors, size)
    for source, times in Counter(map(group_of.__getitem__, sources)).items():
        checkpoint()
        for group, dependency in search.dependencies(source):
            sums[group] += times * dependency
    return [sums[group_of[place]] for place in range(len(network))]


def _twins(network: Network) -> list[list[int]]:
    """The nodes, with those together that have an edge between them and all neighbors in common.

    Nothing tells such nodes apart, and no shortest path leads over two of them.
    """
    if network.is_directed():
        return [[place] for place in range(len(network))]
    groups: dict[tuple[int, ...], list[int]] = {}
    for place, found in enumerate(network.neighbors):
        groups.setdefault(tuple(sorted((*found, place))), []).append(place)
    return list(groups.values())


class _Search:
    """Brandes' search over groups of nodes that are alike: each of a group's `size` has edges to all of its neighbors."""

    def __init__(self, neighbors: Sequence[Sequence[int]], size: Sequence[int]) -> None:
        self._neighbors = neighbors
        self._size = size
        self._level = [len(size)] * len(size)
        """Steps from the source; more than there are where none is known."""
        self._paths = [0] * len(size)
        """Shortest paths from the source to one of the group."""
        self._weight = [0.0] * len(size)
        """Of the paths that reach the group, how much each is worth to whatever it leads over."""

    def dependencies(self, source: int) -> Iterator[tuple[int, float]]:
        """What the paths from one of a group add to one of each other, as far as it lies between."""
        steps, reached = self._forth(source)
        weight, size, paths = self._weight, self._size, self._paths
        for group in reached:
            weight[group] = size[group] / paths[group]
        for group, successors in reversed(steps):
            dependency = paths[group] * sum(map(weight.__getitem__, successors))
            weight[group] = size[group] * (1 + dependency) / paths[group]
            yield group, dependency
        unknown = len(size)
        for group in reached:
            self._level[group] = unknown

    def _forth(self, source: int) -> tuple[list[tuple[int, list[int]]], list[int]]:
        """The groups with their successors on shortest paths, nearest first, without the source; and all that are reached."""
        level, paths, neighbors = self._level, self._paths, self._neighbors
        level[source], paths[source] = 0, 1
        reached, steps = [source], []
        # `reached` grows while it is read: a queue whose end is the next level.
        for group in reached:
            next_level = level[group] + 1
            successors = [other for other in neighbors[group] if level[other] >= next_level]
            if not successors:
                continue
            ways = paths[group] * (self._size[group] if group != source else 1)
            for other in successors:
                if level[other] == next_level:
                    paths[other] += ways
                else:
                    level[other], paths[other] = next_level, ways
                    reached.append(other)
            if group != source:
                steps.append((group, successors))
        return steps, reached


def leiden_communities(
    G: Network,  # noqa: N803
    weight: str | None = None,
    resolution: float = 1,
    max_level: None = None,
    seed: Any = None,
    **_: object,
) -> list[set[str]]:
    """The communities of Leiden's method (Traag, Waltman and van Eck, 2019), by modularity, in the order of their first nodes.

    Cost: nearly linear in edges; other threads wait while these are handed over, a tenth of the time.
    """
    weights = G.weights if weight and G.weights else [[1.0] * len(found) for found in G.neighbors]
    edges = [
        (str(place), str(other), float(tie))
        for place, found in enumerate(G.neighbors)
        for other, tie in zip(found, weights[place], strict=True)
        if place < other
    ]
    found: dict[str, int] = {}
    if edges:
        number = _generator(seed).randrange(_SEEDS)
        _score, found = graspologic_native.leiden(edges, resolution=resolution, seed=number)  # type: ignore[call-arg]  # they have defaults
    groups: dict[int, set[str]] = {}
    for place, node in enumerate(G.nodes):
        # A node without edges is unknown there, and alone.
        groups.setdefault(found.get(str(place), -1 - place), set()).add(node)
    return list(groups.values())
