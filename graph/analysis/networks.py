"""Networks: nodes and edges as igraph computes on them, and the communities among them, alike on every run."""

import random
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from threading import Lock
from typing import TypeAlias

import igraph

Network: TypeAlias = igraph.Graph

_SEED = 20240503
_generator_lock = Lock()


def directed_network(ids: Sequence[str], *targets: Mapping[str, Sequence[str]]) -> Network:
    """The directed graph of these nodes: its vertices stand as `ids` do, its edges as in `targets`.

    Each of `targets` tells where edges lead, by their sources; all of them are among the nodes.
    """
    vertex = {node_id: vertex for vertex, node_id in enumerate(ids)}.__getitem__
    edges: list[tuple[int, int]] = []
    for lists in targets:
        starts = chain.from_iterable(map(repeat, map(vertex, lists), map(len, lists.values())))
        edges.extend(zip(starts, map(vertex, chain.from_iterable(lists.values())), strict=True))
    return igraph.Graph(n=len(ids), edges=edges, directed=True)


def undirected_network(directed: Network) -> Network:
    """The same vertices, with one edge between any two that an edge connects in either direction; no self-loops."""
    return directed.as_undirected(mode="collapse").simplify()


def communities(undirected: Network, resolution: float = 1) -> list[list[int]]:
    """The vertices of each community in ascending order; the largest community first, ties by the first vertex.

    By the Louvain method (Blondel et al., 2008). Two communities stay apart if they have fewer edges between them than
    `resolution`, at most 1, times what chance would give them. Only a vertex without edges is alone: for any other,
    joining one of its neighbors' communities raises modularity, since its gains over all of them have a positive sum.
    Cost: nearly linear in edges.
    """
    # igraph visits the vertices in a random order, and has one generator for the whole process: Python's `random`.
    with _generator_lock:
        igraph.set_random_number_generator(random.Random(_SEED))  # noqa: S311  # nothing secret
        try:
            found = list(undirected.community_multilevel(resolution=resolution))
        finally:
            igraph.set_random_number_generator(random)
    return sorted(found, key=lambda members: (-len(members), members[0]))
