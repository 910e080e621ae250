from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from graph.errors import FolderError
from graph.files import SourceFile
from graph.loader import load_folders


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


def test_file_without_front_matter_is_reported(tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "text.md").write_text("# Only text\n")

    assert [str(problem) for problem in load_folders([tmp_path]).problems] == [
        "empty.md:1: warning: The file is empty, so it is no article; "
        "begin it with a line “---”, fields, and a second line “---”. [FRONT_MATTER_MISSING]",
        "text.md:1: warning: The file has no front matter, so it is no article; "
        "begin it with a line “---”, fields, and a second line “---”. [FRONT_MATTER_MISSING]",
    ]


def test_json_on_one_line_is_told_how_json_front_matter_looks(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('{"title": "A"}\nBody')

    assert [str(problem) for problem in load_folders([tmp_path]).problems] == [
        "a.md:1: warning: The file has no front matter, so it is no article; "
        "begin it with a line “---”, fields, and a second line “---”; "
        "or, for JSON, put its first “{” and its last “}” on lines of their own. [FRONT_MATTER_MISSING]"
    ]


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
