"""`frontgraph query`."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options, read_settings
from api.cli.output import ExitStatus, print_json

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@click.argument("text")
@folder_options
@click.option("--variables", default="{}", help="The operation's variables, as a JSON object.")
@click.option("--operation", help="The name of the operation, if the text holds several.")
def query(
    text: str, folders: Sequence[Path], unpublished: bool, site: "SiteOptions", variables: str, operation: str | None
) -> None:
    """Answer the GraphQL query TEXT (- reads it from standard input) without a server, as JSON."""
    import orjson

    from api.cli.loading import load
    from api.execution import OperationRequest, execute
    from api.schema.context import Context
    from graph.stores.memory import MemoryStore

    try:
        values = orjson.loads(variables)
    except orjson.JSONDecodeError as cause:
        raise click.BadParameter(f"it is not JSON: {cause}", param_hint="--variables") from cause
    if not isinstance(values, dict):
        raise click.BadParameter("it must be a JSON object, such as '{\"first\": 3}'", param_hint="--variables")
    settings = read_settings()
    request = OperationRequest(sys.stdin.read() if text == "-" else text, values, operation)
    store = MemoryStore(load(folders, unpublished, site))
    answer = asyncio.run(execute(request, Context(store.reader(), settings)))
    print_json(answer)
    sys.exit(ExitStatus.FAILED if "errors" in answer else ExitStatus.FINE)
