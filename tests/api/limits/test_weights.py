"""The table of weights fits the schema: no list and no page without a stated size, and nothing that the schema has not."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from api.limits.conditions import RELATED_TYPES, Conditions
from api.limits.weights import WEIGHTS
from api.schema.federation import federated_schema
from graph.building.snapshot import GraphSnapshot
from graph.lists.sizes import NAMES, TEXTS, Sizes

schema = federated_schema()
"""Which has all that the service's own has, and more."""


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
FILTER_FIELDS = [
    (of_type.name, name)
    for of_type in schema._schema.type_map.values()
    if isinstance(of_type, GraphQLInputObjectType) and "and" in of_type.fields
    for name in of_type.fields
]
PAGES = [where for where, field in FIELDS.items() if {"first", "last"} & set(field.args) or "depth" in field.args]


@pytest.mark.parametrize("where", LISTS)
def test_list_states_its_size(where: str) -> None:
    weight = WEIGHTS[where]
    assert weight.size or weight.held or weight.part


@pytest.mark.parametrize("where", PAGES)
def test_page_or_walk_states_how_many_entries_it_has(where: str) -> None:
    weight = WEIGHTS[where]
    assert weight.is_walk if "depth" in FIELDS[where].args else weight.page or weight.size


@pytest.mark.parametrize("where", [where for where, field in FIELDS.items() if {"filter", "orderBy"} & set(field.args)])
def test_filtered_or_ordered_field_states_how_much_is_tested(where: str) -> None:
    weight = WEIGHTS[where]
    assert weight.is_walk or weight.tested or weight.whole


@pytest.mark.parametrize("where", WEIGHTS)
def test_what_a_weight_counts_is_known(where: str, seeds: GraphSnapshot) -> None:
    weight, sizes = WEIGHTS[where], Sizes(seeds)
    for name in filter(None, (weight.tested, weight.whole, weight.held)):
        assert name in NAMES if "." in name else sizes.count(name)


@pytest.mark.parametrize("where", WEIGHTS)
def test_weight_is_of_a_field_of_the_schema(where: str) -> None:
    assert where in FIELDS


@pytest.mark.parametrize(("where", "field"), FILTER_FIELDS)
def test_every_condition_costs_something(where: str, field: str, seeds: GraphSnapshot) -> None:
    filters = schema._schema.type_map[where]
    assert isinstance(filters, GraphQLInputObjectType)
    inner = get_named_type(filters.fields[field].type)
    value = {} if isinstance(inner, GraphQLInputObjectType) and "eq" not in inner.fields else {"eq": "a"}
    given = [value] if field in ("and", "or") else value
    assert Conditions(Sizes(seeds)).filtering(where.removesuffix("Filter"), {field: given}, 100) >= 1


@pytest.mark.parametrize(("where", "field"), FILTER_FIELDS)
def test_condition_about_others_is_counted_for_their_type(where: str, field: str) -> None:
    filters = schema._schema.type_map[where]
    assert isinstance(filters, GraphQLInputObjectType)
    inner = get_named_type(filters.fields[field].type)
    if isinstance(inner, GraphQLInputObjectType) and "some" in inner.fields:
        assert f"{where.removesuffix('Filter')}.{field}" in NAMES
        inner = get_named_type(inner.fields["some"].type)
        expected = TEXTS if inner.name == "StringFilter" else inner.name.removesuffix("Filter")
    elif inner.name in {"MetricsFilter", *(name for name, _ in FILTER_FIELDS)}:
        expected = inner.name.removesuffix("Filter")
    else:
        assert field not in RELATED_TYPES
        return
    assert field in ("and", "or", "not") or RELATED_TYPES[field] == expected
