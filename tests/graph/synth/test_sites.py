import re
from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from graph.errors import FolderError
from graph.model import Article, EdgeKind
from graph.problems import ProblemCode
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


@pytest.mark.parametrize("kind", SiteKind)
def test_what_is_loaded_is_what_was_written(kind: SiteKind, tmp_path: Path) -> None:
    counts = write_site(tmp_path / "site", kind, 400, seed=3)

    snapshot = load_snapshot([tmp_path / "site"])

    articles = [node for node in snapshot.nodes.values() if isinstance(node, Article)]
    [site, files] = snapshot.inventory.sites[0]
    assert (site.system.value.lower(), files, sum(snapshot.inventory.hidden.values())) == (
        kind.value,
        counts.files,
        counts.drafts,
    )
    assert len(articles) == counts.files - counts.drafts
    assert snapshot.edge_counts[EdgeKind.LINKS_TO] == counts.links
    assert snapshot.edge_counts[EdgeKind.TRANSLATION_OF] == counts.translations
    assert sum(article.language == "de" for article in articles) == counts.translations
    assert sum("/index." in (article.file or "") for article in articles) == counts.bundles
    if kind is not SiteKind.OBSIDIAN:  # a vault has no addresses of pages
        assert all(article.url for article in articles)
        assert len({article.url for article in articles}) == len(articles)
    assert [problem.message for problem in snapshot.problems if problem.code is ProblemCode.LINK_BROKEN] == []
    assert (counts.bundles > 0, counts.translations > 0) == (kind is SiteKind.HUGO, kind is SiteKind.HUGO)


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine", "utf-8")

    with pytest.raises(FolderError, match="is not empty: name a new one"):
        write_site(tmp_path, SiteKind.JEKYLL, 10, seed=1)
