from graph.edges import all_targets, edge_between
from graph.model import EdgeKind
from graph.snapshot import GraphSnapshot


def test_every_edge_is_told_once(tiny: GraphSnapshot) -> None:
    assert {node_id: found for node_id in tiny.nodes if (found := sorted(all_targets(tiny, node_id)))} == {
        "a_storm": ["a_wave", "p_harbour", "t_sea", "t_weather"],
        "t_weather": ["t_sea"],
    }


def test_edge_between_two_nodes_has_a_kind_and_a_place(tiny: GraphSnapshot) -> None:
    assert edge_between(tiny, "a_storm", "t_sea") == (EdgeKind.ABOUT, 2)
    assert edge_between(tiny, "t_sea", "a_storm") is None
    assert edge_between(tiny, "a_wave", "nobody") is None
