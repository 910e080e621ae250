"""Each case is a few documents as their authors write them; file names are `a.md`, `b.md` and so on unless given."""

import random
from dataclasses import replace

import pytest

from graph.building.inventory import Inventory
from graph.building.lookups import build_lookups
from graph.building.merge import merge
from graph.building.merged_graph import MergeResult
from graph.links import node_id
from graph.model import Article, ArticleOrigin, EdgeKind, FieldConflict, JsonValue, NodeKind
from graph.problems import ProblemCode, warning
from graph.reading.catalogue_entries import check_catalogue_entry
from graph.reading.documents import check_document
from graph.reading.files import SourceKind
from graph.reading.front_matter import FrontMatter, parse_front_matter
from graph.reading.loader import LoadResult
from tests.edges import edges_of

A, B, C = (f"https://x.example/{name}" for name in "abc")


def loaded(*texts: str) -> LoadResult:
    result = LoadResult()
    for name, text in zip("abcdefgh", texts, strict=False):
        front_matter = parse_front_matter(f"---\n{text}\n---\nBody of {name}")
        assert front_matter is not None
        document, problems = check_document(f"{name}.md", front_matter)
        result.documents.append(document)
        result.problems.extend(problems)
    return result


def merged(*texts: str, unpublished: bool = False) -> MergeResult:
    return merge(loaded(*texts), unpublished)


def with_catalogue(*entries: tuple[SourceKind, dict[str, JsonValue]], texts: tuple[str, ...] = ()) -> MergeResult:
    return merge(catalogue(*entries, texts=texts))


def catalogue(*entries: tuple[SourceKind, dict[str, JsonValue]], texts: tuple[str, ...] = ()) -> LoadResult:
    result = loaded(*texts)
    for number, (kind, fields) in enumerate(entries):
        entry, _ = check_catalogue_entry(f"{number}.yaml", kind, FrontMatter(fields, ""))
        assert entry is not None
        result.catalogue.append(entry)
    return result


def article(result: MergeResult, url: str) -> Article:
    return next(article for article in result.articles if article.url == url)


def found(result: MergeResult) -> list[tuple[str, str, int | None, str | None]]:
    return [(problem.code.value, problem.file, problem.line, problem.field_path) for problem in result.problems]


def edges(result: MergeResult, kind: EdgeKind) -> list[tuple[str, str, int]]:
    names = {node_id(NodeKind.ARTICLE, url): url[-1] for url in (A, B, C)}
    names |= {topic.id: topic.name for topic in result.topics} | {node.id: node.name for node in result.providers}
    return [(names[edge.source], names[edge.target], edge.position) for edge in edges_of(result) if edge.kind is kind]


def test_documents_and_what_they_name_become_nodes_and_edges() -> None:
    result = merged(
        f"title: A\nwebUrl: {A}\nprovider: {{name: P, domain: p.example}}\ntopics: [AI, Energy]\nrelated: [{{webUrl: {C}}}, {{webUrl: {B}}}]",
        f"title: B\nwebUrl: {B}\nprovider: P.example\ntopics: [energy]\nrelated: [{{webUrl: {A}}}]",
    )

    assert [(node.url, node.origin.value, node.slug, node.title) for node in result.articles] == [
        (A, "DOCUMENT", "a", "A"),
        (B, "DOCUMENT", "b", "B"),
        (C, "REFERENCE", None, None),
    ]
    assert [(node.domain, node.name, node.aliases) for node in result.providers] == [("p.example", "P", ())]
    assert [(node.slug, node.name) for node in result.topics] == [("ai", "AI"), ("energy", "Energy")]
    assert edges(result, EdgeKind.PUBLISHED_BY) == [("a", "P", 1), ("b", "P", 1)]
    assert edges(result, EdgeKind.ABOUT) == [("a", "AI", 1), ("a", "Energy", 2), ("b", "Energy", 1)]
    assert edges(result, EdgeKind.RELATED_TO) == [("a", "c", 1), ("a", "b", 2), ("b", "a", 1)]
    assert found(result) == []


@pytest.mark.parametrize("hiding", ["published: false", "removed: true", "deleted: true"])
def test_hidden_article_is_known_only_by_what_visible_ones_say_of_it(hiding: str) -> None:
    texts = (
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [{{webUrl: {B}, title: Mentioned}}]",
        f"{hiding}\ntitle: Secret\nexcerpt: Secret\nprovider: Secret\ntopics: [Secret]\nslug: secret\nwebUrl: {B}\n"
        f"secret: 1\nquality: wrong\nrelated: [{{webUrl: {C}, title: Secret}}]",
    )
    result = merged(*texts)
    hidden = article(result, B)

    assert (hidden.origin, hidden.title, hidden.slug, hidden.slugs) == (ArticleOrigin.REFERENCE, "Mentioned", None, ())
    assert (hidden.body, hidden.published, hidden.file, dict(hidden.front_matter), hidden.conflicts) == (
        None,
        None,
        None,
        {},
        (),
    )
    assert "ecret" not in repr(result)
    assert (found(result), len(result.articles), len(edges_of(result))) == ([], 2, 2)

    everything = merged(*texts, unpublished=True)
    assert (article(everything, B).title, article(everything, B).published) == ("Secret", False)
    assert [problem.code.value for problem in everything.problems] == ["FIELD_TYPE"]


def test_hidden_article_that_nobody_mentions_is_absent() -> None:
    found = merged(f"published: false\ntitle: A\nwebUrl: {A}\ntopics: [AI]")

    assert replace(found, inventory=Inventory()) == MergeResult()


def test_slug_of_a_hidden_article_finds_nothing() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [hidden]", f"published: false\nslug: hidden\nwebUrl: {B}"
    )

    assert [node.url for node in result.articles] == [A]
    assert found(result) == [("RELATED_UNIDENTIFIED", "a.md", 5, "related[0]")]


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ("published: false\nquality: 9", "quality: 1", "b.md"),
        ("quality: 1\npublishedDateTime: 2024-01-02", "quality: 2\npublishedDateTime: 2024-01-01", "b.md"),
        ("quality: -5", "quality:", "a.md"),
        ("publishedDateTime: 2024-01-01", "publishedDateTime: 2024-01-02", "b.md"),
        ("publishedDateTime:", "publishedDateTime: 0001-01-02", "b.md"),
        ("", "", "a.md"),
    ],
)
def test_of_two_files_published_then_quality_then_date_then_name_wins(first: str, second: str, winner: str) -> None:
    result = merged(*(f"title: T\nprovider: P\nwebUrl: {A}\n{text}" for text in (first, second)), unpublished=True)

    loser = {"a.md": "b.md", "b.md": "a.md"}[winner]
    assert [node.file for node in result.articles] == [winner]
    assert found(result) == [("ARTICLE_DUPLICATED", loser, 4, "webUrl")]


def test_losing_file_fills_gaps_and_leaves_links_slugs_and_conflicts() -> None:
    result = merged(
        f"title: Old\nexcerpt: E\nprovider: P\ntopics: [AI, X]\nwebUrl: {A}?utm_source=x\nkept: 1\nshared: 1\nrelated: [{{webUrl: {C}}}]",
        f"title: New\nprovider: Q\ntopics: [ai]\nquality: 5\nwebUrl: {A}\nshared: 2\nslug: s\nrelated: [{{webUrl: {B}}}]",
    )
    node = article(result, A)

    assert (node.file, node.title, node.excerpt, node.body, node.web_url) == ("b.md", "New", "E", "Body of b", A)
    assert (node.slug, node.slugs, node.front_matter) == ("s", ("s", "b", "a"), {"kept": 1, "shared": 2})
    assert edges(result, EdgeKind.RELATED_TO) == [("a", "b", 1), ("a", "c", 2)]
    assert edges(result, EdgeKind.ABOUT) == [("a", "ai", 1), ("a", "X", 2)]
    assert node.conflicts == (
        FieldConflict("title", "Old", "a.md", "title"),
        FieldConflict("provider", {"name": "P"}, "a.md", "provider"),
        FieldConflict("body", "Body of a", "a.md", "body"),
        FieldConflict("shared", 1, "a.md", "shared"),
    )


def test_own_file_wins_over_copies_and_what_copies_say_differently_is_kept() -> None:
    copy = f"{{webUrl: {B}, title: Other, quality: 9, publishedDateTime: 2024-01-01, provider: {{name: Q, domain: Q.example}}, images: [{{url: https://q.example/i, width: 5, isCached: false}}]}}"
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\npublishedDateTime: 2026-01-01\nrelated: [{{webUrl: {C}}}, {copy}]",
        f"title: B\nprovider: P\nwebUrl: {B}\nquality: 5",
    )
    node = article(result, B)

    assert (node.title, node.quality, node.published_date_time, node.images) == ("B", 5, None, ())
    assert node.conflicts == (
        FieldConflict("title", "Other", "a.md", "related[1].title"),
        FieldConflict("publishedDateTime", "2024-01-01T00:00:00Z", "a.md", "related[1].publishedDateTime"),
        FieldConflict("quality", 9, "a.md", "related[1].quality"),
        FieldConflict(
            "images", [{"url": "https://q.example/i", "width": 5, "isCached": False}], "a.md", "related[1].images"
        ),
        FieldConflict("provider", {"name": "Q", "domain": "q.example"}, "a.md", "related[1].provider"),
    )


def test_of_copies_alone_the_one_in_the_latest_published_article_wins() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\npublishedDateTime: 2024-01-01\nrelated: [{{webUrl: {C}, title: Old, excerpt: Only here}}]",
        f"title: B\nprovider: P\nwebUrl: {B}\npublishedDateTime: 2024-01-02\nrelated: [{{webUrl: {C}, title: New}}]",
        f"title: D\nprovider: P\nwebUrl: https://x.example/d\nrelated: [{{webUrl: {C}, title: Undated}}]",
    )
    node = article(result, C)

    assert (node.origin, node.title, node.excerpt, node.file) == (ArticleOrigin.REFERENCE, "New", "Only here", None)
    assert node.conflicts == (
        FieldConflict("title", "Old", "a.md", "related[0].title"),
        FieldConflict("title", "Undated", "c.md", "related[0].title"),
    )


def test_urls_that_differ_only_in_spelling_are_no_conflict() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [{{webUrl: 'http://X.example/b/?utm_source=y'}}]",
        f"title: B\nprovider: P\nwebUrl: {B}",
    )

    assert article(result, B).conflicts == ()


def test_repeats_and_links_to_itself_are_no_edges() -> None:
    related = f"[{{webUrl: {A}, title: Mine}}, {{webUrl: {B}}}, {{webUrl: '{B}/', title: Again}}, {{webUrl: {C}}}]"
    result = merged(f"title: A\nprovider: P\nwebUrl: {A}\nrelated: {related}")

    assert edges(result, EdgeKind.RELATED_TO) == [("a", "b", 1), ("a", "c", 2)]
    assert article(result, A).conflicts == (FieldConflict("title", "Mine", "a.md", "related[0].title"),)
    assert found(result) == [
        ("RELATED_TO_ITSELF", "a.md", 5, "related[0]"),
        ("RELATED_REPEATED", "a.md", 5, "related[2]"),
    ]


def test_related_slug_finds_the_article_that_a_look_up_finds() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [s, c]",
        f"title: B\nprovider: P\nwebUrl: {B}\nslug: s\npublishedDateTime: 2024-01-01",
        f"title: C\nprovider: P\nwebUrl: {C}\nslug: s\npublishedDateTime: 2024-01-02",
    )

    assert edges(result, EdgeKind.RELATED_TO) == [("a", "c", 1)]


def test_slug_of_a_copy_finds_an_article_without_a_file_if_no_file_has_the_slug() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [s, b, {{slug: s, webUrl: {C}}}]",
        f"title: B\nprovider: P\nwebUrl: {B}\nrelated: [{{slug: b, webUrl: {C}}}]",
    )

    assert edges(result, EdgeKind.RELATED_TO) == [("a", "c", 1), ("a", "b", 2), ("b", "c", 1)]
    assert (article(result, C).slug, article(result, C).slugs) == ("s", ("s", "b"))
    assert build_lookups(result).articles_by_slug == {
        "a": article(result, A).id,
        "b": article(result, B).id,
        "s": article(result, C).id,
    }


def test_items_that_name_an_article_by_slug_are_checked_like_those_with_a_url() -> None:
    result = merged(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated:\n- a\n- b\n- webUrl: {B}\n- webUrl: {B}/\n- s\n- a\n- webUrl: {A}",
        f"title: B\nprovider: P\nwebUrl: {B}\nslug: s",
    )

    assert edges(result, EdgeKind.RELATED_TO) == [("a", "b", 1)]
    assert sorted(found(result), key=lambda problem: problem[2] or 0) == [
        ("RELATED_TO_ITSELF", "a.md", 6, "related[0]"),
        ("RELATED_REPEATED", "a.md", 8, "related[2]"),
        ("RELATED_REPEATED", "a.md", 9, "related[3]"),
        ("RELATED_REPEATED", "a.md", 10, "related[4]"),
        ("RELATED_TO_ITSELF", "a.md", 11, "related[5]"),
        ("RELATED_TO_ITSELF", "a.md", 12, "related[6]"),
    ]


def test_slug_that_a_newer_article_has_is_no_link_to_itself() -> None:
    result = merged(
        "title: A\nprovider: P\nslug: s\nrelated: [s]",
        f"title: B\nprovider: P\nwebUrl: {B}\nslug: s\npublishedDateTime: 2024-01-01",
    )

    assert [edge.target for edge in edges_of(result) if edge.kind is EdgeKind.RELATED_TO] == [article(result, B).id]
    assert found(result) == []


def test_two_files_that_share_only_a_slug_are_two_articles() -> None:
    result = merged("title: A\nprovider: P\nslug: one", "title: B\nprovider: P\nslug: one")

    assert [(node.title, node.slug, node.path) for node in result.articles] == [("A", "one", "a"), ("B", "one", "b")]
    assert result.problems == []


def test_article_without_a_url_is_known_by_its_path_and_one_without_a_file_by_its_slug() -> None:
    result = merged(
        "title: A\nprovider: P", f"title: B\nprovider: P\nwebUrl: {B}\nrelated: [a, {{slug: nowhere, title: N}}]"
    )

    assert [(node.id, node.url, node.slugs, node.title) for node in result.articles] == [
        (node_id(NodeKind.ARTICLE, "path:a"), None, ("a",), "A"),
        (node_id(NodeKind.ARTICLE, B), B, ("b",), "B"),
        (node_id(NodeKind.ARTICLE, "slug:nowhere"), None, ("nowhere",), "N"),
    ]


def test_provider_has_the_name_most_articles_use_and_all_others_as_aliases() -> None:
    result = merged(
        *(
            f"title: T\nwebUrl: https://x.example/{n}\nprovider: {{name: {name}, domain: p.example}}"
            for n, name in enumerate("PPQ")
        ),
        f"title: T\nwebUrl: {A}\nprovider: P.example\nrelated: [{{webUrl: {B}, provider: {{name: R, domain: www.p.example}}}}]",
    )

    assert [(node.domain, node.name, node.aliases) for node in result.providers] == [
        ("p.example", "P", ("Q", "R")),
    ]


def test_catalogue_describes_providers_and_topics() -> None:
    result = with_catalogue(
        (SourceKind.ORGANIZATION, {"domain": "p.example", "name": "The Post", "otherNames": ["TP"]}),
        (SourceKind.ORGANIZATION, {"domain": "unused.example", "name": "Unused"}),
        (SourceKind.TOPIC, {"name": "Tidal Power", "parent": "Energy", "keywords": ["array"]}),
        (SourceKind.TOPIC, {"name": "Energy"}),
        texts=(f"title: A\nwebUrl: {A}\nprovider: {{name: P, domain: p.example}}\ntopics: [tidal power]",),
    )

    assert [(node.name, node.aliases) for node in result.providers] == [("The Post", ("P", "TP"))]
    assert [(node.slug, node.name, node.keywords) for node in result.topics] == [
        ("tidal-power", "Tidal Power", ("array",)),
        ("energy", "Energy", ()),
    ]
    assert edges(result, EdgeKind.BROADER) == [("Tidal Power", "Energy", 1)]


@pytest.mark.parametrize("hiding", ["published", "removed", "deleted"])
def test_hidden_catalogue_file_leaves_no_trace(hiding: str) -> None:
    hidden: dict[str, JsonValue] = {"name": "Secret", "parent": "Secrets", hiding: hiding != "published"}
    loaded_catalogue = catalogue((SourceKind.TOPIC, hidden), (SourceKind.TOPIC, {"name": "secret", "keywords": ["k"]}))
    loaded_catalogue.problems.append(warning(ProblemCode.FIELD_TYPE, "Secret", file="0.yaml"))
    result = merge(loaded_catalogue)

    assert [(topic.name, topic.keywords) for topic in result.topics] == [("secret", ("k",))]
    assert (edges_of(result), result.problems) == ([], [])
    assert [problem.code.value for problem in merge(loaded_catalogue, include_unpublished=True).problems] == [
        "FIELD_TYPE",
        "CATALOGUE_REPEATED",
        "TOPIC_PARENT_UNKNOWN",
    ]


def test_mistakes_in_the_catalogue_are_reported() -> None:
    topic = SourceKind.TOPIC
    result = with_catalogue(
        (topic, {"name": "A", "parent": "B"}),
        (topic, {"name": "B", "parent": "A"}),
        (topic, {"name": "C", "parent": "Unknown"}),
        (topic, {"name": "c"}),
        (topic, {"name": "D", "parent": "D"}),
    )

    assert edges(result, EdgeKind.BROADER) == [("A", "B", 1), ("C", "Unknown", 1)]
    assert found(result) == [
        ("CATALOGUE_REPEATED", "3.yaml", None, None),
        ("TOPIC_PARENT_CYCLE", "1.yaml", None, "parent"),
        ("TOPIC_PARENT_UNKNOWN", "2.yaml", None, "parent"),
        ("TOPIC_PARENT_CYCLE", "4.yaml", None, "parent"),
    ]


def test_order_of_documents_does_not_matter() -> None:
    result = loaded(
        f"title: A\nprovider: P\nwebUrl: {A}\nrelated: [s, {{webUrl: {C}, title: X}}]",
        f"title: B\nprovider: Q\nwebUrl: {B}\nslug: s\nrelated: [{{webUrl: {C}, title: Y}}]",
        f"title: B\nprovider: p\nwebUrl: {B}\ntopics: [AI]",
        "title: D\nprovider: P\nslug: s\ntopics: [ai]",
    )
    expected = {repr(node) for node in merge(result).articles}
    for seed in range(10):
        random.Random(seed).shuffle(result.documents)
        assert {repr(node) for node in merge(result).articles} == expected


def test_topics_in_topics_are_broader_ones() -> None:
    result = merged(f"title: A\nwebUrl: {A}\ntags: [animal/cat/lion, Animal, animal/dog]")

    assert [topic.name for topic in result.topics] == ["animal/cat/lion", "Animal", "animal/dog", "animal/cat"]
    assert edges(result, EdgeKind.BROADER) == [
        ("animal/cat/lion", "animal/cat", 1),
        ("animal/cat", "Animal", 1),
        ("animal/dog", "Animal", 1),
    ]


def test_missing_providers_of_a_whole_folder_are_one_problem() -> None:
    missing = merged("title: A", "title: B", "title: C\nprovider: P")
    one = merged("title: A", "title: B\nprovider: P", "title: C\nprovider: P")

    assert found(missing) == [("PROVIDER_MISSING", ".", None, None)]
    assert missing.problems[0].message.startswith("2 articles name no provider, a.md for one, ")
    assert found(one) == [("PROVIDER_MISSING", "a.md", None, "provider")]
