"""`frontgraph load`."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options
from api.cli.output import fail, note, summary

if TYPE_CHECKING:
    from graph.building.snapshot import GraphSnapshot
    from graph.sites.options import SiteOptions
    from graph.tables.live import LiveGraph

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 5.0


def _address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not value.startswith(("postgresql://", "postgres://")):
        raise click.BadParameter(
            "a database is named as postgresql://USER@HOST:PORT/NAME; `frontgraph build` writes into a folder.",
            context,
            parameter,
        )
    return value


@click.command()
@folder_options
@click.option(
    "--into",
    metavar="URL",
    required=True,
    callback=_address,
    help="The database: postgresql://USER@HOST:PORT/NAME. A password is best left to PGPASSFILE.",
)
@click.option(
    "--keep",
    default=32,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="How many versions to keep for those who read them.",
)
@click.option("--watch", is_flag=True, help="Load again whenever files change.")
def load(folders: Sequence[Path], unpublished: bool, site: "SiteOptions", into: str, keep: int, watch: bool) -> None:
    """Write the graph into a PostgreSQL database, as a new version beside those that are there.

    The version is current once all of it is there. Only what changed is written. The tables stand in the schema `frontgraph`, which is
    made by the first load.
    """
    from api.cli.loading import folders_or_sample, require_articles, tell, track_reading
    from graph.errors import DatabaseError, LoadError
    from graph.reading.cache_files import cache_folder
    from graph.stores.live import NOT_INSTALLED, live_graph

    try:
        import psycopg  # noqa: F401  # tells whether it is installed
    except ModuleNotFoundError:
        fail(NOT_INSTALLED)

    with folders_or_sample(folders) as chosen:
        try:
            live = live_graph(chosen, (unpublished,), cache_folder(os.environ), site)
            snapshot = live.load(track_reading).snapshots[unpublished]
        except LoadError as cause:
            raise click.UsageError(str(cause)) from cause
        tell(snapshot)
        require_articles(snapshot)
        store = partial(_store, into, unpublished, keep)
        try:
            store(snapshot)
        except DatabaseError as cause:
            fail(str(cause))
        if watch:
            with suppress(KeyboardInterrupt):
                asyncio.run(_follow(live, unpublished, snapshot, store))


def _store(address: str, unpublished: bool, keep: int, snapshot: "GraphSnapshot") -> None:
    from graph.stores.postgres.loading import load_snapshot_into

    stored = load_snapshot_into(address, snapshot, unpublished, keep)
    rows = f"{stored.written:,} rows written, {stored.ended:,} replaced" if stored.is_news else "it was there already"
    note(f"Version {stored.number} ({snapshot.version}): {rows}; {summary(snapshot)}")


async def _follow(
    live: "LiveGraph", unpublished: bool, stored: "GraphSnapshot", store: "Callable[[GraphSnapshot], None]"
) -> None:
    """Stores what has changed after each burst of changes; what fails is tried again until it succeeds."""
    from graph.errors import LoadError

    async for _ in live.changes():
        while True:
            try:
                loaded = (await asyncio.to_thread(live.load)).snapshots[unpublished]
                if loaded is not stored:
                    await asyncio.to_thread(store, loaded)
                    stored = loaded
                break
            except LoadError as cause:
                logger.error("%s In %g seconds it is tried again.", cause, _RETRY_SECONDS)
                await asyncio.sleep(_RETRY_SECONDS)
