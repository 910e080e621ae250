"""Operations that once took far longer than their cost said, over real sockets: refused, or answered in what they cost."""

import json
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cases import random_from
from tests.folders import document, write_folder
from tests.service import Answer, Served, running

UNIT = 20e-6
"""Processor seconds that a unit of cost stands for."""
TIMES = 16
"""How much longer it may be here: twice what the search for such operations allows, since machines differ."""
SLACK = 0.5
"""Processor seconds that the service may take for other things meanwhile."""

EXCERPT = {"excerpt": {"contains": "", "gte": "", "ignoreCase": True}}
NOWHERE = {"title": {"eq": "no such title"}}
MANY = {"and": [EXCERPT] * 900 + [NOWHERE]}
SOME = {"and": [EXCERPT] * 100 + [NOWHERE]}
DEEP = {
    "topics": {
        "some": {"articles": {"some": {"related": {"some": {"topics": {"some": {"articles": {"some": SOME}}}}}}}}
    }
}
FILTERED = "query ($f: ArticleFilter) { %s }"
CRITERIA = ["publishedDateTime", "title", "slug", "url", "quality", "heat"]
ORDER = [{name: "DESC"} for name in CRITERIA] + [{"related": {"count": "ASC"}}, {"topics": {"count": "ASC"}}]
EDGES = "edges { kind source { id } target { id } sharedTopics { name } }"
REFUSED = {
    "neighborhood": (FILTERED % 'topic(by: {slug: "azure"}) { neighborhood(limitPerNode: 1, filter: $f) { truncated } }', MANY),
    "neighborhoods": (FILTERED % "articles(first: 100) { nodes { neighborhood(depth: 2, filter: $f) { truncated } } }", SOME),
    "neighborhood of an id": (FILTERED % 'neighborhood(id: "%(topic)s", depth: 2, filter: $f) { truncated }', MANY),
    "trending": (FILTERED % "trending(window: QUARTER, filter: $f) { count }", MANY),
    "relations": ("query ($f: ArticleFilter!) { topics(filter: {articles: {some: {and: [$f]}}}) { totalCount } }", MANY),
    "relations in relations": (FILTERED % "articles(filter: $f) { totalCount }", {"or": [DEEP] * 5}),
    "providers": (FILTERED % "providers(first: 100) { nodes { articles(first: 0, filter: $f) { aggregate { count } } } }", MANY),
    "search": (FILTERED % 'search(query: "azure", filter: $f) { totalCount }', MANY),
    "related by topic": (FILTERED % 'relatedByTopic(topics: ["Azure"], filter: $f) { totalCount }', MANY),
    "similar": (FILTERED % "articles(first: 100) { nodes { similar(filter: $f) { totalCount } } }", SOME),
    "story": ('{ a: node(id: "%(story)s") { ...f } b: node(id: "%(story)s") { ...f } article(by: {url: "x"}) { id } }'
              " fragment f on Story { neighborhood(limitPerNode: 100) { %(edges)s } }", None),
    "stories": ("{ nodes(ids: [%(stories)s]) { ... on Story { neighborhood(depth: 2) { %(edges)s } } } }", None),
    "stories of a list": ("{ stories(first: 20) { nodes { neighborhood { %(edges)s } } } }", None),
}  # fmt: skip
ANSWERED = {
    "neighborhood": (FILTERED % 'topic(by: {slug: "azure"}) { neighborhood(filter: $f) { truncated } }', EXCERPT),
    "trending": (FILTERED % "trending(window: QUARTER, filter: $f) { count }", {"and": [EXCERPT] * 5}),
    "relations": (FILTERED % "articles(filter: $f) { totalCount }", {"topics": {"some": {"articles": {"some": EXCERPT}}}}),
    "providers": (FILTERED % "providers(first: 100) { nodes { articles(first: 0, filter: $f) { aggregate { count } } } }", EXCERPT),
    "order": ("query ($o: [ArticleOrder!]) { articles(first: 1, orderBy: $o) { nodes { id } } }", ORDER),
    "orders of lists": ("query ($o: [ArticleOrder!]) { topics { nodes { articles(first: 1, orderBy: $o) { totalCount } } } }", ORDER),
    "story": ('{ node(id: "%(story)s") { ... on Story { neighborhood(depth: 0) { edges { kind } } } } article(by: {url: "x"}) { id } }', None),
    "small story": ('{ node(id: "%(small)s") { ... on Story { neighborhood { %(edges)s } } } }', None),
    "providers around": ('{ providerNeighborhood(domain: "microsoft.com", depth: 2, limitPerNode: 100, throughHubs: true) { truncated } }', None),
    "labels": ("{ nodes(ids: [%(ids)s]) { " + " ".join(f"l{n}: label" for n in range(20)) + " } article(by: {url: \"x\"}) { id } }", None),
}  # fmt: skip
LONG_BODIES = {
    "pages": ("{ articles(first: 30) { nodes { bodyHtml } } }", None),
    "texts": ("{ articles(first: 30) { nodes { bodyText readingMinutes } } }", None),
    "headings": ("{ articles(first: 30) { nodes { tableOfContents { text } } } }", None),
    "similar": ("{ articles(first: 10) { nodes { similar(first: 10) { edges { sharedTerms } } } } }", None),
    "highlights": ('{ search(query: "%(words)s", first: 5) { edges { highlights { field parts { text } } } } }', None),
    "filter": (FILTERED % "articles(filter: $f) { totalCount }", {"body": {"contains": "no such", "gte": "a", "ignoreCase": True}}),
}  # fmt: skip


pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def real(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service on thousands of real articles."""
    with running(tmp_path_factory.mktemp("costly"), "--unpublished", articles=corpus) as served:
        yield served


@pytest.fixture(scope="module")
def names(real: Served) -> dict[str, str]:
    """Ids of the corpus by what queries call them; they are there when nothing is computed any more in the background."""
    query = (
        '{ search(query: "azure") { totalCount } topic(by: {slug: "azure"}) { id } large: stories(first: 10, orderBy: [{articleCount: DESC}]) { nodes { id } }'
        " small: stories(first: 1, orderBy: [{articleCount: ASC}]) { nodes { id } } articles(first: 100) { nodes { id } } }"
    )
    data = real.post({"query": query}).json()["data"]
    large = [node["id"] for node in data["large"]["nodes"]]
    quoted = [
        " ".join(f'"{found}"' for found in ids) for ids in (large, [node["id"] for node in data["articles"]["nodes"]])
    ]
    return {
        "topic": data["topic"]["id"],
        "story": large[0],
        "small": data["small"]["nodes"][0]["id"],
        "stories": quoted[0],
        "ids": quoted[1],
        "edges": EDGES,
    }


def asked(real: Served, names: dict[str, str], query: str, value: Any) -> tuple[Answer, float]:
    """The answer, and how many processor seconds the service took for it."""
    for name, text in names.items():
        query = query.replace(f"%({name})s", text)
    before = real.processor_seconds()
    answer = real.post({"query": query, "variables": {"f": value, "o": value}, "extensions": {"cost": True}})
    return answer, real.processor_seconds() - before


@pytest.mark.parametrize("name", REFUSED)
def test_operation_that_would_take_too_long_is_refused_at_once(real: Served, names: dict[str, str], name: str) -> None:
    answer, seconds = asked(real, names, *REFUSED[name])
    assert answer.code == "QUERY_TOO_EXPENSIVE", answer.body[:500]
    assert seconds < SLACK


@pytest.mark.parametrize("name", ANSWERED)
def test_operation_takes_no_longer_than_its_cost_says(real: Served, names: dict[str, str], name: str) -> None:
    answer, seconds = asked(real, names, *ANSWERED[name])
    response = answer.json()
    assert response["data"] is not None, answer.body[:500]
    assert seconds < TIMES * UNIT * response["extensions"]["cost"]["estimated"] + SLACK


@pytest.fixture(scope="module")
def long_bodies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service on 120 articles with bodies of 50 KB."""
    folder = tmp_path_factory.mktemp("long")
    random = random_from(1)
    terms = ["".join(random.choices(ascii_lowercase, k=length)) for length in range(2, 12) for _ in range(200)]
    for number in range(120):
        lines = (
            f"## {' '.join(random.choices(terms, k=3))}\n\n{' '.join(random.choices(terms, k=60))} **bold** [a](b.md)\n"
            for _ in range(100)
        )
        write_folder(folder, {f"{number}.md": document(title=f"Article {number}") + "\n".join(lines)})
    with running(tmp_path_factory.mktemp("served"), articles=folder) as served:
        served.post({"query": '{ search(query: "article") { totalCount } }'})
        yield served


@pytest.mark.parametrize("name", LONG_BODIES)
def test_operation_on_long_bodies_takes_no_longer_than_its_cost_says(long_bodies: Served, name: str) -> None:
    words = " ".join(f"{letter}*" for letter in ascii_lowercase)
    answer, seconds = asked(long_bodies, {"words": words}, *LONG_BODIES[name])
    response = answer.json()
    assert "errors" not in response, answer.body[:500]
    assert seconds < TIMES * UNIT * response["extensions"]["cost"]["estimated"] + SLACK


def test_filter_of_an_export_has_the_budget_of_an_operation(real: Served) -> None:
    answer = real.ask("GET", f"/export/graph.json?{urlencode({'filter': json.dumps(SOME)})}")
    assert (answer.status, answer.code) == (400, "QUERY_TOO_EXPENSIVE"), answer.body[:500]
    assert "Most of it is for `filter`" in answer.message
    answer = real.ask("GET", f"/export/graph.json?{urlencode({'filter': json.dumps(NOWHERE)})}")
    assert answer.status == 200


def test_filter_of_a_subscription_has_its_small_budget(real: Served) -> None:
    condition = {"topics": {"some": {"articles": {"some": {"and": [EXCERPT] * 30}}}}}
    query = "subscription ($f: ArticleFilter) { snapshotChanged(filter: $f) { version } }"
    answer = real.post({"query": query, "variables": {"f": condition}}, {"Accept": "text/event-stream"})
    assert b"QUERY_TOO_EXPENSIVE" in answer.body
    assert b"the budget is 1,500" in answer.body
