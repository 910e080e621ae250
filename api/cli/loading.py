"""Loads the folders that a command is given, or the sample, and shows how far it is on a terminal."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import click

from api.cli.output import fail, note
from graph.building.inventory import nothing_found, told
from graph.building.snapshot import GraphSnapshot
from graph.errors import LoadError
from graph.model import NodeKind
from graph.reading.cache_files import cache_folder
from graph.reading.files import SourceFile
from graph.sites.options import SiteOptions
from graph.stores.live import load_graph

TOLD_EVERY_SECONDS = 5.0
"""How far the reading is, where no terminal shows it."""


def load(folders: Sequence[Path], unpublished: bool, site: SiteOptions) -> GraphSnapshot:
    """The graph of the folders; the command fails if they hold no article."""
    snapshot = load_anything(folders, unpublished, site)
    if not snapshot.ids[NodeKind.ARTICLE]:
        tell(snapshot)
    require_articles(snapshot)
    return snapshot


def load_anything(folders: Sequence[Path], unpublished: bool, site: SiteOptions) -> GraphSnapshot:
    """The graph of the folders, with or without articles."""
    with folders_or_sample(folders) as chosen:
        try:
            return load_graph(chosen, unpublished, track_reading, cache_folder(os.environ), site)
        except LoadError as cause:
            raise click.UsageError(str(cause)) from cause


def require_articles(snapshot: GraphSnapshot) -> None:
    """Ends the command with an explanation if there is no article."""
    if not snapshot.ids[NodeKind.ARTICLE]:
        fail(nothing_found(snapshot.inventory))


def tell(snapshot: GraphSnapshot) -> None:
    """Says what the folders are, and what of them is in the graph and what is not."""
    for line in told(snapshot.inventory):
        note(line)


@contextmanager
def folders_or_sample(folders: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """The folders, else ./seeds, else the sample that is installed with the package."""
    seeds = Path("seeds")
    if folders or seeds.is_dir():
        yield folders or [seeds]
        return
    beside = Path(__file__).parents[2] / "seeds"
    if beside.is_dir():
        yield [beside]
        return
    note("There is no folder ./seeds here; loading the sample that comes with frontgraph.")
    with as_file(files("api") / "_data" / "seeds") as sample:
        yield [sample]


def track_reading(sources: Sequence[SourceFile]) -> Iterator[SourceFile]:
    """The files one after another; a terminal shows how many there were, anything else is told in a line now and then."""
    if not sys.stderr.isatty():
        told_at = time.monotonic()
        for done, source in enumerate(sources):
            now = time.monotonic()
            if now - told_at >= TOLD_EVERY_SECONDS:
                told_at = now
                note(f"Reading: {done:,} of {len(sources):,} files.")
            yield source
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("Reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files, {task.fields[rate]} files/s,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(sources), rate="…")
        for done, source in enumerate(sources, 1):
            yield source
            speed = progress.tasks[task].speed
            progress.update(task, completed=done, rate=f"{speed:,.0f}" if speed else "…")
