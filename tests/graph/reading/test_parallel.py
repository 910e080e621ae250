"""Parsing in several processes: what happens when something happens to them."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import graph.reading.parallel
from graph.reading.copies import CheckedCopies
from graph.reading.files import SourceFile
from graph.reading.folders import find_sources
from graph.reading.loader import load_folders
from graph.reading.parallel import _GREETING as GREETING
from graph.reading.parallel import KeyedFile, parse_files, useful_processes
from graph.reading.records import SharedReferences

COUNT = 300

Process = subprocess.Popen[bytes]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """More files than one process takes at once."""
    for number in range(COUNT):
        related = f"related:\n  - webUrl: https://p.example/{number - number % 7}\n" if number % 3 else ""
        (tmp_path / f"{number:03}.md").write_text(
            f"---\ntitle: T{number}\nprovider: P\nwebUrl: https://p.example/{number}\n{related}---\n"
        )
    return tmp_path


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    """The processes that were started; all ended when the test is over."""
    started: list[Process] = []
    start = graph.reading.parallel._start

    def remembered() -> Process | None:
        process = start()
        started.extend([process] if process else [])
        return process

    monkeypatch.setattr(graph.reading.parallel, "_start", remembered)
    return started


def assert_nothing_is_left(processes: list[Process]) -> None:
    assert [process.poll() for process in processes].count(None) == 0
    assert all(process.stdin is not None and process.stdin.closed for process in processes)
    assert "frontgraph-parse" not in {thread.name for thread in threading.enumerate()}


def test_processes_end_with_the_work(folder: Path, processes: list[Process]) -> None:
    assert repr(load_folders([folder], processes=3)) == repr(load_folders([folder], processes=1))
    assert len(processes) == 2
    assert_nothing_is_left(processes)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_processes_end_when_the_caller_is_interrupted(
    folder: Path, processes: list[Process], error: type[BaseException]
) -> None:
    def interrupted(sources: object) -> Iterator[SourceFile]:
        yield from find_sources([folder]).sources[:5]
        raise error

    with pytest.raises(error):
        load_folders([folder], interrupted, processes=3)

    assert len(processes) == 2
    assert_nothing_is_left(processes)


def test_processes_end_when_the_iterator_is_closed(folder: Path, processes: list[Process]) -> None:
    sources = find_sources([folder]).sources

    with closing(parse_files(sources, 3, SharedReferences())) as parsed:
        next(parsed)

    assert_nothing_is_left(processes)


PROGRAMS = {
    "ends at once": "",
    "fails at once": "raise SystemExit(3)",
    "reads and ends": "import sys; sys.stdin.buffer.read(10)",
    "says something else": "import sys; print('Welcome to this machine', flush=True); sys.stdin.buffer.read()",
    "greets and ends": f"import sys; sys.stdin.buffer.read(4); sys.stdout.buffer.write({GREETING!r})",
    "answers half": f"import sys; sys.stdin.buffer.read(4); sys.stdout.buffer.write({GREETING!r} + bytes(2))",
    "promises much": f"import sys; sys.stdin.buffer.read(4); sys.stdout.buffer.write({GREETING!r} + bytes([0, 9, 9, 9, 1]))",
    "answers once": (
        "import json, sys, io, struct; sys.path[:] = json.loads(sys.argv[1])\n"
        "from graph.reading.parallel import work\n"
        "head = sys.stdin.buffer.read(4)\n"
        "work(io.BytesIO(head + sys.stdin.buffer.read(*struct.unpack('>I', head))), sys.stdout.buffer)"
    ),
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_work_of_a_process_that_fails_is_done_by_this_one(
    folder: Path, processes: list[Process], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(graph.reading.parallel, "_PROGRAM", program)

    assert repr(load_folders([folder], processes=3)) == repr(load_folders([folder], processes=1))
    assert_nothing_is_left(processes)


FIRST_FAILS_LATE = """
import json, sys, os, time; sys.path[:] = json.loads(sys.argv[1])
import graph.reading.parallel
from pathlib import Path
try:
    os.close(os.open(Path({folder!r}) / "first", os.O_CREAT | os.O_EXCL))
    is_first = True
except FileExistsError:
    is_first = False
parse = graph.reading.parallel._parse
def slow(source, copies):
    time.sleep(0.01)
    if is_first and Path(source.path).stem >= "1":
        time.sleep(0.4)
        os._exit(1)
    return parse(source, copies)
graph.reading.parallel._parse = slow
graph.reading.parallel.work(sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.mark.thorough
def test_one_process_of_several_fails_late(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        graph.reading.parallel, "_PROGRAM", FIRST_FAILS_LATE.format(folder=str(tmp_path_factory.mktemp("x")))
    )
    monkeypatch.setattr(graph.reading.parallel, "_CHUNK_LENGTH", 8)
    expected = load_folders([folder], processes=1)
    parse = graph.reading.parallel._parse

    def slow(source: SourceFile, copies: CheckedCopies) -> KeyedFile:
        time.sleep(0.1)  # so that the others do most of it
        return parse(source, copies)

    monkeypatch.setattr(graph.reading.parallel, "_parse", slow)
    assert repr(load_folders([folder], processes=3)) == repr(expected)
    assert_nothing_is_left(processes)
    assert max(process.returncode for process in processes) == 1


def test_no_thread_is_to_be_had(folder: Path, processes: list[Process], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    expected = load_folders([folder], processes=1)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        found = load_folders([folder], processes=3)
    assert repr(found) == repr(expected)
    assert len(processes) == 2
    assert_nothing_is_left(processes)


def test_process_that_is_killed_at_work_costs_nothing(folder: Path, processes: list[Process]) -> None:
    def killing(sources: list[SourceFile]) -> Iterator[SourceFile]:
        for number, source in enumerate(sources):
            if number == 70:
                processes[0].kill()
            yield source

    assert repr(load_folders([folder], killing, processes=2)) == repr(load_folders([folder], processes=1))  # type: ignore[arg-type]
    assert_nothing_is_left(processes)


@pytest.mark.parametrize("executable", ["", "/nowhere/python"])
def test_this_process_does_all_where_no_other_can_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, executable: str
) -> None:
    monkeypatch.setattr(sys, "executable", executable)

    assert repr(load_folders([folder], processes=3)) == repr(load_folders([folder], processes=1))


def test_program_that_is_frozen_is_not_started_again(
    folder: Path, processes: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    assert repr(load_folders([folder], processes=3)) == repr(load_folders([folder], processes=1))
    assert processes == []


def test_script_without_a_main_guard_may_load(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom graph.reading.loader import load_folders\n"
        f"print(len(load_folders([Path({str(folder)!r})], processes=2).documents))\n"
    )
    root = Path(__file__).parents[3]

    done = subprocess.run(
        [sys.executable, script], cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == (f"{COUNT}\n", "")


def test_few_files_are_parsed_by_one_process() -> None:
    assert useful_processes(0) == useful_processes(1_999) == 1
    assert 1 <= useful_processes(2_000) <= 2
    assert 1 <= useful_processes(1_000_000) <= 8
