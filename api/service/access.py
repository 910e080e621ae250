"""Who asks: what a client may see by its bearer token, and the address that it is counted by."""

import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from api.errors import ErrorCode, RequestError
from api.settings import Settings

_KNOWN_ADDRESSES = 1_024
_SCHEME = "bearer "
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="frontgraph"'}


@dataclass(frozen=True, slots=True)
class Client:
    """Whoever sent a request."""

    address: str
    """The network address, of which an IPv6 one is cut to the part that a network hands out; empty if unknown."""
    sees_unpublished: bool = False
    is_known: bool = False
    """Whether it gave a token; answers are for it alone then."""


class Access:
    """Tells clients apart by the tokens of one service."""

    def __init__(self, settings: Settings) -> None:
        self._read = settings.read_token
        self._preview = settings.preview_token
        self._admin = settings.admin_token
        self.has_tokens = self._read is not None or self._preview is not None
        """Whether answers differ by what a client sends as `Authorization`."""

    def client(self, authorization: str | None, address: str) -> Client:
        """The client that sent this header.

        Raises:
            RequestError: it gave no token where one is needed, or a wrong one.
        """
        if not self.has_tokens:
            return Client(address)
        token = _token(authorization)
        if token is not None and _is_same(token, self._preview):
            return Client(address, sees_unpublished=True, is_known=True)
        if token is not None and _is_same(token, self._read):
            return Client(address, is_known=True)
        if authorization is None and self._read is None:
            return Client(address)
        said = "The token is wrong" if authorization else "This service answers those who have a token"
        raise RequestError(ErrorCode.UNAUTHENTICATED, f"{said}; send it as “Authorization: Bearer …”.", _CHALLENGE)

    def require_admin(self, authorization: str | None) -> None:
        """Lets whoever holds the operator's token pass.

        Raises:
            RequestError: the token is missing or wrong, or the service has none.
        """
        if self._admin is None:
            message = "This needs the operator's token, and none is set; set FRONTGRAPH_ADMIN_TOKEN."
            raise RequestError(ErrorCode.FORBIDDEN, message)
        token = _token(authorization)
        if token is None or not _is_same(token, self._admin):
            message = "This is for the operator; send the operator's token as “Authorization: Bearer …”."
            raise RequestError(ErrorCode.UNAUTHENTICATED, message, _CHALLENGE)

    @property
    def has_admin(self) -> bool:
        """Whether the operator has a token."""
        return self._admin is not None


def counted_address(host: str | None) -> str:
    """What requests of one client have in common: its IPv4 address, or the /64 network of its IPv6 address."""
    if not host or ":" not in host:
        return host or ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(getattr(address, "ipv4_mapped", None) or address)


def connections_client(trusted_proxies: Iterable[str]) -> Callable[[str], str | None]:
    """What tells for which client a connection from an address counts: as its requests do, but from a trusted proxy for none.

    A proxy sends requests of many clients on one connection, and has to bound theirs itself.
    """
    trusted = [ip_network(given) for given in trusted_proxies]

    @lru_cache(_KNOWN_ADDRESSES)
    def client(host: str) -> str | None:
        counted = counted_address(host)
        with suppress(ValueError):  # no address, but the name of one
            address = ip_address(host.partition("%")[0] if counted.endswith("/64") else counted)
            if any(address in network for network in trusted):
                return None
        return counted or None

    return client


def _token(authorization: str | None) -> str | None:
    if authorization is None or authorization[: len(_SCHEME)].lower() != _SCHEME:
        return None
    return authorization[len(_SCHEME) :].strip()


def _is_same(given: str, wanted: str | None) -> bool:
    """Takes equally long however much of the token is right."""
    return wanted is not None and hmac.compare_digest(given.encode(), wanted.encode())
