"""Work is in proportion to the cost: counted in calls of functions, which are the same on every machine, on a real corpus.

The cases are what a search among random operations found to take the longest for what it cost (`bench/cost.py --search`).
"""

import asyncio
from typing import Any

import pytest

from api.execution import Operation, OperationRequest, Operations, execute
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryReader
from graph.stores.warming import warm, warm_rest, warm_soon
from tests.work import calls_of

pytestmark = pytest.mark.thorough

CALLS = 150
"""Of functions for each unit of cost, in ordinary queries."""
TIMES = 8
"""How many times too low a cost may be."""
LEAST = 250
"""What is cheaper is taken for that."""

ORDINARY = {
    "leaves": "{ articles { nodes { id title excerpt quality publishedDateTime } } }",
    "related": "{ articles { nodes { title related(first: 10) { nodes { title } } } } }",
    "neighbors": "{ articles { nodes { provider { name } topics { name } } } }",
}
EMPTY = " ".join(["{}"] * 30)
FOUND = {
    "provider network": '{ providerNeighborhood(domain: "microsoft.com", depth: 2, limitPerNode: 100, throughHubs: true) { truncated edges { sharedTopics { id } target { label } } } }',
    "narrow provider network": '{ providerNeighborhood(domain: "variety.com", depth: 3, throughHubs: true, limitPerNode: 2) { truncated } }',
    "empty conditions": f"{{ providers(filter: {{images: {{some: {{or: [{EMPTY}], and: [{EMPTY}]}}}}}}) {{ totalCount }} }}",
    "labels": "{ articles(first: 30) { nodes { " + " ".join(f"l{n}: label" for n in range(22)) + " } } }",
    "edges": '{ articles(first: 4) { nodes { neighborhood(edgeKinds: [ABOUT, RELATED_TO], throughHubs: true) { edges { target { id label } sharedTopics { id } } } } } }',
    "images": '{ articles(filter: {images: {some: {attribution: {contains: "Azure"}}, none: {url: {gte: "a", lte: "b"}}}}, first: 1) { totalCount } }',
    "orders": "{ topics(orderBy: [{children: {count: ASC}}, {articles: {count: ASC}}], first: 5) { nodes { name } } }",
    "order of articles": "{ articles(orderBy: [{related: {count: ASC}}, {provider: {name: ASC}}, {title: DESC}], first: 1) { nodes { id } } }",
    "repeated lists": "{ articles(first: 50) { nodes { topics { parent { children { name } } } } } }",
    "aggregates": "{ articles(first: 20) { nodes { relatedByTopic(first: 0) { aggregate { count } timeline(interval: YEAR) { count } } } } }",
    "filtered neighborhoods": '{ articles(first: 20) { nodes { neighborhood(depth: 2, filter: {topics: {some: {name: {eq: "x"}}}}) { truncated } } } }',
    "trends": '{ trending(window: QUARTER, until: "2021-01-01", first: 1, filter: {or: [{title: {eq: "x"}}, {related: {some: {title: {eq: "x"}}}}]}) { count } }',
    "relations": '{ topics(filter: {articles: {some: {related: {some: {title: {eq: "x"}}}}}}) { totalCount } }',
    "timeline": '{ topics(first: 1) { nodes { timeline(from: "2000-01-01", to: "2030-01-01") { start end count ' + " ".join(f"s{n}: start" for n in range(30)) + " } } } }",
    "story": "{ stories(first: 5, orderBy: [{articleCount: DESC}]) { nodes { neighborhood(depth: 0) { truncated } } } }",
}  # fmt: skip


@pytest.fixture(scope="module")
def warmed(azure: GraphSnapshot) -> GraphSnapshot:
    for warming in (warm, warm_soon, warm_rest):
        warming(azure)
    return azure


def measured(snapshot: GraphSnapshot, query: str) -> tuple[float, int]:
    """The cost, and the calls that the slower executor makes."""
    operation = Operations(schema, Limits()).read(query, None)
    assert isinstance(operation, Operation), operation
    reader = MemoryReader(snapshot)
    cost = operation.cost_model.cost({}, reader.sizes).total
    assert cost <= Limits().cost
    context = Context(reader, Settings(), operation.document)

    def ask() -> None:
        response: dict[str, Any] = asyncio.run(execute(OperationRequest(query), context))
        assert "errors" not in response

    return cost, calls_of(ask, most=100_000_000)


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_queries_say_what_a_unit_of_cost_is(warmed: GraphSnapshot, name: str) -> None:
    cost, calls = measured(warmed, ORDINARY[name])
    assert CALLS / 4 < calls / cost < CALLS * 4


@pytest.mark.parametrize("name", FOUND)
def test_work_is_in_proportion_to_the_cost(warmed: GraphSnapshot, name: str) -> None:
    cost, calls = measured(warmed, FOUND[name])
    assert calls < TIMES * CALLS * max(cost, LEAST)
