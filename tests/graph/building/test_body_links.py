"""Edges from links in bodies, in small folders of each system; and what is said of links that lead nowhere."""

from pathlib import Path

import pytest

from graph.building.body_links import body_links
from graph.building.identity import files_by_key
from graph.building.link_targets import LinkTargets
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind
from graph.problems import ProblemCode
from graph.reading.loader import load_folders
from tests.folders import write_folder
from tests.work import calls_of

JEKYLL = {"_config.yml": "title: A\nurl: https://a.example\nbaseurl: /blog\n"}
HUGO = {"hugo.toml": "baseURL = 'https://a.example/'\n"}


def load(folder: Path, files: dict[str, str], include_unpublished: bool = False) -> GraphSnapshot:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_snapshot([folder], include_unpublished)


def page(body: str, fields: str = "title: T") -> str:
    return f"---\n{fields}\n---\n{body}\n"


def note(body: str) -> str:
    return f"---\n---\n{body}\n"


NAMES = ("sub/Two words.md", "Is it.md", "What is it?.md", "U\u0308ni\u0308.md", "Twice.md", "sub/Twice.md")


def edges(snapshot: GraphSnapshot) -> dict[str, list[str]]:
    """Where links lead, by file."""
    files = {node_id: node.file or node.id for node_id, node in snapshot.nodes.items() if isinstance(node, Article)}
    links = snapshot.targets[EdgeKind.LINKS_TO]
    return {files[source]: [files[target] for target in found] for source, found in links.items()}


def broken(snapshot: GraphSnapshot) -> list[tuple[str, int | None, str]]:
    return [
        (problem.file, problem.line, problem.message)
        for problem in snapshot.problems
        if problem.code is ProblemCode.LINK_BROKEN
    ]


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("[[Beta]]", "sub/Beta.md"),
        ("[[beta]]", "sub/Beta.md"),
        ("[[sub/Beta#Part|text]]", "sub/Beta.md"),
        ("[[Beta.md]]", "sub/Beta.md"),
        ("[[Second letter]]", "sub/Beta.md"),
        ("![[Beta]]", "sub/Beta.md"),
        ("[b](sub/Beta.md)", "sub/Beta.md"),
        ("[b](Beta.md)", "sub/Beta.md"),
        ("[b](<Two words.md>)", "sub/Two words.md"),
        ("[b](sub/Two%20words.md#part)", "sub/Two words.md"),
        ("[[Is it #1?]]", "Is it.md"),
        ("[[What is it?]]", "What is it?.md"),
        ("[[Ünï]]", "Ünï.md"),
        ("[[Twice]]", "Twice.md"),
    ],
)
def test_notes_are_found_by_name_path_and_alias(tmp_path: Path, link: str, target: str) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "Alpha.md": note(link),
        "sub/Beta.md": page("", "aliases: [Second letter]"),
    } | dict.fromkeys(NAMES, note("Text."))
    snapshot = load(tmp_path, files)

    assert edges(snapshot) == {"Alpha.md": [target]}
    assert broken(snapshot) == []


def test_nearest_of_several_notes_with_one_name_is_meant(tmp_path: Path) -> None:
    files = {
        ".obsidian/app.json": "{}",
        "a/One.md": note("[[Name]]"),
        "b/Two.md": note("[[Name]]"),
        "Three.md": note("[[b/Name]] [[Name]]"),
    }
    snapshot = load(tmp_path, files | dict.fromkeys(("a/Name.md", "b/Name.md", "c/d/Name.md"), note("Text.")))

    assert edges(snapshot) == {
        "a/One.md": ["a/Name.md"],
        "b/Two.md": ["b/Name.md"],
        "Three.md": ["b/Name.md", "a/Name.md"],
    }


@pytest.mark.parametrize(
    "link",
    [
        "{% post_url 2024-05-03-frost %}",
        "{% link _posts/2024-05-03-frost.md %}",
        "{{ site.baseurl }}{% post_url 2024-05-03-frost %}#part",
        "/blog/2024/05/03/frost.html",
        "{{ site.baseurl }}/2024/05/03/frost",
        "{{ '/2024/05/03/frost.html' | relative_url }}",
        "https://a.example/blog/2024/05/03/frost.html?utm_source=x#part",
        "http://www.a.example/blog/2024/05/03/frost",
        "//a.example/blog/2024/05/03/frost",
        "/old/frost/",
    ],
)
def test_posts_of_jekyll_are_found(tmp_path: Path, link: str) -> None:
    files = {
        "_posts/2024-05-03-frost.md": page("Text.", "title: Frost\nredirect_from: /old/frost/"),
        "about.md": page(f"See [it]({link})."),
    }
    assert edges(load(tmp_path, JEKYLL | files)) == {"about.md": ["_posts/2024-05-03-frost.md"]}


@pytest.mark.parametrize(
    "link",
    [
        '{{< ref "frost.md" >}}',
        '{{< relref "/posts/frost" >}}',
        '{{% ref "posts/frost/index.md#part" %}}',
        "../posts/frost/",
        "/posts/frost/",
        "https://a.example/posts/frost",
    ],
)
def test_pages_of_hugo_are_found(tmp_path: Path, link: str) -> None:
    files = {
        "content/posts/frost/index.md": page("Text.", "title: Frost"),
        "content/about.md": page(f"See [it]({link})."),
    }
    if link.startswith('{{< ref "frost.md"'):
        files["content/posts/frost.md"] = files.pop("content/posts/frost/index.md")
    (found,) = edges(load(tmp_path, HUGO | files)).items()
    assert found[0] == "content/about.md"
    assert found[1][0].startswith("content/posts/frost")


def test_links_keep_their_order_their_first_texts_and_every_address(tmp_path: Path) -> None:
    files = {
        "a.md": page("[c](c.md) ![[b]] [**B** itself](b.md#x) [again](./c.md) [self](a.md) [self](#x)"),
        "b.md": page("Text."),
        "c.md": page("[a](a.md)"),
    }
    snapshot = load(tmp_path, files)

    assert edges(snapshot) == {"a.md": ["c.md", "b.md"], "c.md": ["a.md"]}
    (links,) = [node.links for node in snapshot.nodes.values() if isinstance(node, Article) and node.file == "a.md"]
    assert [(link.text, link.addresses) for link in links] == [("c", ("c.md", "./c.md")), ("B itself", ("b", "b.md#x"))]
    assert broken(snapshot) == []


def test_link_leads_to_an_article_of_any_host_and_to_one_that_only_others_name(tmp_path: Path) -> None:
    files = {
        "a.md": page(
            "[b](http://www.b.example/b?utm_source=x) [c](https://c.example/c) [d](https://d.example/d)",
            "title: A\nrelated: [{webUrl: 'https://c.example/c', title: C}]",
        ),
        "b.md": page("Text.", "title: B\nwebUrl: https://www.b.example/b"),
    }
    snapshot = load(tmp_path, files)

    (targets,) = snapshot.targets[EdgeKind.LINKS_TO].values()
    found = [snapshot.nodes[target] for target in targets]
    assert [node.url for node in found if isinstance(node, Article)] == [
        "https://www.b.example/b",
        "https://c.example/c",
    ]
    assert broken(snapshot) == []


def test_links_that_lead_nowhere_are_told_with_the_nearest_file(tmp_path: Path) -> None:
    files = {
        "content/a.md": page('Text.\n\n[b](bb.md)\n[x]({{< ref "frosst" >}}) [y](/posts/forst/)\n[z](gone.md)'),
        "content/b/bb.md": page("Text."),
        "content/posts/frost.md": page("Text."),
    }
    assert broken(load(tmp_path, HUGO | files)) == [
        ("content/a.md", 6, "The link to “bb.md” leads nowhere; the nearest file is “content/b/bb.md”."),
        ("content/a.md", 7, "The link to “/posts/forst/” leads nowhere; the nearest file is “content/posts/frost.md”."),
        ("content/a.md", 7, "The link to “frosst” leads nowhere; the nearest file is “content/posts/frost.md”."),
        ("content/a.md", 8, "The link to “gone.md” leads nowhere; correct it, or add the page."),
    ]


@pytest.mark.parametrize("link", ["../b.md", "../../b.md", "./../b", "[[../b]]"])
def test_link_that_leaves_the_folder_leads_nowhere(tmp_path: Path, link: str) -> None:
    files = {"a.md": page(link if link.startswith("[[") else f"[b]({link})"), "b.md": page("Text.")}

    assert edges(load(tmp_path, files)) == {}


@pytest.mark.parametrize("link", ["[b](../gone-{}/page.md)", "[[page]]"])
def test_file_of_a_name_that_many_have_is_found_without_a_look_at_each(tmp_path: Path, link: str) -> None:
    texts = {f"{number}/a.md": note(link.format(number)) for number in range(120)}
    texts |= {f"{number}/page.md": note("Text.") for number in range(120)}
    loaded = load_folders([write_folder(tmp_path, texts)])
    files = files_by_key(loaded.documents, [])

    targets = LinkTargets(files, {}, loaded.sites)

    def follow() -> None:
        body_links(files, lambda: targets, lambda: LinkTargets({}, {}, {}), {})

    assert calls_of(follow, most=40_000) > len(texts)


def test_what_may_be_no_page_is_not_told(tmp_path: Path) -> None:
    body = "[a](a.pdf) [b](/img/b.png) [c](/tags/x/) [d](someone@a.example) [e](https://b.example/e.md) [f](/feed.xml)"
    assert broken(load(tmp_path, HUGO | {"content/a.md": page(body)})) == []


def test_link_to_what_is_not_published_is_told_without_a_trace_of_it(tmp_path: Path) -> None:
    files = {
        "content/a.md": page("[x](secret-plan.md)"),
        "content/secret-plan.md": page("Text.", "title: P\ndraft: true"),
    }

    assert broken(load(tmp_path, HUGO | files)) == [
        (
            "content/a.md",
            4,
            "The link to “secret-plan.md” leads to a page that is not published; take it out, or publish the page.",
        )
    ]
    assert edges(load(tmp_path, {}, include_unpublished=True)) == {"content/a.md": ["content/secret-plan.md"]}


def test_target_that_many_files_miss_is_told_a_few_times(tmp_path: Path) -> None:
    files = {f"content/{number}.md": page("[x](gone.md)") for number in range(12)}
    found = broken(load(tmp_path, HUGO | files))

    assert len(found) == 5
    assert [message for _, _, message in found if "7 more files link there." in message] == [found[-1][2]]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "09-wikilinks",
            {"Alpha.md": ["Beta.md", "sub/Gamma.md"], "Beta.md": ["Alpha.md"], "sub/Gamma.md": ["Alpha.md"]},
        ),
        (
            "10-links-in-bodies",
            {
                "_posts/2024-02-03-one.md": ["_posts/2024-02-04-two.md"],
                "guide/next.md": ["guide/start.md"],
                "guide/start.md": ["guide/next.md", "index.md"],
                "index.md": ["guide/start.md"],
            },
        ),
    ],
)
def test_cases_have_their_edges(corpus: Path, case: str, expected: dict[str, list[str]]) -> None:
    assert edges(load_snapshot([corpus.parents[1] / "cases" / "sites" / case / "site"])) == expected


@pytest.mark.parametrize(
    ("site", "least"),
    [
        ("docusaurus-electron", 1_000),
        ("eleventy-18f", 600),
        ("hugo-digitalgov", 3_594),
        ("hugo-letsencrypt", 1_200),
        ("jekyll-docs", 270),
        ("obsidian-hub", 21_000),
        ("zola-docs", 140),
    ],
)
@pytest.mark.thorough
def test_real_sites_have_their_edges(corpus: Path, site: str, least: int) -> None:
    snapshot = load_snapshot([corpus.parents[1] / "sites" / site], include_unpublished=True)
    assert snapshot.edge_counts[EdgeKind.LINKS_TO] >= least


def test_references_of_hugo_stay_in_their_language(tmp_path: Path) -> None:
    link = page('[w]({{< relref "winter.md" >}})')
    hugo = HUGO["hugo.toml"] + "[languages.en]\n[languages.de]\n"
    files = dict.fromkeys(("posts/a/index.md", "posts/a/index.de.md", "posts/b.md", "posts/b.de.md"), link)
    files |= {"posts/winter.md": page(""), "posts/winter.de.md": page("")}

    found = edges(load(tmp_path, {"hugo.toml": hugo, **{f"content/{file}": text for file, text in files.items()}}))

    assert {file: targets[0] for file, targets in found.items()} == {
        f"content/{file}": "content/posts/winter.de.md" if ".de." in file else "content/posts/winter.md"
        for file in files
        if "winter" not in file
    }


@pytest.mark.parametrize(
    "link", ["{filename}horn.md", "{filename}/sea/horn.md", "|filename|horn.md#loud", "{attach}horn.md"]
)
def test_files_of_pelican_are_found(tmp_path: Path, link: str) -> None:
    files = {
        "pelicanconf.py": 'SITENAME = "A"\nPATH = "content"\n',
        "content/sea/lamp.md": f"Title: Lamp\n\n[h]({link}) [t]({{tag}}sea) [p]({{static}}/plan.pdf)\n",
        "content/sea/horn.md": "Title: Horn\n\nText.\n",
    }
    snapshot = load(tmp_path, files)

    assert edges(snapshot) == {"content/sea/lamp.md": ["content/sea/horn.md"]}
    assert broken(snapshot) == []
