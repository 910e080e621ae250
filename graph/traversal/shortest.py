"""The shortest simple paths between two nodes, one after the other, in a total order.

Yen's algorithm ("Finding the K shortest loopless paths in a network", 1971) with Lawler's partition (1972). Every other
path leaves an answered one at some node of it; those that leave it at the same node form a branch. The first path of
each branch is a candidate for the next answer. A branch waits in a heap under a lower bound of its first path, and is
searched only when that bound comes up, so most branches are never searched.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from graph.checkpoints import checkpoint

_NOTHING: frozenset[str] = frozenset()
_AFTER_ALL_IDS = "\U0010ffff"
"""Sorts after every id."""


@dataclass(frozen=True, slots=True)
class Network:
    """The undirected graph that paths are searched in."""

    neighbors: Sequence[Mapping[str, frozenset[str]]]
    """The neighbors of every node, for each kind of edge; the index of a kind here is its rank."""
    closed: frozenset[str] = _NOTHING
    """Nodes that no path may go through."""

    def neighbors_by(self, nodes: Iterable[str], rank: int) -> set[str]:
        """The neighbors of any of the nodes by edges of the kind with this rank."""
        kind = self.neighbors[rank]
        return set().union(*[kind[node] for node in nodes])

    def all_neighbors(self, nodes: Iterable[str]) -> set[str]:
        """The neighbors of any of the nodes."""
        return set().union(*[kind[node] for kind in self.neighbors for node in nodes])

    def distances(self, start: str) -> dict[str, int]:
        """The distance from the start to every node that can be reached without entering closed ones."""
        distances: dict[str, int] = {}
        level = {start}
        for distance in count():
            if not level:
                break
            checkpoint()
            distances.update(dict.fromkeys(level, distance))
            level = self.all_neighbors(level).difference(self.closed, distances)
        return distances


class _Place(NamedTuple):
    """A path's place in the order, or a lower bound of the places of a branch's paths."""

    length: int
    ranks: tuple[int, ...]
    """The rank of the kind of each step."""
    nodes: tuple[str, ...]


class _Branch(NamedTuple):
    """The paths that begin with these nodes and whose next node is none of `banned`."""

    nodes: tuple[str, ...]
    ranks: tuple[int, ...]
    banned: frozenset[str]


class _Candidate(NamedTuple):
    """A branch, sorted by the place of its first path. Two candidates never have the same place."""

    place: _Place
    is_found: bool
    """Whether `place` is the first path's own, and not only a lower bound of it."""
    branch: _Branch


def shortest_paths(network: Network, start: str, end: str) -> Iterator[tuple[str, ...]]:
    """All simple paths as tuples of nodes: by length, then by the kinds of their steps, then by node ids.

    Kinds and ids are compared step by step from the start. Neither end may be closed.
    Cost: one bidirectional breadth-first search for the first path, a full one once when the second is asked for, and
    for each path after the first at most as many bidirectional ones as the path before it has steps.
    """
    everything = _Branch((start,), (), _NOTHING)
    first = _first_place(network, everything, end)
    if first is None:
        return
    yield first.nodes
    distances = network.distances(end)
    candidates: list[_Candidate] = []
    _branch_off(candidates, network, distances, first, everything)
    while candidates:
        candidate = heappop(candidates)
        if candidate.is_found:
            yield candidate.place.nodes
            _branch_off(candidates, network, distances, candidate.place, candidate.branch)
        elif place := _first_place(network, candidate.branch, end):
            heappush(candidates, _Candidate(place, True, candidate.branch))


def _branch_off(
    candidates: list[_Candidate], network: Network, distances: Mapping[str, int], path: _Place, branch: _Branch
) -> None:
    """Adds the rest of the branch without `path`, its first: one branch for each node at which others leave it."""
    for fork in range(len(branch.nodes) - 1, path.length):
        checkpoint()
        banned = {path.nodes[fork + 1]} | (branch.banned if fork == len(branch.nodes) - 1 else _NOTHING)
        rest = _Branch(path.nodes[: fork + 1], path.ranks[:fork], frozenset(banned))
        if place := _least_place(network, rest, distances, path):
            heappush(candidates, _Candidate(place, False, rest))


def _onwards(network: Network, branch: _Branch) -> set[str]:
    """The next nodes of the branch's paths."""
    return network.all_neighbors(branch.nodes[-1:]).difference(network.closed, branch.banned, branch.nodes)


def _least_place(network: Network, branch: _Branch, distances: Mapping[str, int], before: _Place) -> _Place | None:
    """A lower bound of the places of the branch's paths, all of which come after `before`; None if there are none."""
    onwards = _onwards(network, branch)
    if not onwards:
        return None
    length = len(branch.nodes) + min(map(distances.__getitem__, onwards))
    if length > before.length:
        ranks = branch.ranks + (0,) * (length - len(branch.ranks))
        return _Place(length, ranks, (*branch.nodes, min(onwards)))
    # A path of the branch with the length and the kinds of `before` continues by the same kind of edge to a greater id.
    fork = len(branch.nodes) - 1
    alike = onwards & network.neighbors_by(branch.nodes[-1:], before.ranks[fork])
    room = before.length - fork - 1
    later = (node for node in alike if node > before.nodes[fork + 1] and distances[node] <= room)
    return _Place(before.length, before.ranks, (*branch.nodes, min(later, default=_AFTER_ALL_IDS)))


def _first_place(network: Network, branch: _Branch, end: str) -> _Place | None:
    """The first path of the branch, or None."""
    if branch.nodes[-1] == end:
        return _Place(len(branch.ranks), branch.ranks, branch.nodes)
    layers = _layers(network, _onwards(network, branch), end, network.closed.union(branch.nodes))
    if layers is None:
        return None
    ranks, nodes = _first_path(network, branch.nodes[-1], layers)
    return _Place(len(branch.ranks) + len(layers), branch.ranks + ranks, branch.nodes + nodes)


def _layers(network: Network, first: set[str], end: str, closed: frozenset[str]) -> list[set[str]] | None:
    """The nodes on the shortest paths from any node of `first` to the end, by distance; None if there is no path.

    A bidirectional breadth-first search: it always expands the smaller frontier, until the two meet.
    """
    ahead, back = [first], [{end}]
    seen_ahead, seen_back = first | closed, {end} | closed
    while ahead[-1].isdisjoint(back[-1]):
        checkpoint()
        levels, seen = (ahead, seen_ahead) if len(ahead[-1]) <= len(back[-1]) else (back, seen_back)
        level = network.all_neighbors(levels[-1]) - seen
        if not level:
            return None
        seen |= level
        levels.append(level)
    layers = [ahead.pop() & back.pop()]
    while ahead:
        layers.insert(0, ahead.pop() & network.all_neighbors(layers[0]))
    while back:
        layers.append(back.pop() & network.all_neighbors(layers[-1]))
    return layers


def _first_path(network: Network, start: str, layers: Sequence[set[str]]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Of the paths from the start through one node of each layer, the first by kinds, then ids: its ranks and nodes."""
    ranks: list[int] = []
    reached = [{start}]
    for layer in layers:
        rank, nodes = _most_telling(network, reached[-1], layer)
        ranks.append(rank)
        reached.append(nodes)
    # Drop the nodes from which the chosen kinds do not lead on to the end.
    for place in reversed(range(1, len(layers))):
        reached[place] &= network.neighbors_by(reached[place + 1], ranks[place])
    path = [start]
    for rank, nodes in zip(ranks, reached[1:], strict=True):
        path.append(min(nodes & network.neighbors_by(path[-1:], rank)))
    return tuple(ranks), tuple(path[1:])


def _most_telling(network: Network, nodes: set[str], layer: set[str]) -> tuple[int, set[str]]:
    """The lowest rank of an edge from the nodes into the layer, and the nodes that edges of this rank lead to."""
    steps = ((rank, layer & network.neighbors_by(nodes, rank)) for rank in range(len(network.neighbors)))
    return next((rank, reached) for rank, reached in steps if reached)
