"""Addresses of Eleventy: https://www.11ty.dev/docs/permalinks/. Its configuration is a program; templates of permalinks are read as far as they only name things."""

import re

from graph.sites.locations import Location
from graph.sites.rules.said import Said, dated_name
from graph.sites.rules.words import directory, eleventy_slug, rooted
from graph.sites.site import Site

_EXPRESSION = re.compile(r"\{\{-?\s*+((?:(?!-?\}\})[^\s{]|[^\S\n]++(?!-?\}\}|\n))*+)\s*+-?\}\}")
_FILTERED = re.compile(
    r"(?P<name>[\w.]+)\s*(?:\|\s*(?P<filter>\w+)\s*(?:[(:]\s*[\"'](?P<format>[^\"']*)[\"']\s*\)?)?)?"
)
_TOKENS = (("yyyy", "%Y"), ("YYYY", "%Y"), ("LL", "%m"), ("MM", "%m"), ("dd", "%d"), ("DD", "%d"))
_INDEX_PAGE = re.compile(r"(?<=/)index(?:\.html)?$")


def address(site: Site, location: Location, said: Said) -> str | None:
    """The address of a template; None if its permalink is computed in a way that is not known here.

    A program that is not there may give any addresses, so that the usual ones count only beside one that was read.
    """
    pattern = said.permalink or _pattern(site, location)
    if pattern:
        return _expanded(location, said, pattern)
    if site.settings.get("laidOut"):
        return None
    is_index = location.name == "index" or (location.folders and location.folders[-1] == location.name)
    return directory(location.folders if is_index else location.parts)


def _pattern(site: Site, location: Location) -> str | None:
    """The pattern for the innermost folder that has one."""
    for count in range(len(location.folders), -1, -1):
        if found := site.permalinks.get("/".join(location.folders[:count])):
            return found
    return None


def _expanded(location: Location, said: Said, pattern: str) -> str | None:
    try:
        path = _EXPRESSION.sub(lambda match: _value(location, said, match[1]), pattern)
    except KeyError:
        return None
    return None if "{%" in path or "{{" in path else _INDEX_PAGE.sub("", rooted(path))


def _value(location: Location, said: Said, expression: str) -> str:
    found = _FILTERED.fullmatch(expression)
    if found is None:
        raise KeyError(expression)
    name = found["name"].removeprefix("page.")
    dated = dated_name(location.name)
    plain = dated.name if dated and dated.name else location.name
    date = said.date or (dated.date if dated else None)
    if name == "date" and date and found["format"]:
        pattern = found["format"]
        for token, code in () if "%" in pattern else _TOKENS:
            pattern = pattern.replace(token, code)
        return date.strftime(pattern)
    values = {
        "title": said.title,
        "slug": said.slug,
        "fileSlug": location.folders[-1] if plain == "index" and location.folders else plain,
        "filePathStem": "/".join(("", *location.folders, plain)),
    }
    text = values.get(name)
    if text is None or found["format"] is not None:
        raise KeyError(expression)
    return eleventy_slug(text) if found["filter"] in ("slug", "slugify") else text
