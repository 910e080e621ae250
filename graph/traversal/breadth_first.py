"""A bounded breadth-first search, for whatever has neighbors."""

from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import NamedTuple

from graph.checkpoints import checkpoint


class Walk(NamedTuple):
    """What a search found."""

    distances: dict[str, int]
    """Steps from the start, for each node in the order in which they were found."""
    found_from: dict[str, str]
    """The node from which each node was found; the start is missing."""
    is_truncated: bool
    """Whether a limit kept anything out."""

    def skipped(self, closed: Iterable[str], depth: int) -> tuple[str, ...]:
        """The closed nodes from which the search would have gone on, sorted."""
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

    Of each node that is passed, the first `limit_per_node` neighbors are looked at. What is closed is reached, but not
    passed. `neighbors` answers each neighbor of a node once, and is read no further than is needed.
    Cost: linear in the neighbors that are looked at.
    """
    starts = list(dict.fromkeys(start))
    distances = dict.fromkeys(starts[:limit], 0)
    found_from: dict[str, str] = {}
    is_truncated = len(starts) > limit
    queue = list(distances)
    for node_id in queue:  # grows while it is read
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
