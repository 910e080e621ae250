import os
from pathlib import Path

import pytest

from graph.reading.folders import FoundSources, find_sources
from graph.sites.content import NotRead
from graph.sites.options import SiteOptions


def write(folder: Path, *names: str, **texts: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(texts.get(name.rpartition("/")[2].partition(".")[0], ""))


def found(folder: Path, *names: str, options: SiteOptions | None = None) -> FoundSources:
    write(folder, *names)
    result = find_sources([folder], options or SiteOptions())
    assert list(result.problems) == []
    return result


def labels(result: FoundSources) -> list[str]:
    return [source.label for source in result.sources]


def left_out(result: FoundSources) -> dict[NotRead, tuple[int, list[str]]]:
    return {reason: (part.files, part.folders) for reason, part in result.left_out.items()}


def test_apparatus_of_sites_is_no_content(tmp_path: Path) -> None:
    result = found(
        tmp_path,
        *("_posts/2024-01-01-a.md", "_layouts/b.html", "_includes/c.md", "_site/d.html", "vendor/bundle/e.md"),
        *("themes/x/f.md", "archetypes/g.md", "public/h.html", "Templates/i.md", "notes/j.md"),
        *("notes/node_modules/k.md", "notes/themes/l.md", "notes/_includes/m.md"),
    )

    assert labels(result) == ["_posts/2024-01-01-a.md", "notes/j.md", "notes/themes/l.md"]
    files, folders = left_out(result)[NotRead.APPARATUS]
    assert (files, sorted(folders)) == (
        0,
        [
            *("Templates/", "_includes/", "_layouts/", "_site/", "archetypes/", "notes/_includes/"),
            *("notes/node_modules/", "public/", "themes/", "vendor/"),
        ],
    )


def test_folder_of_documents_is_content_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path, "config.toml", "content/themes/a.md", "templates/b.html", config='base_url = "https://a.example"')

    result = find_sources([tmp_path])

    assert labels(result) == ["content/themes/a.md"]


def test_what_stands_outside_the_folders_of_documents_is_counted(tmp_path: Path) -> None:
    write(tmp_path, "mkdocs.yml", "docs/a.md", "docs/README.md", "README.md", "src/b.md", "_data/topics/c.yaml")

    result = find_sources([tmp_path])

    assert labels(result) == ["_data/topics/c.yaml", "docs/README.md", "docs/a.md"]
    assert left_out(result) == {NotRead.OUTSIDE: (2, [])}
    assert result.left_out[NotRead.OUTSIDE].example == "README.md"


def test_files_about_the_repository_are_no_content_without_front_matter(tmp_path: Path) -> None:
    write(
        tmp_path,
        *("README.md", "readme.zh-CN.md", "LICENSE.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "Reading.md"),
        "a/README.md",
        CONTRIBUTING="---\ntags: [a]\n---\n",
    )

    result = find_sources([tmp_path])

    assert labels(result) == ["CONTRIBUTING.md", "Reading.md", "a/README.md"]
    assert left_out(result) == {NotRead.REPOSITORY: (4, [])}


def test_parts_of_documents_are_no_documents(tmp_path: Path) -> None:
    result = found(tmp_path, "docs/_partial.md", "docs/_part.mdx", "docs/page.md")

    assert labels(result) == ["docs/page.md"]
    assert left_out(result) == {NotRead.PARTIAL: (2, [])}


@pytest.mark.parametrize("name", ["hugo.toml", "pelicanconf.py", "mkdocs.yml"])
def test_names_with_an_underscore_are_documents_where_their_system_has_such(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, "content/_a.md", "docs/_a.md")

    assert [label.rpartition("/")[2] for label in labels(find_sources([tmp_path]))] == ["_a.md"]


def test_gitignore_names_what_is_no_content(tmp_path: Path) -> None:
    write(
        tmp_path,
        ".gitignore",
        "a.tmp.md",
        "build/b.md",
        "c.md",
        "sub/.gitignore",
        "sub/c.md",
        "sub/d.md",
        "sub/kept.tmp.md",
    )
    (tmp_path / ".gitignore").write_text("*.tmp.md\n/build/\n/c.md\n")
    (tmp_path / "sub/.gitignore").write_text("/d.md\n!kept.tmp.md\n")

    result = find_sources([tmp_path])

    assert labels(result) == ["sub/c.md", "sub/kept.tmp.md"]
    assert left_out(result) == {NotRead.IGNORED: (3, ["build/"])}


def test_bad_line_of_a_gitignore_is_told(tmp_path: Path) -> None:
    write(tmp_path, "sub/.gitignore", "sub/a.md")
    (tmp_path / "sub/.gitignore").write_text("ok\n!\n")

    [problem] = find_sources([tmp_path]).problems

    assert (problem.code.value, problem.file, problem.line) == ("SITE_CONFIGURATION_INVALID", "sub/.gitignore", 2)


def test_gitignore_that_is_a_pipe_is_told(tmp_path: Path) -> None:
    write(tmp_path, "a.md")
    os.mkfifo(tmp_path / ".gitignore")

    result = find_sources([tmp_path])

    assert [(problem.code.value, problem.file) for problem in result.problems] == [
        ("SITE_CONFIGURATION_INVALID", ".gitignore")
    ]
    assert labels(result) == ["a.md"]


def test_exclude_of_the_command_line_goes_before_everything(tmp_path: Path) -> None:
    options = SiteOptions(exclude=("drafts/", "*.tmp.md", "!README.md", "!/public/"))

    result = found(tmp_path, "drafts/a.md", "b.tmp.md", "README.md", "public/c.md", "d.md", options=options)

    assert labels(result) == ["README.md", "d.md", "public/c.md"]
    assert left_out(result) == {NotRead.EXCLUDED: (1, ["drafts/"])}


def test_site_excludes_by_its_own_configuration(tmp_path: Path) -> None:
    write(
        tmp_path,
        "mkdocs.yml",
        "docs/a.md",
        "docs/internal/b.md",
        "docs/c.tmp.md",
        mkdocs="exclude_docs: |\n  /internal/\n  *.tmp.md",
    )

    result = find_sources([tmp_path])

    assert labels(result) == ["docs/a.md"]
    assert left_out(result) == {NotRead.BY_SITE: (1, ["docs/internal/"])}


def test_formats_that_are_not_read_are_counted(tmp_path: Path) -> None:
    result = found(tmp_path, "a.md", "b.rst", "c.njk", "d.png", "vendor/e.rst")

    assert labels(result) == ["a.md"]
    assert left_out(result) == {NotRead.FORMAT: (2, []), NotRead.APPARATUS: (0, ["vendor/"])}


@pytest.mark.parametrize("suffix", [".mdx", ".markdown", ".mkd", ".qmd", ".Rmd", ".MD"])
def test_documents_have_many_suffixes(tmp_path: Path, suffix: str) -> None:
    assert labels(found(tmp_path, f"a{suffix}")) == [f"a{suffix}"]


def test_translations_of_docusaurus_stand_in_folders_of_its_plugins(tmp_path: Path) -> None:
    write(tmp_path, "docusaurus.config.js", docusaurus="export default { title: 'A' }")
    result = found(
        tmp_path,
        *("docs/a.md", "i18n/README.md", "i18n/de/notes.md"),
        *("i18n/de/docusaurus-plugin-content-docs/current/a.md", "i18n/de/docusaurus-plugin-content-pages/b.md"),
    )

    assert labels(result) == [
        "docs/a.md",
        "i18n/de/docusaurus-plugin-content-docs/current/a.md",
        "i18n/de/docusaurus-plugin-content-pages/b.md",
    ]
    assert left_out(result)[NotRead.BY_SITE] == (2, [])
