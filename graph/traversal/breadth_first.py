"""A breadth-first search with limits, over any function that answers neighbors."""

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import NamedTuple

from graph.checkpoints import checkpoint


class Walk(NamedTuple):
    """The result of a search."""

    distances: dict[str, int]
    """Distance from the start of each node, in the order in which they were found."""
    found_from: dict[str, str]
    """Each node's parent in the search tree; nodes of the start have none."""
    is_truncated: bool
    """Whether a limit left anything out."""

    def skipped(self, closed: Iterable[str], depth: int) -> tuple[str, ...]:
        """The closed nodes that were reached and, within `depth`, would have been expanded; sorted."""
        return tuple(sorted(node_id for node_id in closed if self.distances.get(node_id, depth) < depth))


def breadth_first(
    start: Iterable[str],
    neighbors: Callable[[str], Iterable[str]],
    *,
    depth: int,
    limit_per_node: int,
    limit: int,
    closed: Collection[str] = frozenset(),
) -> Walk:
    """The nodes within `depth` steps of any node of `start`, at most `limit` of them.

    Each node is expanded by the first `limit_per_node` of its neighbors; closed nodes are reached but not expanded.
    `neighbors` must answer each neighbor of a node once, and is read only as far as needed.
    Cost: linear in the neighbors that are read.
    """
    starts = list(dict.fromkeys(start))
    distances = dict.fromkeys(starts[:limit], 0)
    found_from: dict[str, str] = {}
    is_truncated = len(starts) > limit
    queue = list(distances)
    for node_id in queue:  # which grows in the loop
        checkpoint()
        if distances[node_id] == depth:
            break
        if node_id in closed:
            continue
        found = list(islice(neighbors(node_id), limit_per_node + 1))
        is_truncated |= len(found) > limit_per_node
        new = [neighbor for neighbor in found[:limit_per_node] if neighbor not in distances]
        room = limit - len(distances)
        distances.update(dict.fromkeys(new[:room], distances[node_id] + 1))
        found_from.update(dict.fromkeys(new[:room], node_id))
        queue += new[:room]
        if len(new) > room:
            return Walk(distances, found_from, is_truncated=True)
    return Walk(distances, found_from, is_truncated)
