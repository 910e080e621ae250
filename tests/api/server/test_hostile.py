"""Clients that are slow, greedy or speak no HTTP."""

import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from api.server import ServerLimits
from tests.api.server.running import PATIENCE, UNHURRIED, Client, Running, ok, refused, running, spawned, until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /count HTTP/1.1\r\nHost: x\r\n"
MALFORMED = refused(
    "400 Bad Request", "BAD_REQUEST", "This is no well-formed HTTP/1.1 request; send one, without TLS, to this port."
)
UPGRADE = refused(
    "400 Bad Request",
    "BAD_REQUEST",
    "The connection can be upgraded to “websocket” alone, by GET in HTTP/1.1 without a body, and while nothing else is "
    "being answered on it.",
)
TOO_LARGE = refused(
    "431 Request Header Fields Too Large",
    "HEAD_TOO_LARGE",
    "The request line and the headers have more than 65,536 bytes, or there are more than 100 headers; send a long query "
    "in the body of a POST request.",
)
TOO_SLOW = refused(
    "408 Request Timeout",
    "REQUEST_TIMEOUT",
    "The request did not arrive within 0.4 seconds, which is the limit; send it faster.",
)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no request line"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="a TLS hello"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="an HTTP/2 preface"),
        pytest.param(b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", id="HTTP/2 in the request line"),
        pytest.param(b"GET /\r\n\r\n", id="HTTP/0.9"),
        pytest.param(b"GET / HTTP/1.1\nHost: x\n\n", id="bare line feeds"),
        pytest.param(b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", id="NUL in the URL"),
        pytest.param(b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", id="a byte above ASCII in the URL"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", id="NUL in a header"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", id="a folded header"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no Host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", id="two Hosts"),
        pytest.param(POST + b"Content-Length: -1\r\n\r\n", id="a negative length"),
        pytest.param(POST + b"Content-Length: 9999999999999999999999\r\n\r\n", id="an absurd length"),
        pytest.param(POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", id="two lengths"),
        pytest.param(
            POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="a length and chunks"
        ),
        pytest.param(POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", id="an unknown transfer coding"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="no chunk size"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", id="a chunk longer than its size"),
        pytest.param(b"POST /count HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", id="chunks in HTTP/1.0"),
    ],
)
def test_malformed_request_is_refused_in_the_services_words(service: Running, request_bytes: bytes) -> None:
    assert service.answer(request_bytes) == MALFORMED


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_upgrade_that_the_server_cannot_make_is_refused(service: Running, request_bytes: bytes) -> None:
    assert service.answer(request_bytes) == UPGRADE


def test_refusal_comes_after_the_answers_to_earlier_requests(service: Running) -> None:
    before = service.refusals["malformed"]
    assert service.answer(GET + b"nonsense\r\n\r\n") == ok() + MALFORMED
    assert service.refusals["malformed"] == before + 1


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="a long URL"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", id="a long header"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70_000, id="a header without end"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 101, id="many headers"),
    ],
)
def test_head_over_its_limit_is_refused(service: Running, head: bytes) -> None:
    assert service.answer(head) == TOO_LARGE
    assert service.answer(*(head[start : start + 20_000] for start in range(0, len(head), 20_000))) == TOO_LARGE


def test_head_under_its_limit_is_taken(service: Running) -> None:
    with service.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 60_000 + b"\r\n\r\n")
        assert client.response() == ok()
        client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"a" * 100_000 + GET[:-4])
        assert client.response() == ok(b"a" * 100_000)
        client.send(GET[-4:])
        assert client.response() == ok()


def test_trailers_and_chunk_extensions_are_bounded_and_no_headers(service: Running) -> None:
    chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    with service.connect() as client:
        client.send(chunked + b"3;a=b\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n")
        assert client.response() == ok(b"3")
    assert b"x-late" not in dict(service.app.scopes[-1]["headers"])
    assert service.answer(chunked + b"3;" + b"a" * 200_000) == MALFORMED
    assert service.answer(chunked + b"0\r\nX-Late: " + b"a" * 200_000) == MALFORMED


@pytest.mark.parametrize(
    ("request_bytes", "answer"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 100, TOO_SLOW, id="head"),
        pytest.param(POST + b"Content-Length: 500\r\n\r\n" + b"a" * 500, TOO_SLOW, id="body"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + b"A: b\r\n" * 100,
            TOO_SLOW,
            id="upgrade",
        ),
        pytest.param(b"\r\n" * 500, b"", id="empty lines"),
        pytest.param(b"", b"", id="nothing"),
    ],
)
def test_request_that_trickles_in_is_ended_in_time(hurried: Running, request_bytes: bytes, answer: bytes) -> None:
    sent = 0
    with hurried.connect() as client:
        client.send(request_bytes[:-450])
        client.connection.settimeout(0.02)
        for byte in request_bytes[-450:]:
            client.send(bytes([byte]))
            sent += 1
            if client.has_more():
                break
        client.connection.settimeout(PATIENCE)
        assert client.rest() == answer
    assert sent < 450 or not request_bytes  # and not when all had come, after at least nine seconds


def test_application_hears_that_a_slow_body_will_not_come(hurried: Running) -> None:
    hurried.app.seen.clear()
    assert hurried.answer(POST + b"Content-Length: 5\r\n\r\nab") == TOO_SLOW
    until(lambda: hurried.app.seen == ["disconnected"])


def test_idle_connection_is_closed() -> None:
    with running(replace(UNHURRIED, idle_timeout=0.4)) as service, service.connect() as client:
        client.send(GET)
        assert client.response() == ok()
        assert client.rest() == b""


def test_slow_answer_is_not_mistaken_for_an_idle_connection() -> None:
    with running(replace(UNHURRIED, idle_timeout=0.2)) as service, service.connect() as client:
        client.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.response() == ok(b"slow")


@pytest.mark.parametrize("path", [b"large", b"stream"])
@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
def test_reader_that_takes_nothing_is_dropped(hurried: Running, path: bytes, connection: bytes) -> None:
    service = hurried
    service.app.seen.clear()
    before = service.refusals["slow_reader"]
    with service.connect(receive_buffer=4_096) as client:
        client.send(b"GET /%s HTTP/1.1\r\nHost: x\r\nConnection: %s\r\n\r\n" % (path, connection))
        until(lambda: service.refusals["slow_reader"] == before + 1)
        until(lambda: not service.app.active)
    assert sum(service.app.seen) < 12_000_000  # what the kernel takes, and the server's own bound


def test_reader_that_takes_a_little_now_and_then_gets_all() -> None:
    limits = replace(UNHURRIED, stall_timeout=1)
    with running(limits) as service, service.connect(receive_buffer=65_536) as client:
        client.send(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = 0
        for _ in range(10):
            time.sleep(0.15)
            received += len(client.connection.recv(400_000))
        assert received + len(client.rest()) > 8_000_000


def test_connection_above_the_ceiling_is_told_so() -> None:
    answer = refused(
        "503 Service Unavailable",
        "OVERLOADED",
        "The service has all of the 2 connections that it takes; try again in a second.",
        "retry-after: 1\r\n",
    )
    with running(ServerLimits(max_connections=2)) as service:
        with service.connect() as first, service.connect() as second:
            for client in (first, second):
                client.send(GET)
                assert client.response() == ok()
            assert service.answer(GET) == answer
            first.send(GET)
            assert first.response() == ok()
        until(lambda: not service.server.connections)
        with service.connect() as third:
            third.send(GET)
            assert third.response() == ok()
        assert service.refusals == {"connections": 1}


def test_pipelined_requests_are_answered_in_turn(service: Running) -> None:
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    with service.connect() as client:
        client.send(slow + GET + POST + b"Content-Length: 2\r\n\r\nab" + GET)
        assert [client.response() for _ in range(4)] == [ok(b"slow"), ok(), ok(b"2"), ok()]


def test_any_number_of_pipelined_requests_is_answered_one_at_a_time(service: Running) -> None:
    service.app.scopes.clear()
    slow = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    last = GET.replace(b"Host", b"Connection: close\r\nHost")
    with service.connect() as client:
        client.send(slow + GET * 3_000 + last)
        until(lambda: service.app.active)
        assert len(service.app.scopes) == 1
        assert client.rest() == ok(b"slow") + ok() * 3_000 + ok(headers=b"connection: close\r\n")


@pytest.mark.parametrize("chunked", [False, pytest.param(True, marks=pytest.mark.thorough)])
def test_large_body_waits_until_the_application_takes_it(chunked: bool) -> None:
    part = b"a" * 65_536
    head = b"Transfer-Encoding: chunked\r\n\r\n" if chunked else b"Content-Length: 10485760\r\n\r\n"
    with (
        spawned() as (process, port),
        Client(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)) as client,
    ):
        client.send(GET)
        assert client.response() == ok()
        before = _most_memory(process.pid)  # with all that is imported for the first request
        client.send(b"POST /latecount HTTP/1.1\r\nHost: x\r\n" + head)
        for _ in range(160):
            client.send(b"10000\r\n" + part + b"\r\n" if chunked else part)
        client.send(b"0\r\n\r\n" if chunked else b"")
        assert client.response() == ok(b"10485760")
        assert _most_memory(process.pid) - before < 5_000


def _most_memory(process: int) -> int:
    """Kilobytes that the process had at most so far."""
    line = next(line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])


@pytest.mark.parametrize(("path", "body"), [(b"early", b"too large"), (b"earlylarge", b"x" * 8_000_000)])
def test_early_answer_reaches_a_client_that_is_still_sending(path: bytes, body: bytes) -> None:
    with running(UNHURRIED) as service, service.connect() as client:
        client.send(b"POST /%s HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n" % path)
        sending = threading.Thread(target=client.send, args=(b"a" * 10_000_000,))
        if path == b"earlylarge":
            sending.start()
            answer = client.rest()
            sending.join()
        else:
            client.send(b"a" * 10_000_000)  # all of it, before a byte of the answer is read
            answer = client.rest()
    head = b"HTTP/1.1 413 Content Too Large\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    assert answer.replace(b"Request Entity", b"Content") == head + body


def test_client_that_goes_on_sending_after_its_answer_is_dropped(hurried: Running) -> None:
    with hurried.connect() as client:
        client.send(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            client.send(*[b"a" * 65_536] * 100_000, pause=0)


def test_client_that_asks_first_is_told_to_go_on(service: Running) -> None:
    request = b"POST /%s HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with service.connect() as client:
        client.send(request % b"count")
        assert client.connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(b"abc")
        assert client.response() == ok(b"3")
