"""A PostgreSQL server of the tests' own: made, started on a free port, stopped."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from tests.js_tools import give_up

_PATIENCE = 60.0
_SERVICE_USER = "postgres"


@dataclass(frozen=True)
class Postgres:
    """A server that runs; everybody on this machine is its superuser."""

    data: Path
    port: int
    name: str = "postgres"
    """Of the database that is asked."""

    @property
    def address(self) -> str:
        return f"postgresql://{_SERVICE_USER}@127.0.0.1:{self.port}/{self.name}"

    def with_database(self, name: str, options: str = "") -> "Postgres":
        """A new, empty database."""
        self.do(f"CREATE DATABASE {name} {options}")
        return replace(self, name=name)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.address, autocommit=True) as connection:
            return connection.execute(statement.encode()).fetchall()

    def do(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        _as_service(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", str(self.data / "log"), "-o", options, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is like a crash."""
        _as_service("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A server until the block ends; without PostgreSQL, `give_up`."""
    with TemporaryDirectory(prefix="postgres-") as folder:
        data = Path(folder) / "data"
        Path(folder).chmod(0o755)
        data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(data, _SERVICE_USER)
        options = ("-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", _SERVICE_USER, "--no-sync")
        _as_service("initdb", "-D", str(data), *options)
        server = Postgres(data, _free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


def _as_service(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs, which refuse to run as root."""
    command: Sequence[str] = [str(_program(program)), *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", f"--reuid={_SERVICE_USER}", f"--regid={_SERVICE_USER}", "--clear-groups", *command]
    finished = subprocess.run(
        command,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_PATIENCE * 2,
    )
    assert finished.returncode == 0, finished.stdout.decode()


def _program(name: str) -> Path:
    found = shutil.which(name)
    if found is not None:
        return Path(found)
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not installed:
        give_up(f"{name} was not found; `apt-get install postgresql` brings it")
    return installed[-1]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
