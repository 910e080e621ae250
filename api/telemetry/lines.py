"""`LineWriter`: lines on their way to a stream that may be slow, full or gone, without holding up whoever writes them."""

import os
from collections import deque
from threading import Event, Lock, Thread

FLUSH_SECONDS = 0.2
"""The longest that a line waits."""
WAITING_LINES = 20_000
"""The most lines that wait; with a stream that takes none, later ones are lost, and counted."""


class LineWriter:
    """Writes lines at once, or, once started, from a thread of its own a moment later.

    A process that is forked has to start it after the fork. What cannot be written is lost: a full disk or a closed pipe
    must not stop the service.
    """

    def __init__(self, stream: int) -> None:
        self._stream = stream
        self._waiting: deque[bytes] = deque()
        self._has_waiting = Event()
        self._is_closing = Event()
        self._writing = Lock()
        self._thread: Thread | None = None
        self.lost = 0
        """Lines that could not be written."""

    def start(self) -> None:
        """From now on lines wait to be written together."""
        self._is_closing.clear()
        self._thread = Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes what waits; from now on lines are written at once again."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._is_closing.set()
            self._has_waiting.set()
            thread.join(timeout=2 * FLUSH_SECONDS)  # it may be stuck in a stream that nobody reads
            if not thread.is_alive():
                self._flush()

    def write(self, line: bytes) -> None:
        """Takes a line with its line break."""
        if len(self._waiting) >= WAITING_LINES:
            self.lost += 1
            return
        self._waiting.append(line)
        if self._thread is None:
            self._flush()
        elif not self._has_waiting.is_set():
            self._has_waiting.set()

    def _run(self) -> None:
        while not self._is_closing.is_set():
            self._has_waiting.wait()
            self._is_closing.wait(FLUSH_SECONDS)
            self._has_waiting.clear()  # first: a line that comes while these are written sets it again
            self._flush()

    def _flush(self) -> None:
        if not self._writing.acquire(timeout=2 * FLUSH_SECONDS):
            return  # the thread is stuck
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            _write_all(self._stream, b"".join(lines))
        except OSError:
            self.lost += len(lines)
        finally:
            self._writing.release()


def _write_all(stream: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(stream, rest) :]
