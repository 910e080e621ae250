"""Addresses of systems whose rule is short: Quartz, Obsidian Publish, Astro, Pelican."""

import re

from graph.sites.places import Place
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, joined, pelican_slug, rooted
from graph.sites.site import Site

PELICAN_SETTINGS = frozenset(
    {"ARTICLE_URL", "ARTICLE_LANG_URL", "PAGE_URL", "PAGE_LANG_URL", "PAGE_PATHS", "SLUGIFY_SOURCE", "DEFAULT_CATEGORY"}
)

_PELICAN_FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")


def obsidian(site: Site, place: Place, said: Said) -> str | None:
    """The address of a note: as Quartz publishes a folder `content`, else as Obsidian Publish; none without a site."""
    if said.permalink:
        return rooted(said.permalink)
    if site.url is None:
        return None
    if place.folder == "content":
        return joined(map(_quartz_part, place.parts[:-1] if place.name == "index" else place.parts))
    return joined(part.replace(" ", "+") for part in place.parts)


def _quartz_part(part: str) -> str:
    words = re.sub(r"\s", "-", part).replace("&", "-and-").replace("%", "-percent")
    return words.replace("?", "").replace("#", "")


def astro(site: Site, place: Place, said: Said) -> str | None:
    """The address of a page, or of a document of Starlight; other collections have routes that a program makes."""
    if place.folder in ("src/pages", "src/content/docs"):
        parts = (said.slug,) if said.slug and place.folder != "src/pages" else (place.standing,)
        return directory((*((place.language,) if place.language and place.language != site.language else ()), *parts))
    pattern = site.permalinks.get(place.folders[0]) if place.folders else None
    if pattern:
        return rooted(pattern.replace(":slug", said.slug or place.standing.partition("/")[2]))
    return None


def pelican(site: Site, place: Place, said: Said) -> str | None:
    """The address of an article or a page."""
    if said.permalink:
        return rooted(said.permalink)
    paths = site.settings.get("PAGE_PATHS")
    kind = "PAGE" if place.folders and place.folders[0] in (paths or ("pages",)) else "ARTICLE"
    language = said.language or place.language
    is_default = language is None or site.language is None or language == site.language
    pattern = site.settings.get(f"{kind}_URL" if is_default else f"{kind}_LANG_URL")
    if not isinstance(pattern, str):
        pattern = ("pages/" if kind == "PAGE" else "") + ("{slug}.html" if is_default else "{slug}-{lang}.html")
    source = place.name if site.settings.get("SLUGIFY_SOURCE") == "basename" else said.title or place.name
    default = str(site.settings.get("DEFAULT_CATEGORY") or "misc")
    category = said.categories[0] if said.categories else place.folders[-1] if place.folders else default
    values = {
        "slug": said.slug or pelican_slug(source),
        "lang": language or "",
        "category": pelican_slug(category),
    }
    dated = dated_name(place.name)
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
