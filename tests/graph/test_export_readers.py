"""Every reader finds in the files exactly the nodes, edges and attributes of the snapshot."""

import json
import re
from collections.abc import Callable, Mapping
from math import isnan
from pathlib import Path
from typing import Any

import igraph  # type: ignore[import-untyped]  # igraph publishes no types
import networkx as nx
import pytest

from graph.export import ExportFormat, export_chunks, write_export
from graph.export.attributes import NODE_ATTRIBUTES, flat_values, values_of
from graph.snapshot import GraphSnapshot
from tests.js_tools import JAVASCRIPT, run_node

Attributes = dict[str, Any]
Nodes = Mapping[str, Attributes]
Edges = Mapping[tuple[str, str], Attributes]


def nodes_of(snapshot: GraphSnapshot) -> Nodes:
    return {node.id: dict(flat_values(node)) for node in snapshot.nodes.values()}


def edges_of(snapshot: GraphSnapshot) -> Edges:
    return {(source, target): dict(data) for source, target, data in snapshot.digraph.edges(data=True)}


def differences(found: Mapping[Any, Attributes], expected: Mapping[Any, Attributes]) -> list[Any]:
    """A few of the entries that differ: a comparison of all would print for minutes."""
    return [
        (key, found.get(key), expected.get(key)) for key in {**found, **expected} if found.get(key) != expected.get(key)
    ][:3]


def assert_equal(found: tuple[Nodes, Edges], snapshot: GraphSnapshot) -> None:
    nodes, edges = found
    assert (len(nodes), len(edges)) == (len(snapshot.nodes), sum(snapshot.edge_counts.values()))
    assert differences(nodes, nodes_of(snapshot)) == []
    assert differences(edges, edges_of(snapshot)) == []


def read_networkx(digraph: "nx.Graph[str]") -> tuple[Nodes, Edges]:
    assert type(digraph) is nx.DiGraph
    edges = {(source, target): data for source, target, data in digraph.edges(data=True)}
    return {node_id: digraph.nodes[node_id] for node_id in digraph}, edges


def take_edge_ids(edges: Edges) -> set[str]:
    return {data.pop("id") for data in edges.values()}


def read_igraph(path: Path) -> tuple[Nodes, Edges]:
    """What igraph reads: numbers are floats, and a missing value is `nan`, an empty text or false."""
    ig_graph = igraph.Graph.Read_GraphML(str(path))
    assert ig_graph.is_directed()
    names = ig_graph.vs["id"]
    nodes = {name: {**vertex.attributes()} for name, vertex in zip(names, ig_graph.vs, strict=True)}
    edges = {
        (names[edge.source], names[edge.target]): {"relation": edge["relation"], "position": edge["position"]}
        for edge in ig_graph.es
    }
    return {name: igraph_values(values) for name, values in nodes.items()}, edges


def igraph_values(values: Attributes) -> Attributes:
    return {
        name: value
        for name, value in values.items()
        if name != "id" and value != "" and value is not False and not (isinstance(value, float) and isnan(value))
    }


def assert_equal_in_igraph(path: Path, snapshot: GraphSnapshot) -> None:
    nodes, edges = read_igraph(path)
    assert (len(nodes), len(edges)) == (len(snapshot.nodes), sum(snapshot.edge_counts.values()))
    expected = {node_id: igraph_values(values) for node_id, values in nodes_of(snapshot).items()}
    assert differences(nodes, expected) == []
    assert differences(edges, edges_of(snapshot)) == []


def read_javascript(export_format: ExportFormat, path: Path) -> tuple[Nodes, Edges]:
    finished = run_node(JAVASCRIPT / "read_graph.mjs", export_format.value, path)
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout)
    assert (found["type"], found["multi"]) == ("directed", False)
    assert list(found["edges"]) == [f"e{number}" for number in range(len(found["edges"]))]
    return found["nodes"], {(edge.pop("source"), edge.pop("target")): edge for edge in found["edges"].values()}


@pytest.fixture(params=["tiny", "hostile", "seeds"])
def snapshot(request: pytest.FixtureRequest) -> GraphSnapshot:
    found: GraphSnapshot = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def write(snapshot: GraphSnapshot, tmp_path: Path) -> Callable[[ExportFormat], Path]:
    def written(export_format: ExportFormat) -> Path:
        path = tmp_path / export_format.file_name
        write_export(snapshot, export_format, path)
        return path

    return written


def test_networkx_reads_the_graphml(snapshot: GraphSnapshot, write: Callable[[ExportFormat], Path]) -> None:
    digraph = nx.read_graphml(write(ExportFormat.GRAPHML))
    nodes, edges = read_networkx(digraph)
    assert len(take_edge_ids(edges)) == len(edges)
    assert_equal((nodes, edges), snapshot)
    assert digraph.graph["version"] == snapshot.version


def test_networkx_reads_the_gexf(snapshot: GraphSnapshot, write: Callable[[ExportFormat], Path]) -> None:
    digraph = nx.read_gexf(write(ExportFormat.GEXF))
    nodes, edges = read_networkx(digraph)
    assert len(take_edge_ids(edges)) == len(edges)
    starts = {node_id: data.pop("start") for node_id, data in nodes.items() if "start" in data}
    dates = {node_id: data["publishedDateTime"] for node_id, data in nodes.items() if "publishedDateTime" in data}
    assert starts == dates != {}
    assert_equal((nodes, edges), snapshot)
    assert digraph.graph["mode"] == "dynamic"


def test_networkx_reads_the_node_link_json(snapshot: GraphSnapshot) -> None:
    document = json.loads(b"".join(export_chunks(snapshot, ExportFormat.JSON)))
    digraph = nx.node_link_graph(document, edges="edges")
    nodes, edges = read_networkx(digraph)
    expected = {
        node.id: {
            name: list(value) if isinstance(value, tuple) else value for name, value in values_of(node, NODE_ATTRIBUTES)
        }
        for node in snapshot.nodes.values()
    }
    assert nodes == expected
    assert edges == edges_of(snapshot)
    assert digraph.graph == {"version": snapshot.version}


def test_networkx_writes_the_same_node_link_layout(tiny: GraphSnapshot) -> None:
    document = json.loads(b"".join(export_chunks(tiny, ExportFormat.JSON)))
    again = nx.node_link_data(nx.node_link_graph(document, edges="edges"), edges="edges")
    assert again.keys() == document.keys()
    assert again["nodes"] == document["nodes"]


def test_networkx_reads_the_cytoscape_json(snapshot: GraphSnapshot) -> None:
    digraph = nx.cytoscape_graph(json.loads(b"".join(export_chunks(snapshot, ExportFormat.CYTOSCAPE))))
    nodes, edges = read_networkx(digraph)
    for node_id, data in nodes.items():
        assert (data.pop("id"), data.pop("value"), data.pop("name")) == (node_id, node_id, data["label"])
    assert len(take_edge_ids(edges)) == len(edges)
    for (source, target), data in edges.items():
        assert (data.pop("source"), data.pop("target")) == (source, target)
    assert_equal((nodes, edges), snapshot)


def test_igraph_reads_the_graphml(snapshot: GraphSnapshot, write: Callable[[ExportFormat], Path]) -> None:
    assert_equal_in_igraph(write(ExportFormat.GRAPHML), snapshot)


@pytest.mark.parametrize("export_format", [ExportFormat.GRAPHML, ExportFormat.GEXF])
def test_javascript_reads_both_xml_formats(
    export_format: ExportFormat,
    snapshot: GraphSnapshot,
    write: Callable[[ExportFormat], Path],
) -> None:
    assert_equal(read_javascript(export_format, write(export_format)), snapshot)


@pytest.fixture(scope="module")
def azure_graphml(azure: GraphSnapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of real articles, unpublished ones included: 5,391 nodes and 171,762 edges."""
    path = tmp_path_factory.mktemp("azure") / "graph.graphml"
    write_export(azure, ExportFormat.GRAPHML, path)
    return path


def test_the_graphml_of_the_corpus_stays_below_30_megabytes(azure_graphml: Path) -> None:
    assert azure_graphml.stat().st_size < 30_000_000


def test_networkx_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    nodes, edges = read_networkx(nx.read_graphml(azure_graphml))
    assert len(take_edge_ids(edges)) == len(edges)
    assert_equal((nodes, edges), azure)


def test_igraph_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    assert_equal_in_igraph(azure_graphml, azure)


def test_javascript_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    assert_equal(read_javascript(ExportFormat.GRAPHML, azure_graphml), azure)


def test_no_secret_of_the_corpus_is_exported(azure: GraphSnapshot, corpus: Path) -> None:
    files = sorted(corpus.glob("_news/*.md"))[::500]
    secrets = {value for file in files for value in re.findall(rb'secured: "?([^"\s]{40})', file.read_bytes())}
    assert len(secrets) >= len(files)
    exported = b"".join(export_chunks(azure, ExportFormat.JSON))  # the format that holds the most
    assert [secret for secret in secrets if secret in exported] == []
