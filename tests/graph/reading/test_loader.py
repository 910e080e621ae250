import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from pathlib import Path

import pytest

from graph.errors import FolderError
from graph.reading.files import SourceFile
from graph.reading.folders import find_sources
from graph.reading.loader import LoadResult, load_folders
from graph.reading.parse_cache import ParseCache
from graph.reading.records import Document, Reference

SEEDS = Path(__file__).parents[3] / "seeds"
HEAD = "title: T\nprovider: P\nwebUrl: https://p.example/x\n"
ODD: dict[str, bytes] = {
    "empty.md": b"",
    "text.md": b"# Only text",
    "page.html": b"<html></html>",
    "binary.md": bytes(range(256)),
    "utf16.md": HEAD.encode("utf-16"),
    "latin.md": "---\ntitle: é\n---\n".encode("latin-1"),
    "mark.md": b"\xef\xbb\xbf---\r\n" + HEAD.replace("\n", "\r\n").encode() + b"---\r\nBody",
    "unclosed.md": b"---\ntitle: a\n",
    "invalid.md": b"---\ntitle: : :\n---\n",
    "list.md": b"---\n- a\n---\n",
    "tags.md": f"---\n{HEAD}a: !!python/object/apply:os.abort []\nb: {{c: 1, c: 2}}\n---\n".encode(),
    "json.md": b'{\n"title": "\\ud800", "related": ["https://p.example/x", "x", 5, {"secured": "s", "slug": "mark"}]\n}\n',
    "toml.md": b'+++\ntitle = "T"\npublishedDateTime = 2024-05-03T09:30:00Z\n+++\nBody',
    "fields.md": f"---\n{HEAD}quality: 1.5\nheat: -1\nimages: [1, {{url: 'javascript:x'}}]\nextra: {{secured: s, b: [1, 2.5, null]}}\n---".encode(),
    "related.md": f"---\n{HEAD}related:\n  - title: none\n  - webUrl: https://p.example/y\n    heat: x\n  - y\n  - webUrl: https://p.example/y\n  - webUrl: https://p.example/x\n---".encode(),
    "_data/topics/a.yaml": b"name: A\nparent: B\n",
    "_data/topics/b.json": b'{"name": "B", "keywords": ["k"]}',
    "_data/topics/c.toml": b'name = "!"',
    "_data/organizations/p.md": b"---\ndomain: p.example\nimages: [x]\n---\n",
    os.fsdecode(b"\xff name.md"): b"---\ntitle: a\n---\n",
}  # fmt: skip


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """The seeds, and beside them everything that files can get wrong."""
    folder = tmp_path / "mixed"
    shutil.copytree(SEEDS, folder)
    for name, data in ODD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (folder / "outside.md").symlink_to(tmp_path / "nothing.md")
    (folder / "inside.md").symlink_to(folder / "mark.md")
    os.mkfifo(folder / "pipe.md")
    return folder


def said(loaded: LoadResult) -> str:
    """All of it, and of which types it is."""
    return repr(loaded)


def found(folder: Path) -> tuple[list[str], list[str], list[tuple[str, str, int | None]]]:
    loaded = load_folders([folder])
    return (
        [document.file for document in loaded.documents],
        [entry.file for entry in loaded.catalogue],
        [(problem.code.value, problem.file, problem.line) for problem in loaded.problems],
    )


def test_folder_becomes_documents_catalogue_and_problems_in_the_order_of_files(tmp_path: Path) -> None:
    (tmp_path / "_data" / "topics").mkdir(parents=True)
    (tmp_path / "_data" / "organizations").mkdir()
    (tmp_path / "_data" / "topics" / "ai.yaml").write_text("name: AI\n")
    (tmp_path / "_data" / "topics" / "bad.yaml").write_text("name: [\n")
    (tmp_path / "_data" / "organizations" / "p.md").write_text("---\ndomain: p.example\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\nprovider: P\n---\n")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "c.md").write_text("---\ntitle: : :\n---\n")

    assert found(tmp_path) == (
        ["a.md", "b.md"],
        ["_data/organizations/p.md", "_data/topics/ai.yaml"],
        [
            ("FRONT_MATTER_INVALID", "_data/topics/bad.yaml", 2),
            ("PROVIDER_MISSING", "a.md", None),
            ("FRONT_MATTER_INVALID", "c.md", 2),
        ],
    )


def test_file_without_front_matter_is_all_body_unless_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "text.md").write_text("# Only text\n")

    result = load_folders([tmp_path])

    assert [(document.title, document.body) for document in result.documents] == [("Only text", "# Only text")]
    assert "empty.md:1: warning: The file is empty, so it is no article; " in str(result.problems[0])


def test_json_with_a_mistake_is_no_body(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('{"title": "A",}\nBody')

    result = load_folders([tmp_path])

    assert (result.documents, [(problem.code.value, problem.line) for problem in result.problems]) == (
        [],
        [("FRONT_MATTER_INVALID", 1)],
    )


def test_html_page_without_front_matter_is_no_document_and_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html></html>")
    (tmp_path / "article.html").write_text("---\ntitle: A\nprovider: P\n---\n<p>Body</p>")

    assert found(tmp_path) == (["article.html"], [], [])


def test_folder_without_documents_is_an_empty_result(tmp_path: Path) -> None:
    assert found(tmp_path) == ([], [], [])


def test_missing_folder_stops_the_loading(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="cannot be read: No such file or directory"):
        load_folders([tmp_path / "missing"])


def test_caller_can_follow_the_loading(tmp_path: Path) -> None:
    seen: list[str] = []

    def track(sources: Sequence[SourceFile]) -> Iterator[SourceFile]:
        for source in sources:
            yield source
            seen.append(source.label)

    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "b.md").write_text("")
    load_folders([tmp_path], track)

    assert seen == ["a.md", "b.md"]


@pytest.mark.parametrize("processes", [2, 3])
def test_number_of_processes_makes_no_difference(mixed: Path, processes: int) -> None:
    alone = load_folders([mixed], processes=1)

    assert said(load_folders([mixed], processes=processes)) == said(alone)
    assert {problem.file for problem in alone.problems} > {"empty.md", "binary.md", "pipe.md", "\\xff name.md"}


@pytest.mark.parametrize("processes", [1, 2])
def test_cache_makes_no_difference(mixed: Path, tmp_path: Path, processes: int) -> None:
    plain = said(load_folders([mixed], processes=1))

    for _ in range(3):
        assert said(load_folders([mixed], cache=ParseCache(tmp_path / "cache", [mixed]), processes=processes)) == plain


def test_folders_of_one_name_are_told_apart_in_every_way_of_loading(tmp_path: Path) -> None:
    for place, title in (("x", "X"), ("y", "Y")):
        (tmp_path / place / "news").mkdir(parents=True)
        (tmp_path / place / "news" / "a.md").write_text(f"---\ntitle: {title}\n---\n")
    folders = [tmp_path / "x" / "news", tmp_path / "y" / "news"]
    plain = load_folders(folders)

    assert [(document.file, document.title) for document in plain.documents] == [
        ("news/a.md", "X"),
        ("news-2/a.md", "Y"),
    ]
    assert said(load_folders(folders, processes=2)) == said(plain)
    for _ in range(2):
        assert said(load_folders(folders, cache=ParseCache(tmp_path / "cache", folders))) == said(plain)


def test_caller_can_follow_several_processes(mixed: Path) -> None:
    seen: list[str] = []

    def track(sources: Sequence[SourceFile]) -> Iterator[SourceFile]:
        for source in sources:
            yield source
            seen.append(source.label)

    load_folders([mixed], track, processes=2)

    assert seen == [source.label for source in find_sources([mixed]).sources]


def values(documents: list[Document]) -> list[object]:
    """All that the documents say, for comparison; they are equal by identity themselves."""
    read_document, read_copy = (attrgetter(*(field.name for field in fields(kind))) for kind in (Document, Reference))
    return [
        (read_document(replace(each, related=())), [copy and read_copy(copy) for copy in each.related])
        for each in documents
    ]


@pytest.mark.thorough
def test_corpus_is_the_same_for_any_number_of_processes_and_from_the_cache(corpus: Path, tmp_path: Path) -> None:
    alone = load_folders([corpus], processes=1)
    cold = load_folders([corpus], cache=ParseCache(tmp_path / "cache", [corpus]), processes=2)
    warm = load_folders([corpus], cache=ParseCache(tmp_path / "cache", [corpus]))

    assert cold.problems == warm.problems == alone.problems
    assert cold.catalogue == warm.catalogue == alone.catalogue
    assert values(cold.documents) == values(alone.documents)
    assert values(warm.documents) == values(alone.documents)
    assert repr(warm.documents[::50]) == repr(alone.documents[::50])
