"""`frontgraph context`."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from api.cli.options import folder_options, read_settings
from api.cli.output import fail, printable

if TYPE_CHECKING:
    from graph.sites.options import SiteOptions


@click.command()
@folder_options
@click.argument("article")
@click.option(
    "--tokens",
    default=2_000,
    show_default=True,
    help="The most that the answer may have: an estimate, by which a token is four bytes.",
)
def context(folders: Sequence[Path], unpublished: bool, site: "SiteOptions", article: str, tokens: int) -> None:
    """Print ARTICLE (its id, slug, path or URL) and what surrounds it and why, as markdown for a language model."""
    from api.cli.loading import load
    from api.execution import OperationRequest, execute
    from api.names import article_keys
    from api.schema.context import Context
    from graph.stores.memory import MemoryStore

    settings = read_settings()
    reader = MemoryStore(load(folders, unpublished, site)).reader()
    nearest: list[str] = []
    for key in article_keys(article):
        request = OperationRequest(_QUERY, {"by": {key: article}, "tokens": tokens}, None)
        answer = asyncio.run(execute(request, Context(reader, settings)))
        if "errors" in answer:
            fail(printable(answer["errors"][0]["message"]))
        if found := answer["data"]["article"]:
            click.echo(found["context"]["markdown"], nl=False)
            return
        nearest += [name for hint in answer.get("extensions", {}).get("hints", []) for name in hint["nearest"]]
    meant = f" Nearest are: {', '.join(f'“{printable(name)}”' for name in dict.fromkeys(nearest))}." if nearest else ""
    fail(f"There is no article “{printable(article)}”; give its id, slug, path or URL.{meant}")


_QUERY = "query Context($by: ArticleBy!, $tokens: Int!) { article(by: $by) { context(tokens: $tokens) { markdown } } }"
