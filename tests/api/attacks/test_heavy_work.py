"""Operations that take long, and answers that nobody reads, over real sockets."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from tests.api.attacks.attacking import MEGABYTE, UPGRADE_REQUEST, check_headers, check_refusal, text_frame
from tests.api.heavy_files import write_heavy
from tests.service import Answer, Served, running

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
