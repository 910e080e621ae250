"""`AllowedOrigins`: what lets pages of other origins read answers, for those that no application gives."""

import re
from collections.abc import Collection

TOLD_HEADERS = (
    "X-Request-Id",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "ETag",
    "Content-Disposition",
    "Content-Range",
    "Accept-Ranges",
)
"""What such a page may read besides what browsers always let it read."""
_ORIGIN = re.compile(rb"\r\norigin:[ \t]*([^\r\n]*?)[ \t]*\r\n", re.IGNORECASE)
_END = b"\r\n\r\n"


class AllowedOrigins:
    """Those whose pages may read answers; `*` stands for every one."""

    def __init__(self, origins: Collection[str] = ()) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)
        self._is_any = "*" in origins

    def __bool__(self) -> bool:
        return bool(self._origins)

    def headers_for(self, origin: bytes | None) -> list[tuple[bytes, bytes]]:
        """The headers that let the page of a request read its answer."""
        if not self._origins:
            return []
        varies = [] if self._is_any else [(b"vary", b"Origin")]
        if origin is None or not (self._is_any or origin in self._origins):
            return varies
        return [
            (b"access-control-allow-origin", b"*" if self._is_any else origin),
            (b"access-control-expose-headers", ", ".join(TOLD_HEADERS).encode()),
            *varies,
        ]

    def lines_for(self, head: bytes) -> bytes:
        """The same as lines of an answer, for the head of a request, of which a part will do."""
        found = _ORIGIN.search(head.partition(_END)[0] + b"\r\n") if self._origins else None
        return b"".join(b"%b: %b\r\n" % header for header in self.headers_for(found[1] if found else None))
