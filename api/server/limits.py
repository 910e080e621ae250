"""`ServerLimits`: what one client, and all of them together, may take of the server."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class ServerLimits:
    """Times are in seconds; all but the last are kept to within a second or a tenth of the shortest, whichever is less."""

    request_timeout: float = 10
    """From the first byte of a request, or from the connection, to the request's last byte."""
    idle_timeout: float = 60
    """Between an answer and the next request."""
    stall_timeout: float = 20
    """While a client takes nothing of what was written to it."""
    linger_timeout: float = 5
    """After an answer that came before its request was complete, while the rest is read and forgotten."""
    shutdown_timeout: int = 10
    """For the requests in flight when the server is told to end."""
    max_linger_bytes: int = 32 * MEBIBYTE
    """That are read and forgotten after an answer."""
    max_head_bytes: int = 64 * 1024
    """Of a request line and its headers."""
    max_headers: int = 100
    max_connections: int = 4_000
    max_connections_per_client: int = 4_000
    max_unread_bytes: int = 64 * MEBIBYTE
    """That are held for all clients together to take, besides what is less than 64 KiB for one of them."""
    max_message_bytes: int = MEBIBYTE
    """Of a WebSocket message, however many frames it comes in."""
    ping_interval: float = 20
    """Between an answer to a WebSocket ping and the next ping."""
    ping_timeout: float = 20
    """For a WebSocket client to answer a ping."""

    @property
    def check_interval(self) -> float:
        """How often the times are checked."""
        times = (self.request_timeout, self.idle_timeout, self.stall_timeout, self.linger_timeout)
        return min(1.0, min(times) / 10)
