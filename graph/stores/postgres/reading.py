"""The current version of a database becomes a snapshot, which is then read in memory."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Collection, Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import psycopg
from psycopg import IsolationLevel, sql
from psycopg.types.json import set_json_loads

from graph.building.live_folders import Loaded
from graph.building.snapshot import GraphSnapshot, build_snapshot
from graph.errors import DatabaseError
from graph.memory import paused_collection
from graph.reading.loader import Track
from graph.stores.postgres.contents import NAMES
from graph.stores.postgres.database import connected
from graph.tables.columns import Column
from graph.tables.live import check_visibility
from graph.tables.manifest import Manifest, ManifestError, manifest_of
from graph.tables.rows import TABLES, Row, RowsError, Table, merged

logger = logging.getLogger(__name__)

_LOOK = 0.5
"""Seconds between two looks for a new version."""
_PAUSE = 5.0
"""Seconds after which a database that is away is asked again."""
_APPLICATION = "frontgraph serve"
_ORDERS = MappingProxyType({"edges": "kind, source, position", "problems": "file, line"})
_NOTHING_YET = "There is no graph in the database; `frontgraph load FOLDER --into` its address writes one."
_BATCH = 10_000
"""How many rows are fetched at a time."""

Connection = psycopg.Connection[tuple[Any, ...]]


class StoredGraph:
    """The graph in a database, and as it was the last time. Not for several threads at once."""

    def __init__(self, address: str, include_unpublished: bool) -> None:
        self._address = address
        self._include_unpublished = include_unpublished
        self._number: int | None = None
        self._snapshot: GraphSnapshot | None = None

    @paused_collection()
    def load(self, track: Track = iter, touched: Collection[str] = ()) -> Loaded:
        """The graph as it is now, whatever was touched; no documents are read.

        All of it is read in one transaction, from one version.

        Raises:
            DatabaseError: the database cannot be reached, or holds no graph, or one that was loaded for others to see.
        """
        start = time.monotonic()
        read = 0
        with connected(self._address, _APPLICATION) as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            set_json_loads(_as_text, connection)
            with connection.transaction():
                number, manifest = _current(connection)
                check_visibility(manifest, self._include_unpublished)
                if self._snapshot is None or number != self._number:
                    self._snapshot = _read(connection, number, manifest, self._snapshot)
                    self._number = number
                    read = len(TABLES)
        snapshots = MappingProxyType({self._include_unpublished: self._snapshot})
        return Loaded(snapshots, len(TABLES), read, read, time.monotonic() - start)

    async def changes(self) -> AsyncGenerator[frozenset[Path], None]:
        """Nothing but that there is another version, as soon as it is found; while the database is away it is asked again."""
        seen = None
        is_away = False
        while True:
            try:
                number = await asyncio.to_thread(self._newest)
            except DatabaseError as cause:
                if not is_away:
                    logger.warning(
                        "%s The graph stays as it is; the database is asked again every %g seconds.", cause, _PAUSE
                    )
                is_away = True
                await asyncio.sleep(_PAUSE)
                continue
            if is_away:
                logger.info("The database answers again.")
                is_away = False
            if number != seen:
                seen = number
                yield frozenset()
            await asyncio.sleep(_LOOK)

    def _newest(self) -> object:
        with connected(self._address, _APPLICATION) as connection:
            row = connection.execute("SELECT max(number) FROM version").fetchone()
            return row[0] if row else None


def _as_text(data: str | bytes) -> str:
    return data.decode() if isinstance(data, bytes) else data


def _current(connection: Connection) -> tuple[int, Manifest]:
    try:
        row = connection.execute("SELECT number, facts FROM version ORDER BY number DESC LIMIT 1").fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName) as cause:
        raise DatabaseError(_NOTHING_YET) from cause
    if row is None:
        raise DatabaseError(_NOTHING_YET)
    try:
        return row[0], manifest_of(orjson.loads(row[1]))
    except ManifestError as cause:
        raise DatabaseError("Another version of frontgraph loaded the graph; load it again with this one.") from cause


def _read(connection: Connection, number: int, manifest: Manifest, before: GraphSnapshot | None) -> GraphSnapshot:
    tables = (Table(name, columns, _rows(connection, name, columns, number)) for name, columns in TABLES.items())
    try:
        result = merged(tables)
    except RowsError as cause:
        raise DatabaseError(f"The graph in the database is damaged: {cause} Load it again.") from cause
    result.inventory, result.sites = manifest.inventory, manifest.sites
    snapshot = build_snapshot(result, manifest.loaded_at, before)
    if snapshot.version != manifest.version:
        raise DatabaseError("Another version of frontgraph loaded the graph; load it again with this one.")
    return snapshot


def _rows(connection: Connection, name: str, columns: Sequence[Column], number: int) -> Iterator[Row]:
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    statement = sql.SQL("SELECT {} FROM {} WHERE born <= %s AND died > %s ORDER BY {}").format(
        names, sql.Identifier(NAMES[name]), sql.SQL(_ORDERS.get(name, "id"))
    )
    with connection.cursor(name, binary=True) as cursor:
        cursor.itersize = _BATCH
        cursor.execute(statement, [number, number])
        yield from map(list, cursor)
