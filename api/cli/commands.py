"""`frontgraph` and its commands."""

import errno
import logging
import sys
from typing import Any

import click

from api.cli.build import build
from api.cli.check import check
from api.cli.context import context
from api.cli.export import export
from api.cli.init import init
from api.cli.load import load
from api.cli.mcp import mcp
from api.cli.output import fail, use_utf_8
from api.cli.query import query
from api.cli.schema import schema
from api.cli.serve import serve
from api.cli.stats import stats
from api.cli.synth import synth


class _Commands(click.Group):
    def main(self, *arguments: Any, **options: Any) -> Any:
        use_utf_8()  # before anything is said, a wrong command line included
        return super().main(*arguments, **options)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OSError as cause:
            if cause.errno != errno.ENOSPC:
                raise
            fail("Standard output cannot be written: no space is left on the device.")


@click.group(
    cls=_Commands,
    commands=[build, check, context, export, init, load, mcp, query, schema, serve, stats, synth],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="frontgraph", message="frontgraph %(version)s")
def main() -> None:
    """Turn folders of articles (markdown with front matter) into a knowledge graph that answers GraphQL.

    FOLDERS default to ./seeds, or to the sample that comes with frontgraph where there is none. Several folders become
    one graph.

    Exit status: 0 fine; 1 problems found by `check --fail-on`, a query answered with errors, or a file or port that
    could not be used; 2 a wrong command line.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
