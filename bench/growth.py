"""Measures how the service grows: made-up corpora of several sizes, and the six standard queries on each.

Every corpus is loaded in two processes of its own: the first has no cache, the second finds what the first left. Loading is
told by the clock and in processor seconds of all processes, whose shares of an article and of an edge stay the same where
loading is linear.

When all are loaded, the second ones answer the queries by turns, so that a machine that is slower for a while is so for all
sizes. Each request has other variables, and nothing is kept of those before: of a larger corpus they would have rendered
less that serves again. Times are medians of processor time, ratios those of turns that followed each other. Nodes are those
that a request rendered, each once for each place of the query: answers of equal length hold fewer different ones in a small
corpus.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from typing import Any, NamedTuple, TypeAlias

from api.execution import Operation, OperationRequest, Operations, PlannedExecutor, execute, texts_of
from api.json_text import to_json
from api.limits import Limits
from api.schema.assembly import schema
from api.schema.context import Context
from api.settings import Settings
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.memory import release_free_memory
from graph.model import EdgeKind, NodeKind
from graph.stores.memory import MemoryReader
from graph.stores.warming import warm, warm_soon
from graph.synth import write_corpus

ROOT = Path(__file__).parents[1]
REPEATS = 24
"""Sets of variables for each query."""
QUERIES = {path.stem.upper(): path.read_text() for path in sorted((ROOT / "bench" / "queries").glob("*.graphql"))}
SETTINGS = Settings(max_page_size=1_000)
EXECUTORS = ("reference", "planned")
ROUNDS = 5
Process: TypeAlias = "Popen[str]"


class Turn(NamedTuple):
    """Medians of the requests of one query by one executor."""

    milliseconds: float
    nodes: float
    """That were rendered; of the planned executor alone."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000], help="articles, at least 4,000")
    parser.add_argument("--folder", type=Path, help="where to write the corpora; they stay there and are used again")
    parser.add_argument("--measure", nargs=2, type=Path, metavar=("CORPUS", "CACHE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        asyncio.run(measure(*options.measure))
        return
    with tempfile.TemporaryDirectory() as temporary, ExitStack() as stack:
        columns: list[dict[str, float]] = []
        processes: list[Process] = []
        for size in options.sizes:
            corpus, cache = (options.folder or Path(temporary)) / f"synth-{size}", Path(temporary) / f"cache-{size}"
            if not corpus.exists():
                write_corpus(corpus, size, seed=1)
            with started(corpus, cache) as process:
                first = told(process)
            processes.append(stack.enter_context(started(corpus, cache)))
            again = told(processes[-1])
            loads = {"first load": first["load"], "unchanged files": again.pop("load")}
            figures = {f"{name}, {figure}": value for name, load in loads.items() for figure, value in load.items()}
            columns.append({"articles": size, **figures, **again})
        for column, times in zip(columns, query_times(processes), strict=True):
            column.update(times)
    print_table(columns)
    print(f"\nload average {os.getloadavg()[0]:.1f}")


@contextmanager
def started(corpus: Path, cache: Path) -> Iterator[Process]:
    """A process that loads the corpus, tells what it took, and, if it found a cache, answers queries until this ends."""
    command = [sys.executable, __file__, "--measure", str(corpus), str(cache)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with Popen(command, stdin=PIPE, stdout=PIPE, env=environment, text=True) as process:
        yield process


def told(process: Process) -> Any:
    """What the process says next."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        sys.exit(f"A process ended too early, with status {process.wait()}: {process.args!r}")
    return json.loads(line)


def query_times(processes: Sequence[Process]) -> list[dict[str, float]]:
    """For each process the median of each query by each executor, and how many times that of the first process it is."""
    times: list[dict[str, float]] = [{} for _ in processes]
    for executor in EXECUTORS:
        for name in QUERIES:
            rounds = [[turn(process, executor, name) for process in processes] for _ in range(ROUNDS)]
            for place, found in enumerate(times):
                found[f"{name}, {executor}, ms"] = median(row[place].milliseconds for row in rounds)
                found[f"{name}, {executor}, ratio"] = median(
                    row[place].milliseconds / row[0].milliseconds for row in rounds
                )
                if executor == "planned":
                    found[f"{name}, {executor}, nodes"] = rounds[0][place].nodes
    return times


def turn(process: Process, executor: str, name: str) -> Turn:
    assert process.stdin
    process.stdin.write(json.dumps([executor, name]) + "\n")
    process.stdin.flush()
    return Turn(*told(process))


async def measure(corpus: Path, cache: Path) -> None:
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
    figures = {"edges": edges, "bytes for an article": memory / articles, "bytes for an edge": memory / edges}
    if is_first:
        print(json.dumps({"load": load}))
        return
    processor = processor_seconds()
    warm(snapshot)
    warm_soon(snapshot)
    figures["warming, processor s"] = processor_seconds() - processor
    gc.collect()
    gc.freeze()  # as the service does
    print(json.dumps({"load": load, **figures}), flush=True)
    await answer_turns(MemoryReader(snapshot))


async def answer_turns(reader: MemoryReader) -> None:
    """For each line of the standard input, with an executor and a query, a line with their `Turn`."""
    planner = PlannedExecutor(schema, fragment_budget=0)
    operations = {name: operation_of(query) for name, query in QUERIES.items()}
    variables = standard_variables(reader.snapshot, await page_cursors(reader))

    async def answer(executor: str, name: str, values: dict[str, Any]) -> bytes:
        operation = operations[name]
        context = Context(reader, SETTINGS, operation.document)
        if executor == "planned":
            texts = texts_of(values, operation.left_out)
            return b'{"data":%b}' % await planner.data(operation, values, texts, context)
        return to_json(await execute(OperationRequest(QUERIES[name], values), context))

    for line in sys.stdin:
        executor, name = json.loads(line)
        first, *others = variables[name]
        await answer(executor, name, first)  # planned
        times, nodes = [], []
        for values in others:
            rendered, start = planner.fragments(reader).counts.misses, time.process_time()
            body = await answer(executor, name, values)
            times.append(time.process_time() - start)
            nodes.append(planner.fragments(reader).counts.misses - rendered)
            assert body.startswith(b'{"data":'), body[:200]
        print(json.dumps(Turn(median(times) * 1_000, median(nodes))), flush=True)


def operation_of(query: str) -> Operation:
    operation = Operations(schema, Limits.of(SETTINGS)).read(query, None)
    assert isinstance(operation, Operation), query
    return operation


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
