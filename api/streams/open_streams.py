"""`OpenStreams`: the number of open operations in this process, and the way to end all of them at shutdown."""

import asyncio
from types import TracebackType

from api.errors import ErrorCode, RequestError


class OpenStreams:
    """Limits the open operations of all connections together, and ends the connections at shutdown.

    Not thread-safe: for the thread of the event loop.
    """

    def __init__(self, limit: int) -> None:
        self.count = 0
        """Operations open now."""
        self.is_closing = False
        self._limit = limit
        self.times: set[ConnectionTime] = set()
        """One for each connection that is open now."""

    def take(self) -> None:
        """Counts an operation as open; `give_back` must be called when it ends.

        Raises:
            RequestError: as many operations are open as there may be.
        """
        if self.count >= self._limit:
            message = f"The service has {self._limit:,} open operations, which is all it may have; try again later."
            raise RequestError(ErrorCode.TOO_MANY_SUBSCRIPTIONS, message)
        self.count += 1

    def give_back(self) -> None:
        self.count -= 1

    def connection(self, seconds: float | None = None) -> "ConnectionTime":
        """The deadline of a connection: these seconds from now or, without them, shutdown; now if that has begun."""
        return ConnectionTime(self, 0 if self.is_closing else seconds)

    def close_all(self) -> None:
        """Ends all connections, and any that is opened from now on."""
        self.is_closing = True
        for time in self.times:
            time.end()


class ConnectionTime:
    """A deadline around a connection, which shutdown brings forward; the block ends with a TimeoutError then."""

    __slots__ = ("_deadline", "_streams")

    def __init__(self, streams: OpenStreams, seconds: float | None) -> None:
        self._streams = streams
        self._deadline = asyncio.timeout(seconds)

    def lift(self) -> None:
        """Removes the deadline, unless shutdown has begun."""
        if not self._streams.is_closing:
            self._deadline.reschedule(None)

    def end(self) -> None:
        """Ends the block now, unless it has ended or is about to."""
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
