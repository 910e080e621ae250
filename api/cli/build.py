"""`frontgraph build`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options
from api.cli.output import fail, note, summary

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.option(
    "--into",
    metavar="FOLDER",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A new or empty folder, or one with a graph, which another version takes the place of.",
)
def build(folders: Sequence[Path], unpublished: bool, site: "SiteOptions", into: Path) -> None:
    """Write the graph to a folder of Parquet files, which `serve` and all other commands take in place of the documents.

    Nothing is parsed then: a graph is built once and starts anywhere in seconds. Whoever serves the folder goes on with the version
    before until the new one is complete.
    """
    if str(into).startswith(("postgresql:", "postgres:")):
        raise click.BadParameter("`frontgraph load` writes into a database.", param_hint="--into")
    from api.cli.loading import load, tell
    from graph.errors import ExportError, FolderError
    from graph.tables.folder import write_folder

    snapshot = load(folders, unpublished, site)
    try:
        is_news = write_folder(snapshot, into, unpublished)
    except (ExportError, FolderError) as cause:
        fail(str(cause))
    except OSError as cause:
        fail(f"{into} cannot be written to: {cause.strerror}.")
    tell(snapshot)
    state = f"version {snapshot.version}" if is_news else f"version {snapshot.version} was there already"
    note(f"{into}: {state}, {summary(snapshot)}")
