"""Measures what the cost of operations says about the time they take, in both executors.

Each query is asked three times of a planned executor that keeps nothing, and of graphql-core; the least time counts.
A unit of cost should take about the same time in all of them: 20 microseconds in the slower executor, whatever is asked.
"""

import argparse
import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from graphql import get_introspection_query

from api.execution import FallbackError, Operation, OperationRequest, Operations, PlannedExecutor, execute, texts_of
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.stores.memory import MemoryStore

LIMITS = replace(Limits(), tokens=100_000, repeated_fields=1_000_000, cost=10**9)
SETTINGS = Settings(max_query_tokens=LIMITS.tokens)
WARM = "{ articles(first: 1) { nodes { metrics { betweenness } story { id } similar(first: 1) { totalCount } relatedByTopic(first: 1) { totalCount } } } }"

ARTICLES = "{ articles(first: 100) { nodes { %s } } }"
FILTERED = "{ articles(filter: {or: [%s]}) { totalCount } }"
TYPES = "__schema { types { name fields { name type { name } } } }"
QUERIES = {
    "leaves": ARTICLES % " ".join(f"a{i}: title" for i in range(20)),
    "providers and topics": ARTICLES % "title provider { name domain } topics { name }",
    "embedded lists": ARTICLES % "images { url } conflicts { field } problems { message } frontMatter body",
    "related, 20": ARTICLES % "related { nodes { title webUrl } }",
    "related, 100": ARTICLES % "related(first: 100) { edges { cursor rank node { title } } }",
    "related, twice": "{ articles { nodes { related { nodes { related(first: 50) { nodes { title } } } } } } }",
    "related, filtered": ARTICLES % 'related(filter: {title: {contains: "a"}}) { nodes { title } }',
    "related, counted": ARTICLES
    % "related(first: 0) { aggregate { count } groupBy(key: TOPIC, first: 10) { count } timeline(interval: YEAR) { count } }",
    "related by topic": ARTICLES % "relatedByTopic(first: 10) { nodes { title } }",
    "similar": ARTICLES % "similar(first: 10) { edges { score sharedTerms node { title } } }",
    "similar, counted": ARTICLES % "similar(first: 0) { aggregate { count } }",
    "stories": "{ stories(first: 100) { nodes { headline lead { title } articles { nodes { title } } topics { nodes { name } } } } }",
    "providers": "{ providers(first: 100) { nodes { name articles(first: 10) { nodes { title } } topics(first: 5) { nodes { name } } } } }",
    "providers nearby": "{ providers(first: 100) { nodes { providers(first: 50) { edges { sharedTopics { name } } } } } }",
    "topics": "{ topics(first: 20) { nodes { articles { nodes { title } } providers { nodes { name } } topics { nodes { name } } } } }",
    "topics, counted": "{ topics(first: 20) { nodes { articles(first: 0) { aggregate { count } } timeline(interval: YEAR) { count } } } }",
    "whole list": "{ articles(first: 0) { aggregate { count quality { avg } } groupBy(key: PROVIDER) { count } timeline { count } } }",
    "groups in numbers": "{ articles(first: 0) { groupBy(key: PROVIDER, first: 400) { node { id } count aggregate { count } } } }",
    "days": "{ articles(first: 0) { timeline(interval: DAY) { start count } } }",
    "filter": '{ articles(filter: {title: {contains: "azure", ignoreCase: true}}) { totalCount } }',
    "filters": FILTERED % " ".join(f'{{title: {{contains: "q{i}"}}}}' for i in range(30)),
    "filter by related": '{ articles(filter: {related: {some: {related: {some: {title: {contains: "q"}}}}}}) { totalCount } }',
    "filter by topics": '{ articles(filter: {topics: {some: {articles: {some: {title: {contains: "q"}}}}}}) { totalCount } }',
    "order": "{ articles(orderBy: [{metrics: {pageRank: DESC}}, {title: ASC}]) { nodes { title } } }",
    "search": '{ search(query: "cloud", first: 20) { edges { score node { id label } } } }',
    "search, beginnings": '{ search(query: "a* b* c* d* e* f*") { totalCount } }',
    "search, highlights": '{ search(query: "cloud", first: 100) { edges { highlights { field parts { text } } } } }',
    "related by topics": '{ relatedByTopic(topics: ["Azure", "AI"]) { nodes { title } } }',
    "trending": "{ trending(kind: PROVIDER, first: 100) { count node { label } } }",
    "neighborhoods": ARTICLES % "neighborhood { nodes { distance node { label } } edges { kind } }",
    "neighborhoods, 2": "{ articles { nodes { neighborhood(depth: 2) { nodes { node { label } } } } } }",
    "neighborhood, 4": "{ articles(first: 1) { nodes { neighborhood(depth: 4, limitPerNode: 100) { nodes { node { label } } edges { kind source { id } target { id } } } } } }",
    "neighborhood, walk": "{ articles { nodes { neighborhood(depth: 4, limitPerNode: 100) { truncated } } } }",
    "story neighborhoods": "{ stories(first: 50) { nodes { neighborhood { nodes { distance } } } } }",
    "provider network": '{ providerNeighborhood(domain: "microsoft.com", depth: 4, limitPerNode: 100) { nodes { node { label } } edges { linkCount } } }',
    "path": '{ paths(from: "%(first)s", to: "%(last)s") { paths { nodes { label } } } }',
    "paths": '{ paths(from: "%(first)s", to: "%(last)s", first: 20, throughHubs: true) { paths { nodes { label } edges { reason } } } }',
    "nodes": "{ nodes(ids: [%(ids)s]) { id label ... on Article { provider { name } } } }",
    "problems": "{ snapshot { nodeCounts { count } problems(first: 100) { nodes { message } } } }",
    "introspection": get_introspection_query(input_value_deprecation=True),
    "introspection, 5 times": f"{{ {' '.join(f'a{i}: {TYPES}' for i in range(5))} }}",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("queries", nargs="*", help="names of the queries that alone are measured")
    options = parser.parse_args()
    snapshot = load_snapshot([options.folder], include_unpublished=True)
    store = MemoryStore(snapshot)
    asyncio.run(_planned(store, _operation(WARM), WARM))
    print(f"{'':24}{'cost':>10}{'planned ms':>12}{'us/unit':>9}{'core ms':>10}{'us/unit':>9}")
    for name, template in QUERIES.items():
        if not options.queries or name in options.queries:
            query = _filled(template, snapshot)
            operation = _operation(query)
            cost = operation.cost_model.cost({}).total
            planned, core = (_seconds(how, store, operation, query) for how in (_planned, _core))
            rates = [seconds / cost * 1e6 for seconds in (planned, core)]
            print(f"{name:24}{cost:>10,.0f}{planned * 1e3:>12.2f}{rates[0]:>9.1f}{core * 1e3:>10.2f}{rates[1]:>9.1f}")


def _filled(template: str, snapshot: GraphSnapshot) -> str:
    ids = list(snapshot.ids[NodeKind.ARTICLE])
    names = {"first": ids[0], "last": ids[-1], "ids": " ".join(f'"{node_id}"' for node_id in ids[:100])}
    for name, value in names.items():
        template = template.replace(f"%({name})s", value)
    return template


def _operation(query: str) -> Operation:
    found = Operations(schema, LIMITS).read(query, None)
    assert isinstance(found, Operation), found
    return found


def _seconds(
    ask: Callable[[MemoryStore, Operation, str], Coroutine[Any, Any, float]],
    store: MemoryStore,
    operation: Operation,
    query: str,
) -> float:
    return min(asyncio.run(ask(store, operation, query)) for _ in range(3))


async def _planned(store: MemoryStore, operation: Operation, query: str) -> float:
    """Seconds for an executor that has answered nothing; what it leaves to graphql-core takes that too."""
    executor, texts = PlannedExecutor(schema, 0), texts_of({}, operation.left_out)
    context = Context(store.reader(), SETTINGS, operation.document)
    start = time.perf_counter()
    try:
        await executor.data(operation, {}, texts, context)
    except FallbackError:
        await execute(OperationRequest(query), context)
    return time.perf_counter() - start


async def _core(store: MemoryStore, operation: Operation, query: str) -> float:
    context = Context(store.reader(), SETTINGS, operation.document)
    start = time.perf_counter()
    answer = await execute(OperationRequest(query), context)
    assert "errors" not in answer, answer
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
