"""`frontgraph load`, into a real database."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.conftest import ROOT
from tests.folders import document, write_folder
from tests.postgres import Postgres, running_postgres
from tests.service import Served, running

SEEDS = str(ROOT / "seeds")
PATIENCE = 60.0


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with running_postgres() as running:
        yield running


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="frontgraph")


def test_a_graph_becomes_the_current_version(database: Postgres) -> None:
    wanted = database.with_database("one")
    first, second = (run("load", SEEDS, "--into", wanted.address) for _ in range(2))
    assert (first.exit_code, first.stdout, second.exit_code) == (0, "", 0)
    assert first.stderr.splitlines()[-1].startswith("Version 1 (1c910c9066303d81d471060baa32d338): ")
    assert first.stderr.splitlines()[-1].endswith(
        " rows written, 0 replaced; 90 nodes, 322 edges, 10 problems (see `frontgraph check`)"
    )
    assert "it was there already" in second.stderr
    assert wanted.query("SELECT count(*) FROM frontgraph.current_articles") == [(57,)]


def test_a_folder_is_followed_though_the_database_goes_away(database: Postgres, tmp_path: Path) -> None:
    wanted = database.with_database("followed")
    folder = write_folder(tmp_path / "documents", {"a.md": document(title="A")})
    program = "import api.cli.load; api.cli.load._RETRY_SECONDS = 0.1; from api.cli import main; main()"
    command = [sys.executable, "-c", program, "load", str(folder), "--into", wanted.address, "--watch"]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            assert awaited(wanted, "A")
            write_folder(folder, {"a.md": document(title="B")})
            assert awaited(wanted, "B")
            wanted.stop("immediate")
            write_folder(folder, {"a.md": document(title="C")})
            deadline = time.monotonic() + PATIENCE
            while b"it is tried again" not in (tmp_path / "log").read_bytes():
                assert time.monotonic() < deadline
                time.sleep(0.05)
            wanted.start()
            assert awaited(wanted, "C")
        finally:
            process.terminate()
    text = (tmp_path / "log").read_text(encoding="utf-8")
    assert "PostgreSQL: " in text
    assert "Traceback" not in text


def awaited(database: Postgres, title: str) -> bool:
    """Whether an article has this title in the end."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = database.query("SELECT to_regclass('frontgraph.current_articles')")
        if found != [(None,)] and database.query("SELECT title FROM frontgraph.current_articles") == [(title,)]:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["load", SEEDS], 2, "Missing option '--into'"),
        (["load", SEEDS, "--into", "folder"], 2, "`frontgraph build` writes into a folder."),
        (["build", SEEDS, "--into", "postgresql://x"], 2, "`frontgraph load` writes into a database."),
        (["load", SEEDS, "--into", "postgresql://127.0.0.1:1/x"], 1, "Error: PostgreSQL: "),
        (["load", SEEDS, "--into", "postgresql://x?nonsense=1"], 1, "Error: PostgreSQL: "),
        (["load", "no such folder", "--into", "postgresql://x"], 2, "no such folder"),
    ],
)
def test_mistakes_are_explained(arguments: list[str], status: int, message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_without_psycopg_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    result = run("load", SEEDS, "--into", "postgresql://x")
    assert result.exit_code == 1
    assert (
        result.stderr
        == "Error: PostgreSQL is reached by psycopg, which is not installed. Run: pip install 'frontgraph[postgres]'\n"
    )


def test_two_services_show_what_one_loader_writes_and_outlive_the_database(database: Postgres, tmp_path: Path) -> None:
    wanted = database.with_database("served")
    folder = write_folder(tmp_path / "documents", {"a.md": document(title="A")})
    assert run("load", str(folder), "--into", wanted.address).exit_code == 0
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
    with (
        running(tmp_path / "1", "--watch", articles=wanted.address) as one,
        running(tmp_path / "2", "--watch", articles=wanted.address) as other,
    ):
        assert titles(one) == titles(other) == ["A"]
        write_folder(folder, {"b.md": document(title="B")})
        assert run("load", str(folder), "--into", wanted.address).exit_code == 0
        for service in (one, other):
            service.log_with("reload: changed")
            assert titles(service) == ["A", "B"]
        wanted.stop("immediate")
        for service in (one, other):
            service.log_with("The graph stays as it is; the database is asked again")
            assert titles(service) == ["A", "B"]
        wanted.start()
        write_folder(folder, {"b.md": document(title="C")})
        assert run("load", str(folder), "--into", wanted.address).exit_code == 0
        for service in (one, other):
            service.log_with("reload: changed", times=2)
            assert titles(service) == ["A", "C"]
            assert "Traceback" not in service.log()


def titles(service: Served) -> list[str]:
    answer = service.post({"query": "{ articles(orderBy: [{title: ASC}]) { nodes { title } } }"})
    return [node["title"] for node in json.loads(answer.body)["data"]["articles"]["nodes"]]


def test_every_command_reads_from_the_database(database: Postgres) -> None:
    wanted = database.with_database("read")
    assert run("load", SEEDS, "--into", wanted.address).exit_code == 0
    for command in (
        ["stats", "--format", "json"],
        ["query", "{ snapshot { version } }"],
        ["check", "--format", "json"],
    ):
        of_stored, of_documents = run(*command, wanted.address), run(*command, SEEDS)
        assert (of_stored.exit_code, of_stored.stdout) == (0, of_documents.stdout)
    for output_format in ("text", "github", "sarif"):
        told = run("check", "--format", output_format, wanted.address)
        assert (told.exit_code, told.exception) == (0, None)
        assert "2025-02-11-ostrey-wants-a-share-of-the-tidal-profits.md" in told.stdout
    assert "loaded alone" in run("stats", wanted.address, SEEDS).stderr


def test_a_service_without_its_database_does_not_start() -> None:
    result = run("serve", "postgresql://127.0.0.1:1/none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: PostgreSQL: " in result.stderr
