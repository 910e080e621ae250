"""The schema as a whole: fresh, valid, described, Relay's conventions, introspection; and operations as a whole."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    build_schema,
    get_introspection_query,
    lexicographic_sort_schema,
    validate_schema,
)
from graphql import print_schema as print_core_schema

from api.schema.assembly import print_schema, schema

Ask = Callable[..., dict[str, Any]]
CORE: GraphQLSchema = schema._schema  # the graphql-core schema inside Strawberry's
OWN_TYPES = {name: found for name, found in CORE.type_map.items() if not name.startswith("__")}
BUILT_IN = {"ID", "String", "Int", "Float", "Boolean"}
CONNECTIONS = sorted(name for name in OWN_TYPES if name.endswith("Connection"))


def test_committed_schema_is_fresh() -> None:
    committed = Path(__file__).parents[3] / "schema.graphql"
    assert committed.read_text(encoding="utf-8") == print_schema()


def test_schema_is_valid() -> None:
    assert validate_schema(CORE) == []
    assert validate_schema(build_schema(print_schema())) == []


def described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every thing that can be described: its schema coordinate and its description."""
    for name, found in OWN_TYPES.items():
        if name in BUILT_IN:
            continue
        yield name, found.description
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in found.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.description
        if isinstance(found, GraphQLInputObjectType):
            for field_name, input_field in found.fields.items():
                yield f"{name}.{field_name}", input_field.description
        if isinstance(found, GraphQLEnumType):
            for value_name, value in found.values.items():
                yield f"{name}.{value_name}", value.description


def is_sentence(text: str) -> bool:
    return (text[0].isupper() or text[0].isdigit()) and text[-1] == "."


def test_everything_has_a_description_that_is_a_sentence() -> None:
    everything = dict(described(CORE))
    assert len(everything) > 300
    assert [place for place, text in everything.items() if not (text and is_sentence(text))] == []


def test_connection_types_are_found() -> None:
    assert CONNECTIONS == [
        "ArticleConnection",
        "CooccurringTopicConnection",
        "LinkedArticleConnection",
        "NearbyProviderConnection",
        "PersonConnection",
        "PersonTopicConnection",
        "ProblemConnection",
        "ProviderConnection",
        "ProviderTopicConnection",
        "RelatedArticleConnection",
        "SearchConnection",
        "SimilarArticleConnection",
        "StoryConnection",
        "StoryProviderConnection",
        "StoryTopicConnection",
        "TopicConnection",
        "TopicProviderConnection",
        "TopicRelatedConnection",
    ]


@pytest.mark.parametrize("name", CONNECTIONS)
def test_connection_follows_the_relay_specification(name: str) -> None:
    connection = OWN_TYPES[name]
    assert isinstance(connection, GraphQLObjectType)
    fields = {field: str(found.type) for field, found in connection.fields.items()}
    edge_name = name.removesuffix("Connection") + "Edge"
    edge = OWN_TYPES[edge_name]
    assert isinstance(edge, GraphQLObjectType)
    node = edge.fields["node"].type
    of_articles = {"aggregate": "ArticleAggregate!", "groupBy": "[ArticleGroup!]!", "timeline": "[TimeBucket!]!"}
    assert fields == {
        "edges": f"[{edge_name}!]!",
        "nodes": f"[{node}]!",
        "pageInfo": "PageInfo!",
        "totalCount": "Int!",
        **(of_articles if str(node) == "Article!" else {}),
        **({"groupBy": of_articles["groupBy"]} if name == "SearchConnection" else {}),
    }
    assert str(edge.fields["cursor"].type) == "String!"
    assert isinstance(node, GraphQLNonNull)
    assert not isinstance(node.of_type, GraphQLList)


def test_page_info_follows_the_relay_specification() -> None:
    page_info = OWN_TYPES["PageInfo"]
    assert isinstance(page_info, GraphQLObjectType)
    assert {name: str(field.type) for name, field in page_info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }


def test_every_connection_field_takes_relays_arguments() -> None:
    fields = [
        field
        for found in OWN_TYPES.values()
        if isinstance(found, GraphQLObjectType)
        for field in found.fields.values()
        if str(field.type).endswith("Connection!")
    ]
    assert len(fields) == 29
    for field in fields:
        relay = {name: str(field.args[name].type) for name in ("first", "after", "last", "before")}
        assert relay == {"first": "Int", "after": "String", "last": "Int", "before": "String"}


def test_nodes_are_identified_as_relay_wants() -> None:
    node = OWN_TYPES["Node"]
    assert isinstance(node, GraphQLInterfaceType)
    assert {name: str(field.type) for name, field in node.fields.items()} == {"id": "ID!", "label": "String!"}
    assert {found.name for found in CORE.get_implementations(node).objects} == {
        "Article",
        "Person",
        "Provider",
        "Story",
        "Topic",
    }
    query = CORE.query_type
    assert query is not None
    assert (str(query.fields["node"].type), list(query.fields["node"].args)) == ("Node", ["id"])
    assert str(query.fields["nodes"].type) == "[Node]!"


def test_lists_are_never_null_and_hold_no_nulls() -> None:
    for found in OWN_TYPES.values():
        if isinstance(found, GraphQLObjectType):
            for name, field in found.fields.items():
                if "[" in str(field.type) and (found.name, name) != ("Query", "nodes"):
                    assert str(field.type).endswith("!]!"), f"{found.name}.{name}"


def test_schema_is_read_only() -> None:
    assert CORE.mutation_type is None


def test_introspection_tells_the_whole_schema(ask: Ask) -> None:
    query = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    answer = ask(query)
    assert "errors" not in answer
    told = build_client_schema(answer["data"])
    committed = build_schema(print_schema())
    assert print_core_schema(lexicographic_sort_schema(told)) == print_core_schema(lexicographic_sort_schema(committed))


def test_operation_is_chosen_by_name(ask: Ask) -> None:
    document = "query A { topics { totalCount } } query B { providers { totalCount } }"
    assert ask(document, operation="A") == {"data": {"topics": {"totalCount": 14}}}
    assert ask(document, operation="B") == {"data": {"providers": {"totalCount": 17}}}


@pytest.mark.parametrize(
    ("query", "operation", "message"),
    [
        ("query A { __typename }", "B", "The document holds no operation named “B”."),
        ("query A { __typename }", "", "The document holds no operation named “”."),
        ("fragment F on Query { __typename }", None, "The document holds no operation."),
        (
            "query A { __typename } query B { __typename }",
            None,
            "The document holds 2 operations; name one of them in `operationName`.",
        ),
    ],
)
def test_operation_that_cannot_be_chosen_is_an_error(ask: Ask, query: str, operation: str | None, message: str) -> None:
    assert ask(query, operation=operation) == {
        "errors": [{"message": message, "extensions": {"code": "OPERATION_RESOLUTION_FAILURE"}}]
    }


def test_variables_and_literals_give_the_same_answer(ask: Ask) -> None:
    literal = ask(
        """{ articles(
          first: 3, orderBy: [{provider: {name: DESC}}, {title: ASC}],
          filter: {publishedDateTime: {lt: "2025-01-01T00:00:00Z"}, origin: {in: [DOCUMENT]}, topics: {count: {gte: 2}}}
        ) { totalCount edges { cursor node { title } } } }"""
    )
    variable = ask(
        """query ($first: Int, $orderBy: [ArticleOrder!], $filter: ArticleFilter) {
          articles(first: $first, orderBy: $orderBy, filter: $filter) { totalCount edges { cursor node { title } } } }""",
        {
            "first": 3,
            "orderBy": [{"provider": {"name": "DESC"}}, {"title": "ASC"}],
            "filter": {
                "publishedDateTime": {"lt": "2025-01-01T00:00:00Z"},
                "origin": {"in": ["DOCUMENT"]},
                "topics": {"count": {"gte": 2}},
            },
        },
    )
    assert literal == variable
    assert [edge["node"]["title"] for edge in literal["data"]["articles"]["edges"]] == [
        "Scientists and skippers count herring together",
        "Students launch Zoéa, an ocean robot that swims like a crab larva",
        "Zoéa maps the caves where no ship can go",
    ]


def test_documents_are_answered_again_from_the_caches(ask: Ask) -> None:
    query = "query ($first: Int!) { topics(first: $first) { nodes { slug } } }"
    assert [len(ask(query, {"first": first})["data"]["topics"]["nodes"]) for first in (1, 3, 0, 1)] == [1, 3, 0, 1]
