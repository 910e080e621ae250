"""Networks and their communities, against networkx."""

import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.networks import Network, communities, directed_network, undirected_network
from tests.cases import random_cases

IDS = [f"n{number:02}" for number in range(24)]
EDGES = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(IDS)), max_size=90, unique=True)


def edges_of(network: Network) -> list[tuple[int, int]]:
    return [edge.tuple for edge in network.es]


def directed(ids: Sequence[str], edges: Iterable[tuple[str, str]]) -> Network:
    targets: dict[str, list[str]] = {node_id: [] for node_id in ids}
    for start, end in edges:
        targets[start].append(end)
    return directed_network(ids, targets)


def undirected(ids: Sequence[str], edges: Iterable[tuple[str, str]]) -> Network:
    return undirected_network(directed(ids, edges))


def test_vertices_stand_as_the_ids_and_edges_as_in_the_lists() -> None:
    network = directed(["c", "a", "b"], [("b", "a"), ("a", "a"), ("c", "b"), ("a", "b")])
    assert network.is_directed()
    assert edges_of(network) == [(0, 2), (1, 1), (1, 2), (2, 1)]


def test_undirected_network_has_one_edge_for_both_directions_and_no_loops() -> None:
    network = undirected("abcd", [("b", "a"), ("a", "b"), ("c", "c"), ("c", "b")])
    assert not network.is_directed()
    assert (network.vcount(), edges_of(network)) == (4, [(0, 1), (1, 2)])


@pytest.mark.parametrize(("ids", "expected"), [("", []), ("ab", [[0], [1]])])
def test_network_without_edges_has_communities_of_one(ids: str, expected: list[list[int]]) -> None:
    assert communities(undirected(ids, [])) == expected


def test_communities_stand_by_size_and_then_by_their_first_vertex() -> None:
    triangle, pair, path = ["ef", "fg", "eg"], ["bd"], ["ac", "ch"]
    network = undirected("abcdefgh", [(edge[0], edge[1]) for edge in triangle + pair + path])
    assert communities(network) == [[0, 2, 7], [4, 5, 6], [1, 3]]


@random_cases(1000)
@given(EDGES, st.integers())
def test_communities_are_as_good_as_those_of_networkx(edges: list[tuple[str, str]], seed: int) -> None:
    network = undirected(IDS, edges)
    found = communities(network)
    assert sorted(vertex for members in found for vertex in members) == list(range(len(IDS)))
    assert found == sorted(found, key=lambda members: (-len(members), members))
    assert all(network.degree(members[0]) == 0 for members in found if len(members) == 1)

    shuffled = random.Random(seed).sample(edges, len(edges))
    assert communities(undirected(IDS, shuffled)) == found

    oracle: nx.Graph[int] = nx.Graph(edges_of(network))
    if oracle:  # networkx's own Louvain never ends on some of these graphs
        theirs = modularity(oracle, nx.community.greedy_modularity_communities(oracle))
        assert modularity(oracle, [set(members) & set(oracle) for members in found]) >= theirs - 0.15


def modularity(oracle: "nx.Graph[int]", parts: Iterable[Iterable[int]]) -> float:
    return float(nx.community.modularity(oracle, [set(part) for part in parts if part]))


def caveman(cliques: int) -> Network:
    """Cliques of six in a ring, as many edges to the outside of each as make a partition a matter of chance."""
    oracle = nx.relaxed_caveman_graph(cliques, 6, 0.35, seed=7)
    ids = [f"n{vertex:04}" for vertex in sorted(oracle)]
    return undirected(ids, [(ids[start], ids[end]) for start, end in oracle.edges])


def test_lower_resolution_keeps_together_what_chance_would_nearly_link() -> None:
    pairs = [(start, end) for start in range(67) for end in range(start) if (start + end) % 11]
    network = igraph.Graph(n=67, edges=pairs)
    assert len(communities(network)) > 1
    assert communities(network, resolution=0.5) == [list(range(67))]


def test_communities_are_the_same_on_every_call_and_in_every_thread() -> None:
    network = caveman(60)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: communities(network), range(40)))
    assert answers == [answers[0]] * 40
    igraph.set_random_number_generator(random.Random(1))
    by_chance = sorted(sorted(members) for members in network.community_multilevel())
    igraph.set_random_number_generator(random)
    assert by_chance != sorted(answers[0])  # so the seed does decide


def test_random_numbers_of_the_process_stay_as_they_were() -> None:
    network = caveman(10)
    random.seed(5)
    state = random.getstate()
    communities(network)
    assert random.getstate() == state
    assert igraph.Graph.Erdos_Renyi(n=30, p=0.2).get_edgelist()
    assert random.getstate() != state  # igraph draws from Python's generator again


def test_generator_is_given_back_after_a_failure() -> None:
    with pytest.raises(AttributeError):
        communities(None)
    random.seed(5)
    state = random.getstate()
    assert igraph.Graph.Erdos_Renyi(n=30, p=0.2).get_edgelist()
    assert random.getstate() != state
