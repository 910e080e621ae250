"""`frontgraph check`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options
from api.cli.output import ExitStatus, note, print_json

if TYPE_CHECKING:
    from graph.problems import Problem
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.option(
    "--format", "output_format", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--strict", is_flag=True, help="Exit with status 1 if there is any problem.")
def check(folders: Sequence[Path], unpublished: bool, site: "SiteOptions", output_format: str, strict: bool) -> None:
    """Report what authors got wrong, with file, line and field."""
    from api.cli.loading import folders_or_sample, load_anything, require_articles, tell
    from api.cli.sarif import sarif_log

    with folders_or_sample(folders) as chosen:
        snapshot = load_anything(chosen, unpublished, site)
        problems = snapshot.problems
        log = sarif_log(problems, chosen, Path.cwd()) if output_format == "sarif" else None
    if log is not None:
        print_json(log)
    elif output_format == "json":
        print_json([_problem_json(problem) for problem in problems])
    else:
        for problem in problems:
            click.echo(str(problem))
        tell(snapshot)
        note(f"{len(problems):,} problems" if problems else "No problems.")
    require_articles(snapshot)
    sys.exit(ExitStatus.FAILED if strict and problems else ExitStatus.FINE)


def _problem_json(problem: "Problem") -> dict[str, object]:
    return {
        "severity": problem.severity.value,
        "code": problem.code.value,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "fieldPath": problem.field_path,
    }
