"""Sizes of lists and texts: bounds from above for any nodes, exact for all of them, and nothing for what is unknown."""

from collections.abc import Iterator
from typing import Any

import pytest

from graph.analysis.nodes import nodes_of
from graph.analysis.stories import stories
from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.lists.pages import find_nodes
from graph.lists.relations import RELATIONS
from graph.lists.sizes import TEXTS, Largest, Sizes
from graph.model import Article, EdgeKind, NodeKind, Person, Provider, Story, Topic
from graph.traversal import NeighborhoodQuery, neighborhood
from tests.graph.analysis.test_hubs import Link, graph_of

KINDS: dict[type, NodeKind] = {
    Article: NodeKind.ARTICLE,
    Provider: NodeKind.PROVIDER,
    Topic: NodeKind.TOPIC,
    Person: NodeKind.PERSON,
    Story: NodeKind.STORY,
}
LISTS = [
    (of_type, name)
    for of_type, name in RELATIONS
    if name not in ("metrics", "story", "first_provider") and (of_type, name) != (Article, "related")
]


def records(snapshot: GraphSnapshot, of_type: type) -> list[Any]:
    return list(nodes_of(snapshot, KINDS[of_type]))


def lengths(snapshot: GraphSnapshot, of_type: type, name: str) -> Iterator[int]:
    return (len(RELATIONS[of_type, name].records(snapshot, record)) for record in records(snapshot, of_type))


def test_largest_are_summed_up_to_the_next_power_of_two() -> None:
    largest = Largest.of([3, 0, 1, 9, 5, 2])
    assert [largest.sum(count) for count in (0, 0.5, 1, 2, 3, 4, 5, 100)] == [0, 9, 9, 14, 19, 19, 20, 20]
    assert largest.mean == pytest.approx((9 + 1 + 81 + 25 + 4) / 20)
    assert (Largest.of([]).sum(5), Largest.of([0, 0]).sum(5)) == (0, 0)


@pytest.mark.parametrize(("of_type", "name"), LISTS, ids=lambda value: getattr(value, "__name__", value))
def test_entries_are_bounds_from_above_and_exact_for_all(seeds: GraphSnapshot, of_type: type, name: str) -> None:
    found = sorted(lengths(seeds, of_type, name), reverse=True)
    sizes, list_name = Sizes(seeds), f"{of_type.__name__}.{name}"
    assert sizes.entries(list_name, len(found)) == sum(found)
    for count in range(1, len(found) + 1):
        assert sum(found[:count]) <= sizes.entries(list_name, count) <= sizes.reached(list_name, count)
    assert sizes.reached(list_name, 10_000) >= 10_000 * sum(found) / len(found)


def test_related_articles_count_in_both_directions(seeds: GraphSnapshot) -> None:
    found = list(lengths(seeds, Article, "related"))
    assert Sizes(seeds).entries("Article.related", 1) >= max(found)
    assert Sizes(seeds).entries("Article.related", 10_000) >= sum(found)


def test_counts_are_those_of_the_graph(seeds: GraphSnapshot) -> None:
    for of_type in KINDS:
        assert Sizes(seeds).count(of_type.__name__) == len(records(seeds, of_type))


def test_texts_are_as_long_as_they_are(seeds: GraphSnapshot) -> None:
    sizes = Sizes(seeds)
    for attribute in ("title", "excerpt", "body"):
        found = [len(getattr(article, attribute) or "") for article in records(seeds, Article)]
        assert sizes.characters("Article", attribute, 10_000) == sum(found)
        assert sizes.characters("Article", attribute, 1) == max(found)
        assert sizes.known_characters([article.id for article in records(seeds, Article)] * 2, attribute) == sum(found)
    assert sizes.known_characters(["a_unknown"], "body") == 0
    named = [*records(seeds, Article), *records(seeds, Provider), *records(seeds, Person)]
    texts = [text for node in named for text in node.aliases]
    texts += [text for topic in records(seeds, Topic) for text in topic.keywords + topic.hashtags + topic.taxonomies]
    assert sizes.characters(TEXTS, "", 10_000) == sum(map(len, texts))


@pytest.mark.parametrize("name", ["Article.title", "Article.unknown", "Unknown.articles", "", "Metrics.topics"])
def test_unknown_lists_and_texts_have_nothing_and_are_not_kept(seeds: GraphSnapshot, name: str) -> None:
    sizes = Sizes(seeds)
    assert (sizes.entries(name, 100), sizes.reached(name, 100)) == (0, 0)
    record_type, _, attribute = name.partition(".")
    known = len(seeds.derived._values)
    assert sizes.characters(record_type, f"{attribute}x", 100) == 0
    assert len(seeds.derived._values) == known


def test_story_has_as_many_edges_as_its_neighborhood_without_a_step(seeds: GraphSnapshot) -> None:
    sizes, counts = Sizes(seeds), []
    for story in stories(seeds).by_id.values():
        found = neighborhood(seeds, story.articles, NeighborhoodQuery(depth=0))
        assert sizes.known_stories([story.id, "a_unknown", "s_unknown"]) == (len(found.nodes), len(found.edges))
        assert all(sizes.story_of(article) == story.id for article in story.articles)
        counts.append(len(found.edges))
    assert sizes.story_edges(1) == max(counts)
    assert sizes.story_edges(len(counts)) == sum(counts)


def test_edges_of_each_kind_between_articles_of_a_story_count() -> None:
    kinds = [EdgeKind.RELATED_TO, EdgeKind.LINKS_TO, EdgeKind.TRANSLATION_OF, EdgeKind.PART_OF]
    links: list[Link] = [("a_0", "a_1", kind) for kind in kinds]
    snapshot = graph_of([*links, ("a_1", "a_2", EdgeKind.RELATED_TO), ("a_2", "a_0", EdgeKind.LINKS_TO)])
    (story,) = stories(snapshot).by_id.values()
    found = neighborhood(snapshot, story.articles, NeighborhoodQuery(depth=0))
    assert (len(found.nodes), len(found.edges)) == (3, 6)
    assert Sizes(snapshot).known_stories([story.id]) == (3, 6)
    assert Sizes(snapshot).story_edges(1) == 6


def test_names_find_what_look_ups_find(seeds: GraphSnapshot) -> None:
    sizes = Sizes(seeds)
    for article in records(seeds, Article):
        for lookup, name in (
            (Lookup.ARTICLE_BY_URL, article.url),
            (Lookup.ARTICLE_BY_PATH, article.path),
            (Lookup.ARTICLE_BY_SLUG, article.slug),
        ):
            if name:
                (found,) = find_nodes(seeds, lookup, [name])
                assert sizes.named(lookup, name) == (found.id if found else None)
    assert sizes.named(Lookup.ARTICLE_BY_URL, "no address") is None
