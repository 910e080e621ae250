"""A client that says whatever it is told to, by the protocol or against it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.api.streams.serving import Running

SECONDS = 120
CHANGED = (
    "subscription { snapshotChanged { since version added { nodes { title } } updated { nodes { title } } removed } }"
)


class Conversation:
    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def say(self, message: Any) -> None:
        self.connection.send(message if isinstance(message, (str, bytes)) else json.dumps(message))

    def hear(self) -> Any:
        return json.loads(self.connection.recv(SECONDS))

    def hears_nothing_but_pong(self) -> bool:
        """Whether the answer to a ping is the next that comes."""
        self.say({"type": "ping"})
        return bool(self.hear() == {"type": "pong"})

    def subscribe(self, name: str, query: str = CHANGED, **more: Any) -> None:
        self.say({"id": name, "type": "subscribe", "payload": {"query": query, **more}})

    def closed(self) -> tuple[int, str]:
        """The code and the reason that the service closes with, after nothing else."""
        with pytest.raises(ConnectionClosed) as caught:
            self.connection.recv(SECONDS)
        received = caught.value.rcvd
        assert received is not None
        return received.code, received.reason


@contextmanager
def talking(
    running: Running,
    *,
    init: bool = True,
    origin: str | None = None,
    subprotocols: tuple[str, ...] = ("graphql-transport-ws",),
    unread: int = 16,
) -> Iterator[Conversation]:
    """A conversation with the service, acknowledged unless `init` is false.

    The client reads from the network until it has `unread` messages that were not asked for.
    """
    with connect(
        f"ws://{running.address}/graphql",
        subprotocols=[Subprotocol(name) for name in subprotocols] or None,
        origin=Origin(origin) if origin else None,
        compression=None,
        ping_interval=None,
        proxy=None,
        max_size=None,
        max_queue=unread,
    ) as connection:
        conversation = Conversation(connection)
        if init:
            conversation.say({"type": "connection_init"})
            assert conversation.hear() == {"type": "connection_ack"}
        yield conversation
