"""Batches: one call of the store for each level and field, whatever the size of the pages."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from strawberry.types.base import get_object_definition

from api.batching import batch_resolver
from api.context import Context
from api.object_types import Article, Provider, Topic
from api.query import Query
from api.schema import OperationRequest, execute
from api.settings import Settings
from graph.snapshot import GraphSnapshot
from graph.store import GraphReader, MemoryReader

Ask = Callable[..., dict[str, Any]]


class CountingReader:
    """Writes down every call: the method, what it was about, and for how many parents."""

    def __init__(self, reader: GraphReader, *, later: bool = False) -> None:
        self._reader = reader
        self._later = later
        self.calls: list[tuple[str, str, int]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            about = getattr(arguments[0], "value", "") if arguments else ""
            size = next((len(argument) for argument in arguments if isinstance(argument, list)), 1)
            self.calls.append((name, about, size))
            answer = getattr(self._reader, name)(*arguments)
            return answered(answer) if self._later else answer

        async def answered(answer: Any) -> Any:
            await asyncio.sleep(0.001)
            return answer

        return call


def calls_of(snapshot: GraphSnapshot, query: str, *, later: bool = False) -> list[tuple[str, str, int]]:
    reader = CountingReader(MemoryReader(snapshot), later=later)
    context = Context(cast(GraphReader, reader), Settings())
    assert "errors" not in asyncio.run(execute(OperationRequest(query), context))
    return reader.calls


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("size", [1, 7, 50])
def test_three_levels_are_one_call_per_level_and_field(seeds: GraphSnapshot, size: int, later: bool) -> None:
    query = """{ articles(first: SIZE) { nodes {
      provider { name }
      topics { parent { name } }
      related(first: 5) { nodes { provider { topics { totalCount } } problems { code } } }
    } } }""".replace("SIZE", str(size))
    calls = calls_of(seeds, query, later=later)
    assert sorted((name, about) for name, about, _ in calls) == sorted(
        [
            ("pages", "ARTICLES"),
            ("neighbours", "PROVIDER_OF_ARTICLE"),
            ("neighbours", "TOPICS_OF_ARTICLE"),
            ("pages", "RELATED_ANY"),
            ("neighbours", "PARENT_OF_TOPIC"),
            ("neighbours", "PROVIDER_OF_ARTICLE"),
            ("article_problems", ""),
            ("pages", "TOPICS_OF_PROVIDER"),
        ]
    )
    assert {(name, about): count for name, about, count in calls}["pages", "RELATED_ANY"] == size


def test_ten_levels_of_related_articles_are_ten_calls(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 3) { nodes { " + "related(first: 2) { nodes { " * 10 + "id" + " } }" * 10 + " } } }"
    assert [about for _, about, _ in calls_of(seeds, query)] == ["ARTICLES"] + ["RELATED_ANY"] * 10


def test_aliases_with_other_arguments_answer_apart(ask: Ask, seeds: GraphSnapshot) -> None:
    query = """{ topics(filter: {slug: {in: ["ai", "weather"]}}) { nodes {
      one: articles(first: 1) { nodes { slug } }
      two: articles(last: 1, orderBy: [{title: ASC}]) { nodes { slug } }
      none: articles(filter: {or: []}) { totalCount }
    } } }"""
    ai, weather = ask(query)["data"]["topics"]["nodes"]
    assert ai == {
        "one": {"nodes": [{"slug": "how-an-ocean-robot-learned-to-recognise-herring-by-ear"}]},
        "two": {"nodes": [{"slug": "zoea-maps-the-caves-where-no-ship-can-go"}]},
        "none": {"totalCount": 0},
    }
    assert weather == {
        "one": {"nodes": [{"slug": "gale-warning-seven-what-the-january-storm-left-behind"}]},
        "two": {"nodes": [{"slug": "regatta-postponed-for-lack-of-wind"}]},
        "none": {"totalCount": 0},
    }
    assert [about for _, about, _ in calls_of(seeds, query)] == ["TOPICS"] + ["ARTICLES_OF_TOPIC"] * 3


def test_field_of_a_fragment_answers_for_parents_in_several_places(ask: Ask, seeds: GraphSnapshot) -> None:
    query = """query {
      one: article(by: {slug: "zoea-maps-the-caves-where-no-ship-can-go"}) { ...card related(first: 1) { nodes { ...card } } }
      two: article(by: {slug: "regatta-postponed-for-lack-of-wind"}) { ...card }
      topic(by: {slug: "ai"}) { articles(last: 1) { nodes { ...card } } }
    }
    fragment card on Article { slug provider { domain } topics { slug } }"""
    data = ask(query)["data"]
    assert data["two"] == {
        "slug": "regatta-postponed-for-lack-of-wind",
        "provider": {"domain": "harbourpost.example"},
        "topics": [{"slug": "weather"}],
    }
    assert data["one"]["provider"] == {"domain": "unibrenn.example"}
    assert data["topic"]["articles"]["nodes"] == [
        {
            "slug": "inside-openais-crisis-over-the-future-of-artificial-intelligence",
            "provider": {"domain": "nytimes.com"},
            "topics": [{"slug": "ai"}, {"slug": "meta-ai"}],
        }
    ]
    assert len(calls_of(seeds, query)) <= 3 + 2 + 3 * 2


def test_repeated_field_is_merged_into_one(ask: Ask, seeds: GraphSnapshot) -> None:
    query = '{ topic(by: {slug: "ai"}) { parent { name } ...more } } fragment more on Topic { parent { slug } }'
    assert ask(query) == {"data": {"topic": {"parent": {"name": "Science", "slug": "science"}}}}
    assert [name for name, _, _ in calls_of(seeds, query)] == ["find", "neighbours"]


def test_arguments_come_from_variables_of_each_request(ask: Ask) -> None:
    query = "query ($n: Int!) { topics(first: 1) { nodes { articles(first: $n) { nodes { id } } } } }"
    sizes = [len(ask(query, {"n": n})["data"]["topics"]["nodes"][0]["articles"]["nodes"]) for n in (1, 2, 0)]
    assert sizes == [1, 2, 0]


def test_every_field_that_reads_the_store_has_a_batch_resolver() -> None:
    batched = {
        (found.__name__, field.python_name)
        for found in (Query, Article, Provider, Topic)
        for field in get_object_definition(found, strict=True).fields
        if batch_resolver(field) is not None
    }
    assert batched == {
        *(("Query", name) for name in ("node", "nodes", "article", "provider", "topic")),
        *(("Query", name) for name in ("articles", "providers", "topics", "snapshot")),
        *(("Article", name) for name in ("front_matter", "problems", "provider", "topics", "related")),
        *(("Provider", name) for name in ("articles", "topics")),
        *(("Topic", name) for name in ("parent", "children", "articles", "providers")),
    }


def test_a_batch_holds_each_parent_once(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 57) { nodes { provider { articles(first: 1) { totalCount } } } } }"
    calls = calls_of(seeds, query)

    assert calls == [
        ("pages", "ARTICLES", 1),
        ("neighbours", "PROVIDER_OF_ARTICLE", 57),
        ("pages", "ARTICLES_OF_PROVIDER", 17),
    ]
