"""How the server ends: on its own account, and on a signal."""

import signal
import socket
import time

import pytest

from tests.api.server.running import PATIENCE, UNHURRIED, Client, ok, running, spawned, until


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_lets_what_is_in_flight_end_and_is_no_failure(number: int) -> None:
    with spawned() as (process, port):
        with Client(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)) as client:
            client.send(b"GET /pause HTTP/1.1\r\nHost: x\r\n\r\n")
            client.wait_for(b"begun")
            process.send_signal(number)
            answer = client.rest()
        _, messages = process.communicate(timeout=PATIENCE)
    assert answer.endswith(b"\r\n\r\nbegun end")
    assert (process.returncode, messages) == (0, b"")


def test_request_in_flight_is_the_connections_last() -> None:
    with running(UNHURRIED) as service, service.connect() as client, service.connect() as idle:
        idle.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.response() == ok()
        client.send(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        client.wait_for(b"begun")
        service.stop()
        assert idle.rest() == b""  # before the other one ends
        service.app.held = False
        assert client.rest() == ok(b"begun end")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.1", service.port))


def test_request_that_does_not_end_is_given_up(no_log: pytest.LogCaptureFixture) -> None:
    with running() as service, service.connect() as client:
        client.send(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: service.app.active)
        started = time.monotonic()
        service.stop()
        assert client.rest() == b""
        assert time.monotonic() - started > 0.9  # it had its second
    messages = [record.getMessage() for record in no_log.records if record.levelname == "ERROR"]
    assert messages == ["Cancel 1 running task(s), timeout graceful shutdown exceeded"]
    no_log.clear()


def test_event_stream_ends_at_once_and_whole() -> None:
    with running(UNHURRIED) as service, service.connect() as client:
        client.send(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        client.wait_for(b"data: 1")
        service.stop()
        assert client.rest().endswith(b"data: the end\n\n\r\n0\r\n\r\n")


def test_second_interruption_does_not_wait() -> None:
    with spawned(300) as (process, port), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, messages
