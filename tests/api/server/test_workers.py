"""`serve --workers`: several processes answer, one that dies is replaced, and all end with the one that began them."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from api.server.workers import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system cannot fork processes")

SEEDS = Path(__file__).parents[3] / "seeds"
COMMAND = (
    sys.executable,
    "-c",
    "from api.cli import main; main()",
    "serve",
    str(SEEDS),
    "--port",
    "0",
    "--workers",
    "2",
)
SECONDS = 120


class Service:
    """A running service with its log in a file."""

    def __init__(self, log: Path) -> None:
        self._log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(COMMAND, stdout=output, stderr=output)
        self.wait(lambda: len(self.workers()) == 2)
        found = re.search(r"Start page +http://127\.0\.0\.1:(\d+)/", self.log())
        assert found, self.log()
        self.port = int(found[1])

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def workers(self) -> list[int]:
        """The processes that began to answer, in the order in which they did."""
        return [int(number) for number in re.findall(r"Started server process \[(\d+)\]", self.log())]

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not until():
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "log")
    yield service
    if service.process.poll() is None:
        service.process.terminate()
        service.process.wait(SECONDS)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.thorough)])
def test_all_workers_end_with_the_service(service: Service, number: signal.Signals) -> None:
    assert all(service.is_healthy() for _ in range(20))
    service.process.send_signal(number)
    assert service.process.wait(SECONDS) == 0
    assert not any(map(is_running, service.workers()))
    assert "Traceback" not in service.log()


@pytest.mark.thorough
def test_worker_that_dies_is_replaced(service: Service) -> None:
    time.sleep(2.5)  # one that dies at once is not
    victim, other = service.workers()
    os.kill(victim, signal.SIGKILL)
    service.wait(lambda: len(service.workers()) == 3)
    assert not is_running(victim)
    assert all(service.is_healthy() for _ in range(20))
    assert f"worker {victim} ended with status -9" in service.log()
    service.process.terminate()
    assert service.process.wait(SECONDS) == 0
    assert not any(map(is_running, [other, *service.workers()]))


@pytest.mark.measured
def test_workers_that_end_as_soon_as_they_begin_end_the_service(service: Service) -> None:
    os.kill(service.workers()[0], signal.SIGKILL)
    assert service.process.wait(SECONDS) == 1
    assert "A worker ended as soon as it had begun" in service.log()


def test_worker_that_ends_as_soon_as_it_begins_is_not_replaced() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ENDING_AT_ONCE], capture_output=True, encoding="utf-8", check=True, timeout=SECONDS
    )
    assert done.stdout == "False\n"
    assert done.stderr.count("ended with status 3") == 1


_ENDING_AT_ONCE = """
import os, time
from api.server import workers

workers._SHORT_LIFE = 600  # at once, on the busiest of machines
print(workers.run_workers(lambda number: time.sleep(600) if number else os._exit(3), 2))
"""


_ORPHANED = """
import ctypes, os, sys, time
from api.server.workers import run_workers

PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1) == 0

def serve(number):
    if os.fork() == 0:  # a child whose own child is left behind, as when a shell starts something
        if os.fork() == 0:
            time.sleep(0.3)
        os._exit(0)
    os.wait()
    time.sleep(3)
    os._exit(0 if number else 7)

print(run_workers(serve, 2), flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="this system has no reapers of orphans")
@pytest.mark.thorough
def test_orphans_that_a_container_leaves_to_the_service_are_none_of_its_workers() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ORPHANED], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "ended with status 7" in line:  # after the orphans, which were forgotten without a word
                break
            assert "ended with status" in line
        else:
            raise AssertionError("it died of an orphan")
        process.terminate()
        assert process.wait(SECONDS) == 0
