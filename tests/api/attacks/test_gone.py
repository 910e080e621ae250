"""Clients that go while they wait: what is done for them ends, and its place is free again, whatever carried it."""

import json
import re
import socket
import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.api.attacks.attacking import UPGRADE_REQUEST, text_frame
from tests.api.attacks.test_heavy_work import SLOW
from tests.service import Served, running

PLACES = 6
"""Of one kind: one is at work, the others wait for it."""
SETTINGS = {
    "TIME_LIMIT_SECONDS": "600",
    "MAX_COST": "1000000000",
    "MAX_DEPTH": "30",
    "MAX_CONCURRENT_REQUESTS": f"{PLACES}",
    "MAX_ANSWER_MB": "1000",
}


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that would be at work for minutes."""
    with running(tmp_path_factory.mktemp("patient"), settings=SETTINGS) as served:
        yield served


def post(path: str, body: object, *headers: str) -> bytes:
    data = json.dumps(body).encode()
    given = ("Host: x", "Content-Type: application/json", f"Content-Length: {len(data)}", *headers)
    return f"POST {path} HTTP/1.1\r\n".encode() + "\r\n".join((*given, "", "")).encode() + data


def plain(number: int) -> bytes:
    return post("/graphql", {"query": f"{SLOW} # {number}"})


def in_two_pieces(number: int) -> bytes:
    return post("/graphql", {"query": f"{SLOW} # {number}"}, "Expect: 100-continue")


def in_the_url(number: int) -> bytes:
    return f"GET /graphql?query={quote(f'{SLOW} # {number}')} HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n".encode()


def explained(number: int) -> bytes:
    return post("/graphql", {"query": f"{SLOW} # {number}", "extensions": {"explain": True}})


def as_events(number: int) -> bytes:
    return post("/graphql", {"query": f"{SLOW} # {number}"}, "Accept: text/event-stream")


def by_a_tool(number: int) -> bytes:
    called = {"name": "graphql", "arguments": {"query": f"{SLOW} # {number}"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}
    return post("/mcp", message, "Accept: application/json, text/event-stream")


def over_a_socket(number: int) -> bytes:
    subscribe = {"type": "subscribe", "id": "1", "payload": {"query": f"{SLOW} # {number}"}}
    return UPGRADE_REQUEST + b"".join(text_frame(json.dumps(said)) for said in ({"type": "connection_init"}, subscribe))


def places_taken(served: Served) -> int:
    found = re.search(rb"heavy_work_waiting (\d+)", served.ask("GET", "/metrics").body)
    assert found
    return int(found[1])


def awaited(served: Served, places: int) -> None:
    deadline = time.monotonic() + 60  # a tenth of what the work may take
    while places_taken(served) != places:
        assert time.monotonic() < deadline, places_taken(served)
        time.sleep(0.05)


@pytest.mark.parametrize("asked", [plain, in_two_pieces, in_the_url, explained, as_events, by_a_tool, over_a_socket])
def test_places_of_clients_that_have_gone_are_free_again(patient: Served, asked: object) -> None:
    assert callable(asked)
    awaited(patient, 0)
    connections: list[socket.socket] = []
    for number in range(PLACES):
        connections.append(patient.connect())
        connections[-1].sendall(asked(number))
    awaited(patient, PLACES)
    for connection in connections:
        connection.close()
    awaited(patient, 0)
    assert patient.post({"query": f"{{ topics {{ totalCount }} }} # {asked}"}).status == 200


def test_log_tells_that_the_client_had_gone(patient: Served) -> None:
    awaited(patient, 0)
    with patient.connect() as connection:
        connection.sendall(post("/graphql", {"query": f"{SLOW} # told"}, "X-Request-Id: the-one-that-went"))
        awaited(patient, 1)
    log = patient.log_with('"the-one-that-went')
    line = next(json.loads(line) for line in log.splitlines() if '"the-one-that-went' in line)
    assert (line["status"], line["outcome"], line["level"]) == (499, "refused", "info")
