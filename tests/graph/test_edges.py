from graph.edges import all_edges, edge_between
from graph.model import EdgeKind
from graph.snapshot import GraphSnapshot


def test_every_edge_is_told_once(tiny: GraphSnapshot) -> None:
    assert sorted(all_edges(tiny)) == [
        ("a_storm", "a_wave"),
        ("a_storm", "p_harbour"),
        ("a_storm", "t_sea"),
        ("a_storm", "t_weather"),
        ("t_weather", "t_sea"),
    ]


def test_edge_between_two_nodes_has_a_kind_and_a_place(tiny: GraphSnapshot) -> None:
    assert edge_between(tiny, "a_storm", "t_sea") == (EdgeKind.ABOUT, 2)
    assert edge_between(tiny, "t_sea", "a_storm") is None
    assert edge_between(tiny, "a_wave", "nobody") is None
