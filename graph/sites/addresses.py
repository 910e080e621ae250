"""Where the documents of a site have their addresses: what they say, else what the rule of their system makes of the path.

An address here is a path below the site's start page that begins with a slash, decoded and composed: `/2024/05/03/frost/`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from graph.links import composed
from graph.sites.locations import Location
from graph.sites.rules import docusaurus, eleventy, hugo, jekyll, mkdocs, others, zola
from graph.sites.rules.said import Said
from graph.sites.rules.words import rooted
from graph.sites.site import Site, SiteSystem

Rule = Callable[[Site, Location, Said], str | None]


def _plain(site: Site, location: Location, said: Said) -> str | None:
    """What a document of a plain folder says; else by the patterns that its owner gives, which are those of Hugo."""
    if said.permalink and said.permalink.startswith("/"):
        return rooted(said.permalink)
    return hugo.by_pattern(site, location, said)


RULES: Mapping[SiteSystem, Rule] = {
    SiteSystem.JEKYLL: jekyll.address,
    SiteSystem.HUGO: hugo.address,
    SiteSystem.ZOLA: zola.address,
    SiteSystem.ELEVENTY: eleventy.address,
    SiteSystem.DOCUSAURUS: docusaurus.address,
    SiteSystem.MKDOCS: mkdocs.address,
    SiteSystem.OBSIDIAN: others.obsidian,
    SiteSystem.ASTRO: others.astro,
    SiteSystem.PELICAN: others.pelican,
    SiteSystem.PLAIN: _plain,
}

_WITH_LANGUAGES = frozenset({SiteSystem.HUGO, SiteSystem.MKDOCS, SiteSystem.ASTRO})
"""Where a folder for a language is no folder like others."""


def address_of(site: Site, location: Location, said: Said) -> str | None:
    """The address of the document at this location; None if the rule does not tell it.

    What a document says of its own address is followed as its system does; a whole address counts if it is of the own site.
    """
    permalink = said.permalink and own_path(site, said.permalink)
    if permalink != said.permalink:
        said = replace(said, permalink=permalink)
    if location.language_folder and site.system not in _WITH_LANGUAGES:
        location = replace(location, path=f"{location.language_folder}/{location.path}")
    found = RULES[site.system](site, location, said)
    return composed(unquote(found)) if found else None


def own_path(site: Site, url: str) -> str | None:
    """What stands below the site's start page in an address: of the own site, or without a host; None of other sites.

    A path on the host, `/blog/a`, counts below a site at `https://example.org/blog`, and so does `/a`.
    """
    base = urlsplit(site.url or "")
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if not parts.scheme and not parts.netloc:
        prefix = base.path.rstrip("/")
        path = url.strip()
        return path[len(prefix) :] if prefix and path.startswith(f"{prefix}/") else path
    host = (base.hostname or "").removeprefix("www.")
    if not host or (parts.hostname or "").removeprefix("www.") != host:
        return None
    path, prefix = parts.path or "/", base.path.rstrip("/")
    if prefix and path != prefix and not path.startswith(f"{prefix}/"):
        return None
    return path[len(prefix) :] or "/"


def whole_address(site: Site, address: str) -> str | None:
    """The address with the site's own before it; None if that is not known."""
    return f"{site.url.rstrip('/')}{address}" if site.url else None
