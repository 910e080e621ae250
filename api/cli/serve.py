"""`frontgraph serve`."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options, read_settings

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option(
    "--uds",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Listen on this Unix socket, for a proxy on the same machine, instead of an address.",
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes that answer, one for each core.",
)
@click.option("--watch", is_flag=True, help="Load again whenever files change.")
@click.option("--federation", is_flag=True, help="Be a subgraph of Apollo Federation, for a gateway.")
def serve(
    folders: Sequence[Path],
    unpublished: bool,
    site: "SiteOptions",
    host: str,
    port: int,
    uds: Path | None,
    workers: int,
    watch: bool,
    federation: bool,
) -> None:
    """Answer GraphQL over HTTP, with a playground for the browser.

    SIGHUP loads the folders again, and so does `POST /-/reload` with the operator's token.
    """
    settings = read_settings()
    if federation:
        settings = replace(settings, federation=True)
    from api.cli.listening import Port, UnixSocket
    from api.cli.serving import serve_folders

    place = Port(host, port) if uds is None else UnixSocket(uds)
    serve_folders(settings, folders, unpublished, site, place, workers, watch)
