"""Measures how the service grows: made-up corpora of several sizes, and the six standard queries on each.

Every corpus is loaded in two processes of its own: the first has no cache, the second finds what the first left. The
second also answers the queries, each request with other variables and nothing kept of whole answers. Times of queries are
medians of processor time, so that a busy machine shows little; loading is told by the clock and in processor seconds of all
processes, whose shares of an article and of an edge stay the same where loading is linear.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from api.context import Context
from api.execution import Operation, Operations, PlannedExecutor, texts_of
from api.json_text import to_json
from api.schema import OperationRequest, execute, schema
from api.service import limits_of
from api.settings import Settings
from graph.free_memory import release_free_memory
from graph.loading import load_snapshot
from graph.model import EdgeKind, NodeKind
from graph.snapshot import GraphSnapshot
from graph.store import MemoryReader
from graph.synth import write_corpus
from graph.warming import warm, warm_soon

ROOT = Path(__file__).parents[1]
REPEATS = 24
QUERIES = {path.stem.upper(): path.read_text() for path in sorted((ROOT / "bench" / "queries").glob("*.graphql"))}
SETTINGS = Settings(max_page_size=1_000)
Answer = Callable[[Operation, dict[str, Any]], Awaitable[bytes]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], help="articles, at least 4,000")
    parser.add_argument("--folder", type=Path, help="where to write the corpora; they stay there and are used again")
    parser.add_argument("--measure", nargs=2, type=Path, metavar=("CORPUS", "CACHE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*options.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        print_table([grown(options.folder or Path(temporary), size) for size in options.sizes])


def grown(folder: Path, size: int) -> dict[str, float]:
    """What was measured of a corpus of this size, by what it is called."""
    corpus = folder / f"synth-{size}"
    if not corpus.exists():
        write_corpus(corpus, size, seed=1)
    with tempfile.TemporaryDirectory() as cache:
        first, again = (in_own_process(corpus, Path(cache) / "frontgraph") for _ in range(2))
    loads = {"first load": first.pop("load"), "unchanged files": again.pop("load")}
    figures = {f"{name}, {figure}": value for name, load in loads.items() for figure, value in load.items()}
    return {"articles": size, **figures, **again, "load average": os.getloadavg()[0]}


def in_own_process(corpus: Path, cache: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--measure", str(corpus), str(cache)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)})
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def measure(corpus: Path, cache: Path) -> dict[str, Any]:
    is_first = not cache.exists()
    memory, clock, processor = resident_bytes(), time.perf_counter(), processor_seconds()
    snapshot = load_snapshot([corpus], cache=cache)
    clock, processor = time.perf_counter() - clock, processor_seconds() - processor
    gc.collect()
    release_free_memory()
    memory = resident_bytes() - memory
    articles, edges = len(snapshot.ids[NodeKind.ARTICLE]), sum(snapshot.edge_counts.values())
    load = {
        "s": clock,
        "processor s": processor,
        "processor µs for an article": processor / articles * 1e6,
        "processor µs for an edge": processor / edges * 1e6,
        "peak MB": peak_megabytes(),
    }
    if is_first:
        return {"load": load}
    sizes = {"edges": edges, "bytes for an article": memory / articles, "bytes for an edge": memory / edges}
    return {"load": load, **sizes, **asyncio.run(query_times(snapshot))}


async def query_times(snapshot: GraphSnapshot) -> dict[str, float]:
    start = processor_seconds()
    warm(snapshot)
    warm_soon(snapshot)
    times = {"warming, processor s": processor_seconds() - start}
    gc.collect()
    gc.freeze()  # as the service does
    reader = MemoryReader(snapshot)
    planner = PlannedExecutor(schema, SETTINGS.fragment_cache_mb * 1_000_000)
    operations = Operations(schema, limits_of(SETTINGS))

    async def reference(operation: Operation, variables: dict[str, Any]) -> bytes:
        context = Context(reader, SETTINGS, operation.document)
        return to_json(await execute(OperationRequest(texts[operation], variables), context))

    async def planned(operation: Operation, variables: dict[str, Any]) -> bytes:
        attempt = planner.attempt(operation, texts_of(variables, operation.left_out))
        context = Context(reader, SETTINGS, operation.document, attempt)
        answer = to_json(await execute(OperationRequest(texts[operation], variables), context))
        assert attempt.stepped_aside is None, attempt.stepped_aside
        return answer

    texts: dict[Operation, str] = {}
    variables = standard_variables(snapshot, await page_cursors(reader))
    for executor, answer in {"reference": reference, "planned": planned}.items():
        for name, query in QUERIES.items():
            operation = operations.read(query, None)
            assert isinstance(operation, Operation), query
            texts[operation] = query
            times[f"{name}, {executor}, ms"] = await median_ms(answer, operation, variables[name])
    return times


async def page_cursors(reader: MemoryReader) -> list[str]:
    """Places in the list of all articles, a thousand apart, so that no page holds what an earlier one had rendered."""
    cursors: list[str] = []
    query = "query($after: String) { articles(first: 1000, after: $after) { pageInfo { endCursor } } }"
    for _ in range(min(REPEATS, len(reader.snapshot.ids[NodeKind.ARTICLE]) // 1_000 - 1)):
        variables = {"after": cursors[-1] if cursors else None}
        answer = await execute(OperationRequest(query, variables), Context(reader, SETTINGS))
        cursors.append(answer["data"]["articles"]["pageInfo"]["endCursor"])
    return cursors


def standard_variables(snapshot: GraphSnapshot, cursors: list[str]) -> dict[str, list[dict[str, Any]]]:
    """For each query, variables that differ from each other; of topics and providers the largest, so that pages are full."""
    linked = list(snapshot.targets[EdgeKind.RELATED_TO])
    articles: list[Any] = [snapshot.nodes[node_id] for node_id in linked[:: max(1, len(linked) // REPEATS)]]
    topics, providers = (largest(snapshot, kind) for kind in (EdgeKind.ABOUT, EdgeKind.PUBLISHED_BY))
    return {
        "Q1": [{"first": 50, "after": cursor, "related": 5} for cursor in cursors],
        "Q2": [{"webUrl": article.web_url, "first": 10, "second": 10} for article in articles],
        "Q3": [{"name": topic.name, "first": 20} for topic in topics],
        "Q4": [{"domain": provider.domain, "first": 10, "related": 5} for provider in providers],
        "Q5": [{"webUrl": article.web_url} for article in articles],
        "Q6": [{"first": 1_000, "after": cursor} for cursor in cursors],
    }


def largest(snapshot: GraphSnapshot, kind: EdgeKind) -> list[Any]:
    """The nodes that most edges of this kind lead to."""
    sources: Mapping[str, Sequence[str]] = snapshot.sources[kind]
    return [snapshot.nodes[found] for found in sorted(sources, key=lambda found: -len(sources[found]))[:REPEATS]]


async def median_ms(answer: Answer, operation: Operation, variables: Iterable[dict[str, Any]]) -> float:
    first, *others = variables
    await answer(operation, first)  # planned
    times = []
    for values in others:
        start = time.process_time()
        body = await answer(operation, values)
        times.append(time.process_time() - start)
        assert body.startswith(b'{"data":'), body[:200]
    return median(times) * 1_000


def processor_seconds() -> float:
    """Of this process, and of those that it started and that have ended."""
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + helpers.ru_utime + helpers.ru_stime


def peak_megabytes() -> float:
    """On Linux, of this process and its largest helper."""
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def resident_bytes() -> int:
    """On Linux; elsewhere nothing is said of memory."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


def print_table(columns: list[dict[str, float]]) -> None:
    for place, name in enumerate(columns[0]):
        cells = [f"{column[name]:,.2f}" if column[name] < 100 else f"{column[name]:,.0f}" for column in columns]
        print(f"| {name} | {' | '.join(cells)} |")
        if place == 0:
            print(f"|{' --- |' * (len(columns) + 1)}")


if __name__ == "__main__":
    main()
