"""Communities, against networkx."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis import communities as module
from graph.analysis.communities import communities
from graph.analysis.networks import Network
from tests.cases import random_cases, random_from
from tests.graph.analysis.test_networks import EDGES, IDS, directed


def undirected(ids: Sequence[str], edges: Iterable[tuple[str, str]]) -> Network:
    return directed(ids, edges).to_undirected()


@pytest.mark.parametrize(("ids", "expected"), [("", []), ("ab", [["a"], ["b"]])])
def test_network_without_edges_has_communities_of_one(ids: str, expected: list[list[str]]) -> None:
    assert communities(undirected(ids, [])) == expected


def test_communities_stand_by_size_and_then_by_their_first_node() -> None:
    triangle, pair, path = ["ef", "fg", "eg"], ["bd"], ["ac", "ch"]
    network = undirected("abcdefgh", [(edge[0], edge[1]) for edge in triangle + pair + path])
    assert communities(network) == [[*"ach"], [*"efg"], [*"bd"]]


@random_cases(of=1000)
@given(EDGES, st.integers())
def test_communities_are_as_good_as_those_of_networkx(edges: list[tuple[str, str]], seed: int) -> None:
    network = undirected(IDS, edges)
    found = communities(network)
    assert sorted(chain(*found)) == IDS
    assert found == sorted(found, key=lambda members: (-len(members), members))
    assert all(sorted(members) == members for members in found)
    ends = set(chain(*network.edges()))
    assert all(members[0] not in ends for members in found if len(members) == 1)

    shuffled = random_from(seed).sample(edges, len(edges))
    assert communities(undirected(IDS, shuffled)) == found

    oracle: nx.Graph[str] = nx.Graph(list(network.edges()))
    if oracle:  # networkx's own Louvain never ends on some of these graphs
        theirs = modularity(oracle, nx.community.greedy_modularity_communities(oracle))
        assert modularity(oracle, [set(members) & set(oracle) for members in found]) >= theirs - 0.15


def modularity(oracle: "nx.Graph[str]", parts: Iterable[Iterable[str]]) -> float:
    return float(nx.community.modularity(oracle, [set(part) for part in parts if part]))


def caveman(cliques: int) -> Network:
    """Cliques of six in a ring, as many edges to the outside of each as make a partition a matter of chance."""
    oracle = nx.relaxed_caveman_graph(cliques, 6, 0.35, seed=7)
    ids = [f"n{vertex:04}" for vertex in sorted(oracle)]
    return undirected(ids, [(ids[start], ids[end]) for start, end in oracle.edges])


def test_lower_resolution_keeps_together_what_chance_would_nearly_link() -> None:
    ids = [f"n{number:02}" for number in range(67)]
    pairs = [(ids[start], ids[end]) for start in range(67) for end in range(start) if (start + end) % 11]
    network = undirected(ids, pairs)
    assert len(communities(network)) > 1
    assert communities(network, resolution=0.5) == [ids]


def test_communities_are_the_same_on_every_call_and_in_every_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    network = caveman(60)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: communities(network), range(40)))
    assert answers == [answers[0]] * 40
    monkeypatch.setattr(module, "_SEED", 1)
    assert communities(network) != answers[0]  # so the seed does decide


IN_A_PROCESS = """
from tests.graph.analysis.test_communities import caveman, communities
print(communities(caveman(60)))
"""


def test_communities_are_the_same_in_every_process(pytestconfig: pytest.Config) -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", IN_A_PROCESS],
            cwd=pytestconfig.rootpath,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert answers == {f"{communities(caveman(60))}\n"}
