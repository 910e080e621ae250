"""`frontgraph synth`."""

from pathlib import Path

import click

from api.cli.output import note


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--articles", default=1_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many.")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files.")
def synth(folder: Path, articles: int, seed: int) -> None:
    """Write a corpus of invented articles into an empty FOLDER, shaped like a real one: stories, hubs, rare topics."""
    from graph.errors import FolderError
    from graph.synth import write_corpus

    try:
        write_corpus(folder, articles, seed)
    except FolderError as cause:
        raise click.UsageError(str(cause)) from cause
    note(f"{folder}: {articles:,} articles")
