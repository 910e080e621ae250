"""The node attributes of every format: one table, so that an attribute has one name and one type everywhere.

Names are those of the front matter, except where a program gives a name another meaning: no attribute is called
`id` (igraph), `name` (igraph for R) or `type` (Gephi Lite), and no name is both a node's and an edge's attribute.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import floor
from operator import attrgetter
from types import MappingProxyType
from typing import Any, TypeAlias

from graph.analysis.metrics import metrics
from graph.analysis.stories import stories, story_of
from graph.building.snapshot import GraphSnapshot
from graph.dates import format_date_time
from graph.export.contents import Scalar, significant
from graph.export.formats import AttributeType
from graph.fields import FieldKind
from graph.model import ARTICLE_FIELDS, Article, GraphNode, JsonValue, Node, NodeKind, kind_of, label

FORBIDDEN = (*(code for code in range(0x20) if chr(code) not in "\t\n\r"), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
"""Code points of characters that XML 1.0 cannot hold, so that no drawing in SVG can either."""

LIST_SEPARATOR = "|"
"""Joins the items of a list where a format has no lists."""

Getter: TypeAlias = Callable[[GraphSnapshot, Any], Any]
"""Reads a value from a node; None, an empty string and an empty collection mean that it has none."""


@dataclass(frozen=True, slots=True)
class NodeAttribute:
    """An attribute of nodes, in every format."""

    name: str
    type: AttributeType
    getters: Mapping[NodeKind, Getter]
    """For the kinds of nodes that have it."""


def _attribute(
    name: str,
    attribute_type: AttributeType,
    *,
    article: Getter | None = None,
    provider: Getter | None = None,
    topic: Getter | None = None,
    person: Getter | None = None,
    story: Getter | None = None,
) -> NodeAttribute:
    given = {
        NodeKind.ARTICLE: article,
        NodeKind.PROVIDER: provider,
        NodeKind.TOPIC: topic,
        NodeKind.PERSON: person,
        NodeKind.STORY: story,
    }
    getters = {kind: getter for kind, getter in given.items() if getter is not None}
    return NodeAttribute(name, attribute_type, MappingProxyType(getters))


def _of_every_kind(
    name: str, attribute_type: AttributeType, getter: Getter, story: Getter | None = None
) -> NodeAttribute:
    return _attribute(name, attribute_type, article=getter, provider=getter, topic=getter, person=getter, story=story)


def _field(name: str) -> Getter:
    """The value of a field of the record."""
    get = attrgetter(name)
    return lambda _, node: get(node)


def _metric(name: str) -> Getter:
    get = attrgetter(name)

    def value(snapshot: GraphSnapshot, node: GraphNode) -> float:
        found = get(metrics(snapshot)[node.id])
        return significant(found) if isinstance(found, float) else found

    return value


def _kind(_: GraphSnapshot, node: Node) -> str:
    return kind_of(node).value


def _label(_: GraphSnapshot, node: Node) -> str:
    return label(node)


def _epoch_seconds(attribute: str) -> Getter:
    read = attrgetter(attribute)
    return lambda _, article: floor(moment.timestamp()) if (moment := read(article)) else None


def _address(snapshot: GraphSnapshot, node: GraphNode) -> str | None:
    """Where the article stands on its site; not where its file does."""
    path = node.path if isinstance(node, Article) else None
    return path if path and path.startswith("/") else None


def _story(snapshot: GraphSnapshot, article: Article) -> str | None:
    return stories(snapshot).by_article.get(article.id)


def _story_headline(snapshot: GraphSnapshot, article: Article) -> str | None:
    story = story_of(snapshot, article.id)
    return story.headline if story else None


def _first_image(_: GraphSnapshot, node: GraphNode) -> str | None:
    return node.images[0].url if node.images else None


def _images(_: GraphSnapshot, node: GraphNode) -> list[JsonValue]:
    return [image.to_json() for image in node.images]


def _front_matter(_: GraphSnapshot, article: Article) -> dict[str, JsonValue]:
    return dict(article.front_matter)


_T = AttributeType
_TYPES = {
    FieldKind.TEXT: _T.STRING,
    FieldKind.NAME: _T.STRING,
    FieldKind.MOMENT: _T.DATE_TIME,
    FieldKind.URL: _T.STRING,
    FieldKind.NUMBER: _T.INT,
}
_STORY_FIELDS = {"publishedDateTime": "first_published"}
"""What stories have of the fields of articles, by name."""


def _article_fields() -> Iterator[NodeAttribute]:
    """The fields that articles have from their files; after each moment its seconds since 1970, which any tool can sort."""
    for field in ARTICLE_FIELDS:
        if field.export is None:
            continue
        name_in_stories = _STORY_FIELDS.get(field.export)
        yield _attribute(
            field.export,
            _TYPES[field.kind],
            article=_field(field.attribute),
            story=_field(name_in_stories) if name_in_stories else None,
        )
        if field.kind is FieldKind.MOMENT:
            name = f"{field.export.removesuffix('DateTime')}Epoch"
            story = _epoch_seconds(name_in_stories) if name_in_stories else None
            yield _attribute(name, _T.LONG, article=_epoch_seconds(field.attribute), story=story)


NODE_ATTRIBUTES: tuple[NodeAttribute, ...] = (
    _of_every_kind("label", _T.STRING, _label, story=_label),
    _of_every_kind("kind", _T.STRING, _kind, story=_kind),
    _attribute("url", _T.STRING, article=_field("url"), person=_field("url")),
    _attribute("slug", _T.STRING, article=_field("slug"), topic=_field("slug"), person=_field("slug")),
    _attribute("domain", _T.STRING, provider=_field("domain")),
    _attribute("origin", _T.STRING, article=_field("origin.value")),
    *_article_fields(),
    _attribute("published", _T.BOOLEAN, article=_field("published")),
    _attribute("story", _T.STRING, article=_story),
    _attribute("storyHeadline", _T.STRING, article=_story_headline),
    _attribute("aliases", _T.LIST, provider=_field("aliases"), topic=_field("aliases"), person=_field("aliases")),
    _attribute("shortName", _T.STRING, topic=_field("short_name")),
    _attribute(
        "description",
        _T.STRING,
        provider=_field("description"),
        topic=_field("description"),
        person=_field("description"),
    ),
    _attribute("keywords", _T.LIST, topic=_field("keywords")),
    _attribute("hashtags", _T.LIST, topic=_field("hashtags")),
    _of_every_kind("image", _T.STRING, _first_image),
    _of_every_kind("images", _T.JSON, _images),
    _attribute("frontMatter", _T.JSON, article=_front_matter),
    _of_every_kind("inDegree", _T.INT, _metric("in_degree")),
    _of_every_kind("outDegree", _T.INT, _metric("out_degree")),
    _of_every_kind("pageRank", _T.DOUBLE, _metric("page_rank")),
    _of_every_kind("betweenness", _T.DOUBLE, _metric("betweenness")),
    _of_every_kind("coreness", _T.INT, _metric("core_number")),
    _of_every_kind("community", _T.INT, _metric("community")),
    _attribute("address", _T.STRING, article=_address),
    _attribute("language", _T.STRING, article=_field("language")),
    _attribute("version", _T.STRING, article=_field("version")),
    _attribute("taxonomies", _T.LIST, topic=_field("taxonomies")),
    _attribute("articleCount", _T.INT, story=_field("article_count")),
)
FLAT_ATTRIBUTES = tuple(attribute for attribute in NODE_ATTRIBUTES if attribute.type is not _T.JSON)


def values_of(snapshot: GraphSnapshot, node: Node, attributes: Iterable[NodeAttribute]) -> Iterator[tuple[str, Any]]:
    """The names and values of the attributes that the node has; lists as tuples, dates as `datetime`."""
    kind = kind_of(node)
    for attribute in attributes:
        if kind in attribute.getters:
            value = attribute.getters[kind](snapshot, node)
            if value not in (None, "", (), [], {}):
                yield attribute.name, value


def flat_values(snapshot: GraphSnapshot, node: Node) -> Iterator[tuple[str, Scalar]]:
    """The same for formats that have no lists, dates or nested values."""
    for name, value in values_of(snapshot, node, FLAT_ATTRIBUTES):
        yield name, _flat(value)


def _flat(value: Any) -> Scalar:
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(value)
    flat: Scalar = format_date_time(value) if isinstance(value, datetime) else value
    return flat
