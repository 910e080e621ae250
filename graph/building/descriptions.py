"""Documents → the same documents, naming providers, topics and persons as the site's own files describe them.

A document may name a topic by its term, its title or a former name, and a person by a key. What it means follows from the pages
of terms and the files of data, so it is known when all files are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from graph.links import name_slug
from graph.reading.files import SourceKind
from graph.reading.records import CatalogueEntry, Document, PersonMention, ProviderMention, TopicMention

_Entries = Mapping[tuple[SourceKind, str], CatalogueEntry]


class Descriptions:
    """What files of terms and of data describe; what follows from it for each document, kept from load to load."""

    def __init__(self) -> None:
        self._described: _Entries = {}
        self._known: Mapping[Document, Document] = {}

    def applied(self, documents: Sequence[Document], entries: Iterable[CatalogueEntry]) -> Sequence[Document]:
        """The documents, which are the same objects where nothing is described under another name."""
        described = _by_slug(entries)
        if not described:
            return documents
        known = self._known if described == self._described else {}
        self._described = described
        self._known = {document: known.get(document) or _named(document, described) for document in documents}
        return list(self._known.values())


def _by_slug(entries: Iterable[CatalogueEntry]) -> _Entries:
    """By each of their names, of which none is what another one is called first."""
    entries = tuple(entries)
    keys = {(entry.kind, entry.key) for entry in entries}
    found: dict[tuple[SourceKind, str], CatalogueEntry] = {}
    for entry in entries:
        own = (entry.key,) if entry.kind is SourceKind.PERSON else ()
        for slug in (*own, *(slug for slug in entry.slugs if (entry.kind, slug) not in keys)):
            found.setdefault((entry.kind, slug), entry)
    return found


def _named(document: Document, described: _Entries) -> Document:
    provider = document.provider and _provider(document.provider, described)
    topics = tuple(_topic(topic, described) for topic in document.topics)
    authors = tuple(_person(author, described) for author in document.authors)
    if (provider, topics, authors) == (document.provider, document.topics, document.authors):
        return document
    return replace(document, provider=provider, topics=topics, authors=authors)


def _provider(mention: ProviderMention, described: _Entries) -> ProviderMention:
    entry = described.get((SourceKind.ORGANIZATION, mention.key))
    return ProviderMention(entry.key, entry.domain, entry.name, mention.images or entry.images) if entry else mention


def _topic(mention: TopicMention, described: _Entries) -> TopicMention:
    entry = described.get((SourceKind.TOPIC, name_slug(mention.name) or ""))
    return replace(mention, name=entry.key) if entry else mention


def _person(mention: PersonMention, described: _Entries) -> PersonMention:
    entry = described.get((SourceKind.PERSON, mention.key))
    if entry is None:
        return mention
    return PersonMention(
        entry.key,
        entry.name,
        mention.url or entry.url,
        mention.images or entry.images,
        mention.description or entry.description,
    )
