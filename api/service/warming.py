"""`Warming`: what of a new graph is still being computed, and which operations have to wait for it."""

import asyncio
from typing import NamedTuple

from api.execution import Need


class Warming(NamedTuple):
    """The tasks that compute it, None for what is done."""

    soon: "asyncio.Task[None] | None" = None
    """Ends in a moment."""
    rest: "asyncio.Task[None] | None" = None
    """Begins after it, and ends last."""

    def needed_for(self, need: Need) -> "asyncio.Task[None] | None":
        """What an operation has to wait for that needs this.

        One that is not found to need something, and does, computes it by itself, or waits for its thread.
        """
        if Need.LATE in need:
            return self.rest
        return self.soon if Need.SOON in need else None
