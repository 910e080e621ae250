"""The process's memory: pausing Python's garbage collector, and returning free memory to the system.

While a graph is built, millions of objects are allocated and none becomes a garbage cycle; the collector would traverse
them again and again for nothing.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

_lock = Lock()
_pauses = 0
_was_enabled = False


@contextmanager
def paused_collection() -> Iterator[None]:
    """Disables the cycle collector, for all threads, while the block runs; also usable as a decorator.

    Pauses may nest and overlap across threads; the end of the last one restores the state before the first.
    """
    _pause()
    try:
        yield
    finally:
        _resume()


def _pause() -> None:
    global _pauses, _was_enabled
    with _lock:
        if _pauses == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _pauses += 1


def _resume() -> None:
    global _pauses
    with _lock:
        _pauses -= 1
        if _pauses == 0 and _was_enabled:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # among what is old already, so that the collector does not begin by traversing it all
            gc.enable()


def release_free_memory() -> None:
    """Returns free memory to the system, with the GNU C library; does nothing elsewhere.

    By itself, glibc only returns memory from the end of its heap, so snapshots that are built and dropped again and
    again would leave ever more holes. Other threads run meanwhile.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
