"""`frontgraph stats`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from api.cli.options import folder_options
from api.cli.output import print_json

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.option("--format", "output_format", type=click.Choice(["table", "json"]), default="table", show_default=True)
def stats(folders: Sequence[Path], unpublished: bool, site: "SiteOptions", output_format: str) -> None:
    """Count nodes, edges and problems."""
    from api.cli.loading import load_anything, require_articles, tell
    from graph.analysis.nodes import nodes_of
    from graph.model import EdgeKind, NodeKind, counted

    snapshot = load_anything(folders, unpublished, site)
    problems = Counter(problem.code.value for problem in snapshot.problems)
    inventory = snapshot.inventory
    counts = {
        "nodes": _by_name(counted({kind: len(nodes_of(snapshot, kind)) for kind in NodeKind})),
        "edges": _by_name(counted({kind: snapshot.edge_counts[kind] for kind in EdgeKind})),
        "problems": dict(sorted(problems.items())),
        "files": {"read": inventory.file_count, "hidden": inventory.hidden_count},
        "hidden": {reason.name: count for reason, count in inventory.hidden.items()},
        "not read": {reason.name: part.files for reason, part in inventory.not_read.items()},
    }
    if output_format == "json":
        print_json({"version": snapshot.version, **counts})
    else:
        _print_table(f"version {snapshot.version}", counts)
        tell(snapshot)
    require_articles(snapshot)


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
