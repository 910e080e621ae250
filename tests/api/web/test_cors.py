"""Pages of other origins: what they may send, what they may read, and that each refusal says why, over real sockets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph.building.snapshot import GraphSnapshot
from graph.stores.memory import MemoryStore
from tests.api.listening import listening
from tests.api.server.running import SHORT, UNHURRIED
from tests.service import Answer, Reached

ORIGIN = "http://localhost:3000"
ORIGINS = (ORIGIN, "https://news.example")
READABLE = {"X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy", "ETag", "Content-Disposition"}
SENT = (
    "content-type, authorization, apollographql-client-name, apollographql-client-version, sentry-trace, baggage, "
    "traceparent, tracestate, if-none-match, last-event-id, x-custom"
)


@pytest.fixture(scope="module")
def service(known: GraphSnapshot) -> Iterator[Reached]:
    with listening(MemoryStore(known), {"allowed_origins": ORIGINS}) as service:
        yield service


def preflight(service: Reached, **headers: str) -> Answer:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    return service.ask("OPTIONS", "/graphql", headers={**asked, **{n.replace("_", "-"): v for n, v in headers.items()}})


def head(received: bytes) -> tuple[int, dict[str, str]]:
    status, *lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return int(status.split()[1]), dict(line.lower().split(": ", 1) for line in lines)


@pytest.mark.parametrize("names", [*SENT.split(", "), SENT, "X-" + "a" * 4_000])
def test_allowed_page_may_send_any_header(service: Reached, names: str) -> None:
    answer = preflight(service, Access_Control_Request_Headers=names)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-headers"] == names
    assert "Access-Control-Request-Headers" in answer.headers["vary"]


def test_request_with_such_headers_is_answered_and_can_be_read(service: Reached) -> None:
    sent = {name.strip(): "1" for name in SENT.split(",") if name not in ("content-type", " authorization")}
    answer = service.post({"query": "{ __typename }"}, {"Origin": ORIGIN, **sent})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, ORIGIN)
    assert set(answer.headers["access-control-expose-headers"].split(", ")) >= READABLE


def test_page_of_a_public_network_may_ask_a_private_one(service: Reached) -> None:
    assert "access-control-allow-private-network" not in preflight(service).headers
    answer = preflight(service, Access_Control_Request_Private_Network="true")
    assert (answer.status, answer.headers["access-control-allow-private-network"]) == (200, "true")


REFUSED: list[tuple[dict[str, str], int, str, bool]] = [
    (
        {"Origin": "https://evil.example"},
        403,
        "Pages of https://evil.example may not read answers; the operator can add the origin to FRONTGRAPH_ALLOWED_ORIGINS.",
        False,
    ),
    (
        {"Access_Control_Request_Method": "PUT"},
        405,
        "Pages of other origins may not use PUT; use GET, HEAD, POST.",
        True,
    ),
    (
        {"Access_Control_Request_Headers": "a," * 2_049},
        431,
        "The names of headers that the page would send have more than 4,096 characters; send fewer.",
        True,
    ),
]


@pytest.mark.parametrize(("headers", "status", "message", "can_be_read"), REFUSED)
def test_refusal_says_the_true_reason(
    service: Reached, headers: dict[str, str], status: int, message: str, can_be_read: bool
) -> None:
    answer = preflight(service, **headers)
    assert (answer.status, answer.message) == (status, message)
    assert ("access-control-allow-origin" in answer.headers) is can_be_read
    assert "Origin" in answer.headers["vary"]


def test_any_origin_may_be_allowed(known: GraphSnapshot) -> None:
    with listening(MemoryStore(known), {"allowed_origins": ("*",)}) as service:
        assert preflight(service, Access_Control_Request_Headers="a").headers["access-control-allow-origin"] == "*"
        received = service.raw(f"GET / HTTP/1.1\r\nOrigin: {ORIGIN}\r\n\r\n".encode())
        assert head(received)[1]["access-control-allow-origin"] == "*"


PATHS = {"/nothing": 404, "/export/nothing": 404, "/graphql?query={": 200, "/graphql": 400, "/-/reload": 405}


@pytest.mark.parametrize("path", PATHS)
def test_errors_can_be_read(service: Reached, path: str) -> None:
    answer = service.ask("GET", path, headers={"Origin": ORIGIN})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (PATHS[path], ORIGIN)


NAMED = f"Origin: {ORIGIN}\r\n".encode()
CHUNKS = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\n"
    + NAMED
    + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
)
UNREADABLE: dict[str, tuple[bytes, int]] = {
    "no host": (b"GET / HTTP/1.1\r\n" + NAMED + b"\r\n", 400),
    "no upgrade": (
        b"POST / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n" + NAMED + b"\r\n",
        400,
    ),
    "a head too large": (b"GET / HTTP/1.1\r\nHost: x\r\n" + NAMED + b"A: " + b"a" * 100_000 + b"\r\n\r\n", 431),
    "a body that is none": (CHUNKS + b"zz\r\n", 400),
}


@pytest.mark.parametrize("case", UNREADABLE)
@pytest.mark.parametrize("size", [1_000_000, 40])
def test_refusals_of_the_server_can_be_read(service: Reached, case: str, size: int) -> None:
    request, expected = UNREADABLE[case]
    status, headers = head(service.raw(*(request[at : at + size] for at in range(0, len(request), size))))
    assert (status, headers["access-control-allow-origin"]) == (expected, ORIGIN)
    assert "etag" in headers["access-control-expose-headers"]
    assert headers["vary"] == "origin"


def test_refusals_for_other_pages_cannot_be_read(service: Reached) -> None:
    for line in (b"Origin: https://evil.example\r\n", b"", b"X: y\r\n"):
        status, headers = head(service.raw(b"GET / HTTP/1.1\r\n" + line + b"\r\n" + b"Origin: " + ORIGIN.encode()))
        assert (status, headers["vary"], "access-control-allow-origin" in headers) == (400, "origin", False)


@pytest.mark.parametrize("begun", [b"GET / HTTP/1.1\r\n" + NAMED, CHUNKS])
def test_refusal_of_a_slow_request_can_be_read(known: GraphSnapshot, begun: bytes) -> None:
    with listening(MemoryStore(known), {"allowed_origins": ORIGINS}, SHORT) as service:
        status, headers = head(service.raw(begun))
        assert (status, headers["access-control-allow-origin"]) == (408, ORIGIN)


def test_refusal_of_one_connection_too_many_can_be_read(known: GraphSnapshot) -> None:
    limits = replace(UNHURRIED, max_connections=1)
    with listening(MemoryStore(known), {"allowed_origins": ORIGINS}, limits) as service, service.connect() as first:
        first.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        first.recv(65_536)
        status, headers = head(service.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + NAMED + b"\r\n"))
        assert (status, headers["access-control-allow-origin"], headers["retry-after"]) == (503, ORIGIN, "1")
        assert head(service.raw())[0] == 503  # who says nothing is told nevertheless


def test_failure_of_the_application_can_be_read(known: GraphSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise ValueError

    monkeypatch.setattr("api.web.app._Cors.simple_response", fail)
    with listening(MemoryStore(known), {"allowed_origins": ORIGINS}) as service:
        answer = service.ask("GET", "/healthz", headers={"Origin": ORIGIN})
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (500, ORIGIN)
