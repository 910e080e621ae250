"""WebSockets, and what clients do wrong with them."""

import struct
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.server import ServerProtocol
from websockets.sync.client import ClientConnection, connect

from api.server import ServerLimits
from api.server.guard import Guard
from tests.api.server.running import UNHURRIED, Client, Running, refused, running, until

HEAD = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)
REFUSED = refused("400 Bad Request", "BAD_REQUEST", "The WebSocket connection was refused; check its URL and headers.")


def frame(opcode: int, payload: bytes, is_last: bool = True) -> bytes:
    """A client's frame, masked with zeros."""
    length = len(payload)
    size = bytes([0x80 | length]) if length < 126 else b"\xfe" + struct.pack("!H", length)
    return bytes([(0x80 if is_last else 0) | opcode]) + size + bytes(4) + payload


@contextmanager
def opened(service: Running, **options: Any) -> Iterator[ClientConnection]:
    with connect(f"ws://127.0.0.1:{service.port}/graphql", max_size=None, **options) as client:
        yield client


@contextmanager
def upgraded(service: Running) -> Iterator[Client]:
    """A connection after its handshake, to send frames on."""
    with service.connect() as client:
        client.send(HEAD + b"\r\n")
        assert client.connection.recv(1_000).startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        yield client


def closed(client: Client) -> int:
    """The code that the server closes with."""
    received = client.rest()
    assert received[0] == 0x88, received
    return int(struct.unpack("!H", received[2:4])[0])


def code_of_end(client: ClientConnection) -> int:
    """The same, by a real client."""
    with pytest.raises(ConnectionClosed) as closing:
        client.recv()
    assert closing.value.rcvd is not None
    return closing.value.rcvd.code


@pytest.mark.parametrize(
    "more",
    [b"Content-Length: 5\r\n\r\n", b"Content-Length: 5\r\n\r\nhello", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    ids=["announced body", "body", "chunked body"],
)
def test_request_with_a_body_is_refused(service: Running, more: bytes) -> None:
    answer = service.answer(HEAD + more)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"without a body" in answer


def test_request_of_an_older_http_is_refused(service: Running) -> None:
    assert service.answer(HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n").startswith(b"HTTP/1.1 400 ")


def test_empty_body_is_none(service: Running) -> None:
    with service.connect() as client:
        client.send(HEAD + b"Content-Length: 0\r\n\r\n")
        assert client.connection.recv(1_000).startswith(b"HTTP/1.1 101 ")


def test_connection_that_no_application_hears_of_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerProtocol, "parse", no_handshake)
    with running() as service:
        assert service.answer(HEAD + b"\r\n") == b""


def no_handshake(protocol: ServerProtocol) -> Generator[None, None, None]:
    """Like the library's, where a request is one that it does not take."""
    protocol.handshake_exc = ValueError("not taken")
    while True:
        yield


def test_messages_are_echoed_up_to_a_mebibyte(service: Running) -> None:
    with opened(service) as client:
        for size in (1, 70_000, 1_048_576):
            client.send("a" * size)
            assert client.recv() == str(size)
        client.send(["ab", "cd", "e"])
        assert client.recv() == "5"
    until(lambda: 1000 in service.app.seen)


def test_larger_message_is_closed_with_its_code(service: Running) -> None:
    with opened(service) as client:
        client.send("a" * 3_000_000)
        assert code_of_end(client) == 1009


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        pytest.param(frame(1, b"\xff"), 1007, id="no UTF-8"),
        pytest.param(frame(1, b"a", False) + frame(0, b"\xff"), 1007, id="no UTF-8 in parts"),
        pytest.param(b"\x81\x01a", 1002, id="no mask"),
        pytest.param(frame(3, b""), 1002, id="an unknown frame"),
        pytest.param(frame(0, b"a"), 1002, id="the end of nothing"),
        pytest.param(frame(1, b"", False) + frame(0, b"a", False) * 2_000, 1009, id="too many frames"),
        pytest.param(frame(1, b"", False) + frame(0, b"", False) * 2_000, 1009, id="too many empty frames"),
    ],
)
def test_violation_is_closed_with_its_code(service: Running, frames: bytes, code: int) -> None:
    with upgraded(service) as client:
        client.send(frames)
        assert closed(client) == code


def test_message_may_come_in_many_frames(service: Running) -> None:
    with upgraded(service) as client:
        client.send((frame(1, b"ab", False) + frame(0, b"", False) * 1_000 + frame(9, b"") + frame(0, b"c")) * 2)
        received = client.take(10)
        assert (received.count(b"\x8a\x00"), received.count(b"\x81\x013")) == (
            2,
            2,
        )  # in whichever order they were heard


def test_many_small_messages_are_each_answered(service: Running) -> None:
    with upgraded(service) as client:
        client.send(frame(1, b"a") * 20_000)
        received = b""
        while len(received) < 60_000:
            received += client.connection.recv(100_000)
        assert received == b"\x81\x011" * 20_000


def test_reader_that_takes_no_pongs_is_bounded_and_dropped(hurried: Running) -> None:
    before = hurried.refusals["slow_reader"]
    with upgraded(hurried) as client:
        client.connection.settimeout(0.1)
        with pytest.raises((TimeoutError, ConnectionResetError, BrokenPipeError)):
            client.send(*[frame(9, b"a" * 100) * 500] * 2_000, pause=0)
        until(lambda: hurried.refusals["slow_reader"] == before + 1)


def test_those_that_are_behind_are_not_looked_at_for_each_message(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Guard] = []
    unread = vars(Guard)["unread"].fget

    def looking(guard: Guard) -> Any:
        looked_at.append(guard)
        return unread(guard)

    monkeypatch.setattr(Guard, "unread", property(looking))
    with running(UNHURRIED) as service, ExitStack() as stack:
        for _ in range(5):
            client = stack.enter_context(service.connect(receive_buffer=4_096))
            client.send(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: len(service.app.scopes) == 5)
        with opened(service) as talking:
            for _ in range(50):
                talking.send("a")
                assert talking.recv() == "1"
    assert len(looked_at) < 50


@pytest.mark.parametrize("head", [HEAD.replace(b"AAAA=", b"="), HEAD.replace(b": 13", b": 12")])
def test_bad_handshake_is_refused_in_the_services_words(service: Running, head: bytes) -> None:
    answer = service.answer(head + b"\r\n")
    assert answer.startswith((b"HTTP/1.1 400 Bad Request\r\n", b"HTTP/1.1 426 Upgrade Required\r\n"))
    assert answer.endswith(REFUSED.partition(b"\r\n\r\n")[2])


def test_head_with_a_line_that_is_too_long_is_refused(service: Running) -> None:
    assert service.answer(HEAD + b"A: " + b"a" * 9_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 431 ")


def test_frames_before_the_handshake_are_no_trouble(service: Running) -> None:
    with service.connect() as client:
        client.send(HEAD + b"\r\n" + frame(3, b"") * 10)
        client.connection.recv(1_000)
        client.send(frame(1, b"abc"))
        client.connection.recv(1_000)


def test_server_closes_with_the_applications_code(service: Running) -> None:
    with opened(service) as client:
        client.send("close")
        assert code_of_end(client) == 4400


def test_client_that_answers_no_ping_is_closed() -> None:
    with running(ServerLimits(ping_interval=0.2, ping_timeout=0.2)) as service, upgraded(service) as client:
        ping = client.connection.recv(100)
        assert ping[:2] == b"\x89\x04"
        assert closed(client) == 1011


def test_idle_socket_is_no_idle_connection() -> None:
    with running(ServerLimits(request_timeout=0.5, idle_timeout=0.5)) as service, opened(service) as client:
        time.sleep(1)
        client.send("a")
        assert client.recv() == "1"


def test_end_of_the_server_closes_sockets_at_once() -> None:
    with running(UNHURRIED) as service, opened(service) as client:
        service.stop()
        assert code_of_end(client) == 1012


@pytest.mark.parametrize(
    ("path", "answer"), [(b"/refuse", REFUSED.partition(b"\r\n\r\n")[2]), (b"/refuseinownwords", b"\r\na: b\r\n")]
)
def test_application_refuses_in_the_services_words_or_its_own(service: Running, path: bytes, answer: bytes) -> None:
    received = service.answer(HEAD.replace(b"/graphql", path) + b"\r\n")
    assert received.startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert answer in received
    assert (b"not you" in received) is (path == b"/refuseinownwords")


def test_opened_sockets_have_no_line_in_the_log(service: Running, no_log: pytest.LogCaptureFixture) -> None:
    no_log.set_level("INFO")
    with opened(service) as client:
        client.send("a")
        assert client.recv() == "1"
    assert [record.getMessage() for record in no_log.records] == []
