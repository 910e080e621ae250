"""How long after an edit the running service shows it: `python -m bench.visible FOLDER`; a copy of the folder is edited."""

import argparse
import asyncio
import json
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.running import Client, Outcomes, serving

EDITS = 10
"""Of each kind."""
PAUSE = 3.0
"""Seconds after an edit, in which the rest of the new graph is computed and the files settle."""
LOOK = 0.02
"""Seconds between two questions whether it can be seen."""
VERSION = "{ snapshot { version } }"


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "folder"
        shutil.copytree(folder, copy)
        files = [path for path in sorted(copy.rglob("*.md")) if b"\nquality: " in path.read_bytes()]
        with serving(copy, Path(scratch), "--watch", "--unpublished") as service:
            outcomes = asyncio.run(edited(service.port, random.Random(1).sample(files, len(KINDS) * EDITS)))
    print(outcomes.table())
    if outcomes.failures:
        sys.exit(f"not all was seen: {dict(outcomes.failures)}")


async def edited(port: int, files: Sequence[Path]) -> Outcomes:
    """The time from each edit until a query shows it."""
    client, outcomes = Client(port), Outcomes()
    for number, path in enumerate(files):
        await asyncio.sleep(PAUSE)
        name, edit = KINDS[number % len(KINDS)]
        before = await version(client)
        with outcomes.timed(name):
            edit(path)
            async with asyncio.timeout(10):
                while await version(client) == before:
                    await asyncio.sleep(LOOK)
    return outcomes


async def version(client: Client) -> str:
    return str(json.loads((await client.post(VERSION)).body)["data"]["snapshot"]["version"])


def change_a_value(path: Path) -> None:
    path.write_bytes(re.sub(rb"\nquality: .*", b"\nquality: %d" % (time.time_ns() % 10**9), path.read_bytes(), count=1))


def change_related(path: Path) -> None:
    """Takes the related articles from an article, or makes it relate to one."""
    data = path.read_bytes()
    if b"\nrelated:" in data:
        path.write_bytes(data.replace(b"\nrelated:", b"\nformerly-related:", 1))
    else:
        path.write_bytes(data.replace(b"---\n", b"---\nrelated: [visible]\n", 1))


def add(path: Path) -> None:
    data = b"---\ntitle: New\nslug: new-%b\n---\n" % path.stem.encode()
    path.with_name(f"new-{path.name}").write_bytes(data)


def rename(path: Path) -> None:
    path.rename(path.with_name(f"renamed-{path.name}"))


KINDS: tuple[tuple[str, Callable[[Path], object]], ...] = (
    ("a value is changed", change_a_value),
    ("related articles are changed", change_related),
    ("a file is added", add),
    ("a file is renamed", rename),
    ("a file is deleted", Path.unlink),
)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)
