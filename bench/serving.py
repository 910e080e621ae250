"""Measures answering: the reference executor, the planned one, fixed bytes, and mercurius if there is npm, on six queries, as ratios in one run.

Each server runs by itself on the first core; wrk, which must be installed, runs on the second.
"""

import argparse
import asyncio
import gc
import json
import os
import platform
import random
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from api.cli.serving import SWITCH_SECONDS
from api.execution import OperationRequest, execute
from api.json_text import to_json
from api.schema.context import Context
from api.server import Server
from api.settings import Settings
from api.telemetry import Telemetry
from api.web.app import OPERATIONS_PATH, create_app
from bench import peer
from graph.building.live_folders import load_snapshot
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, NodeKind
from graph.stores.memory import MemoryStore

HERE = Path(__file__).parent
QUERIES = {path.stem: path.read_text() for path in sorted((HERE / "queries").glob("*.graphql"))}
PHASES: Mapping[str, Mapping[str, Any]] = {
    "every request different, nothing kept of those before": {"answer_cache_mb": 0, "fragment_cache_mb": 0},
    "every request different": {"answer_cache_mb": 0},
    "repeated requests": {},
}
"""The settings of the planned executor: parts of answers are kept in the second, whole answers in the last."""
SERVER_CORE, CLIENT_CORE = 0, 1
DIFFERENT = 2_000
"""Sets of variables for each query, in a random order that is the same for every server."""


@dataclass(frozen=True)
class Figures:
    """What one server did with one query."""

    requests_per_second: float
    p50: float
    """Milliseconds, with one connection."""
    cpu: float
    """Milliseconds of the server's processor for a request, with 16 connections."""
    fallbacks: int | None = None
    """Requests that the planned executor left to the reference executor; None if there is none in the server."""


def main() -> None:
    options = _options()
    if shutil.which("wrk") is None or len(os.sched_getaffinity(0)) < 2:
        sys.exit("This needs two cores and wrk: apt-get install wrk")
    snapshot = load_snapshot([options.folder], include_unpublished=True)
    store = MemoryStore(snapshot)
    variables = {name: values[:DIFFERENT] for name, values in _variables(snapshot).items()}
    print(f"Python {platform.python_version()}, built {'with' if _is_profiled() else 'without'} PGO")
    node = peer.version()
    corpus = peer.Corpus(store) if node else None
    print(f"Node.js {node[1:]} for mercurius" if node else "mercurius is left out, since there is no npm")
    print(
        "requests/s at 16 connections | p50 ms at 1 | processor ms per request; ratio of processor times to the reference"
    )
    for title, changes in PHASES.items():
        print(f"\n{title}")
        for name, query in QUERIES.items():
            chosen = variables[name] if changes else variables[name][:1]
            bodies = _bodies(query, chosen)
            answer = asyncio.run(_answer(store, query, chosen[0]))
            rows = {
                "reference": _measured(_forked(partial(_reference, snapshot)), bodies, options.seconds),
                "planned": _measured(_forked(partial(_planned, snapshot, changes)), bodies, options.seconds),
                "fixed bytes": _measured(_forked(partial(_fixed, answer)), bodies[:1], options.seconds),
            }
            if corpus:
                bodies = _bodies(peer.QUERIES[name], [corpus.variables(values) for values in chosen])
                rows["mercurius"] = _measured(peer.serving(corpus, SERVER_CORE), bodies, options.seconds)
            for server, figures in rows.items():
                _print(name, server, figures, rows["reference"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=3)
    return parser.parse_args()


def _is_profiled() -> bool:
    """Whether Python was compiled by what a profile of it told."""
    return "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")


def _bodies(query: str, variables: Sequence[Mapping[str, Any]]) -> list[str]:
    return [orjson.dumps({"query": query, "variables": values}).decode() for values in variables]


def _variables(snapshot: GraphSnapshot) -> Mapping[str, list[dict[str, Any]]]:
    """Many sets of variables for each query; their first is that of the repeated requests."""
    store = MemoryStore(snapshot)
    cursors = asyncio.run(_cursors(store))
    articles = [node for node in map(snapshot.nodes.get, snapshot.ids[NodeKind.ARTICLE]) if isinstance(node, Article)]
    urls = [article.web_url for article in articles if article.web_url]
    topics = [snapshot.nodes[node_id].name for node_id in snapshot.ids[NodeKind.TOPIC]]  # type: ignore[union-attr]
    domains = [found for node_id in snapshot.ids[NodeKind.PROVIDER] if (found := snapshot.nodes[node_id].domain)]  # type: ignore[union-attr]
    chance = random.Random(1)  # which article comes first is no secret
    for values in (cursors, urls, topics, domains):
        chance.shuffle(values)
    full: dict[str, list[dict[str, Any]]] = {
        "q1": [{"first": 50, "after": cursor, "related": 5} for cursor in cursors],
        "q2": [{"webUrl": url, "first": 10, "second": 10} for url in urls],
        "q3": [{"name": name, "first": first} for first in range(20, 0, -1) for name in topics],
        "q4": [{"domain": name, "first": first, "related": 5} for first in range(10, 5, -1) for name in domains],
        "q5": [{"webUrl": url} for url in urls],
        "q6": [{"first": 1_000, "after": cursor} for cursor in cursors],
    }
    return {name: [_fullest(store, name, values), *values] for name, values in full.items()}


def _fullest(store: MemoryStore, name: str, values: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of some sets of variables the one with the longest answer, so that repeated requests are not for next to nothing."""
    lengths = [len(asyncio.run(_answer(store, QUERIES[name], chosen))) for chosen in values[:20]]
    return values[lengths.index(max(lengths))]


async def _cursors(store: MemoryStore) -> list[str]:
    """Where pages of 1,000 articles can begin."""
    query = "query ($after: String) { articles(first: 1000, after: $after) { edges { cursor } } }"
    cursors: list[str] = []
    while not cursors or len(cursors) % 1_000 == 0:
        after = {"after": cursors[-1]} if cursors else {}
        answer = await execute(OperationRequest(query, after), Context(store.reader(), SETTINGS))
        cursors += [edge["cursor"] for edge in answer["data"]["articles"]["edges"]]
    return cursors[: max(1, len(cursors) - 1_000)]


SETTINGS = Settings(max_page_size=1_000)


def _planned(snapshot: GraphSnapshot, changes: Mapping[str, Any], listener: socket.socket) -> None:
    """The service as users start it, but for these settings."""
    settings = replace(SETTINGS, **changes)
    telemetry = Telemetry(log_format="json", stream=os.open(os.devnull, os.O_WRONLY))
    sys.setswitchinterval(SWITCH_SECONDS)
    with telemetry.running():
        app = create_app(settings, MemoryStore(snapshot), telemetry=telemetry)
        Server(app, operations_path=OPERATIONS_PATH).run(listener)


def _reference(snapshot: GraphSnapshot, listener: socket.socket) -> None:
    store = MemoryStore(snapshot)

    async def answer(request: Request) -> Response:
        asked = orjson.loads(await request.body())
        operation = OperationRequest(asked["query"], asked["variables"])
        return Response(
            to_json(await execute(operation, Context(store.reader(), SETTINGS))), media_type="application/json"
        )

    _serve(_app(answer), listener)


def _fixed(body: bytes, listener: socket.socket) -> None:
    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    _serve(_app(answer), listener)


def _app(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    return Starlette(routes=[Route("/graphql", answer, methods=["POST"])])


def _serve(app: ASGIApp, listener: socket.socket) -> None:
    config = uvicorn.Config(app, log_level="critical", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


async def _answer(store: MemoryStore, query: str, variables: dict[str, Any]) -> bytes:
    return to_json(await execute(OperationRequest(query, variables), Context(store.reader(), SETTINGS)))


def _measured(served: AbstractContextManager[tuple[int, str]], bodies: Sequence[str], seconds: float) -> Figures:
    with served as (process, url):
        return replace(_figures(process, url, bodies, seconds), fallbacks=_fallbacks(url))


def _fallbacks(url: str) -> int | None:
    """How many operations the planned executor left to the reference executor, as the service's metrics say."""
    try:
        with urlopen(url.removesuffix("/graphql") + "/metrics") as answer:
            lines = answer.read().decode().splitlines()
    except HTTPError:
        return None
    counts = [line.rpartition(" ")[2] for line in lines if line.startswith("frontgraph_reference_executions_total")]
    return int(sum(map(float, counts)))


@contextmanager
def _forked(serve: Callable[[socket.socket], None]) -> Iterator[tuple[int, str]]:
    """A server in a process of its own: its id and its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        process = os.fork()
        if not process:
            os.sched_setaffinity(0, {SERVER_CORE})
            gc.collect()
            gc.freeze()  # as the command does it
            serve(listener)
            os._exit(0)
        try:
            yield process, f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _figures(process: int, url: str, bodies: Sequence[str], seconds: float) -> Figures:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(bodies) + "\n")
        file.flush()
        _wrk(url, file.name, 1, min(seconds, 2))  # plans are made, fragments are kept
        one = _wrk(url, file.name, 1, seconds)
        before = _processor_seconds(process)
        many = _wrk(url, file.name, 16, seconds)
        spent = _processor_seconds(process) - before
    return Figures(many["requests"] / many["seconds"], one["p50"], spent / max(many["requests"], 1) * 1e3)


def _wrk(url: str, bodies: str, connections: int, seconds: float) -> dict[str, float]:
    assert urlsplit(url).hostname == "127.0.0.1"
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(HERE / "post.lua"), url]
    run = subprocess.run(
        ["taskset", "-c", str(CLIENT_CORE), *command],
        env={**os.environ, "BODIES": bodies},
        capture_output=True,
        text=True,
        check=True,
    )
    line = next(line for line in run.stdout.splitlines() if line.startswith("RESULT "))
    result: dict[str, float] = json.loads(line.removeprefix("RESULT "))
    if result["failed"]:
        sys.exit(f"{result['failed']:.0f} requests failed at {url}")
    return result


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _print(query: str, server: str, figures: Figures, reference: Figures) -> None:
    print(
        f"{query}  {server:12} {figures.requests_per_second:9,.0f} /s  {figures.p50:9.3f} ms  {figures.cpu:9.3f} ms"
        f"  {reference.cpu / figures.cpu:8.1f}x"
        + ("" if figures.fallbacks is None else f"  {figures.fallbacks} fell back"),
        flush=True,
    )


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"\n{time.monotonic() - started:,.0f} s")
