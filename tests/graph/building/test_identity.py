"""Which files are one article, and what finds it."""

from pathlib import Path

import pytest

from graph.building.live_folders import load_snapshot
from graph.errors import UrlError
from graph.links import node_id
from graph.model import NodeKind, Provider
from graph.problems import ProblemCode
from tests.folders import article_in, articles_of, document, folder_snapshot

TITLE = document(title="T")
JEKYLL = "url: https://site.example\nbaseurl: /blog\npermalink: /:year/:title/\ntitle: Site\n"


def test_page_bundles_are_their_own_articles_each(tmp_path: Path) -> None:
    files = ("_index.md", "posts/_index.md", "posts/first-frost/index.md", "posts/warm-rain/index.md")
    snapshot = folder_snapshot(tmp_path, dict.fromkeys(files, TITLE))

    found = articles_of(snapshot)
    assert [article.file for article in found] == list(files)
    assert [article.slug for article in found][1:] == ["posts", "first-frost", "warm-rain"]
    assert not [problem for problem in snapshot.problems if problem.code is ProblemCode.ARTICLE_DUPLICATED]


def test_same_names_in_two_folders_are_two_articles_that_their_paths_tell_apart(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"linux/install.md": TITLE, "windows/install.md": TITLE})

    assert [article.path for article in articles_of(snapshot)] == ["linux/install", "windows/install"]
    for path in ("windows/install", "windows/install.md", "/Windows/Install/", "windows/install/index.md"):
        assert snapshot.lookups.article_at(path) == article_in(snapshot, "windows/install.md").id
    assert [problem.code for problem in snapshot.problems if problem.code is not ProblemCode.PROVIDER_MISSING] == [
        ProblemCode.SLUG_SHARED
    ]


def test_a_file_beside_a_folder_of_its_name_is_another_article(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"posts.md": TITLE, "posts/index.md": TITLE})

    first, second = articles_of(snapshot)
    assert (first.id, second.id) == (
        node_id(NodeKind.ARTICLE, "path:posts"),
        node_id(NodeKind.ARTICLE, "file:posts/index.md"),
    )


def test_files_that_say_one_address_are_one_article_and_no_others(tmp_path: Path) -> None:
    said = document(title="T", canonical_url="https://x.example/a")
    snapshot = folder_snapshot(
        tmp_path, {"a.md": said, "b.md": said, "c.md": document(title="T", permalink="/a/"), "d.md": TITLE}
    )

    assert [(article.url, article.file, article.duplicate_files) for article in articles_of(snapshot)] == [
        ("https://x.example/a", "a.md", ("b.md",)),
        (None, "c.md", ()),
        (None, "d.md", ()),
    ]


def test_a_site_gives_its_articles_addresses_of_which_the_second_claim_is_a_problem(tmp_path: Path) -> None:
    files = {
        "_config.yml": JEKYLL,
        "_posts/2024-05-03-frost.md": TITLE,
        "_posts/2024-06-03-frost.md": TITLE,
        "_posts/2024-06-04-rain.md": document(title="T", webUrl="https://news.example/rain"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    first, second, rain = articles_of(snapshot)
    assert (first.url, first.path) == ("https://site.example/blog/2024/frost", "/2024/frost/")
    assert (second.url, second.path) == (None, "/2024/frost/")
    assert (rain.url, rain.path) == ("https://news.example/rain", "/2024/rain/")
    shared = [problem for problem in snapshot.problems if problem.code is ProblemCode.ADDRESS_SHARED]
    assert [(problem.file, "2024-05-03-frost.md" in problem.message) for problem in shared] == [
        ("_posts/2024-06-03-frost.md", True)
    ]


def test_ids_do_not_depend_on_hidden_files(tmp_path: Path) -> None:
    files = {"posts/index.md": document(title="T", published="false"), "posts.md": TITLE, "a/x.md": TITLE}
    snapshot = folder_snapshot(tmp_path, files)

    everything = load_snapshot([tmp_path], include_unpublished=True)
    assert {article.id for article in articles_of(snapshot)} < {article.id for article in articles_of(everything)}
    assert article_in(everything, "posts.md").id == node_id(NodeKind.ARTICLE, "path:posts")


def test_every_address_of_an_article_finds_it(tmp_path: Path) -> None:
    said = document(title="T", redirect_from="[/old/frost.html, 'https://site.example/blog/older/']", slug="Cold")
    snapshot = folder_snapshot(tmp_path, {"_config.yml": JEKYLL, "_posts/2024-05-03-frost.md": said, "a.md": TITLE})
    lookups, article = snapshot.lookups, article_in(snapshot, "_posts/2024-05-03-frost.md")

    for path in (
        *("/2024/Cold/", "2024/cold", "/blog/2024/Cold/index.html", "_posts/2024-05-03-frost.md", "/old/frost"),
        *("/old/frost.html?x=1#y", "/older", "_posts/2024-05-03-frost"),
    ):
        assert lookups.article_at(path) == article.id, path
    for url in (
        *("https://site.example/blog/2024/Cold/", "http://SITE.example/blog/2024/Cold", "/blog/2024/Cold/"),
        *("https://site.example/blog/old/frost.html", "https://www.site.example/blog/older", "/2024/Cold/"),
    ):
        assert lookups.article_of(url) == article.id, url
    for slug in ("Cold", "cold", "COLD", "2024-05-03-frost", "frost"):
        assert lookups.article(slug) == article.id, slug
    assert lookups.article_of("https://site.example/blog/nowhere") is None
    assert lookups.article_of("https://other.example/2024/Cold/") is None
    with pytest.raises(UrlError):
        lookups.article_of("2024/Cold")


def test_names_in_aliases_find_an_article_in_either_form_of_its_letters(tmp_path: Path) -> None:
    snapshot = folder_snapshot(tmp_path, {"vault.md": "---\naliases: [Other name, Élan vital]\n---\nText.\n"})

    for name in ("Other name", "other NAME", "E\u0301lan vital", "élan VITAL"):
        assert snapshot.lookups.article(name) == articles_of(snapshot)[0].id, name
    assert articles_of(snapshot)[0].aliases == ("Other name", "Élan vital")


def test_slugs_that_differ_in_case_alone_stay_two_names(tmp_path: Path) -> None:
    files = {"a.md": document(title="T", slug="Frost"), "b.md": document(title="T", slug="frost")}
    snapshot = folder_snapshot(tmp_path, files)

    assert snapshot.lookups.article("Frost") == article_in(snapshot, "a.md").id
    assert snapshot.lookups.article("frost") == article_in(snapshot, "b.md").id
    assert snapshot.lookups.article("FROST") == article_in(snapshot, "b.md").id


def test_addresses_without_a_host_are_keys(tmp_path: Path) -> None:
    files = {
        "a.md": document(title="A", webUrl="/2024/a/", images="[/img/a.png]", related="[/2024/b/]"),
        "b.md": document(title="B", webUrl="/2024/b/"),
    }
    snapshot = folder_snapshot(tmp_path, files)
    a, b = articles_of(snapshot)

    assert (a.url, a.path, a.web_url, a.images[0].url) == (None, "/2024/a/", "/2024/a/", "/img/a.png")
    assert snapshot.lookups.article_of("/2024/b") == b.id
    related = next(lists for kind, lists in snapshot.targets.items() if kind.value == "RELATED_TO")
    assert related[a.id] == (b.id,)
    assert {problem.code for problem in snapshot.problems} <= {ProblemCode.PROVIDER_MISSING}


def test_addresses_without_a_host_count_from_the_site(tmp_path: Path) -> None:
    files = {
        "_config.yml": JEKYLL,
        "a.md": document(title="A", webUrl="/2024/a/", images="[/img/a.png]", related="[/blog/2024/b/]"),
        "b.md": document(title="B", webUrl="https://site.example/blog/2024/b"),
    }
    snapshot = folder_snapshot(tmp_path, files)
    a, b = articles_of(snapshot)

    assert (a.url, a.path) == ("https://site.example/blog/2024/a", "/2024/a/")
    assert a.images[0].url == "https://site.example/blog/img/a.png"
    related = next(lists for kind, lists in snapshot.targets.items() if kind.value == "RELATED_TO")
    assert related[a.id] == (b.id,)


def test_images_of_providers_count_from_the_site_too(tmp_path: Path) -> None:
    provider = "{name: V, domain: v.example, images: [{url: /assets/v.jpg}]}"
    files = {
        "_config.yml": JEKYLL,
        "_data/organizations/w.yml": "name: W\ndomain: w.example\nimages: [{url: /assets/w.jpg}]\n",
        "a.md": document(title="A", provider=provider),
        "b.md": document(title="B", provider="w.example"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    images = [
        image.url for provider in snapshot.nodes.values() if isinstance(provider, Provider) for image in provider.images
    ]
    assert sorted(images) == ["https://site.example/blog/assets/v.jpg", "https://site.example/blog/assets/w.jpg"]


def test_related_items_with_a_former_address_name_the_article_that_had_it(tmp_path: Path) -> None:
    former = "https://site.example/blog/old/b.html"
    files = {
        "_config.yml": JEKYLL,
        "a.md": document(title="A", related=f"[{former}, nowhere, {{webUrl: '{former}', title: Old}}]"),
        "b.md": document(title="B", redirect_from="/old/b.html"),
        "c.md": document(title="C", related=f"[{{webUrl: '{former}', title: Old}}]"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    related = next(lists for kind, lists in snapshot.targets.items() if kind.value == "RELATED_TO")
    b = article_in(snapshot, "b.md").id
    assert related == {article_in(snapshot, "a.md").id: (b,), article_in(snapshot, "c.md").id: (b,)}
    assert len(articles_of(snapshot)) == 3


def test_related_items_name_articles_by_path_name_or_number(tmp_path: Path) -> None:
    files = {
        "notes/1.md": TITLE,
        "notes/deep/b.md": document(title="B", related="[1, notes/2.md, deep/c, Alias]"),
        "notes/2.md": TITLE,
        "notes/deep/c.md": TITLE,
        "d.md": document(title="D", aliases="[Alias]"),
    }
    snapshot = folder_snapshot(tmp_path, files)

    related = next(lists for kind, lists in snapshot.targets.items() if kind.value == "RELATED_TO")
    named = [snapshot.nodes[target] for target in related[article_in(snapshot, "notes/deep/b.md").id]]
    assert [getattr(node, "file", None) for node in named] == ["notes/1.md", "notes/2.md", "notes/deep/c.md", "d.md"]


@pytest.mark.parametrize("case", ["01-page-bundles", "03-same-name-two-folders", "04-languages-and-versions"])
def test_in_the_cases_no_file_is_swallowed(shared: Path, case: str) -> None:
    folder = shared / "cases" / "sites" / case / "site"

    files = {str(path.relative_to(folder)) for path in folder.rglob("*.md")}
    assert {article.file for article in articles_of(load_snapshot([folder]))} == files
