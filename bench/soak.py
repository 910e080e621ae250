"""Ten minutes of everything at once: `python -m bench.soak FOLDER [--minutes N] [--workers N]`.

A service watches a copy of the folder, which is edited every few seconds, while clients ask, search, export and subscribe,
and others in a process of their own mean no good. Printed are failures, times, reloads and memory, and a verdict.
"""

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from bench.running import (
    HOST,
    PROGRAM,
    ROOT,
    Answered,
    Client,
    Outcomes,
    Service,
    Span,
    figures,
    post_request,
    serving,
)
from bench.stalls import Stall, noted

ABUSE = ("refused=2", "expensive=1", "underestimated=2", "malformed=1", "slow_headers=5", "slow_readers=3", "flood=1", "hang_ups=1", "broken_frames=1")  # fmt: skip
PAIR = '{ snapshot { version } a: article(by: {slug: "soak-a"}) { title } b: article(by: {slug: "soak-b"}) { title } }'
TITLES = "query Titles($first: Int!) { articles(first: $first) { nodes { title publishedDateTime } } }"
NESTED = (ROOT / "bench/queries/q1.graphql").read_text(encoding="utf-8")
SEARCH = (
    "query Search($text: String!) { search(query: $text, first: 10) { totalCount edges { score node { id label } } } }"
)
CHANGED = "subscription { snapshotChanged { version updated { totalCount } removed } }"
WORDS = ("azure", "kubernetes", "openai", "security", "cloud cost", "data*", '"machine learning"', "microsoft", "sql")
EXPORTS = ("graph.json", "graph.graphml", "graph.gexf")
SUBSCRIBERS = 10
"""Over each transport."""
EDIT_SECONDS = 5.0
SLOWEST_EDIT = 30.0
"""Seconds in which an edit must be seen; alone it takes one, but here it shares a processor with everything else."""
MOST_GROWTH = 0.25
"""Of memory, from the minute after the warm-up to the last."""
WARM_UP = 180.0
"""Seconds in which what is kept fills up to its bounds; a third of the time, if that is less."""
MOST_PUT_OFF = 0.5
"""Of searches and exports: how many may be told to come again, while others send what takes seconds."""
PATIENCE = 1.0
"""Seconds until a client comes again that was told to."""
SLOWEST_CHEAP = 0.5
"""Seconds, of the 99th percentile of cheap requests."""
SLOWEST = 10
"""Of the cheap requests, whose neighbors are told."""
CHEAP = ("cheap, repeated", "cheap, varied")

Work = Callable[[], Coroutine[Any, Any, None]]


class Load:
    """What clients do that mean well; every answer is checked."""

    def __init__(self, service: Service, outcomes: Outcomes) -> None:
        self._port = service.port
        self._outcomes = outcomes
        self.events = 0
        """That subscribers were told of."""
        self.put_off: Counter[str] = Counter()
        """How often the service had more to do than it can, which it may tell those whose requests are not cheap."""

    def works(self) -> list[Work]:
        return [
            *[self.repeated] * 2,
            *[self.varied] * 2,
            self.nested,
            self.searching,
            self.exporting,
            *[self.web_socket] * SUBSCRIBERS,
            *[self.event_stream] * SUBSCRIBERS,
        ]

    async def repeated(self) -> None:
        """The same bytes again and again; both articles have to be of one snapshot."""
        client = Client(self._port)
        while True:
            with self._outcomes.timed("cheap, repeated"):
                data = _data(await client.post(PAIR))
                assert data["a"] == data["b"], data
            await asyncio.sleep(0.02)

    async def varied(self) -> None:
        client = Client(self._port)
        for number in count():
            with self._outcomes.timed("cheap, varied"):
                _data(await client.post(f"{TITLES} # {number % 500}", {"first": 1 + random.randrange(50)}))
            await asyncio.sleep(0.02)

    async def nested(self) -> None:
        client = Client(self._port)
        while True:
            with self._outcomes.timed("nested lists"):
                _data(
                    await client.post(NESTED, {"first": random.randrange(20, 40), "related": random.randrange(5, 20)})
                )
            await asyncio.sleep(0.1)

    async def searching(self) -> None:
        client = Client(self._port)
        for number in count():
            text = f"{WORDS[number % len(WORDS)]} {random.choice(WORDS)}"
            with self._outcomes.timed("searches"):
                _data(await self._in_turn("searches", partial(client.post, SEARCH, {"text": text})))
            await asyncio.sleep(0.1)

    async def _in_turn(self, kind: str, ask: Callable[[], Coroutine[Any, Any, Answered]]) -> Answered:
        """The answer, however often the service says to come again."""
        while (answer := await ask()).status == 503 and b'"OVERLOADED"' in answer.body:
            self.put_off[kind] += 1
            await asyncio.sleep(PATIENCE)
        return answer

    async def exporting(self) -> None:
        client = Client(self._port)
        for name in cycle(EXPORTS):
            with self._outcomes.timed("exports"):
                status, body = await self._in_turn("exports", partial(client.get, f"/export/{name}"))
                assert status == 200, status
                assert body.rstrip()[-1:] in b">}", body[-20:]
            await asyncio.sleep(3)

    async def web_socket(self) -> None:
        with self._outcomes.timed("subscriptions that ended"):
            protocols = [Subprotocol("graphql-transport-ws")]
            async with connect(f"ws://{HOST}:{self._port}/graphql", subprotocols=protocols, proxy=None) as connection:
                try:
                    await connection.send('{"type": "connection_init"}')
                    await connection.recv()
                    await connection.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": CHANGED}}))
                    async for message in connection:
                        self._told(json.loads(message)["payload"])
                except ConnectionClosed as cause:
                    raise ConnectionError(str(cause)) from cause
            raise ConnectionError("closed")

    async def event_stream(self) -> None:
        with self._outcomes.timed("subscriptions that ended"):
            reader, writer = await asyncio.open_connection(HOST, self._port)
            writer.write(post_request(json.dumps({"query": CHANGED}).encode(), "Accept: text/event-stream"))
            while line := await reader.readline():
                if line.startswith(b"data: {"):
                    self._told(json.loads(line.removeprefix(b"data: ")))
            raise ConnectionError("closed")

    def _told(self, event: dict[str, dict[str, object]]) -> None:
        assert "errors" not in event, event
        self.events += 1


class Editor:
    """Changes the copy of the folder, each time in another way, and waits until it can be seen."""

    def __init__(self, folder: Path, service: Service, outcomes: Outcomes) -> None:
        self._folder = next((place for place in (folder / "_news", folder / "_posts") if place.is_dir()), folder)
        self._port = service.port
        self._outcomes = outcomes
        self._files = [path for path in sorted(folder.rglob("*.md")) if _is_editable(path.read_bytes())]
        self._number = 1_000
        """Of the next edit; higher than the grades of articles."""

    def edit(self) -> None:
        kinds = (self._mark, self._grade, self._unlink, self._grade_many, self._rename)
        kinds[self._number % len(kinds)](self._number)
        self._number += 1

    async def work(self) -> None:
        client = Client(self._port)
        while True:
            await asyncio.sleep(EDIT_SECONDS)
            before = _data(await client.post("{ snapshot { version } }"))
            self.edit()
            with self._outcomes.timed("edits, until visible"):
                async with asyncio.timeout(SLOWEST_EDIT):
                    while _data(await client.post("{ snapshot { version } }")) == before:
                        await asyncio.sleep(0.02)

    def _mark(self, number: int) -> None:
        """A new title of two articles; they are put in place so close together that they are loaded together."""
        paths = [self._folder / f"{name}.md" for name in ("soak-a", "soak-b")]
        for path in paths:
            path.with_suffix(".new").write_text(
                f"---\nslug: {path.stem}\ntitle: Title {number}\nrelated: [soak-a, soak-b]\n---\n"
            )
        for path in paths:
            path.with_suffix(".new").replace(path)

    def _grade(self, number: int, files: int = 1) -> None:
        for path in random.sample(self._files, min(files, len(self._files))):
            path.write_bytes(re.sub(rb"\nquality: .*", b"\nquality: %d" % number, path.read_bytes(), count=1))

    def _grade_many(self, number: int) -> None:
        self._grade(number, 200)

    def _unlink(self, number: int) -> None:
        """Takes its related articles from an article."""
        path = self._files[number % len(self._files)]
        data = path.read_bytes()
        path.write_bytes(data.replace(b"\nrelated:", b"\nformerly-related:", 1))

    def _rename(self, number: int) -> None:
        place = number % len(self._files)
        path = self._files[place]
        self._files[place] = path.rename(path.with_name(f"{number}-{path.name}"))


def _is_editable(data: bytes) -> bool:
    """Whether each edit of a file with this content makes a difference."""
    return b"\nquality: " in data and b"\nrelated:" in data


def _data(answered: tuple[int, bytes]) -> dict[str, dict[str, object]]:
    status, body = answered
    assert status == 200, (status, body[:80])
    answer = json.loads(body)
    assert list(answer) == ["data"], body[:200]
    data: dict[str, dict[str, object]] = answer["data"]
    return data


class Memory:
    """Of the service's processes, in MB, looked at every second: a single look may find two snapshots, or four."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._seen: list[list[float]] = []

    async def watch(self) -> None:
        while True:
            self._seen.append(self._service.megabytes())
            await asyncio.sleep(1)

    def phases(self) -> list[tuple[float, float, float]]:
        """Of each process the median of the minute after the warm-up, that of the last minute, and the most."""
        warm = min(int(WARM_UP), len(self._seen) // 3)
        length = min(60, warm)
        return [
            (median(seen[warm : warm + length]), median(seen[-length:]), max(seen))
            for seen in zip(*self._seen, strict=True)
        ]


async def soak(service: Service, folder: Path, seconds: float, outcomes: Outcomes) -> tuple[Load, Memory]:
    """What the load has seen, and the memory of each process."""
    load, editor = Load(service, outcomes), Editor(folder, service, outcomes)
    editor.edit()
    await asyncio.sleep(3)
    command = [sys.executable, "-m", "bench.abuse", str(service.port), str(seconds), *ABUSE]
    abuse = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE)
    told = asyncio.create_task(abuse.communicate())
    memory = Memory(service)
    tasks = [asyncio.create_task(work()) for work in (*load.works(), editor.work, memory.watch)]
    await asyncio.wait(tasks, timeout=seconds)
    for task in [task for task in tasks if task.done()]:
        outcomes.failures[f"a client ended: {task.exception()!r}"] += 1
        tasks.remove(task)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    outcomes.add(json.loads((await told)[0]))
    return load, memory


def slowest_cheap(outcomes: Outcomes) -> list[Span]:
    """The slowest answers to cheap requests, of which none was asked for while another one of them waited."""
    found: list[Span] = []
    for span in sorted(
        (span for span in outcomes.spans if span.kind in CHEAP), key=lambda span: span.began - span.ended
    ):
        if all(span.ended < other.began or other.ended < span.began for other in found):
            found.append(span)
        if len(found) == SLOWEST:
            break
    return found


def told_slow(slow: Span, outcomes: Outcomes, stalls: Sequence[Stall]) -> str:
    """How slow it was, what else was asked for meanwhile, and what held up the service."""
    others = Counter(
        span.kind for span in outcomes.spans if span.began < slow.ended and slow.began < span.ended and span is not slow
    )
    beside = ", ".join(f"{number} × {kind}" for kind, number in others.most_common())
    held = [stall for stall in stalls if slow.began < stall.ended and stall.ended - stall.seconds < slow.ended]
    return "\n".join(
        [
            f"slow cheap request: {1_000 * (slow.ended - slow.began):.0f} ms ({slow.kind}), beside {beside}",
            *(
                f"  {1_000 * stall.seconds:.0f} ms, {1_000 * stall.processor:.0f} of the processor: {stall.what}"
                for stall in held
            ),
        ]
    )


def report(outcomes: Outcomes, load: Load, memory: Memory, stalls: Sequence[Stall], minutes: float) -> bool:
    """Prints what came of it; whether it went well."""
    phases = memory.phases()
    growth = max(after / before for before, after, _ in phases) - 1
    cheap = max(figures(outcomes.seconds[kind])[1] for kind in CHEAP)
    put_off = {kind: times / (times + len(outcomes.seconds.get(kind, ()))) for kind, times in load.put_off.items()}
    is_fine = (
        not outcomes.failures
        and growth <= MOST_GROWTH
        and cheap <= SLOWEST_CHEAP
        and all(share <= MOST_PUT_OFF for share in put_off.values())
    )
    print(outcomes.table(), "", sep="\n")
    shown = ", ".join(f"{before:.0f} → {after:.0f} MB, {most:.0f} MB at the most" for before, after, most in phases)
    print(
        f"memory after the warm-up and in the last minute, medians: {shown}; subscribers were told {load.events:,} times"
    )
    slow = slowest_cheap(outcomes)
    for span in slow:
        print(told_slow(span, outcomes, stalls))
    print("told to come again:", ", ".join(f"{share:.0%} of {kind}" for kind, share in put_off.items()) or "nobody")
    print(f"load average: {os.getloadavg()[1]:.1f} over five minutes, on {os.cpu_count()} cores")
    for failure, times in outcomes.failures.most_common():
        print(f"FAILED {times:,} times: {failure}")
    print(
        f"{'PASSED' if is_fine else 'FAILED'}: {sum(map(len, outcomes.seconds.values())):,} requests in {minutes:g} minutes,"
        f" {outcomes.failures.total():,} failures, {len(outcomes.seconds['edits, until visible']):,} reloads,"
        f" p99 of cheap requests {1_000 * cheap:.0f} ms, the slowest {1_000 * (slow[0].ended - slow[0].began):.0f} ms,"
        f" memory {growth:+.0%}"
    )
    return is_fine


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--workers", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "folder"
        shutil.copytree(chosen.folder, folder)
        subprocess.run(["chmod", "-R", "u+w", folder], check=True)
        outcomes = Outcomes()
        options = ("--watch", "--unpublished", "--workers", str(chosen.workers))
        notes = Path(scratch) / "stalls"
        program = f"import bench.stalls; from pathlib import Path; bench.stalls.note(Path({str(notes)!r})); {PROGRAM}"
        with serving(folder, Path(scratch), *options, program=program) as service:
            time.sleep(2)
            load, memory = asyncio.run(soak(service, folder, 60 * chosen.minutes, outcomes))
        stalls = noted(notes)
        log = (Path(scratch) / "log").read_text(encoding="utf-8")
    for line in (line for line in log.splitlines() if '"level":"error"' in line or "Traceback" in line):
        outcomes.failures[f"log: {json.loads(line)['message'] if line.startswith('{') else line}"[:200]] += 1
    sys.exit(not report(outcomes, load, memory, stalls, chosen.minutes))


if __name__ == "__main__":
    main()
