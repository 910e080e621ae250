"""What nodes and edges carry into every format: one table, so an attribute has one name and one type everywhere.

The names are those of the front matter, save where a consumer gives a name a meaning of its own: no attribute is called
`id` (igraph), `name` (igraph for R) or `type` (Gephi Lite), and node and edge attributes have no name in common.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import count
from math import floor
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from graph.dates import format_date_time
from graph.model import Article, EdgeKind, GraphNode, Image, JsonValue, NodeKind, kind_of
from graph.snapshot import GraphSnapshot

LIST_SEPARATOR = "|"
"""Between the items of a list where a format has no lists."""

Scalar: TypeAlias = str | int | bool


class AttributeType(Enum):
    """What the values of an attribute are."""

    STRING = "string"
    INT = "int"
    LONG = "long"
    BOOLEAN = "boolean"
    LIST = "list"
    """Texts; joined by `LIST_SEPARATOR` everywhere but in node-link JSON."""
    JSON = "json"
    """Nested values; left out everywhere but in node-link JSON."""


@dataclass(frozen=True, slots=True)
class NodeAttribute:
    """A value that nodes carry into every format."""

    name: str
    type: AttributeType
    getters: Mapping[NodeKind, Callable[[Any], Any]]
    """How nodes of the kinds that have it answer it; None, an empty text or an empty list stand for absence."""


Getter: TypeAlias = str | Callable[[Any], Any]
"""The name of a field of the record, or a function of the record."""


def _attribute(
    name: str,
    attribute_type: AttributeType,
    *,
    article: Getter | None = None,
    provider: Getter | None = None,
    topic: Getter | None = None,
) -> NodeAttribute:
    given = {NodeKind.ARTICLE: article, NodeKind.PROVIDER: provider, NodeKind.TOPIC: topic}
    getters = {kind: attrgetter(get) if isinstance(get, str) else get for kind, get in given.items() if get is not None}
    return NodeAttribute(name, attribute_type, MappingProxyType(getters))


def _of_every_kind(name: str, attribute_type: AttributeType, getter: Getter) -> NodeAttribute:
    return _attribute(name, attribute_type, article=getter, provider=getter, topic=getter)


def _label(article: Article) -> str | None:
    return article.title or article.slug or article.url


def _iso_date(article: Article) -> str | None:
    return format_date_time(article.published_date_time) if article.published_date_time else None


def _epoch_seconds(article: Article) -> int | None:
    return floor(article.published_date_time.timestamp()) if article.published_date_time else None


def _first_image(node: GraphNode) -> str | None:
    return node.images[0].url if node.images else None


def _images(node: GraphNode) -> list[dict[str, JsonValue]]:
    return [_image_values(image) for image in node.images]


def _image_values(image: Image) -> dict[str, JsonValue]:
    values: dict[str, JsonValue] = {
        "url": image.url,
        "width": image.width,
        "height": image.height,
        "isCached": image.is_cached,
        "title": image.title,
        "attribution": image.attribution,
    }
    return {name: value for name, value in values.items() if value is not None}


def _front_matter(article: Article) -> dict[str, JsonValue]:
    return dict(article.front_matter)


_T = AttributeType

NODE_ATTRIBUTES: tuple[NodeAttribute, ...] = (
    _attribute("label", _T.STRING, article=_label, provider="name", topic="name"),
    _of_every_kind("kind", _T.STRING, lambda node: kind_of(node).value),
    _attribute("url", _T.STRING, article="url"),
    _attribute("slug", _T.STRING, article="slug", topic="slug"),
    _attribute("domain", _T.STRING, provider="domain"),
    _attribute("origin", _T.STRING, article="origin.value"),
    _attribute("excerpt", _T.STRING, article="excerpt"),
    _attribute("publishedDateTime", _T.STRING, article=_iso_date),
    _attribute("publishedEpoch", _T.LONG, article=_epoch_seconds),
    _attribute("webUrl", _T.STRING, article="web_url"),
    _attribute("originalUrl", _T.STRING, article="original_url"),
    _attribute("ampWebUrl", _T.STRING, article="amp_web_url"),
    _attribute("cdnAmpWebUrl", _T.STRING, article="cdn_amp_web_url"),
    _attribute("articleType", _T.STRING, article="type"),
    _attribute("category", _T.STRING, article="category"),
    _attribute("quality", _T.INT, article="quality"),
    _attribute("heat", _T.INT, article="heat"),
    _attribute("published", _T.BOOLEAN, article="published"),
    _attribute("aliases", _T.LIST, provider="aliases"),
    _attribute("shortName", _T.STRING, topic="short_name"),
    _attribute("description", _T.STRING, topic="description"),
    _attribute("keywords", _T.LIST, topic="keywords"),
    _attribute("hashtags", _T.LIST, topic="hashtags"),
    _of_every_kind("image", _T.STRING, _first_image),
    _of_every_kind("images", _T.JSON, _images),
    _attribute("frontMatter", _T.JSON, article=_front_matter),
)
EDGE_ATTRIBUTES: Mapping[str, AttributeType] = MappingProxyType({"relation": _T.STRING, "position": _T.INT})
FLAT_ATTRIBUTES = tuple(attribute for attribute in NODE_ATTRIBUTES if attribute.type is not _T.JSON)


def values_of(node: GraphNode, attributes: Iterable[NodeAttribute]) -> Iterator[tuple[str, Any]]:
    """The names and values of the attributes that the node has."""
    kind = kind_of(node)
    for attribute in attributes:
        if kind in attribute.getters:
            value = attribute.getters[kind](node)
            if value not in (None, "", (), [], {}):
                yield attribute.name, value


def flat_values(node: GraphNode) -> Iterator[tuple[str, Scalar]]:
    for name, value in values_of(node, FLAT_ATTRIBUTES):
        yield name, LIST_SEPARATOR.join(value) if isinstance(value, tuple) else value


class Edge(NamedTuple):
    id: str
    """Unique in the file."""
    source: str
    target: str
    relation: str
    position: int


def edges(snapshot: GraphSnapshot) -> Iterator[Edge]:
    """All edges by kind, source and position."""
    numbers = count()
    for kind in EdgeKind:
        for source, targets in snapshot.targets[kind].items():
            for position, target in enumerate(targets, 1):
                yield Edge(f"e{next(numbers)}", source, target, kind.value, position)
