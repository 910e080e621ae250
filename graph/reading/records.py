"""What source files say, checked: a `Document` or a `CatalogueEntry`, and what these are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from operator import attrgetter
from typing import Any

from graph.bodies.targets import BodyLink
from graph.model import ArticleFields, BodyFormat, Image, JsonValue
from graph.problems import FieldPath
from graph.reading.files import SourceKind

_SLUG_KEY = "slug:"
"""Begins the key of an article that has no URL."""


@dataclass(frozen=True, slots=True)
class ProviderMention:
    """A provider as one document names it."""

    key: str
    """The domain, else the slug of the name."""
    domain: str | None
    name: str | None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonMention:
    """An author as one document names them."""

    key: str
    """The slug of the key that a data file has them under, else of the name."""
    name: str
    """As it is written, which may be that key."""
    url: str | None = None
    images: tuple[Image, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TopicMention:
    """A topic as one document names it."""

    name: str
    taxonomy: str
    """What the list of it is called: `tags`, `categories`, `keywords`; `topics` for a list that is simply that."""


class HiddenReason(Enum):
    """Why a site generator does not publish a file. The values complete “hidden: …”."""

    PUBLISHED_FALSE = "published: false"
    PUBLISH_FALSE = "publish: false"
    REMOVED = "removed: true"
    DELETED = "deleted: true"
    DRAFT = "draft: true"
    DRAFTS_FOLDER = "in a folder of drafts"
    STATUS = "a status of what is not published"
    UNLISTED = "unlisted: true"
    HEADLESS = "headless: true"
    NOT_RENDERED = "no page is made of it"
    FUTURE = "dated in the future"
    EXPIRED = "expired"
    CONFIGURED = "as frontgraph.toml says"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reference(ArticleFields):
    """An embedded copy of another article, from a `related` list.

    Equal by identity, so that it can be counted and looked up fast: of an article that hundreds name there are hundreds of
    copies, nearly all of which say the same. `SharedReferences` makes one object of those.
    """

    key: str
    """The canonical URL, else `path:` and a path on the site, else `slug:` and the slug, whatever it names."""
    slug: str | None
    provider: ProviderMention | None


class SharedReferences:
    """References, each once: equal ones become one object."""

    def __init__(self, references: Iterable[Reference] = ()) -> None:
        self._by_values: dict[tuple[Any, ...], Reference] = {}
        for reference in references:
            self.share(reference)

    def __len__(self) -> int:
        return len(self._by_values)

    def share(self, reference: Reference) -> Reference:
        """The first of all references that are equal to this one."""
        return self._by_values.setdefault(_reference_values(reference), reference)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Document(ArticleFields):
    """An article's own file."""

    file: str
    key: str | None
    """What it says to be, which makes it the same article as another file that says so: its canonical URL, or `path:` and its
    path on a site whose address is not known; None if it says neither."""
    url: str | None
    """The canonical URL that it says, else that of the address that its site gives it; None if neither is known."""
    address: str | None
    """The address that its site gives it, below the start page: `/2024/05/03/frost/`; None if that is not known."""
    slug: str
    names: tuple[str, ...]
    """The slug, and the file's names if they differ."""
    body: str | None
    body_format: BodyFormat
    links: tuple[BodyLink, ...]
    """Those in the body, in its order; of the lines that they stand on, 0 is the first of the body."""
    lines_above: int
    """How many lines of the file stand above the body; 0 if there is no link in it."""
    hidden: HiddenReason | None
    """Why a site generator would not publish it, whatever the time is."""
    visible_from: datetime | None
    """Before that it would not."""
    visible_until: datetime | None
    """From then on it would not."""
    provider: ProviderMention | None
    authors: tuple[PersonMention, ...]
    topics: tuple[TopicMention, ...]
    """Names whose slugs differ; the first spelling of each."""
    related: tuple[Reference | None, ...]
    """The items of the list as written, None for one that is of no use; repeats and the article itself included, since
    their values count when copies are compared."""
    related_lines: Mapping[int, int | None]
    """The lines of the useful items, by place; empty if all of them name their articles by URLs."""
    front_matter: Mapping[str, JsonValue]
    identity_line: int | None
    """The line of the URL that makes it this article."""
    identity_path: FieldPath
    """The field of that URL."""
    aliases: tuple[str, ...]
    """Other names and former addresses, as written."""
    permalink: str | None
    """An address that the file gives itself, as written: `permalink`, `url`, `path`."""
    doc_id: str | None
    """The `id`, as written."""
    language: str | None
    """As written."""
    translation_key: str | None
    """What translations of one article have in common, as written."""
    series: tuple[str, ...]
    """Names of series that it is part of."""
    items: tuple[str, ...]
    """What it is made of: names, paths or addresses, as written."""
    previous: str | None
    """The article before it: a name, a path or an address, as written."""
    next: str | None
    weight: float | None
    """Its place among others, the smallest first."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a catalogue says of a topic, an organization or a person."""

    file: str
    kind: SourceKind
    key: str
    """A topic's slug, a provider's domain (without one, the slug of its name), or the slug by which a person is named."""
    name: str
    slugs: tuple[str, ...] = ()
    """Of other names by which documents mean the same."""
    domain: str | None = None
    short_name: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    parent: str | None = None
    url: str | None = None
    hidden: HiddenReason | None = None


_reference_values = attrgetter(*(field.name for field in fields(Reference)))


def is_slug_key(key: str) -> bool:
    """Whether this is the key of an article that is known by its slug alone."""
    return key.startswith(_SLUG_KEY)


def is_url_key(key: str) -> bool:
    """Whether this is a canonical URL."""
    return key.startswith("https://")


def path_key(path: str) -> str:
    """The key of an article that is known by its path: by its address if that begins with a slash, else by its file."""
    return f"path:{path.rstrip('/') or '/'}"


def file_key(file: str) -> str:
    """The key of an article that is known by its file alone, since another one has its path."""
    return f"file:{file}"


def slug_key(slug: str) -> str:
    """The key of an article that is known by its slug alone."""
    return f"{_SLUG_KEY}{slug}"
