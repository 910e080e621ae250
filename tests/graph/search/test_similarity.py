"""Articles like another one; against the words both have."""

from functools import cache
from random import Random

import pytest

from graph.bodies.pages import plain_text
from graph.building.merged_graph import MergeResult
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.model import Article, ArticleOrigin, EdgeKind, NodeKind, Topic
from graph.search import SimilarHit, similar
from graph.words import terms
from tests.edges import Edge, targets_of


def article(node_id: str, title: str | None = None, excerpt: str | None = None, body: str | None = None) -> Article:
    return Article(node_id, None, ArticleOrigin.DOCUMENT, node_id, title=title, excerpt=excerpt, body=body)


def library(*articles: Article) -> GraphSnapshot:
    """Among fifty others, so that words which two articles share are rare."""
    others = [article(f"a_x{number}", f"w{number}x, the news", "and the news of 2024") for number in range(50)]
    return build_snapshot(MergeResult([*articles, *others], [], [Topic("t_1", "t", "Lighthouse")]))


def summary(hits: tuple[SimilarHit, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(hit.node_id, hit.shared_terms) for hit in hits]


@cache
def text_of(article: Article) -> set[str]:
    body = plain_text(article.body or "", article.body_format)
    name = article.slug if article.title is None else article.title
    return set(terms("\n".join(filter(None, (name, article.excerpt, body)))))


def test_articles_that_share_more_and_rarer_words_come_first() -> None:
    snapshot = library(
        article("a_1", "The Ferry strike", "A lighthouse, a harbour and the news of 2024", "Herring"),
        article("a_2", "Harbour"),
        article("a_3", "A ferry STRIKE", "in the harbour"),
        article("a_4", "Harbour", "herring"),
        article("a_5", "the news of 2024"),
    )
    assert summary(similar(snapshot, "a_1")) == [
        ("a_3", ("Ferry", "strike", "harbour")),
        ("a_4", ("harbour", "Herring")),
        ("a_2", ("harbour",)),
    ]


def test_a_rare_homonym_does_not_lead() -> None:
    report = "A long report with lenses and glasses, and very many other things that nobody else reports"
    snapshot = library(
        article("a_1", "Holograms rise", "Lenses and glasses", "A hat"),
        article("a_2", "Hat", "Hat hat", "hat"),
        *(article(f"a_{number}", f"Holograms {number}", report) for number in range(3, 6)),
    )
    first, *_, last = similar(snapshot, "a_1")
    assert (first.node_id, set(first.shared_terms)) == ("a_3", {"Holograms", "Lenses", "glasses"})
    assert (last.node_id, last.shared_terms) == ("a_2", ("hat",))


@pytest.mark.thorough
def test_articles_on_holograms_come_before_those_on_another_red_hat(azure: GraphSnapshot) -> None:
    """The article quotes “augmented reality (AR) red hat”, which are the two rarest words that others have."""
    hits = similar(azure, "a_wug2yrfytmegf2th")
    titles = [node.title or "" for hit in hits[:5] if isinstance(node := azure.nodes[hit.node_id], Article)]
    assert "WIMI" in titles[0]
    assert sum("Red Hat" in title for title in titles) < 3


@pytest.mark.thorough
def test_articles_on_a_contract_and_those_on_a_game_of_the_same_name_stay_apart(azure: GraphSnapshot) -> None:
    """97 tell of the Pentagon's contract called JEDI, five of the game Star Wars Jedi, each of which has but four others of its kind."""
    about = {
        node.id: "Star Wars" in node.title
        for node in azure.nodes.values()
        if isinstance(node, Article) and node.title and "jedi" in node.title.lower()
    }
    assert (len(about), sum(about.values())) == (102, 5)
    for article_id, is_game in about.items():
        first, *others = [about.get(hit.node_id, is_game) for hit in similar(azure, article_id)[:5]]
        assert first == is_game
        assert is_game or not any(others)


def test_likeness_needs_a_shared_word_that_tells_something() -> None:
    snapshot = library(
        article("a_1", "Lighthouse", "the news of 2024, a b c"),
        article("a_2", "The news of 2024", "c b a 2024 77"),
        article("a_3", None),
        article("a_4", "77"),
    )
    assert [similar(snapshot, node_id) for node_id in ("a_1", "a_2", "a_3", "a_4", "t_1", "unknown")] == [()] * 6


def test_words_are_spelled_as_in_the_article_asked_about() -> None:
    snapshot = library(article("a_1", "Zürich", "ZURICH"), article("a_2", "zurich", "東京"), article("a_3", "京"))
    assert summary(similar(snapshot, "a_1")) == [("a_2", ("Zürich",))]
    assert summary(similar(snapshot, "a_2")) == [("a_1", ("zurich",)), ("a_3", ("京",))]


def test_hits_are_all_that_share_with_eight_reasons_at_most_and_ties_by_id() -> None:
    words = " ".join(f"word{chr(97 + number)}" for number in range(20))
    ids = [f"a_{number:03}" for number in range(150)]
    others = [article(f"a_x{number}", f"other{number}") for number in range(2000)]
    shuffled = [article(node_id, words) for node_id in Random(3).sample(ids, 150)]
    hits = similar(build_snapshot(MergeResult([*shuffled, *others])), "a_050")
    assert [hit.node_id for hit in hits] == [node_id for node_id in ids if node_id != "a_050"]
    assert {len(hit.shared_terms) for hit in hits} == {8}


def test_title_of_an_articles_own_story_is_no_other_article() -> None:
    pair = [article("a_1", "Unheard"), article("a_2", "Ferry")]
    edges = [Edge("a_1", "a_2", EdgeKind.RELATED_TO, 1)]
    assert similar(build_snapshot(MergeResult(pair, targets=targets_of(edges))), "a_1") == ()


def assert_every_hit_has_its_reasons(snapshot: GraphSnapshot, article_id: str) -> None:
    asked = snapshot.nodes[article_id]
    assert isinstance(asked, Article)
    hits = similar(snapshot, article_id)
    assert article_id not in {hit.node_id for hit in hits}
    assert list(hits) == sorted(hits, key=lambda hit: (-hit.score, hit.node_id))
    for hit in hits:
        other = snapshot.nodes[hit.node_id]
        assert isinstance(other, Article)
        shared = [term for word in hit.shared_terms for term in terms(word)]
        assert 1 <= len(shared) == len(set(shared)) <= 8
        assert set(shared) <= text_of(asked) & text_of(other)


def test_seeds_have_their_reasons(seeds: GraphSnapshot) -> None:
    for article_id in seeds.ids[NodeKind.ARTICLE]:
        assert_every_hit_has_its_reasons(seeds, article_id)


def test_two_indexes_of_one_content_answer_alike(seeds: GraphSnapshot) -> None:
    again = GraphSnapshot(
        **{name: getattr(seeds, name) for name in GraphSnapshot.__slots__ if not name.startswith("derived")}
    )
    for article_id in seeds.ids[NodeKind.ARTICLE]:
        assert similar(seeds, article_id) == similar(again, article_id)


@pytest.fixture(scope="module")
def sample(azure: GraphSnapshot) -> list[str]:
    return Random(5).sample(azure.ids[NodeKind.ARTICLE], 150)


@pytest.mark.thorough
def test_corpus_has_its_reasons(azure: GraphSnapshot, sample: list[str]) -> None:
    for article_id in sample[:50]:
        assert_every_hit_has_its_reasons(azure, article_id)


@pytest.mark.thorough
def test_articles_that_the_corpus_relates_are_alike_far_more_often_than_by_chance(
    azure: GraphSnapshot, sample: list[str]
) -> None:
    related = azure.targets[EdgeKind.RELATED_TO]
    named = [(hit.node_id in related.get(node, ())) for node in sample for hit in similar(azure, node)[:10]]
    by_chance = sum(len(related.get(node, ())) for node in sample) / len(sample) / len(azure.ids[NodeKind.ARTICLE])
    assert sum(named) / len(named) > 10 * by_chance
