"""Connections that come in drops, in numbers, or in pieces, over real sockets."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

import pytest

from tests.api.attacks.attacking import MEGABYTE, check_refusal
from tests.service import Served, running


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
