"""Starts the command `frontgraph`, also as `python -m frontgraph`.

The packages `graph` and `api` are those beside this file, whatever packages of these common names stand in the current folder or
on PYTHONPATH.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run the command."""
    beside = str(Path(__file__).parent)
    sys.path.insert(0, beside)
    import api.cli
    import graph  # noqa: F401  # from now on its modules are found in the package's own folder, as those of api

    sys.path.remove(beside)
    api.cli.main()


if __name__ == "__main__":
    main()
