"""`frontgraph mcp`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options, read_settings, setting_errors
from api.cli.output import fail

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions
    from graph.stores.protocol import GraphStore

NOT_INSTALLED = "The Model Context Protocol needs its SDK, which is not installed. Run: pip install 'frontgraph[mcp]'"


@click.command()
@folder_options
def mcp(folders: Sequence[Path], unpublished: bool, site: "SiteOptions") -> None:
    """Be a tool of a language model (Model Context Protocol): answer it on standard input and output.

    FOLDERS are loaded; or one URL in their place is that of a running service, which is asked with FRONTGRAPH_READ_TOKEN.
    """
    from graph.links import url_of_path

    settings = read_settings()
    try:
        from api.mcp.stdio import serve_stdio
    except ModuleNotFoundError:
        fail(NOT_INSTALLED)
    source: str | GraphStore
    url = url_of_path(folders[0], ("http", "https")) if len(folders) == 1 else None
    if url is not None:
        source = url
    else:
        from api.cli.loading import load
        from graph.stores.memory import MemoryStore

        source = MemoryStore(load(folders, unpublished, site))
    with setting_errors():
        serve_stdio(settings, source)
