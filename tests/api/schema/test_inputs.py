"""Filter and order inputs: what they stand for, and what a null in them is answered with."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)
from strawberry import UNSET
from strawberry.types.base import get_object_definition

from api.adapters.strawberry import core_schema
from api.schema.assembly import schema
from api.schema.inputs import (
    ORDER_LIMIT,
    ArticleFilter,
    ArticleOrder,
    ArticleProviderOrder,
    CountOrder,
    MetricsFilter,
    MetricsOrder,
    OrderDirection,
    PersonOrder,
    ProviderFilter,
    ProviderOrder,
    StoryFilter,
    StoryOrder,
    StoryProviderOrder,
    TopicFilter,
    TopicOrder,
    to_filter,
    to_order,
)
from graph import model
from graph.analysis.metrics import NodeMetrics
from graph.analysis.nodes import nodes_of
from graph.building.snapshot import GraphSnapshot
from graph.lists.filters import EVERYTHING
from graph.lists.ordering import OrderKey, position_reader
from graph.lists.relations import RELATIONS
from graph.model import NodeKind

Ask = Callable[..., dict[str, Any]]

COUNT = "query ($filter: %s) { %s(filter: $filter) { totalCount } }"


TYPES = {
    "articles": "ArticleFilter",
    "providers": "ProviderFilter",
    "topics": "TopicFilter",
    "stories": "StoryFilter",
}


def count(ask: Ask, given: object, field: str = "articles") -> object:
    """How many pass, or the messages."""
    name = TYPES[field]
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
        ({"story": {}}, 30),
        ({"not": {"story": {}}}, 27),
        ({"story": {"articleCount": {"gte": 4}}}, 9),
        ({"story": {"id": {"eq": "s_ldjdcvgs3bntpy3u"}}}, 4),
        ({"story": {"articles": {"some": {"slug": {"eq": "brakkett-and-the-outer-isles-agree-on-a-coalition"}}}}}, 4),
        ({"metrics": {}}, 57),
        ({"metrics": {"inDegree": {"gt": 4}, "outDegree": {"lt": 10}}}, 3),
        ({"metrics": {"pageRank": {"gt": 0}}}, 57),
        ({"metrics": {"pageRank": {"gte": 1}}}, 0),
        ({"metrics": {"betweenness": {"eq": 0}}}, 5),
        ({"metrics": {"betweenness": {"in": []}}}, 0),
        ({"provider": {"metrics": {"community": {"eq": 8}}}}, 15),
        ({"topics": {"some": {"metrics": {"coreness": {"in": [3]}}}}}, 3),
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
        ("providers", {"metrics": {"outDegree": {"eq": 0}}}, 17),
        ("topics", {"metrics": {"betweenness": {"gt": 0.095, "lt": 0.2}}}, 1),
        ("stories", None, 12),
        ("stories", {}, 12),
        ("stories", {"or": []}, 0),
        ("stories", {"headline": {"contains": "FERRY", "ignoreCase": True}}, 1),
        ("stories", {"firstPublished": {"lt": "2024-01-01"}}, 1),
        ("stories", {"lastPublished": {"gte": "2025-01-01", "lt": "2025-05-01"}}, 1),
        ("stories", {"articleCount": {"gt": 3}, "providerCount": {"gt": 2}, "topicCount": {"gt": 1}}, 2),
        ("stories", {"providers": {"every": {"articles": {"count": {"eq": 1}}}}}, 1),
        ("stories", {"topics": {"none": {"slug": {"eq": "saltmarra"}}}}, 1),
        ("stories", {"not": {"articles": {"some": {"origin": {"eq": "REFERENCE"}}}}}, 4),
        ("stories", {"id": {"in": ["s_ldjdcvgs3bntpy3u", "s_aaaaaaaaaaaaaaaa"]}}, 1),
        ("stories", {"and": [{"articleCount": {"in": [3, 4]}}, {"not": {"providerCount": {"eq": 2}}}]}, 1),
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
        ({"metrics": None}, "filter.metrics"),
        ({"metrics": {"pageRank": {"lt": None}}}, "filter.metrics.pageRank.lt"),
        ({"metrics": {"inDegree": None}}, "filter.metrics.inDegree"),
        ({"story": None}, "filter.story"),
        ({"story": {"articleCount": {"gt": None}}}, "filter.story.articleCount.gt"),
        ({"story": {"articles": {"none": {"title": None}}}}, "filter.story.articles.none.title"),
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


SCHEMA: dict[str, Any] = core_schema(schema).type_map
FILTERED = {
    name: get_named_type(field.args["filter"].type)
    for name, field in SCHEMA["Query"].fields.items()
    if {"filter", "orderBy"} <= field.args.keys() and not any(map(is_required_argument, field.args.values()))
}
"""The lists of all records of a type, and their filters."""
WANTED = {
    "String": "a",
    "ID": "a_eo5sonyffu262awl",
    "Int": 1,
    "Float": 0.5,
    "Boolean": True,
    "DateTime": "2024-10-01",
    "JSON": "a",
}


AT_ONCE = 40
"""Conditions in one operation, whose aliases are limited."""


def values_of(field: GraphQLInputField, within: tuple[Any, ...]) -> Iterator[Any]:
    """A value for each operator of each field in it; `{}` where it comes to the filter of a list, or to one that it is within."""
    inner = get_named_type(field.type)
    is_known = inner in FILTERED.values() or inner in within
    for value in [{}] if is_known else values_of_type(inner, within):
        yield [value] if is_list_type(get_nullable_type(field.type)) else value


def values_of_type(of_type: Any, within: tuple[Any, ...]) -> Iterator[Any]:
    if isinstance(of_type, GraphQLEnumType):
        yield from of_type.values
    elif isinstance(of_type, GraphQLInputObjectType):
        within = (*within, of_type)
        fields = of_type.fields.items()
        must = {name: next(values_of(field, within)) for name, field in fields if is_required_input_field(field)}
        for name, field in fields:
            yield from (must | {name: value} for value in values_of(field, within))
    else:
        yield WANTED[of_type.name]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, of_type in FILTERED.items() for field in of_type.fields]
)
def test_every_operator_of_every_field_of_a_filter_answers(ask: Ask, name: str, field: str) -> None:
    of_type = FILTERED[name]
    found = list(values_of(of_type.fields[field], ()))
    assert found
    for start in range(0, len(found), AT_ONCE):
        given = found[start : start + AT_ONCE]
        conditions = {f"{key}{place}": value for place, value in enumerate(given) for key, value in both(field, value)}
        declared = ", ".join(f"${key}: {of_type}" for key in conditions)
        asked = " ".join(f"{key}: {name}(filter: ${key}) {{ totalCount }}" for key in conditions)
        answer = ask(f"query ({declared}) {{ all: {name} {{ totalCount }} {asked} }}", conditions)
        assert "errors" not in answer, [(error["message"], conditions[error["path"][0]]) for error in answer["errors"]]
        counts = {key: found["totalCount"] for key, found in answer["data"].items()}
        for place, value in enumerate(given):
            assert counts[f"yes{place}"] + counts[f"no{place}"] == counts["all"] > 0, value


def both(field: str, value: Any) -> list[tuple[str, Any]]:
    """The condition, and what passes if it does not hold."""
    return [("yes", {field: value}), ("no", {"not": {field: value}})]


def test_every_filter_is_that_of_a_list_or_within_one() -> None:
    pending, seen = list(FILTERED.values()), set(FILTERED.values())
    while pending:
        inner = {get_named_type(field.type) for field in pending.pop().fields.values()}
        pending += [found for found in inner - seen if isinstance(found, GraphQLInputObjectType)]
        seen |= inner
    assert {found for found in SCHEMA.values() if found.name.endswith("Filter")} <= seen


INPUTS: dict[type, type] = {
    ArticleFilter: model.Article,
    ProviderFilter: model.Provider,
    TopicFilter: model.Topic,
    StoryFilter: model.Story,
    MetricsFilter: NodeMetrics,
}


def current_fields(given: type) -> tuple[str, ...]:
    """Those of an input that are not deprecated."""
    fields = get_object_definition(given, strict=True).fields
    return tuple(field.python_name for field in fields if not field.deprecation_reason)


@pytest.mark.parametrize("given", INPUTS)
def test_every_field_of_a_filter_is_one_of_the_record(given: type) -> None:
    record = INPUTS[given]
    fields = set(current_fields(given)) - {"and_", "or_", "not_"}
    relations = {name for start, name in RELATIONS if start is record}
    assert fields <= {*(field.name for field in dataclasses.fields(record)), *relations}
    assert relations <= fields


def test_metrics_are_filtered_and_ordered_by_all_that_there_are() -> None:
    for given in (MetricsFilter, MetricsOrder):
        assert current_fields(given) == NodeMetrics.__slots__


def criteria(order: Any) -> Iterator[Any]:
    """Every criterion that an order can have, descending."""
    for field in get_object_definition(order, strict=True).fields:
        inner = {"provider": ArticleProviderOrder, "first_provider": StoryProviderOrder, "metrics": MetricsOrder}.get(
            field.python_name
        )
        values = list(criteria(inner)) if inner else [OrderDirection.DESC]
        if not inner and field.python_name in {name for kind, name in RELATIONS if kind is ORDERED[order]}:
            values = [CountOrder(count=OrderDirection.DESC)]
        for value in values:
            yield order(**{field.python_name: value})


ORDERED = {
    ArticleOrder: model.Article,
    ProviderOrder: model.Provider,
    TopicOrder: model.Topic,
    PersonOrder: model.Person,
    StoryOrder: model.Story,
    ArticleProviderOrder: model.Provider,
    StoryProviderOrder: model.Provider,
    MetricsOrder: NodeMetrics,
}


@pytest.mark.parametrize(
    ("kind", "order", "count"),
    [
        (NodeKind.ARTICLE, ArticleOrder, 28),
        (NodeKind.PROVIDER, ProviderOrder, 12),
        (NodeKind.TOPIC, TopicOrder, 12),
        (NodeKind.PERSON, PersonOrder, 11),
        (NodeKind.STORY, StoryOrder, 10),
    ],
)
def test_every_order_can_be_applied(seeds: GraphSnapshot, kind: NodeKind, order: Any, count: int) -> None:
    found = list(criteria(order))
    assert len(found) == count
    for criterion in found:
        (key,) = to_order([criterion])
        assert key.is_descending
        read = position_reader(seeds, kind, (key,))
        assert [len(read(node).values) for node in nodes_of(seeds, kind)[:2]] == [1, 1]


METRICS = ["inDegree", "outDegree", "pageRank", "betweenness", "coreNumber", "coreness", "community"]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("field", ["articles", "providers", "topics"])
def test_nodes_are_in_the_order_of_their_metrics(ask: Ask, field: str, metric: str, direction: str) -> None:
    query = f"{{ {field}(first: 100, orderBy: [{{metrics: {{{metric}: {direction}}}}}]) {{ nodes {{ id metrics {{ {metric} }} }} }} }}"
    nodes = ask(query)["data"][field]["nodes"]
    sign = 1 if direction == "ASC" else -1
    assert len(nodes) > 10
    assert nodes == sorted(nodes, key=lambda node: (sign * node["metrics"][metric], node["id"]))


@pytest.mark.parametrize(
    ("operator", "passes"),
    [
        ("eq", lambda value, wanted: value == wanted),
        ("in", lambda value, wanted: value == wanted),
        ("lt", lambda value, wanted: value < wanted),
        ("lte", lambda value, wanted: value <= wanted),
        ("gt", lambda value, wanted: value > wanted),
        ("gte", lambda value, wanted: value >= wanted),
    ],
)
@pytest.mark.parametrize("metric", METRICS)
def test_number_is_compared_by_every_operator(
    ask: Ask, metric: str, operator: str, passes: Callable[[float, float], bool]
) -> None:
    every = ask(f"{{ articles(first: 100) {{ nodes {{ id metrics {{ {metric} }} }} }} }}")["data"]["articles"]["nodes"]
    for wanted in sorted({node["metrics"][metric] for node in every})[::7]:
        expected = sum(passes(node["metrics"][metric], wanted) for node in every)
        assert count(ask, {"metrics": {metric: {operator: [wanted] if operator == "in" else wanted}}}) == expected


@pytest.mark.parametrize(("number", "expected"), [("1e999", 0), ("-1e999", 57), ("1e-999", 57), ("9" * 400, 0)])
def test_number_beyond_all_others_is_compared_like_one(ask: Ask, number: str, expected: int) -> None:
    answer = ask(f"{{ articles(filter: {{metrics: {{pageRank: {{gt: {number}}}}}}}) {{ totalCount }} }}")
    assert answer == {"data": {"articles": {"totalCount": expected}}}


@pytest.mark.parametrize("number", ["NaN", "Infinity", '"1"', "true"])
def test_number_that_is_none_is_refused(ask: Ask, number: str) -> None:
    (error,) = ask(f"{{ articles(filter: {{metrics: {{pageRank: {{gt: {number}}}}}}}) {{ totalCount }} }}")["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


@pytest.mark.parametrize("number", [float("inf"), float("nan"), "1", True, [0.5, 0.5]])
def test_variable_that_is_no_number_is_refused(ask: Ask, number: object) -> None:
    query = COUNT % ("ArticleFilter", "articles")
    (error,) = ask(query, {"filter": {"metrics": {"pageRank": {"gt": number}}}})["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


def test_order_inputs_stand_for_keys() -> None:
    given = [
        ArticleOrder(published_date_time=OrderDirection.DESC),
        ArticleOrder(provider=ArticleProviderOrder(domain=OrderDirection.ASC)),
        ArticleOrder(related=CountOrder(count=OrderDirection.DESC)),
        ArticleOrder(metrics=MetricsOrder(page_rank=OrderDirection.DESC)),
    ]
    assert to_order(given) == (
        OrderKey("published_date_time", is_descending=True),
        OrderKey("provider.domain"),
        OrderKey("related.count", is_descending=True),
        OrderKey("metrics.page_rank", is_descending=True),
    )
    assert to_order([StoryOrder(last_published=OrderDirection.ASC)]) == (OrderKey("last_published"),)
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


@pytest.mark.parametrize(
    "order",
    [
        {"metrics": {}},
        {"metrics": {"pageRank": "ASC", "coreness": "ASC"}},
        {"metrics": {"pageRank": None}},
        {"metrics": "ASC"},
    ],
)
def test_criterion_by_metrics_is_exactly_one(ask: Ask, order: object) -> None:
    query = "query ($order: [TopicOrder!]) { topics(orderBy: $order) { totalCount } }"
    (error,) = ask(query, {"order": [order]})["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}


def test_stories_are_in_every_order(ask: Ask) -> None:
    query = (
        "query ($order: [StoryOrder!]) { stories(orderBy: $order) { nodes { headline articleCount lastPublished } } }"
    )
    for name in ("headline", "articleCount", "lastPublished"):
        stories = ask(query, {"order": [{name: "ASC"}, {"headline": "DESC"}]})["data"]["stories"]["nodes"]
        assert [story[name] for story in stories] == sorted(story[name] for story in stories)
        reverse = ask(query, {"order": [{name: "DESC"}, {"headline": "ASC"}]})["data"]["stories"]["nodes"]
        assert reverse == stories[::-1]


@pytest.mark.parametrize("order", [{"name": "ASC", "slug": "ASC"}, {"name": None}, {}, {"articles": {"count": None}}])
def test_criterion_is_exactly_one(ask: Ask, order: object) -> None:
    (error,) = ask("query ($order: [TopicOrder!]) { topics(orderBy: $order) { totalCount } }", {"order": [order]})[
        "errors"
    ]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
