import errno
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graph.reading.cache_files
from graph.reading.cache_files import (
    PARSERS,
    cache_file,
    cache_folder,
    fingerprinted_modules,
    is_private,
    mark_used,
    opened,
    read_block,
    skip_block,
    write_cache_file,
)
from tests.cases import random_cases

ROOT = Path(__file__).parents[3]


def blocks(path: Path) -> list[bytes] | None:
    """The blocks that can be read; None if the file cannot be trusted."""
    with opened(path) as file:
        if file is None:
            return None
        found = []
        while (block := read_block(file)) is not None:
            found.append(block)
        return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return cache_file(tmp_path / "cache", "test", [tmp_path])


def test_written_blocks_are_read(path: Path) -> None:
    write_cache_file(path, [b"one", b"", b"x" * 100_000])

    assert blocks(path) == [b"one", b"", b"x" * 100_000]
    with opened(path) as file:
        assert file is not None
        assert skip_block(file)
        assert read_block(file) == b""
        assert skip_block(file)
        assert not skip_block(file)


def test_folder_and_file_are_for_their_owner_alone(path: Path) -> None:
    old_mask = os.umask(0)
    try:
        write_cache_file(path, [])
    finally:
        os.umask(old_mask)

    assert (path.parent.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_folder_that_others_may_write_to_is_neither_read_nor_written(path: Path) -> None:
    write_cache_file(path, [b"one"])
    path.parent.chmod(0o770)

    write_cache_file(path, [b"two"])

    assert blocks(path) is None
    path.parent.chmod(0o700)
    assert blocks(path) == [b"one"]


def test_folder_of_another_user_is_not_trusted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cache_file(path, [b"one"])
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    assert not is_private(path.parent)
    assert blocks(path) is None


def test_link_to_a_folder_is_not_trusted(path: Path, tmp_path: Path) -> None:
    write_cache_file(path, [b"one"])
    (tmp_path / "link").symlink_to(path.parent)

    assert blocks(tmp_path / "link" / path.name) is None


def test_file_of_another_version_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cache_file(path, [b"one"])
    monkeypatch.setattr(graph.reading.cache_files, "program_fingerprint", lambda: bytes(32))

    assert blocks(path) is None


@random_cases(1_000)
@given(st.data())
def test_damage_is_noticed(data: st.DataObject) -> None:
    written = [b"first", b"second" * 20]
    with tempfile.TemporaryDirectory() as folder:
        path = cache_file(Path(folder), "test", [])
        write_cache_file(path, written)
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            del content[place:]
        else:
            content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)

        assert blocks(path) in (None, [], written[:1])


def full_disk(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_cache_file(path, [b"old"])

    def parts() -> Any:
        yield b"new"
        full_disk()

    write_cache_file(path, parts())
    monkeypatch.setattr(tempfile, "mkstemp", full_disk)
    write_cache_file(path, [b"new"])

    assert blocks(path) == [b"old"]
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = cache_file(tmp_path / "file" / "cache", "test", [])

    write_cache_file(path, [b"one"])
    mark_used(path)

    assert blocks(path) is None


def test_files_that_served_longest_ago_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [cache_file(tmp_path / "cache", name, []) for name in "abcd"]
    for age, path in enumerate(paths):
        write_cache_file(path, [bytes(1_000)])
        os.utime(path, (time.time() - 100 * age - 100,) * 2)
    mark_used(paths[2])
    monkeypatch.setattr(graph.reading.cache_files, "SIZE_LIMIT", 3_500)

    write_cache_file(paths[3], [bytes(1_000)])

    assert [path.exists() for path in paths] == [True, False, True, True]


def test_large_file_may_stay_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.reading.cache_files, "SIZE_LIMIT", 10)

    write_cache_file(path, [bytes(1_000)])

    assert blocks(path) == [bytes(1_000)]


def test_what_was_left_unfinished_is_removed_after_a_while(path: Path) -> None:
    write_cache_file(path, [])
    for name, age in (("old.unfinished", 7_200), ("new.unfinished", 60)):
        (path.parent / name).write_bytes(b"")
        os.utime(path.parent / name, (time.time() - age,) * 2)

    write_cache_file(path, [])

    assert {found.name for found in path.parent.iterdir()} == {path.name, "new.unfinished"}


def test_file_that_cannot_be_read_has_no_blocks(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.mkdir()

    assert blocks(path) is None


def test_purposes_and_roots_have_files_of_their_own(tmp_path: Path) -> None:
    roots = [[], [tmp_path], [tmp_path / "a"], [tmp_path, tmp_path / "a"], [tmp_path / "a", tmp_path]]

    names = {cache_file(tmp_path, purpose, root) for purpose in ("x", "y") for root in roots}

    assert len(names) == 10
    assert cache_file(tmp_path, "x", [tmp_path / "a" / ".."]) == cache_file(tmp_path, "x", [tmp_path])


@pytest.mark.parametrize(
    ("environment", "platform", "folder"),
    [
        ({"XDG_CACHE_HOME": "/x"}, "linux", "/x/frontgraph"),
        ({"XDG_CACHE_HOME": "/x"}, "darwin", "/x/frontgraph"),
        ({"XDG_CACHE_HOME": "relative"}, "linux", "/home/me/.cache/frontgraph"),
        ({}, "linux", "/home/me/.cache/frontgraph"),
        ({}, "darwin", "/home/me/Library/Caches/frontgraph"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/frontgraph"),
        ({"LOCALAPPDATA": r"C:\Users\me"}, "linux", "/home/me/.cache/frontgraph"),
    ],
)
def test_cache_folder_is_where_the_platform_has_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], platform: str, folder: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/me"))

    assert cache_folder(environment) == Path(folder)


def test_user_without_a_home_has_no_cache_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)

    assert cache_folder({}) is None


def test_blocks_end_where_their_file_ends() -> None:
    with tempfile.TemporaryFile() as file:
        assert read_block(file) is None
        assert not skip_block(file)


OF_RAPIDYAML = {"deprecation", "packaging"}
"""What it warns with, and reads nothing with."""
IMPORTED = """
import json, sys
before = {*sys.modules}
import graph.reading.parse_cache, graph.reading.parsing, graph.reading.parallel
from importlib.metadata import packages_distributions
modules = {name.partition(".")[0] for name in {*sys.modules} - before}
libraries = {library for name, found in packages_distributions().items() if name in modules for library in found}
files = [module.__file__ for name, module in sys.modules.items() if name.partition(".")[0] == "graph"]
print(json.dumps([files, sorted(libraries)]))
"""


def test_fingerprint_is_of_everything_that_reading_a_file_imports() -> None:
    answer = subprocess.run([sys.executable, "-c", IMPORTED], check=True, capture_output=True, cwd=ROOT)
    modules, libraries = json.loads(answer.stdout)

    assert "parsing.py" in {Path(module).name for module in modules}
    assert {*modules} <= {str(module) for module in fingerprinted_modules()}
    assert {library.lower() for library in libraries} <= {*PARSERS, *OF_RAPIDYAML}
