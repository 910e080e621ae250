"""What docs/subscriptions.md promises: its examples are run, its tables are compared with the code."""

import json
import shlex
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from graphql import parse, validate

from api.limits.weights import WEIGHTS
from api.schema.assembly import schema
from api.server.guard import MAX_FRAMES
from api.service.service import SUBSCRIPTION_COST
from api.settings import Settings
from api.streams.messages import ID_LIMIT, MESSAGE_LIMIT, CloseCode
from api.streams.sse import KEEP_ALIVE_SECONDS
from api.streams.websocket import INIT_SECONDS, OPERATIONS_PER_SOCKET
from graph.stores.memory import MemoryStore
from tests.api.streams.conversation import SECONDS
from tests.api.streams.serving import Running, article, serving
from tests.js_tools import run_node
from tests.test_docs import ADDRESS, ROOT, blocks, prose, section, table

PAGE = ROOT / "docs" / "subscriptions.md"
TOLD = {"added": {"nodes": [{"title": "Calm"}]}, "removed": []}
ONE_LINE = "console.log = (value) => { process.stdout.write(JSON.stringify(value)); process.exit(0); };\n"
"""Ends an example, which would go on, when it has something to say."""


def examples(info: str) -> list[str]:
    return [block.text for block in blocks(PAGE) if block.info == info]


def result(running: Running, example: Callable[[], Any]) -> Any:
    """What an example answers after it subscribed and the snapshot changed."""
    with ThreadPoolExecutor() as pool:
        answer: Future[Any] = pool.submit(example)
        running.wait_for(lambda: answer.done() or running.listeners())
        running.swap(article("storm"), article("calm"))
        return answer.result()


@pytest.mark.parametrize("text", examples("js"), ids=["graphql-ws", "graphql-sse"])
def test_client_is_told(text: str, tmp_path: Path) -> None:
    with serving() as running:
        script = ROOT / "tests" / "js" / f"{tmp_path.name}.mjs"  # beside the packages that it imports
        script.write_text(ONE_LINE + text.replace(ADDRESS.removeprefix("http://"), running.address), encoding="utf-8")
        try:
            finished = result(running, lambda: run_node(script))
        finally:
            script.unlink()
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout) == TOLD


def test_command_is_told() -> None:
    (text,) = examples("console")
    program, option, url, *options = shlex.split(text.replace("\\\n", ""))
    assert (program, option, url) == ("curl", "-N", f"{ADDRESS}/graphql")
    headers = dict(options[at + 1].split(": ") for at, name in enumerate(options) if name == "-H")
    body = options[options.index("-d") + 1]
    with serving() as running:
        connection = HTTPConnection(running.address, timeout=SECONDS)

        def first_event() -> Any:
            connection.request("POST", "/graphql", body, headers)
            response = connection.getresponse()
            lines = [response.readline() for _ in range(4)]
            assert lines[:3] == [b":\n", b"\n", b"event: next\n"]
            return json.loads(lines[3].removeprefix(b"data: "))

        assert result(running, first_event) == {"data": {"snapshotChanged": TOLD}}
        connection.close()


def test_subscriptions_fit_the_schema() -> None:
    assert examples("graphql subscription")
    for text in examples("graphql subscription"):
        assert validate(schema._schema, parse(text)) == []


def test_close_codes() -> None:
    rows = table(section(PAGE, "WebSocket"), "code", "why")
    assert [int(row[0]) for row in rows] == list(CloseCode)


def test_bounds() -> None:
    tested = WEIGHTS["Subscription.snapshotChanged"].most_tested
    rows = table(section(PAGE, "Bounds"), "bound", "is", "what happens")
    assert {row[0]: row[1] for row in rows} == {
        "open operations of a socket": f"{OPERATIONS_PER_SOCKET}",
        "a message": f"{MESSAGE_LIMIT // 1024**2} MiB",
        "frames of a message": f"{MAX_FRAMES:,}",
        "id of an operation": f"{ID_LIMIT} characters",
        "time until `connection_init`": f"{INIT_SECONDS:g} s",
        "time between comments of a quiet event stream": f"{KEEP_ALIVE_SECONDS:g} s",
        f"cost of an event, with the filter on up to {tested:,} articles": f"{SUBSCRIPTION_COST:,}",
        "what waits for clients to read it, of all connections": f"{Settings().max_unread_mb} MB",
        "versions that changes are told from": f"{MemoryStore._KEPT_VERSIONS}",
    }
    assert f"more than {MemoryStore._KEPT_VERSIONS} reloads ago" in prose(PAGE)
