"""`Reloads`: makes what changed in the folders visible, when files change, on a signal, or on request."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeAlias

from api.service.offload import in_background
from api.service.warming import Part, Warming
from api.telemetry import Telemetry
from graph.building.live_folders import Loaded
from graph.building.snapshot import GraphSnapshot
from graph.errors import LoadError
from graph.memory import set_aside
from graph.stores.memory import MemoryStore
from graph.stores.warming import warm, warm_pictures, warm_rest, warm_soon
from graph.tables.live import LiveGraph

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 60.0
"""After which watched folders are looked through anyway, in case a change was not told."""
_FOLDERS_FAILED = "The folders could not be read; the log has the details."
_FAILED = "The folders could not be loaded; the log has the details."

Told: TypeAlias = Mapping[str, str]
"""What came of a reload, as JSON has it: `reload`, and `reason` where it failed; nothing that names a path."""


class Reloads:
    """Loads the folders of one service again, one reload at a time; for one event loop.

    Everything that takes long is done in threads. There, what most requests need of a snapshot is computed before it takes
    the place of the last one, and the rest afterwards. The next reload interrupts that, for what follows from a graph that will be
    replaced in a moment is not worth the time, unless somebody waits for it already: who waits would wait forever where edits
    follow close on each other. The last snapshot goes as soon as nobody reads it any more: nothing in it
    waits for Python's cycle collector, which therefore has no work after a reload.
    """

    def __init__(
        self,
        live: LiveGraph,
        stores: Mapping[bool, MemoryStore],
        telemetry: Telemetry,
        watch: bool = False,
        ask_all: Callable[[], None] | None = None,
    ) -> None:
        """For folders that were loaded once.

        `stores` are by whether what is unpublished is in them, `watch` says whether to wait for changes, and
        `ask_all` asks for a reload of every worker process, if this is not the only one.
        """
        self._live = live
        self._stores = stores
        self._telemetry = telemetry
        self._watches = watch
        self._ask_all = ask_all
        self._failure: str | None = None
        self._turn = asyncio.Lock()
        self._next: asyncio.Task[Told] | None = None
        self._touched: set[str] | None = set()
        """The files that the next reload is asked for; None for whatever there is."""
        self._reloads: set[asyncio.Task[Told]] = set()
        """Those that wait for their turn or are at work."""
        self._warming = Warming()
        self._warming_up: asyncio.Task[None] | None = None
        """For the current snapshots."""
        self._finishing: asyncio.Task[None] | None = None
        """For those before, of which somebody waits for the rest."""

    @property
    def warming(self) -> Warming:
        """What of the current snapshots is still being computed."""
        return self._warming

    def state(self) -> Told:
        """What there is to tell of the last reload: nothing, or why it failed."""
        return {} if self._failure is None else {"reload": "failed", "reason": self._failure}

    def ask(self, touched: Collection[Path] = ()) -> "asyncio.Task[Told]":
        """The reload that begins next, which is shared by all who ask before it begins.

        Folders are looked through for changes unless all who ask say which files were `touched`.
        """
        if touched and self._touched is not None:
            self._touched.update(map(str, touched))
        else:
            self._touched = None
        if self._next is None:
            self._next = asyncio.create_task(self._reload())
            self._reloads.add(self._next)
            self._next.add_done_callback(self._reloads.discard)
        return self._next

    async def on_request(self) -> Told:
        """Loads again for an operator, and tells what came of it, or that every worker was asked to."""
        if self._ask_all is None:
            return await asyncio.shield(self.ask())
        self._ask_all()
        return {"reload": "requested"}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this lasts, signals and changed files bring reloads about; it begins with one, and ends with none.

        For files may have changed since they were loaded, long ago if this process takes the place of a worker that died. A reload
        that is at work in the end is abandoned: whoever ends the service does not wait for a graph that nobody will see.
        """
        loop = asyncio.get_running_loop()
        if hasattr(signal, "SIGHUP"):
            with suppress(RuntimeError, ValueError):  # this is not the main thread, which alone gets signals
                loop.add_signal_handler(signal.SIGHUP, self._on_signal)
        self._warming = Warming(Part(), Part(), Part())
        await self.ask()
        tasks: list[asyncio.Task[Any]] = []
        if self._watches:
            tasks = [loop.create_task(self._watch()), loop.create_task(self._sweep())]
        try:
            yield
        finally:
            tasks = [*tasks, *self._reloads, *filter(None, (self._warming_up, self._finishing))]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _on_signal(self) -> None:
        logger.info("SIGHUP: the folders are loaded again")
        self.ask()

    async def _watch(self) -> None:
        try:
            async for paths in self._live.changes():
                await asyncio.shield(self.ask(paths))
        except OSError as cause:
            logger.error("Changes are only looked for every %d seconds from now on: %s", SWEEP_SECONDS, cause)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            await asyncio.shield(self.ask())

    async def _reload(self) -> Told:
        async with self._turn:
            self._interrupt_warming()  # it would take its part of the processor, and may hold what the reload needs
            self._next = None  # who asks from here on may know of changes that this one misses
            touched, self._touched = self._touched, set()
            try:
                return await self._reloaded(touched or ())
            finally:
                self._go_on_warming()

    async def _reloaded(self, touched: Collection[str]) -> Told:
        started = time.monotonic()
        try:
            loaded = await in_background(partial(self._load, touched))
        except LoadError as cause:
            logger.error("The folders could not be loaded again; the graph stays as it was: %s", cause)
            return self._told_failure(_FOLDERS_FAILED, started)
        except Exception:
            logger.exception("the folders could not be loaded again; the graph stays as it was")
            return self._told_failure(_FAILED, started)
        return self._told_success("changed" if self._swap(loaded) else "unchanged", loaded, started)

    def _load(self, touched: Collection[str]) -> Loaded:
        """What there is now, warm enough to be shown."""
        loaded = self._live.load(touched=touched)
        for snapshot in loaded.snapshots.values():
            warm(snapshot)
        set_aside()
        return loaded

    def _swap(self, loaded: Loaded) -> bool:
        """Whether anything is different now."""
        new = {
            include_unpublished: snapshot
            for include_unpublished, snapshot in loaded.snapshots.items()
            if snapshot.version != self._stores[include_unpublished].reader().version
        }
        if new:
            self._replace_warming()
        for include_unpublished, snapshot in new.items():
            self._stores[include_unpublished].swap(snapshot)
        return bool(new)

    def _interrupt_warming(self) -> None:
        """Ends it at its next checkpoint, unless it computes what somebody waits for."""
        if self._warming_up is not None and not any(part and part.is_wanted for part in self._warming):
            self._warming_up.cancel()
            self._warming_up = None

    def _replace_warming(self) -> None:
        """What was not interrupted is finished, and answers those who wait for it from the snapshots that they began with."""
        if self._warming_up is None:
            self._warming.leave_out()
        else:
            self._finishing, self._warming_up = self._warming_up, None
        self._warming = Warming(Part(), Part(), Part())

    def _go_on_warming(self) -> None:
        """Begins it for a new graph, or goes on where it was interrupted for one that is still current."""
        if self._warming_up is None and not self._warming.is_over:
            self._warming_up = asyncio.create_task(self._warm_up(self._warming))

    async def _warm_up(self, warming: Warming) -> None:
        snapshots = [store.reader().snapshot for store in self._stores.values()]
        await _compute(warming.soon, warm_soon, snapshots)
        if self._finishing is not None and warming is self._warming:  # the rest of two at once would take both longer
            await asyncio.wait([self._finishing])
            self._finishing = None
        for part, compute in ((warming.rest, warm_rest), (warming.pictures, warm_pictures)):
            if part is not None and (part.is_awaited or warming is self._warming):
                await _compute(part, compute, snapshots)
        warming.leave_out()

    def _told_failure(self, reason: str, started: float) -> Told:
        self._failure = reason
        self._touched = None  # what this reload was asked for is still to be found
        self._telemetry.reloaded("failed", time.monotonic() - started)
        return self.state()

    def _told_success(self, result: Literal["changed", "unchanged"], loaded: Loaded, started: float) -> Told:
        seconds = time.monotonic() - started
        is_news = result == "changed" or self._failure is not None
        self._failure = None
        self._telemetry.reloaded(result, seconds)
        logger.log(
            logging.INFO if is_news else logging.DEBUG,
            "reload: %s, %d of %d files parsed",
            result,
            loaded.parsed_count,
            loaded.file_count,
            extra={"read": loaded.read_count, "parsed": loaded.parsed_count, "seconds": round(seconds, 3)},
        )
        return {"reload": result}


async def _compute(
    part: Part | None, compute: Callable[[GraphSnapshot], None], snapshots: Sequence[GraphSnapshot]
) -> None:
    """Computes a part that is not over."""
    if part is None or part.is_over:
        return
    with part.being_computed():
        try:
            for snapshot in snapshots:
                await in_background(partial(compute, snapshot))
            set_aside()
        except Exception:
            logger.exception("what follows from the graph could not be computed; who needs it will see why")
        part.tell(True)


def ignore_signals() -> None:
    """Keeps SIGHUP from ending this process before `running` heeds it, which begins with a reload anyway."""
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def ask_parent() -> None:
    """Lets the process that started this worker ask all workers to load again."""
    os.kill(os.getppid(), signal.SIGHUP)
