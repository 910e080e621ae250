"""Requests that come again byte for byte."""

import time
from collections.abc import Iterator

import pytest

from api.server import ServerLimits
from tests.api.server.running import Running, ok, running, until

REPEAT = b"GET /repeat HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /repeat HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
FIRST = ok(b"again and again", b"x-request-id: first\r\n")


def again(number: int) -> bytes:
    return ok(b"again and again", b"x-request-id: again-%d\r\n" % number)


@pytest.fixture
def service() -> Iterator[Running]:
    with running(
        ServerLimits(idle_timeout=0.4, stall_timeout=0.5, shutdown_timeout=1, max_repeat_bytes=300)
    ) as service:
        yield service


@pytest.mark.parametrize("request_bytes", [REPEAT, POST])
def test_request_that_comes_again_is_answered_without_the_application(service: Running, request_bytes: bytes) -> None:
    with service.connect() as client:
        client.send(request_bytes)
        assert client.response() == FIRST
        client.send(request_bytes)
        assert client.response() == again(1)
    with service.connect() as other:  # on a new connection, with a request of its own after it
        other.send(request_bytes)
        assert other.response() == again(2)
        other.send(GET)
        assert other.response() == ok()
        other.send(request_bytes)
        assert other.response() == again(3)
    assert (service.app.seen, len(service.app.scopes)) == ([True], 2)
    assert [client[0] for client in service.app.begun] == ["127.0.0.1"] * 3
    assert service.server.server_state.total_requests == 5


def test_answer_that_no_longer_holds_is_asked_for_and_kept_anew(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        service.app.holds = False
        client.send(REPEAT)
        assert client.response() == FIRST
        service.app.holds = True
        client.send(REPEAT)
        assert client.response() == again(2)
    assert service.app.seen == [True, True]


def test_repeat_carries_the_date_of_its_answer(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        service.server.server_state.default_headers = [(b"date", b"Thu, 01 Jan 2026 00:00:00 GMT")]
        client.send(REPEAT)
        assert client.connection.recv(1_000) == again(1).replace(
            b"x-request-id", b"date: Thu, 01 Jan 2026 00:00:00 GMT\r\nx-request-id"
        )


def test_several_requests_in_one_chunk_go_the_long_way_in_order(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        client.send(REPEAT + REPEAT)
        assert [client.response(), client.response()] == [FIRST, FIRST]
        client.send(REPEAT + GET[:10], GET[10:])
        assert [client.response(), client.response()] == [FIRST, ok()]
        client.send(REPEAT[:10], REPEAT[10:])
        assert client.response() == FIRST
        client.send(GET[:10], GET[10:] + REPEAT)
        assert [client.response(), client.response()] == [ok(), FIRST]
        client.send(REPEAT)
        assert client.response() == again(1)
    assert service.app.seen == [True, False, False, False, False, False]


def test_body_that_looks_like_a_kept_request_is_a_body(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(REPEAT), REPEAT)
        assert client.response() == ok(REPEAT)
        client.send(REPEAT)
        assert client.response() == again(1)


def test_kept_request_waits_for_the_answer_to_the_one_before(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        client.send(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n", REPEAT)
        assert [client.response(), client.response()] == [ok(b"slow"), FIRST]


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET /repeat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", id="close"),
        pytest.param(b"GET /repeat HTTP/1.0\r\n\r\n", id="HTTP/1.0"),
        pytest.param(b"HEAD /repeat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", id="HEAD and close"),
        pytest.param(b"PUT /repeat HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", id="PUT"),
        pytest.param(
            b"GET /repeat HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 300 + b"\r\nConnection: close\r\n\r\n", id="large"
        ),
    ],
)
def test_what_is_not_kept_is_answered_by_the_application_each_time(service: Running, request_bytes: bytes) -> None:
    first = service.answer(request_bytes)
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert service.answer(request_bytes) == first
    assert service.app.seen == [False, False]


def test_head_request_is_no_repeat_of_a_get_request(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        client.send(REPEAT.replace(b"GET", b"HEAD"))
        assert client.connection.recv(1_000).endswith(b"\r\n\r\n")
        client.send(REPEAT)
        assert client.response() == again(1)


def test_request_that_expects_to_be_told_to_go_on_is_not_kept(service: Running) -> None:
    request = POST.replace(b"Host", b"Expect: 100-continue\r\nHost")
    with service.connect() as client:
        for _ in range(2):
            client.send(request)
            assert client.connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert client.response() == FIRST


def test_repeats_keep_a_connection_open_until_they_end(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        for number in range(1, 6):
            time.sleep(0.2)
            client.send(REPEAT)
            assert client.response() == again(number)
        assert client.rest() == b""


def test_reader_that_takes_no_repeats_is_bounded_and_dropped(service: Running) -> None:
    request = b"GET /largerepeat HTTP/1.1\r\nHost: x\r\n\r\n"
    with service.connect() as client:
        client.send(request)
        client.response()
    with service.connect(receive_buffer=4_096) as client:
        client.connection.settimeout(0.1)
        with pytest.raises((TimeoutError, ConnectionResetError, BrokenPipeError)):
            client.send(*[request] * 100_000, pause=0)
        until(lambda: service.refusals["slow_reader"] == 1)
    assert len(service.app.begun) < 20
    with service.connect() as client:
        client.send(request)
        assert len(client.response()) > 400_000


def test_reader_that_takes_repeats_late_gets_each_of_them(service: Running) -> None:
    request = b"GET /largerepeat HTTP/1.1\r\nHost: x\r\n\r\n"
    with service.connect() as client:
        client.send(*[request] * 20, pause=0.005)
        assert [len(client.response()) > 400_000 for _ in range(20)] == [True] * 20
        client.send(GET)
        assert client.response() == ok()


def test_repeats_end_with_the_server(service: Running) -> None:
    with service.connect() as client:
        client.send(REPEAT)
        assert client.response() == FIRST
        client.send(REPEAT)
        assert client.response() == again(1)
        started = time.monotonic()
        service.stop()
        assert client.rest() == b""
    assert time.monotonic() - started < 1


def test_repeat_of_a_proxy_is_no_repeat_of_its_client() -> None:
    request = REPEAT.replace(b"Host", b"X-Forwarded-For: 192.0.2.7\r\nHost")
    with running(trusted_proxies=["127.0.0.1"]) as service:
        with service.connect() as client:
            client.send(request)
            assert client.response() == FIRST
            client.send(request)
            assert client.response() == again(1)
        assert service.app.scopes[0]["client"] == ("192.0.2.7", 0)
        assert service.app.begun == [("192.0.2.7", 0)]


def test_nothing_is_kept_without_room() -> None:
    with running(ServerLimits(repeat_cache_bytes=0)) as service, service.connect() as client:
        for _ in range(2):
            client.send(REPEAT)
            assert client.response() == FIRST
    assert service.app.seen == [False, False]
