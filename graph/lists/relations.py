"""Named relations from one record to others, for filters (`topics: {some: …}`) and orders (`related.count`)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from graph.analysis.edges import (
    providers_of_topics,
    related,
    sources,
    targets,
    topics_of_persons,
    topics_of_providers,
)
from graph.analysis.metrics import NodeMetrics, metrics
from graph.analysis.stories import stories, story_of
from graph.building.snapshot import GraphSnapshot
from graph.model import Article, EdgeKind, Image, Node, Person, Provider, Story, Topic

Record: TypeAlias = Node | Image | NodeMetrics | str
"""What a filter can test: a node, or a value inside one."""


def _topics_of_provider(snapshot: GraphSnapshot, provider_id: str) -> Iterable[str]:
    return topics_of_providers(snapshot).get(provider_id, ())


def _topics_of_person(snapshot: GraphSnapshot, person_id: str) -> Iterable[str]:
    return topics_of_persons(snapshot).get(person_id, ())


def _providers_of_topic(snapshot: GraphSnapshot, topic_id: str) -> Iterable[str]:
    return providers_of_topics(snapshot).get(topic_id, ())


def _nodes(ids: Callable[[GraphSnapshot, str], Iterable[str]]) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return lambda snapshot, node: [snapshot.nodes[found] for found in ids(snapshot, node.id)]


def _targets(kind: EdgeKind) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return _nodes(lambda snapshot, node_id: targets(snapshot, kind, node_id))


def _sources(kind: EdgeKind) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return _nodes(lambda snapshot, node_id: sources(snapshot, kind, node_id))


def _values(attribute: str) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return lambda _, record: getattr(record, attribute)


def _nodes_in(attribute: str) -> Callable[[GraphSnapshot, Any], Sequence[Record]]:
    return lambda snapshot, record: [snapshot.nodes[node_id] for node_id in getattr(record, attribute)]


def _metrics(snapshot: GraphSnapshot, node: Any) -> Sequence[Record]:
    return (metrics(snapshot)[node.id],)


def _story(snapshot: GraphSnapshot, article: Any) -> Sequence[Record]:
    story = story_of(snapshot, article.id)
    return (story,) if story else ()


def _first_provider(snapshot: GraphSnapshot, story: Any) -> Sequence[Record]:
    return () if story.first_provider is None else (snapshot.nodes[story.first_provider],)


def _firsts(snapshot: GraphSnapshot, provider: Any) -> Sequence[Record]:
    every = stories(snapshot)
    return [every.by_id[story_id] for story_id in every.firsts.get(provider.id, ())]


class Relation(NamedTuple):
    """What leads from a record to others."""

    leads_to: type
    """The type of all the others."""
    records: Callable[[GraphSnapshot, Any], Sequence[Record]]
    """Lists the others."""


RELATIONS: Mapping[tuple[type, str], Relation] = MappingProxyType(
    {
        (Article, "provider"): Relation(Provider, _targets(EdgeKind.PUBLISHED_BY)),
        (Article, "topics"): Relation(Topic, _targets(EdgeKind.ABOUT)),
        (Article, "authors"): Relation(Person, _targets(EdgeKind.WRITTEN_BY)),
        (Article, "related"): Relation(Article, _nodes(related)),
        (Article, "links"): Relation(Article, _targets(EdgeKind.LINKS_TO)),
        (Article, "backlinks"): Relation(Article, _sources(EdgeKind.LINKS_TO)),
        (Article, "aliases"): Relation(str, _values("aliases")),
        (Article, "images"): Relation(Image, _values("images")),
        (Article, "story"): Relation(Story, _story),
        (Article, "metrics"): Relation(NodeMetrics, _metrics),
        (Provider, "articles"): Relation(Article, _sources(EdgeKind.PUBLISHED_BY)),
        (Provider, "topics"): Relation(Topic, _nodes(_topics_of_provider)),
        (Provider, "firsts"): Relation(Story, _firsts),
        (Provider, "aliases"): Relation(str, _values("aliases")),
        (Provider, "images"): Relation(Image, _values("images")),
        (Provider, "metrics"): Relation(NodeMetrics, _metrics),
        (Topic, "articles"): Relation(Article, _sources(EdgeKind.ABOUT)),
        (Topic, "providers"): Relation(Provider, _nodes(_providers_of_topic)),
        (Topic, "parent"): Relation(Topic, _targets(EdgeKind.BROADER)),
        (Topic, "children"): Relation(Topic, _sources(EdgeKind.BROADER)),
        (Topic, "aliases"): Relation(str, _values("aliases")),
        (Topic, "keywords"): Relation(str, _values("keywords")),
        (Topic, "hashtags"): Relation(str, _values("hashtags")),
        (Topic, "taxonomies"): Relation(str, _values("taxonomies")),
        (Topic, "images"): Relation(Image, _values("images")),
        (Topic, "metrics"): Relation(NodeMetrics, _metrics),
        (Person, "articles"): Relation(Article, _sources(EdgeKind.WRITTEN_BY)),
        (Person, "topics"): Relation(Topic, _nodes(_topics_of_person)),
        (Person, "aliases"): Relation(str, _values("aliases")),
        (Person, "images"): Relation(Image, _values("images")),
        (Person, "metrics"): Relation(NodeMetrics, _metrics),
        (Story, "articles"): Relation(Article, _nodes_in("articles")),
        (Story, "providers"): Relation(Provider, _nodes_in("providers")),
        (Story, "first_provider"): Relation(Provider, _first_provider),
        (Story, "topics"): Relation(Topic, _nodes_in("topics")),
    }
)
"""By the type of the record that they lead from, and their name."""
