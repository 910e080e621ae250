"""What one client address may cost in a minute; by the library `limits`, which counts in a sliding window.

The headers are those of https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/.
"""

import math
import time
from collections.abc import Mapping

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from api.errors import ErrorCode, RequestError

_WINDOW = 60
"""Seconds."""


class RateLimitedError(RequestError):
    """A client has caused as much cost as it may for now."""

    def __init__(self, cost: int, limit: int, remaining: int, headers: Mapping[str, str]) -> None:
        message = (
            f"This client may cause a cost of {limit:,} in a minute, of which {remaining:,} are left; this costs {cost:,}. "
            f"Try again in {headers['Retry-After']} seconds, or ask for less."
        )
        super().__init__(ErrorCode.RATE_LIMITED, message, headers)


class RateLimit:
    """Counts the cost of requests by client address, for one process."""

    def __init__(self, cost_per_minute: int) -> None:
        self._item = RateLimitItemPerMinute(cost_per_minute)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def take(self, address: str, cost: int) -> Mapping[str, str]:
        """Takes the cost from what the client has left; the headers that tell the client what that is.

        Raises:
            RateLimitedError: it has less left; nothing is taken.
        """
        cost, limit = max(1, cost), self._item.amount
        is_granted = cost <= limit and self._limiter.hit(self._item, address, cost=cost)
        stats = self._limiter.get_window_stats(self._item, address)
        seconds = min(_WINDOW, max(1, math.ceil(stats.reset_time - time.time())))
        headers = {
            "RateLimit-Policy": f'"cost";q={limit};w={_WINDOW}',
            "RateLimit": f'"cost";r={stats.remaining};t={seconds}',
        }
        if not is_granted:
            raise RateLimitedError(cost, limit, stats.remaining, {**headers, "Retry-After": str(seconds)})
        return headers
