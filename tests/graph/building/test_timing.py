import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.building.live_folders import LiveFolders
from graph.building.merge import merge
from graph.building.timing import as_of, next_change
from graph.reading.documents import check_document
from graph.reading.front_matter import parse_front_matter
from graph.reading.loader import LoadResult
from graph.reading.records import Document, HiddenReason
from graph.sites.site import Site, SiteSystem

NOW = datetime(2024, 5, 3, 12, tzinfo=UTC)


def document(fields: str, system: SiteSystem = SiteSystem.PLAIN, label: str = "posts/a.md", **site: object) -> Document:
    front_matter = parse_front_matter(f"---\n{fields}\n---\n")
    assert front_matter is not None
    return check_document(label, front_matter, site=Site(system=system, **site))[0]  # type: ignore[arg-type]


def reason(document: Document) -> str | None:
    (found,) = as_of([document], NOW)
    return found.hidden and found.hidden.name


@pytest.mark.parametrize(
    ("fields", "hidden"),
    [
        ("date: 2024-05-03T12:00:00Z", None),
        ("date: 2024-05-03T12:00:01Z", "FUTURE"),
        ("publishedDateTime: 2099-01-01", "FUTURE"),
        ("published: 2099-01-01", "FUTURE"),
        ("date: 2020-01-01\npublishDate: 2099-01-01", "FUTURE"),
        ("date: 2099-01-01\npublishDate: 2020-01-01", None),
        ("startDateTime: 2099-01-01", None),
        ("created: 2099-01-01", None),
        ("updated: 2099-01-01", None),
        ("expiryDate: 2024-05-03T12:00:00Z", "EXPIRED"),
        ("expiryDate: 2024-05-03T12:00:01Z", None),
        ("unpublishdate: 2020-01-01", "EXPIRED"),
        ("expiryDate: 2020-01-01\ndraft: true", "DRAFT"),
    ],
)
def test_what_is_published_depends_on_the_time(fields: str, hidden: str | None) -> None:
    assert reason(document(fields)) == hidden


@pytest.mark.parametrize(
    ("system", "label", "hidden"),
    [
        (SiteSystem.HUGO, "posts/a.md", "FUTURE"),
        (SiteSystem.JEKYLL, "_posts/2099-01-01-a.md", "FUTURE"),
        (SiteSystem.JEKYLL, "about.md", "FUTURE"),
        *((system, "posts/a.md", None) for system in (SiteSystem.ZOLA, SiteSystem.ELEVENTY, SiteSystem.OBSIDIAN)),
    ],
)
def test_systems_that_wait_for_a_date_hide_what_is_of_the_future(
    system: SiteSystem, label: str, hidden: str | None
) -> None:
    assert reason(document("date: 2099-01-01", system, label)) == hidden
    assert reason(document("date: 2099-01-01", system, label, shown=("future",))) is None


@pytest.mark.parametrize(
    ("fields", "label", "hidden"),
    [
        *((text, "a.md", "DRAFT") for text in ("draft: true", "Draft: yes", "DRAFT: 1", "isDraft: true")),
        *((text, "a.md", "PUBLISHED_FALSE") for text in ("published: 0", "Published: false", "published: [false]")),
        ("publish: false", "a.md", "PUBLISH_FALSE"),
        ("title: A", "_drafts/a.md", "DRAFTS_FOLDER"),
        ("status: Draft", "a.md", "STATUS"),
        ("unlisted: true", "a.md", "UNLISTED"),
        ("headless: true", "a.md", "HEADLESS"),
        *((text, "a.md", "NOT_RENDERED") for text in ("permalink: false", "build: {render: never}", "_build: {render: false}", "eleventyExcludeFromCollections: true")),
        ("draft: false\npublished: true\nstatus: published\npermalink: /a/", "a.md", None),
    ],
)  # fmt: skip
def test_what_generators_do_not_publish_is_hidden(fields: str, label: str, hidden: str | None) -> None:
    assert reason(document(fields, label=label)) == hidden


def test_next_change_is_the_next_moment_of_what_time_alone_hides() -> None:
    documents = [
        document("date: 2024-05-04"),
        document("expiryDate: 2024-05-05"),
        document("date: 2020-01-01"),
        document("date: 2024-05-03T13:00:00Z\ndraft: true"),
    ]

    assert next_change(documents, NOW) == datetime(2024, 5, 4, tzinfo=UTC)
    assert next_change(documents, datetime(2024, 5, 4, tzinfo=UTC)) == datetime(2024, 5, 5, tzinfo=UTC)
    assert next_change(documents, datetime(2024, 5, 5, tzinfo=UTC)) is None
    assert next_change([document("date: 2044-05-03", SiteSystem.ZOLA)], NOW) == datetime(2039, 5, 5, tzinfo=UTC)


def test_hidden_by_time_is_counted_and_leaves_no_trace() -> None:
    loaded = LoadResult([document("date: 2024-05-04\ntopics: [Later]"), document("title: B", label="b.md")])

    today, tomorrow = merge(loaded, now=NOW), merge(loaded, now=NOW + timedelta(days=1))

    assert ([article.file for article in today.articles], today.topics) == (["b.md"], [])
    assert dict(today.inventory.hidden) == {HiddenReason.FUTURE: 1}
    assert [article.file for article in tomorrow.articles] == ["posts/a.md", "b.md"]
    assert [article.published for article in merge(loaded, True, NOW).articles] == [False, True]


def test_article_appears_when_its_time_comes_though_no_file_changes(tmp_path: Path) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=1)
    (tmp_path / "a.md").write_text(f"---\ntitle: A\ndate: {moment.isoformat()}\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\n---\n")
    live = LiveFolders([tmp_path])

    before = live.load().snapshots[False]
    time.sleep(max((moment - datetime.now(UTC)).total_seconds(), 0) + 0.05)
    after = live.load().snapshots[False]

    assert [len(snapshot.nodes) for snapshot in (before, after)] == [1, 2]
    assert live.load().snapshots[False] is after


def test_date_that_lies_years_ahead_is_a_mistake_and_no_date() -> None:
    loaded = LoadResult(
        [
            document("date: 2044-05-03", SiteSystem.ZOLA, "a.md"),
            document("date: 2025-05-03", SiteSystem.ZOLA, "b.md"),
            document("date: 2044-05-03", SiteSystem.HUGO, "hidden.md"),
        ]
    )

    result = merge(loaded, now=NOW)

    assert [
        (article.file, article.published_date_time and article.published_date_time.year) for article in result.articles
    ] == [
        ("a.md", None),
        ("b.md", 2025),
    ]
    assert [(problem.code.value, problem.file) for problem in result.problems] == [("DATE_IMPLAUSIBLE", "a.md")]
    assert result.problems[0].message == (
        "2044-05-03T00:00:00Z lies more than 5 years ahead, so it is no date of publication; correct it."
    )
