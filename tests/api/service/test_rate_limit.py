"""What one client may cost in a minute: told in headers, refused beyond, counted whatever carries the operation."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.access import counted_address
from api.service.rate_limit import RateLimit, RateLimitedError
from api.settings import Settings
from api.web.app import create_app
from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore

LIMIT = 100
CHEAP = "{ __typename }"
DEAR = "{ articles(first: 50) { nodes { id } } }"


@pytest.fixture(autouse=True)
def clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no minute ends in the middle of a test."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture
def client(known: GraphSnapshot) -> Iterator[TestClient]:
    settings = Settings(rate_limit=LIMIT, read_token="read-token-0123456789")
    with TestClient(create_app(settings, MemoryStore(known))) as client:
        client.headers["Authorization"] = "Bearer read-token-0123456789"
        yield client


def post(client: TestClient, query: str, **more: Any) -> Any:
    return client.post("/graphql", json={"query": query}, **more)


def left(response: Any) -> int:
    """What the answer says that the client has left."""
    name, remaining, seconds = response.headers["ratelimit"].split(";")
    assert (name, response.headers["ratelimit-policy"]) == ('"cost"', f'"cost";q={LIMIT};w=60')
    assert 1 <= int(seconds.removeprefix("t=")) <= 60
    return int(remaining.removeprefix("r="))


def cost(client: TestClient, query: str) -> int:
    answer = client.post("/graphql", json={"query": query, "extensions": {"cost": True}}).json()
    return int(answer["extensions"]["cost"]["estimated"])


def test_operation_takes_its_cost(client: TestClient) -> None:
    spent = cost(client, DEAR)
    assert 50 <= spent < LIMIT
    assert left(post(client, CHEAP)) == LIMIT - spent - 1


def test_client_that_has_too_little_left_is_refused_and_told_when_to_come_again(client: TestClient) -> None:
    spent = cost(client, DEAR)
    refused = post(client, DEAR)
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert f"cost of {LIMIT} in a minute, of which {LIMIT - spent} are left; this costs {spent}." in error["message"]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert left(refused) == LIMIT - spent  # nothing was taken
    assert post(client, CHEAP).status_code == 200


@pytest.mark.parametrize(
    "options",
    [
        {"json": {"query": "{"}},
        {"json": {"query": "{ nothing }"}},
        {"json": {"query": CHEAP, "variables": {"a": json.loads("[" * 40 + "]" * 40)}}},
        {"json": {"query": "subscription { snapshotChanged { version } }"}},
        {"json": []},
        {"content": b"no JSON", "headers": {"Content-Type": "application/json"}},
        {"content": b"text", "headers": {"Content-Type": "text/plain"}},
        {"json": {"query": CHEAP}, "headers": {"Authorization": "Bearer wrong"}},
        {"json": {"query": CHEAP}, "headers": {"Accept": "image/png"}},
    ],
    ids=str,
)
def test_refused_requests_count_too(client: TestClient, options: dict[str, Any]) -> None:
    for _ in range(LIMIT):
        assert client.post("/graphql", **options).status_code != 429
    assert client.post("/graphql", **options).status_code == 429
    assert post(client, CHEAP).status_code == 429


def test_repeated_and_known_answers_count(client: TestClient) -> None:
    remaining = [left(post(client, CHEAP)) for _ in range(5)]
    assert remaining == [LIMIT - count for count in range(1, 6)]
    first = client.get("/graphql", params={"query": CHEAP})
    known = client.get("/graphql", params={"query": CHEAP}, headers={"If-None-Match": first.headers["etag"]})
    assert (known.status_code, left(known)) == (304, left(first) - 1)


def test_exported_file_counts_as_much_as_a_large_operation(known: GraphSnapshot) -> None:
    with TestClient(create_app(Settings(rate_limit=1_500), MemoryStore(known))) as client:
        answers = [client.get("/export/graph.json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert "retry-after" in answers[1].headers


def test_operations_of_a_socket_count(client: TestClient) -> None:
    with client.websocket_connect("/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        socket.send_json({"type": "connection_init"})
        socket.receive_json()
        for query in (DEAR, DEAR, "subscription { snapshotChanged { added { nodes { id } } } }"):
            socket.send_json({"id": "1", "type": "subscribe", "payload": {"query": query}})
            answer = socket.receive_json()
            if answer["type"] == "next":
                assert socket.receive_json()["type"] == "complete"
            else:
                (error,) = answer["payload"]
                assert (answer["type"], error["extensions"]) == ("error", {"code": "RATE_LIMITED"})
    assert left(post(client, CHEAP)) < LIMIT / 2


def test_operations_by_events_count(client: TestClient) -> None:
    headers = {"Accept": "text/event-stream"}
    assert '"totalCount"' not in post(client, DEAR, headers=headers).text
    refused = [line for line in post(client, DEAR, headers=headers).text.splitlines() if line.startswith("data: {")]
    assert json.loads(refused[0].removeprefix("data: "))["errors"][0]["extensions"] == {"code": "RATE_LIMITED"}


def test_operation_that_costs_more_than_a_minute_allows_is_refused_for_good(known: GraphSnapshot) -> None:
    with TestClient(create_app(Settings(rate_limit=10), MemoryStore(known))) as client:
        assert post(client, DEAR).status_code == 429
        assert left_of(post(client, CHEAP)) == 9


def left_of(response: Any) -> int:
    return int(response.headers["ratelimit"].split(";")[1].removeprefix("r="))


def test_no_limit_is_told_where_there_is_none(known: GraphSnapshot) -> None:
    with TestClient(create_app(Settings(), MemoryStore(known))) as client:
        assert not {"ratelimit", "ratelimit-policy"} & post(client, CHEAP).headers.keys()


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("unix:", "unix:"),
        ("", ""),
        (None, ""),
    ],
)
def test_addresses_are_counted_by_what_a_network_hands_out(host: str | None, counted: str) -> None:
    assert counted_address(host) == counted


def test_clients_are_counted_apart() -> None:
    limit = RateLimit(10)
    limit.take("192.0.2.7", 10)
    limit.take("192.0.2.8", 10)
    with pytest.raises(RateLimitedError):
        limit.take("192.0.2.7", 1)
