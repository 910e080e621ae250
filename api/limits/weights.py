"""What fields cost: the table, by type and field, to be read beside `schema.graphql`.

One unit is the work that graphql-core has with one node of a few fields, about 20 microseconds; the planned executor
does that six times as fast. What resolvers do by themselves costs both executors the same, so it is weighed by its time
in the same unit. `bench/cost.py` measures how well the weights hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from types import MappingProxyType

from api.limits.measures import Measure, buckets, fixed, groups, ids, page, paths, representations, tokens, trends

OBJECT = 1.0
"""An object with the names and braces around it; what it holds comes on top."""
OBJECT_OF_ANY_TYPE = 2.0
"""The same where its type is an interface, and has to be found out."""
LEAF = 0.1
"""A scalar, an enum value or a list of them."""
PER_EDGE = 0.15
"""An edge of a subgraph, whether or not it is selected."""
INTROSPECTION = 0.05
"""What anything costs inside of introspection, in proportion: a full answer takes 40 milliseconds."""


class Of(Enum):
    """What a list in an object is the entries of."""

    PAGE = auto()
    """Of a connection, a subgraph or the paths found."""
    EDGES = auto()
    """Of a subgraph: its edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Of one field, for each object that it is asked of."""

    base: float = 0
    """The work besides the objects in the answer."""
    size: Measure | None = None
    """Of a list: how many entries it has."""
    held: str = ""
    """Of a list, too: the name by which `Sizes` knows how many its entries are in all the objects together."""
    part: Of | None = None
    """Of a list that is a part of the object: which."""
    page: Measure | None = None
    """Of a connection, or of paths: how many entries it has on a page."""
    whole: str = ""
    """Of a connection: the lists that it is a page of, by their name in `Sizes`; a type alone stands for all its nodes."""
    share: float = 1
    """Of these, how many are in it in the worst case that is not made up."""
    per_listed: float = 0
    """Of a connection: the work for each entry of the whole lists."""
    per_whole: float = 0
    """Of what is in a connection: the same, besides listing and filtering them once more."""
    per_page: float = 0
    """The work for each entry of the page."""
    is_walk: bool = False
    """Whether it is a subgraph, the size of which `Estimate` tells by where it starts and how far it goes."""
    per_node: float = 0
    """Of a subgraph: the work for each of its nodes."""
    tested: str = ""
    """Of a field that is no connection: what is counted, or tested with its filter, as in `whole`."""
    most_tested: float = inf
    """Of these, how many are to be expected at most."""
    per_tested: float = 0
    """The work for each of these."""
    text: str = ""
    """Of a field that is made of a text of the object, or of the node at it: by which type and attribute of its record."""
    per_character: float = 0
    """The work for each character of these texts, each of which is read once, however often its node is reached."""


_LISTS = {
    "Article.images": Weight(held="Article.images"),
    "Article.conflicts": Weight(size=fixed(2)),
    "Article.problems": Weight(size=fixed(1)),
    "Article.topics": Weight(held="Article.topics"),
    "Article.authors": Weight(held="Article.authors"),
    "Article.series": Weight(held="Article.series"),
    "Article.partOf": Weight(held="Article.partOf"),
    "Article.translations": Weight(held="Article.translations"),
    "Article.tableOfContents": Weight(base=10, text="Article.body", per_character=0.015, size=fixed(5)),
    "Provider.images": Weight(held="Provider.images"),
    "Topic.images": Weight(held="Topic.images"),
    "Person.images": Weight(held="Person.images"),
    "Topic.children": Weight(held="Topic.children"),
    "TopicRelatedEdge.sharedTopics": Weight(held="Article.topics"),
    "NearbyProviderEdge.sharedTopics": Weight(held="Provider.topics"),
    "GraphEdge.sharedTopics": Weight(base=0.5, size=fixed(2)),
    "SearchEdge.highlights": Weight(base=7, text="Article.body", per_character=0.012, size=fixed(2)),
    "Highlight.parts": Weight(size=fixed(4)),
    "Subgraph.nodes": Weight(part=Of.PAGE),
    "Subgraph.edges": Weight(part=Of.EDGES),
    "Subgraph.skippedHubs": Weight(size=fixed(3)),
    "PathResult.paths": Weight(part=Of.PAGE),
    "PathResult.skippedHubs": Weight(size=fixed(3)),
    "Path.nodes": Weight(size=fixed(5)),
    "Path.edges": Weight(size=fixed(4)),
    "Query.nodes": Weight(base=1, size=ids),
    "Query._entities": Weight(base=1, size=representations),
    "Query.trending": Weight(base=50, size=trends, tested="Article", per_tested=0.05),
    "Snapshot.nodeCounts": Weight(base=50, size=fixed(4)),
    "Snapshot.sites": Weight(size=fixed(5)),
    "Snapshot.hidden": Weight(size=fixed(10)),
    "Snapshot.notRead": Weight(size=fixed(10)),
    "Snapshot.problemCounts": Weight(size=fixed(10)),
    "Snapshot.hubs": Weight(size=fixed(10)),
    "Snapshot.edgeCounts": Weight(base=50, size=fixed(4)),
    "Provider.timeline": Weight(base=2, size=buckets, tested="Provider.articles", per_tested=0.02),
    "Topic.timeline": Weight(base=2, size=buckets, tested="Topic.articles", per_tested=0.02),
    "Person.timeline": Weight(base=2, size=buckets, tested="Person.articles", per_tested=0.02),
    "Story.timeline": Weight(base=2, size=buckets, tested="Story.articles", per_tested=0.02),
    "Story.sizeTimeline": Weight(base=2, size=buckets, tested="Story.articles", per_tested=0.02),
}

_CONNECTIONS = {
    "Article.related": Weight(base=3, page=page, whole="Article.related"),
    "Article.links": Weight(base=3, page=page, whole="Article.links", per_listed=0.1),
    "Article.backlinks": Weight(base=3, page=page, whole="Article.backlinks", per_listed=0.1),
    "Article.relatedByTopic": Weight(base=20, page=page, whole="Article", per_listed=0.02),
    "Article.parts": Weight(base=2, page=page, whole="Article.parts", per_listed=0.1),
    "Article.similar": Weight(
        base=300, page=page, whole="Article", share=0.25, per_listed=0.3, text="Article.body", per_character=0.01
    ),
    "Provider.articles": Weight(base=2, page=page, whole="Provider.articles"),
    "Provider.topics": Weight(base=2, page=page, whole="Provider.topics", per_listed=0.1),
    "Provider.providers": Weight(base=60, page=page, whole="Provider", per_listed=0.45),
    "Provider.firsts": Weight(base=2, page=page, whole="Provider.firsts", per_listed=0.1),
    "Topic.articles": Weight(base=2, page=page, whole="Topic.articles"),
    "Topic.parts": Weight(base=2, page=page, whole="Topic.parts", per_listed=0.1),
    "Topic.providers": Weight(base=2, page=page, whole="Topic.providers", per_listed=0.1),
    "Topic.topics": Weight(base=2, page=page, whole="Topic", per_listed=0.2),
    "Person.articles": Weight(base=2, page=page, whole="Person.articles"),
    "Person.topics": Weight(base=2, page=page, whole="Person.topics", per_listed=0.1),
    "Story.articles": Weight(base=2, page=page, whole="Story.articles", per_listed=0.1),
    "Story.providers": Weight(base=2, page=page, whole="Story.providers", per_listed=0.1),
    "Story.topics": Weight(base=2, page=page, whole="Story.topics", per_listed=0.1),
    "Query.articles": Weight(base=5, page=page, whole="Article"),
    "Query.providers": Weight(base=5, page=page, whole="Provider"),
    "Query.topics": Weight(base=5, page=page, whole="Topic"),
    "Query.persons": Weight(base=5, page=page, whole="Person"),
    "Query.stories": Weight(base=5, page=page, whole="Story"),
    "Query.search": Weight(base=400, page=page, whole="Article", per_listed=0.1),
    "Query.relatedByTopic": Weight(base=50, page=page, whole="Article", per_listed=0.7),
    "Snapshot.problems": Weight(base=50, page=page),
    "SnapshotChange.added": Weight(base=50, page=page, whole="Article"),
    "SnapshotChange.updated": Weight(base=50, page=page, whole="Article"),
}

_SUBGRAPHS = {
    "Article.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Provider.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Topic.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Person.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Story.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Query.neighborhood": Weight(base=20, is_walk=True, per_node=1.5),
    "Query.providerNeighborhood": Weight(base=200, is_walk=True, per_node=30),
    "Query.paths": Weight(base=50, page=paths, per_page=200),
}

_OTHERS = {
    "Article.context": Weight(
        base=200,  # the lists and the markdown
        page=tokens,
        per_page=0.005,
        whole="Article",
        share=0.25,
        per_listed=0.4,  # as `similar` and `relatedByTopic` have it
        text="Article.body",
        per_character=0.02,
    ),
    **{
        f"{node_type}.label": Weight(base=0.5)
        for node_type in ("Node", "Article", "Provider", "Topic", "Person", "Story")
    },
    "Article.body": Weight(base=0.4, text="Article.body", per_character=0.0002),
    "Article.bodyHtml": Weight(base=10, text="Article.body", per_character=0.015),
    "Article.bodyText": Weight(base=5, text="Article.body", per_character=0.012),
    "Article.readingMinutes": Weight(base=5, text="Article.body", per_character=0.014),
    "Article.frontMatter": Weight(base=0.4),
    "ArticleGroup.aggregate": Weight(base=4, per_whole=0.08),
    "SimilarArticleEdge.sharedTerms": Weight(base=4),
    "Query.article": Weight(base=2),
    "Query.provider": Weight(base=2),
    "Query.topic": Weight(base=2),
    "Query.person": Weight(base=2),
    "Query.node": Weight(base=2),
    "Snapshot.changes": Weight(base=50),
    "SnapshotChange.removed": Weight(base=5),
    "Subscription.snapshotChanged": Weight(tested="Article", most_tested=1_000),
}

_ARTICLE_CONNECTIONS = ("Article", "RelatedArticle", "LinkedArticle", "TopicRelated", "SimilarArticle")
_OTHER_CONNECTIONS = (
    "Provider",
    "Topic",
    "Person",
    "Story",
    "Search",
    "Problem",
    "NearbyProvider",
    "ProviderTopic",
    "TopicProvider",
    "CooccurringTopic",
    "PersonTopic",
    "StoryProvider",
    "StoryTopic",
)

_PAGES = {
    f"{kind}Connection.{name}": Weight(part=Of.PAGE)
    for kind in (*_ARTICLE_CONNECTIONS, *_OTHER_CONNECTIONS)
    for name in ("edges", "nodes")
}

_WHOLE_LISTS = {
    f"{kind}Connection.{name}": weight
    for kind in _ARTICLE_CONNECTIONS
    for name, weight in {
        "aggregate": Weight(base=1, per_whole=0.05),
        "groupBy": Weight(base=2, size=groups, per_whole=0.05),
        "timeline": Weight(base=2, size=buckets, per_whole=0.03),
    }.items()
} | {"SearchConnection.groupBy": Weight(base=400, size=groups, per_whole=0.15)}

_INTROSPECTION = {
    "__Schema.types": Weight(size=fixed(150)),
    "__Schema.directives": Weight(size=fixed(8)),
    "__Directive.args": Weight(size=fixed(2)),
    "__Type.fields": Weight(size=fixed(8)),
    "__Type.interfaces": Weight(size=fixed(1)),
    "__Type.possibleTypes": Weight(size=fixed(1)),
    "__Type.enumValues": Weight(size=fixed(2)),
    "__Type.inputFields": Weight(size=fixed(5)),
    "__Field.args": Weight(size=fixed(3)),
}

WEIGHTS: Mapping[str, Weight] = MappingProxyType(
    _LISTS | _CONNECTIONS | _SUBGRAPHS | _OTHERS | _PAGES | _WHOLE_LISTS | _INTROSPECTION
)
"""By type and field; a field that is missing has one of the following, by what it is."""
LIGHT = Weight()
"""A leaf or an object."""
SOME_LIST = Weight(size=fixed(20))
"""A list of objects."""
SOME_PAGE = Weight(page=page)
"""An object with lists in it whose length its arguments say: a connection."""
