"""The process's memory: what Python's cycle collector looks at, and when, and returning free memory to the system.

While a graph is built, millions of objects are allocated and none becomes a garbage cycle; the collector would traverse
them again and again for nothing. While it does, no thread of the process can do anything else.
"""

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

_STEP = 10_000
"""Objects, which take a few milliseconds."""
_NEVER = 1_000_000_000
"""More collections than there will be of younger objects."""
_MOST_AT_ONCE = 50_000
"""Objects, which take some 20 milliseconds."""
_GROWTH = 0.5
"""Of what was set aside, after which all is looked at, as Python does after a quarter."""
_LEAST_GROWTH = 1_000_000
"""Objects, which have some 100 MB."""
_COUNTED = 40
"""Times that something is set aside until what was is counted, which takes as long as collecting a fifth of it."""

_lock = Lock()
_pauses = 0
_was_enabled = False
_is_in_steps = False
_set_aside = 0
"""Objects that were set aside when all had been looked at for the last time."""
_times = 0
"""That something was set aside."""


@contextmanager
def collection_in_steps() -> Iterator[None]:
    """Has the collector look at objects once, soon after they were made and a few thousand at a time, while the block runs.

    What outlives that is looked at again only by `collect_older`. For a process that has to answer at any moment; its pauses (see
    below) change nothing, since they would end with all at once.
    """
    global _is_in_steps, _set_aside
    before = gc.get_threshold()
    gc.set_threshold(_STEP, _NEVER, _NEVER)
    _is_in_steps, _set_aside = True, gc.get_freeze_count()
    try:
        yield
    finally:
        _is_in_steps = False
        gc.set_threshold(*before)


def set_aside() -> None:
    """Keeps from a collector that works in steps whatever there is now, such as a new graph.

    What no reference holds is freed nevertheless. Cycles that were alive when they were set aside are garbage some day, too: where a
    great deal more has been set aside than there was, all is looked at, which takes longer the larger the graph is.
    """
    global _set_aside, _times
    if not _is_in_steps:
        return
    _times += 1
    is_full = _times % _COUNTED == 0 and gc.get_freeze_count() - _set_aside > max(_LEAST_GROWTH, _GROWTH * _set_aside)
    if is_full:
        gc.unfreeze()
        gc.collect()
    else:
        collect_older()
    gc.freeze()
    if is_full:
        _set_aside = gc.get_freeze_count()


def collect_older() -> None:
    """Collects among what was not set aside, unless so much is being worked at that it would take long."""
    if sum(len(gc.get_objects(generation)) for generation in (1, 2)) <= _MOST_AT_ONCE:
        gc.collect()


@contextmanager
def paused_collection() -> Iterator[None]:
    """Disables the cycle collector, for all threads, while the block runs; also usable as a decorator.

    Pauses may nest and overlap across threads; the end of the last one restores the state before the first. There are none
    while objects are collected in steps.
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
            _was_enabled = gc.isenabled() and not _is_in_steps
            if _was_enabled:
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
