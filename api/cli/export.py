"""`frontgraph export`."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options
from api.cli.output import fail, note, summary
from graph.errors import ExportError, InputError
from graph.export.formats import ExportFormat

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.option(
    "--format",
    "wanted",
    type=click.Choice([wanted.value for wanted in ExportFormat]),
    required=True,
    help="What to write.",
)
@click.option("--output", required=True, help="A file, or - for standard output.")
@click.option("--filter", metavar="JSON", help="Only articles that pass, with their providers, topics and authors.")
@click.option("--around", metavar="ID", help="Only this node and what lies around it.")
@click.option("--depth", metavar="N", help="How many steps around it, at most 4.  [default: 1]")
@click.option("--story", metavar="ID", help="Only this story's articles, with their providers, topics and authors.")
@click.option("--stories", is_flag=True, help="The stories are nodes, too.")
@click.option("--projection", metavar="KIND", help="providers, topics or persons: the network of who shares what.")
@click.option("--backbone", is_flag=True, help="Only the significant edges of a projection.")
@click.option("--bom", is_flag=True, help="CSV begins with a byte order mark, by which Excel knows UTF-8.")
def export(
    folders: Sequence[Path],
    unpublished: bool,
    site: "SiteOptions",
    wanted: str,
    output: str,
    *,
    stories: bool,
    backbone: bool,
    bom: bool,
    **texts: str | None,
) -> None:
    """Write the graph, or a part of it, for Gephi, igraph, Cytoscape, networkx or a spreadsheet."""
    from api.cli.loading import load
    from api.web.export_parameters import read_options, read_selection
    from graph.export.selection_query import selected_nodes
    from graph.export.writing import export_chunks, write_export

    try:
        switches = {"stories": stories, "backbone": backbone, "bom": bom}
        given = {name: value for name, value in texts.items() if value is not None}
        given |= {name: "true" for name, value in switches.items() if value}
        query, options = read_selection(given), read_options(given)
        snapshot = load(folders, unpublished, site)
        nodes = selected_nodes(snapshot, query)
        if output == "-":
            for chunk in export_chunks(snapshot, ExportFormat(wanted), nodes, options):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            write_export(snapshot, ExportFormat(wanted), Path(output), nodes, options)
            kept = "" if nodes is None else f"{len(nodes):,} nodes of "
            if options.projection is not None:
                kept = f"{given['projection']} among {kept}"
            note(f"{output}: {kept}{summary(snapshot)}")
    except InputError as cause:
        raise click.UsageError(str(cause)) from cause
    except ExportError as cause:
        fail(str(cause))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more to say to a closed pipe
    except OSError as cause:
        fail(f"{output} cannot be written: {cause.strerror}.")
