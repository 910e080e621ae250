"""Measures what the cost of operations says about the time that they take, and searches for what costs too little.

A unit of cost stands for 20 microseconds. How long it is on this machine, at this moment, is told by ordinary queries: it is
what the slower executor needs for them, for each unit, in the median. The search then makes random operations, keeps those that
take the longest for what they cost, and changes them a little, again and again. Each operation is asked of a store that has
answered nothing, by both executors, in processor time; the longer one counts.
"""

import argparse
import asyncio
import secrets
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from graphql import get_introspection_query

from api.adapters.strawberry import core_schema
from api.execution import FallbackError, Operation, OperationRequest, PlannedExecutor, execute, texts_of
from api.execution import Operations as KnownOperations
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from bench.operations import Operations, Selected, selection_text
from graph.analysis.stories import stories
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import NodeKind
from graph.stores.memory import MemoryStore
from graph.stores.warming import warm, warm_rest, warm_soon

LIMITS = replace(Limits(), tokens=100_000, repeated_fields=1_000_000, cost=10**9)
SETTINGS = Settings(max_query_tokens=LIMITS.tokens)
ALLOWED = Limits()
LEAST = 250
"""Units of cost. What is cheaper is taken for that: a few milliseconds are too short to measure well, and to matter."""
KEPT = 12
"""Operations that the search goes on from."""

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


ORDINARY = (
    "leaves",
    "providers and topics",
    "embedded lists",
    "related, 20",
    "stories",
    "providers",
    "topics",
    "related, filtered",
    "nodes",
    "search",
)


class Find(NamedTuple):
    """An operation that was measured."""

    ratio: float
    """Of the time that it took to the time that its cost stands for."""
    cost: float
    seconds: float
    query: str
    fields: list[Selected]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("queries", nargs="*", help="names of the queries that alone are measured")
    parser.add_argument("--search", type=float, metavar="MINUTES", help="search for so long instead")
    parser.add_argument("--seed", type=int, help="of the search; a new one each time if it is left out")
    options = parser.parse_args()
    snapshot = load_snapshot([options.folder], include_unpublished=True)
    for warming in (warm, warm_soon, warm_rest):
        warming(snapshot)
    if options.search is None:
        tabulate(snapshot, options.queries or list(QUERIES))
    else:
        seed = options.seed if options.seed is not None else secrets.randbelow(2**32)
        print(f"seed {seed}")
        search(snapshot, options.search * 60, Random(seed))


def tabulate(snapshot: GraphSnapshot, names: Iterable[str]) -> None:
    """Prints the time of each query beside its cost."""
    print(f"{'':24}{'cost':>10}{'planned ms':>12}{'us/unit':>9}{'core ms':>10}{'us/unit':>9}")
    for name in names:
        query = _filled(QUERIES[name], snapshot)
        operation = _operation(query)
        cost = operation.cost_model.cost({}, MemoryStore(snapshot).reader().sizes).total
        planned, core = (_seconds(how, snapshot, operation, query) for how in (_planned, _core))
        rates = [seconds / cost * 1e6 for seconds in (planned, core)]
        print(f"{name:24}{cost:>10,.0f}{planned * 1e3:>12.2f}{rates[0]:>9.1f}{core * 1e3:>10.2f}{rates[1]:>9.1f}")


def search(snapshot: GraphSnapshot, seconds: float, random: Random) -> None:
    """Prints what takes the longest for what it costs, the worst last."""
    unit = _unit(snapshot)
    print(f"a unit of cost takes {unit * 1e6:.1f} microseconds here")
    operations = Operations(core_schema(schema), random, *_values(snapshot))
    found: list[Find] = []
    tried = refused = 0
    end = time.process_time() + seconds
    while time.process_time() < end:
        fields = (
            operations.changed(random.choice(found).fields)
            if found and random.random() < 0.8
            else operations.operation()
        )
        find = _find(snapshot, unit, fields)
        tried += 1
        refused += find is None
        if find is not None and (len(found) < KEPT or find.ratio > found[-1].ratio):
            if not found or find.ratio > found[0].ratio:
                _print(find)
            found = _kept([*found, find])
    for find in reversed(found):
        _print(find)
    print(
        f"\n{tried:,} operations, of which {refused:,} were refused, in {time.process_time():.0f} s of processor time"
    )


def _print(find: Find) -> None:
    times = f"{find.ratio:.1f} times what its cost says: cost {find.cost:,.0f}, {find.seconds * 1e3:,.0f} ms"
    print(f"\n{times}\n  {find.query[:1_000]}", flush=True)


def _kept(found: list[Find]) -> list[Find]:
    """The worst, the worst first; of those that ask for the same field at the root, four."""
    best: list[Find] = []
    for find in sorted(found, key=lambda find: -find.ratio):
        alike = [other for other in best if other.fields[0].name == find.fields[0].name]
        if len(alike) < 4 and all(other.query != find.query for other in best):
            best.append(find)
    return best[:KEPT]


def _find(snapshot: GraphSnapshot, unit: float, fields: list[Selected]) -> Find | None:
    """The operation with its time; None if it is refused."""
    query = selection_text(fields).strip()
    operation = KnownOperations(schema, ALLOWED).read(query, None)
    if not isinstance(operation, Operation):
        return None
    cost = operation.cost_model.cost({}, MemoryStore(snapshot).reader().sizes).total
    if cost > ALLOWED.cost:
        return None
    seconds = max(asyncio.run(how(snapshot, operation, query)) for how in (_planned, _core))
    ratio = seconds / unit / max(cost, LEAST)
    if ratio > 3:  # once more, since something else may have come between
        seconds = min(seconds, max(asyncio.run(how(snapshot, operation, query)) for how in (_planned, _core)))
        ratio = seconds / unit / max(cost, LEAST)
    return Find(ratio, cost, seconds, query, fields)


def _unit(snapshot: GraphSnapshot) -> float:
    """Seconds that a unit of cost takes in ordinary queries."""
    rates: list[float] = []
    for name in ORDINARY:
        query = _filled(QUERIES[name], snapshot)
        operation = _operation(query)
        cost = operation.cost_model.cost({}, MemoryStore(snapshot).reader().sizes).total
        rates.append(_seconds(_core, snapshot, operation, query) / cost)
    return median(rates)


def _values(snapshot: GraphSnapshot) -> tuple[dict[str, list[Any]], dict[str, dict[str, list[str]]]]:
    """Values for arguments: some that find much, some that find nothing, some wrong."""
    nodes: dict[NodeKind, list[Any]] = {
        kind: [snapshot.nodes[found] for found in ids] for kind, ids in snapshot.ids.items()
    }
    articles, providers, topics = (nodes[kind] for kind in (NodeKind.ARTICLE, NodeKind.PROVIDER, NodeKind.TOPIC))
    largest = sorted(stories(snapshot).by_id.values(), key=lambda story: -story.article_count)[:20]
    some = articles[:: max(1, len(articles) // 30)]
    ids = [node.id for node in (*some, *providers[:5], *topics, *largest)]
    words = [word for article in some for word in (article.title or "").split()[:3]]
    numbers = [0, 1, 2, 5, 20, 50, 100, 100]
    texts: dict[str, list[Any]] = {
        "": ["", "a", "no such text", "e", *words],
        "ID": ids,
        "Int": numbers,
        "Float": [0.0, 0.5, 1.0],
        "Boolean": [True, False],
        "DateTime": ["2000-01-01", "2030-01-01", "2020-06-01T00:00:00Z"],
        "depth": [0, 1, 2, 3, 4],
        "limitPerNode": [1, 2, 20, 100, 100],
        "domain": [provider.domain for provider in providers[:30] if provider.domain],
        "topics": [topic.name for topic in topics],
        "timeZone": ["UTC", "Europe/Berlin", "America/St_Johns"],
        "query": [*words, "a*", "a* b* c*", " ".join(words[:5])],
        "after": ["x"],
        "before": ["x"],
        "since": [snapshot.version, "x"],
    }
    by = {
        "ArticleBy": {"slug": [article.slug for article in some if article.slug]},
        "ProviderBy": {"domain": texts["domain"]},
        "TopicBy": {"slug": [topic.slug for topic in topics]},
    }
    return texts, by


def _filled(template: str, snapshot: GraphSnapshot) -> str:
    ids = list(snapshot.ids[NodeKind.ARTICLE])
    names = {"first": ids[0], "last": ids[-1], "ids": " ".join(f'"{node_id}"' for node_id in ids[:100])}
    for name, value in names.items():
        template = template.replace(f"%({name})s", value)
    return template


def _operation(query: str) -> Operation:
    found = KnownOperations(schema, LIMITS).read(query, None)
    assert isinstance(found, Operation), found
    return found


def _seconds(
    ask: Callable[[GraphSnapshot, Operation, str], Coroutine[Any, Any, float]],
    snapshot: GraphSnapshot,
    operation: Operation,
    query: str,
) -> float:
    return min(asyncio.run(ask(snapshot, operation, query)) for _ in range(3))


async def _planned(snapshot: GraphSnapshot, operation: Operation, query: str) -> float:
    """Processor seconds for an executor that has answered nothing; what it leaves to graphql-core takes that too."""
    executor, texts = PlannedExecutor(schema, 0), texts_of({}, operation.left_out)
    context = Context(MemoryStore(snapshot).reader(), SETTINGS, operation.document)
    start = time.process_time()
    try:
        await executor.data(operation, {}, texts, context)
    except FallbackError:
        await execute(OperationRequest(query), context)
    return time.process_time() - start


async def _core(snapshot: GraphSnapshot, operation: Operation, query: str) -> float:
    context = Context(MemoryStore(snapshot).reader(), SETTINGS, operation.document)
    start = time.process_time()
    await execute(OperationRequest(query), context)
    return time.process_time() - start


if __name__ == "__main__":
    main()
