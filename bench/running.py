"""A running service, clients that talk HTTP with it at little cost of their own, and what came of their requests."""

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
PROGRAM = "import api.cli; api.cli.main()"
SECONDS = 30.0
"""After which an answer counts as not given."""


class Service(NamedTuple):
    """What serves a folder."""

    process: int
    port: int

    def megabytes(self) -> list[float]:
        """The resident memory of the process and of its workers."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text(encoding="utf-8").split()
        statuses = [Path(f"/proc/{process}/status").read_text("utf-8") for process in (self.process, *children)]
        return [int(status.partition("VmRSS:")[2].split()[0]) / 1024 for status in statuses]


@contextmanager
def serving(folder: Path, scratch: Path, *options: str, program: str = PROGRAM, **settings: str) -> Iterator[Service]:
    """A service of the folder, with its cache and its log in another one."""
    log = scratch / "log"
    named = {f"FRONTGRAPH_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-c", program, "serve", str(folder), "--port", "0", *options]
    environment = {**os.environ, "XDG_CACHE_HOME": str(scratch / "cache"), **named}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        while "startup complete" not in log.read_text(encoding="utf-8"):
            if process.poll() is not None:
                sys.exit(log.read_text(encoding="utf-8"))
            time.sleep(0.1)
        found = re.search(rf"Start page +http://{HOST}:(\d+)/", log.read_text(encoding="utf-8"))
        assert found
        yield Service(process.pid, int(found[1]))
        if process.poll() is not None:
            sys.exit(f"the service ended with {process.returncode}: {log.read_text(encoding='utf-8')[-5_000:]}")
    finally:
        process.terminate()
        process.wait()


class Answered(NamedTuple):
    status: int
    body: bytes


class Client:
    """One connection, opened anew when it is gone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, query: str, variables: Mapping[str, Any] | None = None) -> Answered:
        """The answer to an operation."""
        return await self.send(post_request(json.dumps({"query": query, "variables": variables or {}}).encode()))

    async def get(self, path: str) -> Answered:
        return await self.send(b"GET %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (path.encode(), HOST.encode()))

    async def send(self, request: bytes) -> Answered:
        """The answer to these bytes.

        Raises:
            OSError, EOFError, TimeoutError: there is none.
        """
        try:
            async with asyncio.timeout(SECONDS):
                if self._streams is None:
                    self._streams = await asyncio.open_connection(HOST, self._port, limit=1 << 20)
                reader, writer = self._streams
                writer.write(request)
                return await self._read(reader)
        except BaseException:
            self.close()
            raise

    async def _read(self, reader: asyncio.StreamReader) -> Answered:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if length := re.search(rb"\r\ncontent-length: (\d+)", head):
            body = await reader.readexactly(int(length[1]))
        elif b"\r\ntransfer-encoding: chunked" in head:
            body = b"".join([chunk async for chunk in _chunks(reader)])
        else:
            body = b""
        if b"\r\nconnection: close" in head:
            self.close()
        return Answered(int(head.split(b" ", 2)[1]), body)

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _chunks(reader: asyncio.StreamReader) -> Any:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readuntil(b"\r\n")


def post_request(body: bytes, *headers: str) -> bytes:
    """The bytes of a request for an operation."""
    lines = [
        "POST /graphql HTTP/1.1",
        f"Host: {HOST}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Span(NamedTuple):
    """A request that was answered."""

    began: float
    """By `time.monotonic`, which is the same for all processes of a machine."""
    ended: float
    kind: str


class Outcomes:
    """Seconds by kind of request, and failures by kind of request and of failure."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: Counter[str] = Counter()
        self.spans: list[Span] = []

    @contextmanager
    def timed(self, kind: str) -> Iterator[None]:
        """Counts what is done inside, and its failure; whoever does it need not know."""
        started = time.monotonic()
        try:
            yield
        except (OSError, EOFError, TimeoutError, ValueError, LookupError, AssertionError) as cause:
            self.failures[f"{kind}: {type(cause).__name__} {cause}"[:120]] += 1
        else:
            ended = time.monotonic()
            self.seconds[kind].append(ended - started)
            self.spans.append(Span(started, ended, kind))

    def add(self, told: Mapping[str, Any]) -> None:
        """Adds what another process told as `as_json`."""
        for kind, seconds in told["seconds"].items():
            self.seconds[kind] += seconds
        self.failures.update(told["failures"])
        self.spans += [Span(*span) for span in told["spans"]]

    def as_json(self) -> str:
        return json.dumps({"seconds": self.seconds, "failures": self.failures, "spans": self.spans})

    def table(self) -> str:
        """Markdown: how many of each kind, and their times in milliseconds."""
        lines = ["| request | answered | p50 | p99 | slowest |", "| --- | --- | --- | --- | --- |"]
        for kind, seconds in sorted(self.seconds.items()):
            p50, p99, slowest = (f"{1_000 * value:,.1f} ms" for value in figures(seconds))
            lines.append(f"| {kind} | {len(seconds):,} | {p50} | {p99} | {slowest} |")
        return "\n".join(lines)


def figures(seconds: list[float]) -> tuple[float, float, float]:
    """The median, the 99th percentile and the most."""
    ordered = sorted(seconds)
    return statistics.median(ordered), ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], ordered[-1]
