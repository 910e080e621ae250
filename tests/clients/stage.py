"""A service on a copy of `tests/blog` that is stopped and started again on its port, and the wire between it and its clients, which can be cut."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread

from tests.clients.conversation import EDITED_FILE
from tests.service import Served, running

BLOG = Path(__file__).parent.parent / "blog"
VERSION = "{ snapshot { version } }"
PATIENCE = 120
"""Seconds to wait for what comes at once, unless the machine is busy."""


class Wire:
    """A port that passes all bytes on to another one while it is open."""

    def __init__(self, upstream: int) -> None:
        self._upstream = ("127.0.0.1", upstream)
        self._lock = Lock()
        self._sockets: set[socket.socket] = set()
        self._hushed: set[socket.socket] = set()
        self._sent = bytearray()
        self._shortens = False
        self._threads: list[Thread] = []
        self.port = 0
        self.connections = 0
        """How many there were."""
        self.open()

    def open(self) -> None:
        """Listens, after a cut on the same port."""
        self._is_open = True
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._threads = [Thread(target=self._accept, args=[self._listener], daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        """Ends all connections where they are, and takes no new ones."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        self._is_open = False
        self._end_connections()
        for thread in self._threads:
            thread.join(PATIENCE)

    def hush(self) -> None:
        """Passes nothing on any more over the connections that there are, and does not end them: they die in silence."""
        with self._lock:
            self._hushed |= self._sockets

    def shorten_next_answer(self) -> None:
        """Ends all connections in the middle of what the service says next."""
        self._shortens = True

    def sent(self) -> bytes:
        """What clients have sent since this was asked the last time."""
        with self._lock:
            found = bytes(self._sent)
            self._sent.clear()
            return found

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:  # cut
                return
            thread = Thread(target=self._connect, args=[client], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(ConnectionRefusedError), socket.create_connection(self._upstream) as service:
            with self._lock:
                if not self._is_open:
                    return
                self._sockets |= {client, service}
                self.connections += 1
            backwards = Thread(target=self._pass_back, args=(service, client), daemon=True)
            backwards.start()
            with suppress(OSError):  # one side is gone
                while data := client.recv(65_536):
                    with self._lock:
                        self._sent += data
                    if client not in self._hushed:
                        service.sendall(data)
            _end(service)
            backwards.join()
            with self._lock:
                self._sockets -= {client, service}
                self._hushed -= {client, service}

    def _pass_back(self, service: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := service.recv(65_536):
                if self._shortens:
                    self._shortens = False
                    client.sendall(data[: len(data) // 2])
                    self._end_connections()
                    return
                if client not in self._hushed:
                    client.sendall(data)
        if client not in self._hushed:
            _end(client)

    def _end_connections(self) -> None:
        with self._lock:
            for each in self._sockets:
                _end(each)


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended
        connection.shutdown(socket.SHUT_RDWR)


class Stage:
    """A service and the wire to it."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self._folder = folder
        self._settings = settings
        self._articles = Path(shutil.copytree(BLOG, folder / "articles"))
        self._stack = ExitStack()
        self._served = self._start(0)
        self.wire = Wire(self._served.port)

    @property
    def address(self) -> str:
        """Where clients reach the service."""
        return f"http://127.0.0.1:{self.wire.port}"

    def edit(self) -> None:
        """Adds a line to one file."""
        with (self._articles / EDITED_FILE).open("a", encoding="utf-8") as file:
            file.write("\nOne line more.\n")

    def version(self) -> str:
        """Of what the service answers from."""
        return str(self._served.post({"query": VERSION}).json()["data"]["snapshot"]["version"])

    def edit_unseen(self) -> None:
        """Edits while the wire is cut, and opens it when the service has read that."""
        before = self.version()
        self.wire.cut()
        self.edit()
        wait_until(lambda: self.version() != before)
        self.wire.open()

    def stop(self) -> None:
        """Ends the service as an operator does; it says goodbye to its clients."""
        port = self._served.port
        self._stack.close()
        self.wire.cut()
        self._port = port

    def start(self) -> None:
        """Starts the stopped service again, on its port."""
        self._served = self._start(self._port)
        self.wire.open()

    def close(self) -> None:
        self._stack.close()
        self.wire.cut()

    def _start(self, port: int) -> Served:
        options = ("--watch", "--port", str(port))
        service = running(self._folder, *options, articles=self._articles, settings=self._settings)
        return self._stack.enter_context(service)


@contextmanager
def staged(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Stage]:
    """A service with these settings until the block ends; its files are in the folder."""
    stage = Stage(folder, settings or {})
    try:
        yield stage
    finally:
        stage.close()


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
