"""Whether a web page may open a WebSocket here; browsers leave that for the service to say."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_foreign(headers: Headers, allowed: Collection[str]) -> bool:
    """Whether the request comes from a web page of another host that is not among the allowed origins.

    What is no browser sends no `Origin`, and is not foreign. The scheme does not count, since a proxy may have ended TLS.
    """
    origin = headers.get("origin")
    if origin is None or origin in allowed or "*" in allowed:
        return False
    try:
        parts = urlsplit(origin.lower())
    except ValueError:
        return True
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    host = headers.get("host", "").lower()
    return not port or parts.netloc.removesuffix(port) != host.removesuffix(port)
