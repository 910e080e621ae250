"""The Python of an environment that has the clients of tests/clients/python, for the tests that run them.

They are no development dependencies: some want another graphql-core than the service does.
"""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.js_tools import give_up

PYTHON = Path(__file__).parent / "python"
_LOCK = PYTHON / "requirements.txt"
_ENVIRONMENT = PYTHON / ".venv"
_PROGRAMS = _ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")


@cache
def python_with_clients() -> Path:
    """The packages are installed where they are missing or older than their lock file; if that fails, `give_up`."""
    python = _PROGRAMS / "python"
    digest = hashlib.sha256(_LOCK.read_bytes().replace(b"\r\n", b"\n") + sys.version.encode()).hexdigest()
    stamp = _ENVIRONMENT / "installed.sha256"
    if not stamp.is_file() or stamp.read_text(encoding="ascii") != digest:
        _run(sys.executable, "-m", "venv", "--clear", _ENVIRONMENT)
        _run(python, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", _LOCK)
        stamp.write_text(digest, encoding="ascii")
    return python


def client_program(name: str) -> Path:
    """A program that a client brings."""
    return python_with_clients().with_name(name)


def _run(*command: str | Path) -> None:
    try:
        finished = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=600)
    except (OSError, subprocess.TimeoutExpired) as error:
        give_up(f"the clients of {PYTHON} could not be installed: {error}")
    if finished.returncode != 0:
        give_up(f"the clients of {PYTHON} could not be installed: {finished.stderr.strip()[-500:]}")
