"""Batches: one call of the store for each level and field, whatever the size of the pages."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from strawberry.types.base import get_object_definition, has_object_definition

from api.execution import OperationRequest, execute
from api.schema import object_types
from api.schema.batching import batch_resolver
from api.schema.context import Context
from api.schema.query import Query
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from graph.stores.protocol import GraphReader

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
            ("neighbor", "PROVIDER_OF_ARTICLE"),
            ("neighbors", "TOPICS_OF_ARTICLE"),
            ("pages", "RELATED_ANY"),
            ("neighbor", "PARENT_OF_TOPIC"),
            ("neighbor", "PROVIDER_OF_ARTICLE"),
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
    assert [name for name, _, _ in calls_of(seeds, query)] == ["find", "neighbor"]


def test_arguments_come_from_variables_of_each_request(ask: Ask) -> None:
    query = "query ($n: Int!) { topics(first: 1) { nodes { articles(first: $n) { nodes { id } } } } }"
    sizes = [len(ask(query, {"n": n})["data"]["topics"]["nodes"][0]["articles"]["nodes"]) for n in (1, 2, 0)]
    assert sizes == [1, 2, 0]


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("size", [1, 7, 50])
def test_counts_over_whole_lists_are_one_call_per_field(seeds: GraphSnapshot, size: int, later: bool) -> None:
    query = """{ topics(first: SIZE) { nodes { timeline { count } articles(first: 1) {
      aggregate { count }
      groupBy(key: PROVIDER) { node { id } aggregate { count } }
      byDate: groupBy(key: DATE) { count node { id } }
      timeline { count }
    } } } }""".replace("SIZE", str(size))
    calls = calls_of(seeds, query, later=later)
    groups = sum(count for name, _, count in calls if name == "aggregates") - min(size, 14)
    assert sorted(calls) == sorted(
        [
            ("pages", "TOPICS", 1),
            ("timelines", "", min(size, 14)),  # of the topics
            ("pages", "ARTICLES_OF_TOPIC", min(size, 14)),
            ("aggregates", "", min(size, 14)),
            ("groups", "", min(size, 14)),
            ("groups", "", min(size, 14)),
            ("timelines", "", min(size, 14)),  # of the lists
            ("nodes", "", {1: 3, 7: 10, 50: 10}[size]),  # the providers, each once
            ("aggregates", "", groups),
        ]
    )


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("size", [1, 7, 50])
def test_derived_fields_are_one_call_per_level_and_field(seeds: GraphSnapshot, size: int, later: bool) -> None:
    query = """{ articles(first: SIZE, orderBy: [{related: {count: DESC}}]) { nodes {
      metrics { pageRank }
      story { lead { title } articles(first: 1) { nodes { id } } providers { nodes { metrics { community } } } timeline { count } }
      relatedByTopic(first: 3) { edges { sharedTopics { name } } }
      similar(first: 3) { edges { sharedTerms } }
      neighborhood(depth: 2, limitPerNode: 3, edgeKinds: [ABOUT, PUBLISHED_BY]) {
        nodes { node { id } } edges { source { id } target { id } sharedTopics { id } } skippedHubs { id }
      }
    } } }""".replace("SIZE", str(size))
    calls = calls_of(seeds, query, later=later)
    assert sorted((name, about) for name, about, _ in calls) == sorted(
        [
            ("pages", "ARTICLES"),
            ("metrics", ""),  # of the articles
            ("neighbor", "STORY_OF_ARTICLE"),
            ("neighbor", "LEAD_OF_STORY"),
            ("pages", "ARTICLES_OF_STORY"),
            ("pages", "PROVIDERS_OF_STORY"),
            ("metrics", ""),  # of the providers
            ("timelines", ""),
            ("pages", "RELATED_BY_TOPIC"),
            ("nodes", ""),  # the shared topics
            ("pages", "SIMILAR"),
            ("neighborhoods", ""),
            ("nodes", ""),  # the nodes
            ("nodes", ""),  # where edges begin
            ("nodes", ""),  # where they end
            ("nodes", ""),  # the skipped hubs
        ]
    )
    assert all(count <= len(seeds.nodes) for name, _, count in calls if name == "nodes")


@pytest.mark.parametrize("later", [False, True])
def test_answers_at_the_root_are_one_call_per_level_and_field(seeds: GraphSnapshot, later: bool) -> None:
    query = """{
      search(query: "ferry", first: 9) { edges { highlights { field parts { text } } } }
      relatedByTopic(topics: ["AI", "Ferries"]) { edges { sharedTopics { id } } }
      providerNeighborhood(domain: "smb.example", depth: 2) { nodes { node { id } } edges { sharedTopics { id } } }
      paths(from: "t_va7jpwnfydfc72cx", to: "p_qvx3cmzjlonfusf4", first: 9) {
        paths { nodes { id } edges { reason source { id } } } skippedHubs { id }
      }
      trending { node { id } }
      snapshot { changes(since: "x") { added { totalCount } } }
    }"""
    calls = calls_of(seeds, query, later=later)
    assert sorted(name for name, _, _ in calls) == sorted(
        [
            "pages",  # of the search
            "highlights",
            "find",
            "pages",  # of the articles by topic
            "nodes",  # their shared topics
            "find",
            "provider_networks",
            "nodes",  # the providers
            "nodes",  # their shared topics
            "paths",
            "nodes",  # on the paths
            "nodes",  # where steps begin
            "explanations",
            "trending",
            "nodes",
            "info",
            "changes",
        ]
    )


BATCHED = {
    "Query": "node nodes article provider topic person articles providers topics persons stories search related_by_topic "
    "provider_neighborhood neighborhood paths trending snapshot",
    "Node": "label",
    "Article": "front_matter problems body_format body_html body_text table_of_contents reading_minutes provider topics authors series part_of "
    "parts next previous translations related links backlinks related_by_topic similar story metrics neighborhood context",
    "Provider": "articles firsts topics providers metrics timeline neighborhood",
    "Topic": "parent children parts articles providers topics metrics timeline neighborhood",
    "Person": "articles topics timeline metrics neighborhood",
    "Story": "lead first_provider size_timeline articles providers topics timeline neighborhood",
    "ArticleGroup": "aggregate",
    "ArticlesConnection": "aggregate group_by timeline",
    "TopicRelatedEdge": "shared_topics",
    "NearbyProviderEdge": "shared_topics",
    "SearchConnection": "group_by",
    "SearchEdge": "highlights",
    "SubgraphNode": "node",
    "GraphEdge": "source target shared_topics",
    "Subgraph": "skipped_hubs",
    "PathEdge": "source target explanation reason",
    "Path": "nodes edges length",
    "PathResult": "skipped_hubs",
    "Trend": "node",
    "SnapshotChange": "added updated",
    "Snapshot": "hubs sites file_count hidden not_read node_counts edge_counts problems problem_counts changes",
}


def test_every_field_that_reads_the_store_has_a_batch_resolver() -> None:
    own = [found for found in vars(object_types).values() if has_object_definition(found)]
    batched = {
        f"{getattr(field.origin, '__name__', '')}.{field.python_name}"
        for found in (Query, *own)
        for field in get_object_definition(found, strict=True).fields
        if batch_resolver(field) is not None
    }
    assert batched == {f"{name}.{field}" for name, fields in BATCHED.items() for field in fields.split()}


def test_a_batch_holds_each_parent_once(seeds: GraphSnapshot) -> None:
    query = "{ articles(first: 57) { nodes { provider { articles(first: 1) { totalCount } } } } }"
    calls = calls_of(seeds, query)

    assert calls == [
        ("pages", "ARTICLES", 1),
        ("neighbor", "PROVIDER_OF_ARTICLE", 57),
        ("pages", "ARTICLES_OF_PROVIDER", 17),
    ]
