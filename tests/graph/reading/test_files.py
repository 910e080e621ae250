import os
import sys
import time
from pathlib import Path

import pytest

from graph.problems import Problem, ProblemCode
from graph.reading.files import FILE_LIMIT, SourceFile, SourceKind, decode_text, file_stamp, read_source


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")


def read(path: Path, data: bytes) -> str | Problem:
    path.write_bytes(data)
    content = read_source(SourceFile(str(path), path.name, SourceKind.ARTICLE))
    return content if isinstance(content, Problem) else decode_text(content, path.name)


def test_text_is_read_without_byte_order_mark_and_with_line_feeds_alone(tmp_path: Path) -> None:
    assert read(tmp_path / "a.md", b"\xef\xbb\xbfa\r\nb\rc\n\xc3\xa9") == "a\nb\nc\né"


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("title".encode("utf-16"), ProblemCode.FILE_NOT_TEXT, None),
        ("title".encode("utf-16-le"), ProblemCode.FILE_NOT_TEXT, 1),
        (b"a\nb\n\0", ProblemCode.FILE_NOT_TEXT, 3),
        ("a\né".encode("latin-1"), ProblemCode.FILE_NOT_TEXT, 2),
        (b"\xed\xa0\x80", ProblemCode.FILE_NOT_TEXT, 1),
        (b"x" * (FILE_LIMIT + 1), ProblemCode.FILE_TOO_LARGE, None),
    ],
    ids=["UTF-16", "UTF-16 without mark", "NUL", "Latin-1", "surrogate", "too large"],
)
def test_file_that_is_no_text_is_a_problem(tmp_path: Path, data: bytes, code: ProblemCode, line: int | None) -> None:
    problem = read(tmp_path / "a.md", data)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.file, problem.line, problem.path) == (code, "a.md", line, ())


def test_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    assert read(tmp_path / "a.md", b"x" * FILE_LIMIT) == "x" * FILE_LIMIT


@pytest.mark.skipif(sys.platform != "linux", reason="needs the files of Linux that tell a size of 0 and hold more")
def test_file_that_is_longer_than_its_size_tells_is_read_to_its_end() -> None:
    path = Path("/proc/self/limits")
    assert path.stat().st_size == 0

    assert read_source(SourceFile(str(path), "a.md", SourceKind.ARTICLE)) == path.read_bytes() != b""


def test_pipes_and_vanished_files_are_problems(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")

    for name in ("pipe.md", "gone.md"):
        problem = read_source(SourceFile(str(tmp_path / name), name, SourceKind.ARTICLE))

        assert isinstance(problem, Problem)
        assert (problem.code, problem.file) == (ProblemCode.FILE_UNREADABLE, name)


def test_stamp_tells_whether_a_file_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.md")
    path = tmp_path / "a.md"
    source = SourceFile(str(path), "a.md", SourceKind.ARTICLE)
    first = file_stamp(source)
    assert first is not None
    assert (first == file_stamp(source), first.is_settled) == (True, False)

    now = time.time_ns
    monkeypatch.setattr("graph.reading.files.time.time_ns", lambda: now() + 3_000_000_000)
    settled = file_stamp(source)
    assert settled is not None
    assert (settled.content, settled.is_settled) == (first.content, True)

    path.write_text("longer text")
    assert file_stamp(source) != settled
    path.unlink()
    assert file_stamp(source) is None
