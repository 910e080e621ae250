"""`OpenStreams`: how many operations are open in this process, and the end of all of them."""

import asyncio
from types import TracebackType

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
        self.times: set[ConnectionTime] = set()
        """Of the connections that are open now."""

    def take(self) -> None:
        """Takes one of the places for operations, to be given back by `give_back`.

        Raises:
            RequestError: there is none left.
        """
        if self.count >= self._limit:
            message = f"The service has {self._limit:,} open operations, which is all it may have; try again later."
            raise RequestError(ErrorCode.TOO_MANY_SUBSCRIPTIONS, message)
        self.count += 1

    def give_back(self) -> None:
        self.count -= 1

    def connection(self, seconds: float | None = None) -> "ConnectionTime":
        """A time for a connection, without end or for some seconds; it is over at once when all is to be closed."""
        return ConnectionTime(self, 0 if self.is_closing else seconds)

    def close_all(self) -> None:
        """Ends all connections, and each that is opened from now on."""
        self.is_closing = True
        for time in self.times:
            time.end()


class ConnectionTime:
    """Ends the block with a TimeoutError when the time is over."""

    __slots__ = ("_deadline", "_streams")

    def __init__(self, streams: OpenStreams, seconds: float | None) -> None:
        self._streams = streams
        self._deadline = asyncio.timeout(seconds)

    def lift(self) -> None:
        """Lets the connection go on without end, unless all is to be closed."""
        if not self._streams.is_closing:
            self._deadline.reschedule(None)

    def end(self) -> None:
        """Makes it over, if it is not."""
        if self in self._streams.times and not self._deadline.expired():
            self._deadline.reschedule(asyncio.get_running_loop().time())

    async def __aenter__(self) -> "ConnectionTime":
        await self._deadline.__aenter__()
        self._streams.times.add(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._streams.times.discard(self)
        await self._deadline.__aexit__(kind, error, trace)
