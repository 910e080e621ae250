"""`Warming`: what of a new graph is still being computed, and which operations have to wait for it."""

import asyncio
from typing import NamedTuple

from api.execution import Need


class Warming(NamedTuple):
    """Done as soon as it is computed from the current snapshots; None for what is there.

    Where newer snapshots take their place before that, who waits goes on waiting, for what follows from the newer ones.
    """

    soon: "asyncio.Future[None] | None" = None
    """Done in a moment."""
    rest: "asyncio.Future[None] | None" = None
    """Done last."""

    def begun_anew(self) -> "Warming":
        """For snapshots of which nothing is computed yet."""
        new = asyncio.get_running_loop().create_future
        return Warming(self.soon or new(), self.rest or new())

    def with_soon(self) -> "Warming":
        """Tells who waits for it that what is there soon is there."""
        if self.soon is not None:
            self.soon.set_result(None)
        return Warming(rest=self.rest)

    def with_all(self) -> "Warming":
        """Tells who waits that everything is there."""
        for future in self:
            if future is not None:
                future.set_result(None)
        return Warming()

    def needed_for(self, need: Need) -> "asyncio.Future[None] | None":
        """What an operation has to wait for that needs this.

        One that is not found to need something, and does, computes it by itself, or waits for its thread.
        """
        if Need.LATE in need:
            return self.rest
        return self.soon if Need.SOON in need else None
