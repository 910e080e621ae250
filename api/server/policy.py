"""`Policy`: what every connection of a server shares."""

from dataclasses import dataclass
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.server.limits import ServerLimits
from api.server.refusals import RefusalCounter
from api.server.repeats import Address, RepeatCache


@dataclass(frozen=True)
class Policy:
    limits: ServerLimits
    app: Any
    """The ASGI application."""
    proxied: ProxyHeadersMiddleware
    """The application for connections of trusted proxies."""
    repeats: RepeatCache
    count: RefusalCounter

    def is_proxy(self, peer: Address) -> bool:
        """Whether what this peer says of clients is believed."""
        return peer is not None and peer[0] in self.proxied.trusted_hosts
