"""The root type `Query`: a thin batch resolver for each of its fields."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple

import strawberry
from strawberry import UNSET

from api.schema import resolvers
from api.schema.batching import batch_field
from api.schema.connections import After, Before, ConnectionView, First, Last, Paging
from api.schema.context import Context, settle, then
from api.schema.enums import Direction, Match, NodeKind, TrendKind, TrendWindow
from api.schema.inputs import ArticleFilterArgument, to_filter
from api.schema.object_types import (
    Article,
    ArticleConnection,
    Node,
    PathResult,
    Person,
    PersonConnection,
    Provider,
    ProviderConnection,
    SearchConnection,
    Snapshot,
    StoryConnection,
    Subgraph,
    Topic,
    TopicConnection,
    TopicRelatedConnection,
    Trend,
    articles_field,
    persons_field,
    providers_field,
    stories_field,
    topics_field,
)
from api.schema.resolvers import EdgeKinds, LimitPerNode, ThroughHubs
from graph import model
from graph.building.lookups import Lookup
from graph.errors import IdError, NotFoundError, SearchError
from graph.links import is_node_id
from graph.lists.list_sources import ByText, ByTopics, NamedList
from graph.lists.trends import TrendQuery
from graph.problems import quote
from graph.stores.protocol import Answer
from graph.traversal import PathQuery
from graph.traversal.provider_network import NetworkQuery

NODES_LIMIT = 100
"""The most ids in a `nodes` field, and the most topics in `relatedByTopic`."""


@strawberry.input(description="What identifies one article.", one_of=True)
class ArticleBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    slug: str | None = strawberry.field(
        default=UNSET,
        description="Its slug, one of its aliases, or the name of its file without extension; case does not matter.",
    )
    url: str | None = strawberry.field(
        default=UNSET,
        description="Any of its URLs, however it is written: a former one and an address without a host, `/2024/frost/`, too.",
    )
    path: str | None = strawberry.field(
        default=UNSET,
        description="Its address below the start page of its site, or the path of its file, with or without ending; case does not matter.",
    )


@strawberry.input(description="What identifies one provider.", one_of=True)
class ProviderBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    domain: str | None = strawberry.field(default=UNSET, description="Its domain, with or without `www.`.")


@strawberry.input(description="What identifies one topic.", one_of=True)
class TopicBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="Its id.")
    slug: str | None = strawberry.field(default=UNSET, description="Its slug.")
    name: str | None = strawberry.field(
        default=UNSET, description="Its name, or one of its aliases; case and accents do not matter."
    )


@strawberry.input(description="What identifies one person.", one_of=True)
class PersonBy:
    id: strawberry.ID | None = strawberry.field(default=UNSET, description="The id.")
    slug: str | None = strawberry.field(default=UNSET, description="The slug.")
    name: str | None = strawberry.field(
        default=UNSET, description="The name, in any of its spellings; case and accents do not matter."
    )


_LOOKUPS = {
    (ArticleBy, "slug"): Lookup.ARTICLE_BY_SLUG,
    (ArticleBy, "url"): Lookup.ARTICLE_BY_URL,
    (ArticleBy, "path"): Lookup.ARTICLE_BY_PATH,
    (ProviderBy, "domain"): Lookup.PROVIDER_BY_DOMAIN,
    (TopicBy, "slug"): Lookup.TOPIC_BY_SLUG,
    (TopicBy, "name"): Lookup.TOPIC_BY_NAME,
    (PersonBy, "slug"): Lookup.PERSON_BY_SLUG,
    (PersonBy, "name"): Lookup.PERSON_BY_NAME,
}


def _one(
    context: Context, by: ArticleBy | ProviderBy | TopicBy | PersonBy, wanted: type[model.Node]
) -> Answer[model.Node | None]:
    """The node that the one given key of `by` identifies."""
    ((name, value),) = [given for given in vars(by).items() if given[1] is not UNSET]

    def checked_one(found: Sequence[model.Node | IdError | None]) -> model.Node | None:
        (node,) = found
        if isinstance(node, IdError):
            raise node
        if node is None and name != "id":
            context.missed.add((_LOOKUPS[type(by), name], value))
        return node if isinstance(node, wanted) else None

    found: Answer[Sequence[model.Node | IdError | None]] = (
        _by_ids(context, [value]) if name == "id" else context.reader.find(_LOOKUPS[type(by), name], [value])
    )
    return then(found, checked_one)


async def _not_found(what: str, listed: str, lookup: Lookup, name: str, context: Context) -> NotFoundError:
    (nearest,) = await settle(context.reader.nearest(lookup, [name]))
    meant = f" Nearest are: {', '.join(map(quote, nearest))}." if nearest else ""
    return NotFoundError(f"There is no {what} {quote(name)}; `{listed}` lists them all.{meant}")


def _by_ids(context: Context, ids: Sequence[str]) -> Answer[list[model.Node | IdError | None]]:
    """The node with each id, None for an unknown one; an error in place of an id that no node can have."""
    return then(
        context.reader.nodes(ids),
        lambda found: [
            node if node is not None or is_node_id(node_id) else IdError(f"{quote(node_id)} is no id of this service.")
            for node_id, node in zip(ids, found, strict=True)
        ],
    )


def _node(
    roots: Sequence[None],
    context: Context,
    *,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of any node.")],  # noqa: A002
) -> Answer[list[Any]]:
    return then(_by_ids(context, [id]), lambda found: found * len(roots))


def _nodes(
    roots: Sequence[None],
    context: Context,
    *,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="The ids of any nodes, at most 100.")],
) -> Answer[list[Any]]:
    if len(ids) > NODES_LIMIT:
        raise IdError(f"`ids` has {len(ids)} entries; give at most {NODES_LIMIT} at a time.")
    return then(_by_ids(context, ids), lambda found: [found] * len(roots))


def _article(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[ArticleBy, strawberry.argument(description="The one key to find it by.")],
) -> Answer[list[Any]]:
    return then(_one(context, by, model.Article), lambda found: [found] * len(roots))


def _provider(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[ProviderBy, strawberry.argument(description="The one key to find it by.")],
) -> Answer[list[Any]]:
    return then(_one(context, by, model.Provider), lambda found: [found] * len(roots))


def _topic(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[TopicBy, strawberry.argument(description="The one key to find it by.")],
) -> Answer[list[Any]]:
    return then(_one(context, by, model.Topic), lambda found: [found] * len(roots))


def _person(
    roots: Sequence[None],
    context: Context,
    *,
    by: Annotated[PersonBy, strawberry.argument(description="The one key to find them by.")],
) -> Answer[list[Any]]:
    return then(_one(context, by, model.Person), lambda found: [found] * len(roots))


def _search(
    roots: Sequence[None],
    context: Context,
    *,
    query: Annotated[
        str,
        strawberry.argument(
            description="Words, all of which must occur; a “phrase” in double quotes; a beginning with * after it. "
            "Case and accents do not matter, and one mistake in a word of four or more letters is forgiven."
        ),
    ],
    kinds: Annotated[
        list[NodeKind] | None,
        strawberry.argument(
            description="What to search for; everything if it is left out, or articles alone if there is a filter."
        ),
    ] = None,
    filter: ArticleFilterArgument = None,  # noqa: A002
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Answer[list[ConnectionView]]:
    wanted = frozenset(NodeKind) if kinds is None else frozenset(kinds)
    if kinds is None and filter is not None:
        wanted = frozenset({NodeKind.ARTICLE})
    paging = Paging(first, after, last, before)
    return resolvers.pages_of(ByText(query, wanted), roots, context, paging, condition=filter)


async def _related_by_topic(
    roots: Sequence[None],
    context: Context,
    *,
    topics: Annotated[list[str], strawberry.argument(description="Names or slugs of topics, at most 100.")],
    match: Annotated[
        Match, strawberry.argument(description="Whether an article must have any or all of them.")
    ] = Match.ANY,
    filter: ArticleFilterArgument = None,  # noqa: A002
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[ConnectionView]:
    if len(topics) > NODES_LIMIT:
        raise SearchError(f"`topics` has {len(topics)} entries; give at most {NODES_LIMIT}.")
    found = await settle(context.reader.find(Lookup.TOPIC_BY_NAME, topics))
    for name, topic in zip(topics, found, strict=True):
        if topic is None:
            raise await _not_found("topic", "topics", Lookup.TOPIC_BY_NAME, name, context)
    wanted = ByTopics(tuple(dict.fromkeys(topic.id for topic in found if topic)), match)
    paging = Paging(first, after, last, before)
    return await settle(resolvers.pages_of(wanted, roots, context, paging, condition=filter))


async def _provider_neighborhood(
    roots: Sequence[None],
    context: Context,
    *,
    domain: Annotated[str, strawberry.argument(description="The provider's domain, with or without `www.`.")],
    depth: resolvers.Depth = 1,
    limit_per_node: LimitPerNode = 20,
    through_hubs: ThroughHubs = False,
) -> list[Any]:
    provider = (await settle(context.reader.find(Lookup.PROVIDER_BY_DOMAIN, [domain])))[0]
    if provider is None:
        raise await _not_found("provider", "providers", Lookup.PROVIDER_BY_DOMAIN, domain, context)
    query = NetworkQuery(depth, limit_per_node, through_hubs)
    return (await settle(resolvers.provider_networks([provider.id], context, query))) * len(roots)


class _Start(NamedTuple):
    """A node that has not been fetched: `resolvers.neighborhood` reads nothing but the id."""

    id: str


def _neighborhood(
    roots: Sequence[None],
    context: Context,
    *,
    id: Annotated[strawberry.ID, strawberry.argument(description="The id of any node.")],  # noqa: A002
    depth: resolvers.Depth = 1,
    edge_kinds: EdgeKinds = None,
    direction: resolvers.WalkDirection = Direction.ANY,
    limit_per_node: LimitPerNode = 20,
    through_hubs: ThroughHubs = False,
    filter: ArticleFilterArgument = None,  # noqa: A002
) -> Answer[list[Any]]:
    found = resolvers.neighborhood(
        [_Start(id)],
        context,
        depth=depth,
        edge_kinds=edge_kinds,
        direction=direction,
        limit_per_node=limit_per_node,
        through_hubs=through_hubs,
        filter=filter,
    )
    return then(found, lambda parts: parts * len(roots))


def _paths(
    roots: Sequence[None],
    context: Context,
    *,
    start: Annotated[strawberry.ID, strawberry.argument(name="from", description="The id of a node.")],
    end: Annotated[strawberry.ID, strawberry.argument(name="to", description="The id of another node.")],
    first: Annotated[int, strawberry.argument(description="At most this many paths, from 1 to 20.")] = 1,
    edge_kinds: EdgeKinds = None,
    through_hubs: ThroughHubs = False,
) -> Answer[list[Any]]:
    query = PathQuery(first, resolvers.kinds_of(edge_kinds), through_hubs)
    return then(context.reader.paths(start, end, query), lambda found: [found] * len(roots))


def _trending(
    roots: Sequence[None],
    context: Context,
    *,
    kind: Annotated[TrendKind, strawberry.argument(description="What to look at.")] = TrendKind.TOPIC,
    window: Annotated[
        TrendWindow, strawberry.argument(description="The length of time that is compared with four such before it.")
    ] = TrendWindow.WEEK,
    until: Annotated[
        datetime | None,
        strawberry.argument(description="Where the window ends; just after the latest article if it is left out."),
    ] = None,
    first: Annotated[int, strawberry.argument(description="At most this many, from 1 to 100.")] = 10,
    filter: ArticleFilterArgument = None,  # noqa: A002
) -> Answer[list[Any]]:
    query = TrendQuery(NodeKind[kind.name], window, until, first, to_filter(filter))
    return then(context.reader.trending(query), lambda found: [found] * len(roots))


def _snapshot(roots: Sequence[None], context: Context) -> Answer[list[Any]]:
    return then(context.reader.info(), lambda info: [info] * len(roots))


@strawberry.type(description="Ways into the graph.")
class Query:
    node: Node | None = batch_field(_node, description="The node with this id; null if the graph does not hold it.")
    nodes: list[Node | None] = batch_field(
        _nodes, description="The node with each id, in their order; null for each that the graph does not hold."
    )
    article: Article | None = batch_field(_article, description="One article; null if there is none.")
    provider: Provider | None = batch_field(_provider, description="One provider; null if there is none.")
    topic: Topic | None = batch_field(_topic, description="One topic; null if there is none.")
    person: Person | None = batch_field(_person, description="One person; null if there is none.")
    articles: ArticleConnection = articles_field(
        NamedList.ARTICLES, "All articles, newest first unless ordered otherwise."
    )
    providers: ProviderConnection = providers_field(
        NamedList.PROVIDERS, "All providers, by name unless ordered otherwise."
    )
    topics: TopicConnection = topics_field(NamedList.TOPICS, "All topics, by name unless ordered otherwise.")
    persons: PersonConnection = persons_field(NamedList.PERSONS, "All persons, by name unless ordered otherwise.")
    stories: StoryConnection = stories_field(
        NamedList.STORIES, "All stories, those with the latest articles first unless ordered otherwise."
    )
    search: SearchConnection = batch_field(_search, description="What has these words, the best first.")
    related_by_topic: TopicRelatedConnection = batch_field(
        _related_by_topic,
        description="The articles about these topics, the highest score first, then the newest.",
    )
    provider_neighborhood: Subgraph = batch_field(
        _provider_neighborhood,
        description="The providers around a provider, by the links between their articles, then by the topics they share.",
    )
    neighborhood: Subgraph = batch_field(
        _neighborhood,
        description="What lies around a node, nearest first, with the edges in between. A story stands for its articles.",
    )
    paths: PathResult = batch_field(
        _paths,
        description="The shortest ways between two articles, providers, topics or persons, along edges in either direction.",
    )
    trending: list[Trend] = batch_field(
        _trending,
        description="The topics, providers or stories with more articles lately than the time before lets expect.",
    )
    snapshot: Snapshot = batch_field(_snapshot, description="What this graph holds, and what is wrong with it.")
