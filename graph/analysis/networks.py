"""`Network`: nodes and edges as numbers in lists, which plain Python computes on fastest.

To networkx a network is a graph of the backend `frontgraph`: `nx.pagerank(network)` is answered by `graph.analysis.backend`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

Weights: TypeAlias = Mapping[str, Mapping[str, float]]
"""Of edges, by both ends."""
BACKEND = "frontgraph"
"""The name under which `graph.analysis.backend` is registered with networkx."""


class Network:
    """A simple graph that never changes."""

    __slots__ = ("_is_directed", "neighbors", "nodes", "weights")

    __networkx_backend__ = BACKEND

    def __init__(
        self,
        nodes: Sequence[str],
        neighbors: Sequence[Sequence[int]],
        is_directed: bool,
        weights: Sequence[Sequence[float]] | None = None,
    ) -> None:
        self.nodes = nodes
        self.neighbors = neighbors
        """Of each node, as places in `nodes`: successors where the network is directed."""
        self.weights = weights
        """Of the edges to these neighbors; None where all weigh the same."""
        self._is_directed = is_directed

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def is_directed(self) -> bool:
        """As networkx asks."""
        return self._is_directed

    def is_multigraph(self) -> bool:
        """As networkx asks."""
        return False

    def edges(self) -> Iterator[tuple[str, str]]:
        """Each edge once; that of an undirected network from the end that comes first."""
        for place, found in enumerate(self.neighbors):
            for other in found:
                if self._is_directed or other >= place:
                    yield self.nodes[place], self.nodes[other]

    def predecessors(self) -> list[list[int]]:
        """Of each node, in ascending order."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for place, successors in enumerate(self.neighbors):
            for successor in successors:
                found[successor].append(place)
        return found

    def to_undirected(self) -> "Network":
        """One edge between any two nodes that an edge connects in either direction; no self-loops."""
        both = [
            sorted({*successors, *predecessors} - {place})
            for place, (successors, predecessors) in enumerate(zip(self.neighbors, self.predecessors(), strict=True))
        ]
        return Network(self.nodes, both, is_directed=False)

    def without_edges_of(self, nodes: Collection[str]) -> "Network":
        """An undirected network's nodes, all of them, with the edges that end at none of these."""
        alone = {place for place, node in enumerate(self.nodes) if node in nodes}
        neighbors = [
            () if place in alone else [other for other in found if other not in alone]
            for place, found in enumerate(self.neighbors)
        ]
        return Network(self.nodes, neighbors, is_directed=False)


def directed_network(nodes: Sequence[str], *targets: Mapping[str, Iterable[str]]) -> Network:
    """The directed network of these nodes: edges lead where any of `targets` says, by their sources."""
    number = {node: number for number, node in enumerate(nodes)}.__getitem__
    neighbors = [
        list(dict.fromkeys(map(number, chain.from_iterable(lists.get(node, ()) for lists in targets))))
        for node in nodes
    ]
    return Network(nodes, neighbors, is_directed=True)


def weighted_network(nodes: Sequence[str], weights: Weights) -> Network:
    """The undirected network of these nodes; every edge among them stands in `weights` at both of its ends."""
    number = {node: number for number, node in enumerate(nodes)}
    found = [
        sorted((number[other], weight) for other, weight in weights[node].items() if other in number) for node in nodes
    ]
    return Network(
        nodes,
        [[other for other, _ in edges] for edges in found],
        is_directed=False,
        weights=[[weight for _, weight in edges] for edges in found],
    )
