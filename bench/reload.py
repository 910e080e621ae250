"""How long a folder takes to be loaded again after changes, and whether memory grows; a copy of it is edited, not itself."""

import argparse
import gc
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from graph.building.live_folders import LiveFolders, Loaded
from graph.building.snapshot import GraphSnapshot
from graph.stores.warming import warm, warm_rest, warm_soon

RELOADS = 1_000
T = TypeVar("T")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy, cache = Path(scratch) / "folder", Path(scratch) / "cache"
        shutil.copytree(folder, copy)
        files = [path for path in sorted(copy.rglob("*.md")) if is_editable(path)]
        measured("cold load", LiveFolders([copy], (True,), cache).load)
        live = LiveFolders([copy], (True,), cache)
        measured("warm load", live.load)
        measured("all, first time", lambda: warmed(live.load().snapshots[True]))
        time.sleep(3)  # until it shows in the files' times that nothing changed
        live.load()
        gc.collect()
        gc.freeze()
        measured("nothing changed", live.load)
        for field in (b"quality", b"related"):
            edit(files[0], field)
            reload_and_warm(f"1 file, another {field.decode()}", live)
        for path in files[:1_000]:
            edit(path, b"quality", 1)
        reload_and_warm(f"{len(files[:1_000]):,} files", live)
        many_reloads(live, files)


def many_reloads(live: LiveFolders, files: list[Path]) -> None:
    for number in range(RELOADS + 1):
        if number % (RELOADS // 10) == 0:
            print(f"{number:>5,} reloads   {megabytes():6.0f} MB   {len(gc.get_objects()):>9,} objects", flush=True)
        edit(files[number % len(files)], b"related" if number % 10 == 0 else b"quality", number)
        snapshot = live.load().snapshots[True]
        warmed(snapshot)


def edit(path: Path, field: bytes, value: int = 0) -> None:
    """Gives the article another quality, or takes its related articles from it or gives them back."""
    data = path.read_bytes()
    if field == b"quality":
        path.write_bytes(re.sub(rb"\nquality: .*", b"\nquality: %d" % value, data, count=1))
    elif b"\nrelated:" in data:
        path.write_bytes(data.replace(b"\nrelated:", b"\nunrelated:", 1))
    else:
        path.write_bytes(data.replace(b"\nunrelated:", b"\nrelated:", 1))


def is_editable(path: Path) -> bool:
    data = path.read_bytes()
    return b"\nquality: " in data and b"\nrelated:" in data


def reload_and_warm(label: str, live: LiveFolders) -> None:
    snapshot = measured(f"{label}: reload", live.load).snapshots[True]
    measured(f"{label}: warm", lambda: warm(snapshot))
    measured(f"{label}: warm what comes soon", lambda: warm_soon(snapshot))
    measured(f"{label}: warm the rest", lambda: warm_rest(snapshot))


def warmed(snapshot: GraphSnapshot) -> None:
    warm(snapshot)
    warm_soon(snapshot)
    warm_rest(snapshot)


def measured(label: str, act: Callable[[], T]) -> T:
    wall, processor = time.perf_counter(), time.process_time()
    answer = act()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    done = f"{answer.read_count:>6,} read {answer.parsed_count:>6,} parsed" if isinstance(answer, Loaded) else " " * 26
    print(f"{label:<40} {wall:6.3f} s   processor {processor:6.3f} s  {done}  {megabytes():5.0f} MB", flush=True)
    return answer


def megabytes() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)
