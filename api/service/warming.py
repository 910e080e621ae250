"""`Warming`: what of a new graph is still being computed, and which operations have to wait for it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from api.execution import Need


class Part:
    """Some of what follows from the snapshots of one moment, computed in the background; for one event loop."""

    def __init__(self) -> None:
        self._outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting = 0
        self._is_begun = False

    @property
    def is_over(self) -> bool:
        """Whether nothing has to be waited for any more."""
        return self._outcome.done()

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for it."""
        return self._waiting > 0

    @property
    def is_wanted(self) -> bool:
        """Whether it is being computed while somebody waits for it."""
        return self._is_begun and self.is_awaited

    async def wait(self) -> bool:
        """Waits until it is there; False if it never will be, since newer snapshots took the place before it was begun."""
        self._waiting += 1
        try:
            return await asyncio.shield(self._outcome)
        finally:
            self._waiting -= 1

    @contextmanager
    def being_computed(self) -> Iterator[None]:
        """While this lasts."""
        self._is_begun = True
        try:
            yield
        finally:
            self._is_begun = False

    def tell(self, is_there: bool) -> None:
        """Answers all who wait, now or later; only the first answer counts."""
        if not self._outcome.done():
            self._outcome.set_result(is_there)


_ORDER = (Need.PICTURES, Need.LATE, Need.SOON)
"""What is there last comes first."""


class Warming(NamedTuple):
    """Of the snapshots of one moment; None for what was there from the beginning."""

    soon: Part | None = None
    """There in a moment."""
    rest: Part | None = None
    """There later."""
    pictures: Part | None = None
    """There last."""

    @property
    def is_over(self) -> bool:
        """Whether everything is there."""
        return all(part is None or part.is_over for part in self)

    def leave_out(self) -> None:
        """Tells who waits to ask for newer snapshots instead."""
        for part in self:
            if part is not None:
                part.tell(False)

    def needed_for(self, need: Need) -> Part | None:
        """What an operation has to wait for that needs this.

        One that is not found to need something, and does, computes it by itself, or waits for its thread.
        """
        part = next((part for kind, part in zip(_ORDER, reversed(self), strict=True) if kind in need), None)
        return None if part is None or part.is_over else part
