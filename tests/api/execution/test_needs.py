"""What an operation waits for follows from the types and arguments in its document, never from words in its text."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, get_named_type

from api.adapters.strawberry import core_schema
from api.execution.needs import _OF_TYPES, Need
from api.schema.assembly import schema
from tests.api.execution.answering import planned_executor
from tests.api.execution.generated_operations import Request

TYPES = core_schema(schema).type_map


def need_of(query: str, variables: dict[str, Any] | None = None) -> Need:
    return planned_executor().operation(Request(query, variables or {}, None)).needs.of(variables or {})


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ articles { totalCount } }", {}, Need.NOTHING),
        ('{ articles(filter: {title: {contains: "search"}}) { totalCount } }', {}, Need.NOTHING),
        ("{ articles { search: totalCount metrics: pageInfo { hasNextPage } } }", {}, Need.NOTHING),
        ("query stories { articles { totalCount } } # paths, changes", {}, Need.NOTHING),
        ('{ article(by: {url: "https://history.example/s_1"}) { title } }', {}, Need.NOTHING),
        ("query ($url: String!) { article(by: {url: $url}) { title } }", {"url": "s_1"}, Need.NOTHING),
        ("{ articles(filter: {story: {articleCount: {gt: 2}}}) { totalCount } }", {}, Need.SOON),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a_1", "s_2"]}, Need.SOON),
        ("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["a_1"]}, Need.NOTHING),
        ('query ($id: ID = "s_1") { node(id: $id) { id } }', {}, Need.SOON),
        ('{ node(id: "\\u0073_1") { id } }', {}, Need.SOON),
        ("{ articles { nodes { ...a } } } fragment a on Article { story { id } }", {}, Need.SOON),
        ("{ snapshot { nodeCounts { count } } }", {}, Need.SOON),
        ("{ trending(kind: STORY) { count } }", {}, Need.SOON),
        ("{ trending(kind: TOPIC) { count } }", {}, Need.NOTHING),
        ("query ($kind: TrendKind!) { trending(kind: $kind) { count } }", {"kind": "STORY"}, Need.SOON),
        ("{ providers(filter: {firsts: {count: {gt: 1}}}) { totalCount } }", {}, Need.SOON),
        ("{ providers(orderBy: [{firsts: {count: DESC}}]) { totalCount } }", {}, Need.SOON),
        ("{ providers { nodes { firsts { totalCount } } } }", {}, Need.SOON),
        ("{ snapshot { loadedAt } }", {}, Need.HISTORY),
        ('{ snapshot { changes(since: "x") { version } } }', {}, Need.SOON | Need.HISTORY),
        ('{ search(query: "x") { totalCount } }', {}, Need.LATE),
        ("{ stories { nodes { lead { metrics { pageRank } } } } }", {}, Need.SOON | Need.LATE),
        ('{ node(id: "a_1") { ... on Article { similar { totalCount } } } }', {}, Need.LATE),
        (
            "query ($order: [ArticleOrder!]) { articles(orderBy: $order) { totalCount } }",
            {"order": {"metrics": {"pageRank": "DESC"}}},
            Need.LATE,
        ),
        (
            "query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }",
            {"filter": {"not": {"or": [{"title": {"eq": "metrics"}}, {"provider": {"metrics": {}}}]}}},
            Need.LATE,
        ),
        (
            "query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }",
            {"filter": {"title": {"in": ["metrics", "story"]}}},
            Need.NOTHING,
        ),
        ("query ($filter: ArticleFilter) { articles(filter: $filter) { totalCount } }", {"filter": 7}, Need.NOTHING),
    ],
)
def test_need_follows_from_types_and_arguments(query: str, variables: dict[str, Any], expected: Need) -> None:
    assert need_of(query, variables) == expected


def test_every_field_of_stories_search_and_metrics_is_known_by_its_type() -> None:
    """A new field of such a type needs no entry; one of a new type does."""
    found = {
        f"{of_type.name}.{name}": get_named_type(field.type).name
        for of_type in TYPES.values()
        if isinstance(of_type, GraphQLObjectType | GraphQLInputObjectType) and not of_type.name.startswith("__")
        for name, field in of_type.fields.items()
        if name in ("story", "stories", "firsts", "search", "similar", "metrics", "paths", "context")
        and of_type.name != "PathResult"
        and of_type.name != "PathResult"
    }
    assert set(found.values()) - {"CountOrder"} == _OF_TYPES.keys() - {"Metrics"}
