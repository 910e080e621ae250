"""What clients are told while the graph is loaded for the first time: by the application, and by a process whose load takes as long as it likes."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse

from api.server.workers import can_fork
from api.settings import Settings
from api.web.app import create_waiting_app
from tests.api.server.running import PATIENCE
from tests.service import SEEDS, AtSocket

ORIGIN = "https://friend.example"
WAITING_FOR_A_FILE = """
import time, sys
from pathlib import Path
import api.cli, api.cli.serving
from graph.building.live_folders import LiveFolders

load, go = LiveFolders.load, Path(sys.argv.pop())

def waiting(*given, **named):
    while not go.exists():
        time.sleep(0.01)
    return load(*given, **named)

LiveFolders.load, api.cli.serving.PATIENCE_SECONDS = waiting, 0
api.cli.main()
"""


@pytest.fixture
def client() -> TestClient:
    return TestClient(create_waiting_app(Settings(allowed_origins=(ORIGIN,), root_path="/news")), root_path="/news")


@pytest.mark.parametrize("prefix", ["", "/news"])
def test_service_lives_and_is_not_ready(client: TestClient, prefix: str) -> None:
    alive = client.get(f"{prefix}/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    ready = client.get(f"{prefix}/readyz")
    assert (ready.status_code, ready.json(), ready.headers["retry-after"]) == (503, {"status": "loading"}, "1")


def test_all_else_is_told_to_come_again(client: TestClient) -> None:
    for method, path in (("POST", "/graphql"), ("GET", "/export/graph.json"), ("POST", "/mcp"), ("GET", "/metrics")):
        answer = client.request(method, path, headers={"Origin": ORIGIN})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["errors"][0]["extensions"] == {"code": "NOT_READY"}
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["access-control-allow-origin"] == ORIGIN
    page = client.get("/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["refresh"], page.headers["content-type"]) == (
        503,
        "1",
        "text/plain; charset=utf-8",
    )
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/graphql"):
        pass
    assert refused.value.status_code == 503


@pytest.mark.parametrize("options", [(), ("--workers", "2")], ids=["one process", "workers"])
def test_service_answers_for_its_health_from_the_beginning(tmp_path: Path, options: tuple[str, ...]) -> None:
    if options and not can_fork():
        pytest.skip("there are no workers without fork")
    path, go = tmp_path / "socket", tmp_path / "go"
    command = [sys.executable, "-c", WAITING_FOR_A_FILE, "serve", str(SEEDS), "--uds", str(path), *options, str(go)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        try:
            assert answered(path, "/healthz") == (200, {"status": "ok"})
            assert answered(path, "/readyz") == (503, {"status": "loading"})
            go.touch()
            deadline = time.monotonic() + PATIENCE
            while (ready := answered(path, "/readyz"))[0] == 503:
                assert time.monotonic() < deadline
            assert (ready[0], ready[1]["status"]) == (200, "ready")
            assert answered(path, "/graphql?query={__typename}")[1] == {"data": {"__typename": "Query"}}
        finally:
            process.terminate()
        assert process.stderr is not None
        log = process.stderr.read()
    assert process.returncode == 0
    assert log.count("Started server process") == (2 if options else 1)


def answered(path: Path, target: str) -> tuple[int, Any]:
    """By a service that may not be there yet."""
    deadline = time.monotonic() + PATIENCE
    while True:
        connection = AtSocket(path)
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        finally:
            connection.close()
