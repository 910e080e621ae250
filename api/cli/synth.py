"""`frontgraph synth`."""

from pathlib import Path

import click

from api.cli.output import note


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--articles", default=1_000, show_default=True, type=click.IntRange(1, 10_000_000), help="How many.")
@click.option("--site", type=click.Choice(["hugo", "jekyll", "obsidian"]), help="Write it as a site of this system.")
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files.")
def synth(folder: Path, articles: int, site: str | None, seed: int) -> None:
    """Write a corpus of invented articles into an empty FOLDER, shaped like a real one: stories, hubs, rare topics."""
    from graph.errors import FolderError
    from graph.synth import SiteKind, write_corpus, write_site

    try:
        if site is None:
            write_corpus(folder, articles, seed)
            note(f"{folder}: {articles:,} articles")
        else:
            counts = write_site(folder, SiteKind(site), articles, seed)
            kinds = {"drafts": counts.drafts, "bundles": counts.bundles, "translations": counts.translations}
            several = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
            of_these = f", of which {several}" if several else ""
            note(f"{folder}: {counts.files:,} documents{of_these}; {counts.links:,} links")
    except FolderError as cause:
        raise click.UsageError(str(cause)) from cause
