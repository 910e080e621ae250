"""Variables: coerced in short or by graphql-core, with the same values."""

from math import inf, nan
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given
from hypothesis import strategies as st

import api.execution.variables as module
from api.execution.variables import Variables
from api.schema.assembly import schema
from tests.cases import random_cases
from tests.work import calls_of

TYPES = [
    *(
        f"{name}{mark}"
        for name in ("String", "ID", "Int", "Float", "Boolean", "DateTime", "Direction")
        for mark in ("", "!")
    ),
    "[String!]",
    "ArticleFilter",
    "Int = 7",
    'String! = "x"',
    "Int = null",
]
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        "",
        "text",
        "2024-02-29",
        "ANY",
        0,
        1,
        -(2**31),
        2**31 - 1,
        2**31,
        2**60,
        1.0,
        1.5,
        inf,
        nan,
        True,
        False,
        None,
        [],
        ["a"],
        {},
    ]
)


def variables(declared: str) -> tuple[Variables, OperationDefinitionNode]:
    (operation,) = parse(f"query ({declared}) {{ __typename }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    return Variables(schema._schema, operation), operation


def given_values(values: VariableValues) -> dict[str, str]:
    return {name: repr(source.value) for name, source in values.sources.items()}


@random_cases(2_000)
@given(st.lists(st.tuples(st.sampled_from(TYPES), st.booleans(), VALUES), min_size=1, max_size=3))
def test_values_are_those_of_graphql_core(declared: list[tuple[str, bool, Any]]) -> None:
    found, operation = variables(", ".join(f"$v{number}: {of_type}" for number, (of_type, _, _) in enumerate(declared)))
    values = {f"v{number}": value for number, (_, is_given, value) in enumerate(declared) if is_given}
    expected = get_variable_values(schema._schema, operation.variable_definitions or (), values)
    coerced, taken = found.coerced({**values, "other": 1}), found.taken({**values, "other": 1})
    if isinstance(expected, list):
        assert (coerced, taken) == (None, None)
    else:
        assert coerced is not None
        assert repr(coerced.coerced) == repr(expected.coerced)  # 1 is not True
        assert given_values(coerced) == given_values(expected)
        assert taken is None or repr(taken) == repr(expected.coerced)


def test_plain_values_do_not_need_graphql_core(monkeypatch: pytest.MonkeyPatch) -> None:
    found, _ = variables("$text: String!, $id: ID, $number: Int = 1, $flag: Boolean!")
    monkeypatch.setattr(module, "get_variable_values", None)
    values = {"text": "a", "id": "b", "number": -5, "flag": False}
    for some in (values, {**values, "id": None}, {name: values[name] for name in ("text", "number", "flag")}):
        assert found.taken(some) == some


@pytest.mark.parametrize(
    "value", [{f"titl{number}": {"eq": "a"} for number in range(3_000)}, {"or": [{"titl": 1}] * 3_000}]
)
def test_values_that_do_not_fit_are_left_at_the_first(value: dict[str, Any]) -> None:
    found, _ = variables("$a: ArticleFilter")
    assert found.coerced({"a": value}) is None
    calls_of(lambda: found.coerced({"a": value}), most=60_000)
