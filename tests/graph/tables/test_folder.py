"""A snapshot as a folder of tables: whatever it holds comes back, and whatever happens to the folder is told."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path
from random import Random

import orjson
import pyarrow.parquet as pq
import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import ExportError, FolderError
from graph.tables.folder import is_built, read_folder, read_manifest, write_folder
from tests.folders import document, folder_snapshot
from tests.folders import write_folder as write_documents

ODD = {
    "a.md": "---\ntitle: \"Null \\0 and \\u2028 and \\U0001F600\"\ndate: 0001-01-01\nn: 1\nf: 1.0\nyes: true\nnested: {b: [1, {a: null}], a: ''}\n---\nBody\twith [b](b.md).\n",
    "b.md": "---\ntitle: 'é'\ndate: 9999-12-31T23:59:59.999999Z\nauthors: [Ann, Bob]\ntags: [x/y, z]\nimages: [{url: 'https://x.example/i.png', width: 3}]\n---\n",
    "series/c.md": "---\ntitle: C\nseries: [S]\ndate: 2020-02-30\n---\n",
    "series/d.md": "---\ntitle: D\nseries: [S]\nslug: same\n---\n",
    "series/e.md": "---\ntitle: E\nslug: same\naliases: [/old/, f]\ntranslationKey: d\n---\n",
    "empty.md": "",
    "frontgraph.toml": '[site]\nname = "Odd"\nurl = "https://odd.example"\n',
}


def assert_comes_back(snapshot: GraphSnapshot, folder: Path) -> None:
    """What is read is what was written, value by value, in its types and in its order."""
    assert write_folder(snapshot, folder, unpublished=False)
    _, found = read_folder(folder)
    assert found.version == snapshot.version
    assert list(found.nodes) == list(snapshot.nodes)
    for node_id, node in snapshot.nodes.items():
        for field in fields(node):
            new, old = (getattr(one.nodes[node_id], field.name) for one in (found, snapshot))
            assert (type(new), new) == (type(old), old)
            assert orjson.dumps(new, default=dict) == orjson.dumps(old, default=dict)  # tells 1 from 1.0
    for field in fields(snapshot):
        if field.name not in ("nodes", "digests", "edge_structures", "structure", "derived"):
            assert getattr(found, field.name) == getattr(snapshot, field.name), field.name
    assert list(found.inventory.hidden) == list(snapshot.inventory.hidden)


class TestWhatComesBack:
    def test_seeds(self, seeds: GraphSnapshot, tmp_path: Path) -> None:
        assert seeds.inventory.hidden
        assert_comes_back(seeds, tmp_path / "built")

    def test_a_blog(self, blog: GraphSnapshot, tmp_path: Path) -> None:
        assert_comes_back(blog, tmp_path / "built")

    def test_odd_values(self, tmp_path: Path) -> None:
        snapshot = folder_snapshot(tmp_path / "documents", ODD, unpublished=True)
        assert {"parts", "next", "problems"} <= {
            name for name in ("parts", "next", "problems") if getattr(snapshot, name)
        }
        assert_comes_back(snapshot, tmp_path / "built")

    def test_nothing_at_all(self, tmp_path: Path) -> None:
        assert_comes_back(folder_snapshot(tmp_path / "documents", {"x.txt": ""}), tmp_path / "built")

    @pytest.mark.thorough
    def test_real_articles(self, azure: GraphSnapshot, tmp_path: Path) -> None:
        assert_comes_back(azure, tmp_path / "built")

    @pytest.mark.thorough
    def test_real_sites(self, shared: Path, tmp_path: Path) -> None:
        sites = [path for path in sorted((shared / "sites").iterdir()) if path.is_dir()]
        assert len(sites) > 5
        for site in sites:
            assert_comes_back(load_snapshot([site]), tmp_path / site.name)


class TestVersions:
    @pytest.fixture
    def two(self, tmp_path: Path) -> tuple[GraphSnapshot, GraphSnapshot, GraphSnapshot]:
        first, second, third = (
            folder_snapshot(tmp_path / str(number), {"a.md": document(title=f"Title {number}")}) for number in range(3)
        )
        return first, second, third

    def test_the_last_is_current_and_the_one_before_stays(
        self, two: tuple[GraphSnapshot, GraphSnapshot, GraphSnapshot], tmp_path: Path
    ) -> None:
        folder = tmp_path / "built"
        assert [write_folder(snapshot, folder, False) for snapshot in (two[0], two[0], two[1], two[2])] == [
            *(True, False),
            *(True, True),
        ]
        assert read_folder(folder)[1].version == two[2].version
        kept = {path.name for path in folder.iterdir()}
        assert kept == {"graph.json", two[1].version, two[2].version}

    def test_what_a_site_hides_makes_another_graph_though_the_version_is_the_same(
        self, two: tuple[GraphSnapshot, GraphSnapshot, GraphSnapshot], tmp_path: Path
    ) -> None:
        assert write_folder(two[0], tmp_path / "built", False)
        assert write_folder(two[0], tmp_path / "built", True)
        assert read_manifest(tmp_path / "built").unpublished

    def test_of_the_one_before_serves_what_is_the_same(self, seeds: GraphSnapshot, tmp_path: Path) -> None:
        write_folder(seeds, tmp_path / "built", False)
        _, found = read_folder(tmp_path / "built", seeds)
        assert all(found.targets[kind] is seeds.targets[kind] for kind in found.targets)

    @pytest.mark.thorough
    def test_who_is_killed_while_writing_leaves_a_whole_graph(self, tmp_path: Path) -> None:
        """At twenty moments drawn from the time that two versions take."""
        for number in (0, 1):
            names = {f"{name}.md": document(title=f"{name} {number}", topics="[a, b]") for name in range(300)}
            write_documents(tmp_path / str(number), names)
        versions = {load_snapshot([tmp_path / str(number)]).version for number in (0, 1)}
        folder = tmp_path / "built"
        write_folder(load_snapshot([tmp_path / "0"]), folder, False)
        draw = Random(5)
        for _ in range(20):
            with subprocess.Popen([sys.executable, "-c", _ALTERNATE, str(tmp_path)], stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(draw.uniform(0, 0.2))
                process.send_signal(signal.SIGKILL)
            assert read_folder(folder)[1].version in versions


_ALTERNATE = """
import sys
from itertools import cycle
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.tables.folder import write_folder
here = Path(sys.argv[1])
snapshots = [load_snapshot([here / number]) for number in ("1", "0")]
print("begun", flush=True)
for snapshot in cycle(snapshots):
    write_folder(snapshot, here / "built", False)
"""


class TestWhatIsWrong:
    @pytest.fixture
    def folder(self, seeds: GraphSnapshot, tmp_path: Path) -> Path:
        write_folder(seeds, tmp_path / "built", False)
        return tmp_path / "built"

    def table(self, folder: Path, name: str) -> Path:
        return folder / read_manifest(folder).version / f"{name}.parquet"

    @pytest.mark.parametrize("name", ["articles", "providers", "topics", "persons", "edges", "problems"])
    def test_a_table_that_is_gone_or_cut(self, name: str, folder: Path) -> None:
        table = self.table(folder, name)
        table.write_bytes(table.read_bytes()[:-100])
        with pytest.raises(FolderError, match=r"^The graph built in .* cannot be read: .* Build it again\.$"):
            read_folder(folder)
        table.unlink()
        with pytest.raises(FolderError, match=r"cannot be read: .* Build it again\.$"):
            read_folder(folder)

    def test_a_table_with_other_values(self, folder: Path) -> None:
        table = self.table(folder, "topics")
        rows = pq.read_table(table)
        pq.write_table(rows.slice(1), table)
        with pytest.raises(
            FolderError, match=r"is damaged, or was built by another version of frontgraph\. Build it again\.$"
        ):
            read_folder(folder)

    def test_edges_out_of_order(self, folder: Path) -> None:
        table = self.table(folder, "edges")
        rows = pq.read_table(table)
        pq.write_table(rows.sort_by([("position", "descending")]), table)
        with pytest.raises(FolderError, match=r"cannot be read: A row of the table of edges is none of a graph\."):
            read_folder(folder)

    def test_a_column_that_is_missing(self, folder: Path) -> None:
        table = self.table(folder, "articles")
        pq.write_table(pq.read_table(table).drop_columns(["title"]), table)
        with pytest.raises(FolderError, match=r"articles\.parquet has no column 'title'\."):
            read_folder(folder)

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", "{}", '{"frontgraph": 2, "version": "1"}', '{"frontgraph": 1, "version": "../x"}']
    )
    def test_a_manifest_that_is_none_of_ours_makes_a_folder_of_documents(self, text: str, folder: Path) -> None:
        (folder / "graph.json").write_text(text)
        assert not is_built(folder)
        with pytest.raises(FolderError, match=r"holds no built graph; `frontgraph build FOLDER --into "):
            read_folder(folder)

    @pytest.mark.parametrize("key", ["loadedAt", "unpublished", "inventory", "sites"])
    def test_a_manifest_that_lacks_something(self, key: str, folder: Path) -> None:
        values = json.loads((folder / "graph.json").read_text())
        del values[key]
        (folder / "graph.json").write_text(json.dumps(values))
        with pytest.raises(
            FolderError, match=r"is damaged, or of another version of frontgraph\. Build the graph again\.$"
        ):
            read_folder(folder)

    def test_a_pipe_in_the_place_of_the_manifest(self, folder: Path) -> None:
        (folder / "graph.json").unlink()
        os.mkfifo(folder / "graph.json")
        assert not is_built(folder)
        with pytest.raises(FolderError, match=r"cannot be read: it is no regular file"):
            read_folder(folder)

    def test_a_folder_of_something_else_is_not_written_to(self, seeds: GraphSnapshot, tmp_path: Path) -> None:
        (tmp_path / "mine.txt").write_text("mine")
        with pytest.raises(FolderError, match=r"holds other files; name a new or empty folder"):
            write_folder(seeds, tmp_path, False)
        assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

    def test_no_space_leaves_what_was_there(
        self, folder: Path, blog: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = read_folder(folder)[1].version
        monkeypatch.setattr(Path, "rename", _full)
        with pytest.raises(OSError, match="No space left"):
            write_folder(blog, folder, False)
        assert read_folder(folder)[1].version == before
        assert len(list(folder.iterdir())) == 2

    def test_without_pyarrow_it_says_what_to_install(
        self, folder: Path, blog: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(sys.modules, "graph.tables.parquet", raising=False)
        monkeypatch.delattr("graph.tables.parquet", raising=False)
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        message = r'for which pyarrow is needed\. Run: pip install "frontgraph\[parquet\]"$'
        with pytest.raises(ExportError, match=message):
            write_folder(blog, folder, False)
        with pytest.raises(FolderError, match=message):
            read_folder(folder)


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_whoever_reads_while_two_versions_come_gets_the_newest(
    seeds: GraphSnapshot, blog: GraphSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "built"
    write_folder(seeds, folder, False)
    stale = read_manifest(folder)
    shutil.rmtree(folder / stale.version)
    write_folder(blog, folder, False)
    manifests = iter([stale])
    monkeypatch.setattr(
        "graph.tables.folder.read_manifest", lambda place: next(manifests, None) or read_manifest(place)
    )
    assert read_folder(folder)[1].version == blog.version
