"""What is told of changes to real files; a wait is over as soon as it is told, so the limits are generous."""

import asyncio
import os
import resource
import shutil
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from graph.reading.watch import changes

PATIENCE = 120.0


class Told:
    """What a watcher of some folders tells, step by step."""

    def __init__(self, *folders: Path) -> None:
        self.bursts: AsyncGenerator[frozenset[Path], None] = changes(folders)

    async def next(self) -> set[str]:
        """The names of what changed in the next burst."""
        return {path.name for path in await asyncio.wait_for(anext(self.bursts), PATIENCE)}

    async def until(self, *names: str) -> set[str]:
        """All names up to the burst with which these were told."""
        told: set[str] = set()
        while not told.issuperset(names):
            told |= await self.next()
        return told

    async def until_unknown(self) -> None:
        while await self.next():
            pass


def watch(scenario: Callable[[Told], object], *folders: Path) -> None:
    async def run() -> None:
        told = Told(*folders)
        async with aclosing(told.bursts):
            await told.until_unknown()  # now it watches
            await scenario(told)  # type: ignore[misc]

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _looks_more_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each watch begins with the wait for one look, and much is seen by nothing else."""
    monkeypatch.setattr("graph.reading.watch._LOOK", 0.2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "a.md").write_text("a")
    (tmp_path / "docs" / "sub" / "b.md").write_text("b")
    return tmp_path / "docs"


def test_it_begins_with_a_burst_of_unknown_paths(folder: Path) -> None:
    watch(lambda told: asyncio.sleep(0), folder)


def test_files_that_are_written_made_renamed_and_deleted_are_told(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder / "a.md").write_text("new")
        assert await told.next() == {"a.md"}
        (folder / "sub" / "c.md").write_text("c")
        assert await told.next() == {"c.md"}
        (folder / "a.md").rename(folder / "d.md")
        assert await told.until("a.md", "d.md") == {"a.md", "d.md"}
        (folder / "d.md").unlink()
        assert await told.next() == {"d.md"}

    watch(scenario, folder)


def test_many_files_are_one_burst(folder: Path) -> None:
    names = {f"{number}.md" for number in range(500)}

    async def scenario(told: Told) -> None:
        for name in names:
            (folder / name).write_text(name)
        assert await told.next() == names

    watch(scenario, folder)


def test_files_that_cannot_matter_are_not_told(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        for name in (".a.md.swp", ".hidden.md", "notes.txt", "a.md~", "a.md.tmp"):
            (folder / name).write_text("x")
        (folder / ".git").mkdir()
        (folder / ".git" / "index.md").write_text("x")
        await asyncio.sleep(0.5)
        (folder / "e.md").write_text("e")
        assert await told.next() == {"e.md"}

    watch(scenario, folder)


def test_configuration_above_is_told_of_and_nothing_else_there(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder.parent / "notes.md").write_text("x")
        (folder.parent / "hugo.toml").write_text("title = 'A'")
        assert await told.next() == {"hugo.toml"}
        (folder.parent / "hugo.tmp").write_text("title = 'B'")
        (folder.parent / "hugo.tmp").replace(folder.parent / "hugo.toml")
        assert await told.next() == {"hugo.toml"}
        (folder.parent / "config" / "_default").mkdir(parents=True)
        (folder.parent / "config" / "_default" / "params.toml").write_text("a = 1")
        assert await told.next() == {"params.toml"}
        (folder.parent / "hugo.toml").unlink()
        assert await told.next() == {"hugo.toml"}

    watch(scenario, folder)


def test_configuration_above_a_site_of_its_own_is_not_told(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder.parent / "hugo.toml").write_text("title = 'A'")
        await asyncio.sleep(0.5)  # more than one look
        (folder / "e.md").write_text("e")
        assert await told.next() == {"e.md"}

    (folder / "_config.yml").write_text("title: A")
    watch(scenario, folder)


def test_file_that_an_editor_puts_in_the_place_of_another_is_told(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder / "a.md.tmp").write_text("new")
        (folder / "a.md.tmp").replace(folder / "a.md")
        assert "a.md" in await told.next()

    watch(scenario, folder)


def test_catalogues_are_told_and_other_data_is_not(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder / "_data" / "topics").mkdir(parents=True)
        await told.until("_data")
        await asyncio.sleep(0.5)
        (folder / "_data" / "menu.yaml").write_text("x")
        (folder / "_data" / "topics" / "ai.yaml").write_text("name: AI")
        assert "menu.yaml" not in await told.until("ai.yaml")

    watch(scenario, folder)


def test_folders_that_appear_move_and_go_are_told(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder / "sub").rename(folder / "v1.2")
        assert "v1.2" in await told.until("v1.2")
        (folder / "v1.2" / "b.md").write_text("in its new place")
        await told.until("b.md")
        (folder / "v1.2").rename(folder.parent / "elsewhere")
        assert await told.next() == {"v1.2"}
        shutil.copytree(folder.parent / "elsewhere", folder / "back")
        await told.until("back")
        (folder / "back" / "f.md").write_text("f")
        await told.until("f.md")

    watch(scenario, folder)


@pytest.mark.parametrize("pause", [0, 1.5])
@pytest.mark.thorough
def test_folder_that_is_deleted_and_comes_back_is_watched_again(folder: Path, pause: float) -> None:
    async def scenario(told: Told) -> None:
        shutil.rmtree(folder)
        await told.next()
        await asyncio.sleep(pause)
        folder.mkdir()
        await told.until_unknown()
        await asyncio.sleep(2.5)  # however it was noticed, by now the folder is watched
        (folder / "g.md").write_text("g")
        await told.until("g.md")

    watch(scenario, folder)


def test_link_that_leads_to_another_folder_now_is_followed(folder: Path, tmp_path: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "current"
    other.mkdir()
    link.symlink_to(folder)

    async def scenario(told: Told) -> None:
        (tmp_path / "next").symlink_to(other)
        (tmp_path / "next").replace(link)
        await told.until_unknown()
        await told.until_unknown()
        (other / "h.md").write_text("h")
        await told.until("h.md")

    watch(scenario, link)


def test_several_folders_are_watched_even_if_one_is_missing_for_now(folder: Path, tmp_path: Path) -> None:
    late = tmp_path / "late"

    async def scenario(told: Told) -> None:
        (folder / "i.md").write_text("i")
        assert await told.next() == {"i.md"}
        late.mkdir()
        await told.until_unknown()
        await told.until_unknown()
        (late / "j.md").write_text("j")
        assert await told.until("j.md") == {"j.md"}

    watch(scenario, folder, late)


@pytest.mark.skipif(os.name == "nt", reason="only where links need no permission")
def test_links_inside_the_folder_are_followed(folder: Path) -> None:
    async def scenario(told: Told) -> None:
        (folder / "link").symlink_to(folder / "sub")
        await told.until("link")
        (folder / "sub" / "k.md").write_text("k")
        await told.until("k.md")

    watch(scenario, folder)


def test_changes_are_looked_for_where_they_are_not_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")

    async def scenario(told: Told) -> None:
        (folder / "l.md").write_text("l")
        await told.until("l.md")

    watch(scenario, folder)


def test_watching_that_fails_is_told_and_begins_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("graph.reading.watch._PAUSE", 0.1)

    async def run() -> None:
        told = Told(folder)
        async with aclosing(told.bursts):
            with no_more_open_files():
                first = asyncio.ensure_future(told.next())
                while not caplog.records:
                    await asyncio.sleep(0.01)
            assert await first == set()
            (folder / "m.md").write_text("m")
            await told.until("m.md")

    asyncio.run(run())
    assert "Watching for changes failed: Error creating recommended watcher: Too many open files" in caplog.messages[0]


@pytest.mark.thorough
def test_watching_that_fails_while_it_watches_begins_anew_as_often_as_it_takes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failures = iter([WatchfilesRustInternalError("lost"), ExceptionGroup("", [OSError("no descriptors")]), None])

    async def failing(*folders: Path, **options: Any) -> AsyncGenerator[set[Any], None]:
        async for batch in awatch(*folders, **options):
            yield batch
            if failure := next(failures):
                raise failure

    monkeypatch.setattr("graph.reading.watch._PAUSE", 0.1)
    monkeypatch.setattr("graph.reading.watch.awatch", failing)

    async def scenario(told: Told) -> None:
        await told.until_unknown()
        await told.until_unknown()
        (folder / "n.md").write_text("n")
        await told.until("n.md")

    watch(scenario, folder)
    assert [message.partition(". ")[0] for message in caplog.messages if "failed" in message] == [
        "Watching for changes failed: lost",
        "Watching for changes failed: no descriptors",
    ]


@contextmanager
def no_more_open_files() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    next_free = os.dup(0)
    os.close(next_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (next_free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_watching_ends_when_its_task_is_cancelled(folder: Path) -> None:
    async def run() -> None:
        async def consume() -> None:
            async for _ in changes([folder]):
                pass

        task = asyncio.create_task(consume())
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)

    asyncio.run(run())
