"""The batch resolver of `Article.context`: what it reads of each article, for `graph.context_packs` to write."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from api.schema.context import Context, settle
from graph.analysis.affinity import TopicLink
from graph.checkpoints import checked
from graph.context_packs.pack import (
    DEFAULT_TOKENS,
    ENTRIES,
    FEW,
    MANY,
    ContextPack,
    Surroundings,
    check_tokens,
    context_pack,
)
from graph.lists.list_sources import NamedList
from graph.lists.pages import ListQuery, Neighbors, Page, PageRequest
from graph.model import Article, label

_FIRST = ListQuery(PageRequest(first=ENTRIES))


async def context_packs(
    articles: Sequence[Article],
    context: Context,
    *,
    tokens: Annotated[
        int,
        strawberry.argument(
            description="The most that the markdown may have, from 200 to 100,000: an estimate, by which a token is four bytes of UTF-8."
        ),
    ] = DEFAULT_TOKENS,
) -> list[ContextPack]:
    check_tokens(tokens)
    ids = [article.id for article in articles]
    few = {which: await settle(context.reader.neighbors(which, ids)) for which in FEW}
    many: dict[NamedList, Sequence[Page[Any]]] = {
        listing: await settle(context.reader.pages(listing, ids, _FIRST)) for listing in MANY
    }
    pages = [page for of_list in many.values() for page in of_list]
    providers = await _providers(pages, context)
    names = await _topic_names(pages, context)
    return [
        context_pack(
            Surroundings(
                article,
                {which: found[place] for which, found in few.items()},
                {listing: found[place] for listing, found in many.items()},
                providers,
                names,
            ),
            tokens,
        )
        for place, article in enumerate(checked(articles))
    ]


async def _providers(pages: Sequence[Page[Any]], context: Context) -> Mapping[str, Any]:
    """Who published each article on the pages, by its id."""
    ids = sorted({node.id for page in pages for node in page.nodes})
    found = await settle(context.reader.neighbors(Neighbors.PROVIDER_OF_ARTICLE, ids)) if ids else []
    return {node_id: provider for node_id, providers in zip(ids, found, strict=True) for provider in providers}


async def _topic_names(pages: Sequence[Page[Any]], context: Context) -> Mapping[str, str]:
    links = (edge.link for page in pages for edge in page.edges)
    ids = sorted({topic for link in links if isinstance(link, TopicLink) for topic in link.shared_topics})
    found = await settle(context.reader.nodes(ids)) if ids else []
    return {node.id: label(node) for node in found if node is not None}
