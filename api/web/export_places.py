"""`Places`: how many files are written at a time, and who has to give way when all are."""

import asyncio
import logging
import time
from types import TracebackType

from starlette.types import Message, Send

from api.service.offload import OverloadedError

logger = logging.getLogger(__name__)

SLOW_SECONDS = 10.0
"""Who takes longer than that to read a piece gives its place up to the next one; without a next one it may take its time."""


class Places:
    """Not thread-safe: for the thread of the event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: set[Place] = set()

    def take(self) -> "Place":
        """A place; that of the slowest reader, if all are taken and it is slow.

        Raises:
            OverloadedError: all are taken by clients who read what they get.
        """
        if len(self._taken) >= self._most:
            slowest = max(self._taken, key=Place.seconds_unread)
            if slowest.seconds_unread() < SLOW_SECONDS:
                raise OverloadedError
            slowest.end()
        place = Place(self)
        self._taken.add(place)
        return place

    def give_back(self, place: "Place") -> None:
        """Once or more often."""
        self._taken.discard(place)


class Place:
    """Of one file, from before it is written until its client has it; ends with ConnectionAbortedError if it has to give way."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._time = asyncio.timeout(None)
        self._unread_since: float | None = None

    def seconds_unread(self) -> float:
        """How long the client has been at what was sent last."""
        return 0.0 if self._unread_since is None else time.monotonic() - self._unread_since

    def end(self) -> None:
        """Has the file given up."""
        self.give_back()
        self._time.reschedule(asyncio.get_running_loop().time())

    def give_back(self) -> None:
        self._places.give_back(self)

    def watched(self, send: Send) -> Send:
        """Sends, and notes since when the client has not taken what was sent."""

        async def sending(message: Message) -> None:
            self._unread_since = time.monotonic()
            try:
                await send(message)
            finally:
                self._unread_since = None

        return sending

    async def __aenter__(self) -> "Place":
        await self._time.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()
        try:
            await self._time.__aexit__(kind, error, trace)
        except TimeoutError:
            logger.info("an export was ended, since it was read slowly while others waited for its place")
            raise ConnectionAbortedError from None
