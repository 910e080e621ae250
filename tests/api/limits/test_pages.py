"""No argument gets more entries than the largest page: each way to ask for more is refused, or bounded by what it names."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api.settings import Settings

Ask = Callable[..., dict[str, Any]]

MOST = Settings().max_page_size
TOPIC = "t_va7jpwnfydfc72cx"
CONNECTIONS = [
    "articles%s { edges { cursor } nodes { id } }",
    "providers%s { edges { cursor } nodes { id } }",
    "topics%s { edges { cursor } nodes { id } }",
    "stories%s { edges { cursor } nodes { id } }",
    "topics { nodes { articles%s { edges { cursor } } providers%s { edges { cursor } } topics%s { edges { cursor } } } }",
    "providers { nodes { articles%s { edges { cursor } } providers%s { edges { cursor } } topics%s { edges { cursor } } } }",
    "stories { nodes { articles%s { edges { cursor } } providers%s { edges { cursor } } topics%s { edges { cursor } } } }",
    "articles { nodes { related%s { nodes { id } } similar%s { nodes { id } } relatedByTopic%s { nodes { id } } } }",
    "snapshot { problems%s { edges { cursor } } }",
]
BEYOND = [
    "(first: 101)",
    "(last: 101)",
    "(first: 5, last: 101)",
    "(first: 101, last: 5)",
    "(first: -1)",
    "(last: -1)",
    "(first: 2147483647)",
]
EMPTY = [
    "(first: 0)",
    "(last: 0)",
    "(first: 0, last: 0)",
    "(first: null, last: 0)",
    "(first: 0, last: 100)",
    "(first: 100, last: 0)",
]
FULL = [
    "",
    "(first: null)",
    "(last: null)",
    "(first: null, last: null)",
    "(first: 100)",
    "(last: 100)",
    "(first: 100, last: 100)",
]


def lists(value: Any) -> Iterator[list[Any]]:
    """All lists of an answer."""
    if isinstance(value, list):
        yield value
    for inner in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from lists(inner)


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("arguments", BEYOND)
def test_page_that_is_too_large_is_refused(ask: Ask, connection: str, arguments: str) -> None:
    answer = ask("{ " + connection.replace("%s", arguments) + " }")
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_PAGE"}
    assert "data" not in answer or answer["data"] is None


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("arguments", [*EMPTY, *FULL])
def test_page_has_no_more_than_the_largest(ask: Ask, connection: str, arguments: str) -> None:
    answer = ask("{ " + connection.replace("%s", arguments) + " }")
    assert "errors" not in answer
    found = list(lists(answer["data"]))
    assert found
    assert max(map(len, found)) <= MOST
    assert not (arguments in EMPTY and all(found))


@pytest.mark.parametrize("value", [101, -1, 101.0, 2**31 - 1])
def test_page_of_a_variable_is_bounded_too(ask: Ask, value: float) -> None:
    for name in ("first", "last"):
        answer = ask(f"query ($n: Int) {{ articles({name}: $n) {{ nodes {{ id }} }} }}", {"n": value})
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_PAGE"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ nodes(ids: " + json.dumps([TOPIC] * 101) + ") { id } }", "BAD_ID"),
        ("{ trending(first: 101) { count } }", "BAD_PAGE"),
        (f'{{ paths(from: "{TOPIC}", to: "{TOPIC}", first: 21) {{ noPathReason }} }}', "BAD_TRAVERSAL"),
        ("{ articles(first: 1) { nodes { context(tokens: 199) { tokens } } } }", "BAD_BUDGET"),
        ("{ articles { groupBy(key: TOPIC, first: 1001) { count } } }", "BAD_PAGE"),
        ('{ search(query: "a", first: 101) { nodes { id } } }', "BAD_PAGE"),
        ('{ search(query: "a", last: 101) { nodes { id } } }', "BAD_PAGE"),
        ('{ relatedByTopic(topics: ["AI"], last: 101) { nodes { id } } }', "BAD_PAGE"),
    ],
)
def test_other_lists_are_bounded_by_their_own_limits(ask: Ask, query: str, code: str) -> None:
    assert [error["extensions"]["code"] for error in ask(query)["errors"]] == [code]
