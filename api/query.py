"""The root `Query`: one thin batch resolver per entry point."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from api.batching import batch_field
from api.context import Context, settle
from api.inputs import (
    ArticleFilterArgument,
    ArticleOrderArgument,
    ProviderFilterArgument,
    ProviderOrderArgument,
    TopicFilterArgument,
    TopicOrderArgument,
)
from api.object_types import (
    Article,
    ArticleConnection,
    Node,
    Provider,
    ProviderConnection,
    Snapshot,
    Topic,
    TopicConnection,
    connection_field,
)
from graph import model
from graph.errors import IdError
from graph.links import is_node_id
from graph.problems import quote
from graph.queries import Listing, Lookup

NODES_LIMIT = 100
"""Ids in one `nodes` field."""


@strawberry.input(description="What identifies one article.", one_of=True)
class ArticleBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    slug: str | None = strawberry.field(
        default=UNSET, description="Its slug, or the name of its file without extension."
    )
    url: str | None = strawberry.field(default=UNSET, description="Any of its URLs, however it is written.")


@strawberry.input(description="What identifies one provider.", one_of=True)
class ProviderBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    domain: str | None = strawberry.field(default=UNSET, description="Its domain, with or without `www.`.")


@strawberry.input(description="What identifies one topic.", one_of=True)
class TopicBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    slug: str | None = strawberry.field(default=UNSET, description="Its slug.")
    name: str | None = strawberry.field(default=UNSET, description="Its name; case and accents do not matter.")


_LOOKUPS = {
    (ArticleBy, "slug"): Lookup.ARTICLE_BY_SLUG,
    (ArticleBy, "url"): Lookup.ARTICLE_BY_URL,
    (ProviderBy, "domain"): Lookup.PROVIDER_BY_DOMAIN,
    (TopicBy, "slug"): Lookup.TOPIC_BY_SLUG,
    (TopicBy, "name"): Lookup.TOPIC_BY_NAME,
}


async def _one(context: Context, by: ArticleBy | ProviderBy | TopicBy, wanted: type[model.Node]) -> model.Node | None:
    """The node that the single given key of `by` names."""
    name, value = next((name, value) for name, value in vars(by).items() if value is not UNSET)
    if name == "id":
        found = (await _by_ids(context, [value]))[0]
    else:
        found = (await settle(context.reader.find(_LOOKUPS[type(by), name], [value])))[0]
    if isinstance(found, IdError):
        raise found
    return found if isinstance(found, wanted) else None


async def _by_ids(context: Context, ids: Sequence[str]) -> list[model.Node | IdError | None]:
    """The node with each id; an error in the place of an id that no node can have."""
    found = await settle(context.reader.nodes(ids))
    return [
        node if node is not None or is_node_id(node_id) else IdError(f"{quote(node_id)} is no id of this service.")
        for node_id, node in zip(ids, found, strict=True)
    ]


async def _node(
    roots: Sequence[None],
    context: Context,
    *,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of any node.")],  # noqa: A002
) -> list[Any]:
    return (await _by_ids(context, [id])) * len(roots)


async def _nodes(
    roots: Sequence[None],
    context: Context,
    *,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of any nodes, at most 100.")],
) -> list[Any]:
    if len(ids) > NODES_LIMIT:
        raise IdError(f"`ids` has {len(ids)} entries; give at most {NODES_LIMIT} at a time.")
    return [await _by_ids(context, ids)] * len(roots)


async def _article(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[ArticleBy, strawberry.argument(description="The one key to find it by.")],
) -> list[Any]:
    return [await _one(context, by, model.Article)] * len(roots)


async def _provider(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[ProviderBy, strawberry.argument(description="The one key to find it by.")],
) -> list[Any]:
    return [await _one(context, by, model.Provider)] * len(roots)


async def _topic(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[TopicBy, strawberry.argument(description="The one key to find it by.")],
) -> list[Any]:
    return [await _one(context, by, model.Topic)] * len(roots)


async def _snapshot(roots: Sequence[None], context: Context) -> list[Any]:
    return [await settle(context.reader.info())] * len(roots)


@strawberry.type(description="Ways into the graph.")
class Query:
    node: Node | None = batch_field(_node, description="The node with this id; null if the graph does not hold it.")
    nodes: list[Node | None] = batch_field(
        _nodes, description="The node with each id, in their order; null for each that the graph does not hold."
    )
    article: Article | None = batch_field(_article, description="One article; null if there is none.")
    provider: Provider | None = batch_field(_provider, description="One provider; null if there is none.")
    topic: Topic | None = batch_field(_topic, description="One topic; null if there is none.")
    articles: ArticleConnection = connection_field(
        Listing.ARTICLES,
        ArticleFilterArgument,
        ArticleOrderArgument,
        description="All articles, newest first unless ordered otherwise.",
    )
    providers: ProviderConnection = connection_field(
        Listing.PROVIDERS,
        ProviderFilterArgument,
        ProviderOrderArgument,
        description="All providers, by name unless ordered otherwise.",
    )
    topics: TopicConnection = connection_field(
        Listing.TOPICS,
        TopicFilterArgument,
        TopicOrderArgument,
        description="All topics, by name unless ordered otherwise.",
    )
    snapshot: Snapshot = batch_field(_snapshot, description="What this graph holds, and what is wrong with it.")
