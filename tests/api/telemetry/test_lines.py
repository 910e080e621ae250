import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.telemetry import lines
from api.telemetry.lines import WAITING_LINES, LineWriter


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def stream(log: Path) -> Iterator[int]:
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


def wait_for(log: Path, expected: bytes) -> None:
    deadline = time.monotonic() + 120
    while log.read_bytes() != expected and time.monotonic() < deadline:
        time.sleep(0.01)
    assert log.read_bytes() == expected


def test_line_is_written_at_once_before_the_start(stream: int, log: Path) -> None:
    LineWriter(stream).write(b"a\n")
    assert log.read_bytes() == b"a\n"


def test_lines_are_written_in_order_a_moment_later(stream: int, log: Path) -> None:
    writer = LineWriter(stream)
    writer.start()
    for number in range(3):
        writer.write(b"%d\n" % number)
    wait_for(log, b"0\n1\n2\n")
    writer.write(b"3\n")
    wait_for(log, b"0\n1\n2\n3\n")
    writer.close()


def test_close_writes_what_waits_and_later_lines_are_written_at_once(stream: int, log: Path) -> None:
    writer = LineWriter(stream)
    writer.start()
    writer.write(b"a\n")
    writer.close()
    assert log.read_bytes() == b"a\n"
    writer.write(b"b\n")
    assert log.read_bytes() == b"a\nb\n"


def test_closed_pipe_costs_the_lines_and_nothing_else(closed_pipe: int) -> None:
    writer = LineWriter(closed_pipe)
    writer.write(b"a\n")
    writer.start()
    writer.write(b"b\n")
    writer.close()
    assert writer.lost == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_full_disk_costs_the_lines_and_nothing_else() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    writer = LineWriter(descriptor)
    writer.write(b"a\n")
    os.close(descriptor)
    assert writer.lost == 1


def test_stream_that_nobody_reads_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FLUSH_SECONDS", 0.01)
    reading, writing = os.pipe()
    writer = LineWriter(writing)
    writer.start()
    for _ in range(WAITING_LINES + 20_000):
        writer.write(b"x" * 99 + b"\n")
    writer.close()
    writer.write(b"last words\n")
    assert writer.lost > 0
    os.close(reading)  # ends the write that is stuck
    os.close(writing)
