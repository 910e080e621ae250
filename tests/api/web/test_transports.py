"""What a request may leave out or stand in for, the same on every transport, over real sockets."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.listening import listening
from tests.service import Reached

QUERY = "{ topics(first: 1) { nodes { name } } }"
ANSWER = {"data": {"topics": {"nodes": [{"name": "AI"}]}}}


@pytest.fixture(scope="module")
def service(known: GraphSnapshot) -> Iterator[Reached]:
    with listening(MemoryStore(known)) as service:
        yield service


def by_post(service: Reached, payload: dict[str, Any]) -> Any:
    return service.post(payload).json()


def by_get(service: Reached, payload: dict[str, Any]) -> Any:
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
    return service.ask("GET", f"/graphql?{urlencode(texts)}").json()


def by_events(service: Reached, payload: dict[str, Any]) -> Any:
    answer = service.post(payload, {"Accept": "text/event-stream"})
    if answer.status != 200:
        return answer.json()
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    return json.loads(answer.body.split(b"data: ", 1)[1].partition(b"\n")[0])


def by_socket(service: Reached, payload: dict[str, Any]) -> Any:
    url, subprotocols = f"ws://127.0.0.1:{service.port}/graphql", [Subprotocol("graphql-transport-ws")]
    with connect(url, subprotocols=subprotocols, proxy=None) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        socket.recv()
        socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        message = json.loads(socket.recv())
        return message["payload"] if message["type"] == "next" else {"errors": message["payload"]}


TRANSPORTS = [by_post, by_get, by_events, by_socket]
Transport = Callable[[Reached, dict[str, Any]], Any]


def persisted(query: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


@pytest.mark.parametrize("ask", TRANSPORTS)
def test_empty_operation_name_is_none(service: Reached, ask: Transport) -> None:
    assert ask(service, {"query": QUERY, "operationName": ""}) == ANSWER
    assert ask(service, {"query": f"query A {QUERY}", "operationName": ""}) == ANSWER


@pytest.mark.parametrize("ask", TRANSPORTS)
def test_persisted_query_is_asked_for_by_its_hash(service: Reached, ask: Transport) -> None:
    query = f"query {ask.__name__} {QUERY}"
    extensions = persisted(query)
    for unsent in ({}, {"query": ""}):
        assert codes(ask(service, {"extensions": extensions, **unsent})) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert ask(service, {"query": query, "extensions": extensions}) == ANSWER
    for unsent in ({}, {"query": ""}):
        assert ask(service, {"extensions": extensions, **unsent}) == ANSWER


@pytest.mark.parametrize("ask", TRANSPORTS)
def test_persisted_query_that_one_transport_was_told_is_known_on_all(service: Reached, ask: Transport) -> None:
    query = f"query Shared {QUERY}"
    by_post(service, {"query": query, "extensions": persisted(query)})
    assert ask(service, {"extensions": persisted(query)}) == ANSWER


@pytest.mark.parametrize("ask", TRANSPORTS)
def test_hash_that_is_none_or_of_another_query_is_refused(service: Reached, ask: Transport) -> None:
    assert codes(ask(service, {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}})) == ["BAD_REQUEST"]
    assert codes(ask(service, {"query": QUERY, "extensions": persisted("{ __typename }")})) == ["BAD_REQUEST"]


@pytest.mark.parametrize("ask", TRANSPORTS)
def test_empty_cursor_is_the_start_or_the_end(service: Reached, ask: Transport) -> None:
    query = (
        "query ($after: String, $before: String) { topics(PAGE, after: $after, before: $before) { nodes { name } } }"
    )
    for page in ("first: 2", "last: 2"):
        text = query.replace("PAGE", page)
        without, empty = (ask(service, {"query": text, "variables": {"after": c, "before": c}}) for c in (None, ""))
        assert len(without["data"]["topics"]["nodes"]) == 2
        assert empty == without
