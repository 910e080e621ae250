"""Care for the process's memory: a pause of Python's cycle collector, and giving back what is free.

The collector looks through all objects again and again while much is built that holds no cycles.
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
    """While it lasts, in all threads, cycles are not collected; also usable as a decorator.

    Pauses may nest and overlap; after the last one everything is as it was before the first.
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
            gc.enable()


def release_free_memory() -> None:
    """Returns what is free, where the C library can do that of itself only at the end of its memory, as GNU's.

    What is built and dropped again and again would otherwise leave more and more holes. Other threads run meanwhile.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
