"""The service as users start it, in a process of its own."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parent.parent / "seeds"
COMMAND = "import api.cli; api.cli.main()"
_PATIENCE = 120
"""Seconds to wait for what comes at once, unless the machine is busy."""
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of the first error."""
        return str(self.json()["errors"][0]["extensions"]["code"])

    @property
    def message(self) -> str:
        """Of the first error."""
        return str(self.json()["errors"][0]["message"])


class _InOnePiece(http.client.HTTPConnection):
    """Sends the head of a request and its body together."""

    _parts = b""

    def send(self, data: Any) -> None:
        self._parts += data

    def getresponse(self) -> http.client.HTTPResponse:
        super().send(self._parts)
        return super().getresponse()


class AtSocket(http.client.HTTPConnection):
    """A connection to a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_PATIENCE)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class Reached:
    """A service that listens on a port of this machine."""

    address: str
    port: int
    sends_in_one_piece: bool = field(default=False, kw_only=True)
    """Whether operations take the short way."""

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        of_kind = _InOnePiece if self.sends_in_one_piece else http.client.HTTPConnection
        connection = of_kind("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def post(self, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """An operation, or the bytes of a body that is none."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", "/graphql", data, {"Content-Type": "application/json", **(headers or {})})

    def connect(self) -> socket.socket:
        """A connection that says only what it is told to."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE)

    def raw(self, *parts: bytes) -> bytes:
        """All that comes back for these bytes until the service closes the connection."""
        with self.connect() as connection:
            for part in parts:
                connection.sendall(part)
            received = b""
            while data := connection.recv(65_536):
                received += data
            return received


@dataclass(frozen=True)
class Served(Reached):
    """A service that runs in a process of its own."""

    process: "subprocess.Popen[bytes]"
    log_file: Path

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def log_with(self, line: str, times: int = 1) -> str:
        """The log as soon as it holds the line so often; it is written behind."""
        deadline = time.monotonic() + _PATIENCE
        while (log := self.log()).count(line) < times:
            assert time.monotonic() < deadline, log
            time.sleep(0.02)
        return log

    def whole_log(self) -> str:
        """The log of all that was answered so far."""
        self.ask("GET", "/graphql?query=%7B__typename%7D", headers={"X-Request-Id": "the-end-of-the-log"})
        return self.log_with('"the-end-of-the-log"')

    def memory(self) -> int:
        """Bytes of memory that the process holds."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE

    def processor_seconds(self) -> float:
        """Of the process since it began."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def running(
    folder: Path,
    *options: str,
    articles: Path | str = SEEDS,
    settings: Mapping[str, str] | None = None,
    program: str = COMMAND,
) -> Iterator[Served]:
    """A service that runs until the block ends, and keeps its log in the folder; settings are named without their prefix."""
    log = folder / "log"
    environment = {**os.environ, **{f"FRONTGRAPH_{name}": value for name, value in (settings or {}).items()}}
    command: Sequence[str] = [sys.executable, "-c", program, "serve", "--port", "0", *options, str(articles)]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            address = awaited_address(process, log)
            yield Served(address, int(address.split(":")[2].partition("/")[0]), process, log)
        finally:
            process.terminate()


@contextmanager
def serving(folder: Path, program: str = COMMAND) -> Iterator[str]:
    """The address of a service on the seeds."""
    with running(folder, program=program) as served:
        yield served.address


def awaited_address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        match = re.search(r"Start page +(\S+)/\n", log.read_text(encoding="utf-8"))
        if match:
            return match[1]
        time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{log.read_text(encoding='utf-8')}")
