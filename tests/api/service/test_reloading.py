"""`frontgraph serve` while its folder changes: what is visible when, to whom, and that nobody ever sees halves."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from api.server.workers import can_fork
from graph.synth import write_corpus

COMMAND = (sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", "0")
SECONDS = 120
BEGINNING = ["a 0", "b 0", "c 0"]
TOKEN = "the operator's token".replace(" ", "-")
BOTH = '{ snapshot { version } a: article(by: {slug: "a"}) { title } b: article(by: {slug: "b"}) { title } }'
LISTS = "{ articles(first: 50) { nodes { title related { nodes { title } } } } }"
CHANGED = "subscription { snapshotChanged { version added { nodes { title } } updated { nodes { title } } removed } }"


class Service:
    """A running service on a folder, with its log in a file."""

    def __init__(self, folder: Path, *options: str, command: Sequence[str] = COMMAND) -> None:
        self._log = folder.parent / "log"
        environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(folder.parent / "cache"),
            "FRONTGRAPH_ADMIN_TOKEN": TOKEN,
            "FRONTGRAPH_LOG_REQUESTS": "0",
        }
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, str(folder), *options], stdout=output, stderr=output, env=environment
            )
        self.wait(lambda: "Start page" in self.log())
        self.port = int(re.findall(r"http://127\.0\.0\.1:(\d+)/\n", self.log())[0])

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait(self, until: Callable[[], object], seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.01)

    def wait_for_workers(self, count: int) -> list[int]:
        self.wait(lambda: self.log().count("startup complete") >= count)
        return [int(number) for number in re.findall(r"Started server process \[(\d+)\]", self.log())]

    def connect(self) -> closing[http.client.HTTPConnection]:
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS))

    def get(self, path: str) -> tuple[int, bytes]:
        with self.connect() as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def titles(self) -> list[str]:
        with self.connect() as connection:
            data = ask(connection, "{ articles(first: 100, orderBy: [{slug: ASC}]) { nodes { title } } }")
            return [node["title"] for node in data["articles"]["nodes"]]

    def reload(self, token: str = TOKEN) -> tuple[int, Any]:
        with self.connect() as connection:
            connection.request("POST", "/-/reload", headers={"Authorization": f"Bearer {token}"})
            response = connection.getresponse()
            return response.status, json.load(response)

    def figure(self, name: str) -> float:
        with self.connect() as connection:
            connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
            text = connection.getresponse().read().decode()
        return next((float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"{name} ")), 0)

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


Shared = tuple[Service, Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    begin(folder)
    return folder


@pytest.fixture
def start() -> Iterator[Callable[..., Service]]:
    """Starts services that end with the test."""
    services: list[Service] = []

    def started(folder: Path, *options: str, workers: int = 1) -> Service:
        service = Service(folder, *options, *(("--workers", str(workers)) if workers > 1 else ()))
        services.append(service)
        service.wait_for_workers(workers)
        return service

    yield started
    for service in services:
        service.process.terminate()
    for service in services:
        service.process.wait(SECONDS)


@pytest.fixture(scope="module")
def calm_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    yield from shared(tmp_path_factory.mktemp("calm"))


@pytest.fixture
def calm(calm_service: Shared) -> Shared:
    """A service that loads again only when it is told to, and its folder as it was in the beginning."""
    service, folder = calm_service
    begin(folder)
    service.reload()
    return calm_service


@pytest.fixture(scope="module")
def watching_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    yield from shared(tmp_path_factory.mktemp("watching"), "--watch")


@pytest.fixture
def watching(watching_service: Shared) -> Shared:
    """The same of one that watches its folder."""
    service, folder = watching_service
    begin(folder)
    service.wait(lambda: service.titles() == BEGINNING)
    return watching_service


def shared(place: Path, *options: str) -> Iterator[Shared]:
    """A service that several tests use, one after the other."""
    folder = place / "articles"
    folder.mkdir()
    begin(folder)
    service = Service(folder, *options)
    service.wait_for_workers(1)
    yield service, folder
    service.process.terminate()
    service.process.wait(SECONDS)


def begin(folder: Path) -> None:
    """Write what is there before a test; what the last one wrote is gone."""
    for path in set(folder.iterdir()) - {folder / f"{name}.md" for name in "abc"}:
        path.unlink()
    for name in "abc":
        write(folder, name, f"{name} 0")


def write(folder: Path, name: str, title: str) -> None:
    (folder / f"{name}.md").write_text(f"---\nslug: {name}\ntitle: {title}\nrelated: [a, b]\n---\n", encoding="utf-8")


def ask(connection: http.client.HTTPConnection, query: str) -> Any:
    connection.request("POST", "/graphql", json.dumps({"query": query}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.load(response)
    assert (response.status, list(answer)) == (200, ["data"]), answer
    return answer["data"]


@pytest.mark.parametrize("seconds", [SECONDS, pytest.param(3, marks=pytest.mark.measured)])
def test_files_that_are_written_renamed_or_deleted_are_visible_soon(watching: Shared, seconds: float) -> None:
    service, folder = watching

    def soon(titles: Sequence[str]) -> None:
        service.wait(lambda: service.titles() == titles, seconds)

    write(folder, "d", "new")
    soon(["a 0", "b 0", "c 0", "new"])
    write(folder, "d", "newer")
    soon(["a 0", "b 0", "c 0", "newer"])
    (folder / "c.md").rename(folder / ".c.md")
    soon(["a 0", "b 0", "newer"])
    (folder / ".c.md").rename(folder / "c.md")
    soon(["a 0", "b 0", "c 0", "newer"])
    (folder / "a.md").unlink()
    soon(["b 0", "c 0", "newer"])


@pytest.mark.measured
def test_burst_of_changes_is_one_reload_or_two(tmp_path: Path, start: Callable[..., Service]) -> None:
    folder = tmp_path / "many"
    write_corpus(folder, 1_500, seed=1)
    service = start(folder, "--watch")
    time.sleep(1)
    before = service.figure('frontgraph_reloads_total{result="changed"}')
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and b"\ntitle: " in path.read_bytes()][:1_000]
    assert len(files) == 1_000
    edited = {path: re.sub(rb"\ntitle: .*", b"\ntitle: Checked out", path.read_bytes(), count=1) for path in files}
    started = time.monotonic()
    for path, content in edited.items():
        path.write_bytes(content)
    seconds = time.monotonic() - started

    def checked_out() -> int:
        with service.connect() as connection:
            data = ask(connection, '{ articles(filter: {title: {eq: "Checked out"}}) { totalCount } }')
            return int(data["articles"]["totalCount"])

    service.wait(lambda: checked_out() == 1_000)
    time.sleep(2)
    reloads = service.figure('frontgraph_reloads_total{result="changed"}') - before
    assert 1 <= reloads <= 2 + seconds  # a slow machine may take seconds to write them


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signal")
def test_signal_loads_again(calm: Shared) -> None:
    service, folder = calm
    write(folder, "a", "a 1")
    assert service.titles() == ["a 0", "b 0", "c 0"]
    service.process.send_signal(signal.SIGHUP)
    service.wait(lambda: service.titles() == ["a 1", "b 0", "c 0"])


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signal")
@pytest.mark.thorough
def test_signal_while_it_starts_does_not_end_the_service(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write_corpus(folder, 300, seed=1)
    service = Service(folder)
    try:
        while "startup complete" not in service.log():
            assert service.process.poll() is None, service.log()
            service.process.send_signal(signal.SIGHUP)
        assert service.get("/healthz")[0] == 200
    finally:
        service.process.terminate()
        assert service.process.wait(SECONDS) == 0


SLOW = """
import sys, time
from graph.building.live_folders import LiveFolders
from graph.checkpoints import checkpoint

load, times = LiveFolders.load, []

def slow(self, *given, **named):
    times.append(None)
    if len(times) > 2:  # the first is before the service starts, the second as it does
        print("a slow reload", file=sys.stderr, flush=True)
        while STEPS:
            checkpoint()
        time.sleep(3_600)
    return load(self, *given, **named)

LiveFolders.load = slow
from api.cli import main
main()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signal")
@pytest.mark.parametrize(
    "has_steps", [pytest.param(True, marks=pytest.mark.thorough), False], ids=["in steps", "in one"]
)
def test_end_of_the_service_abandons_a_reload(folder: Path, has_steps: bool) -> None:
    program = SLOW.replace("STEPS", str(has_steps))
    service = Service(folder, command=(sys.executable, "-c", program, *COMMAND[-3:]))
    service.wait_for_workers(1)
    write(folder, "a", "a 1")
    service.process.send_signal(signal.SIGHUP)
    service.wait(lambda: "a slow reload" in service.log())
    service.process.terminate()
    assert service.process.wait(SECONDS) == 0  # the reload would take an hour


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork processes")
@pytest.mark.thorough
def test_end_of_several_workers_abandons_their_reloads(folder: Path) -> None:
    program = SLOW.replace("STEPS", "False")
    service = Service(folder, "--workers", "2", command=(sys.executable, "-c", program, *COMMAND[-3:]))
    service.wait_for_workers(2)
    write(folder, "a", "a 1")
    service.process.send_signal(signal.SIGHUP)
    service.wait(lambda: service.log().count("a slow reload") == 2)
    assert service.titles() == ["a 0", "b 0", "c 0"]  # meanwhile everybody is answered
    service.process.terminate()
    assert service.process.wait(SECONDS) == 0  # the reloads would take an hour


def test_operator_is_told_what_came_of_a_reload(calm: Shared) -> None:
    service, folder = calm
    assert service.reload() == (200, {"reload": "unchanged"})
    write(folder, "a", "a 1")
    assert service.reload() == (200, {"reload": "changed"})
    assert service.titles() == ["a 1", "b 0", "c 0"]
    assert service.reload("another-token-of-some-length")[0] == 401
    assert service.get("/-/reload")[0] == 405


def test_failed_load_keeps_the_graph_says_so_and_recovers(calm: Shared) -> None:
    service, folder = calm
    ready = json.loads(service.get("/readyz")[1])
    failed = {"reload": "failed", "reason": "The folders could not be read; the log has the details."}
    folder.rename(folder.parent / "away")

    assert service.reload() == (503, failed)
    status, body = service.get("/readyz")
    assert (status, json.loads(body)) == (200, {**ready, **failed})
    assert service.titles() == ["a 0", "b 0", "c 0"]
    assert service.figure("frontgraph_reload_failing") == 1
    assert service.figure('frontgraph_reloads_total{result="failed"}') == 1
    service.wait(lambda: "stays as it was" in service.log())
    (line,) = [json.loads(line) for line in service.log().splitlines() if "stays as it was" in line]
    assert line["level"] == "error"
    assert line["message"] == (
        f"The folders could not be loaded again; the graph stays as it was: The folder {folder} cannot be read:"
        " No such file or directory."
    )

    (folder.parent / "away").rename(folder)
    assert service.reload() == (200, {"reload": "unchanged"})
    assert json.loads(service.get("/readyz")[1]) == ready
    assert service.figure("frontgraph_reload_failing") == 0


def test_watched_folder_that_goes_and_comes_back_is_watched_again(watching: Shared) -> None:
    service, folder = watching
    folder.rename(folder.parent / "away")
    service.wait(lambda: b"failed" in service.get("/readyz")[1])
    (folder.parent / "away").rename(folder)
    service.wait(lambda: b"failed" not in service.get("/readyz")[1])
    write(folder, "a", "a 1")
    service.wait(lambda: service.titles() == ["a 1", "b 0", "c 0"])


@pytest.mark.parametrize(
    ("reloads", "least_answers", "least_versions"),
    [(10, 20, 1), pytest.param(100, 1_000, 50, marks=pytest.mark.measured)],
)
@pytest.mark.thorough
def test_under_load_no_request_fails_or_mixes_two_snapshots_or_is_late(
    folder: Path, start: Callable[..., Service], reloads: int, least_answers: int, least_versions: int
) -> None:
    service = start(folder)
    shown = 0
    """The last reload that was told of."""
    ended = Event()

    def load(number: int) -> list[tuple[str, int]]:
        """What was seen, by version; half of the clients send the same bytes again and again.

        The answers are so many that reloads fall between all of their steps; how many a second is for `bench`.
        """
        seen: list[tuple[str, int]] = []
        with service.connect() as connection:
            while not ended.is_set():
                query = BOTH if number % 2 else f"query Q{len(seen)} {BOTH}"
                least = shown
                data = ask(connection, query)
                marker = int(data["a"]["title"].split()[1])
                assert data["b"]["title"] == f"b {marker}"
                assert marker >= least
                seen.append((data["snapshot"]["version"], marker))
        return seen

    with ThreadPoolExecutor(4) as clients:
        try:
            loads = [clients.submit(load, number) for number in range(4)]
            for marker in range(1, reloads + 1):
                replace_both(folder, marker)
                assert service.reload() == (200, {"reload": "changed"})
                shown = marker
        finally:
            ended.set()
        seen = [answer for running in loads for answer in running.result()]

    assert len(seen) > least_answers
    assert (
        len(set(seen)) == len({version for version, _ in seen}) == len({marker for _, marker in seen}) > least_versions
    )
    assert all(sorted(markers) == markers for markers in ([marker for _, marker in run.result()] for run in loads))


def replace_both(folder: Path, marker: int) -> None:
    for name in "ab":
        write(folder, name, f"{name} {marker}")


@pytest.mark.thorough
def test_request_in_flight_finishes_on_the_snapshot_that_it_began_with(
    tmp_path: Path, start: Callable[..., Service]
) -> None:
    folder = tmp_path / "many"
    write_corpus(folder, 2_000, seed=1)
    service = start(folder)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.settimeout(SECONDS)
        connection.connect(("127.0.0.1", service.port))
        connection.sendall(b"GET /export/graph.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = connection.recv(1_000)
        for path in folder.rglob("*.md"):
            path.unlink()
        write(folder, "a", "the only one")
        assert service.reload() == (200, {"reload": "changed"})
        assert service.titles() == ["the only one"]
        while piece := connection.recv(65_536):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    exported = json.loads(b"".join(re.split(rb"(?:\r\n)?[0-9a-f]+\r\n", body)[1:]).removesuffix(b"\r\n\r\n"))
    assert len([node for node in exported["nodes"] if node["kind"] == "ARTICLE"]) == 2_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory a process has")
@pytest.mark.thorough
def test_memory_does_not_grow_over_reloads(tmp_path: Path, start: Callable[..., Service]) -> None:
    folder = tmp_path / "some"
    write_corpus(folder, 300, seed=1)
    service = start(folder)

    def reload(times: range) -> None:
        """With answers of each snapshot that are kept, in every way there is."""
        with service.connect() as connection:
            for number in times:
                write(folder, "a", f"a {number}")
                assert service.reload() == (200, {"reload": "changed"})
                for query in (LISTS, f"query Q{number} {{ snapshot {{ version }} }}"):
                    assert len({str(ask(connection, query)) for _ in range(3)}) == 1

    reload(range(100))
    before = service.megabytes()
    reload(range(100, 400))
    assert service.megabytes() - before < 50  # they would take more than twice as much


def test_subscribers_are_told_of_what_changed(watching: Shared) -> None:
    service, folder = watching
    address = f"ws://127.0.0.1:{service.port}/graphql"
    with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], proxy=None) as connection:
        connection.send('{"type": "connection_init"}')
        assert json.loads(connection.recv(SECONDS)) == {"type": "connection_ack"}
        connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": CHANGED}}))
        connection.send('{"type": "ping"}')
        assert json.loads(connection.recv(SECONDS)) == {"type": "pong"}
        write(folder, "a", "a 1")
        told = json.loads(connection.recv(SECONDS))["payload"]["data"]["snapshotChanged"]
    with service.connect() as connection:
        assert told == {
            "version": ask(connection, "{ snapshot { version } }")["snapshot"]["version"],
            "added": {"nodes": []},
            "updated": {"nodes": [{"title": "a 1"}]},
            "removed": [],
        }


@pytest.mark.skipif(not can_fork(), reason="this system cannot fork processes")
@pytest.mark.thorough
def test_all_workers_load_again_and_so_does_one_that_takes_the_place_of_another(
    folder: Path, start: Callable[..., Service]
) -> None:
    service = start(folder, workers=2)
    write(folder, "a", "a 1")
    service.process.send_signal(signal.SIGHUP)
    service.wait(lambda: all(service.titles()[0] == "a 1" for _ in range(20)))
    write(folder, "a", "a 2")
    assert service.reload() == (202, {"reload": "requested"})
    service.wait(lambda: all(service.titles()[0] == "a 2" for _ in range(20)))

    time.sleep(2)  # a worker that dies at once is not replaced
    victims = service.wait_for_workers(2)
    for count, victim in enumerate(victims, 3):
        os.kill(victim, signal.SIGKILL)
        service.wait_for_workers(count)
    assert all(service.titles()[0] == "a 2" for _ in range(20))
