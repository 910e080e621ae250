"""Nodes by id and by kind, whether they were loaded or are derived."""

import pytest

from graph.analysis.nodes import find_node, nodes_of
from graph.analysis.stories import stories
from graph.building.snapshot import GraphSnapshot
from graph.model import NODE_TYPES, NodeKind, Story


def test_every_loaded_node_is_found_by_its_id(seeds: GraphSnapshot) -> None:
    assert all(find_node(seeds, node_id) is node for node_id, node in seeds.nodes.items())


def test_every_story_is_found_by_its_id_and_those_its_articles_would_give_it(seeds: GraphSnapshot) -> None:
    found = stories(seeds).by_id.values()
    assert len(found) > 1
    for story in found:
        assert find_node(seeds, story.id) is story
        assert all(find_node(seeds, article.replace("a_", "s_", 1)) is story for article in story.articles)


@pytest.mark.parametrize("node_id", ["", "a_unknown", "s_unknown", "s", "unknown"])
def test_unknown_id_finds_nothing(seeds: GraphSnapshot, node_id: str) -> None:
    assert find_node(seeds, node_id) is None


def test_article_that_is_alone_is_no_story(seeds: GraphSnapshot) -> None:
    alone = next(node for node in seeds.ids[NodeKind.ARTICLE] if node not in stories(seeds).by_article)
    assert find_node(seeds, alone.replace("a_", "s_", 1)) is None


@pytest.mark.parametrize("kind", NodeKind)
def test_nodes_of_a_kind_stand_by_id(seeds: GraphSnapshot, kind: NodeKind) -> None:
    nodes = nodes_of(seeds, kind)
    assert nodes
    assert all(isinstance(node, NODE_TYPES[kind]) for node in nodes)
    assert [node.id for node in nodes] == sorted({node.id for node in nodes})
    if kind is not NodeKind.STORY:
        assert list(nodes) == [node for node in seeds.nodes.values() if isinstance(node, NODE_TYPES[kind])]


def test_stories_are_not_among_what_is_loaded(seeds: GraphSnapshot) -> None:
    assert not any(isinstance(node, Story) for node in seeds.nodes.values())
    assert NodeKind.STORY not in seeds.ids
