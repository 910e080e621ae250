"""The wheel: what is in it, and that the command it installs finds its own packages."""

import os
import shutil
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


@pytest.mark.thorough
def test_wheel_holds_the_packages_their_data_and_no_sources_of_pages(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"api", "frontgraph.py", "graph"}
    assert names >= {
        "api/_data/docs/api.md",
        "api/_data/schema.graphql",
        "api/pages/static/query.html",
        "graph/__init__.py",
    }
    seeds = {f"api/_data/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "seeds").rglob("*") if path.is_file()}
    assert seeds <= names
    built = {path.relative_to(ROOT).as_posix() for path in (ROOT / "api/pages/static").rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("api/pages/static/")} == built
    assert [name for name in names if "node_modules" in name or name.startswith("api/pages/sources")] == []


@pytest.mark.thorough
def test_command_and_module_tell_the_version(installed: Path) -> None:
    version = run(installed / "frontgraph", "--version")
    assert version.startswith("frontgraph 0.")
    assert run(installed / "python", "-m", "frontgraph", "--version") == version


@pytest.mark.thorough
@pytest.mark.parametrize("program", [["frontgraph"], ["python", "-m", "frontgraph"]], ids=" ".join)
def test_other_packages_of_the_same_names_are_passed_by(installed: Path, elsewhere: Path, program: list[str]) -> None:
    command: list[str | Path] = [installed / program[0], *program[1:], "check", ROOT / "seeds"]
    assert run(*command, cwd=elsewhere, PYTHONPATH=str(elsewhere)).endswith("\n10 problems\n")


@pytest.mark.thorough
def test_processes_that_read_files_pass_them_by_too(installed: Path, elsewhere: Path, tmp_path: Path) -> None:
    program = (
        "import sys, frontgraph, graph.reading.parallel as parallel\n"
        f"sys.path.insert(0, {str(elsewhere)!r})\n"
        "worker = parallel._start(); worker.stdin.close()\n"
        "sys.exit(worker.stdout.read() != parallel._GREETING or worker.wait())"
    )
    assert run(installed / "python", "-c", program, cwd=ROOT.parent) == ""


@pytest.mark.thorough
def test_other_programs_may_use_networkx_beside_packages_of_the_same_names(installed: Path, elsewhere: Path) -> None:
    program = "import networkx as nx; print('frontgraph' in nx.config.backends, nx.core_number(nx.path_graph(2)))"
    said = run(installed / "python", "-W", "error", "-c", program, cwd=elsewhere, PYTHONPATH=str(elsewhere))
    assert said.startswith("True {0: 1, 1: 1}")


FAKE_NODE = """#!/bin/sh
echo "$@" | sed 's/.*\\///' >>{log}
[ -z "$FAILURE" ] || { echo "$FAILURE"; exit 3; }
mkdir -p node_modules/vite/bin ../static/bundle
case "$2" in
ci) touch node_modules/.package-lock.json ;;
build) touch ../static/bundle/explorer.html ../static/bundle/playground.html ;;
esac
"""
BY_HAND = "import runpy, sys; runpy.run_path(f'{sys.argv[1]}/hatch_build.py', run_name='__main__')"
BY_HATCHLING = """\
import sys
sys.path.insert(0, sys.argv[1])
from hatch_build import CustomBuildHook
hook = CustomBuildHook()
hook.app = type("Application", (), {"display_warning": print})
hook.initialize("standard", {})
"""


class TestBuildingThePages:
    """`hatch_build.py` with a Node that only writes down what it is asked for."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        shutil.copy(ROOT / "hatch_build.py", tmp_path)
        ignored = shutil.ignore_patterns("node_modules")
        shutil.copytree(ROOT / "api/pages/sources", tmp_path / "api/pages/sources", ignore=ignored)
        programs = tmp_path / "programs"
        programs.mkdir()
        for name in ("node", "npm-cli.js"):
            (programs / name).write_text(FAKE_NODE.replace("{log}", str(tmp_path / "log")), encoding="utf-8")
            (programs / name).chmod(0o755)
        (programs / "npm").symlink_to(programs / "npm-cli.js")
        return tmp_path

    def build(self, project: Path, program: str = BY_HAND, **environment: str) -> "subprocess.CompletedProcess[str]":
        path = f"{project / 'programs'}{os.pathsep}{os.environ['PATH']}"
        command: list[str | Path] = [
            sys.executable,
            "-S",
            "-E",
            "-c",
            program,
            project,
        ]  # without the Node that is a package
        environment = {**os.environ, "PATH": path, **environment}
        return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=300)

    def steps(self, project: Path) -> list[str]:
        log = project / "log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def test_packages_are_installed_once_and_pages_built_when_sources_change(self, project: Path) -> None:
        install, build = "npm-cli.js ci", "vite.js build --logLevel warn"
        for _ in range(2):
            assert self.build(project).returncode == 0
            assert self.steps(project) == [install, build]
        later = (project / "api/pages/static/bundle/playground.html").stat().st_mtime + 10
        made_by_the_build = project / "api/pages/sources/src/explorer/home/home.operations.ts"
        made_by_the_build.touch()
        os.utime(made_by_the_build, (later, later))
        self.build(project)
        assert self.steps(project) == [install, build]
        os.utime(project / "api/pages/sources/src/playground/main.jsx", (later, later))
        assert self.build(project, FRONTGRAPH_SKIP_FRONTEND="1").returncode == 0
        assert self.steps(project) == [install, build]
        self.build(project)
        assert self.steps(project) == [install, build, build]

    @pytest.mark.parametrize("page", ["explorer.html", "playground.html"])
    def test_pages_are_built_again_where_one_is_missing(self, project: Path, page: str) -> None:
        self.build(project)
        (project / "api/pages/static/bundle" / page).unlink()
        self.build(project)
        assert len(self.steps(project)) == 3

    def test_failure_says_what_there_is_instead(self, project: Path) -> None:
        done = self.build(project, FAILURE="no network")
        assert (done.returncode, self.steps(project)) == (1, ["npm-cli.js ci"])
        assert "`npm ci` ended with status 3:\n    no network\n" in done.stderr
        assert "small built-in pages stand in" in done.stderr

    @pytest.mark.parametrize("required", ["", "1"])
    def test_distribution_is_made_without_the_pages_unless_they_are_required(
        self, project: Path, required: str
    ) -> None:
        done = self.build(project, BY_HATCHLING, FAILURE="no network", FRONTGRAPH_REQUIRE_FRONTEND=required)
        assert done.returncode == (1 if required else 0)
        assert "`npm ci` ended with status 3" in (done.stderr if required else done.stdout)
