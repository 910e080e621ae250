"""Names that are nearly right lead to those that are, and never to what the graph does not hold."""

from pathlib import Path

import pytest

from graph.building.lookups import Lookup
from graph.building.snapshot import GraphSnapshot
from graph.lists.nearest import nearest_names
from graph.model import NodeKind
from tests.folders import document, folder_snapshot


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> GraphSnapshot:
    files = {
        f"notes/{name}.md": document(
            title=name,
            topics="[Open Sea, Weather]",
            author="Ada Lovelace",
            provider="{name: Post, domain: post.example}",
        )
        for name in ("frost", "storm-one", "storm-two", "harbour")
    }
    files["notes/secret-frost.md"] = document(title="Secret", published=False, topics="[Hidden Weather]")
    return folder_snapshot(tmp_path_factory.mktemp("nearest"), files)


@pytest.mark.parametrize(
    ("lookup", "name", "expected"),
    [
        (Lookup.ARTICLE_BY_SLUG, "forst", ("frost",)),
        (Lookup.ARTICLE_BY_SLUG, "Storm-On", ("storm-one", "storm-two")),
        (Lookup.ARTICLE_BY_SLUG, "secret-frst", ()),
        (Lookup.ARTICLE_BY_SLUG, "nothing like it", ()),
        (Lookup.ARTICLE_BY_SLUG, "", ()),
        (Lookup.ARTICLE_BY_SLUG, "frost" * 100, ()),
        (Lookup.ARTICLE_BY_PATH, "/notes/habour/", ("notes/harbour",)),
        (Lookup.ARTICLE_BY_URL, "https://post.example/frost", ()),
        (Lookup.PROVIDER_BY_DOMAIN, "WWW.posts.example", ("post.example",)),
        (Lookup.TOPIC_BY_NAME, "Opne sea", ("Open Sea",)),
        (Lookup.TOPIC_BY_SLUG, "open-see", ("open-sea",)),
        (Lookup.TOPIC_BY_NAME, "Hidden Wether", ()),
        (Lookup.PERSON_BY_NAME, "Ada Lovelac", ("Ada Lovelace",)),
    ],
)
def test_names_that_are_nearly_right_are_found(
    graph: GraphSnapshot, lookup: Lookup, name: str, expected: tuple[str, ...]
) -> None:
    assert nearest_names(graph, lookup, [name, name]) == [expected] * 2
    for found in expected:
        assert graph.lookups.find(lookup, found)


def test_every_name_of_many_is_found_with_a_letter_lost(tmp_path: Path) -> None:
    words = [f"{first}-{second}-tide" for first in ("grey", "blue", "wild") for second in ("water", "harbour", "river")]
    many = folder_snapshot(tmp_path, {f"{word}.md": document(title=word, id=word) for word in words})
    assert len(many.ids[NodeKind.ARTICLE]) == len(words)
    for word in words:
        for place in range(len(word)):
            (found,) = nearest_names(many, Lookup.ARTICLE_BY_SLUG, [word[:place] + word[place + 1 :]])
            assert word in found
