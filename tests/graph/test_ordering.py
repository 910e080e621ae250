"""Orders: total, missing values last either way, ties by id; the same as comparing two nodes at a time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cmp_to_key, partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import CursorError, OrderError
from graph.loader import load_folders
from graph.merge import merge
from graph.model import Article, ArticleOrigin, Node, NodeKind
from graph.ordering import Order, OrderKey, Position, order_value, position_reader, sort_key
from graph.snapshot import GraphSnapshot, build_snapshot

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
    return build_snapshot(merge(load_folders([tmp_path])))


def ordered(snapshot: GraphSnapshot, kind: NodeKind, order: Order) -> list[Node]:
    read = position_reader(snapshot, kind, order)
    return sorted((snapshot.nodes[node_id] for node_id in snapshot.ids[kind]), key=lambda n: sort_key(order, read(n)))


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
    ],
)
def test_order_value_is_text_or_a_whole_number(value: object, expected: object) -> None:
    answer = order_value(value)
    assert (type(answer), answer) == (type(expected), expected)


def test_value_without_an_order_is_an_error() -> None:
    with pytest.raises(OrderError, match="A tuple has no order"):
        order_value(())


@pytest.mark.parametrize("field", ["colour", "colours.count", "", ".count"])
def test_unknown_field_is_an_error(world: GraphSnapshot, field: str) -> None:
    with pytest.raises(OrderError, match="Article has no "):
        position_reader(world, NodeKind.ARTICLE, (OrderKey(field),))


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

ORDER_FIELDS = {
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
        "related.count",
        "images.count",
    ],
    NodeKind.PROVIDER: ["domain", "name", "articles.count", "topics.count"],
    NodeKind.TOPIC: ["slug", "name", "short_name", "articles.count", "providers.count", "children.count"],
}


def neighbour_ids(snapshot: GraphSnapshot, node_id: str, relation: str) -> set[str]:
    out = {(data["relation"], target) for _, target, data in snapshot.digraph.out_edges(node_id, data=True)}
    into = {(data["relation"], source) for source, _, data in snapshot.digraph.in_edges(node_id, data=True)}
    wanted = {
        "a.provider": (out, "PUBLISHED_BY"),
        "a.topics": (out, "ABOUT"),
        "a.related": (out | into, "RELATED_TO"),
        "p.articles": (into, "PUBLISHED_BY"),
        "t.articles": (into, "ABOUT"),
        "t.children": (into, "BROADER"),
    }
    key = f"{node_id[0]}.{relation}"
    if key in wanted:
        edges, kind = wanted[key]
        return {other for found, other in edges if found == kind}
    articles = neighbour_ids(snapshot, node_id, "articles")
    one = {"topics": "topics", "providers": "provider"}[relation]
    return {other for article in articles for other in neighbour_ids(snapshot, article, one)}


def value_of(snapshot: GraphSnapshot, node: Node, field: str) -> Any:
    relation, _, rest = field.rpartition(".")
    if not relation:
        value = getattr(node, field)
        return value.value if isinstance(value, ArticleOrigin) else value
    if rest == "count":
        return len(node.images) if relation == "images" else len(neighbour_ids(snapshot, node.id, relation))
    found = neighbour_ids(snapshot, node.id, relation)
    return getattr(snapshot.nodes[found.pop()], rest) if found else None


def compare(order: Order, left: dict[str, Any], right: dict[str, Any]) -> int:
    for key in order:
        one, other = left[key.field], right[key.field]
        if one == other:
            continue
        if one is None or other is None:
            return 1 if one is None else -1
        return (1 if one > other else -1) * (-1 if key.is_descending else 1)
    return 1 if left["id"] > right["id"] else -1


def values_by_field(snapshot: GraphSnapshot, kind: NodeKind) -> list[dict[str, Any]]:
    nodes = [snapshot.nodes[node_id] for node_id in snapshot.ids[kind]]
    return [
        {"id": node.id, **{field: value_of(snapshot, node, field) for field in ORDER_FIELDS[kind]}} for node in nodes
    ]


def assert_random_orders_equal_oracle(snapshot: GraphSnapshot, examples: int) -> None:
    plain = {kind: values_by_field(snapshot, kind) for kind in NodeKind}
    orders = st.sampled_from(NodeKind).flatmap(
        lambda kind: st.tuples(
            st.just(kind),
            st.lists(st.builds(OrderKey, st.sampled_from(ORDER_FIELDS[kind]), st.booleans()), min_size=1, max_size=4),
        )
    )

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(orders)
    def check(case: tuple[NodeKind, list[OrderKey]]) -> None:
        kind, order = case[0], tuple(case[1])
        by_order: Callable[[dict[str, Any], dict[str, Any]], int] = partial(compare, order)
        expected = sorted(plain[kind], key=cmp_to_key(by_order))
        assert [node.id for node in ordered(snapshot, kind, order)] == [entry["id"] for entry in expected]

    check()


def test_random_orders_equal_the_oracle_on_the_seeds(seeds: GraphSnapshot) -> None:
    assert_random_orders_equal_oracle(seeds, 1_000)


def test_random_orders_equal_the_oracle_on_real_articles(azure: GraphSnapshot) -> None:
    assert_random_orders_equal_oracle(azure, 25)
