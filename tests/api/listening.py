"""The whole service behind its own server, in this process, over real sockets."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from api.server import Server, ServerLimits
from api.settings import Settings
from api.streams import OpenStreams
from api.telemetry import Telemetry
from api.web.app import OPERATIONS_PATH, create_app
from graph.stores.protocol import GraphStore
from tests.api.server.running import PATIENCE, UNHURRIED
from tests.service import Reached

_LIMITS = replace(UNHURRIED, shutdown_timeout=1)
"""A test that fails leaves requests in flight."""


@contextmanager
def listening(
    store: GraphStore,
    settings: Mapping[str, Any] | None = None,
    limits: ServerLimits = _LIMITS,
    **options: Any,
) -> Iterator[Reached]:
    """A service until the block ends; the options are those of the server."""
    chosen = Settings(**(settings or {}))
    streams = OpenStreams(chosen.max_subscriptions)
    app = create_app(chosen, store, telemetry=Telemetry(log_requests=False), streams=streams)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = {"operations_path": OPERATIONS_PATH, **options}
        options |= {"root_path": chosen.root_path, "allowed_origins": chosen.allowed_origins}
        server = Server(app, limits, on_shutdown=streams.close_all, **options)
        thread = threading.Thread(target=server.run, args=(listener,))
        thread.start()
        port = listener.getsockname()[1]
        try:
            yield Reached(f"http://127.0.0.1:{port}{chosen.root_path}", port)
        finally:
            server.end()
            thread.join(PATIENCE)
            assert not thread.is_alive()
