"""Parts, series, what follows what, and translations."""

from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.lists.pages import Neighbors, neighbors
from graph.model import Article, EdgeKind, Topic, label
from graph.problems import ProblemCode
from tests.folders import article_in, articles_of, document, folder_snapshot


def files_of(snapshot: GraphSnapshot, ids: tuple[str, ...]) -> list[str | None]:
    return [node.file for article_id in ids if isinstance(node := snapshot.nodes[article_id], Article)]


def parts(snapshot: GraphSnapshot, file: str) -> list[str | None]:
    return files_of(snapshot, snapshot.parts.get(article_in(snapshot, file).id, ()))


def series(snapshot: GraphSnapshot, slug: str) -> list[str | None]:
    topic = snapshot.lookups.topic(slug)
    assert topic is not None
    return files_of(snapshot, snapshot.parts[topic])


def chain(snapshot: GraphSnapshot, file: str) -> list[str | None]:
    """The file and all that follow it, as a reader walks."""
    found, article = [file], article_in(snapshot, file)
    while (after := snapshot.next.get(article.id)) is not None:
        node = snapshot.nodes[after]
        assert isinstance(node, Article)
        assert snapshot.previous[after] == article.id
        found.append(node.file or "")
        article = node
    return list(found)


def test_series_are_topics_whose_parts_stand_by_weight_then_date_then_file(tmp_path: Path) -> None:
    files = {
        "c.md": document(title="C", series="Bees", weight=1),
        "b.md": document(title="B", series="[bees]", weight=2),
        "z.md": document(title="Z", series="Bees", date="2024-01-01"),
        "y.md": document(title="Y", series="Bees", date="2024-02-01"),
        "a.md": document(title="A", series="[Bees, Other]"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert series(snapshot, "bees") == ["c.md", "b.md", "z.md", "y.md", "a.md"]
    assert chain(snapshot, "c.md") == ["c.md", "b.md", "z.md", "y.md", "a.md"]
    wholes = neighbors(snapshot, Neighbors.SERIES_OF_ARTICLE, [article_in(snapshot, "a.md").id])[0]
    assert sorted(label(topic) for topic in wholes if isinstance(topic, Topic)) == ["Bees", "Other"]


def test_what_files_say_is_next_orders_a_series(tmp_path: Path) -> None:
    files = {
        "a.md": document(title="A", series="Bees", prev="c"),
        "b.md": document(title="B", series="Bees", next="c.md"),
        "c.md": document(title="C", series="Bees"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert series(snapshot, "bees") == ["b.md", "c.md", "a.md"]
    assert chain(snapshot, "b.md") == ["b.md", "c.md", "a.md"]


def test_a_circle_leaves_the_order_as_it_is(tmp_path: Path) -> None:
    files = {
        "a.md": document(title="A", series="Bees", next="b"),
        "b.md": document(title="B", series="Bees", next="a"),
        "c.md": document(title="C", next="c"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert series(snapshot, "bees") == ["a.md", "b.md"]
    assert snapshot.next[article_in(snapshot, "b.md").id] == article_in(snapshot, "a.md").id
    assert article_in(snapshot, "c.md").id not in snapshot.next


def test_the_first_of_a_chain_that_no_series_names_has_the_others_as_parts(tmp_path: Path) -> None:
    files = {
        "guide/3.md": document(title="Three", prev="2"),
        "guide/1.md": document(title="One", next="2"),
        "guide/2.md": document(title="Two"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert parts(snapshot, "guide/1.md") == ["guide/2.md", "guide/3.md"]
    assert chain(snapshot, "guide/1.md") == ["guide/1.md", "guide/2.md", "guide/3.md"]


def test_items_are_parts_in_the_order_of_the_list_and_unknown_ones_a_problem(tmp_path: Path) -> None:
    files = {
        "letters/may.md": document(title="May", items="[news/b, https://x.example/a, nowhere, news/b, may]"),
        "news/a.md": document(title="A", webUrl="https://x.example/a"),
        "news/b.md": document(title="B"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert parts(snapshot, "letters/may.md") == ["news/b.md", "news/a.md"]
    assert chain(snapshot, "news/b.md") == ["news/b.md", "news/a.md"]
    assert neighbors(snapshot, Neighbors.WHOLES_OF_ARTICLE, [article_in(snapshot, "news/b.md").id]) == [
        (article_in(snapshot, "letters/may.md"),)
    ]
    unknown = [problem for problem in snapshot.problems if problem.code is ProblemCode.ITEM_UNKNOWN]
    assert [(problem.file, "nowhere" in problem.message) for problem in unknown] == [("letters/may.md", True)]


def test_the_order_of_parts_is_content(tmp_path: Path) -> None:
    files = {"n.md": document(title="N", items="[a, b]"), "a.md": document(title="A"), "b.md": document(title="B")}
    first = folder_snapshot(tmp_path, files)
    second = folder_snapshot(tmp_path, files | {"n.md": document(title="N", items="[b, a]")})

    assert first.version != second.version
    assert parts(second, "n.md") == ["b.md", "a.md"]


def translations(snapshot: GraphSnapshot, file: str) -> list[str | None]:
    found = neighbors(snapshot, Neighbors.TRANSLATIONS_OF_ARTICLE, [article_in(snapshot, file).id])[0]
    return [node.file for node in found if isinstance(node, Article)]


def test_translations_lead_to_the_original_and_find_one_another(tmp_path: Path) -> None:
    config = "baseURL = 'https://x.example/'\n[languages.en]\n[languages.fr]\n[languages.de]\n"
    names = ("content/a.de.md", "content/a.fr.md", "content/a.md", "content/b.md")
    snapshot = folder_snapshot(tmp_path, {"hugo.toml": config} | dict.fromkeys(names, document(title="T")))

    original = article_in(snapshot, "content/a.md").id
    assert snapshot.targets[EdgeKind.TRANSLATION_OF] == {
        article_in(snapshot, file).id: (original,) for file in ("content/a.de.md", "content/a.fr.md")
    }
    assert translations(snapshot, "content/a.fr.md") == ["content/a.de.md", "content/a.md"]
    assert translations(snapshot, "content/a.md") == ["content/a.de.md", "content/a.fr.md"]
    assert translations(snapshot, "content/b.md") == []
    assert snapshot.lookups.article("a") == original


def test_translations_with_names_of_their_own_are_told_by_slug_or_key(tmp_path: Path) -> None:
    files = {
        "en/about.md": document(title="About", slug="about"),
        "de/ueber-uns.md": document(title="Über uns", slug="about"),
        "en/x.md": document(title="X", lang="en", translationKey="k"),
        "fr/y.md": document(title="Y", lang="fr", translationKey="k"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    assert translations(snapshot, "en/about.md") == ["de/ueber-uns.md"]
    assert translations(snapshot, "fr/y.md") == ["en/x.md"]


def test_a_hidden_translation_leaves_no_trace(tmp_path: Path) -> None:
    files = {"de/news.md": document(title="Nachrichten", published="false"), "en/news.md": document(title="News")}
    snapshot = folder_snapshot(tmp_path, files)

    assert [article.file for article in articles_of(snapshot)] == ["en/news.md"]
    assert translations(snapshot, "en/news.md") == []


@pytest.mark.parametrize(
    ("case", "start", "expected"),
    [
        ("25-series-prev-next", "1.md", ["1.md", "2.md"]),
        ("22-family-collections", "_learning/videos/how-to-graft.md", ["_learning/videos/how-to-graft.md"]),
    ],
)
def test_cases_can_be_walked(shared: Path, case: str, start: str, expected: list[str]) -> None:
    snapshot = load_snapshot([shared / "cases" / "sites" / case / "site"])

    assert chain(snapshot, start) == expected
    assert snapshot.targets[EdgeKind.PART_OF]


def test_in_the_cases_translations_are_linked(shared: Path) -> None:
    snapshot = load_snapshot([shared / "cases" / "sites" / "04-languages-and-versions" / "site"])

    assert translations(snapshot, "en/about.md") == ["de/ueber-uns.md"]
    assert translations(snapshot, "blog/gate.fr.md") == ["blog/gate.md"]
    assert translations(snapshot, "docs/engine.md") == []


def test_in_the_cases_collections_have_their_items(shared: Path) -> None:
    snapshot = load_snapshot([shared / "cases" / "sites" / "22-family-collections" / "site"])

    assert parts(snapshot, "_learning/collections/orchard.md") == ["_learning/videos/how-to-graft.md"]
