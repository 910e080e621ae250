"""Notes what held up a service, in its own process: `import bench.stalls; bench.stalls.note(FILE)` before it begins.

A thread asks the event loop for a sign of life a hundred times a second. Where that comes late, or the thread itself does, it
notes how late, and where each thread is; so does the cycle collector, with how long it took. A line of JSON for each.
"""

import asyncio
import gc
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from socket import socket
from types import FrameType
from typing import Any, NamedTuple

import uvicorn

INTERVAL = 0.01
"""Seconds between two signs of life."""
LATE = 0.05
"""Seconds that are noted."""
_SHOWN = 4
"""Frames of a thread, the innermost ones of this project."""
_ROOT = str(Path(__file__).parent.parent)


class Stall(NamedTuple):
    """What held up a process for a while."""

    ended: float
    """By `time.monotonic`, which is the same for all processes of a machine."""
    seconds: float
    processor: float
    """Seconds that the process had of the processor; far fewer than it took where others had the rest."""
    what: str


def note(path: Path) -> None:
    """Has this process, and those that are forked from it, note what holds up their servers once these have begun."""
    serve = uvicorn.Server.serve

    async def noted_serve(server: uvicorn.Server, sockets: list[socket] | None = None) -> None:
        notes = _Notes(path, asyncio.get_running_loop())
        gc.callbacks.append(notes.on_collection)
        threading.Thread(target=notes.watch, name="stalls", daemon=True).start()
        await serve(server, sockets)

    uvicorn.Server.serve = noted_serve  # type: ignore[assignment, method-assign]


def noted(path: Path) -> list[Stall]:
    """All that was noted there."""
    return [Stall(*json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


class _Notes:
    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._collections: SimpleQueue[Stall] = SimpleQueue()
        self._collection_began = _now()
        self._beat = 0.0
        """When the event loop gave its last sign of life."""

    def on_collection(self, phase: str, told: dict[str, int]) -> None:
        """Called by the collector, which lets no other thread run meanwhile; nor may this, so it writes nothing."""
        if phase == "start":
            self._collection_began = _now()
        else:
            what = f"the collector, generation {told['generation']}, in {threading.current_thread().name}"
            self._collections.put(_stall(self._collection_began, what))

    def watch(self) -> None:
        while True:
            asked = _now()
            try:
                self._loop.call_soon_threadsafe(self._answer)
            except RuntimeError:  # it is closed
                return
            time.sleep(INTERVAL)
            self._write(_stall(asked, f"all threads: {_places()}"), INTERVAL)
            places = ""
            while self._beat < asked.wall:
                if not places and time.monotonic() - asked.wall >= LATE / 2:
                    places = _places()
                time.sleep(INTERVAL / 5)
            self._write(_stall(asked, f"the event loop: {places}")._replace(seconds=self._beat - asked.wall))
            while not self._collections.empty():
                self._write(self._collections.get())

    def _answer(self) -> None:
        self._beat = time.monotonic()

    def _write(self, stall: Stall, expected: float = 0.0) -> None:
        if stall.seconds - expected >= LATE:
            self._file.write(json.dumps(stall) + "\n")


class _Moment(NamedTuple):
    wall: float
    processor: float


def _now() -> _Moment:
    return _Moment(time.monotonic(), time.process_time())


def _stall(began: _Moment, what: str) -> Stall:
    """From then until now."""
    now = _now()
    return Stall(now.wall, now.wall - began.wall, now.processor - began.processor, what)


def _places() -> str:
    """Where each thread is that is at work."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    own = threading.get_ident()
    with _uncollected():
        told = [f"{names.get(key)} in {_place(frame)}" for key, frame in sys._current_frames().items() if key != own]
    return "; ".join(place for place in told if not place.endswith(" in "))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Looks at frames of other threads in peace: Python 3.11 crashes if the collector comes between (python/cpython#106883)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _place(frame: FrameType | None) -> str:
    shown: list[str] = []
    innermost: Any = frame
    while frame is not None and len(shown) < _SHOWN:
        code = frame.f_code
        if code.co_filename.startswith(_ROOT) and "/.venv/" not in code.co_filename:
            shown.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    if not shown:
        return ""
    code = innermost.f_code
    last = f"{Path(code.co_filename).name}:{innermost.f_lineno} {code.co_name}"
    return " < ".join(shown if shown[0] == last else [last, *shown])
