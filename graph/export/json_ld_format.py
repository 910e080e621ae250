"""JSON-LD in the vocabulary of schema.org, with its context inline: a reader has nothing to fetch."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from graph.building.snapshot import GraphSnapshot
from graph.export.attributes import NODE_ATTRIBUTES, values_of
from graph.export.formats import AttributeType
from graph.export.iris import as_iri, is_iri
from graph.export.json_formats import json_items
from graph.export.selection import Selection, targets
from graph.model import Article, EdgeKind, JsonValue, Node, NodeKind, Person, counted, kind_of
from graph.sites.site import SiteSystem

NAMESPACE = "urn:frontgraph:"
"""Prefix of the IRIs of nodes and stories, which end with the id, and of our own terms."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPES = MappingProxyType(
    {
        NodeKind.PROVIDER: "Organization",
        NodeKind.TOPIC: "DefinedTerm",
        NodeKind.PERSON: "Person",
        NodeKind.STORY: "Collection",
    }
)
_NEWS = "NewsArticle"
_PAGE_TYPES = MappingProxyType(
    {
        SiteSystem.DOCUSAURUS: "TechArticle",
        SiteSystem.MKDOCS: "TechArticle",
        SiteSystem.OBSIDIAN: "NoteDigitalDocument",
        SiteSystem.PLAIN: "Article",
    }
)
"""What a document without a date is, by the system of its site; of any other, a page."""
# Related articles are a “citation”, schema.org's property from a creative work to another that it refers to:
# “relatedLink” belongs to web pages, “isRelatedTo” to products, and “mentions” means that the text itself names its
# object; so a link in a text is one.
_RELATIONS = MappingProxyType(
    {
        EdgeKind.PUBLISHED_BY: "publisher",
        EdgeKind.WRITTEN_BY: "author",
        EdgeKind.ABOUT: "about",
        EdgeKind.TRANSLATION_OF: "translationOfWork",
        EdgeKind.PART_OF: "isPartOf",
        EdgeKind.RELATED_TO: "citation",
        EdgeKind.LINKS_TO: "mentions",
        EdgeKind.BROADER: "broader",
    }
)
_PROPERTIES = MappingProxyType(
    {
        "label": "name",
        "excerpt": "description",
        "publishedDateTime": "datePublished",
        "updatedDateTime": "dateModified",
        "webUrl": "url",
        "category": "articleSection",
        "language": "inLanguage",
        "version": "version",
        "aliases": "alternateName",
        "shortName": "alternateName",
        "description": "description",
        "images": "image",
    }
)
"""The attributes that schema.org has a property for; the others keep their names, as terms of our own."""
_IMAGE_PROPERTIES = MappingProxyType({"url": "contentUrl", "title": "name", "attribution": "creditText"})
_SAID_OTHERWISE = frozenset({"kind", "url", "publishedEpoch", "updatedEpoch", "image", "frontMatter"})
"""Left out, but for the `url` of a person: `@type`, `@id`, `datePublished` and `images` say the same, and free front matter is no statement about the
article in any vocabulary."""
_ATTRIBUTES = tuple(attribute for attribute in NODE_ATTRIBUTES if attribute.name not in _SAID_OTHERWISE)
_OWN_TERMS = MappingProxyType(
    {attribute.name: attribute.type for attribute in _ATTRIBUTES if attribute.name not in _PROPERTIES}
    | {"isCached": AttributeType.BOOLEAN}
)
_OWN_LINKS = frozenset({"originalUrl", "ampWebUrl", "cdnAmpWebUrl", "story"})
_ADDRESSES = frozenset({"webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl"})


def json_ld(selection: Selection) -> Iterator[bytes]:
    """One `@graph` of articles, providers, topics and persons, each with its links to other nodes of the selection."""
    yield b'{"@context":' + orjson.dumps(_context(selection.snapshot)) + b',"@graph":[\n'
    type_of = _article_types(selection.snapshot)
    yield from json_items(_item(selection, node, type_of) for node in selection.nodes.values())
    yield b"]}\n"


def _context(snapshot: GraphSnapshot) -> dict[str, Any]:
    kinds = counted({kind: snapshot.edge_counts[kind] for kind in EdgeKind})
    links = [_RELATIONS[kind] for kind in kinds if kind is not EdgeKind.BROADER]
    return {
        "@vocab": "https://schema.org/",
        "datePublished": {"@type": _XSD + "dateTime"},
        "dateModified": {"@type": _XSD + "dateTime"},
        **{name: {"@type": "@id"} for name in ("url", "contentUrl", *links)},
        "broader": {"@id": "http://www.w3.org/2004/02/skos/core#broader", "@type": "@id"},
        **{name: _own_term(name, attribute_type) for name, attribute_type in _OWN_TERMS.items()},
    }


def _own_term(name: str, attribute_type: AttributeType) -> str | dict[str, str]:
    term = f"{NAMESPACE}term:{name}"
    if name in _OWN_LINKS:
        return {"@id": term, "@type": "@id"}
    return {"@id": term, "@type": _XSD + "double"} if attribute_type is AttributeType.DOUBLE else term


def _article_types(snapshot: GraphSnapshot) -> Callable[[Article], str]:
    """What an article is in the words of schema.org, by what its folder is.

    News if its folder is of no known system and names others than itself as publishers; else what pages and posts of its system are.
    """
    sites = sorted((site for site, _ in snapshot.inventory.sites), key=lambda site: -len(site.label))
    itself = any(site.url for site in sites)
    is_news = all(site.system is SiteSystem.PLAIN for site in sites) and len(snapshot.ids[NodeKind.PROVIDER]) > itself

    def article_type(article: Article) -> str:
        if is_news:
            return _NEWS
        system = next((site.system for site in sites if (article.file or "").startswith(site.label)), SiteSystem.PLAIN)
        if article.published_date_time is not None and system is not SiteSystem.OBSIDIAN:
            return "Article"
        return _PAGE_TYPES.get(system, "WebPage")

    return article_type


def _item(selection: Selection, node: Node, type_of: Callable[[Article], str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in values_of(selection.snapshot, node, _ATTRIBUTES):
        said = _PROPERTIES.get(name, name)
        values[said] = [*_listed(values[said]), *_listed(value)] if said in values else _value(name, value)
    return {
        "@id": _iri(node),
        "@type": type_of(node) if isinstance(node, Article) else _TYPES[kind_of(node)],
        "identifier": node.id,
        **({"headline": node.title} if isinstance(node, Article) and node.title else {}),
        **values,
        **({"url": _address(node.url)} if isinstance(node, Person) and node.url else {}),
        **_links(selection, node),
    }


def _iri(node: Node) -> str:
    """The node's IRI: an article's canonical URL, if that is one, else a URN made from its id."""
    return node.url if isinstance(node, Article) and node.url and is_iri(node.url) else NAMESPACE + node.id


def _address(text: str) -> str | dict[str, str]:
    """An address as an IRI; what cannot be one, such as a path on a site whose address is not known, as a text."""
    return as_iri(text) or {"@value": text}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _value(name: str, value: Any) -> Any:
    if name == "story":
        return NAMESPACE + value
    if name in _ADDRESSES:
        return _address(value)
    return [_image_object(image) for image in value] if name == "images" else value


def _image_object(image: Mapping[str, JsonValue]) -> dict[str, Any]:
    said = {_IMAGE_PROPERTIES.get(name, name): value for name, value in image.items()}
    return {"@type": "ImageObject", **said, "contentUrl": _address(str(image["url"]))}


def _links(selection: Selection, node: Node) -> dict[str, list[str]]:
    links = {
        name: [_iri(selection.nodes[target]) for _, target in targets(selection, kind, node.id)]
        for kind, name in _RELATIONS.items()
    }
    return {name: found for name, found in links.items() if found}
