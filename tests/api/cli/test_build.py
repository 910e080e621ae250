"""`frontgraph build`: a graph that is built once and read by every other command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from graph.tables.folder import write_folder
from tests.conftest import ROOT
from tests.folders import document, folder_snapshot
from tests.service import running

SEEDS = str(ROOT / "seeds")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, prog_name="frontgraph")


@pytest.fixture
def built(tmp_path: Path) -> str:
    result = run("build", SEEDS, "--into", str(tmp_path / "built"))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines()[-1].endswith("90 nodes, 322 edges, 10 problems (see `frontgraph check`)")
    return str(tmp_path / "built")


@pytest.mark.parametrize(
    "command",
    [
        ["stats", "--format", "json"],
        ["check", "--format", "json"],
        ["query", "{ snapshot { version sites { name fileCount } } articles(first: 100) { nodes { title body } } }"],
        ["export", "--format", "graphml", "--output", "-"],
    ],
    ids=lambda command: command[0],
)
def test_every_command_says_the_same_of_it_as_of_the_documents(command: list[str], built: str) -> None:
    of_built, of_documents = run(*command, built), run(*command, SEEDS)
    assert of_built.exit_code == of_documents.exit_code == 0
    assert of_built.stdout == of_documents.stdout
    assert len(of_built.stdout) > 500


@pytest.mark.parametrize("output_format", ["text", "github", "sarif"])
def test_mistakes_are_told_though_the_documents_are_elsewhere(output_format: str, built: str) -> None:
    told = run("check", "--format", output_format, built)
    assert (told.exit_code, told.exception) == (0, None)
    assert "2025-02-11-ostrey-wants-a-share-of-the-tidal-profits.md" in told.stdout


def test_what_is_there_already_is_left_alone(built: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in Path(built).rglob("*")}
    assert " was there already, " in run("build", SEEDS, "--into", built).stderr
    assert {path: path.stat().st_mtime_ns for path in Path(built).rglob("*")} == before


def test_a_graph_can_be_built_of_a_built_one(built: str, tmp_path: Path) -> None:
    assert run("build", built, "--into", str(tmp_path / "copy")).exit_code == 0
    assert (
        run("stats", "--format", "json", str(tmp_path / "copy")).stdout
        == run("stats", "--format", "json", built).stdout
    )


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["build", SEEDS], 2, "Missing option '--into'"),
        (["build", SEEDS, "--into", SEEDS], 1, "holds other files; name a new or empty folder"),
        (["build", "no such folder", "--into", "x"], 2, "no such folder"),
        (["build", SEEDS, "--into", "/proc/x"], 1, "/proc/x cannot be written to: "),
    ],
)
def test_mistakes_are_explained(arguments: list[str], status: int, message: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_service_shows_what_is_built_next(built: str, tmp_path: Path) -> None:
    """It watches for it, and serves the version before until then."""
    (tmp_path / "log").mkdir()
    with running(tmp_path / "log", "--watch", articles=Path(built)) as served:
        query = {"query": "{ articles { totalCount } }"}
        assert json.loads(served.post(query).body)["data"]["articles"]["totalCount"] > 10
        snapshot = folder_snapshot(tmp_path / "documents", {"a.md": document(title="A")})
        write_folder(snapshot, Path(built), unpublished=False)
        served.log_with("reload: changed, 6 of 6 files parsed")
        assert json.loads(served.post(query).body)["data"]["articles"]["totalCount"] == 1
