"""What the API makes of bodies, in a folder of three pages that link to each other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.building.live_folders import load_snapshot
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader

Ask = Callable[..., dict[str, Any]]

PAGES = {
    "a": "# One & *two*\n\n[the *C*](c.md#part) [[b]] [[gone]] <script>alert(1)</script>",
    "b": "Back to [a](a.md), [again](./a.md).",
    "c": "",
}


@pytest.fixture
def pages(tmp_path: Path, ask_reader: Callable[[GraphReader], Ask]) -> Ask:
    for name, body in PAGES.items():
        text = f"---\ntitle: {name.upper()}\nwebUrl: https://x.example/{name}\n---\n{body}\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    return ask_reader(MemoryReader(load_snapshot([tmp_path])))


def test_body_is_shown_as_html_and_as_text(pages: Ask) -> None:
    query = """{ article(by: {url: "https://x.example/a"}) {
      bodyFormat bodyHtml bodyText readingMinutes tableOfContents { level text anchor }
    } }"""
    assert pages(query)["data"]["article"] == {
        "bodyFormat": "MARKDOWN",
        "bodyHtml": '<h1 id="body-one-two">One &amp; <em>two</em></h1>\n'
        '<p><a href="https://x.example/c#part" rel="noopener noreferrer">the <em>C</em></a> '
        '<a href="https://x.example/b" rel="noopener noreferrer">b</a> gone </p>',
        "bodyText": "One & two\nthe C b gone",
        "readingMinutes": 1,
        "tableOfContents": [{"level": 1, "text": "One & two", "anchor": "body-one-two"}],
    }


def test_nothing_is_made_of_no_body(pages: Ask) -> None:
    query = """{ article(by: {url: "https://x.example/c"}) {
      bodyFormat bodyHtml bodyText readingMinutes tableOfContents { text }
    } }"""
    nothing: dict[str, Any] = {
        "bodyFormat": None,
        "bodyHtml": None,
        "bodyText": None,
        "readingMinutes": None,
        "tableOfContents": [],
    }
    assert pages(query)["data"]["article"] == nothing


def test_links_are_walked_both_ways(pages: Ask) -> None:
    query = """{ articles(orderBy: {title: ASC}) { nodes {
      title
      links { totalCount edges { position text node { title } } }
      backlinks { edges { position text node { title } } }
    } } }"""
    assert pages(query)["data"]["articles"]["nodes"] == [
        {
            "title": "A",
            "links": {
                "totalCount": 2,
                "edges": [
                    {"position": 1, "text": "the C", "node": {"title": "C"}},
                    {"position": 2, "text": "b", "node": {"title": "B"}},
                ],
            },
            "backlinks": {"edges": [{"position": 1, "text": "a", "node": {"title": "B"}}]},
        },
        {
            "title": "B",
            "links": {"totalCount": 1, "edges": [{"position": 1, "text": "a", "node": {"title": "A"}}]},
            "backlinks": {"edges": [{"position": 2, "text": "b", "node": {"title": "A"}}]},
        },
        {
            "title": "C",
            "links": {"totalCount": 0, "edges": []},
            "backlinks": {"edges": [{"position": 1, "text": "the C", "node": {"title": "A"}}]},
        },
    ]


def test_links_are_paged(pages: Ask) -> None:
    query = """query ($after: String) { article(by: {url: "https://x.example/a"}) {
      links(first: 1, after: $after) { nodes { title } pageInfo { endCursor hasNextPage } }
    } }"""
    first = pages(query)["data"]["article"]["links"]
    second = pages(query, {"after": first["pageInfo"]["endCursor"]})["data"]["article"]["links"]
    assert [page["nodes"][0]["title"] for page in (first, second)] == ["C", "B"]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


def test_articles_are_filtered_and_ordered_by_links(pages: Ask) -> None:
    query = """{
      most: articles(orderBy: {links: {count: DESC}}) { nodes { title } }
      linked: articles(orderBy: [{backlinks: {count: DESC}}, {title: DESC}]) { nodes { title } }
      none: articles(filter: {links: {count: {eq: 0}}}) { nodes { title } }
      some: articles(filter: {backlinks: {some: {title: {eq: "B"}}}}) { nodes { title } }
    }"""
    found = {name: "".join(node["title"] for node in page["nodes"]) for name, page in pages(query)["data"].items()}
    assert found == {"most": "ABC", "linked": "CBA", "none": "C", "some": "A"}


def test_paths_and_neighborhoods_follow_links(pages: Ask) -> None:
    ids = {
        node["title"]: node["id"] for node in pages("{ articles { nodes { id title } } }")["data"]["articles"]["nodes"]
    }
    query = """query ($from: ID!, $to: ID!) {
      paths(from: $from, to: $to, throughHubs: true) { paths { nodes { label } edges { kind } } }
      node(id: $from) { ... on Article { neighborhood(throughHubs: true) { edges { kind source { label } target { label } position } } } }
    }"""
    found = pages(query, {"from": ids["B"], "to": ids["C"]})["data"]
    assert [[node["label"] for node in path["nodes"]] for path in found["paths"]["paths"]] == [["B", "A", "C"]]
    edges = found["node"]["neighborhood"]["edges"]
    assert {(edge["source"]["label"], edge["target"]["label"], edge["kind"], edge["position"]) for edge in edges} == {
        ("A", "B", "LINKS_TO", 2),
        ("B", "A", "LINKS_TO", 1),
    }


def test_stories_follow_links_where_no_article_has_related_ones(pages: Ask) -> None:
    query = "{ stories { nodes { headline articleCount } } }"
    assert pages(query)["data"]["stories"]["nodes"] == [{"headline": "A", "articleCount": 3}]
