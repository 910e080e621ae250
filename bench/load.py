"""Measures loading a folder, without and with a cache, against reading its files with python-frontmatter and PyYAML.

Every way of loading has a process of its own. Seconds are of the clock and of all processors together, so that a busy
machine shows; the ratio compares processor seconds. The peer reads every tenth file, since it takes minutes for a large
corpus, and gives dictionaries, unchecked.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import frontmatter

from graph.building.live_folders import load_snapshot
from graph.reading.folders import find_sources

ROOT = Path(__file__).parents[1]
SAMPLE = 10
WAYS = {"no cache": [], "cold": ["cache"], "warm": ["cache"]}
"""What each way of loading is told; the second with a cache finds what the first left."""


def main(folder: Path) -> None:
    sources = find_sources([folder]).sources
    paths = [Path(source.path) for source in sources]
    size = sum(path.stat().st_size for path in paths) / 1e6
    peer = peer_seconds([path for path in paths if path.suffix in (".md", ".markdown")][::SAMPLE])
    print(f"{len(sources):,} files, {size:,.1f} MB; load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print(f"{'':20}{'clock s':>10}{'CPU s':>10}{'MB/CPU s':>10}{'peak MB':>10}{'ratio':>10}")
    print(f"{'python-frontmatter':20}{'':10}{size * peer:>10.2f}{1 / peer:>10.1f}{'':10}{1:>10.1f}")
    with tempfile.TemporaryDirectory() as temporary:
        for way, arguments in WAYS.items():
            told = [str(Path(temporary) / argument) for argument in arguments]
            command = [sys.executable, __file__, "--measure", str(folder), *told]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment)
            clock, cpu, peak = json.loads(answer.stdout)
            print(f"{way:20}{clock:>10.2f}{cpu:>10.2f}{size / cpu:>10.1f}{peak:>10,.0f}{size * peer / cpu:>10.1f}")


def measure(folder: Path, cache: Path | None) -> tuple[float, float, float]:
    """Seconds of the clock and of processors, and on Linux the peak of memory of this process and its largest helper."""
    clock, cpu = time.perf_counter(), time.process_time()
    load_snapshot([folder], include_unpublished=True, cache=cache)
    clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
    own, helpers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return clock, cpu + helpers.ru_utime + helpers.ru_stime, (own.ru_maxrss + helpers.ru_maxrss) / 1024


def peer_seconds(paths: list[Path]) -> float:
    """Processor seconds for each megabyte."""
    start = time.process_time()
    for path in paths:
        try:
            frontmatter.load(path)
        except Exception as error:  # what the peer cannot read costs it no more time
            print(f"python-frontmatter cannot read {path.name}: {type(error).__name__}", file=sys.stderr)
    return (time.process_time() - start) / (sum(path.stat().st_size for path in paths) / 1e6)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python bench/load.py FOLDER")
    if sys.argv[1] == "--measure":
        print(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)))
    else:
        main(Path(sys.argv[1]))
