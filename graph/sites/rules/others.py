"""Addresses of systems whose rule is short: Quartz, Obsidian Publish, Astro, Pelican."""

import re

from graph.sites.locations import Location
from graph.sites.rules.said import Said, dated_name
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
        return directory(
            (*((location.language,) if location.language and location.language != site.language else ()), *parts)
        )
    pattern = site.permalinks.get(location.folders[0]) if location.folders else None
    if pattern:
        return rooted(pattern.replace(":slug", said.slug or location.standing.partition("/")[2]))
    return None


def pelican(site: Site, location: Location, said: Said) -> str | None:
    """The address of an article or a page."""
    if said.permalink:
        return rooted(said.permalink)
    paths = site.settings.get("PAGE_PATHS")
    is_page = bool(location.folders) and location.folders[0] in (paths or ("pages",))
    language = said.language or location.language
    is_foreign = language is not None and site.language is not None and language != site.language
    kind, usual = ("pages", "pages/{slug}") if is_page else ("", "{slug}")
    pattern = site.permalinks.get(f"{kind}:lang" if is_foreign else kind)
    pattern = pattern or usual + ("-{lang}.html" if is_foreign else ".html")
    source = location.name if site.settings.get("SLUGIFY_SOURCE") == "basename" else said.title or location.name
    default = str(site.settings.get("DEFAULT_CATEGORY") or "misc")
    category = said.categories[0] if said.categories else location.folders[-1] if location.folders else default
    values = {
        "slug": said.slug or pelican_slug(source),
        "lang": language or "",
        "category": pelican_slug(category),
    }
    dated = dated_name(location.name)
    date = said.date or (dated.date if dated else None)

    def value(match: re.Match[str]) -> str:
        name, code = match.groups()
        if name == "date" and date:
            return date.strftime(code or "%Y-%m-%d")
        return values[name]

    try:
        return rooted(_PELICAN_FIELD.sub(value, pattern))
    except KeyError:
        return None
