"""`import graph`: its names, what they cost to import, and that each answers in one call."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from inspect import isfunction, signature
from pathlib import Path
from typing import get_type_hints

import networkx as nx
import pytest

import graph
from graph.errors import ExportError, FolderError, NotFoundError, SearchError, UrlError
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from graph.model import Article, NodeKind, Provider

SEEDS = Path(__file__).parent.parent.parent / "seeds"


@pytest.fixture(scope="module")
def snapshot() -> graph.GraphSnapshot:
    return graph.load(SEEDS)


def test_every_name_is_there_and_described() -> None:
    assert graph.__all__ == sorted(graph.__all__)
    assert set(graph.__all__) <= set(dir(graph))
    assert all(getattr(graph, name).__doc__ for name in graph.__all__)
    with pytest.raises(AttributeError, match="module 'graph' has no attribute 'nothing'"):
        graph.nothing  # noqa: B018


def test_names_hold_every_function_and_every_type_that_these_take_and_answer() -> None:
    import graph.library

    defined = [found for found in vars(graph.library).values() if isfunction(found) and "_" not in found.__name__[:1]]
    own = {found.__name__ for found in defined if found.__module__ == "graph.library"}
    types = {
        kind.__name__
        for name in own
        for hint in get_type_hints(getattr(graph, name)).values()
        for kind in (hint, *getattr(hint, "__args__", ()))
        if getattr(kind, "__module__", "").startswith("graph.")
    }
    assert own | types | {"Node"} == set(graph.__all__)
    assert [name for name in own if "snapshot" not in signature(getattr(graph, name)).parameters] == ["load"]


def test_import_costs_nothing_until_a_name_is_used() -> None:
    program = "import graph, json, sys; print(json.dumps([name for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=300)
    modules = json.loads(done.stdout)
    assert [name for name in modules if name.startswith("graph.")] == []
    assert not {"networkx", "orjson", "yaml", "tantivy"} & set(modules)


def test_load_takes_one_folder_or_several_with_or_without_what_is_hidden(tmp_path: Path) -> None:
    for name, hidden in (("one", "true"), ("two", "false")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text(f"---\ntitle: {name}\npublished: {hidden}\n---\n", encoding="utf-8")
    one, two = tmp_path / "one", str(tmp_path / "two")
    assert len(graph.load(one).nodes) == len(graph.load(one, two).nodes) == 1
    assert len(graph.load(one, two, include_unpublished=True).nodes) == 2
    with pytest.raises(FolderError):
        graph.load(tmp_path / "missing")


def test_load_is_told_what_the_site_is(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\nreleased: 2024-05-03\n---\n", encoding="utf-8")
    configuration = tmp_path / "elsewhere" / "of.toml"
    configuration.parent.mkdir()
    configuration.write_text('[fields]\npublishedDateTime = "released"\n', encoding="utf-8")

    snapshot = graph.load(
        tmp_path, site_url="shore.example/news/", exclude=["two.md", "elsewhere/"], config=str(configuration)
    )

    [article] = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.ARTICLE]]
    [provider] = [snapshot.nodes[node_id] for node_id in snapshot.ids[NodeKind.PROVIDER]]
    assert isinstance(article, Article)
    assert (article.title, article.published_date_time) == ("one", datetime(2024, 5, 3, tzinfo=UTC))
    assert isinstance(provider, Provider)
    assert provider.domain == "shore.example"
    with pytest.raises(UrlError, match=r"no address is no address; write it as https://example\.org"):
        graph.load(tmp_path, site_url="no address")


def test_stories_come_with_the_largest_first(snapshot: graph.GraphSnapshot) -> None:
    counts = [story.article_count for story in graph.stories(snapshot)]
    assert len(counts) == 12
    assert counts == sorted(counts, reverse=True)


def test_metrics_are_of_every_node(snapshot: graph.GraphSnapshot) -> None:
    assert graph.metrics(snapshot).keys() == snapshot.nodes.keys()


def test_find_answers_nodes_of_every_kind(snapshot: graph.GraphSnapshot) -> None:
    found = [*graph.find(snapshot, "harbour"), *graph.find(snapshot, "tidal")]
    assert {node.id[0] for node in found} == {"a", "p", "s", "t"}
    assert graph.find(snapshot, "no such words anywhere") == []
    with pytest.raises(SearchError):
        graph.find(snapshot, "")


def test_neighborhood_is_the_networkx_ego_graph_where_there_are_no_hubs(snapshot: graph.GraphSnapshot) -> None:
    node = graph.find(snapshot, "lighthouse")[0].id
    around = graph.neighborhood(snapshot, node, depth=2, through_hubs=True)
    assert {reached.id for reached in around.nodes} == set(nx.ego_graph(snapshot.digraph, node, 2, undirected=True))
    assert len(graph.neighborhood(snapshot, node).nodes) < len(around.nodes)
    assert len(graph.neighborhood(snapshot, graph.stories(snapshot)[0].id).nodes) > 1
    with pytest.raises(NotFoundError):
        graph.neighborhood(snapshot, "nothing")


def test_paths_are_as_short_as_those_of_networkx(snapshot: graph.GraphSnapshot) -> None:
    start, end = snapshot.ids[NodeKind.ARTICLE][:2]
    result = graph.paths(snapshot, start, end, first=3, through_hubs=True)
    assert len(result.paths) == 3
    assert len(result.paths[0].steps) == nx.shortest_path_length(snapshot.digraph.to_undirected(), start, end)
    for unknown in ("nothing", graph.stories(snapshot)[0].id):
        with pytest.raises(NotFoundError, match=unknown):
            graph.paths(snapshot, start, unknown)


@pytest.mark.parametrize("wanted", ExportFormat)
def test_write_knows_the_format_by_the_name(
    snapshot: graph.GraphSnapshot, wanted: ExportFormat, tmp_path: Path
) -> None:
    file = tmp_path / f"my.{wanted.file_name}"
    graph.write(snapshot, file)
    assert file.read_bytes() == b"".join(export_chunks(snapshot, wanted))


def test_write_keeps_the_nodes_that_are_named(snapshot: graph.GraphSnapshot, tmp_path: Path) -> None:
    [story, *_] = graph.stories(snapshot)
    graph.write(snapshot, tmp_path / "story.json", story.articles)
    assert len(json.loads((tmp_path / "story.json").read_bytes())["nodes"]) == story.article_count
    with pytest.raises(ExportError, match=r"story\.txt does not tell its format; it may end in \.graphml, "):
        graph.write(snapshot, tmp_path / "story.txt")
