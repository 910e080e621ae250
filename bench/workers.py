"""What several workers take and share of memory: `python bench/workers.py FOLDER [COUNT]`, on Linux.

`frontgraph serve --workers COUNT` (2) loads a copy of the folder with its unpublished articles, without a cache. Then each worker
is asked the six standard queries, and after that one article is edited and all are told to load again. A process takes what is
its own (USS), and its share of what it has in common with others (PSS); the shares add up to what all take together.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).parents[1]
QUERIES = {path.stem: path.read_text() for path in sorted((ROOT / "bench" / "queries").glob("*.graphql"))}
ROUNDS = 20
"""Of the six queries, each round with other variables."""
START = "from api.cli import main; main()"


def main(folder: Path, count: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "folder"
        shutil.copytree(folder, copy)
        with Served(copy, count, Path(scratch)) as served:
            print(f"{'':28}{'process':>10}{'USS MB':>10}{'PSS MB':>10}{'RSS MB':>10}")
            print(f"{'peak while loading, all':48}{served.peak:>10,.0f}")
            served.tell("loaded")
            for worker in served.workers:
                served.ask_all(worker)
            served.tell(f"{ROUNDS} times six queries")
            served.reload(copy)
            for worker in served.workers:
                served.ask_all(worker)
            served.tell("reloaded, and asked again")


class Served:
    """The service while it runs: one process that loaded, and the workers that it forked."""

    def __init__(self, folder: Path, count: int, cache: Path) -> None:
        options = ["--unpublished", "--port", "0", "--workers", str(count)]
        self._command = [sys.executable, "-c", START, "serve", str(folder), *options]
        self._environment = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(cache)}
        self._environment |= {"FRONTGRAPH_MAX_PAGE_SIZE": "1000", "FRONTGRAPH_LOG_REQUESTS": "0"}
        self._count = count

    def __enter__(self) -> "Served":
        self._process = subprocess.Popen(self._command, env=self._environment, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr
        with watched_peak(self._process.pid) as peak:
            found = (re.search(r":(\d+)/graphql", line) for line in self._process.stderr)
            address = next(filter(None, found), None)
        if address is None:
            sys.exit("The service did not start; run `frontgraph serve` with the folder to see why.")
        self.port, self.peak = int(address[1]), max(peak)
        Thread(target=self._process.stderr.read, daemon=True).start()
        while self._count > 1 and len(children(self._process.pid)) < self._count:
            time.sleep(0.1)
        time.sleep(2)  # until they serve
        self.workers = children(self._process.pid) or [self._process.pid]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, worker: int, query: str, variables: dict[str, Any]) -> Any:
        """What this worker answers: the others are held up meanwhile."""
        with stopped([other for other in self.workers if other != worker]):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            body = json.dumps({"query": query, "variables": variables})
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
            connection.close()
        assert "errors" not in answer, answer
        return answer["data"]

    def ask_all(self, worker: int) -> None:
        some = "{ articles(first: 100) { edges { cursor node { webUrl provider { domain } topics { name } } } } }"
        edges = self.ask(worker, some, {})["articles"]["edges"]
        for edge in edges[::5][:ROUNDS]:
            article, after = edge["node"], edge["cursor"]
            variables = {
                "q1": {"first": 50, "after": after, "related": 5},
                "q2": {"webUrl": article["webUrl"], "first": 10, "second": 10},
                "q3": {"name": article["topics"][-1]["name"], "first": 20},
                "q4": {"domain": article["provider"]["domain"], "first": 10, "related": 5},
                "q5": {"webUrl": article["webUrl"]},
                "q6": {"first": 1_000, "after": after},
            }
            for name, query in QUERIES.items():
                self.ask(worker, query, variables[name])

    def reload(self, folder: Path) -> None:
        """Has all workers load again after a change, and waits until they have."""
        path = next(path for path in sorted(folder.rglob("*.md")) if b"\nquality: " in path.read_bytes())
        path.write_bytes(re.sub(rb"\nquality: .*", b"\nquality: 3", path.read_bytes(), count=1))
        before = {worker: self._version(worker) for worker in self.workers}
        self._process.send_signal(signal.SIGHUP)
        while any(self._version(worker) == version for worker, version in before.items()):
            time.sleep(0.5)
        time.sleep(5)  # what follows from the new graph is computed, and the old one is gone

    def _version(self, worker: int) -> str:
        version: str = self.ask(worker, "{ snapshot { version } }", {})["snapshot"]["version"]
        return version

    def tell(self, when: str) -> None:
        names = {self._process.pid: "parent"} | {pid: f"worker {number}" for number, pid in enumerate(self.workers, 1)}
        taken = {name: memory(pid) for pid, name in names.items()}
        for name, (uss, pss, rss) in taken.items():
            print(f"{when:28}{name:>10}{uss:>10,.0f}{pss:>10,.0f}{rss:>10,.0f}")
        print(f"{when:28}{'all':>10}{'':10}{sum(pss for _, pss, _ in taken.values()):>10,.0f}", flush=True)


@contextmanager
def stopped(processes: Sequence[int]) -> Iterator[None]:
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextmanager
def watched_peak(process: int) -> Iterator[list[float]]:
    """The memory of a process and its children together, looked at every so often."""
    seen, is_over = [0.0], Event()

    def watch() -> None:
        while not is_over.wait(0.05):
            with suppress(OSError):
                seen.append(sum(memory(found)[1] for found in [process, *children(process)]))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        thread.join()


def children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def memory(process: int) -> tuple[float, float, float]:
    """USS, PSS and RSS in megabytes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    sizes = {name: int(size.split()[0]) / 1024 for name, _, size in (line.partition(":") for line in lines)}
    return sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Pss"], sizes["Rss"]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python bench/workers.py FOLDER [COUNT]")
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 2)
