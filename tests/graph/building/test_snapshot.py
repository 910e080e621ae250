import dataclasses
import itertools
import random
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import networkx as nx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.building.live_folders import load_snapshot
from graph.building.merge import merge
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Person
from graph.reading.loader import load_folders
from tests.edges import Edge, targets_of

SEEDS = Path(__file__).parents[3] / "seeds"
RELATED = [{"webUrl": "https://x.example/b", "title": "B"}, {"webUrl": "https://x.example/c"}]
FIELDS = {
    "title": "A",
    "excerpt": "E",
    "publishedDateTime": "2024-01-01",
    "quality": 5,
    "heat": 5,
    "type": "article",
    "category": "news",
    "ampWebUrl": "https://x.example/amp",
    "slug": "s",
    "extra": {"a": [1]},
    "topics": ["AI", "B"],
    "provider": {"name": "P", "domain": "p.example"},
    "images": [{"url": "https://x.example/i", "width": 5}],
    "related": RELATED,
}


def loaded(folder: Path) -> GraphSnapshot:
    return load_snapshot([folder])


def version(folder: Path, name: str = "a.md", body: str = "Body", **changes: object) -> str:
    folder.mkdir(exist_ok=True)
    fields = {"webUrl": "https://x.example/a", **FIELDS, **changes}
    (folder / name).write_text(f"{{\n{orjson.dumps(fields).decode()[1:-1]}\n}}\n{body}")
    return loaded(folder).version


def test_version_never_changes_while_the_content_does_not(tmp_path: Path) -> None:
    assert version(tmp_path) == "76ae60f256393aebe5796e80c47ef20e"


def test_version_does_not_depend_on_where_the_folder_is(tmp_path: Path, seeds: GraphSnapshot) -> None:
    shutil.copytree(SEEDS, tmp_path / "elsewhere")

    assert loaded(tmp_path / "elsewhere").version == seeds.version


def test_version_does_not_depend_on_the_order_in_which_files_were_made_or_read(
    tmp_path: Path, seeds: GraphSnapshot
) -> None:
    files = [path for path in SEEDS.rglob("*") if path.is_file()]
    random.Random(3).shuffle(files)
    for path in files:
        copy = tmp_path / path.relative_to(SEEDS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    shuffled = load_folders([tmp_path])
    random.Random(4).shuffle(shuffled.documents)

    assert loaded(tmp_path).version == seeds.version
    assert build_snapshot(merge(shuffled)).version == seeds.version


@pytest.mark.parametrize(
    "change",
    [
        *({"title": "a"}, {"excerpt": None}, {"publishedDateTime": "2024-01-01T00:00:01Z"}, {"quality": 6}, {"heat": -1}),
        *({"type": "A"}, {"category": ""}, {"ampWebUrl": "https://x.example/amp/"}, {"slug": "S"}, {"extra": {"a": [True]}}),
        *({"extra": {"a": [1.5]}}, {"topics": ["B", "AI"]}, {"provider": "p.example"}, {"images": []}, {"webUrl": "https://x.example/z"}),
        *({"images": [{"url": "https://x.example/i", "width": 6}]}, {"related": RELATED[::-1]}, {"related": []}),
        *({"quality": "six"}, {"name": "b.md"}, {"body": "body"}),
    ],
    ids=str,
)  # fmt: skip
def test_version_changes_with_every_value(tmp_path: Path, change: dict[str, str]) -> None:
    assert version(tmp_path / "one") != version(tmp_path / "two", **change)


@given(st.text(), st.text())
def test_versions_are_equal_exactly_if_the_texts_are(one: str, other: str) -> None:
    article = Article(id="a_", url=None, origin=ArticleOrigin.DOCUMENT, slug=None)

    versions = [
        build_snapshot(MergeResult(articles=[dataclasses.replace(article, body=text)])).version for text in (one, other)
    ]
    assert (versions[0] == versions[1]) == (one == other)


def test_version_changes_with_edges_of_each_kind_and_with_persons() -> None:
    article = Article(id="a_", url=None, origin=ArticleOrigin.DOCUMENT, slug=None)
    other = dataclasses.replace(article, id="b_")
    graphs = [MergeResult([article, other], targets=targets_of([Edge("a_", "b_", kind, 1)])) for kind in EdgeKind]
    graphs += [MergeResult([article, other]), MergeResult([article, other], persons=[Person("h_", "ada", "Ada")])]

    assert len({build_snapshot(graph).version for graph in graphs}) == len(EdgeKind) + 2


def test_snapshot_holds_nodes_edges_and_both_directions(tmp_path: Path) -> None:
    version(tmp_path)
    snapshot = loaded(tmp_path)

    ids = {kind: list(found) for kind, found in snapshot.ids.items()}
    assert {kind.value: len(found) for kind, found in ids.items()} == {
        "ARTICLE": 3,
        "PROVIDER": 1,
        "TOPIC": 2,
        "PERSON": 0,
    }
    assert all(found == sorted(found) for found in ids.values())
    assert sorted(snapshot.nodes) == list(snapshot.nodes) == sorted(itertools.chain(*ids.values()))
    own = snapshot.lookups.articles_by_slug["s"]
    by_url = snapshot.lookups.articles_by_url
    assert dict(snapshot.targets[EdgeKind.RELATED_TO]) == {
        own: (by_url["https://x.example/b"], by_url["https://x.example/c"])
    }
    assert dict(snapshot.sources[EdgeKind.PUBLISHED_BY]) == {ids[NodeKind.PROVIDER][0]: (own,)}
    assert {kind.value: count for kind, count in snapshot.edge_counts.items()} == {
        "ABOUT": 2,
        "PUBLISHED_BY": 1,
        "RELATED_TO": 2,
    }
    assert set(snapshot.digraph.edges(own, data="relation")) == {
        (own, target, kind.value) for kind in EdgeKind for target in snapshot.targets[kind].get(own, ())
    }


def test_snapshot_cannot_be_changed(seeds: GraphSnapshot) -> None:
    with pytest.raises(nx.NetworkXError, match="Frozen graph"):
        seeds.digraph.add_node("x")
    with pytest.raises(TypeError):
        seeds.nodes["x"] = next(iter(seeds.nodes.values()))  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        seeds.version = ""  # type: ignore[misc]


def test_snapshot_says_when_it_was_loaded_in_utc(tmp_path: Path) -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)

    assert build_snapshot(merge(load_folders([tmp_path])), moment).loaded_at == moment
    assert loaded(tmp_path).loaded_at.tzinfo is UTC


def test_empty_folder_is_an_empty_snapshot(tmp_path: Path) -> None:
    snapshot = loaded(tmp_path)

    assert (snapshot.nodes, snapshot.problems, dict(snapshot.edge_counts)) == ({}, (), {})
    assert snapshot.ids == dict.fromkeys([kind for kind in NodeKind if kind is not NodeKind.STORY], ())


def test_problems_of_an_article_are_those_of_its_file(tmp_path: Path) -> None:
    version(tmp_path, quality="high")
    snapshot = loaded(tmp_path)
    own, other = (snapshot.nodes[snapshot.lookups.articles_by_url[f"https://x.example/{name}"]] for name in "ab")

    assert isinstance(own, Article)
    assert isinstance(other, Article)
    assert [problem.field_path for problem in snapshot.problems_of(own)] == ["quality"]
    assert snapshot.problems_of(other) == ()


def test_problems_of_a_merged_article_are_those_of_all_its_files(tmp_path: Path) -> None:
    for name, quality in (("first", 9), ("second", 5)):
        text = f"---\ntitle: T\nprovider: P\nwebUrl: https://x.example/a\nquality: {quality}\nheat: hot\n---\n"
        (tmp_path / f"{name}.md").write_text(text)
    snapshot = loaded(tmp_path)
    (article,) = (node for node in snapshot.nodes.values() if isinstance(node, Article))

    assert (article.file, article.duplicate_files) == ("first.md", ("second.md",))
    assert [(problem.file, problem.code.value) for problem in snapshot.problems_of(article)] == [
        ("first.md", "FIELD_TYPE"),
        ("second.md", "ARTICLE_DUPLICATED"),
        ("second.md", "FIELD_TYPE"),
    ]


def test_problem_that_is_found_twice_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\na: &a {b: !x 1, b: !x 1, b: !x 1}\ntitle: T\nprovider: P\n---\n")
    snapshot = loaded(tmp_path)
    (article,) = (node for node in snapshot.nodes.values() if isinstance(node, Article))

    assert [problem.code.value for problem in snapshot.problems] == ["KEY_REPEATED", "TAG_IGNORED"]
    assert snapshot.problems_of(article) == snapshot.problems


def test_no_snapshot_holds_an_encrypted_field(seeds: GraphSnapshot) -> None:
    assert all("HZARyucEkXIpTbFlKTs" not in repr(node) for node in seeds.nodes.values())


def counts(snapshot: GraphSnapshot) -> dict[str, int]:
    """How much of everything there is, articles by their origin."""
    origins = Counter(node.origin.value for node in snapshot.nodes.values() if isinstance(node, Article))
    kinds = {kind.value: len(snapshot.ids[kind]) for kind in (NodeKind.PROVIDER, NodeKind.TOPIC)}
    return {**origins, **kinds, **{kind.value: count for kind, count in snapshot.edge_counts.items()}}


@pytest.mark.thorough
def test_corpus_with_its_unpublished_articles_is_one_graph(azure: GraphSnapshot) -> None:
    assert counts(azure) == {
        "DOCUMENT": 4_944,
        "PROVIDER": 427,
        "TOPIC": 20,
        "RELATED_TO": 160_097,
        "ABOUT": 6_702,
        "PUBLISHED_BY": 4_944,
        "BROADER": 19,
    }


@pytest.mark.thorough
def test_corpus_as_published_is_mostly_references(azure_published: GraphSnapshot) -> None:
    assert counts(azure_published) == {
        "DOCUMENT": 624,
        "REFERENCE": 3_474,
        "PROVIDER": 400,
        "TOPIC": 20,
        "RELATED_TO": 3_479,
        "ABOUT": 1_167,
        "PUBLISHED_BY": 4_098,
        "BROADER": 19,
    }


def test_digraph_has_the_nodes_and_edges_of_the_snapshot(tmp_path: Path) -> None:
    version(tmp_path)
    snapshot = loaded(tmp_path)

    digraph = snapshot.digraph
    assert snapshot.digraph is digraph
    assert list(digraph) == list(snapshot.nodes)
    assert {kind.value: count for kind, count in snapshot.edge_counts.items()} == Counter(
        data["relation"] for _, _, data in digraph.edges(data=True)
    )


def test_digest_of_a_node_changes_with_its_values_and_with_where_it_leads(tmp_path: Path) -> None:
    digests = []
    for change in ({}, {"title": "Z"}, {"related": RELATED[::-1]}, {"topics": ["B", "AI"]}):
        version(tmp_path, **change)
        snapshot = loaded(tmp_path)
        digests.append(snapshot.digests[snapshot.lookups.articles_by_slug["s"]])
    assert len(set(digests)) == 4
