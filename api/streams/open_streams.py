"""`OpenStreams`: how many operations are open in this process, and the end of all of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from api.errors import ErrorCode, RequestError


class OpenStreams:
    """Counts the operations of all connections, and closes the connections when the service ends.

    For the thread of the event loop.
    """

    def __init__(self, limit: int) -> None:
        self.count = 0
        """Operations that are open now."""
        self.is_closing = False
        self._limit = limit
        self._deadlines: set[asyncio.Timeout] = set()

    @contextmanager
    def place(self) -> Iterator[None]:
        """One of the operations that may be open at a time.

        Raises:
            RequestError: there are too many.
        """
        if self.count >= self._limit:
            message = f"The service has {self._limit:,} open operations, which is all it may have; try again later."
            raise RequestError(ErrorCode.TOO_MANY_SUBSCRIPTIONS, message)
        self.count += 1
        try:
            yield
        finally:
            self.count -= 1

    @asynccontextmanager
    async def connection(self, seconds: float | None = None) -> AsyncIterator[asyncio.Timeout]:
        """A time for a connection, without end or for some seconds; it is over at once when all is to be closed.

        Raises:
            TimeoutError: the time is over.
        """
        async with asyncio.timeout(0 if self.is_closing else seconds) as deadline:
            self._deadlines.add(deadline)
            try:
                yield deadline
            finally:
                self._deadlines.discard(deadline)

    def lift(self, deadline: asyncio.Timeout) -> None:
        """Lets a connection go on without end, unless all is to be closed."""
        if not self.is_closing:
            deadline.reschedule(None)

    def close_all(self) -> None:
        """Ends all connections, and each that is opened from now on."""
        self.is_closing = True
        now = asyncio.get_running_loop().time()
        for deadline in self._deadlines:
            deadline.reschedule(now)
