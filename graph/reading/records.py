"""What source files say, checked: a `Document` or a `CatalogueEntry`, and what these are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from graph.model import ArticleFields, Image, JsonValue
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reference(ArticleFields):
    """An embedded copy of another article, from a `related` list.

    Equal by identity, so that it can be counted and looked up fast: of an article that hundreds name there are hundreds of
    copies, nearly all of which say the same. `SharedReferences` makes one object of those.
    """

    key: str
    """The canonical URL, else `slug:` and the slug."""
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
    key: str
    """The canonical URL, else `slug:` and the slug: what makes it the same article as another file."""
    url: str | None
    slug: str
    names: tuple[str, ...]
    """The slug, and the file's name if it differs."""
    body: str | None
    is_visible: bool
    """Whether a site generator would publish it."""
    provider: ProviderMention | None
    topics: tuple[str, ...]
    related: tuple[Reference | None, ...]
    """The items of the list as written, None for one that is of no use; repeats and the article itself included, since
    their values count when copies are compared."""
    related_lines: Mapping[int, int | None]
    """The lines of the useful items, by place; empty unless one of them names its article by a slug."""
    front_matter: Mapping[str, JsonValue]
    identity_line: int | None
    """The line of the URL that makes it this article."""


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """What a catalogue says of a topic or an organization."""

    file: str
    kind: SourceKind
    key: str
    """A topic's slug, or a provider's domain (without one, the slug of its name)."""
    name: str
    domain: str | None = None
    short_name: str | None = None
    description: str | None = None
    other_names: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    parent: str | None = None
    is_visible: bool = True


_reference_values = attrgetter(*(field.name for field in fields(Reference)))


def is_slug_key(key: str) -> bool:
    """Whether this is the key of an article that is known by its slug alone."""
    return key.startswith(_SLUG_KEY)


def slug_key(slug: str) -> str:
    """The key of an article that is known by its slug alone."""
    return f"{_SLUG_KEY}{slug}"
