"""`answering_meanwhile`: somebody answers on a socket while this thread makes ready what shall answer on it."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread, get_ident

from api.server.run import Server


@contextmanager
def answering_meanwhile(server: Server, listener: socket.socket, patience: float) -> Iterator[None]:
    """The server runs in a thread, which has ended when the block has; not at all in a block that takes no longer than `patience`, in seconds.

    Connections that nobody has accepted wait for who listens next.
    """
    is_over = Event()

    def run() -> None:
        if is_over.wait(patience):
            return
        told = logging.getLogger("uvicorn.error")
        own = get_ident()
        of_others = lambda record: record.thread != own or record.levelno > logging.INFO  # noqa: E731
        told.addFilter(of_others)  # that it begins and ends is told of the one that stays
        try:
            with listener.dup() as own_listener:
                server.run(own_listener)
        finally:
            told.removeFilter(of_others)

    thread = Thread(target=run, name="meanwhile", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        server.end()
        thread.join()
