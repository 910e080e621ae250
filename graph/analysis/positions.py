"""Where a picture of the whole graph shows each node."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from graph.analysis.hubs import hubs
from graph.analysis.layout import layout
from graph.analysis.networks import Network, directed_network
from graph.building.derived import once_per_structure
from graph.building.snapshot import GraphSnapshot

Point = tuple[float, float]

_SPACING = 30.0
"""Between one node and the next, about."""
_DIGITS = 1
"""After the decimal point."""
_HUB_SPACING = 4 * _SPACING


@once_per_structure
def positions(snapshot: GraphSnapshot) -> Mapping[str, Point]:
    """The place of every loaded node, by id; the middle of the picture is at (0, 0), and nodes stand about 30 apart.

    Hubs, which would draw everything together, have no say in it. They stand in a row above all others, in the order in which
    most of their neighbors do.
    Cost: nearly linear in edges, once.
    """
    ids = tuple(snapshot.nodes)
    network = directed_network(ids, *snapshot.targets.values()).to_undirected()
    apart = hubs(snapshot)
    found = placed(network.without_edges_of(apart), [node_id for node_id in ids if node_id not in apart])
    top = max((y for _, y in found.values()), default=0.0) + _HUB_SPACING
    return found | _row(network, found, sorted(apart), top)


def placed(network: Network, nodes: Iterable[str]) -> dict[str, Point]:
    """The places of these nodes in a picture of the network, whose middle is at (0, 0)."""
    points = dict(zip(network.nodes, layout(network), strict=True))
    wanted = {node: points[node] for node in nodes}
    if not wanted:
        return {}
    columns, rows = ([point.real for point in wanted.values()], [point.imag for point in wanted.values()])
    middle = complex(_middle(columns), _middle(rows))
    return {node: _rounded(point - middle) for node, point in wanted.items()}


def _middle(numbers: Sequence[float]) -> float:
    return (min(numbers) + max(numbers)) / 2


def _rounded(point: complex) -> Point:
    # Adding zero makes no -0.0 of what is rounded away.
    return round(point.real * _SPACING, _DIGITS) + 0.0, round(point.imag * _SPACING, _DIGITS) + 0.0


def _row(network: Network, found: Mapping[str, Point], apart: Sequence[str], y: float) -> dict[str, Point]:
    """Places at this height, in the order of the median neighbors."""
    place = {node: number for number, node in enumerate(network.nodes)}
    wanted = {}
    for node in apart:
        around = [network.nodes[other] for other in network.neighbors[place[node]]]
        columns = sorted(found[other][0] for other in around if other in found)
        wanted[node] = columns[len(columns) // 2] if columns else 0.0
    order = sorted(apart, key=lambda node: (wanted[node], node))
    if not order:
        return {}
    middle = _middle([wanted[node] for node in order])
    first = middle - _HUB_SPACING * (len(order) - 1) / 2
    return {node: (round(first + _HUB_SPACING * number, _DIGITS) + 0.0, y) for number, node in zip(count(), order)}
