"""Stories as nodes, projections, the byte order mark: what may be made of the nodes of a file."""

import csv
import io
import json
import zipfile
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pyarrow.parquet as pq
import pytest

from graph.analysis.projections import PROJECTED, Backbone, Projection
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.errors import SelectionError
from graph.export.contents import ExportOptions
from graph.export.formats import ExportFormat
from graph.export.selection import select
from graph.export.writing import export_chunks, write_export
from graph.model import NodeKind
from tests.graphviz import read_graphviz
from tests.js_tools import JAVASCRIPT, run_node

STORIES = ExportOptions(stories=True)


def data_of(
    snapshot: GraphSnapshot, wanted: ExportFormat, options: ExportOptions, ids: list[str] | None = None
) -> bytes:
    return b"".join(export_chunks(snapshot, wanted, ids, options))


def graph_of(snapshot: GraphSnapshot, options: ExportOptions, ids: list[str] | None = None) -> Any:
    """As networkx reads the node-link JSON."""
    return nx.node_link_graph(json.loads(data_of(snapshot, ExportFormat.JSON, options, ids)), edges="edges")


def test_stories_are_nodes_with_edges_from_their_articles(seeds: GraphSnapshot) -> None:
    plain, graph = graph_of(seeds, ExportOptions()), graph_of(seeds, STORIES)
    every = stories(seeds).by_id
    assert list(graph) == sorted([*plain, *every])
    for story in every.values():
        data = graph.nodes[story.id]
        assert (data["kind"], data["label"], data["articleCount"]) == ("STORY", story.headline, story.article_count)
        assert sorted(graph.pred[story.id]) == sorted(story.articles)
        assert {edge["relation"] for edge in graph.pred[story.id].values()} == {"IN_STORY"}
    assert nx.utils.graphs_equal(graph.subgraph(plain), plain)


def test_stories_stand_amid_their_articles(seeds: GraphSnapshot) -> None:
    selection = select(seeds, None, with_stories=True)
    for story in stories(seeds).by_id.values():
        places = [selection.picture(article) for article in story.articles]
        found = selection.picture(story.id)
        assert found.x == pytest.approx(sum(place.x for place in places) / len(places), abs=0.06)
        assert found.y == pytest.approx(sum(place.y for place in places) / len(places), abs=0.06)
        assert found.rgb == places[0].rgb


def test_a_part_has_the_stories_of_its_articles_alone(seeds: GraphSnapshot) -> None:
    story = next(iter(stories(seeds).by_id.values()))
    graph = graph_of(seeds, STORIES, [story.articles[0], seeds.ids[NodeKind.TOPIC][0]])
    assert list(graph) == sorted([story.articles[0], story.id, seeds.ids[NodeKind.TOPIC][0]])


@pytest.mark.parametrize("wanted", [*ExportFormat])
def test_every_format_has_the_stories(seeds: GraphSnapshot, wanted: ExportFormat, tmp_path: Path) -> None:
    path = tmp_path / wanted.file_name
    write_export(seeds, wanted, path, None, STORIES)
    data = path.read_bytes()
    story = next(iter(stories(seeds).by_id.values()))
    if wanted in (ExportFormat.CSV, ExportFormat.PARQUET):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(archive.namelist()[0])
        if wanted is ExportFormat.PARQUET:
            data = str(pq.read_table(io.BytesIO(data)).column("id").to_pylist()).encode()
    assert story.id.encode() in data


def test_json_ld_tells_of_stories_what_articles_link_to(seeds: GraphSnapshot) -> None:
    items = {item["@id"]: item for item in json.loads(data_of(seeds, ExportFormat.JSON_LD, STORIES))["@graph"]}
    linked = {item["story"] for item in items.values() if "story" in item}
    assert linked == {f"urn:frontgraph:{story_id}" for story_id in stories(seeds).by_id}
    assert {items[story]["@type"] for story in linked} == {"Collection"}


def expected_edges(snapshot: GraphSnapshot, kind: NodeKind, backbone: bool) -> dict[frozenset[str], tuple[int, ...]]:
    projection = Projection(snapshot, kind, snapshot.ids[NodeKind.ARTICLE])
    keeps = Backbone(projection, snapshot.ids[kind]).keeps if backbone else lambda *_: True
    return {
        frozenset((one, other)): shared[:3]
        for one in snapshot.ids[kind]
        for other, shared in projection.neighbors(one).items()
        if keeps(one, other, shared.weight)
    }


def shared_counts(graph: Any) -> dict[frozenset[str], tuple[int, ...]]:
    return {
        frozenset((one, other)): tuple(int(data[f"shared{name}"]) for name in ("Articles", "Stories", "Topics"))
        for one, other, data in graph.edges(data=True)
    }


@pytest.mark.parametrize("backbone", [False, True])
@pytest.mark.parametrize("kind", PROJECTED)
def test_projections_are_undirected_networks(
    seeds: GraphSnapshot, kind: NodeKind, backbone: bool, tmp_path: Path
) -> None:
    options = ExportOptions(projection=kind, backbone=backbone)
    expected = expected_edges(seeds, kind, backbone)
    paths = {}
    for wanted in (ExportFormat.GRAPHML, ExportFormat.GEXF):
        paths[wanted] = tmp_path / wanted.file_name
        write_export(seeds, wanted, paths[wanted], None, options)
    cytoscape = nx.cytoscape_graph(json.loads(data_of(seeds, ExportFormat.CYTOSCAPE, options)))
    readings = [
        graph_of(seeds, options),
        cytoscape,
        nx.read_graphml(paths[ExportFormat.GRAPHML]),
        nx.read_gexf(paths[ExportFormat.GEXF]),
    ]
    for graph in readings:
        assert (graph.is_directed(), graph.is_multigraph()) == (False, False)
        assert set(graph) == set(seeds.ids[kind])
        assert shared_counts(graph) == expected
        assert all(data["weight"] > 0 for _, _, data in graph.edges(data=True))
    assert igraph.Graph.Read_GraphML(str(paths[ExportFormat.GRAPHML])).is_directed() is False


def test_other_formats_hold_the_same_projection(seeds: GraphSnapshot) -> None:
    options = ExportOptions(projection=NodeKind.TOPIC)
    expected = expected_edges(seeds, NodeKind.TOPIC, backbone=False)
    with zipfile.ZipFile(io.BytesIO(data_of(seeds, ExportFormat.CSV, options))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("edges.csv").decode())))
    with zipfile.ZipFile(io.BytesIO(data_of(seeds, ExportFormat.PARQUET, options))) as archive:
        columns = pq.read_table(io.BytesIO(archive.read("edges.parquet"))).to_pylist()
    for table in (rows, columns):
        assert {frozenset((row["source"], row["target"])): int(row["sharedStories"]) for row in table} == {
            ends: values[1] for ends, values in expected.items()
        }
    _, edges = read_graphviz(data_of(seeds, ExportFormat.DOT, options))
    assert {frozenset(ends) for ends in edges} == set(expected)


@pytest.mark.parametrize("wanted", ["graphml", "gexf"])
def test_graphology_reads_projections(seeds: GraphSnapshot, wanted: str, tmp_path: Path) -> None:
    path = tmp_path / "graph"
    write_export(seeds, ExportFormat(wanted), path, None, ExportOptions(projection=NodeKind.TOPIC))
    finished = run_node(JAVASCRIPT / "read_graph.mjs", wanted, path, "undirected")
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout)
    assert found["type"] == "undirected"
    assert len(found["edges"]) == len(expected_edges(seeds, NodeKind.TOPIC, backbone=False))
    assert all({"x", "y", "size", "color"} <= node.keys() for node in found["nodes"].values())


def test_a_projection_of_a_part_counts_its_articles_alone(seeds: GraphSnapshot) -> None:
    articles = list(seeds.ids[NodeKind.ARTICLE][:8])
    ids = [*articles, *seeds.ids[NodeKind.TOPIC]]
    projection = Projection(seeds, NodeKind.TOPIC, articles)
    graph = graph_of(seeds, ExportOptions(projection=NodeKind.TOPIC), ids)
    for topic in seeds.ids[NodeKind.TOPIC]:
        assert set(graph[topic]) == set(projection.neighbors(topic))


@pytest.mark.parametrize(
    ("wanted", "options", "message"),
    [
        (ExportFormat.JSON_LD, ExportOptions(projection=NodeKind.TOPIC), "take another format"),
        (ExportFormat.JSON, ExportOptions(byte_order_mark=True), "Only CSV may have a byte order mark"),
    ],
)
def test_options_that_a_format_cannot_follow_are_refused(
    tiny: GraphSnapshot, wanted: ExportFormat, options: ExportOptions, message: str
) -> None:
    with pytest.raises(SelectionError, match=message):
        export_chunks(tiny, wanted, None, options)


def test_options_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(SelectionError, match="say which one in `projection`"):
        ExportOptions(backbone=True)
    with pytest.raises(SelectionError, match="exclude each other"):
        ExportOptions(stories=True, projection=NodeKind.TOPIC)


def test_tables_of_csv_begin_with_a_byte_order_mark_on_request(tiny: GraphSnapshot) -> None:
    plain, marked = (
        zipfile.ZipFile(io.BytesIO(data_of(tiny, ExportFormat.CSV, ExportOptions(byte_order_mark=mark))))
        for mark in (False, True)
    )
    for name in ("nodes.csv", "edges.csv"):
        assert marked.read(name) == BOM_UTF8 + plain.read(name)
