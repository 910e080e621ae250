import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graph.reading.cache_files
import graph.reading.parse_cache
from graph.reading.cache_files import write_cache_file
from graph.reading.loader import LoadResult, load_folders
from graph.reading.packing import write_rows
from graph.reading.parse_cache import ParseCache
from graph.reading.parsing import parse_source
from tests.cases import random_cases, random_from

ROOT = Path(__file__).parents[3]
TEXT = "---\ntitle: A1\nprovider: P\nwebUrl: https://p.example/{name}\nrelated:\n  - webUrl: https://p.example/r\n---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for name in "abc":
        (tmp_path / "docs" / f"{name}.md").write_text(TEXT.format(name=name))
    return tmp_path / "docs"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed, not found."""
    labels: list[str] = []

    def noting(source, data, copies):  # type: ignore[no-untyped-def]
        labels.append(source.label)
        return parse_source(source, data, copies)

    monkeypatch.setattr("graph.reading.loader.parse_source", noting)
    return labels


def load(folder: Path) -> LoadResult:
    """Loads with a cache beside the folder, and checks that it makes no difference."""
    cached = load_folders([folder], cache=ParseCache(folder.parent / "cache", [folder]))
    assert repr(cached) == repr(load_folders([folder], processes=1))
    return cached


def cache_files(folder: Path) -> list[Path]:
    return list((folder.parent / "cache").iterdir())


def load_and_note(folder: Path, parsed: list[str]) -> list[str]:
    """The files that the cache did not know."""
    parsed.clear()
    load_folders([folder], cache=ParseCache(folder.parent / "cache", [folder]))
    noted = list(parsed)
    load(folder)
    return noted


def test_only_what_changed_is_parsed_again(folder: Path, parsed: list[str]) -> None:
    assert load_and_note(folder, parsed) == ["a.md", "b.md", "c.md"]
    assert load_and_note(folder, parsed) == []
    (folder / "b.md").write_text("---\ntitle: B2\n---\n")
    (folder / "d.md").write_text("---\ntitle: D\n---\n")
    (folder / "a.md").unlink()
    assert load_and_note(folder, parsed) == ["b.md", "d.md"]
    (folder / "c.md").rename(folder / "e.md")  # a name is part of what a file says
    assert load_and_note(folder, parsed) == ["e.md"]


def test_change_within_a_tick_of_the_clock_is_seen(folder: Path) -> None:
    path = folder / "a.md"
    status = path.stat()
    for number in range(10):
        path.write_text(path.read_text().replace(f"A{number}", f"A{number + 1}"))
        if number:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert path.stat().st_size in (status.st_size, status.st_size + 1)

        assert load(folder).documents[0].title == f"A{max(1, number + 1)}"


def test_file_of_another_kind_with_the_same_text_is_parsed_as_such(tmp_path: Path) -> None:
    text = "---\nname: A\ntitle: B\n---\n"
    (tmp_path / "docs" / "_data").mkdir(parents=True)
    place = tmp_path / "docs" / "_data" / "organizations"
    place.mkdir()
    (place / "a.md").write_text(text)
    first = load(tmp_path / "docs")
    place.rename(place.parent / "topics")
    second = load(tmp_path / "docs")

    assert [entry.kind.value for entry in (*first.catalogue, *second.catalogue)] == ["ORGANIZATION", "TOPIC"]


def test_other_version_of_the_program_parses_anew(
    folder: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder)
    monkeypatch.setattr(graph.reading.cache_files, "program_fingerprint", lambda: b"x" * 32)

    assert load_and_note(folder, parsed) == ["a.md", "b.md", "c.md"]
    assert load_and_note(folder, parsed) == []
    assert len(cache_files(folder)) == 1


@random_cases(500)
@given(st.data())
def test_damaged_cache_is_ignored_and_mended(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "docs"
        folder.mkdir()
        (folder / "a.md").write_text(TEXT.format(name="a"))
        load_folders([folder], cache=ParseCache(folder.parent / "cache", [folder]))
        [path] = cache_files(folder)
        whole = path.read_bytes()
        content = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
        path.write_bytes(content)

        load(folder)

        assert path.read_bytes() == whole or content == whole


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"[]",
        b"{}",
        write_rows([[], [[None, None, []]]]),
        write_rows([[], [[["a"] * 22, None, []]] * 3]),
        write_rows([[["k"] * 15], [[{}, None, []]] * 3]),
        write_rows([[], [[None, None, [["ERROR", "NO_SUCH_CODE", "m", "f", 1, []]]]] * 3]),
        write_rows([[], [[None, ["f", "TOPIC", "k", "n", *[None] * 9], [[]]]] * 3]),
        b"[" * 100_000,
        b"cos\nsystem\n(S'touch /tmp/owned'\ntR.",
    ],
)
def test_hostile_cache_is_ignored_and_rewritten(folder: Path, parsed: list[str], packed: bytes) -> None:
    load(folder)
    [path] = cache_files(folder)
    with graph.reading.cache_files.opened(path) as file:
        assert file is not None
        keys = graph.reading.cache_files.read_block(file)
    assert keys is not None
    write_cache_file(path, [keys, packed])

    assert load_and_note(folder, parsed) == ["a.md", "b.md", "c.md"]
    assert load_and_note(folder, parsed) == []


def test_cache_may_be_deleted_while_it_is_used(folder: Path) -> None:
    load(folder)
    plain = load_folders([folder])
    for moment in ("before reading", "before saving"):
        cache = ParseCache(folder.parent / "cache", [folder])

        def track(sources: object, moment: str = moment) -> Iterator[object]:
            if moment == "before reading":
                shutil.rmtree(folder.parent / "cache")
            yield from sources  # type: ignore[misc]
            shutil.rmtree(folder.parent / "cache", ignore_errors=True)

        assert repr(load_folders([folder], track, cache)) == repr(plain)  # type: ignore[arg-type]
        load(folder)
        assert len(cache_files(folder)) == 1


def test_cache_may_be_replaced_while_it_is_used(folder: Path) -> None:
    load(folder)
    cache = ParseCache(folder.parent / "cache", [folder])
    plain = load_folders([folder])
    (folder / "a.md").write_text("---\ntitle: New\n---\n")
    other = load_folders([folder], cache=ParseCache(folder.parent / "cache", [folder]))
    (folder / "a.md").write_text(TEXT.format(name="a"))

    assert repr(load_folders([folder], cache=cache)) == repr(plain)
    assert other.documents[0].title == "New"
    load(folder)


WRITER = """
import sys, random
from pathlib import Path
from graph.reading.loader import load_folders
from graph.reading.parse_cache import ParseCache
folder, cache, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
plain = repr(load_folders([folder]).documents)
for _ in range(60):
    kept = ParseCache(cache, [folder])
    if random.random() < 0.5:
        for path in cache.glob("*"):
            if random.random() < 0.5:
                path.unlink(missing_ok=True)
    assert repr(load_folders([folder], cache=kept).documents) == plain
    kept.add(random.randbytes(16), next(iter(kept._new.values()), None) or kept._parts[0].files[0])
    kept.save()
"""


@pytest.mark.parametrize("number", [2, pytest.param(4, marks=pytest.mark.thorough)])
def test_several_processes_may_write_at_once(folder: Path, number: int) -> None:
    command = [sys.executable, "-c", WRITER, str(folder), str(folder.parent / "cache")]
    writers = [
        subprocess.Popen([*command, str(seed)], cwd=ROOT, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)})
        for seed in range(number)
    ]

    errors = [writer.communicate()[1].decode() for writer in writers]

    assert errors == [""] * number
    load(folder)
    assert len(cache_files(folder)) == 1


@pytest.mark.thorough
def test_cache_does_not_grow_with_changes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph.reading.parse_cache, "PART_LENGTH", 16)
    for number in range(40):
        (folder / f"{number:02}.md").write_text(TEXT.format(name=number))
    load(folder)
    [path] = cache_files(folder)
    size = path.stat().st_size
    chance = random_from(7)
    for number in range(60):
        (folder / f"{chance.randrange(40):02}.md").write_text(TEXT.format(name=f"x{number}"))
        load(folder)
        kept = ParseCache(folder.parent / "cache", [folder])
        assert 43 <= len(kept) <= 2 * 43
        assert len(kept._parts) <= 9
        assert path.stat().st_size < 3 * size


def test_no_secret_is_kept(folder: Path) -> None:
    secret = "TOPSECRETVALUE"
    (folder / "a.md").write_text(
        f"---\ntitle: A\nsecured: {secret}\nextra:\n  secured: {secret}\n  b: 1\n"
        f"related:\n  - webUrl: https://p.example/r\n    secured: {secret}\n---\n"
    )
    (folder / "b.md").write_text(
        f'{{\n"secured": "{secret}", "x": [{{"secured": "{secret}"}}], "related": [{{"slug": "s", "secured": "{secret}"}}]\n}}\n'
    )
    (folder / "c.md").write_text(f"---\nsecured: {secret}\n---\n")

    load(folder)

    assert all(secret.encode() not in path.read_bytes() for path in cache_files(folder))


def test_empty_folder_is_cached_too(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()

    assert load(tmp_path / "docs").documents == load(tmp_path / "docs").documents == []
