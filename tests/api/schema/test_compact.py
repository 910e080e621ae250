"""The schema in few words: everything is in it, and the part for a question has what the question is about."""

import pytest
from graphql import GraphQLObjectType, is_introspection_type, is_specified_scalar_type

from api.adapters.strawberry import core_schema
from api.schema.assembly import print_schema, schema
from api.schema.compact import compact_schema, schema_part

SCHEMA = core_schema(schema)


def test_every_type_and_field_is_in_it_in_a_fifth_of_the_bytes() -> None:
    text = compact_schema(SCHEMA)
    for found in SCHEMA.type_map.values():
        if is_introspection_type(found) or is_specified_scalar_type(found):
            continue
        is_told_once = found.name == "PageInfo" or (
            isinstance(found, GraphQLObjectType) and {"cursor", "node"} <= found.fields.keys()
        )
        assert is_told_once or f" {found.name} " in text.replace("\n", " "), found.name
        for name, field in getattr(found, "fields", {}).items():
            is_told = not getattr(field, "deprecation_reason", None)
            assert not is_told or f"{name}" in text, (found.name, name)
    assert len(text.encode()) < len(print_schema().encode()) / 5


def test_lists_are_told_shortly() -> None:
    lines = compact_schema(SCHEMA).split("\n")
    assert (
        "connection RelatedArticleConnection of Article { rank: Int, direction: LinkDirection } + as ArticleConnection"
        in lines
    )
    assert any("related(direction: Direction = ANY, list): RelatedArticleConnection" in line for line in lines)
    assert "input ArticleBy @oneOf { id: ID, slug: String, url: String, path: String }" in lines


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who tells a story?", ["type Story implements Node", "connection StoryProviderConnection"]),
        ("order articles", ["input ArticleOrder @oneOf"]),
        ("how many per month (timeline)", ["enum TimeInterval", "type TimeBucket"]),
        ("pageRank", ["type ArticleMetrics implements Metrics"]),
        ("", ["type Query", "type Article implements Node"]),
    ],
)
def test_part_fits_the_question_and_the_room(question: str, expected: list[str]) -> None:
    text, left_out = schema_part(SCHEMA, question, 8_000)
    assert len(text) <= 8_000
    assert left_out > 0
    assert [line for line in ["type Query", *expected] if f"\n{line}" not in text] == []


def test_fields_that_the_question_names_come_with_their_descriptions() -> None:
    text, _ = schema_part(SCHEMA, "What is the betweenness of an article?", 8_000)
    assert "# ArticleMetrics.betweenness: " in text
