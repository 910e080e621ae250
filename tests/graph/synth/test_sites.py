import re
from pathlib import Path

import pytest

from graph.errors import FolderError
from graph.synth import SiteKind, write_site

WAYS = {
    SiteKind.HUGO: [r'\{\{< relref "/news/', r"\]\(/news/\d{4}/\d\d/"],
    SiteKind.JEKYLL: [r"\{% post_url ", r"\{% link _posts/", r"\]\(/\d{4}/\d\d/\d\d/"],
    SiteKind.OBSIDIAN: [r"\[\[[^|\]]+\]\]", r"\[\[[^|\]]+#Notes\|", r"\]\([^)]+%20[^)]+\.md\)"],
}


def documents(folder: Path) -> dict[str, str]:
    paths = [*folder.rglob("*.md")]
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


@pytest.mark.parametrize("kind", SiteKind)
def test_a_site_has_what_is_said_of_it(kind: SiteKind, tmp_path: Path) -> None:
    counts = write_site(tmp_path / "site", kind, 400, seed=3)

    texts = documents(tmp_path / "site")
    drafts = [
        path for path, text in texts.items() if re.search(r"draft = true|publish: false", text) or "_drafts/" in path
    ]
    links = [text.count(" for what came before.") for path, text in texts.items() if path not in drafts]
    assert (counts.files, counts.drafts, counts.links) == (len(texts), len(drafts), sum(links))
    assert counts.files == 400
    assert min(counts.drafts, counts.links) > 0
    assert [way for way in WAYS[kind] if not any(re.search(way, text) for text in texts.values())] == []


@pytest.mark.parametrize("kind", SiteKind)
def test_equal_seeds_give_equal_sites(kind: SiteKind, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_site(tmp_path / name, kind, 100, seed)

    assert documents(tmp_path / "a") == documents(tmp_path / "b") != documents(tmp_path / "c")


def test_a_hugo_site_has_bundles_and_a_second_language(tmp_path: Path) -> None:
    write_site(tmp_path / "site", SiteKind.HUGO, 200, seed=1)

    names = [path.rpartition("/")[2] for path in documents(tmp_path / "site")]
    assert {"index.md", "index.de.md"} <= {*names}
    assert any(name.endswith(".de.md") and name != "index.de.md" for name in names)


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", "utf-8")

    with pytest.raises(FolderError, match="is not empty: name a new one"):
        write_site(tmp_path, SiteKind.JEKYLL, 10, seed=1)
