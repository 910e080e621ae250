"""Numbers that JSON cannot carry, from the file to the answer and the export: the text that is written, in every format."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.building.merge import merge
from graph.building.snapshot import build_snapshot
from graph.export.formats import ExportFormat
from graph.export.writing import export_chunks
from graph.reading.loader import load_folders
from graph.reading.parse_cache import ParseCache
from graph.stores.memory import MemoryReader
from tests.api.conftest import Ask
from tests.folders import write_folder

LARGE = "123456789012345678901234567890"
FILES = {
    "yaml.md": f"---\ntitle: A\nlarge: {LARGE}\nlast: 9223372036854775807\ninfinite: 1e999\n---\n",
    "json.md": f'{{"title": "A", "large": {LARGE}, "last": 9223372036854775807, "infinite": 1e999}}\n',
    "toml.md": f'+++\ntitle = "A"\nlarge = {LARGE}\nlast = 9223372036854775807\ninfinite = 1e999\n+++\n',
}
KEPT = {"large": LARGE, "last": 9223372036854775807, "infinite": "1e999"}
QUERY = """{
  articles { nodes { frontMatter } }
  large: articles(filter: { frontMatter: { path: "large", eq: "%s" } }) { totalCount }
  last: articles(filter: { frontMatter: { path: "last", eq: 9223372036854775807 } }) { totalCount }
}"""


@pytest.mark.parametrize("name", FILES)
def test_numbers_beyond_json_are_the_text_as_written(
    name: str, tmp_path: Path, ask_reader: Callable[[MemoryReader], Ask]
) -> None:
    folder = write_folder(tmp_path / "docs", {name: FILES[name]})
    for _ in range(2):  # cold, then from the cache
        snapshot = build_snapshot(merge(load_folders([folder], cache=ParseCache(tmp_path / "cache", [folder]))))

        answer = ask_reader(MemoryReader(snapshot))(QUERY % LARGE)
        exported = json.loads(b"".join(export_chunks(snapshot, ExportFormat.JSON)))

        assert answer["data"] == {
            "articles": {"nodes": [{"frontMatter": KEPT}]},
            "large": {"totalCount": 1},
            "last": {"totalCount": 1},
        }
        assert [node["frontMatter"] for node in exported["nodes"] if node["kind"] == "ARTICLE"] == [KEPT]
