"""Loads the folders and answers requests until it is told to stop: the one place that wires the parts of the service."""

import gc
import logging
import os
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import CoroutineType

import click

from api.cli.listening import Place
from api.cli.loading import folders_or_sample, require_articles, tell, track_reading
from api.cli.options import setting_errors
from api.cli.output import fail, note, summary
from api.server import Server, ServerLimits, answering_meanwhile
from api.server.workers import can_fork, run_workers
from api.service.access import connections_client
from api.service.reloading import Reloads, ask_parent, ignore_signals
from api.service.trusted_documents import TrustedDocuments
from api.settings import Settings
from api.streams import OpenStreams
from api.telemetry import Figure, Telemetry, TelemetryError, make_tracing, snapshot_figures
from api.web.app import OPERATIONS_PATH, create_app, create_waiting_app
from graph.building.live_folders import Loaded
from graph.errors import LoadError
from graph.reading.cache_files import cache_folder
from graph.sites.options import SiteOptions
from graph.stores.live import live_graph
from graph.stores.memory import MemoryStore
from graph.stores.warming import warm, warm_rest, warm_soon
from graph.tables.live import LiveGraph

PATIENCE_SECONDS = 1.0
"""That a load may take before clients are told of it; until then they wait."""
WAITING_CONNECTIONS = 200
"""Of clients that are told to wait."""
SWITCH_SECONDS = 0.001
"""After which a thread at heavy work lets the event loop have its turn; Python's own five times as much adds up."""


def serve_folders(
    settings: Settings,
    folders: Sequence[Path],
    unpublished: bool,
    site: SiteOptions,
    place: Place,
    workers: int,
    watch: bool,
) -> None:
    if workers > 1 and not can_fork():
        raise click.UsageError("This system cannot fork processes; run without --workers.")
    if settings.trusted_documents:
        with setting_errors():
            TrustedDocuments(Path(settings.trusted_documents))  # whatever is wrong with them is told before the load
    ignore_signals()
    with place.listening() as listener, folders_or_sample(folders) as chosen:
        telemetry = _telemetry(settings, workers)
        logging.getLogger().handlers[:] = [telemetry.handler]
        logging.getLogger("watchfiles").setLevel(logging.WARNING)  # what changed is told when it is loaded
        logging.getLogger("mcp").setLevel(logging.WARNING)  # it tells of every request, which has its line
        live = _live(chosen, _visibilities(settings, unpublished), site)
        with answering_meanwhile(_waiting_server(settings, place), listener, PATIENCE_SECONDS):
            snapshots = _first_load(live).snapshots
            stores = {with_unpublished: MemoryStore(snapshot) for with_unpublished, snapshot in snapshots.items()}
            for snapshot in snapshots.values():
                warm(snapshot)
                if workers > 1:  # once for all of them; one process does it while it answers
                    warm_soon(snapshot)
                    warm_rest(snapshot)
        tell(snapshots[unpublished])
        if not watch:
            require_articles(snapshots[unpublished])
        note(summary(snapshots[unpublished]))
        note(_addresses(place.address(listener), settings.root_path))
        telemetry.metrics.follow_snapshot(lambda: snapshot_figures(stores[unpublished].reader().snapshot))
        sys.setswitchinterval(SWITCH_SECONDS)
        warnings.filterwarnings("ignore", "coroutine .* was never awaited")  # in work that was stopped
        sys.unraisablehook = told_unless_stopped
        gc.freeze()  # the collector need not walk the graph, which stays; and workers share what nobody writes to

        def run(worker: int) -> None:
            ask_all = ask_parent if workers > 1 else None
            reloads = Reloads(live, stores, telemetry, watch, ask_all)
            streams = OpenStreams(settings.max_subscriptions)
            app = create_app(settings, stores[unpublished], stores.get(True), telemetry, reloads, streams)
            with telemetry.running(worker):
                server = Server(
                    app,
                    _server_limits(settings),
                    root_path=settings.root_path,
                    trusted_proxies=_trusted(settings, place),
                    allowed_origins=settings.allowed_origins,
                    operations_path=OPERATIONS_PATH,
                    client_of=connections_client(settings.trusted_proxies),
                    on_refusal=telemetry.metrics.count_ended,
                    on_shutdown=streams.close_all,
                )
                telemetry.metrics.follow(Figure.CONNECTIONS_OPEN, lambda: len(server.connections))
                server.run(listener)

        if workers == 1:
            run(0)
        elif not run_workers(run, workers):
            fail("A worker ended as soon as it had begun; what is above says why.")


def told_unless_stopped(failure: "sys.UnraisableHookArgs") -> None:
    """What Python does of itself, but for coroutines of work that was stopped: there may be tens of thousands of them.

    Where they are collected while a named tuple is made, whose code has no builtins, Python fails even to look up the filter of
    the warning, and would tell that for each of them.
    """
    if not (isinstance(failure.object, CoroutineType) and isinstance(failure.exc_value, KeyError)):
        sys.__unraisablehook__(failure)


def _visibilities(settings: Settings, unpublished: bool) -> Sequence[bool]:
    """What has to be loaded: the public graph, and everything if some clients may see it."""
    return [unpublished] if unpublished or settings.preview_token is None else [False, True]


def _waiting_server(settings: Settings, place: Place) -> Server:
    limits = _server_limits(settings)
    most, of_client = (
        min(number, WAITING_CONNECTIONS) for number in (limits.max_connections, limits.max_connections_per_client)
    )
    return Server(
        create_waiting_app(settings),
        replace(limits, max_connections=most, max_connections_per_client=of_client),
        root_path=settings.root_path,
        trusted_proxies=_trusted(settings, place),
        allowed_origins=settings.allowed_origins,
        client_of=connections_client(settings.trusted_proxies),
    )


def _trusted(settings: Settings, place: Place) -> Sequence[str]:
    return settings.trusted_proxies if place.has_addresses else ("*",)


def _server_limits(settings: Settings) -> ServerLimits:
    """What the server around the application takes of clients."""
    return ServerLimits(
        request_timeout=max(0.5, settings.request_seconds - 2),  # once a second it is looked at, and who was told to go
        max_head_bytes=settings.max_head_kb * 1024,
        max_connections=settings.max_connections,
        max_connections_per_client=settings.max_connections_per_address or (settings.max_connections + 1) // 2,
        max_unread_bytes=settings.max_unread_mb * 1_000_000,
    )


def _telemetry(settings: Settings, workers: int) -> Telemetry:
    try:
        tracing = make_tracing() if settings.tracing else None
    except TelemetryError as cause:
        raise click.UsageError(str(cause)) from cause
    return Telemetry(
        log_format=settings.log_format,  # type: ignore[arg-type]  # the setting has no other values
        log_requests=settings.log_requests,
        slow_query_seconds=settings.slow_query_ms / 1_000,
        workers=workers,
        tracing=tracing,
    )


def _live(folders: Sequence[Path], visibilities: Sequence[bool], site: SiteOptions) -> LiveGraph:
    try:
        return live_graph(folders, visibilities, cache_folder(os.environ), site)
    except LoadError as cause:
        raise click.UsageError(str(cause)) from cause


def _first_load(live: LiveGraph) -> Loaded:
    try:
        return live.load(track_reading)
    except LoadError as cause:
        raise click.UsageError(str(cause)) from cause


def _addresses(address: str, prefix: str) -> str:
    address += prefix
    return f"\n  Start page   {address}/\n  Playground   {address}/graphql\n  Schema       {address}/schema.graphql\n"
