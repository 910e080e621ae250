"""What a document says and its site knows of where it stands: address, slug and names."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from graph.links import canonical_url, composed, file_slug
from graph.model import JsonValue
from graph.reading.field_reader import FieldReader
from graph.reading.records import path_key
from graph.sites.addresses import address_of, own_path, whole_address
from graph.sites.locations import INDEX_NAMES, Location, location_of
from graph.sites.rules.said import Said
from graph.sites.site import Site, SiteSystem
from graph.sites.vocabulary import Resolved


class Identity(NamedTuple):
    """Where a document stands."""

    key: str | None
    """What it says to be: its canonical URL, or its path on a site whose address is not known; None if it says neither."""
    url: str | None
    """The canonical URL that it says, else that of the address that its site gives it; None if neither is known."""
    address: str | None
    """The address that its site gives it, below the start page; None if that is not known."""
    slug: str
    names: tuple[str, ...]
    """The slug, and the file's names if they differ."""


def identity(
    label: str,
    reader: FieldReader,
    site: Site,
    said_url: str | None,
    title: str | None,
    date: datetime | None,
    categories: tuple[str, ...] = (),
) -> Identity:
    """Where the document with this label stands. `said_url` is what it says of its address, checked but not canonical."""
    location = location_of(site, label)
    slug = reader.text("slug", 500)
    canonical = canonical_url(said_url) if said_url else None
    key = canonical or (path_key(said_url) if said_url else None)
    address = address_of(
        site,
        location,
        Said(
            permalink=reader.loose_text("permalink"),
            slug=slug,
            id=reader.loose_text("id"),
            title=title,
            date=reader.written_moment("publishedDateTime") or (date and date.replace(tzinfo=None)),
            categories=categories,
            language=reader.loose_text("language"),
        ),
    )
    if said_url and (site.url or canonical is None) and (own := own_path(site, said_url)):
        address = own.partition("?")[0].partition("#")[0]
    computed = address and whole_address(site, address)
    url = canonical or (canonical_url(computed) if computed else None)
    names = _names(label, location)
    own_slug = slug or file_slug(names[0])
    return Identity(key, url, address, own_slug, tuple(dict.fromkeys((own_slug, file_slug(names[0]), *names))))


def _names(label: str, location: Location) -> list[str]:
    """What the file is called: an index as its folder, then as it is."""
    folders, _, name = label.rpartition("/")
    stem = composed(name.rpartition(".")[0] or name)
    folder = folders.rpartition("/")[2]
    return [folder if location.name in INDEX_NAMES and folder else location.name, stem]


def category_names(site: Site, fields: Mapping[str, JsonValue], said: Resolved) -> tuple[str, ...]:
    """The categories that may stand in an address: Jekyll splits a text at spaces."""
    found: list[str] = []
    for key in ("category", "categories"):
        value = fields.get(said.keys.get(key, key))
        if isinstance(value, str):
            is_split = key == "categories" and site.system is SiteSystem.JEKYLL
            found += value.split() if is_split else [value.strip()]
        elif isinstance(value, list):
            found += [str(item) for item in value if isinstance(item, (str, int))]
    return tuple(dict.fromkeys(name for name in found if name))
