"""A part of the graph is its nodes and the edges between them, in every format and in the same order as the whole."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Collection
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.stories import stories
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.export.formats import ExportFormat
from graph.export.selection import selection_of_articles
from graph.export.writing import export_chunks
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Person
from tests.cases import random_cases
from tests.edges import Edge, targets_of

Found = tuple[list[str], list[tuple[str, str, str, int]]]
"""Ids of nodes, and source, target, relation and position of edges, in the order of the file."""


def expected(snapshot: GraphSnapshot, ids: Collection[str]) -> Found:
    """What networkx has in the subgraph, in the order that the exports promise."""
    part = snapshot.digraph.subgraph(ids)
    kinds = [kind.value for kind in EdgeKind]
    edges = [(source, target, data["relation"], data["position"]) for source, target, data in part.edges(data=True)]
    return sorted(part), sorted(edges, key=lambda edge: (kinds.index(edge[2]), edge[0], edge[3]))


def data_of(snapshot: GraphSnapshot, export_format: ExportFormat, ids: Collection[str] | None) -> bytes:
    return b"".join(export_chunks(snapshot, export_format, ids))


def edge_values(data: dict[str, Any]) -> tuple[str, str, str, int]:
    return data["source"], data["target"], data["relation"], int(data["position"])


def read_node_link(data: bytes) -> Found:
    document = json.loads(data)
    return [node["id"] for node in document["nodes"]], [edge_values(edge) for edge in document["edges"]]


def read_cytoscape(data: bytes) -> Found:
    elements = json.loads(data)["elements"]
    edges = [edge["data"] for edge in elements["edges"]]
    assert [edge["id"] for edge in edges] == [f"e{number}" for number in range(len(edges))]
    return [node["data"]["id"] for node in elements["nodes"]], [edge_values(edge) for edge in edges]


def read_csv(data: bytes) -> Found:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        nodes, edges = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in ("nodes.csv", "edges.csv")
        )
    return [node["id"] for node in nodes], [edge_values(edge) for edge in edges]


def read_graphml(data: bytes) -> Found:
    root = ElementTree.fromstring(data)
    nodes = [node.attrib["id"] for node in root.iter("{http://graphml.graphdrawing.org/xmlns}node")]
    edges = [
        (edge.attrib["source"], edge.attrib["target"], edge[0].text or "", int(edge[1].text or ""))
        for edge in root.iter("{http://graphml.graphdrawing.org/xmlns}edge")
    ]
    return nodes, edges


def read_gexf(data: bytes) -> Found:
    root = ElementTree.fromstring(data)
    nodes = [node.attrib["id"] for node in root.iter("{http://www.gexf.net/1.2draft}node")]
    edges = [
        (edge.attrib["source"], edge.attrib["target"], edge[0][0].attrib["value"], int(edge[0][1].attrib["value"]))
        for edge in root.iter("{http://www.gexf.net/1.2draft}edge")
    ]
    return nodes, edges


def read_dot(data: bytes) -> Found:
    text = data.decode()
    edges = re.findall(
        r'^"(\w+)" -> "(\w+)" \[relation="(\w+)" position="(\d+)" strength="[\d.]+"\];$', text, re.MULTILINE
    )
    return re.findall(r'^"(\w+)" \[', text, re.MULTILINE), [(*names, int(position)) for *names, position in edges]


CHEAP: dict[ExportFormat, Callable[[bytes], Found]] = {
    ExportFormat.GRAPHML: read_graphml,
    ExportFormat.GEXF: read_gexf,
    ExportFormat.JSON: read_node_link,
    ExportFormat.CYTOSCAPE: read_cytoscape,
    ExportFormat.DOT: read_dot,
    ExportFormat.CSV: read_csv,
}
"""The formats that are read in a millisecond without their own libraries."""

every_cheap_format = pytest.mark.parametrize("export_format", CHEAP)


@random_cases(1_000)
@given(data=st.data())
def test_any_part_holds_its_nodes_and_the_edges_between_them(seeds: GraphSnapshot, data: st.DataObject) -> None:
    ids = data.draw(st.sets(st.sampled_from(list(seeds.nodes))))
    assert read_node_link(data_of(seeds, ExportFormat.JSON, ids)) == expected(seeds, ids)


@every_cheap_format
@random_cases(200)
@given(data=st.data())
def test_every_format_holds_the_same_part(
    export_format: ExportFormat, seeds: GraphSnapshot, data: st.DataObject
) -> None:
    ids = data.draw(st.sets(st.sampled_from(list(seeds.nodes)), max_size=30))
    assert CHEAP[export_format](data_of(seeds, export_format, ids)) == expected(seeds, ids)


@every_cheap_format
def test_the_whole_graph_is_the_part_of_all_nodes(export_format: ExportFormat, seeds: GraphSnapshot) -> None:
    everything = data_of(seeds, export_format, None)
    assert data_of(seeds, export_format, seeds.nodes.keys()) == everything
    assert CHEAP[export_format](everything) == expected(seeds, seeds.nodes)


@pytest.mark.parametrize("export_format", ExportFormat)
def test_neither_order_nor_repeats_nor_unknown_ids_change_a_part(
    export_format: ExportFormat, seeds: GraphSnapshot
) -> None:
    ids = list(seeds.nodes)[::3]
    others = ["s_aaaaaaaaaaaaaaaa", "", "a_unknown"]
    assert data_of(seeds, export_format, [*reversed(ids), *ids, *others]) == data_of(seeds, export_format, ids)


@pytest.mark.parametrize("export_format", ExportFormat)
def test_a_part_without_nodes_is_the_file_of_an_empty_graph(export_format: ExportFormat, seeds: GraphSnapshot) -> None:
    assert data_of(seeds, export_format, []) == data_of(seeds, export_format, ["a_unknown"])
    if export_format in CHEAP:
        assert CHEAP[export_format](data_of(seeds, export_format, [])) == ([], [])


def test_positions_in_a_part_are_those_of_the_whole(tiny: GraphSnapshot) -> None:
    part = data_of(tiny, ExportFormat.JSON, ["a_storm", "t_sea", "a_wave"])
    assert read_node_link(part)[1] == [("a_storm", "t_sea", "ABOUT", 2), ("a_storm", "a_wave", "RELATED_TO", 1)]


@every_cheap_format
def test_of_several_relations_between_two_nodes_files_have_the_first(export_format: ExportFormat) -> None:
    kinds = [EdgeKind.LINKS_TO, EdgeKind.RELATED_TO, EdgeKind.WRITTEN_BY]
    edges = [Edge("a_1", "h_1" if kind is EdgeKind.WRITTEN_BY else "a_2", kind, 1) for kind in kinds]
    edges += [Edge("a_1", "a_3", EdgeKind.LINKS_TO, 2), Edge("a_2", "a_1", EdgeKind.LINKS_TO, 1)]
    articles = [Article(f"a_{number}", None, ArticleOrigin.DOCUMENT, None) for number in (1, 2, 3)]
    snapshot = build_snapshot(MergeResult(articles, [], [], targets_of(edges), [], [Person("h_1", "ada", "Ada")]))

    found = CHEAP[export_format](data_of(snapshot, export_format, None))
    assert found == expected(snapshot, snapshot.nodes)
    assert [edge[2] for edge in found[1]] == ["WRITTEN_BY", "RELATED_TO", "LINKS_TO", "LINKS_TO"]


def test_values_in_a_part_are_those_of_the_whole(seeds: GraphSnapshot) -> None:
    ids = set(list(seeds.nodes)[::2])
    whole, part = (json.loads(data_of(seeds, ExportFormat.JSON, chosen))["nodes"] for chosen in (None, ids))
    assert part == [node for node in whole if node["id"] in ids]


def test_the_part_of_articles_has_their_providers_and_topics(tiny: GraphSnapshot) -> None:
    assert selection_of_articles(tiny, ["a_storm"]) == {"a_storm", "p_harbour", "t_weather", "t_sea"}
    assert selection_of_articles(tiny, ["a_wave"]) == {"a_wave"}
    assert selection_of_articles(tiny, ["a_wave", "a_storm"]) == {
        "a_wave",
        "a_storm",
        "p_harbour",
        "t_weather",
        "t_sea",
    }
    assert selection_of_articles(tiny, []) == frozenset()


@random_cases(1_000)
@given(data=st.data())
def test_the_part_of_any_articles_is_what_their_edges_lead_to(seeds: GraphSnapshot, data: st.DataObject) -> None:
    articles = data.draw(st.lists(st.sampled_from(seeds.ids[NodeKind.ARTICLE])))
    leads_to = {
        target
        for article in articles
        for target, data in seeds.digraph.adj[article].items()
        if data["relation"] in ("PUBLISHED_BY", "ABOUT", "WRITTEN_BY")
    }
    assert selection_of_articles(seeds, articles) == {*articles, *leads_to}


@random_cases(100)
@given(data=st.data())
@pytest.mark.thorough
def test_a_story_of_the_corpus_comes_with_its_providers_and_topics(azure: GraphSnapshot, data: st.DataObject) -> None:
    story = data.draw(st.sampled_from(list(stories(azure).by_id.values())))
    ids = selection_of_articles(azure, story.articles)
    assert ids == {*story.articles, *story.providers, *story.topics}
    assert read_node_link(data_of(azure, ExportFormat.JSON, ids)) == expected(azure, ids)
