"""`Warming`: what of a new graph is still being computed, and which operations have to wait for it."""

import asyncio
import re
from collections.abc import Iterable
from typing import NamedTuple

_SOON = re.compile(r'\b(story|stories|nodeCounts|changes)\b|"s_|\\u')
"""Fields that need what `graph.stores.warming.warm_soon` computes, ids of stories, and escapes, which may hide one."""
_LATE = ("search", "similar", "metrics", "paths")
"""What names of fields have in them that need what `graph.stores.warming.warm_rest` computes."""


class Warming(NamedTuple):
    """The tasks that compute it, None for what is done."""

    soon: "asyncio.Task[None] | None" = None
    """Ends in a moment."""
    rest: "asyncio.Task[None] | None" = None
    """Begins after it, and ends last."""

    def needed_for(self, texts: Iterable[str]) -> "asyncio.Task[None] | None":
        """What an operation has to wait for, by its texts: the query, and the values of its variables as JSON.

        One that is not found to need something, and does, computes it by itself, or waits for its thread.
        """
        if self.rest is None:
            return None
        told = tuple(texts)
        if any(map(reads_what_is_late, told)):
            return self.rest
        return self.soon if any(map(_SOON.search, told)) else None


def reads_what_is_late(text: str) -> bool:
    """Whether a query, or the value of a variable, names what is there last."""
    return any(name in text for name in _LATE)
