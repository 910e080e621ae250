import json
import os
import re
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from io import BytesIO
from math import isclose
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graph.analysis.metrics import metrics
from graph.analysis.positions import Point, positions
from graph.analysis.stories import stories
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.errors import ExportError
from graph.export import selection
from graph.export.attributes import NODE_ATTRIBUTES
from graph.export.formats import ExportFormat
from graph.export.selection import EDGE_ATTRIBUTES
from graph.export.writing import CHUNK_SIZE, export_chunks, write_export

DOCS = Path(__file__).parents[3] / "docs" / "exports.md"

every_format = pytest.mark.parametrize("export_format", ExportFormat)


def contents(data: bytes) -> bytes:
    """What the file holds, unpacked if it is an archive, its last table last."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return b"".join(file_contents(archive.read(name)) for name in archive.namelist())


def file_contents(data: bytes) -> bytes:
    if not data.startswith(b"PAR1"):
        return data
    table = pq.read_table(BytesIO(data))
    return f"{table.to_pylist()}\n{table.schema.to_string()}".encode()


def test_formats_have_the_names_files_and_media_types_that_users_meet() -> None:
    assert {each.value: (each.file_name, each.media_type) for each in ExportFormat} == {
        "graphml": ("graph.graphml", "application/graphml+xml"),
        "gexf": ("graph.gexf", "application/gexf+xml"),
        "json": ("graph.json", "application/json"),
        "cytoscape": ("graph.cyjs", "application/json"),
        "jsonld": ("graph.jsonld", "application/ld+json"),
        "dot": ("graph.dot", "text/vnd.graphviz"),
        "csv": ("graph.zip", "application/zip"),
        "parquet": ("graph.parquet.zip", "application/zip"),
    }


TAKEN = {
    "igraph": {"id", "name", "weight"},
    "Cytoscape": {"SUID", "selected", "shared name", "interaction", "source", "target", "parent", "value"},
    "Gephi": {"weight", "timeset", "x", "y", "z", "xpos", "ypos", "size", "r", "g", "b", "edgelabel", "edgeid"},
    "sigma.js, d3": {"type", "color", "size", "hidden", "highlighted", "x", "y", "vx", "vy", "fx", "fy", "index"},
}
"""Names that programs give a meaning of their own; `label`, `weight` and sigma.js's `image` are meant as they understand them, as is the picture
that formats for programs that draw have besides."""
TAKEN_BY_GRAPHVIZ = set(
    re.findall(
        r"\w+",
        """
        area arrowhead arrowsize arrowtail class color colorscheme comment constraint decorate dir distortion edgeURL
        fillcolor fixedsize fontcolor fontname fontsize gradientangle group head_lp headclip headlabel headport height
        href id imagepos imagescale labelloc layer layout len lhead lp ltail margin minlen nojustify ordering orientation
        penwidth peripheries pin pos rank rects regular root samehead sametail samplepoints shape shapefile showboxes
        sides size skew sortv style tailclip taillabel tailport target tooltip vertices weight width xlabel xlp z
        """,
    )
)


def test_no_attribute_has_a_name_that_a_consumer_takes_for_itself() -> None:
    names = [attribute.name for attribute in NODE_ATTRIBUTES]
    assert len(names) == len(set(names))
    assert not ({*names, *EDGE_ATTRIBUTES} - {"weight"}) & set().union(*TAKEN.values(), TAKEN_BY_GRAPHVIZ)
    assert not set(names) & set(EDGE_ATTRIBUTES)


def test_no_key_of_graphml_is_one_that_gephi_takes_for_a_label(tiny: GraphSnapshot) -> None:
    text = b"".join(export_chunks(tiny, ExportFormat.GRAPHML)).decode()
    keys = re.findall(r'<key id="(\w+)" for="(?:node|edge)"', text)
    assert keys
    assert not {"d3", "d7"} & {*keys}  # yEd's keys for the labels of nodes and edges, whatever they are declared to be


def test_metrics_and_stories_are_those_of_the_graph(seeds: GraphSnapshot) -> None:
    nodes = json.loads(b"".join(export_chunks(seeds, ExportFormat.JSON)))["nodes"]
    every, known = metrics(seeds), stories(seeds)
    for node in nodes:
        of_node = every[node["id"]]
        assert (node["inDegree"], node["outDegree"]) == (of_node.in_degree, of_node.out_degree)
        assert (node["coreness"], node["community"]) == (of_node.core_number, of_node.community)
        assert isclose(node["pageRank"], of_node.page_rank, rel_tol=5e-6)
        assert isclose(node["betweenness"], of_node.betweenness, rel_tol=5e-6)
        assert node.get("story") == known.by_article.get(node["id"])
        assert node.get("storyHeadline") == (known.by_id[node["story"]].headline if "story" in node else None)
    assert 0 < len([node for node in nodes if "story" in node]) < len(nodes)


def test_computed_numbers_have_six_digits(seeds: GraphSnapshot) -> None:
    text = b"".join(export_chunks(seeds, ExportFormat.GRAPHML)).decode()
    decimals = re.findall(r">(0\.0*\d+|\d[\d.]*e-\d+)</data>", text)
    assert len(decimals) > len(seeds.nodes)
    assert max(len(f"{Decimal(decimal).as_tuple().digits}".split(", ")) for decimal in decimals) == 6


@every_format
def test_equal_snapshots_give_the_same_bytes(export_format: ExportFormat, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text("---\nwebUrl: https://one.example/\nrelated: [https://two.example/]\n---\n")
    first, second = (load_snapshot([tmp_path]) for _ in range(2))
    assert first.loaded_at != second.loaded_at
    assert list(export_chunks(first, export_format)) == list(export_chunks(second, export_format))


@every_format
def test_a_stream_comes_in_chunks_of_about_64_kib(export_format: ExportFormat, seeds: GraphSnapshot) -> None:
    *full, last = map(len, export_chunks(seeds, export_format))
    assert all(CHUNK_SIZE <= size < 2 * CHUNK_SIZE for size in full)
    assert 0 < last < 2 * CHUNK_SIZE


@every_format
def test_a_stream_may_be_left_half_read(
    export_format: ExportFormat, seeds: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.export.writing.CHUNK_SIZE", 1)
    monkeypatch.setattr("graph.export.parquet_format.ROW_GROUP_SIZE", 2)
    whole = len(b"".join(export_chunks(seeds, export_format)))
    chunks = export_chunks(seeds, export_format)
    assert 0 < len(next(chunks)) < whole
    del chunks  # an error here would be a warning, and warnings fail tests


@every_format
def test_an_empty_graph_is_a_whole_file(export_format: ExportFormat, tmp_path: Path) -> None:
    snapshot = load_snapshot([tmp_path])
    data = b"".join(export_chunks(snapshot, export_format))
    assert contents(data).endswith(
        (
            b"</graphml>\n",
            b"</gexf>\n",
            b'"edges":[\n]}\n',
            b'"edges":[\n]}}\n',
            b'"@graph":[\n]}\n',
            b'" {\n}\n',
            b"weight\r\n",
            b"weight: double\n-- schema metadata --\nversion: '" + snapshot.version.encode() + b"'",
        )
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
    data = contents(b"".join(export_chunks(load_snapshot([tmp_path]), export_format)))
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


@every_format
def test_a_part_is_written_like_the_whole(export_format: ExportFormat, tiny: GraphSnapshot, tmp_path: Path) -> None:
    ids = ["a_storm", "t_sea"]
    write_export(tiny, export_format, tmp_path / "part", ids)
    assert (tmp_path / "part").read_bytes() == b"".join(export_chunks(tiny, export_format, ids))


class TestWithoutPyarrow:
    MESSAGE = r'Parquet files are written by pyarrow, which is not installed. Run: pip install "frontgraph\[parquet\]"'

    @pytest.fixture(autouse=True)
    def without_pyarrow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delitem(sys.modules, "graph.export.parquet_format", raising=False)
        monkeypatch.setitem(sys.modules, "pyarrow", None)

    def test_the_call_says_what_to_install(self, tiny: GraphSnapshot) -> None:
        with pytest.raises(ExportError, match=self.MESSAGE):
            export_chunks(tiny, ExportFormat.PARQUET)

    def test_no_file_is_touched(self, tiny: GraphSnapshot, tmp_path: Path) -> None:
        (tmp_path / "graph.parquet.zip").write_text("old")
        with pytest.raises(ExportError, match=self.MESSAGE):
            write_export(tiny, ExportFormat.PARQUET, tmp_path / "graph.parquet.zip")
        assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]

    def test_the_other_formats_are_written(self, tiny: GraphSnapshot) -> None:
        for export_format in {*ExportFormat} - {ExportFormat.PARQUET}:
            assert list(export_chunks(tiny, export_format))


def test_a_fault_inside_pyarrow_is_not_taken_for_its_absence(
    tiny: GraphSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "graph.export.parquet_format", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(ModuleNotFoundError, match=r"pyarrow\.parquet"):
        export_chunks(tiny, ExportFormat.PARQUET)


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
            assert received.result(timeout=120) == b"".join(export_chunks(tiny, ExportFormat.JSON))


def test_the_documentation_lists_every_attribute_with_type_and_kinds() -> None:
    table = [
        line.strip("| ").split(" | ") for line in DOCS.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    documented = {row[0].strip("`"): (row[1], row[2]) for row in table if len(row) == 4}
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


@every_format
def test_places_are_computed_for_files_that_tell_them_alone(
    tiny: GraphSnapshot, export_format: ExportFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[GraphSnapshot] = []

    def noted(snapshot: GraphSnapshot) -> Mapping[str, Point]:
        asked.append(snapshot)
        return positions(snapshot)

    monkeypatch.setattr(selection, "positions", noted)

    assert b"".join(export_chunks(tiny, export_format))

    assert bool(asked) is export_format.draws_nodes
