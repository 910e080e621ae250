"""Addresses of Docusaurus: https://docusaurus.io/docs/create-doc#doc-urls, …/blog, …/versioning, …/i18n/introduction."""

import re
from posixpath import normpath

from graph.sites.locations import Location
from graph.sites.rules.said import Said
from graph.sites.rules.words import joined
from graph.sites.site import Site

_DATED = re.compile(r"(?P<folder>.*?)(?P<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})[-/]?(?P<text>.*?)(?:/index)?", re.DOTALL)
_NUMBERED = re.compile(r"\d+\s*[-_.]+\s*(?P<name>[^-_.\s].*)")
_DATE_OR_VERSION = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d+(?:[-_.]\d+)")


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a document of the documentation, a post of a blog, or a page."""
    is_default = location.language is None or location.language == site.language
    language = () if is_default else (str(location.language),)
    route = site.routes.get(location.folder, "")
    blogs = site.settings.get("blogs")
    if location.folder in (blogs if isinstance(blogs, list) else ("blog",)):
        below = _blog(location, said)
    elif location.folder == "src/pages":
        below = said.slug or f"/{location.standing}"
    else:
        below = _document(location, said)
    path = joined((*language, route, *_version(site, location), below))
    return f"{path}/" if site.settings.get("trailingSlash") and path != "/" else path


def _version(site: Site, location: Location) -> tuple[str, ...]:
    versions = site.settings.get("versions")
    versions = versions if isinstance(versions, list) and location.folder == "docs" else []
    last = site.settings.get("lastVersion") or (versions[0] if versions else "current")
    if location.version is None:
        return ("next",) if versions and last != "current" else ()
    return () if location.version == last else (location.version,)


def _blog(location: Location, said: Said) -> str:
    if said.slug:
        return f"/{said.slug}"
    if found := _DATED.fullmatch(location.path):
        return f"/{found['date'].replace('-', '/')}/{found['folder']}{found['text']}"
    return f"/{location.standing}"


def _document(location: Location, said: Said) -> str:
    folders = tuple(map(_without_number, location.folders))
    name = _without_number(location.name)
    slug = said.slug or said.id
    if slug is None:
        is_category = name.lower() == "index" or (folders and name.lower() == folders[-1].lower())
        return joined(folders if is_category else (*folders, name))
    return slug if slug.startswith("/") else normpath(joined((*folders, slug)))


def _without_number(name: str) -> str:
    """The name without the number that orders it: `02-setup` → `setup`; dates and versions stay."""
    found = _NUMBERED.fullmatch(name)
    return name if found is None or _DATE_OR_VERSION.match(name) else found["name"]
