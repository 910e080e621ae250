"""`frontgraph stats`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from api.cli.options import folder_options
from api.cli.output import print_json


@click.command()
@folder_options
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table", show_default=True)
def stats(folders: Sequence[Path], unpublished: bool, output_format: str) -> None:
    """Count nodes, edges and problems."""
    from api.cli.loading import load
    from graph.analysis.nodes import nodes_of
    from graph.model import EdgeKind, NodeKind, counted

    snapshot = load(folders, unpublished)
    problems = Counter(problem.code.value for problem in snapshot.problems)
    counts = {
        "nodes": _by_name(counted({kind: len(nodes_of(snapshot, kind)) for kind in NodeKind})),
        "edges": _by_name(counted({kind: snapshot.edge_counts[kind] for kind in EdgeKind})),
        "problems": dict(sorted(problems.items())),
    }
    if output_format == "json":
        print_json({"version": snapshot.version, **counts})
    else:
        _print_table(f"version {snapshot.version}", counts)


def _by_name(counts: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: count for kind, count in counts.items()}


def _print_table(title: str, counts: Mapping[str, Mapping[str, int]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", "", "count", title=title)
    table.columns[2].justify = "right"
    for group, rows in counts.items():
        for name, count in rows.items():
            table.add_row(group, name, f"{count:,}")
            group = ""
        table.add_section()
    Console().print(table)
