"""A small ASGI application with everything that the server has to live with."""

import asyncio
from typing import Any

LARGE = b"x" * 8_000_000


class Application:
    """Answers by path; what happens is kept for tests to look at."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.scopes: list[Any] = []
        self.held = True
        self.active = 0
        """Requests and conversations that go on."""
        self._ended = asyncio.Event()

    def end_events(self) -> None:
        """What the server calls before it waits for what is in flight."""
        self._ended.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        self.scopes.append(scope)
        self.active += 1
        try:
            name = "echo" if scope["type"] == "websocket" else scope["path"].rpartition("/")[2] or "hello"
            await getattr(self, f"_{name}")(scope, receive, send)
        finally:
            self.active -= 1

    async def _lifespan(self, receive: Any, send: Any) -> None:
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    async def _hello(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _body(receive)
        await _answer(send, body or b"hello")

    async def _count(self, scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.seen.append("disconnected")
                return
            size += len(message["body"])
            more = message["more_body"]
        await _answer(send, b"%d" % size)

    async def _latecount(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)
        await self._count(scope, receive, send)

    async def _early(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await _answer(send, b"too large", status=413)

    async def _earlylarge(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await _answer(send, LARGE, status=413)

    async def _slow(self, scope: Any, receive: Any, send: Any) -> None:
        await _body(receive)
        await asyncio.sleep(0.4)
        await _answer(send, b"slow")

    async def _tasks(self, scope: Any, receive: Any, send: Any) -> None:
        """Notes which task it runs in before and after it waits."""
        self.seen.append(asyncio.current_task())
        await asyncio.sleep(0.4)
        self.seen.append(asyncio.current_task())
        await _answer(send, b"slow")

    async def _held(self, scope: Any, receive: Any, send: Any) -> None:
        """Says that it has begun, and ends when the test lets it."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while self.held:
            await asyncio.sleep(0.01)
        await send({"type": "http.response.body", "body": b" end"})

    async def _pause(self, scope: Any, receive: Any, send: Any) -> None:
        """Says that it has begun, and ends after a while."""
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        await asyncio.sleep(0.4)
        await send({"type": "http.response.body", "body": b" end"})

    async def _never(self, scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(60)

    async def _large(self, scope: Any, receive: Any, send: Any) -> None:
        await _answer(send, LARGE)

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        """Parts without end, each sent when there is room for it."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await _now_or_never(receive)) != "http.disconnect":
            await send({"type": "http.response.body", "body": LARGE[:65_536], "more_body": True})
            self.seen.append(65_536)

    async def _events(self, scope: Any, receive: Any, send: Any) -> None:
        await _body(receive)
        headers = [(b"content-type", b"text/event-stream; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
        await self._ended.wait()
        await send({"type": "http.response.body", "body": b"data: the end\n\n"})

    async def _nothing(self, scope: Any, receive: Any, send: Any) -> None:
        """Leaves a request without an answer."""

    async def _half(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise ValueError("a secret")

    async def _fail(self, scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("a secret")

    async def _echo(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if scope["path"] == "/refuse":
            await send({"type": "websocket.close"})
            return
        if scope["path"] == "/refuseinownwords":
            await send({"type": "websocket.http.response.start", "status": 403, "headers": [(b"a", b"b")]})
            await send({"type": "websocket.http.response.body", "body": b"not you"})
            return
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            if message.get("text") == "close":
                await send({"type": "websocket.close", "code": 4400})
            else:
                await send({"type": "websocket.send", "text": f"{len(message.get('text') or '')}"})
        self.seen.append(message.get("code"))


async def _now_or_never(receive: Any) -> str | None:
    """The type of the next message after a complete request, if it is there."""
    task = asyncio.ensure_future(receive())
    await asyncio.sleep(0.001)
    if task.done():
        return str(task.result()["type"])
    task.cancel()
    return None


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _answer(send: Any, body: bytes, headers: Any = (), status: int = 200) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})
