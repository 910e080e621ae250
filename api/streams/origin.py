"""The check of the `Origin` header: for WebSockets, browsers leave it to the server which pages may connect."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def is_foreign(headers: Headers, allowed: Collection[str]) -> bool:
    """Whether the request comes from a web page of another host that is not among the allowed origins.

    Clients other than browsers send no `Origin`, and are not foreign. The scheme is ignored, since a proxy may
    terminate TLS.
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
