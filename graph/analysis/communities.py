"""Communities: nodes with more edges among them than chance would give them, the same on every run and machine."""

from graph.analysis.backend import answer
from graph.analysis.networks import Network

_SEED = 20240504


def communities(undirected: Network, resolution: float = 1) -> list[list[str]]:
    """The nodes of each community in their order; the largest community first, ties by the first node.

    By Leiden's method (Traag, Waltman and van Eck, 2019). Two communities stay apart if they have fewer edges between them
    than `resolution`, at most 1, times what chance would give them,
    counted by weight where edges have one. Only a node without edges is alone.
    Cost: nearly linear in edges.
    """
    found: list[set[str]] = answer(
        "leiden_communities", undirected, weight="weight", resolution=resolution, seed=_SEED, metric="modularity"
    )
    number = {node: number for number, members in enumerate(found) for node in members}
    groups: list[list[str]] = [[] for _ in found]
    for node in undirected.nodes:
        groups[number[node]].append(node)
    return sorted(groups, key=lambda members: -len(members))  # stable: they stand by their first nodes
