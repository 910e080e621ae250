"""A server on a thread of its own, and a client that sends exactly the bytes it is told to."""

import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from api.server import Server, ServerLimits
from api.server.security_headers import SECURITY
from tests.api.server.app import Application

PATIENCE = 120
"""Seconds that a client waits for what comes at once, unless the machine is busy."""
UNHURRIED = ServerLimits(
    request_timeout=300, idle_timeout=300, stall_timeout=300, linger_timeout=300, shutdown_timeout=300
)
"""Nothing is ended for lack of time, so what ends is ended for another reason."""
SHORT = ServerLimits(request_timeout=0.4, idle_timeout=0.4, stall_timeout=0.4, linger_timeout=0.6, shutdown_timeout=1)
"""For clients that are slow on purpose."""
_PROGRAM = """
import socket, sys
from api.server import Server, ServerLimits
from tests.api.server.app import Application
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
Server(Application(), ServerLimits(shutdown_timeout=int(sys.argv[1]))).run(listener)
"""
_DATE = re.compile(rb"date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n")


@dataclass
class Running:
    port: int
    app: Application
    server: Server
    refusals: Counter[str] = field(default_factory=Counter)

    def connect(self, receive_buffer: int | None = None) -> "Client":
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", self.port))
        return Client(connection)

    def answer(self, *parts: bytes) -> bytes:
        """All that comes back until the server closes the connection."""
        with self.connect() as client:
            client.send(*parts)
            return client.rest()

    def stop(self) -> None:
        self.server.end()


class Client:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._read = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, *parts: bytes, pause: float = 0.05) -> None:
        """Sends each part by itself."""
        for index, part in enumerate(parts):
            if index:
                time.sleep(pause)
            self.connection.sendall(part)

    def response(self) -> bytes:
        """The next response with a content-length, its date left out."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, rest = self._read.partition(b"\r\n\r\n")
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(rest) < length:
            self._more()
            rest = self._read.partition(b"\r\n\r\n")[2]
        self._read = rest[length:]
        return _DATE.sub(b"", head + b"\r\n\r\n" + rest[:length], count=1)

    def _more(self) -> None:
        data = self.connection.recv(1_000_000)
        assert data, f"the connection ended after {self._read!r}"
        self._read += data

    def wait_for(self, data: bytes) -> None:
        """Reads until this has come."""
        while data not in self._read:
            self._more()

    def take(self, length: int) -> bytes:
        """The next bytes, as many as that."""
        while len(self._read) < length:
            self._more()
        taken, self._read = self._read[:length], self._read[length:]
        return taken

    def has_more(self) -> bool:
        """Whether something came, or the connection's end, within its time."""
        try:
            data = self.connection.recv(1_000_000)
        except TimeoutError:
            return False
        self._read += data
        return True

    def rest(self) -> bytes:
        """Everything until the connection ends, dates left out."""
        with suppress(ConnectionResetError):
            while data := self.connection.recv(1_000_000):
                self._read += data
        return _DATE.sub(b"", self._read)


@contextmanager
def running(limits: ServerLimits = SHORT, **options: Any) -> Iterator[Running]:
    app = Application()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        refusals: Counter[str] = Counter()
        options = {"on_refusal": lambda reason: refusals.update([reason]), "on_shutdown": app.end_events, **options}
        server = Server(app, limits, **options)
        thread = threading.Thread(target=server.run, args=(listener,))
        port = listener.getsockname()[1]
        thread.start()
        try:
            yield Running(port, app, server, refusals)
        finally:
            server.end()
            thread.join(PATIENCE)
            assert not thread.is_alive()


@contextmanager
def spawned(shutdown_timeout: int = 1) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A server in a process of its own, and its port."""
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(shutdown_timeout)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.terminate()


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Waits for the condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)


def refused(status: str, code: str, message: str, headers: str = "") -> bytes:
    """A refusal as clients get it."""
    body = f'{{"errors":[{{"message":"{message}","extensions":{{"code":"{code}"}}}}]}}'.encode()
    strict = "".join(f"{name}: {value}\r\n" for name, value in SECURITY.items())
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: application/json; charset=utf-8\r\n{strict}"
        f"connection: close\r\n{headers}content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ok(body: bytes = b"hello", headers: bytes = b"") -> bytes:
    """A good answer as clients get it."""
    return b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n%s\r\n%s" % (len(body), headers, body)
