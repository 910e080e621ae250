"""What the guard promises holds for requests that take the short way, too: they end when they have to, and as they have to."""

from typing import Any

import pytest

from tests.api.server.running import SHORT, UNHURRIED, Running, ok, running, until

POST = b"POST /%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
CLOSED = b"connection: close\r\n"


def post(path: bytes, body: bytes = b"") -> bytes:
    return POST % (path, len(body), body)


def test_bodies_of_any_length_are_answered_one_after_the_other() -> None:
    with running(UNHURRIED, operations_path="/hello") as service, service.connect() as client:
        for length in (1, 200, 3, 0, 70_000, 12):
            client.send(post(b"hello", b"x" * length))
            assert client.response() == ok(b"x" * length or b"hello")


@pytest.mark.parametrize("digits", [b"3 ", b" 3  ", b"0000000000000003", b"03"])
def test_length_may_be_written_as_http_lets_it(digits: bytes) -> None:
    with running(UNHURRIED, operations_path="/hello") as service, service.connect() as client:
        for _ in range(2):
            client.send(b"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length:%s\r\n\r\nabc" % digits)
            assert client.response() == ok(b"abc")


@pytest.mark.parametrize("digits", [b"1x", b"+1", b"1" * 20, b"-1", b" 1 1", b""])
def test_length_that_is_none_is_refused_after_one_that_is(digits: bytes) -> None:
    with running(UNHURRIED, operations_path="/hello") as service, service.connect() as client:
        client.send(post(b"hello", b"x"))
        assert client.response() == ok(b"x")
        client.send(b"POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\nx" % digits)
        assert client.rest().startswith(b"HTTP/1.1 400 ")


def test_requests_that_come_together_are_answered_in_order() -> None:
    with running(UNHURRIED, operations_path="/slow") as service, service.connect() as client:
        client.send(post(b"slow"))
        until(lambda: service.app.active)
        client.send(post(b"slow") + post(b"hello", b"a") + post(b"slow"))
        assert [client.response() for _ in range(4)] == [ok(b"slow"), ok(b"slow"), ok(b"a"), ok(b"slow")]


def test_request_never_runs_in_the_task_of_the_one_before() -> None:
    with running(UNHURRIED, operations_path="/tasks") as service, service.connect() as client:
        client.send(post(b"tasks"))
        until(lambda: service.app.active)
        client.send(post(b"tasks"))
        assert [client.response() for _ in range(2)] == [ok(b"slow")] * 2
        before, task, other_before, other = service.app.seen
    assert before is None  # it had none where it began
    assert other_before is other is not task


def test_request_that_waits_when_the_server_ends_is_the_connections_last() -> None:
    with running(UNHURRIED, operations_path="/slow") as service, service.connect() as client, service.connect() as idle:
        idle.send(post(b"slow"))
        assert idle.response() == ok(b"slow")
        client.send(post(b"slow"))
        until(lambda: service.app.active)
        service.stop()
        assert idle.rest() == b""
        assert client.rest() == ok(b"slow", CLOSED)


def test_request_that_does_not_end_is_given_up(no_log: pytest.LogCaptureFixture) -> None:
    with running(operations_path="/never") as service, service.connect() as client:
        client.send(post(b"never"))
        until(lambda: service.app.active)
        service.stop()
        assert client.rest() == b""
    messages = [record.getMessage() for record in no_log.records if record.levelname == "ERROR"]
    assert messages == ["Cancel 1 running task(s), timeout graceful shutdown exceeded"]
    no_log.clear()


def test_client_that_does_not_wait_is_no_failure() -> None:
    with running(UNHURRIED, operations_path="/slow") as service:
        with service.connect() as client:
            client.send(post(b"slow"))
            until(lambda: service.app.active)
        until(lambda: not service.app.active and not service.server.connections)


def test_idle_connection_is_closed() -> None:
    with running(SHORT, operations_path="/hello") as service, service.connect() as client:
        client.send(post(b"hello", b"a"))
        assert client.rest() == ok(b"a")


def test_client_that_does_not_read_is_not_waited_for() -> None:
    with running(SHORT, operations_path="/large") as service, service.connect(receive_buffer=4_096) as client:
        client.send(post(b"large"))
        until(lambda: service.refusals["slow_reader"] == 1 and not service.server.connections)


@pytest.mark.parametrize("path", ["fail", "nothing", "half", "held", "early"])
def test_failures_are_answered_alike(path: str, no_log: pytest.LogCaptureFixture) -> None:
    def told(service: Running) -> tuple[bytes, list[str]]:
        service.app.held = False
        no_log.clear()
        with service.connect() as client:
            client.send(post(path.encode()))
            answer = client.rest() if path != "early" else client.response()
        return answer.partition(b"begun")[0], [record.getMessage() for record in no_log.records]

    with running(SHORT, operations_path=f"/{path}") as short, running(SHORT) as usual:
        short_answer, short_log = told(short)
        usual_answer, usual_log = told(usual)
    if path in ("half", "held"):  # answers in parts, which the short way has not
        assert (short_answer, short_log) == (b"", ["a request failed"])
    else:
        assert (short_answer, short_log) == (usual_answer, usual_log)
    no_log.clear()


@pytest.mark.parametrize(
    ("prefix", "target", "proxies"),
    [("", b"hello", []), ("/news", b"hello", ["127.0.0.1"]), ("/news", b"news/hello", [])],
)
def test_application_is_told_the_same(prefix: str, target: bytes, proxies: list[str]) -> None:
    def told(operations_path: str | None) -> dict[str, Any]:
        options: dict[str, Any] = {"root_path": prefix, "trusted_proxies": proxies, "operations_path": operations_path}
        with running(UNHURRIED, **options) as service:
            with service.connect() as client:
                client.send(post(target, b"a"))
                client.response()
                head = b"POST /%s HTTP/1.1\r\nhost:x\r\nX-Forwarded-For: 192.0.2.7\r\ncontent-LENGTH:  12 \r\nA: \r\nA: b\r\n\r\n"
                client.send(head % target + b"a" * 12)
                client.response()
            first, second = service.app.scopes
            for scope in (first, second):
                scope["client"], scope["server"] = scope["client"][0], scope["server"][0]
        return {"first": first, "second": second}

    assert told("/hello") == told(None)
