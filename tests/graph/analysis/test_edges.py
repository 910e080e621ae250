from graph.analysis.edges import edges_between
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind
from tests.graph.analysis.test_hubs import graph_of


def test_edge_between_two_nodes_has_a_kind_and_a_place(tiny: GraphSnapshot) -> None:
    assert list(edges_between(tiny, "a_storm", "t_sea")) == [(EdgeKind.ABOUT, 2)]
    assert list(edges_between(tiny, "t_sea", "a_storm")) == []
    assert list(edges_between(tiny, "a_wave", "nobody")) == []


def test_edges_of_several_kinds_come_in_the_order_asked() -> None:
    snapshot = graph_of([("a0", "a1", EdgeKind.LINKS_TO), ("a0", "a1", EdgeKind.RELATED_TO)])
    assert list(edges_between(snapshot, "a0", "a1")) == [(EdgeKind.RELATED_TO, 1), (EdgeKind.LINKS_TO, 1)]
    assert list(edges_between(snapshot, "a0", "a1", [EdgeKind.LINKS_TO])) == [(EdgeKind.LINKS_TO, 1)]
