"""Errors: one shape, a stable code each, and nothing of the service's inside."""

import asyncio
import gc
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from starlette.testclient import TestClient

from api.errors import ErrorCode, present_error
from api.execution import OperationRequest, execute
from api.schema.connections import OrderedList, encode_cursor
from api.schema.context import Context
from api.settings import Settings
from api.web.app import create_app
from graph.building.snapshot import GraphSnapshot
from graph.lists.ordering import OrderKey, Position
from graph.stores.memory import MemoryReader, MemoryStore
from graph.stores.protocol import GraphReader

ROOT = Path(__file__).parents[2]
Ask = Callable[..., dict[str, Any]]
BY_COUNT = OrderedList("TOPICS", "", (OrderKey("articles.count", is_descending=True),))

MISTAKES: list[tuple[ErrorCode, str, dict[str, Any]]] = [
    (ErrorCode.GRAPHQL_PARSE_FAILED, "{", {}),
    (ErrorCode.GRAPHQL_PARSE_FAILED, "", {}),
    (ErrorCode.GRAPHQL_PARSE_FAILED, "# only a comment", {}),
    (ErrorCode.GRAPHQL_VALIDATION_FAILED, "{ nothing }", {}),
    (ErrorCode.GRAPHQL_VALIDATION_FAILED, "mutation { a }", {}),
    (ErrorCode.STREAM_REQUIRED, "subscription { snapshotChanged { version } }", {}),
    (ErrorCode.GRAPHQL_VALIDATION_FAILED, '{ article(by: {slug: "a", id: "b"}) { id } }', {}),
    (
        ErrorCode.GRAPHQL_VALIDATION_FAILED,
        '{ articles(filter: {publishedDateTime: {gt: "soon"}}) { totalCount } }',
        {},
    ),
    (ErrorCode.OPERATION_RESOLUTION_FAILURE, "fragment F on Query { __typename }", {}),
    (ErrorCode.BAD_USER_INPUT, "query ($id: ID!) { node(id: $id) { id } }", {}),
    (ErrorCode.BAD_USER_INPUT, "query ($first: Int) { topics(first: $first) { totalCount } }", {"first": "x"}),
    (ErrorCode.BAD_USER_INPUT, "query ($first: Int) { topics(first: $first) { totalCount } }", {"first": 2**31}),
    (ErrorCode.BAD_ID, '{ node(id: "nonsense") { id } }', {}),
    (ErrorCode.BAD_ID, '{ provider(by: {id: ""}) { id } }', {}),
    (ErrorCode.BAD_URL, '{ article(by: {url: "nonsense"}) { id } }', {}),
    (ErrorCode.BAD_CURSOR, '{ topics(after: "nonsense") { totalCount } }', {}),
    (
        ErrorCode.CURSOR_EXPIRED,
        "query ($after: String) { topics(after: $after, orderBy: [{articles: {count: DESC}}]) { totalCount } }",
        {"after": encode_cursor(Position((7,), "t_va7jpwnfydfc72cx"), BY_COUNT.signature())},
    ),
    (ErrorCode.BAD_PAGE, "{ topics(first: -1) { totalCount } }", {}),
    (ErrorCode.BAD_FILTER, "{ topics(filter: {name: {eq: null}}) { totalCount } }", {}),
    (ErrorCode.BAD_ORDER, f"{{ topics(orderBy: [{'{name: ASC} ' * 9}]) {{ totalCount }} }}", {}),
    (ErrorCode.NOT_FOUND, '{ neighborhood(id: "a_aaaaaaaaaaaaaaaa") { truncated } }', {}),
    (ErrorCode.NOT_FOUND, '{ paths(from: "nonsense", to: "t_va7jpwnfydfc72cx") { noPathReason } }', {}),
    (ErrorCode.BAD_PAGE, "{ articles { groupBy(key: TOPIC, first: 0) { count } } }", {}),
    (ErrorCode.BAD_PAGE, "{ trending(first: 101) { count } }", {}),
    (ErrorCode.BAD_SEARCH, '{ search(query: "?!") { totalCount } }', {}),
    (ErrorCode.NOT_FOUND, '{ relatedByTopic(topics: ["nonsense"]) { totalCount } }', {}),
    (ErrorCode.BAD_TIME, '{ articles { timeline(timeZone: "Mars/Olympus") { count } } }', {}),
    (ErrorCode.BAD_TIME, '{ articles { groupBy(key: DATE, timeZone: "") { count } } }', {}),
    (ErrorCode.BAD_TRAVERSAL, '{ neighborhood(id: "t_va7jpwnfydfc72cx", depth: 5) { truncated } }', {}),
    (ErrorCode.BAD_BUDGET, "{ articles(first: 1) { nodes { context(tokens: 9) { tokens } } } }", {}),
    (ErrorCode.NOT_FOUND, '{ providerNeighborhood(domain: "nonsense") { truncated } }', {}),
]


@pytest.mark.parametrize(("code", "query", "variables"), MISTAKES)
def test_mistake_is_answered_with_its_code(ask: Ask, code: ErrorCode, query: str, variables: dict[str, Any]) -> None:
    answer = ask(query, variables)
    assert [error["extensions"] for error in answer["errors"]] == [{"code": code.value}]
    assert all(error["message"] for error in answer["errors"])
    is_of_field = code.value.startswith(("BAD_", "CURSOR_", "NOT_")) and code is not ErrorCode.BAD_USER_INPUT
    assert ("data" in answer) is is_of_field


REFUSALS: list[tuple[ErrorCode, str, str, dict[str, Any]]] = [
    (ErrorCode.BAD_REQUEST, "GET", "/graphql", {}),
    (
        ErrorCode.PERSISTED_QUERY_NOT_FOUND,
        "GET",
        "/graphql",
        {"params": {"extensions": f'{{"persistedQuery": {{"version": 1, "sha256Hash": "{"0" * 64}"}}}}'}},
    ),
    (ErrorCode.BAD_PART, "GET", "/export/graph.json?x=1", {}),
    (ErrorCode.NOT_FOUND, "GET", "/nothing", {}),
    (ErrorCode.NOT_INSTALLED, "GET", "/export/graph.parquet.zip", {}),
    (ErrorCode.METHOD_NOT_ALLOWED, "PUT", "/graphql", {}),
    (ErrorCode.NOT_ACCEPTABLE, "GET", "/graphql?query={a}", {"headers": {"accept": "image/png"}}),
    (ErrorCode.UNSUPPORTED_MEDIA_TYPE, "POST", "/graphql", {"content": b"{ a }"}),
    (
        ErrorCode.BODY_TOO_LARGE,
        "POST",
        "/graphql",
        {"content": b" " * 2_000_000, "headers": {"content-type": "application/json"}},
    ),
]


@pytest.mark.parametrize(("code", "method", "url", "options"), REFUSALS, ids=lambda value: str(value)[:30])
def test_refused_request_is_answered_with_its_code(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    code: ErrorCode,
    method: str,
    url: str,
    options: dict[str, Any],
) -> None:
    monkeypatch.delitem(sys.modules, "graph.export.parquet_format", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    response = client.request(method, url, **options)
    assert response.status_code != 500
    assert [error["extensions"] for error in response.json()["errors"]] == [{"code": code.value}]


ELSEWHERE = {
    "tests/api/limits": {
        ErrorCode.QUERY_TOO_LONG,
        ErrorCode.QUERY_TOO_DEEP,
        ErrorCode.TOO_MANY_ALIASES,
        ErrorCode.TOO_MANY_REPEATED_FIELDS,
        ErrorCode.TOO_MANY_DIRECTIVES,
        ErrorCode.QUERY_TOO_EXPENSIVE,
        ErrorCode.INTROSPECTION_DISABLED,
        ErrorCode.NUMBER_TOO_LARGE,
        ErrorCode.VARIABLES_TOO_DEEP,
        ErrorCode.VARIABLES_TOO_LARGE,
    },
    "tests/api/streams": {ErrorCode.FORBIDDEN, ErrorCode.TOO_MANY_SUBSCRIPTIONS},
    "tests/api/server": {ErrorCode.HEAD_TOO_LARGE, ErrorCode.REQUEST_TIMEOUT},
    "tests/api/service/test_answer_size.py": {ErrorCode.ANSWER_TOO_LARGE},
    "tests/api/service/test_access.py": {ErrorCode.UNAUTHENTICATED},
    "tests/api/service/test_rate_limit.py": {ErrorCode.RATE_LIMITED},
    "tests/api/service/test_trusted_documents.py": {ErrorCode.DOCUMENT_NOT_TRUSTED},
    "tests/api/web/test_not_ready.py": {ErrorCode.NOT_READY},
    "tests/api/attacks/test_heavy_work.py": {ErrorCode.OVERLOADED, ErrorCode.TIME_LIMIT_EXCEEDED},
}
"""What is answered only by a service with certain settings, or before it: the tests that show it."""


def test_every_code_is_the_answer_to_something() -> None:
    answered = {code for code, *_ in MISTAKES} | {code for code, *_ in REFUSALS} | {ErrorCode.INTERNAL_SERVER_ERROR}
    assert set(ErrorCode) - answered == set().union(*ELSEWHERE.values())
    for place, codes in ELSEWHERE.items():
        path = ROOT / place
        text = "".join(file.read_text(encoding="utf-8") for file in (path.rglob("*.py") if path.is_dir() else [path]))
        assert [code.name for code in codes if code.name not in text] == [], place


@pytest.mark.parametrize("message", ["", "a" * 500, "a" * 501, "ä" * 1_000_000])
def test_message_is_never_huge(message: str) -> None:
    found = present_error(ErrorCode.BAD_REQUEST, message)["message"]
    assert found == message if len(message) <= 500 else found == f"{message[:249]}…{message[:249]}"


def test_error_costs_its_field_and_not_the_others(ask: Ask) -> None:
    assert ask('{ bad: article(by: {url: "?"}) { id } topics { totalCount } nodes(ids: ["x"]) { id } }') == {
        "data": {"bad": None, "topics": {"totalCount": 14}, "nodes": [None]},
        "errors": [
            {
                "message": "The url is no http or https address; write the whole address, https:// included, or a path that begins"
                " with a slash.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["bad"],
                "extensions": {"code": "BAD_URL"},
            },
            {
                "message": "“x” is no id of this service.",
                "locations": [{"line": 1, "column": 61}],
                "path": ["nodes", 0],
                "extensions": {"code": "BAD_ID"},
            },
        ],
    }


def test_too_many_ids_are_an_error(ask: Ask) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert ask(query, {"ids": ["a_aaaaaaaaaaaaaaaa"] * 100}) == {"data": {"nodes": [None] * 100}}
    (error,) = ask(query, {"ids": ["a_aaaaaaaaaaaaaaaa"] * 101})["errors"]
    assert (error["message"], error["extensions"]["code"]) == (
        "`ids` has 101 entries; give at most 100 at a time.",
        "BAD_ID",
    )


class BrokenReader:
    """Fails in one method with what nobody may see."""

    def __init__(self, reader: GraphReader, method: str) -> None:
        self._reader = reader
        self._method = method

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._fail if name == self._method else cast(Callable[..., Any], getattr(self._reader, name))

    def _fail(self, *_: Any) -> NoReturn:
        raise RuntimeError("the password is swordfish")


def broken(snapshot: GraphSnapshot, method: str) -> GraphReader:
    return cast(GraphReader, BrokenReader(MemoryReader(snapshot), method))


@pytest.mark.parametrize(
    ("method", "query", "path"),
    [
        ("nodes", '{ node(id: "a_aaaaaaaaaaaaaaaa") { id } }', ["node"]),
        ("find", '{ topic(by: {slug: "ai"}) { id } }', ["topic"]),
        ("pages", "{ topics { totalCount } }", ["topics"]),
        ("info", "{ snapshot { version } }", ["snapshot"]),
        ("problems", "{ snapshot { problems { totalCount } } }", ["snapshot", "problems"]),
        ("neighbor", "{ topics(first: 1) { nodes { parent { id } } } }", ["topics", "nodes", 0, "parent"]),
        ("neighbors", "{ topics(first: 1) { nodes { children { id } } } }", ["topics", "nodes", 0, "children"]),
        (
            "article_problems",
            "{ articles(first: 1) { nodes { problems { file } } } }",
            ["articles", "nodes", 0, "problems"],
        ),
        ("aggregates", "{ articles { aggregate { count } } }", ["articles", "aggregate"]),
        ("groups", "{ articles { groupBy(key: TYPE) { count } } }", ["articles", "groupBy"]),
        ("timelines", "{ articles { timeline { count } } }", ["articles", "timeline"]),
        ("metrics", "{ topics(first: 1) { nodes { metrics { coreness } } } }", ["topics", "nodes", 0, "metrics"]),
        (
            "highlights",
            '{ search(query: "ferry", first: 1) { edges { highlights { field } } } }',
            ["search", "edges", 0, "highlights"],
        ),
        ("neighborhoods", '{ neighborhood(id: "t_va7jpwnfydfc72cx") { truncated } }', ["neighborhood"]),
        (
            "provider_networks",
            '{ providerNeighborhood(domain: "smb.example") { truncated } }',
            ["providerNeighborhood"],
        ),
        ("paths", '{ paths(from: "a", to: "b") { noPathReason } }', ["paths"]),
        (
            "explanations",
            '{ paths(from: "a_3fojh4lmgpkodwbd", to: "t_va7jpwnfydfc72cx") { paths { edges { reason } } } }',
            ["paths", "paths", 0, "edges", 0, "reason"],
        ),
        ("trending", "{ trending { count } }", ["trending"]),
        ("changes", '{ snapshot { changes(since: "x") { removed } } }', ["snapshot", "changes"]),
    ],
)
def test_failure_inside_is_masked_in_the_answer_and_whole_in_the_log(
    known: GraphSnapshot,
    caplog: pytest.LogCaptureFixture,
    ask_reader: Callable[[GraphReader], Ask],
    method: str,
    query: str,
    path: list[str | int],
) -> None:
    with caplog.at_level(logging.ERROR):
        (error,) = ask_reader(broken(known, method))(query)["errors"]
    assert error["message"] == "The service failed to answer this field; its log has the details."
    assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR"}
    assert error["path"] == path
    (record,) = caplog.records
    assert record.name == "api.errors"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "the password is swordfish"
    assert "Traceback" in caplog.text


def test_clients_mistakes_are_not_logged(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for query in ("{", "{ nothing }", '{ node(id: "x") { id } }', "{ topics(first: -1) { totalCount } }"):
            assert "errors" in ask(query)
    assert [record for record in caplog.records if record.name != "asyncio"] == []


def test_failure_of_the_store_itself_is_masked_over_http(
    known: GraphSnapshot, caplog: pytest.LogCaptureFixture
) -> None:
    class BrokenStore(MemoryStore):
        def reader(self) -> MemoryReader:
            raise RuntimeError("the password is swordfish")

    client = TestClient(create_app(Settings(), BrokenStore(known)), raise_server_exceptions=False)
    for path in ("/graphql?query={__typename}", "/readyz", "/export/graph.json"):
        with caplog.at_level(logging.ERROR):
            response = client.get(path)
        assert response.status_code == 500
        assert response.json() == {
            "errors": [
                {
                    "message": "The service failed to answer; its log has the details.",
                    "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": response.headers["x-request-id"]},
                }
            ]
        }
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert "swordfish" in caplog.text


def test_context_without_errors_has_no_errors_key(known: GraphSnapshot) -> None:
    context = Context(MemoryReader(known), Settings())
    assert asyncio.run(execute(OperationRequest("{ __typename }"), context)) == {"data": {"__typename": "Query"}}


def test_query_of_too_many_tokens_is_not_parsed(known: GraphSnapshot) -> None:
    settings = Settings(max_query_tokens=100)
    query = "{" + " ".join(f"a{number}: snapshot {{ version }}" for number in range(20)) + "}"
    request = OperationRequest(query)

    answer = asyncio.run(execute(request, Context(MemoryReader(known), settings)))
    assert answer == {
        "errors": [
            {
                "message": "The query has more than 100 words and signs, which is the limit."
                " Use fragments for what repeats, or ask in several requests.",
                "extensions": {"code": "QUERY_TOO_LONG"},
            }
        ]
    }
    assert "errors" not in asyncio.run(execute(request, Context(MemoryReader(known), Settings())))


def test_mistakes_that_nobody_asks_for_any_more_are_not_logged(
    known: GraphSnapshot, caplog: pytest.LogCaptureFixture
) -> None:
    query = """{
      relatedByTopic(topics: ["nope"]) { totalCount }
      topics { nodes { neighborhood(depth: 9) { truncated } timeline(timeZone: "x") { count } } }
    }"""
    reader = MemoryStore(known).reader()
    answer = asyncio.run(execute(OperationRequest(query), Context(reader, Settings())))
    gc.collect()
    assert answer["data"] is None
    assert caplog.records == []
