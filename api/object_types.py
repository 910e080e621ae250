"""The object types: what clients see of the graph, each field with its batch resolver.

Resolvers answer the graph's own records; the types only name their attributes. All types stand in one module because
articles, providers and topics lead to each other.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types.info import Info

from api.batching import batch_field
from api.connections import (
    After,
    Before,
    Connection,
    ConnectionView,
    Edge,
    First,
    Last,
    page_request,
)
from api.context import Context, settle
from api.enums import (
    ArticleOrigin,
    EdgeKind,
    LinkDirection,
    NodeKind,
    ProblemCode,
    RelatedDirection,
    Severity,
)
from api.inputs import (
    ArticleFilterArgument,
    ArticleOrderArgument,
    ProviderFilterArgument,
    ProviderOrderArgument,
    TopicFilterArgument,
    TopicOrderArgument,
    to_filter,
    to_order,
)
from api.scalars import Json
from graph import model
from graph.queries import PROBLEM_ORDER, Listing, ListQuery, Neighbours, list_order
from graph.store import WHOLE_GRAPH, SnapshotInfo


async def _pages(listing: Listing, parents: Sequence[Any], context: Context, **arguments: Any) -> list[ConnectionView]:
    """The same page of each parent's list; the parent of the root fields, None, stands for the whole graph."""
    order = list_order(listing, to_order(arguments.pop("order_by")))
    condition = to_filter(arguments.pop("filter"))
    query = ListQuery(page_request(context.settings, order, **arguments), condition, order)
    ids = [WHOLE_GRAPH if parent is None else parent.id for parent in parents]
    pages = await settle(context.reader.pages(listing, ids, query))
    return [ConnectionView(page, order) for page in pages]


def connection_field(listing: Listing, filter_argument: Any, order_argument: Any, *, description: str) -> Any:
    """A field that answers pages of a list, with the arguments that every connection takes."""

    async def resolve(
        parents: Sequence[Any],
        context: Context,
        *,
        filter: Any = None,  # noqa: A002  # the argument's name in the schema
        order_by: Any = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[ConnectionView]:
        return await _pages(
            listing,
            parents,
            context,
            filter=filter,
            order_by=order_by,
            first=first,
            after=after,
            last=last,
            before=before,
        )

    resolve.__annotations__ |= {"filter": filter_argument, "order_by": order_argument}
    return batch_field(resolve, description=description)


_RELATED = {
    RelatedDirection.OUT: Listing.RELATED_OUT,
    RelatedDirection.IN: Listing.RELATED_IN,
    RelatedDirection.ANY: Listing.RELATED_ANY,
}


async def _related(
    articles: Sequence[model.Article],
    context: Context,
    *,
    direction: Annotated[
        RelatedDirection, strawberry.argument(description="Which related articles are wanted.")
    ] = RelatedDirection.ANY,
    filter: ArticleFilterArgument = None,  # noqa: A002
    order_by: ArticleOrderArgument = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[ConnectionView]:
    return await _pages(
        _RELATED[direction],
        articles,
        context,
        filter=filter,
        order_by=order_by,
        first=first,
        after=after,
        last=last,
        before=before,
    )


async def _neighbours(which: Neighbours, nodes: Sequence[model.Node], context: Context) -> Sequence[Any]:
    return await settle(context.reader.neighbours(which, [node.id for node in nodes]))


async def _article_provider(articles: Sequence[model.Article], context: Context) -> list[Any]:
    return [next(iter(found), None) for found in await _neighbours(Neighbours.PROVIDER_OF_ARTICLE, articles, context)]


async def _article_topics(articles: Sequence[model.Article], context: Context) -> Sequence[Any]:
    return await _neighbours(Neighbours.TOPICS_OF_ARTICLE, articles, context)


async def _topic_parent(topics: Sequence[model.Topic], context: Context) -> list[Any]:
    return [next(iter(found), None) for found in await _neighbours(Neighbours.PARENT_OF_TOPIC, topics, context)]


async def _topic_children(topics: Sequence[model.Topic], context: Context) -> Sequence[Any]:
    return await _neighbours(Neighbours.CHILDREN_OF_TOPIC, topics, context)


async def _article_problems(articles: Sequence[model.Article], context: Context) -> Sequence[Any]:
    return await settle(context.reader.article_problems([article.id for article in articles]))


async def _front_matter(articles: Sequence[model.Article], context: Context) -> list[Any]:
    return [dict(article.front_matter) for article in articles]


async def _problems(
    snapshots: Sequence[SnapshotInfo],
    context: Context,
    *,
    severity: Annotated[Severity | None, strawberry.argument(description="Only problems of this severity.")] = None,
    code: Annotated[ProblemCode | None, strawberry.argument(description="Only problems with this code.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> list[ConnectionView]:
    request = page_request(context.settings, PROBLEM_ORDER, first, after, last, before)
    page = await settle(context.reader.problems(severity, code, request))
    return [ConnectionView(page, PROBLEM_ORDER)] * len(snapshots)


@strawberry.interface(description="Something with an id of its own, to be fetched again by `node`.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="The same for the same thing on every machine and after every reload; also its id in exports."
    )


@strawberry.type(description="A picture of an article, a provider or a topic.")
class Image:
    url: str = strawberry.field(description="Its address, http or https.")
    width: int | None = strawberry.field(description="Pixels.")
    height: int | None = strawberry.field(description="Pixels.")
    is_cached: bool | None = strawberry.field(description="Whether the site keeps a copy of its own.")
    title: str | None = strawberry.field(description="Its title or description.")
    attribution: str | None = strawberry.field(description="Whom to name for it.")


@strawberry.type(description="A value that lost against another one for the same field of the same article.")
class FieldConflict:
    field: str = strawberry.field(description="The field's name, as in the front matter.")
    value: Json | None = strawberry.field(description="The losing value.")
    file: str = strawberry.field(description="The file that holds it.")
    field_path: str = strawberry.field(description="Where in that file it stands: `title`, or `related[3].title`.")


@strawberry.type(description="A mistake that an author made in one place.")
class Problem:
    severity: Severity = strawberry.field(description="How much it costs.")
    code: ProblemCode = strawberry.field(description="What is wrong, for programs.")
    message: str = strawberry.field(description="What is wrong and what to do, for people.")
    file: str = strawberry.field(description="The file, relative to the loaded folder.")
    line: int | None = strawberry.field(description="Counted from 1; null where the place has no line.")
    field_path: str | None = strawberry.field(
        description="Where in the front matter: `related[3].webUrl`; null for the file as a whole."
    )


@strawberry.type(description="A news article. Scalars are named as in the front matter; a missing value is null.")
class Article(Node):
    url: str | None = strawberry.field(
        description="The canonical URL that identifies the article; null if its slug alone does."
    )
    slug: str | None = strawberry.field(
        description="The name of its file, without a date; without a file, the slug that other articles name it by."
    )
    origin: ArticleOrigin = strawberry.field(description="Where these values come from.")
    title: str | None = strawberry.field(description="The headline.")
    excerpt: str | None = strawberry.field(description="A summary or the first sentences.")
    body: str | None = strawberry.field(description="The text below the front matter, in markdown.")
    published_date_time: datetime | None = strawberry.field(description="When it was published.")
    web_url: str | None = strawberry.field(description="Its address, as written.")
    original_url: str | None = strawberry.field(description="The address it was first published at.")
    amp_web_url: str | None = strawberry.field(description="The address of its AMP page.")
    cdn_amp_web_url: str | None = strawberry.field(description="The address of its AMP page in a cache.")
    type: str | None = strawberry.field(description="Such as `article` or `video`.")
    category: str | None = strawberry.field(description="Such as `news`.")
    quality: int | None = strawberry.field(description="The quality score of its feed.")
    heat: int | None = strawberry.field(description="The heat score of its feed; null where it was not measured.")
    published: bool | None = strawberry.field(
        description="Whether its own file lets a site publish it; null without a file."
    )
    file: str | None = strawberry.field(description="Its file, relative to the loaded folder; null without one.")
    images: list[Image] = strawberry.field(description="Its pictures, in the author's order.")
    front_matter: Json = batch_field(
        _front_matter, description="The keys of its front matter that have no field here, as one JSON object."
    )
    conflicts: list[FieldConflict] = strawberry.field(
        description="What other files, or copies in other articles, say differently."
    )
    problems: list[Problem] = batch_field(
        _article_problems, description="The mistakes in its own file, and in other files of the same article."
    )
    provider: "Provider | None" = batch_field(_article_provider, description="Who published it.")
    topics: list["Topic"] = batch_field(_article_topics, description="What it is about, in the author's order.")
    related: "RelatedArticleConnection" = batch_field(
        _related,
        description="The articles it names, by rank, then those that only name it. Ordered otherwise on request.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Article)


@strawberry.type(description="Who published articles: a newspaper, a company, a blog.")
class Provider(Node):
    domain: str | None = strawberry.field(
        description="The domain that identifies it, in lower case and without `www.`; null if its name alone does."
    )
    name: str = strawberry.field(description="The name in the catalogue, else the one that is used most.")
    aliases: list[str] = strawberry.field(description="Other names and spellings, in alphabetical order.")
    images: list[Image] = strawberry.field(description="Its logos.")
    articles: "ArticleConnection" = connection_field(
        Listing.ARTICLES_OF_PROVIDER,
        ArticleFilterArgument,
        ArticleOrderArgument,
        description="The articles it published, newest first unless ordered otherwise.",
    )
    topics: "ProviderTopicConnection" = connection_field(
        Listing.TOPICS_OF_PROVIDER,
        TopicFilterArgument,
        TopicOrderArgument,
        description="The topics of its articles, the most frequent first unless ordered otherwise.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Provider)


@strawberry.type(description="What articles are about.")
class Topic(Node):
    slug: str = strawberry.field(description="The form of its name that identifies it.")
    name: str = strawberry.field(description="The name in the catalogue, else the spelling that is used most.")
    short_name: str | None = strawberry.field(description="A shorter name, from the catalogue.")
    description: str | None = strawberry.field(description="What it is about, from the catalogue.")
    keywords: list[str] = strawberry.field(description="Words that point to it, from the catalogue.")
    hashtags: list[str] = strawberry.field(description="Its tags in social media, from the catalogue.")
    images: list[Image] = strawberry.field(description="Its pictures, from the catalogue.")
    parent: "Topic | None" = batch_field(_topic_parent, description="The broader topic.")
    children: list["Topic"] = batch_field(_topic_children, description="The narrower topics, by name.")
    articles: "ArticleConnection" = connection_field(
        Listing.ARTICLES_OF_TOPIC,
        ArticleFilterArgument,
        ArticleOrderArgument,
        description="The articles about it, newest first unless ordered otherwise.",
    )
    providers: "TopicProviderConnection" = connection_field(
        Listing.PROVIDERS_OF_TOPIC,
        ProviderFilterArgument,
        ProviderOrderArgument,
        description="Who writes about it, the most frequent first unless ordered otherwise.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Topic)


@strawberry.type(description="An article in a list.")
class ArticleEdge(Edge[Article]):
    pass


@strawberry.type(description="A page of articles.")
class ArticleConnection(Connection[Article, ArticleEdge]):
    pass


@strawberry.type(description="A provider in a list.")
class ProviderEdge(Edge[Provider]):
    pass


@strawberry.type(description="A page of providers.")
class ProviderConnection(Connection[Provider, ProviderEdge]):
    pass


@strawberry.type(description="A topic in a list.")
class TopicEdge(Edge[Topic]):
    pass


@strawberry.type(description="A page of topics.")
class TopicConnection(Connection[Topic, TopicEdge]):
    pass


@strawberry.type(description="An article that is related to the one asked.")
class RelatedArticleEdge(Edge[Article]):
    @strawberry.field(
        description="Its place, from 1, in the related list of the article asked; in its own list if only that names the other."
    )
    def rank(root: Any) -> int:  # noqa: N805  # the record behind the type
        return int(root.link.rank)

    @strawberry.field(description="Which of the two names the other.")
    def direction(root: Any) -> LinkDirection:  # noqa: N805
        return root.link.direction  # type: ignore[no-any-return]  # a RelatedLink


@strawberry.type(description="A page of related articles.")
class RelatedArticleConnection(Connection[Article, RelatedArticleEdge]):
    pass


@strawberry.type(description="A provider that writes about the topic asked.")
class TopicProviderEdge(Edge[Provider]):
    @strawberry.field(description="How many articles it published about the topic.")
    def article_count(root: Any) -> int:  # noqa: N805
        return int(root.link.article_count)


@strawberry.type(description="A page of providers that write about a topic.")
class TopicProviderConnection(Connection[Provider, TopicProviderEdge]):
    pass


@strawberry.type(description="A topic that the provider asked writes about.")
class ProviderTopicEdge(Edge[Topic]):
    @strawberry.field(description="How many articles the provider published about it.")
    def article_count(root: Any) -> int:  # noqa: N805
        return int(root.link.article_count)


@strawberry.type(description="A page of topics that a provider writes about.")
class ProviderTopicConnection(Connection[Topic, ProviderTopicEdge]):
    pass


@strawberry.type(description="A problem in a list.")
class ProblemEdge(Edge[Problem]):
    pass


@strawberry.type(description="A page of problems, by file, line and field.")
class ProblemConnection(Connection[Problem, ProblemEdge]):
    pass


@strawberry.type(description="How many nodes of one kind there are.")
class NodeCount:
    kind: NodeKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many nodes.")


@strawberry.type(description="How many edges of one kind there are.")
class EdgeCount:
    kind: EdgeKind = strawberry.field(description="The kind.")
    count: int = strawberry.field(description="How many edges.")


@strawberry.type(description="The state of the graph that answers this request.")
class Snapshot:
    version: str = strawberry.field(description="A hash of the content: equal content has an equal version everywhere.")
    loaded_at: datetime = strawberry.field(description="When this service loaded it.")

    @strawberry.field(description="How many nodes there are, by kind.")
    def node_counts(root: Any) -> list[NodeCount]:  # noqa: N805
        return [NodeCount(kind=kind, count=count) for kind, count in root.node_counts.items()]

    @strawberry.field(description="How many edges there are, by kind.")
    def edge_counts(root: Any) -> list[EdgeCount]:  # noqa: N805
        return [EdgeCount(kind=kind, count=count) for kind, count in root.edge_counts.items()]

    problems: ProblemConnection = batch_field(
        _problems, description="The mistakes that authors made, by file and line."
    )
