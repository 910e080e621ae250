"""Bad requests and operations beyond a limit, over real sockets."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.attacks.attacking import BAD_QUERIES, GRAPHQL_RESPONSE, INSIDE, check_refusal, doubling, nested
from tests.service import Served

BAD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "space": b" ",
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "text": b'"{ __typename }"',
    "list": b"[]",
    "batch": b'[{"query":"{ __typename }"},{"query":"{ __typename }"}]',
    "lists": b"[[]]",
    "no object": b"{",
    "two values": b"{}{}",
    "no UTF-8": b'{"query":"{ \xff }"}',
    "UTF-16": '{"query":"{ __typename }"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"query":"{ __typename }"}',
    "half a surrogate pair": b'{"query":"\\ud800"}',
    "deep": nested(100_000).encode(),
    "deep lists": b"[" * 500_000,
    "deep variables": b'{"query":"{ __typename }","variables":%b}' % nested(5_000).encode(),
    "no query": b"{}",
    "query null": b'{"query":null}',
    "query number": b'{"query":1}',
    "query object": b'{"query":{}}',
    "variables list": b'{"query":"{ __typename }","variables":[]}',
    "variables text": b'{"query":"{ __typename }","variables":"{}"}',
    "name number": b'{"query":"{ __typename }","operationName":1}',
    "extensions text": b'{"query":"{ __typename }","extensions":"x"}',
    "number of 5,000 digits": b'{"query":"{ __typename }","variables":{"a":%b}}' % (b"9" * 5_000),
    "number beyond floats": b'{"query":"{ __typename }","variables":{"a":1e400}}',
    "not a number": b'{"query":"{ __typename }","variables":{"a":NaN}}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_body_that_is_no_request_is_refused(served: Served, name: str) -> None:
    check_refusal(served.post(BAD_BODIES[name]), 400, "BAD_REQUEST")
    check_refusal(served.post(BAD_BODIES[name], GRAPHQL_RESPONSE), 400, "BAD_REQUEST")


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "query",
        "query=",
        "x=1&" * 60,
        urlencode({"query": "{ __typename }", "variables": "{"}),
        urlencode({"query": "{ __typename }", "variables": "[]"}),
        urlencode({"query": "{ __typename }", "variables": nested(2_000)}),
        urlencode({"query": "{ __typename }", "variables": '{"a":' + "9" * 5_000 + "}"}),
        urlencode({"query": "{ __typename }", "extensions": "null,"}),
        urlencode({"query": "{ __typename }", "extensions": '{"persistedQuery":1}'}),
    ],
    ids=lambda text: text[:60],
)
def test_url_that_is_no_request_is_refused(served: Served, parameters: str) -> None:
    check_refusal(served.ask("GET", f"/graphql?{parameters}"), 400, "BAD_REQUEST")


@pytest.mark.parametrize("name", BAD_QUERIES)
def test_query_beyond_a_limit_is_refused(served: Served, name: str) -> None:
    query, code = BAD_QUERIES[name]
    answer = served.post({"query": query})
    assert "data" not in answer.json(), answer.body
    assert (answer.status, answer.code) == (200, code), answer.body
    assert [word for word in INSIDE if word in answer.body.decode()] == []
    assert len(answer.body) < 10_000
    assert served.post({"query": query}, GRAPHQL_RESPONSE).status == 400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ topics(last: 0) { nodes { name } } }", None),
        ("{ topics(first: 0) { nodes { name } } }", None),
        ("{ topics(first: 101) { nodes { name } } }", "BAD_PAGE"),
        ("{ topics(last: 101) { nodes { name } } }", "BAD_PAGE"),
        ("{ topics(last: -1) { nodes { name } } }", "BAD_PAGE"),
        ("{ topics(first: 100, last: 0) { nodes { name } } }", None),
        ("query ($n: Int = 101) { topics(first: $n) { nodes { name } } }", "BAD_PAGE"),
    ],
)
def test_no_argument_gets_more_than_a_page(served: Served, query: str, code: str | None) -> None:
    answer = served.post({"query": query})
    if code is None:
        assert answer.json() == {"data": {"topics": {"nodes": []}}}
    else:
        assert answer.code == code


@pytest.mark.parametrize("levels", [33, 240, 300, 900])
def test_deep_variables_are_refused_whatever_was_asked_before(served: Served, levels: int) -> None:
    query = "{ __typename }"
    assert served.post({"query": query}).json() == {"data": {"__typename": "Query"}}
    body = b'{"query":"%b","variables":%b}' % (query.encode(), nested(levels).encode())
    assert served.post(body).code == "VARIABLES_TOO_DEEP"
    parameters = urlencode({"query": query, "variables": nested(levels)})
    check_refusal(served.ask("GET", f"/graphql?{parameters}"), 400, "VARIABLES_TOO_DEEP")


@pytest.mark.parametrize("variables", [{"a": [0] * 200_000}, {"a": "x" * 900_000}, {f"a{n}": 0 for n in range(50_000)}])
def test_large_variables_are_refused(served: Served, variables: dict[str, Any]) -> None:
    answer = served.post({"query": "{ __typename }", "variables": variables})
    assert (answer.status, answer.code) == (200, "VARIABLES_TOO_LARGE")


@pytest.mark.measured
def test_fragments_that_double_each_other_are_judged_in_no_time(served: Served) -> None:
    for attempt in range(5):
        answer = served.post({"query": f"{doubling(30)} # {attempt}"}, {"X-Request-Id": f"doubling-{attempt}"})
        assert answer.status == 200
    log = served.log_with('"request_id":"doubling-', times=5)
    lines = [line for line in log.splitlines() if '"request_id":"doubling-' in line]
    seconds = [json.loads(line)["seconds"] for line in lines]
    assert len(seconds) == 5
    assert min(seconds) < 0.05


TWICE = 'a: timeline(timeZone: "swordfish") { count } b: timeline(timeZone: "swordfish2") { count }'
VOID = {
    "zones": f"topics {{ nodes {{ {TWICE} }} }}",
    "depths": f"topics {{ nodes {{ neighborhood(depth: 9) {{ truncated }} {TWICE} }} }}",
    "pages": f"topics {{ nodes {{ articles(first: 1000) {{ totalCount }} {TWICE} }} }}",
}
"""What fails in many places, beside a field whose failure alone makes the answer void."""


@pytest.mark.parametrize("name", VOID)
def test_mistakes_in_an_answer_that_is_void_already_are_in_no_log(served: Served, name: str) -> None:
    query = f"query ($topics: [String!]!) {{ relatedByTopic(topics: $topics) {{ totalCount }} {VOID[name]} }}"
    body = {"query": query, "variables": {"topics": ["nope-swordfish"]}}
    codes = {"NOT_FOUND", "BAD_TIME", "BAD_TRAVERSAL", "BAD_PAGE"}
    for _ in range(5):
        assert {error["extensions"]["code"] for error in served.post(body).json()["errors"]} <= codes
    for number in range(20):  # by the end of which Python's collector has found what nobody holds any more
        served.post(
            {"query": f"{{ articles(first: 50) {{ nodes {{ id }} }} __schema {{ types {{ name }} }} }} # {number}"}
        )
    log = served.whole_log()
    assert "never retrieved" not in log
    assert "swordfish" not in log
    assert '"level":"error"' not in log
