import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest

from graph.export import ExportFormat, export_chunks, write_export
from graph.export.attributes import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from graph.export.writing import CHUNK_SIZE
from graph.loader import load_folders
from graph.merge import merge
from graph.snapshot import GraphSnapshot, build_snapshot

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"

every_format = pytest.mark.parametrize("export_format", ExportFormat)


def contents(data: bytes) -> bytes:
    """What the file holds, unpacked if it is an archive."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_formats_have_the_names_files_and_media_types_that_users_meet() -> None:
    assert {each.value: (each.file_name, each.media_type) for each in ExportFormat} == {
        "graphml": ("graph.graphml", "application/graphml+xml"),
        "gexf": ("graph.gexf", "application/gexf+xml"),
        "json": ("graph.json", "application/json"),
        "cytoscape": ("graph.cyjs", "application/json"),
        "csv": ("graph.zip", "application/zip"),
    }


def test_no_attribute_has_a_name_that_a_consumer_takes_for_itself() -> None:
    names = [attribute.name for attribute in NODE_ATTRIBUTES]
    assert len(names) == len(set(names))
    assert not {*names, *EDGE_ATTRIBUTES} & {"id", "name", "type", "parent", "value", "source", "target", "weight"}
    assert not set(names) & set(EDGE_ATTRIBUTES)


@every_format
def test_equal_snapshots_give_the_same_bytes(export_format: ExportFormat, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("---\nwebUrl: https://one.example/\nrelated: [https://two.example/]\n---\n")
    first, second = (build_snapshot(merge(load_folders([tmp_path]))) for _ in range(2))
    assert first.loaded_at != second.loaded_at
    assert list(export_chunks(first, export_format)) == list(export_chunks(second, export_format))


@every_format
def test_a_stream_comes_in_chunks_of_about_64_kib(export_format: ExportFormat, seeds: GraphSnapshot) -> None:
    *full, last = map(len, export_chunks(seeds, export_format))
    assert all(CHUNK_SIZE <= size < 2 * CHUNK_SIZE for size in full)
    assert 0 < last < 2 * CHUNK_SIZE


@every_format
def test_a_stream_may_be_left_half_read(export_format: ExportFormat, seeds: GraphSnapshot) -> None:
    chunks = export_chunks(seeds, export_format)
    assert len(list(islice(chunks, 1))) == 1
    del chunks  # an error here would be a warning, and warnings fail tests


@every_format
def test_an_empty_graph_is_a_whole_file(export_format: ExportFormat, tmp_path: Path) -> None:
    data = b"".join(export_chunks(build_snapshot(merge(load_folders([tmp_path]))), export_format))
    assert contents(data).endswith(
        (b"</graphml>\n", b"</gexf>\n", b'"edges":[\n]}\n', b'"edges":[\n]}}\n', b"position\r\n")
    )


@every_format
def test_secrets_and_bodies_are_nowhere(export_format: ExportFormat, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(
        "---\n"
        "webUrl: https://one.example/\n"
        "secured: hush-1\n"
        "extra: {secured: hush-2, kept: [{secured: hush-3}]}\n"
        "related: [{webUrl: 'https://two.example/', secured: hush-4, extra: {secured: hush-5}}]\n"
        "---\n"
        "hush-6\n"
    )
    data = contents(b"".join(export_chunks(build_snapshot(merge(load_folders([tmp_path]))), export_format)))
    assert b"https://two.example" in data
    assert b"hush" not in data
    assert b"secured" not in data


@every_format
def test_a_written_file_holds_the_stream(export_format: ExportFormat, tiny: GraphSnapshot, tmp_path: Path) -> None:
    path = tmp_path / export_format.file_name
    write_export(tiny, export_format, path)
    assert path.read_bytes() == b"".join(export_chunks(tiny, export_format))
    assert list(tmp_path.iterdir()) == [path]


def test_writing_replaces_an_older_file(tiny: GraphSnapshot, tmp_path: Path) -> None:
    path = tmp_path / "graph.json"
    path.write_text("old")
    write_export(tiny, ExportFormat.JSON, path)
    assert path.read_bytes().startswith(b'{"directed":true')


def test_the_old_file_stands_until_the_new_one_is_complete(
    tiny: GraphSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.json"
    path.write_text("old")
    seen: list[str] = []

    def watched_chunks(*_: object) -> Iterator[bytes]:
        seen.append(path.read_text())
        yield b"new"
        seen.append(path.read_text())

    monkeypatch.setattr("graph.export.writing.export_chunks", watched_chunks)
    write_export(tiny, ExportFormat.JSON, path)
    assert (seen, path.read_text()) == (["old", "old"], "new")


def failing_chunks(*_: object) -> Iterator[bytes]:
    yield b"half a file"
    raise OSError("the disk is full")


def failing_replace(*_: object) -> None:
    raise OSError("the disk is full")


@pytest.mark.parametrize(
    ("name", "failure"),
    [("graph.export.writing.export_chunks", failing_chunks), ("pathlib.Path.replace", failing_replace)],
)
def test_a_failure_leaves_the_old_file_and_nothing_else(
    name: str, failure: Callable[..., object], tiny: GraphSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "graph.json"
    path.write_text("old")
    monkeypatch.setattr(name, failure)
    with pytest.raises(OSError, match="the disk is full"):
        write_export(tiny, ExportFormat.JSON, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_an_error_of_the_file_system(tiny: GraphSnapshot, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_export(tiny, ExportFormat.JSON, tmp_path / "missing" / "graph.json")


def test_a_folder_in_the_place_of_the_file_is_left_alone(tiny: GraphSnapshot, tmp_path: Path) -> None:
    (tmp_path / "graph.json").mkdir()
    with pytest.raises(OSError, match=r"graph\.json"):
        write_export(tiny, ExportFormat.JSON, tmp_path / "graph.json")
    assert [path.name for path in tmp_path.iterdir()] == ["graph.json"]


@pytest.mark.skipif(os.name == "nt", reason="permissions, links and named pipes are those of Unix")
class TestOnUnix:
    def test_the_umask_decides_who_may_read_the_file(self, tiny: GraphSnapshot, tmp_path: Path) -> None:
        path = tmp_path / "graph.json"
        before = os.umask(0o027)
        try:
            write_export(tiny, ExportFormat.JSON, path)
        finally:
            os.umask(before)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_a_link_stays_a_link(self, tiny: GraphSnapshot, tmp_path: Path) -> None:
        (tmp_path / "real.json").write_text("old")
        (tmp_path / "link.json").symlink_to("real.json")
        write_export(tiny, ExportFormat.JSON, tmp_path / "link.json")
        assert (tmp_path / "link.json").is_symlink()
        assert (tmp_path / "real.json").read_bytes().startswith(b'{"directed":true')

    def test_a_named_pipe_is_written_to_and_not_replaced(self, tiny: GraphSnapshot, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        with ThreadPoolExecutor() as pool:
            received = pool.submit(pipe.read_bytes)
            write_export(tiny, ExportFormat.JSON, pipe)
            assert pipe.is_fifo()
            assert received.result(timeout=10) == b"".join(export_chunks(tiny, ExportFormat.JSON))


def test_the_documentation_lists_every_attribute_with_type_and_kinds() -> None:
    table = [
        line.strip("| ").split(" | ") for line in DOCS.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    documented = {row[0].strip("`"): (row[1], row[2]) for row in table}
    nodes = {
        attribute.name: (attribute.type.value, ", ".join(kind.value for kind in attribute.getters))
        for attribute in NODE_ATTRIBUTES
    }
    edges = {name: (attribute_type.value, "edges") for name, attribute_type in EDGE_ATTRIBUTES.items()}
    assert documented == nodes | edges


def test_the_documentation_names_every_format() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert [each.value for each in ExportFormat if f"--format {each.value}" not in text] == []
    assert [each.file_name for each in ExportFormat if f"/export/{each.file_name}" not in text] == []
