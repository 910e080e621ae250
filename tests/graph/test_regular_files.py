"""Only regular files are opened, so that nothing that stands in the place of one keeps a reader waiting."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from api.service.trusted_documents import TrustedDocuments
from api.settings import SettingError
from graph.building.live_folders import LiveFolders
from graph.reading.cache_files import program_fingerprint
from graph.regular_files import IrregularFileError, open_regular, read_text


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("far-pipe"))
    path.symlink_to("far-pipe")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_link_to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_socket(path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    os.chdir(path.parent)  # the path of a socket has a length limit
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)
        os.close(here)


MAKERS = [make_pipe, make_link_to_pipe, make_folder, make_link_to_device, make_socket]
Make = Callable[[Path], None]


def in_time(work: Callable[[], Any]) -> Any:
    """What the work answers or raises, unless it hangs."""
    answers: list[Any] = []

    def run() -> None:
        try:
            answers.append(work())
        except Exception as cause:
            answers.append(cause)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert answers, "it hangs"
    if isinstance(answers[0], Exception):
        raise answers[0]
    return answers[0]


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__.removeprefix("make_"))
def make(request: pytest.FixtureRequest) -> Make:
    """Makes something that is no regular file."""
    found: Make = request.param
    return found


@pytest.fixture
def descriptors() -> Iterator[None]:
    """None is left open."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    yield
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_no_file_is_an_error(tmp_path: Path, make: Make) -> None:
    make(tmp_path / "x")
    with pytest.raises(IrregularFileError, match=r"^it is no regular file \(but a device, pipe, socket or folder\)$"):
        in_time(lambda: open_regular(tmp_path / "x"))


@pytest.mark.usefixtures("descriptors")
def test_what_takes_the_place_of_a_file_meanwhile_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    make_pipe(tmp_path / "pipe")
    of_file = (tmp_path / "file").stat()
    monkeypatch.setattr("graph.regular_files.os.stat", lambda path: of_file)
    with pytest.raises(IrregularFileError):
        in_time(lambda: open_regular(tmp_path / "pipe"))


@pytest.mark.usefixtures("descriptors")
def test_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes("a\r\nä\n".encode())
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        with open_regular(tmp_path / name) as file:
            assert (file.readall(), stat.S_ISREG(os.fstat(file.fileno()).st_mode)) == ("a\r\nä\n".encode(), True)
        assert read_text(tmp_path / name) == "a\nä\n"
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "nothing")


# Every place that opens files


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("x.md", "FILE_UNREADABLE"),
        ("_data/topics/x.yaml", "FILE_UNREADABLE"),
        ("_data/organizations/x.md", "FILE_UNREADABLE"),
        ("_config.yml", "SITE_CONFIGURATION_INVALID"),
    ],
)
def test_folder_is_loaded_whatever_stands_in_it(tmp_path: Path, make: Make, name: str, code: str) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    make(tmp_path / name)
    (snapshot,) = in_time(LiveFolders([tmp_path]).load).snapshots.values()
    assert "A" in {node.title for node in snapshot.nodes.values() if hasattr(node, "title")}
    told = {(problem.code.value, problem.file) for problem in snapshot.problems if problem.file != "a.md"}
    if make is make_folder:
        assert told <= {("FOLDER_NAMED_LIKE_FILE", name)}
    elif make is make_link_to_device:
        assert told or name == "_config.yml"  # a link out of the folder is not followed
    else:
        assert (code, name) in told


def test_cache_is_written_anew_whatever_stands_in_its_place(tmp_path: Path, make: Make) -> None:
    folder, cache = tmp_path / "articles", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.md").write_text("---\ntitle: A\n---\n", encoding="utf-8")
    in_time(LiveFolders([folder], cache=cache).load)
    (file,) = cache.glob("*.cache")
    file.unlink()
    make(file)
    assert in_time(LiveFolders([folder], cache=cache).load).parsed_count == 1
    if make is make_folder:
        return  # it is left alone
    assert file.read_bytes().startswith(program_fingerprint())


@pytest.mark.parametrize("name", ["x.graphql", "x.gql", "x.json"])
def test_trusted_documents_tell_what_is_no_file(tmp_path: Path, make: Make, name: str) -> None:
    (tmp_path / "a.graphql").write_text("{ __typename }", encoding="utf-8")
    make(tmp_path / name)
    with pytest.raises(SettingError) as told:
        in_time(lambda: TrustedDocuments(tmp_path))
    assert str(told.value) == (
        f"{tmp_path / name} cannot be read as trusted documents: "
        "it is no regular file (but a device, pipe, socket or folder)."
    )
