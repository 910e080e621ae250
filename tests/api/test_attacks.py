"""The service under attack: each limit and each bad input, over real sockets, against a process of its own."""

import gzip
import http.client
import json
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeAlias
from urllib.parse import urlencode

import pytest
from graphql import get_introspection_query

from api.server.security_headers import SECURITY
from tests.api.heavy_files import write_heavy
from tests.api.hidden_files import MARKER, write_folder
from tests.service import Answer, Served, running

MEGABYTE = 1024 * 1024
JSON = {"Content-Type": "application/json"}
GRAPHQL_RESPONSE = {"Accept": "application/graphql-response+json"}
ADMIN, PREVIEW = "admin-token-0123456789", "preview-token-0123456789"
INSIDE = (
    "Traceback",
    'File "',
    ".py",
    "site-packages",
    "orjson",
    "starlette",
    "uvicorn",
    "strawberry",
    "graphql-core",
    "graphql.error",
    "tantivy",
    "networkx",
    "ryml",
    "httptools",
    "Exception",
    str(Path(__file__).parents[2]),
)
"""What no answer may tell of the service's inside."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The service as it is without any setting; nothing in this module makes it fail."""
    with running(tmp_path_factory.mktemp("service")) as served:
        yield served
        assert served.process.poll() is None
        assert served.ask("GET", "/healthz").status == 200
        log = served.whole_log()
        assert "Traceback" not in log
        assert [line for line in log.splitlines() if '"level":"error"' in line] == []


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that tells nothing of its schema, and lets pages of two other origins read."""
    settings = {"INTROSPECTION": "0", "ALLOWED_ORIGINS": "https://news.example, http://localhost:3000"}
    with running(tmp_path_factory.mktemp("strict"), settings=settings) as served:
        yield served


def check_refusal(answer: Answer, status: int, code: str) -> None:
    """One error of GraphQL's shape, with its code, a sentence, and nothing of the service's inside."""
    assert (answer.status, answer.code) == (status, code), answer.body
    assert set(answer.json()) == {"errors"}
    assert 10 < len(answer.message) <= 500
    assert [word for word in INSIDE if word in answer.body.decode()] == []


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


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


def doubling(count: int) -> str:
    """Fragments of which each spreads the next one twice."""
    spreads = (f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(count))
    return f"{{ ...f0 }} {' '.join(spreads)} fragment f{count} on Query {{ __typename }}"


DEEP = "{ topics { nodes { " + "parent { " * 25 + "name" + " }" * 25 + " } } }"
WALK = "nodes { related(first: 100) { " * 3 + "totalCount" + " } }" * 3
BAD_QUERIES: dict[str, tuple[str, str]] = {
    "fragment cycle": ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "GRAPHQL_VALIDATION_FAILED"),
    "fragment in itself": ("{ ...a } fragment a on Query { ...a ...a ...a }", "GRAPHQL_VALIDATION_FAILED"),
    "two operations": ("query A { __typename } query B { __typename }", "OPERATION_RESOLUTION_FAILURE"),
    "many operations": (" ".join(f"query A{n} {{ __typename }}" for n in range(100)), "OPERATION_RESOLUTION_FAILURE"),
    "alias flood": ("{" + " ".join(f"a{n}: __typename" for n in range(300)) + "}", "TOO_MANY_ALIASES"),
    "repeated field flood": ("{" + "__typename " * 1_000 + "}", "TOO_MANY_REPEATED_FIELDS"),
    "spread flood": ("{" + "...a " * 1_000 + "} fragment a on Query { __typename }", "TOO_MANY_REPEATED_FIELDS"),
    "directive flood": ("{ __typename " + "@include(if: true) " * 100 + "}", "TOO_MANY_DIRECTIVES"),
    "unknown directive flood": ("{ __typename " + "@a " * 1_000 + "}", "TOO_MANY_DIRECTIVES"),
    "token flood": ("{" + "a " * 50_000 + "}", "QUERY_TOO_LONG"),
    "long comment": ("#" + "a" * 200_000, "QUERY_TOO_LONG"),
    "unknown field flood": ("{" + " ".join(f"a{n}" for n in range(1_000)) + "}", "GRAPHQL_VALIDATION_FAILED"),
    "many brackets": ("{" * 3_000, "GRAPHQL_PARSE_FAILED"),
    "deep selections": ("{ a " * 1_000 + "}" * 1_000, "QUERY_TOO_DEEP"),
    "deep fields": (DEEP, "QUERY_TOO_DEEP"),
    "deep literals": ("{ articles(filter: " + "{not: " * 900 + "{}" + "}" * 900 + ") { totalCount } }", "QUERY_TOO_DEEP"),
    "deep types": ("query ($a: " + "[" * 1_500 + "Int" + "]" * 1_500 + ") { __typename }", "QUERY_TOO_DEEP"),
    "expensive": ("{ articles(first: 100) { " + WALK + " } }", "QUERY_TOO_EXPENSIVE"),
    "expensive again": ("{" + " ".join(f"a{n}: relatedByTopic(topics: [\"AI\"], first: 2) {{ nodes {{ similar {{ totalCount }} }} }}" for n in range(99)) + "}", "QUERY_TOO_EXPENSIVE"),
    "introspection bomb": ("{ __schema { types " + "{ fields { type " * 5 + "{ name }" + " } }" * 5 + " } }", "QUERY_TOO_DEEP"),
    "introspection circle": ("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "QUERY_TOO_DEEP"),
    "number of 5,000 digits": ("{ topics(first: " + "9" * 5_000 + ") { totalCount } }", "NUMBER_TOO_LARGE"),
    "float of 5,000 digits": ("{ topics(filter: {quality: {gt: 1e" + "9" * 5_000 + "}}) { totalCount } }", "NUMBER_TOO_LARGE"),
    "mutation": ("mutation { a }", "GRAPHQL_VALIDATION_FAILED"),
    "subscription": ("subscription { snapshotChanged { version } }", "STREAM_REQUIRED"),
    "no document": ("\x00", "GRAPHQL_PARSE_FAILED"),
    "empty": ("", "GRAPHQL_PARSE_FAILED"),
}  # fmt: skip


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


class TestBodies:
    BODY = json.dumps({"query": "{ __typename }", "padding": "x" * 10 * MEGABYTE}).encode()

    def test_body_that_says_it_is_too_large_is_refused_unread(self, served: Served) -> None:
        head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n"
        with served.connect() as connection:
            connection.sendall(head)
            assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")

    @pytest.mark.parametrize("is_chunked", [False, True])
    def test_large_body_is_refused_and_takes_no_memory(self, served: Served, is_chunked: bool) -> None:
        served.post({"query": "{ __typename }"})
        before = served.memory()
        framing = b"Transfer-Encoding: chunked" if is_chunked else b"Content-Length: %d" % len(self.BODY)
        head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%b\r\n\r\n" % framing
        grown, answer = 0, b""
        with served.connect() as connection:
            connection.sendall(head)
            for start in range(0, len(self.BODY), 65_536):
                part = self.BODY[start : start + 65_536]
                try:
                    connection.sendall(b"%x\r\n%b\r\n" % (len(part), part) if is_chunked else part)
                except OSError:  # refused already
                    break
                grown = max(grown, served.memory() - before)
            answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert b'"BODY_TOO_LARGE"' in answer
        assert grown < 20 * MEGABYTE

    @pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "GZIP", "identity, gzip", "unknown"])
    def test_compressed_body_is_refused(self, served: Served, encoding: str) -> None:
        body = gzip.compress(b'{"query":"' + b" " * 10 * MEGABYTE + b'{ __typename }"}')
        assert len(body) < 20_000
        before = served.memory()
        check_refusal(served.post(body, {"Content-Encoding": encoding}), 415, "UNSUPPORTED_MEDIA_TYPE")
        assert served.memory() - before < 5 * MEGABYTE

    def test_body_below_the_limit_is_read(self, served: Served) -> None:
        body = json.dumps({"query": "{ __typename }", "padding": "x" * (MEGABYTE - 1_000)}).encode()
        assert served.post(body).status == 200


class TestBrowsers:
    """What pages of other origins can make a browser do."""

    @pytest.mark.parametrize(
        "content_type",
        [
            "text/plain",
            "text/plain; charset=utf-8; application/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/graphql",
            "text/plain, application/json",
            "application/json; charset=latin-1",
            "",
        ],
    )
    def test_simple_requests_are_refused(self, served: Served, content_type: str) -> None:
        for body in (b'{"query":"{ __typename }"}', b"query={__typename}"):
            answer = served.ask("POST", "/graphql", body, {"Content-Type": content_type})
            check_refusal(answer, 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_get_changes_nothing(self, served: Served) -> None:
        for query in ("mutation { a }", "subscription { snapshotChanged { version } }"):
            answer = served.ask("GET", f"/graphql?{urlencode({'query': query})}")
            assert "data" not in answer.json()
        assert served.ask("GET", "/-/reload").status == 405

    def test_answers_are_for_no_other_origin(self, served: Served) -> None:
        origin = {"Origin": "https://evil.example"}
        answers = [
            served.post({"query": "{ __typename }"}, origin),
            served.ask("GET", "/export/graph.json", headers=origin),
            served.ask("OPTIONS", "/graphql", headers={**origin, "Access-Control-Request-Method": "POST"}),
        ]
        assert [answer.status for answer in answers] == [200, 200, 403]
        assert answers[2].message == (
            "Pages of https://evil.example may not read answers; the operator can add the origin to FRONTGRAPH_ALLOWED_ORIGINS."
        )
        assert not any("access-control" in name for answer in answers for name in answer.headers)

    @pytest.mark.parametrize(
        ("origin", "status"),
        [(None, 101), ("http://127.0.0.1", 101), ("https://evil.example", 403), ("null", 403), ("http://[", 403)],
    )
    def test_sockets_of_other_origins_are_refused(self, served: Served, origin: str | None, status: int) -> None:
        lines = [
            "GET /graphql HTTP/1.1",
            "Host: 127.0.0.1",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Protocol: graphql-transport-ws",
            *([f"Origin: {origin}"] if origin else []),
        ]
        with served.connect() as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            assert connection.recv(65_536).startswith(f"HTTP/1.1 {status} ".encode())

    def test_events_for_other_origins_are_refused(self, served: Served) -> None:
        headers = {"Accept": "text/event-stream", "Origin": "https://evil.example"}
        check_refusal(served.post({"query": "{ __typename }"}, headers), 403, "FORBIDDEN")

    def test_origins_that_are_allowed_may_read(self, strict: Served) -> None:
        allowed = {"Origin": "https://news.example"}
        preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        asked = strict.ask("OPTIONS", "/graphql", headers={**allowed, **preflight})
        assert (asked.status, asked.headers["access-control-allow-origin"]) == (200, "https://news.example")
        assert asked.headers["access-control-allow-methods"] == "GET, HEAD, POST"
        check_headers(asked)
        for _ in range(3):  # the last one is repeated by the server alone
            answer = strict.post({"query": "{ __typename }"}, allowed)
            assert answer.headers["access-control-allow-origin"] == "https://news.example"
            assert "Origin" in answer.headers["vary"]
        foreign = {"Origin": "https://evil.example"}
        refused = strict.ask("OPTIONS", "/graphql", headers={**foreign, **preflight})
        check_refusal(refused, 403, "FORBIDDEN")
        check_headers(refused)
        assert "access-control-allow-origin" not in refused.headers
        for _ in range(3):
            assert "access-control-allow-origin" not in strict.post({"query": "{ __typename }"}, foreign).headers


def check_headers(answer: Answer) -> None:
    """What tells browsers to be strict."""
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in answer.headers


class TestHeaders:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/", 200),
            ("GET", "/graphql?query={__typename}", 200),
            ("GET", "/graphql", 400),
            ("PUT", "/graphql", 405),
            ("GET", "/schema.graphql", 200),
            ("GET", "/export/graph.json", 200),
            ("HEAD", "/export/graph.json", 200),
            ("GET", "/export/graph.json?depth=1", 400),
            ("GET", "/export/nothing", 404),
            ("GET", "/static/query.css", 200),
            ("GET", "/static/nothing", 404),
            ("GET", "/healthz", 200),
            ("GET", "/healthz/", 307),
            ("GET", "/readyz", 200),
            ("GET", "/metrics", 200),
            ("POST", "/-/reload", 403),
            ("GET", "/nothing", 404),
            ("TRACE", "/", 405),
        ],
    )
    def test_every_answer_is_strict_and_has_a_request_id(
        self, served: Served, method: str, path: str, status: int
    ) -> None:
        answer = served.ask(method, path, headers={"X-Request-Id": "mine"})
        assert (answer.status, answer.headers["x-request-id"]) == (status, "mine")
        check_headers(answer)

    def test_so_are_answers_that_hold_nothing_new(self, served: Served) -> None:
        for path in ("/graphql?query={__typename}", "/export/graph.json", "/static/query.css"):
            tag = served.ask("GET", path).headers["etag"]
            answer = served.ask("GET", path, headers={"If-None-Match": tag})
            assert (answer.status, answer.body) == (304, b"")
            check_headers(answer)

    def test_so_are_repeated_answers(self, served: Served) -> None:
        answers = [served.post({"query": "{ topics { totalCount } }"}) for _ in range(4)]
        for answer in answers:
            check_headers(answer)
        assert len({answer.headers["x-request-id"] for answer in answers}) == 4

    def test_id_that_the_client_gives_is_taken_over_however_often_the_same_bytes_come(self, served: Served) -> None:
        for _ in range(4):
            answer = served.post({"query": "{ topics(first: 1) { totalCount } }"}, {"X-Request-Id": "again-and-again"})
            assert answer.headers["x-request-id"] == "again-and-again"
        assert served.whole_log().count('"request_id":"again-and-again"') == 4

    @pytest.mark.parametrize(
        "given", ["bytes=0-1", "bytes=abc", "items=0-1", "bytes=5-2", "bytes=99999999-", "bytes=0-1,3-4"]
    )
    @pytest.mark.parametrize("path", ["/", "/static/query.css", "/graphql?query={__typename}"])
    def test_ranges_are_not_heeded(self, served: Served, path: str, given: str) -> None:
        answer = served.ask("GET", path, headers={"Range": given})
        assert (answer.status, answer.body) == (200, served.ask("GET", path).body)

    @pytest.mark.parametrize(
        "request_bytes",
        [
            b"nonsense\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 70_000 + b"\r\n\r\n",
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\n",
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: https://evil.example\r\n\r\n",
        ],
        ids=["no HTTP", "too large", "upgrade with a body", "no WebSocket", "foreign origin"],
    )
    def test_so_are_refusals_of_what_is_no_request(self, served: Served, request_bytes: bytes) -> None:
        head = served.raw(request_bytes).partition(b"\r\n\r\n")[0].decode("latin-1").lower()
        assert head.startswith("http/1.1 4")
        for name, value in SECURITY.items():
            assert f"\r\n{name}: {value}\r\n".lower() in f"{head}\r\n"

    def test_redirect_stays_on_the_host_whatever_the_request_calls_it(self, served: Served) -> None:
        answer = served.ask("GET", "//evil.example/", headers={"Host": "evil.example"})
        assert (answer.status, answer.headers["location"]) == (307, "/evil.example")

    @pytest.mark.parametrize("host", ["[", "a b", "", "x" * 10_000, "\xff", "127.0.0.1:99999"])
    def test_no_host_makes_it_fail(self, served: Served, host: str) -> None:
        head = f"GET /export/graph.json?story=x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("latin-1")
        assert served.raw(head)[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 400")

    @pytest.mark.parametrize("given", ["a b", "a" * 65, "<script>", 'x"y', "", "é"])
    def test_request_id_that_is_no_plain_word_is_not_taken_over(self, served: Served, given: str) -> None:
        answer = served.ask("GET", "/healthz", headers={"X-Request-Id": given})
        assert answer.headers["x-request-id"] != given


class TestFailures:
    PROGRAM = """
import api.cli, graph.stores.memory
def fail(*_):
    raise LookupError("the password is swordfish")
graph.stores.memory.MemoryReader.info = fail
graph.stores.memory.MemoryReader.export = fail
graph.stores.memory.MemoryReader.find = fail
api.cli.main()
"""

    @pytest.fixture(scope="class")
    @classmethod
    def failing(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        """A service whose store fails."""
        with running(tmp_path_factory.mktemp("failing"), program=cls.PROGRAM) as served:
            yield served

    def test_failure_is_masked_and_found_in_the_log_by_its_id(self, failing: Served) -> None:
        field = failing.post({"query": "{ snapshot { nodeCounts { count } } }"})
        export = failing.ask("GET", "/export/graph.json")
        log = [json.loads(line) for line in failing.whole_log().splitlines() if line.startswith("{")]
        assert (field.status, export.status) == (200, 500)
        for answer in (field, export):
            (error,) = answer.json()["errors"]
            request_id = answer.headers["x-request-id"]
            assert error["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": request_id}
            assert [word for word in (*INSIDE, "swordfish", "LookupError") if word in answer.body.decode()] == []
            check_headers(answer)
            assert any(line.get("request_id") == request_id and "swordfish" in json.dumps(line) for line in log)

    def test_failure_of_many_fields_is_logged_once_a_request(self, failing: Served) -> None:
        query = "{" + " ".join(f'a{n}: article(by: {{slug: "{n}"}}) {{ id }}' for n in range(20)) + "}"
        before = len(failing.whole_log())
        answer = failing.post({"query": query})
        log = [json.loads(line) for line in failing.log_with(answer.headers["x-request-id"])[before:].splitlines()]
        (failed,) = [line for line in log if line["level"] == "error" and "exception" in line]
        assert (len(answer.json()["errors"]), answer.code) == (20, "INTERNAL_SERVER_ERROR")
        assert (failed["request_id"], "LookupError" in failed["exception"]) == (answer.headers["x-request-id"], True)


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


class TestIntrospection:
    QUERIES = (
        get_introspection_query(),
        get_introspection_query(descriptions=False),
        get_introspection_query(
            descriptions=True,
            specified_by_url=True,
            directive_is_repeatable=True,
            schema_description=True,
            input_value_deprecation=True,
        ),
    )
    """Those of GraphiQL, Apollo, Relay and GraphQL Code Generator are this one with some of its options."""

    @pytest.mark.parametrize("query", QUERIES, ids=["plain", "short", "full"])
    def test_full_queries_of_the_usual_tools_pass(self, served: Served, query: str) -> None:
        answer = served.post({"query": query, "operationName": "IntrospectionQuery"})
        assert "errors" not in answer.json()
        assert len(answer.json()["data"]["__schema"]["types"]) > 100

    def test_where_it_is_switched_off_nothing_tells_names(self, strict: Served) -> None:
        for query in (
            *self.QUERIES,
            '{ __type(name: "Query") { name } }',
            "{ ...a } fragment a on Query { __schema { types { name } } }",
        ):
            assert strict.post({"query": query}).code == "INTROSPECTION_DISABLED"
        answer = strict.ask("GET", "/schema.graphql")
        check_refusal(answer, 403, "FORBIDDEN")
        for query in (
            "{ topicz { totalCount } }",
            "{ topics { totalCounts } }",
            "{ topics(firsts: 1) { totalCount } }",
        ):
            refused = strict.post({"query": query})
            assert refused.code == "GRAPHQL_VALIDATION_FAILED"
            assert "Did you mean" not in refused.message
        assert strict.post({"query": "{ __typename topics { __typename } }"}).json()["data"]["__typename"] == "Query"

    def test_names_are_suggested_where_it_is_on(self, served: Served) -> None:
        assert "Did you mean" in served.post({"query": "{ topicz { totalCount } }"}).message


SLOW = (
    "{ topics(first: 100) { nodes { articles(first: 100) { nodes { topics { articles(first: 100) { nodes { id title "
    "topics { name articles(first: 10) { nodes { title provider { name } } } } } } } } } } } __schema { queryType { name } } }"
)
SLOW_SETTINGS = {
    "TIME_LIMIT_SECONDS": "1",
    "MAX_COST": "1000000000",
    "MAX_DEPTH": "30",
    "MAX_CONCURRENT_REQUESTS": "2",
    "METRICS": "0",
}


class TestHeavyWork:
    @pytest.fixture(scope="class")
    @classmethod
    def slow(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        """A service that allows far too expensive operations, for a second."""
        with running(tmp_path_factory.mktemp("slow"), settings=SLOW_SETTINGS) as served:
            yield served

    @pytest.mark.measured
    def test_operation_that_takes_too_long_is_stopped_and_its_work_ends(self, slow: Served) -> None:
        started = time.monotonic()
        answer = slow.post({"query": SLOW})
        assert time.monotonic() - started < 5
        assert answer.code == "TIME_LIMIT_EXCEEDED"
        assert "stopped after 1 seconds" in answer.message
        used = slow.processor_seconds()
        time.sleep(1)
        assert (
            slow.processor_seconds() - used < 0.5
        )  # to drop what was made takes a moment; work that goes on would take all
        assert slow.post({"query": "{ topics { totalCount } }"}).json() == {"data": {"topics": {"totalCount": 14}}}

    @pytest.mark.measured
    def test_work_that_nobody_waits_for_any_more_ends_too(self, slow: Served) -> None:
        body = json.dumps({"query": f"{SLOW} # gone"}).encode()
        head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        for _ in range(2):
            with slow.connect() as connection:
                connection.sendall(head % len(body) + body)
        time.sleep(3.5)
        used = slow.processor_seconds()
        time.sleep(0.5)
        assert slow.processor_seconds() - used < 0.2

    @pytest.mark.measured
    def test_more_than_may_wait_is_refused_at_once_while_cheap_operations_go_on(self, slow: Served) -> None:
        answers: list[tuple[float, Answer]] = []

        def ask(number: int) -> None:
            started = time.monotonic()
            answer = slow.post({"query": f"{SLOW} # {number}"})
            answers.append((time.monotonic() - started, answer))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert slow.post({"query": "{ topics { totalCount } }"}).status == 200
        for thread in threads:
            thread.join()
        refused = [(seconds, answer) for seconds, answer in answers if answer.status == 503]
        assert len(refused) >= 2
        for _, answer in refused:
            check_refusal(answer, 503, "OVERLOADED")
            check_headers(answer)
            assert int(answer.headers["retry-after"]) > 0
        assert min(seconds for seconds, _ in refused) < 1

    @pytest.mark.thorough
    def test_metrics_can_be_switched_off(self, slow: Served) -> None:
        check_refusal(slow.ask("GET", "/metrics"), 404, "NOT_FOUND")

    @pytest.mark.thorough
    def test_clients_that_leave_keep_no_place_for_files(self, slow: Served) -> None:
        for _ in range(10):
            with slow.connect() as connection:
                connection.sendall(b"GET /export/graph.json HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.05)
        time.sleep(0.5)
        assert slow.ask("GET", "/export/graph.json").status == 200


class TestOperators:
    @pytest.fixture(scope="class")
    @classmethod
    def articles(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return write_folder(tmp_path_factory.mktemp("operated") / "articles", with_hidden=False)

    @pytest.fixture(scope="class")
    @classmethod
    def operated(cls, articles: Path) -> Iterator[Served]:
        """A service with a token of the operator."""
        with running(articles.parent, articles=articles, settings={"ADMIN_TOKEN": ADMIN}) as served:
            yield served

    def test_reload_needs_the_operators_token(self, operated: Served) -> None:
        for given in ({}, {"Authorization": f"Bearer {PREVIEW}"}, {"Authorization": f"Basic {ADMIN}"}):
            check_refusal(operated.ask("POST", "/-/reload", headers=given), 401, "UNAUTHENTICATED")
            check_refusal(operated.ask("GET", "/metrics", headers=given), 401, "UNAUTHENTICATED")
        token = {"Authorization": f"Bearer {ADMIN}"}
        assert operated.ask("POST", "/-/reload", headers=token).json() == {"reload": "unchanged"}
        assert b"frontgraph_reloads_total" in operated.ask("GET", "/metrics", headers=token).body

    def test_failed_reload_is_told_without_telling_where_the_files_are(self, operated: Served, articles: Path) -> None:
        version = operated.ask("GET", "/readyz").json()["version"]
        gone = articles.rename(articles.with_name("gone"))
        try:
            answer = operated.ask("POST", "/-/reload", headers={"Authorization": f"Bearer {ADMIN}"})
            assert answer.json()["reload"] == "failed"
            ready = operated.ask("GET", "/readyz")
            assert (ready.json()["version"], ready.json()["reload"]) == (version, "failed")
            assert str(articles.parent) not in (ready.body + answer.body).decode()
            assert operated.post({"query": "{ topics { totalCount } }"}).status == 200
        finally:
            gone.rename(articles)

    @pytest.mark.thorough
    def test_wrong_trusted_documents_are_told_at_the_start(self, tmp_path: Path) -> None:
        with (
            pytest.raises(AssertionError, match=r"holds no trusted documents; put \.graphql files") as caught,
            running(tmp_path, settings={"TRUSTED_DOCUMENTS": str(tmp_path)}),
        ):
            pass
        assert "Traceback" not in str(caught.value)


class TestClientsApart:
    """What was kept for one client is not for another."""

    def test_same_operation_is_answered_by_what_each_may_see(self, tmp_path: Path) -> None:
        articles = write_folder(tmp_path / "articles", with_hidden=True)
        query = "{ articles(first: 3, orderBy: [{publishedDateTime: DESC}]) { totalCount nodes { title } } }"
        body = json.dumps({"query": query}).encode()
        head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%b\r\n"
        token = b"Authorization: Bearer %b\r\n" % PREVIEW.encode()
        with running(tmp_path, articles=articles, settings={"PREVIEW_TOKEN": PREVIEW}) as served:
            asked = []
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
            for number in range(12):
                headers = {**JSON, **({"Authorization": f"Bearer {PREVIEW}"} if number % 3 == 0 else {})}
                connection.request("POST", "/graphql", body, headers)
                asked.append(MARKER in connection.getresponse().read().decode())
            connection.close()
            assert asked == [number % 3 == 0 for number in range(12)]
            with served.connect() as pipelined:  # all in one piece
                more = [head % (len(body), extra) + body for extra in (token, b"", token, b"Connection: close\r\n")]
                pipelined.sendall(b"".join(more))
                received = b""
                while data := pipelined.recv(65_536):
                    received += data
            answers = received.split(b"HTTP/1.1 200 OK")[1:]
            assert [MARKER.encode() in answer for answer in answers] == [True, False, True, False]

    @pytest.mark.thorough
    def test_addresses_are_taken_from_trusted_proxies_only(self, tmp_path: Path) -> None:
        def statuses(served: Served, *addresses: str) -> list[int]:
            return [
                served.post({"query": "{ __typename }"}, {"X-Forwarded-For": address}).status for address in addresses
            ]

        settings = {"RATE_LIMIT": "2", "TRUSTED_PROXIES": "127.0.0.0/8"}
        networks = ("2001:db8::1", "2001:db8::2", "2001:db8:0:0:3::4", "2001:db8:0:1::1")
        with running(tmp_path, settings=settings) as served:
            assert statuses(served, "192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2") == [200, 200, 429, 200]
            assert statuses(served, *networks) == [200, 200, 429, 200]
            assert statuses(served, "203.0.113.9, 192.0.2.1") == [429]  # what the client said of itself is no matter
        with running(tmp_path, settings={"RATE_LIMIT": "2"}) as served:
            assert statuses(served, "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4") == [200, 200, 429, 429]


class TestPrefix:
    """Behind a proxy that shows the service below a path, whether it takes the path off or leaves it."""

    @pytest.mark.thorough
    def test_service_answers_with_and_without_its_prefix(self, tmp_path: Path) -> None:
        with running(tmp_path, settings={"ROOT_PATH": "/news/"}) as served:
            assert served.address.endswith("/news")
            for prefix in ("", "/news"):
                assert served.ask("GET", f"{prefix}/healthz").status == 200
                assert served.ask("GET", f"{prefix}/graphql?query={{__typename}}").status == 200
                assert served.ask("GET", f"{prefix}/static/query.css").status == 200
                assert served.ask("GET", f"{prefix}/export/graph.json").status == 200
                assert served.ask("GET", f"{prefix}/healthz/").headers["location"] == "/news/healthz"
                page = served.ask("GET", f"{prefix}/")
                assert (page.status, b'href="/' in page.body) == (200, False)
            assert served.ask("GET", "/newsgraphql").status == 404
            led = served.ask("GET", "/news")
            assert (led.status, led.headers["location"]) == (307, "/news/")


class TestConnections:
    """Clients that are slow, or many."""

    SETTINGS = {  # noqa: RUF012
        "MAX_CONNECTIONS": "20",
        "MAX_CONNECTIONS_PER_ADDRESS": "20",
        "MAX_SUBSCRIPTIONS": "1",
        "MAX_BODY_KB": "64",
        "REQUEST_SECONDS": "60",
    }
    HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"

    @pytest.fixture(scope="class")
    @classmethod
    def small(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        with running(tmp_path_factory.mktemp("small"), settings=cls.SETTINGS) as served:
            yield served

    @pytest.fixture(scope="class")
    @classmethod
    def hurried(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        """A service that waits a second for a request."""
        with running(tmp_path_factory.mktemp("hurried"), settings={"REQUEST_SECONDS": "1"}) as served:
            yield served

    @pytest.mark.parametrize("begun", [b"", b"GET /graphql", HEAD, HEAD + b"\r\n", HEAD + b'\r\n{"query":'])
    def test_request_that_does_not_come_is_not_waited_for(self, hurried: Served, begun: bytes) -> None:
        started = time.monotonic()
        answer = hurried.raw(begun)
        assert time.monotonic() - started > 0.5
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")

    @pytest.mark.measured
    def test_request_that_comes_in_drops_is_not_waited_for(self, hurried: Served) -> None:
        started = time.monotonic()
        with hurried.connect() as connection, suppress(OSError):  # it is closed while we send
            connection.sendall(self.HEAD + b"\r\n")
            while time.monotonic() - started < 20:
                connection.sendall(b" ")
                time.sleep(0.1)
        assert time.monotonic() - started < 4  # not even to hear the rest out, as after other refusals

    def test_head_beyond_64_kib_is_refused(self, small: Served) -> None:
        answer = small.raw(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"a" * 70_000 + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b'"HEAD_TOO_LARGE"' in answer

    def test_limit_of_bodies_is_a_setting(self, small: Served) -> None:
        check_refusal(small.post(b" " * 70_000), 413, "BODY_TOO_LARGE")

    def test_more_connections_than_allowed_are_refused_at_once(self, small: Served) -> None:
        connections = [small.connect() for _ in range(20)]
        try:
            with small.connect() as surplus:
                answer = surplus.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b'"OVERLOADED"' in answer
            assert b"retry-after: " in answer
        finally:
            for connection in connections:
                connection.close()
        while small.ask("GET", "/healthz").status == 503:  # until the service has seen that they went
            time.sleep(0.02)
        assert small.ask("GET", "/healthz").status == 200

    def test_more_subscriptions_than_allowed_are_refused(self, small: Served) -> None:
        query = urlencode({"query": "subscription { snapshotChanged { version } }"})
        head = f"GET /graphql?{query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n".encode()
        with small.connect() as first:
            first.sendall(head)
            assert b"200 OK" in first.recv(65_536)
            time.sleep(0.2)
            with small.connect() as second:
                second.sendall(head)
                received = b""
                while b"event: complete" not in received:
                    received += second.recv(65_536)
            assert b'"TOO_MANY_SUBSCRIPTIONS"' in received

    @pytest.mark.thorough
    def test_clients_that_read_nothing_take_no_memory(self, small: Served) -> None:
        query = json.dumps(
            {"query": "{ articles(first: 100) { nodes { title body related(first: 20) { nodes { excerpt } } } } }"}
        )
        request = (
            f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(query)}\r\n\r\n{query}"
        ).encode()
        before = small.memory()
        connections = [small.connect() for _ in range(8)]
        try:
            for connection in connections:
                connection.settimeout(0.2)
                with suppress(OSError):
                    for _ in range(200):
                        connection.sendall(request)
            time.sleep(0.5)
            assert small.memory() - before < 40 * MEGABYTE
        finally:
            for connection in connections:
                connection.close()


class TestUnread:
    """Clients that ask for much, and read nothing of it."""

    QUERY = "{ articles(first: 9) { nodes { title related(first: %d) { nodes { body } } } } }"
    """About 3 MB; each is another one, so that they share no memory."""

    @pytest.fixture(scope="class")
    @classmethod
    def heavy(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        articles = write_heavy(tmp_path_factory.mktemp("heavy") / "articles")
        folder = tmp_path_factory.mktemp("unread")
        settings = {"MAX_ANSWER_MB": "4", "MAX_UNREAD_MB": "16", "MAX_COST": "1000000"}
        kept = {"ANSWER_CACHE_MB": "0", "FRAGMENT_CACHE_MB": "1"}  # what is kept is no matter here
        with running(folder, articles=articles, settings={**settings, **kept}) as served:
            yield served

    def asked(self, number: int, protocol: str) -> list[bytes]:
        """What a client sends."""
        operation = {"query": f"{self.QUERY % (30 + number % 4)} # {number}"}
        if protocol == "websocket":
            said: list[dict[str, Any]] = [{"type": "connection_init"}]
            said += [{"type": "subscribe", "id": f"{n}", "payload": operation} for n in range(3)]
            return [UPGRADE_REQUEST, *(text_frame(json.dumps(message)) for message in said)]
        accept = "text/event-stream" if protocol == "sse" else "application/json"
        body = json.dumps(operation)
        head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        return [f"{head}{body}".encode() * 3]

    @pytest.mark.parametrize("protocol", ["http", "sse", "websocket"])
    @pytest.mark.thorough
    def test_what_waits_for_clients_that_read_nothing_is_bounded_in_all(self, heavy: Served, protocol: str) -> None:
        assert 2 * MEGABYTE < len(heavy.post({"query": self.QUERY % 33}).body) < 4 * MEGABYTE
        before = heavy.memory()
        connections = [heavy.connect() for _ in range(20)]
        most = 0
        try:
            for number, connection in enumerate(connections):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                for part in self.asked(number, protocol):
                    with suppress(OSError):  # it has been ended already
                        connection.sendall(part)
                    time.sleep(0.02)
                assert heavy.post({"query": "{ topics { totalCount } }"}).status == 200
                most = max(most, heavy.memory() - before)
            time.sleep(0.5)
            most = max(most, heavy.memory() - before)
            assert len(heavy.post({"query": self.QUERY % 33}).body) > 2 * MEGABYTE
        finally:
            for connection in connections:
                connection.close()
        assert most < 40 * MEGABYTE  # all of it would be 60 MB at least, or 180
        ended = re.search(r'reason="unread"\} (\d+)', heavy.ask("GET", "/metrics").body.decode())
        assert ended
        assert int(ended[1]) >= 10


UPGRADE_REQUEST = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


def text_frame(text: str) -> bytes:
    """A message as clients send it, masked with zeros."""
    data = text.encode()
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return b"\x81" + length + bytes(4) + data


CHEAP = "query Cheap%d { topics(first: 2) { nodes { name } } }"
DEAR = (
    "{ articles(first: 100) { nodes { title related(first: 100) { nodes { title excerpt provider { name } topics { name } } } } } }",
    "{ articles(first: 58) { nodes { title similar(first: 50) { nodes { title topics { name } } } } } }",
    "{" + " ".join(f'a{n}: search(query: "microsoft cloud {n}", first: 20) {{ totalCount nodes {{ __typename }} }}' for n in range(50)) + "}",
)  # fmt: skip


MIDDLING = (
    "{" + " ".join(f"a{n}: topics(first: 20) {{ nodes {{ name slug }} }}" for n in range(22)) + "}",
    "{" + " ".join(f"a{n}: articles(first: {n + 1}) {{ nodes {{ title }} }}" for n in range(22)) + "}",
    "{" + " ".join(f"a{n}: topics(first: 20) {{ nodes {{ metrics {{ pageRank }} }} }}" for n in range(10)) + "}",
    "{" + " ".join(f'a{n}: search(query: "{word}*", first: 20) {{ totalCount }}' for n, word in enumerate("mas")) + "}",
)
"""Cheap enough to be executed at once, though each takes tens of milliseconds."""


Asked: TypeAlias = tuple[str, Mapping[str, Any]]
"""A query with its variables."""
_OF_STORY = """node(id: "STORY") { ... on Story { neighborhood(depth: 0) {
  edges { kind source { id label } target { id label } sharedTopics { name } } } } }"""
_NOTHING = {"and": [*[{"excerpt": {"contains": "", "gte": "", "ignoreCase": True}}] * 900, {"title": {"eq": "none"}}]}
UNDERESTIMATED: dict[str, Asked] = {
    "filter of a walk": (
        'query ($f: ArticleFilter) { topic(by: {slug: "azure"}) { neighborhood(limitPerNode: 1, filter: $f) { truncated } } }',
        {"f": _NOTHING},
    ),
    "filter of a list": ("query ($f: ArticleFilter) { articles(filter: $f) { totalCount } }", {"f": _NOTHING}),
    "filter of trends": ("query ($f: ArticleFilter) { trending(filter: $f) { count } }", {"f": _NOTHING}),
    "edges of a story": (f"{{ {_OF_STORY} }}", {}),
    "edges beside a failing field": (f'{{ {_OF_STORY} article(by: {{url: "x"}}) {{ id }} }}', {}),
}
"""Operations that were once estimated at a hundredth of the time that they take."""


@pytest.mark.measured
class TestNeighbors:
    """What cheap operations have to wait for while eight clients misbehave."""

    SECONDS = 6

    @pytest.fixture(scope="class")
    @classmethod
    def real(cls, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        """A service on thousands of real articles."""
        with running(tmp_path_factory.mktemp("real"), "--unpublished", articles=corpus) as served:
            yield served

    @contextmanager
    def attacked(
        self, served: Served, queries: Sequence[str | Asked], seconds: float, clients: int = 8
    ) -> Iterator[IO[bytes]]:
        """While so many clients send these, each time in another text; then there is what they were answered."""
        order = {"port": served.port, "seconds": seconds, "clients": clients, "queries": queries}
        command = [sys.executable, "-m", "tests.api.attackers"]
        root = Path(__file__).parents[2]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root) as attackers:
            assert attackers.stdin
            assert attackers.stdout
            attackers.stdin.write(json.dumps(order).encode())
            attackers.stdin.close()
            time.sleep(0.7)
            yield attackers.stdout

    def measured(self, served: Served, queries: list[str]) -> tuple[float, dict[str, int]]:
        """The 99th percentile of what cheap operations took, in seconds, and what the attackers were answered."""
        times, answered = self.times(served, queries)
        return statistics.quantiles(times, n=100)[98], answered

    def times(
        self, served: Served, queries: Sequence[str | Asked], clients: int = 8
    ) -> tuple[list[float], dict[str, int]]:
        """What each cheap operation took, in seconds, and what the attackers were answered."""
        times: list[float] = []
        with self.attacked(served, queries, self.SECONDS + 1, clients) as outcomes:
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
            deadline = time.monotonic() + self.SECONDS
            while time.monotonic() < deadline:
                body = json.dumps({"query": CHEAP % len(times)})
                started = time.perf_counter()
                connection.request("POST", "/graphql", body, JSON)
                response = connection.getresponse()
                answer = json.loads(response.read())
                times.append(time.perf_counter() - started)
                assert (response.status, set(answer)) == (200, {"data"})
                time.sleep(0.005)
            connection.close()
            answered = json.loads(outcomes.read())
        assert len(times) >= 100
        return times, answered

    def test_refused_abuse_does_not_hold_up_cheap_operations(self, real: Served) -> None:
        queries = [query for query, _ in BAD_QUERIES.values() if len(query) < 50_000]
        seconds, outcomes = self.measured(real, [doubling(30), *queries])
        assert set(outcomes) == {"200"}
        assert seconds < 0.25

    @pytest.mark.parametrize("query", MIDDLING, ids=["topics", "articles", "metrics", "searches"])
    def test_many_operations_of_middling_cost_do_not_hold_up_cheap_ones(self, real: Served, query: str) -> None:
        seconds, outcomes = self.measured(real, [query])
        assert set(outcomes) <= {"200", "503"}
        assert outcomes["200"] > 0
        assert seconds < 0.5

    def test_the_most_expensive_operations_do_not_hold_up_cheap_ones(self, real: Served) -> None:
        for query in DEAR:
            answer = real.post({"query": query, "extensions": {"cost": True}}).json()
            assert "errors" not in answer
            assert answer["extensions"]["cost"]["estimated"] > 40_000
        seconds, outcomes = self.measured(real, list(DEAR))
        assert set(outcomes) <= {"200", "503"}
        assert outcomes["200"] > 0
        assert seconds < 0.5

    @pytest.fixture(scope="class")
    @classmethod
    def generous(cls, corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
        """A service that takes estimates for nothing."""
        settings = {"MAX_COST": "1000000000", "TIME_LIMIT_SECONDS": "4"}
        with running(
            tmp_path_factory.mktemp("generous"), "--unpublished", articles=corpus, settings=settings
        ) as served:
            yield served

    @pytest.mark.parametrize("name", UNDERESTIMATED)
    def test_no_operation_holds_up_cheap_ones_whatever_it_was_estimated_to_cost(
        self, generous: Served, name: str
    ) -> None:
        query, variables = UNDERESTIMATED[name]
        stories = generous.post({"query": "{ stories(first: 1) { nodes { id } } }"}).json()["data"]["stories"]
        query = query.replace("STORY", stories["nodes"][0]["id"])  # the largest one
        times, outcomes = self.times(generous, [(query, variables)], clients=2)
        assert set(outcomes) <= {"200", "503"}
        assert max(times) < 0.25

    def test_events_and_reloads_hold_up_nothing(self, corpus: Path, tmp_path: Path) -> None:
        articles = tmp_path / "articles"
        shutil.copytree(corpus, articles, copy_function=shutil.copyfile)
        tested = [{"body": {"contains": f"zz{number}", "ignoreCase": True}} for number in range(30)]
        of_topics = [{"topics": {"some": {"articles": {"some": test}}}} for test in tested]
        variables = {"filter": {"or": [*of_topics, {"title": {"contains": "e"}}]}}
        query = "subscription ($filter: ArticleFilter) { snapshotChanged(filter: $filter) { version } }"
        program = "import api.cli, api.service.service as service; service.SUBSCRIPTION_COST = 10**9; api.cli.main()"
        with (
            running(tmp_path, "--unpublished", "--watch", articles=articles, program=program) as served,
            served.connect() as subscriber,
        ):
            said = [
                {"type": "connection_init"},
                *(
                    {"type": "subscribe", "id": f"{n}", "payload": {"query": query, "variables": variables}}
                    for n in range(3)
                ),
            ]
            for part in (UPGRADE_REQUEST, *(text_frame(json.dumps(message)) for message in said)):
                subscriber.sendall(part)
                time.sleep(0.2)
            path = next(path for path in sorted(articles.rglob("*.md")) if b"\nquality: " in path.read_bytes())
            edited = re.sub(rb"\nquality: .*", b"\nquality: 77", path.read_bytes(), count=1)
            threading.Timer(1, path.write_bytes, [edited]).start()
            times, _ = self.times(served, [CHEAP], clients=0)
            received = b""
            while received.count(b'"next"') < 3:
                received += subscriber.recv(65_536)
        assert max(times) < 0.25

    def test_the_most_expensive_operations_do_not_hold_up_nested_lists_and_exports(self, real: Served) -> None:
        nested = "{ articles(first: 40) { nodes { title related(first: %d) { nodes { title topics { name } } } } } }"
        cost = real.post({"query": nested % 20, "extensions": {"cost": True}}).json()["extensions"]["cost"]["estimated"]
        assert 1_500 < cost < 10_000
        with self.attacked(real, list(DEAR), 25) as outcomes:
            for number in range(15, 20):
                assert "errors" not in real.post({"query": nested % number}).json()
            assert real.ask("GET", "/export/graph.json").status == 200
            assert not select.select([outcomes], [], [], 0)[0]  # they are still at it
