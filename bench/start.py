"""Measures how long `frontgraph serve` takes to be ready: `python bench/start.py FOLDER`, on Linux.

The start ends with the answer of `/readyz`, for which a client waits as soon as an address is told. Processor seconds are those of the
service and of the processes that parsed for it, user and system together. The cold start finds no cache, the warm one what that
left; the modules are compiled, as they are after every first start.

With `--against` another checkout of the project is measured by turns with this one, and the ratio is to that.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
TURNS = 4
_STARTED = "import api.cli; api.cli.main()"
_TICKS = os.sysconf("SC_CLK_TCK")


class Start(NamedTuple):
    """The least of what starts of one kind took."""

    clock: float
    cpu: float
    megabytes: float


def main(folder: Path, other: Path | None) -> None:
    roots = [ROOT] if other is None else [other, ROOT]
    figures: dict[tuple[Path, str], list[Start]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(TURNS):
            for root in roots:
                with tempfile.TemporaryDirectory() as temporary:
                    for way in ("cold", "warm"):
                        figures[root, way].append(measured(root, folder, Path(temporary), Path(bytecode)))
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print(f"{'':10}{'checkout':>10}{'clock s':>10}{'CPU s':>10}{'ratio':>10}{'MB':>10}")
    for way in ("cold", "warm"):
        found = [Start(*map(min, zip(*figures[root, way], strict=True))) for root in roots]
        for name, start in zip(("other", "this")[-len(roots) :], found, strict=True):
            ratio = start.cpu / found[0].cpu
            print(f"{way:10}{name:>10}{start.clock:>10.2f}{start.cpu:>10.2f}{ratio:>10.2f}{start.megabytes:>10,.0f}")


def measured(root: Path, folder: Path, scratch: Path, bytecode: Path) -> Start:
    """One start of a checkout's service, with its cache and its log in another folder, and compiled modules in a third one."""
    log = scratch / "log"
    command = [sys.executable, "-c", _STARTED, "serve", str(folder.resolve()), "--port", "0"]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": str(root),
        "PYTHONPYCACHEPREFIX": str(bytecode),
        "XDG_CACHE_HOME": str(scratch / "cache"),
    }
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=output, stderr=output)
    try:
        with urlopen(f"{_address(process, log)}/readyz") as answer:
            answer.read()
        return Start(time.perf_counter() - began, _cpu_seconds(process.pid), _megabytes(process.pid))
    finally:
        process.terminate()
        process.wait()


def _address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """Where the service listens, as soon as it says so."""
    while (found := re.search(r"Start page +(http://\S+)/", log.read_text("utf-8"))) is None:
        if process.poll() is not None:
            sys.exit(log.read_text("utf-8"))
        time.sleep(0.01)
    return found[1]


def _cpu_seconds(process: int) -> float:
    """Of a process and of those that it has waited for; in hundredths on most systems."""
    after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, after_name[11:15])) / _TICKS


def _megabytes(process: int) -> float:
    """The most memory that the process had so far."""
    return int(Path(f"/proc/{process}/status").read_text("utf-8").partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    told = parser.parse_args()
    main(told.folder, told.against)
