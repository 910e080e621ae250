from graph.analysis.nodes import nodes_of
from graph.building.snapshot import GraphSnapshot
from graph.lists.ordering import DEFAULT_ORDERS, OrderKey, position_reader, sort_key
from graph.lists.rankings import rank, usual_ranking
from graph.model import EdgeKind, NodeKind


def test_ranking_holds_all_nodes_of_a_kind_in_their_order(seeds: GraphSnapshot) -> None:
    for kind in NodeKind:
        ranking, read = usual_ranking(seeds, kind), position_reader(seeds, kind, DEFAULT_ORDERS[kind])
        keys = [sort_key(DEFAULT_ORDERS[kind], read(node)) for node in nodes_of(seeds, kind)]
        assert [sort_key(DEFAULT_ORDERS[kind], ranking.positions[found]) for found in ranking.ids] == sorted(keys)
        assert [ranking.places[found] for found in ranking.ids] == list(range(len(keys)))


def test_some_nodes_are_sorted_as_all_are(seeds: GraphSnapshot) -> None:
    ranking = rank(seeds, NodeKind.ARTICLE, (OrderKey("title"),))
    assert ranking.sorted(reversed(ranking.ids[3:9])) == ranking.ids[3:9]


def test_sources_of_every_node_stand_in_the_order(seeds: GraphSnapshot) -> None:
    ranking = rank(seeds, NodeKind.ARTICLE, (OrderKey("quality", is_descending=True),))
    for kind in (EdgeKind.ABOUT, EdgeKind.PUBLISHED_BY):
        assert ranking.sources(seeds, kind) == {
            node_id: tuple(ranking.sorted(found)) for node_id, found in seeds.sources[kind].items()
        }


def test_usual_ranking_is_made_once_for_a_snapshot(seeds: GraphSnapshot) -> None:
    assert usual_ranking(seeds, NodeKind.ARTICLE) is usual_ranking(seeds, NodeKind.ARTICLE)
