"""What fields cost: the table, by type and field, to be read beside `schema.graphql`.

One unit is the work that graphql-core has with one node of a few fields, about 20 microseconds; the planned executor
does that six times as fast. What resolvers do by themselves costs both executors the same, so it is weighed by its time
in the same unit. `bench/cost.py` measures how well the weights hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from api.limits.measures import (
    BUCKETS,
    GROUPS,
    IDS,
    PAGE,
    PATHS,
    PROVIDER_WALK,
    TRENDS,
    WALK,
    Measure,
    fixed,
)

OBJECT = 1.0
"""An object with the names and braces around it; what it holds comes on top."""
LEAF = 0.1
"""A scalar, an enum value or a list of them."""
INTROSPECTION = 0.05
"""What anything costs inside of introspection, in proportion: a full answer takes 40 milliseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Of one field, for each object that it is asked of."""

    base: float = 0
    """The work besides the objects in the answer."""
    size: Measure | None = None
    """Of a list: how many entries it has."""
    page: float = 0
    """Of a list: how many entries it has for each entry of the page, or node of the subgraph, that it is a part of."""
    entries: Measure | None = None
    """Of a connection or a subgraph: how many entries or nodes the lists in it are about."""
    whole: float = 0
    """Of a connection: how many entries its list has in all, to be filtered, counted and grouped."""
    per_whole: float = 0
    """The work for each entry of the whole list that the connection is a page of."""
    per_entry: float = 0
    """The work for each entry or node."""


_PAGE_FIELDS = ("edges", "nodes")
_WHOLE_GRAPH = 5_000
"""Articles in a corpus of the size that the service is made for."""

_LISTS = {
    "Article.images": Weight(size=fixed(2)),
    "Article.conflicts": Weight(size=fixed(2)),
    "Article.problems": Weight(size=fixed(1)),
    "Article.topics": Weight(size=fixed(3)),
    "Provider.images": Weight(size=fixed(1)),
    "Topic.images": Weight(size=fixed(2)),
    "Person.images": Weight(size=fixed(1)),
    "Topic.children": Weight(size=fixed(5)),
    "TopicRelatedEdge.sharedTopics": Weight(size=fixed(2)),
    "NearbyProviderEdge.sharedTopics": Weight(size=fixed(2)),
    "GraphEdge.sharedTopics": Weight(size=fixed(1)),
    "SearchEdge.highlights": Weight(base=7, size=fixed(2)),
    "Highlight.parts": Weight(size=fixed(4)),
    "Subgraph.nodes": Weight(page=1),
    "Subgraph.edges": Weight(page=12),
    "Subgraph.skippedHubs": Weight(size=fixed(3)),
    "PathResult.paths": Weight(page=1),
    "PathResult.skippedHubs": Weight(size=fixed(3)),
    "Path.nodes": Weight(size=fixed(5)),
    "Path.edges": Weight(size=fixed(4)),
    "Query.nodes": Weight(base=1, size=IDS),
    "Query.trending": Weight(base=50, size=TRENDS),
    "Snapshot.nodeCounts": Weight(base=50, size=fixed(4)),
    "Snapshot.edgeCounts": Weight(base=50, size=fixed(4)),
    "Provider.timeline": Weight(base=2, size=BUCKETS),
    "Topic.timeline": Weight(base=5, size=BUCKETS),
    "Story.timeline": Weight(base=2, size=BUCKETS),
}

_CONNECTIONS = {
    "Article.related": Weight(base=3, entries=PAGE, whole=40),
    "Article.relatedByTopic": Weight(base=20, entries=PAGE, whole=100),
    "Article.similar": Weight(base=260, entries=PAGE, whole=1_000),
    "Provider.articles": Weight(base=2, entries=PAGE, whole=50),
    "Provider.topics": Weight(base=2, entries=PAGE, whole=10),
    "Provider.providers": Weight(base=65, entries=PAGE, whole=100),
    "Topic.articles": Weight(base=5, entries=PAGE, whole=400),
    "Topic.providers": Weight(base=10, entries=PAGE, whole=50),
    "Topic.topics": Weight(base=5, entries=PAGE, whole=20),
    "Story.articles": Weight(base=2, entries=PAGE, whole=20),
    "Story.providers": Weight(base=2, entries=PAGE, whole=10),
    "Story.topics": Weight(base=2, entries=PAGE, whole=5),
    "Query.articles": Weight(base=5, entries=PAGE, whole=_WHOLE_GRAPH),
    "Query.providers": Weight(base=5, entries=PAGE, whole=500),
    "Query.topics": Weight(base=5, entries=PAGE, whole=50),
    "Query.stories": Weight(base=10, entries=PAGE, whole=600),
    "Query.search": Weight(base=400, entries=PAGE, whole=_WHOLE_GRAPH),
    "Query.relatedByTopic": Weight(base=1_400, entries=PAGE, whole=_WHOLE_GRAPH),
    "Snapshot.problems": Weight(base=50, entries=PAGE),
    "SnapshotChange.added": Weight(base=50, entries=PAGE, whole=_WHOLE_GRAPH),
    "SnapshotChange.updated": Weight(base=50, entries=PAGE, whole=_WHOLE_GRAPH),
}

_SUBGRAPHS = {
    "Article.neighborhood": Weight(base=20, entries=WALK, per_entry=1.5),
    "Provider.neighborhood": Weight(base=20, entries=WALK, per_entry=1.5),
    "Topic.neighborhood": Weight(base=20, entries=WALK, per_entry=1.5),
    "Person.neighborhood": Weight(base=20, entries=WALK, per_entry=1.5),
    "Story.neighborhood": Weight(base=60, entries=WALK, per_entry=1.5),
    "Query.neighborhood": Weight(base=20, entries=WALK, per_entry=1.5),
    "Query.providerNeighborhood": Weight(base=65, entries=PROVIDER_WALK, per_entry=12),
    "Query.paths": Weight(base=50, entries=PATHS, per_entry=100),
}

_OTHERS = {
    "Article.body": Weight(base=0.4),
    "Article.frontMatter": Weight(base=0.4),
    "ArticleGroup.aggregate": Weight(base=4),
    "SimilarArticleEdge.sharedTerms": Weight(base=4),
    "Query.article": Weight(base=2),
    "Query.provider": Weight(base=2),
    "Query.topic": Weight(base=2),
    "Query.node": Weight(base=2),
    "Snapshot.changes": Weight(base=50),
    "SnapshotChange.removed": Weight(base=5),
}

_ARTICLE_CONNECTIONS = ("Article", "RelatedArticle", "TopicRelated", "SimilarArticle")
_OTHER_CONNECTIONS = (
    "Provider",
    "Topic",
    "Story",
    "Search",
    "Problem",
    "NearbyProvider",
    "ProviderTopic",
    "TopicProvider",
    "CooccurringTopic",
    "StoryProvider",
    "StoryTopic",
)

_PAGES = {
    f"{kind}Connection.{name}": Weight(page=1)
    for kind in (*_ARTICLE_CONNECTIONS, *_OTHER_CONNECTIONS)
    for name in _PAGE_FIELDS
}

_WHOLE_LISTS = {
    f"{kind}Connection.{name}": weight
    for kind in _ARTICLE_CONNECTIONS
    for name, weight in {
        "aggregate": Weight(base=1, per_whole=0.035),
        "groupBy": Weight(base=2, size=GROUPS, per_whole=0.03),
        "timeline": Weight(base=2, size=BUCKETS, per_whole=0.02),
    }.items()
}

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
SOME_PAGE = Weight(entries=PAGE)
"""An object with lists in it whose length its arguments say: a connection."""

PER_ENTRY_CONDITION = 0.02
"""A condition of a filter, for each entry of the list that it filters."""
RELATION_CONDITION = 400.0
"""A condition about other nodes, or about metrics; it is worked out once for the whole graph."""
RELATED_CONDITION = 3_000.0
"""A condition about related articles, of which there are the most."""
LISTED_VALUE = 0.5
"""An entry of a list in a filter, such as `in`."""
ORDER_CRITERION = 50.0
"""Of an order; worked out once."""

_RELATED = frozenset({"related"})
_RELATIONS = frozenset(
    {"articles", "provider", "providers", "topics", "parent", "children", "story", "images", "metrics"}
)


@dataclass(frozen=True, slots=True)
class Scan:
    """The work for a filter and an order."""

    once: float
    """For the whole graph, whatever list is filtered."""
    conditions: int
    """Conditions that each entry of the list has to pass."""


def scan(condition: Any, order: Any) -> Scan:
    """The work for the value of a `filter` and that of an `orderBy`, either of which may be missing or of any kind.

    Cost: linear in the values.
    """
    once = _order_cost(order)
    conditions = 0
    pending = [condition]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for name, inner in value.items():
                once += RELATED_CONDITION if name in _RELATED else RELATION_CONDITION if name in _RELATIONS else 0
                pending.append(inner)
        elif isinstance(value, list):
            once += LISTED_VALUE * len(value)
            inner_values = [entry for entry in value if isinstance(entry, dict | list)]
            conditions += len(inner_values) < len(value)
            pending += inner_values
        elif value is not None:
            conditions += 1
    return Scan(once, conditions)


def _order_cost(order: Any) -> float:
    if order is None:
        return 0
    return ORDER_CRITERION * (len(order) if isinstance(order, list) else 1)
