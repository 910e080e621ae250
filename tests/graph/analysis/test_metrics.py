"""Metrics, against networkx."""

import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python  # type: ignore[attr-defined]  # no numpy

from graph.analysis import metrics as module
from graph.analysis.backend import convert_from_nx
from graph.analysis.hubs import hubs
from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.networks import Network
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, Provider, Topic
from tests.cases import random_cases
from tests.edges import Edge, targets_of

ARTICLES = [f"a_{number}" for number in range(8)]
PROVIDERS = ["p_0", "p_1"]
TOPICS = ["t_0", "t_1", "t_2"]


def snapshot_of(ids: Iterable[str], edges: Iterable[Edge]) -> GraphSnapshot:
    content = MergeResult(targets=targets_of(edges))
    for node_id in ids:
        match node_id[0]:
            case "a":
                content.articles.append(Article(node_id, f"https://{node_id}", ArticleOrigin.DOCUMENT, node_id))
            case "p":
                content.providers.append(Provider(node_id, node_id, node_id))
            case _:
                content.topics.append(Topic(node_id, node_id, node_id))
    return build_snapshot(content)


def related(pairs: Iterable[tuple[str, str]]) -> list[Edge]:
    return [Edge(start, end, EdgeKind.RELATED_TO, 1) for start, end in pairs]


# The oracle.


def plain_digraph(snapshot: GraphSnapshot) -> "nx.DiGraph[str]":
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.add_nodes_from(snapshot.digraph)
    digraph.add_edges_from(snapshot.digraph.edges)
    return digraph


def undirected(snapshot: GraphSnapshot, without: Iterable[str] = ()) -> "nx.Graph[str]":
    """Without the self-loops, and without the edges of some nodes."""
    simple = plain_digraph(snapshot).to_undirected()
    simple.remove_edges_from(list(nx.selfloop_edges(simple)))
    simple.remove_edges_from(list(simple.edges(list(without))))
    return simple


def parts(snapshot: GraphSnapshot) -> list[list[str]]:
    """The ids in each community, in the order of their numbers."""
    found: dict[int, list[str]] = defaultdict(list)
    for node_id, node in metrics(snapshot).items():
        found[node.community].append(node_id)
    assert sorted(found) == list(range(len(found)))
    return [found[number] for number in range(len(found))]


def assert_equals_networkx(snapshot: GraphSnapshot) -> None:
    digraph, simple, hubless = plain_digraph(snapshot), undirected(snapshot), undirected(snapshot, hubs(snapshot))
    found = metrics(snapshot)
    assert list(found) == list(snapshot.nodes)
    assert {name: node.in_degree for name, node in found.items()} == dict(digraph.in_degree)
    assert {name: node.out_degree for name, node in found.items()} == dict(digraph.out_degree)
    assert {name: node.core_number for name, node in found.items()} == nx.core_number(simple)
    page_ranks = {name: node.page_rank for name, node in found.items()}
    assert page_ranks == pytest.approx(page_rank(digraph, page_ranks), rel=1e-6)
    betweenness = nx.betweenness_centrality(hubless)
    assert {name: node.betweenness for name, node in found.items()} == pytest.approx(betweenness, abs=1e-9)
    assert_communities(parts(snapshot), hubless)


def page_rank(digraph: "nx.DiGraph[str]", start: dict[str, float]) -> dict[str, float]:
    """Where the iteration ends: at the same values from any start, sooner from near them."""
    found: dict[str, float] = _pagerank_python(digraph, alpha=0.85, tol=1e-12, max_iter=1000, nstart=start)
    return found


def assert_communities(groups: Sequence[Sequence[str]], hubless: "nx.Graph[str]") -> None:
    assert sorted(chain(*groups)) == sorted(hubless)
    assert list(groups) == sorted(groups, key=lambda group: (-len(group), group[0]))
    component = {name: number for number, found in enumerate(nx.connected_components(hubless)) for name in found}
    assert all(len({component[name] for name in group}) == 1 for group in groups)
    if hubless.size():
        theirs = nx.community.greedy_modularity_communities(hubless)
        assert modularity(hubless, groups) >= modularity(hubless, theirs) - 0.15


def modularity(simple: "nx.Graph[str]", groups: Iterable[Iterable[str]]) -> float:
    return float(nx.community.modularity(simple, [set(group) for group in groups]))


# Graphs by hand.


def test_graph_of_nothing_has_no_metrics() -> None:
    assert dict(metrics(build_snapshot(MergeResult()))) == {}


def test_node_alone_has_all_page_rank() -> None:
    assert dict(metrics(snapshot_of(["a_0"], []))) == {"a_0": NodeMetrics(0, 0, 1.0, 0.0, 0, 0)}


def test_metrics_of_a_path_between_two_triangles() -> None:
    names = [f"a_{number:02}" for number in range(40)]  # so many that none of the seven is a hub
    pairs = [
        (names[start], names[end]) for start, end in [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 5), (5, 6), (6, 4)]
    ]
    found = metrics(snapshot_of(names, related(pairs)))
    rows = [(node.in_degree, node.out_degree, node.core_number, node.community) for node in found.values()]
    assert rows[:7] == [
        (1, 1, 2, 0),
        (1, 1, 2, 0),
        (1, 2, 2, 0),
        (1, 1, 2, 0),
        (2, 1, 2, 1),
        (1, 1, 2, 1),
        (1, 1, 2, 1),
    ]
    assert rows[7:] == [(0, 0, 0, number) for number in range(2, 35)]
    pair_count = 39 * 38 / 2
    between = [round(node.betweenness * pair_count, 6) for node in found.values()]
    assert between == [0, 0, 8, 9, 8, *[0] * 35]


def test_two_articles_that_name_each_other_have_one_edge_in_either_direction() -> None:
    found = metrics(snapshot_of(ARTICLES[:2], related([("a_0", "a_1"), ("a_1", "a_0"), ("a_1", "a_1")])))
    assert [(node.in_degree, node.out_degree, node.core_number) for node in found.values()] == [(1, 1, 1), (2, 2, 1)]


def test_hub_stands_between_nothing_and_is_alone_in_its_community() -> None:
    names = [f"a_{number:02}" for number in range(30)]
    triples = [(names[number], names[number + 1]) for number in range(30) if number % 3 < 2]
    about = [Edge(name, "t_0", EdgeKind.ABOUT, 1) for name in names]
    snapshot = snapshot_of([*names, "t_0"], [*related(triples), *about])
    assert hubs(snapshot) == {"t_0"}
    found = metrics(snapshot)
    hub = found["t_0"]
    assert (hub.in_degree, hub.betweenness, hub.core_number, hub.community) == (30, 0.0, 2, 10)
    assert [found[name].community for name in names] == [number // 3 for number in range(30)]
    assert [name for name in names if found[name].betweenness] == names[1::3]
    assert max(found, key=lambda name: found[name].page_rank) == "t_0"


def test_metrics_are_computed_once(tiny: GraphSnapshot) -> None:
    assert metrics(tiny) is metrics(tiny)


# Generated graphs.


def pairs_of(starts: Sequence[str], ends: Sequence[str], most: int) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.sampled_from(starts), st.sampled_from(ends)), max_size=most, unique=True)


@st.composite
def contents(draw: st.DrawFn) -> tuple[list[str], list[Edge]]:
    """Ids and edges of all four kinds, with as many articles beside them as make hubs of none, some or all."""
    drawn = {
        EdgeKind.RELATED_TO: draw(pairs_of(ARTICLES, ARTICLES, 20)),
        EdgeKind.PUBLISHED_BY: draw(pairs_of(ARTICLES, PROVIDERS, 8)),
        EdgeKind.ABOUT: draw(pairs_of(ARTICLES, TOPICS, 12)),
        EdgeKind.BROADER: draw(pairs_of(TOPICS, TOPICS, 3)),
    }
    beside = [f"a_beside_{number}" for number in range(draw(st.sampled_from([0, 8, 24])))]
    edges = [Edge(start, end, kind, place) for kind, pairs in drawn.items() for place, (start, end) in enumerate(pairs)]
    return [*ARTICLES, *PROVIDERS, *TOPICS, *beside], edges


@random_cases(1000)
@given(contents(), st.integers())
def test_metrics_of_generated_graphs_equal_networkx(content: tuple[list[str], list[Edge]], seed: int) -> None:
    ids, edges = content
    snapshot = snapshot_of(ids, edges)
    assert_equals_networkx(snapshot)
    shuffler = random.Random(seed)
    other = snapshot_of(shuffler.sample(ids, len(ids)), shuffler.sample(edges, len(edges)))
    assert dict(metrics(other)) == dict(metrics(snapshot))


@pytest.mark.parametrize("sources", [3, 20, 59])
@pytest.mark.thorough
def test_estimate_is_right_on_the_whole(sources: int) -> None:
    """Over all choices of sources the estimates of a node come out at its exact betweenness."""
    graph = nx.relaxed_caveman_graph(10, 6, 0.3, seed=2)
    exact = nx.betweenness_centrality(graph)
    network = convert_from_nx(graph)
    estimates: list[Any] = [
        nx.betweenness_centrality(network, sources, seed=seed, backend="frontgraph") for seed in range(600)
    ]
    means = {node: statistics.fmean(values[node] for values in estimates) for node in graph}
    assert means == pytest.approx(exact, rel=0.1, abs=0.003)


@pytest.mark.parametrize(
    ("nodes", "edges", "expected"),
    [(0, 0, 0), (500, 100_000, 500), (501, 1_000, 500), (5_391, 84_616, 202), (500_000, 5_000_000, 16)],
)
def test_sources_are_fewer_where_each_costs_more(nodes: int, edges: int, expected: int) -> None:
    neighbors = [range(2 * edges // nodes)] * nodes if nodes else []
    assert module._source_count(Network(range(nodes), neighbors, is_directed=False)) == pytest.approx(expected, abs=1)  # type: ignore[arg-type]


# The seeds and real articles.


def test_metrics_of_the_seeds_equal_networkx(seeds: GraphSnapshot) -> None:
    assert_equals_networkx(seeds)
    hubless = undirected(seeds, hubs(seeds))
    theirs = nx.community.louvain_communities(hubless, seed=1)
    assert modularity(hubless, parts(seeds)) >= modularity(hubless, theirs) - 0.01


@pytest.fixture(scope="module")
def without_hubs(azure: GraphSnapshot) -> "nx.Graph[str]":
    return undirected(azure, hubs(azure))


@pytest.mark.thorough
def test_degrees_page_rank_and_core_number_of_real_articles_equal_networkx(azure: GraphSnapshot) -> None:
    digraph, found = plain_digraph(azure), metrics(azure)
    assert [node.in_degree for node in found.values()] == [digraph.in_degree(name) for name in found]
    assert [node.out_degree for node in found.values()] == [digraph.out_degree(name) for name in found]
    assert {name: node.core_number for name, node in found.items()} == nx.core_number(undirected(azure))
    page_ranks = {name: node.page_rank for name, node in found.items()}
    assert page_ranks == pytest.approx(page_rank(digraph, page_ranks), rel=1e-6)
    assert sum(node.page_rank for node in found.values()) == pytest.approx(1, abs=1e-9)


@pytest.mark.thorough
def test_betweenness_of_real_articles_ranks_them_nearly_as_the_exact_one(
    azure: GraphSnapshot, without_hubs: "nx.Graph[str]"
) -> None:
    found: Any = nx.betweenness_centrality(without_hubs, backend="frontgraph")
    exact = [found[name] for name in azure.nodes]
    estimated = [metrics(azure)[name].betweenness for name in azure.nodes]
    assert sum(estimated) == pytest.approx(sum(exact), rel=0.03)
    assert statistics.correlation(exact, estimated) > 0.97
    assert statistics.correlation(ranks(exact), ranks(estimated)) > 0.95


def ranks(values: Sequence[float]) -> list[float]:
    """Places in ascending order; equal values share the mean of theirs."""
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values)):
        places[value].append(place)
    return [statistics.fmean(places[value]) for value in values]


@pytest.mark.thorough
def test_communities_of_real_articles_are_as_good_as_those_of_networkx(
    azure: GraphSnapshot, without_hubs: "nx.Graph[str]"
) -> None:
    groups = parts(azure)
    theirs = nx.community.louvain_communities(without_hubs, seed=1)
    assert modularity(without_hubs, groups) >= modularity(without_hubs, theirs) - 0.01
    assert len(groups[0]) < len(azure.nodes) / 10
    with_hubs = nx.community.louvain_communities(undirected(azure), seed=1)
    assert max(map(len, with_hubs)) > len(azure.nodes) / 3  # why the edges of hubs are left out


@pytest.mark.thorough
def test_hubs_of_real_articles_stand_between_nothing(azure: GraphSnapshot) -> None:
    found = [metrics(azure)[name] for name in sorted(hubs(azure))]
    assert [(node.betweenness, node.in_degree > 2000) for node in found] == [(0.0, True), (0.0, True)]


METRICS_OF_THE_SEEDS = """
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.analysis import metrics

metrics._MOST_SOURCES = 40
print(metrics.metrics(load_snapshot([Path("seeds")])))
"""


@pytest.mark.thorough
def test_metrics_do_not_depend_on_how_python_hashes(pytestconfig: pytest.Config) -> None:
    answers = {
        subprocess.run(
            [sys.executable, "-c", METRICS_OF_THE_SEEDS],
            cwd=pytestconfig.rootpath,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1
    assert answers.pop().count("NodeMetrics(") > 80
