"""Values of scalars and enums: written as the reference executor has them written, or not at all."""

import math
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest
from graphql import GraphQLLeafType, GraphQLObjectType, GraphQLSchema, execute_sync, is_leaf_type, parse
from graphql.type import GraphQLField
from hypothesis import given
from hypothesis import strategies as st

from api.execution.leaves import NullError, leaves_writer
from api.json_text import to_json
from api.schema.assembly import schema
from graph.model import ArticleOrigin, LinkDirection
from tests.cases import random_cases

LEAVES = {name: found for name, found in schema._schema.type_map.items() if is_leaf_type(found)}


class Text(str):
    """A text of another class."""


class Stranger(Enum):
    DOCUMENT = "DOCUMENT"


NOW = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
VALUES: list[Any] = [
    *(
        "",
        "text",
        'Zoéa “quotes” \\ " \n \x00 \u2028 🦀',
        "\ud800",
        "DOCUMENT",
        "1",
        "2024-02-29",
        Text("text"),
        b"bytes",
    ),
    *(0, -1, 1, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**63, 2**64, 10**30, True, False),
    *(0.0, -0.0, 1.0, 1.5, 1e16, 1e-7, 1e300, 5e-324, math.nan, math.inf, -math.inf),
    *(ArticleOrigin.DOCUMENT, LinkDirection.BOTH, Stranger.DOCUMENT),
    *(NOW, NOW.replace(microsecond=120_000), NOW.replace(tzinfo=None), NOW.astimezone(timezone(timedelta(hours=5.5)))),
    *([], [1, "two", None], {}, {"b": 1, "a": [{"c": None}]}, {1: 2}, MappingProxyType({"a": MappingProxyType({})})),
    *({"deep": {"nan": math.nan, "surrogate": "\udfff"}}, ("tuple", 1), {1, 2}, object(), ValueError("failed")),
]


def reference(of_type: GraphQLLeafType, value: Any) -> bytes | None:
    """What graphql-core and the service's way to write JSON make of the value; None if it is none of the type's."""
    query = GraphQLObjectType("Query", {"value": GraphQLField(of_type, resolve=lambda *_: value)})
    result = execute_sync(GraphQLSchema(query), parse("{ value }"))
    if result.errors:
        return None
    try:
        return to_json(result.data)
    except TypeError:
        return None


def written(of_type: GraphQLLeafType, value: Any) -> bytes:
    (text,) = leaves_writer(of_type, is_nullable=False)([value])
    return text


def planned(of_type: GraphQLLeafType, value: Any) -> bytes | None:
    try:
        return b'{"value":%b}' % written(of_type, value)
    except Exception:
        return None


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_values_are_written_as_the_reference_has_them(name: str) -> None:
    of_type = LEAVES[name]
    for value in VALUES:
        found = planned(of_type, value)
        assert found in (None, reference(of_type, value)), repr(value)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("String", "a“\n", '"a“\\n"'.encode()),
        ("ID", "a_1", b'"a_1"'),
        ("ID", 5, b'"5"'),
        ("Int", -(2**31), b"-2147483648"),
        ("Int", True, b"1"),
        ("Boolean", True, b"true"),
        ("Boolean", False, b"false"),
        ("Float", 3, b"3.0"),
        ("Float", 1e16, b"1e+16"),
        ("Float", 1e-7, b"1e-7"),
        ("DateTime", NOW, b'"2024-02-29T23:59:59Z"'),
        ("ArticleOrigin", ArticleOrigin.DOCUMENT, b'"DOCUMENT"'),
        ("JSON", {"b": [1, None], "a": MappingProxyType({"c": 1.5})}, b'{"b":[1,null],"a":{"c":1.5}}'),
    ],
)
def test_usual_values_are_written(name: str, value: Any, text: bytes) -> None:
    assert written(LEAVES[name], value) == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Int", 2**31),
        ("Int", -(2**31) - 1),
        ("Int", 1.5),
        ("Int", "many"),
        ("Float", math.nan),
        ("Float", math.inf),
        ("Float", "much"),
        ("String", "\ud800"),
        ("String", ["list"]),
        ("Boolean", "yes"),
        ("ArticleOrigin", Stranger.DOCUMENT),
        ("ArticleOrigin", LinkDirection.BOTH),
        ("ArticleOrigin", ["DOCUMENT"]),
        ("DateTime", "2024-02-29"),
        ("JSON", {"surrogate": "\ud800"}),
        ("JSON", {1: 2}),
        ("JSON", 2**64),
        ("JSON", object()),
        ("String", ValueError("failed")),
        ("JSON", ValueError("failed")),
    ],
)
def test_other_values_are_left_to_the_reference(name: str, value: Any) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011  # of whatever kind: the executor falls back for all
        written(LEAVES[name], value)


@random_cases(1_000)
@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.datetimes(timezones=st.just(UTC))),
    st.sampled_from(["String", "ID", "Int", "Float", "Boolean", "DateTime", "JSON"]),
)
def test_any_value_is_written_as_the_reference_has_it(value: Any, name: str) -> None:
    of_type = LEAVES[name]
    assert planned(of_type, value) in (None, reference(of_type, value))


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_many_values_are_written_as_each_of_them(name: str) -> None:
    of_type = LEAVES[name]
    texts = {number: text for number, value in enumerate(VALUES) if (text := planned(of_type, value)) is not None}
    values = [VALUES[number] for number in texts]
    expected = [text.removeprefix(b'{"value":').removesuffix(b"}") for text in texts.values()]
    assert leaves_writer(of_type, is_nullable=False)(values) == expected
    assert leaves_writer(of_type, is_nullable=True)([None, *values, None]) == [b"null", *expected, b"null"]
    with pytest.raises(NullError):
        leaves_writer(of_type, is_nullable=False)([*values, None])
