"""`run_server`: uvicorn with this service's protocols, until a signal ends it."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.server.limits import ServerLimits
from api.server.policy import Policy
from api.server.protocol import HttpProtocol
from api.server.refusals import RefusalCounter
from api.server.repeats import RepeatCache
from api.server.websocket import WebSocketProtocol

_LAST_WORDS_SECONDS = 0.1
"""For streams that were told to end, to tell their clients."""
_OTHER_FILES = 100
"""Files that are open besides connections, at most."""


def run_server(
    app: Any,
    listener: socket.socket,
    limits: ServerLimits | None = None,
    *,
    root_path: str = "",
    trusted_proxies: Sequence[str] = (),
    on_refusal: RefusalCounter = lambda reason: None,
    on_shutdown: Callable[[], None] = lambda: None,
) -> None:
    """Answers on the listening socket until SIGTERM or SIGINT; then finishes what is in flight and returns.

    A second SIGINT does not wait. Proxies are addresses or networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are
    believed; `on_refusal` is told the reason of each refusal that the application does not see; `on_shutdown` is called before
    anything in flight is waited for.

    Raises:
        SystemExit: the application's start failed; the log has the details.
    """
    server = make_server(
        app,
        limits,
        root_path=root_path,
        trusted_proxies=trusted_proxies,
        on_refusal=on_refusal,
        on_shutdown=on_shutdown,
    )
    server.run(sockets=[listener])


def make_server(
    app: Any,
    limits: ServerLimits | None = None,
    *,
    root_path: str = "",
    trusted_proxies: Sequence[str] = (),
    on_refusal: RefusalCounter = lambda reason: None,
    on_shutdown: Callable[[], None] = lambda: None,
) -> uvicorn.Server:
    """The server of `run_server`, not yet running."""
    limits = _with_files(limits or ServerLimits())
    repeats = RepeatCache(limits.repeat_cache_bytes, limits.max_repeat_bytes)
    proxied = ProxyHeadersMiddleware(app, list(trusted_proxies))
    policy = Policy(limits, app, proxied, repeats, on_refusal)
    config = uvicorn.Config(
        app,
        http=partial(HttpProtocol, policy=policy),  # type: ignore[arg-type]  # it is called, as a class would be
        ws=partial(WebSocketProtocol, policy=policy),  # type: ignore[arg-type]
        interface="asgi3",
        lifespan="on",
        ws_ping_interval=limits.ping_interval,
        ws_ping_timeout=limits.ping_timeout,
        ws_per_message_deflate=False,  # its buffers are larger than all else that an idle connection holds
        timeout_graceful_shutdown=limits.shutdown_timeout,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # see Policy.proxied
        root_path=root_path,
    )
    return _Server(config, limits.check_interval, on_shutdown)


class _Server(uvicorn.Server):
    """Looks after its connections, and ends in peace when it is told to."""

    def __init__(self, config: uvicorn.Config, check_interval: float, on_shutdown: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_shutdown = on_shutdown
        self._check_interval = check_interval
        self._next_check = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.on_tick(0)  # the first request wants a date
        await super().startup(sockets)

    async def on_tick(self, counter: int) -> bool:
        now = asyncio.get_running_loop().time()
        if now >= self._next_check:  # ticks come late while threads are busy, so they do not tell the time
            self._next_check = now + self._check_interval
            self._check(now)
        return await super().on_tick(counter)

    def _check(self, now: float) -> None:
        for connection in list(self.server_state.connections):
            assert isinstance(connection, HttpProtocol | WebSocketProtocol)
            connection.check(now)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_shutdown()
        await asyncio.sleep(_LAST_WORDS_SECONDS)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends the server; unlike uvicorn, does not raise the signal again afterwards."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _with_files(limits: ServerLimits) -> ServerLimits:
    """The limits, with as many connections as this process may have files; it may have more where it may allow itself."""
    if sys.platform == "win32":
        return limits
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.max_connections + limits.max_connections // 10 + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return replace(limits, max_connections=min(limits.max_connections, max(1, (soft - _OTHER_FILES) * 10 // 11)))
    return limits
