"""The server's part of WebSockets: what a peer that reads nothing, or does not answer, can take."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from api.server import ServerLimits
from tests.api.streams.conversation import SECONDS
from tests.api.streams.serving import Options, Running, article, serving, snapshot_of

HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)
TEXT, PING = 0x81, 0x89
SUBSCRIBE = b'{"id":"1","type":"subscribe","payload":{"query":"{ articles(first: 100) { nodes { title } } }"}}'


def frame(kind: int, payload: bytes) -> bytes:
    """A whole message of less than 126 bytes, masked with zeros."""
    return struct.pack("!BB4x", kind, 0x80 | len(payload)) + payload


@contextmanager
def peer_of(running: Running) -> Iterator[socket.socket]:
    """A peer that has shaken hands, and reads only what it is told to."""
    with socket.create_connection(("127.0.0.1", running.port)) as peer:
        peer.settimeout(SECONDS)
        peer.sendall(HANDSHAKE % running.address.encode())
        while not peer.recv(4096).endswith(b"\r\n\r\n"):
            pass
        yield peer


def connections(running: Running) -> list[Any]:
    return running.call(lambda: list(running.server.connections))


def read_all(peer: socket.socket) -> bytes:
    received = b""
    while chunk := peer.recv(65_536):
        received += chunk
    return received


def test_peer_that_answers_no_ping_is_closed() -> None:
    with (
        serving(Options(limits=ServerLimits(ping_interval=0.2, ping_timeout=0.2))) as running,
        peer_of(running) as peer,
    ):
        assert read_all(peer).endswith(struct.pack("!H", 1011) + b"keepalive ping timeout")


def test_pings_of_a_peer_that_reads_nothing_are_not_collected() -> None:
    with serving() as running, peer_of(running) as peer:
        pings = frame(PING, b"x" * 125) * 1_000
        peer.settimeout(1)
        with suppress(TimeoutError):  # the service reads no more than it can answer
            for _ in range(200):
                peer.sendall(pings)
        (connection,) = connections(running)
        assert running.call(connection._transport.get_write_buffer_size) < 200_000


def test_answers_to_a_peer_that_reads_nothing_are_bounded_and_dropped_when_it_is_dead() -> None:
    large = snapshot_of(*(article(f"{number:03}", "x" * 10_000) for number in range(100)))
    options = Options(limits=ServerLimits(ping_interval=5.0, ping_timeout=5.0, stall_timeout=5))
    with serving(options, large) as running, peer_of(running) as peer:
        peer.sendall(frame(TEXT, b'{"type":"connection_init"}'))
        for number in range(
            20
        ):  # less than what is held for all clients together, beyond which the worst is dropped at once
            peer.sendall(frame(TEXT, SUBSCRIBE.replace(b'"1"', b'"%d"' % number)))
        (connection,) = connections(running)
        running.wait_for(lambda: running.call(connection._transport.get_write_buffer_size) > 65_536)
        assert running.call(connection._transport.get_write_buffer_size) < 3_000_000
        running.wait_for(lambda: connections(running) == [])
        running.wait_for(lambda: running.open_operations() == 0)
