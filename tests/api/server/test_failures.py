"""What is the server's own fault is logged as its own, ends no more than one connection, and is never the client's."""

import resource

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.server import Server, ServerLimits
from api.server.guard import Guard
from api.server.requests import RequestReader
from tests.api.server.app import Application
from tests.api.server.running import UNHURRIED, ok, running

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def broken(*_: object) -> None:
    raise ValueError("a mistake of ours")


def messages(log: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as an error, each with its cause; forgotten then."""
    found = [f"{record.getMessage()}: {record.exc_info and record.exc_info[1]}" for record in log.records]
    log.clear()
    return found


@pytest.mark.parametrize("method", ["on_message_begin", "on_body", "on_message_complete", "_check_head"])
def test_exception_while_a_request_is_read_is_logged(
    monkeypatch: pytest.MonkeyPatch, no_log: pytest.LogCaptureFixture, method: str
) -> None:
    monkeypatch.setattr(RequestReader, method, broken)
    with running(UNHURRIED) as service:
        assert service.answer(GET.replace(b"GET", b"POST")[:-2] + b"Content-Length: 1\r\n\r\na") == b""
        assert messages(no_log) == ["a connection failed: a mistake of ours"]
        assert service.refusals == {}


def test_request_that_uvicorn_alone_refuses_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, no_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(HttpToolsProtocol, "on_headers_complete", broken)
    with running(UNHURRIED) as service:
        assert service.answer(GET) == b""
    assert messages(no_log)[-1].startswith("a connection failed: uvicorn answers by itself: b'HTTP/1.1 400 Bad Request")


def test_check_of_one_connection_that_fails_does_not_spare_the_others(
    monkeypatch: pytest.MonkeyPatch, no_log: pytest.LogCaptureFixture
) -> None:
    with running() as service, service.connect() as first, service.connect() as second:
        for client in (first, second):
            client.send(GET)
            assert client.response() == ok()
        sound, victim = Guard.check, next(iter(service.server.connections))
        monkeypatch.setattr(Guard, "check", lambda guard, now: broken() if guard is victim else sound(guard, now))
        assert first.rest() == second.rest() == b""
        assert set(messages(no_log)) == {"a connection failed: a mistake of ours"}


def test_fewer_connections_than_wanted_are_told(
    monkeypatch: pytest.MonkeyPatch, no_log: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 540))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    server = Server(Application(), ServerLimits(max_connections=1_000))
    assert server.limits.max_connections == 400
    assert messages(no_log) == [
        "only 400 of 1,000 connections are taken, since this process may have 540 open files and needs 1,200; raise the limit "
        "(`ulimit -n`, `LimitNOFILE=` of systemd), or lower FRONTGRAPH_MAX_CONNECTIONS: None"
    ]


def test_limit_that_can_be_raised_is_raised_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: raised.append(limits))
    server = Server(Application(), ServerLimits(max_connections=1_000))
    assert (server.limits.max_connections, raised) == (1_000, [(1_200, resource.RLIM_INFINITY)])


def test_end_goes_on_where_what_is_told_of_it_fails(no_log: pytest.LogCaptureFixture) -> None:
    with running(UNHURRIED, on_shutdown=broken) as service, service.connect() as client:
        client.send(GET)
        assert client.response() == ok()
        service.stop()
        assert client.rest() == b""
    assert messages(no_log) == ["not all could be told of the end: a mistake of ours"]
