"""Where a service listens: at an address, or at a Unix socket."""

import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from api.cli.output import fail

_FOR_ALL = 0o666
"""As at an address, whoever reaches the socket may connect; the folder that it is in decides who does."""


class Place(Protocol):
    """Where a service listens."""

    has_addresses: bool
    """Whether connections tell the address of their client; else the proxy before the service has to."""

    def listening(self) -> AbstractContextManager[socket.socket]:
        """A socket that listens before anything is loaded, so that a taken place is told at once."""

    def address(self, listener: socket.socket) -> str:
        """What people are told of it."""


@dataclass(frozen=True)
class Port:
    host: str
    port: int
    has_addresses = True

    def listening(self) -> socket.socket:
        with ExitStack() as on_failure:
            try:
                family, kind, protocol, _, address = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[
                    0
                ]
                listener = on_failure.enter_context(socket.socket(family, kind, protocol))
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
                listener.listen()
            except (OSError, UnicodeError) as cause:
                reason = cause.strerror if isinstance(cause, OSError) else "It is no host name"
                fail(
                    f"{self.host} port {self.port} cannot be listened on: {reason}. Choose another with --host and --port."
                )
            on_failure.pop_all()
            return listener

    def address(self, listener: socket.socket) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{listener.getsockname()[1]}"


@dataclass(frozen=True)
class UnixSocket:
    path: Path
    has_addresses = False

    @contextmanager
    def listening(self) -> Iterator[socket.socket]:
        """The file is there as long as the service is; one that a service left behind which ended otherwise is replaced."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            try:
                if self._is_left_behind():
                    self.path.unlink()
                listener.bind(str(self.path))
                self.path.chmod(_FOR_ALL)
                listener.listen()
            except OSError as cause:
                reason = cause.strerror or str(cause)
                fail(f"{self.path} cannot be listened on: {reason}. Choose another with --uds.")
            try:
                yield listener
            finally:
                self.path.unlink(missing_ok=True)

    def _is_left_behind(self) -> bool:
        """Whether this is a socket on which nobody listens."""
        if not self.path.is_socket():
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            try:
                client.connect(str(self.path))
            except ConnectionRefusedError:
                return True
        return False

    def address(self, listener: socket.socket) -> str:
        return f"http+unix://{self.path}:"
