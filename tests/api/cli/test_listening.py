"""Services at Unix sockets, and what is told of the reading where no terminal shows it."""

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.cli.listening import UnixSocket
from api.cli.loading import track_reading
from api.server.workers import can_fork
from api.service.access import connections_client
from tests.service import COMMAND, SEEDS, AtSocket


@contextmanager
def served(path: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", COMMAND, "serve", str(SEEDS), "--uds", str(path), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        try:
            yield process
        finally:
            process.kill()


def announced(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    text = ""
    for line in process.stderr:
        text += line
        if "startup complete" in line:
            break
    return text


def test_service_answers_at_a_socket_and_takes_it_away(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))  # and nobody listens
    with served(path) as process:
        assert f"Start page   http+unix://{path}:/\n" in announced(process)
        assert stat.S_IMODE(path.stat().st_mode) == 0o666
        connection = AtSocket(path)
        body = json.dumps({"query": "{ __typename }"})
        for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}):
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json", **headers})
            assert json.loads(connection.getresponse().read()) == {"data": {"__typename": "Query"}}
        connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        log = [json.loads(line) for line in process.stderr.read().splitlines() if line.startswith("{")]
        assert process.wait() == 0
    assert [line["client"] for line in log if line["message"] == "request"] == ["", "203.0.113.9"]
    assert not path.exists()


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork processes")
@pytest.mark.thorough
def test_workers_share_a_socket_and_take_it_away(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with served(path, "--workers", "2") as process:
        announced(process)
        for _ in range(8):
            connection = AtSocket(path)
            connection.request("GET", "/export/graph.json")
            assert connection.getresponse().status == 200
            connection.close()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        process.stderr.read()
        assert process.wait() == 0
    assert not path.exists()


def test_connections_at_a_socket_count_for_no_client() -> None:
    assert connections_client(())("") is None


def test_socket_at_which_another_service_listens_is_left_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(SystemExit), UnixSocket(path).listening():
            pass
    assert (
        f"{path} cannot be listened on: Address already in use. Choose another with --uds." in capsys.readouterr().err
    )
    assert path.exists()


@pytest.mark.parametrize(("name", "reason"), [("no/such/folder", "No such file or directory"), ("a" * 200, "too long")])
def test_path_that_can_be_no_socket_is_told(
    tmp_path: Path, name: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit), UnixSocket(tmp_path / name).listening():
        pass
    told = capsys.readouterr().err
    assert "cannot be listened on: " in told
    assert reason in told


def test_file_is_not_replaced_by_a_socket(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("text", encoding="utf-8")
    with pytest.raises(SystemExit), UnixSocket(path).listening():
        pass
    assert path.read_text(encoding="utf-8") == "text"


def test_reading_is_told_in_lines_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources: list[Any] = list(range(1_002))
    assert list(track_reading(sources[:3])) == sources[:3]
    assert capsys.readouterr().err == ""  # it was read in less than the time between two lines
    monkeypatch.setattr("api.cli.loading.TOLD_EVERY_SECONDS", 0)
    assert list(track_reading(sources)) == sources
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (1_002, "Reading: 1,001 of 1,002 files.")
