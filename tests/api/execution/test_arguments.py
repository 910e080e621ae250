"""Arguments: filled in from variables, or made by graphql-core and Strawberry, with the same values."""

from typing import Any

import pytest
from graphql import FieldNode, GraphQLField, GraphQLObjectType, OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments

import api.execution.arguments as module
from api.execution import texts_of
from api.execution.arguments import KEPT_ARGUMENTS, KEPT_LENGTH, Arguments, Given
from api.schema.assembly import schema

DECLARED = (
    "$text: String, $given: String!, $id: ID, $n: Int, $m: Int = 3, $flag: Boolean, $moment: DateTime, "
    "$direction: Direction, $filter: ArticleFilter, $order: [ArticleOrder!]"
)
PLAIN = [
    ("articles", "articles(first: $n, after: $text)"),
    ("articles", "articles(last: $m, filter: {title: {contains: $given, ignoreCase: true}}, orderBy: [{title: DESC}])"),
    ("articles", "articles(filter: {publishedDateTime: {gte: $moment, isNull: $flag}, quality: {gt: $n}})"),
    ("article", "article(by: {url: $given})"),
    ("node", "node(id: $id)"),
]
OTHER = [
    ("articles", "articles(filter: $filter, first: $n)"),
    ("articles", "articles(filter: {or: [{title: {eq: $given}}]})"),
    ("articles", "articles(filter: {title: {in: [$given]}}, orderBy: $order)"),
    ("articles", 'articles(first: 5, after: "x")'),
    ("articles", "articles"),
]
FIRST: dict[str, Any] = {
    "given": "a",
    "text": "b",
    "id": "a_1",
    "n": 1,
    "m": 2,
    "flag": True,
    "moment": "2024-02-29",
    "filter": {"slug": {"eq": "x"}},
    "order": [{"title": "ASC"}],
}
LATER: list[dict[str, Any]] = [
    {**FIRST, "given": "c", "text": "d", "id": "a_2", "n": 7, "m": 8, "flag": False, "moment": "2024-03-01"},
    {"given": "e"},
    {**FIRST, "n": None, "text": None, "m": None, "flag": None, "moment": None, "id": "a_3"},
    {**FIRST, "given": "f", "filter": {"slug": {"eq": "y"}}, "order": [{"slug": "DESC"}, {"title": "ASC"}]},
    FIRST,
]


def field(name: str, text: str) -> tuple[GraphQLField, FieldNode, OperationDefinitionNode]:
    (operation,) = parse(f"query ({DECLARED}) {{ {text} {{ __typename }} }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    query = schema._schema.query_type
    assert isinstance(query, GraphQLObjectType)
    return query.fields[name], node, operation


def coerced(operation: OperationDefinitionNode, given: dict[str, Any]) -> VariableValues:
    values = get_variable_values(schema._schema, operation.variable_definitions or (), given)
    assert isinstance(values, VariableValues)
    return values


def texts(given: dict[str, Any]) -> dict[str, bytes]:
    return texts_of(given, dict.fromkeys([part.split(":")[0] for part in DECLARED.replace("$", "").split(", ")], b""))


def of_request(operation: OperationDefinitionNode, given: dict[str, Any]) -> Given:
    values = coerced(operation, given)
    return Given(values.coerced, texts(given), lambda: values)


@pytest.mark.parametrize("first", [FIRST, LATER[1]])
@pytest.mark.parametrize(("name", "text"), PLAIN + OTHER)
def test_arguments_are_those_of_graphql_core_and_strawberry(name: str, text: str, first: dict[str, Any]) -> None:
    definition, node, operation = field(name, text)
    own = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].arguments
    arguments = Arguments(definition, node)
    asked = 0
    for given in (first, *LATER):
        values = coerced(operation, given)
        try:
            expected = convert_arguments(
                get_argument_values(definition, node, values),
                own,
                schema.schema_converter.scalar_registry,
                schema.config,
            )
        except Exception as cause:
            with pytest.raises(type(cause)):
                arguments.values(schema, of_request(operation, given))
        else:
            assert arguments.values(schema, of_request(operation, given)) == expected
            asked += 1
    assert asked > 1


@pytest.mark.parametrize(("name", "text"), PLAIN)
def test_plain_arguments_are_made_once(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    definition, node, operation = field(name, text)
    arguments = Arguments(definition, node)
    arguments.values(schema, of_request(operation, FIRST))
    monkeypatch.setattr(module, "get_argument_values", None)
    assert arguments.values(schema, of_request(operation, LATER[0]))


def test_other_arguments_are_kept_for_some_values(monkeypatch: pytest.MonkeyPatch) -> None:
    definition, node, operation = field("articles", "articles(filter: {or: [{title: {eq: $given}}]})")
    arguments = Arguments(definition, node)
    assert arguments.variables == ("given",)
    calls: list[FieldNode] = []

    def counted(definition: GraphQLField, node: FieldNode, values: VariableValues) -> dict[str, Any]:
        calls.append(node)
        return get_argument_values(definition, node, values)

    monkeypatch.setattr(module, "get_argument_values", counted)
    for number in [*range(KEPT_ARGUMENTS), 0, 1]:
        given = {"given": str(number)}
        arguments.values(schema, of_request(operation, given))
    assert len(calls) == KEPT_ARGUMENTS


def test_long_values_are_not_kept() -> None:
    definition, node, operation = field("articles", "articles(filter: {title: {eq: $given}})")
    arguments = Arguments(definition, node)
    long, short = {"given": "x" * KEPT_LENGTH}, {"given": "y"}
    arguments.values(schema, of_request(operation, long))
    assert (arguments._model, arguments._kept) == (None, {})
    arguments.values(schema, of_request(operation, short))
    assert arguments.values(schema, of_request(operation, long))["filter"].title.eq == long["given"]
    assert arguments._model is not None
    assert arguments._model["filter"].title.eq == "y"
