"""The places of a graph's nodes: hubs apart, all others around the middle."""

from math import dist

import pytest

from graph.analysis.hubs import hubs
from graph.analysis.positions import positions
from graph.building.snapshot import GraphSnapshot
from tests.graph.analysis.test_hubs import ABOUT, RELATED_TO, graph_of, idle


def test_hubs_stand_in_a_row_above_all_others() -> None:
    around = [(f"a{number:02}", "t_all", ABOUT) for number in range(20)]
    half = [(f"a{number:02}", "t_half", ABOUT) for number in range(10)]
    snapshot = graph_of([*around, *half, ("a00", "a01", RELATED_TO)])
    found = positions(snapshot)
    assert hubs(snapshot) == {"t_all", "t_half"}
    above = {found[hub][1] for hub in hubs(snapshot)}
    highest = max(y for node_id, (_, y) in found.items() if node_id not in hubs(snapshot))
    assert above == {highest + 120}
    assert dist(found["t_all"], found["t_half"]) >= 120


def test_a_hub_has_no_say_in_where_its_neighbors_stand() -> None:
    links = [("a1", "a2", RELATED_TO), ("a3", "a4", RELATED_TO)]
    without = positions(graph_of([*links, ("a1", "t_all", ABOUT)]))
    found = positions(graph_of([*links, *((f"a{number}", "t_all", ABOUT) for number in range(1, 5))]))
    assert dist(found["a1"], found["a2"]) < dist(found["a1"], found["a3"])
    assert found["t_all"][1] > max(found[f"a{number}"][1] for number in range(1, 5))
    assert without["t_all"] != found["t_all"]


def test_the_middle_of_the_picture_is_at_zero() -> None:
    snapshot = graph_of(idle(40))
    columns, rows = zip(*positions(snapshot).values(), strict=True)
    assert abs(min(columns) + max(columns)) <= 0.2
    assert abs(min(rows) + max(rows)) <= 0.2


def test_an_empty_graph_has_no_places() -> None:
    assert positions(graph_of([])) == {}


def test_places_are_rounded(seeds: GraphSnapshot) -> None:
    numbers = [number for place in positions(seeds).values() for number in place]
    assert all(number == round(number, 1) for number in numbers)
    assert "-0.0" not in map(str, numbers)


@pytest.mark.thorough
def test_neighbors_of_the_corpus_stand_near_each_other(azure: GraphSnapshot) -> None:
    found = positions(azure)
    assert found.keys() == azure.nodes.keys()
    related = azure.targets[RELATED_TO]
    pairs = [(source, target) for source, targets in sorted(related.items()) for target in targets[:1]]
    strangers = [(source, pairs[number * 7 % len(pairs)][1]) for number, (source, _) in enumerate(pairs)]
    near, far = (sorted(dist(found[one], found[other]) for one, other in some) for some in (pairs, strangers))
    assert near[len(near) // 2] < far[len(far) // 2] / 5
