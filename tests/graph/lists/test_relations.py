"""Relations: who stands beside whom, by what name and in which order."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph.analysis.edges import provider_counts, related, sources, targets, topic_counts
from graph.analysis.metrics import NodeMetrics
from graph.analysis.nodes import nodes_of
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.lists.relations import RELATIONS
from graph.model import NODE_TYPES, Article, EdgeKind, LinkDirection, NodeKind, Provider, Story, Topic

NODES = (Article, Provider, Topic, Story)
POST, GAZETTE = {"name": "Post", "domain": "post.example"}, {"name": "Gazette", "domain": "gazette.example"}
ARTICLES: dict[str, dict[str, Any]] = {
    "a": {"provider": POST, "topics": ["Sea", "Sky"], "related": ["c", "b", "elsewhere"]},
    "b": {"provider": POST, "topics": ["Sea"], "related": ["a"]},
    "c": {"provider": GAZETTE, "topics": ["Sea"]},
    "d": {"related": ["a"]},
}
BODIES = {"b": "[d](https://x.example/d) [a](https://x.example/a)"}


@pytest.fixture
def world(tmp_path: Path) -> GraphSnapshot:
    for name, fields in ARTICLES.items():
        cited = [{"webUrl": f"https://x.example/{other}"} for other in fields.get("related", [])]
        text = json.dumps({"title": name, "webUrl": f"https://x.example/{name}", **fields, "related": cited})
        (tmp_path / f"{name}.md").write_text(f"---\n{text}\n---\n{BODIES.get(name, '')}", encoding="utf-8")
    topics = tmp_path / "_data" / "topics"
    topics.mkdir(parents=True)
    (topics / "sea.yaml").write_text("taxonomy: topic\nname: Sea\nparent: Nature\nkeywords: [wave, tide]\n")
    return load_snapshot([tmp_path])


def article(snapshot: GraphSnapshot, name: str) -> str:
    return snapshot.lookups.articles_by_url[f"https://x.example/{name}"]


def named(snapshot: GraphSnapshot, ids: Any) -> list[str]:
    """What the nodes are called in this file: the last part of the URL, the domain, the slug."""
    nodes = [snapshot.nodes[node_id] for node_id in ids]
    return [
        str(node.url)[-1]
        if isinstance(node, Article)
        else str(node.domain if isinstance(node, Provider) else node.slug)
        for node in nodes
    ]


def test_targets_stand_in_the_authors_order_and_sources_by_id(world: GraphSnapshot) -> None:
    a = article(world, "a")
    assert named(world, targets(world, EdgeKind.RELATED_TO, a)) == ["c", "b", "e"]
    assert named(world, targets(world, EdgeKind.ABOUT, a)) == ["sea", "sky"]
    assert sources(world, EdgeKind.RELATED_TO, a) == tuple(sorted([article(world, "b"), article(world, "d")]))
    assert targets(world, EdgeKind.BROADER, a) == sources(world, EdgeKind.BROADER, a) == ()
    assert targets(world, EdgeKind.ABOUT, "unknown") == ()


def test_related_says_which_of_two_articles_names_the_other(world: GraphSnapshot) -> None:
    found = related(world, article(world, "a"))
    assert dict(zip(named(world, found), found.values(), strict=True)) == {
        "c": LinkDirection.OUT,
        "b": LinkDirection.BOTH,
        "e": LinkDirection.OUT,
        "d": LinkDirection.IN,
    }
    assert named(world, found) == ["c", "b", "e", "d"]
    assert related(world, "unknown") == {}


def test_topics_and_providers_are_counted_by_articles(world: GraphSnapshot) -> None:
    every = [article(world, name) for name in "abcd"]
    topics = topic_counts(world, every)
    assert dict(zip(named(world, topics), topics.values(), strict=True)) == {"sea": 3, "sky": 1}
    providers = provider_counts(world, every)
    assert dict(zip(named(world, providers), providers.values(), strict=True)) == {
        "post.example": 2,
        "gazette.example": 1,
    }
    assert (
        topic_counts(world, [article(world, "d")])
        == provider_counts(world, ["unknown"])
        == topic_counts(world, [])
        == {}
    )


@pytest.mark.parametrize(
    ("record", "relation", "expected"),
    [
        ("a", "provider", ["post.example"]),
        ("d", "provider", []),
        ("a", "topics", ["sea", "sky"]),
        ("a", "related", ["c", "b", "e", "d"]),
        ("b", "links", ["d", "a"]),
        ("d", "backlinks", ["b"]),
        ("post.example", "topics", ["sea", "sky"]),
        ("gazette.example", "articles", ["c"]),
        ("sea", "parent", ["nature"]),
        ("nature", "children", ["sea"]),
        ("nature", "articles", []),
    ],
)
def test_relation_leads_from_a_node_to_these(
    world: GraphSnapshot, record: str, relation: str, expected: list[str]
) -> None:
    node = next(node for node in world.nodes.values() if named(world, [node.id]) == [record])
    members = RELATIONS[type(node), relation].records(world, node)
    assert named(world, [member.id for member in members if isinstance(member, NODES)]) == expected


def test_values_inside_a_node_are_members_too(world: GraphSnapshot) -> None:
    sea = world.nodes[world.lookups.topics_by_slug["sea"]]
    assert RELATIONS[Topic, "keywords"].records(world, sea) == ("wave", "tide")


def test_articles_lead_to_the_story_that_holds_them(world: GraphSnapshot) -> None:
    a = world.nodes[article(world, "a")]
    (story,) = RELATIONS[Article, "story"].records(world, a)
    assert isinstance(story, Story)
    for relation, expected in [
        ("articles", {"a", "b", "c", "d", "e"}),
        ("providers", {"post.example", "gazette.example"}),
        ("topics", {"sea", "sky"}),
    ]:
        found = [member.id for member in RELATIONS[Story, relation].records(world, story) if isinstance(member, NODES)]
        assert (set(named(world, found)), len(found)) == (expected, len(expected))


def test_article_without_related_links_leads_to_no_story(seeds: GraphSnapshot) -> None:
    alone = next(node for node in seeds.ids[NodeKind.ARTICLE] if not related(seeds, node))
    assert RELATIONS[Article, "story"].records(seeds, seeds.nodes[alone]) == ()


@pytest.mark.parametrize(("name", "in_degree", "out_degree"), [("a", 2, 6), ("sea", 3, 1), ("post.example", 2, 0)])
def test_nodes_lead_to_their_metrics(world: GraphSnapshot, name: str, in_degree: int, out_degree: int) -> None:
    node = next(node for node in world.nodes.values() if named(world, [node.id]) == [name])
    (found,) = RELATIONS[type(node), "metrics"].records(world, node)
    assert isinstance(found, NodeMetrics)
    assert (found.in_degree, found.out_degree) == (in_degree, out_degree)


def test_relations_start_at_every_kind_of_node() -> None:
    assert set(NODE_TYPES.values()) == {start for start, _ in RELATIONS}


@pytest.mark.parametrize(("record_type", "name"), RELATIONS)
def test_relation_leads_to_others_of_its_type_each_once(seeds: GraphSnapshot, record_type: type, name: str) -> None:
    relation = RELATIONS[record_type, name]
    kind = next(kind for kind, node_type in NODE_TYPES.items() if node_type is record_type)
    types: set[type] = set()
    for node in nodes_of(seeds, kind):
        records = relation.records(seeds, node)
        types.update(map(type, records))
        found = [record.id for record in records if isinstance(record, NODES)]
        assert len(found) == len(set(found))
    assert types <= {relation.leads_to}
    assert types or name in ("aliases", "images", "parent", "children", "keywords", "hashtags", "links", "backlinks")
