"""The object types, each field with its batch resolver.

All node types are in one module because articles, providers, topics, persons and stories refer to each other.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import Info

from api.schema import bodies, context_packs, resolvers
from api.schema.batching import batch_field
from api.schema.connections import Connection, Edge
from api.schema.enums import ArticleOrigin, BodyFormat, EdgeKind, GraphEdgeKind, LinkDirection, NoPath
from api.schema.inputs import (
    ArticleFilterArgument,
    ArticleOrderArgument,
    PersonFilterArgument,
    PersonOrderArgument,
    ProviderFilterArgument,
    ProviderOrderArgument,
    StoryFilterArgument,
    StoryOrderArgument,
    TopicFilterArgument,
    TopicOrderArgument,
)
from api.schema.scalars import Json
from api.schema.value_types import (
    ArticleAggregate,
    ArticleMetrics,
    BodyHeading,
    ContextPack,
    EdgeCount,
    FieldConflict,
    HiddenCount,
    Highlight,
    Image,
    NodeCount,
    NotReadCount,
    PersonMetrics,
    Problem,
    ProblemCount,
    ProviderMetrics,
    Site,
    TimeBucket,
    TopicMetrics,
)
from graph import model
from graph.lists.list_sources import NamedList
from graph.lists.pages import Neighbors

NodeT = TypeVar("NodeT")
EdgeT = TypeVar("EdgeT")


def articles_field(listing: NamedList, description: str) -> Any:
    """A field of pages of articles, with filter and order."""
    resolve = resolvers.members_of(listing, ArticleFilterArgument, ArticleOrderArgument)
    return batch_field(resolve, description=description, nodes=resolvers.nodes_of_members(listing, resolve))


def providers_field(listing: NamedList, description: str) -> Any:
    """A field of pages of providers, with filter and order."""
    resolve = resolvers.members_of(listing, ProviderFilterArgument, ProviderOrderArgument)
    return batch_field(resolve, description=description, nodes=resolvers.nodes_of_members(listing, resolve))


def topics_field(listing: NamedList, description: str) -> Any:
    """A field of pages of topics, with filter and order."""
    resolve = resolvers.members_of(listing, TopicFilterArgument, TopicOrderArgument)
    return batch_field(resolve, description=description, nodes=resolvers.nodes_of_members(listing, resolve))


def persons_field(listing: NamedList, description: str) -> Any:
    """A field of pages of persons, with filter and order."""
    resolve = resolvers.members_of(listing, PersonFilterArgument, PersonOrderArgument)
    return batch_field(resolve, description=description, nodes=resolvers.nodes_of_members(listing, resolve))


def stories_field(listing: NamedList, description: str) -> Any:
    """A field of pages of stories, with filter and order."""
    resolve = resolvers.members_of(listing, StoryFilterArgument, StoryOrderArgument)
    return batch_field(resolve, description=description, nodes=resolvers.nodes_of_members(listing, resolve))


@strawberry.interface(description="Something with an id of its own, to be fetched again by `node`.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="The same for the same thing on every machine and after every reload; also its id in exports."
    )
    label: str = batch_field(
        resolvers.labels,
        description="What it is called, whatever it is: the title, the name or the headline; never empty.",
    )


@strawberry.type(
    description="An article: a page, a post, a note or a piece of news. Scalars are named as in the front matter; a missing value is null."
)
class Article(Node):
    url: str | None = strawberry.field(
        description="The canonical URL: what its file says, else what its site gives it; null if neither is known."
    )
    path: str | None = strawberry.field(
        description="Where it stands on its site: its address below the start page, `/2024/05/03/frost/`; where that is not "
        "known, the path of its file without the ending. Null without a file."
    )
    slug: str | None = strawberry.field(
        description="The name of its file, without a date; without a file, the slug that other articles name it by."
    )
    origin: ArticleOrigin = strawberry.field(description="Where these values come from.")
    title: str | None = strawberry.field(description="The headline.")
    excerpt: str | None = strawberry.field(description="A summary or the first sentences.")
    body: str | None = strawberry.field(description="The text below the front matter, as the file has it.")
    body_format: BodyFormat | None = batch_field(
        bodies.body_format, description="How the body is written; null without one."
    )
    body_html: str | None = batch_field(
        bodies.body_html,
        description="The body as HTML without anything that runs. Links to articles lead to their addresses. A body of more "
        "than a million characters is shown as it is written.",
    )
    body_text: str | None = batch_field(
        bodies.body_text,
        description="The words of the body, a line for each block: without markup, tags of templates, scripts and styles.",
    )
    table_of_contents: list[BodyHeading] = batch_field(
        bodies.table_of_contents, description="The headings of the body, in its order."
    )
    reading_minutes: int | None = batch_field(
        bodies.reading_minutes,
        description="How long it takes to read the body, at 220 words a minute; at least 1. Null without a body.",
    )
    published_date_time: datetime | None = strawberry.field(description="When it was published.")
    updated_date_time: datetime | None = strawberry.field(description="When it was last changed.")
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
    aliases: list[str] = strawberry.field(description="Other names and former addresses, as its file says them.")
    language: str | None = strawberry.field(
        description="The language it is written in, such as `pt-BR`; null if neither its file nor its site says it."
    )
    version: str | None = strawberry.field(
        description="The version of the documentation that it belongs to; null for the current one, or where there are none."
    )
    file: str | None = strawberry.field(description="Its file, relative to the loaded folder; null without one.")
    images: list[Image] = strawberry.field(description="Its pictures, in the author's order.")
    front_matter: Json = batch_field(
        resolvers.front_matter, description="The keys of its front matter that have no field here, as one JSON object."
    )
    conflicts: list[FieldConflict] = strawberry.field(
        description="What other files, or copies in other articles, say differently."
    )
    problems: list[Problem] = batch_field(
        resolvers.problems_of_article,
        description="The mistakes in its own file, and in other files of the same article.",
    )
    provider: "Provider | None" = batch_field(
        resolvers.one_neighbor(Neighbors.PROVIDER_OF_ARTICLE), description="Who published it."
    )
    topics: list["Topic"] = batch_field(
        resolvers.all_neighbors(Neighbors.TOPICS_OF_ARTICLE), description="What it is about, in the author's order."
    )
    authors: list["Person"] = batch_field(
        resolvers.all_neighbors(Neighbors.AUTHORS_OF_ARTICLE), description="Who wrote it, in its own order."
    )
    series: list["Topic"] = batch_field(
        resolvers.all_neighbors(Neighbors.SERIES_OF_ARTICLE), description="The series it is part of."
    )
    part_of: list["Article"] = batch_field(
        resolvers.all_neighbors(Neighbors.WHOLES_OF_ARTICLE),
        description="The articles it is part of: newsletters and collections that list it as an item, and the first of a chain of articles.",
    )
    parts: "ArticleConnection" = articles_field(
        NamedList.PARTS_OF_NODE,
        "Its parts, in its order: the items of a newsletter or collection, or what follows the first of a chain of articles.",
    )
    next: "Article | None" = batch_field(
        resolvers.one_neighbor(Neighbors.NEXT_OF_ARTICLE),
        description="The one after it: as its file says, else in its series, else in what it is an item of.",
    )
    previous: "Article | None" = batch_field(
        resolvers.one_neighbor(Neighbors.PREVIOUS_OF_ARTICLE), description="The one before it."
    )
    translations: list["Article"] = batch_field(
        resolvers.all_neighbors(Neighbors.TRANSLATIONS_OF_ARTICLE),
        description="The same article in other languages, by language.",
    )
    related: "RelatedArticleConnection" = batch_field(
        resolvers.related,
        description="The articles it names, by rank, then those that only name it. Ordered otherwise on request.",
        nodes=resolvers.nodes_of_related,
    )
    links: "LinkedArticleConnection" = articles_field(
        NamedList.LINKS, "The articles that its body links to, in the order of the first links."
    )
    backlinks: "LinkedArticleConnection" = articles_field(
        NamedList.BACKLINKS, "The articles whose bodies link to it, newest first unless ordered otherwise."
    )
    related_by_topic: "TopicRelatedConnection" = articles_field(
        NamedList.RELATED_BY_TOPIC,
        "The articles that share topics with it, the highest score first, then the nearest in time. A topic counts the "
        "more the fewer articles have it; one that all have counts nothing.",
    )
    similar: "SimilarArticleConnection" = articles_field(
        NamedList.SIMILAR, "The articles that share telling words with it, the most similar first."
    )
    story: "Story | None" = batch_field(
        resolvers.one_neighbor(Neighbors.STORY_OF_ARTICLE),
        description="The story it helps to tell; null for an article that tells of nothing that another one tells of.",
    )
    context: ContextPack = batch_field(
        context_packs.context_packs,
        description="It and what surrounds it and why, with their sources, as markdown that fits a number of tokens.",
    )
    metrics: ArticleMetrics = batch_field(resolvers.metrics, description="Where it stands in the whole graph.")
    neighborhood: "Subgraph" = batch_field(
        resolvers.neighborhood, description="What lies around it, nearest first, with the edges in between."
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
    description: str | None = strawberry.field(
        description="What it says of itself, from the catalogue, else from the configuration of its site."
    )
    images: list[Image] = strawberry.field(description="Its logos.")
    articles: "ArticleConnection" = articles_field(
        NamedList.ARTICLES_OF_PROVIDER, "The articles it published, newest first unless ordered otherwise."
    )
    topics: "ProviderTopicConnection" = topics_field(
        NamedList.TOPICS_OF_PROVIDER, "The topics of its articles, the most frequent first unless ordered otherwise."
    )
    providers: "NearbyProviderConnection" = providers_field(
        NamedList.PROVIDERS_OF_PROVIDER,
        "The providers around it, by the links between their articles, then by the topics they share.",
    )
    firsts: "StoryConnection" = stories_field(
        NamedList.FIRSTS_OF_PROVIDER,
        "The stories that it told first, and others after it, those with the latest articles first unless ordered otherwise.",
    )
    metrics: ProviderMetrics = batch_field(resolvers.metrics, description="Where it stands in the whole graph.")
    timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of(NamedList.ARTICLES_OF_PROVIDER),
        description="How many articles it published when, without gaps.",
    )
    neighborhood: "Subgraph" = batch_field(
        resolvers.neighborhood, description="What lies around it, nearest first, with the edges in between."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Provider)


@strawberry.type(description="What articles are about.")
class Topic(Node):
    slug: str = strawberry.field(description="The form of its name that identifies it.")
    name: str = strawberry.field(description="The name in the catalogue, else the spelling that is used most.")
    short_name: str | None = strawberry.field(description="A shorter name, from the catalogue.")
    aliases: list[str] = strawberry.field(description="Other names and spellings, in alphabetical order.")
    description: str | None = strawberry.field(description="What it is about, from the catalogue.")
    keywords: list[str] = strawberry.field(description="Words that point to it, from the catalogue.")
    hashtags: list[str] = strawberry.field(description="Its tags in social media, from the catalogue.")
    taxonomies: list[str] = strawberry.field(
        description="What the lists are called in which articles name it, such as `tags` and `categories`, in alphabetical order."
    )
    images: list[Image] = strawberry.field(description="Its pictures, from the catalogue.")
    parent: "Topic | None" = batch_field(
        resolvers.one_neighbor(Neighbors.PARENT_OF_TOPIC), description="The broader topic."
    )
    children: list["Topic"] = batch_field(
        resolvers.all_neighbors(Neighbors.CHILDREN_OF_TOPIC), description="The narrower topics, by name."
    )
    articles: "ArticleConnection" = articles_field(
        NamedList.ARTICLES_OF_TOPIC, "The articles about it, newest first unless ordered otherwise."
    )
    parts: "ArticleConnection" = articles_field(
        NamedList.PARTS_OF_NODE, "As a series, its articles in the order of the series."
    )
    providers: "TopicProviderConnection" = providers_field(
        NamedList.PROVIDERS_OF_TOPIC, "Who writes about it, the most frequent first unless ordered otherwise."
    )
    topics: "CooccurringTopicConnection" = topics_field(
        NamedList.TOPICS_OF_TOPIC, "The other topics of the articles about it, the most frequent first."
    )
    metrics: TopicMetrics = batch_field(resolvers.metrics, description="Where it stands in the whole graph.")
    timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of(NamedList.ARTICLES_OF_TOPIC),
        description="How many articles about it were published when, without gaps.",
    )
    neighborhood: "Subgraph" = batch_field(
        resolvers.neighborhood, description="What lies around it, nearest first, with the edges in between."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Topic)


@strawberry.type(description="Who wrote articles.")
class Person(Node):
    slug: str = strawberry.field(
        description="The form of the name, or of the key by which articles name the person, that identifies the person."
    )
    name: str = strawberry.field(description="The name that is described, else the spelling that is used most.")
    aliases: list[str] = strawberry.field(description="Other spellings, in alphabetical order.")
    description: str | None = strawberry.field(description="Who the person is, or what the person does.")
    url: str | None = strawberry.field(description="A page of the person's own.")
    images: list[Image] = strawberry.field(description="The person's pictures.")
    articles: "ArticleConnection" = articles_field(
        NamedList.ARTICLES_OF_PERSON, "The articles that the person wrote, newest first unless ordered otherwise."
    )
    topics: "PersonTopicConnection" = topics_field(
        NamedList.TOPICS_OF_PERSON, "The topics of these articles, the most frequent first unless ordered otherwise."
    )
    timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of(NamedList.ARTICLES_OF_PERSON),
        description="How many articles by the person were published when, without gaps.",
    )
    metrics: PersonMetrics = batch_field(resolvers.metrics, description="Where the person stands in the whole graph.")
    neighborhood: "Subgraph" = batch_field(
        resolvers.neighborhood, description="What lies around the person, nearest first, with the edges in between."
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Person)


@strawberry.type(
    description="Articles that tell of the same events, as their related links, dates and words show. Its id stays when later articles join; "
    "an id that it had before still finds it."
)
class Story(Node):
    headline: str | None = strawberry.field(description="The title of its most central article that has one.")
    lead: Article = batch_field(resolvers.one_neighbor(Neighbors.LEAD_OF_STORY), description="Its earliest article.")
    first_published: datetime | None = strawberry.field(description="When its first article was published.")
    last_published: datetime | None = strawberry.field(description="When its latest article was published.")
    article_count: int = strawberry.field(description="How many articles it has.")
    telling_count: int = strawberry.field(
        description="How many articles it has without those that repeat the title of another one within three days."
    )
    provider_count: int = strawberry.field(description="How many providers tell it.")
    topic_count: int = strawberry.field(description="How many topics its articles are about.")
    growth: int = strawberry.field(
        description="How many more articles it got in the seven days up to the newest article of the graph than in the seven days before."
    )
    first_provider: Provider | None = batch_field(
        resolvers.one_neighbor(Neighbors.FIRST_PROVIDER_OF_STORY),
        description="Who told it first: the provider of its lead; null if the lead has none or no date.",
    )
    articles: "ArticleConnection" = articles_field(
        NamedList.ARTICLES_OF_STORY, "Its articles, newest first unless ordered otherwise."
    )
    providers: "StoryProviderConnection" = providers_field(
        NamedList.PROVIDERS_OF_STORY, "Who tells it, the most frequent first unless ordered otherwise."
    )
    topics: "StoryTopicConnection" = topics_field(
        NamedList.TOPICS_OF_STORY, "The topics of its articles, the most frequent first unless ordered otherwise."
    )
    timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of(NamedList.ARTICLES_OF_STORY),
        description="How many of its articles were published when, without gaps.",
    )
    size_timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of(NamedList.ARTICLES_OF_STORY, is_running_total=True),
        description="How many articles it had at the end of each span of time, without gaps.",
    )
    neighborhood: "Subgraph" = batch_field(
        resolvers.neighborhood,
        description="What lies around its articles, nearest first, with the edges in between.",
    )

    @classmethod
    def is_type_of(cls, value: object, _info: Info[Any, Any]) -> bool:
        return isinstance(value, model.Story)


@strawberry.type(description="Articles that have something in common.")
class ArticleGroup:
    key: str | None = strawberry.field(
        description="The name of the topic, provider or person, the type, the category, the value in front matter, or the first moment; null for the articles without."
    )
    node: Node | None = strawberry.field(
        description="The topic, the provider or the person, where they are grouped by it."
    )
    start: datetime | None = strawberry.field(description="The first moment, where they are grouped by DATE.")
    end: datetime | None = strawberry.field(description="The first moment after it, where they are grouped by DATE.")
    count: int = strawberry.field(description="How many articles.")
    aggregate: ArticleAggregate = batch_field(resolvers.groups_aggregate, description="The articles in numbers.")


@strawberry.type
class ArticlesConnection(Connection[Article, EdgeT], Generic[EdgeT]):
    aggregate: ArticleAggregate = batch_field(
        resolvers.aggregate, description="All articles of the list that pass the filter in numbers, not only this page."
    )
    group_by: list[ArticleGroup] = batch_field(
        resolvers.group_by,
        description="All articles of the list that pass the filter in groups: the largest first, by DATE the earliest "
        "first, those without at the end.",
    )
    timeline: list[TimeBucket] = batch_field(
        resolvers.timeline_of_list,
        description="How many articles of the list that pass the filter were published when, without gaps.",
    )


@strawberry.type(description="An article in a list.")
class ArticleEdge(Edge[Article]):
    pass


@strawberry.type(description="A page of articles.")
class ArticleConnection(ArticlesConnection[ArticleEdge]):
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


@strawberry.type(description="A person in a list.")
class PersonEdge(Edge[Person]):
    pass


@strawberry.type(description="A page of persons.")
class PersonConnection(Connection[Person, PersonEdge]):
    pass


@strawberry.type(description="A story in a list.")
class StoryEdge(Edge[Story]):
    pass


@strawberry.type(description="A page of stories.")
class StoryConnection(Connection[Story, StoryEdge]):
    pass


@strawberry.type(description="An article that is related to the one asked.")
class RelatedArticleEdge(Edge[Article]):
    rank: int = strawberry.field(
        description="Its place, from 1, in the related list of the article asked; in its own list if only that names the other."
    )
    direction: LinkDirection = strawberry.field(description="Which of the two names the other.")


@strawberry.type(description="A page of related articles.")
class RelatedArticleConnection(ArticlesConnection[RelatedArticleEdge]):
    pass


@strawberry.type(description="An article that the body of the one asked links to, or the other way round.")
class LinkedArticleEdge(Edge[Article]):
    position: int = strawberry.field(description="Its place, from 1, among the articles that the body links to.")
    text: str | None = strawberry.field(description="The text of the first link that has any, without markup.")


@strawberry.type(description="A page of articles that are linked by their bodies.")
class LinkedArticleConnection(ArticlesConnection[LinkedArticleEdge]):
    pass


@strawberry.type(description="An article that has topics in common with what was asked.")
class TopicRelatedEdge(Edge[Article]):
    score: float = strawberry.field(
        description="The sum of the shared topics' weights: of each ln(articles / articles about it)."
    )
    shared_topics: list[Topic] = batch_field(
        resolvers.shared_topics, description="The topics in common, the weightiest first."
    )


@strawberry.type(description="A page of articles that are related by topic.")
class TopicRelatedConnection(ArticlesConnection[TopicRelatedEdge]):
    pass


@strawberry.type(description="An article whose text is like that of the one asked.")
class SimilarArticleEdge(Edge[Article]):
    score: float = strawberry.field(description="How similar; to be compared within the list only.")
    shared_terms: list[str] = strawberry.field(description="Words that both have, the most telling first.")


@strawberry.type(description="A page of similar articles.")
class SimilarArticleConnection(ArticlesConnection[SimilarArticleEdge]):
    pass


@strawberry.type(description="A provider that writes about the topic asked.")
class TopicProviderEdge(Edge[Provider]):
    article_count: int = strawberry.field(description="How many articles it published about the topic.")


@strawberry.type(description="A page of providers that write about a topic.")
class TopicProviderConnection(Connection[Provider, TopicProviderEdge]):
    pass


@strawberry.type(description="A topic that the provider asked writes about.")
class ProviderTopicEdge(Edge[Topic]):
    article_count: int = strawberry.field(description="How many articles the provider published about it.")


@strawberry.type(description="A page of topics that a provider writes about.")
class ProviderTopicConnection(Connection[Topic, ProviderTopicEdge]):
    pass


@strawberry.type(description="A provider that has something in common with the one asked.")
class NearbyProviderEdge(Edge[Provider]):
    link_count: int = strawberry.field(description="Pairs of related articles, one by each of the two.")
    shared_topics: list[Topic] = batch_field(
        resolvers.shared_topics, description="The topics that both write about, the weightiest first."
    )


@strawberry.type(description="A page of providers around a provider.")
class NearbyProviderConnection(Connection[Provider, NearbyProviderEdge]):
    pass


@strawberry.type(description="A topic that meets the one asked.")
class CooccurringTopicEdge(Edge[Topic]):
    article_count: int = strawberry.field(description="How many articles are about both.")
    lift: float = strawberry.field(
        description="How many times more often they meet than they would by chance; 1 is chance."
    )


@strawberry.type(description="A page of topics that occur together with a topic.")
class CooccurringTopicConnection(Connection[Topic, CooccurringTopicEdge]):
    pass


@strawberry.type(description="A provider that tells the story asked.")
class StoryProviderEdge(Edge[Provider]):
    article_count: int = strawberry.field(description="How many of the story's articles it published.")


@strawberry.type(description="A page of providers that tell a story.")
class StoryProviderConnection(Connection[Provider, StoryProviderEdge]):
    pass


@strawberry.type(description="A topic that the person asked writes about.")
class PersonTopicEdge(Edge[Topic]):
    article_count: int = strawberry.field(description="How many articles the person wrote about it.")


@strawberry.type(description="A page of topics that a person writes about.")
class PersonTopicConnection(Connection[Topic, PersonTopicEdge]):
    pass


@strawberry.type(description="A topic of the story asked.")
class StoryTopicEdge(Edge[Topic]):
    article_count: int = strawberry.field(description="How many of the story's articles are about it.")


@strawberry.type(description="A page of topics of a story.")
class StoryTopicConnection(Connection[Topic, StoryTopicEdge]):
    pass


@strawberry.type(description="Something that a search found.")
class SearchEdge(Edge[Node]):
    score: float = strawberry.field(description="How well it fits; to be compared within the search only.")
    highlights: list[Highlight] = batch_field(resolvers.highlights, description="Where it has what was searched for.")


@strawberry.type(description="A page of what a search found, the best first.")
class SearchConnection(Connection[Node, SearchEdge]):
    group_by: list[ArticleGroup] = batch_field(
        resolvers.group_by,
        description="All articles that were found and pass the filter in groups: the largest first, by DATE the earliest first, "
        "those without at the end.",
    )


@strawberry.type(description="A node of a part of the graph.")
class SubgraphNode:
    node: Node = batch_field(resolvers.node_at, description="The node itself.")
    distance: int = strawberry.field(description="Steps from where the walk began.")


@strawberry.type(description="An edge of a part of the graph.")
class GraphEdge:
    source: Node = batch_field(resolvers.edge_source, description="Where it comes from.")
    target: Node = batch_field(resolvers.edge_target, description="Where it leads.")
    kind: GraphEdgeKind = strawberry.field(description="What it says of the two.")
    position: int | None = strawberry.field(
        description="Its place, from 1, among the edges of its kind at its source: the rank of a related article; null for NEAR."
    )
    link_count: int | None = strawberry.field(
        description="For NEAR: pairs of related articles, one by each of the two; else null."
    )
    shared_topics: list[Topic] = batch_field(
        resolvers.shared_topics,
        description="For NEAR: the topics that both write about, the weightiest first; else none.",
    )


@strawberry.type(description="A part of the graph.")
class Subgraph:
    nodes: list[SubgraphNode] = strawberry.field(description="Its nodes, nearest first.")
    edges: list[GraphEdge] = strawberry.field(description="All edges between them, of the kinds asked.")
    skipped_hubs: list[Node] = batch_field(
        resolvers.skipped_hubs, description="The hubs that the walk reached and would have gone on from, by id."
    )
    truncated: bool = strawberry.field(description="Whether a limit left something out.")


@strawberry.type(description="One step of a path.")
class PathEdge:
    source: Node = batch_field(resolvers.edge_source, description="Where the step begins.")
    target: Node = batch_field(resolvers.edge_target, description="Where it ends.")
    kind: EdgeKind = strawberry.field(description="What the edge says of the two.")
    direction: LinkDirection = strawberry.field(
        description="Whether the edge leads along the step, against it, or there is one each way."
    )
    position: int = strawberry.field(description="The edge's place, from 1, among those of its kind at its source.")
    explanation: str = batch_field(resolvers.explanations, description="What the step means, in words.")
    reason: str = batch_field(
        resolvers.explanations,
        description="The same as `explanation`.",
        deprecation_reason="Called `explanation`; `noPathReason` says why there is no path.",
    )


@strawberry.type(description="A way from one node to another that passes no node twice.")
class Path:
    nodes: list[Node] = batch_field(resolvers.path_nodes, description="The nodes on it, both ends included.")
    edges: list[PathEdge] = batch_field(resolvers.path_steps, description="Its steps, in order.")
    length: int = batch_field(resolvers.path_lengths, description="How many steps.")


@strawberry.type(description="The ways from one node to another, and what was left aside.")
class PathResult:
    paths: list[Path] = strawberry.field(
        description="The shortest first; among equals, related links before topics before providers, then by id."
    )
    skipped_hubs: list[Node] = batch_field(
        resolvers.skipped_hubs,
        description="The hubs on ways that would be no longer than these, by id; none if hubs may be passed.",
    )
    reason: NoPath | None = strawberry.field(
        name="noPathReason", description="Why there is no path; null if there is one."
    )


@strawberry.type(description="A topic, a provider or a story that more was published about, by, or in than before.")
class Trend:
    node: Node = batch_field(resolvers.trend_nodes, description="The topic, the provider or the story.")
    score: float = strawberry.field(
        description="By how much it exceeds what was to be expected: (count - mean) / sqrt(mean + 1), where mean is that of the previous counts."
    )
    count: int = strawberry.field(description="Articles in the window.")
    previous_counts: list[int] = strawberry.field(
        description="Articles in each of the four windows before, the latest first."
    )


@strawberry.type(description="What changed in the articles between two snapshots.")
class SnapshotChange:
    since: str = strawberry.field(description="The version before.")
    version: str = strawberry.field(description="The version after.")
    added: ArticleConnection = batch_field(
        resolvers.changed_articles("added"), description="The articles that are new, newest first."
    )
    updated: ArticleConnection = batch_field(
        resolvers.changed_articles("updated"),
        description="The articles of which anything changed, their links included, newest first.",
    )
    removed: list[strawberry.ID] = strawberry.field(description="The ids of the articles that are gone, sorted.")


@strawberry.type(description="A problem in a list.")
class ProblemEdge(Edge[Problem]):
    pass


@strawberry.type(description="A page of problems, by file, line and field.")
class ProblemConnection(Connection[Problem, ProblemEdge]):
    pass


@strawberry.type(description="The state of the graph that answers this request.")
class Snapshot:
    version: str = strawberry.field(description="A hash of the content: equal content has an equal version everywhere.")
    loaded_at: datetime = strawberry.field(description="When this service loaded it.")
    node_counts: list[NodeCount] = batch_field(resolvers.node_counts, description="How many nodes there are, by kind.")
    edge_counts: list[EdgeCount] = batch_field(resolvers.edge_counts, description="How many edges there are, by kind.")
    hubs: list[Node] = batch_field(
        resolvers.hubs,
        description="The nodes that touch more than a fifth of all articles, by id. Paths and neighborhoods do not go on from them.",
    )
    sites: list[Site] = batch_field(resolvers.sites, description="What the loaded folders are.")
    file_count: int = batch_field(resolvers.file_count, description="How many files were read.")
    hidden: list[HiddenCount] = batch_field(
        resolvers.hidden,
        description="How many files a site would not show, by reason; none where the service shows them.",
    )
    not_read: list[NotReadCount] = batch_field(
        resolvers.not_read, description="What could be documents and is not read."
    )
    problems: ProblemConnection = batch_field(
        resolvers.problems_of_snapshot, description="The mistakes that authors made, by file and line."
    )
    problem_counts: list[ProblemCount] = batch_field(
        resolvers.problem_counts,
        description="How many mistakes authors made, by code; codes that do not occur are left out.",
    )
    changes: SnapshotChange | None = batch_field(
        resolvers.changes,
        description="What changed since an earlier version; null if the service does not know that version, or no longer.",
    )
