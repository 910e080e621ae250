import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.errors import current_request_id
from api.telemetry.lines import LineWriter
from api.telemetry.logs import LogHandler, is_json

MakeLogger = Callable[[bool], logging.Logger]
ReadLog = Callable[[], str]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def make_logger(log: Path) -> Iterator[MakeLogger]:
    """A logger that writes JSON, or text, to the log."""
    stream = os.open(log, os.O_CREAT | os.O_WRONLY)
    logger = logging.getLogger("tests.logs")
    logger.propagate = False

    def make(as_json: bool) -> logging.Logger:
        logger.handlers = [LogHandler(LineWriter(stream), as_json)]
        return logger

    yield make
    logger.handlers = []
    logger.propagate = True
    os.close(stream)


@pytest.fixture
def read(log: Path) -> ReadLog:
    def read() -> str:
        return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "NOW", log.read_text(encoding="utf-8"))

    return read


@pytest.fixture
def _within_a_request() -> Iterator[None]:
    token = current_request_id.set("5e1f-1")
    yield
    current_request_id.reset(token)


def test_record_as_json(make_logger: MakeLogger, read: ReadLog) -> None:
    make_logger(True).warning("%d files", 3, extra={"folder": "seeds", "color_message": "\x1b[1m3 files"})
    assert json.loads(read()) == {
        "time": "NOW",
        "level": "warning",
        "logger": "tests.logs",
        "message": "3 files",
        "folder": "seeds",
    }


def test_record_as_text(make_logger: MakeLogger, read: ReadLog) -> None:
    make_logger(False).warning("%d files", 3, extra={"folder": "seeds", "names": ["a", "b"]})
    assert read() == 'NOW WARNING tests.logs: 3 files folder="seeds" names=["a","b"]\n'


@pytest.mark.usefixtures("_within_a_request")
def test_record_names_the_request_that_it_belongs_to(make_logger: MakeLogger, read: ReadLog) -> None:
    make_logger(True).warning("slow")
    assert json.loads(read())["request_id"] == "5e1f-1"


@pytest.mark.usefixtures("_within_a_request")
def test_exception_is_told_with_its_traceback(make_logger: MakeLogger, read: ReadLog) -> None:
    for as_json in (False, True):
        logger = make_logger(as_json)
        try:
            raise ValueError("bad\x1b[2J\nforged line")
        except ValueError:
            logger.exception("a field failed")
    *lines, last = read().splitlines()
    assert lines[0] == "NOW ERROR   tests.logs: a field failed [5e1f-1]"
    assert lines[1] == "    Traceback (most recent call last):"
    assert lines[-2:] == [r"    ValueError: bad\x1b[2J", "    forged line"]
    told: dict[str, Any] = json.loads(last)
    assert (told["level"], told["message"], told["request_id"]) == ("error", "a field failed", "5e1f-1")
    assert told["exception"].splitlines()[-2:] == [r"ValueError: bad\x1b[2J", "forged line"]


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_values_cannot_make_lines_or_steer_a_terminal(make_logger: MakeLogger, read: ReadLog, as_json: bool) -> None:
    nasty = "x\nNOW ERROR\r\x1b[2J\x9b\u202e\ud800" + "y" * 10_000
    make_logger(as_json).warning(nasty, extra={"value": nasty})
    [line] = read().splitlines()
    assert line.isprintable()
    assert len(line) < 5_000


def test_values_that_json_cannot_say_are_told_as_python_shows_them(make_logger: MakeLogger, read: ReadLog) -> None:
    make_logger(True).warning("odd", extra={"value": {1: {2}}})
    assert json.loads(read())["value"] == {"1": "{2}"}


def test_json_where_nobody_looks_on(log: Path) -> None:
    with log.open("w") as file:
        assert is_json("auto", file.fileno())
        assert not is_json("text", file.fileno())
    terminal, other_end = os.openpty()
    assert not is_json("auto", other_end)
    assert is_json("json", other_end)
    os.close(terminal)
    os.close(other_end)
