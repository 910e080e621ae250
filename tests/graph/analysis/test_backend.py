"""The networkx backend answers as networkx does, and leaves to it what it does not support."""

import logging
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontgraph import networkx_backend
from graph.analysis import backend
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import small_graphs
from tests.graph.analysis.test_networks import EDGES, IDS


@pytest.fixture(autouse=True, scope="module")
def _graphs_are_converted_each_time() -> Iterator[None]:
    """networkx warns whenever it uses again what it converted."""
    config: Any = nx.config
    with config(cache_converted_graphs=False):
        yield


def test_networkx_knows_the_backend() -> None:
    assert "frontgraph" in nx.config.backends
    functions = networkx_backend()["functions"]
    assert all(callable(getattr(backend, name)) for name in functions)
    assert "frontgraph" in str(nx.pagerank.__doc__)


def test_answers_are_the_same_from_sources_that_are_not_installed(
    seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = backend.convert_from_nx(seeds.digraph).to_undirected()
    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
        ("pagerank", (), {}),
        ("core_number", (), {}),
        ("betweenness_centrality", (5,), {"seed": 3}),
        ("connected_components", (), {}),
        ("leiden_communities", (), {"seed": 3, "resolution": 0.5, "metric": "modularity"}),
    ]
    installed = [list(backend.answer(function, network, *args, **kwargs)) for function, args, kwargs in calls]
    monkeypatch.setattr(backend, "BACKEND", "unknown")
    assert [list(backend.answer(function, network, *args, **kwargs)) for function, args, kwargs in calls] == installed


def graphs_of(edges: list[tuple[str, str]]) -> tuple[Any, Any]:
    """Directed, and undirected without self-loops."""
    digraph: nx.DiGraph[str] = nx.DiGraph(edges)
    digraph.add_nodes_from(IDS)
    undirected = digraph.to_undirected()
    undirected.remove_edges_from(list(nx.selfloop_edges(undirected)))
    return digraph, undirected


def ours(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, backend="frontgraph", **kwargs)


def theirs(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return function(*args, backend="networkx", **kwargs)


@random_cases(of=500)
@given(EDGES, st.floats(0, 0.95), st.integers(1, 23), st.integers(0, 9), st.booleans())
def test_answers_are_those_of_networkx(
    edges: list[tuple[str, str]], alpha: float, k: int, seed: int, normalized: bool
) -> None:
    digraph, undirected = graphs_of(edges)
    for graph in (digraph, undirected):
        ranks = theirs(nx.pagerank, graph, alpha, tol=1e-13, max_iter=10_000)
        assert ours(nx.pagerank, graph, alpha) == pytest.approx(ranks, abs=1e-9)
        for sources in (None, k, 24):
            arguments: dict[str, Any] = {"k": sources, "normalized": normalized, "seed": seed}
            exact = theirs(nx.betweenness_centrality, graph, **arguments)
            found = ours(nx.betweenness_centrality, graph, **arguments)
            assert found == pytest.approx(exact, abs=1e-9, nan_ok=True)
    assert ours(nx.core_number, undirected) == theirs(nx.core_number, undirected)
    assert list(ours(nx.connected_components, undirected)) == list(theirs(nx.connected_components, undirected))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_small_graphs_have_the_answers_of_networkx(count: int) -> None:
    for graph in (nx.complete_graph(count), nx.path_graph(count), nx.empty_graph(count)):
        for function in (nx.pagerank, nx.betweenness_centrality, nx.core_number):
            assert ours(function, graph) == pytest.approx(theirs(function, graph), abs=1e-6)


def test_betweenness_counts_twins_apart() -> None:
    """Nodes that have all neighbors in common are searched from once, and count as often as they are."""
    graph = nx.ring_of_cliques(5, 6)
    assert len(backend._twins(backend.convert_from_nx(graph))) == len(graph) / 2
    assert ours(nx.betweenness_centrality, graph) == pytest.approx(theirs(nx.betweenness_centrality, graph), abs=1e-12)


def test_of_one_source_nothing_is_known_of_itself() -> None:
    found = ours(nx.betweenness_centrality, nx.path_graph(4), k=1, seed=1)
    assert sum(map(math.isnan, found.values())) == 1


def test_communities_need_the_measure_to_be_named() -> None:
    graph = nx.ring_of_cliques(4, 5)
    found = ours(nx.community.leiden_communities, graph, seed=1, metric="modularity")
    assert sorted(map(sorted, found)) == [list(range(start, start + 5)) for start in range(0, 20, 5)]
    with pytest.raises(NotImplementedError):
        ours(nx.community.leiden_communities, graph, seed=1)


# Which calls it takes.


@pytest.fixture
def taken(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """The functions that the backend was called for since."""
    caplog.set_level(logging.DEBUG, "networkx.utils.backends")

    def names() -> list[str]:
        begin = "Using backend 'frontgraph' for call to '"
        found = [record.getMessage() for record in caplog.records]
        return [message.removeprefix(begin).split("'")[0] for message in found if message.startswith(begin)]

    return names


def test_graphs_of_snapshots_are_answered_unasked(seeds: GraphSnapshot, taken: Callable[[], list[str]]) -> None:
    found = nx.pagerank(seeds.digraph)
    some = seeds.digraph.subgraph(seeds.ids[NodeKind.ARTICLE])
    nx.betweenness_centrality(some, k=5, seed=1)
    assert taken() == ["pagerank", "betweenness_centrality"]
    assert found == pytest.approx(nx.pagerank(seeds.digraph, tol=1e-12, backend="networkx"), abs=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda view: nx.pagerank(view, personalization={next(iter(view)): 1}),
        lambda view: nx.pagerank(view, nstart=dict.fromkeys(view, 1)),
        lambda view: nx.pagerank(view, weight="position"),
        lambda view: nx.betweenness_centrality(view, weight="position"),
        lambda view: nx.betweenness_centrality(view, endpoints=True),
        lambda view: nx.core_number(view),
        lambda view: nx.core_number(view.to_undirected()),
        lambda view: nx.degree_centrality(view),
        lambda view: nx.pagerank(nx.DiGraph(view)),
        lambda view: nx.pagerank(view, backend="networkx"),
    ],
)
def test_all_else_is_left_to_networkx(
    seeds: GraphSnapshot, call: Callable[[Any], Any], taken: Callable[[], list[str]]
) -> None:
    found, expected = call(seeds.digraph), call(nx.DiGraph(seeds.digraph))
    assert taken() == []
    if isinstance(found, Mapping) and not isinstance(found, nx.Graph):
        assert found == pytest.approx(expected, abs=1e-12)


def test_whoever_prefers_another_backend_gets_it(seeds: GraphSnapshot, taken: Callable[[], list[str]]) -> None:
    nx.pagerank(seeds.digraph)
    assert taken() == ["pagerank"]
    priority: Any = nx.config.backend_priority
    with priority(algos=["networkx", "frontgraph"]):
        nx.pagerank(seeds.digraph)
    with priority(algos=[]):
        nx.pagerank(seeds.digraph)
    assert taken() == ["pagerank"]


@pytest.mark.parametrize(
    ("graph", "function", "arguments", "reason"),
    [
        (nx.MultiGraph([(1, 2)]), nx.pagerank, {}, "given arguments"),
        (nx.DiGraph([(1, 2)]), nx.core_number, {}, "given arguments"),
        (nx.Graph([(1, 2)]), nx.pagerank, {"alpha": 1}, "given arguments"),
        (nx.Graph([(1, 2)]), nx.pagerank, {"dangling": {1: 1}}, "given arguments"),
        (nx.Graph([(1, 1)]), nx.betweenness_centrality, {}, "self-loops|raised"),
        (nx.Graph([(1, 2, {"weight": 2})]), nx.pagerank, {}, "weights|raised"),
        (nx.Graph([(1, 2)]), nx.triangles, {}, "not implemented"),
    ],
)
def test_backend_says_what_it_cannot(
    graph: Any, function: Callable[..., Any], arguments: dict[str, Any], reason: str
) -> None:
    with pytest.raises(NotImplementedError, match=reason):
        ours(function, graph, **arguments)


@random_cases(of=100)
@given(small_graphs())
def test_networks_become_graphs_of_networkx_again(snapshot: GraphSnapshot) -> None:
    network = backend.convert_from_nx(snapshot.digraph)
    found = backend.convert_to_nx(network)
    assert (set(found), set(found.edges)) == (set(snapshot.digraph), set(snapshot.digraph.edges))
    undirected = backend.convert_to_nx(network.to_undirected())
    assert set(map(frozenset, undirected.edges)) == {
        frozenset(edge) for edge in snapshot.digraph.edges if len(set(edge)) == 2
    }
    assert nx.number_of_isolates(network, backend="networkx") == nx.number_of_isolates(snapshot.digraph)
    assert backend.convert_to_nx(3) == 3
