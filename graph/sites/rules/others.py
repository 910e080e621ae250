"""Addresses of systems whose rule is short: Quartz, Obsidian Publish, Astro, Pelican."""

import re

from graph.sites.locations import Location
from graph.sites.rules.said import DatedName, Said, dated_name
from graph.sites.rules.words import directory, joined, pelican_slug, rooted
from graph.sites.site import Site

_PELICAN_FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def obsidian(site: Site, location: Location, said: Said) -> str | None:
    """The address of a note: as Quartz publishes a folder `content`, else as Obsidian Publish; none without a site."""
    if said.permalink:
        return rooted(said.permalink)
    if site.url is None:
        return None
    if site.settings.get("quartz"):
        return joined(map(_quartz_part, location.parts[:-1] if location.name == "index" else location.parts))
    return joined(part.replace(" ", "+") for part in location.parts)


def _quartz_part(part: str) -> str:
    words = re.sub(r"\s", "-", part).replace("&", "-and-").replace("%", "-percent")
    return words.replace("?", "").replace("#", "")


def astro(site: Site, location: Location, said: Said) -> str | None:
    """The address of a page, or of a document of Starlight; other collections have routes that a program makes."""
    if location.folder in ("src/pages", "src/content/docs"):
        parts = (said.slug,) if said.slug and location.folder != "src/pages" else (location.standing,)
        language = (location.language,) if location.language and location.language != site.language else ()
        return _astro_path(site, directory((*language, *parts)))
    pattern = site.permalinks.get(location.folders[0]) if location.folders else None
    if pattern:
        return _astro_path(site, rooted(pattern.replace(":slug", said.slug or location.standing.partition("/")[2])))
    return None


def _astro_path(site: Site, path: str) -> str:
    return path.rstrip("/") or "/" if site.settings.get("trailingSlash") == "never" else path


def pelican(site: Site, location: Location, said: Said) -> str | None:
    """The address of an article or a page."""
    if said.permalink:
        return rooted(said.permalink)
    is_page = any(
        location.path.startswith(f"{path.strip('/')}/") for path in site.settings.get("PAGE_PATHS", ["pages"])
    )
    language = said.language or location.language
    is_foreign = language is not None and site.language is not None and language != site.language
    kind, usual = ("pages", "pages/{slug}") if is_page else ("", "{slug}")
    pattern = site.permalinks.get(f"{kind}:lang" if is_foreign else kind)
    pattern = pattern or usual + ("-{lang}.html" if is_foreign else ".html")
    dated = dated_name(location.name)
    values = {
        "slug": said.slug or pelican_slug(_pelican_name(site, location, said, dated)),
        "lang": language or "",
        "category": pelican_slug(_pelican_category(site, location, said)),
    }
    date = said.date or (dated.date if dated else None)

    def value(match: re.Match[str]) -> str:
        name, code = match.groups()
        if name == "date" and date:
            return date.strftime(code or "%Y-%m-%d")
        return values[name]

    try:
        return rooted(_PELICAN_FIELD.sub(value, pattern))
    except (KeyError, ValueError):  # of a format of dates that is none
        return None


def _pelican_name(site: Site, location: Location, said: Said, dated: DatedName | None) -> str:
    """What the slug is made of where the article says none: by `FILENAME_METADATA`, else by `SLUGIFY_SOURCE`."""
    named = site.settings.get("FILENAME_METADATA", ())
    if "slug" in named:
        return dated.name if "date" in named and dated and dated.name else location.name
    return location.name if site.settings.get("SLUGIFY_SOURCE") == "basename" else said.title or location.name


def _pelican_category(site: Site, location: Location, said: Said) -> str:
    if said.categories:
        return said.categories[0]
    if location.folders and site.settings.get("USE_FOLDER_AS_CATEGORY", True):
        return location.folders[-1]
    return str(site.settings.get("DEFAULT_CATEGORY", "misc"))
