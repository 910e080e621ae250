"""The service as users start it, in a process of its own."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
COMMAND = "import api.cli; api.cli.main()"
_START_SECONDS = 30


@contextmanager
def serving(folder: Path, program: str = COMMAND) -> Iterator[str]:
    """The address of a service that runs until the block ends, and keeps its log in the folder."""
    log = folder / "log"
    command = [sys.executable, "-c", program, "serve", "--port", "0", str(SEEDS)]
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            yield _address(process, log)
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        match = re.search(r"Start page +(\S+)/\n", log.read_text(encoding="utf-8"))
        if match:
            return match[1]
        time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{log.read_text(encoding='utf-8')}")
