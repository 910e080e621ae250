"""How long cheap queries take while others mean no good: `python -m bench.attack FOLDER [--seconds N]`.

A service of its own for each kind of abuse is asked one cheap query after the other, each another one, by four clients.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

from bench.running import ROOT, Client, Outcomes, Service, serving

ABUSERS = 8
KINDS = ("", "refused", "expensive")
CHEAP = "query Cheap($first: Int!) { articles(first: $first) { nodes { title provider { name } } } } # %d"


async def ask(service: Service, kind: str, outcomes: Outcomes) -> None:
    client, name = (
        Client(service.port),
        f"cheap, while {ABUSERS} clients send {kind} operations" if kind else "cheap, alone",
    )
    for number in count():
        with outcomes.timed(name):
            status, body = await client.post(CHEAP % (number % 1_000), {"first": random.randrange(1, 20)})
            assert (status, body[:8]) == (200, b'{"data":'), (status, body[:80])
        await asyncio.sleep(0.02)


async def attack(service: Service, kind: str, seconds: float, outcomes: Outcomes) -> None:
    command = [sys.executable, "-m", "bench.abuse", str(service.port), str(seconds)]
    abuse = await asyncio.create_subprocess_exec(
        *command, *([f"{kind}={ABUSERS}"] if kind else []), cwd=ROOT, stdout=subprocess.PIPE
    )
    told = asyncio.create_task(abuse.communicate())
    await asyncio.sleep(2)
    tasks = [asyncio.create_task(ask(service, kind, outcomes)) for _ in range(4)]
    await asyncio.wait(tasks, timeout=seconds - 3)
    for task in tasks:
        task.cancel()
    outcomes.add(json.loads((await told)[0]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kinds", nargs="+", default=KINDS)
    chosen = parser.parse_args()
    outcomes = Outcomes()
    for kind in chosen.kinds:
        with (
            tempfile.TemporaryDirectory() as scratch,
            serving(chosen.folder, Path(scratch), "--unpublished") as service,
        ):
            asyncio.run(attack(service, kind, chosen.seconds, outcomes))
    print(outcomes.table())
    for failure, times in outcomes.failures.items():
        print(f"FAILED {times:,} times: {failure}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
