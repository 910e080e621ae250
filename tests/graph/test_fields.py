"""The table of an article's fields: a new one is a line there and a line in the GraphQL type, and everything knows it."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from graph.fields import ArticleField, FieldKind
from graph.model import ARTICLE_FIELDS

ROOT = Path(__file__).parents[2]


def test_rows_say_how_a_field_is_called_everywhere() -> None:
    rows = {field.attribute: field for field in ARTICLE_FIELDS}

    assert rows["cdn_amp_web_url"] == ArticleField(
        "cdn_amp_web_url", "cdnAmpWebUrl", FieldKind.URL, "cdnAmpWebUrl", None
    )
    assert rows["type"] == ArticleField("type", "type", FieldKind.NAME, "articleType", None)
    assert rows["heat"] == ArticleField("heat", "heat", FieldKind.NUMBER, "heat", 0)
    assert rows["title"].export is None


def test_documentation_has_each_field_with_its_kind() -> None:
    page = (ROOT / "docs" / "data-model.md").read_text()
    documented = {
        name: meaning
        for names, meaning in re.findall(
            r"^\| (`[^|]+`) \| ([^|]+) \|$",
            page.partition("\n| field | value |\n")[2].partition("\n\n")[0],
            re.MULTILINE,
        )
        for name in re.findall(r"`(\w+)`", names)
    }

    for field in ARTICLE_FIELDS:
        assert documented[field.name].startswith("a list" if field.kind is FieldKind.IMAGES else field.kind.value)


FILTER = """
import sys
from pathlib import Path
from graph.building.live_folders import load_snapshot
from graph.lists.filters import Compare, Operator, compile_filter
from graph.model import Article

snapshot = load_snapshot([Path(sys.argv[1])])
passes = compile_filter(snapshot, Article, Compare("section", Operator.EQ, "Sport"))
print([node.slug for node in snapshot.nodes.values() if isinstance(node, Article) and passes(node)])
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """This program with one field more: a line in the table, and a line in the type."""
    for package in ("graph", "api"):
        ignored = shutil.ignore_patterns("__pycache__", "node_modules", "static", "frontend")
        shutil.copytree(ROOT / package, tmp_path / "program" / package, ignore=ignored)
    for module, before, line in (
        ("graph/model.py", "    quality: int | None = row(", "    section: str | None = row(FieldKind.NAME)\n"),
        ("api/schema/object_types.py", "    quality: int | None = ", "    section: str | None = strawberry.field(description='Its section.')\n"),
    ):  # fmt: skip
        path = tmp_path / "program" / module
        text = path.read_text()
        assert text.count(before) == 1
        path.write_text(text.replace(before, line + before))
    return tmp_path / "program"


@pytest.mark.thorough
def test_new_field_is_one_line_in_the_table_and_one_in_the_type(program: Path, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, fields in {
        "a": {"webUrl": "https://p.example/a", "section": "Sport", "quality": 2, "unknown": 1},
        "a-again": {"webUrl": "https://p.example/a", "section": "News", "quality": 1},
        "b": {"section": ["very", "wrong"], "related": [{"webUrl": "https://p.example/a", "section": "Culture"}]},
    }.items():
        (folder / f"{name}.md").write_text(f"---\n{json.dumps({'title': name, 'provider': 'P', **fields})}\n---\n")

    def output(*command: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(program), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        done = subprocess.run([sys.executable, "-P", *command], capture_output=True, env=environment, cwd=tmp_path)
        return (done.stdout or done.stderr).decode()

    cli = ("-c", "from api.cli import main; main()")
    query = '{ article(by: {slug: "a"}) { section frontMatter conflicts { field value file fieldPath } } }'
    for _ in range(2):  # parsed, and from the cache
        assert json.loads(output(*cli, "query", query, str(folder)))["data"]["article"] == {
            "section": "Sport",
            "frontMatter": {"unknown": 1},
            "conflicts": [
                {"field": "title", "value": "a-again", "file": "a-again.md", "fieldPath": "title"},
                {"field": "section", "value": "News", "file": "a-again.md", "fieldPath": "section"},
                {"field": "quality", "value": 1, "file": "a-again.md", "fieldPath": "quality"},
                {"field": "section", "value": "Culture", "file": "b.md", "fieldPath": "related[0].section"},
            ],
        }
    wrong = "b.md:2: error: section: This is a list, not text; the value is left out. [FIELD_TYPE]\n"
    assert wrong in output(*cli, "check", str(folder))
    graphml = output(*cli, "export", "--format", "graphml", "--output", "-", str(folder))
    assert 'attr.name="section"' in graphml
    assert ">Sport</data>" in graphml
    output(*cli, "export", "--format", "csv", "--output", "graph.zip", str(folder))
    with zipfile.ZipFile(tmp_path / "graph.zip") as archive:
        nodes = list(csv.DictReader(archive.read("nodes.csv").decode("utf-8-sig").splitlines()))
    assert [node["section"] for node in nodes if node["section"]] == ["Sport"]
    assert output("-c", FILTER, str(folder)) == "['a']\n"
