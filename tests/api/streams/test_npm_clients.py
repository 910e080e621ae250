"""Subscriptions as the npm clients graphql-ws and graphql-sse take them, from a running service."""

import json
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.streams.serving import Running, article, serving
from tests.js_tools import JAVASCRIPT, run_node

pytestmark = pytest.mark.thorough

REFUSED = {
    "message": "Cannot query field 'nothing' on type 'Subscription'.",
    "locations": [{"line": 1, "column": 16}],
    "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"},
}


def event(added: list[str], removed: list[str]) -> dict[str, Any]:
    nodes = [{"title": title} for title in added]
    return {"data": {"snapshotChanged": {"added": {"nodes": nodes}, "removed": removed}}}


def swap_when_heard(running: Running, talk: "Future[Any]", before: frozenset[object], *names: str) -> frozenset[object]:
    """Exchanges the snapshot as soon as a listener waits that did not before, which is what comes back."""
    running.wait_for(lambda: talk.done() or running.listeners() - before)
    listeners = running.listeners()
    running.swap(*map(article, names))
    return listeners


def told(running: Running, client: str) -> Any:
    """What the client was told while the snapshot was exchanged twice."""
    with ThreadPoolExecutor() as pool:
        talk = pool.submit(run_node, JAVASCRIPT / "subscribe.mjs", client, running.address)
        first = swap_when_heard(running, talk, frozenset(), "storm", "calm")
        swap_when_heard(running, talk, first, "calm")
        finished = talk.result()
    assert finished.returncode == 0, finished.stderr
    running.wait_for(lambda: running.open_operations() == 0)
    assert not running.listeners()
    return json.loads(finished.stdout)


@pytest.mark.parametrize(
    ("client", "refused"),
    [
        ("graphql-ws", {"told": [], "error": [REFUSED]}),
        ("graphql-sse", {"told": [{"errors": [REFUSED]}]}),
    ],
)
def test_npm_client_is_told_of_every_change(client: str, refused: Any) -> None:
    with serving() as running:
        assert told(running, client) == {
            "query": {"told": [{"data": {"articles": {"totalCount": 1}}}]},
            "refused": refused,
            "events": [event(["Calm"], []), event([], ["a_storm"])],
        }
