"""What other programs reach by entry points: the command `frontgraph`, also as `python -m frontgraph`, and networkx's backend.

The names `graph` and `api` are common. The command's are those beside this file, whatever packages of these names stand in the
current folder or on PYTHONPATH; and `networkx_backend` imports neither, since every program that uses networkx calls it.
"""

import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Run the command."""
    beside = str(Path(__file__).parent)
    sys.path.insert(0, beside)
    import api.cli
    import graph  # noqa: F401  # from now on its modules are found in the package's own folder, as those of api

    sys.path.remove(beside)
    api.cli.main()


def networkx_backend() -> dict[str, Any]:
    """What networkx tells of the backend `graph.analysis.backend` in the documentation of its functions."""
    notes = {
        "pagerank": "Without personalization, start values and dangling weights; iterates until 12 digits stay.",
        "connected_components": "",
        "core_number": "",
        "betweenness_centrality": "Without weights and endpoints.",
        "leiden_communities": "With `metric='modularity'` and without `max_level`.",
    }
    return {
        "backend_name": "frontgraph",
        "project": "frontgraph",
        "package": "graph",
        "short_summary": "Measures of network analysis in plain Python over compact adjacency.",
        "functions": {name: {"additional_docs": note} for name, note in notes.items()},
    }


if __name__ == "__main__":
    main()
