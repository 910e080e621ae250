"""Every reader finds in the files exactly the nodes, edges and attributes of the snapshot."""

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import product
from math import isnan, log
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import orjson
import pyarrow.parquet as pq
import pydot
import pytest
from rdflib import RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph.analysis.edges import sources, targets
from graph.analysis.metrics import metrics
from graph.analysis.stories import stories, story_of
from graph.building.snapshot import GraphSnapshot
from graph.dates import format_date_time
from graph.export.attributes import NODE_ATTRIBUTES, flat_values, values_of
from graph.export.contents import Picture
from graph.export.formats import AttributeType, ExportFormat
from graph.export.selection import select, selection_of_articles
from graph.export.writing import export_chunks, write_export
from graph.model import Article, EdgeKind, GraphNode, Image, NodeKind, Person, Provider, Topic
from tests.graphviz import read_graphviz
from tests.js_tools import JAVASCRIPT, run_node

Attributes = dict[str, Any]
Nodes = Mapping[str, Attributes]
Edges = Mapping[tuple[str, str], Attributes]

DOCS = Path(__file__).parents[3] / "docs" / "exports.md"
SCHEMA, TERM = Namespace("https://schema.org/"), Namespace("urn:frontgraph:term:")
PLACE = "https://place.example/exports/graph.jsonld"
"""Where the JSON-LD is read from; nothing in it may depend on that."""
RFC_3987 = re.compile(
    r"""[a-z][a-z0-9+.-]*:(?:[^\x00-\x20\x7f-\x9f<>"{}|\\^`%\[\]#]|%[0-9A-Fa-f]{2}|\[[0-9a-f:.]+\])+(?:#[^#\x00-\x20<>"{}|\\^`]*)?"""
)
"""Absolute IRIs, seen from their other end: what characters they may not have."""


@dataclass(frozen=True)
class Chosen:
    """What a file is made of."""

    snapshot: GraphSnapshot
    ids: Collection[str] | None = None

    def nodes(self) -> list[GraphNode]:
        every = self.snapshot.nodes.values()
        return [node for node in every if self.ids is None or node.id in self.ids]

    def digraph(self) -> "nx.DiGraph[str]":
        return self.snapshot.digraph if self.ids is None else self.snapshot.digraph.subgraph(self.ids)

    def data(self, export_format: ExportFormat) -> bytes:
        return b"".join(export_chunks(self.snapshot, export_format, self.ids))


def nodes_of(chosen: Chosen) -> Nodes:
    return {node.id: dict(flat_values(chosen.snapshot, node)) for node in chosen.nodes()}


def rich_nodes_of(chosen: Chosen) -> Nodes:
    """The nodes with lists, moments and nested values."""
    return {
        node.id: {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values_of(chosen.snapshot, node, NODE_ATTRIBUTES)
        }
        for node in chosen.nodes()
    }


def edges_of(chosen: Chosen) -> Edges:
    return {
        (source, target): {**data, "weight": weight_of(chosen.snapshot, EdgeKind(data["relation"]), target)}
        for source, target, data in chosen.digraph().edges(data=True)
    }


def weight_of(snapshot: GraphSnapshot, kind: EdgeKind, target: str) -> float:
    """How well the target tells articles apart, as a share of how well that of one article alone does."""
    if kind not in (EdgeKind.PUBLISHED_BY, EdgeKind.WRITTEN_BY, EdgeKind.ABOUT):
        return 1.0
    articles, having = len(snapshot.targets[kind]), len(snapshot.sources[kind][target])
    return max(round(1 - log(having) / log(articles), 2), 0.01) if articles > 1 else 1.0


def drawn(chosen: Chosen, nodes: Nodes, look: Callable[[Picture], Attributes]) -> Nodes:
    """The nodes, and what says how a picture shows them."""
    selection = select(chosen.snapshot, chosen.ids)
    return {node_id: {**values, **look(selection.picture(node_id))} for node_id, values in nodes.items()}


def in_graphml(picture: Picture) -> Attributes:
    red, green, blue = picture.rgb
    return {"x": picture.x, "y": picture.y, "size": picture.size, "r": red, "g": green, "b": blue}


def in_gexf(picture: Picture) -> Attributes:
    red, green, blue = picture.rgb
    color = {"r": red, "g": green, "b": blue, "a": 1.0}
    return {"viz": {"color": color, "size": picture.size, "position": {"x": picture.x, "y": picture.y, "z": 0.0}}}


def in_sigma(picture: Picture) -> Attributes:
    return {"x": picture.x, "y": picture.y, "size": picture.size, "color": picture.color}


def in_sigma_from_gexf(picture: Picture) -> Attributes:
    return {**in_sigma(picture), "color": "rgb({},{},{})".format(*picture.rgb)}


def in_cytoscape(picture: Picture) -> Attributes:
    return {"size": picture.size, "color": picture.color}


def differences(found: Mapping[Any, Attributes], expected: Mapping[Any, Attributes]) -> list[Any]:
    """A few of the entries that differ: a comparison of all would print for minutes."""
    return [
        (key, found.get(key), expected.get(key)) for key in {**found, **expected} if found.get(key) != expected.get(key)
    ][:3]


def assert_equal(found: tuple[Nodes, Edges], chosen: Chosen, look: Callable[[Picture], Attributes]) -> None:
    nodes, edges = found
    assert differences(nodes, drawn(chosen, nodes_of(chosen), look)) == []
    assert differences(edges, edges_of(chosen)) == []


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
    edges = {(names[edge.source], names[edge.target]): edge.attributes() for edge in ig_graph.es}
    return {name: igraph_values(values) for name, values in nodes.items()}, edges


def igraph_values(values: Attributes) -> Attributes:
    return {
        name: value
        for name, value in values.items()
        if name != "id" and value != "" and value is not False and not (isinstance(value, float) and isnan(value))
    }


def assert_equal_in_igraph(path: Path, chosen: Chosen) -> None:
    nodes, edges = read_igraph(path)
    every = drawn(chosen, nodes_of(chosen), in_graphml)
    expected = {node_id: igraph_values(values) for node_id, values in every.items()}
    assert differences(nodes, expected) == []
    assert differences(edges, edges_of(chosen)) == []


def read_javascript(export_format: ExportFormat, path: Path) -> tuple[Nodes, Edges]:
    finished = run_node(JAVASCRIPT / "read_graph.mjs", export_format.value, path)
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout)
    assert (found["type"], found["multi"]) == ("directed", False)
    if export_format is ExportFormat.GEXF:
        assert {node.pop("z") for node in found["nodes"].values()} == {0}
        assert list(found["edges"]) == [f"e{number}" for number in range(len(found["edges"]))]
    return found["nodes"], {(edge.pop("source"), edge.pop("target")): edge for edge in found["edges"].values()}


def read_pydot(data: bytes) -> tuple[Nodes, Edges]:
    """What pydot reads, without the quotes and escapes that it leaves in place; every value is a text."""
    digraphs = pydot.graph_from_dot_data(data.decode())
    assert digraphs is not None
    [digraph] = digraphs
    assert digraph.get_type() == "digraph"
    nodes = {unquoted(str(node.get_name())): unquoted_values(node.get_attributes()) for node in digraph.get_nodes()}
    edges = {
        (unquoted(str(edge.get_source())), unquoted(str(edge.get_destination()))): unquoted_values(
            edge.get_attributes()
        )
        for edge in digraph.get_edges()
    }
    return nodes, edges


def unquoted_values(values: Mapping[str, Any]) -> Attributes:
    return {name: unquoted(str(value)) for name, value in values.items()}


def unquoted(text: str) -> str:
    assert text[0] == text[-1] == '"'
    return unescaped(text[1:-1])


def unescaped(text: str) -> str:
    characters = re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text)
    return characters.replace("&amp;", "&")


def unescaped_values(items: Mapping[Any, Attributes]) -> Mapping[Any, Attributes]:
    return {key: {name: unescaped(value) for name, value in values.items()} for key, values in items.items()}


def dot_text(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "\n".join(text.replace("\r\n", "\n").split("\r"))


def dot_nodes_of(chosen: Chosen) -> Nodes:
    shapes = {"ARTICLE": "box", "PROVIDER": "house", "TOPIC": "ellipse", "PERSON": "octagon"}
    found = {}
    for node_id, values in nodes_of(chosen).items():
        values = {"URL" if name == "url" else name: dot_text(value) for name, value in values.items()}
        values.pop("image", None)
        found[node_id] = {**values, "shape": shapes[values["kind"]]}
    return found


_DOT_NAMES = {"weight": "strength"}


def dot_edges_of(chosen: Chosen) -> Edges:
    return {
        ends: {_DOT_NAMES.get(name, name): str(value) for name, value in values.items()}
        for ends, values in edges_of(chosen).items()
    }


def plain(term: Node) -> Any:
    """A name as it is, a literal as its value and its type."""
    return (term.toPython(), str(term.datatype)) if isinstance(term, Literal) else str(term)


Triples = set[tuple[str, str, Any]]
Pictures = Counter[tuple[str, frozenset[tuple[str, Any]]]]


def read_rdflib(data: bytes) -> tuple[Triples, Pictures]:
    return statements_in(Graph().parse(data=data, format="json-ld", publicID=PLACE))


def read_jsonld_js(path: Path) -> tuple[Triples, Pictures]:
    finished = run_node(JAVASCRIPT / "read_json_ld.mjs", path)
    assert finished.returncode == 0, finished.stderr
    return statements_in(Graph().parse(data=finished.stdout, format="nt"))


def statements_in(found: Graph) -> tuple[Triples, Pictures]:
    """The statements about nodes, and for each picture its node and what is said of it."""
    names = {term for triple in found for term in triple if isinstance(term, URIRef)}
    assert [name for name in names if RFC_3987.fullmatch(name) is None] == []
    about_nodes = {triple for triple in found if not {BNode} & {type(triple[0]), type(triple[2])}}
    pictures: Pictures = Counter()
    for node, picture in found.subject_objects(SCHEMA.image):
        said = frozenset((str(name), plain(value)) for name, value in found.predicate_objects(picture))
        pictures[str(node), said] += 1
    assert len(found) == len(about_nodes) + sum(count * (1 + len(said)) for (_, said), count in pictures.items())
    return {(str(subject), str(name), plain(value)) for subject, name, value in about_nodes}, pictures


def iri(node: GraphNode) -> str:
    return node.url if isinstance(node, Article) and node.url else f"urn:frontgraph:{node.id}"


def statements(chosen: Chosen, node: GraphNode) -> Iterator[tuple[URIRef, Any]]:
    """What the record says, in the words of the vocabularies; a name is a `URIRef`, absence is None."""
    yield SCHEMA.identifier, node.id
    measured = metrics(chosen.snapshot)[node.id]
    for name in ("in_degree", "out_degree", "coreness", "community"):
        yield TERM[camel_case(name)], getattr(measured, name)
    for name in ("page_rank", "betweenness"):
        yield TERM[camel_case(name)], float(f"{getattr(measured, name):.5e}")
    match node:
        case Article():
            yield from article_statements(chosen, node)
        case Provider():
            yield RDF.type, SCHEMA.Organization
            yield SCHEMA.name, node.name
            yield TERM.domain, node.domain
            yield from ((SCHEMA.alternateName, alias) for alias in node.aliases)
            yield SCHEMA.description, node.description
        case Topic():
            yield RDF.type, SCHEMA.DefinedTerm
            yield SCHEMA.name, node.name
            yield TERM.slug, node.slug
            yield SCHEMA.alternateName, node.short_name
            yield from ((SCHEMA.alternateName, alias) for alias in node.aliases)
            yield from ((TERM.taxonomies, taxonomy) for taxonomy in node.taxonomies)
            yield SCHEMA.description, node.description
            yield from ((TERM.keywords, keyword) for keyword in node.keywords)
            yield from ((TERM.hashtags, hashtag) for hashtag in node.hashtags)
        case Person():
            yield RDF.type, SCHEMA.Person
            yield SCHEMA.name, node.name
            yield TERM.slug, node.slug
            yield SCHEMA.description, node.description
            yield SCHEMA.url, node.url and URIRef(node.url)
            yield from ((SCHEMA.alternateName, alias) for alias in node.aliases)


def article_statements(chosen: Chosen, article: Article) -> Iterator[tuple[URIRef, Any]]:
    yield RDF.type, SCHEMA.NewsArticle if chosen.snapshot.ids[NodeKind.PROVIDER] else SCHEMA.Article
    yield SCHEMA.headline, article.title
    yield SCHEMA.name, article.title or article.slug or article.url
    yield SCHEMA.description, article.excerpt
    yield SCHEMA.datePublished, article.published_date_time
    yield SCHEMA.articleSection, article.category
    yield SCHEMA.url, article.web_url and URIRef(article.web_url)
    for name in ("original_url", "amp_web_url", "cdn_amp_web_url"):
        yield TERM[camel_case(name)], getattr(article, name) and URIRef(getattr(article, name))
    for name in ("slug", "quality", "heat", "published"):
        yield TERM[name], getattr(article, name)
    yield TERM.articleType, article.type
    yield TERM.origin, article.origin.value
    if story := story_of(chosen.snapshot, article.id):
        yield TERM.story, URIRef(f"urn:frontgraph:{story.id}")
        yield TERM.storyHeadline, story.headline


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def triples_of(chosen: Chosen) -> Triples:
    names = {"PUBLISHED_BY": SCHEMA.publisher, "ABOUT": SCHEMA.about, "RELATED_TO": SCHEMA.citation}
    names |= {"WRITTEN_BY": SCHEMA.author, "TRANSLATION_OF": SCHEMA.translationOfWork, "PART_OF": SCHEMA.isPartOf}
    names["LINKS_TO"] = SCHEMA.mentions
    names["BROADER"] = URIRef("http://www.w3.org/2004/02/skos/core#broader")
    every = chosen.snapshot.nodes
    links = {
        (iri(every[source]), str(names[data["relation"]]), iri(every[target]))
        for (source, target), data in edges_of(chosen).items()
    }
    said = {
        (iri(node), str(name), plain(value if isinstance(value, URIRef) else typed(value)))
        for node in chosen.nodes()
        for name, value in statements(chosen, node)
        if value not in (None, "")
    }
    return links | said


def typed(value: Any) -> Literal:
    return Literal(value, datatype=XSD.double) if isinstance(value, float) else Literal(value)


def pictures_of(chosen: Chosen) -> Pictures:
    return Counter((iri(node), frozenset(image_statements(image))) for node in chosen.nodes() for image in node.images)


def image_statements(image: Image) -> Iterator[tuple[str, Any]]:
    yield str(RDF.type), str(SCHEMA.ImageObject)
    is_path = image.url.startswith("/")
    yield str(SCHEMA.contentUrl), plain(Literal(image.url)) if is_path else image.url
    others = {
        SCHEMA.width: image.width,
        SCHEMA.height: image.height,
        SCHEMA.name: image.title,
        SCHEMA.creditText: image.attribution,
        TERM.isCached: image.is_cached,
    }
    yield from ((str(name), plain(Literal(value))) for name, value in others.items() if value is not None)


def read_parquet(data: bytes) -> tuple[Nodes, Edges]:
    """The rows of the two tables without nulls, their nested values as they were."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        nodes, edges = (
            [{name: value for name, value in row.items() if value is not None} for row in rows.to_pylist()]
            for rows in (pq.read_table(BytesIO(archive.read(f"{name}.parquet"))) for name in ("nodes", "edges"))
        )
    nested = {attribute.name for attribute in NODE_ATTRIBUTES if attribute.type is AttributeType.JSON}
    for row in nodes:
        row.update({name: json.loads(row[name]) for name in nested & row.keys()})
    return {row.pop("id"): row for row in nodes}, {(row.pop("source"), row.pop("target")): row for row in edges}


def without_warnings_about_itself(library: str) -> pytest.MarkDecorator:
    """The library calls what it, or a library below it, has deprecated."""
    return pytest.mark.filterwarnings(f"ignore::DeprecationWarning:{library}")


CHOICES = list(product(["tiny", "hostile", "seeds"], ["whole", "part"]))


@pytest.fixture(params=CHOICES, ids="-".join)
def chosen(request: pytest.FixtureRequest) -> Chosen:
    name, extent = request.param
    snapshot: GraphSnapshot = request.getfixturevalue(name)
    if extent == "whole":
        return Chosen(snapshot)
    articles = snapshot.ids[NodeKind.ARTICLE]
    return Chosen(snapshot, selection_of_articles(snapshot, articles[: len(articles) // 2]))


@pytest.fixture
def write(chosen: Chosen, tmp_path: Path) -> Callable[[ExportFormat], Path]:
    def written(export_format: ExportFormat) -> Path:
        path = tmp_path / export_format.file_name
        write_export(chosen.snapshot, export_format, path, chosen.ids)
        return path

    return written


def test_networkx_reads_the_graphml(chosen: Chosen, write: Callable[[ExportFormat], Path]) -> None:
    digraph = nx.read_graphml(write(ExportFormat.GRAPHML))
    assert_equal(read_networkx(digraph), chosen, in_graphml)
    assert digraph.graph["version"] == chosen.snapshot.version


def test_networkx_reads_the_gexf(chosen: Chosen, write: Callable[[ExportFormat], Path]) -> None:
    digraph = nx.read_gexf(write(ExportFormat.GEXF))
    nodes, edges = read_networkx(digraph)
    assert len(take_edge_ids(edges)) == len(edges)
    starts = {node_id: data.pop("start") for node_id, data in nodes.items() if "start" in data}
    dates = {node_id: data["publishedDateTime"] for node_id, data in nodes.items() if "publishedDateTime" in data}
    assert starts == dates != {}
    assert_equal((nodes, edges), chosen, in_gexf)
    assert digraph.graph["mode"] == "dynamic"


def test_networkx_reads_the_node_link_json(chosen: Chosen) -> None:
    digraph = nx.node_link_graph(json.loads(chosen.data(ExportFormat.JSON)), edges="edges")
    nodes, edges = read_networkx(digraph)
    dates = {
        node_id: {"publishedDateTime": format_date_time(values["publishedDateTime"])}
        for node_id, values in rich_nodes_of(chosen).items()
        if "publishedDateTime" in values
    }
    every = drawn(chosen, rich_nodes_of(chosen), in_sigma)
    assert nodes == {node_id: {**values, **dates.get(node_id, {})} for node_id, values in every.items()}
    assert edges == edges_of(chosen)
    assert digraph.graph == {"version": chosen.snapshot.version}


def test_networkx_writes_the_same_node_link_layout(tiny: GraphSnapshot) -> None:
    document = json.loads(Chosen(tiny).data(ExportFormat.JSON))
    again = nx.node_link_data(nx.node_link_graph(document, edges="edges"), edges="edges")
    assert again.keys() == document.keys()
    assert again["nodes"] == document["nodes"]


def test_networkx_reads_the_cytoscape_json(chosen: Chosen) -> None:
    digraph = nx.cytoscape_graph(json.loads(chosen.data(ExportFormat.CYTOSCAPE)))
    nodes, edges = read_networkx(digraph)
    for node_id, data in nodes.items():
        assert (data.pop("id"), data.pop("value"), data.pop("name")) == (node_id, node_id, data["label"])
    assert len(take_edge_ids(edges)) == len(edges)
    for (source, target), data in edges.items():
        assert (data.pop("source"), data.pop("target")) == (source, target)
    assert_equal((nodes, edges), chosen, in_cytoscape)


def test_cytoscape_finds_the_places(chosen: Chosen) -> None:
    selection = select(chosen.snapshot, chosen.ids)
    for node in json.loads(chosen.data(ExportFormat.CYTOSCAPE))["elements"]["nodes"]:
        picture = selection.picture(node["data"]["id"])
        assert node["position"] == {"x": picture.x, "y": -picture.y}  # it counts downwards


def test_igraph_reads_the_graphml(chosen: Chosen, write: Callable[[ExportFormat], Path]) -> None:
    assert_equal_in_igraph(write(ExportFormat.GRAPHML), chosen)


@pytest.mark.parametrize("export_format", [ExportFormat.GRAPHML, ExportFormat.GEXF])
def test_javascript_reads_both_xml_formats(
    export_format: ExportFormat, chosen: Chosen, write: Callable[[ExportFormat], Path]
) -> None:
    look = in_sigma if export_format is ExportFormat.GRAPHML else in_sigma_from_gexf
    assert_equal(read_javascript(export_format, write(export_format)), chosen, look)


@pytest.mark.parametrize(
    "chosen",
    [pytest.param(way, marks=pytest.mark.thorough) if way == ("seeds", "whole") else way for way in CHOICES],
    ids="-".join,
    indirect=True,
)
@without_warnings_about_itself("pydot")
def test_pydot_reads_the_dot(chosen: Chosen) -> None:
    nodes, edges = read_pydot(chosen.data(ExportFormat.DOT))
    assert differences(nodes, dot_nodes_of(chosen)) == []
    assert differences(edges, dot_edges_of(chosen)) == []


def test_graphviz_reads_the_dot(chosen: Chosen) -> None:
    nodes, edges = read_graphviz(chosen.data(ExportFormat.DOT))
    assert differences(unescaped_values(nodes), dot_nodes_of(chosen)) == []
    assert differences(unescaped_values(edges), dot_edges_of(chosen)) == []


@without_warnings_about_itself("rdflib")
def test_rdflib_reads_the_json_ld(chosen: Chosen) -> None:
    triples, pictures = read_rdflib(chosen.data(ExportFormat.JSON_LD))
    assert triples == triples_of(chosen)
    assert pictures == pictures_of(chosen)


@pytest.mark.thorough
@without_warnings_about_itself("rdflib")
def test_jsonld_js_reads_the_json_ld(chosen: Chosen, write: Callable[[ExportFormat], Path]) -> None:
    triples, pictures = read_jsonld_js(write(ExportFormat.JSON_LD))
    assert triples == triples_of(chosen)
    assert pictures == pictures_of(chosen)


@without_warnings_about_itself("rdflib")
def test_rdflib_answers_the_query_that_the_documentation_shows(seeds: GraphSnapshot) -> None:
    [query] = re.findall(r"^```sparql\n(.*?)^```$", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = Graph().parse(data=Chosen(seeds).data(ExportFormat.JSON_LD), format="json-ld")
    [topic] = [node for node in seeds.nodes.values() if isinstance(node, Topic) and node.name == "Tidal Power"]
    articles = [seeds.nodes[article_id] for article_id in sources(seeds, EdgeKind.ABOUT, topic.id)]
    dated = [article for article in articles if isinstance(article, Article) and article.published_date_time]
    latest = sorted(dated, key=lambda article: article.published_date_time or datetime.min, reverse=True)[:5]
    expected = [(article.id, article.title, provider_name(seeds, article)) for article in latest]
    assert [tuple(map(str, row)) for row in found.query(query)] == expected  # type: ignore[arg-type]  # of a SELECT


def provider_name(snapshot: GraphSnapshot, article: Article) -> str:
    [provider] = (snapshot.nodes[found] for found in targets(snapshot, EdgeKind.PUBLISHED_BY, article.id))
    assert isinstance(provider, Provider)
    return provider.name


def test_pyarrow_reads_the_parquet(chosen: Chosen) -> None:
    nodes, edges = read_parquet(chosen.data(ExportFormat.PARQUET))
    assert nodes == rich_nodes_of(chosen)
    assert edges == edges_of(chosen)


@pytest.fixture(scope="module")
def azure_graphml(azure: GraphSnapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus of real articles, unpublished ones included: 5,391 nodes and 171,762 edges."""
    path = tmp_path_factory.mktemp("azure") / "graph.graphml"
    write_export(azure, ExportFormat.GRAPHML, path)
    return path


@pytest.mark.thorough
def test_the_graphml_of_the_corpus_stays_below_35_megabytes(azure_graphml: Path) -> None:
    assert azure_graphml.stat().st_size < 35_000_000


@pytest.mark.thorough
def test_networkx_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    assert_equal(read_networkx(nx.read_graphml(azure_graphml)), Chosen(azure), in_graphml)


@pytest.mark.thorough
def test_igraph_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    assert_equal_in_igraph(azure_graphml, Chosen(azure))


@pytest.mark.thorough
def test_javascript_reads_the_corpus(azure: GraphSnapshot, azure_graphml: Path) -> None:
    assert_equal(read_javascript(ExportFormat.GRAPHML, azure_graphml), Chosen(azure), in_sigma)


@pytest.mark.thorough
def test_pyarrow_reads_the_corpus(azure: GraphSnapshot) -> None:
    nodes, edges = read_parquet(Chosen(azure).data(ExportFormat.PARQUET))
    assert differences(nodes, rich_nodes_of(Chosen(azure))) == []
    assert differences(edges, edges_of(Chosen(azure))) == []


@pytest.mark.thorough
@without_warnings_about_itself("rdflib")
def test_rdflib_reads_a_story_of_the_corpus(azure: GraphSnapshot) -> None:
    story = max(stories(azure).by_id.values(), key=lambda story: story.article_count)
    chosen = Chosen(azure, selection_of_articles(azure, story.articles))
    triples, pictures = read_rdflib(chosen.data(ExportFormat.JSON_LD))
    assert len(triples) == len(triples_of(chosen)) > 1_000
    assert list(triples ^ triples_of(chosen))[:3] == []
    assert pictures == pictures_of(chosen)


@pytest.mark.thorough
def test_the_json_ld_of_the_corpus_has_every_node_and_edge(azure: GraphSnapshot) -> None:
    items = orjson.loads(Chosen(azure).data(ExportFormat.JSON_LD))["@graph"]
    assert [item["identifier"] for item in items] == list(azure.nodes)
    assert len({item["@id"] for item in items}) == len(items)
    names = {"publisher": "PUBLISHED_BY", "about": "ABOUT", "citation": "RELATED_TO", "broader": "BROADER"}
    counts = {EdgeKind(kind): sum(len(item.get(name, ())) for item in items) for name, kind in names.items()}
    assert counts == dict(azure.edge_counts)


@pytest.mark.thorough
def test_no_secret_of_the_corpus_is_exported(azure: GraphSnapshot, corpus: Path) -> None:
    files = sorted(corpus.glob("_news/*.md"))[::500]
    secrets = {value for file in files for value in re.findall(rb'secured: "?([^"\s]{40})', file.read_bytes())}
    assert len(secrets) >= len(files)
    exported = b"".join(export_chunks(azure, ExportFormat.JSON))  # the format that holds the most
    assert [secret for secret in secrets if secret in exported] == []
