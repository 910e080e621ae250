"""`Server`: uvicorn with a guard around each connection, until a signal ends it."""

import asyncio
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn
import uvicorn.protocols.websockets
import websockets

from api.server.application import GuardedApplication
from api.server.guard import Guard, Policy
from api.server.limits import ServerLimits
from api.server.origins import AllowedOrigins
from api.server.refusals import RefusalCounter

logger = logging.getLogger(__name__)

_LAST_WORDS_SECONDS = 0.1
"""For streams that were told to end, to tell their clients."""
_OTHER_FILES = 100
"""Files that are open besides connections, at most."""
_NEVER = 1_000_000_000
"""Seconds."""
_ENDING = (signal.SIGINT, signal.SIGTERM)
_OF_WEBSOCKETS = tuple(str(Path(package.__path__[0])) for package in (websockets, uvicorn.protocols.websockets))
"""Where the code is that speaks for WebSockets in uvicorn's log."""


class Server:
    """uvicorn's server, which looks after its connections and ends in peace when it is told to."""

    def __init__(
        self,
        app: Any,
        limits: ServerLimits | None = None,
        *,
        root_path: str = "",
        trusted_proxies: Sequence[str] = (),
        allowed_origins: Collection[str] = (),
        operations_path: str | None = None,
        client_of: Callable[[str], str | None] = lambda address: address,
        on_refusal: RefusalCounter = lambda reason: None,
        on_shutdown: Callable[[], None] = lambda: None,
    ) -> None:
        """Makes it ready to run.

        Proxies are addresses or networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed; pages of the
        allowed origins may read refusals of the server, too; plain requests to `operations_path`, which the application has to answer in
        one piece, take the short way; `client_of` says for which client a connection from an address counts, None for none; `on_refusal` is told the
        reason of each refusal that the application does not see; `on_shutdown` is called before anything in flight is waited for.
        """
        self.limits = limits = _with_files(limits or ServerLimits())
        origins = AllowedOrigins(allowed_origins)
        self._policy = Policy(limits, on_refusal, client_of, origins, operations_path)
        self._on_shutdown = on_shutdown
        self._loop: asyncio.AbstractEventLoop | None = None
        self._uvicorn = uvicorn.Server(
            uvicorn.Config(
                GuardedApplication(app, self._running, origins),
                http=partial(Guard, self._policy),  # type: ignore[arg-type]  # it is called, as a class would be
                ws="websockets-sansio",
                interface="asgi3",
                lifespan="on",
                ws_max_size=limits.max_message_bytes,
                ws_ping_interval=limits.ping_interval,
                ws_ping_timeout=limits.ping_timeout,
                ws_per_message_deflate=False,  # its buffers are larger than all else that an idle connection holds
                timeout_keep_alive=_NEVER,  # uvicorn does not see all requests; the guard does
                timeout_graceful_shutdown=limits.shutdown_timeout,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=list(trusted_proxies),
                root_path=root_path,
            )
        )
        logging.getLogger("uvicorn.error").addFilter(_is_worth_a_line)

    def run(self, listener: socket.socket) -> None:
        """Answers on the listening socket until SIGTERM or SIGINT; then finishes what is in flight and returns.

        A second SIGINT does not wait.

        Raises:
            SystemExit: the application's start failed; the log has the details.
        """
        with _handled_by(self._on_signal):
            self._uvicorn.run(sockets=[listener])

    @property
    def connections(self) -> Collection[Guard]:
        """Those that are open."""
        return self._policy.connections

    def end(self) -> None:
        """Ends the server soon; from any thread."""
        if self._loop is None:
            self._uvicorn.should_exit = True
        else:
            self._loop.call_soon_threadsafe(self._begin_end)

    @contextmanager
    def _running(self) -> Iterator[None]:
        """While the application runs.

        By now uvicorn has put its own handlers of signals in the place of ours. They would end it before anybody was told, and
        raise the signal again afterwards, so that a process that ended as it was told to would seem to have failed.
        """
        self._loop = asyncio.get_running_loop()
        sweeping = asyncio.create_task(self._sweep())
        try:
            with _handled_by(self._on_signal):
                yield
        finally:
            self._loop = None
            sweeping.cancel()

    def _on_signal(self, number: int, _: Any) -> None:
        if self._policy.is_ending and number == signal.SIGINT:
            self._uvicorn.force_exit = True
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._abort_all)
        self.end()

    def _begin_end(self) -> None:
        if self._policy.is_ending:
            return
        self._policy.is_ending = True
        try:
            self._on_shutdown()
        except Exception:
            logger.exception("not all could be told of the end")
        finally:
            asyncio.get_running_loop().call_later(_LAST_WORDS_SECONDS, self._end_uvicorn)

    def _end_uvicorn(self) -> None:
        self._uvicorn.should_exit = True

    def _abort_all(self) -> None:
        for guard in list(self._policy.connections):
            guard.abort()

    async def _sweep(self) -> None:
        """Has each guard look at the clock, for as long as the server runs, whatever happens to one of them."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._policy.limits.check_interval)
            now = loop.time()
            for guard in list(self._policy.connections):
                try:
                    guard.check(now)
                except Exception:
                    logger.exception("a connection failed")
                    guard.abort()


@contextmanager
def _handled_by(handler: Callable[[int, Any], None]) -> Iterator[None]:
    """Signals to end are the handler's affair; in another thread than the main one, which gets none, nobody's."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in _ENDING}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Of what uvicorn logs of WebSockets, failures are; neither a line for each of them nor what a client got wrong."""
    if not record.pathname.startswith(_OF_WEBSOCKETS):
        return True
    return record.levelno >= logging.ERROR and not record.getMessage().startswith("Invalid UTF-8")


def _with_files(limits: ServerLimits) -> ServerLimits:
    """The limits, with as many connections as this process may have files; it may have more where it may allow itself."""
    if sys.platform == "win32":
        return limits
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.max_connections + limits.max_connections // 10 + _OTHER_FILES
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return limits
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    possible = max(1, (soft - _OTHER_FILES) * 10 // 11)
    if possible >= limits.max_connections:
        return limits
    logger.warning(
        "only %s of %s connections are taken, since this process may have %s open files and needs %s; "
        "raise the limit (`ulimit -n`, `LimitNOFILE=` of systemd), or lower FRONTGRAPH_MAX_CONNECTIONS",
        *(f"{number:,}" for number in (possible, limits.max_connections, soft, wanted)),
    )
    of_client = max(1, limits.max_connections_per_client * possible // limits.max_connections)
    return replace(limits, max_connections=possible, max_connections_per_client=of_client)
