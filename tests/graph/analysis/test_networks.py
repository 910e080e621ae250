"""Networks, against networkx."""

from collections.abc import Iterable, Sequence

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.networks import Network, directed_network
from tests.cases import random_cases

IDS = [f"n{number:02}" for number in range(24)]
EDGES = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=90, unique=True)


def directed(ids: Sequence[str], edges: Iterable[tuple[str, str]]) -> Network:
    targets: dict[str, list[str]] = {node_id: [] for node_id in ids}
    for start, end in edges:
        targets[start].append(end)
    return directed_network(ids, targets)


def test_nodes_stand_as_the_ids_and_edges_as_in_the_lists() -> None:
    network = directed(["c", "a", "b"], [("b", "a"), ("a", "a"), ("c", "b"), ("a", "b")])
    assert (list(network), len(network), network.is_directed(), network.is_multigraph()) == ([*"cab"], 3, True, False)
    assert network.neighbors == [[2], [1, 2], [1]]
    assert list(network.edges()) == [("c", "b"), ("a", "a"), ("a", "b"), ("b", "a")]


def test_two_nodes_have_one_edge_however_many_lists_name_it() -> None:
    network = directed_network(["a", "b"], {"a": ["b", "b"]}, {"a": ["b"]})
    assert list(network.edges()) == [("a", "b")]


def test_undirected_network_has_one_edge_for_both_directions_and_no_loops() -> None:
    network = directed("abcd", [("b", "a"), ("a", "b"), ("c", "c"), ("c", "b")]).to_undirected()
    assert not network.is_directed()
    assert (len(network), list(network.edges())) == (4, [("a", "b"), ("b", "c")])


@random_cases(of=500)
@given(EDGES, st.sets(st.sampled_from(IDS), max_size=4))
def test_networks_are_those_of_networkx(edges: list[tuple[str, str]], without: set[str]) -> None:
    network = directed(IDS, edges)
    oracle: nx.DiGraph[str] = nx.DiGraph(edges)
    oracle.add_nodes_from(IDS)
    assert set(network.edges()) == set(oracle.edges)
    places = {node: place for place, node in enumerate(IDS)}
    assert network.predecessors() == [sorted(places[found] for found in oracle.pred[node]) for node in IDS]
    undirected = oracle.to_undirected()
    undirected.remove_edges_from(list(nx.selfloop_edges(undirected)))
    assert_equal(network.to_undirected(), undirected)
    undirected.remove_edges_from(list(undirected.edges(without)))
    assert_equal(network.to_undirected().without_edges_of(without), undirected)


def assert_equal(network: Network, expected: "nx.Graph[str]") -> None:
    assert sorted(network.edges()) == sorted((min(edge), max(edge)) for edge in expected.edges)
    assert list(network) == sorted(expected)


@pytest.mark.parametrize("ids", [[], ["a"]])
def test_network_may_have_no_edges(ids: list[str]) -> None:
    assert list(directed(ids, []).to_undirected().edges()) == []
