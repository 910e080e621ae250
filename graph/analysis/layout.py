"""Where to draw the nodes of a network: nodes with common neighbors near each other, the same on every run and machine.

A multilevel layout (Walshaw, "A Multilevel Algorithm for Force-Directed Graph-Drawing", 2003): nodes are joined in pairs until few are
left, these are placed, and each pair is taken apart where its joint node stood. At every level nodes are drawn to the middle of
their neighbors and away from what is near, which a grid tells.

Points are complex numbers. They are only added, and multiplied and divided by real numbers: with square roots, all that every machine
computes alike to the last bit. Sines are not, nor are sums of `sum`, which differ between versions of Python.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import floor, sqrt
from operator import add, mul

from graph.analysis.networks import Network
from graph.checkpoints import checkpoint

_FEWEST = 8
"""Nodes of a level that is not made any coarser."""
_LEAST_GAIN = 0.95
"""A level with more nodes than this share of those of the one before is the last: what is left has no edges to speak of."""
_MOST_ROUNDS = 30
_FEWEST_ROUNDS = 3
_STEPS = 3_200_000
"""How many cells and edges the rounds of a level may look at, all in all: of a large level there are fewer rounds."""
_STEPS_OF_A_NODE = 25
_ROW_BITS = 20
_CELL = 1.5
"""Side of a cell of the grid, as a multiple of the usual distance."""
_BESIDE = tuple((column << _ROW_BITS) + row for column in (-1, 0, 1) for row in (-1, 0, 1) if (column, row) != (0, 0))
_SHIFT = 0.7548776662466927 + 0.5698402909980532j
"""Of the grid, in cells, from turn to turn: these multiples fill a cell evenly (Roberts, 2018)."""
_LEAST_SQUARE = 1e-6
"""Of a distance: two nodes at one point push each other nowhere."""
_PULL = 0.5
"""To the middle of the neighbors, as a share of the way."""
_PUSH = 0.1
"""Away from a node at the usual distance, as a share of that."""
_GRAVITY = 0.01
"""To the middle of the picture, as a share of the way; keeps what has no edges from drifting away."""
_COOLING = 0.92
"""From round to round, of the longest way that a node goes."""
_GOLDEN_COSINE, _GOLDEN_SINE = -0.7373688780783197, 0.6754902942615238
"""Of the angle from seed to seed in a sunflower."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A network of joined nodes."""

    neighbors: Sequence[Sequence[int]]
    weights: Sequence[Sequence[float]] | None
    """Of the edges to these neighbors; None if all are 1."""
    masses: Sequence[float]
    """How many nodes of the network each stands for."""


def layout(undirected: Network) -> list[complex]:
    """A point for each node, in their order; there is about one node to a square of side 1.

    Cost: nearly linear in nodes and edges.
    """
    level = _Level(undirected.neighbors, None, [1.0] * len(undirected))
    finer: list[tuple[_Level, Sequence[Sequence[int]]]] = []
    while len(level.masses) > _FEWEST:
        groups = _pairs(level)
        if len(groups) > _LEAST_GAIN * len(level.masses):
            break
        finer.append((level, groups))
        level = _joined(level, groups)
    points = _settled(level, _sunflower(level.masses))
    for level, joined in reversed(finer):
        points = _settled(level, _apart(level, joined, points))
    return points


def _pairs(level: _Level) -> list[Sequence[int]]:
    """Each node with the one that it is most strongly tied to and that is still free, or with another that has the same strongest tie, or alone.

    The second way is what makes stars smaller, whose leaves have but one neighbor.
    """
    size = len(level.masses)
    is_free = [True] * size
    waiting: dict[int, int] = {}
    groups: list[Sequence[int]] = []
    for node in sorted(range(size), key=lambda node: len(level.neighbors[node])):
        checkpoint()
        if not is_free[node]:
            continue
        ties = [
            (weight / level.masses[other], -other)
            for other, weight in zip(level.neighbors[node], _weights(level, node), strict=True)
        ]
        partner = max((tie for tie in ties if is_free[-tie[1]]), default=None)
        if partner is not None:
            pair = (node, -partner[1])
        elif ties and (other := waiting.pop(max(ties)[1], None)) is not None:
            pair = (other, node)
        else:
            if ties:
                waiting[max(ties)[1]] = node
            continue
        is_free[pair[0]] = is_free[pair[1]] = False
        groups.append(pair)
    return groups + [(node,) for node in range(size) if is_free[node]]


def _weights(level: _Level, node: int) -> Sequence[float]:
    return [1.0] * len(level.neighbors[node]) if level.weights is None else level.weights[node]


def _joined(level: _Level, groups: Sequence[Sequence[int]]) -> _Level:
    """The level whose nodes are these groups."""
    group_of = [0] * len(level.masses)
    for number, members in enumerate(groups):
        for node in members:
            group_of[node] = number
    neighbors, weights = [], []
    for number, members in enumerate(groups):
        checkpoint()
        ties: dict[int, float] = defaultdict(float)
        for node in members:
            for other, weight in zip(level.neighbors[node], _weights(level, node), strict=True):
                ties[group_of[other]] += weight
        ties.pop(number, None)
        neighbors.append(list(ties))
        weights.append(list(ties.values()))
    return _Level(neighbors, weights, [_total(level.masses[node] for node in members) for members in groups])


def _total(numbers: Iterable[float]) -> float:
    return reduce(add, numbers, 0.0)


def _directions() -> Iterator[complex]:
    """Unit vectors, no two alike, as seeds follow each other around a sunflower."""
    x, y = 1.0, 0.0
    while True:
        yield complex(x, y)
        x, y = x * _GOLDEN_COSINE - y * _GOLDEN_SINE, x * _GOLDEN_SINE + y * _GOLDEN_COSINE


def _sunflower(masses: Sequence[float]) -> list[complex]:
    """Points around the middle, the largest first, each with room for its mass."""
    points = [0j] * len(masses)
    area = 0.0
    for node, direction in zip(sorted(range(len(masses)), key=lambda node: -masses[node]), _directions(), strict=False):
        points[node] = direction * sqrt((area + masses[node] / 2) / 3) if area else 0j
        area += masses[node]
    return points


def _apart(level: _Level, groups: Sequence[Sequence[int]], points: Sequence[complex]) -> list[complex]:
    """The points of a level's nodes, from those of its groups."""
    found = [0j] * len(level.masses)
    for members, point, direction in zip(groups, points, _directions(), strict=False):
        for node, side in zip(members, (0.4, -0.4) if len(members) > 1 else (0.0,), strict=True):
            found[node] = point + direction * (side * sqrt(level.masses[node]))
    return found


def _settled(level: _Level, points: list[complex]) -> list[complex]:
    """The points after so many rounds that they rest, or as many as may be afforded."""
    if not points:
        return points
    steps = len(points) * _STEPS_OF_A_NODE + sum(map(len, level.neighbors))
    distance = sqrt(_total(level.masses) / len(points))
    longest = distance
    for turn in range(max(_FEWEST_ROUNDS, min(_MOST_ROUNDS, _STEPS // steps))):
        checkpoint()
        pushes = _pushes(level.masses, points, distance * _CELL, turn)
        points = [
            point + _at_most(push * _PUSH + pull * _PULL - point * _GRAVITY, longest)
            for point, push, pull in zip(points, pushes, _pulls(level, points), strict=True)
        ]
        longest *= _COOLING
    return points


def _at_most(way: complex, longest: float) -> complex:
    x, y = way.real, way.imag
    square = x * x + y * y
    return way * (longest / sqrt(square)) if square > longest * longest else way


def _pulls(level: _Level, points: Sequence[complex]) -> Iterator[complex]:
    """From each node to the middle of its neighbors."""
    at = points.__getitem__
    if level.weights is None:
        for point, others in zip(points, level.neighbors, strict=True):
            yield reduce(add, map(at, others)) / len(others) - point if others else 0j
        return
    for point, others, weights in zip(points, level.neighbors, level.weights, strict=True):
        yield reduce(add, map(mul, weights, map(at, others))) / _total(weights) - point if others else 0j


def _pushes(masses: Sequence[float], points: Sequence[complex], size: float, turn: int) -> Iterator[complex]:
    """From what is near to each node: from the middle of each cell of a grid around it, the more, the nearer and the heavier.

    The grid lies otherwise at each turn, else its lines would show in the picture.
    """
    right, up = turn * _SHIFT.real, turn * _SHIFT.imag
    keys = [(floor(point.real / size + right) << _ROW_BITS) + floor(point.imag / size + up) for point in points]
    cells: dict[int, tuple[float, complex]] = {}
    for key, mass, point in zip(keys, masses, points, strict=True):
        there, moment = cells.get(key, (0.0, 0j))
        cells[key] = (there + mass, moment + point * mass)
    middles = {key: (there, moment / there) for key, (there, moment) in cells.items()}
    beside: dict[int, list[tuple[float, complex]]] = {}
    for key, mass, point in zip(keys, masses, points, strict=True):
        if key not in beside:
            beside[key] = [middles[key + step] for step in _BESIDE if key + step in middles]
        here, moment = cells[key]
        near = beside[key]
        if here > mass:  # it is not alone in its cell
            rest = here - mass
            near = [*near, (rest, (moment - point * mass) / rest)]
        push = 0j
        for there, middle in near:
            way = point - middle
            x, y = way.real, way.imag
            push += way * (there / (x * x + y * y + _LEAST_SQUARE))
        yield push
