"""`frontgraph init`."""

from pathlib import Path

import click

from api.cli.output import fail, note


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
def init(folder: Path) -> None:
    """Write a frontgraph.toml that says what FOLDER is recognised as, to be corrected where it is wrong."""
    from graph.building.inventory import site_line
    from graph.errors import FolderError
    from graph.reading.folders import find_sources
    from graph.sites.configuration_file import configuration_text
    from graph.sites.recognition import OWN_CONFIGURATION
    from graph.sites.site import SiteSystem

    try:
        sites = list(find_sources([folder]).sites)
    except FolderError as cause:
        raise click.UsageError(str(cause)) from cause
    site = sites[0]
    if site.above:
        root = "/".join(".." for _ in site.above.strip("/").split("/"))
        fail(f"This is a part of the site whose root is {root}; run `frontgraph init {folder / root}`.")
    if site.system is SiteSystem.PLAIN and site.evidence is None and sites[1:]:
        roots = ", ".join(f"`frontgraph init {folder / other.label}`" for other in sites[1:])
        fail(f"The site is further down; run {roots}.")
    path = folder / OWN_CONFIGURATION
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(configuration_text(site))
    except FileExistsError:
        fail(f"{path} is there already; remove it first to have it written anew.")
    except OSError as cause:
        fail(f"{path} cannot be written: {cause.strerror}.")
    note(f"{path}: {site_line(site)}")
