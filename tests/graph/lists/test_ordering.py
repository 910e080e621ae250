"""Orders: total, missing values last either way, ties by id; the same as comparing two nodes at a time."""

import dataclasses
import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cmp_to_key, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.nodes import nodes_of
from graph.analysis.stories import stories, story_of
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import CursorError, OrderError
from graph.lists.ordering import Order, OrderKey, Position, order_value, position_reader, sort_key, sorted_ids
from graph.model import Article, ArticleOrigin, Node, NodeKind, Provider, Story, Topic
from tests.cases import random_cases

ARTICLES: dict[str, dict[str, Any]] = {
    "b": {"title": "Bee", "webUrl": "https://x.example/b", "quality": 2, "publishedDateTime": "2024-05-02"},
    "a": {"title": "ant", "webUrl": "https://x.example/a", "quality": 9, "publishedDateTime": "2024-05-01"},
    "c": {"title": "Bee", "webUrl": "https://x.example/c", "related": [{"webUrl": "https://x.example/b"}]},
    "d": {"title": "Cat", "webUrl": "https://x.example/d", "quality": 9, "topics": ["Sea", "Sky"]},
}


@pytest.fixture
def world(tmp_path: Path) -> GraphSnapshot:
    for name, fields in ARTICLES.items():
        fields = {"provider": {"name": name.upper(), "domain": f"{name}.example"}, **fields}
        (tmp_path / f"{name}.md").write_text(f"---\n{json.dumps(fields)}\n---\n", encoding="utf-8")
    return load_snapshot([tmp_path])


def ordered(snapshot: GraphSnapshot, kind: NodeKind, order: Order) -> list[Node]:
    read = position_reader(snapshot, kind, order)
    return sorted(nodes_of(snapshot, kind), key=lambda node: sort_key(order, read(node)))


def slugs(snapshot: GraphSnapshot, *order: OrderKey) -> str:
    return "".join(str(node.slug) for node in ordered(snapshot, NodeKind.ARTICLE, order) if isinstance(node, Article))


def test_articles_stand_in_the_order_of_a_field(world: GraphSnapshot) -> None:
    tie = "".join(sorted("bc", key=lambda slug: world.lookups.articles_by_slug[slug]))
    assert slugs(world, OrderKey("slug")) == "abcd"
    assert slugs(world, OrderKey("slug", is_descending=True)) == "dcba"
    assert slugs(world, OrderKey("title")) == f"{tie}da"  # by code point, ties by id
    assert slugs(world, OrderKey("title", is_descending=True)) == f"ad{tie}"


def test_missing_values_come_last_in_both_directions(world: GraphSnapshot) -> None:
    assert slugs(world, OrderKey("quality"), OrderKey("slug")) == "badc"
    assert slugs(world, OrderKey("quality", is_descending=True), OrderKey("slug")) == "adbc"
    assert slugs(world, OrderKey("published_date_time"), OrderKey("slug")) == "abcd"
    assert slugs(world, OrderKey("published_date_time", is_descending=True), OrderKey("slug")) == "bacd"


def test_articles_stand_in_the_order_of_a_relation(world: GraphSnapshot) -> None:
    assert slugs(world, OrderKey("related.count", is_descending=True), OrderKey("slug")) == "bcad"
    assert slugs(world, OrderKey("topics.count", is_descending=True), OrderKey("slug")) == "dabc"
    assert slugs(world, OrderKey("provider.domain", is_descending=True)) == "dcba"


def test_articles_stand_in_the_order_of_their_metrics_and_of_their_story(world: GraphSnapshot) -> None:
    ranks = {slug: metrics(world)[world.lookups.articles_by_slug[slug]].page_rank for slug in "abcd"}
    assert ranks["b"] > ranks["a"]  # c names b
    assert slugs(world, OrderKey("metrics.page_rank", is_descending=True), OrderKey("slug")) == "bacd"
    assert slugs(world, OrderKey("metrics.out_degree"), OrderKey("slug")) == "abcd"
    assert slugs(world, OrderKey("story.article_count"), OrderKey("slug")) == "bcad"
    assert slugs(world, OrderKey("story.count"), OrderKey("slug")) == "adbc"


def test_stories_stand_in_the_order_of_a_field(seeds: GraphSnapshot) -> None:
    def counts(is_descending: bool) -> list[int]:
        found = ordered(seeds, NodeKind.STORY, (OrderKey("article_count", is_descending),))
        return [node.article_count for node in found if isinstance(node, Story)]

    assert counts(is_descending=True) == [5, 4, 3, *[2] * 9]
    assert counts(is_descending=False) == [*[2] * 9, 3, 4, 5]


def test_position_holds_the_values_and_the_id(world: GraphSnapshot) -> None:
    order = (OrderKey("quality"), OrderKey("published_date_time", is_descending=True), OrderKey("provider.name"))
    article = world.nodes[world.lookups.articles_by_slug["b"]]
    read = position_reader(world, NodeKind.ARTICLE, order)
    assert read(article) == Position((2, 1_714_608_000_000_000, "B"), article.id)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("text", "text"),
        (True, 1),
        (7, 7),
        (datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC), 1_000_005),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), -1),
        (datetime.max.replace(tzinfo=UTC), 253_402_300_799_999_999),
        (ArticleOrigin.DOCUMENT, "DOCUMENT"),
        (0.1, 0.1),
        (2.0, 2.0),
    ],
)
def test_order_value_is_text_or_a_number(value: object, expected: object) -> None:
    answer = order_value(value)
    assert (type(answer), answer) == (type(expected), expected)


def test_value_without_an_order_is_an_error() -> None:
    with pytest.raises(OrderError, match="A tuple has no order"):
        order_value(())


VALUES = st.lists(
    st.tuples(st.sampled_from([None, 0, 1, 2.5, -1]), st.sampled_from([None, "", "a", "b", "Ä"])), max_size=12
)


@random_cases(500)
@given(VALUES, st.booleans(), st.booleans())
def test_positions_are_sorted_as_their_keys_compare(
    values: list[tuple[int | float | None, str | None]], is_first_descending: bool, is_second_descending: bool
) -> None:
    order = (OrderKey("quality", is_first_descending), OrderKey("title", is_second_descending))
    positions = [Position(pair, f"a_{number:02}") for number, pair in enumerate(values)]
    by_key = sorted(positions, key=lambda position: sort_key(order, position))
    assert sorted_ids(order, positions) == [position.node_id for position in by_key]


@pytest.mark.parametrize("field", ["colour", "colours.count", "", ".count"])
def test_unknown_field_is_an_error(world: GraphSnapshot, field: str) -> None:
    with pytest.raises(OrderError, match="Article has no "):
        position_reader(world, NodeKind.ARTICLE, (OrderKey(field),))


@pytest.mark.parametrize("field", ["provider.colour", "metrics.colour", "story.colour", "story.metrics"])
def test_unknown_field_behind_a_relation_is_an_error(world: GraphSnapshot, field: str) -> None:
    with pytest.raises(OrderError, match=r"has no field '(colour|metrics)' to order by"):
        ordered(world, NodeKind.ARTICLE, (OrderKey(field),))


def test_stories_have_no_metrics_to_order_by(world: GraphSnapshot) -> None:
    with pytest.raises(OrderError, match="Story has no relation 'metrics' to order by"):
        position_reader(world, NodeKind.STORY, (OrderKey("metrics.page_rank"),))


def test_position_of_a_longer_or_shorter_order_is_an_error() -> None:
    with pytest.raises(CursorError, match="belongs to another orderBy"):
        sort_key((OrderKey("title"),), Position(("x", "y"), "a_1"))


@pytest.mark.parametrize("is_descending", [False, True])
def test_positions_with_values_of_another_type_do_not_compare(is_descending: bool) -> None:
    order = (OrderKey("title", is_descending),)
    text, number = sort_key(order, Position(("x",), "a_1")), sort_key(order, Position((5,), "a_1"))
    with pytest.raises(TypeError):
        assert text < number
    with pytest.raises(TypeError):
        assert number < text
    assert text != number


# The oracle compares two nodes at a time, with values read from the networkx graph.

METRICS = [f"metrics.{field.name}" for field in dataclasses.fields(NodeMetrics)]
STORY_FIELDS = ["headline", "first_published", "last_published", "article_count", "provider_count", "topic_count"]
LOADED_FIELDS = {
    NodeKind.ARTICLE: [
        "published_date_time",
        "title",
        "slug",
        "url",
        "quality",
        "heat",
        "type",
        "category",
        "origin",
        "published",
        "provider.domain",
        "provider.name",
        "topics.count",
        "authors.count",
        "related.count",
        "links.count",
        "backlinks.count",
        "images.count",
        *METRICS,
    ],
    NodeKind.PROVIDER: ["domain", "name", "articles.count", "topics.count", *METRICS],
    NodeKind.TOPIC: ["slug", "name", "short_name", "articles.count", "providers.count", "children.count", *METRICS],
    NodeKind.PERSON: ["slug", "name", "description", "url", "articles.count", "topics.count", *METRICS],
}
ORDER_FIELDS = {
    **LOADED_FIELDS,
    NodeKind.ARTICLE: [
        *LOADED_FIELDS[NodeKind.ARTICLE],
        "story.count",
        *(f"story.{field}" for field in STORY_FIELDS),
    ],
    NodeKind.STORY: [*STORY_FIELDS, "articles.count", "providers.count", "topics.count"],
}


def neighbor_ids(snapshot: GraphSnapshot, node_id: str, relation: str) -> set[str]:
    out = {(data["relation"], target) for _, target, data in snapshot.digraph.out_edges(node_id, data=True)}
    into = {(data["relation"], source) for source, _, data in snapshot.digraph.in_edges(node_id, data=True)}
    wanted = {
        "a.provider": (out, "PUBLISHED_BY"),
        "a.topics": (out, "ABOUT"),
        "a.links": (out, "LINKS_TO"),
        "a.backlinks": (into, "LINKS_TO"),
        "a.authors": (out, "WRITTEN_BY"),
        "a.related": (out | into, "RELATED_TO"),
        "p.articles": (into, "PUBLISHED_BY"),
        "t.articles": (into, "ABOUT"),
        "h.articles": (into, "WRITTEN_BY"),
        "t.children": (into, "BROADER"),
    }
    key = f"{node_id[0]}.{relation}"
    if key in wanted:
        edges, kind = wanted[key]
        return {other for found, other in edges if found == kind}
    articles = neighbor_ids(snapshot, node_id, "articles")
    one = {"topics": "topics", "providers": "provider"}[relation]
    return {other for article in articles for other in neighbor_ids(snapshot, article, one)}


def value_of(snapshot: GraphSnapshot, node: Node, field: str) -> Any:
    relation, _, rest = field.rpartition(".")
    match relation:
        case "":
            value = getattr(node, field)
            return value.value if isinstance(value, ArticleOrigin) else value
        case "images":
            assert isinstance(node, Article)
            return len(node.images)
        case "metrics":
            return metric(snapshot, node.id, rest)
    found = neighbor_ids(snapshot, node.id, relation)
    if rest == "count":
        return len(found)
    return getattr(snapshot.nodes[found.pop()], rest) if found else None


def metric(snapshot: GraphSnapshot, node_id: str, name: str) -> int | float:
    match name:
        case "in_degree":
            return snapshot.digraph.in_degree(node_id)
        case "out_degree":
            return snapshot.digraph.out_degree(node_id)
        case _:
            value: int | float = getattr(metrics(snapshot)[node_id], name)
            return value


def story_values(snapshot: GraphSnapshot, article_ids: Iterable[str]) -> dict[str, Any]:
    """What the fields of the story of these articles hold, found out from the articles."""
    articles = [article for node in article_ids if isinstance(article := snapshot.nodes[node], Article)]
    dates = [article.published_date_time for article in articles if article.published_date_time]
    story = story_of(snapshot, articles[0].id)
    beside = {other for article in articles for _, other in snapshot.digraph.out_edges(article.id)}
    providers, topics = (
        len([node for node in beside if isinstance(snapshot.nodes[node], node_type)]) for node_type in (Provider, Topic)
    )
    return {
        "headline": story and story.headline,  # see `test_stories`
        "first_published": min(dates, default=None),
        "last_published": max(dates, default=None),
        **dict.fromkeys(("article_count", "articles.count"), len(articles)),
        **dict.fromkeys(("provider_count", "providers.count"), providers),
        **dict.fromkeys(("topic_count", "topics.count"), topics),
    }


def compare(order: Order, left: dict[str, Any], right: dict[str, Any]) -> int:
    for key in order:
        one, other = left[key.field], right[key.field]
        if one == other:
            continue
        if one is None or other is None:
            return 1 if one is None else -1
        return (1 if one > other else -1) * (-1 if key.is_descending else 1)
    return 1 if left["id"] > right["id"] else -1


def values_by_field(snapshot: GraphSnapshot) -> dict[NodeKind, list[dict[str, Any]]]:
    """Every node of each kind with what its fields hold."""
    found = stories(snapshot)
    of_stories = {story_id: story_values(snapshot, story.articles) for story_id, story in found.by_id.items()}
    values: dict[NodeKind, list[dict[str, Any]]] = {
        kind: [
            {"id": node_id, **{field: value_of(snapshot, snapshot.nodes[node_id], field) for field in fields}}
            for node_id in snapshot.ids[kind]
        ]
        for kind, fields in LOADED_FIELDS.items()
    }
    for article in values[NodeKind.ARTICLE]:
        of_story = of_stories.get(found.by_article.get(article["id"], ""), {})
        article |= {
            "story.count": int(bool(of_story)),
            **{f"story.{field}": of_story.get(field) for field in STORY_FIELDS},
        }
    values[NodeKind.STORY] = [{"id": story_id, **of_story} for story_id, of_story in of_stories.items()]
    return values


def assert_random_orders_equal_oracle(snapshot: GraphSnapshot, examples: int) -> None:
    plain = values_by_field(snapshot)
    orders = st.sampled_from(NodeKind).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.lists(st.builds(OrderKey, st.sampled_from(ORDER_FIELDS[kind]), st.booleans()), min_size=1, max_size=4),
        )
    )

    @random_cases(examples)
    @given(orders)
    def check(case: tuple[NodeKind, list[OrderKey]]) -> None:
        kind, order = case[0], tuple(case[1])
        by_order: Callable[[dict[str, Any], dict[str, Any]], int] = partial(compare, order)
        expected = sorted(plain[kind], key=cmp_to_key(by_order))
        assert [node.id for node in ordered(snapshot, kind, order)] == [entry["id"] for entry in expected]

    check()


def test_random_orders_equal_the_oracle_on_the_seeds(seeds: GraphSnapshot) -> None:
    assert_random_orders_equal_oracle(seeds, 1_000)


@pytest.mark.thorough
def test_random_orders_equal_the_oracle_on_real_articles(azure: GraphSnapshot) -> None:
    assert_random_orders_equal_oracle(azure, 25)
