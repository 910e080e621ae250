"""Limits: what is too deep, too wide, too many or too long is refused, and the message names the value and the limit."""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[..., dict[str, Any]]

TOPIC = "t_va7jpwnfydfc72cx"
PROVIDER = "p_qvx3cmzjlonfusf4"
FILTERED = "articles(filter: {title: {contains: $text}})"
REFUSED: list[tuple[str, str, list[str]]] = [
    *(
        (f'{{ neighborhood(id: "{TOPIC}", depth: {depth}) {{ truncated }} }}', "BAD_TRAVERSAL", ["depth", depth, "4"])
        for depth in ("5", "-1", "2147483647")
    ),
    *(
        (
            f'{{ neighborhood(id: "{TOPIC}", limitPerNode: {limit}) {{ truncated }} }}',
            "BAD_TRAVERSAL",
            ["limitPerNode", limit, "1", "100"],
        )
        for limit in ("0", "101", "-1")
    ),
    *(
        (
            f"{{ topics(first: 1) {{ nodes {{ neighborhood({arguments}) {{ truncated }} }} }} }}",
            "BAD_TRAVERSAL",
            [name, value, limit],
        )
        for arguments, name, value, limit in (
            ("depth: 5", "depth", "5", "4"),
            ("limitPerNode: 101", "limitPerNode", "101", "100"),
        )
    ),
    *(
        (
            f'{{ providerNeighborhood(domain: "smb.example", {arguments}) {{ truncated }} }}',
            "BAD_TRAVERSAL",
            [name, value, limit],
        )
        for arguments, name, value, limit in (
            ("depth: 5", "depth", "5", "4"),
            ("depth: -1", "depth", "-1", "0"),
            ("limitPerNode: 0", "limitPerNode", "0", "1"),
            ("limitPerNode: 101", "limitPerNode", "101", "100"),
        )
    ),
    *(
        (
            f'{{ paths(from: "{TOPIC}", to: "{PROVIDER}", first: {first}) {{ noPathReason }} }}',
            "BAD_TRAVERSAL",
            ["first", first, "1", "20"],
        )
        for first in ("0", "21", "-5")
    ),
    *(
        (
            f"{{ articles {{ groupBy(key: TOPIC, first: {first}) {{ count }} }} }}",
            "BAD_PAGE",
            ["first", first, "1", "1,000"],
        )
        for first in ("0", "1001", "-1")
    ),
    *(
        (f"{{ trending(first: {first}) {{ count }} }}", "BAD_PAGE", ["first", first, "1", "100"])
        for first in ("0", "101")
    ),
    ('{ search(query: "ferry", first: 101) { totalCount } }', "BAD_PAGE", ["first", "101", "100"]),
    ("{ stories(last: -1) { totalCount } }", "BAD_PAGE", ["last", "-1", "100"]),
    (
        '{ snapshot { changes(since: "00000000000000000000000000000000") { added(first: 101) { totalCount } } } }',
        "BAD_PAGE",
        ["first", "101", "100"],
    ),
    ("{ articles { timeline(interval: HOUR) { count } } }", "BAD_TIME", ["HOUR", "12,5", "1,000"]),
    (
        '{ articles { timeline(interval: DAY, from: "2000-01-01", to: "2024-01-01") { count } } }',
        "BAD_TIME",
        ["2000-01-01", "8,76", "1,000"],
    ),
    (
        f'{{ node(id: "{TOPIC}") {{ ... on Topic {{ timeline(interval: HOUR) {{ count }} }} }} }}',
        "BAD_TIME",
        ["HOUR", "1,000"],
    ),
    (
        '{ articles { timeline(from: "2024-05-02", to: "2024-05-01") { count } } }',
        "BAD_TIME",
        ["2024-05-01", "2024-05-02"],
    ),
    (
        '{ articles { timeline(timeZone: "Europe/Atlantis") { count } } }',
        "BAD_TIME",
        ["Europe/Atlantis", "Europe/Berlin"],
    ),
    (
        '{ articles { groupBy(key: DATE, timeZone: "localtime") { count } } }',
        "BAD_TIME",
        ["localtime", "Europe/Berlin"],
    ),
    ('{ search(query: "") { totalCount } }', "BAD_SEARCH", ["no word"]),
    ('{ search(query: " ?! *") { totalCount } }', "BAD_SEARCH", ["no word"]),
    (f'{{ search(query: "{"a" * 1001}") {{ totalCount }} }}', "BAD_SEARCH", ["1001", "1000"]),
    (f'{{ search(query: "{" ".join(map(str, range(33)))}") {{ totalCount }} }}', "BAD_SEARCH", ["33", "32"]),
    (
        f"{{ relatedByTopic(topics: [{', '.join(101 * [chr(34) + 'AI' + chr(34)])}]) {{ totalCount }} }}",
        "BAD_SEARCH",
        ["topics", "101", "100"],
    ),
    (f"{{ stories(orderBy: [{'{headline: ASC} ' * 9}]) {{ totalCount }} }}", "BAD_ORDER", ["9", "8"]),
]


@pytest.mark.parametrize(("query", "code", "named"), REFUSED, ids=lambda value: str(value)[:60])
def test_value_beyond_a_limit_is_refused_and_both_are_named(ask: Ask, query: str, code: str, named: list[str]) -> None:
    (error,) = ask(query)["errors"]
    assert error["extensions"] == {"code": code}
    assert [word for word in named if word not in error["message"]] == []
    assert len(error["message"]) < 300
    assert error["message"].endswith(".")


ALLOWED = [
    f'{{ neighborhood(id: "{TOPIC}", depth: 4, limitPerNode: 100) {{ truncated }} }}',
    f'{{ neighborhood(id: "{TOPIC}", depth: 0, limitPerNode: 1) {{ truncated }} }}',
    '{ providerNeighborhood(domain: "smb.example", depth: 4, limitPerNode: 100) { truncated } }',
    f'{{ paths(from: "{TOPIC}", to: "{PROVIDER}", first: 20) {{ noPathReason }} }}',
    "{ articles { groupBy(key: DATE, interval: HOUR, first: 1000) { count } } }",
    "{ trending(first: 100) { count } }",
    '{ articles { timeline(interval: DAY, from: "2021-01-01", to: "2023-09-28") { count } } }',
    f'{{ search(query: "{"a" * 1000}") {{ totalCount }} }}',
    f'{{ search(query: "{" ".join(map(str, range(32)))}") {{ totalCount }} }}',
    f"{{ relatedByTopic(topics: [{', '.join(100 * [chr(34) + 'AI' + chr(34)])}]) {{ totalCount }} }}",
]


@pytest.mark.parametrize("query", ALLOWED, ids=lambda query: query[:60])
def test_value_at_a_limit_is_answered(ask: Ask, query: str) -> None:
    assert "errors" not in ask(query)


def test_mistake_in_one_list_costs_nothing_beside_it(ask: Ask) -> None:
    answer = ask('{ topics { totalCount } articles { totalCount timeline(timeZone: "?") { count } } }')
    assert answer["data"] is None  # a list is never null, so the error goes up to the root
    assert [error["path"] for error in answer["errors"]] == [["articles", "timeline"]]
    answer = ask(
        f'{{ node(id: "{TOPIC}") {{ id ... on Topic {{ timeline(timeZone: "?") {{ count }} }} }} topics {{ totalCount }} }}'
    )
    assert answer["data"] == {"node": None, "topics": {"totalCount": 14}}
