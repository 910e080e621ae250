"""`Reloads`: makes what changed in the folders visible, when files change, on a signal, or on request."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.telemetry import Telemetry
from graph.errors import FolderError
from graph.reload import LiveFolders, Loaded
from graph.store import MemoryStore
from graph.watch import changes

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
"""After which watched folders are looked through anyway, in case a change was not told."""


@dataclass(slots=True)
class Reloads:
    """Loads the folders of one service again, one reload at a time; for one event loop."""

    live: LiveFolders
    stores: Mapping[bool, MemoryStore]
    """By whether what is unpublished is in them."""
    telemetry: Telemetry
    watched: Sequence[Path] = ()
    """Folders that are watched for changes."""
    request: Callable[[], None] | None = None
    """Asks for a reload of all worker processes; None if there is only this one."""
    settle: Callable[[], None] = lambda: None
    """Called after each reload that changed something."""
    _failure: str | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _next: "asyncio.Task[dict[str, Any]] | None" = None

    def state(self) -> dict[str, Any]:
        """What there is to tell of the last reload: nothing, or why it failed."""
        return {} if self._failure is None else {"reload": "failed", "reason": self._failure}

    async def on_request(self) -> dict[str, Any]:
        """Loads again for an operator, and tells what came of it."""
        if self.request is None:
            return await self.reload()
        self.request()
        return {"reload": "requested"}

    async def reload(self) -> dict[str, Any]:
        """Loads again, and tells what came of it; those who ask before it begins share one reload."""
        if self._next is None:
            self._next = asyncio.create_task(self._reload())
        return await asyncio.shield(self._next)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts, signals and changed files bring reloads about."""
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(self._watch()), loop.create_task(self._sweep())] if self.watched else []
        if hasattr(signal, "SIGHUP"):
            with suppress(RuntimeError, ValueError):  # this is not the main thread, which alone gets signals
                loop.add_signal_handler(signal.SIGHUP, self._on_signal)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _on_signal(self) -> None:
        self._next = self._next or asyncio.create_task(self._reload())

    async def _watch(self) -> None:
        async for _ in changes(self.watched):
            await self.reload()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await self.reload()

    async def _reload(self) -> dict[str, Any]:
        async with self._turn:
            self._next = None
            started = time.monotonic()
            try:
                loaded = await asyncio.to_thread(self.live.reload)
            except FolderError as cause:
                self._failure = "The folders could not be read; the log has the details."
                logger.error("The folders could not be loaded again; the graph stays as it was: %s", cause)
                return self._told("failed", started)
            except Exception:
                self._failure = "The service failed to load; its log has the details."
                logger.exception("the folders could not be loaded again; the graph stays as it was")
                return self._told("failed", started)
            self._failure = None
            return self._told("changed" if self._swap(loaded) else "unchanged", started, loaded)

    def _swap(self, loaded: Loaded) -> bool:
        """Whether anything is different now."""
        is_changed = False
        for include_unpublished, store in self.stores.items():
            snapshot = loaded.snapshots[include_unpublished]
            if snapshot.version != store.reader().version:
                store.swap(snapshot)
                is_changed = True
        if is_changed:
            self.settle()
        return is_changed

    def _told(self, result: Any, started: float, loaded: Loaded | None = None) -> dict[str, Any]:
        seconds = time.monotonic() - started
        self.telemetry.reloaded(result, seconds)
        if loaded is not None:
            extra = {"read": loaded.read_count, "parsed": loaded.parsed_count, "seconds": round(seconds, 3)}
            logger.info(
                "reload: %s, %d of %d files parsed", result, loaded.parsed_count, loaded.file_count, extra=extra
            )
        return {"reload": result, **self.state()}


def ask_parent() -> None:
    """Lets the process that started this worker ask all workers to load again."""
    os.kill(os.getppid(), signal.SIGHUP)
