"""The table of weights fits the schema: no list and no page without a stated size, and nothing that the schema has not."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from api.limits.weights import WEIGHTS
from api.schema.assembly import schema


def fields() -> Iterator[tuple[str, GraphQLField]]:
    for of_type in schema._schema.type_map.values():
        if isinstance(of_type, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in of_type.fields.items():
                yield f"{of_type.name}.{name}", field


FIELDS = dict(fields())
LISTS = [
    where
    for where, field in FIELDS.items()
    if isinstance(get_nullable_type(field.type), GraphQLList) and not is_leaf_type(get_named_type(field.type))
]
PAGES = [where for where, field in FIELDS.items() if {"first", "last"} & set(field.args) or "depth" in field.args]


@pytest.mark.parametrize("where", LISTS)
def test_list_states_its_size(where: str) -> None:
    assert WEIGHTS[where].size or WEIGHTS[where].page


@pytest.mark.parametrize("where", PAGES)
def test_page_or_walk_states_how_many_entries_it_has(where: str) -> None:
    weight = WEIGHTS[where]
    measure = weight.entries or weight.size
    assert measure
    assert set(measure.arguments) == {"first", "last", "depth", "limitPerNode"} & set(FIELDS[where].args)


@pytest.mark.parametrize(
    "where", [where for where, field in FIELDS.items() if "filter" in field.args and "after" in field.args]
)
def test_filtered_list_states_how_long_it_is(where: str) -> None:
    assert WEIGHTS[where].whole > 0


@pytest.mark.parametrize("where", WEIGHTS)
def test_weight_is_of_a_field_of_the_schema(where: str) -> None:
    measures = [measure for measure in (WEIGHTS[where].size, WEIGHTS[where].entries) if measure]
    assert all(set(measure.arguments) <= set(FIELDS[where].args) for measure in measures)
