"""Which fields of a node are searched, and the weight of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from graph.bodies.pages import plain_text
from graph.model import Article, Node, NodeKind, kind_of


class Weight(Enum):
    """How much a match in a field counts: a heading says more of what a node is about than its text does."""

    HEADING = 5.0
    SUMMARY = 2.0
    TEXT = 1.0


@dataclass(frozen=True, slots=True)
class SearchField:
    """A searched field, which holds one text or several."""

    name: str
    """As in the GraphQL schema."""
    attribute: str
    weight: Weight


_FIELDS: Mapping[NodeKind, tuple[SearchField, ...]] = MappingProxyType(
    {
        NodeKind.ARTICLE: (
            SearchField("title", "title", Weight.HEADING),
            SearchField("excerpt", "excerpt", Weight.SUMMARY),
        ),
        NodeKind.PROVIDER: (
            SearchField("name", "name", Weight.HEADING),
            SearchField("aliases", "aliases", Weight.SUMMARY),
            SearchField("domain", "domain", Weight.SUMMARY),
            SearchField("description", "description", Weight.TEXT),
        ),
        NodeKind.TOPIC: (
            SearchField("name", "name", Weight.HEADING),
            SearchField("shortName", "short_name", Weight.HEADING),
            SearchField("aliases", "aliases", Weight.SUMMARY),
            SearchField("keywords", "keywords", Weight.SUMMARY),
            SearchField("hashtags", "hashtags", Weight.SUMMARY),
            SearchField("description", "description", Weight.TEXT),
        ),
        NodeKind.PERSON: (
            SearchField("name", "name", Weight.HEADING),
            SearchField("aliases", "aliases", Weight.SUMMARY),
            SearchField("description", "description", Weight.TEXT),
        ),
        NodeKind.STORY: (SearchField("headline", "headline", Weight.HEADING),),
    }
)


_NAME = SearchField("slug", "slug", Weight.HEADING)
"""Of an article without a title."""
_BODY = SearchField("body", "body", Weight.TEXT)


def field_texts(node: Node) -> Iterator[tuple[SearchField, str]]:
    """The node's texts with their fields, in field order; a field with several texts comes once for each.

    An article without a title has its name for one; its body comes without markup.
    """
    if isinstance(node, Article) and node.title is None and node.slug:
        yield _NAME, node.slug
    for field in _FIELDS[kind_of(node)]:
        value: str | tuple[str, ...] | None = getattr(node, field.attribute)
        for text in (value,) if isinstance(value, str) else value or ():
            yield field, text
    if isinstance(node, Article) and node.body:
        yield _BODY, plain_text(node.body, node.body_format)
