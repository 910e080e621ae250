"""The networkx view of a snapshot: every networkx function works on it, as on the same graph built of dictionaries."""

import copy
import io
import json
import pickle
from collections.abc import Callable
from typing import Any

import networkx as nx
import pytest
from hypothesis import given

from graph.building.digraph import Relations, digraph_view
from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import flat_values
from graph.model import EdgeKind, NodeKind
from tests.cases import random_cases
from tests.graph.analysis.test_hubs import small_graphs


def built(snapshot: GraphSnapshot) -> Any:
    """The oracle: the same graph as networkx builds one."""
    digraph: nx.DiGraph[str] = nx.DiGraph()
    digraph.add_nodes_from((node_id, dict(snapshot.digraph.nodes[node_id])) for node_id in snapshot.nodes)
    for kind, lists in snapshot.targets.items():
        for source, targets in lists.items():
            for position, target in enumerate(targets, 1):
                digraph.add_edge(source, target, relation=kind.value, position=position)
    return digraph


def same(one: Any, other: Any) -> bool:
    return bool(nx.utils.graphs_equal(one, other))


# What it shows.


@random_cases(of=200)
@given(small_graphs())
def test_view_equals_the_graph_that_networkx_builds(snapshot: GraphSnapshot) -> None:
    view, plain = snapshot.digraph, built(snapshot)
    assert same(view, plain)
    assert same(view.reverse(copy=False), plain.reverse())
    assert dict(view.degree) == dict(plain.degree)
    for node in view:
        assert sorted(view.predecessors(node)) == sorted(plain.predecessors(node))
        assert len(view.pred[node]) == plain.in_degree(node)
        assert dict(view.pred[node]) == dict(plain.pred[node])
        assert [other for other in view if view.has_edge(node, other)] == [o for o in view if plain.has_edge(node, o)]
        assert [other for other in view if other in view.pred[node]] == [o for o in view if o in plain.pred[node]]


def test_attributes_are_those_of_exports(seeds: GraphSnapshot) -> None:
    for node_id, attributes in seeds.digraph.nodes(data=True):
        assert attributes.items() <= dict(flat_values(seeds, seeds.nodes[node_id])).items()
        assert all(type(value) in (str, int) for value in attributes.values())
    article = seeds.ids[NodeKind.ARTICLE][0]
    assert {"label", "kind", "url", "slug", "publishedDateTime"} <= seeds.digraph.nodes[article].keys()


def test_two_nodes_have_one_edge_that_of_the_first_relation() -> None:
    targets: Relations = {"FIRST": {"a": ("c",)}, "SECOND": {"a": ("b", "c", "b")}}
    sources: Relations = {"FIRST": {"c": ("a",)}, "SECOND": {"b": ("a",), "c": ("a",)}}
    view = digraph_view(("a", "b", "c"), lambda _: {}, targets, sources)
    assert sorted(view.edges(data=True)) == sorted(view.in_edges(data=True))
    assert sorted(view.edges(data=True)) == [
        ("a", "b", {"relation": "SECOND", "position": 1}),
        ("a", "c", {"relation": "FIRST", "position": 1}),
    ]
    assert (view.number_of_edges(), view.out_degree("a"), view.in_degree("c")) == (2, 2, 1)


@pytest.mark.thorough
def test_no_relation_of_the_corpus_leads_where_another_one_does(azure: GraphSnapshot) -> None:
    assert azure.digraph.number_of_edges() == sum(azure.edge_counts.values())
    assert azure.digraph.number_of_nodes() == len(azure.nodes)


@pytest.mark.parametrize("node", ["nobody", 3, None])
def test_unknown_nodes_are_not_there(seeds: GraphSnapshot, node: Any) -> None:
    view = seeds.digraph
    assert node not in view
    assert not view.has_edge(node, node)
    with pytest.raises(KeyError):
        view.nodes[node]
    with pytest.raises(KeyError):
        view.adj[node]
    with pytest.raises(KeyError):
        next(iter(view.adj.values()))[node]
    with pytest.raises(KeyError):
        next(iter(view.pred.values()))[node]


# That it stays as it is.


@pytest.mark.parametrize(
    "change",
    [
        lambda view: view.add_node("x"),
        lambda view: view.add_nodes_from("xy"),
        lambda view: view.remove_node(next(iter(view))),
        lambda view: view.add_edge("x", "y"),
        lambda view: view.add_edges_from([("x", "y")]),
        lambda view: view.remove_edges_from(list(view.edges)),
        lambda view: view.clear(),
        lambda view: view.clear_edges(),
        lambda view: view.nodes[next(iter(view))].update(label="x"),
        lambda view: view.edges[next(iter(view.edges))].pop("relation"),
        lambda view: nx.set_node_attributes(view, dict.fromkeys(view, 1), "weight"),
        lambda view: nx.set_edge_attributes(view, dict.fromkeys(view.edges, 1), "weight"),
    ],
)
def test_view_cannot_be_changed(seeds: GraphSnapshot, change: Callable[[Any], object]) -> None:
    for view in (seeds.digraph, seeds.digraph.subgraph(list(seeds.digraph)), seeds.digraph.reverse(copy=False)):
        with pytest.raises(nx.NetworkXError, match="Frozen graph can't be modified"):
            change(view)
        assert nx.is_frozen(view)


@pytest.mark.parametrize(
    "copied",
    [
        nx.DiGraph,
        lambda view: view.copy(),
        lambda view: view.reverse().reverse(),
        lambda view: view.subgraph(list(view)).copy(),
        lambda view: view.edge_subgraph(list(view.edges)).copy(),
        copy.copy,
        copy.deepcopy,
        lambda view: pickle.loads(pickle.dumps(view)),
        lambda view: nx.node_link_graph(json.loads(json.dumps(nx.node_link_data(view, edges="edges"))), edges="edges"),
    ],
)
def test_copies_equal_it_and_can_be_changed(seeds: GraphSnapshot, copied: Callable[[Any], Any]) -> None:
    found, plain = copied(seeds.digraph), built(seeds)
    if len(found) < len(plain):  # a subgraph of edges lacks the nodes that have none
        plain.remove_nodes_from(list(nx.isolates(plain)))
    assert same(found, plain)
    node = next(iter(found))
    found.nodes[node]["label"] = "changed"
    found.add_edge(node, "new", weight=2)
    assert found.edges[node, "new"] == {"weight": 2}
    assert "new" not in seeds.digraph
    assert seeds.digraph.nodes[node]["label"] != "changed"


def test_pickle_is_read_without_this_package(seeds: GraphSnapshot) -> None:
    assert b"frontgraph" not in pickle.dumps(seeds.digraph)
    assert b"graph.building" not in pickle.dumps(seeds.digraph)
    assert type(pickle.loads(pickle.dumps(seeds.digraph))) is nx.DiGraph


def test_view_is_made_once_and_takes_no_memory_of_its_own(seeds: GraphSnapshot) -> None:
    assert seeds.digraph is seeds.digraph
    assert len(pickle.dumps(list(vars(seeds.digraph)))) < 1_000


# What networkx makes of it.


def test_networkx_answers_as_for_a_built_graph(seeds: GraphSnapshot) -> None:
    view, plain = seeds.digraph, built(seeds)
    source = seeds.ids[NodeKind.ARTICLE][0]
    target = next(iter(nx.descendants(plain, source)))
    assert nx.pagerank(view, tol=1e-12) == pytest.approx(nx.pagerank(plain, tol=1e-12), abs=1e-9)
    assert nx.pagerank(view, backend="networkx") == pytest.approx(nx.pagerank(plain), abs=1e-12)
    for components in (nx.weakly_connected_components, nx.strongly_connected_components):
        assert sorted(map(sorted, components(view))) == sorted(map(sorted, components(plain)))
    assert len(nx.shortest_path(view, source, target)) == len(nx.shortest_path(plain, source, target))
    assert same(nx.ego_graph(view, source, 2, undirected=True), nx.ego_graph(plain, source, 2, undirected=True))
    assert same(view.to_undirected(), plain.to_undirected())
    assert nx.core_number(view.to_undirected()) == nx.core_number(plain.to_undirected())
    assert nx.is_isomorphic(view, plain)
    assert (nx.to_scipy_sparse_array(view) != nx.to_scipy_sparse_array(plain)).nnz == 0
    assert (nx.to_numpy_array(view) == nx.to_numpy_array(plain)).all()
    assert nx.degree_centrality(view) == nx.degree_centrality(plain)
    assert same(nx.compose(view, view), plain)
    related = [(one, other) for one, other, data in view.edges(data=True) if data["relation"] == "RELATED_TO"]
    assert view.edge_subgraph(related).number_of_edges() == seeds.edge_counts[EdgeKind.RELATED_TO]


@pytest.mark.parametrize(
    ("write", "read"), [(nx.write_graphml, nx.read_graphml), (nx.write_gexf, nx.read_gexf)], ids=["GraphML", "GEXF"]
)
def test_networkx_writes_it_and_reads_the_same(
    seeds: GraphSnapshot, write: Callable[..., object], read: Callable[..., Any]
) -> None:
    file = io.BytesIO()
    write(seeds.digraph, file)
    file.seek(0)
    found, plain = read(file), built(seeds)
    for _, _, attributes in found.edges(data=True):
        attributes.pop("id", None)  # GEXF's own
    assert dict(found.nodes) == dict(plain.nodes)
    assert dict(found.edges) == dict(plain.edges)


@pytest.mark.thorough
def test_the_corpus_equals_the_graph_that_networkx_builds(azure: GraphSnapshot) -> None:
    assert same(azure.digraph, built(azure))
