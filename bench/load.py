"""Measures loading a folder, without and with a cache, against reading its files with python-frontmatter and PyYAML.

Every way of loading has a process of its own. Seconds are of the clock and of all processors together, so that a busy
machine shows; the ratio compares processor seconds. The peer reads every tenth file, since it takes minutes for a large
corpus, and gives dictionaries, unchecked.

With `--against` another checkout of the project is measured by turns with this one, and the ratio is to that.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import frontmatter

from graph.building.live_folders import load_snapshot
from graph.reading.folders import find_sources

ROOT = Path(__file__).parents[1]
SAMPLE = 10
TURNS = 3
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
        for way in WAYS:
            clock, cpu, peak = measured(ROOT, folder, way, Path(temporary))
            print(f"{way:20}{clock:>10.2f}{cpu:>10.2f}{size / cpu:>10.1f}{peak:>10,.0f}{size * peer / cpu:>10.1f}")


def compare(folder: Path, other: Path) -> None:
    """The least of each way's figures in some turns, and this checkout's in terms of the other's."""
    figures: dict[tuple[Path, str], list[tuple[float, float, float]]] = defaultdict(list)
    for _ in range(TURNS):
        for root in (other, ROOT):
            with tempfile.TemporaryDirectory() as temporary:
                for way in WAYS:
                    figures[root, way].append(measured(root, folder, way, Path(temporary)))
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    print(f"{'':20}{'CPU s, other':>15}{'CPU s':>10}{'ratio':>10}{'peak MB, other':>17}{'peak MB':>10}")
    for way in WAYS:
        (_, before, peak_before), (_, now, peak) = (
            tuple(map(min, zip(*figures[root, way], strict=True))) for root in (other, ROOT)
        )
        print(f"{way:20}{before:>15.2f}{now:>10.2f}{now / before:>10.2f}{peak_before:>17,.0f}{peak:>10,.0f}")


def measured(root: Path, folder: Path, way: str, temporary: Path) -> tuple[float, float, float]:
    """What `measure` of this checkout finds, in a process of its own."""
    told = [str(temporary / argument) for argument in WAYS[way]]
    command = [sys.executable, str(root / "bench" / "load.py"), "--measure", str(folder), *told]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(root)})
    clock, cpu, peak = json.loads(answer.stdout)
    return clock, cpu, peak


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
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(Path(sys.argv[2]), Path(sys.argv[3]) if sys.argv[3:] else None)))
    else:
        parser = argparse.ArgumentParser(description=__doc__)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--against", type=Path, metavar="CHECKOUT")
        told = parser.parse_args()
        if told.against:
            compare(told.folder, told.against)
        else:
            main(told.folder)
