"""The layout: neighbors near each other, nothing on top of anything else, the same to the last bit."""

import hashlib
from itertools import combinations
from math import dist, isfinite
from statistics import mean, median

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis import layout as module
from graph.analysis.layout import layout
from graph.analysis.networks import Network
from tests.cases import random_cases


def network_of(graph: "nx.Graph[int]") -> Network:
    nodes = sorted(graph)
    place = {node: number for number, node in enumerate(nodes)}
    return Network(
        [str(node) for node in nodes], [sorted(place[other] for other in graph[node]) for node in nodes], False
    )


def points_of(graph: "nx.Graph[int]") -> dict[int, tuple[float, float]]:
    return {
        node: (point.real, point.imag) for node, point in zip(sorted(graph), layout(network_of(graph)), strict=True)
    }


@pytest.mark.parametrize(
    "graph",
    [
        nx.empty_graph(0),
        nx.empty_graph(1),
        nx.empty_graph(300),
        nx.star_graph(400),
        nx.path_graph(200),
        nx.complete_graph(60),
    ],
    ids=["nothing", "one", "no edges", "star", "path", "clique"],
)
def test_every_node_has_a_place_of_its_own(graph: "nx.Graph[int]") -> None:
    points = points_of(graph)
    assert len(points) == len(graph)
    assert all(isfinite(number) for point in points.values() for number in point)
    nearest = [
        min(dist(one, other) for other in points.values() if other != one) for one in points.values() if len(points) > 1
    ]
    assert len({*points.values()}) == len(points)
    assert not nearest or median(nearest) > 0.2


@random_cases(100)
@given(st.integers(0, 40), st.integers(0, 80), st.integers(0, 10_000))
def test_any_network_has_finite_places(nodes: int, edges: int, seed: int) -> None:
    graph = nx.gnm_random_graph(nodes, edges, seed=seed)
    assert all(isfinite(number) for point in points_of(graph).values() for number in point)


def test_members_of_a_group_are_near_each_other() -> None:
    """A planted partition: ten groups of thirty, with few edges between them."""
    graph = nx.planted_partition_graph(10, 30, 0.4, 0.005, seed=7)
    points = points_of(graph)
    inside = [dist(points[one], points[other]) for one, other in combinations(graph, 2) if one // 30 == other // 30]
    between = [dist(points[one], points[other]) for one, other in combinations(graph, 2) if one // 30 != other // 30]
    assert mean(inside) < 0.4 * mean(between)


def test_a_grid_is_unfolded() -> None:
    """Distances in the picture follow those along the edges, which a layout that stays folded does not give."""
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(15, 15))
    points = points_of(graph)
    steps = dict(nx.all_pairs_shortest_path_length(graph))
    near = [dist(points[one], points[other]) for one, other in combinations(graph, 2) if steps[one][other] <= 2]
    far = [dist(points[one], points[other]) for one, other in combinations(graph, 2) if steps[one][other] >= 14]
    assert mean(near) < 0.35 * mean(far)


def test_places_are_the_same_to_the_last_bit_on_every_machine() -> None:
    """The digest was made once and kept."""
    graph = nx.Graph((number, number * number % 211) for number in range(1, 211) if number * number % 211 != number)
    digest = hashlib.sha256(repr(layout(network_of(graph))).encode()).hexdigest()
    assert digest == "5658ed4eb3b865cb2baae713f971f4ddb8ab4c9e9386115fc305817f3dad9543"


def test_large_levels_have_fewer_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []
    pushes = module._pushes

    def counted(masses: list[float], points: list[complex], size: float, turn: int) -> object:
        turns.append(len(points))
        return pushes(masses, points, size, turn)

    monkeypatch.setattr(module, "_STEPS", 20_000)
    monkeypatch.setattr(module, "_pushes", counted)
    layout(network_of(nx.path_graph(1_000)))
    rounds = {size: turns.count(size) for size in turns}
    assert rounds[1_000] == 3
    assert max(rounds.values()) == 30
