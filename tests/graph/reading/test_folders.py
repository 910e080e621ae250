import os
import subprocess
from pathlib import Path

import pytest

from graph.errors import FolderError
from graph.reading.files import read_source
from graph.reading.folders import _shown, find_sources, may_matter
from graph.reading.loader import load_folders


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text")


def found(*folders: Path) -> tuple[list[str], list[tuple[str, str]]]:
    found_here = find_sources(folders)
    sources, problems = found_here.sources, list(found_here.problems)
    return [source.label for source in sources], [(problem.code.value, problem.file) for problem in problems]


def test_documents_are_found_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.MD", "a/b/c.html", "a.markdown", "Z.mdown", "é.md", "x.txt", "y.yaml", "README")

    assert found(tmp_path) == (["Z.mdown", "a/b/c.html", "a/z.MD", "a.markdown", "b.md", "é.md"], [])


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".git/a.md", ".a.md", "a/.b/c.md", "a/d.md")

    assert found(tmp_path) == (["a/d.md"], [])


def test_catalogues_are_known_by_their_folder(tmp_path: Path) -> None:
    write(
        tmp_path,
        "_data/topics/a.yaml",
        "_data/organizations/b.md",
        "_data/other/c.md",
        "_data/other/d.yaml",
        "topics/e.md",
    )
    write(
        tmp_path, "site/_data/topics/f.json", "_data/topics/g.txt", "_data/topics/h.toml", "_data/organizations/i.yml"
    )

    sources = find_sources([tmp_path]).sources

    assert [(source.label, source.kind.value) for source in sources] == [
        ("_data/organizations/b.md", "ORGANIZATION"),
        ("_data/organizations/i.yml", "ORGANIZATION"),
        ("_data/other/c.md", "ARTICLE"),
        ("_data/topics/a.yaml", "TOPIC"),
        ("_data/topics/h.toml", "TOPIC"),
        ("site/_data/topics/f.json", "TOPIC"),
        ("topics/e.md", "ARTICLE"),
    ]


def test_labels_of_several_folders_begin_with_their_names(tmp_path: Path) -> None:
    write(tmp_path, "x/news/a.md", "y/news/a.md", "z/b.md")

    labels, problems = found(tmp_path / "x" / "news", tmp_path / "y" / "news", tmp_path / "z")

    assert (labels, problems) == (["news/a.md", "news-2/a.md", "z/b.md"], [])


def test_a_folder_given_twice_or_inside_another_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.md")

    assert found(tmp_path / "a", tmp_path / "a" / "b", tmp_path / "a") == (["a/b/c.md"], [])


@pytest.mark.parametrize("name", ["missing", "file.md", "loop"])
def test_folder_that_cannot_be_read_stops_the_loading(tmp_path: Path, name: str) -> None:
    write(tmp_path, "file.md")
    (tmp_path / "loop").symlink_to("loop")

    with pytest.raises(FolderError, match=name):
        find_sources([tmp_path / name])


def test_folder_named_like_a_file_is_read_and_reported(tmp_path: Path) -> None:
    write(tmp_path, "x.md/a.md")

    assert found(tmp_path) == (["x.md/a.md"], [("FOLDER_NAMED_LIKE_FILE", "x.md")])


def test_links_inside_the_folder_are_followed_and_each_file_taken_once(tmp_path: Path) -> None:
    write(tmp_path, "b/real.md", "c/other.md")
    (tmp_path / "a.md").symlink_to("b/real.md")
    (tmp_path / "z").symlink_to("c")

    assert found(tmp_path) == (["a.md", "c/other.md"], [])


def test_links_out_of_the_folder_are_reported_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "inside/a.md", "outside/b.md", "outside/c.txt")
    for name, target in {"file.md": "b.md", "folder": ".", "text.txt": "c.txt"}.items():
        (tmp_path / "inside" / name).symlink_to(tmp_path / "outside" / target)

    outside = [("LINK_OUTSIDE_FOLDER", "file.md"), ("LINK_OUTSIDE_FOLDER", "folder")]
    assert found(tmp_path / "inside") == (["a.md"], outside)


def test_links_to_nowhere_and_in_circles_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "a/b/c.md")
    (tmp_path / "dangling.md").symlink_to("nowhere.md")
    (tmp_path / "loop.md").symlink_to("loop.md")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "ignored").symlink_to("nowhere")

    unreadable = [("FILE_UNREADABLE", "dangling.md"), ("FILE_UNREADABLE", "loop.md")]
    assert found(tmp_path) == (["a/b/c.md"], unreadable)


def test_many_folders_that_link_to_each_other_are_listed_once_each(tmp_path: Path) -> None:
    names = [f"d{number}" for number in range(12)]
    write(tmp_path, *(f"{name}/a.md" for name in names))
    for name in names:
        for other in names:
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other)

    labels, problems = found(tmp_path)

    assert (len(labels), problems) == (12, [])


def test_catalogue_that_a_link_leads_to_is_a_catalogue(tmp_path: Path) -> None:
    write(tmp_path, "Shared/topics/a.yaml")
    (tmp_path / "_data").symlink_to("Shared")

    assert found(tmp_path) == (["_data/topics/a.yaml"], [])


def test_folders_may_nest_deeper_than_python_calls(tmp_path: Path) -> None:
    place = os.open(tmp_path, os.O_RDONLY)
    for _ in range(600):
        os.mkdir("d", dir_fd=place)
        inner = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = inner
    os.close(os.open("a.md", os.O_CREAT | os.O_WRONLY, dir_fd=place))
    os.close(place)
    try:
        assert found(tmp_path) == (["d/" * 600 + "a.md"], [])
    finally:
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)  # deeper than shutil.rmtree can go


@pytest.mark.skipif(os.name != "posix", reason="only POSIX file names are bytes")
def test_file_names_that_are_not_utf_8_stay_apart(tmp_path: Path) -> None:
    for name in (b"\xff.md", b"\xfe.md"):
        try:
            (Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))).write_text("text")
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")

    assert found(tmp_path) == (["\\xfe.md", "\\xff.md"], [])


@pytest.mark.skipif(os.name != "posix", reason="only POSIX file names are bytes")
def test_folder_whose_name_is_not_utf_8_can_be_loaded_beside_another(tmp_path: Path) -> None:
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    for folder in (strange, tmp_path / "other"):
        folder.mkdir()
        (folder / "a.md").write_text("---\ntitle: A\n---\n")

    loaded = load_folders([strange, tmp_path / "other"])

    assert [document.file for document in loaded.documents] == ["caf\\xe9/a.md", "other/a.md"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have fewer names")
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("e\u0301lan.md", "élan.md"),
        ("new\nline.md", "new\\nline.md"),
        ("esc\x1b[31m.md", "esc\\x1b[31m.md"),
        ("c1\x9b.md", "c1\\x9b.md"),
        ("two\u2028lines.md", "two\\u2028lines.md"),
    ],
)
def test_labels_are_composed_and_printable_and_paths_as_they_are(tmp_path: Path, name: str, label: str) -> None:
    (tmp_path / name).write_text("text")

    [source] = find_sources([tmp_path]).sources

    assert (source.label, Path(source.path).name, read_source(source)) == (label, name, b"text")


def test_names_that_differ_in_composition_alone_stay_apart(tmp_path: Path) -> None:
    for name in ("e\u0301.md", "é.md", "f.md"):
        (tmp_path / name).write_text(name)
    if len(list(tmp_path.iterdir())) < 3:
        pytest.skip("this file system takes them for one")

    sources = find_sources([tmp_path]).sources

    assert [(source.label, source.path) for source in sources] == [
        (name, str(tmp_path / name)) for name in ("e\u0301.md", "f.md", "é.md")
    ]


def test_name_that_no_encoding_holds_is_shown() -> None:
    assert _shown("a\ud800b") == "a\\ud800b"


def test_what_may_change_the_graph_is_told_from_what_cannot(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "notes.txt", ".b.md", ".git/c.md", "_data/topics/ai.yaml", "_data/menu.yaml", "v1.2/x.css")
    write(tmp_path, ".obsidian/workspace.json", "node_modules/x/package.json", "docs/menu.yml", "base.yml")
    write(
        tmp_path, "docs/base.yml", "docs/inner/base.yaml", "docs/mkdocs.yml", "config/_default/hugo.yaml", "_config.yml"
    )
    write(
        tmp_path,
        "config/production/params.toml",
        "src/pages/blog/[...slug].astro",
        "posts/posts.json",
        "_data/site.json",
    )
    write(
        tmp_path,
        "hugo.toml",
        ".gitignore",
        ".obsidian/app.json",
        "src/pages/index.astro",
        "posts/other.json",
        "tool.py",
    )
    (tmp_path / "docs" / "mkdocs.yml").write_text("INHERIT: ./base.yml\nextra: inner/base.yaml")

    matters = [
        "a.md",
        "hugo.toml",
        ".gitignore",
        ".obsidian/app.json",
        "config/_default/hugo.yaml",
        "config/production/params.toml",
        "_config.yml",
        "docs/mkdocs.yml",
        "docs/base.yml",
        "docs/inner/base.yaml",
        "src/pages/blog/[...slug].astro",
        "posts/posts.json",
        "_data/site.json",
        "_data/topics/ai.yaml",
        "v1.2",
        "_data",
        "gone.md",
        "gone",
        "gone.d",
    ]
    others = ["notes.txt", ".b.md", ".git/c.md", ".git", "v1.2/x.css", ".gone"]
    others += [
        ".obsidian/workspace.json",
        "node_modules/x/package.json",
        "_data/menu.yaml",
        "docs/menu.yml",
        "base.yml",
    ]
    others += ["src/pages/index.astro", "posts/other.json", "tool.py"]
    assert [name for name in matters if not may_matter(tmp_path / name, tmp_path)] == []
    assert [name for name in others if may_matter(tmp_path / name, tmp_path)] == []
