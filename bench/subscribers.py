"""The memory that idle subscribers take in the server: `python -m bench.subscribers [COUNT]`.

The service in a process of its own, with nothing to tell, is asked for its resident memory before and after COUNT (1,000)
clients subscribed over each transport, one operation on each connection; then once more after all have been told of a
change, and when they have gone.
"""

import asyncio
import json
import re
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.api.streams.conversation import CHANGED

ROOT = Path(__file__).parent.parent
SERVER = """
import asyncio, os, socket, sys, threading
from api.web.app import create_app
from api.server import Server, ServerLimits
from api.settings import Settings
from api.streams import OpenStreams
from api.telemetry import Telemetry
from graph.stores.memory import MemoryStore
from tests.api.streams.serving import article, snapshot_of

store, streams = MemoryStore(snapshot_of(article("storm"))), OpenStreams(10_000)
telemetry = Telemetry(log_format="json", stream=os.open(os.devnull, os.O_WRONLY))
app = create_app(Settings(), store, telemetry=telemetry, streams=streams)
def obey(loop):
    for line in sys.stdin:
        loop.call_soon_threadsafe(store.swap, snapshot_of(*map(article, line.split())))
        print(streams.count, flush=True)
    server.end()

async def obeying(scope, receive, send):
    if scope["type"] == "lifespan":
        threading.Thread(target=obey, args=(asyncio.get_running_loop(),), daemon=True).start()
    await app(scope, receive, send)

server = Server(obeying, ServerLimits(max_connections=10_000), on_shutdown=streams.close_all)
listener = socket.create_server(("127.0.0.1", 0), backlog=1_000)
print(listener.getsockname()[1], flush=True)
with telemetry.running():
    server.run(listener)
"""
MESSAGE = json.dumps({"id": "1", "type": "subscribe", "payload": {"query": CHANGED}})
REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
    b"Content-Length: %d\r\n\r\n%b"
)


class Server:
    """A server, told line by line which articles to show."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVER], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._read())

    def show(self, articles: str) -> int:
        """How many operations are open, with these articles to be seen."""
        assert self._process.stdin
        self._process.stdin.write(articles + "\n")
        self._process.stdin.flush()
        return int(self._read())

    def _read(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def kilobytes(self) -> int:
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1])

    def end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


async def open_socket(server: Server, stack: AsyncExitStack) -> None:
    connection = await stack.enter_async_context(
        connect(
            f"ws://127.0.0.1:{server.port}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            compression=None,
            ping_interval=None,
            proxy=None,
        )
    )
    await connection.send('{"type": "connection_init"}')
    await connection.recv()
    await connection.send(MESSAGE)


async def open_event_stream(server: Server, stack: AsyncExitStack) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    stack.callback(writer.close)
    body = json.dumps({"query": CHANGED}).encode()
    writer.write(REQUEST % (len(body), body))
    await reader.readuntil(b":\n\n")


async def measure(count: int) -> None:
    for name, open_stream in (("WebSocket", open_socket), ("server-sent events", open_event_stream)):
        server = Server()
        async with AsyncExitStack() as warm:
            await open_stream(server, warm)
            server.show("storm calm")
            await asyncio.sleep(1)
        before = server.kilobytes()
        async with AsyncExitStack() as stack:
            for _ in range(count):
                await open_stream(server, stack)
            await asyncio.sleep(2)
            assert server.show("storm calm") == count
            print(f"{name}: {(server.kilobytes() - before) / count:.1f} KB for each of {count:,} idle subscribers")
            server.show("storm calm fog")
            await asyncio.sleep(5)
            print(f"{name}: {(server.kilobytes() - before) / count:.1f} KB after each was told of a change")
        await asyncio.sleep(3)
        print(f"{name}: {server.kilobytes() - before:,} KB left when all have gone, {server.show('storm')} operations")
        server.end()


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
