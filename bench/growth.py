"""Measures how the service grows: made-up corpora of several sizes, and the six standard queries on each.

Every corpus is loaded in two processes of its own: the first has no cache, the second finds what the first left. The
second also answers the queries, each time with other variables. Query times are medians, in milliseconds.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from api.context import Context
from api.execution import PlannedExecutor
from api.schema import OperationRequest, execute, schema
from api.settings import Settings
from graph.loading import load_snapshot
from graph.model import Article, EdgeKind, NodeKind, Provider, Topic
from graph.snapshot import GraphSnapshot
from graph.store import MemoryReader
from graph.synth import write_corpus

ROOT = Path(__file__).parents[1]
REPEATS = 24
QUERIES = {path.stem.upper(): path.read_text() for path in sorted((ROOT / "bench" / "queries").glob("*.graphql"))}
Answer = Callable[[str, dict[str, Any]], Awaitable[object]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], help="articles, such as 500000")
    parser.add_argument("--folder", type=Path, help="where to write the corpora; they stay there and are used again")
    parser.add_argument("--measure", nargs=2, type=Path, metavar=("CORPUS", "CACHE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*options.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        rows = [grown(options.folder or Path(temporary), size) for size in options.sizes]
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print_table(rows)


def grown(folder: Path, size: int) -> dict[str, float]:
    corpus = folder / f"synth-{size}"
    if not corpus.exists():
        write_corpus(corpus, size, seed=1)
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = (in_own_process(corpus, Path(cache) / "frontgraph") for _ in range(2))
    return {"articles": size, "cold s": cold["load s"], "warm s": warm.pop("load s"), **warm}


def in_own_process(corpus: Path, cache: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", str(corpus), str(cache)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)})
    result: dict[str, float] = json.loads(answer.stdout)
    return result


def measure(corpus: Path, cache: Path) -> dict[str, float]:
    is_first = not cache.exists()
    before, start = resident_bytes(), time.perf_counter()
    snapshot = load_snapshot([corpus], cache=cache)
    seconds = time.perf_counter() - start
    taken = resident_bytes() - before
    edges = sum(snapshot.edge_counts.values())
    result = {
        "load s": seconds,
        "edges": edges,
        "B/article": taken / len(snapshot.ids[NodeKind.ARTICLE]),
        "B/edge": taken / edges,
    }
    return result if is_first else result | asyncio.run(query_times(snapshot))


async def query_times(snapshot: GraphSnapshot) -> dict[str, float]:
    settings = Settings(max_page_size=1_000)
    reader = MemoryReader(snapshot)

    async def reference(query: str, variables: dict[str, Any]) -> dict[str, Any]:
        return await execute(OperationRequest(query, variables), Context(reader, settings))

    planner = PlannedExecutor(schema, 5_000, 64_000_000, 32_000_000)

    async def planned(query: str, variables: dict[str, Any]) -> object:
        answer = await planner.answer(query, variables, None, Context(reader, settings))
        assert answer is not None, query
        return answer

    executors: dict[str, Answer] = {"": reference, "planned ": planned}
    cursors = await page_cursors(reference, len(snapshot.ids[NodeKind.ARTICLE]))
    return {
        f"{executor}{name}": await median_ms(answer, QUERIES[name], variables)
        for executor, answer in executors.items()
        for name, variables in standard_variables(snapshot, cursors).items()
    }


async def page_cursors(answer: Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]], size: int) -> list[str]:
    """Places in the list of all articles, at most a thousand apart."""
    cursors: list[str] = []
    query = "query($first: Int!, $after: String) { articles(first: $first, after: $after) { pageInfo { endCursor } } }"
    for _ in range(REPEATS):
        variables = {"first": min(1_000, size // (REPEATS + 1)), "after": cursors[-1] if cursors else None}
        cursors.append((await answer(query, variables))["data"]["articles"]["pageInfo"]["endCursor"])
    return cursors


def standard_variables(snapshot: GraphSnapshot, cursors: list[str]) -> dict[str, list[dict[str, Any]]]:
    """For each query, variables that differ from each other."""
    linked = list(snapshot.targets[EdgeKind.RELATED_TO])
    urls = [article.web_url for article in spread(snapshot, linked) if isinstance(article, Article)]
    topics = [topic.name for topic in spread(snapshot, snapshot.ids[NodeKind.TOPIC]) if isinstance(topic, Topic)]
    providers = [
        found.domain for found in spread(snapshot, snapshot.ids[NodeKind.PROVIDER]) if isinstance(found, Provider)
    ]
    return {
        "Q1": [{"first": 50, "after": cursor, "related": 5} for cursor in cursors],
        "Q2": [{"webUrl": url, "first": 10, "second": 10} for url in urls],
        "Q3": [{"name": name, "first": 20} for name in topics],
        "Q4": [{"domain": domain, "first": 10, "related": 5} for domain in providers],
        "Q5": [{"webUrl": url} for url in urls],
        "Q6": [{"first": 1_000, "after": cursor} for cursor in cursors],
    }


def spread(snapshot: GraphSnapshot, ids: "tuple[str, ...] | list[str]") -> Iterator[object]:
    return (snapshot.nodes[node_id] for node_id in ids[:: max(1, len(ids) // REPEATS)])


async def median_ms(answer: Answer, query: str, variables: Iterable[dict[str, Any]]) -> float:
    first, *others = variables
    await answer(query, first)  # parsed, validated and planned
    times = []
    for values in others:
        start = time.perf_counter()
        await answer(query, values)
        times.append(time.perf_counter() - start)
    return median(times) * 1_000


def resident_bytes() -> int:
    """On Linux; elsewhere nothing is said of memory."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


def print_table(rows: list[dict[str, float]]) -> None:
    for name in rows[0]:
        cells = "".join(f"{row[name]:>14,.2f}" if row[name] < 100 else f"{row[name]:>14,.0f}" for row in rows)
        print(f"{name:<14}{cells}")


if __name__ == "__main__":
    main()
