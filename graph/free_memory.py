"""Gives memory that this process does not use any more back to the system."""

import ctypes
import sys
from collections.abc import Callable
from functools import cache


def release_free_memory() -> None:
    """Returns what is free, where the C library can do that of itself only at the end of its memory, as GNU's.

    What is built and dropped again and again would otherwise leave more and more holes. Other threads run meanwhile.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    return getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
