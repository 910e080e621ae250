"""The check of the `Origin` header: for WebSockets, browsers leave it to the server which pages may connect."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_SHOWN = 100
"""Characters of a header that a message quotes."""


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


def foreign_refusal(headers: Headers) -> str:
    """Why a page of another host is refused, and what its operator can do."""
    origin, host = headers.get("origin", "")[:_SHOWN], headers.get("host", "")[:_SHOWN]
    return (
        f"The page is of {origin}, which is another origin than the host of this request, {host}. The operator can allow it by "
        "FRONTGRAPH_ALLOWED_ORIGINS; if it is the service's own page, a proxy has to pass on the header Host as it came, with its port."
    )
