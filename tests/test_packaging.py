"""The wheel: what is in it, and that the command it installs finds its own packages."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WRONG = "raise RuntimeError('the wrong package')\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this project, with the pages that are built already, if any."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT, FRONTGRAPH_SKIP_FRONTEND="1")
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a virtual environment with the wheel, and with whatever this Python has installed."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "uv", "pip", "install", "-q", "--offline", "--no-deps", "--python", python, wheel)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return python.parent


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with other packages of the names of ours."""
    for name in ("api", "graph"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(WRONG, encoding="utf-8")
    return tmp_path


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    """What the command wrote to standard output and standard error; it must succeed."""
    path = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=cwd, env={**path, **environment}, capture_output=True, encoding="utf-8", check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_wheel_holds_the_packages_their_data_and_no_sources_of_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"api", "frontgraph.py", "graph"}
    assert names >= {"api/_data/schema.graphql", "api/pages/static/query.html", "graph/__init__.py"}
    seeds = {f"api/_data/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "seeds").rglob("*") if path.is_file()}
    assert seeds <= names
    built = {path.relative_to(ROOT).as_posix() for path in (ROOT / "api/pages/static").rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("api/pages/static/")} == built
    assert [name for name in names if "node_modules" in name or name.startswith("api/pages/sources")] == []


def test_command_and_module_tell_the_version(installed: Path) -> None:
    version = run(installed / "frontgraph", "--version")
    assert version.startswith("frontgraph 0.")
    assert run(installed / "python", "-m", "frontgraph", "--version") == version


@pytest.mark.parametrize("program", [["frontgraph"], ["python", "-m", "frontgraph"]], ids=" ".join)
def test_other_packages_of_the_same_names_are_passed_by(installed: Path, elsewhere: Path, program: list[str]) -> None:
    command: list[str | Path] = [installed / program[0], *program[1:], "check", ROOT / "seeds"]
    assert run(*command, cwd=elsewhere, PYTHONPATH=str(elsewhere)).endswith("\n10 problems\n")


def test_processes_that_read_files_pass_them_by_too(installed: Path, elsewhere: Path, tmp_path: Path) -> None:
    program = (
        "import sys, frontgraph, graph.reading.parallel as parallel\n"
        f"sys.path.insert(0, {str(elsewhere)!r})\n"
        "worker = parallel._start(); worker.stdin.close()\n"
        "sys.exit(worker.stdout.read() != parallel._GREETING or worker.wait())"
    )
    assert run(installed / "python", "-c", program, cwd=ROOT.parent) == ""
