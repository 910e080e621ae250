"""Projections against networkx's of the bipartite graph, and the backbone against the integral that defines it."""

from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from networkx.algorithms import bipartite
from scipy.integrate import quad

from graph.analysis.hubs import hubs
from graph.analysis.projections import PROJECTED, Backbone, Projection, Shared
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import ABOUT, PUBLISHED_BY, RELATED_TO, WRITTEN_BY, graph_of, idle, small_graphs

EDGES = {NodeKind.PROVIDER: PUBLISHED_BY, NodeKind.TOPIC: ABOUT, NodeKind.PERSON: WRITTEN_BY}


def bipartite_graph(snapshot: GraphSnapshot, kind: NodeKind) -> "nx.Graph[Any]":
    """Nodes of the kind on one side; on the other what they share, as pairs of its sort and its id."""
    graph: nx.Graph[Any] = nx.Graph()
    graph.add_nodes_from(snapshot.ids[kind])
    for article in snapshot.ids[NodeKind.ARTICLE]:
        for node in snapshot.targets[EDGES[kind]].get(article, ()):
            graph.add_edge(node, ("article", article))
            if story := stories(snapshot).by_article.get(article):
                graph.add_edge(node, ("story", story))
            if kind is not NodeKind.TOPIC:
                topics = snapshot.targets[ABOUT].get(article, ())
                graph.add_edges_from((node, ("topic", topic)) for topic in topics if topic not in hubs(snapshot))
    return graph


def assert_as_networkx_projects(snapshot: GraphSnapshot, kind: NodeKind) -> None:
    graph = bipartite_graph(snapshot, kind)
    ids = snapshot.ids[kind]
    weighted = bipartite.collaboration_weighted_projected_graph(graph, ids)
    projection = Projection(snapshot, kind, snapshot.ids[NodeKind.ARTICLE])
    for one in ids:
        found = projection.neighbors(one)
        assert list(found) == sorted(weighted[one])
        for other, shared in found.items():
            sorts = [sort for sort, _ in set(graph[one]) & set(graph[other])]
            assert shared[:3] == tuple(sorts.count(sort) for sort in ("article", "story", "topic"))
            assert shared.weight == pytest.approx(weighted[one][other]["weight"], abs=1e-8)


@pytest.mark.parametrize("kind", PROJECTED)
def test_seeds_are_projected_as_networkx_does(seeds: GraphSnapshot, kind: NodeKind) -> None:
    assert_as_networkx_projects(seeds, kind)


@random_cases(150)
@given(small_graphs())
def test_any_graph_is_projected_as_networkx_does(snapshot: GraphSnapshot) -> None:
    for kind in PROJECTED:
        assert_as_networkx_projects(snapshot, kind)


def test_what_two_providers_share() -> None:
    links = [
        ("a1", "p1", PUBLISHED_BY),
        ("a2", "p2", PUBLISHED_BY),
        ("a3", "p3", PUBLISHED_BY),
        ("a1", "a2", RELATED_TO),
    ]
    snapshot = graph_of([*links, *((article, "t1", ABOUT) for article in ("a1", "a2", "a3")), *idle(30)])
    projection = Projection(snapshot, NodeKind.PROVIDER, snapshot.ids[NodeKind.ARTICLE])
    assert projection.neighbors("p1") == {"p2": Shared(0, 1, 1, 1.5), "p3": Shared(0, 0, 1, 0.5)}


def test_only_the_given_articles_count() -> None:
    links = [(article, topic, ABOUT) for article, topic in [("a1", "t1"), ("a1", "t2"), ("a2", "t1"), ("a2", "t3")]]
    snapshot = graph_of([*links, *idle(30)])
    assert set(Projection(snapshot, NodeKind.TOPIC, ["a1"]).neighbors("t1")) == {"t2"}


def test_what_more_than_a_hundred_share_is_left_out() -> None:
    def neighbors(count: int) -> int:
        links = [(f"a{number}", f"p{number:03}", PUBLISHED_BY) for number in range(count)]
        links += [(article, "t1", ABOUT) for article, _, _ in links]
        snapshot = graph_of([*links, *idle(600)])
        return len(Projection(snapshot, NodeKind.PROVIDER, snapshot.ids[NodeKind.ARTICLE]).neighbors("p000"))

    assert (neighbors(100), neighbors(101)) == (99, 0)


def chance(weight: float, weights: list[float]) -> float:
    """That so large a share of a node's weight falls on one of its edges: the integral in the paper, which the closed form solves."""
    degree = len(weights)
    if degree < 2:
        return 1.0
    below, _ = quad(lambda share: (1 - share) ** (degree - 2), 0, weight / sum(weights))
    return float(1 - (degree - 1) * below)


@pytest.mark.parametrize("kind", PROJECTED)
def test_backbone_of_the_seeds_is_that_of_the_integral(seeds: GraphSnapshot, kind: NodeKind) -> None:
    assert_backbone(seeds, kind)


@random_cases(100)
@given(small_graphs())
def test_backbone_of_any_graph_is_that_of_the_integral(snapshot: GraphSnapshot) -> None:
    assert_backbone(snapshot, NodeKind.TOPIC)


def assert_backbone(snapshot: GraphSnapshot, kind: NodeKind) -> None:
    weighted = bipartite.collaboration_weighted_projected_graph(bipartite_graph(snapshot, kind), snapshot.ids[kind])
    backbone = Backbone(Projection(snapshot, kind, snapshot.ids[NodeKind.ARTICLE]), snapshot.ids[kind])
    for one, other in combinations(snapshot.ids[kind], 2):
        if weighted.has_edge(one, other):
            weight = weighted[one][other]["weight"]
            at_ends = [chance(weight, [data["weight"] for data in weighted[end].values()]) for end in (one, other)]
            if abs(min(at_ends) - 0.05) > 1e-6:
                assert backbone.keeps(one, other, weight) == (min(at_ends) < 0.05)


def test_backbone_keeps_the_edge_that_stands_out() -> None:
    """A topic that meets ten others once each and one of them twenty times."""
    links = [(f"a{number}", topic, ABOUT) for number in range(10) for topic in ("t_hub", f"t{number}")]
    links += [(f"a_more{number}", topic, ABOUT) for number in range(20) for topic in ("t_hub", "t0")]
    snapshot = graph_of([*links, *idle(200)])
    projection = Projection(snapshot, NodeKind.TOPIC, snapshot.ids[NodeKind.ARTICLE])
    backbone = Backbone(projection, snapshot.ids[NodeKind.TOPIC])
    found = projection.neighbors("t_hub")
    assert {other: shared.weight for other, shared in found.items()} == {"t0": 21} | {f"t{n}": 1 for n in range(1, 10)}
    assert [other for other, shared in found.items() if backbone.keeps("t_hub", other, shared.weight)] == ["t0"]
