"""What HTTP lets a client do to the service, and web pages to its users, over real sockets."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from graphql import get_introspection_query

from api.server.security_headers import SECURITY
from tests.api.attacks.attacking import INSIDE, MEGABYTE, check_headers, check_refusal
from tests.service import Served, running


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
