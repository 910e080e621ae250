"""A snapshot becomes the current version of a database.

All of it is one transaction: whoever reads sees the version before until it ends, and whatever breaks it leaves that one. Rows that
did not change are not written again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
import psycopg
from psycopg import sql

from graph.building.snapshot import GraphSnapshot
from graph.stores.postgres.contents import Rows, contents
from graph.stores.postgres.database import begin, connected, migrate
from graph.tables.manifest import facts_of, says_the_same

CURRENT = 2_147_483_647
"""When a row dies that is in the current version."""
CHANNEL = "frontgraph"
"""Where the database tells of new versions, to whoever listens; a hint, no promise."""
_DIGEST_BYTES = 16
_BATCH = 10_000
"""Owners that one statement names."""

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of loading a snapshot into a database."""

    number: int
    """Of the version there, from 1."""
    is_news: bool
    """Whether it is another one than before."""
    written: int
    """Rows that were written."""
    ended: int
    """Rows that are not in the current version any more."""


def load_snapshot_into(address: str, snapshot: GraphSnapshot, unpublished: bool, kept: int) -> Stored:
    """Make this snapshot the current version, and remove versions that are older than the `kept` last ones.

    `unpublished` says whether the snapshot was loaded with what a site would hide. Of several loaders at once, one waits for
    the other.

    Raises:
        DatabaseError: the database cannot be reached or written to; what was current stays.
    """
    with connected(address, "frontgraph load") as connection:
        begin(connection)
        with connection.transaction():
            migrate(connection)
            connection.execute("SELECT only_row FROM loader FOR UPDATE")
            stored = _store(connection, snapshot, unpublished)
        if stored.is_news:
            _remove_old(connection, kept)
    return stored


def _store(connection: Connection, snapshot: GraphSnapshot, unpublished: bool) -> Stored:
    facts = facts_of(snapshot, unpublished)
    last = connection.execute("SELECT number, facts FROM version ORDER BY number DESC LIMIT 1").fetchone()
    if last is not None and says_the_same(last[1], facts):
        return Stored(last[0], False, 0, 0)
    number = 1 if last is None else last[0] + 1
    written = ended = 0
    for rows in contents(snapshot):
        replaced = _replace(connection, rows, number)
        written, ended = written + replaced[0], ended + replaced[1]
    connection.execute(
        "INSERT INTO version (number, version, loaded_at, unpublished, facts) VALUES (%s, %s, %s, %s, %s)",
        [number, snapshot.version, snapshot.loaded_at, unpublished, orjson.dumps(facts).decode()],
    )
    connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, snapshot.version])
    return Stored(number, True, written, ended)


def _replace(connection: Connection, rows: Rows, number: int) -> tuple[int, int]:
    """Write the pieces of a table that changed; how many rows that are, and how many they take the place of."""
    known: dict[str, bytes] = dict(
        connection.execute("SELECT owner, digest FROM piece WHERE rows_of = %s", [rows.table])
    )
    new: dict[str, bytes] = {}
    gone = set(known)
    written = 0
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(rows.table), sql.SQL(", ").join(map(sql.Identifier, (*rows.columns, "born")))
    )
    with connection.cursor() as cursor:
        with cursor.copy(into) as copy:
            for owner, piece in rows.pieces():
                gone.discard(owner)
                digest = _digest(piece)
                if known.get(owner) != digest:
                    new[owner] = digest
                    for row in piece:
                        copy.write_row([*row, number])
                    written += len(piece)
        changed = [*gone, *(new.keys() & known.keys())]
        ended = _end(cursor, rows, number, changed)
        for owners in _batches(changed):
            cursor.execute("DELETE FROM piece WHERE rows_of = %s AND owner = ANY(%s)", [rows.table, owners])
        with cursor.copy("COPY piece (owner, rows_of, digest) FROM STDIN") as copy:
            for owner, digest in new.items():
                copy.write_row((owner, rows.table, digest))
    return written, ended


def _digest(piece: Sequence[Sequence[Any]]) -> bytes:
    return hashlib.blake2b(orjson.dumps(piece, default=bytes.hex), digest_size=_DIGEST_BYTES).digest()


def _end(cursor: "psycopg.Cursor[Any]", rows: Rows, number: int, owners: Sequence[str]) -> int:
    """Let the rows of these owners that were current die with this version."""
    statement = sql.SQL("UPDATE {} SET died = %s WHERE {} = ANY(%s) AND died = %s AND born < %s").format(
        sql.Identifier(rows.table), sql.Identifier(rows.owner)
    )
    ended = 0
    for batch in _batches(owners):
        ended += cursor.execute(statement, [number, batch, CURRENT, number]).rowcount
    return ended


def _batches(owners: Iterable[str]) -> Iterable[list[str]]:
    remaining = iter(owners)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _remove_old(connection: Connection, kept: int) -> None:
    """Remove what no kept version has."""
    with connection.transaction():
        connection.execute("SELECT only_row FROM loader FOR UPDATE")
        oldest = connection.execute(
            "SELECT min(number) FROM (SELECT number FROM version ORDER BY number DESC LIMIT %s) AS newest", [kept]
        ).fetchone()
        assert oldest is not None
        connection.execute("DELETE FROM version WHERE number < %s", oldest)
        for table in _VERSIONED:
            connection.execute(sql.SQL("DELETE FROM {} WHERE died <= %s").format(sql.Identifier(table)), oldest)


_VERSIONED = (
    *("article", "provider", "topic", "person", "edge", "problem"),
    *("story", "metric", "cooccurrence", "fingerprint"),
)
