"""Addresses of Docusaurus: https://docusaurus.io/docs/create-doc#doc-urls, …/blog, …/versioning, …/i18n/introduction."""

import re
from posixpath import normpath
from typing import Any

from graph.sites.places import Place
from graph.sites.rules.said import Said
from graph.sites.rules.words import joined
from graph.sites.site import Site

SETTINGS = frozenset({"routes", "blogs", "versions", "lastVersion", "trailingSlash", "localeBaseUrls"})
"""Its configuration is a program: these are what recognition makes of it.

`routes`: what the addresses begin with, by content folder. `blogs`: the content folders of blogs. `versions`: by content
folder of documentation its versions, the latest first, as `versions.json` lists them. `lastVersion`: by content folder the
one that has no version in its addresses.
"""

_DATED = re.compile(r"(?P<folder>.*?)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?")
_NUMBERED = re.compile(r"\d+\s*[-_.]+\s*(?P<name>[^-_.\s].*)")
_DATE_OR_VERSION = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d+(?:[-_.]\d+)")


def address(site: Site, place: Place, said: Said) -> str | None:
    """The address of a document of the documentation, a post of a blog, or a page."""
    is_default = place.language is None or place.language == site.language
    language = () if is_default else (str(place.language),)
    route = _option(site, "routes", place.folder)
    if route is None:
        route = "" if place.folder == "src/pages" else place.folder
    blogs = site.settings.get("blogs")
    if place.folder in (blogs if isinstance(blogs, list | tuple) else ("blog",)):
        below = _blog(place, said)
    elif place.folder == "src/pages":
        below = said.slug or f"/{place.standing}"
    else:
        below = _document(place, said)
    path = joined((*language, route, *_version(site, place), below))
    return f"{path}/" if site.settings.get("trailingSlash") and path != "/" else path


def _option(site: Site, name: str, folder: str) -> Any:
    options = site.settings.get(name)
    return options.get(folder) if isinstance(options, dict) else None


def _version(site: Site, place: Place) -> tuple[str, ...]:
    versions = _option(site, "versions", place.folder) or ()
    last = _option(site, "lastVersion", place.folder) or (versions[0] if versions else "current")
    if place.version is None:
        return ("next",) if versions and last != "current" else ()
    return () if place.version == last else (place.version,)


def _blog(place: Place, said: Said) -> str:
    if said.slug:
        return f"/{said.slug}"
    if found := _DATED.fullmatch(place.path):
        return f"/{found['date'].replace('-', '/')}/{found['folder']}{found['text']}"
    return f"/{place.standing}"


def _document(place: Place, said: Said) -> str:
    folders = tuple(map(_without_number, place.folders))
    name = _without_number(place.name)
    slug = said.slug or said.id
    if slug is None:
        is_category = name.lower() == "index" or (folders and name.lower() == folders[-1].lower())
        return joined(folders if is_category else (*folders, name))
    return slug if slug.startswith("/") else normpath(joined((*folders, slug)))


def _without_number(name: str) -> str:
    """The name without the number that orders it: `02-setup` → `setup`; dates and versions stay."""
    found = _NUMBERED.fullmatch(name)
    return name if found is None or _DATE_OR_VERSION.match(name) else found["name"]
