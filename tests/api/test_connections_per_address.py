"""One address holds no more connections than it may, of whatever kind, and others are served meanwhile; over real sockets."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from api.service.access import connections_client
from tests.service import Served, running

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"
QUERY = json.dumps({"query": "{ __typename }"}).encode()
EVENTS = json.dumps({"query": "subscription { snapshotChanged { version } }"}).encode()
HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
SECONDS = 60


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = {"MAX_CONNECTIONS": "40", "MAX_CONNECTIONS_PER_ADDRESS": "4"}
    with running(tmp_path_factory.mktemp("service"), settings=settings) as served:
        yield served


def post(body: bytes, accept: str = "application/json") -> bytes:
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: {accept}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def open_idle(served: Served, host: str) -> socket.socket:
    return socket.create_connection((HERE, served.port), SECONDS, (host, 0))


def open_http(served: Served, host: str) -> socket.socket:
    """A connection that was answered, and is kept."""
    connection = open_idle(served, host)
    connection.sendall(post(QUERY))
    assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
    return connection


def open_events(served: Served, host: str) -> socket.socket:
    connection = open_idle(served, host)
    connection.sendall(post(EVENTS, "text/event-stream"))
    assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
    return connection


def open_websocket(served: Served, host: str) -> socket.socket:
    connection = open_idle(served, host)
    connection.sendall(HANDSHAKE)
    assert connection.recv(65_536).startswith(b"HTTP/1.1 101 ")
    return connection


Open = Callable[[Served, str], socket.socket]
KINDS = [open_idle, open_http, open_events, open_websocket]


def answer(served: Served, host: str, request: bytes) -> http.client.HTTPResponse:
    connection = open_idle(served, host)
    connection.sendall(request)
    response = http.client.HTTPResponse(connection)
    response.begin()
    connection.close()
    return response


def until_free(served: Served, host: str) -> None:
    """Until connections that were closed count no longer."""
    deadline = time.monotonic() + SECONDS
    while answer(served, host, post(QUERY)).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "kinds", [*([kind] * 4 for kind in KINDS), KINDS], ids=["idle", "http", "events", "websocket", "each"]
)
def test_address_that_has_all_it_may_is_refused_and_others_are_served(served: Served, kinds: list[Open]) -> None:
    with ExitStack() as held:
        for kind in kinds:
            held.enter_context(closing(kind(served, HERE)))
        time.sleep(0.1)  # an idle one says nothing by which to know that it was taken
        for request in (post(QUERY), post(EVENTS, "text/event-stream"), HANDSHAKE):
            refused = answer(served, HERE, request)
            assert (refused.status, refused.headers["retry-after"]) == (429, "1")
            (error,) = json.loads(refused.read())["errors"]
            assert error["extensions"] == {"code": "RATE_LIMITED"}
            assert error["message"].startswith(
                "Your address has all of the 4 connections that one client may have; close"
            )
        for kind in KINDS[1:]:
            kind(served, ELSEWHERE).close()
    until_free(served, HERE)
    until_free(served, ELSEWHERE)


def test_flood_from_one_address_leaves_no_lines_in_the_log_but_is_counted(served: Served) -> None:
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(closing(open_http(served, HERE)))
        lines = served.log().count("\n")
        for _ in range(200):
            held.enter_context(closing(open_idle(served, HERE)))
            answer(served, ELSEWHERE, post(QUERY)).close()
        assert "Your address" not in served.log()
    until_free(served, HERE)
    log = served.whole_log()
    assert all('"outcome":"ok"' in line for line in log.splitlines()[lines:])
    figures = served.ask("GET", "/metrics").body.decode()
    (counted,) = (line for line in figures.splitlines() if 'reason="connections_of_client"' in line)
    assert float(counted.split()[-1]) >= 200


@pytest.mark.thorough
def test_half_of_all_connections_is_what_an_address_may_have_as_a_rule(tmp_path: Path) -> None:
    with running(tmp_path, settings={"MAX_CONNECTIONS": "7"}) as served, ExitStack() as held:
        for _ in range(4):
            held.enter_context(closing(open_http(served, HERE)))
        assert answer(served, HERE, post(QUERY)).status == 429
        for _ in range(2):
            held.enter_context(closing(open_http(served, ELSEWHERE)))


@pytest.mark.thorough
def test_proxy_that_is_trusted_may_have_them_all(tmp_path: Path) -> None:
    settings = {"MAX_CONNECTIONS": "6", "MAX_CONNECTIONS_PER_ADDRESS": "1", "TRUSTED_PROXIES": "127.0.0.1"}
    with running(tmp_path, settings=settings) as served, ExitStack() as held:
        held.enter_context(closing(open_http(served, ELSEWHERE)))
        assert answer(served, ELSEWHERE, post(QUERY)).status == 429
        for _ in range(4):
            held.enter_context(closing(open_http(served, HERE)))


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("10.1.2.3", None),
        ("::ffff:10.1.2.3", None),
        ("2001:db8:9::1", None),
        ("2001:db8:9::2", "2001:db8:9::/64"),
        ("unix", "unix"),
        ("", None),
    ],
)
def test_connection_counts_for_its_address_or_network(host: str, client: str | None) -> None:
    assert connections_client(["10.0.0.0/8", "2001:db8:9::1"])(host) == client
