"""Plain requests are answered as uvicorn's own protocol would have them answered: the same bytes, lines of the log, metrics and traces."""

import hashlib
import json
import os
import re
import socket
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, BinaryIO
from urllib.parse import quote

import pytest

from api.server import Server
from api.server.requests import KnownHead
from api.server.short_way import ShortWay
from api.service.access import connections_client
from api.settings import Settings
from api.streams import OpenStreams
from api.telemetry import Telemetry
from api.web.app import OPERATIONS_PATH, create_app
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.server.running import PATIENCE, UNHURRIED, until
from tests.api.telemetry.samples import shown
from tests.cases import number_of_cases, random_from

TOKEN = "a-token-of-more-than-thirty-two-letters"
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "as shipped": {},
    "pages of two origins": {"allowed_origins": ("https://news.example", "http://localhost:3000"), "rate_limit": 10**9},
    "behind a proxy, with tokens": {"root_path": "/news", "read_token": TOKEN, "introspection": False},
    "little kept": {"allowed_origins": ("*",), "answer_cache_mb": 0, "fragment_cache_mb": 0, "max_cost": 5_000},
}
ARTICLES = "query Articles($first: Int, $after: String) { articles(first: $first, after: $after) { nodes { title topics { name } } } }"
QUERIES = (
    ARTICLES,
    "{ topics(first: 3) { nodes { name articles(first: 2) { nodes { webUrl provider { name } } } } } }",
    "query ($text: String!) { search(query: $text, first: 3) { nodes { score } } }",
    "query Named($name: String!) { topic(by: {name: $name}) { id name } }",
    "query A { __typename } query B { snapshot { version } }",
    "query ($is: Boolean!) { snapshot { version @include(if: $is) } }",
    "query ($filter: ArticleFilter) { articles(filter: $filter, first: 2) { totalCount } }",
    "{ __schema { queryType { name } } }",
    "{ articles(first: 100) { nodes { related(first: 100) { nodes { related(first: 20) { nodes { title } } } } } } }",
    "{ articles(first: 60) { nodes { title related(first: 20) { nodes { title } } } } }",
    "subscription { snapshotChanged { version } }",
    "{ nothing }",
    "{ topics(first: -1) { nodes { name } } }",
    "{",
    "",
)
VARIABLES: tuple[Any, ...] = (
    {},
    {"first": 2},
    {"first": 7, "after": None},
    {"first": "two"},
    {"first": 2**40},
    {"name": "AI"},
    {"name": "nowhere", "more": [1]},
    {"text": "storm"},
    {"is": True},
    {"filter": {"title": {"contains": "a"}}},
    {"filter": {"nowhere": 1}},
    None,
    [1],
    {"a": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Accept": (
        "*/*",
        "application/json",
        "application/graphql-response+json",
        "application/graphql-response+json; q=0.2, application/json;q=0.1",
        "text/html",
        "application/json, text/event-stream;q=0.1",
        "",
    ),
    "Accept-Encoding": ("gzip", "br;q=1, gzip", "identity", "*;q=0", "deflate"),
    "Origin": ("https://news.example", "https://other.example", "null", "http://localhost:3000"),
    "Authorization": (f"Bearer {TOKEN}", f"bearer  {TOKEN}", "Bearer wrong", "Basic YTpi", ""),
    "X-Request-Id": ("mine-7", "bad id", "x" * 65),
    "If-None-Match": ("*", 'W/"1"'),
    "Content-Encoding": ("identity", "gzip"),
    "X-Forwarded-For": ("192.0.2.7", "2001:db8::1, 10.0.0.1"),
    "X-Forwarded-Proto": ("https",),
    "Connection": ("keep-alive", "close", "Keep-Alive", "keep-alive, te"),
    "Expect": ("100-continue", "nothing"),
    "Cookie": ("a=b", "é=\t1"),
    "Upgrade": ("h2c", "websocket"),
    "Transfer-Encoding": ("chunked", "gzip"),
    "Traceparent": ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",),
    "Host": ("again.example",),
    "A b": ("no name",),
}
_FINE = {b"Host", b"Content-Type", b"Content-Length", b"Accept", b"Accept-Encoding", b"Origin", b"X-Request-Id"}
_METHODS = re.compile(rb"(\w+) \S+ HTTP/1\.1\r\n")
_CLOSED = re.compile(rb"\r\nconnection: close\r\n(?:.+\r\n)*\r\n")
_DATE = re.compile(rb"(?<=\r\ndate: )[^\r]*")
_LEFT = re.compile(rb"(?<=;r=)\d+;t=\d+")
_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{10}-(?=[0-9a-f]+)")


class Service:
    """The whole service behind its server, with its log."""

    def __init__(self, server: Server, telemetry: Telemetry, log: Path, port: int) -> None:
        self.server, self.telemetry, self._log, self.port = server, telemetry, log, port

    def lines(self) -> list[dict[str, Any]]:
        """What the log has of requests by their ids, but for times and the part of ids that differs between processes.

        A line is written when all of an answer is on its way: by then its client may have asked again on another connection.
        """
        lines = map(json.loads, _ID.sub(b"", self._log.read_bytes()).splitlines())
        told = [{key: value for key, value in line.items() if key not in ("time", "seconds")} for line in lines]
        return sorted(told, key=json.dumps)

    def wait(self) -> None:
        """Until all requests are told of and all clients gone."""
        until(lambda: not self.server.connections and "frontgraph_requests_in_flight" not in self.metrics())

    def metrics(self) -> dict[str, float]:
        return {name: value for name, value in shown(self.telemetry.metrics).items() if "seconds" not in name}

    def told(self, conversation: list[list[bytes]]) -> bytes:
        """All that comes back while the packets of each request are sent, and the answers to those before awaited."""
        received = b""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection,
            connection.makefile("rb") as stream,
            suppress(ConnectionError),  # the service may have said that this is the end, and gone
        ):
            for packets in conversation:
                for packet in packets:
                    connection.sendall(packet)
                for method in _METHODS.findall(b"".join(packets)):
                    received += _answer(stream, has_body=method != b"HEAD")
                    if _CLOSED.search(received):
                        return _same(received)
        return _same(received)


def _same(answers: bytes) -> bytes:
    """But for the time, what is left of a client's cost by now, and the part of ids that differs between processes."""
    return _ID.sub(b"", _LEFT.sub(b"", _DATE.sub(b"", answers)))


def _answer(stream: BinaryIO, has_body: bool) -> bytes:
    """The next answer, or what there is of it before the connection ends."""
    head = _head(stream)
    if head.startswith(b"HTTP/1.1 100 "):
        return head + _answer(stream, has_body)
    if not has_body:
        return head
    if length := re.search(rb"\r\ncontent-length: (\d+)", head):
        return head + stream.read(int(length[1]))
    chunks = b""
    while b"\r\ntransfer-encoding: chunked" in head and (size := stream.readline()):
        chunks += size + stream.read(int(size, 16) + 2)
        if size == b"0\r\n":
            break
    return head + chunks


def _head(stream: BinaryIO) -> bytes:
    lines = [stream.readline()]
    while lines[-1] not in (b"\r\n", b""):
        lines.append(stream.readline())
    return b"".join(lines)


@contextmanager
def serving(
    snapshot: GraphSnapshot, log: Path, operations_path: str | None, tracing: Any = None, **values: Any
) -> Iterator[Service]:
    settings, stream = Settings(**values), os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    telemetry = Telemetry(log_format="json", stream=stream, tracing=tracing)
    streams = OpenStreams(settings.max_subscriptions)
    app = create_app(settings, MemoryStore(snapshot), telemetry=telemetry, streams=streams)
    proxies = ["127.0.0.1"] if settings.root_path else []
    server = Server(
        app,
        replace(UNHURRIED, shutdown_timeout=2),
        root_path=settings.root_path,
        trusted_proxies=proxies,
        allowed_origins=settings.allowed_origins,
        operations_path=operations_path,
        client_of=connections_client(proxies),
        on_refusal=telemetry.metrics.count_ended,
        on_shutdown=streams.close_all,
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=(listener,))
        thread.start()
        try:
            yield Service(server, telemetry, log, listener.getsockname()[1])
        finally:
            server.end()
            thread.join(PATIENCE)
            assert not thread.is_alive()
            os.close(stream)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each request that might take the short way did."""
    noted: list[bool] = []
    take = ShortWay.take

    def noting(way: ShortWay, head: KnownHead, data: bytes) -> bool:
        noted.append(take(way, head, data))
        return noted[-1]

    monkeypatch.setattr(ShortWay, "take", noting)
    return noted


@pytest.mark.parametrize("name", SETTINGS)
def test_both_ways_are_the_same(known: GraphSnapshot, tmp_path: Path, short: list[bool], name: str) -> None:
    chance = random_from(20)
    values = SETTINGS[name]
    with (
        serving(known, tmp_path / "short", OPERATIONS_PATH, **values) as one,
        serving(known, tmp_path / "usual", None, **values) as other,
    ):
        count = 0
        while count < number_of_cases(2_000):
            conversation = _conversation(chance, values.get("root_path", ""))
            count += len(conversation)
            assert one.told(conversation) == other.told(conversation), conversation
        one.wait()
        other.wait()
        assert one.metrics() == other.metrics()
    assert one.lines() == other.lines()
    assert sum(short) > count // 3


def test_what_a_client_may_cost_holds_on_both_ways(known: GraphSnapshot, tmp_path: Path) -> None:
    with serving(known, tmp_path / "short", OPERATIONS_PATH, rate_limit=100) as service:
        whole = _request_of(json.dumps({"query": "{ snapshot { version } }"}).encode())
        told = service.told([[whole], [whole[:30], whole[30:]]] * 60)
    assert 10 < told.count(b"HTTP/1.1 200 ") <= 100
    assert told.count(b"HTTP/1.1 429 ") == 120 - told.count(b"HTTP/1.1 200 ")


def test_request_goes_on_as_a_task_where_it_has_to_wait(
    known: GraphSnapshot, tmp_path: Path, short: list[bool]
) -> None:
    heavy = "{ articles(first: 90) { nodes { related(first: 60) { nodes { title topics { name } } } } } }"
    by_reference = "query ($first: Int) { topics(first: $first) { nodes { name } } }"
    with serving(known, tmp_path / "log", OPERATIONS_PATH, answer_cache_mb=0) as service:
        bodies = [{"query": heavy}, {"query": by_reference, "variables": {"first": "2"}}] * 3
        service.told([[_request_of(json.dumps(body).encode())] for body in bodies])
    assert short == [True] * 6
    assert Counter(line["executor"] for line in service.lines()) == {"planned": 3, "reference": 3}


def test_traces_are_the_same(known: GraphSnapshot, tmp_path: Path, short: list[bool]) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed: pip install 'frontgraph[tracing]'")
    from tests.api.telemetry.test_tracing import Traced

    whole = [_request_of(json.dumps({"query": query}).encode()) for query in (*QUERIES[1:2] * 2, *QUERIES[8:])]
    parent = b"\r\nTraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\n"
    conversation = [[request] for request in (*whole, whole[0].replace(b"\r\n\r\n", parent))]
    one, other = Traced(), Traced()
    for path, traced in ((OPERATIONS_PATH, one), (None, other)):
        with serving(known, tmp_path / f"log{path is None}", path, traced.tracing) as service:
            service.told(conversation)
            service.wait()
    assert short == [True] * len(conversation)
    assert _spans(one) == _spans(other)


def _spans(traced: Any) -> list[tuple[Any, ...]]:
    """Name, attributes and parent of each, but for ids that differ between processes."""
    return [
        (
            span.name,
            {key: value for key, value in span.attributes.items() if key != "frontgraph.request_id"},
            span.parent is not None and span.parent.is_remote and f"{span.parent.span_id:x}",
        )
        for span in traced.spans()
    ]


def _request_of(body: bytes) -> bytes:
    head = b"POST /graphql HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


def _conversation(chance: Random, prefix: str) -> list[list[bytes]]:
    """The packets of some requests of one client, which often sends the same headers again."""
    headers = _headers(chance)
    packets = []
    for _ in range(chance.randint(1, 6)):
        if chance.random() < 0.3:
            headers = _headers(chance)
        requests = [
            _request(chance, headers, prefix) for _ in range(1 if chance.random() < 0.9 else chance.randint(2, 4))
        ]
        packets.append(_cut(chance, b"".join(requests)))
    return packets


def _headers(chance: Random) -> list[tuple[str, str]]:
    often = ["Accept", "Accept-Encoding", "Origin", "Authorization", "X-Request-Id", "X-Forwarded-For"]
    names = chance.sample(often, chance.randint(0, 4))
    if chance.random() < 0.15:
        names.append(chance.choice(list(HEADERS)))
    return [(_cased(chance, name), chance.choice(HEADERS[name])) for name in names]


def _cased(chance: Random, name: str) -> str:
    return chance.choice([name, name.lower(), name.upper(), name])


def _request(chance: Random, headers: list[tuple[str, str]], prefix: str) -> bytes:
    body = _body(chance)
    if b"subscription" in body and any("event-stream" in value for _, value in headers):
        body = b"{}"  # what would be answered has no end
    path = chance.choice(["", prefix]) + "/graphql"
    method = "POST"
    if chance.random() < 0.1:
        method = chance.choice(["GET", "HEAD", "PUT", "OPTIONS", "post"])
        path += f"?query={quote(chance.choice(QUERIES))}"
    elif chance.random() < 0.05:
        path = chance.choice(
            ["/graphql?a=b", "/graphql/", "/%67raphql", "/", "http://a.example/graphql", "/nowhere", "*"]
        )
    lines = [("Host", "a.example"), ("Content-Type", _content_type(chance)), *headers]
    is_chunked = any(value == "chunked" for _, value in headers)
    if method == "POST" and not is_chunked:
        length = len(body) if chance.random() < 0.98 else max(0, len(body) - chance.randint(1, 3))
        written = chance.choice([f"{length}"] * 10 + [f"{length} ", f"{length:012}", f"\t{length}"])
        lines.append((_cased(chance, "Content-Length"), written))
    else:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if is_chunked and body else b"0\r\n\r\n" * is_chunked
    if chance.random() < 0.3:
        chance.shuffle(lines)
    space = chance.choice([" ", " ", " ", "", "  "])
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}:{space}{value}\r\n" for name, value in lines) + "\r\n"
    return chance.choice([b""] * 30 + [b"\r\n"]) + head.encode() + body


def _content_type(chance: Random) -> str:
    if chance.random() < 0.9:
        return "application/json"
    return chance.choice(["application/json; charset=utf-8", "application/json;charset=latin-1", "text/plain", ""])


def _body(chance: Random) -> bytes:
    query = chance.choice(QUERIES[:4] if chance.random() < 0.6 else QUERIES)
    payload: Any = {"query": query, "variables": chance.choice(VARIABLES)}
    kind = chance.random()
    if kind < 0.05:
        payload["operationName"] = chance.choice(["A", "B", "C", "", None, 1])
    elif kind < 0.1:
        payload["extensions"] = {chance.choice(["cost", "explain"]): chance.choice([True, False, 1])}
        payload["extensions"].pop("explain", None)  # it tells how long each step took
    elif kind < 0.2:
        digest = hashlib.sha256(chance.choice(QUERIES).encode()).hexdigest()
        payload["extensions"] = {"persistedQuery": {"version": 1, "sha256Hash": digest}}
        if chance.random() < 0.7:
            del payload["query"]
    elif kind < 0.25:
        payload = chance.choice([[payload], "text", None, 7, {}, {"query": 1}, {"id": "a"}])
    if kind > 0.95:
        return chance.choice(
            [b"", b"{", b"\xff", b'{"query": "\\ud800"}', b'{"query":"{a}","variables":{"a":1e999}}', b"[" * 2_000]
        )
    return json.dumps(payload).encode()


def _cut(chance: Random, data: bytes) -> list[bytes]:
    """The data in one packet, as a rule; else the first head in several.

    That is for requests that are fine up to their body: others are answered when what is wrong with them has come.
    """
    names = {line.partition(b":")[0].title() for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]}
    if chance.random() < 0.8 or not data.startswith(b"POST /graphql HTTP") or not names <= _FINE:
        return [data]
    places = sorted(chance.sample(range(data.index(b"\r\n\r\n")), chance.randint(1, 3)))
    return [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]
