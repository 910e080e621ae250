"""Reaches the database, and brings its tables to the form that this program knows. Importing this module needs psycopg, which is optional."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import psycopg
from psycopg import sql

from graph.errors import DatabaseError

SCHEMA = "frontgraph"
_MIGRATIONS = files("graph.stores.postgres") / "migrations"


@contextmanager
def connected(address: str, application: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection to the database at a `postgresql://` address, outside of any transaction.

    Raises:
        DatabaseError: it cannot be reached, or fails while it is used; the text says why.
    """
    try:
        with psycopg.connect(address, autocommit=True, application_name=application, connect_timeout=10) as connection:
            if connection.info.encoding != "utf-8" or _encoding(connection) != "UTF8":
                raise DatabaseError("The database's encoding has to be UTF8; create it with `ENCODING 'UTF8'`.")
            connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMA)))
            connection.execute("SET time zone 'UTC'")
            yield connection
    except psycopg.Error as cause:
        raise DatabaseError(_told(cause)) from cause


def _encoding(connection: "psycopg.Connection[tuple[object, ...]]") -> str | None:
    return connection.info.parameter_status("server_encoding")


def _told(cause: psycopg.Error) -> str:
    """What the database or its driver says, on one line."""
    said = cause.diag.message_primary or str(cause) or type(cause).__name__
    hint = f" {cause.diag.message_hint}" if cause.diag.message_hint else ""
    return f"PostgreSQL: {' '.join(said.split())}{hint}"


def begin(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Make the schema where there is none. It may take a role with more rights than those who load again have."""
    for is_last in (False, False, True):
        (found,) = connection.execute("SELECT to_regclass('frontgraph.migration')").fetchone() or (None,)
        if found is not None:
            return
        try:
            with connection.transaction():
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(SCHEMA)))
                connection.execute("CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY)")
        except psycopg.errors.UniqueViolation:  # somebody else made one of them at the same moment
            if is_last:
                raise


def migrate(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Apply the migrations that the database does not have yet; part of the transaction that is open.

    Raises:
        DatabaseError: a newer version of this program was here.
    """
    connection.execute("LOCK TABLE migration IN EXCLUSIVE MODE")
    applied = {str(name) for (name,) in connection.execute("SELECT name FROM migration")}
    known = {file.name: file for file in _MIGRATIONS.iterdir() if file.name.endswith(".sql")}
    if unknown := sorted(applied - known.keys()):
        raise DatabaseError(f"A newer version of frontgraph has used this database ({unknown[0]}); upgrade this one.")
    for name in sorted(known.keys() - applied):
        connection.execute(known[name].read_bytes())
        connection.execute("INSERT INTO migration VALUES (%s)", [name])
