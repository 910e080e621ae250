"""Measures everything in one run: `python -m bench.all FOLDER`, for about a quarter of an hour.

Loading, answering, several workers, and growth, one after the other and each in processes of its own; further arguments are
the sizes of invented corpora, in articles, if not 10,000 and 100,000.
"""

import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent


def main(folder: str, sizes: list[str]) -> int:
    """How many of the scripts failed."""
    scripts = [["load.py", folder], ["serving.py", folder], ["workers.py", folder], ["growth.py", *sizes]]
    return sum(run(script, arguments) for script, *arguments in scripts)


def run(script: str, arguments: list[str]) -> bool:
    """Whether the script failed; what it says goes where all goes."""
    print(f"\n## {' '.join([script, *arguments])}\n", flush=True)
    environment = os.environ | {"PYTHONPATH": str(BENCH.parent)}
    return subprocess.run([sys.executable, BENCH / script, *arguments], env=environment, check=False).returncode != 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m bench.all FOLDER [SIZE …]")
    sys.exit(main(sys.argv[1], sys.argv[2:]))
