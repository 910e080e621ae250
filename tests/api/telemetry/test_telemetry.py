import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from api.server.workers import can_fork
from api.telemetry import RequestRecord, Telemetry, metrics_endpoint
from tests.api.telemetry.samples import shown

MakeTelemetry = Callable[..., Telemetry]
ReadLines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def make(log: Path) -> Iterator[MakeTelemetry]:
    """Makes a telemetry whose log is the file."""
    stream = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    yield lambda **options: Telemetry(stream=stream, **options)
    os.close(stream)


@pytest.fixture
def read(log: Path) -> ReadLines:
    return lambda: [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def _root_logger() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])


def a_record(**values: Any) -> RequestRecord:
    return RequestRecord(
        **{"request_id": "5e1f-1", "method": "POST", "path": "/graphql", "client": "192.0.2.7", **values}
    )


def test_request_is_told_to_log_and_metrics(make: MakeTelemetry, read: ReadLines) -> None:
    telemetry = make()
    with telemetry.running():
        telemetry.record(a_record(executor="planned"))
        telemetry.record(
            a_record(request_id="5e1f-2", client="192.0.2.8", executor="repeated", seconds=0.00002, size=10)
        )
    told = [(line["request_id"], line["client"], line["executor"], line["seconds"]) for line in read()]
    assert told == [("5e1f-1", "192.0.2.7", "planned", 0.0), ("5e1f-2", "192.0.2.8", "repeated", 0.00002)]
    found = shown(telemetry.metrics)
    assert found["frontgraph_requests_total ok http 2xx"] == 2
    assert found["frontgraph_executions_total repeated"] == 1


def test_log_of_requests_can_be_switched_off(make: MakeTelemetry, read: ReadLines) -> None:
    telemetry = make(log_requests=False)
    with telemetry.running():
        telemetry.record(a_record())
    assert read() == []
    assert shown(telemetry.metrics)["frontgraph_requests_total ok http 2xx"] == 1


@pytest.mark.usefixtures("_root_logger")
def test_slow_query_is_told_with_its_text_and_the_names_of_its_variables(make: MakeTelemetry, read: ReadLines) -> None:
    telemetry = make(log_format="json", log_requests=False, slow_query_seconds=0.5)
    logging.getLogger().addHandler(telemetry.handler)
    query = "query Storms {\n  " + "x" * 3_000
    telemetry.record(a_record(seconds=0.49, query=query))
    telemetry.record(
        a_record(seconds=0.5, query=query, operation_name="Storms\n", variable_names=["secret", "b\x9b", *"c" * 90])
    )
    [line] = read()
    assert line.pop("time")
    assert line == {
        "level": "warning",
        "logger": "api.telemetry.telemetry",
        "message": "slow query",
        "request_id": "5e1f-1",
        "seconds": 0.5,
        "operation": r"Storms\n",
        "query": r"query Storms {\n  " + "x" * 1_983 + "…",
        "variable_names": ["secret", r"b\x9b", *"c" * 48],
    }


@pytest.mark.usefixtures("_root_logger")
def test_records_of_libraries_come_out_in_the_same_form_and_order(make: MakeTelemetry, read: ReadLines) -> None:
    telemetry = make(log_format="json")
    logging.getLogger().addHandler(telemetry.handler)
    with telemetry.running():
        telemetry.record(a_record())
        logging.getLogger("uvicorn.error").error("Exception in ASGI application")
    assert [(line["logger"], line["level"]) for line in read()] == [
        ("api.requests", "info"),
        ("uvicorn.error", "error"),
    ]


def test_lost_log_breaks_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    telemetry = Telemetry(stream=writing)
    with telemetry.running():
        telemetry.record(a_record())
    os.close(writing)
    assert shown(telemetry.metrics)["frontgraph_log_lines_lost_total"] == 1


def test_endpoint_answers_in_the_format_that_is_asked_for(make: MakeTelemetry) -> None:
    app = Starlette(routes=[Route("/metrics", metrics_endpoint(make()))])
    with TestClient(app) as client:
        plain = client.get("/metrics")
        openmetrics = client.get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert (plain.status_code, plain.headers["cache-control"]) == (200, "no-store")
    assert plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert openmetrics.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    assert openmetrics.text.endswith("# EOF\n")


WORKERS = """
import os, time
from api.telemetry import Figure, RequestRecord, Telemetry
from api.server.workers import run_workers

shared = Telemetry(workers=2, log_requests=False)

def serve(worker):
    record = RequestRecord(request_id="5e1f-1", method="GET", path="/", client="192.0.2.7")
    shared.metrics.follow(Figure.CONNECTIONS_OPEN, lambda: 10 * (worker + 1))
    with shared.running(worker):
        for _ in range(worker + 1):
            shared.record(record)
        sums = "frontgraph_connections_open 30.0", 'frontgraph_requests_total{outcome="ok",protocol="http",status="2xx"} 3.0'
        lines = []
        while not set(sums).issubset(lines):
            time.sleep(0.05)
            lines = shared.metrics.text()[0].decode().splitlines()
        kinds = sorted(line.split()[0] for line in lines if line.startswith("process_open_fds{"))
        os.write(1, f"{kinds}\\n".encode())
        time.sleep(60)

run_workers(serve, 2)
"""


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork processes")
def test_every_worker_shows_the_sums_of_all() -> None:
    with subprocess.Popen([sys.executable, "-c", WORKERS], stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        process.terminate()
    assert lines == ["['process_open_fds{worker=\"0\"}', 'process_open_fds{worker=\"1\"}']\n"] * 2
