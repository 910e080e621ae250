"""What documents say by default: Jekyll's `defaults`, and Hugo's `cascade`."""

from pathlib import Path
from typing import Any

import pytest

from graph.building.live_folders import LiveFolders, load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind, NodeKind, label
from graph.sites.defaults import defaults
from graph.sites.site import Site, SiteSystem

JEKYLL = """
title: Shore
url: https://shore.example
defaults:
  - scope: {path: ""}
    values: {author: Ada Quill, layout: plain, tags: [all]}
  - scope: {path: "", type: posts}
    values: {layout: post, category: news}
  - scope: {path: "_posts/old"}
    values: {published: false, author: Nobody}
  - scope: {path: "_posts/old/*-kept*"}
    values: {published: true}
  - scope: {path: notes, type: pages}
    values: {permalink: "/notes/:basename/", date: 2020-01-02}
"""
HUGO = """
baseURL = "https://shore.example/"
[[cascade]]
author = "Ada Quill"
mood = "calm"
[[cascade]]
draft = true
[cascade.target]
path = "/attic/**"
kind = "page"
[[cascade]]
weight = 7
[cascade.target]
environment = "staging"
[[cascade]]
weight = 8
[cascade.target]
sites = "all"
"""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def said(snapshot: GraphSnapshot) -> dict[str, dict[str, Any]]:
    """By file what articles say that can come from elsewhere."""
    articles = [node for node in snapshot.nodes.values() if isinstance(node, Article)]
    return {
        article.file or "": {
            "authors": names(snapshot, EdgeKind.WRITTEN_BY, article),
            "topics": names(snapshot, EdgeKind.ABOUT, article),
            "date": article.published_date_time and f"{article.published_date_time:%F}",
            "path": article.path,
            **article.front_matter,
        }
        for article in articles
    }


def names(snapshot: GraphSnapshot, kind: EdgeKind, article: Article) -> list[str]:
    return [label(snapshot.nodes[target]) for target in snapshot.targets[kind].get(article.id, ())]


def test_jekyll_says_for_documents_what_their_scope_does(tmp_path: Path) -> None:
    files = {
        "_config.yml": JEKYLL,
        "_posts/2024-05-03-frost.md": "---\ntitle: Frost\n---\n",
        "_posts/2024-05-04-own.md": "---\ntitle: Own\nAuthor: Bo\ntags: [own]\nlayout: wide\n---\n",
        "_posts/old/2020-01-01-gone.md": "---\ntitle: Gone\n---\n",
        "_posts/old/2020-01-01-kept.md": "---\ntitle: Kept\n---\n",
        "notes/tide.md": "---\ntitle: Tide\n---\n",
    }
    write(tmp_path, files)

    found = said(load_snapshot([tmp_path]))

    assert {file: [of[key] for key in ("authors", "topics", "date", "path", "layout")] for file, of in found.items()} == {
        "_posts/2024-05-03-frost.md": [
            ["Ada Quill"], ["all", "news"], "2024-05-03", "/news/2024/05/03/frost.html", "post",
        ],
        "_posts/2024-05-04-own.md": [["Bo"], ["own", "news"], "2024-05-04", "/news/2024/05/04/own.html", "wide"],
        "_posts/old/2020-01-01-kept.md": [
            ["Nobody"], ["all", "news"], "2020-01-01", "/news/2020/01/01/kept.html", "post",
        ],
        "notes/tide.md": [["Ada Quill"], ["all"], "2020-01-02", "/notes/tide/", "plain"],
    }  # fmt: skip


def test_folder_of_a_language_is_one_like_others_to_jekyll() -> None:
    said = [{"scope": {"path": "de"}, "values": {"lang": "de"}}]
    site = Site(system=SiteSystem.JEKYLL, languages=("en", "de"), settings={"defaults": said, "saidIn": "_config.yml"})

    assert defaults(site, "de/_posts/2024-05-03-frost.md")["lang"].value == "de"
    assert defaults(site, "en/_posts/2024-05-03-frost.md") == {}


def test_hugo_says_for_pages_what_cascades_to_them(tmp_path: Path) -> None:
    files = {
        "hugo.toml": HUGO,
        "content/_index.md": "---\ntitle: Home\ncascade: {mood: merry, tags: [shore]}\n---\n",
        "content/posts/_index.md": "---\ntitle: Posts\ncascade:\n- {tags: [post], author: Bo, _target: {kind: page}}\n- {author: Cy}\n---\n",
        "content/posts/frost/index.md": "---\ntitle: Frost\n---\n",
        "content/posts/own.md": "---\ntitle: Own\nTags: [own]\nauthors: [Di]\nmood: sad\n---\n",
        "content/attic/_index.md": "---\ntitle: Attic\n---\n",
        "content/attic/chest.md": "---\ntitle: Chest\n---\n",
        "content/attic/lamp.md": "---\ntitle: Lamp\ndraft: false\n---\n",
    }
    write(tmp_path, files)

    found = said(load_snapshot([tmp_path]))

    assert {file.removeprefix("content/"): [of["authors"], of["topics"], of["mood"]] for file, of in found.items()} == {
        "_index.md": [["Ada Quill"], ["shore"], "merry"],
        "posts/_index.md": [["Cy"], ["shore"], "merry"],
        "posts/frost/index.md": [["Bo"], ["post"], "merry"],
        "posts/own.md": [["Di"], ["own"], "sad"],
        "attic/_index.md": [["Ada Quill"], ["shore"], "merry"],
        "attic/lamp.md": [["Ada Quill"], ["shore"], "merry"],
    }


def test_cascade_of_a_language_is_for_its_pages(tmp_path: Path) -> None:
    files = {
        "hugo.toml": 'baseURL = "https://shore.example/"\n[languages.en]\n[languages.de]\n[[cascade]]\nmood = "froh"\n[cascade.target]\nlang = "de"\n',
        "content/posts/_index.de.md": "---\ntitle: D\ncascade: {tags: [deutsch]}\n---\n",
        "content/posts/a.md": "---\ntitle: A\n---\n",
        "content/posts/a.de.md": "---\ntitle: A\n---\n",
    }
    write(tmp_path, files)

    found = said(load_snapshot([tmp_path]))

    assert (found["content/posts/a.md"]["topics"], found["content/posts/a.md"].get("mood")) == ([], None)
    assert (found["content/posts/a.de.md"]["topics"], found["content/posts/a.de.md"]["mood"]) == (["deutsch"], "froh")


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("/posts/**", True),
        ("**", True),
        ("/posts/*", False),
        ("/Posts/*/a", True),
        ("/{news,posts}/**", True),
        ("/{news,p*}/**", True),
        ("/posts/2024/?", True),
        ("posts/**", False),
        ("/posts", False),
        ("**" * 9, False),
        (7, False),
    ],
)
def test_target_is_a_pattern_of_paths(pattern: object, fits: bool) -> None:
    site = Site(system=SiteSystem.HUGO, settings={"cascade": {"x": 1, "target": {"path": pattern}}})

    assert bool(defaults(site, "posts/2024/a.md")) is fits


@pytest.mark.parametrize(
    ("files", "file"),
    [
        ({"_config.yml": "title: A\ndefaults: [{scope: {path: ''}, values: {date: yesterday}}]\n"}, "_config.yml"),
        ({"hugo.toml": 'baseURL = "/"\ntitle = "A"\ncascade = {date = "yesterday"}\n'}, "hugo.toml"),
        ({"_index.md": "---\ntitle: A\ncascade:\n  date: yesterday\n---\n"}, "_index.md"),
    ],
)
def test_mistake_in_a_default_is_told_once_where_it_stands(tmp_path: Path, files: dict[str, str], file: str) -> None:
    write(tmp_path, files | {f"{name}.md": f"---\ntitle: {name}\nprovider: P\n---\n" for name in "bcd"})

    problems = [problem for problem in load_snapshot([tmp_path]).problems if problem.code.value == "DATE_INVALID"]

    assert [(problem.file, problem.line, problem.path) for problem in problems] == [(file, None, ("date",))]


def test_change_of_a_cascade_is_a_change_of_the_pages_below(tmp_path: Path) -> None:
    index, page = "content/posts/_index.md", "content/posts/a.md"
    write(
        tmp_path,
        {"hugo.toml": 'baseURL = "/"', index: "---\ntitle: P\n---\n", page: "---\ntitle: A\n---\n"},
    )
    folders = LiveFolders([tmp_path])
    assert said(folders.load().snapshots[False])[page]["topics"] == []

    write(tmp_path, {index: "---\ntitle: P\ncascade: {tags: [tide]}\n---\n"})
    snapshot = folders.load(touched=[str(tmp_path / index)]).snapshots[False]

    assert said(snapshot)[page]["topics"] == ["tide"]
    assert len(snapshot.ids[NodeKind.TOPIC]) == 1
