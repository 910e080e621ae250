"""Filter and order inputs: what they stand for, and what a null in them is answered with."""

from collections.abc import Callable
from typing import Any

import pytest
from strawberry import UNSET
from strawberry.types.base import get_object_definition

from api.inputs import (
    ORDER_LIMIT,
    ArticleFilter,
    ArticleOrder,
    ArticleProviderOrder,
    CountOrder,
    OrderDirection,
    ProviderFilter,
    ProviderOrder,
    TopicFilter,
    TopicOrder,
    to_filter,
    to_order,
)
from graph import model
from graph.filters import EVERYTHING
from graph.model import NodeKind
from graph.ordering import OrderKey, position_reader
from graph.relations import MEMBERS
from graph.snapshot import GraphSnapshot

Ask = Callable[..., dict[str, Any]]

COUNT = "query ($filter: %s) { %s(filter: $filter) { totalCount } }"


def count(ask: Ask, given: object, field: str = "articles") -> object:
    """How many pass, or the messages."""
    name = {"articles": "ArticleFilter", "providers": "ProviderFilter", "topics": "TopicFilter"}[field]
    answer = ask(COUNT % (name, field), {"filter": given})
    return (
        [error["message"] for error in answer["errors"]] if "errors" in answer else answer["data"][field]["totalCount"]
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, 57),
        ({}, 57),
        ({"and": []}, 57),
        ({"or": []}, 0),
        ({"not": {}}, 0),
        ({"not": {"or": []}}, 57),
        ({"or": [{}]}, 57),
        ({"and": [{"or": []}]}, 0),
        ({"title": {}}, 57),
        ({"title": {"ignoreCase": True}}, 57),
        ({"title": {"in": []}}, 0),
        ({"quality": {"in": []}}, 0),
        ({"related": {}}, 57),
        ({"related": {"count": {}}}, 57),
        ({"related": {"count": {"in": []}}}, 0),
        ({"topics": {"some": {}}}, 45),
        ({"topics": {"none": {}}}, 12),
        ({"topics": {"every": {"or": []}}}, 12),
        ({"topics": {"count": {"eq": 0}}}, 12),
        ({"provider": {}}, 57),
        ({"provider": {"or": []}}, 0),
        ({"not": {"provider": {"domain": {"isNull": False}}}}, 1),
        ({"published": {"isNull": True}}, 12),
        ({"published": {"eq": True}}, 45),
        ({"origin": {"eq": "REFERENCE"}}, 12),
        ({"origin": {"in": ["REFERENCE", "DOCUMENT"]}}, 57),
        ({"title": {"startsWith": "the ", "endsWith": "MARRISH", "ignoreCase": True}}, 0),
        ({"title": {"contains": "zoéa"}}, 0),
        ({"title": {"contains": "ZOÉA", "ignoreCase": True}}, 3),
        ({"title": {"isNull": True}}, 1),
        ({"images": {"some": {"isCached": {"eq": False}}}}, 0),
        ({"images": {"some": {"and": [{"width": {"gt": 1000}}, {"not": {"url": {"endsWith": ".jpg"}}}]}}}, 5),
        ({"id": {"eq": "a_eo5sonyffu262awl"}}, 1),
        ({"id": {"in": ["a_eo5sonyffu262awl", "nothing"]}}, 1),
        ({"publishedDateTime": {"gte": "2025-01-01", "lt": "2025-02-01T01:00:00+01:00"}}, 3),
        ({"publishedDateTime": {"isNull": True}}, 1),
    ],
)
def test_filter_lets_so_many_articles_pass(ask: Ask, given: object, expected: int) -> None:
    assert count(ask, given) == expected


@pytest.mark.parametrize(
    ("field", "given", "expected"),
    [
        ("providers", {"domain": {"isNull": True}}, 1),
        ("providers", {"aliases": {"some": {"eq": "The Harbour Post"}}}, 1),
        ("providers", {"topics": {"every": {"name": {"eq": "AI"}}}, "articles": {"count": {"gt": 0}}}, 7),
        ("topics", {"keywords": {"some": {"startsWith": "HERR", "ignoreCase": True}}}, 1),
        ("topics", {"hashtags": {"count": {"gte": 2}}}, 4),
        ("topics", {"parent": {"parent": {"slug": {"eq": "saltmarra"}}}}, 5),
        ("topics", {"children": {"none": {}}}, 9),
        ("topics", {"providers": {"some": {"name": {"eq": "Netmender Weekly"}}}}, 3),
        ("topics", {"not": {"articles": {"some": {}}}}, 1),
    ],
)
def test_filter_lets_so_many_others_pass(ask: Ask, field: str, given: object, expected: int) -> None:
    assert count(ask, given, field) == expected


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"title": None}, "filter.title"),
        ({"title": {"contains": None}}, "filter.title.contains"),
        ({"title": {"in": None}}, "filter.title.in"),
        ({"title": {"isNull": None}}, "filter.title.isNull"),
        ({"publishedDateTime": {"lt": None}}, "filter.publishedDateTime.lt"),
        ({"origin": {"eq": None}}, "filter.origin.eq"),
        ({"and": None}, "filter.and"),
        ({"not": None}, "filter.not"),
        ({"not": {"or": [{}, {"quality": {"gt": None}}]}}, "filter.not.or[1].quality.gt"),
        ({"topics": None}, "filter.topics"),
        ({"topics": {"some": None}}, "filter.topics.some"),
        ({"topics": {"count": {"eq": None}}}, "filter.topics.count.eq"),
        ({"provider": {"domain": {"eq": None}}}, "filter.provider.domain.eq"),
        ({"images": {"every": {"isCached": {"eq": None}}}}, "filter.images.every.isCached.eq"),
    ],
)
def test_null_in_a_filter_is_an_error_that_names_its_path(ask: Ask, given: object, path: str) -> None:
    answer = ask(COUNT % ("ArticleFilter", "articles"), {"filter": given})
    assert answer == {
        "data": None,
        "errors": [
            {
                "message": f"{path} is null, which compares with nothing; leave it out, or ask `isNull: true`.",
                "locations": [{"line": 1, "column": 34}],
                "path": ["articles"],
                "extensions": {"code": "BAD_FILTER"},
            }
        ],
    }


def test_variable_that_is_left_out_is_no_condition_and_null_is_an_error(ask: Ask) -> None:
    query = "query ($word: String) { articles(filter: {title: {contains: $word}}) { totalCount } }"
    assert ask(query) == {"data": {"articles": {"totalCount": 57}}}
    (error,) = ask(query, {"word": None})["errors"]
    assert error["message"].startswith("filter.title.contains is null")


def test_filter_may_be_one_value_where_a_list_is_wanted(ask: Ask) -> None:
    assert count(ask, {"or": {"title": {"in": "Harvest supper on the quay"}}}) == 0
    assert count(ask, {"and": {"quality": {"in": 83}}}) == 1


INPUTS: dict[type, tuple[type, type]] = {
    ArticleFilter: (model.Article, ArticleOrder),
    ProviderFilter: (model.Provider, ProviderOrder),
    TopicFilter: (model.Topic, TopicOrder),
}


@pytest.mark.parametrize("given", INPUTS)
def test_every_field_of_a_filter_is_one_of_the_record(given: type) -> None:
    record, _ = INPUTS[given]
    fields = {field.python_name for field in get_object_definition(given, strict=True).fields} - {"and_", "or_", "not_"}
    relations = {name for start, name in MEMBERS if start is record}
    assert fields <= {*record.__slots__, *relations}  # type: ignore[attr-defined]  # a dataclass with slots
    assert relations <= fields


@pytest.mark.parametrize(
    ("kind", "order"),
    [(NodeKind.ARTICLE, ArticleOrder), (NodeKind.PROVIDER, ProviderOrder), (NodeKind.TOPIC, TopicOrder)],
)
def test_every_order_can_be_applied(seeds: GraphSnapshot, kind: NodeKind, order: Any) -> None:
    for field in get_object_definition(order, strict=True).fields:
        value: Any = OrderDirection.DESC
        if field.python_name == "provider":
            value = ArticleProviderOrder(name=OrderDirection.DESC)
        elif field.python_name in {name for _, name in MEMBERS}:
            value = CountOrder(count=OrderDirection.DESC)
        (key,) = to_order([order(**{field.python_name: value})])
        assert key.is_descending
        read = position_reader(seeds, kind, (key,))
        assert [len(read(seeds.nodes[node_id]).values) for node_id in seeds.ids[kind][:3]] == [1, 1, 1]


def test_order_inputs_stand_for_keys() -> None:
    given = [
        ArticleOrder(published_date_time=OrderDirection.DESC),
        ArticleOrder(provider=ArticleProviderOrder(domain=OrderDirection.ASC)),
        ArticleOrder(related=CountOrder(count=OrderDirection.DESC)),
    ]
    assert to_order(given) == (
        OrderKey("published_date_time", is_descending=True),
        OrderKey("provider.domain"),
        OrderKey("related.count", is_descending=True),
    )
    assert to_order([]) == to_order(None) == ()


def test_no_filter_stands_for_everything() -> None:
    assert to_filter(None) == to_filter(ArticleFilter(title=UNSET)) == EVERYTHING


def test_order_with_too_many_criteria_is_an_error(ask: Ask) -> None:
    query = "query ($order: [TopicOrder!]) { topics(orderBy: $order, first: 1) { nodes { name } } }"
    criteria = [{"name": "DESC"}] * ORDER_LIMIT
    assert ask(query, {"order": criteria}) == {"data": {"topics": {"nodes": [{"name": "Weather"}]}}}
    (error,) = ask(query, {"order": [*criteria, {"slug": "ASC"}]})["errors"]
    assert error["message"] == "`orderBy` has 9 criteria; give at most 8."
    assert error["extensions"] == {"code": "BAD_ORDER"}


@pytest.mark.parametrize("order", [{"name": "ASC", "slug": "ASC"}, {"name": None}, {}, {"articles": {"count": None}}])
def test_criterion_is_exactly_one(ask: Ask, order: object) -> None:
    (error,) = ask("query ($order: [TopicOrder!]) { topics(orderBy: $order) { totalCount } }", {"order": [order]})[
        "errors"
    ]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
