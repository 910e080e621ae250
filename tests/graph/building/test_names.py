"""Which article a name means that a file gives to the one after it."""

from pathlib import Path

import pytest

from graph.building.snapshot import GraphSnapshot
from graph.model import Article, FieldConflict
from tests.folders import article_in, document, folder_snapshot

ADDRESS = {"_config.yml": "url: https://ex.com\n"}
FROST = {"c.md": document(title="C", next="frost")}


def after_c(snapshot: GraphSnapshot) -> str | None:
    """The file of the article after `c.md`; its key if it has no file."""
    node = snapshot.nodes[snapshot.next[article_in(snapshot, "c.md").id]]
    assert isinstance(node, Article)
    return node.file or node.url or node.web_url


@pytest.mark.parametrize("address", ["https://ex.com/old/", "/old/"])
def test_slug_of_a_copy_with_a_former_address_means_the_file(tmp_path: Path, address: str) -> None:
    files = {
        "a.md": document(title="A", aliases="[/old/]"),
        "b.md": document(title="B", related=f"[{{webUrl: '{address}', slug: frost, title: Old}}]"),
    }

    assert after_c(folder_snapshot(tmp_path, ADDRESS | FROST | files)) == "a.md"


def test_slug_of_a_copy_that_names_no_article_means_none(tmp_path: Path) -> None:
    files = {"b.md": document(title="B", related="[{webUrl: /gone/, slug: frost}]")}

    assert folder_snapshot(tmp_path, FROST | files).next == {}


@pytest.mark.parametrize("own", [{}, {"lang": "en"}, {"lang": "fr"}])
def test_slug_that_copies_tell_means_a_file_if_one_has_it(tmp_path: Path, own: dict[str, str]) -> None:
    mention = {"b.md": document(title="B", related="[{webUrl: 'https://a.example/x', slug: frost}]")}
    files = ADDRESS | mention | {"c.md": document(title="C", next="frost", **own)}

    assert after_c(folder_snapshot(tmp_path / "copy", files)) == "https://a.example/x"
    files["a.md"] = document(title="A", lang="en", slug="frost")
    assert after_c(folder_snapshot(tmp_path / "file", files)) == "a.md"


def test_copy_that_says_a_slug_alone_is_compared_with_the_article_in_the_language_of_its_list(tmp_path: Path) -> None:
    frost = "[{slug: frost, title: Frost}]"
    files = {
        "en/frost.md": document(title="Frost", slug="frost", lang="en", type="post"),
        "fr/frost.md": document(title="Gel", slug="frost", lang="fr", type="post"),
        "en/list.md": document(title="A", lang="en", type="post", related=frost),
        "fr/list.md": document(title="B", lang="fr", type="post", related=frost),
    }
    snapshot = folder_snapshot(tmp_path, ADDRESS | files)

    assert article_in(snapshot, "en/frost.md").conflicts == ()
    assert article_in(snapshot, "fr/frost.md").conflicts == (
        FieldConflict("title", "Frost", "fr/list.md", "related[0].title"),
    )
