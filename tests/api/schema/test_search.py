"""Search through the API: highlights belong to their search, kinds and filters to their list."""

from collections.abc import Callable
from typing import Any

import pytest

Ask = Callable[..., dict[str, Any]]

FOUND = """fragment found on SearchConnection {
  totalCount edges { score node { id ...text } highlights { field parts { text isMatch } } }
}
fragment text on Node { __typename ... on Article { title } ... on Topic { name } ... on Provider { name } ... on Story { headline } }"""


def marked(connection: dict[str, Any]) -> set[str]:
    """The matches in all highlights, in lower case."""
    return {
        part["text"].lower()
        for edge in connection["edges"]
        for highlight in edge["highlights"]
        for part in highlight["parts"]
        if part["isMatch"]
    }


def test_each_search_has_its_own_highlights_though_they_share_a_fragment(ask_both: Ask) -> None:
    both = ask_both('{ robot: search(query: "robot") { ...found } ocean: search(query: "ocean") { ...found } }' + FOUND)
    assert "errors" not in both
    robot, ocean = both["data"]["robot"], both["data"]["ocean"]
    for name, connection in (("robot", robot), ("ocean", ocean)):
        alone = ask_both(f'{{ search(query: "{name}") {{ ...found }} }}' + FOUND)["data"]["search"]
        assert connection == alone
    assert marked(robot) == {"robot", "robots"}
    assert marked(ocean) == {"ocean"}
    shared = {edge["node"]["id"] for edge in robot["edges"]} & {edge["node"]["id"] for edge in ocean["edges"]}
    assert len(shared) >= 4


def test_highlights_of_one_search_are_asked_for_page_by_page(ask: Ask) -> None:
    query = 'query ($after: String) { search(query: "harbor skip*", first: 2, after: $after) { pageInfo { endCursor } ...found } }'
    whole = ask('{ search(query: "harbor skip*") { ...found } }' + FOUND)["data"]["search"]
    edges: list[Any] = []
    after = None
    while len(edges) < whole["totalCount"]:
        page = ask(query + FOUND, {"after": after})["data"]["search"]
        edges += page["edges"]
        after = page["pageInfo"]["endCursor"]
    assert edges == whole["edges"]


@pytest.mark.parametrize("text", ["ferry", "Brennhaven", "energy", "lighthouse", '"Corrin Sound"', "tid*"])
def test_every_hit_shows_why_it_was_found_and_the_best_comes_first(ask: Ask, text: str) -> None:
    found = ask("query ($text: String!) { search(query: $text, first: 100) { ...found } }" + FOUND, {"text": text})
    edges = found["data"]["search"]["edges"]
    assert len(edges) == found["data"]["search"]["totalCount"] >= 2
    assert all(edge["highlights"] for edge in edges)
    places = [(-edge["score"], edge["node"]["id"]) for edge in edges]
    assert places == sorted(places)


@pytest.mark.parametrize("text", ["ferry", "Brennhaven", "energy", "o*"])
def test_kinds_divide_what_a_search_finds(ask: Ask, text: str) -> None:
    query = "query ($text: String!, $kinds: [NodeKind!]) { search(query: $text, kinds: $kinds, first: 100) { nodes { id __typename } } }"

    def ids(kinds: list[str] | None) -> dict[str, str]:
        nodes = ask(query, {"text": text, "kinds": kinds})["data"]["search"]["nodes"]
        return {node["id"]: node["__typename"].upper() for node in nodes}

    everything = ids(None)
    for kind in ("ARTICLE", "PROVIDER", "TOPIC", "STORY"):
        assert ids([kind]) == {found: name for found, name in everything.items() if name == kind}
    assert ids([]) == {}
    assert ids(["TOPIC", "PROVIDER", "TOPIC"]) == {
        found: name for found, name in everything.items() if name in ("TOPIC", "PROVIDER")
    }


def test_filter_keeps_articles_that_pass_and_of_other_kinds_what_is_asked_for(ask: Ask) -> None:
    query = """query ($kinds: [NodeKind!], $filter: ArticleFilter) {
      search(query: "energy", kinds: $kinds, filter: $filter, first: 100) { nodes { __typename ... on Article { quality } } }
    }"""
    condition = {"quality": {"gte": 100}}

    def found(**variables: object) -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = ask(query, variables)["data"]["search"]["nodes"]
        return nodes

    articles = found(filter=condition)
    assert {node["__typename"] for node in articles} == {"Article"}
    assert articles == [node for node in found(kinds=["ARTICLE"]) if (node["quality"] or 0) >= 100]
    with_topics = found(filter=condition, kinds=["ARTICLE", "TOPIC"])
    assert [node for node in with_topics if node["__typename"] == "Article"] == articles
    assert len(with_topics) > len(articles)


@pytest.mark.parametrize(
    "text",
    [
        "AND",
        "title:ferry",
        "ferry~9 ^2 [a TO z] {x}",
        '"',
        '""ferry"',
        "“ferry crews”",
        "ferry" * 100,
        "*ferry",
        "\\",
        "a" * 999,
        "渡輪 🌊 ferry",
        "\u0000ferry",
        "'; DROP TABLE articles; --",
        "<b>ferry</b>",
        "(((((",
        "-ferry +boat !storm",
    ],
)
def test_no_text_makes_a_search_fail(ask: Ask, text: str) -> None:
    answer = ask("query ($text: String!) { search(query: $text) { ...found } }" + FOUND, {"text": text})
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert codes in ([], ["BAD_SEARCH"])


def test_cursor_of_a_search_belongs_to_its_text(ask: Ask) -> None:
    query = "query ($text: String!, $after: String) { search(query: $text, first: 1, after: $after) { pageInfo { endCursor } } }"
    after = ask(query, {"text": "ferry"})["data"]["search"]["pageInfo"]["endCursor"]
    assert "errors" not in ask(query, {"text": "ferry", "after": after})
    (error,) = ask(query, {"text": "tidal", "after": after})["errors"]
    assert (error["extensions"], error["path"]) == ({"code": "BAD_CURSOR"}, ["search"])
