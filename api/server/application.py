"""`GuardedApplication`: the application as uvicorn calls it, which tells guards of the answers on their connections."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from api.server.guard import STATE_KEY, Guard
from api.server.origins import AllowedOrigins
from api.server.refusals import FAILED, error_body

logger = logging.getLogger(__name__)

_FORMS = 2
"""In which the application holds a message of a WebSocket: as bytes and as text."""
_FAILURE = error_body(FAILED.code, FAILED.message)
_FAILURE_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"content-length", b"%d" % len(_FAILURE)),
    (b"connection", b"close"),
]


class GuardedApplication:
    def __init__(
        self,
        app: Any,
        running: Callable[[], AbstractContextManager[None]],
        origins: AllowedOrigins,
    ) -> None:
        """`running`: what surrounds the time from the application's start to its end."""
        self._app = app
        self._running = running
        self._origins = origins

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            with self._running():
                await self._app(scope, receive, send)
            return
        guard: Guard = scope["state"].pop(STATE_KEY)
        if scope["type"] == "websocket":
            await self._converse(guard, scope, receive, send)
        else:
            await self._answer(guard, scope, receive, send)

    async def _answer(self, guard: Guard, scope: Any, receive: Any, send: Any) -> None:
        is_begun = is_complete = False
        guard.work = asyncio.current_task()

        async def tell(message: Any) -> None:
            nonlocal is_begun, is_complete
            if message["type"] == "http.response.start":
                if guard.is_early():
                    message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
                is_begun = True
                guard.answer_begins()
                await send(message)
            else:
                if guard.is_client_full:
                    with guard.holding(len(message.get("body", b""))):
                        await send(message)
                else:
                    await send(message)
                if not message.get("more_body"):
                    is_complete = True
                    guard.answer_ends()

        try:
            await self._app(scope, receive, tell)
        except (
            asyncio.CancelledError,
            ConnectionAbortedError,
        ):  # the client has gone; or the server ends, or the application, who says why
            guard.fail()
        except Exception:
            logger.exception("a request failed")
            await self._tell_of_failure(guard, scope, is_begun, tell)
        else:
            if not is_complete and guard.is_open:
                logger.error("a request was not answered")
                await self._tell_of_failure(guard, scope, is_begun, tell)
        finally:
            guard.work = None

    async def _tell_of_failure(self, guard: Guard, scope: Any, is_begun: bool, send: Any) -> None:
        if is_begun:
            guard.fail()
            return
        headers = [*_FAILURE_HEADERS, *self._origins.headers_for(dict(scope["headers"]).get(b"origin"))]
        await send({"type": "http.response.start", "status": FAILED.status.value, "headers": headers})
        await send({"type": "http.response.body", "body": _FAILURE})

    async def _converse(self, guard: Guard, scope: Any, receive: Any, send: Any) -> None:
        turn = asyncio.Lock()  # a message at a time waits for the client to read, so uvicorn buffers no more than one

        async def tell(message: Any) -> None:
            if message["type"] == "websocket.http.response.start":
                guard.has_own_words = True
            with guard.holding(_FORMS * len(message.get("text") or "")):
                async with turn:
                    await send(message)

        await self._app(scope, receive, tell)
        if guard.has_own_words:
            guard.end_inner()  # uvicorn takes a refusal for a failure, unless the connection is lost by now
