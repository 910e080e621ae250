from graph.analysis.edges import edge_between
from graph.building.snapshot import GraphSnapshot
from graph.model import EdgeKind


def test_edge_between_two_nodes_has_a_kind_and_a_place(tiny: GraphSnapshot) -> None:
    assert edge_between(tiny, "a_storm", "t_sea") == (EdgeKind.ABOUT, 2)
    assert edge_between(tiny, "t_sea", "a_storm") is None
    assert edge_between(tiny, "a_wave", "nobody") is None
