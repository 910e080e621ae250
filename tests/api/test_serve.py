"""`frontgraph serve` as its users meet it: a process, a socket, a signal."""

import http.client
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from api.cli.serving import told_unless_stopped

SEEDS = Path(__file__).parent.parent.parent / "seeds"
COMMAND = (sys.executable, "-c", "from api.cli import main; main()", "serve", str(SEEDS), "--port", "0")


class Service:
    """A running service and the address it announced."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        assert self.process.stderr is not None
        self.announced = ""
        for line in self.process.stderr:
            self.announced += line
            if "startup complete" in line:
                break
        found = re.search(r"Start page +http://127\.0\.0\.1:(\d+)/", self.announced)
        assert found, self.announced
        self.port = int(found[1])

    def stop(self, with_signal: int) -> tuple[int, str, str]:
        """Exit status, standard output, and the rest of standard error."""
        self.process.send_signal(with_signal)
        output, messages = self.process.communicate(timeout=120)
        return self.process.returncode, output, messages

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    yield service
    if service.process.poll() is None:
        service.process.kill()
        service.process.communicate()


def test_service_announces_itself_answers_and_stops_cleanly(service: Service) -> None:
    assert service.announced.startswith(
        "Plain folder: 70 files read.\n"
        "Hidden: 2 by `published: false`, 1 by `removed: true`; add --unpublished to see them.\n"
        "90 nodes, 322 edges, 10 problems (see `frontgraph check`)\n"
    )
    assert f"Playground   http://127.0.0.1:{service.port}/graphql\n" in service.announced
    connection = service.connect()
    body = json.dumps({"query": "{ topics { totalCount } }"})
    connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert (response.status, json.load(response)) == (200, {"data": {"topics": {"totalCount": 14}}})
    assert response.headers["server"] is None
    connection.request("HEAD", "/export/graph.json")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"")
    connection.close()
    status, output, messages = service.stop(signal.SIGINT)
    assert (status, output) == (0, "")
    (line,) = [line for line in messages.splitlines() if '"/graphql"' in line]
    assert json.loads(line) | {"method": "POST", "status": 200, "outcome": "ok", "executor": "planned"} == json.loads(
        line
    )
    assert "Aborted" not in messages
    assert "Traceback" not in messages


def test_broken_requests_leave_the_service_alive_and_its_log_short(service: Service) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", service.port)) as broken:  # hangs up in the middle of the body
        broken.sendall(head + b'Content-Length: 1000\r\n\r\n{"query"')
    with socket.create_connection(("127.0.0.1", service.port)) as broken:
        broken.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        assert broken.recv(1_000).startswith(b"HTTP/1.1 400")
    with socket.create_connection(("127.0.0.1", service.port)) as large:  # a body without end, in chunks
        large.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(17):
            large.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")
        assert large.recv(1_000).startswith(b"HTTP/1.1 413")
    connection = service.connect()
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
    _, _, messages = service.stop(signal.SIGINT)
    assert "Traceback" not in messages


def test_metrics_tell_how_many_connections_are_open_until_a_signal_ends_it(service: Service) -> None:
    def told() -> float:
        asking.request("GET", "/metrics")
        found = re.search(
            r"^frontgraph_connections_open (\d+(?:\.\d+)?)$", asking.getresponse().read().decode(), re.MULTILINE
        )
        assert found
        return float(found[1])

    asking = service.connect()
    assert told() == 1
    other = service.connect()
    other.request("GET", "/healthz")
    other.getresponse().read()
    assert told() == 2
    other.close()
    asking.close()
    status, output, messages = service.stop(signal.SIGTERM)
    assert (status, output) == (0, "")
    assert "Application shutdown complete" in messages


def test_coroutines_of_work_that_was_stopped_are_not_told_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "__unraisablehook__", told.append)

    async def never_begun() -> None:
        pass

    coroutine = never_begun()
    dropped = SimpleNamespace(object=coroutine, exc_value=KeyError("__import__"))
    others = [
        SimpleNamespace(object=coroutine, exc_value=ValueError("lost")),
        SimpleNamespace(object=told, exc_value=KeyError("__import__")),
    ]
    for failure in (dropped, *others):
        told_unless_stopped(failure)
    coroutine.close()
    assert told == others


def test_start_imports_nothing_that_waits_for_a_request_or_an_option() -> None:
    program = "import api.cli.commands, api.cli.serving, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert {"mcp", "networkx", "opentelemetry", "pyarrow", "rich"}.isdisjoint(found.stdout.split())
