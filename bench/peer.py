"""Mercurius, the fastest other server that was found, with the same articles: its set-up is in the folder `mercurius`."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from api.execution import OperationRequest, execute
from api.schema.context import Context
from api.settings import Settings
from graph.stores.memory import MemoryStore

FOLDER = Path(__file__).parent / "mercurius"
QUERIES = {path.stem: path.read_text() for path in sorted((FOLDER / "queries").glob("*.graphql"))}
"""The same as ours: with an offset instead of a cursor, and without the connections around lists."""
_PAGE = 1_000
_ARTICLES = """query ($first: Int!, $after: String) {
  articles(first: $first, after: $after) {
    edges { cursor }
    nodes {
      id title excerpt webUrl publishedDateTime quality heat
      provider { id name domain } topics { id name } related(first: $first) { nodes { id } }
    }
  }
}"""


class Corpus:
    """The articles of a store as JSON, in the order of its lists."""

    def __init__(self, store: MemoryStore) -> None:
        self._articles: list[dict[str, Any]] = []
        self._offsets: dict[str, int] = {}
        """Of what comes after each cursor."""
        asyncio.run(self._read(store))

    async def _read(self, store: MemoryStore) -> None:
        settings, after = Settings(max_page_size=_PAGE, max_answer_mb=1_000), None
        while len(self._articles) % _PAGE == 0:
            request = OperationRequest(_ARTICLES, {"first": _PAGE, "after": after})
            page = (await execute(request, Context(store.reader(), settings)))["data"]["articles"]
            for edge in page["edges"]:
                self._offsets[edge["cursor"]] = len(self._offsets) + 1
            self._articles += page["nodes"]
            if not page["nodes"]:
                return
            after = page["edges"][-1]["cursor"]

    def variables(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those that ask for what these of a query of ours ask for."""
        others = {name: value for name, value in values.items() if name != "after"}
        return {**others, "offset": self._offsets[values["after"]]} if "after" in values else others

    def as_json(self) -> bytes:
        """What the server reads."""
        providers = {found["id"]: found for article in self._articles if (found := article["provider"])}
        topics = {found["id"]: found for article in self._articles for found in article["topics"]}
        told = {"articles": self._articles, "providers": [*providers.values()], "topics": [*topics.values()]}
        return orjson.dumps(told)


def version() -> str | None:
    """Which Node.js it runs on; None if there is none, or no npm to install the server."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    locked, installed = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        subprocess.run([npm, "ci", "--silent"], cwd=FOLDER, check=True, stdout=sys.stderr)
        installed.touch()
    return subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def serving(corpus: Corpus, core: int) -> Iterator[tuple[int, str]]:
    """The server on this core: its process and its address."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(corpus.as_json())
        file.flush()
        command = ["taskset", "-c", str(core), "node", str(FOLDER / "server.cjs"), file.name]
        environment = {**os.environ, "NODE_ENV": "production"}
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True)
        assert process.stdin
        assert process.stdout
        try:
            yield process.pid, f"http://127.0.0.1:{int(process.stdout.readline())}/graphql"
        finally:
            process.stdin.close()
            process.wait()
