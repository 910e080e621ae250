"""`StallWatch`: finds out that a client does not take what is written to it."""

import asyncio
import socket

_UNSENT_BYTES = 128 * 1024
"""That the kernel holds for a client besides what is on its way; with megabytes there, slow progress would not show."""


class StallWatch:
    """Compares what waits to be sent, each time it is asked; that it shrank is progress."""

    def __init__(self, transport: asyncio.Transport, limit: float, now: float) -> None:
        connection = transport.get_extra_info("socket")
        if hasattr(socket, "TCP_NOTSENT_LOWAT") and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT_BYTES)
        self._transport = transport
        self._limit = limit
        self._unsent = 0
        self._progress_at = now

    def is_stalled(self, now: float) -> bool:
        """Whether the client took nothing for longer than the limit, in seconds."""
        unsent = self._transport.get_write_buffer_size()
        if unsent == 0 or unsent < self._unsent:
            self._progress_at = now
        self._unsent = unsent
        return now - self._progress_at >= self._limit
